"""Decides how a panel stands on the page: question, answer, picture or table, foot, and its AG Grid."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import dash_ag_grid as dag
from dash import dcc, html
from dash.development.base_component import Component

from analytics.views import Column, Figure, Panel
from layouts import ids
from layouts.components import missing, side, written

PAGE_ROWS = 12
THEME = {
    "fontFamily": "inherit",
    "fontSize": "var(--text-13)",
    "dataFontSize": "var(--text-13)",
    "headerFontSize": "var(--text-13)",
    "headerFontWeight": "var(--weight-label)",
    "backgroundColor": "var(--card)",
    "foregroundColor": "var(--ink)",
    "cellTextColor": "var(--ink)",
    "headerTextColor": "var(--muted)",
    "headerBackgroundColor": "var(--card)",
    "chromeBackgroundColor": "var(--card)",
    "iconColor": "var(--muted)",
    "subtleTextColor": "var(--muted)",
    "accentColor": "var(--accent)",
    "borderColor": "var(--line)",
    "rowHoverColor": "var(--hover-ground)",
    "oddRowBackgroundColor": "var(--card)",
    "headerColumnResizeHandleColor": "transparent",
    "wrapperBorder": False,
    "wrapperBorderRadius": 0,
    "pinnedColumnBorder": False,
    "cellHorizontalPadding": 8,
}
GRID = {
    "theme": {"function": f"themeQuartz.withParams({json.dumps(THEME)})"},
    "suppressFieldDotNotation": True,
    "suppressCsvExport": True,
    "suppressDragLeaveHidesColumns": True,
    "domLayout": "autoHeight",
    "pagination": True,
    "paginationPageSize": PAGE_ROWS,
    "paginationPageSizeSelector": False,
    "rowHeight": 38,
    "headerHeight": 38,
    "enableCellTextSelection": True,
    "animateRows": False,
}
FIRST, WORD, NUMBER, WIDEST = 132, 84, 84, 190
LETTER, MARGIN, NAME_LETTERS = 7, 26, 24
SENTENCE_LINES, WIDEST_SENTENCE = 3, 420


def frame(page: str, declared: Any) -> Component:
    """A panel before it is filled. declared: key, title, kind, span, columns."""
    key = declared.key
    body = {"chart": picture, "table": grid}.get(declared.kind, listed)(page, declared)
    return html.Section(
        [
            html.H2(declared.title, className="card-title"),
            html.P("", id=ids.panel("summary", page, key), className="card-summary"),
            html.Div(body, id=ids.panel("body", page, key), className="card-body waiting"),
            html.Div(foot(page, key, "", ""), id=ids.panel("foot", page, key), className="card-foot"),
        ],
        id=key,
        className=f"card-panel is-{declared.kind}",
        style={"--span": declared.span},
        **{"aria-label": declared.title},
    )


def picture(page: str, declared: Any) -> list[Component]:
    """The chart's place: a spec store, the graph that the browser dresses, and the sentence shown instead."""
    key = declared.key
    graph = dcc.Graph(
        id=ids.panel("figure", page, key),
        figure={"data": [], "layout": {}},
        responsive=True,
        config={"displayModeBar": False, "displaylogo": False},
        className="graph",
    )
    return [
        dcc.Store(id=ids.panel("spec", page, key)),
        html.Div(graph, id=ids.panel("picture", page, key), className="picture", role="img"),
        html.P("", id=ids.panel("message", page, key), className="message"),
    ]


def grid(page: str, declared: Any) -> list[Component]:
    """The table's place, with the columns that are known beforehand."""
    key = declared.key
    return [
        dag.AgGrid(
            id=ids.panel("grid", page, key),
            columnDefs=column_defs(declared.columns),
            rowData=[],
            defaultColDef={"sortable": True, "resizable": True, "suppressMovable": True},
            columnSize="responsiveSizeToFit",
            dashGridOptions=GRID,
            className="grid",
            style={"height": None},
        ),
        html.P("", id=ids.panel("message", page, key), className="message"),
    ]


def listed(page: str, declared: Any) -> list[Component]:
    """The place of a list of findings or of lights."""
    return [
        html.Div([], id=ids.panel("list", page, declared.key), className=declared.kind),
        html.P("", id=ids.panel("message", page, declared.key), className="message"),
    ]


def slots(figure: Figure | None) -> float:
    """Rows that a picture is made of, where names run down its side; 0 for every other picture."""
    ends = figure["layout"].get("yaxis", {}).get("range", ()) if figure else ()
    falls = len(ends) == 2 and all(isinstance(end, int | float) for end in ends) and ends[0] > ends[1]
    return float(ends[0] - ends[1]) * figure["layout"].get("meta", {}).get("slot", 1.0) if figure and falls else 0.0


def column_defs(columns: Sequence[Column], lengths: Mapping[str, int] | None = None) -> list[dict[str, Any]]:
    """AG Grid's columns: sorted by the number, shown as the written text beside it.

    lengths: letters of the longest text of each text column; names get room, sentences wrap.
    """
    shown = [item for item in columns if item.key != "influencer_id"]
    return [_column(item, place, (lengths or {}).get(item.key, 0)) for place, item in enumerate(shown)]


def _column(item: Column, place: int, letters: int) -> dict[str, Any]:
    number, wraps = side(item.unit), letters > NAME_LETTERS
    least = NUMBER if number else WORD if place else FIRST
    lines = min(LETTER * letters / SENTENCE_LINES + MARGIN, WIDEST_SENTENCE)
    room = round(max(lines, min(max(least, LETTER * letters + MARGIN), WIDEST)))
    return {
        "field": item.key,
        "headerName": item.label,
        "valueFormatter": {"function": "written(params)"},
        "cellClass": {"function": "dressed(params)"},
        "headerClass": "ag-right-aligned-header" if number else "",
        "pinned": "left" if place == 0 else None,
        "lockPinned": True,
        "minWidth": max(room, LETTER * len(item.label) + MARGIN),
        "wrapText": wraps,
        "autoHeight": wraps,
        "sortingOrder": ["desc", "asc", None] if number else ["asc", "desc", None],
    }


def lengths(panel: Panel) -> dict[str, int]:
    """Letters of the longest text of each text column."""
    texts = [item.key for item in panel.columns if not side(item.unit) and item.key in panel.frame]
    return {key: int(panel.frame[key].astype(str).str.len().max()) for key in texts if len(panel.frame)}


def rows(panel: Panel) -> list[dict[str, Any]]:
    """AG Grid's rows: the values, under `written` their texts and under `judged` good or bad."""
    return [_cells(panel.columns, record) for record in panel.frame.to_dict("records")]


def _cells(columns: Sequence[Column], record: dict[str, Any]) -> dict[str, Any]:
    cells = {key: None if missing(value) else _json(value) for key, value in record.items()}
    texts = {item.key: written(record.get(item.key), item.unit, short=True) for item in columns}
    judged = {item.key: verdict(item, cells.get(item.key)) for item in columns if item.judged}
    return {**cells, "written": texts, "judged": judged}


def _json(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value.item() if hasattr(value, "item") else value


def verdict(column: Column, value: Any) -> str:
    """'good' or 'bad' against the column's break-even; '' where there is none or no value."""
    if value is None or column.good_from is None:
        return ""
    if column.better == "lower":
        return "good" if value <= column.good_from else "bad"
    return "good" if value >= column.good_from else "bad"


EXPORTS = (
    ("Excel", "table.xlsx", "", ".xlsx", "numbers, shares and days as such, and a sheet that says what they are"),
    ("CSV", "table.csv", "", ".csv", "for spreadsheets: an apostrophe stands before a text that they would run; "
     "Import takes it off again"),
    ("Raw CSV for machines", "table.csv", "raw=1", "-raw.csv", "every text as it is; not for a spreadsheet"),
)  # fmt: skip


def foot(page: str, key: str, note: str, query: str) -> list[Component]:
    """What the panel counts, and the ways to take it: Table · Explain · Excel · CSV."""
    ways = [_opener("Table", "table", page, key), _opener("Explain", "explain", page, key)]
    ways += [link for link, _ in exports(page, key, query)[:2]]
    return [html.Span(note, className="card-note"), html.Span(ways, className="card-ways")]


def exports(page: str, key: str, query: str) -> list[tuple[Component, str]]:
    """The files that the panel's table can be taken as: a link to each, and what it is good for."""
    address = urlencode({"page": page, "panel": key})
    made = []
    for label, path, option, ending, says in EXPORTS:
        asked = "&".join(part for part in (address, option, query) if part)
        link = html.A(label, href=f"/api/{path}?{asked}", className="quiet", download=f"{page}-{key}{ending}")
        made.append((link, says))
    return made


def _opener(label: str, what: str, page: str, key: str) -> Component:
    return html.Button(label, id=ids.opens(what, page, key), className="quiet", **{"aria-haspopup": "dialog"})
