"""Decides when a report is asked for and when its progress is looked at: a click, then once a second until it ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dash import Dash, Input, Output, State, ctx
from dash.exceptions import PreventUpdate

from layouts import ids

FORMAT = "pdf"
OPEN_STATES = frozenset({"due", "running"})
LISTED = 50


def register(app: Dash, answers: Any, ledger: Any, progress: Callable[..., Any], listing: Callable[..., Any]) -> None:
    """progress(job, seconds since the worker was seen), listing(jobs, the same): what stands on the screen."""
    pages = tuple(page.key for page in answers.pages)

    @app.callback(
        Output(ids.REPORT_JOB, "data"),
        Output(ids.REPORT_CLOCK, "disabled"),
        Output(ids.REPORT_PANEL, "children"),
        Input(ids.REPORT_BUTTON, "n_clicks"),
        Input(ids.REPORT_CLOCK, "n_intervals"),
        State(ids.REPORT_JOB, "data"),
        State(ids.QUERY, "data"),
        prevent_initial_call=True,
    )
    def follow(clicks: int | None, _ticks: int | None, job_id: str | None, query: str | None) -> tuple[Any, bool, Any]:
        if ctx.triggered_id == ids.REPORT_BUTTON and clicks:
            job_id = ledger.add_report(query or "", pages, FORMAT, data_version=_seen(answers))
        job = ledger.report(job_id) if job_id else None
        if job is None:
            raise PreventUpdate
        return job_id, job.state not in OPEN_STATES, progress(job, ledger.worker_seen())

    @app.callback(Output(ids.REPORTS_LIST, "children"), Input(ids.REPORTS_CLOCK, "n_intervals"))
    def listed(_ticks: int | None) -> Any:
        return listing(ledger.reports(LISTED), ledger.worker_seen())


def _seen(answers: Any) -> int | None:
    """The version of the data that the reader has before them; None when there is none."""
    known = answers.provenance()
    return known.version if known else None
