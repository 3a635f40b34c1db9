"""Decides what `read` prints: how each file is seen before anything is made of it, one JSON object a line."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any

from data import sources
from data.commands import Commands, Run
from data.matching.recognise import recognise
from data.sources import How, RawTable
from data.sources.limits import Limits
from errors import UserError
from settings import Settings

_LOOK = 2_000


def seen(path: Path, how: How, limits: Limits, records: bool) -> Iterator[dict[str, Any]]:
    """One record a table of the file; a file that cannot be read is one record with `refused`, a sentence."""
    try:
        tables = sources.read(path, path.name, how, limits)
    except UserError as error:
        yield _record(RawTable(path.name, "", [], iter(()), header_row=0), "", str(error))
        return
    for table in tables:
        yield _drained(table, records)


def _drained(table: RawTable, records: bool) -> dict[str, Any]:
    """The table read to its end. Without `records` its cells are not kept."""
    kept: list[list[str]] = []
    found, refused = "", ""
    try:
        first = list(islice(table.rows, _LOOK))
        found = recognise(table.label, table.header, [cells for _, cells in first]).table
        for _, cells in chain(first, table.rows):
            if records:
                kept.append(cells)
    except UserError as error:
        refused = str(error)
    return _record(table, found, refused) | ({"records": kept} if records else {})


def _record(table: RawTable, found: str, refused: str) -> dict[str, Any]:
    aside = [{"row": one.row, "rule": one.rule, "reason": one.reason} for one in table.set_aside]
    return {
        "file": table.file, "sheet": table.sheet, "table": found, "encoding": table.encoding,
        "delimiter": table.delimiter, "header_row": table.header_row, "header": table.header, "rows_read": table.read,
        "accepted": table.kept, "set_aside": aside, "blank": table.blank, "refused": refused,
        "remarks": table.remarks,
    }  # fmt: skip


def _read(arguments: argparse.Namespace, settings: Settings) -> None:
    how = How(arguments.encoding, arguments.delimiter, arguments.header_row)
    limits = Limits.from_environ(dict(getattr(settings, "limits", ())))
    for text in arguments.files:
        for record in seen(Path(text), how, limits, arguments.records):
            print(json.dumps(record, ensure_ascii=True), flush=True)


def add(commands: Commands) -> dict[str, Run]:
    """Declare the command; returns what runs it."""
    command = commands.add_parser("read", help="show how files are read: one JSON object a line for each table")
    command.add_argument("files", nargs="+", metavar="FILE", help="CSV, XLSX, ODS, XLS or JSON")
    command.add_argument("--records", action="store_true", help="with the accepted rows as text cells")
    command.add_argument("--encoding", default="", metavar="E", help="such as utf-8, cp1252, cp932; found by itself")
    command.add_argument("--delimiter", default="", metavar="D", help="the character or its name; found by itself")
    command.add_argument("--header-row", type=int, default=0, metavar="N", help="the row of the header, from 1")
    return {"read": _read}
