"""Decides which of the due times that have passed become runs: those on time, and of the missed what is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from data.ledger.runs import DueRow
from reports.schedules.due import Due, words
from reports.schedules.schedule import Schedule

ON_TIME_SECONDS = 900.0
"""A due time that is younger than this was not missed, the worker was merely busy."""
MOST_CAUGHT_UP = 1_000
"""Of “all” no more than the latest so many are made."""


def rows(schedule: Schedule, dues: Sequence[Due], now: datetime) -> list[DueRow]:
    """The rows that due times become, in their order. dues: those since the schedule was last looked at.

    latest: the last due time (with those of the same moment, where a date did not exist); all: each; none: those on
    time, and of the missed one row, skipped, that says how many they were.
    """
    if not dues:
        return []
    if schedule.catch_up == "none":
        missed = [due for due in dues if (now - due.moment).total_seconds() > ON_TIME_SECONDS]
        skipped = [_row(schedule, missed[-1], state="skipped", reason=_missed(schedule, missed))] if missed else []
        return [*skipped, *(_row(schedule, due) for due in dues[len(missed) :])]
    if schedule.catch_up == "latest":
        kept = [due for due in dues if due.moment == dues[-1].moment]
    else:
        kept = list(dues[-MOST_CAUGHT_UP:])
    left = dues[: -len(kept)]
    return [_row(schedule, due, mark=_stands_for(schedule, left) if left and due is kept[-1] else "") for due in kept]


def _row(schedule: Schedule, due: Due, mark: str = "", state: str = "due", reason: str = "") -> DueRow:
    return DueRow(due.key, due.moment.timestamp(), schedule.zone, mark, state, reason)


def _span(schedule: Schedule, dues: Sequence[Due]) -> str:
    if len(dues) == 1:
        return f"the due time of {words(dues[0], schedule.zone)}"
    first, last = (words(due, schedule.zone) for due in (dues[0], dues[-1]))
    return f"{len(dues):,} due times from {first} to {last}"


def _missed(schedule: Schedule, missed: Sequence[Due]) -> str:
    return f"No worker ran: {_span(schedule, missed)} passed, and the schedule does not catch up."


def _stands_for(schedule: Schedule, left: Sequence[Due]) -> str:
    return f"It stands also for {_span(schedule, left)}, when no worker ran."
