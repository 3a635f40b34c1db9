"""Decides what treated units would have done, as the mix of untreated ones that moved like them before."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import stats

from analytics.effects.effect import Effect
from analytics.effects.inversion import SEED
from analytics.effects.refusals import CannotTell, Numbers, at_level, no_giant, numbers
from analytics.effects.simplex import simplex

METHODS = ("sdid", "difp", "sc", "did")
LEAST_STEPS = 3
PLACEBOS = 200
MOST_BLOCKS = 120


@dataclass(frozen=True, eq=False)
class Mixed(Effect):
    """An effect per treated unit and step, with what it was compared to.

    donors: weight of each unit (0 for the treated, sum 1). times: weight of each step before the test (sum 1; all 0
    for plain synthetic control). expected, observed: mean of the treated units, one per step, all steps.
    """

    donors: Numbers = field(default_factory=lambda: np.zeros(0))
    times: Numbers = field(default_factory=lambda: np.zeros(0))
    expected: Numbers = field(default_factory=lambda: np.zeros(0))
    observed: Numbers = field(default_factory=lambda: np.zeros(0))


@dataclass(frozen=True, eq=False)
class Panel:
    """Outcomes, one row a unit and one column a step; which units are treated; how many steps lie before the test."""

    outcomes: Numbers
    treated: npt.NDArray[np.bool_]
    pre: int

    @property
    def target(self) -> Numbers:
        """Mean of the treated units, one per step."""
        mean: Numbers = self.outcomes[self.treated].mean(axis=0)
        return mean

    @property
    def noise(self) -> float:
        """Sd of the donors' steps before the test (Arkhangelsky et al. 2021, 4.1)."""
        return float(np.diff(self.outcomes[~self.treated, : self.pre], axis=1).std(ddof=1))


def panel(outcomes: Any, treated: Any, pre_steps: int) -> Panel:
    """Checked inputs. CannotTell for gaps, no treated or fewer than two untreated units, too few steps, no movement."""
    table = numbers(outcomes, "the panel")
    arms = np.asarray(treated, dtype=bool)
    if table.ndim != 2 or arms.shape != table.shape[:1]:
        raise CannotTell("The panel must have one row per unit and say for each whether it was treated.")
    if not arms.any() or (~arms).sum() < 2:
        lacking = "treated unit" if not arms.any() else "second untreated unit"
        raise CannotTell(f"There is no {lacking}, so there is nothing to compare.")
    if pre_steps < LEAST_STEPS or table.shape[1] <= pre_steps:
        raise CannotTell(f"At least {LEAST_STEPS} steps before the test and one in it are needed.")
    if np.ptp(table[:, :pre_steps], axis=1).max() == 0:
        raise CannotTell("No unit moves before the test, so nothing shows which of them move alike.")
    no_giant(table, "the panel")
    return Panel(table, arms, int(pre_steps))


def synthetic_control(
    outcomes: Any, treated: Any, pre_steps: int, level: float = 0.9, demeaned: bool = True, blocks: bool = True
) -> Mixed:
    """Effect per treated unit and step against a simplex mix of untreated units.

    demeaned: each unit about its own mean before the test (Ferman & Pinto 2021; GeoLift's fixed effects); otherwise
    Abadie, Diamond & Hainmueller 2010 without covariates. Interval: placebos in time, the point ± the `level` quantile
    of what the same mix finds in each block of earlier steps as long as the test, fitted without that block.
    extras: p (of no effect; conformal: the mix fitted on all steps, the test's residuals compared with those of all
    cyclic blocks, Chernozhukov, Wüthrich & Zhu 2021; blocks False: of random permutations, which forget that residuals
    are alike from step to step), p_time (placebos in time), incremental (all treated units, all test steps), lift
    (share of expected), imbalance (root of summed squared gaps before the test), imbalance_scaled (÷ that of equal
    weights), steps, treated. Raises CannotTell.
    """
    given = panel(outcomes, treated, pre_steps)
    mixed = _mixed(given, "difp" if demeaned else "sc")
    test = slice(given.pre, None)
    gaps = mixed.observed - mixed.expected
    equal = _gaps_before(given, np.full((~given.treated).sum(), 1 / (~given.treated).sum()), demeaned)
    steps, units = len(gaps[test]), int(given.treated.sum())
    told = {
        "p": _conformal(given, 0.0, demeaned, blocks), "incremental": mixed.point * steps * units,
        "imbalance": float(np.linalg.norm(gaps[: given.pre])), "steps": float(steps), "treated": float(units),
    }  # fmt: skip
    told["imbalance_scaled"] = told["imbalance"] / equal if equal else 0.0
    if mixed.expected[test].mean() > 0:
        told["lift"] = mixed.point / float(mixed.expected[test].mean())
    ends, se, told["p_time"] = _time_ends(given, mixed, at_level(level), demeaned)
    return _dressed(mixed, ends, level, se, told)


def panel_effect(
    outcomes: Any, treated: Any, pre_steps: int, method: str = "sdid", level: float = 0.9, seed: int = SEED
) -> Mixed:
    """Effect per treated unit and step by a weighted difference in differences, with a placebo standard error.

    (treated − Σ donor weights × untreated) in the test minus the same before it, steps weighted. method: sdid
    (synthetic difference in differences: simplex with intercept and ridge over units, simplex with intercept over
    steps), difp (units only), sc (units only, no intercept, nothing taken off), did (equal weights).
    Source: Arkhangelsky et al. 2021, algorithms 1 and 4; R synthdid. se: sd of the method's effects on untreated
    units taken as treated, every one when one unit is treated, else 200 drawn sets of that size; where the untreated
    are too few for that, the jackknife over units with the weights held (algorithm 3). Normal interval.
    extras: p (share of units, the treated among them, with an effect at least as large), p_ratio (the same for the
    ratio of test to earlier root mean squared gap, Abadie 2010), both only with placebos, whose number is `placebos`.
    """
    if method not in METHODS:
        raise CannotTell(f"No method “{method}”: choose one of {', '.join(METHODS)}.")
    given = panel(outcomes, treated, pre_steps)
    mixed = _mixed(given, method)
    placebos = [_mixed(one, method) for one in _placebos(given, seed)]
    effects = np.array([placebo.point for placebo in placebos])
    told = {"placebos": float(len(placebos))}
    if placebos:
        ratios = np.array([_ratio(placebo, given.pre) for placebo in placebos])
        told["p"], told["p_ratio"] = _rank(abs(mixed.point), np.abs(effects)), _rank(_ratio(mixed, given.pre), ratios)
    se = float(np.std(effects)) if placebos else _jackknife(given, mixed)
    if se <= 1e-12 * float(np.abs(given.outcomes).max()):
        raise CannotTell("The untreated units leave no scatter to judge the effect by.")
    reach = se * float(stats.norm.isf((1 - at_level(level)) / 2))
    return _dressed(mixed, (mixed.point - reach, mixed.point + reach), level, se, told)


def conformal_p(
    outcomes: Any, treated: Any, pre_steps: int, effect: float = 0.0, demeaned: bool = True, blocks: bool = True
) -> float:
    """p of an assumed constant effect per treated unit and step; see `synthetic_control`."""
    return _conformal(panel(outcomes, treated, pre_steps), effect, demeaned, blocks)


def _mixed(given: Panel, method: str) -> Mixed:
    """Point, weights and series of a method; the interval is put around it later."""
    donors, before = given.outcomes[~given.treated], given.outcomes[~given.treated, : given.pre]
    test = given.outcomes.shape[1] - given.pre
    zeta = (given.treated.sum() * test) ** 0.25 if method == "sdid" else 1e-6
    weights, times = np.full(len(donors), 1 / len(donors)), np.full(given.pre, 1 / given.pre)
    if method != "did":
        ridge = given.pre * (zeta * given.noise) ** 2
        weights = simplex(before.T, given.target[: given.pre], ridge, method != "sc")
    if method == "sdid":
        ridge = len(donors) * (1e-6 * given.noise) ** 2
        times = simplex(before, donors[:, given.pre :].mean(axis=1), ridge)
    if method == "sc":
        times = np.zeros(given.pre)
    mix = weights @ donors
    expected = mix + float((given.target - mix)[: given.pre] @ times)
    point = float((given.target - expected)[given.pre :].mean())
    all_donors = np.zeros(len(given.treated))
    all_donors[~given.treated] = weights
    return Mixed(point, point, point, 0.5, 0.0, math.inf, {}, all_donors, times, expected, given.target)


def _dressed(mixed: Mixed, ends: tuple[float, float], level: float, se: float, told: Mapping[str, float]) -> Mixed:
    lower, upper = min(ends[0], mixed.point), max(ends[1], mixed.point)
    return Mixed(
        mixed.point, lower, upper, level, se, math.inf, told, mixed.donors, mixed.times, mixed.expected, mixed.observed
    )


def _gaps_before(given: Panel, weights: Numbers, demeaned: bool) -> float:
    gaps = (given.target - weights @ given.outcomes[~given.treated])[: given.pre]
    return float(np.linalg.norm(gaps - gaps.mean() if demeaned else gaps))


def _placebos(given: Panel, seed: int) -> list[Panel]:
    """The untreated units alone, some of them taken as treated."""
    untreated, few = given.outcomes[~given.treated], int(given.treated.sum())
    n = len(untreated)
    if n - few < 2:
        return []
    chosen = [[i] for i in range(n)] if few == 1 else _drawn(n, few, seed)
    return [Panel(untreated, np.isin(np.arange(n), one), given.pre) for one in chosen]


def _jackknife(given: Panel, mixed: Mixed) -> float:
    """Standard error from leaving each unit out, weights held and brought back to sum 1."""
    before = np.concatenate([mixed.times, np.zeros(given.outcomes.shape[1] - given.pre)])
    after = (np.arange(given.outcomes.shape[1]) >= given.pre) / (given.outcomes.shape[1] - given.pre)
    changes = given.outcomes @ (after - before)
    found = []
    for left in range(len(changes)):
        stay = np.arange(len(changes)) != left
        treated, donors = given.treated & stay, mixed.donors * stay
        if not treated.any() or donors.sum() <= 1e-12:
            raise CannotTell("Too few untreated units are left to try the method on, and one decides it alone.")
        found.append(changes[treated].mean() - changes @ donors / donors.sum())
    return float(np.sqrt((len(found) - 1) / len(found) * np.sum((np.array(found) - mixed.point) ** 2)))


def _drawn(n: int, few: int, seed: int) -> list[list[int]]:
    rng = np.random.default_rng(seed)
    return [rng.permutation(n)[:few].tolist() for _ in range(PLACEBOS)]


def _ratio(mixed: Mixed, pre: int) -> float:
    gaps = (mixed.observed - mixed.expected) ** 2
    return float(np.sqrt(gaps[pre:].mean() / max(gaps[:pre].mean(), 1e-300)))


def _rank(seen: float, placebos: Numbers) -> float:
    return float((1 + np.sum(placebos >= seen * (1 - 1e-12))) / (1 + len(placebos)))


def _conformal(given: Panel, effect: float, demeaned: bool, blocks: bool) -> float:
    """Share of the residuals' arrangements whose test block is at least as large in sum of absolute values."""
    target = given.target.copy()
    target[given.pre :] -= effect
    donors = given.outcomes[~given.treated]
    ridge = len(target) * (1e-6 * given.noise) ** 2
    residuals = target - simplex(donors.T, target, ridge, demeaned) @ donors
    residuals = np.abs(residuals - residuals.mean() if demeaned else residuals)
    m = len(target) - given.pre
    if blocks:
        wrapped = np.cumsum(np.concatenate([[0.0], residuals, residuals[: m - 1]]))
        sums = wrapped[m:] - wrapped[:-m]
    else:
        sums = np.random.default_rng(SEED).permuted(np.tile(residuals, (5000, 1)), axis=1)[:, -m:].sum(axis=1)
    return float(np.mean(sums >= residuals[given.pre :].sum() * (1 - 1e-10)))


def _placebo_blocks(given: Panel, demeaned: bool) -> Numbers:
    """The effect found where there was none: in each cyclic block before the test as long as the test, by the mix
    fitted on the other steps before it."""
    donors, target = given.outcomes[~given.treated, : given.pre], given.target[: given.pre]
    m, noise = given.outcomes.shape[1] - given.pre, given.noise
    found = []
    for start in np.unique(np.linspace(0, given.pre, min(given.pre, MOST_BLOCKS), endpoint=False).astype(int)):
        inside = (np.arange(given.pre) - start) % given.pre < m
        ridge = (given.pre - m) * (1e-6 * noise) ** 2
        gaps = target - simplex(donors[:, ~inside].T, target[~inside], ridge, demeaned) @ donors
        found.append(gaps[inside].mean() - (gaps[~inside].mean() if demeaned else 0.0))
    return np.abs(found)


def _time_ends(given: Panel, mixed: Mixed, level: float, demeaned: bool) -> tuple[tuple[float, float], float, float]:
    """Ends around the point, standard error and p of no effect, from placebos in time."""
    m = given.outcomes.shape[1] - given.pre
    if given.pre - m < LEAST_STEPS:
        raise CannotTell(f"The {m} steps of the test need at least {m + LEAST_STEPS} before it; there are {given.pre}.")
    blocks = np.sort(_placebo_blocks(given, demeaned))
    place = math.ceil(level * (len(blocks) + 1) - 1e-9)
    if place > len(blocks):
        raise CannotTell(f"{given.pre} steps before the test are too few for an interval at {level:.0%}.")
    reach = float(blocks[place - 1])
    se = float(np.sqrt(np.mean(blocks**2)))
    return (mixed.point - reach, mixed.point + reach), se, _rank(abs(mixed.point), blocks)
