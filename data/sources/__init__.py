"""Decides which reader takes a file, and what every reader hands on: text cells with row numbers, nothing lost."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from data.sources.limits import DEFAULT, Limits, setting, size
from errors import BadUpload, UserError

BATCH = 50_000
_SHOWN = 300
_MANY, _FEW = 100_000, 10
Rows = Iterator[tuple[int, list[str]]]


@dataclass(frozen=True)
class SetAside:
    """A row that was not taken. row: its number in the file, the header's line included; rule: id in checks.RULES.

    cells: the row as it stood in the file, for the table of refused rows.
    """

    row: int
    rule: str
    reason: str
    cells: tuple[str, ...] = ()


@dataclass(frozen=True)
class How:
    """What the user chose for a file; "" and 0 mean: find out. delimiter: the character or its English name."""

    encoding: str = ""
    delimiter: str = ""
    header_row: int = 0


FIND_OUT = How()


@dataclass
class RawTable:
    """One table as its file holds it: every cell text with every character; header cells without blanks around them.

    rows: pairs of row number and cells, read once, in order; every row has as many cells as the header. A row's number
    is the number of its line (the first, when it has several), of its row in a sheet, of its object in JSON (from 1).
    blank, set_aside and remarks fill up while the rows are read. sheet: of a workbook or a JSON key, else "".
    peek: the first rows of the file as they stand, for choosing the header. path: the text file it comes from.
    plain: every line of that file below the header is one row, cut at every `mark`; UTF-8, no quotes, short lines.
    """

    file: str
    sheet: str
    header: list[str]
    rows: Rows
    encoding: str = ""
    delimiter: str = ""
    header_row: int = 1
    blank: int = 0
    set_aside: list[SetAside] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    kept: int = 0
    peek: list[list[str]] = field(default_factory=list)
    path: Path | None = None
    plain: bool = False
    mark: str = ""

    @property
    def label(self) -> str:
        """How people call it: the file's name, and the sheet's where there are several."""
        return f"{self.file} / {self.sheet.strip()}" if self.sheet else self.file

    @property
    def read(self) -> int:
        """Rows seen so far, without the header: kept + set aside + blank."""
        return self.kept + self.blank + len(self.set_aside)

    def refuse(self, one: SetAside, most: int = Limits.set_aside) -> None:
        """Set a row aside. Raises BadUpload when more than `most` were: then the file is read the wrong way.

        So it is when very many were and hardly one was kept.
        """
        self.set_aside.append(one)
        count = len(self.set_aside)
        if count > most or (count > _MANY and self.kept * _FEW < count):
            says = f"More than {count - 1:,} rows of {self.label} do not fit its header"
            why = f"{setting('set_aside')} is {most:,}; the last: {one.reason}"
            raise BadUpload(f"{says} ({why}) Check its delimiter and header row.")

    def checked(self, rows: Iterable[tuple[int, list[str]]], limits: Limits = DEFAULT) -> Rows:
        """The rows that fit the header, as they stand; blank rows are counted, ragged ones set aside.

        Empty cells beyond the header are no cells. What a reader cannot cope with becomes a BadUpload.
        """
        width = len(self.header)
        try:
            for number, cells in rows:
                if len(cells) > width and not any(cells[width:]):
                    del cells[width:]
                text = "".join(cells)
                if not text or text.isspace():
                    self.blank += 1
                    if self.blank > limits.blank:
                        raise too_blank(self.label, limits)
                elif len(cells) != width:
                    cut = f"Row {number} has {len(cells):,} cells where the header has {width}"
                    reason = f"{cut}: check its delimiters and quotes."
                    self.refuse(SetAside(number, "row.ragged", reason, tuple(cells)), limits.set_aside)
                else:
                    self.kept += 1
                    yield number, cells
        except UserError:
            raise
        except Exception as error:
            raise unforeseen(self.label, error) from error

    @staticmethod
    def glance(batch: Iterable[list[str]]) -> list[list[str]]:
        """The cells' first characters: as much as it takes to know what a column holds."""
        return [[cell[:_SHOWN] for cell in cells] for cells in batch]

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


def too_blank(name: str, limits: Limits) -> BadUpload:
    """The sentence for a file that is mostly nothing."""
    says = f"{name} has more than {limits.blank:,} blank rows ({setting('blank')})"
    return BadUpload(f"{says}. Delete the rows below the table and export it again.")


def unforeseen(name: str, error: Exception) -> BadUpload:
    """The sentence for a fault of ours or of a library; the log has the rest."""
    if isinstance(error, MemoryError):
        most = f"{size(DEFAULT.import_memory)}, unless {setting('import_memory')} says another limit"
        return BadUpload(f"{name} needs more memory to read than it may take ({most}). Split it, or bring it as CSV.")
    logging.getLogger(__name__).error("reading %r failed", name, exc_info=error)
    return BadUpload(f"{name} cannot be read ({type(error).__name__}). Save it again as CSV with UTF-8 and try again.")


def read(path: Path, name: str | None = None, how: How = FIND_OUT, limits: Limits = DEFAULT) -> list[RawTable]:
    """The tables of one file (a workbook may hold several). `name`: what the user called it. Raises BadUpload."""
    shown = name or path.name
    try:
        tables = _read(path, shown, how, limits)
        for table in tables:
            table.peek = [[cell[:_SHOWN] for cell in cells[: limits.columns]] for cells in table.peek]
            if max(map(len, table.header), default=0) > limits.name:
                table.rows = _under_long_names(table, table.rows, limits)
        return tables
    except UserError:
        raise
    except Exception as error:
        raise unforeseen(shown, error) from error


def _under_long_names(table: RawTable, rows: Rows, limits: Limits) -> Rows:
    """Names are compared letter by letter with those we know: none may be a book. The file's other tables are read."""
    longest = max(map(len, table.header))
    if longest > limits.name:
        says = f"{table.label} has a column whose name has {longest:,} characters; at most {limits.name:,} are read"
        raise BadUpload(f"{says} ({setting('name')}). Shorten it, or choose the row that names the columns.")
    yield from rows


def _read(path: Path, name: str, how: How, limits: Limits) -> list[RawTable]:
    from data.sources import json_arrays, kinds, text, workbook

    kind = kinds.of(path, name, limits)
    if kind == "workbook":
        return workbook.read(path, name, how, limits)
    if kind == "json":
        return json_arrays.read(path, name, how, limits)
    table = text.read(path, name, how, limits)
    if kind == "misnamed":
        table.remarks.append(f"{name} is no workbook: it was read as delimited text.")
    return [table]
