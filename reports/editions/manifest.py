"""Decides what is said of a report so that it can be checked: its numbers, its tables by their digests, its data.

The tables are attached as CSV for spreadsheets, every risky text made inert: whoever opens an attachment opens it in a
spreadsheet, and what was made inert can be taken back to the letter (data.values.guards), so nothing is lost.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import time
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from analytics import export, formats
from analytics.views import PageView, Panel, Tile
from reports.content.glossary import methods_used, metrics_used
from reports.content.report import Mark, Report
from reports.papers.pdf import Attachment
from settings import ROOT

NAME = "manifest.json"
CARRIER = "carried"
"""Where JSON and web page hold what a PDF attaches: the key of the one, the id of a script in the other."""
IS = "manifest of a TrueLift report"
LAYOUT = 1
FRONT, DATA = "front", "data"
"""Pages of tables that are on no page of the screen: page 1, and the page about the data."""
ZONE = "Asia/Kolkata"
SHOWN = 6
_MOST_NAME = 60


@dataclass(frozen=True)
class Table:
    """The numbers behind one panel. file: its name among the attachments; content: CSV for spreadsheets, UTF-8."""

    page: str
    panel: Panel
    file: str
    content: bytes

    def record(self) -> dict[str, Any]:
        """What the manifest says of it."""
        columns = [{"key": one.key, "label": one.label, "unit": one.unit} for one in self.panel.columns]
        said = {"file": self.file, "page": self.page, "panel": self.panel.key, "title": self.panel.title}
        return said | {"columns": columns, "rows": len(self.panel.frame), "sha256": digest(self.content)}


@dataclass(frozen=True)
class Manifest:
    """What a report says, without its looks. id: digest of `content`, equal for equal content; made: the moment."""

    id: str
    mark: Mark
    content: dict[str, Any]
    made: dict[str, Any]
    tables: tuple[Table, ...]

    def record(self) -> dict[str, Any]:
        """All of it as plain JSON, in an order that stays."""
        head = {"is": IS, "layout": LAYOUT, "id": self.id, "mark": self.mark.id}
        return {**head, "made": self.made, "content": self.content}

    def after(self, mark: str) -> Manifest:
        """The same, of a report that shows what changed since the edition of that mark."""
        return replace(self, made={**self.made, "since": mark})

    def attachments(self) -> list[Attachment]:
        """What a PDF carries: the manifest, then a file a table."""
        text = json.dumps(self.record(), ensure_ascii=False, indent=1) + "\n"
        told = Attachment(
            NAME, text.encode("utf-8", "replace"), "What this report says, and the sha256 of every table beside it"
        )
        return [told, *(Attachment(one.file, one.content, _says(one)) for one in self.tables)]

    def carried(self) -> dict[str, Any]:
        """The same for a web page or JSON, under the name CARRIER."""
        return {"manifest": self.record(), "tables": {one.file: one.content.decode("utf-8") for one in self.tables}}

    def into(self, content: bytes, form: str) -> bytes:
        """A finished file of that form with what it carries: JSON under CARRIER, a web page in a script of that id.

        A PDF attaches it instead, and a workbook is left as it is: it can be checked where the edition is kept.
        """
        told = json.dumps(self.carried() | {"body": body(content, form)}, ensure_ascii=False).encode("utf-8", "replace")
        if form == "json":
            head, end, _ = content.rpartition(b"}")
            return head.rstrip() + f',\n "{CARRIER}": '.encode() + told + b"\n" + end + b"\n" if end else content
        if form == "html":
            script = f'<script type="application/json" id="{CARRIER}">'.encode()
            # Nothing in the text can end the script: a “<” is written as JSON may write it.
            script += told.replace(b"<", b"\\u003c") + b"</script>\n"
            head, end, tail = content.rpartition(b"</body>")
            return head + script + end + tail if end else content + script
        return content


def of(
    report: Report, answers: object | None = None, clock: Callable[[], float] = time.time, zone: str = ""
) -> Manifest:
    """The manifest of a report. answers: what it was asked of, for the digest of its data and the zone of its days.

    The order's epoch stands for the moment of making where it is given; then equal input gives an equal manifest.
    """
    fingerprint: Mapping[str, str] = getattr(answers, "fingerprint", dict)()
    tables = tables_of(report.views, report.front.charts)
    content = _content(report, fingerprint, tables)
    number = digest(canonical(content))
    order = report.order
    moment = order.epoch if order.epoch is not None else clock()
    instant = datetime.fromtimestamp(moment, ZoneInfo(zone or getattr(answers, "timezone", ZONE)))
    made = {"at": instant.isoformat(), "form": order.form, "paper": order.paper, "variant": order.variant}
    made |= {"brand": report.brand.name, "since": ""}
    fixed = digest(canonical([number, made]))[:16]
    made["edition"] = secrets.token_hex(8) if order.epoch is None else fixed
    return Manifest(number, Mark(mark(made["at"], number), made["at"]), content, made, tables)


def mark(made: str, number: str) -> str:
    """“2026-08-01 · a41f9c”: the day of making and how the digest of the content begins."""
    return f"{made[:10]} · {number[:SHOWN]}"


def digest(content: bytes) -> str:
    """SHA-256 in hex digits."""
    return hashlib.sha256(content).hexdigest()


def body(content: bytes, form: str) -> str:
    """The digest of what a web page or JSON shows, without what it carries. Raises ValueError for what is neither."""
    if form == "json":
        return digest(canonical({key: value for key, value in json.loads(content).items() if key != CARRIER}))
    head, script, tail = content.rpartition(f'<script type="application/json" id="{CARRIER}">'.encode())
    return digest(head + tail.partition(b"</script>\n")[2] if script else content)


def canonical(value: Any) -> bytes:
    """JSON with one spelling only: what is digested."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8", "replace")


@cache
def software() -> str:
    """The version of TrueLift that makes the reports."""
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"])


def tables_of(views: Sequence[PageView], front: Sequence[Panel] = ()) -> tuple[Table, ...]:
    """Every panel that has numbers, page by page; what only page 1 shows; what was read, file by file."""
    panels = [(view.key, panel) for view in views for panel in view.panels]
    panels += [(FRONT, panel) for panel in front if panel.key not in {known.key for known in views[0].panels}]
    quality = views[0].quality
    panels += [(DATA, panel) for panel in (quality.files, quality.money) if panel] if quality else []
    found: list[Table] = []
    for page, panel in panels:
        if panel.columns and not panel.frame.empty:
            name = _named(page, panel.key, {one.file for one in found})
            found.append(Table(page, panel, name, export.panel_csv(panel).encode("utf-8", "replace")))
    return tuple(found)


def _named(page: str, panel: str, taken: set[str]) -> str:
    """A flat name: what takes attachments out of a PDF stumbles over a “/”."""
    plain = [re.sub("[^a-z0-9_]+", "-", part.lower()).strip("-")[:_MOST_NAME] for part in (page, panel)]
    stem = f"table-{'-'.join(plain)}"
    name, number = f"{stem}.csv", 2
    while name in taken:
        name, number = f"{stem}-{number}.csv", number + 1
    return name


def _says(table: Table) -> str:
    rows = len(table.panel.frame)
    return f"{table.panel.title}: {formats.count(rows)} {'row' if rows == 1 else 'rows'}, as CSV"


def _content(report: Report, fingerprint: Mapping[str, str], tables: Iterable[Table]) -> dict[str, Any]:
    first = report.views[0]
    return {
        "software": software(),
        "headline": report.front.headline,
        "filters": {"query": first.query, "words": first.filters},
        "assumptions": first.assumptions,
        "audience": report.audience.key,
        "pages": [{"key": view.key, "title": view.title, "headline": view.headline} for view in report.views],
        "data": _data(first, fingerprint),
        "tiles": tiles_of(report.views, report.front.tiles),
        "findings": findings_of(report.views),
        "tables": [table.record() for table in tables],
        "metrics": [
            {"key": one.key, "label": one.label, "formula": one.formula, "says": one.says}
            for one in metrics_used(report.views)
        ],
        "methods": [{"question": question, "lines": list(lines)} for question, lines in methods_used(report.views)],
    }


def _data(view: PageView, fingerprint: Mapping[str, str]) -> dict[str, Any]:
    known = view.provenance
    return {
        "version": known.version, "rows_read": known.rows_read, "rows_set_aside": known.rows_set_aside,
        "rows_blank": known.rows_blank, "sample": known.is_sample, "first_day": export.plain(known.first_day),
        "last_day": export.plain(known.last_day), **fingerprint,
    }  # fmt: skip


def tiles_of(views: Sequence[PageView], front: Sequence[Tile] = ()) -> list[dict[str, Any]]:
    """Every tile as a record, page by page; page 1's own where no page has it."""
    tiles = [(view.key, tile) for view in views for tile in (*view.tiles, *view.more)]
    known = {tile.key for _, tile in tiles}
    tiles += [(FRONT, tile) for tile in front if tile.key not in known]
    return [
        {"page": page, "key": tile.key, "label": tile.label, "unit": tile.unit, "value": export.plain(tile.value),
         "written": tile.written, "note": tile.note,
         "lower": export.plain(tile.lower), "upper": export.plain(tile.upper)}
        for page, tile in tiles
    ]  # fmt: skip


def findings_of(views: Sequence[PageView]) -> list[dict[str, Any]]:
    """Every finding as a record, each key once."""
    found = {
        one.key: one for view in reversed(views) for panel in reversed(view.panels) for one in panel.findings[::-1]
    }
    return [
        {"key": one.key, "page": one.page, "sentence": one.sentence, "verdict": one.verdict}
        for one in reversed(found.values())
    ]
