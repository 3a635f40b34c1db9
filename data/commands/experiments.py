"""Decides what `experiment` takes and says: what was declared of tests, one at a time, in lines or as JSON records."""

from __future__ import annotations

import argparse
import csv
import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from data.commands import Commands, Run
from data.experiments import kept
from data.experiments.record import UNITS, Experiment, from_record
from data.filters import Filters
from data.store import Store
from data.values.written import count
from errors import BadExperiment
from settings import Settings

_SHOWN = 5


def _known(settings: Settings) -> tuple[Experiment, ...]:
    """What is declared, and what is known of the sample where it is loaded."""
    store = Store(settings)
    return store.experiments() if store.version else kept.listed(settings.data_dir)


def _list(arguments: argparse.Namespace, settings: Settings) -> None:
    known = _known(settings)
    if arguments.json:
        print(json.dumps({"experiments": [one.as_record() for one in known]}, ensure_ascii=False))
        return
    for one in known:
        print(f"  {one.key:<20} {one.stamp} · {_days(one)}")
    if not known:
        print("No experiment has been declared yet: `experiment declare --help` says how.")


def _days(one: Experiment) -> str:
    return f"{one.start} to {one.end}" if one.start else "the rows' own period"


def _show(arguments: argparse.Namespace, settings: Settings) -> None:
    one = kept.named(_known(settings), arguments.key)
    if arguments.json:
        print(json.dumps(one.as_record(), ensure_ascii=False))
        return
    print(one.stamp)
    for name, value in one.as_record().items():
        if value not in (None, "", [], ()):
            print(f"  {name:<10} {_written(value)}")


def _written(value: Any) -> str:
    if isinstance(value, dict):
        return f"{count(len(value.get('dates') or ()))} posts, drawn with seed {value.get('seed')}"
    if isinstance(value, list | tuple):
        more = f" and {count(len(value) - _SHOWN)} more" if len(value) > _SHOWN else ""
        return ", ".join(map(str, value[:_SHOWN])) + more
    return str(value)


def _declare(arguments: argparse.Namespace, settings: Settings) -> None:
    """Keep the experiment; what it covers is written as the filters mean it."""
    one = from_record(_record(arguments, settings))
    kept.save(settings.data_dir, one)
    if arguments.json:
        print(json.dumps(one.as_record(), ensure_ascii=False))
        return
    print(f"Declared as “{one.key}”: {one.stamp}.")
    store = Store(settings)
    unseen = store.unseen(one) if store.version else ()
    if unseen:
        print(f"Of its units {count(len(unseen))} stand in no row yet and count as having sold nothing: "
              f"{_written(list(unseen))}.")  # fmt: skip


def _record(arguments: argparse.Namespace, settings: Settings) -> dict[str, Any]:
    filters = Filters.from_query(arguments.query)
    if filters.ignored:
        raise BadExperiment(f"“{filters.ignored[0]}” in the query is no filter. Copy it from a page's address.")
    key = arguments.key or re.sub(r"[^a-z0-9]+", "-", arguments.name.casefold()).strip("-")
    return {
        "key": key, "name": arguments.name, "unit": arguments.unit, "is_random": arguments.random,
        "query": filters.to_query(), "start": arguments.start, "end": arguments.end, "pre_start": arguments.pre_start,
        "treated": _units(arguments.treated), "control": _units(arguments.control), "sizes": _sizes(arguments.sizes),
        "calendar": _calendar(arguments.calendar), "looks": arguments.looks, "stated_by": arguments.by,
        "stated_on": datetime.now(ZoneInfo(settings.timezone)).date(),
    }  # fmt: skip


def _units(text: str) -> list[str]:
    """A,B,"C, D" or @FILE with one unit a line."""
    if text.startswith("@"):
        return [line.strip() for line in _read(text[1:]).splitlines() if line.strip()]
    return [unit.strip() for unit in next(csv.reader([text]), []) if unit.strip()]


def _sizes(text: str) -> list[int] | None:
    if not text:
        return None
    parts = text.split(",")
    if len(parts) != 2 or not all(part.strip().isascii() and part.strip().isdigit() for part in parts):
        raise BadExperiment(f"“{text}” are not two sizes. Write how many were drawn for test and control: 5000,5000.")
    return [int(part) for part in parts]


def _calendar(path: str) -> Any:
    if not path:
        return None
    try:
        return json.loads(_read(path))
    except (ValueError, RecursionError):
        raise BadExperiment(f"{path} is not the JSON of a drawn calendar.") from None


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise BadExperiment(f"{path} cannot be read as text. Check its name.") from None


def _remove(arguments: argparse.Namespace, settings: Settings) -> None:
    kept.remove(settings.data_dir, arguments.key)
    print(json.dumps({"removed": arguments.key}) if arguments.json else f"“{arguments.key}” is forgotten.")


_STEPS = {"list": _list, "show": _show, "declare": _declare, "remove": _remove}


def _run(arguments: argparse.Namespace, settings: Settings) -> None:
    _STEPS[arguments.step](arguments, settings)


def add(commands: Commands) -> dict[str, Run]:
    """Declare the command and its steps; returns what runs it."""
    steps = commands.add_parser("experiment", help="declare tests, list and forget them").add_subparsers(
        dest="step", required=True
    )
    for name, says in (
        ("list", "what is declared"), ("show", "one experiment"), ("declare", "declare a test, or change one"),
        ("remove", "forget an experiment"),
    ):  # fmt: skip
        step = steps.add_parser(name, help=says)
        step.add_argument("--into", "--data", dest="data", metavar="DIR", help="data folder")
        step.add_argument("--json", action="store_true", help="JSON instead of lines")
        if name == "declare":
            _flags(step)
        elif name != "list":
            step.add_argument("key", metavar="KEY", help="its key, as list says it")
    return {"experiment": _run}


def _flags(step: argparse.ArgumentParser) -> None:
    step.add_argument("--name", required=True, help="for people")
    step.add_argument("--key", default="", help="for addresses and commands (made of the name unless told)")
    step.add_argument("--unit", required=True, choices=tuple(UNITS), help="what was drawn into arms")
    step.add_argument("--random", action="store_true", default=None,
                      help="whether the arms were drawn at random; left out: nobody has said")  # fmt: skip
    step.add_argument("--not-random", dest="random", action="store_false", help="the arms were chosen")
    for flag, says in (
        ("start", "first day of the test; left out: the rows' period says it"), ("end", "its last day, as declared"),
        ("pre-start", "first day that counts as before"), ("treated", 'units of the test: A,B,"C, D" or @FILE'),
        ("control", "units of the control, likewise"), ("sizes", "customers drawn for test and control: N,M"),
        ("query", "what it covers, as in a page's address"), ("calendar", "file of a drawn go-live calendar (JSON)"),
        ("by", "who declares it"),
    ):  # fmt: skip
        step.add_argument(f"--{flag}", default="", help=says)
    step.add_argument("--looks", type=int, default=1, help="looks planned before its end; 0: every day")
