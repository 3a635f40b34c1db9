"""Decides which set-aside rows are handed out: those of a version that is kept, or of a draft that still waits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from data.engines.duckdb import Reader
from data.quality import quarantine
from data.versions import drafts, history, snapshots
from errors import NoData
from settings import Settings


class Withheld:
    """The rows that imports set aside, by version or draft and file."""

    def __init__(self, settings: Settings) -> None:
        self._data_dir = settings.data_dir

    def listed(self, version: int = 0, draft: str = "") -> list[dict[str, Any]]:
        """Files with rows set aside: {"file" (its number), "label", "table", "rows"}. Raises UserError when gone."""
        with self._open(version, draft) as reader:
            return [
                {"file": one.file_no, "label": one.label, "table": one.table, "rows": one.rows}
                for one in quarantine.held(reader)
            ]

    def csv(self, version: str, draft: str, file: int) -> tuple[str, str]:
        """Name and text of the CSV of one file. Raises UserError when none of its rows was set aside or it is gone."""
        with self._open(int(version or 0), draft) as reader:
            for one in quarantine.held(reader):
                if one.file_no == file:
                    return one.file, "".join(quarantine.as_csv(reader, file))
        raise NoData(f"No row of file {file} was set aside. The Import page lists the files that have some.")

    @contextmanager
    def _open(self, version: int, draft: str) -> Iterator[Reader]:
        reader = Reader(self._path(version, draft))
        try:
            yield reader
        finally:
            reader.close()

    def _path(self, version: int, draft: str) -> Path:
        if not draft:
            return history.at(self._data_dir, version).path
        drafts.facts(self._data_dir, draft)
        return snapshots.named(self._data_dir, draft)
