"""Decides what an address that leads nowhere shows."""

from __future__ import annotations

from dash import dcc, html
from dash.development.base_component import Component

SENTENCE = "There is no page at this address."


def layout() -> Component:
    """One sentence, one button."""
    return html.Div(
        [html.P(SENTENCE), dcc.Link("Go to the overview", href="/", className="button strong")],
        className="notice no-filters",
        role="status",
    )
