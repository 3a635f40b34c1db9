"""Decides what the long statements are: SQL in the files beside this one, with named gaps for the caller to fill."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent


@cache
def _text(name: str) -> str:
    return (_HERE / f"{name}.sql").read_text(encoding="utf-8")


def statement(name: str, **gaps: str) -> str:
    """The SQL of `<name>.sql` with its {gaps} filled. gaps: SQL of ours, never a value that a user wrote."""
    return _text(name).format(**gaps)
