"""Decides what `quarantine` says and writes: the refused rows of each file, as CSV to mend and drop back in."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from data.commands import Commands, Run
from data.engines.duckdb import Reader
from data.quality import checks, quarantine
from data.quality.quarantine import Held
from data.values.written import count
from data.versions import snapshots
from errors import NoData
from settings import Settings


def _run(arguments: argparse.Namespace, settings: Settings) -> None:
    now = snapshots.current(settings.data_dir)
    if now is None:
        raise NoData("No data has been imported yet. Import your files, or load the sample.")
    reader = Reader(now.path)
    held = [one for one in quarantine.held(reader) if arguments.file in (0, one.file_no)]
    if arguments.file and not held:
        raise NoData(
            f"No row of file {arguments.file} is set aside. `quarantine` alone lists the files that have some."
        )
    if arguments.out:
        _write(reader, held, Path(arguments.out))
    elif arguments.json:
        print(json.dumps({"files": [{**vars(one), "file": one.file} for one in held]}, ensure_ascii=False))
    else:
        _say(held)
    reader.close()


def _say(held: list[Held]) -> None:
    if not held:
        print("No row is set aside.")
    for one in held:
        print(f"  file {one.file_no:<4} {one.label}: {count(one.rows)} rows of {one.table} set aside")
        for rule, rows in one.rules.items():
            print(f"            {rule}: {checks.BY_ID[rule].sentence(rows)}")
    if held:
        print("Write them with --out FOLDER, mend the cells, and import the mended files.")


def _write(reader: Reader, held: list[Held], out: Path) -> None:
    """One file to the name that was given, several into a folder of that name."""
    alone = len(held) == 1 and not out.is_dir() and out.suffix.casefold() == ".csv"
    if not alone:
        out.mkdir(parents=True, exist_ok=True)
    for one in held:
        path = out if alone else out / one.file
        with path.open("w", encoding="utf-8", newline="") as file:
            file.writelines(quarantine.as_csv(reader, one.file_no))
        print(f"{path}: {count(one.rows)} rows")


def add(commands: Commands) -> dict[str, Run]:
    """Declare the command; returns what runs it."""
    command = commands.add_parser("quarantine", help="list or write the rows that were set aside")
    command.add_argument("--data", "--into", dest="data", metavar="DIR", help="data folder")
    command.add_argument("--file", type=int, default=0, metavar="N", help="only those of file N")
    command.add_argument("--out", metavar="FILE|DIR", help="write them as CSV, one a file")
    command.add_argument("--json", action="store_true", help="one JSON object instead of lines")
    return {"quarantine": _run}
