"""Decides what may be asked of the planner: how many of what, for how long, for how much; said in a form or command."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analytics import formats
from analytics.effects.geo import LEAST_CONTROLS
from analytics.effects.refusals import CannotTell
from data.experiments.record import UNITS
from errors import suggest

PLANNED = ("campaign", "influencer", "geo", "customer")
"""Keys of UNITS that can be drawn into two arms; go-live dates have the calendar."""
MOST_UNITS, MOST_WEEKS, MOST_MONEY, MOST_IROAS = 10_000_000, 104, 1e13, 1000.0
USUAL_IROAS = 2.0
"""What is expected of the spend when nobody says: money spent comes back twice."""
HOLDOUT, REGRESSION, CUPED = "iroas.holdout", "iroas.geo_regression", "iroas.cuped"


@dataclass(frozen=True)
class Question:
    """A test that might be run.

    unit: a key of PLANNED. treated, control: units in each arm. weeks: of the test; before: weeks before it in which
    the same units are known, 0 for none. spend: on all treated in those weeks, money. wanted: the iROAS that is to be
    seen, a multiple; None: not said. posts: that the spend pays for, 0 when not said.
    """

    unit: str
    treated: int
    control: int
    weeks: int
    spend: float
    before: int = 0
    wanted: float | None = None
    posts: int = 0

    def __post_init__(self) -> None:
        if self.unit not in PLANNED:
            known = [UNITS[key] for key in PLANNED]
            raise CannotTell(f"“{self.unit}” can't be drawn into arms here. {suggest(self.unit, known)}")
        for name, size in (("treated", self.treated), ("control", self.control)):
            if not 2 <= size <= MOST_UNITS:
                most = formats.count(MOST_UNITS)
                raise CannotTell(f"{formats.count(size)} {name} {self.units}: give each arm from 2 to {most}.")
        if not 1 <= self.weeks <= MOST_WEEKS or not 0 <= self.before <= MOST_WEEKS:
            raise CannotTell(f"A test lasts from 1 to {MOST_WEEKS} weeks, and as many may be known before it.")
        if not (math.isfinite(self.spend) and 0 < self.spend <= MOST_MONEY):
            raise CannotTell("The treated get no spend in this plan, so there is no iROAS to be seen: name an amount.")
        if self.wanted is not None and not 0 < self.wanted <= MOST_IROAS:
            raise CannotTell("The iROAS to be seen must lie above 0, and be no more than 1,000: name one such as 2.")

    @property
    def units(self) -> str:
        """What is drawn, for people: campaigns, influencers, places, customers."""
        return UNITS[self.unit]

    @property
    def expected(self) -> float:
        """The iROAS that the cost of knowing reckons with."""
        return USUAL_IROAS if self.wanted is None else self.wanted

    @property
    def method(self) -> str:
        """The method that would give the headline (the ladder of analytics.incrementality.court)."""
        if not self.before:
            return HOLDOUT
        if self.unit == "customer":
            return CUPED
        # Places, influencers and campaigns are weighed by a time before that is as long as the test.
        return REGRESSION if self.control >= LEAST_CONTROLS and self.before >= self.weeks else HOLDOUT


def question(wish: Mapping[str, Any], spend_of: Any = None, before_of: Any = None) -> Question:
    """The question of a form or command. Raises CannotTell.

    wish: units (one of UNITS, by key or plural), treated and control, or size (both arms) and kept (as control, %);
    weeks; before; spend; posts; iroas. spend_of(unit, treated, weeks, posts): the spend when none is named;
    before_of(unit, weeks): the weeks known before when none are.
    """
    unit = unit_of(f"{wish.get('units') or 'campaign'}")
    treated, control = _arms(wish)
    weeks = _whole(wish, "weeks", 6)
    before = _whole(wish, "before", before_of(unit, weeks) if before_of else 0)
    posts, spend = _whole(wish, "posts", 0), _number(wish, "spend")
    if spend is None:
        spend = spend_of(unit, treated, weeks, posts) if spend_of else math.nan
    return Question(unit, treated, control, weeks, spend, before, _number(wish, "iroas"), posts)


def unit_of(text: str) -> str:
    """The key of a unit, from its key or its plural. Raises CannotTell."""
    word = text.strip().casefold()
    for key in PLANNED:
        if word in (key, UNITS[key], f"{key}s"):
            return key
    known = [UNITS[key] for key in PLANNED]
    raise CannotTell(f"“{text}” can't be drawn into arms here. {suggest(text, known)}")


def _arms(wish: Mapping[str, Any]) -> tuple[int, int]:
    if wish.get("treated") not in (None, "") or wish.get("control") not in (None, ""):
        return _whole(wish, "treated", 0), _whole(wish, "control", 0)
    size, kept = _whole(wish, "size", 60), _number(wish, "kept")
    share = 1 / 3 if kept is None else kept / 100
    if not 0 < share < 1:
        raise CannotTell("What is kept as control must lie between 0 and 100 %: 33 is usual.")
    if size < 4:
        raise CannotTell("A test needs at least 4, two in each arm: choose more.")
    control = min(max(round(size * share), 2), size - 2)
    return size - control, control


def _whole(wish: Mapping[str, Any], key: str, otherwise: int) -> int:
    number = _number(wish, key)
    if number is None:
        return otherwise
    if not number.is_integer() or not abs(number) <= 1e15:
        raise CannotTell(f"“{key}: {wish[key]}” is not a whole number: write it as {key} 6.")
    return int(number)


def _number(wish: Mapping[str, Any], key: str) -> float | None:
    given = wish.get(key)
    if given is None or given == "":
        return None
    try:
        number = float(given)
    except (TypeError, ValueError):
        raise CannotTell(f"“{key}: {given}” is not a number: write it as {key} 6.") from None
    if not math.isfinite(number):
        raise CannotTell(f"“{key}: {given}” is not a number that can be planned with: write it as {key} 6.")
    return number
