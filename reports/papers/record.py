"""Decides how a report is written for programs: one JSON object with every number beside the text that people read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from analytics import export
from analytics.views import Finding, PageView, Panel, Tile
from reports.content.cells import written
from reports.content.glossary import methods_used, metrics_used
from reports.content.report import Report
from reports.papers.written import Written

FORMAT = 1
"""Of the record; raised when a key changes its meaning or goes."""


def write(report: Report) -> Written:
    """The report as JSON (UTF-8). Numbers stay numbers, days are ISO; what cannot be computed is null and reads “–”."""
    text = json.dumps(record(report), ensure_ascii=False, indent=1) + "\n"
    return Written(text.encode("utf-8", "backslashreplace"), len(report.views))


def record(report: Report) -> dict[str, Any]:
    """The whole report as a JSON object: front, pages (tiles, panels, their records), methods, words, data."""
    first = report.views[0]
    return {
        "format": FORMAT,
        "title": report.title,
        "reason": report.reason,
        "edition": report.mark.id,
        "made": report.mark.made,
        "order": report.order.as_record(),
        "audience": {"key": report.audience.key, "title": report.audience.title, "says": report.audience.says},
        "currency": report.locale.currency,
        "filters": first.filters,
        "assumptions": first.assumptions,
        "front": _front(report),
        "pages": [_page(view, report) for view in report.views],
        "methods": [{"question": title, "lines": list(lines)} for title, lines in methods_used(report.views)],
        "words": [
            {"key": one.key, "label": one.label, "formula": one.formula, "says": one.says}
            for one in metrics_used(report.views)
        ],
    }


def _front(report: Report) -> dict[str, Any]:
    front = report.front
    return {
        "headline": front.headline,
        "why": front.why,
        "tiles": [_tile(tile) for tile in front.tiles],
        "charts": [panel.key for panel in front.charts],
        "findings": findings(front.findings),
    }


def _page(view: PageView, report: Report) -> dict[str, Any]:
    made = export.page(view)
    panels = [item | _written(panel, report) for item, panel in zip(made["panels"], view.panels, strict=True)]
    return {**made, "title": view.title, "panels": panels, "tiles": [_tile(one) for one in (*view.tiles, *view.more)]}


def _tile(tile: Tile) -> dict[str, Any]:
    made = {key: value for key, value in vars(tile).items() if key != "spark"}
    return {key: export.plain(value) if isinstance(value, float) else value for key, value in made.items()}


def _written(panel: Panel, report: Report) -> dict[str, Any]:
    """What stands beside a panel's records: its columns, and every cell as people read it."""
    columns = [item for item in panel.columns if item.key in panel.frame]
    return {
        "kind": panel.kind,
        "message": panel.message,
        "columns": [{"key": one.key, "label": one.label, "unit": one.unit} for one in columns],
        "written": [list(row) for row in written(panel, report.locale)],
    }


def findings(items: Sequence[Finding]) -> list[dict[str, Any]]:
    """Findings as JSON objects."""
    return [{key: export.plain(value) for key, value in vars(one).items()} for one in items]
