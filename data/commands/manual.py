"""Decides what `docs` does: writes docs/rules.md from the live rules."""

from __future__ import annotations

import argparse

from data.commands import Commands, Run
from data.quality import manual
from settings import Settings


def _run(_arguments: argparse.Namespace, _settings: Settings) -> None:
    print(manual.write())


def add(commands: Commands) -> dict[str, Run]:
    """Declare the command; returns what runs it."""
    commands.add_parser("docs", help="write docs/rules.md from the rules in the code")
    return {"docs": _run}
