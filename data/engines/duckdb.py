"""Decides how we speak to DuckDB: one writer that builds a snapshot, many readers that may touch nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from shutil import rmtree
from types import TracebackType
from typing import Any

import duckdb
import pandas as pd

Row = tuple[Any, ...]
# Dictionaries are the cheapest to write and to read again: most of our texts are labels.
_WRITING = "; ".join(
    (
        "SET threads=2", "SET memory_limit='1200MB'", "SET preserve_insertion_order=false",
        "SET force_compression='dict_fsst'", "SET enable_progress_bar=true", "SET enable_progress_bar_print=false",
    )
)  # fmt: skip
_POLL = 0.3
_FEW = 500
_LOCKED = {"threads": "2", "enable_external_access": "false", "lock_configuration": "true"}


def quoted(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


class Writer:
    """The one process that fills a snapshot file. Use as a context; leaving it closes and checkpoints the file."""

    def __init__(self, path: Path) -> None:
        self._aside = path.with_name(f"{path.name}.tmp")
        self._connection = duckdb.connect(str(path))
        self._connection.execute(f"{_WRITING}; SET temp_directory={quoted(str(self._aside))}")

    def __enter__(self) -> Writer:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._connection.close()
        rmtree(self._aside, ignore_errors=True)

    def scratch(self) -> str:
        """The name of a database for what is not kept; it lies in a folder beside the snapshot and goes with us."""
        if not self.one("SELECT count(*) FROM duckdb_databases() WHERE database_name = 'scratch'"):
            self._aside.mkdir(exist_ok=True)
            self.attach(self._aside / "scratch.duckdb", "scratch", "")
        return "scratch"

    def run(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] | None = None) -> None:
        """Execute one or more statements."""
        self._connection.execute(sql, parameters)

    def watch(self, sql: str, tell: Callable[[float], None]) -> None:
        """Execute one long statement and say about three times a second which share of it is done (0 to 1)."""
        with ThreadPoolExecutor(1) as pool:
            work = pool.submit(self.run, sql)
            while not wait([work], _POLL).done:
                tell(min(max(self._connection.query_progress(), 0.0) / 100, 1.0))
        work.result()
        tell(1.0)

    def rows(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] | None = None) -> list[Row]:
        """All rows of a query, at once: a later statement would end a half-read result."""
        return self._connection.execute(sql, parameters).fetchall()

    def batches(self, sql: str, size: int) -> Iterator[list[Row]]:
        """The rows of a query in batches; other statements may run meanwhile."""
        self.run(f"CREATE OR REPLACE TEMP TABLE batched AS {sql}")
        for start in range(0, int(self.one("SELECT count(*) FROM batched")), size):
            yield self.rows(f"SELECT * FROM batched WHERE rowid >= {start} AND rowid < {start + size}")

    def one(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] | None = None) -> Any:
        """The first value of the first row."""
        row = self._connection.execute(sql, parameters).fetchone()
        return row[0] if row else None

    def fill(self, table: str, columns: Mapping[str, Sequence[Any]]) -> None:
        """Append columns (equal lengths, text or whole numbers) to a table that has these columns in this order."""
        if max(map(len, columns.values()), default=0) <= _FEW:
            # A frame costs more than a few rows do.
            lists = ", ".join("unnest(?)" for _ in columns)
            self.run(f'INSERT INTO "{table}" SELECT {lists}', [list(values) for values in columns.values()])
            return
        frame = pd.DataFrame({key: pd.Series(list(values), dtype=object) for key, values in columns.items()})
        self._connection.register("incoming", frame)
        self._connection.execute(f'INSERT INTO "{table}" SELECT * FROM incoming')
        self._connection.unregister("incoming")

    def attach(self, path: Path, name: str, how: str = "(READ_ONLY)") -> None:
        """Read another snapshot under a name."""
        self._connection.execute(f"ATTACH {quoted(str(path))} AS {name} {how}")


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


class Pair:
    """Two snapshot files side by side, read only, as the schemas `a` and `b`; nothing else can be opened.

    Use as a context: leaving it lets go of both. The files must differ: DuckDB attaches a file once.
    """

    def __init__(self, a: Path, b: Path) -> None:
        self._connection = duckdb.connect(":memory:", config={"threads": "2"})
        for name, path in (("a", a), ("b", b)):
            self._connection.execute(f"ATTACH '{str(path).replace(chr(39), chr(39) * 2)}' AS {name} (READ_ONLY)")
        self._connection.execute("SET enable_external_access=false; SET lock_configuration=true")

    def __enter__(self) -> Pair:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._connection.close()

    def rows(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[Row]:
        """A query's rows as tuples."""
        return self._connection.execute(sql, parameters or {}).fetchall()
