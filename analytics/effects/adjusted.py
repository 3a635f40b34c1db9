"""Decides what a pre-period tells about a test: means and ratios of means freed from what was known before."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from analytics.effects.means import TWO_SIDED, Contrast, Sample, difference, lift, positive_spend, scaled
from analytics.effects.refusals import CannotTell, Numbers, numbers

USELESS = 1e-12
# A measured amount by column number, or the ratio of two: (over, under).
Column = int | tuple[int, int]


@dataclass(frozen=True)
class Moments:
    """One arm's units over k columns: how many, their k means and their k × k covariances (n − 1)."""

    n: int
    means: Numbers
    covariances: Numbers


@dataclass(frozen=True)
class Adjusted:
    """An effect after the pre-period is taken out. treated, control: adjusted arms, means in the metric's unit.

    theta: how much of each covariate is taken out. variance_reduction: share of the variance over all units that went
    with it (0 without covariates).
    """

    effect: Contrast
    treated: Sample
    control: Sample
    theta: tuple[float, ...]
    variance_reduction: float

    def lift(self, level: float, how: str = "fieller", alternative: str = TWO_SIDED) -> Contrast:
        """The relative effect of the adjusted arms, a share."""
        return lift(self.treated, self.control, level, how, alternative=alternative)

    def incremental_roas(self, spend: float) -> Contrast:
        """n treated × adjusted difference ÷ spend on the treated, a multiple; for amounts, not for ratios."""
        return scaled(self.effect, self.treated.n / positive_spend(spend))


def moments(columns: Sequence[Any], name: str = "an arm") -> Moments:
    """Of raw columns, one value a unit each. CannotTell when they differ in length or have fewer than two units."""
    arrays = [numbers(column, name).ravel() for column in columns]
    if len({len(array) for array in arrays}) != 1:
        raise CannotTell(f"The columns of {name} differ in length: give every unit all of them.")
    rows = np.column_stack(arrays)
    if len(rows) < 2:
        raise CannotTell("An arm has only one unit, so nothing shows how much units differ.")
    with np.errstate(over="ignore", invalid="ignore"):
        covariances = np.atleast_2d(np.cov(rows, rowvar=False))
        return _finite(Moments(len(rows), rows.mean(axis=0), covariances))


def moments_of_sums(n: int, sums: Any, products: Any) -> Moments:
    """From Σx (k) and Σxy (k × k) as a database sums them; no raw rows are needed."""
    totals, squares = np.asarray(sums, dtype=float), np.asarray(products, dtype=float)
    if n < 2:
        raise CannotTell("An arm has only one unit or none, so nothing shows how much units differ.")
    means = totals / n
    left = squares - n * np.outer(means, means)
    # A difference of large sums below their rounding is no scatter.
    left[np.abs(left) <= 1e-14 * np.abs(squares)] = 0.0
    return _finite(Moments(int(n), means, left / (n - 1)))


def _finite(found: Moments) -> Moments:
    if not (np.isfinite(found.means).all() and np.isfinite(found.covariances).all()):
        raise CannotTell("The values are too large or missing, so they can't be averaged: check them.")
    return found


def adjusted(
    treated: Moments, control: Moments, metric: Column = 0, covariates: Sequence[Column] = (), level: float = 0.9,
    pooled: bool = False, alternative: str = TWO_SIDED,
) -> Adjusted:  # fmt: skip
    """Difference of a mean or a ratio of means between arms, with pre-period covariates taken out (CUPED).

    θ = Cov(X)⁻¹ Cov(X, y) over all units of both arms; adjusted mean = mean − θ'(covariate mean − its mean over all);
    variance of y − θ'X within each arm (Deng, Xu, Kohavi & Walker 2013). Ratios are linearised: (y − r·u) ÷ mean u,
    with r over all units for θ, and each arm's own for its variance (Deng, Knoblich & Lu 2018). CannotTell when a
    covariate is the same for every unit, or a denominator's mean is not above zero.
    """
    whole = combined(treated, control)
    slopes = np.column_stack([_slope(whole, column) for column in covariates]) if covariates else None
    theta, reduction = _theta(whole, _slope(whole, metric), slopes)
    centres = [_value(whole, column) for column in covariates]
    arms = [_arm(arm, metric, covariates, theta, centres) for arm in (treated, control)]
    effect = difference(arms[0], arms[1], level, pooled, alternative)
    return Adjusted(effect, arms[0], arms[1], tuple(float(part) for part in theta), reduction)


def cuped(
    values: Any, treated: Any, covariates: Sequence[Any], level: float = 0.9, under: Any = None,
    covariates_under: Any = None,
) -> Adjusted:  # fmt: skip
    """`adjusted` from raw values, one a unit. treated: true or false a unit. covariates: columns of the pre-period.

    under, covariates_under: denominators, when the metric and all its covariates are ratios (orders per session).
    """
    columns = [values, *covariates, *(part for part in (under, covariates_under) if part is not None)]
    arrays = [numbers(column, "a column").ravel() for column in columns]
    marks = numbers(treated, "the assignment").ravel() > 0
    if len({len(marks), *(len(array) for array in arrays)}) != 1:
        raise CannotTell("The columns differ in length: give every unit all of them.")
    if marks.all() or not marks.any():
        raise CannotTell(f"No unit is {'control' if marks.all() else 'treated'}: an arm is empty.")
    found = [moments([array[side] for array in arrays]) for side in (marks, ~marks)]
    places = range(1, len(covariates) + 1)
    if under is None:
        return adjusted(found[0], found[1], 0, list(places), level)
    if covariates and covariates_under is None:
        raise CannotTell("A ratio needs the denominators of its pre-period too: give them.")
    own = len(covariates) + 1
    return adjusted(found[0], found[1], (0, own), [(place, own + 1) for place in places], level)


def combined(one: Moments, two: Moments) -> Moments:
    """Both arms' units as one."""
    n = one.n + two.n
    means = (one.n * one.means + two.n * two.means) / n
    apart = one.means - two.means
    within = (one.n - 1) * one.covariances + (two.n - 1) * two.covariances
    return Moments(n, means, (within + one.n * two.n / n * np.outer(apart, apart)) / (n - 1))


def _value(arm: Moments, column: Column) -> float:
    if isinstance(column, int):
        return float(arm.means[column])
    over, under = column
    if arm.means[under] <= 0:
        raise CannotTell("The mean of a denominator is not above zero, so there is no ratio.")
    return float(arm.means[over] / arm.means[under])


def _slope(arm: Moments, column: Column) -> Numbers:
    """Gradient of the metric in the columns' means: the weights that linearise it."""
    gradient = np.zeros(len(arm.means))
    if isinstance(column, int):
        gradient[column] = 1.0
        return gradient
    over, under = column
    ratio = _value(arm, column)
    gradient[over] += 1 / arm.means[under]
    gradient[under] -= ratio / arm.means[under]
    return gradient


def _theta(whole: Moments, own: Numbers, slopes: Numbers | None) -> tuple[Numbers, float]:
    """How much of each covariate to take out, and the share of the variance it takes along."""
    variance = float(own @ whole.covariances @ own)
    if slopes is None:
        return np.zeros(0), 0.0
    among = slopes.T @ whole.covariances @ slopes
    size = (slopes != 0).T @ whole.means**2
    if (np.diag(among) <= USELESS**2 * np.maximum(size, 1e-300)).any():
        raise CannotTell("A pre-period amount is the same for every unit, so it explains nothing: leave it out.")
    scale = np.sqrt(np.diag(among))
    together = slopes.T @ whole.covariances @ own
    # Covariates on one scale: money beside counts would look like a singular matrix.
    theta = np.linalg.lstsq(among / np.outer(scale, scale), together / scale, rcond=1e-10)[0] / scale
    left = variance - 2 * float(theta @ together) + float(theta @ among @ theta)
    return theta, min(max(1 - left / variance, 0.0), 1.0) if variance > 0 else 0.0


def _arm(
    arm: Moments, metric: Column, covariates: Sequence[Column], theta: Numbers, centres: Sequence[float]
) -> Sample:
    """The arm with its covariates taken out."""
    mean, gradient = _value(arm, metric), _slope(arm, metric)
    for column, share, centre in zip(covariates, theta, centres, strict=True):
        mean -= share * (_value(arm, column) - centre)
        gradient = gradient - share * _slope(arm, column)
    return Sample(arm.n, mean, math.sqrt(max(float(gradient @ arm.covariances @ gradient), 0.0)))
