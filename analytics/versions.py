"""Decides what is said of two versions of the data: which headline numbers moved, by how much, and for which rows."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from analytics import formats, metrics, prepare
from analytics.ask import Ask
from analytics.assumptions import Assumptions
from analytics.incrementality.court import headline
from analytics.incrementality.verdict import number_sentence
from data.filters import Filters

KPIS = ("revenue", "revenue.all", "orders", "spend", "roas", "aov", "cost_per_order")
UNCHANGED = "unchanged"
_IROAS, _ROWS = "iroas", "rows"
_FATES = {"changed": "changed", "new": "new", "gone": "gone"}


class Past(Protocol):
    """The versions that there are: data.versions.past.Past, or a test's own."""

    def list(self) -> dict[str, Any]:
        """As `python -m data versions --json` gives them."""

    def undo(self) -> dict[str, Any]:
        """Make the version before current; returns the list. Raises UserError."""

    def redo(self) -> dict[str, Any]:
        """Take the last undo back; returns the list. Raises UserError."""

    def go(self, version: int) -> dict[str, Any]:
        """Make that version current; returns the list. Raises UserError."""

    def store(self, version: int) -> Any:
        """The store over that version. Raises NoData when it is not kept."""

    def fates(self, before: int, after: int) -> Mapping[str, Any]:
        """Table → Fate of its rows (data.versions.compare)."""


@dataclass(frozen=True)
class Kpi:
    """One headline number in one version: its value, and as it is written."""

    key: str
    label: str
    unit: str
    value: float
    written: str


class Versions:
    """The versions of the data set: listed, taken back, and laid side by side."""

    def __init__(self, past: Past) -> None:
        self._past = past

    def list(self) -> dict[str, Any]:
        """All versions that are kept, and which is current."""
        return self._past.list()

    def undo(self) -> dict[str, Any]:
        """Go back to the version that the current one was made from; the list as it is then. Raises UserError."""
        return self._past.undo()

    def redo(self) -> dict[str, Any]:
        """Take the last undo back; the list as it is then. Raises UserError."""
        return self._past.redo()

    def go(self, version: int) -> dict[str, Any]:
        """Make that version current; the list as it is then. Raises UserError."""
        return self._past.go(version)

    def compare(self, before: int, after: int) -> dict[str, Any]:
        """{"from", "to", "headline", "kpis", "tables"}: numbers before and after, and what became of the rows.

        kpis: {"key", "label", "unit", "before", "after" (null when missing), "written": [before, after], "change"}.
        tables: {table: {"before", "after", "new", "changed", "same", "gone"}}. Raises NoData for a version not kept.
        """
        sides = [kpis(self._past.store(version)) for version in (before, after)]
        pairs = [(one, sides[1][key]) for key, one in sides[0].items() if key in sides[1]]
        tables = {table: dict(vars(fate)) for table, fate in self._past.fates(before, after).items()}
        return {
            "from": before, "to": after, "headline": sentence(before, after, pairs, tables),
            "kpis": [_record(old, new) for old, new in pairs], "tables": tables,
        }  # fmt: skip


def kpis(store: Any) -> dict[str, Kpi]:
    """The headline numbers of all the data: sums, ratios, iROAS where it is measured, rows accepted."""
    ask = Ask(store, Filters(), Assumptions())
    frame = ask.table(KPIS)
    found = {}
    for key in KPIS:
        item, value = metrics.METRICS[key], float(frame[key].iloc[0])
        found[key] = Kpi(key, item.label, item.unit, value, formats.exact(value, item.unit))
    found[_IROAS] = _iroas(ask)
    files = store.files()
    rows = float(files["accepted"].sum())
    return {**found, _ROWS: Kpi(_ROWS, "Rows accepted", "count", rows, formats.count(rows))}


def _iroas(ask: Ask) -> Kpi:
    """Never without its interval and its method."""
    estimate = headline(prepare.court_of(ask))
    if estimate.is_refused:
        return Kpi(_IROAS, "iROAS", "multiple", math.nan, formats.MISSING)
    return Kpi(_IROAS, "iROAS", "multiple", estimate.estimate, number_sentence(estimate).removeprefix("iROAS "))


def _record(old: Kpi, new: Kpi) -> dict[str, Any]:
    values = {name: None if math.isnan(one.value) else one.value for name, one in (("before", old), ("after", new))}
    return {"key": old.key, "label": old.label, "unit": old.unit, **values, "written": [old.written, new.written],
            "change": change(old.value, new.value, old.unit)}  # fmt: skip


def change(before: float, after: float, unit: str) -> str:
    """How far a number moved, with its sign: “+₹1,200 · +3.4 %”; “unchanged”; '' where either is missing."""
    if math.isnan(before) and math.isnan(after) or before == after:
        return UNCHANGED
    if math.isnan(before) or math.isnan(after):
        return ""
    apart = after - before
    sign = formats.MINUS if apart < 0 else "+"
    words = [f"{sign}{formats.exact(abs(apart), unit)}"]
    if before > 0 and unit != "share":
        share = f"{abs(apart) / before * 100:,.1f} %"
        words.append(f"{sign}{share}" if share != "0.0 %" else f"{sign}less than 0.1 %")
    return " · ".join(words)


def sentence(before: int, after: int, pairs: list[tuple[Kpi, Kpi]], tables: dict[str, dict[str, int]]) -> str:
    """“Version 3 restates revenue from ₹5.1 L to ₹5.2 L: 12 rows changed in tracking.”"""
    moved = next(((old, new) for old, new in pairs if old.value != new.value and not math.isnan(new.value - old.value)
                  and old.key != _ROWS), None)  # fmt: skip
    rows = _rows(tables)
    if moved:
        said = f"restates {_named(moved[0])} from {' to '.join(_short(*moved))}"
    elif rows and any(change(old.value, new.value, old.unit) != UNCHANGED for old, new in pairs if old.key != _ROWS):
        said = "has other headline numbers"
    else:
        said = "leaves every headline number as it is"
    return f"Version {after} {said}: {rows or f'its rows are those of version {before}'}."


def _named(kpi: Kpi) -> str:
    """A label within a sentence: words small, abbreviations as they are."""
    return kpi.label if kpi.label[:2].isupper() or kpi.key == _IROAS else kpi.label[0].lower() + kpi.label[1:]


def _short(old: Kpi, new: Kpi) -> tuple[str, str]:
    """Two amounts in short, or with every digit where the short ones read the same."""
    short = formats.write(old.value, old.unit), formats.write(new.value, new.unit)
    return short if short[0] != short[1] and old.key != _IROAS else (old.written, new.written)


def _rows(tables: dict[str, dict[str, int]]) -> str:
    """“12 rows changed in tracking, 3 new in posts”; '' when no row moved."""
    said: list[str] = []
    for table, fate in tables.items():
        parts = [f"{formats.count(fate[key])} {word}" for key, word in _FATES.items() if fate[key]]
        if parts:
            said.append(f"{formats.listing(parts)} in {table}")
    if not said:
        return ""
    first, _, rest = said[0].partition(" ")
    return ", ".join([f"{first} {'row' if first == '1' else 'rows'} {rest}", *said[1:]])


def as_lines(compared: Mapping[str, Any]) -> str:
    """A comparison for people: the sentence, the numbers side by side, what became of each table's rows."""
    rows = [[one["label"], *one["written"], one["change"] or formats.MISSING] for one in compared["kpis"]]
    cells = [["", f"version {compared['from']}", f"version {compared['to']}", "change"], *rows]
    widths = [max(len(row[place]) for row in cells) for place in range(len(cells[0]))]
    lines = [
        "  ".join(
            [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        )
        for row in cells
    ]
    fates = [
        f"{table}: {formats.count(fate['before'])} → {formats.count(fate['after'])} rows, "
        + ", ".join(f"{formats.count(fate[key])} {key}" for key in ("new", "changed", "same", "gone"))
        for table, fate in compared["tables"].items()
    ]
    return "\n".join([compared["headline"], "", *lines, "", *fates])
