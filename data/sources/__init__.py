"""Decides which reader takes a file, and what every reader hands on: text cells with row numbers, nothing lost."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from data.sources.limits import DEFAULT, Limits
from errors import BadUpload, UserError

BATCH = 50_000
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
        """Set a row aside. Raises BadUpload when more than `most` were: then the file is read the wrong way."""
        self.set_aside.append(one)
        if len(self.set_aside) > most:
            says = f"More than {most:,} rows of {self.label} do not fit its header (the last: {one.reason})"
            raise BadUpload(f"{says} Check its delimiter and header row.")

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


def unforeseen(name: str, error: Exception) -> BadUpload:
    """The sentence for a fault of ours or of a library; the log has the rest."""
    logging.getLogger(__name__).error("reading %r failed", name, exc_info=error)
    return BadUpload(f"{name} cannot be read ({type(error).__name__}). Save it again as CSV with UTF-8 and try again.")


def read(path: Path, name: str | None = None, how: How = FIND_OUT, limits: Limits = DEFAULT) -> list[RawTable]:
    """The tables of one file (a workbook may hold several). `name`: what the user called it. Raises BadUpload."""
    shown = name or path.name
    try:
        return _read(path, shown, how, limits)
    except UserError:
        raise
    except Exception as error:
        raise unforeseen(shown, error) from error


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
