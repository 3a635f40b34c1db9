"""Decides where a record of a delimited file begins and ends, and which lines cannot be one."""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain

from data.sources.lines import Lines

QUOTE = '"'
_ENDS = "\r\n"
_SHORT = 64 * 1024
_PATIENCE = 64_000_000
_SHOWN = 1_000
_ESCAPED = re.compile(r'\\(["\\])')
Aside = Callable[[int, str, str, tuple[str, ...]], None]
_WORDS = {
    "quote.open": "Row {row} opens a quote that is not closed: close it, or double the quotes that belong to the text.",
    "quote.stray": "Row {row} has text between a closing quote and the delimiter: double the quotes that are text.",
    "cell.long": "Row {row} has a cell of {count:,} characters; at most {limit:,} are read: shorten it.",
    "line.long": "Row {row} is longer than {limit:,} characters: break it up or leave the long cell out.",
}


@dataclass(frozen=True)
class Dialect:
    """How cells are written. mark: the delimiter. escape: \\" stands for a quote within quotes.

    blanks: blanks may stand between a delimiter and an opening quote (they are then no part of the cell).
    """

    mark: str = ","
    escape: bool = False
    blanks: bool = False

    def reader(self, lines: Iterator[str]) -> Iterator[list[str]]:
        """Records by RFC 4180 and nothing looser; raises csv.Error."""
        return csv.reader(lines, delimiter=self.mark, strict=True, skipinitialspace=self.blanks)

    def unescaped(self, line: str) -> str:
        """The line with backslash and quote written as two quotes."""
        if not self.escape or "\\" not in line:
            return line
        return _ESCAPED.sub(lambda found: '""' if found[1] == QUOTE else "\\", line)


def fits(cells: list[str], width: int) -> bool:
    """Whether the row has the header's width, empty cells beyond it not counted."""
    return len(cells) == width or (len(cells) > width and not any(cells[width:]))


class Records:
    """Records of a stream of lines. A line that cannot be read is handed to `aside`; the next line begins anew.

    width: cells of the header, 0 when it is not known yet. cell, line: limits in characters.
    """

    def __init__(self, lines: Lines, dialect: Dialect, aside: Aside, width: int, cell: int, line: int) -> None:
        self._lines, self._dialect, self._aside = lines, dialect, aside
        self._width, self._cell, self._limit = width, cell, line
        self._wasted = 0
        csv.field_size_limit(2**31 - 1)

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        """Pairs of the number of the record's first line, and its cells with every character."""
        lines, mark, longest = self._lines, self._dialect.mark, self._cell
        plain = not self._dialect.escape
        pending: deque[str] = deque()
        one = self._dialect.reader(iter(pending.popleft, None))
        for line in lines:
            if len(line) > longest and not self._may_be(line):
                continue
            if QUOTE not in line:
                yield lines.number, line.rstrip(_ENDS).split(mark)
                continue
            pending.append(line if plain else self._dialect.unescaped(line))
            number = lines.number
            try:
                cells = next(one)
            except IndexError:
                if not (cells := self._over_lines(line)):
                    continue
            except csv.Error:
                self._refuse(number, "quote.stray", line)
                continue
            yield number, cells

    def _may_be(self, line: str) -> bool:
        """A line beyond the limit of a cell: whether it can be a record all the same."""
        number = self._lines.number
        if len(line) > self._limit:
            self._refuse(number, "line.long", line, self._limit)
            return False
        cells = self._alone(line) or line.split(self._dialect.mark)
        longest = max(map(len, cells))
        if longest > self._cell:
            self._refuse(number, "cell.long", line, self._cell, longest)
        return longest <= self._cell

    def _refuse(self, row: int, rule: str, line: str, limit: int = 0, count: int = 0) -> None:
        raw = line.rstrip(_ENDS)
        shown = raw if len(raw) <= self._cell else raw[:_SHOWN] + " …"
        self._aside(row, rule, _WORDS[rule].format(row=row, limit=limit, count=count), (shown,))

    def _alone(self, line: str) -> list[str]:
        """The cells of a line that is a record by itself; none when it is not."""
        if QUOTE not in line:
            return line.rstrip(_ENDS).split(self._dialect.mark)
        try:
            return next(self._dialect.reader(iter([self._dialect.unescaped(line)])), [])
        except csv.Error:
            return []

    def _over_lines(self, first: str) -> list[str]:
        """A record that goes on below its first line. When no honest end is found the first line is refused alone.

        Honest: strict quotes, and either the header's width or no line within that is a row of its own.
        """
        start, taken = self._lines.number, list[str]()
        reader = self._dialect.reader(chain([self._dialect.unescaped(first)], self._ahead(len(first), taken)))
        try:
            cells = next(reader)
        except csv.Error:
            cells = []
        width = self._width
        if cells and width and not fits(cells, width) and any(fits(self._alone(line), width) for line in taken):
            cells = []
        if not cells:
            self._wasted += sum(map(len, taken))
            self._lines.give_back(taken)
            self._refuse(start, "quote.open", first)
        elif max(map(len, cells)) > self._cell:
            self._refuse(start, "cell.long", first, self._cell, max(map(len, cells)))
            cells = []
        return cells

    def _ahead(self, size: int, taken: list[str]) -> Iterator[str]:
        """Lines to look through for the closing quote, up to the limit of a record; less once much was in vain."""
        limit = self._limit if self._wasted < _PATIENCE else _SHORT
        for line in self._lines:
            taken.append(line)
            size += len(line)
            if size > limit:
                return
            yield self._dialect.unescaped(line)
