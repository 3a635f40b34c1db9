"""Decides when editions are listed, turned over and checked; a check runs beside the page and is asked for its end."""

from __future__ import annotations

from typing import Any

from dash import ALL, MATCH, Dash, Input, Output, State, ctx
from dash.exceptions import PreventUpdate

from errors import UserError
from layouts import ids

TURNS = {"type": "editions-go", "page": ALL}


def _part(kind: str) -> dict[str, object]:
    return {"type": f"edition-{kind}", "key": MATCH}


def register(app: Dash, desk: Any, checker: Any, screen: Any) -> None:
    """desk: reports.desk.Desk. checker: api.checking.Checker. screen: editions, edition_checking, edition_verdict,
    schedule_refused (layouts.screen.functions)."""
    _register_list(app, desk, screen)
    _register_check(app, desk, checker, screen)

    @app.callback(
        Output(_part("says"), "children"),
        Output(_part("clock"), "disabled"),
        Input(_part("clock"), "n_intervals"),
        State(_part("job"), "data"),
        prevent_initial_call=True,
    )
    def follow(_ticks: int | None, job: str) -> Any:
        try:
            said = checker.follow(job)
        except UserError as error:
            return screen.schedule_refused(f"{error}"), True
        if said is None:
            raise PreventUpdate
        return screen.edition_verdict(said), True


def _register_list(app: Dash, desk: Any, screen: Any) -> None:
    @app.callback(Output(ids.EDITIONS_PAGE, "data"), Input(TURNS, "n_clicks"), prevent_initial_call=True)
    def turn(_clicks: list[Any]) -> int:
        if not any(item["value"] for item in ctx.triggered):
            raise PreventUpdate
        page: int = ctx.triggered_id["page"]
        return page

    @app.callback(
        Output(ids.EDITIONS, "children"), Input(ids.sign("editions"), "data"), Input(ids.EDITIONS_PAGE, "data")
    )
    def listed(sign: Any, page: int | None) -> Any:
        if sign is None:
            raise PreventUpdate
        return screen.editions(desk.editions(page or 0))


def _register_check(app: Dash, desk: Any, checker: Any, screen: Any) -> None:
    @app.callback(
        Output(_part("verdict"), "children"),
        Input(_part("check"), "n_clicks"),
        State(_part("check"), "id"),
        prevent_initial_call=True,
    )
    def check(clicks: int | None, place: dict[str, str]) -> Any:
        if not clicks:
            raise PreventUpdate
        try:
            return screen.edition_checking(place["key"], checker.begin(desk.edition_file(place["key"])))
        except UserError as error:
            return screen.schedule_refused(f"{error}")
