"""Decides that docs/methods.md says of every method what it is, and shows the worlds once they were run."""

from __future__ import annotations

import json
from pathlib import Path

from analytics.incrementality.court import LADDER, METHODS
from analytics.incrementality.groups.slices import SLICE_METHODS
from analytics.incrementality.trust.checks import CHECKS
from analytics.manual import methods

ROW = {
    "scenario": "G base", "method": "iroas.tbr", "label": "TBR", "role": "directional", "worlds": 200, "truth": 1.95,
    "bias": -0.15, "bias_error": 0.07, "coverage": 33.5, "coverage_error": 2.1, "half_width": 0.4, "power": 96.0,
    "size": 39.0, "weak": 99.8, "refused": 0.0, "coverage_when_ok": None, "passes": False, "breaks": True,
}  # fmt: skip
KEPT = {
    "level": 0.9, "first_seed": 0,
    "scenarios": [{"key": "G base", "says": "fifty geos"}, {"key": "never run", "says": "nothing"}],
    "rows": [ROW, {**ROW, "method": "iroas.geo_regression", "passes": True, "breaks": False, "bias_error": None}],
    "power": [{"scenario": "G base", "method": "iroas.geo_regression", "worlds": 200, "true_iroas": [0.0, 0.5],
               "power": [5.0, 31.5]}],
    "tables": [{"design": "G", "title": "Table 5.3", "columns": ["ours", "published"],
                "rows": [["GBR", ["93", "93.0"]]]}],
}  # fmt: skip


def test_every_method_is_there_with_all_that_it_says_of_itself(tmp_path: Path) -> None:
    text = methods.page(tmp_path / "none.json")
    for one in (*METHODS.values(), *SLICE_METHODS):
        for words in (one.id, one.version, one.label, one.formula, *one.needs, *one.assumptions, one.flaw, one.source):
            assert words in text, (one.id, words)
    for key, (name, _, green) in CHECKS.items():
        assert f"| `{key}` | {name} | {green} |" in text
    for name in LADDER:
        assert f"| `{name}` |" in text.split("## The ten")[0]
    assert "worlds" not in text.split("## Inside a measured whole")[1].split("####")[0]
    assert "## How they do" not in text


def test_the_worlds_are_a_table_once_they_were_run(tmp_path: Path) -> None:
    kept = tmp_path / "recovery.json"
    kept.write_text(json.dumps(KEPT), encoding="utf-8")
    text = methods.page(kept)
    assert "90 % intervals" in text
    assert "Fifty geos. 200 worlds, true iROAS 1.95." in text
    assert "| `iroas.tbr` † | −0.15 ± 0.07 | 33.5 ± 2.1 | 0.4 | 96 | 39 | 99.8 | 0 | – |" in text
    assert "| **`iroas.geo_regression`** | −0.15 | 33.5 ± 2.1 |" in text
    assert "| `G base` | `iroas.geo_regression` | 5 | 31.5 |" in text
    assert "| GBR | 93 | 93.0 |" in text
    assert "never run" not in text


def test_nothing_run_is_said_by_nothing(tmp_path: Path) -> None:
    kept = tmp_path / "recovery.json"
    kept.write_text(json.dumps({**KEPT, "power": [], "tables": [], "rows": []}), encoding="utf-8")
    text = methods.page(kept)
    assert "### Power" not in text
    assert "fifty" not in text.lower()
