"""Decides when a report is asked for, followed and cancelled: a click, then once a second until it ends."""

from __future__ import annotations

from typing import Any

from dash import ALL, ClientsideFunction, Dash, Input, Output, State, ctx, no_update
from dash.exceptions import PreventUpdate

from errors import UserError
from layouts import ids

FORMAT = "pdf"
OPEN_STATES = frozenset({"due", "running"})
LISTED = 10
CANCELS = {"type": "report-cancel", "key": ALL, "place": ALL}


def register(app: Dash, answers: Any, ledger: Any, desk: Any, screen: Any) -> None:
    """desk: reports.desk.Desk. screen: progress, listing, wishes, asked_wrong (layouts.screen.functions)."""
    _register_asked(app, answers, ledger, desk, screen)
    _register_follow(app, ledger, screen)
    _register_cancel(app, ledger)
    app.clientside_callback(
        ClientsideFunction("truelift", "scheduleView"),
        Output(ids.SCHEDULE_VIEW, "href"),
        Input(ids.QUERY, "data"),
    )

    @app.callback(Output(ids.REPORTS_LIST, "children"), Input(ids.sign("jobs"), "data"))
    def listed(_sign: Any) -> Any:
        return screen.listing(ledger.reports(LISTED))


def _register_asked(app: Dash, answers: Any, ledger: Any, desk: Any, screen: Any) -> None:
    pages = tuple(page.key for page in answers.pages)

    @app.callback(
        Output(ids.REPORT_JOB, "data"),
        Output(ids.REPORT_REFUSED, "children"),
        Input(ids.REPORT_BUTTON, "n_clicks"),
        Input(ids.REPORT_MAKE, "n_clicks"),
        State(ids.QUERY, "data"),
        State(ids.ADDRESS, "pathname"),
        [State(ids.wish(key), "value") for key in screen.wishes],
        prevent_initial_call=True,
    )
    def ask(one: int | None, made: int | None, query: str | None, path: str | None, *given: Any) -> Any:
        query = query or ""
        if ctx.triggered_id == ids.REPORT_BUTTON and one:
            return ledger.add_report(query, pages, FORMAT, data_version=_seen(answers)), ""
        if not made:
            raise PreventUpdate
        try:
            wanted, form, options = desk.wanted(query, path or "/", dict(zip(screen.wishes, given, strict=True)))
        except UserError as error:
            return no_update, screen.asked_wrong(f"{error}")
        return ledger.add_report(query, wanted, form, data_version=_seen(answers), options=options), ""


def _register_follow(app: Dash, ledger: Any, screen: Any) -> None:
    @app.callback(
        Output(ids.REPORT_CLOCK, "disabled"),
        Output(ids.REPORT_PANEL, "children"),
        Input(ids.REPORT_JOB, "data"),
        Input(ids.REPORT_CLOCK, "n_intervals"),
        prevent_initial_call=True,
    )
    def follow(job_id: str | None, _ticks: int | None) -> tuple[bool, Any]:
        job = ledger.report(job_id) if job_id else None
        if job is None:
            raise PreventUpdate
        return job.state not in OPEN_STATES, screen.progress(job, ledger.worker_seen())


def _register_cancel(app: Dash, ledger: Any) -> None:
    @app.callback(
        Output(ids.REPORT_CLOCK, "n_intervals"),
        Input(CANCELS, "n_clicks"),
        prevent_initial_call=True,
    )
    def cancel(_clicks: list[Any]) -> int:
        if not any(item["value"] for item in ctx.triggered):
            raise PreventUpdate
        ledger.cancel(ctx.triggered_id["key"])
        return 0


def _seen(answers: Any) -> int | None:
    """The version of the data that the reader has before them; None when there is none."""
    known = answers.provenance()
    return known.version if known else None
