"""Decides a text file's delimiter and quoting by how evenly its lines fall into cells, and which row is the header."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache

from data import reference, schema
from data.sources.lines import Lines
from data.sources.records import Dialect, Records, fits
from errors import BadUpload

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", "^": "caret", "~": "tilde"}
LOOK = 12
_USUAL = ",;\t|"
_MOST, _LONGEST = 1_000, 1_000
_SEP = re.compile(r'"?sep=(.)"?\s*\Z', re.IGNORECASE)
_BLANK_QUOTE = re.compile(r'[,;\t|^~] +"')
_VALUE = re.compile(r"[\s₹$€£(+-]*(?:Rs\.? ?)?\d[\d.,/:\s-]*%?\)?\s*\Z")


@dataclass(frozen=True)
class Row:
    """A row of the file's start. first, last: numbers of its lines."""

    first: int
    last: int
    cells: list[str]


def trimmed(cells: list[str]) -> list[str]:
    """The cells up to the last that is filled."""
    end = len(cells)
    while end and not cells[end - 1].strip():
        end -= 1
    return cells[:end]


@cache
def known_headers() -> frozenset[str]:
    """Every header name that some field takes, folded."""
    return frozenset(alias for table in schema.TABLES for alias in reference.headers(table))


def hits(cells: list[str]) -> int:
    """How many cells are header names we know."""
    known = known_headers()
    return sum(len(cell) <= _LONGEST and reference.fold(cell) in known for cell in cells[:_MOST])


def header_place(rows: list[list[str]]) -> int:
    """Index of the row whose cells are most often header names we know; when none is, the first as wide as most."""
    filled = [index for index, row in enumerate(rows) if any(cell.strip() for cell in row)]
    found = {index: hits(rows[index]) for index in filled}
    best = max(filled, key=lambda index: (found[index], -index))
    if found[best]:
        return best
    widths = {index: len(trimmed(rows[index])) for index in filled}
    usual = Counter(widths.values()).most_common(1)[0][0]
    widest = max(widths.values())
    told = [index for index in filled if not rows[index][0].startswith("#") or widths[index] == widest] or filled
    place = next((index for index in told if widths[index] >= usual), told[0])
    above = told[told.index(place) - 1] if place != told[0] else place
    return above if widths[above] > 1 and is_data(rows[place]) and not is_data(rows[above]) else place


def is_data(header: list[str]) -> bool:
    """Whether the row taken for the header looks like values: an amount or a day stands in it, and no known name."""
    return hits(header) == 0 and any(_VALUE.match(cell) for cell in header[:_MOST] if cell.strip())


def separator_line(sample: list[str]) -> str:
    """The delimiter of a first line `sep=;` as spreadsheets write it; "" without one."""
    found = _SEP.match(sample[0].rstrip("\r\n")) if sample else None
    return found[1] if found else ""


def named(delimiter: str) -> str:
    """The delimiter a user means: the character, or its English name. Raises BadUpload for anything else."""
    word = delimiter.strip().casefold()
    names = {name: mark for mark, name in DELIMITERS.items()} | {"pipe": "|", "\\t": "\t"}
    mark = delimiter if len(delimiter) == 1 else names.get(word, "")
    if not mark or mark in '"\r\n' or mark.isalnum():
        choices = ", ".join(DELIMITERS.values())
        raise BadUpload(f"“{delimiter}” is no delimiter. Choose one of: {choices}, or give one character.")
    return mark


def parse(sample: list[str], dialect: Dialect, cell: int, line: int) -> tuple[list[Row], int]:
    """The rows of the sample, and how many of its lines could not be read."""
    bad: list[int] = []
    lines = Lines(iter(sample))
    records = Records(lines, dialect, lambda row, *_: bad.append(row), 0, cell, line)
    return [Row(number, lines.number, cells) for number, cells in records], len(bad)


def find(sample: list[str], mark: str, cell: int, line: int) -> Dialect:
    """The dialect under which the sample is a table: known header names first, then even widths. mark: "" or given."""
    text = "".join(sample)
    blanks = bool(_BLANK_QUOTE.search(text))
    escapes = (False, True) if '\\"' in text else (False,)
    marks = [mark] if mark else [item for item in DELIMITERS if item in text]
    tried = [Dialect(item, escape, blanks) for escape in escapes for item in marks]
    return max(tried, key=lambda dialect: _score(sample, dialect, cell, line), default=Dialect(mark or ","))


def _score(sample: list[str], dialect: Dialect, cell: int, line: int) -> tuple[int, float]:
    rows, bad = parse(sample, dialect, cell, line)
    start = [row.cells for row in rows[:LOOK]]
    if not any(cell.strip() for cells in start for cell in cells):
        return 0, 0.0
    place = header_place(start)
    width = len(trimmed(start[place]))
    below = [row.cells for row in rows[place + 1 :] if any(row.cells)] or [start[place]]
    even = sum(fits(cells, width) or fits(cells, len(start[place])) for cells in below) / (len(below) + bad)
    others = [mark for mark in _USUAL if mark not in (dialect.mark, ",")]
    dirty = sum(any(mark in cell for mark in others) for cells in below for cell in cells[:_MOST])
    clean = 1 - dirty / max(sum(map(len, below)), 1)
    rare = 1.0 if dialect.mark in _USUAL else 0.8
    known = hits(start[place])
    return (known if known > 1 else 0), even * (1 - 1 / max(width, 1)) * clean * rare
