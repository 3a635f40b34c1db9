"""Decides what a series would have been, from its own level and from series nobody treated (causal time series)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import optimize, special

from analytics.effects import state_space
from analytics.effects.effect import Effect
from analytics.effects.refusals import CannotTell, Numbers, at_level, no_giant, numbers

LEAST_STEPS = 8


@dataclass(frozen=True, eq=False)
class Counterfactual:
    """What the series would have been, as a mixture of normals over scales and subsets of covariates.

    weights: one per component, sum 1. means, sds: one row a component; the first column is the mean over the test,
    the others its steps, in the series' unit. inclusion: probability that each covariate belongs in the model.
    """

    weights: Numbers
    means: Numbers
    sds: Numbers
    inclusion: Numbers

    def mean(self, place: int = 0) -> float:
        """Expected value: place 0 the mean over the test, k its k-th step."""
        return float(self.weights @ self.means[:, place])

    def sd(self, place: int = 0) -> float:
        """Standard deviation."""
        square = self.weights @ (self.sds[:, place] ** 2 + self.means[:, place] ** 2)
        return math.sqrt(max(float(square) - self.mean(place) ** 2, 0.0))

    def below(self, value: float, place: int = 0) -> float:
        """Probability of less than `value`."""
        return float(self.weights @ special.ndtr((value - self.means[:, place]) / self.sds[:, place]))

    def quantile(self, share: float, place: int = 0) -> float:
        """Value below which this share of the distribution lies."""
        middle, reach = self.mean(place), 40 * self.sd(place)
        found = optimize.brentq(lambda x: self.below(x, place) - share, middle - reach, middle + reach, xtol=1e-12)
        return float(found)


def causal_series(
    pre: Any,
    test: Any,
    covariates_pre: Any = None,
    covariates_test: Any = None,
    level: float = 0.9,
    level_sd: float = 0.1,
    sides: int = 2,
) -> Effect:
    """Mean effect per step of the test: observed minus a local level plus regression on series nobody treated.

    pre, test: one number per step (week by default; then level_sd 0.1; R's daily default is 0.01). covariates: one
    column each, same steps. level_sd: prior sd of a step of the level, in sd of the series before the test.
    Source: Brodersen et al. 2015 with the priors of R's CausalImpact; scales by a grid over (residual sd, level sd),
    prior × exact marginal likelihood, subsets of covariates enumerated, mixture quantiles; nothing is drawn.
    extras: observed, expected, expected_lower, expected_upper, expected_sd (mean per step), cumulative with its ends
    (sum over the test), lift with its ends (share of expected), tail_p (one-sided), steps. Raises CannotTell.
    """
    model = counterfactual(pre, test, covariates_pre, covariates_test, level_sd)
    observed = numbers(test, "the series in the test").ravel()
    if sides not in (1, 2):
        raise CannotTell(f"An interval has 1 or 2 sides, not {sides}.")
    tail, actual = (1 - at_level(level)) / sides, float(observed.mean())
    low, high = (model.quantile(share) for share in (tail, 1 - tail))
    point, ends = actual - model.mean(), (actual - high, actual - low)
    told = _told(model, actual, (low, high), len(observed))
    upper = ends[1] if sides == 2 else math.inf
    return Effect(point, min(ends[0], point), max(upper, point), level, model.sd(), math.inf, told)


def _told(model: Counterfactual, actual: float, ends: tuple[float, float], steps: int) -> dict[str, float]:
    """The figures behind the effect: expected, its sum and its share, with their ends."""
    below, (low, high) = model.below(actual), ends
    told = {
        "observed": actual, "expected": model.mean(), "expected_lower": low, "expected_upper": high,
        "expected_sd": model.sd(), "cumulative": (actual - model.mean()) * steps,
        "cumulative_lower": (actual - high) * steps, "cumulative_upper": (actual - low) * steps,
        "tail_p": min(below, 1 - below), "steps": float(steps),
    }  # fmt: skip
    if low > 0:
        told |= {"lift": actual / model.mean() - 1, "lift_lower": actual / high - 1, "lift_upper": actual / low - 1}
    return told


def pointwise(model: Counterfactual, test: Any, level: float = 0.9) -> pd.DataFrame:
    """The picture in the test: observed, expected, expected_lower, expected_upper, effect, effect_lower, effect_upper;
    one row per step, in the series' unit."""
    observed = numbers(test, "the series in the test").ravel()
    tail, places = (1 - at_level(level)) / 2, range(1, len(observed) + 1)
    expected = np.array([model.mean(place) for place in places])
    low, high = (np.array([model.quantile(share, place) for place in places]) for share in (tail, 1 - tail))
    table = {"observed": observed, "expected": expected, "expected_lower": low, "expected_upper": high}
    table |= {"effect": observed - expected, "effect_lower": observed - high, "effect_upper": observed - low}
    return pd.DataFrame(table)


def counterfactual(
    pre: Any, test: Any, covariates_pre: Any = None, covariates_test: Any = None, level_sd: float = 0.1
) -> Counterfactual:
    """The distribution of the series in the test had nothing been done; arguments as in `causal_series`."""
    y = numbers(pre, "the series before the test").ravel()
    steps = len(numbers(test, "the series in the test").ravel())
    if len(y) < LEAST_STEPS:
        raise CannotTell(f"Too few steps before the test: {len(y)}, where at least {LEAST_STEPS} are needed.")
    no_giant(y, "the series before the test")
    no_giant(numbers(test, "the series in the test"), "the series in the test")
    middle, scale = float(y.mean()), float(y.std(ddof=1))
    if scale <= 1e-12 * abs(middle) or scale == 0:
        raise CannotTell("The series is the same at every step before the test, so nothing shows how it moves.")
    if not 0 < level_sd < 1:
        raise CannotTell("The prior step of the level must lie between 0 and 1 standard deviation of the series.")
    x, x_test = _covariates(covariates_pre, covariates_test, len(y), steps)
    found = state_space.mixture((y - middle) / scale, x, x_test, level_sd)
    return Counterfactual(found.weights, middle + scale * found.means, scale * found.sds, found.inclusion)


def _covariates(pre: Any, test: Any, steps: int, test_steps: int) -> tuple[Numbers, Numbers]:
    """Intercept and covariates in standard deviations before the test; no columns at all without covariates."""
    if (pre is None) != (test is None):
        raise CannotTell("The series to compare with must cover both the time before the test and the test.")
    if pre is None or np.size(pre) == 0:
        return np.zeros((steps, 0)), np.zeros((test_steps, 0))
    before, inside = (numbers(values, "a series to compare with") for values in (pre, test))
    before, inside = before.reshape(len(before), -1), inside.reshape(len(inside), -1)
    if before.shape[0] != steps or inside.shape != (test_steps, before.shape[1]):
        raise CannotTell("The series to compare with must have the same steps as the series itself: fill missing ones.")
    if before.shape[1] > state_space.MOST_COVARIATES:
        raise CannotTell(f"At most {state_space.MOST_COVARIATES} series can be compared with: choose the closest ones.")
    middle, scale = before.mean(axis=0), before.std(axis=0, ddof=1)
    if (scale <= 1e-12 * np.abs(middle)).any():
        raise CannotTell("A series to compare with never moves before the test: leave it out.")
    standard = [np.column_stack([np.ones(len(v)), (v - middle) / scale]) for v in (before, inside)]
    return standard[0], standard[1]
