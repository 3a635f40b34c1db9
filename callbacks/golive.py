"""Decides when a go-live calendar is drawn, kept as an experiment and taken along: on a press, once at a time."""

from __future__ import annotations

from typing import Any

from dash import Dash, Input, Output, State, ctx, no_update
from dash.exceptions import PreventUpdate

from errors import UserError
from layouts import ids

NOTHING = "No calendar is drawn yet: choose influencers and draw one."


def register(app: Dash, planning: Any, screen: Any) -> None:
    """planning: analytics.planning.door.Planning. screen: drawings, drawn, calendar_kept, plan_refused
    (layouts.screen.functions)."""
    _register_people(app, planning)
    _register_draw(app, planning, screen)
    _register_keep(app, planning, screen)
    _register_take(app, planning, screen)


def _register_people(app: Dash, planning: Any) -> None:
    @app.callback(Output(ids.drawing("influencers"), "options"), Input(ids.QUERY, "data"))
    def people(query: str | None) -> Any:
        if query is None:
            raise PreventUpdate
        try:
            return planning.influencers("")
        except UserError:
            return []


def _register_draw(app: Dash, planning: Any, screen: Any) -> None:
    @app.callback(
        Output(ids.DRAW_SAID, "children"),
        Output(ids.DRAWN, "children"),
        Output(ids.DRAWN_WISH, "data"),
        Output(ids.KEPT, "children", allow_duplicate=True),
        Input(ids.DRAW, "n_clicks"),
        [State(ids.drawing(key), "value") for key in screen.drawings],
        prevent_initial_call=True,
        running=[(Output(ids.DRAW, "disabled"), True, False)],
    )
    def draw(clicks: int | None, *given: Any) -> Any:
        if not clicks:
            raise PreventUpdate
        wish = dict(zip(screen.drawings, given, strict=True))
        try:
            view = planning.draw("", wish)
        except UserError as error:
            # The calendar that was drawn before stays.
            return screen.plan_refused(f"{error}"), no_update, no_update, no_update
        return "", screen.drawn(view), planning.settled(wish, view), ""


def _register_keep(app: Dash, planning: Any, screen: Any) -> None:
    @app.callback(
        Output(ids.KEPT, "children"),
        Output(ids.EXPERIMENTS_RENEWED, "data", allow_duplicate=True),
        Input(ids.KEEP, "n_clicks"),
        State(ids.DRAWN_WISH, "data"),
        State(ids.drawing("name"), "value"),
        State(ids.drawing("by"), "value"),
        prevent_initial_call=True,
        running=[(Output(ids.KEEP, "disabled"), True, False)],
    )
    def keep(clicks: int | None, wish: Any, name: str | None, by: str | None) -> Any:
        if not clicks:
            raise PreventUpdate
        if not wish:
            return screen.plan_refused(NOTHING), no_update
        try:
            kept = planning.keep(planning.draw("", wish), name or "", by or "")
        except UserError as error:
            return screen.plan_refused(f"{error}"), no_update
        return screen.calendar_kept(kept), [kept.key, clicks]


def _register_take(app: Dash, planning: Any, screen: Any) -> None:
    @app.callback(
        Output(ids.CALENDAR_FILE, "data"),
        Output(ids.KEPT, "children", allow_duplicate=True),
        Input(ids.CALENDAR_CSV, "n_clicks"),
        Input(ids.CALENDAR_ICS, "n_clicks"),
        State(ids.DRAWN_WISH, "data"),
        State(ids.drawing("name"), "value"),
        prevent_initial_call=True,
    )
    def take(csv: int | None, ics: int | None, wish: Any, name: str | None) -> Any:
        if not (csv or ics):
            raise PreventUpdate
        if not wish:
            return no_update, screen.plan_refused(NOTHING)
        kind = "csv" if ctx.triggered_id == ids.CALENDAR_CSV else "ics"
        try:
            return planning.file(planning.draw("", wish), kind, name or ""), ""
        except UserError as error:
            return no_update, screen.plan_refused(f"{error}")
