"""Decides how a filled page reads for programs: a page as JSON, a panel as CSV or workbook, and what is a page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import Flask, Response, jsonify, request

from analytics import export
from analytics.views import PageView
from api.downloads import CSV, XLSX, sent
from errors import BadFilter, NoData, UserError, suggest

OWN_KEYS = frozenset({"page", "panel", "raw"})
Answered = Response | tuple[Response, int]


def register(server: Flask, answers: Any) -> None:
    """GET /api/page.json?page=…&<query>, and /api/table.csv and /api/table.xlsx?page=…&panel=…&<query>.

    /api/table.csv takes raw=1 too: the same rows for machines, without guards, under a name of its own.
    """

    @server.get("/api/page.json")
    def page() -> Answered:
        return told(lambda: jsonify(export.page(_view(answers))))

    @server.get("/api/table.csv")
    def table() -> Answered:
        return told(lambda: _csv(_view(answers), request.args.get("panel", ""), request.args.get("raw", "") == "1"))

    @server.get("/api/table.xlsx")
    def workbook() -> Answered:
        return told(lambda: _xlsx(_view(answers), request.args.get("panel", "")))


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


def _csv(view: PageView, key: str, raw: bool) -> Response:
    name = f"{_stem(view, key)}{'-raw' if raw else ''}.csv"
    return sent(export.panel_csv(view.panel(key), raw), name, CSV)


def _xlsx(view: PageView, key: str) -> Response:
    name = f"{_stem(view, key)}.xlsx"
    return sent(export.panel_xlsx(view, key), name, XLSX)


def _stem(view: PageView, key: str) -> str:
    """The file's name without its ending. Raises BadFilter when the page has no such panel."""
    known = [panel.key for panel in view.panels]
    if key not in known:
        raise BadFilter(f"No panel “{key}” on the page “{view.key}”. {suggest(key, known)}")
    return f"{view.key}-{key}"
