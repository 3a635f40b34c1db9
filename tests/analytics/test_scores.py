"""Decides that a score is a weighted mean of ranks, and says nothing where there is nothing to rank."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from analytics.scores import SCORES, Score

FRAME = pd.DataFrame(
    {
        "revenue": [100.0, 200.0, 400.0, 200.0],
        "spend": [10.0, 10.0, 10.0, 10.0],
        "likes": [4.0, 3.0, 2.0, 1.0],
        "reach": [10.0, 10.0, 10.0, 10.0],
    }
)


def test_ranks_run_from_0_to_100_and_ties_share() -> None:
    score = Score("revenue_only", "Revenue rank", (("revenue", 1.0),), "")
    assert score.of(FRAME).tolist() == [0.0, 50.0, 100.0, 50.0]


def test_lower_is_better_where_the_metric_says_so() -> None:
    score = Score("cheap", "Cheap", (("cost_per_order", 1.0),), "")
    frame = pd.DataFrame({"spend": [1.0, 2.0, 3.0], "orders": [1.0, 1.0, 1.0]})
    assert score.of(frame).tolist() == [100.0, 50.0, 0.0]


def test_weights_are_those_printed() -> None:
    found = SCORES["performance_score"].of(FRAME)
    assert found.tolist() == pytest.approx([25.0, 0.75 * 50 + 0.25 * 200 / 3, 0.75 * 100 + 0.25 * 100 / 3, 37.5])
    assert SCORES["performance_score"].formula.startswith("50 % rank of ROAS")
    assert "40 % rank of Revenue" in SCORES["product_score"].formula


def test_a_part_that_nobody_has_is_left_out() -> None:
    assert SCORES["product_score"].of(FRAME[["revenue"]]).tolist() == [0.0, 50.0, 100.0, 50.0]


def test_a_row_that_lacks_what_others_have_has_no_score() -> None:
    frame = FRAME.assign(spend=[10.0, 0.0, 10.0, 10.0])
    found = SCORES["performance_score"].of(frame)
    assert math.isnan(found[1])
    assert found.drop(1).notna().all()


def test_two_rows_are_no_ranking() -> None:
    assert SCORES["performance_score"].of(FRAME.head(2)).isna().all()
    assert SCORES["performance_score"].of(FRAME[["likes"]].assign(likes=math.nan)).isna().all()


def test_it_stands_wherever_a_metric_stands() -> None:
    for score in SCORES.values():
        assert score.uses_spend
        assert set(score.measures) >= {"revenue", "spend"}
        assert score.write(math.nan) == "–"
        assert score.write(71.6) == "72"
        assert "no file has them" in score.why_missing([])
        assert "at least 3" in score.why_missing(["revenue", "spend"])
        assert math.isclose(sum(weight for _, weight in score.parts), 1)
