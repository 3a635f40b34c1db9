"""Decides how runs of schedules are kept: one row a schedule and local due time, taken by one worker at a time.

A run is due, then running under a lease, then sent, failed, in doubt or skipped, each with a reason. A lease that its
worker has not renewed may be taken over; a run that was begun MOST_TRIES times and never ended is failed.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sql
from sqlalchemy.dialects import sqlite

from data.ledger.book import Book

LEASE_SECONDS = 60.0
MOST_TRIES = 3
ENDED = ("sent", "failed", "in doubt", "skipped")
WORN = f"The report was begun {MOST_TRIES} times and its worker ended each time. Ask for fewer pages or rows."

TABLES = sql.MetaData()
RUNS = sql.Table(
    "runs",
    TABLES,
    sql.Column("id", sql.String(32), primary_key=True),
    sql.Column("schedule", sql.String(32), nullable=False),
    sql.Column("local", sql.Text, nullable=False),
    sql.Column("due", sql.Float, nullable=False),
    sql.Column("zone", sql.Text, nullable=False, default=""),
    sql.Column("state", sql.String(8), nullable=False),
    sql.Column("reason", sql.Text, nullable=False, default=""),
    sql.Column("mark", sql.Text, nullable=False, default=""),
    sql.Column("remark", sql.Text, nullable=False, default=""),
    sql.Column("headline", sql.Text, nullable=False, default=""),
    sql.Column("after", sql.Float, nullable=False, default=0.0),
    sql.Column("worker", sql.Text, nullable=False, default=""),
    sql.Column("renewed", sql.Float),
    sql.Column("tries", sql.Integer, nullable=False, default=0),
    sql.Column("query", sql.Text, nullable=False, default=""),
    sql.Column("edition", sql.Text, nullable=False, default=""),
    sql.Column("version", sql.Integer),
    sql.Column("files", sql.Text, nullable=False, default="[]"),
    sql.Column("recipients", sql.Text, nullable=False, default="[]"),
    sql.Column("created", sql.Float, nullable=False),
    sql.Column("begun", sql.Float),
    sql.Column("ended", sql.Float),
    sql.Column("told", sql.Integer, nullable=False, default=0),
    sql.Column("why", sql.Text, nullable=False, server_default=""),
    sql.Column("wanted", sql.Integer),
    sql.UniqueConstraint("schedule", "local"),
)
_JSON = ("files", "recipients")
_SAID = ("local", "due", "zone", "mark", "state", "reason", "why", "wanted")


@dataclass(frozen=True)
class RunRow:
    """One run. local: its local due time, 2026-11-23T09:00, or “now …” when somebody asked; due: seconds since 1970.

    state: 'due', 'running', 'sent', 'failed', 'in doubt' or 'skipped'; reason: why, a sentence. mark: what
    its due time says: for how many it stands. remark: what readers are told: that, late, stale. headline: the report's
    first sentence. after: not taken before (seconds since 1970). query: filters with the days covered.
    version: of the data; None until it is rendered. files: form, file (name within the reports folder), shown.
    recipients: those of this run; none: those of the schedule. told: whether the owner knows how it ended.
    why: what made an alert fire, for page one; wanted: the version of the data that it was seen in, None for any.
    """

    id: str
    schedule: str
    local: str
    due: float
    zone: str
    state: str
    created: float
    reason: str = ""
    mark: str = ""
    remark: str = ""
    headline: str = ""
    after: float = 0.0
    worker: str = ""
    renewed: float | None = None
    tries: int = 0
    query: str = ""
    edition: str = ""
    version: int | None = None
    files: tuple[Mapping[str, str], ...] = ()
    recipients: tuple[Mapping[str, str], ...] = ()
    begun: float | None = None
    ended: float | None = None
    told: int = 0
    why: str = ""
    wanted: int | None = None


@dataclass(frozen=True)
class DueRow:
    """A run to be written. local, due, zone, mark, why, wanted as in RunRow; state 'skipped' with a reason where it is
    not made."""

    local: str
    due: float
    zone: str
    mark: str = ""
    state: str = "due"
    reason: str = ""
    recipients: Sequence[Mapping[str, str]] = field(default=())
    why: str = ""
    wanted: int | None = None

    def values(self, schedule: str, now: float) -> dict[str, Any]:
        """The row's columns."""
        plain = {key: getattr(self, key) for key in _SAID}
        ended = now if self.state in ENDED else None
        stored = {"id": secrets.token_hex(16), "schedule": schedule, "created": now, "ended": ended}
        return {**plain, **stored, "recipients": json.dumps([dict(one) for one in self.recipients], ensure_ascii=False)}


def added(schedule: str, row: DueRow, now: float) -> sql.Insert:
    """The statement that writes a run unless its key is there."""
    return sqlite.insert(RUNS).values(**row.values(schedule, now)).on_conflict_do_nothing()


class Runs:
    """The door to the runs. url: SQLAlchemy form; clock: seconds since 1970; lease: seconds without a heartbeat."""

    def __init__(self, url: str, clock: Callable[[], float] = time.time, lease: float = LEASE_SECONDS) -> None:
        self._book = Book(url, TABLES, clock)
        self._clock = clock
        self._lease = lease

    def add(self, schedule: str, rows: Iterable[DueRow]) -> int:
        """Writes runs that are not there yet; how many were written."""
        now = self._clock()
        return sum(self._book.write(added(schedule, row, now)) for row in rows)

    def open_now(self, schedule: str, row: DueRow, worker: str = "") -> RunRow:
        """Writes a run that somebody asked for; with a worker it is running in its hands, else due for any worker."""
        values = row.values(schedule, now := self._clock())
        if worker:
            values |= {"state": "running", "worker": worker, "renewed": now, "begun": now, "tries": 1}
        self._book.write(sql.insert(RUNS).values(**values))
        return self._one(values["id"])

    def take(self, worker: str) -> RunRow | None:
        """The oldest run that is due or whose worker fell silent, now leased to `worker`; None when there is none.

        One statement chooses and marks, so two workers never get the same run.
        """
        now = self._clock()
        worn = sql.and_(RUNS.c.tries >= MOST_TRIES, RUNS.c.state == "running", self._free(now))
        if self._book.read(sql.select(RUNS.c.id).where(worn).limit(1)):
            self._book.write(sql.update(RUNS).where(worn).values(state="failed", reason=WORN, ended=now, worker=""))
        free = self._free(now)
        oldest = sql.select(RUNS.c.id).where(free).order_by(RUNS.c.due, RUNS.c.id).limit(1)
        if not self._book.read(oldest):
            return None
        lease = {"state": "running", "worker": worker, "renewed": now, "tries": RUNS.c.tries + 1}
        begun = sql.func.coalesce(RUNS.c.begun, now)
        taken = sql.update(RUNS).where(RUNS.c.id == oldest.scalar_subquery(), free).values(begun=begun, **lease)
        return next((_row(row) for row in self._book.change(taken.returning(*RUNS.c))), None)

    def renew(self, id: str, worker: str) -> bool:
        """The heartbeat; False when the run is no longer ours."""
        return self._ours(id, worker, {"renewed": self._clock()})

    def note(self, id: str, worker: str, **values: Any) -> bool:
        """Writes what is known of a running run meanwhile: query, files, edition and so on; and renews its lease."""
        return self._ours(id, worker, {**_stored(values), "renewed": self._clock()})

    def wait(self, id: str, worker: str, until: float, reason: str) -> bool:
        """Gives a run back until a moment, with the reason; this try does not count."""
        values = {"state": "due", "worker": "", "after": until, "reason": reason, "tries": RUNS.c.tries - 1}
        return self._ours(id, worker, values)

    def release(self, id: str, worker: str) -> bool:
        """Gives a run back at once, since its worker was told to stop."""
        return self.wait(id, worker, 0.0, "")

    def end(self, id: str, worker: str, state: str, reason: str) -> bool:
        """Ends a running run; False when it is no longer ours."""
        values = {"state": state, "reason": reason, "ended": self._clock(), "worker": "", "told": 0}
        return self._ours(id, worker, values)

    def again(self, id: str) -> bool:
        """Makes an ended run due once more; what it has made stays."""
        values = {"state": "due", "reason": "", "tries": 0, "after": 0.0, "ended": None, "told": 0}
        values |= {"worker": "", "renewed": None}
        ended = RUNS.c.state.in_(("failed", "in doubt"))
        return self._book.write(sql.update(RUNS).where(RUNS.c.id == id, ended).values(**values)) == 1

    def untold(self, limit: int = 20) -> list[RunRow]:
        """Ended runs that were not sent and whose owner must still be told, oldest first."""
        bad = RUNS.c.state.in_(("failed", "in doubt", "skipped"))
        return self._read(sql.select(RUNS).where(bad, RUNS.c.told == 0).order_by(RUNS.c.ended, RUNS.c.id).limit(limit))

    def told(self, id: str) -> None:
        """Writes that the owner has been told."""
        self._book.write(sql.update(RUNS).where(RUNS.c.id == id).values(told=1))

    def run(self, id: str) -> RunRow | None:
        """The run of that id, or whose id begins so when it is the only one; None when there is none."""
        found = self._read(sql.select(RUNS).where(RUNS.c.id.startswith(id, autoescape=True)).limit(2))
        return found[0] if id and len(found) == 1 else None

    def has(self, schedule: str, local: str) -> bool:
        """Whether that due time has its row."""
        return bool(self._book.read(sql.select(RUNS.c.id).where(RUNS.c.schedule == schedule, RUNS.c.local == local)))

    def of(self, schedule: str, limit: int = 50, states: Collection[str] = ()) -> list[RunRow]:
        """The runs of a schedule, the latest due first; of those states only, where any are named."""
        which = [RUNS.c.schedule == schedule, *([RUNS.c.state.in_(states)] if states else [])]
        return self._read(sql.select(RUNS).where(*which).order_by(RUNS.c.due.desc(), RUNS.c.local.desc()).limit(limit))

    def failures(self, schedule: str, since: float) -> int:
        """How many of the runs that ended after a moment failed or are in doubt, in a row up to the last."""
        ended = RUNS.c.state.in_(("sent", "failed", "in doubt"))
        which = [RUNS.c.schedule == schedule, ended, RUNS.c.ended > since]
        rows = self._book.read(sql.select(RUNS.c.state).where(*which).order_by(RUNS.c.ended.desc(), RUNS.c.id))
        states = [row["state"] for row in rows]
        return next((number for number, state in enumerate(states) if state == "sent"), len(states))

    def _free(self, now: float) -> sql.ColumnElement[bool]:
        silent = sql.and_(RUNS.c.state == "running", RUNS.c.renewed < now - self._lease)
        return sql.or_(sql.and_(RUNS.c.state == "due", RUNS.c.after <= now), silent)

    def _ours(self, id: str, worker: str, values: dict[str, Any]) -> bool:
        ours = [RUNS.c.id == id, RUNS.c.state == "running", RUNS.c.worker == worker]
        return self._book.write(sql.update(RUNS).where(*ours).values(**values)) == 1

    def _one(self, id: str) -> RunRow:
        return self._read(sql.select(RUNS).where(RUNS.c.id == id))[0]

    def _read(self, statement: sql.Select[Any]) -> list[RunRow]:
        return [_row(row) for row in self._book.read(statement)]


def _stored(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: json.dumps(list(value), ensure_ascii=False) if key in _JSON else value for key, value in values.items()
    }


def _row(row: sql.RowMapping) -> RunRow:
    plain = {key: row[key] for key in RunRow.__dataclass_fields__}
    return RunRow(**{**plain, **{key: tuple(json.loads(row[key] or "[]")) for key in _JSON}})
