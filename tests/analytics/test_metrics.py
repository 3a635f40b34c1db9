"""A ratio is a ratio of sums; what cannot be computed is missing, with its reason."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from analytics import metrics
from analytics.metrics import METRICS
from data import schema
from errors import BadFilter


def totals(**values: float) -> pd.DataFrame:
    return pd.DataFrame([{key: values.get(key, math.nan) for key in schema.MEASURES}])


def test_the_return_on_two_campaigns_is_not_the_mean_of_their_returns() -> None:
    both = pd.DataFrame([{"revenue": 100.0, "spend": 10.0}, {"revenue": 100.0, "spend": 100.0}])
    assert list(METRICS["roas"].of(both)) == [10.0, 1.0]
    assert METRICS["roas"].of(both.sum().to_frame().T).iloc[0] == pytest.approx(200 / 110)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("roas", 2.0), ("roi", 1.0), ("aov", 25.0), ("cost_per_order", 12.5), ("profit", 30.0),
        ("roi.contribution", 0.6), ("cpm", 500.0), ("engagement_rate", 0.06), ("engagement_rate.plus", 0.1),
        ("cac.new_customer", 50.0), ("revenue_per_post", 50.0), ("roas.gifts", 100 / 60), ("roi.gifts", 40 / 60),
        ("cvr", 0.1), ("margin", 0.8),
    ],
)  # fmt: skip
def test_the_registry_reckons_as_the_field_does(key: str, value: float) -> None:
    row = totals(revenue=100, spend=50, payout=50, seeding_cost=10, orders=4, gross_profit=80, new_customers=1, posts=2,
                 reach=1000, impressions=100, likes=50, comments=10, shares=30, saves=10, clicks=40)  # fmt: skip
    assert METRICS[key].of(row).iloc[0] == pytest.approx(value)


@pytest.mark.parametrize("under", [0.0, math.nan, -5.0])
def test_nothing_is_divided_by_nothing(under: float) -> None:
    assert math.isnan(METRICS["roas"].of(totals(revenue=100, spend=under)).iloc[0])


def test_a_missing_part_is_left_out_only_where_it_may_be() -> None:
    assert METRICS["engagement_rate"].of(totals(likes=10, reach=100)).iloc[0] == pytest.approx(0.1)
    assert math.isnan(METRICS["profit"].of(totals(gross_profit=10)).iloc[0])


def test_a_missing_number_says_why() -> None:
    assert METRICS["cpc"].why_missing({"spend"}) == "needs clicks: no file has it"
    assert METRICS["roas"].why_missing({"revenue", "spend"}) == "no spend in this selection"


def test_formulas_are_written_from_their_labels() -> None:
    assert METRICS["roi"].formula == "(Revenue − Spend) ÷ Spend"
    assert METRICS["cpm"].formula == "1000 × Spend ÷ Impressions"


def test_a_wrong_key_names_the_nearest() -> None:
    with pytest.raises(BadFilter, match="Did you mean “roas”"):
        metrics.metric("raos")
