"""Decides when the form of a schedule is previewed, kept, filled with one that is there, and emptied."""

from __future__ import annotations

from typing import Any

from dash import ALL, ClientsideFunction, Dash, Input, Output, State, ctx, no_update
from dash.exceptions import PreventUpdate

from callbacks.refill import bug
from errors import UserError
from layouts import ids

CHANGES = {"type": "schedule-act", "act": "change", "key": ALL}


def register(app: Dash, desk: Any, screen: Any) -> None:
    """desk: reports.desk.Desk. screen: scheduling, scheduling_parts, schedule_views, schedule_preview, schedule_kept,
    schedule_refused (layouts.screen.functions)."""
    _register_coming(app, screen)
    _register_views(app, screen)
    _register_preview(app, desk, screen)
    _register_keep(app, desk, screen)
    _register_change(app, desk, screen)


def _register_coming(app: Dash, screen: Any) -> None:
    app.clientside_callback(
        ClientsideFunction("truelift", "scheduleParts"),
        [Output(ids.scheduling_part(part), "hidden") for part in screen.scheduling_parts],
        Input(ids.scheduling("kind"), "value"),
        Input(ids.scheduling("fresh"), "value"),
    )


def _register_views(app: Dash, screen: Any) -> None:
    @app.callback(
        Output(ids.scheduling("view"), "options"),
        Input(ids.QUERY, "data"),
        Input(ids.SCHEDULE_EDITED, "data"),
    )
    def views(query: str | None, edited: dict[str, str] | None) -> Any:
        return screen.schedule_views(_query(query, edited), edited is not None)


def _register_preview(app: Dash, desk: Any, screen: Any) -> None:
    @app.callback(
        Output(ids.SCHEDULE_PREVIEW, "children"),
        Input(ids.QUERY, "data"),
        Input(ids.SCHEDULE_EDITED, "data"),
        [Input(ids.scheduling(key), "value") for key in screen.scheduling],
    )
    def preview(query: str | None, edited: dict[str, str] | None, *given: Any) -> Any:
        fields = dict(zip(screen.scheduling, given, strict=True))
        try:
            return screen.schedule_preview(desk.preview(fields, _query(query, edited)))
        except UserError as error:
            return screen.schedule_refused(f"{error}")
        except Exception:
            return screen.schedule_refused(bug(query or ""))


def _register_keep(app: Dash, desk: Any, screen: Any) -> None:
    @app.callback(
        Output(ids.SCHEDULE_KEPT, "children"),
        Output(ids.SCHEDULE_EDITED, "data", allow_duplicate=True),
        Output(ids.SCHEDULE_LEAVE, "hidden", allow_duplicate=True),
        Output(ids.scheduling("name"), "value", allow_duplicate=True),
        Output(ids.REPORTS_CLOCK, "n_intervals", allow_duplicate=True),
        Input(ids.SCHEDULE_KEEP, "n_clicks"),
        State(ids.QUERY, "data"),
        State(ids.SCHEDULE_EDITED, "data"),
        [State(ids.scheduling(key), "value") for key in screen.scheduling],
        prevent_initial_call=True,
        running=[(Output(ids.SCHEDULE_KEEP, "disabled"), True, False)],
    )
    def keep(clicks: int | None, query: str | None, edited: dict[str, str] | None, *given: Any) -> Any:
        if not clicks:
            raise PreventUpdate
        fields = dict(zip(screen.scheduling, given, strict=True))
        try:
            name = desk.keep(fields, _query(query, edited), edited["id"] if edited else "")
        except UserError as error:
            return screen.schedule_refused(f"{error}"), no_update, no_update, no_update, no_update
        return screen.schedule_kept(name, edited is not None), None, True, "", 0


def _register_change(app: Dash, desk: Any, screen: Any) -> None:
    keys = screen.scheduling

    @app.callback(
        Output(ids.SCHEDULE_EDITED, "data"),
        Output(ids.SCHEDULE_LEAVE, "hidden"),
        Output(ids.SCHEDULE_KEPT, "children", allow_duplicate=True),
        Output(ids.SCHEDULE_FORM, "open"),
        [Output(ids.scheduling(key), "value") for key in keys],
        Input(CHANGES, "n_clicks"),
        Input(ids.SCHEDULE_LEAVE, "n_clicks"),
        prevent_initial_call=True,
    )
    def change(_clicks: list[Any], _leave: int | None) -> Any:
        if not any(item["value"] for item in ctx.triggered):
            raise PreventUpdate
        if ctx.triggered_id == ids.SCHEDULE_LEAVE:
            return None, True, "", no_update, *["" if key == "name" else no_update for key in keys]
        try:
            fields = desk.fields(ctx.triggered_id["key"])
        except UserError as error:
            return no_update, no_update, screen.schedule_refused(f"{error}"), True, *[no_update for _ in keys]
        edited = {"id": fields["id"], "query": fields["query"]}
        return edited, False, "", True, *[fields[key] for key in keys]


def _query(query: str | None, edited: dict[str, str] | None) -> str:
    """The filters of the schedule that is being changed, else those of the page the reader came from."""
    return edited["query"] if edited else query or ""
