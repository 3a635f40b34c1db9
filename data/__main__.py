"""The command line of the data: `python -m data import | inspect | simulate | sample`. Wiring only."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from data import ingest, simulate, snapshots
from data.ingest import Plan, Report
from data.staging import Staged
from errors import UserError
from settings import Settings, load

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


def _sample(settings: Settings, force: bool) -> None:
    """Load the marked sample where there is no data yet."""
    if snapshots.current(settings.data_dir) and not force:
        print("There is data already: the sample was not loaded.")
        return
    with tempfile.TemporaryDirectory() as folder:
        paths = simulate.write(simulate.simulate(), folder)
        files = [(path, path.name) for path in paths if path.suffix == ".csv"]
        report = ingest.run(Plan(files, replace=True, sample=True), settings)
        settings.data_dir.joinpath("sample-truth.json").write_bytes(Path(folder, "truth.json").read_bytes())
    print(f"The sample is loaded: {sum(item.raw.read for item in report.staged):,} rows, version {report.version}.")


def _parser() -> argparse.ArgumentParser:
    purpose = "Bring files in, or make a world with known truth."
    parser = argparse.ArgumentParser(prog="python -m data", description=purpose)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, says in (("import", "import files as a new version"), ("inspect", "show what an import would do")):
        command = commands.add_parser(name, help=says)
        command.add_argument("files", nargs="+", metavar="FILE", help="CSV, XLSX, JSON, or a folder of them")
        command.add_argument("--into", "--data", dest="data", metavar="DIR", help="data folder")
        command.add_argument("--replace", action="store_true", help="start from nothing instead of adding")
        command.add_argument("--dates", choices=("dmy", "mdy"), default="", help="order of days that fit both")
        command.add_argument("--json", action="store_true", help="one JSON object instead of lines")
    sample = commands.add_parser("sample", help="load the marked sample data where there is no data yet")
    sample.add_argument("--into", "--data", dest="data", metavar="DIR")
    sample.add_argument("--force", action="store_true", help="also over data that is there")
    world = commands.add_parser("simulate", help="write four CSV files of a world whose true iROAS is known")
    world.add_argument("--rows", type=int, help="tracking rows (about 14,000 unless told)")
    world.add_argument("--seed", type=int, default=7)
    world.add_argument("--out", required=True, metavar="DIR")
    return parser


def main(argv: list[str] | None = None) -> int:
    """Run one command; 0 when done, 2 with a sentence when it cannot be."""
    arguments = _parser().parse_args(argv)
    try:
        if arguments.command == "simulate":
            paths = simulate.write(simulate.simulate(arguments.seed, arguments.rows), Path(arguments.out))
            print("\n".join(str(path) for path in paths))
            return 0
        settings = load(arguments.data)
        if arguments.command == "sample":
            _sample(settings, arguments.force)
        else:
            _take_in(arguments, settings, keep=arguments.command == "import")
    except UserError as error:
        if getattr(arguments, "json", False):
            nothing = {"version": 0, "files": [], "notes": [], "question": None}
            print(json.dumps({"ok": False, "error": str(error), **nothing}))
        else:
            print(str(error), file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
