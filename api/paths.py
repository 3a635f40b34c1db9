"""Decides which addresses exist: pages, health, finished reports; anything else is answered with 404."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, request, send_file

CATCH_ALL = "/<path:path>"
_REPORT = re.compile(r"[0-9A-Za-z_-]{1,64}")


def register(server: Flask, pages: Collection[str], ledger: Any, reports_dir: Path) -> None:
    """pages: the paths that show a page. The page for anything else is the same shell, with status 404."""
    known = {*pages, *(f"{path}/" for path in pages if path != "/")}

    @server.get("/reports/file/<report>.pdf")
    def report_file(report: str) -> Response:
        path = finished(ledger, report, reports_dir) if _REPORT.fullmatch(report) else None
        if path is None:
            abort(404, "There is no such report. See /reports for those that were made.")
        return send_file(path, mimetype="application/pdf", download_name=f"truelift-{report}.pdf")

    @server.after_request
    def lost(response: Response) -> Response:
        rule = request.url_rule
        if rule and rule.rule == CATCH_ALL and response.status_code == 200 and request.path not in known:
            response.status_code = 404
        return response


def finished(ledger: Any, report: str, folder: Path) -> Path | None:
    """The file of a finished report; None when there is none, or when it lies outside the folder of reports."""
    try:
        job = ledger.report(report)
    except KeyError:
        return None
    if job is None or job.state != "sent" or not job.file:
        return None
    path, home = (folder / job.file).resolve(), folder.resolve()
    return path if path.is_file() and home in path.parents else None
