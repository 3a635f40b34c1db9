"""Decides the order of a tab: sentence, tiles, quiet strip, panels in a grid of twelve; empty at first, then filled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from layouts import ids, panels
from layouts.components import skeleton_tile


def tab(
    page: str, answers: Any, between: Mapping[str, Component] | None = None, ways: Sequence[tuple[str, str]] = ()
) -> Component:
    """The tab before its figures have come, with everything in its place.

    between: panel key → what is mounted right after that panel. ways: (words, anchor) of what a long tab holds, as
    links under its sentence.
    """
    tiles = [skeleton_tile(label) for _, label in answers.declared_tiles(page)]
    content = [
        _lead_in(page, ways),
        html.Div(tiles, id=ids.part(page, "tiles"), className="tiles"),
        html.Div([], id=ids.part(page, "more"), className="further"),
        html.Div(_panels(page, answers, between or {}), className="panels"),
    ]
    return html.Div(
        [html.Div([], id=ids.part(page, "notice")), html.Div(content, className="content")],
        id=ids.part(page, "root"),
        className="view fresh",
    )


def _panels(page: str, answers: Any, between: Mapping[str, Component]) -> list[Component]:
    """The panels in order; what belongs after a panel that there is not stands at the end."""
    declared = answers.declared(page)
    placed: list[Component] = []
    for item in declared:
        placed += [panels.frame(page, item), *([between[item.key]] if item.key in between else [])]
    return placed + [part for key, part in between.items() if key not in {item.key for item in declared}]


def _lead_in(page: str, ways: Sequence[tuple[str, str]]) -> Component:
    waiting = html.Span("Reckoning the figures of this page", className="skeleton")
    return html.Div(
        [
            html.H1(waiting, id=ids.part(page, "headline")),
            html.P("", id=ids.part(page, "subline"), className="subline"),
            html.P("", id=ids.part(page, "remarks"), className="remarks"),
            html.Nav([html.A(words, href=f"#{anchor}") for words, anchor in ways], className="ways") if ways else None,
        ],
        className="lead-in",
    )
