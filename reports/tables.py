"""Decides how a panel's table stands on paper: units in the head, figures without them, marks, widths, orientation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from analytics import formats
from analytics.formats import HOUSE, MISSING, Locale
from analytics.views import Column, Panel

PORTRAIT_LETTERS = 122
LANDSCAPE_LETTERS = 186
_PADDING = 3
_WIDEST = 34
_TEXTS = ("text", "date")
_MARKS = {"good": "▲", "bad": "▼", "": ""}


@dataclass(frozen=True)
class Head:
    """A column's name, its unit as written beside it, whether it holds figures, its width in per cent."""

    label: str
    unit: str
    is_number: bool
    width: float


@dataclass(frozen=True)
class Cell:
    """A written value with its verdict: 'good', 'bad' or ''; mark repeats the verdict without colour."""

    text: str
    verdict: str
    mark: str


@dataclass(frozen=True)
class PaperTable:
    """Every row of a panel's table, over some or all of its columns. shape: 'portrait' or 'landscape'."""

    heads: tuple[Head, ...]
    rows: tuple[tuple[Cell, ...], ...]
    shape: str


@dataclass(frozen=True)
class _Strip:
    """One column with its written cells and the letters it asks for."""

    column: Column
    cells: list[Cell]
    letters: int


def tables_of(panel: Panel, locale: Locale = HOUSE) -> tuple[PaperTable, ...]:
    """The panel's frame as paper shows it: all rows in their order, one table where the columns fit on a page.

    Wider ones are cut between columns; each part begins with the first column, so that its rows can be told.
    """
    strips = [_strip(panel.frame[column.key].tolist(), column, locale) for column in panel.columns]
    return tuple(_table(part, locale) for part in _parts(strips))


def _strip(values: Sequence[object], column: Column, locale: Locale) -> _Strip:
    cells = _cells(values, column, locale)
    return _Strip(column, cells, _letters(column, cells, locale))


def _parts(strips: Sequence[_Strip]) -> list[list[_Strip]]:
    """Columns side by side as far as a landscape page is wide."""
    parts = [[strips[0]]]
    for strip in strips[1:]:
        if len(parts[-1]) > 1 and sum(one.letters for one in parts[-1]) + strip.letters > LANDSCAPE_LETTERS:
            parts.append([strips[0]])
        parts[-1].append(strip)
    return parts


def _table(strips: Sequence[_Strip], locale: Locale) -> PaperTable:
    total = sum(strip.letters for strip in strips)
    heads = [
        Head(
            strip.column.label,
            unit_of(strip.column, locale),
            strip.column.unit not in _TEXTS,
            round(100 * strip.letters / total, 2),
        )
        for strip in strips
    ]
    shape = "portrait" if total <= PORTRAIT_LETTERS else "landscape"
    return PaperTable(tuple(heads), tuple(zip(*(strip.cells for strip in strips), strict=True)), shape)


def unit_of(column: Column, locale: Locale = HOUSE) -> str:
    """What stands in the head so that the cells need not repeat it; '' where the label says it."""
    units = {"money": locale.sign.strip(), "share": "%", "multiple": "×", "days": "days"}
    return units.get(column.unit, "")


def _cells(values: Sequence[object], column: Column, locale: Locale) -> list[Cell]:
    texts = [_bare(value, column.unit, locale) for value in values]
    if column.unit == "money" and any("." in text for text in texts):
        texts = [text if "." in text or text == MISSING else f"{text}.00" for text in texts]
    verdicts = [_verdict(value, column) for value in values]
    return [Cell(text, verdict, _MARKS[verdict]) for text, verdict in zip(texts, verdicts, strict=True)]


def _bare(value: object, unit: str, locale: Locale) -> str:
    """The value as everywhere, less the unit that the head carries."""
    if _missing(value):
        return MISSING
    if unit in _TEXTS:
        return formats.write(value, unit) if hasattr(value, "year") else str(value)
    text = formats.exact(value, unit, locale)
    for ending in ("×", " %", " days"):
        text = text.removesuffix(ending)
    return text.replace(locale.sign, "", 1) if unit == "money" else text


def _missing(value: object) -> bool:
    return formats.is_missing(value) or value is pd.NA or value is pd.NaT or value == ""


def _verdict(value: object, column: Column) -> str:
    """Which side of the break-even a judged cell is on; no verdict where none was drawn."""
    if not column.judged or column.good_from is None or _missing(value) or isinstance(value, str):
        return ""
    above = float(value) >= column.good_from  # type: ignore[arg-type]
    return "good" if above == (column.better != "lower") else "bad"


def _letters(column: Column, cells: Sequence[Cell], locale: Locale) -> int:
    """Room that the column asks for, in letters: its longest text within reason, its head on two lines."""
    longest = max((len(cell.text) + 2 * bool(cell.mark) for cell in cells), default=1)
    label = f"{column.label} {unit_of(column, locale)}".strip()
    head = max(*(len(word) for word in label.split(" ")), len(label) // 2 + 1)
    return min(max(longest, head), _WIDEST) + _PADDING
