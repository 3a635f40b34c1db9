"""Decides how files come in on the screen: drop, see what each was taken for, answer what is asked, import."""

from __future__ import annotations

from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from analytics import formats
from analytics.views import Column
from data import schema
from layouts import ids
from layouts.components import table

ACCEPTED = ".csv,.tsv,.txt,.json,.xlsx"
WEIGHTS = {"info": "plain", "check": "unsure", "wrong": "bad"}
MAPPING = (Column("header", "Column in the file"), Column("field", "Taken for"), Column("sample", "For instance"))


def layout() -> Component:
    """The page before a file is dropped."""
    says = "Influencers, posts, tracking, payouts: any of them, any names, any order of columns."
    return html.Div(
        [
            html.Div([html.H1("Bring your own files"), html.P(says, className="subline")], className="lead-in"),
            dcc.Store(id=ids.UPLOAD),
            dcc.Store(id=ids.IMPORT_DATES, data=""),
            _drop(),
            html.Div([], id=ids.INSPECTED, className="inspected"),
            _next(),
            html.Div([], id=ids.IMPORT_RESULT),
        ],
        className="import-page no-filters",
    )


def _drop() -> Component:
    return html.Div(
        [
            html.P("Drop files here", className="drop-title"),
            html.P("CSV, Excel or JSON. They stay on this machine.", className="muted"),
            html.Button("Choose files", className="button strong", **{"data-chooses": "files"}),
            html.P("", className="drop-progress", role="status"),
        ],
        className="drop",
        **{"data-drop": ids.UPLOAD, "data-accept": ACCEPTED},
    )


def _next() -> Component:
    modes = {"replace": "Replace the data", "add": "Add to the data there is"}
    return html.Div(
        [
            dcc.RadioItems(modes, "replace", id=ids.IMPORT_MODE, className="mode"),
            html.Button("Import", id=ids.IMPORT_BUTTON, className="button strong"),
        ],
        id=ids.IMPORT_NEXT,
        className="import-next",
        hidden=True,
    )


def inspected(answer: dict[str, Any]) -> Component:
    """What each file was taken for, before anything is imported."""
    if answer.get("error"):
        return refused(answer["error"])
    question = answer.get("question")
    return html.Div(
        [
            *[_file(item) for item in answer["files"]],
            _question(question) if question else None,
            _notes(answer.get("notes", [])),
        ]
    )


def refused(sentence: str) -> Component:
    """Why nothing came of it, in one sentence."""
    return html.Div(html.P(sentence), className="notice left bad", role="alert")


def _file(item: dict[str, Any]) -> Component:
    name = item["file"] + (f" · {item['sheet']}" if item.get("sheet") else "")
    known = schema.TABLES.get(item.get("table") or "")
    head = [html.H2(name), html.Span(known.key if known else "not taken", className="badge")]
    if item.get("refused"):
        return html.Section([html.Div(head, className="file-head"), html.P(item["refused"])], className="file refused")
    unused = ", ".join(item.get("unused", []))
    return html.Section(
        [
            html.Div(head, className="file-head"),
            html.P([_counts(item), html.Span(_money(item), className="muted")]),
            html.P(f"Taken for {known.key if known else 'nothing'}: {item['why']}.", className="muted")
            if item.get("why")
            else None,
            html.Details([html.Summary(_columns_words(item)), table(MAPPING, item["columns"], f"Columns of {name}")]),
            html.P(f"Columns not used: {unused}", className="muted") if unused else None,
        ],
        className="file",
    )


def _columns_words(item: dict[str, Any]) -> str:
    return f"{len(item['columns'])} columns understood"


def _counts(item: dict[str, Any]) -> str:
    read, taken, aside, blank = (
        formats.count(item.get(key) or 0) for key in ("rows_read", "accepted", "set_aside", "blank")
    )
    return f"{read} rows read = {taken} accepted + {aside} set aside + {blank} blank"


def _money(item: dict[str, Any]) -> str:
    parts = [
        f"{key.replace('_', ' ')} {formats.money_full(float(value))}"
        for key, value in (item.get("money") or {}).items()
        if value is not None
    ]
    first, last = item.get("first_day"), item.get("last_day")
    return "".join(f" · {part}" for part in [*parts, *([f"{first} to {last}"] if first and last else [])])


def _question(question: dict[str, Any]) -> Component:
    return html.Div(
        [
            html.P(question["sentence"]),
            html.Button("Day first (31/07/2026)", id=ids.dates("dmy"), className="button"),
            html.Button("Month first (07/31/2026)", id=ids.dates("mdy"), className="button"),
        ],
        className="notice left question",
    )


def _notes(notes: list[dict[str, Any]]) -> Component | None:
    if not notes:
        return None
    lines = [
        html.Li(
            [
                html.Span(note["weight"], className=f"verdict {WEIGHTS.get(note['weight'], 'plain')}"),
                html.Span(note["sentence"]),
            ]
        )
        for note in notes
    ]
    return html.Section([html.H2("Worth knowing"), html.Ul(lines, className="notes")], className="file")


def imported(answer: dict[str, Any]) -> Component:
    """What the import took, and the way to the figures."""
    if answer.get("error") or not answer.get("ok"):
        return refused(answer.get("error") or "Nothing was imported.")
    totals = {key: sum(item.get(key) or 0 for item in answer["files"]) for key in _COUNTED}
    return html.Div(
        [
            html.H2("Imported"),
            html.P([_counts(totals), html.Span(f" · data version {answer['version']}", className="muted")]),
            html.A("See the overview", href="/", className="button strong"),
            _notes(answer.get("notes", [])),
        ],
        className="notice left good",
        role="status",
    )


_COUNTED = ("rows_read", "accepted", "set_aside", "blank")
