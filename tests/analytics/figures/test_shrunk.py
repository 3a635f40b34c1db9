"""Decides that belief is drawn strong and raw values faint, that far ones leave as arrows, and numbers stay written."""

from __future__ import annotations

import base64

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

import theme
from analytics.figures.shrunk import MOST, shrunken
from analytics.metrics import metric

ROAS = metric("roas")
ROWS = pd.DataFrame(
    [
        ("Amy <b>Silva</b>", 2.1, 1.4, 2.9, 2.6, "1–4 · 30 %"),
        ("Kabir", 1.9, 0.8, 3.0, -40.0, "1–9 · 94 %"),
        ("Zoe", 1.2, 0.2, 2.2, 55.0, "2–12 · 88 %"),
    ],
    columns=["name", "estimate", "lower", "upper", "raw", "text"],
).assign(method="m.shrunken", raw_method="m.raw", raw_lower=-50.0, raw_upper=60.0)


def unpacked(values: dict[str, str]) -> np.ndarray:
    return np.frombuffer(base64.b64decode(values["bdata"]), dtype="<f4")


def test_raw_values_beyond_the_axis_leave_as_arrows() -> None:
    drawn = shrunken(ROWS, ROAS)
    raw, low, high = drawn["data"][0], *drawn["layout"]["xaxis"]["range"]
    assert raw["marker"]["symbol"] == ["diamond-open", "triangle-left-open", "triangle-right-open"]
    assert unpacked(raw["x"])[1:].tolist() == pytest.approx([low, high], rel=1e-5)
    assert low < 0.2
    assert high > 3.0
    assert "raw −40.0× (−50.0 to 60.0×), m.raw" in raw["customdata"][1]


def test_every_belief_is_written_and_names_stay_names() -> None:
    drawn = shrunken(ROWS, ROAS, beside="place · luck")
    texts = [note["text"] for note in drawn["layout"]["annotations"]]
    assert {
        "2.1× (1.4–2.9×)",
        "1.9× (0.80–3.0×)",
        "1.2× (0.20–2.2×)",
        "break-even 1×",
        "place · luck",
        "1–4 · 30 %",
    } <= set(texts)
    assert drawn["data"][2]["customdata"][1] == "Kabir  1.9× (0.80–3.0×), place · luck 1–9 · 94 %, m.shrunken"
    assert drawn["layout"]["yaxis"]["ticktext"][0] == "Amy &lt;b&gt;Silva&lt;/b&gt;"


def test_more_rows_than_fit_are_left_to_the_table() -> None:
    many = pd.concat([ROWS] * 10, ignore_index=True)
    assert len(shrunken(many, ROAS)["layout"]["yaxis"]["ticktext"]) == MOST


@pytest.mark.parametrize("mode", theme.MODES)
@pytest.mark.parametrize("medium", theme.MEDIA)
def test_it_can_be_dressed_and_drawn(mode: str, medium: str) -> None:
    before = ROWS.copy()
    go.Figure(theme.dress(shrunken(ROWS, ROAS), mode, medium))
    pd.testing.assert_frame_equal(ROWS, before)
