"""Decides how the application's own records are kept: report jobs, who works on them, and when a worker was last seen.

A job is due, then running under a lease, then sent, failed or cancelled. A lease that its worker has not renewed for
LEASE_SECONDS may be taken over; a job that was begun MOST_TRIES times and never ended is failed, not tried for ever.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sql

from data.ledger.book import Book

LEASE_SECONDS = 60.0
MOST_TRIES = 3
_SEPARATOR = ","

_TABLES = sql.MetaData()
_REPORTS = sql.Table(
    "reports",
    _TABLES,
    sql.Column("id", sql.String(32), primary_key=True),
    sql.Column("state", sql.String(9), nullable=False),
    sql.Column("progress", sql.Float, nullable=False, default=0.0),
    sql.Column("step", sql.Text, nullable=False, default=""),
    sql.Column("reason", sql.Text, nullable=False, default=""),
    sql.Column("file", sql.Text, nullable=False, default=""),
    sql.Column("created", sql.Float, nullable=False),
    sql.Column("query", sql.Text, nullable=False),
    sql.Column("pages", sql.Text, nullable=False),
    sql.Column("format", sql.String(8), nullable=False),
    sql.Column("seconds", sql.Float),
    sql.Column("data_version", sql.Integer),
    sql.Column("worker", sql.Text, nullable=False, default=""),
    sql.Column("renewed", sql.Float),
    sql.Column("tries", sql.Integer, nullable=False, default=0),
    sql.Column("options", sql.Text),
)
_WORKERS = sql.Table(
    "workers",
    _TABLES,
    sql.Column("name", sql.String(120), primary_key=True),
    sql.Column("seen", sql.Float, nullable=False),
)
_GIVEN_BACK = {"state": "due", "worker": "", "step": "", "progress": 0.0, "tries": _REPORTS.c.tries - 1}


@dataclass(frozen=True)
class Job:
    """One report that somebody asked for.

    state: 'due', 'running', 'sent', 'failed' or 'cancelled'. progress: 0–1, with `step` in words. reason: why it
    failed, a sentence. file: name within the reports folder, '' until it is sent. created: seconds since 1970 (UTC).
    query, pages, format: what was asked. seconds: how long it took; None until it is sent.
    data_version: the version of the data that it is made from; None until it is sent, where none was asked for.
    options: what else was asked: audience, paper, variant, brand (reports.order).
    """

    id: str
    state: str
    progress: float
    step: str
    reason: str
    file: str
    created: float
    query: str
    pages: tuple[str, ...]
    format: str
    seconds: float | None
    data_version: int | None = None
    options: Mapping[str, str] = field(default_factory=dict)


class Ledger:
    """The door to those records. url: SQLAlchemy form; clock: seconds since 1970."""

    def __init__(self, url: str, clock: Callable[[], float] = time.time) -> None:
        self._book = Book(url, _TABLES, clock)
        self._clock = clock

    def add_report(
        self,
        query: str,
        pages: Sequence[str],
        format: str = "pdf",
        data_version: int | None = None,
        options: Mapping[str, str] | None = None,
    ) -> str:
        """Writes a job that is due; returns its id, which nobody can guess.

        data_version: the version to make it from, whatever is imported meanwhile; None for the one that is current
        when its turn comes. options: audience, paper, variant, brand.
        """
        number = secrets.token_hex(16)
        row = {"query": query, "pages": _SEPARATOR.join(pages), "format": format, "created": self._clock()}
        row["options"] = json.dumps(dict(options or {}))
        self._book.write(sql.insert(_REPORTS).values(id=number, state="due", data_version=data_version, **row))
        return number

    def report(self, id: str) -> Job | None:
        """The job of that id, None when there is none."""
        return next(iter(self._read(sql.select(_REPORTS).where(_REPORTS.c.id == id))), None)

    def reports(self, limit: int = 50) -> list[Job]:
        """The latest jobs, newest first."""
        return self._read(sql.select(_REPORTS).order_by(_REPORTS.c.created.desc(), _REPORTS.c.id).limit(limit))

    def take(self, worker: str) -> Job | None:
        """The oldest job that is due or whose worker fell silent, now leased to `worker`; None when there is none.

        One statement chooses and marks, so two workers never get the same job.
        """
        now = self._clock()
        free = self._free(now)
        if not self._book.read(sql.select(_REPORTS.c.id).where(free).limit(1)):
            return None
        self._give_up(now)
        oldest = sql.select(_REPORTS.c.id).where(free).order_by(_REPORTS.c.created, _REPORTS.c.id).limit(1)
        lease = {"state": "running", "worker": worker, "renewed": now, "tries": _REPORTS.c.tries + 1, "progress": 0.0}
        taken = sql.update(_REPORTS).where(_REPORTS.c.id == oldest.scalar_subquery(), free).values(**lease)
        return next(iter(self._change(taken.returning(*_REPORTS.c))), None)

    def progress(self, id: str, share: float, step: str, worker: str = "") -> bool:
        """Says how far a running job is (0–1, words) and renews its lease; False when it is no longer ours."""
        values = {"progress": share, "step": step, "renewed": self._clock()}
        return self._change_running(id, worker, values)

    def renew(self, id: str, worker: str) -> bool:
        """Renews the lease without a word; False when it is no longer ours."""
        return self._change_running(id, worker, {"renewed": self._clock()})

    def finish(self, id: str, file: str, data_version: int, seconds: float, worker: str = "") -> bool:
        """Marks a running job as sent, with its file."""
        values = {"state": "sent", "file": file, "data_version": data_version, "seconds": seconds}
        return self._change_running(id, worker, {**values, "progress": 1.0, "step": "", "reason": ""})

    def fail(self, id: str, reason: str, worker: str = "") -> bool:
        """Marks a running job as failed and keeps the reason."""
        return self._change_running(id, worker, {"state": "failed", "reason": reason, "step": ""})

    def cancel(self, id: str) -> bool:
        """Ends a job that is due or running because its reader says so; False when it has ended already."""
        open_one = [_REPORTS.c.id == id, _REPORTS.c.state.in_(("due", "running"))]
        values = {"state": "cancelled", "step": ""}
        return self._book.write(sql.update(_REPORTS).where(*open_one).values(**values)) == 1

    def holds(self, id: str, worker: str) -> bool:
        """Whether the job is running and leased to `worker`."""
        ours = [_REPORTS.c.id == id, _REPORTS.c.state == "running", _REPORTS.c.worker == worker]
        return bool(self._book.read(sql.select(_REPORTS.c.id).where(*ours)))

    def release(self, id: str, worker: str) -> bool:
        """Gives a running job back: it is due again and this try does not count."""
        return self._change_running(id, worker, _GIVEN_BACK)

    def beat(self, worker: str) -> None:
        """Writes that `worker` is alive now."""
        seen = {"seen": self._clock()}
        if not self._book.write(sql.update(_WORKERS).where(_WORKERS.c.name == worker).values(**seen)):
            self._book.write(sql.insert(_WORKERS).values(name=worker, **seen))

    def worker_seen(self) -> float | None:
        """Seconds since any worker's last heartbeat; None when none has ever been seen."""
        last = self._book.read(sql.select(sql.func.max(_WORKERS.c.seen).label("last")))[0]["last"]
        return None if last is None else max(0.0, self._clock() - last)

    def forget(self, worker: str) -> None:
        """Takes a worker that has ended out of the heartbeats; a job that it still holds is due again."""
        ours = sql.update(_REPORTS).where(_REPORTS.c.state == "running", _REPORTS.c.worker == worker)
        self._book.write(ours.values(**_GIVEN_BACK), sql.delete(_WORKERS).where(_WORKERS.c.name == worker))

    def _free(self, now: float) -> sql.ColumnElement[bool]:
        silent = sql.and_(_REPORTS.c.state == "running", _REPORTS.c.renewed < now - LEASE_SECONDS)
        return sql.or_(_REPORTS.c.state == "due", silent)

    def _give_up(self, now: float) -> None:
        worn = sql.and_(_REPORTS.c.tries >= MOST_TRIES, _REPORTS.c.state == "running", self._free(now))
        reason = f"The report was begun {MOST_TRIES} times and its worker ended each time. Ask for fewer pages or rows."
        self._book.write(sql.update(_REPORTS).where(worn).values(state="failed", reason=reason, step=""))

    def _change_running(self, id: str, worker: str, values: dict[str, Any]) -> bool:
        ours = [_REPORTS.c.id == id, _REPORTS.c.state == "running"]
        if worker:
            ours.append(_REPORTS.c.worker == worker)
        return self._book.write(sql.update(_REPORTS).where(*ours).values(**values)) == 1

    def _change(self, statement: sql.Executable) -> list[Job]:
        return [_job(row) for row in self._book.change(statement)]

    def _read(self, statement: sql.Select[Any]) -> list[Job]:
        return [_job(row) for row in self._book.read(statement)]


def _job(row: sql.RowMapping) -> Job:
    said = (
        "id",
        "state",
        "progress",
        "step",
        "reason",
        "file",
        "created",
        "query",
        "format",
        "seconds",
        "data_version",
    )
    pages = tuple(page for page in row["pages"].split(_SEPARATOR) if page)
    options = json.loads(row["options"] or "{}")
    return Job(**{key: row[key] for key in said}, pages=pages, options=options)
