"""Decides how the reports that were made are remembered: a row an edition and what it said; none is ever taken out."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

import sqlalchemy as sql

from data.ledger.book import Book

ASKED = ("job", "schedule", "command")
_SEPARATOR = ","
_SPAN = ("from", "to")
_LEAST = 4
"""Letters by which an edition may be looked up: fewer fit too many."""

_TABLES = sql.MetaData()
_EDITIONS = sql.Table(
    "editions",
    _TABLES,
    sql.Column("id", sql.String(32), primary_key=True),
    sql.Column("mark", sql.String(40), nullable=False),
    sql.Column("content", sql.String(64), nullable=False),
    sql.Column("made", sql.Float, nullable=False),
    sql.Column("kept", sql.Float, nullable=False),
    sql.Column("query", sql.Text, nullable=False),
    sql.Column("pages", sql.Text, nullable=False),
    sql.Column("audience", sql.String(20), nullable=False),
    sql.Column("form", sql.String(8), nullable=False),
    sql.Column("view", sql.Text, nullable=False),
    sql.Column("data_version", sql.Integer, nullable=False),
    sql.Column("file", sql.Text, nullable=False),
    sql.Column("sha256", sql.String(64), nullable=False),
    sql.Column("page_count", sql.Integer, nullable=False, default=0),
    sql.Column("asked_by", sql.String(10), nullable=False),
    sql.Column("asked_id", sql.Text, nullable=False, default=""),
    sql.Column("schedule", sql.Text, nullable=False, default=""),
    sql.Column("headline", sql.Text, nullable=False, default=""),
)
# A table of their own: what is long would otherwise be read past whenever an edition is looked for.
_MANIFESTS = sql.Table(
    "edition_manifests",
    _TABLES,
    sql.Column("id", sql.String(32), primary_key=True),
    sql.Column("manifest", sql.Text, nullable=False),
)
_NEWEST = (_EDITIONS.c.made.desc(), _EDITIONS.c.kept.desc(), _EDITIONS.c.id)


@dataclass(frozen=True)
class Asked:
    """Who asked for an edition. by: one of ASKED; id: of the job or the run; schedule: its id, '' for none."""

    by: str = "command"
    id: str = ""
    schedule: str = ""


@dataclass(frozen=True)
class Edition:
    """One report that was made and is kept.

    id: its own, which nobody can guess. mark: what its footer calls it. content: digest of what it says, equal for
    equal content. made, kept: seconds since 1970, of the making and of this row. file: name within the reports
    folder; sha256 of its bytes. page_count: 0 where the form has no pages.
    """

    id: str
    mark: str
    content: str
    made: float
    query: str
    pages: tuple[str, ...]
    audience: str
    form: str
    data_version: int
    file: str
    sha256: str
    page_count: int = 0
    asked: Asked = Asked()
    headline: str = ""
    kept: float = 0.0


class Editions:
    """The door to those records. url: SQLAlchemy form; clock: seconds since 1970."""

    def __init__(self, url: str, clock: Callable[[], float] = time.time) -> None:
        self._book = Book(url, _TABLES, clock)
        self._clock = clock

    def add(self, edition: Edition, manifest: Mapping[str, Any]) -> Edition:
        """Writes the edition down; returns it as it is kept.

        The same file under the same id is kept once; other bytes under an id that is taken get an id of their own.
        """
        there = self.edition(edition.id) if edition.id else None
        if there and there.sha256 == edition.sha256:
            return there
        number = secrets.token_hex(8) if there or not edition.id else edition.id
        kept = replace(edition, id=number, kept=self._clock())
        row = {column.name: getattr(kept, column.name) for column in _EDITIONS.c if hasattr(kept, column.name)}
        row |= {"pages": _SEPARATOR.join(kept.pages), "view": view_of(kept.query, kept.pages, kept.audience)}
        row |= {"asked_by": kept.asked.by, "asked_id": kept.asked.id, "schedule": kept.asked.schedule}
        told = sql.insert(_MANIFESTS).values(id=number, manifest=json.dumps(manifest, ensure_ascii=False))
        self._book.write(sql.insert(_EDITIONS).values(**row), told)
        return kept

    def edition(self, id: str) -> Edition | None:
        """The edition of that id, None when there is none."""
        return next(iter(self._read(_EDITIONS.c.id == id)), None)

    def of_bytes(self, sha256: str) -> Edition | None:
        """The newest edition whose file has these bytes, None when there is none."""
        return next(iter(self._read(_EDITIONS.c.sha256 == sha256, limit=1)), None)

    def of_file(self, file: str) -> Edition | None:
        """The newest edition whose file has this name within the reports folder, None when there is none."""
        return next(iter(self._read(_EDITIONS.c.file == file, limit=1)), None)

    def find(self, word: str, limit: int = 20) -> list[Edition]:
        """Editions by id, mark, digest of the content or of the file, or by how these begin; newest first.

        The six letters of a mark are how its digest begins. Fewer than four letters find nothing.
        """
        text = word.strip()
        if len(text) < _LEAST:
            return []
        keys = (_EDITIONS.c.id, _EDITIONS.c.content, _EDITIONS.c.sha256)
        begins = [column.startswith(text.lower(), autoescape=True) for column in keys]
        return self._read(sql.or_(_EDITIONS.c.mark == text, *begins), limit=limit)

    def newest(self, limit: int = 50, offset: int = 0, schedule: str = "") -> list[Edition]:
        """A page of all editions, newest first; schedule: only those of that schedule."""
        return self._read(*_of(schedule), limit=limit, offset=offset)

    def count(self, schedule: str = "") -> int:
        """How many editions there are in all."""
        rows = self._book.read(sql.select(sql.func.count().label("n")).select_from(_EDITIONS).where(*_of(schedule)))
        return int(rows[0]["n"])

    def manifest(self, id: str) -> dict[str, Any] | None:
        """What the edition of that id said, as its manifest has it; None when there is no such edition."""
        rows = self._book.read(sql.select(_MANIFESTS.c.manifest).where(_MANIFESTS.c.id == id))
        return dict(json.loads(rows[0]["manifest"])) if rows else None

    def before(
        self, query: str, pages: Sequence[str], audience: str, schedule: str = "", content: str = "",
        made: float | None = None,
    ) -> Edition | None:  # fmt: skip
        """The newest edition of the same view: same pages, audience, filters and reckoning, whatever its days.

        schedule: only those of that schedule. content: this content is passed over, so that a report which is made
        twice is compared with the one that said something else. made: only those made before that instant.
        """
        wanted = [_EDITIONS.c.view == view_of(query, pages, audience), *_of(schedule)]
        wanted += [_EDITIONS.c.content != content] if content else []
        wanted += [_EDITIONS.c.made < made] if made is not None else []
        return next(iter(self._read(*wanted, limit=1)), None)

    def _read(self, *where: sql.ColumnElement[bool], limit: int | None = None, offset: int = 0) -> list[Edition]:
        statement = sql.select(_EDITIONS).where(*where).order_by(*_NEWEST).limit(limit).offset(offset)
        return [_edition(row) for row in self._book.read(statement)]


def view_of(query: str, pages: Sequence[str], audience: str) -> str:
    """What two editions have in common when only their days differ."""
    kept = sorted(pair for pair in parse_qsl(query.removeprefix("?")) if pair[0] not in _SPAN)
    return f"{audience} {_SEPARATOR.join(pages)} {urlencode(kept)}"


def _of(schedule: str) -> list[sql.ColumnElement[bool]]:
    return [_EDITIONS.c.schedule == schedule] if schedule else []


def _edition(row: sql.RowMapping) -> Edition:
    own = {key: row[key] for key in Edition.__dataclass_fields__ if key in row}
    asked = Asked(row["asked_by"], row["asked_id"], row["schedule"])
    pages = tuple(page for page in row["pages"].split(_SEPARATOR) if page)
    return Edition(**{**own, "pages": pages, "asked": asked})
