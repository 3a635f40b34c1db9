"""Decides how it is shown that methods find the planted truth: the tables of the design, ours beside the published."""

from __future__ import annotations

from bench.recovery.tables import TABLES

WORLDS = 200


def run(worlds: int = WORLDS, only: str = "") -> None:
    """Print the tables of these designs (letters, e.g. U,G; all when empty) over so many worlds, seeds from 0.

    ok: within 3 Monte Carlo errors of the published figure, ours and its own taken together, plus its rounding.
    """
    letters = only.upper().split(",") if only else list(TABLES)
    if unknown := [letter for letter in letters if letter not in TABLES]:
        raise SystemExit(f"There is no design {', '.join(unknown)}: choose from {', '.join(TABLES)}.")
    for letter in letters:
        TABLES[letter](worlds)
