"""Decides what `import` and `inspect` take: files or a draft, how they meet what is loaded, what was said of them."""

from __future__ import annotations

import argparse
import json
from functools import partial
from pathlib import Path

from data import ingest
from data.commands import Commands, Run, told
from data.incoming.plan import Plan
from data.incoming.rejoin import MODES
from data.matching import choices
from data.matching.choices import Choices
from errors import BadUpload, UserError
from settings import Settings

_ENDINGS = {".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson", ".xlsx", ".xlsm", ".xls", ".ods"}


def _files(paths: list[str]) -> list[tuple[Path, str]]:
    """The files to read; a folder stands for the tables in it. Raises BadUpload for a folder without any."""
    found: list[tuple[Path, str]] = []
    for text in paths:
        path = Path(text)
        if path.is_dir():
            inside = [(item, item.name) for item in sorted(path.iterdir()) if item.suffix.casefold() in _ENDINGS]
            if not inside:
                raise BadUpload(f"The folder {path.name} holds no table. Name a folder with CSV, XLSX or JSON files.")
            found += inside
        else:
            found.append((path, path.name))
    return found


def _choices(path: str) -> Choices:
    """What the user said of the files, from a JSON file. Raises BadUpload."""
    if not path:
        return Choices()
    try:
        return choices.from_json(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadUpload(f"The choices in {path} cannot be read ({error}). Give a JSON file.") from None


def _take_in(arguments: argparse.Namespace, settings: Settings, keep: bool) -> None:
    if keep and arguments.from_draft:
        record = ingest.publish(settings, arguments.from_draft)
    else:
        record = _read(arguments, settings, keep)
    if arguments.json:
        print(json.dumps(record, ensure_ascii=False))
    else:
        told.say(record, keep)


def _read(arguments: argparse.Namespace, settings: Settings, keep: bool) -> dict[str, object]:
    if not arguments.files:
        raise UserError("No file was named. Name files to read, or a draft with --from-draft.")
    said = _choices(arguments.choices)
    mode = "replace" if arguments.replace else arguments.mode
    plan = Plan(_files(arguments.files), dates=arguments.dates, keep=keep, mode=mode, choices=said)
    tell = told.progress(arguments.json) if arguments.progress else None
    if not keep and arguments.draft:
        return told.as_record(ingest.prepare(plan, settings, told.as_record, tell=tell))
    return told.as_record(ingest.run(plan, settings, tell=tell))


def add(commands: Commands) -> dict[str, Run]:
    """Declare the commands; returns what runs each."""
    for name, says in (("import", "import files as a new version"), ("inspect", "show what an import would do")):
        command = commands.add_parser(name, help=says)
        command.add_argument("files", nargs="*", metavar="FILE", help="CSV, XLSX, JSON, or a folder of them")
        command.add_argument("--into", "--data", dest="data", metavar="DIR", help="data folder")
        command.add_argument(
            "--mode", choices=MODES, default="update", help="update rows by key, append, or replace all"
        )
        command.add_argument("--replace", action="store_true", help="as --mode replace: start from nothing")
        command.add_argument("--dates", choices=("dmy", "mdy"), default="", help="order of days that fit both")
        command.add_argument("--choices", default="", metavar="FILE.json", help="what is chosen for files and columns")
        command.add_argument("--progress", action="store_true", help="tell on stderr how far it is")
        command.add_argument("--json", action="store_true", help="one JSON object instead of lines")
        if name == "import":
            command.add_argument("--from-draft", default="", metavar="TOKEN", help="publish what inspect --draft built")
        else:
            command.add_argument("--draft", action="store_true", help="keep what was built, to import it unread")
    return {"import": partial(_take_in, keep=True), "inspect": partial(_take_in, keep=False)}
