"""Decides what the falling line must say: the chosen size as a dot with its value, what is wanted as a dashed line."""

import json
import re

import pandas as pd
import plotly.graph_objects as go

from analytics.figures.curve import curve
from analytics.metrics import Metric

SMALLEST = Metric("smallest", "Smallest", "multiple", ("revenue",), ("spend",))
FRAME = pd.DataFrame({"size": [2.0, 6.0, 12.0], "value": [4.0, 2.5, 1.8], "text": ["a", "b", "c"]})


def test_the_chosen_size_carries_its_value_and_the_wanted_one_its_name() -> None:
    texts = [note["text"] for note in curve(FRAME, SMALLEST, 6.0, 2.0)["layout"]["annotations"]]
    assert texts == ["2.5×", "to be seen 2×"]


def test_without_a_wanted_effect_there_is_no_dashed_line() -> None:
    layout = curve(FRAME, SMALLEST, 6.0)["layout"]
    assert layout["shapes"] == []
    assert len(layout["annotations"]) == 1


def test_it_is_valid_pure_and_names_no_colour() -> None:
    before = FRAME.copy()
    figure = curve(FRAME, SMALLEST, 6.0, 2.0)
    text = json.dumps(figure)
    assert text == json.dumps(curve(FRAME, SMALLEST, 6.0, 2.0))
    assert not re.search(r"#[0-9a-f]{3,8}\b", text)
    pd.testing.assert_frame_equal(FRAME, before)
    go.Figure(json.loads(re.sub(r'"--[a-z0-9-]+"', '"black"', text)))
