"""Decides how reports stand on the screen: the progress of the one just asked for, and the list of those made."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from dash import dcc, html
from dash.development.base_component import Component

from data.filters import Filters
from errors import UserError
from layouts import ids

STATES = {"due": "waiting", "running": "being made", "sent": "ready", "failed": "failed"}
NO_WORKER = "No report worker is running. Start it with ./truelift work."
ALIVE_SECONDS = 30
POLL_MS = 2000


def layout() -> Component:
    """The page of reports; its list comes with the first tick of its clock."""
    return html.Div(
        [
            html.Div(
                [
                    html.H1("Reports"),
                    html.P("“Report as PDF” on any page makes one of the view you see.", className="subline"),
                ],
                className="lead-in",
            ),
            dcc.Interval(id=ids.REPORTS_CLOCK, interval=POLL_MS),
            html.Div([], id=ids.REPORTS_LIST),
        ],
        className="no-filters",
    )


def listing(jobs: list[Any], worker_seen: float | None, zone: str = "UTC") -> Component:
    """Every report with its state, reason and link, newest first. zone: in which the times are written."""
    if not jobs:
        return html.Div([_worker(worker_seen), html.P("No report has been made yet.", className="muted")])
    head = html.Tr([html.Th(label, scope="col") for label in ("Asked", "View", "Data", "State", "")])
    return html.Div(
        [
            _worker(worker_seen) if any(job.state in ("due", "running") for job in jobs) else None,
            html.Div(
                html.Table(
                    [html.Thead(head), html.Tbody([_row(job, ZoneInfo(zone)) for job in jobs])], className="plain-table"
                ),
                className="card-panel table-scroll",
            ),
        ]
    )


def _row(job: Any, zone: ZoneInfo) -> Component:
    state = html.Span(STATES.get(job.state, job.state), className=f"verdict {_tone(job.state)}")
    words = job.reason if job.state == "failed" else job.step if job.state == "running" else ""
    asked = f"{datetime.fromtimestamp(job.created, zone):%-d %b %Y, %H:%M}"
    view, made_of = html.Td(in_words(job.query)), html.Td(_data(job))
    return html.Tr([html.Td(asked), view, made_of, html.Td([state, " ", words]), html.Td(_link(job))])


def _data(job: Any) -> str:
    """The version of the data that the report is made from, once it is settled."""
    return f"version {job.data_version}" if job.data_version else ""


def _tone(state: str) -> str:
    return {"sent": "good", "failed": "bad"}.get(state, "plain")


def _link(job: Any) -> Component | str:
    return html.A("Open PDF", href=href(job), className="quiet-link") if job.state == "sent" else ""


def href(job: Any) -> str:
    """Where the finished report is taken from."""
    return f"/reports/file/{job.id}.pdf"


def in_words(query: str) -> str:
    """The filters of a report as a sentence."""
    try:
        return Filters.from_query(query).describe()
    except UserError:
        return query


def _worker(seen: float | None) -> Component | None:
    alive = seen is not None and seen <= ALIVE_SECONDS
    return None if alive else html.P(NO_WORKER, className="worker-note", role="status")


def progress(job: Any, worker_seen: float | None) -> Component:
    """The little panel: how far the report is, why it failed, or its link."""
    close = html.Button("×", className="quiet close", **{"data-hides": ids.REPORT_PANEL, "aria-label": "Close"})
    body = {"sent": _ready, "failed": _failed}.get(job.state, lambda item: _making(item, worker_seen))(job)
    return html.Div([close, *body], className=f"report-card {job.state}")


def _ready(job: Any) -> list[Component]:
    return [
        html.P("Your report is ready.", className="strong-line"),
        html.A("Open PDF", href=href(job), className="button strong", target="_blank", rel="noopener"),
        dcc.Link("All reports", href="/reports", className="quiet-link"),
    ]


def _failed(job: Any) -> list[Component]:
    return [html.P("The report could not be made.", className="strong-line"), html.P(job.reason, className="muted")]


def _making(job: Any, worker_seen: float | None) -> list[Component | None]:
    return [
        html.P("Making the report", className="strong-line"),
        html.Progress(value=f"{job.progress:.2f}", max="1", **{"aria-label": "Progress of the report"}),
        html.P(job.step or "Waiting for its turn.", className="muted"),
        _worker(worker_seen),
    ]
