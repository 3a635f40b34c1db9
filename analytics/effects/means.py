"""Decides how far two arms differ: differences and ratios of means, from raw values or from sums alone."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from analytics.effects.effect import Effect
from analytics.effects.refusals import LARGEST, CannotTell, at_level, numbers
from analytics.ratios import fieller, satterthwaite

TWO_SIDED, GREATER, LESS = "two-sided", "greater", "less"
ALTERNATIVES = (TWO_SIDED, GREATER, LESS)
INTERVALS = ("fieller", "delta", "log")
ROUNDING = 1e-13


@dataclass(frozen=True)
class Sample:
    """One arm: n units, their mean and standard deviation (n − 1 in the denominator). CannotTell below two units."""

    n: int
    mean: float
    sd: float
    name: str = "an arm"

    def __post_init__(self) -> None:
        if self.n < 2:
            raise CannotTell(f"{_capital(self.name)} has {self.n} of the at least 2 units that show how they differ.")
        if not (abs(self.mean) <= LARGEST and 0 <= self.sd <= LARGEST):
            raise CannotTell(f"The values of {self.name} are too large or too odd to average: check them.")

    @property
    def variance_of_mean(self) -> float:
        """sd² ÷ n; 0 when the values differ by rounding only."""
        return 0.0 if self.sd <= ROUNDING * abs(self.mean) else self.sd * self.sd / self.n


@dataclass(frozen=True)
class Contrast(Effect):
    """What one arm is above the other: an Effect with its test.

    statistic, p: of `against` (the value put to the test) under `alternative` (that the truth differs from it, is
    greater, or less). lower is −infinity under `less`, upper infinity under `greater`; both for a Fieller set without
    ends. n_treated, n_control: units.
    """

    statistic: float = 0.0
    p: float = 1.0
    n_treated: int = 0
    n_control: int = 0
    alternative: str = TWO_SIDED
    against: float = 0.0

    def __post_init__(self) -> None:
        known = (self.point, self.se, self.statistic, self.p, *self.extras.values())
        if not all(math.isfinite(number) for number in known):
            raise CannotTell("The values are too large to reckon with: check their unit.")
        if not self.lower <= self.point <= self.upper or self.se < 0 or math.isnan(self.df):
            raise ValueError(f"the ends are out of order in {self}")

    @property
    def is_bounded(self) -> bool:
        """Whether both ends are numbers."""
        return math.isfinite(self.lower) and math.isfinite(self.upper)


def sample(values: Any, name: str = "an arm") -> Sample:
    """The arm's figures from one value a unit. CannotTell on missing or infinite values and below two units."""
    array = numbers(values, name).ravel()
    if len(array) < 2:
        raise CannotTell(f"{_capital(name)} has only one unit, so nothing shows how much units differ.")
    with np.errstate(over="ignore", invalid="ignore"):
        return Sample(len(array), float(array.mean()), float(array.std(ddof=1)), name)


def sample_of_sums(n: int, total: float, squares: float, name: str = "an arm") -> Sample:
    """The arm's figures from its count, Σ value and Σ value²: sd² = (Σx² − (Σx)²/n) / (n − 1), as a database sums."""
    if n < 2:
        raise CannotTell(f"{_capital(name)} has {n} of the at least 2 units that show how they differ.")
    if not (math.isfinite(total) and math.isfinite(squares)):
        raise CannotTell(f"The sums of {name} are not finite: check the values.")
    mean = total / n
    scatter = squares - total * mean
    # What is left of the squares must be more than the rounding of their sum.
    if scatter <= 1e-14 * abs(squares):
        scatter = 0.0
    return Sample(int(n), mean, math.sqrt(scatter / (n - 1)), name)


def difference(
    treated: Any, control: Any, level: float = 0.9, pooled: bool = False, alternative: str = TWO_SIDED,
    against: float = 0.0,
) -> Contrast:  # fmt: skip
    """mean treated − mean control with Student's interval, in the unit of the values.

    treated, control: one value a unit, or a Sample. Welch (1947), df by Satterthwaite; pooled: one variance and
    n + m − 2 (Student 1908). p is of a difference of `against`. CannotTell without scatter.
    """
    one, two = as_samples(treated, control)
    va, vb, df = _spread(one, two, pooled)
    return contrast(one.mean - two.mean, math.sqrt(va + vb), df, (one.n, two.n), level, alternative, against)


def contrast(
    point: float, se: float, df: float, sizes: tuple[int, int], level: float, alternative: str = TWO_SIDED,
    against: float = 0.0, extras: Mapping[str, float] | None = None,
) -> Contrast:  # fmt: skip
    """point ± t(level, df) × se, and the test of `against`; one end only for a one-sided alternative."""
    if se <= 0 or df <= 0:
        raise CannotTell("Every unit of an arm has the same value, so nothing shows how sure the difference is.")
    reach = t_reach(level, df, alternative) * se
    lower, upper = _sided(point - reach, point + reach, alternative)
    t = (point - against) / se
    return Contrast(
        point, lower, upper, level, se, df, dict(extras or {}), t, p_of(t, df, alternative), *sizes, alternative,
        against,
    )  # fmt: skip


def ratio_of_means(
    treated: Any, control: Any, level: float = 0.9, how: str = "fieller", pooled: bool = False,
    alternative: str = TWO_SIDED, against: float = 1.0,
) -> Contrast:  # fmt: skip
    """mean treated ÷ mean control, a multiple, of two independent arms.

    how: `fieller` (Fieller 1954; Hauschke et al. 1999; df at the tested ratio, Tamhane & Logan 2004; both ends
    infinite when the control's mean is too uncertain), `delta` (r ± t·√(v_T + r²v_C)/mean C) or `log`
    (r·exp(±t·√(v_T/mean_T² + v_C/mean_C²)), df by Satterthwaite of these two; what tea-tasting prints). The statistic
    and p are Fieller's for all three but `log`, whose own are given. CannotTell unless the control's mean is positive.
    """
    one, two = as_samples(treated, control)
    if two.mean <= 0:
        raise CannotTell("The control's mean is not above zero, so there is nothing to compare with as a ratio.")
    va, vb, df = _spread(one, two, pooled, against)
    if va + vb <= 0 or df <= 0:
        raise CannotTell("Every unit of an arm has the same value, so nothing shows how sure the ratio is.")
    point = one.mean / two.mean
    se = math.sqrt(va + point**2 * vb) / two.mean
    t = (one.mean - against * two.mean) / math.sqrt(va + against**2 * vb) if va + against**2 * vb > 0 else 0.0
    if how == "fieller":
        lower, upper = fieller(one.mean, two.mean, (va, vb, 0.0), t_reach(level, df, alternative))
    else:
        own_df = df if pooled else satterthwaite(va, one.n, point**2 * vb, two.n)
        lower, upper, t, df = _approximated((point, se, t, own_df), how, level, alternative, against)
    lower, upper = _sided(min(lower, point), max(upper, point), alternative)
    p = p_of(t, df, alternative)
    return Contrast(point, lower, upper, level, se, df, {}, t, p, one.n, two.n, alternative, against)


def lift(
    treated: Any, control: Any, level: float = 0.9, how: str = "fieller", pooled: bool = False,
    alternative: str = TWO_SIDED,
) -> Contrast:  # fmt: skip
    """mean treated ÷ mean control − 1, a share; as `ratio_of_means`, tested against no lift."""
    return shifted(ratio_of_means(treated, control, level, how, pooled, alternative), -1.0)


def incremental_roas(
    treated: Any, control: Any, spend: float, level: float = 0.9, pooled: bool = False, alternative: str = TWO_SIDED
) -> Contrast:
    """n treated × (mean treated − mean control) ÷ spend, a multiple; spend: money on the treated arm, all units."""
    one, two = as_samples(treated, control)
    return scaled(difference(one, two, level, pooled, alternative), one.n / positive_spend(spend))


def positive_spend(spend: float) -> float:
    """The spend itself; CannotTell unless it is a number above 0."""
    if not math.isfinite(spend) or spend <= 0:
        raise CannotTell("There is no spend on the treated, so there is nothing to divide by.")
    return float(spend)


def scaled(effect: Contrast, factor: float) -> Contrast:
    """The effect in another unit: times a positive factor; the test stays as it is."""
    if not factor > 0 or not math.isfinite(factor):
        raise CannotTell(f"An effect can't be brought to another unit by {factor:g}.")
    return Contrast(
        effect.point * factor, effect.lower * factor, effect.upper * factor, effect.level, effect.se * factor,
        effect.df, effect.extras, effect.statistic, effect.p, effect.n_treated, effect.n_control, effect.alternative,
        effect.against * factor,
    )  # fmt: skip


def shifted(effect: Contrast, by: float) -> Contrast:
    """The effect plus a constant, its interval and tested value with it."""
    return Contrast(
        effect.point + by, effect.lower + by, effect.upper + by, effect.level, effect.se, effect.df, effect.extras,
        effect.statistic, effect.p, effect.n_treated, effect.n_control, effect.alternative, effect.against + by,
    )  # fmt: skip


def as_samples(treated: Any, control: Any) -> tuple[Sample, Sample]:
    """Both arms as Samples, whether given as values or as Samples."""
    one = treated if isinstance(treated, Sample) else sample(treated, "the treated arm")
    return one, control if isinstance(control, Sample) else sample(control, "the control arm")


def t_reach(level: float, df: float, alternative: str = TWO_SIDED) -> float:
    """Half-width in standard errors at `level`: both tails, or one for a one-sided alternative; df may be infinite."""
    if alternative not in ALTERNATIVES:
        raise CannotTell(f"“{alternative}” is no alternative: choose two-sided, greater or less.")
    share = (1 - at_level(level)) / (2 if alternative == TWO_SIDED else 1)
    # What scipy.stats.t.isf works out, without its fifty times longer look at the arguments.
    return float(-special.stdtrit(df, share))


def p_of(t: float, df: float, alternative: str = TWO_SIDED) -> float:
    """p of a t statistic; df may be infinite (normal)."""
    if alternative == TWO_SIDED:
        return float(2 * special.stdtr(df, -abs(t)))
    return float(special.stdtr(df, -t if alternative == GREATER else t))


def _spread(one: Sample, two: Sample, pooled: bool, against: float = 1.0) -> tuple[float, float, float]:
    """Variances of both means, and degrees of freedom (for a ratio: at the tested one)."""
    va, vb, free = one.variance_of_mean, two.variance_of_mean, one.n + two.n - 2
    with np.errstate(over="ignore"):
        if pooled:
            both = ((one.n - 1) * va * one.n + (two.n - 1) * vb * two.n) / free
            return both / one.n, both / two.n, float(free)
        scale = max(va, vb) or 1.0
        return va, vb, satterthwaite(va / scale, one.n, against**2 * vb / scale, two.n)


def _approximated(
    found: tuple[float, float, float, float], how: str, level: float, alternative: str, against: float
) -> tuple[float, float, float, float]:
    """Ends, statistic and df of the two intervals that linearise the ratio."""
    point, se, t, df = found
    reach = t_reach(level, df, alternative)
    if how == "delta":
        return point - reach * se, point + reach * se, t, df
    if how != "log":
        raise CannotTell(f"“{how}” is no interval of a ratio: choose fieller, delta or log.")
    if point <= 0 or against <= 0:
        raise CannotTell("The treated arm's mean is not above zero, so its ratio has no logarithm.")
    log_se = se / point
    # Past e^700 there is no such number; an end that far out is no bound.
    far = min(reach * log_se, 700.0)
    return point * math.exp(-far), point * math.exp(far), math.log(point / against) / log_se, df


def _sided(lower: float, upper: float, alternative: str) -> tuple[float, float]:
    return -math.inf if alternative == LESS else lower, math.inf if alternative == GREATER else upper


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
