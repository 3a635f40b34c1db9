"""Decides what a report says and in which order: filled pages and their drawings become one HTML document.

The only speaker of Jinja2. Text of users is a value, never a template; it is cleaned and escaped wherever it
is written.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from analytics import formats
from analytics.formats import Locale
from analytics.quality import TOTAL
from analytics.views import Finding, PageView, Panel, Tile
from data.filters import Filters
from reports.content.arrangement import SHORT_TABLE, Placed, has_chart, has_table, place, rows, tables_last
from reports.content.front import COVER_TALLEST, TILES
from reports.content.glossary import methods_used, metrics_used
from reports.content.report import Report
from reports.content.tables import PaperTable, tables_of
from reports.render.pictures import Drawing

TEMPLATES = Path(__file__).resolve().parent / "templates"
FOOTER_LETTERS = 150
GLYPHS = {"up": "▲", "down": "▼", "": ""}
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202d\u202e\ufeff]")
_STACKED = re.compile("([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{4})"
                      "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+")  # fmt: skip

Drawings = Mapping[tuple[str, str], Drawing]
"""(page key, panel key) → its drawing."""


@dataclass(frozen=True)
class Block:
    """One panel as it stands on a page. drawing: None for what is no chart; tables: what is printed whole."""

    anchor: str
    placed: Placed
    drawing: Drawing | None
    tables: tuple[PaperTable, ...]

    @property
    def panel(self) -> Panel:
        """What it shows."""
        return self.placed.panel

    @property
    def keeps_together(self) -> bool:
        """Whether it may not be cut by the end of a page: pictures and short tables."""
        return self.panel.kind != "findings" and all(len(table.rows) <= SHORT_TABLE for table in self.tables)

    @property
    def is_wide(self) -> bool:
        """Whether it needs a landscape page."""
        return any(table.shape == "landscape" for table in self.tables)


@dataclass(frozen=True)
class Chapter:
    """One page of the screen as a section: its blocks in rows, and those of its blocks that the cover shows."""

    anchor: str
    view: PageView
    rows: tuple[tuple[Block, ...], ...]
    on_cover: tuple[Block, ...]


@dataclass(frozen=True)
class Plan:
    """What is drawn for a report, before anything is drawn."""

    report: Report
    charts: tuple[tuple[str, Placed], ...]


def plan(report: Report) -> Plan:
    """Lays the panels out and lists the charts as (page key, placed panel), the cover's first."""
    first = report.views[0]
    charts = [(first.key, place(panel, most=COVER_TALLEST)) for panel in report.front.charts]
    for view in report.views:
        charts += [(view.key, placed) for row in rows(_inside(view, report)) for placed in row if placed.width]
    return Plan(report, tuple(charts))


def _inside(view: PageView, report: Report) -> list[Panel]:
    """A section's panels: all, less what the cover shows already."""
    shown = {panel.key for panel in report.front.charts} if view.key == report.views[0].key else set()
    return tables_last(panel for panel in view.panels if panel.key not in shown)


def render(planned: Plan, drawings: Drawings) -> str:
    """The whole report as HTML."""
    report = planned.report
    chapters = [_chapter(view, report, drawings) for view in report.views]
    first = report.views[0]
    return _environment().get_template("report.html").render(
        report=report,
        title=report.title,
        edition=report.mark.id,
        view=first,
        period=period(first),
        cover=report.front,
        cover_blocks=chapters[0].on_cover,
        chapters=chapters,
        anchors={block.anchor for chapter in chapters for block in _blocks(chapter)},
        days=_days(first),
        quality=first.quality,
        counted=_counted(first, report.locale),
        total=TOTAL,
        notes=first.quality.notes if first.quality else first.provenance.notes,
        metrics=metrics_used(report.views),
        methods=methods_used(report.views),
        headline_tiles=TILES,
        footer_letters=FOOTER_LETTERS,
    )  # fmt: skip


def _days(view: PageView) -> str:
    """First and last day of the data, whatever the filters choose."""
    first, last = view.provenance.first_day, view.provenance.last_day
    return formats.span(first, last) if first and last else ""


def _counted(view: PageView, locale: Locale) -> list[tuple[Panel, tuple[PaperTable, ...]]]:
    """The tables of the data page: rows file by file, then money."""
    panels = [view.quality.files, view.quality.money] if view.quality else []
    return [(panel, tables_of(panel, locale)) for panel in panels if panel]


def _chapter(view: PageView, report: Report, drawings: Drawings) -> Chapter:
    inside = rows(_inside(view, report))
    shown = report.front.charts if view.key == report.views[0].key else ()
    return Chapter(
        f"p-{view.key}",
        view,
        tuple(tuple(_block(view, placed, drawings, report.locale) for placed in row) for row in inside),
        tuple(_block(view, place(panel, most=COVER_TALLEST), drawings, report.locale) for panel in shown),
    )


def _block(view: PageView, placed: Placed, drawings: Drawings, locale: Locale) -> Block:
    panel = placed.panel
    drawing = drawings.get((view.key, panel.key)) if has_chart(panel) else None
    undrawn = drawing is not None and drawing.svg is None
    wanted = has_table(panel) or (undrawn and bool(panel.columns))
    return Block(anchor(view.key, panel.key), placed, drawing, tables_of(panel, locale) if wanted else ())


def _blocks(chapter: Chapter) -> list[Block]:
    return [*chapter.on_cover, *(block for row in chapter.rows for block in row)]


def anchor(page: str, panel: str) -> str:
    """Where a panel is found within the document."""
    return f"p-{page}-{panel}"


def period(view: PageView) -> str:
    """The days that the report covers, in words; '' when neither filters nor data have any."""
    filters = Filters.from_query(view.query)
    since = filters.since or view.provenance.first_day
    until = filters.until or view.provenance.last_day
    return formats.span(since, until) if since and until else ""


def clean(value: Any) -> Any:
    """Text as a document can hold it: no control or surrogate code points, towers of accents, forced directions."""
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    return _STACKED.sub(r"\1", _UNSEEN.sub("", value))


def _picture(svg: str) -> str:
    """The drawing as an address that holds it."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode("utf-8")).decode("ascii")


def _interval(item: Tile | Finding) -> str:
    """“1.4–2.9”; '' where there is none."""
    missing = formats.is_missing(item.lower) or formats.is_missing(item.upper)
    return "" if missing else formats.interval(item.lower, item.upper, item.unit)


def _moved(tile: Tile) -> str:
    """“▲ 12.4 %”; '' where nothing is compared."""
    return f"{GLYPHS[tile.direction]} {tile.change}".strip()


def _estimate(finding: Finding) -> str:
    return "" if formats.is_missing(finding.estimate) else formats.write(finding.estimate, finding.unit)


def _moment(text: str) -> str:
    """An instant in ISO form as people read it; any other text as it is."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return text
    return f"{formats.day(instant)}, {instant:%H:%M}"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=clean,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"picture": _picture, "interval": _interval, "moved": _moved, "estimate": _estimate}
    environment.filters |= {
        "count": formats.count,
        "moment": _moment,
        "anchor": lambda finding: anchor(finding.page, finding.panel),
    }
    return environment
