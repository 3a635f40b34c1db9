"""Decides which tab is mounted (the one that the path names) and that every link carries the filters along."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from dash import ALL, ClientsideFunction, Dash, Input, Output, State

from layouts import ids

NAV = {"type": "nav", "path": ALL}


def register(app: Dash, layouts: Mapping[str, Callable[[], Any]], missing: Callable[[], Any]) -> None:
    """layouts: path → what makes its layout. missing: what makes the layout of an unknown path."""

    @app.callback(Output(ids.PAGE, "children"), Input(ids.ADDRESS, "pathname"))
    def mount(path: str | None) -> Any:
        return layouts.get(path or "/", missing)()

    app.clientside_callback(
        ClientsideFunction("truelift", "links"),
        Output(NAV, "href"),
        Output(NAV, "active"),
        Input(ids.QUERY, "data"),
        Input(ids.ADDRESS, "pathname"),
        State(NAV, "id"),
    )
