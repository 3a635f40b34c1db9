"""Decides how the state of a schedule's rule is kept: armed or fired, what the last look saw, and what has changed.

A look, the state after it and the run that it makes are written together or not at all, and only if nobody else has
looked and nobody has changed the schedule since: however many workers look, and wherever one dies, a rule that fires
makes exactly one run.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sql

from data.ledger.book import Book
from data.ledger.runs import RUNS, TABLES, DueRow
from data.ledger.schedules import SCHEDULES, ScheduleRow

ALERTS = sql.Table(
    "alerts",
    TABLES,
    sql.Column("schedule", sql.String(32), primary_key=True),
    sql.Column("about", sql.Text, nullable=False),
    sql.Column("state", sql.String(8), nullable=False),
    sql.Column("looks", sql.Integer, nullable=False),
    sql.Column("fires", sql.Integer, nullable=False),
    sql.Column("at", sql.Float, nullable=False),
    sql.Column("value", sql.Float),
    sql.Column("query", sql.Text, nullable=False),
    sql.Column("version", sql.Integer, nullable=False),
    sql.Column("said", sql.Text, nullable=False),
    sql.Column("past", sql.Text, nullable=False),
)
PAST = 20
"""So many changes are remembered."""


@dataclass(frozen=True)
class AlertRow:
    """What is known of a rule after its last look.

    about: what it was a rule on, so that another rule begins anew. state: 'armed' or 'fired'. looks, fires: how many
    there were. at: of the last look, seconds since 1970; value: what it saw, None where that could not be computed;
    query: with the days looked at; version: of the data; said: a sentence. past: the last changes, newest first: at,
    what ('fired', 'armed', 'not computed', 'computed') and said.
    """

    schedule: str
    about: str
    state: str
    looks: int = 0
    fires: int = 0
    at: float = 0.0
    value: float | None = None
    query: str = ""
    version: int = 0
    said: str = ""
    past: tuple[Mapping[str, Any], ...] = ()


class Alerts:
    """The door to the states of rules. url: SQLAlchemy form; clock: seconds since 1970."""

    def __init__(self, url: str, clock: Callable[[], float] = time.time) -> None:
        self._book = Book(url, TABLES, clock)
        self._clock = clock

    def of(self, schedule: str) -> AlertRow | None:
        """The state of a schedule's rule; None while nobody has looked."""
        found = self._book.read(sql.select(ALERTS).where(ALERTS.c.schedule == schedule))
        return _row(found[0]) if found else None

    def look(self, kept: ScheduleRow, before: AlertRow | None, after: AlertRow, run: DueRow | None = None) -> bool:
        """Writes what a look found, and the run that it makes; False, and nothing written, when it comes too late.

        kept: the schedule as it was read; before: the state as it was read; after: `looks` is counted on here.
        """
        fresh = _fresh(kept, before)
        values = {**vars(after), "looks": before.looks + 1 if before else 1}
        values["past"] = json.dumps([dict(one) for one in after.past[:PAST]], ensure_ascii=False)
        made = [_inserted(RUNS, run.values(kept.id, self._clock()), fresh)] if run else []
        return self._book.write(*made, _written(values, before, fresh)) == 1


def _fresh(kept: ScheduleRow, before: AlertRow | None) -> sql.ColumnElement[bool]:
    """That the schedule and the state are still those that the look began with."""
    own = [SCHEDULES.c.id == kept.id, SCHEDULES.c.looked == kept.looked, SCHEDULES.c.state == "active"]
    # The table is named anew: within an UPDATE of itself the question would be about the row that is written.
    seen = ALERTS.alias("seen")
    mine = seen.c.schedule == kept.id
    state = sql.exists().where(mine, seen.c.looks == before.looks) if before else ~sql.exists().where(mine)
    return sql.and_(sql.exists().where(*own), state)


def _written(
    values: dict[str, Any], before: AlertRow | None, fresh: sql.ColumnElement[bool]
) -> sql.Insert | sql.Update:
    if before is None:
        return _inserted(ALERTS, values, fresh)
    return sql.update(ALERTS).where(ALERTS.c.schedule == before.schedule, fresh).values(**values)


def _inserted(table: sql.Table, values: dict[str, Any], only: sql.ColumnElement[bool]) -> sql.Insert:
    """The statement that writes a row, where a condition still holds. A key that is there is a fault and raises."""
    said = [sql.literal(value, table.c[key].type) for key, value in values.items()]
    return sql.insert(table).from_select(list(values), sql.select(*said).where(only))


def _row(row: sql.RowMapping) -> AlertRow:
    plain = {key: row[key] for key in AlertRow.__dataclass_fields__}
    return AlertRow(**{**plain, "past": tuple(json.loads(row["past"]))})
