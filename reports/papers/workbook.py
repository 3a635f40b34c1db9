"""Decides how a report becomes a workbook: a summary, a sheet for each table, the methods, the data and the filters."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from analytics import export, formats
from analytics.views import Column, Finding, PageView, Panel
from data.engines import xlsx
from data.engines.xlsx import Head, Shaped, Sheet
from reports.content.cells import cell, present
from reports.content.glossary import methods_used, metrics_used
from reports.content.report import Report
from reports.papers.shapes import shape
from reports.papers.written import Written

SUMMARY = (
    Head("Page"), Head("Figure"), Head("Number", "number"), Head("As written"), Head("From", "number"),
    Head("To", "number"), Head("Change"), Head("Compared with"), Head("Note"),
)  # fmt: skip
CONTENTS = (
    Head("Sheet"), Head("Page"), Head("Question"), Head("Answer"), Head("Rows", "count"), Head("Note"),
)  # fmt: skip
FOUND = (
    Head("Page"), Head("Finding"), Head("Verdict"), Head("Estimate", "number"), Head("From", "number"),
    Head("To", "number"), Head("In detail"), Head("What to do"),
)  # fmt: skip
TERMS = (Head("What"), Head("In words"))
_NAMED = 27
_MOST_SHAPES = 150
"""Number formats that a workbook may have of its own; spreadsheets take about two hundred."""


def write(report: Report) -> Written:
    """The report as XLSX: numbers as numbers that read as on every other paper, no formula, no link."""
    sheets = [*_sheets(report)]
    made = datetime.fromisoformat(report.mark.made) if report.mark.made else None
    return Written(xlsx.write(sheets, report.locale.currency, made), len(sheets))


def _sheets(report: Report) -> Iterator[Sheet]:
    shaper = _Shaper(report)
    tables = [*_tables(report)]
    yield Sheet("Summary", SUMMARY, [*_summary(report, shaper)])
    yield Sheet("Contents", CONTENTS, [*_contents(report, tables)])
    found = [_finding(view, one, shaper) for view in report.views for panel in view.panels for one in panel.findings]
    if found:
        yield Sheet("Findings", FOUND, found)
    for name, panel in tables:
        yield _table(name, panel, shaper)
    yield Sheet("Methods", TERMS, [*_methods(report)], wraps=True)
    yield Sheet("Data & filters", TERMS, [*_data(report)], wraps=True)


def _tables(report: Report) -> Iterator[tuple[str, Panel]]:
    """Every table with the name of its sheet: a number, which stands in the contents, and its question."""
    panels = [panel for view in report.views for panel in view.panels if panel.kind != "findings"]
    quality = report.views[0].quality
    counted = [panel for panel in (quality.files, quality.money) if panel] if quality else []
    counted += getattr(report.since, "panels", ())
    for number, panel in enumerate((one for one in (*panels, *counted) if present(one) and len(one.frame)), 1):
        yield textwrap.shorten(f"{number} {panel.title}", _NAMED, placeholder="…"), panel


def _summary(report: Report, shaper: _Shaper) -> Iterator[list[Any]]:
    if report.reason:
        yield ["", "Why this report", None, report.reason, *[None] * 5]
    for view in report.views:
        yield [view.title, "In a sentence", None, view.headline, *[None] * 4, view.subline]
        for tile in (*view.tiles, *view.more):
            moved = f"{formats.MINUS if tile.direction == 'down' else '+'}{tile.change}" if tile.change else ""
            yield [
                view.title, tile.label, shaper.number(tile.value, tile.unit), tile.written,
                shaper.number(tile.lower, tile.unit), shaper.number(tile.upper, tile.unit), moved,
                tile.versus if tile.change else "", tile.note,
            ]  # fmt: skip


def _contents(report: Report, tables: list[tuple[str, Panel]]) -> Iterator[list[Any]]:
    names = {id(panel): name.partition(" ")[0] for name, panel in tables}
    own = {id(panel) for view in report.views for panel in view.panels}
    for view in report.views:
        for panel in view.panels:
            answer = panel.message or panel.summary
            yield [names.get(id(panel), ""), view.title, panel.title, answer, len(panel.frame), panel.note]
    for name, panel in tables:
        if id(panel) not in own:
            place = "Since the last edition" if panel.key.startswith("since_") else "The data"
            yield [name.partition(" ")[0], place, panel.title, panel.summary, len(panel.frame), panel.note]


def _finding(view: PageView, one: Finding, shaper: _Shaper) -> list[Any]:
    figures = [shaper.number(value, one.unit) for value in (one.estimate, one.lower, one.upper)]
    return [view.title, one.sentence, one.verdict, *figures, one.detail, one.action]


def _table(name: str, panel: Panel, shaper: _Shaper) -> Sheet:
    columns = present(panel)
    heads = tuple(Head(item.label, item.unit, export.meaning(item)) for item in columns)
    strips = [[shaper.cell(value, item) for value in panel.frame[item.key].tolist()] for item in columns]
    return Sheet(name, heads, list(zip(*strips, strict=True)))


def _methods(report: Report) -> Iterator[tuple[str, str]]:
    """How the numbers are made: the lines of each question, then the words and their formulas."""
    for title, lines in methods_used(report.views):
        yield from ((title if place == 0 else "", line) for place, line in enumerate(lines))
    for metric in metrics_used(report.views):
        yield metric.label, "; ".join(part for part in (metric.formula, metric.says) if part)


def _data(report: Report) -> Iterator[tuple[str, str]]:
    """What the report was asked and from which data it was answered."""
    first = report.views[0]
    said = [
        ("Report", report.title), ("For", report.audience.title), ("Edition", report.mark.id),
        ("Made", report.mark.made), ("Filters", first.filters), ("Query", first.query),
        ("Reckoned with", first.assumptions), ("Data", export.data_words(first.provenance)),
        ("Data version", str(first.provenance.version)), ("Files", ", ".join(first.provenance.files)),
        ("Sample", "Invented people, invented money." if first.provenance.is_sample else ""),
        *((view.title, remark) for view in report.views for remark in view.remarks),
        *((f"What the rules found: {note.weight}", note.sentence) for note in first.provenance.notes),
        *(("Cannot be answered yet", line) for line in (first.quality.locked if first.quality else ())),
    ]  # fmt: skip
    return (pair for pair in said if pair[1])


class _Shaper:
    """Gives each number the format in which it reads as in the report."""

    def __init__(self, report: Report) -> None:
        self._locale = report.locale
        self._known: set[str] = set()

    def number(self, value: float, unit: str) -> Any:
        """A number that reads with its unit; nothing where it cannot be computed."""
        return self.cell(value, Column("", "", unit))

    def cell(self, value: Any, item: Column) -> Any:
        """A cell of a table; days that stand there as ISO texts become days."""
        if item.unit == "date" and isinstance(value, str) and value:
            return date.fromisoformat(value[:10])
        if item.unit in ("text", "date") or isinstance(value, str):
            return value
        form = shape(value, cell(value, item.unit, self._locale))
        if not form or (form not in self._known and len(self._known) >= _MOST_SHAPES):
            return value
        self._known.add(form)
        return Shaped(value, form)
