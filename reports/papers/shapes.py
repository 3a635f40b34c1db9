"""Decides with which number format a workbook shows a number exactly as the report writes it, the number left whole."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from analytics.formats import MINUS

_WRITTEN = re.compile(rf"({MINUS}?)(\D*?)([\d,]+)(?:\.(\d+))?(\D*)")
_PERCENT = " %"
_CRORE = r"[>=10000000]{0}##\,##\,##\,##0{1};[>=100000]{0}##\,##\,##0{1};{0}#,##0{1}"
_LAST_CRORE = 1e9
"""From here a crore is grouped itself, and three conditions no longer do."""


def shape(value: Any, text: str) -> str:
    """The number format in which `value` reads `text` (“₹3,94,35,890.25”, “4.98 %”, “−11.6×”); '' where none does.

    Where a spreadsheet rounds a tie otherwise than the report, the format is the text itself.
    """
    found = _WRITTEN.fullmatch(text)
    if found is None or isinstance(value, bool):
        return ""
    minus, before, whole, fraction, after = found.groups()
    number = float(value)
    if not _reads(number * (100 if after == _PERCENT else 1), whole.replace(",", ""), fraction or ""):
        return f"{_said(text)};{_said(text)}"
    tail = (f".{'0' * len(fraction)}" if fraction else "") + (_PERCENT if after == _PERCENT else _said(after))
    head = _said(before)
    if number < 0:
        digits = _digits(whole)
        return f"{head}{digits}{tail};{_said(minus + before)}{digits}{tail}"
    if _is_indian(whole) and number < _LAST_CRORE:
        return _CRORE.format(head, tail)
    return head + _digits(whole) + tail


def _said(words: str) -> str:
    return '"' + words.replace('"', "") + '"' if words else ""


def _is_indian(whole: str) -> bool:
    """Whether lakhs are grouped in it; below a lakh both ways of grouping are the same."""
    groups = whole.split(",")
    return len(groups) > 2 and len(groups[-2]) == 2


def _digits(whole: str) -> str:
    return r"##\," * (whole.count(",") - 1) + r"##\,##0" if _is_indian(whole) else "#,##0"


def _reads(number: float, whole: str, fraction: str) -> bool:
    """Whether a spreadsheet, which rounds the fifteen digits that it keeps half up, comes to these digits."""
    kept = Decimal(f"{abs(number):.15g}").quantize(Decimal(1).scaleb(-len(fraction)), ROUND_HALF_UP)
    return f"{kept:f}" == whole + (f".{fraction}" if fraction else "")
