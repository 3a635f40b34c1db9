"""Decides what a treated series did beyond what its control series led to expect (time-based regression, TBR)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import optimize, stats

from analytics.effects.effect import Checked, Effect, Student, student
from analytics.effects.refusals import CannotTell, Numbers, at_level, no_giant, numbers

LEAST_CORRELATION = 0.8
WATSON = (1.5, 2.5)
BRIDGE = 3.0
LEAST_STEPS = 3
NODES = 2000


@dataclass(frozen=True, eq=False)
class Fit:
    """Least squares of the treated on the control series before the test: treated = start + slope × control.

    s: residual standard deviation; n: steps; sxx: squares of the control about its mean; df: n − 2, or n − 1 where
    the control never moved and only a level could be fitted (as the source does). residuals: one per step.
    """

    start: float
    slope: float
    s: float
    n: int
    mean: float
    sxx: float
    df: int
    residuals: Numbers

    def expected(self, control: Numbers) -> Numbers:
        """What the treated would have been (money per step)."""
        return self.start + self.slope * control

    def spread(self, control: Numbers, steps: Numbers) -> Numbers:
        """Standard error of the sum over `steps` new steps whose mean control is given."""
        lever = (control - self.mean) ** 2 / self.sxx if self.sxx else np.zeros_like(control)
        spread: Numbers = self.s * np.sqrt(steps + steps**2 * (1 / self.n + lever))
        return spread


def fit(pre_control: Any, pre_treated: Any) -> Fit:
    """The regression before the test. CannotTell for fewer than three steps or series of different length."""
    x, y = _pair(pre_control, pre_treated, "before the test")
    if len(x) < LEAST_STEPS:
        raise CannotTell(f"Too few steps before the test: {len(x)}, where at least {LEAST_STEPS} are needed.")
    sxx = float(np.sum((x - x.mean()) ** 2))
    moved = sxx > 1e-20 * float(np.sum(x**2))
    slope = float((x - x.mean()) @ (y - y.mean())) / sxx if moved else 0.0
    start = float(y.mean()) - slope * float(x.mean())
    residuals = y - start - slope * x
    df = len(x) - 1 - moved
    s = math.sqrt(float(residuals @ residuals) / df)
    s = 0.0 if s <= 1e-13 * float(np.abs(y).max(initial=0.0)) else s
    return Fit(start, slope, s, len(x), float(x.mean()), sxx if moved else 0.0, df, residuals)


def cumulative(
    pre_control: Any, pre_treated: Any, test_control: Any, test_treated: Any, level: float = 0.9, sides: int = 2
) -> Student:
    """Sum over the test of treated minus expected (money), with its posterior Student's t.

    variance = s² (m + m² (1/n + (mean control in test − before)² / Sxx)), n − 2 degrees of freedom, uniform prior on
    (start, slope, log s). Source: Kerman, Wang & Vaver 2017, model tbr1 of GeoexperimentsResearch. One number per
    step (day or week); test: with the cool-down steps that belong to it.
    extras: observed, expected (money), lift and its ends (share of expected), steps. Raises CannotTell.
    """
    if np.asarray(pre_treated).size and np.ptp(numbers(pre_treated, "the treated series")) == 0:
        raise CannotTell("The treated series never moves before the test, so nothing shows its scatter.")
    fitted = fit(pre_control, pre_treated)
    x, y = _pair(test_control, test_treated, "in the test")
    m = len(x)
    point = float((y - fitted.expected(x)).sum())
    se = float(fitted.spread(np.array([x.mean()]), np.array([float(m)]))[0])
    effect = student(point, se, fitted.df, level, sides)
    total = float(y.sum())
    told = {"observed": total, "expected": total - point, "steps": float(m)}
    return Student(point, effect.lower, effect.upper, level, se, fitted.df, told | _lift(total, effect))


def iroas(revenue: Student, spend: float | Student, level: float = 0.9, sides: int = 2) -> Effect:
    """Effect on revenue ÷ incremental spend, from their posteriors.

    spend a number: known, the posterior is revenue's divided by it. spend a posterior (its own regression of treated
    on control spend, for heavy-up and go-dark tests): quantiles of the ratio of two independent Student's t, by
    quadrature where the source draws 100,000 times; the point is the median, as there. CannotTell when 99 % of the
    posterior of spend does not exclude 0. extras: incremental (money), spend.
    """
    told = {"incremental": revenue.point, "spend": spend.point if isinstance(spend, Student) else float(spend)}
    if isinstance(spend, Student):
        return _ratio(revenue, spend, at_level(level), sides, told)
    if not math.isfinite(spend) or spend == 0:
        raise CannotTell("No spend lies on the treated in the test, so there is nothing to divide by.")
    return student(revenue.point / spend, revenue.se / abs(spend), revenue.df, level, sides, told)


def spend_effect(pre_control: Any, pre_treated: Any, test_control: Any, test_treated: Any) -> float | Student:
    """Incremental spend (money): its plain sum where spend before the test and of the control fits without scatter
    (none at all, mostly), otherwise its posterior, as for revenue."""
    x, y = (numbers(values, "spend in the test").ravel() for values in (test_control, test_treated))
    before = [numbers(values, "spend before the test").ravel() for values in (pre_control, pre_treated)]
    if not any(values.any() for values in (*before, x)):
        return float(y.sum())
    fitted = fit(*before)
    if fitted.s == 0 and len(x) == len(y):
        return float((y - fitted.expected(x)).sum())
    return cumulative(pre_control, pre_treated, x, y)


def pointwise(
    pre_control: Any, pre_treated: Any, test_control: Any, test_treated: Any, level: float = 0.9
) -> pd.DataFrame:
    """The picture: one row per step, before and in the test.

    Columns: in_test (claim), observed, expected, expected_lower, expected_upper, effect, effect_lower, effect_upper,
    cumulative, cumulative_lower, cumulative_upper (money; cumulative is 0 before the test, without an interval).
    """
    fitted = fit(pre_control, pre_treated)
    before = _pair(pre_control, pre_treated, "before the test")
    inside = _pair(test_control, test_treated, "in the test")
    x, y = (np.concatenate(pair) for pair in zip(before, inside, strict=True))
    steps = np.arange(1.0, len(inside[0]) + 1)
    zero = np.zeros(len(before[0]))
    t = float(stats.t.isf((1 - at_level(level)) / 2, fitted.df))
    gap = y - fitted.expected(x)
    total = np.concatenate([zero, np.cumsum(gap[len(zero) :])])
    half = t * fitted.spread(x, np.ones(len(x)))
    wide = np.concatenate([zero, t * fitted.spread(np.cumsum(inside[0]) / steps, steps)])
    table = {"in_test": np.arange(len(x)) >= len(zero), "observed": y}
    for name, middle, reach in (("expected", y - gap, half), ("effect", gap, half), ("cumulative", total, wide)):
        table |= {name: middle, f"{name}_lower": middle - reach, f"{name}_upper": middle + reach}
    return pd.DataFrame(table)


def checks(pre_control: Any, pre_treated: Any, test_steps: int, level: float = 0.9) -> tuple[Checked, ...]:
    """The four conditions of the published method, from the time before the test (Au 2018; matched_markets).

    correlation ≥ 0.8; Durbin–Watson 1.5–2.5; cumulative standardised residuals inside 3 × the Brownian bridge's
    standard deviation √(k (1 − k/n)); A/A: the last `test_steps` steps, taken as a test, contain 0.
    """
    x, y = _pair(pre_control, pre_treated, "before the test")
    fitted = fit(x, y)
    both = float(np.std(x) * np.std(y))
    r = float(np.mean((x - x.mean()) * (y - y.mean())) / both) if both > 0 else 0.0
    return (
        Checked("correlation", r >= LEAST_CORRELATION, f"Treated and control move together by {r:.2f}; 0.8 is needed."),
        *_of_residuals(fitted),
        _placebo(x, y, test_steps, level),
    )


def _of_residuals(fitted: Fit) -> tuple[Checked, Checked]:
    if fitted.s == 0:
        said = "The series fit without scatter, so their residuals cannot be judged."
        return Checked("autocorrelation", False, said), Checked("stability", False, said)
    watson = float(np.sum(np.diff(fitted.residuals) ** 2) / np.sum(fitted.residuals**2))
    k = np.arange(1, fitted.n)
    walk = np.abs(np.cumsum(fitted.residuals / fitted.s)[:-1])
    worst = float(np.max(walk / (BRIDGE * np.sqrt(k * (1 - k / fitted.n)))))
    return (
        Checked("autocorrelation", WATSON[0] < watson < WATSON[1], f"Durbin–Watson: {watson:.2f}; needed: 1.5 to 2.5."),
        Checked("stability", worst <= 1, f"Residuals add up to {worst:.0%} of what a stable relation allows."),
    )  # fmt: skip


def _placebo(x: Numbers, y: Numbers, test_steps: int, level: float) -> Checked:
    cut = len(x) - test_steps
    if test_steps < 1 or cut < LEAST_STEPS:
        return Checked("A/A", False, "The time before the test is too short to try a test where there was none.")
    try:
        tried = cumulative(x[:cut], y[:cut], x[cut:], y[cut:], level)
    except CannotTell as reason:
        return Checked("A/A", False, str(reason))
    said = f"A test tried before the test gives {tried.lower:,.4g} to {tried.upper:,.4g}; it must contain 0."
    return Checked("A/A", tried.lower <= 0 <= tried.upper, said)


def _lift(total: float, effect: Student) -> dict[str, float]:
    """Effect ÷ expected, with its ends; nothing where what is expected may be 0."""
    ends = {"lift": effect.point, "lift_lower": effect.lower, "lift_upper": effect.upper}
    known = {name: end for name, end in ends.items() if math.isfinite(end)}
    if total - max(known.values()) <= 0:
        return {}
    return {name: end / (total - end) for name, end in known.items()}


def _ratio(over: Student, under: Student, level: float, sides: int, told: dict[str, float]) -> Effect:
    low, high = under.ends(0.99)
    if low * high <= 0:
        raise CannotTell("Incremental spend may be 0, so there is nothing sure to divide by.")
    doses = under.point + under.se * stats.t.ppf((np.arange(NODES) + 0.5) / NODES, under.df)

    def below(x: float) -> float:
        share = stats.t.cdf((x * doses - over.point) / over.se, over.df)
        return float(np.mean(np.where(doses > 0, share, 1 - share)))

    middle, reach = over.point / under.point, over.se / abs(under.point) + abs(over.point) * under.se / under.point**2
    wide = 1000 * reach
    ends = [(1 - level) / sides, 0.5, 1 - (1 - level) / sides]
    found = [float(optimize.brentq(lambda x, q=q: below(x) - q, middle - wide, middle + wide)) for q in ends]
    return Effect(found[1], found[0], found[2] if sides == 2 else math.inf, level, reach, over.df, told)


def _pair(control: Any, treated: Any, when: str) -> tuple[Numbers, Numbers]:
    x = numbers(control, f"the control series {when}").ravel()
    y = numbers(treated, f"the treated series {when}").ravel()
    if len(x) != len(y):
        raise CannotTell(f"Treated and control have {len(y)} and {len(x)} steps {when}: fill the missing ones.")
    no_giant(x, f"the control series {when}")
    no_giant(y, f"the treated series {when}")
    return x, y
