"""Decides that lines over time can be read: labels apart, marks apart, at most about seven dates."""

from datetime import date

import pandas as pd
import pytest

from analytics.figures.trend import month_ticks, spread, trend
from analytics.metrics import metric


@pytest.mark.parametrize("heights", [[5.0, 5.1, 0.2], [10.0, 10.0, 10.0, 10.0], [0.0, 0.0], [3.0]])
def test_labels_stand_apart_and_within_the_plot(heights: list[float]) -> None:
    moved = sorted(spread(heights, 1.0, 0.0, 10.0))
    assert all(later - earlier >= 1 - 1e-9 for earlier, later in zip(moved, moved[1:], strict=False))
    assert moved[0] >= 0
    assert moved[-1] <= 10


def test_labels_keep_the_order_of_their_lines() -> None:
    low, high = spread([4.9, 5.0], 1.0, 0.0, 10.0)
    assert low < high


@pytest.mark.parametrize(
    ("first", "last", "texts"),
    [
        ("2026-07-01", "2026-07-30", ["1 Jul", "6 Jul", "11 Jul", "16 Jul", "21 Jul", "26 Jul"]),
        ("2026-02-02", "2026-07-27", ["Feb", "Mar", "Apr", "May", "Jun", "Jul"]),
        ("2025-03-15", "2026-07-31", ["Apr", "Jul", "Oct", "Jan<br>2026", "Apr", "Jul"]),
        ("2019-05-01", "2026-07-31", ["2020", "2022", "2024", "2026"]),
    ],
)
def test_dates_are_as_coarse_as_the_span_asks_for(first: str, last: str, texts: list[str]) -> None:
    assert month_ticks(pd.Timestamp(first), pd.Timestamp(last))["ticktext"] == texts


def test_words_of_near_marks_stand_on_different_levels() -> None:
    days = pd.date_range("2026-01-01", periods=100)
    frame = pd.DataFrame({"date": days, "name": "All", "value": 1.0})
    marks = [(date(2026, 2, 1), "Diwali campaign"), (date(2026, 2, 9), "Prices up"), (date(2026, 4, 9), "End of test")]
    notes = trend(frame, metric("roas"), marks)["layout"]["annotations"][1:]
    assert len({note["yshift"] for note in notes[:2]}) == 2
    assert [note["xanchor"] for note in notes] == ["left", "left", "right"]


def test_a_line_alone_is_labelled_with_its_last_value() -> None:
    frame = pd.DataFrame({"date": pd.date_range("2026-01-01", periods=3), "name": "All", "value": [1.0, 2.0, 3.5]})
    assert trend(frame, metric("roas"))["layout"]["annotations"][0]["text"] == "3.5×"
