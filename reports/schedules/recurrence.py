"""Decides how often a report is due: a wall-clock time and the days it falls on; read from a text and written back."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import time
from typing import Any

from errors import UserError, suggest

KINDS = (
    "daily", "weekly", "monthly", "quarterly", "after month end", "business day", "campaign end", "cron", "on demand",
)  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LAST = 0
"""Stands for the last day of a month or quarter."""
MOST_DAYS = 366
LONGEST_TEXT = 200
EXAMPLES = {
    "daily": "daily 09:00",
    "weekly": "weekly mon,thu 09:00",
    "monthly": "monthly 1 09:00",
    "quarterly": "quarterly last 09:00",
    "after month end": "month end +3 09:00",
    "business day": "business day 5 09:00",
    "campaign end": "campaign end +7 09:00 Summer drop",
    "cron": "cron 0 9 * * 1",
    "on demand": "on demand",
}
_CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])", re.ASCII)


class BadSchedule(UserError):
    """What was said of a schedule cannot be, or names one that is not there."""


@dataclass(frozen=True)
class Recurrence:
    """How often. kind: one of KINDS. at: wall-clock time “HH:MM”; the zone stands in the schedule, never here.

    days: of the week, 0 = Monday (weekly). day: of the month, or of the quarter's first month; LAST = its last day; a
    day that a month does not have is its last. n: days after the month's or the campaign's last day; or the number of
    the business day, -1 = the last. campaign: by its name in the data. cron: five fields. Raises BadSchedule.
    """

    kind: str = "daily"
    at: str = "09:00"
    days: tuple[int, ...] = ()
    day: int = 1
    n: int = 0
    campaign: str = ""
    cron: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise BadSchedule(f"A report cannot be due “{self.kind}”. {suggest(self.kind, KINDS)}")
        clock(self.at)
        wrong = {
            "weekly": not self.days or not set(self.days) <= set(range(7)),
            "monthly": not 0 <= self.day <= 31,
            "quarterly": not 0 <= self.day <= 31,
            "after month end": not 0 <= self.n <= MOST_DAYS,
            "campaign end": not (0 <= self.n <= MOST_DAYS and self.campaign),
            "business day": not (1 <= self.n <= 23 or self.n == -1),
            "cron": len(self.cron.split()) != 5,
        }
        if wrong.get(self.kind):
            raise BadSchedule(f"{_WRONG[self.kind]} in the schedule. {like(self.kind)}")

    def words(self) -> str:
        """How often, in words: “every Monday and Thursday at 09:00”."""
        return _WORDS[self.kind](self)

    def text(self) -> str:
        """The text that `parsed` reads back."""
        if self.kind in ("cron", "on demand"):
            return f"{self.kind} {self.cron}".strip()
        middle = {
            "weekly": ",".join(WEEKDAYS[day][:3].lower() for day in self.days),
            "monthly": str(self.day or "last"),
            "quarterly": str(self.day or "last"),
            "after month end": f"+{self.n}",
            "campaign end": f"+{self.n}",
            "business day": "last" if self.n < 0 else str(self.n),
        }
        name = "month end" if self.kind == "after month end" else self.kind
        return " ".join(part for part in (name, middle.get(self.kind, ""), self.at, self.campaign) if part)

    def as_record(self) -> dict[str, Any]:
        """The recurrence as JSON has it; `from_record` reads it back."""
        return {**asdict(self), "days": list(self.days)}


_WRONG = {
    "weekly": "No weekday stands",
    "monthly": "The day of the month is not 1 to 31 or last",
    "quarterly": "The day of the quarter is not 1 to 31 or last",
    "after month end": f"The days after the month's end are not +0 to +{MOST_DAYS}",
    "campaign end": f"The campaign's name is missing, or its days are not +0 to +{MOST_DAYS},",
    "business day": "The business day is not 1 to 23 or last",
    "cron": "The cron text has not five fields (minute hour day month weekday)",
}


def from_record(record: dict[str, Any]) -> Recurrence:
    """A recurrence from its record. Raises BadSchedule."""
    known = {key: record[key] for key in Recurrence.__dataclass_fields__ if key in record}
    return Recurrence(**{**known, "days": tuple(known.get("days", ()))})


def clock(text: str) -> time:
    """A wall-clock time. Raises BadSchedule."""
    found = _CLOCK.fullmatch(text.strip())
    if not found:
        raise BadSchedule(f"“{text[:40]}” is no time of day in the schedule. Write hours and minutes as 09:00.")
    return time(int(found[1]), int(found[2]))


def parsed(text: str) -> Recurrence:
    """The recurrence that a text says; five bare fields are cron. Raises BadSchedule with one sentence."""
    words = text.split()
    if not words or len(text) > LONGEST_TEXT:
        long = f"“{text[:40]}…” is longer than {LONGEST_TEXT} letters"
        said = long if words else "Nothing says when the report is due"
        raise BadSchedule(f"{said}. {like('weekly')}")
    for name, reader in _READERS.items():
        head = name.split()
        if [word.casefold() for word in words[: len(head)]] == head:
            return reader(words[len(head) :])
    if len(words) == 5 and not words[0][0].isalpha():
        return _cron(words)
    known = suggest(words[0], list(_READERS))
    raise BadSchedule(f"“{words[0][:40]}” does not say how often a report is due. {known} {like('weekly')}")


def like(kind: str) -> str:
    """End of a sentence: how that kind is written."""
    return f"Write it as “{EXAMPLES[kind]}”."


def _ended(words: list[str], count: int, kind: str) -> list[str]:
    """Exactly so many words, or the sentence that says what is missing or too much."""
    if len(words) < count:
        raise BadSchedule(f"Something is missing after “{' '.join([kind, *words])}” in the schedule. {like(kind)}")
    if len(words) > count:
        raise BadSchedule(f"“{' '.join(words[count:])[:40]}” is too much for “{kind}” in the schedule. {like(kind)}")
    return words


def _clocked(text: str) -> str:
    return f"{clock(text):%H:%M}"


def _daily(words: list[str]) -> Recurrence:
    (at,) = _ended(words, 1, "daily")
    return Recurrence("daily", _clocked(at))


def _weekly(words: list[str]) -> Recurrence:
    *days, at = words if len(words) > 1 else _ended(words, 2, "weekly")
    named = [part for word in days for part in word.split(",") if part]
    return Recurrence("weekly", _clocked(at), days=tuple(sorted({_weekday(name) for name in named})))


def _weekday(name: str) -> int:
    for number, full in enumerate(WEEKDAYS):
        if len(name) >= 3 and full.casefold().startswith(name.casefold()):
            return number
    raise BadSchedule(f"“{name[:40]}” is no weekday in the schedule. Write mon, tue, wed, thu, fri, sat or sun.")


def _number(word: str, what: str, kind: str, last: int | None = None) -> int:
    if last is not None and word.casefold() == "last":
        return last
    digits = word.removeprefix("+")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 3):
        raise BadSchedule(f"“{word[:40]}” is no {what} in the schedule. {like(kind)}")
    return int(digits)


def _monthly(kind: str) -> Callable[[list[str]], Recurrence]:
    def read(words: list[str]) -> Recurrence:
        day, at = _ended(words, 2, kind)
        number = _number(day, f"day of the {'month' if kind == 'monthly' else 'quarter'}", kind, LAST)
        if number == LAST and day.casefold() != "last":
            raise BadSchedule(f"{_WRONG[kind]} in the schedule. {like(kind)}")
        return Recurrence(kind, _clocked(at), day=number)

    return read


def _month_end(words: list[str]) -> Recurrence:
    kind = "after month end"
    days, at = _ended(words, 2, kind)
    return Recurrence(kind, _clocked(at), n=_number(days, "number of days after the month's end", kind))


def _business(words: list[str]) -> Recurrence:
    number, at = _ended(words, 2, "business day")
    return Recurrence("business day", _clocked(at), n=_number(number, "number of a business day", "business day", -1))


def _campaign(words: list[str]) -> Recurrence:
    days, at, *name = words if len(words) > 3 else [*_ended(words[:3], 3, "campaign end")]
    after = _number(days, "number of days after the campaign's end", "campaign end")
    return Recurrence("campaign end", _clocked(at), n=after, campaign=" ".join(name))


def _cron(words: list[str]) -> Recurrence:
    return Recurrence("cron", cron=" ".join(words))


def _demand(words: list[str]) -> Recurrence:
    _ended(words, 0, "on demand")
    return Recurrence("on demand")


_READERS: dict[str, Callable[[list[str]], Recurrence]] = {
    "daily": _daily, "weekly": _weekly, "monthly": _monthly("monthly"), "quarterly": _monthly("quarterly"),
    "month end": _month_end, "after month end": _month_end, "business day": _business, "campaign end": _campaign,
    "cron": _cron, "on demand": _demand,
}  # fmt: skip


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th …"""
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _days(number: int) -> str:
    return f"{number} {'day' if number == 1 else 'days'}"


def _month_day(one: Recurrence, of: str) -> str:
    return f"on the last day of every {of}" if one.day == LAST else f"on the {ordinal(one.day)} of every {of}"


_WORDS: dict[str, Callable[[Recurrence], str]] = {
    "daily": lambda one: f"every day at {one.at}",
    "weekly": lambda one: f"every {_listed([WEEKDAYS[day] for day in one.days])} at {one.at}",
    "monthly": lambda one: f"{_month_day(one, 'month')} at {one.at}",
    "quarterly": lambda one: (
        f"{_month_day(one, 'quarter' if one.day == LAST else 'quarter' + chr(8217) + 's first month')} at {one.at}"
    ),
    "after month end": lambda one: f"{_days(one.n)} after the end of every month at {one.at}",
    "business day": lambda one: (
        f"on the {'last' if one.n < 0 else ordinal(one.n)} business day of every month at {one.at}"
    ),
    "campaign end": lambda one: f"{_days(one.n)} after the campaign “{one.campaign}” ends, at {one.at}",
    "cron": lambda one: f"by cron “{one.cron}”",
    "on demand": lambda one: "only when it is asked for",
}
