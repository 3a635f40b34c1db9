"""Decides when a figure is dressed: in the browser, when its spec comes and when the colours change."""

from __future__ import annotations

from dash import MATCH, ClientsideFunction, Dash, Input, Output, State

from layouts import ids


def register(app: Dash) -> None:
    """Spec, colour scheme and template in, figure out; the server is not asked when light turns dark."""
    app.clientside_callback(
        ClientsideFunction("truelift", "dress"),
        Output({"type": "figure", "page": MATCH, "panel": MATCH}, "figure"),
        Input({"type": "spec", "page": MATCH, "panel": MATCH}, "data"),
        Input(ids.SCHEME, "data"),
        State(ids.TEMPLATES, "data"),
    )
    app.clientside_callback(
        ClientsideFunction("truelift", "scheme"),
        Output(ids.SCHEME, "data"),
        Input(ids.THEME, "n_clicks"),
    )
