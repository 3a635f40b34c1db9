"""Decides what is kept of the worlds for docs/methods.md: docs/recovery.json, scenario by scenario, rounded.

Its parts: `level` (of the intervals), `first_seed` (world k has seed first_seed + k), `scenarios` (key, says), `rows`
(one a method and scenario, see `hearings`), `power` (curves) and `tables` (the published tables, ours beside them).
What is run again replaces what it was; all else stays, so that the worlds may be run piece by piece.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.recovery.scenarios import SCENARIOS
from bench.recovery.score import LEVEL, Table
from settings import ROOT

PLACE = ROOT / "docs" / "recovery.json"
PARTS = ("rows", "power", "tables")


def read(place: Path = PLACE) -> dict[str, Any]:
    """What is kept so far."""
    if not place.is_file():
        return {part: [] for part in PARTS}
    found: dict[str, Any] = json.loads(place.read_text(encoding="utf-8"))
    return found


def keep_scenario(place: Path, key: str, rows: list[dict[str, Any]], power: list[dict[str, Any]]) -> None:
    """Put the rows and curves of one scenario in the place of its former ones."""
    kept = read(place)
    for part, new in (("rows", rows), ("power", power)):
        kept[part] = [row for row in kept[part] if row["scenario"] != key] + new
    _write(place, kept)


def keep_tables(place: Path, letter: str, tables: Iterable[Table]) -> None:
    """Put the published tables of one design in the place of its former ones."""
    kept = read(place)
    new = [{"design": letter, **asdict(one)} for one in tables]
    kept["tables"] = [one for one in kept["tables"] if one["design"] != letter] + new
    _write(place, kept)


def _write(place: Path, kept: dict[str, Any]) -> None:
    """In the order of the scenarios, whichever was run first; one row a line, so that changes can be read."""
    order = {key: at for at, key in enumerate(SCENARIOS)}
    for part in ("rows", "power"):
        kept[part] = sorted((row for row in kept[part] if row["scenario"] in order), key=lambda r: order[r["scenario"]])
    kept["tables"] = sorted(kept["tables"], key=lambda one: "UKGOA".index(one["design"]))
    head = {"level": LEVEL, "first_seed": 0}
    parts = {"scenarios": [{"key": one.key, "says": one.says} for one in SCENARIOS.values()]}
    parts |= {part: kept[part] for part in PARTS}
    lines = [f" {json.dumps(key)}: {json.dumps(value)}" for key, value in head.items()]
    for part, entries in parts.items():
        inside = ",\n".join(f"  {json.dumps(entry, ensure_ascii=False)}" for entry in entries)
        lines.append(f" {json.dumps(part)}: [\n{inside}\n ]")
    place.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
