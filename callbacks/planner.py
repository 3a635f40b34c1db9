"""Decides when a plan is reckoned: shortly after a slider or a number has moved, in the selection that is showing."""

from __future__ import annotations

from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State
from dash.exceptions import PreventUpdate

from callbacks.refill import bug
from errors import UserError
from layouts import ids

PICTURE = {"page": "planner", "panel": "curve"}


def register(app: Dash, planning: Any, screen: Any) -> None:
    """planning: analytics.planning.door.Planning. screen: plan_fields, plan_sliders, planned, plan_refused
    (layouts.screen.functions)."""
    _register_fields(app, screen)
    _register_plan(app, planning, screen)


def _register_fields(app: Dash, screen: Any) -> None:
    """In the browser: a slider and its number move each other; all fields become one wish once they rest."""
    for key in screen.plan_sliders:
        app.clientside_callback(
            ClientsideFunction("truelift", "slide"),
            Output(ids.sliding(key), "value"),
            Output(ids.plan(key), "value"),
            Input(ids.sliding(key), "value"),
            Input(ids.plan(key), "value"),
            State(ids.PLAN_STOPS, "data"),
        )
    app.clientside_callback(
        ClientsideFunction("truelift", "wish"),
        Output(ids.PLAN_WISH, "data"),
        [Input(ids.plan(key), "value") for key in screen.plan_fields],
    )


def _register_plan(app: Dash, planning: Any, screen: Any) -> None:
    @app.callback(
        Output(ids.PLANNED, "children"),
        Output({"type": "spec", **PICTURE}, "data"),
        Output({"type": "picture", **PICTURE}, "aria-label"),
        Output(ids.plan("spend"), "placeholder"),
        Input(ids.QUERY, "data"),
        Input(ids.PLAN_WISH, "data"),
        running=[(Output(ids.PLANNED, "className"), "plan-answer busy", "plan-answer")],
    )
    def planned(query: str | None, wish: dict[str, Any] | None) -> Any:
        if query is None or wish is None:
            raise PreventUpdate
        try:
            return screen.planned(planning.plan(query, wish))
        except UserError as error:
            return screen.plan_refused(f"{error}"), None, "", ""
        except Exception:
            return screen.plan_refused(bug(query)), None, "", ""
