"""Decides how reports stand on the screen: the page, the progress of the one just asked for, and those being made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from dash import dcc, html
from dash.development.base_component import Component

from data.filters import Filters
from errors import UserError
from layouts import ids, reports_editions, reports_form, reports_schedules

STATES = {"due": "waiting", "running": "being made", "sent": "ready", "failed": "failed", "cancelled": "cancelled"}
TONES = {"sent": "good", "failed": "bad", "in doubt": "unsure"}
OPENS = {"pdf": "Open PDF", "html": "Open web page", "xlsx": "Open workbook", "json": "Open JSON"}
PAPERS = {"pdf": "PDF", "html": "web page", "xlsx": "workbook", "json": "JSON file"}
LEAD = "“Report as PDF” on any page makes one of the view you see; a schedule sends it by itself."
NO_WORKER = "No report worker is running. Start it with ./truelift work."
ALIVE_SECONDS = 30
POLL_MS = 2000
SIGNS = ("schedules", "runs", "notices", "editions", "jobs", "worker")


def layout(choices: Mapping[str, Any]) -> Component:
    """The page of reports; its parts come with the first tick of its clock. choices: what the form offers."""
    return html.Div(
        [
            html.Div(
                [
                    html.H1("Reports"),
                    html.P(LEAD, className="subline"),
                ],
                className="lead-in",
            ),
            dcc.Interval(id=ids.REPORTS_CLOCK, interval=POLL_MS),
            *[dcc.Store(id=ids.sign(what)) for what in SIGNS],
            html.Div([], id=ids.REPORTS_WORKER, role="status"),
            html.Div([], id=ids.NOTICES, className="notices"),
            reports_schedules.section(),
            reports_form.section(choices),
            html.Div([], id=ids.REPORTS_LIST),
            reports_editions.section(),
        ],
        className="no-filters reports-page",
    )  # fmt: skip


def listing(jobs: Sequence[Any], zone: str = "UTC") -> Component | None:
    """Reports that were asked for by a click and are not ready: waiting, being made, failed, cancelled."""
    rows = [_row(job, ZoneInfo(zone)) for job in jobs if job.state != "sent"]
    if not rows:
        return None
    head = html.Tr([html.Th(label, scope="col") for label in ("Asked", "Report", "State", "")])
    caption = html.Caption("Reports asked for by a click that are not ready", className="visually-hidden")
    table = html.Table([caption, html.Thead(head), html.Tbody(rows)], className="plain-table stacks")
    return html.Section(
        [html.H2("Asked for by a click", className="card-title"), html.Div(table, className="table-scroll")],
        className="card-panel", **{"aria-label": "Asked for by a click"},
    )  # fmt: skip


def _row(job: Any, zone: ZoneInfo) -> Component:
    state = html.Span(STATES.get(job.state, job.state), className=f"verdict {TONES.get(job.state, 'plain')}")
    words = job.reason if job.state == "failed" else job.step if job.state == "running" else ""
    asked = f"{datetime.fromtimestamp(job.created, zone):%-d %b %Y, %H:%M}"
    return html.Tr(
        [
            html.Td(asked),
            html.Td([html.Span(in_words(job.query)), html.Span(_what(job), className="muted under")]),
            html.Td([state, " ", words]),
            html.Td(_cancel(job, "list") if job.state in ("due", "running") else ""),
        ]
    )


def _what(job: Any) -> str:
    """Form, template and the version of the data that the report is made from."""
    template = dict(job.options).get("audience", "brand")
    version = f"data version {job.data_version}" if job.data_version else ""
    return " · ".join(part for part in (PAPERS.get(job.format, job.format), template, version) if part)


def href(job: Any) -> str:
    """Where the finished report is taken from."""
    return f"/reports/file/{job.id}.{job.format}"


def in_words(query: str) -> str:
    """The filters of a report as a sentence."""
    try:
        return Filters.from_query(query).describe()
    except UserError:
        return query


def worker(seen: float | None) -> Component | None:
    """That nobody makes reports. seen: seconds since a worker's last heartbeat, None where there was none."""
    return html.P(NO_WORKER, className="worker-note") if not is_alive(seen) else None


def is_alive(seen: float | None) -> bool:
    """Whether a worker is there."""
    return seen is not None and seen <= ALIVE_SECONDS


def progress(job: Any, worker_seen: float | None) -> Component:
    """The little panel: how far the report is, why it failed, or its link."""
    close = html.Button("×", className="quiet close", **{"data-hides": ids.REPORT_PANEL, "aria-label": "Close"})
    parts = {"sent": _ready, "failed": _failed, "cancelled": _cancelled}
    body = parts.get(job.state, lambda item: _making(item, worker_seen))(job)
    return html.Div([close, *body], className=f"report-card {job.state}")


def _ready(job: Any) -> list[Component]:
    opens = OPENS.get(job.format, "Open")
    return [
        html.P("Your report is ready.", className="strong-line"),
        html.P(in_words(job.query), className="muted"),
        html.A(opens, href=href(job), className="button strong", target="_blank", rel="noopener"),
        dcc.Link("All reports", href="/reports", className="quiet-link"),
    ]


def _failed(job: Any) -> list[Component]:
    return [html.P("The report could not be made.", className="strong-line"), html.P(job.reason, className="muted")]


def _cancelled(job: Any) -> list[Component]:
    return [html.P("Cancelled: nothing was made.", className="strong-line")]


def _making(job: Any, worker_seen: float | None) -> list[Component | None]:
    return [
        html.P(f"Making the {PAPERS.get(job.format, 'report')}", className="strong-line"),
        html.P(in_words(job.query), className="muted"),
        html.Progress(value=f"{job.progress:.2f}", max="1", **{"aria-label": "Progress of the report"}),
        html.P(job.step or "Waiting for its turn.", className="muted"),
        worker(worker_seen),
        _cancel(job, "card"),
    ]


def _cancel(job: Any, place: str) -> Component:
    label = f"Cancel the report of {in_words(job.query)}"
    return html.Button("Cancel", id=ids.report_cancel(job.id, place), className="quiet cancel", **{"aria-label": label})


def asked_wrong(sentence: str) -> Component:
    """What is wrong with a report that was asked for."""
    return html.P(sentence, className="plan-refused", role="alert")
