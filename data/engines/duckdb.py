"""Decides how we speak to DuckDB: one writer that builds a snapshot, many readers that may touch nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb
import pandas as pd

Row = tuple[Any, ...]
_LOCKED = {"threads": "2", "enable_external_access": "false", "lock_configuration": "true"}


class Writer:
    """The one process that fills a snapshot file. Use as a context; leaving it closes and checkpoints the file."""

    def __init__(self, path: Path) -> None:
        self._connection = duckdb.connect(str(path))
        self._connection.execute("SET preserve_insertion_order=false; SET threads=2; SET memory_limit='6GB'")

    def __enter__(self) -> Writer:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._connection.close()

    def run(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] | None = None) -> None:
        """Execute one or more statements."""
        self._connection.execute(sql, parameters)

    def rows(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] | None = None) -> list[Row]:
        """All rows of a query, at once: a later statement would end a half-read result."""
        return self._connection.execute(sql, parameters).fetchall()

    def one(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] | None = None) -> Any:
        """The first value of the first row."""
        row = self._connection.execute(sql, parameters).fetchone()
        return row[0] if row else None

    def fill(self, table: str, columns: Mapping[str, Sequence[Any]]) -> None:
        """Append columns (equal lengths, text or whole numbers) to a table that has these columns in this order."""
        frame = pd.DataFrame({key: pd.Series(list(values), dtype=object) for key, values in columns.items()})
        self._connection.register("incoming", frame)
        self._connection.execute(f'INSERT INTO "{table}" SELECT * FROM incoming')
        self._connection.unregister("incoming")

    def attach(self, path: Path, name: str) -> None:
        """Read another snapshot under a name."""
        self._connection.execute(f"ATTACH '{str(path).replace(chr(39), chr(39) * 2)}' AS {name} (READ_ONLY)")


class Reader:
    """Read-only answers from one snapshot file: a cursor a call, no files, no network, no settings changed."""

    def __init__(self, path: Path) -> None:
        # Given at the door: a second reader of the file in this process must find the same, already locked settings.
        self._connection = duckdb.connect(str(path), read_only=True, config=dict(_LOCKED))

    def frame(self, sql: str, parameters: Mapping[str, Any] | None = None) -> pd.DataFrame:
        """A query's rows as a frame; amounts come as floats, after they were summed exactly."""
        return self._connection.cursor().execute(sql, parameters or {}).df()

    def rows(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[Row]:
        """A query's rows as tuples."""
        return self._connection.cursor().execute(sql, parameters or {}).fetchall()

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()
