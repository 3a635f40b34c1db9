"""Decides that the same frame gives the same figure, byte for byte: renew with --renew-golden, and look at the diff."""

import json
from pathlib import Path
from typing import Any

import pytest

GOLDEN = Path(__file__).resolve().parents[2] / "golden"


def test_the_same_frame_gives_the_same_figure(case: tuple[str, Any], request: pytest.FixtureRequest) -> None:
    name, (frame, draw) = case
    text = json.dumps(draw(frame), indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"
    golden = GOLDEN / f"{name}.json"
    if request.config.getoption("--renew-golden"):
        golden.write_text(text, encoding="utf-8")
    assert json.loads(text) == json.loads(golden.read_text(encoding="utf-8"))
