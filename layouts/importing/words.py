"""Decides how an import's numbers, days, fields and ways of reading are said in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from analytics import formats

Known = Mapping[str, Any]
COUNTED = ("rows_read", "accepted", "set_aside", "blank")


def field(key: str) -> str:
    """A field's name for people."""
    text = key.replace("_", " ")
    return (text[:1].upper() + text[1:]).replace(" id", " ID") if text else ""


def spoken(text: str) -> str:
    """A sentence with its field names as people say them."""
    return text.replace("_id", " ID").replace("_", " ")


def counted(number: int, noun: str) -> str:
    """1 row, 2 rows, 1,200 rows."""
    return f"{formats.count(number)} {noun}{'' if number == 1 else 's'}"


def equation(item: Known) -> str:
    """The account of a file's rows: nothing is lost."""
    read, taken, aside, blank = (formats.count(item.get(key) or 0) for key in COUNTED)
    return f"{read} rows read = {taken} accepted + {aside} set aside + {blank} blank"


def totals(answer: Known) -> dict[str, int]:
    """The account of all files' rows, as the answer gives it, else added up."""
    given = answer.get("equation") or {}
    return {
        key: int(given[key]) if key in given else sum(item.get(key) or 0 for item in answer.get("files", []))
        for key in COUNTED
    }


def days(first: str | None, last: str | None) -> str:
    """The span of two ISO days; empty without them."""
    return formats.span(date.fromisoformat(first), date.fromisoformat(last)) if first and last else ""


def span(items: Sequence[Known]) -> str:
    """From the first day of any file to the last of any."""
    first = [item["first_day"] for item in items if item.get("first_day")]
    last = [item["last_day"] for item in items if item.get("last_day")]
    return days(min(first), max(last)) if first and last else ""


def reading(item: Known) -> str:
    """In what encoding, parted how, the header where."""
    parts = [
        encoding(item.get("encoding") or ""),
        f"parted by {item['delimiter']}" if item.get("delimiter") else "",
        f"column names in row {item['header_row']}" if item.get("header_row") else "",
        counted(len(item.get("columns") or []), "column"),
    ]
    return ", ".join(part for part in parts if part)


def encoding(name: str) -> str:
    """An encoding as people know it."""
    known = {"utf-8-sig": "UTF-8 with mark", "cp1252": "Windows-1252", "cp932": "Shift-JIS", "latin-1": "Latin-1",
             "workbook": "Excel workbook"}  # fmt: skip
    return known.get(name, name.upper())


def cut(text: str, most: int) -> str:
    """At most so many characters."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def amount(text: Any) -> str:
    """An amount that came as text with every digit."""
    return formats.money_full(float(text)) if text not in (None, "") else formats.MISSING
