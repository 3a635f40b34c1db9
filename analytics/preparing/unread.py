"""Decides what is said where a test was declared and this selection cannot be measured by it, and what would let it."""

from __future__ import annotations

from datetime import date

from analytics import formats
from analytics.ask import Ask
from analytics.incrementality.slice import CONTROL, TREATED
from analytics.preparing import choice
from analytics.preparing.units import Design
from data import schema
from data.experiments.record import NONE, UNITS, Experiment
from data.filters import Filters
from errors import BadFilter

_NAMED = 3


def why(ask: Ask) -> str:
    """Why the declared test is not what this selection is measured by; empty when none is declared, or one is read.

    The one that the address names, else the newest that the selection lies in. A test of another selection is not
    spoken of unless it was named.
    """
    key = ask.assumptions.experiment
    if key == NONE or choice.chosen(ask) is not None:
        return ""
    known = [one for one in ask.store.experiments() if key in ("", one.key)]
    return next((said for said in (_why(one, ask) for one in known) if said), "")


def unknown(experiment: Experiment | None, design: Design) -> str:
    """Why listed units are none: no row names a single one of an arm's; empty otherwise."""
    if experiment is None or not experiment.treated:
        return ""
    known = set(design.rows["unit"].dropna().astype(str))
    for arm, word in ((TREATED, "test"), (CONTROL, "control")):
        units = design.pairs.loc[design.pairs["arm"].eq(arm), "unit"].astype(str)
        if len(units) and not known & set(units):
            return (
                f"None of the {UNITS[experiment.unit]} that “{experiment.name}” lists for {word} stands in these rows "
                f"({formats.listing(units[:_NAMED].tolist())}): write them as the data do, or choose all it covers."
            )
    return ""


def _why(one: Experiment, ask: Ask) -> str:
    try:
        scope = ask.store.resolved(Filters.from_query(one.query), ask.assumptions.tiers)
    except BadFilter:
        return ""
    if not all(choice.within(scope.values(key), ask.filters.values(key), True) for key in schema.FILTERED):
        wide = "" if ask.assumptions.experiment != one.key else scope.describe()
        return f"“{one.name}” was declared for another selection ({wide}): choose that one." if wide else ""
    if one.unit == "geo" and scope.to_query() and set(scope.chosen()) - choice.CARRIED_BY_ORGANIC:
        return f"“{one.name}” was declared for {scope.describe()}, which orders by place do not carry: declare it anew."
    cut = choice.cut_by(one, ask, scope)
    if cut:
        whole = UNITS["influencer" if one.unit == "go_live" else one.unit]
        return (
            f"“{one.name}” compares whole {whole}, and narrowing by {formats.listing(cut)} leaves out orders of one "
            "side and not of the other: take that filter off."
        )
    return _days(one, ask)


def _days(one: Experiment, ask: Ask) -> str:
    span = ask.store.span()
    if span is None or one.start is None or one.end is None:
        return f"The dates chosen cut “{one.name}”: choose dates that hold all of it."
    if one.start > span[1]:
        # What is listed or dated for later says nothing of the arms that rows carry now.
        if ask.assumptions.experiment != one.key and (one.treated or one.unit == "go_live"):
            return ""
        return _outside(one, "begins", one.start, "end", span[1], "import newer days once it has begun")
    if one.end < span[0]:
        return _outside(one, "ended", one.end, "begin", span[0], "import the days of the test, or correct its dates")
    until = min(one.end, span[1])
    return (
        f"The dates chosen cut “{one.name}”, which is known from {formats.day(one.start)} to {formats.day(until)}: "
        "choose dates that hold all of it."
    )


def _outside(one: Experiment, verb: str, day: date, word: str, edge: date, then: str) -> str:
    return f"“{one.name}” {verb} on {formats.day(day)}, and the data {word} on {formats.day(edge)}: {then}."
