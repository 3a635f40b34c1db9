"""Decides the order of a tab: sentence, tiles, quiet strip, panels in a grid of twelve; empty at first, then filled."""

from __future__ import annotations

from typing import Any

from dash import html
from dash.development.base_component import Component

from layouts import ids, panels
from layouts.components import skeleton_tile


def tab(page: str, answers: Any) -> Component:
    """The tab before its figures have come, with everything in its place."""
    tiles = [skeleton_tile(label) for _, label in answers.declared_tiles(page)]
    content = [
        _lead_in(page),
        html.Div(tiles, id=ids.part(page, "tiles"), className="tiles"),
        html.Div([], id=ids.part(page, "more"), className="further"),
        html.Div([panels.frame(page, item) for item in answers.declared(page)], className="panels"),
    ]
    return html.Div(
        [html.Div([], id=ids.part(page, "notice")), html.Div(content, className="content")],
        id=ids.part(page, "root"),
        className="view fresh",
    )


def _lead_in(page: str) -> Component:
    waiting = html.Span("Reckoning the figures of this page", className="skeleton")
    return html.Div(
        [
            html.H1(waiting, id=ids.part(page, "headline")),
            html.P("", id=ids.part(page, "subline"), className="subline"),
            html.P("", id=ids.part(page, "remarks"), className="remarks"),
        ],
        className="lead-in",
    )
