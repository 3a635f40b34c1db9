"""Decides whether the data are fresh enough for a run: go, wait, go with a mark, or skip."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from reports.schedules.due import moment_words
from reports.schedules.needs import DataState
from reports.schedules.schedule import Schedule, length_words


@dataclass(frozen=True)
class Verdict:
    """What to do. act: 'go', 'wait' or 'skip'. sentence: why it waits or is skipped; with 'go' the mark, or ''."""

    act: str
    sentence: str = ""


def judged(schedule: Schedule, due: datetime, now: datetime, data: DataState, last_version: int | None) -> Verdict:
    """Whether the data that there are now will do for a report due at that moment.

    last_version: the version of the data of the schedule's last report that was sent, None without one.
    """
    gate = schedule.gate
    old = _old(schedule, due, data, last_version)
    if not old:
        return Verdict("go")
    deadline = due + timedelta(hours=gate.wait)
    if now < deadline:
        return Verdict("wait", f"{old} It waits for newer data until {moment_words(deadline, schedule.zone)}.")
    if gate.otherwise == "send":
        return Verdict("go", old)
    return Verdict("skip", f"{old} No newer data came within {length_words(gate.wait)}, so the report was skipped.")


def _old(schedule: Schedule, due: datetime, data: DataState, last_version: int | None) -> str:
    """The sentence that says how old the data are; '' where they are as fresh as asked."""
    gate, before = schedule.gate, due - timedelta(hours=schedule.gate.hours)
    if not gate.kind:
        return ""
    if not data.version:
        return "Nothing has been imported yet."
    if gate.kind == "imported" and data.imported < before.timestamp():
        imported = moment_words(datetime.fromtimestamp(data.imported, UTC), schedule.zone)
        return f"The data were imported on {imported}, more than {length_words(gate.hours)} before the due time."
    if gate.kind == "rows":
        wanted = before.astimezone(due.tzinfo).date()
        if data.last_day is None or data.last_day < wanted:
            ends = f"{data.last_day.day} {data.last_day:%b %Y}" if data.last_day else "no day"
            return f"The data end on {ends}; they were to reach {wanted.day} {wanted:%b %Y}."
    if gate.kind == "new" and last_version is not None and data.version == last_version:
        return f"No data have come since the last report: it is version {data.version} still."
    return ""
