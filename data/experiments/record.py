"""Decides what must be said of an experiment before anything may be measured by it, and how it is written down."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date, datetime
from typing import Any

from errors import BadExperiment

UNITS: dict[str, str] = {
    "customer": "customers",
    "geo": "places",
    "influencer": "influencers",
    "campaign": "campaigns",
    "go_live": "go-live dates",
}
"""What can be drawn into arms, with its plural for people; `go_live`: when each influencer posts."""
NONE = "none"
"""What an address says to measure without any experiment; no experiment may have this key."""
_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_DAYS = ("start", "end", "pre_start", "stated_on")


@dataclass(frozen=True)
class Experiment:
    """One experiment, as its owner declared it.

    key: its name in addresses and commands (a–z, 0–9, hyphens). name: for people. unit: a key of UNITS.
    is_random: whether the arms (or dates) were drawn at random: the user's word; None while nobody has said.
    query: the selection that it covers, as in the address; "" covers everything.
    start, end: first and last day of the test, both counted; end is the day declared in advance. Both None: the
        column `period` of the tracking rows says which rows lie before and in the test.
    pre_start: first day that counts as before; None: the first day of the data.
    treated, control: the units of each arm; both empty: the column campaign_type says. sizes: how many units each
        arm has (treated, control), customers only: those who bought nothing stand in no file.
    calendar: the record of a drawn go-live calendar (analytics.effects.designs), `go_live` only.
    looks: how many times the result is to be looked at before its end; 0: daily, 1: once, at the end.
    stated_on: day of the declaration. stated_by: who declared it, as they wrote it.
    """

    key: str
    name: str
    unit: str
    is_random: bool | None = None
    query: str = ""
    start: date | None = None
    end: date | None = None
    pre_start: date | None = None
    treated: tuple[str, ...] = ()
    control: tuple[str, ...] = ()
    sizes: tuple[int, int] | None = None
    calendar: Mapping[str, Any] | None = field(default=None, compare=False)
    looks: int = 1
    stated_on: date | None = None
    stated_by: str = ""

    def __post_init__(self) -> None:
        if not _KEY.fullmatch(self.key) or self.key == NONE:
            raise BadExperiment(f"“{self.key}” cannot name an experiment: use small letters, digits and hyphens.")
        if not self.name.strip():
            raise BadExperiment("The experiment has no name: give it one that people will recognise.")
        if self.unit not in UNITS:
            raise BadExperiment(f"“{self.unit}” cannot be drawn into arms. Choose one of {', '.join(UNITS)}.")
        self._check_days()
        self._check_arms()

    def _check_days(self) -> None:
        if (self.start is None) != (self.end is None):
            raise BadExperiment(f"{self.name}: give both the first and the last day of the test, or neither.")
        if self.start and self.end and self.start > self.end:
            raise BadExperiment(f"{self.name}: the test ends ({self.end}) before it begins ({self.start}).")
        if self.pre_start and self.start and self.pre_start >= self.start:
            raise BadExperiment(f"{self.name}: the time before must begin before the test does ({self.start}).")
        if self.looks < 0:
            raise BadExperiment(f"{self.name}: {self.looks} looks cannot be; 0 is daily, 1 once at the end.")

    def _check_arms(self) -> None:
        if bool(self.treated) != bool(self.control):
            raise BadExperiment(f"{self.name}: list the units of both arms, or of neither.")
        both = sorted(set(self.treated) & set(self.control))
        if both:
            raise BadExperiment(f"{self.name}: “{both[0]}” stands in both arms. A unit has one arm.")
        if self.sizes is not None and (len(self.sizes) != 2 or min(self.sizes) < 1):
            raise BadExperiment(f"{self.name}: give how many {UNITS[self.unit]} each arm has, at least one.")
        if self.unit == "go_live" and not self.calendar:
            raise BadExperiment(f"{self.name}: go-live dates need the calendar that was drawn.")

    @property
    def stamp(self) -> str:
        """What is printed beside every estimate that rests on it."""
        drawn = {True: "drawn at random", False: "not drawn at random", None: "not declared as drawn at random"}
        when = f", as declared on {self.stated_on:%-d %b %Y}" if self.stated_on else ""
        by = f" by {self.stated_by}" if when and self.stated_by else ""
        return f"{self.name}: {UNITS[self.unit]} {drawn[self.is_random]}{when}{by}"

    def as_record(self) -> dict[str, Any]:
        """As JSON can hold it; days as 2026-07-31."""
        record = {key: value.isoformat() if isinstance(value, date) else value for key, value in asdict(self).items()}
        return record | {"calendar": dict(self.calendar) if self.calendar else None}


def from_record(record: Any) -> Experiment:
    """The experiment of a record, whoever wrote it. Raises BadExperiment with what is wrong in it."""
    if not isinstance(record, Mapping):
        raise BadExperiment("What was said of an experiment is not an object. Write {“key”: …, “name”: …, “unit”: …}.")
    known = {item.name for item in fields(Experiment)}
    strange = sorted(str(name) for name in set(record) - known)
    if strange:
        raise BadExperiment(f"“{strange[0]}” is not known of experiments. Known: {', '.join(sorted(known))}.")
    given = {name: value for name, value in record.items() if value is not None}
    lacking = sorted({"key", "name", "unit"} - set(given))
    if lacking:
        raise BadExperiment(f"The experiment lacks “{lacking[0]}”.")
    for name, value in given.items():
        _check_kind(name, value)
    given |= {name: _day(name, record.get(name)) for name in _DAYS}
    given |= {name: tuple(str(unit) for unit in given.get(name, ())) for name in ("treated", "control")}
    if "sizes" in given:
        given["sizes"] = tuple(given["sizes"])
    return Experiment(**given)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


_KINDS: dict[str, tuple[str, Callable[[Any], bool]]] = {
    **dict.fromkeys(("key", "name", "unit", "query", "stated_by"), ("a text", lambda value: isinstance(value, str))),
    **dict.fromkeys(_DAYS, ("a day, as 2026-07-31", lambda value: isinstance(value, str | date))),
    **dict.fromkeys(
        ("treated", "control"),
        ("a list of units", lambda value: isinstance(value, list | tuple)
         and all(isinstance(one, str) or _is_whole(one) for one in value)),
    ),
    "is_random": ("true or false", lambda value: isinstance(value, bool)),
    "sizes": ("two whole numbers", lambda value: isinstance(value, list | tuple)
              and len(value) == 2 and all(map(_is_whole, value))),
    "calendar": ("the record of a calendar", lambda value: isinstance(value, Mapping)),
    "looks": ("a whole number", _is_whole),
}  # fmt: skip


def _check_kind(name: str, value: Any) -> None:
    words, fits = _KINDS[name]
    if not fits(value):
        raise BadExperiment(f"“{name}” of an experiment is {words}, not “{f'{value}'[:60]}”.")


def _day(name: str, value: Any) -> date | None:
    if value is None or value == "":
        return None
    if isinstance(value, date):
        return value.date() if isinstance(value, datetime) else value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise BadExperiment(f"“{name}: {value}” is not a day. Write it as 2026-07-31.") from None
