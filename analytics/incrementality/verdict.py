"""Decides what an interval means in words: works, does not, cannot tell yet; and never more than it bears out."""

from __future__ import annotations

import math

from analytics import formats
from analytics.incrementality.estimate import Estimate

WORKS, DOES_NOT, CANNOT_TELL = "works", "does not", "cannot tell yet"
BREAK_EVEN = 1.0
OUT_OF_REACH = 1000.0
OF_DESIGNS = ("holdout", "clusters", "go_live", "looking")
"""Families that rest on nothing but the draw of the arms."""


def verdict(estimate: Estimate, break_even: float = BREAK_EVEN) -> str:
    """'works', 'does not' or 'cannot tell yet', from where the interval lies.

    Only a headline earns more than 'cannot tell yet': a method that stands beside it promises 90 % and holds the truth
    in as little as 15 % of worlds (statistics.md 5.3, 5.4), and a published formula promises nothing.
    """
    return _lies(estimate, break_even) if estimate.role == "headline" else CANNOT_TELL


def _lies(estimate: Estimate, break_even: float) -> str:
    """Where the interval lies, whatever it is worth."""
    if estimate.is_refused:
        return CANNOT_TELL
    if estimate.lower > break_even:
        return WORKS
    return DOES_NOT if estimate.upper < break_even else CANNOT_TELL


def number_sentence(estimate: Estimate) -> str:
    """“iROAS 2.1× (90 % interval 1.4–2.9×, iroas.holdout)”: the only way in which an iROAS is written; – if refused."""
    if estimate.is_refused:
        return f"iROAS {formats.MISSING} ({estimate.method})"
    return f"iROAS {formats.multiple(estimate.estimate)} ({within(estimate)}, {estimate.method})"


def in_words(estimate: Estimate) -> str:
    """The method's name inside a sentence: “regression over clusters (GBR)”."""
    return estimate.label[:1].lower() + estimate.label[1:]


def within(estimate: Estimate) -> str:
    """“90 % interval 1.4–2.9×”."""
    span = formats.interval(estimate.lower, estimate.upper, "multiple")
    return f"{formats.share(estimate.level)} interval {span}"


def verdict_sentence(estimate: Estimate, break_even: float = BREAK_EVEN) -> str:
    """The verdict for people: number, interval, level, method, and the smallest effect that this size can show."""
    if estimate.is_refused:
        return estimate.reason
    number = number_sentence(estimate)
    if estimate.role == "comparison":
        return f"{number} is a published formula, not a measurement. {estimate.flaw}"
    where = f"{number} {_where(estimate, break_even)}{size_sentence(estimate, break_even)}."
    if estimate.role == "headline":
        said = _lies(estimate, break_even)
        return f"{said[0].upper()}{said[1:]}: {where}"
    if estimate.status == "ok" and estimate.family in OF_DESIGNS:
        return f"Beside the headline: {where}"
    return f"Directional only: {where} {estimate.reason or 'It rests on a model, not on the draw of the arms.'}"


def _where(estimate: Estimate, break_even: float) -> str:
    """Where the interval lies; an end that reads like break-even once it is rounded is said to be close."""
    mark = formats.multiple(break_even)
    side, end = {
        WORKS: ("above", estimate.lower), DOES_NOT: ("below", estimate.upper), CANNOT_TELL: ("", math.nan),
    }[_lies(estimate, break_even)]  # fmt: skip
    if not side:
        return f"holds {mark}"
    close = round(end, 1) == round(break_even, 1)
    return f"lies wholly {side} {mark}{', by less than 0.1' if close else ''}"


def size_sentence(estimate: Estimate, break_even: float = BREAK_EVEN) -> str:
    """“; this size tells 5.6× or more from nothing; telling it from break-even takes about 32 times as many campaigns”.

    Empty where unknown. The smallest effect seen falls with the root of the number of units (statistics.md 5.3, design
    size); what is asked is how far the estimate lies from break-even, were it the truth. Only of a headline: more days
    or weeks don't mend what a directional method gets wrong.
    """
    if not math.isfinite(estimate.mde):
        return ""
    words = f"; this size tells {formats.multiple(estimate.mde)} or more from nothing"
    apart = abs(estimate.estimate - break_even)
    growth = (estimate.mde / apart) ** 2 if apart > 0 else math.inf
    if estimate.role != "headline" or growth <= 1 or verdict(estimate, break_even) != CANNOT_TELL:
        return words
    if growth > OUT_OF_REACH:
        return f"{words}, and no size in reach tells it from break-even"
    times = formats.count(float(math.ceil(growth)))
    return f"{words}; telling it from break-even takes about {times} times as many {estimate.unit_of_analysis}s"
