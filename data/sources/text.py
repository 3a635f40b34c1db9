"""Decides how a delimited text file becomes rows of text: its encoding, delimiter and header row."""

from __future__ import annotations

import codecs
import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from data import reference, schema
from data.sources import RawTable
from errors import BadUpload

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
FIELD_LIMIT = 1_000_000
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_PEEK = 64 * 1024


def encoding_of(path: Path) -> str:
    """By its mark, else UTF-8 when every byte fits, else UTF-16 by its zero bytes, else Windows-1252."""
    with path.open("rb") as file:
        start = file.read(_PEEK)
        for mark, name in _BOMS:
            if start.startswith(mark):
                return name
        if start[1:400:2].count(0) > 0.8 * len(start[1:400:2]):
            return "utf-16-le"
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while start:
                decoder.decode(start)
                start = file.read(1 << 20)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8"


def delimiter_of(sample: str) -> str:
    """The delimiter that cuts the first lines into the most columns, all lines alike; the comma when none does."""
    best, most = ",", 0.0
    for mark in DELIMITERS:
        widths = Counter(len(row) for row in csv.reader(sample.splitlines()[:60], delimiter=mark) if any(row))
        if not widths:
            continue
        width, lines = widths.most_common(1)[0]
        score = (width - 1) * lines / widths.total()
        if score > most:
            best, most = mark, score
    return best


def header_place(rows: list[list[str]]) -> int:
    """Index of the row whose cells are most often header names we know; the first that is not blank when none is."""
    known = {alias for table in schema.TABLES for alias in reference.headers(table)}
    filled = [index for index, row in enumerate(rows) if any(cell.strip() for cell in row)]
    hits = {index: sum(reference.fold(cell) in known for cell in rows[index]) for index in filled}
    return max(filled, key=lambda index: (hits[index], -index))


def read(path: Path, name: str) -> RawTable:
    """The file's one table. Raises BadUpload when it has no header or is not text."""
    csv.field_size_limit(FIELD_LIMIT)
    encoding = encoding_of(path)
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        sample = file.read(_PEEK)
    if "\0" in sample:
        raise BadUpload(f"{name} is not a text file. Save it as CSV or XLSX and try again.")
    mark = delimiter_of(sample)
    rows = [row for row in csv.reader(sample.splitlines(keepends=True)[:40], delimiter=mark)]
    if not any(any(cell.strip() for cell in row) for row in rows):
        raise BadUpload(f"{name} holds no row with anything in it. Export it again with a header and rows.")
    place = header_place(rows[:12])
    table = RawTable(name, "", [cell.strip() for cell in rows[place]], iter(()), encoding, DELIMITERS[mark], place + 1)
    while len(table.header) > 1 and not table.header[-1]:
        table.header.pop()
    if encoding == "cp1252":
        table.remarks.append(f"{name} is not UTF-8: it was read as Windows-1252. Check names with accents.")
    table.rows = table.checked(_numbered(path, encoding, mark, place))
    return table


def _numbered(path: Path, encoding: str, mark: str, place: int) -> Iterator[tuple[int, list[str]]]:
    """Rows below the header with their line numbers; a field beyond the limit ends the file with its line named."""
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        reader = csv.reader((line.replace("\0", "") for line in file), delimiter=mark)
        try:
            for index, cells in enumerate(reader):
                if index > place:
                    yield reader.line_num, cells
        except csv.Error as error:
            raise BadUpload(
                f"{path.name}, line {reader.line_num}: {error}. A quote may be open there: close it and try again."
            ) from None
