"""Decides how reports are asked for from a command line: wiring only; each command stands in `commands`."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence

import settings as environment
from errors import UserError
from reports.commands import Opener, answers_for, build, editions, schedule, work

COMMANDS = (
    build,
    editions,
    schedule,
    work,
)
"""Modules with add(commands) and run(options); a further command is one more line."""


def main(words: Sequence[str] | None = None, opener: Opener = answers_for) -> int:
    """Runs a command; 0 when it did what was asked, 2 with one sentence when it could not."""
    options = _parser().parse_args(words)
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    logging.getLogger("truelift").setLevel(logging.INFO if getattr(options, "verbose", False) else logging.WARNING)
    try:
        options.settings, options.opener = environment.load(getattr(options, "data", None)), opener
        return int(options.run(options))
    except UserError as error:
        print(error, file=sys.stderr)
    except OSError as error:
        print(f"Cannot write {error.filename}: {error.strerror}. Choose another place with --out.", file=sys.stderr)
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m reports", description="Reports on every kind of paper.")
    commands = parser.add_subparsers(dest="command", required=True)
    for module in COMMANDS:
        module.add(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
