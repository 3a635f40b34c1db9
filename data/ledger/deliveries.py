"""Decides how it is kept what became of a report at each of its readers, who was told of it, and who wants no more.

A row is written as 'sending' before anything leaves and gets its end afterwards. What is still 'sending' when its
process is dead may have arrived or not: it becomes 'in doubt' and is sent again only when a person says so.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import sqlalchemy as sql

from data.ledger.book import Book

STATES = ("due", "sending", "sent", "failed", "in doubt", "skipped")
AGAIN = ("failed", "in doubt")
SILENT_SECONDS = 900.0
"""No sending takes longer: one that has not ended by then has lost its process."""
LOST = "The process ended while it was sending: the report may have arrived. Ask the reader before you send it again."

_TABLES = sql.MetaData()
_DELIVERIES = sql.Table(
    "deliveries",
    _TABLES,
    sql.Column("run", sql.String(200), primary_key=True),
    sql.Column("message_id", sql.String(200), primary_key=True),
    sql.Column("schedule", sql.String(120), nullable=False, default=""),
    sql.Column("kind", sql.String(16), nullable=False),
    sql.Column("address", sql.Text, nullable=False),
    sql.Column("form", sql.String(8), nullable=False),
    sql.Column("state", sql.String(8), nullable=False),
    sql.Column("reason", sql.Text, nullable=False, default=""),
    sql.Column("tries", sql.Integer, nullable=False, default=0),
    sql.Column("changed", sql.Float, nullable=False),
)
_NOTICES = sql.Table(
    "notices",
    _TABLES,
    sql.Column("key", sql.String(300), primary_key=True),
    sql.Column("owner", sql.Text, nullable=False),
    sql.Column("title", sql.Text, nullable=False),
    sql.Column("sentence", sql.Text, nullable=False),
    sql.Column("created", sql.Float, nullable=False),
    sql.Column("mail", sql.String(8), nullable=False, default=""),
    sql.Column("reason", sql.Text, nullable=False, default=""),
    sql.Column("seen", sql.Float),
)
_GONE = sql.Table(
    "unsubscribed",
    _TABLES,
    sql.Column("address", sql.String(300), primary_key=True),
    sql.Column("schedule", sql.String(120), primary_key=True),
    sql.Column("since", sql.Float, nullable=False),
)


class Reader(Protocol):
    """One who gets a report: reports.delivery.recipient.Recipient."""

    @property
    def kind(self) -> str:
        """'folder', 'mail' or 'webhook'."""

    @property
    def address(self) -> str:
        """Where to."""

    @property
    def form(self) -> str:
        """In which format."""


@dataclass(frozen=True)
class Delivery:
    """What became of one run at one reader.

    state: one of STATES. reason: one sentence. tries: how often it was begun. changed: seconds since 1970 (UTC).
    """

    run: str
    message_id: str
    schedule: str
    kind: str
    address: str
    form: str
    state: str
    reason: str
    tries: int
    changed: float


@dataclass(frozen=True)
class Notice:
    """Something an owner is told.

    mail: '' (not mailed yet), 'sending', 'sent', 'failed', 'in doubt' or 'none' (there is no mail server or no
    address), with its reason. created, seen: seconds since 1970 (UTC), None when nobody put it away.
    """

    key: str
    owner: str
    title: str
    sentence: str
    created: float
    mail: str
    reason: str
    seen: float | None


class Deliveries:
    """The door to those records. url: SQLAlchemy form; clock: seconds since 1970."""

    def __init__(self, url: str, clock: Callable[[], float] = time.time) -> None:
        self._book = Book(url, _TABLES, clock)
        self._clock = clock
        self._begun: dict[tuple[str, str], int] = {}

    def begin(self, run: str, recipient: Reader, message_id: str, schedule: str = "") -> bool:
        """Writes 'sending', before anything is sent; True when the caller may send.

        True for a reader without a row and for one that is due again; nobody else gets True for the same sending.
        """
        tries = _DELIVERIES.c.tries + 1
        due = sql.update(_DELIVERIES).where(*_one(run, message_id), _DELIVERIES.c.state == "due")
        values = {"state": "sending", "reason": "", "tries": tries, "changed": self._clock()}
        begun = self._book.change(due.values(**values).returning(_DELIVERIES.c.tries))
        if not begun and not self._add(run, recipient, message_id, schedule):
            return False
        self._begun[run, message_id] = begun[0]["tries"] if begun else 1
        return True

    def end(self, run: str, message_id: str, state: str, reason: str = "") -> bool:
        """Writes what became of it; False when there is nothing to end.

        A process that was thought dead may still say the truth of its own try, never of one that was begun since.
        """
        ours = [*_one(run, message_id), _DELIVERIES.c.state.in_(("sending", "in doubt"))]
        if (run, message_id) in self._begun:
            ours.append(_DELIVERIES.c.tries == self._begun.pop((run, message_id)))
        values = {"state": _known(state), "reason": reason, "changed": self._clock()}
        return self._book.write(sql.update(_DELIVERIES).where(*ours).values(**values)) == 1

    def _add(self, run: str, recipient: Reader, message_id: str, schedule: str) -> bool:
        """A new row that is being sent; False when there is one."""
        row = {"run": run, "message_id": message_id, "schedule": schedule, "state": "sending", "reason": ""}
        row |= {"kind": recipient.kind, "address": recipient.address, "form": recipient.form}
        try:
            self._book.write(sql.insert(_DELIVERIES).values(**row, tries=1, changed=self._clock()))
        except sql.exc.IntegrityError:
            return False
        return True

    def recover(self, run: str) -> int:
        """What of this run is still 'sending' becomes 'in doubt'; how many. To be asked by whoever takes the run over:
        the lease says that nobody else is at it."""
        return self._lose(_DELIVERIES.c.run == run)

    def sweep(self) -> list[Delivery]:
        """The same for every run, where the sending began SILENT_SECONDS ago or earlier; those that changed."""
        silent = _DELIVERIES.c.changed < self._clock() - SILENT_SECONDS
        lost = self._read(sql.select(_DELIVERIES).where(silent, _DELIVERIES.c.state == "sending"))
        return [one for one in lost if self._lose(*_one(one.run, one.message_id), silent)]

    def _lose(self, *which: sql.ColumnElement[bool]) -> int:
        values = {"state": "in doubt", "reason": LOST, "changed": self._clock()}
        sending = sql.update(_DELIVERIES).where(*which, _DELIVERIES.c.state == "sending")
        return self._book.write(sending.values(**values))

    def again(self, run: str, states: Iterable[str] = ("failed",)) -> int:
        """Those that failed are due again, under the same Message-ID; how many. Those 'in doubt' only when `states`
        names them, which a person has to decide. What was sent or skipped is never due again."""
        asked = [state for state in states if state in AGAIN]
        which = [_DELIVERIES.c.run == run, _DELIVERIES.c.state.in_(asked)]
        values = {"state": "due", "changed": self._clock()}
        return self._book.write(sql.update(_DELIVERIES).where(*which).values(**values)) if asked else 0

    def states(self, run: str) -> dict[str, tuple[str, str]]:
        """message_id → (state, reason) of a run."""
        return {one.message_id: (one.state, one.reason) for one in self.of(run)}

    def of(self, run: str) -> list[Delivery]:
        """The rows of a run, by address."""
        order = (_DELIVERIES.c.address, _DELIVERIES.c.form)
        return self._read(sql.select(_DELIVERIES).where(_DELIVERIES.c.run == run).order_by(*order))

    def latest(self, schedule: str, limit: int = 100) -> list[Delivery]:
        """The newest rows of a schedule."""
        order = (_DELIVERIES.c.changed.desc(), _DELIVERIES.c.message_id)
        return self._read(
            sql.select(_DELIVERIES).where(_DELIVERIES.c.schedule == schedule).order_by(*order).limit(limit)
        )

    def _read(self, statement: sql.Select[Any]) -> list[Delivery]:
        return [Delivery(**row) for row in self._book.read(statement)]

    def notice(self, key: str, owner: str, title: str, sentence: str) -> bool:
        """Writes a notice; False when that key was told already."""
        row = {"key": key, "owner": owner, "title": title, "sentence": sentence, "created": self._clock()}
        try:
            self._book.write(sql.insert(_NOTICES).values(**row, mail="", reason=""))
        except sql.exc.IntegrityError:
            return False
        return True

    def notice_mail(self, key: str, state: str, reason: str = "") -> bool:
        """Writes what became of a notice's mail. 'sending' only for the first who asks: a notice is mailed once."""
        before = "" if state in ("sending", "none") else "sending"
        ours = sql.update(_NOTICES).where(_NOTICES.c.key == key, _NOTICES.c.mail == before)
        return self._book.write(ours.values(mail=state, reason=reason)) == 1

    def notices(self, unseen: bool = False, limit: int = 100) -> list[Notice]:
        """The newest notices; with `unseen` those that nobody has put away."""
        asked = sql.select(_NOTICES).order_by(_NOTICES.c.created.desc(), _NOTICES.c.key).limit(limit)
        return [Notice(**row) for row in self._book.read(asked.where(_NOTICES.c.seen.is_(None)) if unseen else asked)]

    def see(self, key: str) -> bool:
        """Puts a notice away."""
        unseen = sql.update(_NOTICES).where(_NOTICES.c.key == key, _NOTICES.c.seen.is_(None))
        return self._book.write(unseen.values(seen=self._clock())) == 1

    def unsubscribe(self, address: str, schedule: str) -> bool:
        """That address gets no more of that schedule; False when it got none already."""
        try:
            row = {"address": address.casefold(), "schedule": schedule, "since": self._clock()}
            self._book.write(sql.insert(_GONE).values(**row))
        except sql.exc.IntegrityError:
            return False
        return True

    def subscribe(self, address: str, schedule: str) -> bool:
        """Takes that back, when the reader asks for it; False when there is nothing to take back."""
        return self._book.write(sql.delete(_GONE).where(*_left(address, schedule))) == 1

    def is_unsubscribed(self, address: str, schedule: str) -> bool:
        """Whether the reader wants no more of that schedule."""
        return bool(self._book.read(sql.select(_GONE.c.since).where(*_left(address, schedule))))

    def unsubscribed(self, schedule: str) -> Mapping[str, float]:
        """Address in small letters → since when (seconds since 1970)."""
        found = self._book.read(sql.select(_GONE).where(_GONE.c.schedule == schedule).order_by(_GONE.c.address))
        return {row["address"]: row["since"] for row in found}


def _one(run: str, message_id: str) -> list[sql.ColumnElement[bool]]:
    return [_DELIVERIES.c.run == run, _DELIVERIES.c.message_id == message_id]


def _left(address: str, schedule: str) -> list[sql.ColumnElement[bool]]:
    return [_GONE.c.address == address.casefold(), _GONE.c.schedule == schedule]


def _known(state: str) -> str:
    if state not in STATES:
        raise ValueError(f"no state “{state}” for a delivery")
    return state
