"""Decides when declared experiments are listed, declared and removed; every change has the figures filled anew."""

from __future__ import annotations

from typing import Any

from dash import ALL, ClientsideFunction, Dash, Input, Output, State, ctx, no_update
from dash.exceptions import PreventUpdate

from errors import UserError
from layouts import ids

FORGETS = {"type": "experiment-forget", "key": ALL}


def register(app: Dash, planning: Any, screen: Any) -> None:
    """planning: analytics.planning.door.Planning. screen: declarations, declaration_parts, experiments,
    experiment_declared, experiment_removed, plan_refused (layouts.screen.functions)."""
    _register_list(app, planning, screen)
    _register_declare(app, planning, screen)
    _register_remove(app, planning, screen)


def _register_list(app: Dash, planning: Any, screen: Any) -> None:
    @app.callback(Output(ids.EXPERIMENTS, "children"), Input(ids.EXPERIMENTS_RENEWED, "data"), Input(ids.QUERY, "data"))
    def listed(_renewed: Any, _query: Any) -> Any:
        try:
            return screen.experiments(planning.experiments(), planning.undeclared())
        except UserError as error:
            return screen.plan_refused(f"{error}")


def _register_declare(app: Dash, planning: Any, screen: Any) -> None:
    app.clientside_callback(
        ClientsideFunction("truelift", "asks"),
        [Output(ids.declaring_part(part), "hidden") for part in screen.declaration_parts],
        [Input(ids.declaring(key), "value") for key in ("unit", "arms", "looks")],
    )

    @app.callback(
        Output(ids.DECLARED, "children"),
        Output(ids.EXPERIMENTS_RENEWED, "data"),
        Output(ids.FORGOTTEN, "children", allow_duplicate=True),
        Input(ids.DECLARE, "n_clicks"),
        State(ids.QUERY, "data"),
        [State(ids.declaring(key), "value") for key in screen.declarations],
        prevent_initial_call=True,
        running=[(Output(ids.DECLARE, "disabled"), True, False)],
    )
    def declare(clicks: int | None, query: str | None, *given: Any) -> Any:
        if not clicks:
            raise PreventUpdate
        try:
            made = planning.declare(dict(zip(screen.declarations, given, strict=True)), query or "")
            return screen.experiment_declared(made, planning.unseen(made)), [made.key, clicks, "declared"], ""
        except UserError as error:
            return screen.plan_refused(f"{error}"), no_update, no_update


def _register_remove(app: Dash, planning: Any, screen: Any) -> None:
    @app.callback(
        Output(ids.FORGOTTEN, "children"),
        Output(ids.EXPERIMENTS_RENEWED, "data", allow_duplicate=True),
        Output(ids.DECLARED, "children", allow_duplicate=True),
        Input(FORGETS, "n_clicks"),
        prevent_initial_call=True,
    )
    def remove(_clicks: list[Any]) -> Any:
        if not any(item["value"] for item in ctx.triggered):
            raise PreventUpdate
        key = ctx.triggered_id["key"]
        try:
            planning.remove(key)
        except UserError as error:
            return screen.plan_refused(f"{error}"), no_update, no_update
        return screen.experiment_removed(), [key, "removed", [item["value"] for item in ctx.triggered]], ""
