"""Decides how schedules are kept: what each one says, its state, and up to which moment it has been looked at.

The due rows that a look finds and the moment it looked up to are written together or not at all, so a look that is cut
short, or that another process makes at the same time, neither loses a due time nor writes one twice.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sql

from data.ledger.book import Book
from data.ledger.runs import RUNS, TABLES, DueRow

SCHEDULES = sql.Table(
    "schedules",
    TABLES,
    sql.Column("id", sql.String(32), primary_key=True),
    sql.Column("state", sql.String(8), nullable=False),
    sql.Column("reason", sql.Text, nullable=False, default=""),
    sql.Column("record", sql.Text, nullable=False),
    sql.Column("looked", sql.Float, nullable=False),
    sql.Column("counted", sql.Float, nullable=False, default=0.0),
    sql.Column("created", sql.Float, nullable=False),
)
REMOVED = "removed"


@dataclass(frozen=True)
class ScheduleRow:
    """One schedule as it is kept. record: what it says (reports.schedules.schedule), with its id, state and reason.

    looked: up to when its due times are written; counted: from when its failures in a row are counted; created: all
    in seconds since 1970.
    """

    id: str
    state: str
    reason: str
    record: Mapping[str, Any]
    looked: float
    counted: float
    created: float


class Schedules:
    """The door to the schedules. url: SQLAlchemy form; clock: seconds since 1970."""

    def __init__(self, url: str, clock: Callable[[], float] = time.time) -> None:
        self._book = Book(url, TABLES, clock)
        self._clock = clock

    def add(self, record: Mapping[str, Any]) -> str:
        """Keeps a schedule, due from now on; returns its id: the record's own, or one that nobody can guess."""
        number = str(record.get("id") or secrets.token_hex(8))
        now = self._clock()
        said = json.dumps({**record, "id": number}, ensure_ascii=False)
        values = {"state": record.get("state", "active"), "record": said, "looked": now, "counted": now}
        self._book.write(sql.insert(SCHEDULES).values(id=number, created=now, **values))
        return number

    def change(self, id: str, record: Mapping[str, Any]) -> bool:
        """Replaces what a schedule says; its due times count from now on. False when it is not there."""
        said = json.dumps({**record, "id": id}, ensure_ascii=False)
        return self._change(id, {"record": said, "looked": self._clock()})

    def pause(self, id: str, reason: str) -> bool:
        """Stops a schedule, with the reason; False when it was not active."""
        active = SCHEDULES.c.state == "active"
        return self._change(id, {"state": "paused", "reason": reason}, active)

    def resume(self, id: str) -> bool:
        """Starts a paused schedule: due from now on, failures counted anew; False when it was not paused."""
        now = self._clock()
        values = {"state": "active", "reason": "", "looked": now, "counted": now}
        return self._change(id, values, SCHEDULES.c.state == "paused")

    def remove(self, id: str) -> bool:
        """Takes a schedule away; its runs stay in the history. False when it is not there."""
        return self._change(id, {"state": REMOVED, "reason": ""})

    def get(self, id: str, removed: bool = False) -> ScheduleRow | None:
        """The schedule of that id, or whose id begins so when it is the only one; None when there is none.

        removed: whether one that was taken away is found too, for its history.
        """
        begins = SCHEDULES.c.id.startswith(id, autoescape=True)
        there = [] if removed else [SCHEDULES.c.state != REMOVED]
        found = self._read(sql.select(SCHEDULES).where(begins, *there).limit(2))
        return found[0] if id and len(found) == 1 else None

    def all(self, state: str = "") -> list[ScheduleRow]:
        """All schedules, or those of a state, in the order in which they were made."""
        which = SCHEDULES.c.state == state if state else SCHEDULES.c.state != REMOVED
        return self._read(sql.select(SCHEDULES).where(which).order_by(SCHEDULES.c.created, SCHEDULES.c.id))

    def look(self, row: ScheduleRow, until: float, dues: Sequence[DueRow]) -> bool:
        """Writes the due rows up to a moment and the moment, both or none; False when another process looked first."""
        now = self._clock()
        fresh = sql.and_(SCHEDULES.c.id == row.id, SCHEDULES.c.looked == row.looked, SCHEDULES.c.state == "active")
        inserts = [_added_where(row.id, due, now, sql.exists().where(fresh)) for due in dues]
        return self._book.write(*inserts, sql.update(SCHEDULES).where(fresh).values(looked=until)) == 1

    def _change(self, id: str, values: dict[str, Any], *which: sql.ColumnElement[bool]) -> bool:
        there = [SCHEDULES.c.id == id, SCHEDULES.c.state != REMOVED, *which]
        return self._book.write(sql.update(SCHEDULES).where(*there).values(**values)) == 1

    def _read(self, statement: sql.Select[Any]) -> list[ScheduleRow]:
        return [_row(row) for row in self._book.read(statement)]


def _added_where(schedule: str, due: DueRow, now: float, only: sql.ColumnElement[bool]) -> sql.Insert:
    """The statement that writes a run unless its key is there, and only where a condition still holds."""
    values = due.values(schedule, now)
    said = [sql.literal(value, RUNS.c[key].type) for key, value in values.items()]
    chosen = sql.select(*said).where(only)
    return sql.insert(RUNS).prefix_with("OR IGNORE").from_select(list(values), chosen)


def _row(row: sql.RowMapping) -> ScheduleRow:
    plain = {key: row[key] for key in ScheduleRow.__dataclass_fields__}
    record = {**json.loads(row["record"]), "state": row["state"], "reason": row["reason"]}
    return ScheduleRow(**{**plain, "record": record})
