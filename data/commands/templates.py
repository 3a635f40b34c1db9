"""Decides how `template` is asked for: one table or all, as CSV or as a workbook, in a file or on the screen."""

from __future__ import annotations

import argparse
from pathlib import Path

from data import schema, templates
from data.commands import Commands, Run
from data.values import guards
from errors import BadUpload
from settings import Settings


def _template(arguments: argparse.Namespace, settings: Settings) -> None:
    tables = list(schema.TABLES) if arguments.table == "all" else [arguments.table]
    if arguments.format == "xlsx":
        if not arguments.out:
            raise BadUpload("A workbook is no text for the screen. Name a file: --out template.xlsx.")
        _save(Path(arguments.out), templates.as_xlsx(tables))
    elif not arguments.out:
        print("".join(templates.as_csv(table) for table in tables), end="")
    else:
        # Four tables are four CSV files: they go into a folder.
        whole = Path(arguments.out)
        for table in tables:
            text = guards.MARK + templates.as_csv(table)
            _save(whole if len(tables) == 1 else whole / f"{table}.csv", text.encode("utf-8"))


def _save(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise BadUpload(f"{path} cannot be written ({error.strerror}). Name another place with --out.") from None
    print(path)


def add(commands: Commands) -> dict[str, Run]:
    """Declare the command; returns what runs it."""
    command = commands.add_parser("template", help="write an empty file to fill, from the live schema")
    command.add_argument("table", choices=(*schema.TABLES, "all"))
    command.add_argument("--format", choices=("csv", "xlsx"), default="csv")
    command.add_argument("--out", metavar="FILE", default="", help="a file; a folder for all tables as CSV")
    return {"template": _template}
