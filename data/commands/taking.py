"""Decides what `import` and `inspect` take and say: lines for people, or one JSON object for programs."""

from __future__ import annotations

import argparse
import json
from functools import partial
from pathlib import Path
from typing import Any

from data import ingest
from data.commands import Commands, Run
from data.ingest import Plan, Report
from data.staging import Staged
from settings import Settings

_ENDINGS = {".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson", ".xlsx", ".xlsm", ".xls", ".ods"}


def _files(paths: list[str]) -> list[tuple[Path, str]]:
    """The files to read; a folder stands for the tables in it."""
    found: list[tuple[Path, str]] = []
    for text in paths:
        path = Path(text)
        if path.is_dir():
            found += [(item, item.name) for item in sorted(path.iterdir()) if item.suffix.casefold() in _ENDINGS]
        else:
            found.append((path, path.name))
    return found


def _file(item: Staged) -> dict[str, Any]:
    raw = item.raw
    columns = [
        {"header": column.header, "field": column.field, "sample": column.sample, "confidence": column.confidence}
        for column in item.recognised.columns
    ]
    return {
        "file": raw.file, "sheet": raw.sheet.strip(), "table": "" if item.refused else item.table,
        "why": item.recognised.why, "encoding": raw.encoding, "delimiter": raw.delimiter, "header_row": raw.header_row,
        "rows_read": raw.read, "accepted": item.accepted, "set_aside": len(item.set_aside), "blank": raw.blank,
        "refused": item.refused, "columns": columns, "unused": list(item.recognised.unused), "money": item.money,
        "first_day": item.first_day and item.first_day.isoformat(),
        "last_day": item.last_day and item.last_day.isoformat(),
        "reasons": [{"row": one.row, "rule": one.rule, "reason": one.reason} for one in item.set_aside[:50]],
    }  # fmt: skip


def as_record(report: Report) -> dict[str, Any]:
    """A report as one JSON object, for the Import page and for programs."""
    asked = report.question
    return {
        "ok": True,
        "error": "",
        "version": report.version,
        "unchanged": report.unchanged,
        "files": [_file(item) for item in report.staged],
        "notes": [vars(note) for note in report.notes],
        "question": asked and vars(asked),
    }


def _say(report: Report, kept: bool) -> None:
    if report.unchanged:
        print(f"Nothing changed: version {report.version} holds these files already.")
        return
    for item in report.staged:
        if item.refused:
            print(f"  left out     {item.refused}")
            continue
        money = "".join(f", {key} {amount:,.2f}" for key, amount in item.money.items())
        taken = f"{item.raw.read:,} rows read, {item.accepted:,} accepted"
        left = f"{len(item.set_aside):,} set aside, {item.raw.blank:,} blank"
        print(f"  {item.table:<12} {item.raw.label}: {taken}, {left}{money}")
        for one in item.set_aside[:5]:
            print(f"               {one.reason}")
    for note in report.notes:
        if note.rule != "file.left_out":
            print(f"  {note.weight:<12} {note.sentence}")
    if report.question:
        print(f"  asked        {report.question.sentence}")
    print(f"Version {report.version} is current." if kept else "Nothing was changed: this was only a look.")


def _take_in(arguments: argparse.Namespace, settings: Settings, keep: bool) -> None:
    plan = Plan(_files(arguments.files), arguments.replace, arguments.dates, keep=keep)
    report = ingest.run(plan, settings)
    if arguments.json:
        print(json.dumps(as_record(report), ensure_ascii=False))
    else:
        _say(report, keep)


def add(commands: Commands) -> dict[str, Run]:
    """Declare the commands; returns what runs each."""
    for name, says in (("import", "import files as a new version"), ("inspect", "show what an import would do")):
        command = commands.add_parser(name, help=says)
        command.add_argument("files", nargs="+", metavar="FILE", help="CSV, XLSX, JSON, or a folder of them")
        command.add_argument("--into", "--data", dest="data", metavar="DIR", help="data folder")
        command.add_argument("--replace", action="store_true", help="start from nothing instead of adding")
        command.add_argument("--dates", choices=("dmy", "mdy"), default="", help="order of days that fit both")
        command.add_argument("--json", action="store_true", help="one JSON object instead of lines")
    return {"import": partial(_take_in, keep=True), "inspect": partial(_take_in, keep=False)}
