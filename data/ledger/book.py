"""Decides how the application's own records are opened and written: one file, each change whole or not at all.

The room that speaks SQLAlchemy. What is recorded stands in its neighbours: jobs, schedules, runs, editions.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sql
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool
from sqlalchemy.schema import CreateColumn, CreateTable

BUSY_MILLISECONDS = 15_000
WAL_SAFE_FROM = (3, 51, 3)


def journal_mode(version: tuple[int, ...]) -> str:
    """SQLite's journal: WAL only where its reset bug is mended (3.51.3), else the rollback journal."""
    return "WAL" if version >= WAL_SAFE_FROM else "DELETE"


def _open(url: str) -> sql.Engine:
    address = make_url(url)
    sqlite = address.get_backend_name() == "sqlite"
    if sqlite and address.database:
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sql.create_engine(address, poolclass=NullPool)
    if sqlite:
        sql.event.listen(engine, "connect", _prepare)
    return engine


def _prepare(connection: Any, _: Any) -> None:
    """Every SQLite connection: wait for a writer, lose nothing that was said to be written, never map the file."""
    cursor = connection.cursor()
    for rule in (
        f"busy_timeout={BUSY_MILLISECONDS}",
        f"journal_mode={journal_mode(sqlite3.sqlite_version_info)}",
        "synchronous=FULL",
        "mmap_size=0",
    ):
        cursor.execute(f"PRAGMA {rule}")
    cursor.close()


class Book:
    """One open ledger. url: SQLAlchemy form; tables: made where they are missing; clock: seconds since 1970."""

    def __init__(self, url: str, tables: sql.MetaData, clock: Callable[[], float] = time.time) -> None:
        self._engine = _open(url)
        self.clock = clock
        with self._engine.begin() as connection:
            for table in tables.sorted_tables:
                connection.execute(CreateTable(table, if_not_exists=True))
                _complete(connection, table)

    def write(self, *statements: sql.Insert | sql.Update | sql.Delete) -> int:
        """Carries out all the statements or none; how many rows the last one changed."""
        with self._engine.begin() as connection:
            return [connection.execute(statement).rowcount for statement in statements][-1]

    def change(self, statement: sql.Executable) -> list[sql.RowMapping]:
        """Carries out a statement that returns the rows it changed."""
        with self._engine.begin() as connection:
            return list(connection.execute(statement).mappings())

    def read(self, statement: sql.Select[Any]) -> list[sql.RowMapping]:
        """The rows that a question finds."""
        with self._engine.connect() as connection:
            return list(connection.execute(statement).mappings())


def _complete(connection: sql.Connection, table: sql.Table) -> None:
    """A ledger of an earlier release lacks columns that are newer than it: they are added, its rows stay.

    Two processes may do so at once; the second finds the column there.
    """
    known = {column["name"] for column in sql.inspect(connection).get_columns(table.name)}
    for column in table.columns:
        if column.name in known:
            continue
        try:
            added = CreateColumn(column).compile(dialect=connection.dialect)
            connection.execute(sql.text(f"ALTER TABLE {table.name} ADD COLUMN {added}"))
        except sql.exc.OperationalError as error:
            if "duplicate column" not in f"{error}":
                raise
