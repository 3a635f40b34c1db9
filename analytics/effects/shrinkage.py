"""Decides how much of a group's result to believe when there are many: shrunken values, ranks and picks."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import stats

from analytics.effects.effect import Effect
from analytics.effects.refusals import CannotTell, Numbers, at_level, numbers

SEED = 20261121
DRAWS = 4000
GRID = 400
FEWEST = 3


@dataclass(frozen=True)
class Pooled:
    """What the groups have in common. mean, se: their random-effects mean. tau2: variance of true values between
    groups (DerSimonian & Laird 1986). q, q_p: Cochran's test that they are all equal. i2: share of the scatter between
    the estimates that is real. prediction: interval of a new group's true value (t, k − 2; Higgins et al. 2009)."""

    mean: float
    se: float
    lower: float
    upper: float
    level: float
    tau2: float
    q: float
    q_p: float
    i2: float
    prediction: tuple[float, float]


@dataclass(frozen=True)
class Shrunk:
    """Groups' values drawn towards their mean, in the order given. points, lower, upper, sds: in the unit of the
    estimates; kept: share of each group's own result that is believed (0 to 1)."""

    points: Numbers
    lower: Numbers
    upper: Numbers
    sds: Numbers
    kept: Numbers
    level: float
    pooled: Pooled


@dataclass(frozen=True)
class Ranks:
    """Where each group may stand, 1 the best: the middle and both ends of its rank, and its chance of being first."""

    middle: npt.NDArray[np.int64]
    first: npt.NDArray[np.int64]
    last: npt.NDArray[np.int64]
    chance_best: Numbers
    level: float


@dataclass(frozen=True)
class Picks:
    """The groups worth picking, best first. expected: Effect of their mean value. promised: what their raw estimates
    say. share_of_ideal: expected ÷ what the truly best would bring (0 when that is not above zero)."""

    chosen: tuple[int, ...]
    expected: Effect
    promised: float
    share_of_ideal: float


def pool(estimates: Any, ses: Any, level: float = 0.9) -> Pooled:
    """Random-effects mean: weights 1/(se² + τ²), τ² = max(0, (Q − (k − 1)) ÷ (Σw − Σw²/Σw)), w = 1/se²."""
    y, v = _given(estimates, ses)
    k, w = len(y), 1 / v
    q = float((w * (y - (w * y).sum() / w.sum()) ** 2).sum())
    tau2 = max(0.0, (q - (k - 1)) / float(w.sum() - (w**2).sum() / w.sum()))
    whole = 1 / (v + tau2)
    mean, se = float((whole * y).sum() / whole.sum()), float(whole.sum() ** -0.5)
    reach = float(stats.norm.isf((1 - at_level(level)) / 2))
    far = float(stats.t.isf((1 - level) / 2, k - 2)) * math.sqrt(tau2 + se**2)
    i2 = max(0.0, (q - (k - 1)) / q) if q > 0 else 0.0
    return Pooled(
        mean, se, mean - reach * se, mean + reach * se, level, tau2, q, float(stats.chi2.sf(q, k - 1)), i2,
        (mean - far, mean + far),
    )  # fmt: skip


def shrink(estimates: Any, ses: Any, level: float = 0.9) -> Shrunk:
    """Empirical Bayes: point = kept × own + (1 − kept) × mean, kept = τ² ÷ (τ² + se²), τ² by DerSimonian–Laird.

    The interval adds what the naive one leaves out: that the mean is estimated (B²·Var mean) and that τ² is. Variance
    and squared shift of the point are averaged over τ by its marginal likelihood, flat in τ (Morris 1983; Gelman et
    al. 2013, 5.4). estimates, ses: one a group, at least 3; CannotTell when an error is not above zero.
    """
    y, v = _given(estimates, ses)
    found = pool(y, np.sqrt(v), level)
    kept = found.tau2 / (found.tau2 + v)
    points = kept * y + (1 - kept) * found.mean
    taus, weights = _taus(y, v)
    means, mean_variances = _means(y, v, taus)
    own = taus[:, None] ** 2 / (taus[:, None] ** 2 + v)
    centres = own * y + (1 - own) * means[:, None]
    variances = own * v + (1 - own) ** 2 * mean_variances[:, None]
    sds = np.sqrt(weights @ (variances + (centres - points) ** 2))
    reach = float(stats.norm.isf((1 - at_level(level)) / 2)) * sds
    return Shrunk(points, points - reach, points + reach, sds, kept, level, found)


def true_values(estimates: Any, ses: Any, draws: int = DRAWS, seed: int = SEED) -> Numbers:
    """Draws × groups of what the true values may be, given all estimates: τ, then the mean, then each group."""
    y, v = _given(estimates, ses)
    rng = np.random.default_rng(seed)
    taus, weights = _taus(y, v)
    picked = rng.choice(len(taus), size=draws, p=weights)
    means, variances = _means(y, v, taus)
    centre = rng.normal(means[picked], np.sqrt(variances[picked]))[:, None]
    own = (taus[:, None] ** 2 / (taus[:, None] ** 2 + v))[picked]
    drawn: Numbers = own * y + (1 - own) * centre + np.sqrt(own * v) * rng.standard_normal((draws, len(y)))
    return drawn


def ranks(estimates: Any, ses: Any, level: float = 0.9, draws: int = DRAWS, seed: int = SEED) -> Ranks:
    """Rank intervals by seeded simulation of the true values (Goldstein & Spiegelhalter 1996); 1: highest value."""
    drawn = true_values(estimates, ses, draws, seed)
    places = (-drawn).argsort(axis=1).argsort(axis=1) + 1
    edges = [(1 - at_level(level)) / 2, 0.5, (1 + level) / 2]
    first, middle, last = np.quantile(places, edges, axis=0, method="inverted_cdf").astype(np.int64)
    return Ranks(middle, first, last, np.asarray((places == 1).mean(axis=0), dtype=float), level)


def chance_beats(estimates: Any, ses: Any, a: int, b: int, draws: int = DRAWS, seed: int = SEED) -> float:
    """Probability that group a's true value lies above group b's, given all estimates; one half against itself."""
    drawn = true_values(estimates, ses, draws, seed)
    if not (0 <= a < drawn.shape[1] and 0 <= b < drawn.shape[1]):
        raise CannotTell("There is no such group to compare: choose two of those listed.")
    above, level = (drawn[:, a] > drawn[:, b]).mean(), (drawn[:, a] == drawn[:, b]).mean()
    return float(above + level / 2)


def picks(estimates: Any, ses: Any, count: int, level: float = 0.9, draws: int = DRAWS, seed: int = SEED) -> Picks:
    """The `count` groups with the highest shrunken values, and what they may be expected to bring on average."""
    shrunk = shrink(estimates, ses, level)
    if not 1 <= count <= len(shrunk.points):
        raise CannotTell(f"{count} of {len(shrunk.points)} groups can't be picked: choose from 1 to all of them.")
    chosen = np.argsort(-shrunk.points, kind="stable")[:count]
    drawn = true_values(estimates, ses, draws, seed)
    own, best = drawn[:, chosen].mean(axis=1), np.sort(drawn, axis=1)[:, -count:].mean(axis=1)
    low, high = np.quantile(own, [(1 - level) / 2, (1 + level) / 2])
    point = float(own.mean())
    expected = Effect(point, min(float(low), point), max(float(high), point), level, float(own.std()), math.inf)
    ideal = float(best.mean())
    promised = float(numbers(estimates, "the estimates").ravel()[chosen].mean())
    return Picks(tuple(int(place) for place in chosen), expected, promised, point / ideal if ideal > 0 else 0.0)


def _given(estimates: Any, ses: Any) -> tuple[Numbers, Numbers]:
    y, s = numbers(estimates, "the estimates").ravel(), numbers(ses, "the standard errors").ravel()
    if len(y) != len(s):
        raise CannotTell("Each group needs an estimate and a standard error.")
    if len(y) < FEWEST:
        raise CannotTell(f"{len(y)} groups are too few to tell luck from difference: at least {FEWEST} are needed.")
    if (s <= 0).any():
        raise CannotTell("A group has no standard error above zero, so nothing says how much of it is luck.")
    if max(float(np.abs(y).max()), float(s.max())) > 1e100 or float(s.min()) < 1e-100:
        raise CannotTell("The values are too large or too small to reckon with: check their unit.")
    return y, s**2


def _means(y: Numbers, v: Numbers, taus: Numbers) -> tuple[Numbers, Numbers]:
    """Groups' mean and its variance at each τ."""
    w = 1 / (v + taus[:, None] ** 2)
    return (w * y).sum(axis=1) / w.sum(axis=1), 1 / w.sum(axis=1)


def _taus(y: Numbers, v: Numbers) -> tuple[Numbers, Numbers]:
    """A grid of τ from 0 up and each one's share of the likelihood, the mean integrated out."""
    scale = max(float(y.std()), float(np.sqrt(np.median(v))) / 4)
    # Even steps in an angle: fine near 0, and far enough out for the slow tail that few groups leave.
    angle = (np.arange(GRID) + 0.5) / GRID * math.atan(20.0)
    taus = scale * np.tan(angle)
    means, variances = _means(y, v, taus)
    whole = v + taus[:, None] ** 2
    log_share = 0.5 * np.log(variances) - 0.5 * (np.log(whole) + (y - means[:, None]) ** 2 / whole).sum(axis=1)
    share = np.exp(log_share - log_share.max()) * (1 + np.tan(angle) ** 2)
    return taus, share / share.sum()
