"""Decides how it is shown that methods find the planted truth: the published tables, and the court in known worlds."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bench.recovery import hearings, record
from bench.recovery.scenarios import SCENARIOS, Scenario
from bench.recovery.score import table
from bench.recovery.tables import TABLES

WORLDS = 200
PLACE = record.PLACE
LETTERS = tuple(dict.fromkeys([*TABLES, *(one.letter for one in SCENARIOS.values())]))
ROW_HEAD = ("bias", "coverage %", "half-width", "power %", "size %", "weak %", "refused %", "coverage % when ok", "")


def run(worlds: int = WORLDS, only: str = "", place: Path = PLACE) -> None:
    """Print and keep the tables of these designs, and the court in their worlds, over so many worlds, seeds from 0.

    only: letters of designs and keys of scenarios, e.g. U,G.base; all when empty. place: the file that docs/methods.md
    prints; what is not run stays in it. ok in a table: within 3 Monte Carlo errors of the published figure, ours and
    its own taken together, plus its rounding.
    """
    words = [word[:1].upper() + word[1:] for word in only.split(",") if word]
    if unknown := [word for word in words if word not in (*LETTERS, *SCENARIOS)]:
        raise SystemExit(f"There is no design {', '.join(unknown)}: choose from {', '.join((*LETTERS, *SCENARIOS))}.")
    for letter in TABLES:
        if not words or letter in words:
            _tables(letter, worlds, place)
    heard = [_scenario(one, worlds, place) for one in hearings.chosen(words)]
    _gates(row for rows in heard for row in rows)


def _tables(letter: str, worlds: int, place: Path) -> None:
    start, made = time.process_time(), []
    for one in TABLES[letter](worlds):
        one.show()
        made.append(one)
    record.keep_tables(place, letter, made)
    print(f"({time.process_time() - start:.0f} s of processor time)")


def _scenario(scenario: Scenario, worlds: int, place: Path) -> list[dict[str, Any]]:
    """Hear the court in one kind of world, print its methods and curves, keep them."""
    start = time.process_time()
    rows, power = list(hearings.rows(scenario, worlds)), list(hearings.curves(scenario, worlds))
    record.keep_scenario(place, scenario.key, rows, power)
    if rows:
        how = f"{worlds:,} worlds; the whole court in {hearings.COURT_WORLDS} at most"
        title = f"{scenario.key}: {scenario.says} ({how})"
        table(title, ROW_HEAD, [(row["method"], _cells(row)) for row in rows]).show()
    for row in rows:
        if row["red_lights"] is not None:
            print(f"a trust check of the arms is red beside {row['method']} in {row['red_lights']:g} % of worlds")
    for curve in power:
        points = zip(curve["true_iroas"], curve["power"], strict=True)
        print(f"power of {curve['method']}: " + ", ".join(f"{share:g} % at {true:g}" for true, share in points))
    print(f"({time.process_time() - start:.0f} s of processor time)")
    return rows


def _cells(row: dict[str, Any]) -> list[str]:
    mark = {(True, False): "should pass", (False, True): "must be gated"}.get((row["passes"], row["breaks"]), "")
    if row["passes"]:
        mark += f": {'yes' if passes(row) else 'NO'}"
    return [
        *(f"{_text(row[key])} ± {_text(row[f'{key}_error'])}" for key in ("bias", "coverage")),
        *(_text(row[key]) for key in ("half_width", "power", "size", "weak", "refused", "coverage_when_ok")), mark,
    ]  # fmt: skip


def _text(value: float | None) -> str:
    return "–" if value is None else f"{value:g}"


def passes(row: dict[str, Any], errors: float = 3.0) -> bool:
    """Bias under 5 % of the truth and coverage 87–93 %, each bound widened by so many Monte Carlo errors."""
    if row["bias"] is None or row["coverage"] is None:
        return False
    unbiased = abs(row["bias"]) <= 0.05 * abs(row["truth"]) + errors * row["bias_error"]
    reach = errors * row["coverage_error"]
    return bool(unbiased and 87 - reach <= row["coverage"] <= 93 + reach)


def _gates(rows: Iterable[dict[str, Any]]) -> None:
    """In how many worlds of broken assumptions a method's own checks turn it to weak or refused."""
    broken = [
        (f"{row['method']} in {row['scenario']}", [f"{row['weak'] + row['refused']:g}", _text(row["coverage"])])
        for row in rows
        if row["breaks"]
    ]
    if broken:
        title = "Broken assumptions: worlds in which the checks say weak or refused, %"
        table(title, ["gated", "coverage"], broken).show()
