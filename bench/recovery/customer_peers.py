"""Decides what the plainest form of each customer formula says: peers to compare with, never what the product shows."""

from __future__ import annotations

from functools import partial

import numpy as np
from scipy import stats

from bench.recovery.score import LEVEL, NAN, Interval, Method
from data.simulation.designs.customers import Customers

DRAWS = 299
PERCENTILE = 99


def _point(value: float) -> Interval:
    """A formula without an interval."""
    return float(value), NAN, NAN


def attributed(world: Customers, treated_only: bool = False) -> float:
    """Revenue under an influencer's code ÷ spend."""
    kept = world.has_code & (world.is_treated[world.order_customer] | (not treated_only))
    return float(world.order_value[kept].sum() / world.spend)


def _lift(world: Customers) -> float:
    treated, control = _arms(world)
    return float(treated.mean() / control.mean() - 1)


def _row_lift(world: Customers) -> float:
    """Mean order value of the treated over that of control, minus 1."""
    arm = world.is_treated[world.order_customer]
    return float(world.order_value[arm].mean() / world.order_value[~arm].mean() - 1)


def _test_revenue(world: Customers) -> float:
    return float(world.revenue[world.is_treated].sum() / world.spend)


def _subtracted(world: Customers) -> float:
    """Revenue with a code less revenue without."""
    return attributed(world) - float(world.order_value[~world.has_code].sum() / world.spend)


def _from_pre(world: Customers) -> float:
    """Revenue of the treated less what they brought in the pre-period."""
    return _test_revenue(world) - float(world.pre_revenue[world.is_treated].sum() / world.spend)


SEEDS: dict[str, Method] = {
    "000 test_revenue × (1 + lift), order rows": lambda w: _point(_test_revenue(w) * (1 + _row_lift(w))),
    "same, lift per customer": lambda w: _point(_test_revenue(w) * (1 + _lift(w))),
    "same, attributed revenue only": lambda w: _point(attributed(w, treated_only=True) * (1 + _lift(w))),
    "20 % organic off attributed": lambda w: _point(0.8 * attributed(w)),
    "attributed ROAS": lambda w: _point(attributed(w)),
    "002 (influencer − organic) ÷ spend": lambda w: _point(_subtracted(w)),
    "002 with pre-period": lambda w: _point(_from_pre(w)),
}


def _arms(world: Customers) -> tuple[np.ndarray, np.ndarray]:
    return world.revenue[world.is_treated], world.revenue[~world.is_treated]


def _difference(treated: np.ndarray, control: np.ndarray, spend: float, pooled: bool) -> Interval:
    """Customers × difference of means ÷ spend by scipy's t test."""
    scale = len(treated) / spend
    bounds = stats.ttest_ind(treated, control, equal_var=pooled).confidence_interval(LEVEL)
    point = scale * (treated.mean() - control.mean())
    return float(point), float(scale * bounds.low), float(scale * bounds.high)


def welch(world: Customers, pooled: bool = False) -> Interval:
    """Difference of means, Welch's (or the pooled) interval."""
    return _difference(*_arms(world), world.spend, pooled)


def cuped(world: Customers) -> Interval:
    """Difference of means after taking off theta × pre-period revenue, theta over all customers."""
    x, y = world.pre_revenue, world.revenue
    centred = x - x.mean()
    adjusted = y - float(centred @ (y - y.mean()) / (centred @ centred)) * centred
    return _difference(adjusted[world.is_treated], adjusted[~world.is_treated], world.spend, pooled=False)


def winsorised(world: Customers) -> Interval:
    """Revenue cut at the 99th percentile of buyers, then Welch."""
    top = np.percentile(world.revenue[world.revenue > 0], PERCENTILE)
    treated, control = (np.minimum(arm, top) for arm in _arms(world))
    return _difference(treated, control, world.spend, pooled=False)


def bootstrap(world: Customers) -> Interval:
    """Percentile bootstrap of the difference of means, customers drawn anew within each arm."""
    rng = np.random.default_rng(int(world.order_value[0] * 100))
    treated, control = (_drawn_means(rng, arm) for arm in _arms(world))
    scale = int(world.is_treated.sum()) / world.spend
    low, high = np.quantile(scale * (treated - control), [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return welch(world)[0], float(low), float(high)


def _drawn_means(rng: np.random.Generator, arm: np.ndarray) -> np.ndarray:
    """Means of samples drawn with replacement; customers without orders add nothing, so only their number is drawn."""
    buyers = arm[arm > 0]
    counts = rng.binomial(len(arm), len(buyers) / len(arm), DRAWS)
    drawn = buyers[rng.integers(0, len(buyers), int(counts.sum()))]
    ends = np.cumsum(counts)
    running = np.concatenate([[0.0], np.cumsum(drawn)])
    return np.asarray((running[ends] - running[ends - counts]) / len(arm))


HOLDOUT: dict[str, Method] = {
    "Welch": welch,
    "pooled t": partial(welch, pooled=True),
    "CUPED": cuped,
    "percentile bootstrap": bootstrap,
    "winsorised p99 of buyers": winsorised,
}
