"""Decides at which moments a schedule is due, in its own zone, every date once, whatever its clocks do.

Three rules: a local time that does not exist runs at the first moment after it; one that comes twice runs the first
time; a date that does not exist (Apia, 30 December 2011) is caught up once, at the first moment after it. What is kept
of a schedule is wall time and zone, never an offset; what is kept of a run is its local due time, and that is its key.
"""

from __future__ import annotations

import zoneinfo
from calendar import monthrange
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import islice, takewhile
from typing import Protocol

from cronsim import CronSim, CronSimError

from errors import suggest
from reports.schedules.recurrence import LAST, BadSchedule, Recurrence, clock

YEARS_AHEAD = 60
_DAY = timedelta(days=1)
_FIELDS = {
    "minute": (0, "minute"), "hour": (1, "hour"), "day-of-month": (2, "day that its months have"),
    "month": (3, "month"), "day-of-week": (4, "day of the week"),
}  # fmt: skip


_HINT = "Give minute 0–59, hour 0–23, day 1–31, month 1–12 and weekday 0–7, as in “0 9 * * 1”."


class Timed(Protocol):
    """What of a schedule says when it is due."""

    @property
    def recurrence(self) -> Recurrence:
        """How often."""

    @property
    def zone(self) -> str:
        """Whose clocks."""

    @property
    def holidays(self) -> tuple[date, ...]:
        """Days that are no business days."""


@dataclass(frozen=True)
class Due:
    """One due time. local: the wall-clock time, naive; with the schedule it is the run's key. moment: when that is."""

    local: datetime
    moment: datetime

    @property
    def key(self) -> str:
        """The local due time as the ledger keeps it: 2026-11-23T09:00."""
        return self.local.isoformat(timespec="minutes")


@lru_cache(maxsize=1)
def zones() -> frozenset[str]:
    """All zones by name."""
    return frozenset(zoneinfo.available_timezones())


def zone(name: str) -> zoneinfo.ZoneInfo:
    """The zone of that name. Raises BadSchedule."""
    if name not in zones():
        if name[:1] in ("+", "-") or name[:4] in ("UTC+", "UTC-", "GMT+", "GMT-"):
            raise BadSchedule(f"“{name[:40]}” is an offset, not a time zone. Name the place, as Asia/Kolkata.")
        raise BadSchedule(f"No time zone “{name[:40]}”. {suggest(name, sorted(zones()))}")
    return zoneinfo.ZoneInfo(name)


def moment(local: datetime, place: zoneinfo.ZoneInfo) -> datetime:
    """When a naive wall-clock time is, in UTC: the first of two; the first moment after one that does not exist."""
    found = local.replace(tzinfo=place).astimezone(UTC)
    if found.astimezone(place).replace(tzinfo=None) == local:
        return found
    return _after_gap(local.replace(tzinfo=place, fold=1).astimezone(UTC), found, place)


def _after_gap(low: datetime, high: datetime, place: zoneinfo.ZoneInfo) -> datetime:
    """The second at which the offset changes, after `low` and not after `high`."""
    offset = high.astimezone(place).utcoffset()
    seconds = int((high - low).total_seconds())
    below, above = 0, seconds
    while above - below > 1:
        middle = (below + above) // 2
        changed = (low + timedelta(seconds=middle)).astimezone(place).utcoffset() == offset
        below, above = (below, middle) if changed else (middle, above)
    return low + timedelta(seconds=above)


def due_times(timed: Timed, after: datetime, ends: Mapping[str, date] | None = None) -> Iterator[Due]:
    """All due times after a moment, in their order. ends: campaign → its last day, for “campaign end”.

    Times of one date that fall on one moment, both in an hour that does not exist, are one. Raises BadSchedule.
    """
    place = zone(timed.zone)
    start = after.astimezone(place).replace(tzinfo=None)
    before: Due | None = None
    for local in wall_times(timed.recurrence, start, timed.holidays, ends or {}):
        due = Due(local, moment(local, place))
        again = before and before.moment == due.moment and before.local.date() == local.date()
        if due.moment > after and not again:
            yield due
        before = due


def due_between(timed: Timed, after: datetime, until: datetime, ends: Mapping[str, date] | None = None) -> list[Due]:
    """The due times after one moment, up to and with another."""
    return list(takewhile(lambda due: due.moment <= until, due_times(timed, after, ends)))


def next_runs(timed: Timed, now: datetime, number: int = 5, ends: Mapping[str, date] | None = None) -> list[str]:
    """The next due times in words: “Mon 23 Nov 2026, 09:00 IST (Asia/Kolkata)”."""
    return [words(due, timed.zone) for due in islice(due_times(timed, now, ends), number)]


def words(due: Due, zone_name: str) -> str:
    """A due time in words with its zone; what the clocks did to it is said."""
    place = zone(zone_name)
    said = moment_words(due.moment, zone_name)
    shown = due.moment.astimezone(place).replace(tzinfo=None)
    if shown != due.local:
        return f"{said}, as {due.local.day} {due.local:%b %H:%M} does not exist there"
    twice = due.local.replace(tzinfo=place).utcoffset() != due.local.replace(tzinfo=place, fold=1).utcoffset()
    return f"{said}, the first of two" if twice else said


def moment_words(at: datetime, zone_name: str) -> str:
    """A moment in a zone's own clock: “Mon 23 Nov 2026, 09:00 IST (Asia/Kolkata)”."""
    there = at.astimezone(zone(zone_name))
    name = there.tzname() or ""
    short = f"UTC{there:%z}"[:6] + ":" + f"{there:%z}"[3:5] if name[:1] in ("+", "-") else name
    return f"{there:%a} {there.day} {there:%b %Y}, {there:%H:%M} {short} ({zone_name})"


def wall_times(
    recurrence: Recurrence, after: datetime, holidays: Collection[date] = (), ends: Mapping[str, date] | None = None
) -> Iterator[datetime]:
    """The naive wall-clock times of a recurrence after one, in their order; no zone is thought of."""
    if recurrence.kind == "cron":
        yield from _cron(recurrence.cron, after)
        return
    at = clock(recurrence.at)
    for day in _days(recurrence, after.date(), frozenset(holidays), ends or {}):
        local = datetime.combine(day, at)
        if local > after:
            yield local


def check_cron(text: str) -> None:
    """Raises BadSchedule where a cron text cannot be read or never comes."""
    if next(_cron(text, datetime(2024, 1, 1)), None) is None:
        raise BadSchedule(f"The cron text “{text}” never comes. Choose a day that its months have.")


def _cron(text: str, after: datetime) -> Iterator[datetime]:
    try:
        return iter(CronSim(text, after))
    except (CronSimError, ValueError) as error:
        number, field = _FIELDS.get(f"{error}".removeprefix("Bad "), (0, "field"))
        fields = text.split()
        said = fields[number][:40] if len(fields) == 5 else text[:40]
        raise BadSchedule(f"“{said}” is no {field} in the cron text “{text[:80]}”. {_HINT}") from None


def _days(recurrence: Recurrence, start: date, holidays: frozenset[date], ends: Mapping[str, date]) -> Iterator[date]:
    """The days of a recurrence from one on, in their order."""
    if recurrence.kind in ("daily", "weekly"):
        wanted = recurrence.days if recurrence.kind == "weekly" else range(7)
        every = (start + _DAY * step for step in range(366 * YEARS_AHEAD))
        return (day for day in every if day.weekday() in wanted)
    if recurrence.kind == "campaign end":
        end = ends.get(recurrence.campaign)
        return iter([end + _DAY * recurrence.n] if end else [])
    pick = _PICKS.get(recurrence.kind)
    if not pick:
        return iter(())
    back = recurrence.n // 28 + 1 if recurrence.kind == "after month end" else 0
    first = start.year * 12 + start.month - 1 - back
    months = range(first, first + 12 * YEARS_AHEAD)
    return (day for number in months if (day := pick(recurrence, number // 12, number % 12 + 1, holidays)))


def _monthly(recurrence: Recurrence, year: int, month: int, _: frozenset[date]) -> date | None:
    last = monthrange(year, month)[1]
    return date(year, month, last if recurrence.day == LAST else min(recurrence.day, last))


def _quarterly(recurrence: Recurrence, year: int, month: int, holidays: frozenset[date]) -> date | None:
    if month % 3 != (0 if recurrence.day == LAST else 1):
        return None
    return _monthly(recurrence, year, month, holidays)


def _after_month_end(recurrence: Recurrence, year: int, month: int, _: frozenset[date]) -> date | None:
    return date(year, month, monthrange(year, month)[1]) + _DAY * recurrence.n


def _business_day(recurrence: Recurrence, year: int, month: int, holidays: frozenset[date]) -> date | None:
    """The nth day that is neither weekend nor holiday; the last one where a month has fewer."""
    every = [date(year, month, day + 1) for day in range(monthrange(year, month)[1])]
    open_days = [day for day in every if day.weekday() < 5 and day not in holidays]
    if not open_days:
        return None
    return open_days[-1 if recurrence.n < 0 else min(recurrence.n, len(open_days)) - 1]


_PICKS: dict[str, Callable[[Recurrence, int, int, frozenset[date]], date | None]] = {
    "monthly": _monthly,
    "quarterly": _quarterly,
    "after month end": _after_month_end,
    "business day": _business_day,
}
