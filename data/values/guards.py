"""Decides how a text is written to CSV so that no spreadsheet runs it, and how our importer takes that guard off.

A text is risky when a spreadsheet could run it: its first character that is neither blank nor an apostrophe is one of
= + - @ or a full-width form of them, or it begins with a tab or a line end. `inert` puts one apostrophe before such a
text; `bare` takes one off again, where `inert` would have put it, so that export and import give every text back
exactly. Numbers are never guarded: a negative number keeps its sign and stays a number.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

MARK = "\ufeff"
"""The mark before a CSV for spreadsheets: Excel then reads ₹ and Hindi as they are."""

RUN = "=+-@＝＋－＠\t\r\n"
# Unicode's blanks, controls, and marks without width: spreadsheets and people look past them. Written out, and not
# asked of this Python's Unicode tables, so that a file guarded by one version is freed by any other.
BLANKS = (
    (0x00, 0x20), (0x7F, 0xA0), (0xAD, 0xAD), (0x034F, 0x034F), (0x0600, 0x0605), (0x061C, 0x061C), (0x06DD, 0x06DD),
    (0x070F, 0x070F), (0x0890, 0x0891), (0x08E2, 0x08E2), (0x115F, 0x1160), (0x1680, 0x1680), (0x17B4, 0x17B5),
    (0x180B, 0x180F), (0x2000, 0x200F), (0x2028, 0x202F), (0x205F, 0x206F), (0x2800, 0x2800), (0x3000, 0x3000),
    (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF9, 0xFFFB), (0x110BD, 0x110BD),
    (0x110CD, 0x110CD), (0x13430, 0x1345F), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
)  # fmt: skip
_PASSED = "".join(f"{re.escape(chr(low))}-{re.escape(chr(high))}" for low, high in BLANKS)
_RISKY = re.compile(f"['{_PASSED}]*[{re.escape(RUN)}]")
_SQL_PASSED = "".join(f"\\x{{{low:X}}}-\\x{{{high:X}}}" for low, high in BLANKS)
_SQL_RUN = "".join(f"\\x{{{ord(sign):X}}}" for sign in RUN)
_QUOTED = re.compile(r"[\x00-\x1f\x7f-\x9f,;|\"'\u2028\u2029]|^\s|\s$")

OUR_SHEETS = {"How to fill": "table", "About": "What", "Changed texts": "What was changed"}
"""Sheets that we write for people to read, with the first word of each: they hold no data."""


def is_ours(sheet: str, header: Sequence[str]) -> bool:
    """Whether a sheet of a workbook is one that we wrote for people to read: an importer passes over it."""
    return bool(header) and OUR_SHEETS.get(sheet.strip()) == header[0].strip()


def risky(text: str) -> bool:
    """Whether a spreadsheet could run the text, apostrophes and blanks before it looked past."""
    return _RISKY.match(text) is not None


def inert(text: str) -> str:
    """The text with one apostrophe before it when it is risky; `'=x` becomes `''=x`, so that the way back is exact."""
    return f"'{text}" if risky(text) else text


def bare(text: str) -> str:
    """The text without the one apostrophe that `inert` put before it; any other text as it is."""
    return text[1:] if text.startswith("'") and risky(text[1:]) else text


def sql(expression: str) -> str:
    """`bare` for DuckDB: SQL that frees a text expression of its guard; NULL stays NULL."""
    guarded = f"^\\x{{27}}([\\x{{27}}{_SQL_PASSED}]*[{_SQL_RUN}])"
    freed = f"regexp_replace({expression}, '{guarded}', '\\1')"
    return f"CASE WHEN starts_with({expression}, '''') THEN {freed} ELSE {expression} END"


def csv_lines(header: Sequence[object], rows: Iterable[Sequence[object]], raw: bool = False, end: str = "\r\n") -> str:
    """A table as the text of a CSV file: the one writer behind every CSV that leaves the house.

    Numbers stay numbers with a point and no grouping, days are ISO, what is missing is empty, texts are inert unless
    `raw` (for machines). A cell with a delimiter, a quote, a tab or a line end stands in quotes.
    """
    return "".join(_line(row, raw) + end for row in (header, *rows))


def _line(row: Sequence[object], raw: bool) -> str:
    cells = [_quoted(cell(value, raw)) for value in row]
    # A line of one empty cell would be a blank line, and read as no row at all.
    return ",".join(cells) if cells != [""] else '""'


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text


def cell(value: object, raw: bool = False) -> str:
    """One cell as CSV has it, before quotes."""
    if isinstance(value, str):
        return value if raw else inert(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if is_missing(value):
        return ""
    if isinstance(value, date):
        return value.isoformat()[:10]
    if isinstance(value, int | float | Decimal):
        return number(value)
    return cell(value.item() if hasattr(value, "item") else f"{value}", raw)


def is_missing(value: object) -> bool:
    """Whether there is nothing to write: None, NaN, NaT and pandas' NA."""
    try:
        return value is None or bool(value != value)
    except TypeError:
        # pandas' NA is neither like itself nor unlike, and refuses to say.
        return True


def number(value: int | float | Decimal) -> str:
    """A number with every digit and no exponent: whole numbers whole, floats to ten places; "" when it is none."""
    if not math.isfinite(value):
        return ""
    if isinstance(value, float):
        value = int(value) if value.is_integer() else Decimal(repr(round(float(value), 10)))
    return format(value, "f") if isinstance(value, Decimal) else str(value)
