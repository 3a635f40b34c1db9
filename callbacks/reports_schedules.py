"""Decides when the Reports page looks again, and that a press on a schedule, a run or a notice is done at once."""

from __future__ import annotations

import json
from typing import Any

from dash import ALL, MATCH, Dash, Input, Output, State, ctx, no_update
from dash.exceptions import PreventUpdate

from errors import UserError
from layouts import ids

SIGNS = ("schedules", "runs", "notices", "editions", "jobs", "worker")
LISTED = 10
ACTS = {"type": "schedule-act", "act": ALL, "key": ALL}
SEEN = {"type": "notice-seen", "key": ALL}
LIVE = {"type": "schedule-live", "key": ALL}


def register(app: Dash, ledger: Any, desk: Any, screen: Any) -> None:
    """desk: reports.desk.Desk. screen: schedules, last_run, run_history, notices, schedule_done, schedule_refused,
    no_worker, is_alive (layouts.screen.functions)."""
    _register_clock(app, ledger, desk, screen)
    _register_lists(app, ledger, desk, screen)
    _register_live(app, desk, screen)
    _register_acts(app, desk, screen)
    _register_notices(app, desk)


def _register_clock(app: Dash, ledger: Any, desk: Any, screen: Any) -> None:
    """Only what has changed is shown anew: what a reader has opened stays open."""

    @app.callback(
        [Output(ids.sign(what), "data") for what in SIGNS],
        Input(ids.REPORTS_CLOCK, "n_intervals"),
        [State(ids.sign(what), "data") for what in SIGNS],
    )
    def look(_ticks: int | None, *known: Any) -> list[Any]:
        jobs = [(job.id, job.state, job.step) for job in ledger.reports(LISTED)]
        alive = "there" if screen.is_alive(ledger.worker_seen()) else "none"
        signs = {**desk.signs(), "jobs": json.dumps(jobs), "worker": alive}
        return [no_update if signs[what] == old else signs[what] for what, old in zip(SIGNS, known, strict=True)]


def _register_lists(app: Dash, ledger: Any, desk: Any, screen: Any) -> None:
    @app.callback(Output(ids.SCHEDULES, "children"), Input(ids.sign("schedules"), "data"))
    def schedules(sign: Any) -> Any:
        if sign is None:
            raise PreventUpdate
        return screen.schedules(desk.schedules())

    @app.callback(Output(ids.NOTICES, "children"), Input(ids.sign("notices"), "data"))
    def notices(_sign: Any) -> Any:
        return screen.notices(desk.notices())

    @app.callback(Output(ids.REPORTS_WORKER, "children"), Input(ids.sign("worker"), "data"))
    def worker(sign: Any) -> Any:
        if sign is None:
            raise PreventUpdate
        return screen.no_worker(ledger.worker_seen())


def _register_live(app: Dash, desk: Any, screen: Any) -> None:
    @app.callback(
        Output(LIVE, "children"), Input(ids.sign("runs"), "data"), State(LIVE, "id"), prevent_initial_call=True
    )
    def live(_sign: Any, places: list[dict[str, str]]) -> list[Any]:
        return [screen.last_run(desk.last(place["key"])) for place in places]

    @app.callback(
        Output({"type": "schedule-runs", "key": MATCH}, "children"),
        Input({"type": "schedule-opens", "key": MATCH}, "n_clicks"),
        Input({"type": "schedule-live", "key": MATCH}, "children"),
        State({"type": "schedule-opens", "key": MATCH}, "id"),
        prevent_initial_call=True,
    )
    def history(opened: int | None, _live: Any, place: dict[str, str]) -> Any:
        if not opened:
            raise PreventUpdate
        return screen.run_history(desk.history(place["key"]))


def _register_acts(app: Dash, desk: Any, screen: Any) -> None:
    @app.callback(
        Output(ids.SCHEDULES_SAID, "children"),
        Output({"type": "schedule-said", "key": ALL}, "children"),
        Output(ids.REPORTS_CLOCK, "n_intervals", allow_duplicate=True),
        Input(ACTS, "n_clicks"),
        State({"type": "schedule-said", "key": ALL}, "id"),
        prevent_initial_call=True,
    )
    def act(_clicks: list[Any], places: list[dict[str, str]]) -> Any:
        pressed = ctx.triggered_id
        if not any(item["value"] for item in ctx.triggered) or pressed["act"] == "change":
            raise PreventUpdate
        try:
            said = screen.schedule_done(desk.act(pressed["act"], pressed["key"]))
        except UserError as error:
            said = screen.schedule_refused(f"{error}")
        there = [said if place["key"] == pressed["key"] else "" for place in places]
        lost = pressed["act"] != "now" and pressed["act"] != "everybody"
        return said if lost else "", ["" for _ in places] if lost else there, 0


def _register_notices(app: Dash, desk: Any) -> None:
    @app.callback(
        Output(ids.REPORTS_CLOCK, "n_intervals", allow_duplicate=True),
        Input(SEEN, "n_clicks"),
        prevent_initial_call=True,
    )
    def seen(_clicks: list[Any]) -> int:
        if not any(item["value"] for item in ctx.triggered):
            raise PreventUpdate
        desk.seen(ctx.triggered_id["key"])
        return 0
