"""Decides how a delimited text file becomes rows of text, with every row kept, counted as blank or set aside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from data.sources import FIND_OUT, How, RawTable, SetAside, dialect, encodings, too_blank
from data.sources.dialect import DELIMITERS, LOOK, Row
from data.sources.limits import DEFAULT, Limits, setting
from data.sources.lines import Lines, Seen, decoded
from data.sources.mojibake import CANDIDATE, repaired
from data.sources.records import Dialect, Records, fits
from data.sources.scan import scan
from errors import BadUpload

header_place = dialect.header_place
_LINES, _CHARACTERS = 200, 256 * 1024
_CONTROLS = frozenset(map(chr, range(32))) - set("\t\r\n\x0b\x0c\x1a\x1b")


@dataclass(frozen=True)
class _Way:
    """How one file is read: what the start of it showed."""

    path: Path
    name: str
    encoding: str
    dialect: Dialect
    header: Row
    limits: Limits


def read(path: Path, name: str, how: How = FIND_OUT, limits: Limits = DEFAULT) -> RawTable:
    """The file's one table. A record over several lines has the number of its first line. Raises BadUpload."""
    found = scan(path, encodings.chosen(how.encoding) if how.encoding else "")
    if found.blank > limits.blank:
        raise too_blank(name, limits)
    sample = _sample(path, found.encoding, limits)
    _must_be_text(name, sample)
    said = dialect.separator_line(sample)
    mark = dialect.named(how.delimiter) if how.delimiter else said
    way = dialect.find(sample[1:] if said else sample, mark, limits.cell, limits.line)
    rows, bad = dialect.parse(sample, way, limits.cell, limits.line)
    header = _header(name, rows, how, 1 if said else 0, bad, limits)
    return _table(_Way(path, name, found.encoding, way, header, limits), rows, found.plain)


def _sample(path: Path, encoding: str, limits: Limits) -> list[str]:
    """The first lines: 200 of them, or fewer when they are long."""
    taken: list[str] = []
    count = 0
    for line in islice(decoded(path, encoding, limits.line, Seen(), _CHARACTERS), _LINES):
        taken.append(line)
        count += len(line)
        if count > _CHARACTERS:
            break
    return taken


def _must_be_text(name: str, sample: list[str]) -> None:
    text = "".join(sample)[:_CHARACTERS]
    if sum(map(text.count, _CONTROLS)) > 0.1 * len(text):
        raise BadUpload(f"{name} is not a text file. Save it as CSV or XLSX and try again.")


def _header(name: str, rows: list[Row], how: How, skipped: int, bad: int, limits: Limits) -> Row:
    """The header's row: the one chosen, else the likeliest of the first twelve."""
    if how.header_row:
        row = next((row for row in rows if row.first <= how.header_row <= row.last), None)
        if row is None or not any(cell.strip() for cell in row.cells):
            raise BadUpload(f"{name} has no header in row {how.header_row}. Choose a row with the columns' names.")
        return row
    start = rows[skipped : skipped + LOOK]
    if not any(cell.strip() for row in start for cell in row.cells):
        if not bad:
            raise BadUpload(f"{name} holds no row with anything in it. Export it again with a header and rows.")
        says = f"{name} has no header that can be read: its first lines are too long, or their quotes are not closed"
        most = f"{setting('line')} is {limits.line:,} characters, {setting('cell')} {limits.cell:,}"
        raise BadUpload(f"{says} ({most}). Export it again with the columns' names in the first row.")
    return start[header_place([row.cells for row in start])]


def _table(way: _Way, rows: list[Row], plain: bool) -> RawTable:
    name, count = way.name, len(dialect.trimmed(way.header.cells))
    if count > way.limits.columns:
        says = f"{name} has {count:,} columns; at most {way.limits.columns:,} are read ({setting('columns')})"
        raise BadUpload(f"{says}. Delete those you do not need.")
    header = [repaired(cell.strip()) for cell in way.header.cells[: max(count, 1)]]
    mark = way.dialect.mark
    table = RawTable(name, "", header, iter(()), way.encoding, DELIMITERS.get(mark, mark), way.header.first)
    table.peek = [row.cells for row in rows[:LOOK]]
    below = [row.cells for row in rows if row.first > way.header.last and any(row.cells)]
    if len(below) < LOOK or any(fits(cells, len(header)) for cells in below):
        table.path, table.plain, table.mark = way.path, plain, mark
    if way.encoding in ("cp1252", "latin-1"):
        shown = "Windows-1252" if way.encoding == "cp1252" else "Latin-1"
        table.remarks.append(f"{name} is not UTF-8: it was read as {shown}. Check names with accents.")
    table.remarks += header_remarks(table, way.header.cells)
    table.rows = table.checked(_numbered(way, table), way.limits)
    return table


def header_remarks(table: RawTable, cells: list[str]) -> list[str]:
    """What is to be said of a header: names that two columns share, and a row that looks like values."""
    says: list[str] = []
    twice = [name for name in dict.fromkeys(table.header) if name and table.header.count(name) > 1]
    if twice:
        says.append(f"{table.label}: several columns are called {', '.join(twice[:5])}; each is read by its place.")
    if dialect.is_data(cells):
        row = f"row {table.header_row} was taken as the header, though it looks like values"
        says.append(f"{table.label}: {row}. Choose the header row if it is another, or add one.")
    return says


def _numbered(way: _Way, table: RawTable) -> Iterator[tuple[int, list[str]]]:
    """Rows below the header with their line numbers; what cannot be read goes to the table's rows set aside."""
    seen = Seen()
    source = decoded(way.path, way.encoding, way.limits.line, seen)
    lines = Lines(islice(source, way.header.last, None), way.header.last)

    def aside(row: int, rule: str, reason: str, cells: tuple[str, ...]) -> None:
        table.refuse(SetAside(row, rule, reason, cells), way.limits.set_aside)

    records = Records(lines, way.dialect, aside, len(table.header), way.limits.cell, way.limits.line)
    mended = Mended()
    for number, cells in records:
        if seen.suspect and CANDIDATE.search("\n".join(cells)):
            cells = mended.cells(number, cells)
        yield number, cells
    table.remarks += told(way.name, way.encoding, seen, mended)


@dataclass
class Mended:
    """What was done about mojibake: how many cells, and the first: its row, before, after."""

    count: int = 0
    first: tuple[int, str, str] = (0, "", "")

    def cells(self, row: int, cells: list[str]) -> list[str]:
        """The cells as they were meant."""
        better = [repaired(cell) for cell in cells]
        for was, now in zip(cells, better, strict=True):
            if was != now:
                self.first = self.first if self.count else (row, was, now)
                self.count += 1
        return better


def told(name: str, encoding: str, seen: Seen, mended: Mended) -> list[str]:
    """What is to be said of characters that were taken out, could not be read, or were mended."""
    says: list[str] = []
    if seen.zeros:
        says.append(f"{name}: {seen.zeros:,} NUL characters were taken out of its text.")
    if seen.unread > 0:
        where = f"{seen.unread:,} places that are not {encoding} are shown as “\ufffd”, the first in line {seen.first}"
        says.append(f"{name}: {where}. Export it as UTF-8, or choose its encoding.")
    if mended.count:
        row, was, now = mended.first
        example = f"“{was[:60]}” in row {row} was meant as “{now[:60]}”"
        says.append(f"{name}: {mended.count:,} cells were UTF-8 read as Windows-1252 once and were mended: {example}.")
    return says
