"""Decides which reader takes a file, and what every reader hands on: text cells with row numbers, nothing lost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from errors import BadUpload

BATCH = 50_000


@dataclass(frozen=True)
class SetAside:
    """A row that was not taken. row: its number in the file, the header's line included; rule: id in checks.RULES."""

    row: int
    rule: str
    reason: str


@dataclass
class RawTable:
    """One table as its file holds it: every cell text, without the blanks around it.

    rows: pairs of row number and cells, read once, in order; every row has as many cells as the header.
    blank and set_aside fill up while the rows are read. sheet: of a workbook or a JSON key, else "".
    """

    file: str
    sheet: str
    header: list[str]
    rows: Iterator[tuple[int, list[str]]]
    encoding: str = ""
    delimiter: str = ""
    header_row: int = 1
    blank: int = 0
    set_aside: list[SetAside] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    kept: int = 0

    @property
    def label(self) -> str:
        """How people call it: the file's name, and the sheet's where there are several."""
        return f"{self.file} / {self.sheet.strip()}" if self.sheet else self.file

    @property
    def read(self) -> int:
        """Rows seen so far, without the header: kept + set aside + blank."""
        return self.kept + self.blank + len(self.set_aside)

    def checked(self, rows: Iterable[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
        """The rows that fit the header, blanks around cells taken off; blank rows are counted, ragged set aside."""
        width = len(self.header)
        for number, cells in rows:
            cells = [cell.strip() for cell in cells]
            if len(cells) > width and not any(cells[width:]):
                cells = cells[:width]
            if not any(cells):
                self.blank += 1
            elif len(cells) != width:
                cut = f"Row {number} has {len(cells)} cells where the header has {width}"
                reason = f"{cut}: check its commas and quotes."
                self.set_aside.append(SetAside(number, "row.ragged", reason))
            else:
                self.kept += 1
                yield number, cells

    def batches(self, size: int = BATCH) -> Iterator[tuple[list[int], list[list[str]]]]:
        """The rows in batches: row numbers, and the cells of those rows."""
        numbers: list[int] = []
        batch: list[list[str]] = []
        for number, cells in self.rows:
            numbers.append(number)
            batch.append(cells)
            if len(batch) == size:
                yield numbers, batch
                numbers, batch = [], []
        if batch:
            yield numbers, batch


def read(path: Path, name: str | None = None) -> list[RawTable]:
    """The tables of one file (a workbook may hold several). `name`: what the user called it. Raises BadUpload."""
    from data.sources import json_arrays, text, workbook

    shown = name or path.name
    if not path.is_file():
        raise BadUpload(f"There is no file {shown}. Check the path.")
    if path.stat().st_size == 0:
        raise BadUpload(f"{shown} is empty. Export it again with a header and rows.")
    ending = Path(shown).suffix.casefold()
    with path.open("rb") as file:
        start = file.read(512)
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")) or ending in (".xlsx", ".xlsm", ".xls", ".ods"):
        return workbook.read(path, shown)
    if ending in (".json", ".jsonl", ".ndjson") or start.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in (b"[", b"{"):
        return json_arrays.read(path, shown)
    return [text.read(path, shown)]
