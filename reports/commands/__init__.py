"""Decides how the command line of the reports is spoken: a module for each command, wired by `reports.__main__`.

A module has `add(commands)`, which declares its words and sets `run` (`parser.set_defaults(run=run)`), and
`run(options) -> int`: 0 when it did what was asked, 2 with a sentence when it could not; a UserError is such a
sentence. Besides its own words, options carry `settings` and `opener`.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Protocol

from analytics.answers import Answers as PageAnswers
from data.store import Store
from reports.report import Answers
from settings import Settings

Opener = Callable[[Settings, int | None], Answers]
"""Opens the answers over a version of the data; None is the current one. Raises NoData."""


class Commands(Protocol):
    """Where a command is declared: what argparse calls its subparsers."""

    def add_parser(self, name: str, *, help: str) -> argparse.ArgumentParser: ...


def answers_for(settings: Settings, version: int | None = None) -> Answers:
    """The answers over that version of the data; without one over the current, which stays theirs to the last page.

    Raises NoData when the version is not kept, or nothing has been imported.
    """
    store = Store(settings)
    return PageAnswers(store.now() if version is None else store.at(version))


def usual(parser: argparse.ArgumentParser) -> None:
    """The words that every command takes."""
    parser.add_argument("--data", default=None, metavar="DIR", help="data folder (default: TRUELIFT_DATA_DIR)")
    parser.add_argument("--verbose", action="store_true", help="say how long each step takes")
