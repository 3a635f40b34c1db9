"""Decides what is looked at when a number is watched: a metric over some days, and the same over the days before."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from analytics import formats, metrics, prepare
from analytics.ask import Ask
from analytics.assumptions import Assumptions
from analytics.incrementality.court import headline
from data.filters import Filters

IROAS = "iroas"
Span = tuple[date | None, date | None]


@dataclass(frozen=True)
class Watched:
    """A metric at one moment, in its own unit; NaN where it cannot be computed, and then `why`, a clause.

    lower, upper: ends of the interval of `iroas`, NaN for every other metric. before: of the period before, and
    before_days: its first and last day, None where it was not asked for or cannot be had. version: of the data.
    query: as the data spells it, with its days. since, until: the days looked at, None without data. Days that the data
    do not reach yet cannot be computed: half a week is no week.
    """

    key: str
    value: float
    version: int
    query: str
    since: date | None
    until: date | None
    lower: float = math.nan
    upper: float = math.nan
    before: float = math.nan
    before_days: tuple[date, date] | None = None
    why: str = ""


def watched(store: Any, key: str, query: str, compare: bool = False) -> Watched:
    """A metric of the selection that a query makes, from the store's current version. Raises UserError.

    key: of analytics.metrics, or 'iroas': the headline estimate with its interval, where one is measured. compare:
    whether the period before is asked for too; without it no change can be computed, and `why` says so.
    """
    assumptions, fixed = Assumptions.from_query(query), store.now()
    filters = fixed.resolved(Filters.from_query(query), assumptions.tiers)
    ask = Ask(fixed, filters, assumptions)
    compared = ask.compared() if compare else None
    own = compared.now if compared else ask
    days, last = own.span() or (None, None), fixed.span()
    value, lower, upper, why = _now(own, key, days, last)
    before, before_days, lacks = (
        _before(compared.before if compared else None, key) if compare else (math.nan, None, "")
    )
    parts = (replace(own.filters, since=days[0], until=days[1]).to_query(), assumptions.to_query())
    return Watched(
        key, value, fixed.version, "&".join(part for part in parts if part), days[0], days[1], lower, upper, before,
        before_days, why or lacks,
    )  # fmt: skip


def _now(ask: Ask, key: str, days: Span, data: tuple[date, date] | None) -> tuple[float, float, float, str]:
    if data and days[1] and data[1] < days[1]:
        return math.nan, math.nan, math.nan, f"the data end on {formats.day(data[1])}, before these days do"
    return _estimate(ask) if key == IROAS else _plain(ask, key)


def _plain(ask: Ask, key: str) -> tuple[float, float, float, str]:
    value = ask.value(metrics.metric(key).key)
    return value, math.nan, math.nan, ask.why_missing(key) if math.isnan(value) else ""


def _estimate(ask: Ask) -> tuple[float, float, float, str]:
    found = headline(prepare.court_of(ask))
    return found.estimate, found.lower, found.upper, found.reason if found.is_refused else ""


def _before(ask: Ask | None, key: str) -> tuple[float, tuple[date, date] | None, str]:
    """The number before, its days, and why there is none: days that the data do not hold whole are no period."""
    days, data = (ask.span(), ask.store.span()) if ask else (None, None)
    if ask is None or days is None or data is None or days[0] < data[0]:
        return math.nan, None, "the data do not hold the whole period before"
    value, *_, why = _plain(ask, key)
    return value, days, f"{why}, in the period before" if why else ""
