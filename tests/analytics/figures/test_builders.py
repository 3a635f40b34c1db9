"""Decides single facts of single builders that a golden file would not explain."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pandas as pd

from analytics.figures import band, breakdown, court, quadrant, waterfall
from analytics.metrics import metric

Draw = Callable[[str], dict[str, Any]]


def test_two_influencers_of_one_name_keep_two_bars(drawn: Draw) -> None:
    figure = drawn("ranking_losses")
    assert len(figure["layout"]["yaxis"]["tickvals"]) == 12
    assert figure["data"][0]["marker"]["color"] == ["--accent", *["--accent-soft"] * 11]


def test_an_open_end_becomes_an_arrow_and_refused_gets_no_mark(drawn: Draw) -> None:
    figure = drawn("intervals")
    heads = [trace["marker"]["symbol"] for trace in figure["data"] if "symbol" in trace.get("marker", {})]
    dots = [text for trace in figure["data"] for text in trace.get("customdata", [])]
    assert heads == [["triangle-left", "triangle-left", "triangle-right"]]
    assert dots == [
        "Geo holdout  2.1× (1.4–2.9×), headline",
        "Go-live  1.9× (to 2.9×, no lower end), agrees",
        "Panel  1.2× (no ends)",
    ]


def test_a_base_that_is_cut_says_so_and_one_at_zero_does_not(drawn: Draw) -> None:
    cut, whole = (drawn(name)["layout"]["shapes"] for name in ("waterfall_cut", "waterfall_loss"))
    assert sum(shape["type"] == "path" for shape in cut) == 2
    assert not any(shape["type"] == "path" for shape in whole)
    steps = pd.DataFrame({"value": [10.0, 1.0, 11.0], "kind": ["total", "part", "total"]})
    assert waterfall.is_cut(steps)
    assert not waterfall.is_cut(steps.assign(value=[0.0, 11.0, 11.0]))


def test_a_fall_is_good_where_lower_is_better() -> None:
    frame = pd.DataFrame({"name": ["a", "b", "c"], "value": [10.0, -4.0, 6.0], "kind": ["total", "part", "total"]})
    bars = [waterfall.waterfall(frame, metric(key))["data"][0] for key in ("cpm", "roas", "spend")]
    assert [trace["marker"]["color"][1] for trace in bars] == ["--good-mark", "--bad-mark", "--grey-series"]


def test_narrow_parts_are_named_in_a_legend(drawn: Draw) -> None:
    frame = pd.DataFrame({"name": ["a", "a"], "part": ["Instagram", "YouTube"], "value": [97.0, 3.0]})
    assert breakdown.stacked(frame, metric("spend"))["layout"]["showlegend"]
    assert not drawn("stacked")["layout"]["showlegend"]


def test_bubbles_that_all_lack_a_value_leave_an_empty_plot_that_says_so() -> None:
    frame = pd.DataFrame({"name": ["a", "b"], "x": [0.0, float("nan")], "y": [1.0, 1.0], "size": [1.0, 1.0]})
    figure = quadrant.quadrant(frame, metric("spend"), metric("roas"), log_x=True)
    assert "2 without a value not shown" in figure["layout"]["annotations"][0]["text"]
    assert figure["data"][0]["customdata"] == []


def test_a_court_tells_its_standings_without_colours(drawn: Draw) -> None:
    dots = [trace["marker"] for trace in drawn("court")["data"] if "customdata" in trace]
    assert len({(mark["symbol"], mark["size"]) for mark in dots}) == len(dots) == 4
    assert [mark["color"] for mark in dots][:2] == ["--accent", "--ink"]


def test_a_formula_off_the_scale_of_what_was_measured_leaves_as_an_arrow(drawn: Draw) -> None:
    figure = drawn("court")
    assert figure["layout"]["xaxis"]["range"][1] < 9
    assert figure["data"][-1]["marker"]["symbol"] == ["triangle-right", "triangle-left"]
    assert figure["data"][-2]["customdata"] == []


def test_a_court_of_formulas_alone_has_a_scale_too(drawn: Draw) -> None:
    rows = pd.DataFrame({
        "group": ["Published formulas"], "name": ["Less organic"], "estimate": [-2.0], "lower": [-3.0], "upper": [-1.0],
        "standing": ["formula"], "text": [""],
    })  # fmt: skip
    low, high = court.court(rows, metric("roas"))["layout"]["xaxis"]["range"]
    assert low < -3
    assert high > 1


def test_what_was_not_expected_of_a_day_is_a_gap_and_says_so(drawn: Draw) -> None:
    texts = drawn("band")["data"][2]["customdata"]
    assert texts[:2] == ["Expected  –", "Expected  ₹10 L (₹9.5 L–₹10.5 L)"]


def test_a_mark_outside_the_days_is_not_drawn() -> None:
    days = pd.DataFrame({"date": pd.date_range("2026-01-01", periods=3), "expected": 1.0, "lower": 0.5, "upper": 2.0})
    assert not band.band(days, metric("revenue"), marks=[(date(2020, 1, 1), "long before")])["layout"]["shapes"]


def test_few_observations_are_not_tinted(drawn: Draw) -> None:
    assert [trace["textfont"]["color"] for trace in drawn("grid")["data"][1:]] == ["--ink", "--muted"]


def test_a_whole_of_nothing_has_no_shares() -> None:
    frame = pd.DataFrame({"name": ["a", "b", "c"], "value": [0.0, float("nan"), 0.0]})
    assert breakdown.ring(frame, metric("revenue"))["data"][0]["text"] == ["a  –", "b  –", "c  –"]
