"""Decides how a cell of a table reads where nothing is left out: every digit, its unit beside it."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analytics import formats
from analytics.formats import HOUSE, MISSING, Locale
from analytics.views import Column, Panel


def present(panel: Panel) -> tuple[Column, ...]:
    """The columns of a panel that its frame has."""
    return tuple(item for item in panel.columns if item.key in panel.frame)


def cell(value: Any, unit: str, locale: Locale = HOUSE) -> str:
    """A value as the table behind a chart shows it on the screen: ₹3,94,35,890.25, 4.98 %, 31 Jul 2026, “–”."""
    if is_missing(value):
        return MISSING
    if unit in ("text", "date"):
        return formats.day(value) if hasattr(value, "strftime") else str(value)
    return formats.exact(value, unit, locale)


def is_missing(value: Any) -> bool:
    """Whether a cell holds nothing that can be written: None, NaN, NaT, pandas' NA, infinities, an empty text."""
    return formats.is_missing(value) or bool(pd.isna(value)) or value == ""


def verdict(value: Any, item: Column) -> str:
    """'good' or 'bad' against the column's break-even; '' where none was drawn or nothing can be said."""
    if not item.judged or item.good_from is None or is_missing(value) or isinstance(value, str):
        return ""
    return "good" if (value >= item.good_from) == (item.better != "lower") else "bad"


def written(panel: Panel, locale: Locale = HOUSE) -> list[tuple[str, ...]]:
    """Every cell of a panel's table as text, row by row, in the order of `present`.

    A finding's numbers are in its own unit.
    """
    return list(zip(*(_strip(panel, item, locale) for item in present(panel)), strict=True))


def _strip(panel: Panel, item: Column, locale: Locale) -> list[str]:
    values = panel.frame[item.key].tolist()
    units = [one.unit for one in panel.findings] if item.unit == "multiple" else []
    own = units if len(units) == len(values) else [item.unit] * len(values)
    return [cell(value, unit, locale) for value, unit in zip(values, own, strict=True)]
