"""Decides what stands on the Import page before a file is dropped: templates, the drop, places for what follows."""

from __future__ import annotations

from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from analytics import formats
from data import schema
from layouts import ids, versions

POLL_MS = 400
KINDS = ("csv", "xlsx")
WORKBOOK = "/template/all.xlsx"
TITLE = "Bring your own files"
SAYS = "Influencers, posts, tracking, payouts: any of them, any names, any order of columns."


def layout(limits: Any) -> Component:
    """limits: endings, files, and the words for size, columns and cell length (api.uploads.Limits)."""
    return html.Div(
        [
            html.Div([html.H1(TITLE), html.P(SAYS, className="subline"), templates()], className="lead-in"),
            dcc.Store(id=ids.UPLOAD),
            dcc.Store(id=ids.WISH, data={}),
            dcc.Store(id=ids.SHOWN, data={}),
            dcc.Store(id=ids.JOB),
            dcc.Interval(id=ids.IMPORT_CLOCK, interval=POLL_MS, disabled=True),
            drop(limits),
            html.Div([], id=ids.IMPORT_PROGRESS, className="import-progress", role="status"),
            html.Div([], id=ids.INSPECTED, className="inspected"),
            html.Div([], id=ids.IMPORT_RESULT, role="status"),
            _foot(),
            versions.place(),
        ],
        className="import-page no-filters",
    )


def _foot() -> Component:
    """The bar that stays in sight; it is shown while there is something to import."""
    lost = html.P("", className="lost-says", role="status")
    inner = [lost, html.Div([], id=ids.IMPORT_PENDING, role="status"), html.Div([], id=ids.IMPORT_FOOT)]
    return html.Div(html.Div(inner, className="foot-inner"), className="import-foot")


def drop(limits: Any) -> Component:
    """Where files and folders are dropped or chosen; assets/upload.js sends them and lists them as they go."""
    buttons = [
        html.Button("Choose files", className="button strong", **{"data-chooses": "files"}),
        html.Button("Choose a folder", className="button", **{"data-chooses": "folder"}),
    ]
    return html.Section(
        [
            html.P("Drop files or a folder here", className="drop-title"),
            html.P("Add more files, or drop them here", className="drop-title drop-more"),
            html.Div(buttons, className="drop-buttons"),
            html.P(limits_in_words(limits), className="drop-limits"),
            html.Ul([], className="sending", **{"aria-label": "Files on their way"}),
            html.P("", className="drop-says", role="status"),
        ],
        className="drop",
        **{
            "data-drop": ids.UPLOAD,
            "data-accept": ",".join(limits.endings),
            "data-limit": f"{limits.bytes}",
            "data-size": limits.size,
            "aria-label": "Files to import",
        },
    )


def limits_in_words(limits: Any) -> str:
    """What may come in, in one line."""
    most = f"up to {limits.size} a file and {formats.count(limits.files)} files at once"
    wide = f"{formats.count(limits.columns)} columns, {formats.count(limits.cell)} characters a cell"
    return f"CSV, Excel or JSON; {most}; {wide}. They stay on this machine."


def templates() -> Component:
    """Empty files to fill in, one for each table and one workbook with all."""
    tables = [
        html.Span([html.Span(key.capitalize(), className="template-name"), *[_template(key, kind) for kind in KINDS]])
        for key in schema.TABLES
    ]
    whole = html.A("All four in one workbook", href=WORKBOOK, download=True)
    return html.P([html.Span("Start from a template:", className="muted"), *tables, whole], className="templates")


def _template(key: str, kind: str) -> Component:
    name = f"{key.capitalize()} template as {kind.upper()}"
    return html.A(kind.upper(), href=f"/template/{key}.{kind}", download=True, **{"aria-label": name})
