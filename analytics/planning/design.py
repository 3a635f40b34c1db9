"""Decides what a planned test could see: by formula from the scatter's moments, and by simulating the test itself."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from analytics.effects import means
from analytics.effects.adjusted import adjusted, moments_of_sums
from analytics.effects.effect import Effect
from analytics.effects.geo import geo_regression
from analytics.effects.power import IroasDesign, Simulated, iroas_effect, power_of, simulated_power
from analytics.effects.refusals import CannotTell, Numbers
from analytics.planning.question import CUPED, HOLDOUT, REGRESSION, Question
from analytics.planning.scatter import Known

POWER = 0.8
WORLDS, FEWEST_WORLDS, DRAWN, LARGEST = 1000, 300, 4_000_000, 20_000
PILOT, GROUPS, ROUGH = 400, 16, 200
WINDOWS, TINY = 64, 1e-300
SEED = 20261122
_REFUSING = (
    "The method would refuse too many tests of this size, as too few units sold before: choose more units, or none "
    "of the time before."
)
Weigh = tuple[Numbers, Numbers]
"""Weeks before and weeks of the test, as how often each week of the data is taken."""


def windows(weeks: int, before: int, test: int, rng: np.random.Generator) -> Weigh:
    """Which weeks of the data stand for the time before and the test: a stretch drawn from the circle of all weeks.

    (A circular block bootstrap with one block, Politis & Romano 1992, so that what hangs together stays together.) A
    test longer than the data goes round again, which takes it to be as noisy a week as the data in all: it promises
    too little rather than too much. The time before is drawn by itself where both do not fit.
    """
    circle = (int(rng.integers(weeks)) + np.arange(before + test)) % weeks
    early = circle[:before]
    if before + test > weeks:
        early = (int(rng.integers(weeks)) + np.arange(before)) % weeks
    return _counted(early, weeks), _counted(circle[before:], weeks)


def _counted(places: npt.NDArray[np.int64], weeks: int) -> Numbers:
    return np.bincount(places, minlength=weeks).astype(float)


@dataclass(frozen=True)
class Moments:
    """Of one unit's revenue in the test, over units and windows: the standard deviation that the method leaves, money,
    and the share of units that it can use (those with revenue before, for geo-based regression)."""

    sd: float
    kept: float = 1.0


def moments(known: Known, question: Question) -> Moments:
    """The scatter that the question's method would have to see through: mean over 64 windows of the data.

    holdout: Var(test). CUPED: Var(test)(1 − r²), r with the revenue before. Geo-based regression, weights w = 1/before,
    residuals u of w·test on w and 1: E[w²u²] ÷ E[w²]², the variance of its coefficient times clusters × shares.
    """
    rng = np.random.default_rng(SEED)
    drawn = [windows(known.weeks, question.before, question.weeks, rng) for _ in range(WINDOWS)]
    before, test = (known.revenue @ np.column_stack([weigh[side] for weigh in drawn]) for side in (0, 1))
    sd, kept = _MOMENTS[question.method](before, test)
    usable = kept > 0
    if not (sd[usable] > 0).any():
        raise CannotTell(f"The revenue of these {question.units} does not differ, so nothing can be planned from it.")
    return Moments(math.sqrt(float((sd[usable] ** 2).mean())), float(kept[usable].mean()))


def _of_holdout(before: Numbers, test: Numbers) -> tuple[Numbers, Numbers]:
    """Standard deviation and share kept of each window; before, test: unit × window."""
    return test.std(axis=0), np.ones(test.shape[1])


def _of_cuped(before: Numbers, test: Numbers) -> tuple[Numbers, Numbers]:
    early, late = before - before.mean(axis=0), test - test.mean(axis=0)
    size, left = (early**2).sum(axis=0), (late**2).sum(axis=0)
    told = np.divide((early * late).sum(axis=0) ** 2, size, out=np.zeros_like(size), where=size > 0)
    return np.sqrt(np.maximum(left - told, 0.0) / len(test)), np.ones(test.shape[1])


def _of_regression(before: Numbers, test: Numbers) -> tuple[Numbers, Numbers]:
    """Units that sold nothing before have no weight; a window with fewer than three others is left out."""
    there = (before > 0).astype(float)
    units = np.maximum(there.sum(axis=0), 1.0)
    weight = there * (before.sum(axis=0) / units) / np.where(before > 0, before, 1.0)
    value, middle = weight * test, weight.sum(axis=0) / units
    away = there * (weight - middle)
    size = (away**2).sum(axis=0)
    slope = np.divide((away * value).sum(axis=0), size, out=np.zeros_like(size), where=size > 0)
    left = there * (value - value.sum(axis=0) / units) - slope * away
    heavy = np.maximum((weight**2).sum(axis=0), TINY)
    sd = np.sqrt((weight**2 * left**2).sum(axis=0) * units) / heavy
    return sd, np.where(there.sum(axis=0) >= 3, units / len(test), 0.0)


_MOMENTS: dict[str, Callable[[Numbers, Numbers], tuple[Numbers, Numbers]]] = {
    HOLDOUT: _of_holdout, CUPED: _of_cuped, REGRESSION: _of_regression
}  # fmt: skip


@dataclass(frozen=True)
class Deals:
    """How the method's standard errors differ from deal to deal: as multiples of what the moments say, sixteen groups
    of the same number of deals, and the share of deals that the method refuses."""

    factors: tuple[float, ...] = (1.0,)
    refused: float = 0.0


@dataclass(frozen=True)
class Formula:
    """The power of a test by formula: noncentral t with the standard error of each kind of deal, averaged."""

    design: IroasDesign
    deals: Deals
    alpha: float

    def power(self, iroas: float) -> float:
        """Probability that this true iROAS is told from 0 at this level, both sides; a refused deal tells nothing."""
        se, df = self.design.se, self.design.df
        seen = [power_of(iroas, se * factor, df, self.alpha) for factor in self.deals.factors]
        return (1 - self.deals.refused) * sum(seen) / len(seen)

    def smallest(self) -> float:
        """Smallest iROAS seen with 80 % power, a multiple. Raises CannotTell."""
        return _least(self.power, iroas_effect(self.design, POWER, self.alpha))


def formula(known: Known, question: Question, confidence: float, deals: Deals | None = None) -> Formula:
    """The formula of this test. deals: from `dealt`; left out, every deal has the standard error of the moments.

    With sd the scatter that `moments` gives, n the units used: se = n_T √(sd²/n_T + sd²/n_C) ÷ spend
    (effects.power.IroasDesign), both arms with the same scatter, as the effect is planted evenly.
    """
    found = moments(known, question)
    sizes = (max(question.treated * found.kept, 2.0), max(question.control * found.kept, 2.0))
    design = IroasDesign(*sizes, found.sd, found.sd, question.spend * found.kept)
    return Formula(design, deals or Deals(), 1 - confidence)


def dealt(known: Known, question: Question, confidence: float, most: int = PILOT) -> Deals:
    """The standard errors that the method gives in `most` deals of this size, without their estimates.

    They differ, as scatter differs from stretch to stretch and from draw to draw, and as the weights of geo-based
    regression let few clusters carry much, which HC3 then widens. CannotTell when the method refuses most deals.
    """
    scatter = formula(known, question, confidence).design.se
    pilot = Simulation(known, question, confidence, SEED + 1, most)
    refused = pilot.refused / pilot.worlds
    if refused > (1 - POWER) / 2:
        raise CannotTell(_REFUSING)
    plain = formula(known, smaller(question, pilot.scale), confidence).design.se if pilot.scale > 1 else scatter
    factors = np.sort([one.se / plain for one in pilot.outcomes])
    return Deals(tuple(float(part.mean()) for part in np.array_split(factors, GROUPS)), refused)


def _least(seen: Callable[[float], float], near: float) -> float:
    """Smallest effect that is seen with 80 % power. near: where to begin. CannotTell when none within reach is."""
    high = near
    while seen(high) < POWER:
        high *= 2
        if high > near * 1e6:
            raise CannotTell(_REFUSING)
    low = 0.0
    while high - low > 1e-4 * high:
        middle = (low + high) / 2
        low, high = (low, middle) if seen(middle) >= POWER else (middle, high)
    return high


@dataclass(frozen=True)
class Outcome:
    """What one simulated test would have found without any effect: point, reach of its interval, standard error."""

    point: float
    reach: float
    se: float


class Simulation:
    """Many simulated runs of the test that is asked about, on the data's own units and weeks.

    Each world draws weeks (see `windows`) and, with replacement, units; deals them into the arms; plants the effect,
    spread evenly over the treated as the spend is; and applies the method itself. Effect and spend are dealt alike,
    so a world's estimate moves with the planted effect and its interval does not: one run answers for every effect.
    Tests of more than 20,000 units are run with 20,000 and effects larger by the root of what was left out.
    """

    def __init__(self, known: Known, question: Question, confidence: float, seed: int = SEED, most: int = WORLDS):
        size = question.treated + question.control
        self.scale = max(size / LARGEST, 1.0)
        self._known, self._question, self._confidence = known, smaller(question, self.scale), confidence
        self.worlds = int(min(max(DRAWN // size, FEWEST_WORLDS), most))
        self.outcomes: list[Outcome] = []
        simulated_power(self._run, self.worlds, seed)

    def _run(self, rng: np.random.Generator) -> bool:
        found = world(self._known, self._question, self._confidence, rng)
        self.outcomes.append(found)
        return abs(found.point) > found.reach

    @property
    def refused(self) -> int:
        """Worlds in which the method gave no estimate; they count as not seen."""
        return self.worlds - len(self.outcomes)

    def power(self, iroas: float) -> Simulated:
        """Share of the worlds that tell this iROAS from 0, with its Monte Carlo error."""
        grown = iroas * math.sqrt(self.scale)
        share = float(sum(abs(one.point + grown) > one.reach for one in self.outcomes)) / self.worlds
        return Simulated(share, math.sqrt(max(share * (1 - share), 1 / self.worlds) / self.worlds), self.worlds)

    def smallest(self, near: float) -> float:
        """Smallest iROAS that 80 % of the worlds see, a multiple. near: where to begin. Raises CannotTell."""
        return _least(lambda iroas: self.power(iroas).power, near)


def world(known: Known, question: Question, confidence: float, rng: np.random.Generator) -> Outcome:
    """One simulated test without an effect. CannotTell when the method refuses it."""
    before, test = windows(known.weeks, question.before, question.weeks, rng)
    chosen = rng.integers(len(known.revenue), size=question.treated + question.control)
    revenue = (known.revenue @ test)[chosen]
    early = (known.revenue @ before)[chosen] if question.before else revenue
    found = _METHODS[question.method](question, early, revenue, confidence)
    return Outcome(found.point, found.point - found.lower, found.se)


def _holdout(question: Question, early: Numbers, revenue: Numbers, confidence: float) -> Effect:
    """The method on the sums of both arms, which is all that it needs; the first units are the treated ones."""
    parts = revenue[: question.treated], revenue[question.treated :]
    one, two = (means.sample_of_sums(len(part), float(part.sum()), float(part @ part)) for part in parts)
    return means.incremental_roas(one, two, question.spend, confidence)


def _cuped(question: Question, early: Numbers, revenue: Numbers, confidence: float) -> Effect:
    both = np.vstack([revenue, early])
    parts = both[:, : question.treated], both[:, question.treated :]
    one, two = (moments_of_sums(part.shape[1], part.sum(axis=1), part @ part.T) for part in parts)
    return adjusted(one, two, covariates=[1], level=confidence).incremental_roas(question.spend)


def _regression(question: Question, early: Numbers, revenue: Numbers, confidence: float) -> Effect:
    treated = np.arange(len(revenue)) < question.treated
    return geo_regression(early, revenue, treated * (question.spend / question.treated), treated, confidence)


_METHODS: dict[str, Callable[[Question, Numbers, Numbers, float], Effect]] = {
    HOLDOUT: _holdout, CUPED: _cuped, REGRESSION: _regression
}  # fmt: skip


def smaller(question: Question, by: float) -> Question:
    """The same test with fewer units in both arms, and the spend on them."""
    if by <= 1:
        return question
    return _resized(question, max(round(question.treated / by), 2), max(round(question.control / by), 2))


def at(question: Question, weeks: int) -> Question:
    """The same test over other weeks, with the same spend a week."""
    return replace(question, weeks=weeks, spend=question.spend * weeks / question.weeks)


def grown(question: Question, units: float) -> Question:
    """The same test with so many units in all: the arms' shares and the spend a unit stay."""
    by = units / (question.treated + question.control)
    return _resized(question, math.ceil(question.treated * by - 1e-9), math.ceil(question.control * by - 1e-9))


def _resized(question: Question, treated: int, control: int) -> Question:
    spend = question.spend * treated / question.treated
    return replace(question, treated=treated, control=control, spend=spend)
