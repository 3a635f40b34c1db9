"""Decides what the plainest form of each geo formula says: peers to compare with, never what the product shows."""

from __future__ import annotations

from functools import partial

import numpy as np
from scipy import stats

from bench.recovery.score import LEVEL, Interval, Method
from data.simulation.designs.geos import COOLDOWN, PRE, TEST, Geos

DEALS = 799
GRID = np.linspace(-8.0, 8.0, 641)


def _around(point: float, se: float, df: float) -> Interval:
    half = float(stats.t.ppf((1 + LEVEL) / 2, df)) * se
    return float(point), float(point - half), float(point + half)


def _welch(treated: np.ndarray, control: np.ndarray, scale: float, pooled: bool = False) -> Interval:
    bounds = stats.ttest_ind(treated, control, equal_var=pooled).confidence_interval(LEVEL)
    return float(scale * (treated.mean() - control.mean())), float(scale * bounds.low), float(scale * bounds.high)


def _days(world: Geos) -> tuple[np.ndarray, np.ndarray]:
    """Which days are pre-period, and which are analysed."""
    return world.period == PRE, world.period != PRE


def pre_post(world: Geos) -> Interval:
    """Days of the treated, after against before."""
    pre, late = _days(world)
    total = world.revenue[world.is_treated].sum(axis=0)
    return _welch(total[late], total[pre], late.sum() / world.cost.sum())


def no_pre(world: Geos) -> Interval:
    """Geos' totals, treated against control."""
    total = world.total(TEST, COOLDOWN)
    return _welch(total[world.is_treated], total[~world.is_treated], world.is_treated.sum() / world.cost.sum())


def rows(world: Geos) -> Interval:
    """The same with each geo's day as if it were a unit, pooled t."""
    late = world.revenue[:, world.period != PRE]
    scale = late[world.is_treated].size / world.cost.sum()
    return _welch(late[world.is_treated].ravel(), late[~world.is_treated].ravel(), scale, pooled=True)


def _change(world: Geos) -> np.ndarray:
    """Each geo's mean day, after less before."""
    pre, late = _days(world)
    return np.asarray(world.revenue[:, late].mean(axis=1) - world.revenue[:, pre].mean(axis=1))


def did(world: Geos) -> Interval:
    """Difference in differences of levels, geos as units."""
    change = _change(world)
    scale = world.is_treated.sum() * (world.period != PRE).sum() / world.cost.sum()
    return _welch(change[world.is_treated], change[~world.is_treated], float(scale))


def did_rows(world: Geos) -> Interval:
    """The same with geo and day effects by least squares, each geo's day as if independent."""
    revenue, late = world.revenue, world.period != PRE
    exposed = np.outer(world.is_treated, late).astype(float)
    y, x = (_twice_centred(each) for each in (revenue, exposed))
    slope = float((x * y).sum() / (x * x).sum())
    df = revenue.size - sum(revenue.shape)
    se = np.sqrt(((y - slope * x) ** 2).sum() / df / (x * x).sum())
    scale = world.is_treated.sum() * late.sum() / world.cost.sum()
    return _around(scale * slope, scale * se, df)


def _twice_centred(panel: np.ndarray) -> np.ndarray:
    return np.asarray(panel - panel.mean(axis=0) - panel.mean(axis=1, keepdims=True) + panel.mean())


def gbr(world: Geos, power: int = 2, robust: bool = False) -> Interval:
    """Weighted least squares of revenue on 1, pre-period revenue and spend; weights 1 ÷ pre^power; HC3 when robust."""
    pre, y = world.total(PRE), world.total(TEST, COOLDOWN)
    root = pre ** (-power / 2)
    x = np.column_stack([np.ones_like(pre), pre, world.cost]) * root[:, None]
    inverse = np.linalg.inv(x.T @ x)
    beta = inverse @ x.T @ (y * root)
    rest = y * root - x @ beta
    df = len(y) - 3
    variance = inverse * float(rest @ rest) / df
    if robust:
        lever = np.einsum("ij,jk,ik->i", x, inverse, x)
        variance = inverse @ (x.T * (rest / (1 - lever)) ** 2) @ x @ inverse
    return _around(beta[2], float(np.sqrt(variance[2, 2])), df)


def _growth(world: Geos) -> tuple[np.ndarray, np.ndarray]:
    """Each geo's revenue, and its spend, over what its pre-period would give in as many days."""
    pre, late = _days(world)
    level = world.total(PRE) * late.sum() / pre.sum()
    return world.total(TEST, COOLDOWN) / level, world.cost / level


def growth(world: Geos) -> Interval:
    """Difference of mean growth, Welch over geos, turned into money at the treated geos' level."""
    grown, spent = _growth(world)
    return _welch(grown[world.is_treated], grown[~world.is_treated], 1 / float(spent[world.is_treated].mean()))


def randomisation(world: Geos) -> Interval:
    """iROAS values that random assignments cannot tell from the one seen; growth, equal-tailed."""
    grown, spent = _growth(world)
    n, treated = len(grown), world.is_treated
    rng = np.random.default_rng(int(grown[0] * 1e9))
    arms = rng.permuted(np.tile(treated, (DEALS, 1)), axis=1)
    weight = np.where(np.vstack([treated, arms]), 1 / treated.sum(), -1 / (n - treated.sum()))
    a, b = weight @ grown, weight @ spent
    point = a[0] / b[0]
    out = np.abs(a[1:] - GRID[:, None] * b[1:]) >= np.abs(a[0] - GRID[:, None] * b[0])
    kept = GRID[(1 + out.sum(axis=1)) / (DEALS + 1) > 1 - LEVEL]
    ends = (kept.min(), kept.max()) if len(kept) else (point, point)
    return float(point), float(min(ends[0], point)), float(max(ends[1], point))


def _persistence(rest: np.ndarray) -> float:
    """Correlation from day to day, with what a short series hides of it added back (Marriott & Pope 1954)."""
    seen = float(rest[1:] @ rest[:-1] / (rest @ rest))
    return min(seen + (1 + 4 * seen) / len(rest), 0.99)


def tbr(world: Geos, cooldown: bool = True, autoregressive: bool = False) -> Interval:
    """Treated total on control total by least squares before; the sum of what it leaves after (Kerman et al. 2017)."""
    pre = world.period == PRE
    late = ~pre if cooldown else world.period == TEST
    y, x = (world.revenue[arm].sum(axis=0) for arm in (world.is_treated, ~world.is_treated))
    before = np.column_stack([np.ones(pre.sum()), x[pre]])
    inverse = np.linalg.inv(before.T @ before)
    beta = inverse @ before.T @ y[pre]
    rest = y[pre] - before @ beta
    after = np.column_stack([np.ones(late.sum()), x[late]])
    left, weight = float((y[late] - after @ beta).sum()), after.sum(axis=0)
    df = int(pre.sum()) - 2
    share = _persistence(rest) if autoregressive else 0.0
    # error of the sum after, less the fitted line's: weights over all days, days correlated by share^gap
    pull = np.concatenate([-(weight @ inverse @ before.T), np.ones(late.sum())])
    gap = np.abs(np.subtract.outer(np.arange(len(pull)), np.arange(len(pull))))
    correlated = share**gap if autoregressive else (gap == 0)
    se = float(np.sqrt(pull @ correlated @ pull * (rest @ rest) / df))
    cost = float(world.cost.sum())
    return _around(left / cost, se / cost, df)


METHODS: dict[str, Method] = {
    "pre/post, test geos": pre_post,
    "test − control, no pre, Welch geos": no_pre,
    "pooled t on geo-day rows": rows,
    "DiD levels, geo-day rows": did_rows,
    "DiD levels, Welch geos": did,
    "GBR 1/pre²": gbr,
    "GBR, HC3": partial(gbr, robust=True),
    "GBR 1/pre": partial(gbr, power=1),
    "growth DiD, Welch": growth,
    "randomisation inference": randomisation,
    "TBR as published": tbr,
    "TBR, AR(1) error": partial(tbr, autoregressive=True),
    "TBR without cool-down": partial(tbr, cooldown=False),
}
