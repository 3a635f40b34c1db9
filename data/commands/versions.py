"""Decides what `versions`, `undo`, `redo` and `go` take and say: lines for people, or one JSON object for programs."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from functools import partial

from data.commands import Commands, Run
from data.values.written import count
from data.versions import history
from data.versions.history import History, Version
from settings import Settings


def _line(one: Version, current: int) -> str:
    mark = "*" if one.version == current else " "
    rows = ", ".join(f"{count(rows)} {table}" for table, rows in one.rows.items() if rows)
    files = ", ".join(one.files[:4]) + (f" and {len(one.files) - 4} more" if len(one.files) > 4 else "")
    made = " ".join(
        part for part in ("sample" if one.sample else one.mode, f"on {one.parent}" if one.parent else "") if part
    )
    return "  ".join(part for part in (f"{mark} {one.version:>4}", one.at, made, files, rows) if part)


def _show(arguments: argparse.Namespace, now: History) -> None:
    if arguments.json:
        print(json.dumps(history.as_record(now), ensure_ascii=False))
        return
    for one in reversed(now.versions):
        print(_line(one, now.current))
    if not now.versions:
        print("No data has been imported yet.")


def _versions(arguments: argparse.Namespace, settings: Settings) -> None:
    _show(arguments, history.versions(settings.data_dir))


def _turn(arguments: argparse.Namespace, settings: Settings, step: Callable[[Settings], History]) -> None:
    now = step(settings)
    if arguments.json:
        _show(arguments, now)
    else:
        print(f"Version {now.current} is current.")


def _go(arguments: argparse.Namespace, settings: Settings) -> None:
    _turn(arguments, settings, lambda kept: history.go(kept, arguments.version))


def add(commands: Commands) -> dict[str, Run]:
    """Declare the commands; returns what runs each."""
    runs: dict[str, Run] = {
        "versions": _versions, "undo": partial(_turn, step=history.undo), "redo": partial(_turn, step=history.redo),
        "go": _go,
    }  # fmt: skip
    says = ("list the versions of the data", "take the last import back", "take the last undo back",
            "make a version the current one")  # fmt: skip
    for name, one in zip(runs, says, strict=True):
        command = commands.add_parser(name, help=one)
        if name == "go":
            command.add_argument("version", type=int, metavar="N", help="number of the version, as versions lists it")
        command.add_argument("--into", "--data", dest="data", metavar="DIR", help="data folder")
        command.add_argument("--json", action="store_true", help="one JSON object instead of lines")
    return runs
