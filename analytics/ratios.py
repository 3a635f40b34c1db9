"""Decides how sure a ratio of sums is, whether two of them differ, and which of many differences may be believed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

Numbers = npt.NDArray[np.float64]
POWER = 0.8
NAN = float("nan")


@dataclass(frozen=True)
class Interval:
    """A number with its interval at `level`.

    All NaN: it cannot be computed, `reason` says why. Infinite ends: the denominator is too uncertain to bound it
    (Fieller's set is unbounded); the estimate is still a number, and `is_bounded` is False.
    """

    estimate: float
    lower: float
    upper: float
    level: float
    reason: str = ""

    @property
    def is_bounded(self) -> bool:
        """Whether both ends are numbers."""
        return math.isfinite(self.lower) and math.isfinite(self.upper)


@dataclass(frozen=True)
class Comparison:
    """Ratio of sums a minus ratio of sums b.

    difference, lower, upper, se in the unit of the ratio; p: two-sided, of no difference; mde: smallest difference
    seen with 80 % power at this level; n_a, n_b: clusters. NaN all along with a `reason` when it cannot be computed.
    """

    difference: float
    lower: float
    upper: float
    se: float
    p: float
    mde: float
    level: float
    n_a: int
    n_b: int
    ratio_a: float = NAN
    ratio_b: float = NAN
    reason: str = ""

    @property
    def is_known(self) -> bool:
        """Whether there is a difference to speak of."""
        return math.isfinite(self.p)


def _clean(values: Sequence[float] | Numbers) -> Numbers:
    """Amounts of the clusters; one without a record brought or cost nothing."""
    amounts: Numbers = np.nan_to_num(np.asarray(values, dtype=float), nan=0.0)
    return amounts


def linearised(over: Sequence[float] | Numbers, under: Sequence[float] | Numbers) -> tuple[float, float]:
    """Σ over ÷ Σ under and its linearised standard error, one pair a cluster (Davison & Hinkley 1997, 2.7.2)."""
    x, u = _clean(over), _clean(under)
    point = float(x.sum() / u.sum())
    parts = (x - point * u) / u.sum()
    n = len(x)
    return point, float(np.sqrt(n / (n - 1) * np.sum(parts**2)))


def fieller(a: float, b: float, variances: tuple[float, float, float], t: float) -> tuple[float, float]:
    """Ends of the set of r with |a − r·b| ≤ t·se(a − r·b); ±infinity when it is unbounded (Fieller 1954).

    variances: of a, of b, covariance. An unbounded set may leave out a stretch; it is given as the whole line.
    """
    va, vb, cab = variances
    square = b * b - t * t * vb
    if square <= 0:
        return -math.inf, math.inf
    middle = a * b - t * t * cab
    root = math.sqrt(max(middle**2 - square * (a * a - t * t * va), 0.0))
    return (middle - root) / square, (middle + root) / square


def ratio(over: Sequence[float] | Numbers, under: Sequence[float] | Numbers, level: float) -> Interval:
    """Σ over ÷ Σ under with Fieller's interval over the clusters (one pair each; a missing amount counts as 0)."""
    x, u = _clean(over), _clean(under)
    if u.sum() <= 0:
        return Interval(NAN, NAN, NAN, level, "nothing to divide by")
    if len(x) < 2:
        return Interval(NAN, NAN, NAN, level, "fewer than two to tell the scatter from")
    point = float(x.sum() / u.sum())
    covariance = np.cov(x, u) / len(x)
    t = float(stats.t.ppf((1 + level) / 2, len(x) - 1))
    spread = (float(covariance[0, 0]), float(covariance[1, 1]), float(covariance[0, 1]))
    lower, upper = fieller(float(x.mean()), float(u.mean()), spread, t)
    return Interval(point, min(lower, point), max(upper, point), level)


def ratio_of_means(
    over: Sequence[float] | Numbers, under: Sequence[float] | Numbers, level: float, pooled: bool = False
) -> Interval:
    """Mean of one sample ÷ mean of another, independent one, with Fieller's interval (Hauschke et al. 1999).

    pooled: equal variances and n + m − 2 degrees of freedom; else each its own and Welch–Satterthwaite's.
    """
    x, y = np.asarray(over, dtype=float), np.asarray(under, dtype=float)
    if min(len(x), len(y)) < 2:
        return Interval(NAN, NAN, NAN, level, "fewer than two to tell the scatter from")
    if y.mean() <= 0:
        return Interval(NAN, NAN, NAN, level, "nothing to divide by")
    vx, vy, df = _variances(x, y, pooled)
    point = float(x.mean() / y.mean())
    t = float(stats.t.ppf((1 + level) / 2, df))
    lower, upper = fieller(float(x.mean()), float(y.mean()), (vx, vy, 0.0), t)
    return Interval(point, min(lower, point), max(upper, point), level)


def _variances(x: Numbers, y: Numbers, pooled: bool) -> tuple[float, float, float]:
    """Variances of the two means, and degrees of freedom."""
    n, m = len(x), len(y)
    if pooled:
        both = ((n - 1) * x.var(ddof=1) + (m - 1) * y.var(ddof=1)) / (n + m - 2)
        return float(both / n), float(both / m), float(n + m - 2)
    vx, vy = float(x.var(ddof=1) / n), float(y.var(ddof=1) / m)
    return vx, vy, satterthwaite(vx, n, vy, m)


def satterthwaite(va: float, n: int, vb: float, m: int) -> float:
    """Welch's degrees of freedom for the difference of two means with variances va, vb; n + m − 2 without scatter."""
    parts = va**2 / (n - 1) + vb**2 / (m - 1)
    return (va + vb) ** 2 / parts if parts > 0 else float(n + m - 2)


def compare(
    a_over: Sequence[float] | Numbers,
    a_under: Sequence[float] | Numbers,
    b_over: Sequence[float] | Numbers,
    b_under: Sequence[float] | Numbers,
    level: float,
) -> Comparison:
    """Σa ÷ Σa minus Σb ÷ Σb over separate clusters: jackknife-weighted linearised errors, Welch's degrees of freedom.

    Each cluster's residual is divided by 1 − its share of the denominator, as leaving it out would do; the plain
    linearised error covers 75–88 % where 90 % is promised (statistics.md, part 4).
    """
    sides = [(_clean(a_over), _clean(a_under)), (_clean(b_over), _clean(b_under))]
    sizes = (len(sides[0][0]), len(sides[1][0]))
    reason = _why_not(sides)
    if reason:
        return Comparison(NAN, NAN, NAN, NAN, NAN, NAN, level, *sizes, reason=reason)
    (point_a, parts_a), (point_b, parts_b) = (_parts(x, u) for x, u in sides)
    va, vb = _spread(parts_a), _spread(parts_b)
    return _compared((point_a, point_b), math.sqrt(va + vb), satterthwaite(va, sizes[0], vb, sizes[1]), level, sizes)


def compare_shared(
    a_over: Sequence[float] | Numbers,
    a_under: Sequence[float] | Numbers,
    b_over: Sequence[float] | Numbers,
    b_under: Sequence[float] | Numbers,
    level: float,
) -> Comparison:
    """As `compare`, where row i of all four is the same cluster (an influencer who sells both products)."""
    sides = [(_clean(a_over), _clean(a_under)), (_clean(b_over), _clean(b_under))]
    sizes = (int((sides[0][1] > 0).sum()), int((sides[1][1] > 0).sum()))
    reason = _why_not(sides)
    if reason:
        return Comparison(NAN, NAN, NAN, NAN, NAN, NAN, level, *sizes, reason=reason)
    (point_a, parts_a), (point_b, parts_b) = (_parts(x, u) for x, u in sides)
    return _compared((point_a, point_b), math.sqrt(_spread(parts_a - parts_b)), min(sizes) - 1, level, sizes)


def _why_not(sides: list[tuple[Numbers, Numbers]]) -> str:
    if any(u.sum() <= 0 or (u > 0).sum() < 2 for _, u in sides):
        return "fewer than two with something to divide by"
    return ""


def _parts(x: Numbers, u: Numbers) -> tuple[float, Numbers]:
    """The ratio, and each cluster's leave-one-out residual as a share of the denominator."""
    total = u.sum()
    point = float(x.sum() / total)
    return point, (x - point * u) / total / np.maximum(1 - u / total, 1e-9)


def _spread(parts: Numbers) -> float:
    n = len(parts)
    return float((n - 1) / n * np.sum((parts - parts.mean()) ** 2))


def _compared(points: tuple[float, float], se: float, df: float, level: float, sizes: tuple[int, int]) -> Comparison:
    difference = points[0] - points[1]
    if not math.isfinite(se) or se <= 0 or df < 1:
        return Comparison(NAN, NAN, NAN, NAN, NAN, NAN, level, *sizes, *points, reason="no scatter to judge by")
    t = float(stats.t.ppf((1 + level) / 2, df))
    p = float(2 * stats.t.sf(abs(difference) / se, df))
    return Comparison(
        difference,
        difference - t * se,
        difference + t * se,
        se,
        p,
        smallest_seen(se, df, level),
        level,
        *sizes,
        *points,
    )


def smallest_seen(se: float, df: float, level: float) -> float:
    """Smallest difference that an interval at `level` excludes 0 for with 80 % power: (t(level) + t(80 %)) × se."""
    return float((stats.t.ppf((1 + level) / 2, df) + stats.t.ppf(POWER, df)) * se)


def benjamini_hochberg(p: Sequence[float] | Numbers, q: float = 0.1) -> npt.NDArray[np.bool_]:
    """Which of these p values stand when at most a share q of those standing may be false (1995). NaN never stands,
    and is not counted as tried."""
    values = np.asarray(p, dtype=float)
    known = np.isfinite(values)
    stands = np.zeros(len(values), dtype=bool)
    if known.any():
        stands[known] = stats.false_discovery_control(values[known], method="bh") <= q
    return stands
