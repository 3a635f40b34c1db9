"""Decides how what somebody said of an experiment, in a form, becomes the record that is kept of it."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from datetime import date
from typing import Any

from analytics.planning.calendar import key_of
from data.filters import Filters
from errors import BadExperiment

ANSWERS = {"yes": True, "no": False, "unknown": None}
ONCE, PLANNED, DAILY = "once", "planned", "daily"
LISTED, HERE = "listed", "here"
WEEKS = 7


def declaration(said: Mapping[str, Any], query: str, today: date) -> dict[str, Any]:
    """The record (data.experiments.record.from_record) of what was said. Raises BadExperiment.

    said: name; unit; random (yes, no, unknown); start, end, pre_start (days as 2026-07-31); arms (`listed`, or the
    rows' own test and control), then treated, control (a unit a line, or commas); size_treated, size_control
    (customers); looks (once, planned, daily), then times; covers (`here`: the selection of query); by.
    """
    answer = f"{said.get('random') or 'unknown'}"
    if answer not in ANSWERS:
        raise BadExperiment(f"“{answer}” is no answer. Say yes, no or unknown.")
    name = f"{said.get('name') or ''}".strip()
    days = {key: said[key] for key in ("start", "end", "pre_start") if said.get(key)}
    return {
        "key": key_of(name), "name": name, "unit": said.get("unit") or "campaign", "is_random": ANSWERS[answer], **days,
        "query": Filters.from_query(query).to_query() if said.get("covers") == HERE else f"{said.get('query') or ''}",
        **_arms(said), "sizes": _sizes(said), "looks": _looks(said), "stated_on": today.isoformat(),
        "stated_by": f"{said.get('by') or ''}".strip(),
    }  # fmt: skip


def _arms(said: Mapping[str, Any]) -> dict[str, list[str]]:
    """Nothing when the rows' own test and control say it, whatever was written into the lists before."""
    if said.get("arms") != LISTED:
        return {}
    arms = {key: units(f"{said.get(key) or ''}") for key in ("treated", "control")}
    for key, words in (("treated", "test"), ("control", "control")):
        if not arms[key]:
            raise BadExperiment(f"No unit of the {words} is listed: list both arms, or have the rows say them.")
    return arms


def units(text: str) -> list[str]:
    """A unit a line, or separated by commas; quotes keep a comma: "Diwali, wave 2". Each once, in order."""
    found = [unit.strip() for row in csv.reader(text.splitlines(), skipinitialspace=True) for unit in row]
    return list(dict.fromkeys(unit for unit in found if unit))


def _sizes(said: Mapping[str, Any]) -> list[int] | None:
    given = [said.get(key) for key in ("size_treated", "size_control")]
    if said.get("unit") != "customer" or all(one in (None, "") for one in given):
        return None
    if any(one in (None, "") for one in given):
        raise BadExperiment("Only one arm has its number of customers: say how many were drawn into both, or neither.")
    return [_whole(one, "customers of an arm") for one in given]


def _looks(said: Mapping[str, Any]) -> int:
    """1 once, 0 daily; planned: as often as said, else once a week of the test."""
    chosen = f"{said.get('looks') or ONCE}"
    if chosen in (ONCE, DAILY):
        return 1 if chosen == ONCE else 0
    if chosen != PLANNED:
        raise BadExperiment(f"“{chosen}” is no way to look. Say once, planned or daily.")
    if said.get("times") not in (None, ""):
        return _whole(said["times"], "looks")
    try:
        first, last = (date.fromisoformat(f"{said.get(key) or ''}") for key in ("start", "end"))
    except ValueError:
        raise BadExperiment("Weekly looks need the first and the last day, or how many they are: say either.") from None
    return max(math.ceil(((last - first).days + 1) / WEEKS), 1)


def _whole(given: Any, words: str) -> int:
    try:
        number = float(given)
        if number.is_integer() and number >= 1:
            return int(number)
    except (TypeError, ValueError, OverflowError):
        pass
    raise BadExperiment(f"“{given}” is no number of {words}: write a whole one from 1 up.")
