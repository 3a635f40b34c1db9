"""Decides what a command of the data is: a module with `add`, which declares it and says what runs it."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Protocol

from settings import Settings

Run = Callable[[argparse.Namespace, Settings], None]


class Commands(Protocol):
    """Where a command is declared: what argparse calls its subparsers."""

    def add_parser(self, name: str, *, help: str) -> argparse.ArgumentParser: ...
