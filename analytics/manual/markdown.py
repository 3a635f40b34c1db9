"""Decides how a page of the docs is written: its mark, its tables, its code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

MADE = "<!-- Written by `./truelift docs` from the registries in the code: change those, not this file. -->"


def table(head: str, rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table. head: the names of its columns, separated by “ | ”."""
    lines = [f"| {head} |", f"| {' | '.join('---' for _ in head.split(' | '))} |"]
    lines += [f"| {' | '.join(str(cell).replace('|', '/') for cell in row)} |" for row in rows]
    return "\n".join(lines) + "\n"


def code(words: Iterable[str]) -> str:
    """`a`, `b`."""
    return ", ".join(f"`{word}`" for word in words)
