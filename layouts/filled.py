"""Decides which property of which component each part of a filled page becomes; the order is that of `outputs`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from dash import Output, no_update

from analytics.views import PageView, Panel
from layouts import ids, panels
from layouts.components import facts, finding, light, notice, tile

SHOWN = {"chart": "spec", "table": "grid", "findings": "list", "lights": "list"}


def outputs(page: str, declared: Sequence[Any]) -> list[Output]:
    """Every property that a refill of the page sets."""
    own = [
        Output(ids.part(page, "root"), "className"),
        Output(ids.part(page, "notice"), "children"),
        Output(ids.part(page, "headline"), "children"),
        Output(ids.part(page, "subline"), "children"),
        Output(ids.part(page, "tiles"), "children"),
        Output(ids.part(page, "more"), "children"),
        Output(ids.part(page, "remarks"), "children"),
    ]
    return [*own, *(output for item in declared for output in _panel_outputs(page, item))]


def _panel_outputs(page: str, declared: Any) -> list[Output]:
    key = declared.key
    common = [
        Output(ids.panel("summary", page, key), "children"),
        Output(ids.panel("body", page, key), "className"),
        Output(ids.panel("message", page, key), "children"),
        Output(ids.panel("foot", page, key), "children"),
    ]
    shown = {
        "chart": [
            Output(ids.panel("spec", page, key), "data"),
            Output(ids.panel("picture", page, key), "aria-label"),
            Output(ids.panel("picture", page, key), "style"),
        ],
        "table": [Output(ids.panel("grid", page, key), "columnDefs"), Output(ids.panel("grid", page, key), "rowData")],
        "findings": [Output(ids.panel("list", page, key), "children")],
        "lights": [Output(ids.panel("list", page, key), "children")],
    }
    return [*common, *shown[declared.kind]]


def properties(view: PageView, declared: Sequence[Any], paths: dict[str, str]) -> list[Any]:
    """The values for `outputs`. paths: page key → path, for the links of findings."""
    own = [
        "view",
        None,
        whole(view.headline),
        view.subline,
        [tile(item) for item in view.tiles],
        facts(view.more),
        " ".join(view.remarks),
    ]
    known = {panel.key: panel for panel in view.panels}
    parts = [_panel(view, known.get(item.key), item, paths) for item in declared]
    return [*own, *(value for part in parts for value in part)]


def whole(sentence: str) -> str:
    """The sentence with its amounts kept on one line: “₹71 L” is never broken before its unit."""
    return re.sub(r"(?<=\d) (?=(?:Cr|L|K|M|B|%|days)\b|%)", "\u00a0", sentence)


def refused(page: str, declared: Sequence[Any], sentence: str, kind: str) -> list[Any]:
    """The values for `outputs` when the page cannot be answered: the sentence instead, old figures taken away."""
    rest = len(outputs(page, declared)) - 2
    return ["view refused", notice(sentence, kind), *[no_update] * rest]


def _panel(view: PageView, panel: Panel | None, declared: Any, paths: dict[str, str]) -> list[Any]:
    if panel is None:
        return [no_update] * len(_panel_outputs(view.key, declared))
    message = panel.message or ("" if panel.figure or panel.kind != "chart" else "There is nothing to draw here.")
    state = "card-body without" if message else "card-body"
    note = " · ".join(part for part in (panel.note, _count(panel)) if part)
    summary = "" if panel.summary in message else panel.summary
    common = [summary, state, message, panels.foot(view.key, panel.key, note, view.query)]
    shown = {
        "chart": lambda: [
            None if message else panel.figure,
            f"{panel.title} {panel.summary}",
            {"--slots": panels.slots(panel.figure)},
        ],
        "table": lambda: [panels.column_defs(panel.columns, panels.lengths(panel)), panels.rows(panel)],
        "findings": lambda: [[finding(item, _link(item, view.query, paths)) for item in panel.findings]],
        "lights": lambda: [[light(record) for record in panel.frame.to_dict("records")]],
    }
    return [*common, *shown[declared.kind]()]


def _count(panel: Panel) -> str:
    return f"{len(panel.frame)} rows" if panel.kind == "table" else ""


def _link(item: Any, query: str, paths: dict[str, str]) -> str:
    if not item.panel or item.page not in paths:
        return ""
    return f"{paths[item.page]}{'?' if query else ''}{query}#{item.panel}"
