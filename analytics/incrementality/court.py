"""Decides which methods are heard, which of them may speak for TrueLift, and what their interval means in words."""

from __future__ import annotations

from collections.abc import Iterable

from analytics import formats
from analytics.assumptions import Assumptions
from analytics.incrementality.estimate import Estimate, Method
from analytics.incrementality.holdout import HOLDOUT
from analytics.incrementality.seeds import SEEDS
from analytics.incrementality.slice import Slice

WORKS, DOES_NOT, CANNOT_TELL = "works", "does not", "cannot tell yet"

# In the order of the ladder: the higher a method stands, the sooner it speaks.
METHODS: dict[str, Method] = {method.id: method for method in (HOLDOUT, *SEEDS)}


def court(slice_: Slice, assumptions: Assumptions) -> tuple[Estimate, ...]:
    """Every method's estimate for this slice, refused ones included, in the order of METHODS."""
    return tuple(method(slice_, assumptions) for method in METHODS.values())


def headline(estimates: Iterable[Estimate]) -> Estimate:
    """The highest estimate whose design earns it (role headline, not refused); else a refused one: not measured yet.

    A headline may be weak (a heavy tail): then its reason stands beside it.
    """
    heard = list(estimates)
    for estimate in heard:
        if estimate.role == "headline" and not estimate.is_refused:
            return estimate
    return _not_measured(heard)


def _not_measured(heard: list[Estimate]) -> Estimate:
    """The refusal that stands where a headline would, with what the best design lacks."""
    design = next((estimate for estimate in heard if estimate.method == HOLDOUT.id), None)
    why = design.reason if design else "No test against control was made."
    nothing = float("nan")
    level = heard[0].level if heard else Assumptions().confidence
    spend = heard[0].spend if heard else nothing
    unit = design.unit_of_analysis if design else "campaign"
    return Estimate(
        "iroas.none", "1", "Not measured yet", nothing, nothing, nothing, level, unit, 0, 0, spend, (), "refused",
        f"Not measured yet. {why}", "Only arms assigned at random measure what was caused.", "headline",
    )  # fmt: skip


def verdict(estimate: Estimate, break_even: float = 1.0) -> str:
    """'works', 'does not' or 'cannot tell yet', from where the interval lies; a published formula never earns one."""
    if estimate.is_refused or estimate.role == "comparison":
        return CANNOT_TELL
    if estimate.lower > break_even:
        return WORKS
    return DOES_NOT if estimate.upper < break_even else CANNOT_TELL


def verdict_sentence(estimate: Estimate, break_even: float = 1.0) -> str:
    """The verdict for people, with the number, its interval and its method."""
    if estimate.is_refused:
        return estimate.reason
    level = formats.share(estimate.level)
    span = formats.interval(estimate.lower, estimate.upper, "multiple")
    number = f"iROAS {formats.multiple(estimate.estimate)} ({level} interval {span}, {estimate.method})"
    mark = formats.multiple(break_even)
    if estimate.role == "comparison":
        return f"{number} is a published formula, not a measurement. {estimate.flaw}"
    said = {
        WORKS: f"Works: {number} lies wholly above {mark}.",
        DOES_NOT: f"Does not: {number} lies wholly below {mark}.",
        CANNOT_TELL: f"Cannot tell yet: {number} holds {mark}{_size(estimate)}.",
    }[verdict(estimate, break_even)]
    return said if estimate.role == "headline" else f"{said} Directional only: {estimate.reason}"


def _size(estimate: Estimate) -> str:
    return f"; this size shows {formats.multiple(estimate.mde)} or more" if estimate.mde == estimate.mde else ""
