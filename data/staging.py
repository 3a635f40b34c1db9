"""Decides how a raw file enters a snapshot: recognised, then staged as text with its row numbers, nothing typed yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from pathlib import Path

from data import schema, sources
from data.engines.duckdb import Writer
from data.recognise import Recognised, recognise
from data.sources import RawTable, SetAside
from errors import BadUpload

_LOOK = 2_000


@dataclass
class Staged:
    """One table of one file on its way in.

    name: its staging table in the snapshot ("" when it is not taken). refused: why it is not, as a sentence.
    accepted: rows that became records; again: those that another file brought already. remarks: what a reader should
    know about how it was read. money: sums of its amounts. first_day, last_day: the span of its days.
    """

    raw: RawTable
    recognised: Recognised
    name: str = ""
    refused: str = ""
    accepted: int = 0
    again: int = 0
    remarks: list[str] = field(default_factory=list)
    set_aside: list[SetAside] = field(default_factory=list)
    money: dict[str, float] = field(default_factory=dict)
    first_day: date | None = None
    last_day: date | None = None

    @property
    def table(self) -> str:
        """Which of the four tables it is; "" for none."""
        return self.recognised.table

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields it brings, in the schema's order."""
        mapping = self.recognised.mapping
        return tuple(item.key for item in schema.TABLES[self.table].fields if item.key in mapping)


def stage(writer: Writer, paths: Iterable[tuple[Path, str]]) -> list[Staged]:
    """Read every file into staging tables `stage_0`, `stage_1`, … of text columns plus `row_no`.

    paths: pairs of path and the name to show. A file that cannot be read is refused with a sentence; the rest go on.
    """
    staged: list[Staged] = []
    for path, name in paths:
        try:
            tables = sources.read(path, name)
        except BadUpload as error:
            staged.append(_refused(name, str(error)))
            continue
        for raw in tables:
            staged.append(_stage_one(writer, raw, len(staged)))
    return staged


def _refused(name: str, why: str) -> Staged:
    return Staged(RawTable(name, "", [], iter(())), Recognised("", why), refused=why)


def _stage_one(writer: Writer, raw: RawTable, place: int) -> Staged:
    try:
        batches = raw.batches()
        numbers, first = next(batches, ([], []))
        recognised = recognise(raw.label, raw.header, first[:_LOOK])
        if not recognised.table:
            return Staged(raw, recognised, refused=recognised.why)
        item = Staged(raw, recognised, name=f"stage_{place}")
        if not numbers and not raw.set_aside:
            return _refused(raw.label, f"{raw.label} has a header and no rows. Export it again with its rows.")
        columns = ", ".join(f'"{key}" VARCHAR' for key in item.fields)
        writer.run(f"CREATE TABLE {item.name} (row_no BIGINT, {columns})")
        for rows, cells in chain([(numbers, first)], batches):
            if rows:
                _append(writer, item, rows, cells)
    except BadUpload as error:
        return _refused(raw.label, str(error))
    item.set_aside = list(raw.set_aside)
    item.remarks = list(raw.remarks)
    return item


def _append(writer: Writer, item: Staged, rows: list[int], cells: list[list[str]]) -> None:
    mapping = item.recognised.mapping
    by_column = list(zip(*cells, strict=True))
    writer.fill(item.name, {"row_no": rows} | {key: by_column[mapping[key]] for key in item.fields})
