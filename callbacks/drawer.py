"""Decides when the drawer opens: on Table or Explain, with that panel's content for the query of the moment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx
from dash.exceptions import PreventUpdate

from callbacks.refill import bug
from errors import UserError
from layouts import ids

OPENERS = {"type": "open", "what": ALL, "page": ALL, "panel": ALL}


def register(app: Dash, answers: Any, content: Callable[..., tuple[str, Any]]) -> None:
    """content(view, panel key, 'table' or 'explain'): title and body of the drawer."""

    @app.callback(
        Output(ids.DRAWER, "is_open"),
        Output(ids.DRAWER, "title"),
        Output(ids.DRAWER_BODY, "children"),
        Input(OPENERS, "n_clicks"),
        State(ids.QUERY, "data"),
        prevent_initial_call=True,
    )
    def opened(_clicks: list[int | None], query: str | None) -> tuple[bool, str, Any]:
        asked = ctx.triggered_id
        if not asked or not any(item["value"] for item in ctx.triggered):
            raise PreventUpdate
        try:
            return (True, *content(answers.page(asked["page"], query or ""), asked["panel"], asked["what"]))
        except UserError as error:
            return True, "", f"{error}"
        except Exception:
            return True, "", bug(query or "")
