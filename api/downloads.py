"""Decides how files leave the house: under which name, and which templates and set-aside rows can be taken."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection
from pathlib import PurePath
from typing import Protocol
from urllib.parse import quote

from flask import Flask, Response, abort, request

from data.values import guards
from errors import UserError, suggest

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LONGEST = 120
_JOINERS = "\u200c\u200d"
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)")
_TOKEN = re.compile(r"[0-9A-Za-z_-]{0,128}")
Quarantine = Callable[[str, str, int], tuple[str, str]]


class Templates(Protocol):
    """What data.templates offers: the tables, and a template of one as CSV or of several as a workbook."""

    TABLES: Collection[str]

    def as_csv(self, table: str) -> str: ...

    def as_xlsx(self, tables: Collection[str]) -> bytes: ...


def register(server: Flask, templates: Templates, taken: Quarantine) -> None:
    """GET /template/<table>.csv, /template/<table>.xlsx, /template/all.xlsx, /quarantine.csv?version=N&file=I.

    /quarantine.csv takes draft=TOKEN instead of the version. taken(version, draft, file): name and CSV of the
    rows that were set aside, as data.quality.withheld finds them; it raises UserError or KeyError where there are none.
    """

    @server.get("/template/<name>")
    def template(name: str) -> Response:
        table, _, ending = name.rpartition(".")
        if table in templates.TABLES and ending == "csv":
            return sent(guards.MARK + templates.as_csv(table), f"{table}.csv", CSV)
        if ending == "xlsx" and (table in templates.TABLES or table == "all"):
            asked = list(templates.TABLES) if table == "all" else [table]
            return sent(templates.as_xlsx(asked), f"{'truelift-tables' if table == 'all' else table}.xlsx", XLSX)
        known = [f"{table}.{ending}" for table in templates.TABLES for ending in ("csv", "xlsx")]
        abort(404, f"There is no template “{name}”. {suggest(name, ['all.xlsx', *known])}")

    @server.get("/quarantine.csv")
    def set_aside() -> Response:
        asked = [request.args.get(key, "") for key in ("version", "draft", "file")]
        version, draft, file = asked
        if not _right(version, draft, file):
            abort(404, "Say which rows: /quarantine.csv?version=3&file=1, or ?draft=…&file=1.")
        try:
            name, text = taken(version, draft, int(file))
        except (UserError, LookupError) as error:
            unknown = "There is no such import, or none of this file's rows was set aside."
            abort(404, f"{error}" if isinstance(error, UserError) else unknown)
        return sent(text if text.startswith(guards.MARK) else guards.MARK + text, name, CSV)


def _right(version: str, draft: str, file: str) -> bool:
    """Whether exactly one of version and draft is named, and the file by its number."""
    number = re.compile(r"[0-9]{1,9}")
    named = bool(number.fullmatch(version)) != bool(draft)
    return named and (not version or not draft) and bool(_TOKEN.fullmatch(draft)) and bool(number.fullmatch(file))


def sent(content: str | bytes, name: str, kind: str) -> Response:
    """A file as an answer: offered for saving under that name, never kept by the browser."""
    headers = {"Content-Disposition": attachment(name), "Cache-Control": "no-store"}
    return Response(content, mimetype=kind, headers=headers)


def attachment(name: str) -> str:
    """A Content-Disposition for that name (RFC 6266): Hindi and every other letter stay, as RFC 8187 writes them."""
    safe = file_name(name)
    plain = re.sub(r"[^0-9A-Za-z ._()-]+", "_", safe)
    written = f'attachment; filename="{plain}"'
    return written if plain == safe else f"{written}; filename*=UTF-8''{quote(safe, safe='')}"


def file_name(name: str) -> str:
    """A given name as a file may be called: no folder, no control or direction mark, no device, not too long."""
    last = re.split(r"[/\\]", name)[-1]
    shown = "".join(letter for letter in last if letter in _JOINERS or unicodedata.category(letter)[0] != "C")
    kept = re.sub(r'[<>:"|?*]+', "_", shown).strip(" .")
    kept = f"_{kept}" if _RESERVED.match(kept) else kept or "download"
    ending = PurePath(kept).suffix[:12]
    stem = kept.removesuffix(ending) if ending else kept
    return stem[: _LONGEST - len(ending)] + ending
