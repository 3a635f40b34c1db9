"""Decides what a report says and in which order: filled pages and their drawings become one HTML document.

The only speaker of Jinja2. Text of users is a value, never a template; it is cleaned and escaped wherever it
is written.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
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
from analytics.views import Finding, Note, PageView, Panel, Tile
from data.filters import Filters
from reports.content.arrangement import SHORT_TABLE, Placed, has_chart, has_table, place, rows, tables_last
from reports.content.front import COVER_TALLEST, TILES
from reports.content.glossary import methods_used, metrics_used
from reports.content.report import Report
from reports.content.tables import PaperTable, tables_of
from reports.papers.contents import Line, Place, halves
from reports.papers.pdf import printable
from reports.render.pictures import Drawing

TEMPLATES = Path(__file__).resolve().parent / "templates"
FOOTER_LETTERS = 150
GLYPHS = {"up": "▲", "down": "▼", "": ""}
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202d\u202e\ufeff]")
_STACKED = re.compile("([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{4})"
                      "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+")  # fmt: skip

APPENDIX = {"methods": "How the numbers are made", "glossary": "What the words mean"}
Counted = list[tuple[Panel, tuple[PaperTable, ...]]]
"""The tables of the data page."""
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
    """One page of the screen as a section: its blocks in rows, and those of its blocks that the cover shows.

    is_told: whether page 1 says its sentence and its tiles already.
    """

    anchor: str
    view: PageView
    rows: tuple[tuple[Block, ...], ...]
    on_cover: tuple[Block, ...]
    is_told: bool = False

    @property
    def says(self) -> str:
        """Its sentence; '' where page 1 says it."""
        return "" if self.is_told else self.view.headline

    @property
    def tiles(self) -> tuple[Tile, ...]:
        """Those that stand between hairlines."""
        return () if self.is_told else self.view.tiles

    @property
    def more(self) -> tuple[Tile, ...]:
        """Those that stand below them, small."""
        return (*self.view.tiles[TILES:], *self.view.more) if self.is_told else self.view.more


@dataclass(frozen=True)
class Plan:
    """What is drawn for a report, before anything is drawn."""

    report: Report
    charts: tuple[tuple[str, Placed], ...]


def plan(report: Report) -> Plan:
    """Lays the panels out and lists the charts as (page key, placed panel), the cover's first."""
    first = report.views[0]
    charts = [(first.key, place(panel, most=COVER_TALLEST[report.order.paper])) for panel in report.front.charts]
    for view in report.views:
        charts += [(view.key, placed) for row in rows(_inside(view, report)) for placed in row if placed.width]
    return Plan(report, tuple(charts))


def _inside(view: PageView, report: Report) -> list[Panel]:
    """A section's panels: all, less what the cover shows already."""
    shown = {panel.key for panel in report.front.charts} if view.key == report.views[0].key else set()
    return tables_last((panel for panel in view.panels if panel.key not in shown), report.order.paper)


def render(planned: Plan, drawings: Drawings) -> str:
    """The whole report as HTML."""
    report = planned.report
    sections = report.audience.sections
    chapters = [_chapter(view, report, drawings) for view in report.views]
    first = report.views[0]
    counted = _counted(first, report.locale)
    return _environment().get_template("report.html").render(
        report=report,
        title=report.title,
        subject=_subject(report),
        sections=sections,
        places=halves(_places(report, chapters, counted)) if "contents" in sections else (),
        view=first,
        period=period(first),
        cover=report.front,
        cover_blocks=chapters[0].on_cover,
        chapters=chapters,
        anchors=_anchors(chapters, sections),
        metrics=metrics_used(report.views),
        methods=methods_used(report.views),
        **_behind(first, counted),
        headline_tiles=TILES,
        footer_letters=FOOTER_LETTERS,
    )  # fmt: skip


def _behind(view: PageView, counted: Counted) -> dict[str, Any]:
    """What the data page says."""
    return {"days": _days(view), "quality": view.quality, "counted": counted, "total": TOTAL, "notes": _notes(view)}


def _subject(report: Report) -> str:
    """What the running head says it is about."""
    tabs = report.audience.key not in ("finance", "statement")
    return "Influencer return" if tabs else report.audience.title


def _anchors(chapters: Sequence[Chapter], sections: Sequence[str]) -> set[str]:
    """The panels that stand in the document, so that no line points at a page that is not there."""
    inside = [block for chapter in chapters for row in chapter.rows for block in row] if "chapters" in sections else []
    return {block.anchor for block in (*chapters[0].on_cover, *inside)}


def _notes(view: PageView) -> tuple[Note, ...]:
    return view.quality.notes if view.quality else view.provenance.notes


def _places(report: Report, chapters: Sequence[Chapter], counted: Counted) -> list[Place]:
    """What the contents list: sections and their questions, then what stands behind them."""
    sections, quality = report.audience.sections, report.views[0].quality
    told = [(anchor("data", panel.key), panel.title) for panel, _ in counted]
    told += [("data-rules", "What the rules found")] if _notes(report.views[0]) else []
    told += (
        [("data-gaps", "What these data cannot answer yet")] if quality and (quality.locked or quality.unlocked) else []
    )
    behind = [(key, title) for key, title in APPENDIX.items() if key in sections]
    since = [Place("since", "Since the last edition")] if "since" in sections and report.since else []
    return [
        *since,
        *(Place(chapter.anchor, chapter.view.title, _lines(chapter), chapter.says) for chapter in chapters),
        *([Place("data", "The data behind this report", tuple(told))] if "data" in sections else []),
        *([Place(behind[0][0], "Appendix", tuple(behind))] if behind else []),
    ]


def _lines(chapter: Chapter) -> tuple[Line, ...]:
    return tuple((block.anchor, block.panel.title) for block in _blocks(chapter))


def _days(view: PageView) -> str:
    """First and last day of the data, whatever the filters choose."""
    first, last = view.provenance.first_day, view.provenance.last_day
    return formats.span(first, last) if first and last else ""


def _counted(view: PageView, locale: Locale) -> Counted:
    """The tables of the data page: rows file by file, then money."""
    panels = [view.quality.files, view.quality.money] if view.quality else []
    return [(panel, tables_of(panel, locale)) for panel in panels if panel]


def _chapter(view: PageView, report: Report, drawings: Drawings) -> Chapter:
    inside = rows(_inside(view, report))
    opens = view.key == report.views[0].key
    shown, tallest = report.front.charts if opens else (), COVER_TALLEST[report.order.paper]
    return Chapter(
        f"p-{view.key}",
        view,
        tuple(tuple(_block(view, placed, drawings, report.locale) for placed in row) for row in inside),
        tuple(_block(view, place(panel, most=tallest), drawings, report.locale) for panel in shown),
        opens and "front" in report.audience.sections,
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
    return "data:image/svg+xml;base64," + base64.b64encode(printable(svg).encode("utf-8")).decode("ascii")


def _level(tile: Tile) -> str:
    """“90 % interval, iroas.holdout”: the level of an estimate, and the id of its method."""
    said, _, rest = tile.note.partition(",")
    method = re.search(r"iroas\.[a-z_]+", rest)
    return f"{said}, {method[0]}" if method else said


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


def fill(template: str, **values: Any) -> str:
    """A template of this folder with these values: text is cleaned and escaped wherever it is written."""
    return _environment().get_template(template).render(**values)


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
    environment.filters |= {
        "picture": _picture,
        "interval": _interval,
        "level": _level,
        "moved": _moved,
        "estimate": _estimate,
    }
    environment.filters |= {
        "count": formats.count,
        "moment": _moment,
        "anchor": lambda finding: anchor(finding.page, finding.panel),
    }
    return environment
