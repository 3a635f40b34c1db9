"""Decides how a report becomes one web page that needs nothing else: charts to touch, tables whole, light and dark.

The file carries plotly.js, its fonts and its figures; its policy lets it load nothing and run no other script. What
people wrote is text: escaped in the page, harmless in a chart, never an address.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from markupsafe import Markup

import theme
from analytics import export, formats
from analytics.formats import Locale
from analytics.views import Figure, PageView, Panel
from reports.content.arrangement import has_chart, rows
from reports.content.brand import Brand
from reports.content.cells import cell, present, verdict
from reports.content.glossary import methods_used, metrics_used
from reports.content.report import Report
from reports.papers import document
from reports.papers.document import anchor
from reports.papers.written import Written

HERE = Path(__file__).resolve().parent
ASSETS = theme.TOKENS.parent
_SHEET = ASSETS / "dashboard.css"
MARKS = {"good": "▲ ", "bad": "▼ ", "": ""}
WIDE = 12
_TAG = re.compile(r"<(?!/?(?:b|i|br|sub|sup|extra)\s*/?>)", re.IGNORECASE)
_SHORT = {"<": r"\u003c", ">": r"\u003e", "&": r"\u0026"}
FONTS = {
    "Inter Variable": (("100 900", "inter-latin-ext-wght-normal"), ("100 900", "inter-latin-wght-normal")),
    "Noto Sans Devanagari": (
        ("400", "noto-sans-devanagari-devanagari-400-normal"), ("600", "noto-sans-devanagari-devanagari-600-normal"),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """A panel as it stands on the page. rows: its whole table; is_open: whether it stands in sight, not behind a word.

    heads: label and kind ('number', 'date', 'text'). slots: names down the side of its picture.
    """

    anchor: str
    panel: Panel
    heads: tuple[dict[str, str], ...]
    rows: tuple[tuple[dict[str, str], ...], ...]
    is_drawn: bool
    is_open: bool
    span: int
    slots: float


@dataclass(frozen=True)
class Chapter:
    """A tab: its panels, and those that the summary shows already."""

    anchor: str
    view: PageView
    panels: tuple[Shown, ...]
    on_cover: tuple[Shown, ...]


def write(report: Report) -> Written:
    """The report as HTML in UTF-8, self-contained: it opens from a folder, without a network."""
    first, locale = report.views[0], report.locale
    cover = tuple(_shown(first, panel, locale, WIDE) for panel in report.front.charts)
    sections = report.audience.sections
    chapters = [_chapter(view, report, cover) for view in report.views] if "chapters" in sections else []
    panels = [*cover, *(shown for chapter in chapters for shown in chapter.panels)]
    quality = first.quality
    counted = [_shown(first, one, locale, WIDE) for one in (quality.files, quality.money) if one] if quality else []
    scripts = [plotly(), _asset(ASSETS / "dress.js"), _asset(HERE / "webpage.js")]
    html = document.fill(
        "webpage.html", report=report, sections=sections, view=first, period=document.period(first),
        cover=cover, chapters=chapters, changed=_changed(report), counted=counted,
        anchors={shown.anchor for shown in panels}, facts=_facts(first),
        css=Markup(_css(report.brand)), methods=methods_used(report.views),
        notes=quality.notes if quality else first.provenance.notes,
        metrics=metrics_used(report.views), figures=Markup(_figures(panels)), policy=_policy(scripts),
        scripts=[Markup(script) for script in scripts],
    )  # fmt: skip
    return Written(html.encode("utf-8", "replace"), len(report.views))


def _chapter(view: PageView, report: Report, cover: Sequence[Shown]) -> Chapter:
    first = view.key == report.views[0].key
    keys = {shown.panel.key for shown in cover} if first else set()
    own = {panel.key for panel in view.panels}
    placed = [one for row in rows(panel for panel in view.panels if panel.key not in keys) for one in row]
    panels = tuple(_shown(view, one.panel, report.locale, one.twelfths) for one in placed)
    return Chapter(f"p-{view.key}", view, panels, tuple(one for one in cover if first and one.panel.key in own))


def _changed(report: Report) -> tuple[Shown, ...]:
    """What became of the edition before, as tables."""
    panels: Sequence[Panel] = getattr(report.since, "panels", ())
    return tuple(_shown(report.views[0], panel, report.locale, WIDE) for panel in panels)


def _shown(view: PageView, panel: Panel, locale: Locale, span: int) -> Shown:
    columns = present(panel)
    strips = []
    for item in columns:
        number = item.unit not in ("text", "date")
        strips.append([_cell(value, item, number, locale) for value in panel.frame[item.key].tolist()])
    heads = tuple(
        {"label": item.label, "kind": item.unit if item.unit in ("text", "date") else "number"} for item in columns
    )
    is_drawn = has_chart(panel)
    lines = tuple(zip(*strips, strict=True)) if strips else ()
    return Shown(anchor(view.key, panel.key), panel, heads, lines, is_drawn, not is_drawn, span, _slots(panel))


def _cell(value: Any, item: Any, number: bool, locale: Locale) -> dict[str, str]:
    judged = verdict(value, item)
    dress = " ".join(word for word in ("n" if number else "", judged) if word)
    return {"text": MARKS[judged] + cell(value, item.unit, locale), "dress": dress}


def _slots(panel: Panel) -> float:
    """Names that run down the side of its picture; 0 for every other picture."""
    layout = panel.figure["layout"] if has_chart(panel) and panel.figure else {}
    ends = layout.get("yaxis", {}).get("range", ())
    falls = len(ends) == 2 and all(isinstance(end, int | float) for end in ends) and ends[0] > ends[1]
    return round(float(ends[0] - ends[1]) * layout.get("meta", {}).get("slot", 1.0), 2) if falls else 0.0


def _facts(view: PageView) -> list[tuple[str, str]]:
    data = view.provenance
    said = [
        ("Filters", view.filters), ("Reckoned with", view.assumptions), ("Data", export.data_words(data)),
        ("Rows accepted", formats.count(data.rows_accepted)), ("Files", ", ".join(data.files)),
    ]  # fmt: skip
    return [pair for pair in said if pair[1]]


def _figures(panels: Iterable[Shown]) -> str:
    """The figures and their template as JSON that a page may hold: no <, > or & stands in it."""
    drawn = {f"f-{shown.anchor}": harmless(shown.panel.figure or {}) for shown in panels if shown.is_drawn}
    text = json.dumps({"template": theme.SCREEN, "figures": drawn}, separators=(",", ":"), default=export.plain)
    return re.sub("[<>&]", lambda found: _SHORT[found[0]], text)


def harmless(item: Figure | Any) -> Any:
    """A figure whose texts hold no link and no style: plotly.js would make them of what looks like markup."""
    if isinstance(item, Mapping):
        return {key: harmless(value) for key, value in item.items() if key != "images"}
    if isinstance(item, list | tuple):
        return [harmless(value) for value in item]
    if isinstance(item, float) and formats.is_missing(item):
        return None
    return _TAG.sub("&lt;", item) if isinstance(item, str) else item


def _policy(scripts: Sequence[str]) -> str:
    """What the file may load: nothing; and run: its own scripts, known by their digests."""
    allowed = " ".join(f"'sha256-{_digest(script)}'" for script in scripts)
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; font-src data:; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")


@cache
def plotly() -> str:
    """plotly.js as the plotly package brings it."""
    return files("plotly").joinpath("package_data", "plotly.min.js").read_text(encoding="utf-8").replace("\r\n", "\n")


@cache
def _asset(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _css(brand: Brand) -> str:
    """Fonts, both sets of tokens (dark where the reader's system is, never on paper), the brand's, then the rules."""
    light, dark = (";".join(f"{key}:{value}" for key, value in theme.tokens(mode).items()) for mode in theme.MODES)
    return "\n".join((
        _fonts(), f":root,[data-bs-theme=light]{{color-scheme:light;{light}}}",
        f"@media screen and (prefers-color-scheme:dark){{:root{{color-scheme:dark;{dark}}}}}",
        f"@media print,(prefers-color-scheme:light){{{brand.css()}}}" if brand.css() else "",
        _asset(HERE / "webpage.css"),
    ))  # fmt: skip


@cache
def _fonts() -> str:
    """The house's fonts, carried by the file itself."""
    ranges = dict(re.findall(r'url\("fonts/([\w-]+)\.woff2"\)[^;]*;\s*unicode-range: ([^;]+);', _asset(_SHEET)))
    faces = []
    for family, cuts in FONTS.items():
        for weight, name in cuts:
            data = base64.b64encode((ASSETS / "fonts" / f"{name}.woff2").read_bytes()).decode("ascii")
            source = f"url(data:font/woff2;base64,{data}) format('woff2')"
            faces.append(
                f"@font-face{{font-family:'{family}';font-weight:{weight};src:{source};unicode-range:{ranges[name]}}}"
            )
    return "\n".join(faces)
