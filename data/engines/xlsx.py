"""Decides how a table becomes a workbook: numbers as numbers, days as days, texts as texts; no formula, no link.

The one room of xlsxwriter, whose own defaults make formulas and links out of texts: every text is written as a text.
"""

from __future__ import annotations

import io
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter

from data.values import guards
from errors import BadFilter

MOST_ROWS = 1_048_575
LONGEST = 32_767
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}
_INDIAN = r"[>=10000000]##\,##\,##\,##0{0};[>=100000]##\,##\,##0{0};#,##0{0}"
_FORMATS = {
    "date": "yyyy-mm-dd",
    "share": "0.0%",
    "multiple": "0.00",
    "days": "0.0",
    "score": "0.0",
    "number": "General",
}
_TEXTS = ("text", "id", "label", "terms", "flag")
# What XML cannot hold even when it is escaped; all other controls are escaped as the format says, and come back.
_REFUSED = re.compile("[\ud800-\udfff\ufffe\uffff]")
_SHEET_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_NARROW, _WIDE = 9, 48
_NAMED = 27
"""Letters of a sheet's name as Excel counts them, which leaves room for a number behind it."""


@dataclass(frozen=True)
class Head:
    """One column. unit: text, id, label, terms, flag, date, money, count, number, share (0–1), multiple, days, score.

    note: what it means, shown when the pointer rests on the header.
    """

    label: str
    unit: str = "text"
    note: str = ""


@dataclass(frozen=True)
class Shaped:
    """A number with a number format of its own, for a cell that reads otherwise than its column's unit."""

    value: Any
    shape: str


@dataclass(frozen=True)
class Sheet:
    """One table. rows: cells in the order of the columns; None and NaN stay empty.

    wraps: prose, without a filter.
    """

    name: str
    columns: tuple[Head, ...]
    rows: Sequence[Sequence[Any]]
    wraps: bool = False


def write(sheets: Sequence[Sheet], currency: str = "INR", made: datetime | None = None) -> bytes:
    """A workbook of these sheets, as bytes; a last sheet says what had to be changed in a text, if anything was.

    made: the moment that its properties name; with one, equal sheets give equal bytes. Raises BadFilter when a table
    has more rows than a sheet can hold.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, _OPTIONS)
    if made:
        book.set_properties({"created": made.replace(tzinfo=None)})
    writer = _Writer(book, currency)
    for sheet in sheets:
        if len(sheet.rows) > MOST_ROWS:
            more = f"The table has {len(sheet.rows):,} rows and a sheet holds {MOST_ROWS:,}."
            raise BadFilter(f"{more} Narrow it with filters or take it as CSV.")
        writer.sheet(sheet)
    if writer.changed:
        says = [[f"{n:,} texts {what}"] for what, n in sorted(writer.changed.items())]
        writer.sheet(Sheet("Changed texts", (Head("What was changed"),), says, wraps=True))
    book.close()
    return out.getvalue()


def formatted(unit: str, currency: str = "INR") -> str:
    """The number format of a unit: Indian grouping for rupees, percent for a share that stays between 0 and 1."""
    if unit in _TEXTS:
        return "@"
    if unit not in ("money", "count"):
        return _FORMATS[unit]
    places = ".00" if unit == "money" else ""
    return _INDIAN.format(places) if currency == "INR" else f"#,##0{places}"


class _Writer:
    """Writes sheets into one open workbook and counts the texts that it had to change."""

    def __init__(self, book: Any, currency: str) -> None:
        self._book, self._currency = book, currency
        self._head = book.add_format({"bold": True, "bottom": 1, "num_format": "@"})
        self._cells: dict[tuple[str, bool], Any] = {}
        self.changed: Counter[str] = Counter()

    def sheet(self, sheet: Sheet) -> None:
        page = self._book.add_worksheet(self._name(sheet.name))
        page.freeze_panes(1, 0)
        for place, head in enumerate(sheet.columns):
            cells = [row[place] for row in sheet.rows]
            page.set_column(place, place, _width(head, cells), self._format(head.unit, sheet.wraps))
            page.write_string(0, place, self.text(head.label), self._head)
            if head.note:
                page.write_comment(0, place, self.text(head.note), {"x_scale": 2})
            for line, value in enumerate(cells, start=1):
                self._cell(page, line, place, value, self._format(head.unit, sheet.wraps))
        if sheet.rows and not sheet.wraps:
            page.autofilter(0, 0, len(sheet.rows), len(sheet.columns) - 1)

    def _name(self, given: str) -> str:
        """A name that Excel takes: at most 31 letters, none of []:*?/\\, not its own word History, none twice."""
        name = " ".join(_SHEET_NAME.sub(" ", self.text(given)).split())
        name = name.encode("utf-16-le")[: 2 * _NAMED].decode("utf-16-le", "ignore").strip("' ") or "Sheet"
        taken = {page.get_name().casefold() for page in self._book.worksheets()} | {"history"}
        further = (f"{name} {number}" for number in range(2, len(taken) + 3))
        return next(one for one in (name, *further) if one.casefold() not in taken)

    def _format(self, unit: str, wraps: bool) -> Any:
        return self._shape(formatted(unit, self._currency), wraps)

    def _shape(self, shape: str, wraps: bool) -> Any:
        if (shape, wraps) not in self._cells:
            self._cells[shape, wraps] = self._book.add_format(
                {"num_format": shape, "text_wrap": wraps, "valign": "top"}
            )
        return self._cells[shape, wraps]

    def _cell(self, page: Any, line: int, place: int, value: Any, form: Any) -> None:
        if isinstance(value, Shaped):
            value, form = value.value, self._shape(value.shape, False)
        value = value.item() if hasattr(value, "item") else value
        if guards.is_missing(value):
            return
        if isinstance(value, bool):
            page.write_boolean(line, place, value, form)
        elif isinstance(value, int | float | Decimal):
            if math.isfinite(value):
                page.write_number(line, place, value, form)
        elif isinstance(value, date) and value.year >= 1900:
            page.write_datetime(line, place, value, form)
        elif text := self.text(value.isoformat()[:10] if isinstance(value, date) else f"{value}"):
            page.write_string(line, place, text, form)

    def text(self, text: str) -> str:
        """The text as a cell can hold it: at most 32,767 letters (as Excel counts them), nothing that XML refuses."""
        kept = _REFUSED.sub("\ufffd", text)
        if kept != text:
            self.changed["held letters that a workbook cannot: they read \ufffd here. The CSV has them."] += 1
        if len(kept) * 2 > LONGEST and (wide := kept.encode("utf-16-le")) and len(wide) > LONGEST * 2:
            kept = wide[: (LONGEST - 1) * 2].decode("utf-16-le", "ignore") + "…"
            self.changed[
                f"were longer than the {LONGEST:,} letters of a cell and end in “…”. The CSV has them whole."
            ] += 1
        return kept


def _width(head: Head, cells: Sequence[Any]) -> int:
    """Letters that the column needs, within bounds; a number needs room for its separators."""
    number = head.unit not in _TEXTS and head.unit != "date"
    cells = [cell.value if isinstance(cell, Shaped) else cell for cell in cells[:500]]
    longest = max((len(f"{value:,.2f}" if _counts(value) else f"{value}") for value in cells), default=0)
    return min(max(longest if number else min(longest, _WIDE), len(head.label) + 4, _NARROW), _WIDE)


def _counts(value: Any) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)
