"""Decides how far the methods agree: how many intervals hold the headline's point, and which lie where instead."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analytics import formats
from analytics.incrementality.estimate import Estimate
from analytics.incrementality.verdict import number_sentence, within

NAMED = 2


@dataclass(frozen=True)
class Agreement:
    """How the methods with a number stand to the headline; published formulas are not asked.

    methods: those beside the headline that have a number. holds: those of them whose interval holds the headline's
    point; without a headline: those that hold the middle one of all points. spread: highest less lowest point, the
    headline's among them, a multiple; NaN with fewer than two. apart: ids of those that do not hold it, the furthest
    first. sentence: all this in words.
    """

    methods: int
    holds: int
    spread: float
    apart: tuple[str, ...]
    sentence: str

    @property
    def share(self) -> float:
        """Share of the methods asked that agree; NaN when none was."""
        return self.holds / self.methods if self.methods else math.nan


def agreement(estimates: Iterable[Estimate]) -> Agreement:
    """The agreement meter over the estimates of a court."""
    told = [one for one in estimates if not one.is_refused and one.role != "comparison"]
    head = next((one for one in told if one.role == "headline"), None)
    beside = [one for one in told if one is not head]
    spread = max(one.estimate for one in told) - min(one.estimate for one in told) if len(told) > 1 else math.nan
    if not beside or (head is None and len(beside) < 2):
        return Agreement(len(beside) if head else 0, 0, spread, (), _alone(head, told))
    point = head.estimate if head else sorted(one.estimate for one in told)[(len(told) - 1) // 2]
    holding = [one for one in beside if one.lower <= point <= one.upper]
    apart = sorted((one for one in beside if one not in holding), key=lambda one: -abs(one.estimate - point))
    words = _with_headline(len(holding), beside, apart, point) if head else _without(len(holding), told)
    return Agreement(len(beside), len(holding), spread, tuple(one.method for one in apart), words)


def _alone(head: Estimate | None, told: Sequence[Estimate]) -> str:
    if head:
        return f"No other method has a number here, so nothing confirms {head.method} or contradicts it."
    if not told:
        return "No method has a number here, so there is nothing to agree on."
    return f"Only one method has a number here, and it is directional: {number_sentence(told[0])}."


def _with_headline(holding: int, beside: Sequence[Estimate], apart: Sequence[Estimate], point: float) -> str:
    """“4 of 6 methods agree with the headline; iroas.tbr says 3.1× (90 % interval 2.8–3.4×), above it.”"""
    words = f"{formats.count(holding)} of {formats.count(len(beside))} methods agree with the headline"
    if len(beside) == 1:
        words = f"The one other method {'agrees' if holding else 'does not agree'} with the headline"
    odd = [f"{_says(one, ' says')}, {'above' if one.estimate > point else 'below'} it" for one in apart[:NAMED]]
    more = f"; {formats.count(len(apart) - NAMED)} more stand apart" if len(apart) > NAMED else ""
    return f"{'; '.join([words, *odd])}{more}."


def _without(holding: int, told: Sequence[Estimate]) -> str:
    low, high = (pick(told, key=lambda one: one.estimate) for pick in (min, max))
    count = f"{formats.count(holding)} of {formats.count(len(told))} directional methods"
    return f"There is no headline to agree with; {count} hold the middle one, from {_says(low)} to {_says(high)}."


def _says(estimate: Estimate, verb: str = "") -> str:
    return f"{estimate.method}{verb} {formats.multiple(estimate.estimate)} ({within(estimate)})"
