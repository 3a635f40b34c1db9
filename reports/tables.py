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
    """A whole table: every row. shape: 'portrait', 'landscape' or 'dense' (landscape in small type)."""

    heads: tuple[Head, ...]
    rows: tuple[tuple[Cell, ...], ...]
    shape: str


def table_of(panel: Panel, locale: Locale = HOUSE) -> PaperTable:
    """The panel's frame as paper shows it: all rows, in their order."""
    columns = [_cells(panel.frame[column.key].tolist(), column, locale) for column in panel.columns]
    needs = [_letters(column, cells) for column, cells in zip(panel.columns, columns, strict=True)]
    heads = [
        Head(column.label, unit_of(column, locale), column.unit not in _TEXTS, round(100 * need / sum(needs), 2))
        for column, need in zip(panel.columns, needs, strict=True)
    ]
    return PaperTable(tuple(heads), tuple(zip(*columns, strict=True)), _shape(sum(needs)))


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


def _letters(column: Column, cells: Sequence[Cell]) -> int:
    """Room that the column asks for, in letters: its longest text within reason, its head on two lines."""
    longest = max((len(cell.text) + 2 * bool(cell.mark) for cell in cells), default=1)
    label = f"{column.label} {unit_of(column)}".strip()
    head = max(*(len(word) for word in label.split(" ")), len(label) // 2 + 1)
    return min(max(longest, head), _WIDEST) + _PADDING


def _shape(letters: int) -> str:
    if letters <= PORTRAIT_LETTERS:
        return "portrait"
    return "landscape" if letters <= LANDSCAPE_LETTERS else "dense"
