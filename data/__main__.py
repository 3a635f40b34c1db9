"""The command line of the data: wiring only; each command stands in `commands`."""

from __future__ import annotations

import argparse
import json
import sys

from data.commands import Run, experiments, manual, quarantine, reading, taking, templates, told, versions, worlds
from errors import UserError
from settings import load


def _parser() -> tuple[argparse.ArgumentParser, dict[str, Run]]:
    purpose = "Bring files in, or make a world with known truth."
    parser = argparse.ArgumentParser(prog="python -m data", description=purpose)
    commands = parser.add_subparsers(dest="command", required=True)
    runs: dict[str, Run] = {}
    for module in (taking, reading, versions, quarantine, templates, worlds, experiments, manual):
        runs |= module.add(commands)
    return parser, runs


def main(argv: list[str] | None = None) -> int:
    """Run one command; 0 when done, 2 with a sentence when it cannot be."""
    parser, runs = _parser()
    arguments = parser.parse_args(argv)
    try:
        runs[arguments.command](arguments, load(getattr(arguments, "data", None)))
    except UserError as error:
        if getattr(arguments, "json", False):
            print(json.dumps(told.nothing(str(error)), ensure_ascii=False))
        else:
            print(str(error), file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
