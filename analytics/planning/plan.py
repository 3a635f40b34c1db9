"""Decides what a planned test is worth: the smallest iROAS it can show, its cost, what size would do."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import pandas as pd

from analytics.effects.geo import LEAST_CONTROLS
from analytics.effects.power import Cost, Simulated, cost_of_knowing
from analytics.effects.refusals import CannotTell
from analytics.planning.design import ROUGH, Deals, Formula, Simulation, at, dealt, formula, grown
from analytics.planning.question import MOST_UNITS, MOST_WEEKS, REGRESSION, Question
from analytics.planning.scatter import USUAL_MARGIN, Known

NEAR = 0.03
"""Formula and simulation may lie this far apart before the formula is widened to what was simulated."""
CLOSE = 0.02
ALWAYS = (1.0, 2.0)
MORE_WEEKS = 6


@dataclass(frozen=True)
class Seen:
    """The probability that a true iROAS is told from 0: by formula and by simulating the test."""

    iroas: float
    formula: float
    simulated: Simulated


@dataclass(frozen=True)
class Sizes:
    """What would do for the wanted effect with 80 % power, each with everything else as asked (None: nothing within
    reach). question: the same test with more (or fewer) units, arms' shares and spend a unit as they are. weeks: at the
    same spend a week. spend: on the same units in the same weeks, money."""

    iroas: float
    question: Question | None
    weeks: int | None
    spend: float


@dataclass(frozen=True, eq=False)
class Plan:
    """A test that was thought through.

    smallest: iROAS seen with 80 % power at `confidence`, a multiple. seen: at 1×, 2×, the wanted and the smallest one.
    widened: by how much the formula's intervals were widened to those simulated (1: not). refused: share of simulated
    tests that the method refused. cost: of the control going without, at the question's expected iROAS and `margin`
    (`margin_known`: from the data). withheld: that spend. later: smallest iROAS after six more weeks. curve: [weeks,
    smallest]. sizes: the reverse question.
    """

    question: Question
    known: Known
    confidence: float
    smallest: float
    seen: tuple[Seen, ...]
    widened: float
    refused: float
    cost: Cost
    withheld: float
    margin: float
    margin_known: bool
    later: float
    curve: pd.DataFrame
    sizes: Sizes


@dataclass(frozen=True)
class _Planner:
    """One test, with how its deals differ and how far simulation widens the formula."""

    known: Known
    question: Question
    confidence: float
    deals: Deals

    @property
    def formula(self) -> Formula:
        return formula(self.known, self.question, self.confidence, self.deals)

    @cached_property
    def smallest(self) -> float:
        return self.formula.smallest()

    def over(self, weeks: int) -> float:
        """The smallest iROAS over other weeks at the same spend a week: it moves with the standard error. Weeks that
        the data do not hold are taken to add nothing."""
        held = max(self.known.weeks - self.question.before, self.question.weeks)
        other = formula(self.known, at(self.question, min(weeks, held)), self.confidence)
        return self.smallest * other.design.se / self.formula.design.se


def plan(known: Known, question: Question, confidence: float) -> Plan:
    """The plan of this test. Raises CannotTell: no scatter, a design the method would refuse.

    Power by formula (design.formula) and by simulation (design.Simulation); where they differ by more than 3 points
    at the smallest effect, as with few units and lopsided revenue, the formula is widened to the simulation. Of the
    time before only as many weeks are used as the data hold beside the test.
    """
    room = max(known.weeks - question.weeks, 0)
    return _plan(known, replace(question, before=min(question.before, room)), confidence)


@lru_cache(maxsize=32)
def _plan(known: Known, question: Question, confidence: float) -> Plan:
    planner = _Planner(known, question, confidence, dealt(known, question, confidence))
    simulated = Simulation(known, question, confidence)
    planner, widened = _held_against(planner, simulated)
    of, smallest = planner.formula, planner.smallest
    effects = sorted({*ALWAYS, question.expected, smallest})
    withheld = question.spend / question.treated * question.control
    is_known = math.isfinite(known.margin)
    margin = known.margin if is_known else USUAL_MARGIN
    return Plan(
        question, known, confidence, smallest,
        tuple(Seen(effect, of.power(effect), simulated.power(effect)) for effect in effects),
        widened, simulated.refused / simulated.worlds, cost_of_knowing(withheld, question.expected, margin), withheld,
        margin, is_known, _later(planner), _curve(planner), _sizes(planner, smallest, widened),
    )  # fmt: skip


def _held_against(planner: _Planner, simulated: Simulation) -> tuple[_Planner, float]:
    """The planner widened to what was simulated, and by how much."""
    near = planner.smallest
    if abs(planner.formula.power(near) - simulated.power(near).power) <= NEAR:
        return planner, 1.0
    widened = simulated.smallest(near) / near
    return _widened(planner, widened), widened


def _widened(planner: _Planner, by: float) -> _Planner:
    factors = tuple(factor * by for factor in planner.deals.factors)
    return replace(planner, deals=replace(planner.deals, factors=factors))


def _later(planner: _Planner) -> float:
    """NaN beyond the longest test."""
    weeks = planner.question.weeks + MORE_WEEKS
    return planner.over(weeks) if weeks <= MOST_WEEKS else math.nan


def _curve(planner: _Planner) -> pd.DataFrame:
    """Smallest iROAS by weeks, at the same spend a week; about a dozen points around the weeks asked about."""
    own = planner.question.weeks
    last = min(max(2 * own, own + MORE_WEEKS, 12), MOST_WEEKS)
    step = max(1, round(last / 13))
    weeks = sorted({*range(step, last + 1, step), own, min(own + MORE_WEEKS, last)})
    found = [(float(week), planner.over(week)) for week in weeks]
    return pd.DataFrame(found, columns=["weeks", "smallest"])


@lru_cache(maxsize=32)
def by_weeks_and_spend(
    known: Known, question: Question, confidence: float, weeks: tuple[int, ...], levels: tuple[float, ...]
) -> pd.DataFrame:
    """Smallest iROAS of the same test over other weeks and at multiples of its spend a week, by formula.

    [weeks, level, spend (a week, money), smallest]: the same units in the same weeks show the same money, so the
    multiple falls as the spend grows. Raises CannotTell.
    """
    planner = _Planner(known, question, confidence, dealt(known, question, confidence))
    spend = question.spend / question.weeks
    rows = [(float(week), level, spend * level, planner.over(week) / level) for week in weeks for level in levels]
    return pd.DataFrame(rows, columns=["weeks", "level", "spend", "smallest"])


def _sizes(planner: _Planner, smallest: float, widened: float) -> Sizes:
    asked, iroas = planner.question, planner.question.expected
    return Sizes(iroas, _units(planner, smallest, widened), _weeks(planner), asked.spend * smallest / iroas)


def _units(planner: _Planner, smallest: float, widened: float) -> Question | None:
    """The test with as many units as the wanted effect needs: intervals shrink with the root of the units, and the
    deals are drawn anew at the size found, until it no longer moves."""
    asked = planner.question
    units = (asked.treated + asked.control) * (smallest / asked.expected) ** 2
    found: Question | None = None
    for _ in range(2):
        found = _of_size(asked, units)
        if found is None:
            return None
        try:
            deals = dealt(planner.known, found, planner.confidence, ROUGH)
        except CannotTell:
            return None
        there = _widened(replace(planner, question=found, deals=deals), widened).smallest
        if abs(there / asked.expected - 1) < CLOSE:
            return found
        units = (found.treated + found.control) * (there / asked.expected) ** 2
    return _of_size(asked, units)


def _of_size(asked: Question, units: float) -> Question | None:
    """None beyond what can be asked."""
    # The ladder gives no headline by regression with fewer on either side.
    fewest = LEAST_CONTROLS if asked.method == REGRESSION else 2
    least = fewest * (asked.treated + asked.control) / min(asked.treated, asked.control)
    return grown(asked, max(units, least)) if units <= MOST_UNITS else None


def _weeks(planner: _Planner) -> int | None:
    """Fewest weeks that show the wanted effect, at the same spend a week: by halving, as more weeks show more."""
    low, high = 0, MOST_WEEKS

    def shows(weeks: int) -> bool:
        return planner.over(weeks) <= planner.question.expected

    if not shows(high):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if shows(middle) else (middle, high)
    return high
