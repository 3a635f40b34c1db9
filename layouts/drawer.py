"""Decides what the drawer shows of a panel: its whole table, or how its numbers are reckoned."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from analytics.export import data_words
from analytics.views import PageView, Panel
from layouts.components import table
from layouts.panels import exports

MOST_ROWS = 200


def content(view: PageView, key: str, what: str) -> tuple[str, Component]:
    """Title and body. what: 'table' or 'explain'."""
    panel = view.panel(key)
    return panel.title, _table(view, panel) if what == "table" else _explain(view, panel)


def _table(view: PageView, panel: Panel) -> Component:
    if panel.frame.empty:
        return html.P(panel.message or "There are no rows in this selection.", className="muted")
    columns = [item for item in panel.columns if item.key in panel.frame]
    shown = table(columns, panel.frame.to_dict("records"), panel.summary, MOST_ROWS)
    ways = [html.Li([link, f": {says}"]) for link, says in exports(view.key, panel.key, view.query)]
    taken = [html.P("Take it along:", className="muted"), html.Ul(ways, className="explain")]
    return html.Div([html.P(panel.summary, className="muted"), shown, *taken])


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
