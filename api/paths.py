"""Decides which addresses exist: pages, health, finished reports; anything else is answered with 404."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, request, send_file

from api.downloads import XLSX, attachment

CATCH_ALL = "/<path:path>"
KINDS = {"pdf": "application/pdf", "html": "text/html; charset=utf-8", "xlsx": XLSX, "json": "application/json"}
SHOWN = ("pdf", "html")
"""What the browser shows by itself; the rest is saved."""
SANDBOX = (
    "sandbox allow-scripts allow-popups allow-popups-to-escape-sandbox allow-modals; default-src 'none'; "
    "script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
"""A report as a web page runs its own scripts in an origin of its own: it can neither ask us nor act for the reader.
Which scripts those are says the page's own policy, by their hashes."""
_REPORT = re.compile(r"[0-9A-Za-z_-]{1,64}")


def register(server: Flask, pages: Collection[str], ledger: Any, reports_dir: Path, desk: Any) -> None:
    """pages: the paths that show a page. The page for anything else is the same shell, with status 404.

    desk: knows the files of editions and runs, and under which name a file is offered (reports.desk.Desk).
    """
    known = {*pages, *(f"{path}/" for path in pages if path != "/")}

    @server.get("/reports/file/<report>.<form>")
    def report_file(report: str, form: str) -> Response:
        path = _found(ledger, desk, report, form, reports_dir) if _REPORT.fullmatch(report) else None
        if path is None:
            abort(404, "There is no such report. See /reports for those that were made.")
        return _sent(path, form, desk.shown(path.relative_to(reports_dir.resolve()).as_posix(), form))

    @server.after_request
    def lost(response: Response) -> Response:
        rule = request.url_rule
        if rule and rule.rule == CATCH_ALL and response.status_code == 200 and request.path not in known:
            response.status_code = 404
        return response


def _sent(path: Path, form: str, name: str) -> Response:
    response = send_file(path, mimetype=KINDS[form])
    how = attachment(name)
    response.headers["Content-Disposition"] = how.replace("attachment", "inline", 1) if form in SHOWN else how
    response.headers["Cache-Control"] = "private, no-cache"
    if form == "html":
        response.headers["Content-Security-Policy"] = SANDBOX
        # A page in a sandbox must not ask for an opener policy: browsers refuse to show one that does.
        response.headers["Cross-Origin-Opener-Policy"] = "unsafe-none"
    return response


def _found(ledger: Any, desk: Any, report: str, form: str, folder: Path) -> Path | None:
    """The file of a report in that form: of a click, of an edition, of a run."""
    if form not in KINDS:
        return None
    path = finished(ledger, report, folder) or _within(folder, desk.file(report, form))
    return path if path and path.suffix == f".{form}" else None


def finished(ledger: Any, report: str, folder: Path) -> Path | None:
    """The file of a finished report; None when there is none, or when it lies outside the folder of reports."""
    try:
        job = ledger.report(report)
    except KeyError:
        return None
    return _within(folder, job.file) if job is not None and job.state == "sent" else None


def _within(folder: Path, file: str) -> Path | None:
    """A file of that folder; None for none, or for one that lies elsewhere."""
    path, home = (folder / file).resolve(), folder.resolve()
    return path if file and path.is_file() and home in path.parents else None
