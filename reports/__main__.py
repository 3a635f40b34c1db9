"""Decides how reports are asked for from a command line: `build` makes one now, `work` makes those in the ledger."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import settings as environment
from analytics.answers import Answers as PageAnswers
from data.ledger.jobs import Ledger
from data.store import Store
from errors import UserError
from reports.order import Order
from reports.report import Answers, build
from reports.worker import Worker
from settings import Settings

Opener = Callable[[Settings, int | None], Answers]


def answers_for(settings: Settings, version: int | None = None) -> Answers:
    """The answers over that version of the data; without one over the current, which stays theirs to the last page.

    Raises NoData when the version is not kept, or nothing has been imported.
    """
    store = Store(settings)
    return PageAnswers(store.now() if version is None else store.at(version))


def main(words: Sequence[str] | None = None, opener: Opener = answers_for) -> int:
    """Runs a command; 0 when it did what was asked, 2 with one sentence when it could not."""
    options = _parser().parse_args(words)
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    logging.getLogger("truelift").setLevel(logging.INFO if options.verbose else logging.WARNING)
    settings = environment.load(options.data)
    try:
        return _build(options, settings, opener) if options.command == "build" else _work(options, settings, opener)
    except UserError as error:
        print(error, file=sys.stderr)
    except OSError as error:
        print(f"Cannot write {error.filename}: {error.strerror}. Choose another place with --out.", file=sys.stderr)
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m reports", description="Reports on paper.")
    commands = parser.add_subparsers(dest="command", required=True)
    make = commands.add_parser("build", help="make one report now")
    make.add_argument("--query", default="", help="filters as in the address, for example “brand=Gritzo”")
    make.add_argument("--out", default="report.pdf", type=Path, help="file to write (default: report.pdf)")
    make.add_argument("--pages", default="", help="tabs by name, with commas (default: all)")
    make.add_argument("--version", type=int, metavar="N", help="version of the data (default: the current one)")
    work = commands.add_parser("work", help="make the reports that the ledger holds, until told to stop")
    work.add_argument("--once", action="store_true", help="end when nothing is due")
    for command in (make, work):
        command.add_argument("--data", default=None, metavar="DIR", help="data folder (default: TRUELIFT_DATA_DIR)")
        command.add_argument("--verbose", action="store_true", help="say how long each step takes")
    return parser


def _build(options: argparse.Namespace, settings: Settings, opener: Opener) -> int:
    pages = [page.strip() for page in options.pages.split(",") if page.strip()]
    result = build(opener(settings, options.version), Order(options.query, tuple(pages)), options.out)
    print(f"{result.file}  {result.pages} pages  {result.seconds:.1f} s")
    for title in result.missing:
        print(f"Chart missing: {title}", file=sys.stderr)
    return 0


def _work(options: argparse.Namespace, settings: Settings, opener: Opener) -> int:
    ended = Worker(Ledger(settings.ledger), lambda version: opener(settings, version), settings.reports_dir).run(
        options.once
    )
    print(f"{ended} reports ended")
    return 0


if __name__ == "__main__":
    sys.exit(main())
