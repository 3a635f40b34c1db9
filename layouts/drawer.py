"""Decides what the drawer shows of a panel: its whole table, or how its numbers are reckoned."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from analytics import formats
from analytics.views import PageView, Panel, Provenance
from layouts.components import table

MOST_ROWS = 200


def content(view: PageView, key: str, what: str) -> tuple[str, Component]:
    """Title and body. what: 'table' or 'explain'."""
    panel = view.panel(key)
    return panel.title, _table(panel) if what == "table" else _explain(view, panel)


def _table(panel: Panel) -> Component:
    if panel.frame.empty:
        return html.P(panel.message or "There are no rows in this selection.", className="muted")
    columns = [item for item in panel.columns if item.key in panel.frame]
    shown = table(columns, panel.frame.to_dict("records"), panel.summary, MOST_ROWS)
    return html.Div([html.P(panel.summary, className="muted"), shown])


def _explain(view: PageView, panel: Panel) -> Component:
    facts = [
        ("Filters", view.filters),
        ("Reckoned with", view.assumptions),
        ("What it counts", panel.note),
        ("Data", data_words(view.provenance)),
    ]
    return html.Div(
        [
            html.P(panel.summary),
            html.Ul([html.Li(line) for line in panel.explain], className="explain") if panel.explain else None,
            html.Dl([part for term, text in facts if text for part in (html.Dt(term), html.Dd(text))]),
        ]
    )


def data_words(data: Provenance) -> str:
    """Version, rows and span of the data set in one line."""
    span = f", {formats.span(data.first_day, data.last_day)}" if data.first_day and data.last_day else ""
    counts = [formats.count(rows) for rows in (data.rows_read, data.rows_set_aside, data.rows_blank)]
    return f"version {data.version}: {counts[0]} rows read, {counts[1]} set aside, {counts[2]} blank{span}"
