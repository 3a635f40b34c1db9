"""Decides how the reports that were made stand on the screen: newest first, each to be opened and to be checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from analytics import formats
from layouts import ids

POLL_MS = 700
SAYS = "Each can be opened as it was, and checked against the data there are now."
NONE_YET = "No report has been made yet."
HEADS = ("Edition", "View", "Made", "")
TONES = {"matches": "good", "restated": "unsure", "not verifiable": "bad"}
LINES_SHOWN = 8


def section() -> Component:
    """The place of the list; callbacks.reports_editions fills it."""
    title = "Editions: everything that was made"
    return html.Section(
        [
            html.H2(title, className="card-title"),
            html.P(SAYS, className="card-summary"),
            dcc.Store(id=ids.EDITIONS_PAGE, data=0),
            html.Div([], id=ids.EDITIONS),
        ],
        className="card-panel", **{"aria-label": title},
    )  # fmt: skip


def listing(known: Mapping[str, Any]) -> Component:
    """One page of editions. known: total, page, pages, rows, as reports.desk.Desk.editions says them."""
    if not known["rows"]:
        make = html.Button("Report as PDF", className="button", **{"data-presses": ids.REPORT_BUTTON})
        return html.Div([html.P(NONE_YET, className="muted"), make], className="replies")
    head = html.Tr([html.Th(label, scope="col") for label in HEADS])
    caption = html.Caption("Editions, newest first", className="visually-hidden")
    rows = [row for one in known["rows"] for row in _rows(one)]
    table = html.Table([caption, html.Thead(head), html.Tbody(rows)], className="plain-table stacks editions")
    return html.Div([html.Div(table, className="table-scroll"), _turns(known)])


def _rows(one: Mapping[str, Any]) -> list[Component]:
    pages = "1 page" if one["pages"] == 1 else f"{one['pages']} pages" if one["pages"] else ""
    what = " · ".join(part for part in (one["template"], one["form"], pages) if part)
    made = f"{one['made']}, by {one['by']}"
    acts: list[Component] = []
    if one["href"]:
        acts = [
            html.A("Open", href=one["href"], className="quiet-link", target="_blank", rel="noopener",
                   **{"aria-label": f"Open {one['form']} {one['mark']}"}),
            html.Button("Check", id=ids.edition_part("check", one["id"]), className="quiet", n_clicks=0,
                        **{"aria-label": f"Check edition {one['mark']}"}),
        ]  # fmt: skip
    else:
        acts = [html.Span("its file is gone", className="muted")]
    cells = [
        html.Th(one["mark"], scope="row"),
        html.Td([html.Span(one["view"]), html.Span(one["headline"], className="muted under")]),
        html.Td([html.Span(made), html.Span(f"{what} · data version {one['version']}", className="muted under")]),
        html.Td(html.Div(acts, className="row-ways")),
    ]
    verdict = html.Td([], id=ids.edition_part("verdict", one["id"]), colSpan=len(HEADS), className="verdict-cell")
    return [html.Tr(cells), html.Tr(verdict, className="verdict-row")]


def _turns(known: Mapping[str, Any]) -> Component:
    page, pages = known["page"], known["pages"]
    count = html.Span(f"{formats.count(known['total'])} editions", className="muted")
    if pages < 2:
        return html.P(count)
    newer = html.Button("Newer", id=ids.editions_go(page - 1), className="button small", disabled=page == 0)
    older = html.Button("Older", id=ids.editions_go(page + 1), className="button small", disabled=page == pages - 1)
    return html.Div([newer, html.Span(f"Page {page + 1} of {pages}"), older, count], className="replies")


def checking(key: str, job: str) -> list[Component]:
    """That an edition is being checked; its clock asks until the answer is there."""
    says = html.Div([html.Progress(max="1", **{"aria-label": "Progress of the check"}),
                     html.P("Asks the data again; this takes a moment.", className="muted")],
                    id=ids.edition_part("says", key), role="status")  # fmt: skip
    return [
        dcc.Interval(id=ids.edition_part("clock", key), interval=POLL_MS),
        dcc.Store(id=ids.edition_part("job", key), data=job),
        says,
    ]


def verdict(said: Mapping[str, Any]) -> Component:
    """What became of a check. said: the verdict as `python -m reports verify --json` says it."""
    lines: Sequence[str] = said.get("lines", ())
    rest = len(lines) - LINES_SHOWN
    more = [html.Li(f"and {formats.count(rest)} more")] if rest > 0 else []
    listed = html.Ul([html.Li(line) for line in lines[:LINES_SHOWN]] + more) if lines else None
    tone = TONES.get(said["state"], "plain")
    return html.Div(
        [
            html.P([html.Span(said["state"], className=f"verdict {tone}"), " ", said["sentence"]]),
            listed,
            *[html.P(one, className="muted") for one in said.get("remarks", ())],
        ]
    )
