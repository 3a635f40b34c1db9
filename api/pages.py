"""Decides how a filled page reads for programs: a page as JSON, a panel as CSV, and which paths are pages at all."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pandas as pd
from flask import Flask, Response, jsonify, request

from analytics import export
from analytics.views import PageView, Panel
from errors import BadFilter, NoData, UserError, suggest

OWN_KEYS = frozenset({"page", "panel"})
Answered = Response | tuple[Response, int]


def register(server: Flask, answers: Any) -> None:
    """GET /api/page.json?page=…&<query> and /api/table.csv?page=…&panel=…&<query>."""

    @server.get("/api/page.json")
    def page() -> Answered:
        return told(lambda: jsonify(export.page(_view(answers))))

    @server.get("/api/table.csv")
    def table() -> Answered:
        return told(lambda: _csv(_view(answers), request.args.get("panel", "")))


def told(answer: Callable[[], Response]) -> Answered:
    """The answer, or what the user is told: 404 when there are no data, 400 for a question that cannot be asked."""
    try:
        return answer()
    except UserError as error:
        return jsonify({"ok": False, "error": f"{error}"}), 404 if isinstance(error, NoData) else 400


def _view(answers: Any) -> PageView:
    key, known = request.args.get("page", ""), [item.key for item in answers.pages]
    if key not in known:
        raise BadFilter(f"No page “{key}”. {suggest(key, known)}")
    pairs = parse_qsl(request.query_string.decode("utf-8", "replace"))
    view: PageView = answers.page(key, urlencode([pair for pair in pairs if pair[0] not in OWN_KEYS]))
    return view


def _csv(view: PageView, key: str) -> Response:
    known = [panel.key for panel in view.panels]
    if key not in known:
        raise BadFilter(f"No panel “{key}” on the page “{view.key}”. {suggest(key, known)}")
    name = f"{view.key}-{key}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(as_csv(view.panel(key)), mimetype="text/csv", headers=headers)


def as_csv(panel: Panel) -> str:
    """The panel's table: labels, then raw numbers (shares 0–1) and ISO days; texts made inert for spreadsheets.

    Begins with a byte-order mark, so that Excel reads ₹ and Hindi as they are.
    """
    columns = [item for item in panel.columns if item.key in panel.frame]
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([export.inert(item.label) for item in columns])
    for record in panel.frame.to_dict("records"):
        writer.writerow([cell(record[item.key]) for item in columns])
    return f"\ufeff{text.getvalue()}"


def cell(value: Any) -> Any:
    """One cell: numbers stay numbers, days are ISO, what is missing is empty, texts are inert."""
    if pd.isna(value):
        return ""
    if hasattr(value, "isoformat"):
        return value.isoformat()[:10]
    return export.inert(value)
