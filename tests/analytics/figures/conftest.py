"""Decides the frames that all picture tests draw: one small world for each builder, oddities included."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date
from typing import Any

import pandas as pd
import pytest

from analytics.figures import band, breakdown, court, distribution, grid, interval, quadrant, ranking, trend, waterfall
from analytics.metrics import metric

ROAS, ROI, REVENUE, SPEND = metric("roas"), metric("roi"), metric("revenue"), metric("spend")
Case = tuple[pd.DataFrame, Callable[[pd.DataFrame], dict[str, Any]]]


def _frame(columns: str, *rows: tuple[Any, ...]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=columns.split())


DAYS = pd.to_datetime(["2026-02-01", "2026-03-01", "2026-04-01", "2026-05-01"])
LINES = pd.concat(
    [
        pd.DataFrame({"date": DAYS, "name": "Attributed", "value": [510000.0, 940000.0, math.nan, 1180000.0]}),
        pd.DataFrame({"date": DAYS, "name": "Organic", "value": [480000.0, 560000.0, 450000.0, 1170000.0]}),
    ]
)
DIWALI = [(date(2026, 3, 20), "Diwali"), (date(2020, 1, 1), "long before")]
SIX = pd.DataFrame(
    [(day, f"Brand {number}", float(number + step)) for number in range(6) for step, day in enumerate(DAYS)],
    columns=["date", "name", "value"],
)
BARS = _frame(
    "name value lower upper",
    ("Amy <b>Silva</b>", 4.1, 3.2, 5.2),
    ("Richard Bartholomew Rodriguez-Hernandez", 0.8, 0.2, 1.9),
    ("R&D", math.nan, math.nan, math.nan),
)
LOSSES = _frame("name value", *((f"Influencer {number}", 2.5 - number / 4) for number in range(14)))
ESTIMATES = _frame(
    "name estimate lower upper status text",
    ("Geo holdout", 2.1, 1.4, 2.9, "ok", "headline"),
    ("Go-live", 1.9, -math.inf, 2.9, "weak", "agrees"),
    ("Panel", 1.2, math.nan, math.inf, "weak", ""),
    ("Test × lift", math.nan, math.nan, math.nan, "refused", "refused: reports ROAS when the truth is 0"),
)
BUBBLES = _frame(
    "name x y size group",
    ("Amy Silva", 3200.0, 16.1, 51391.0, "Instagram"),
    ("Mark Perez", 9900.0, 4.7, 46698.0, "Twitter"),
    ("Kabir", 450.0, 111.2, 50038.0, "Instagram"),
    ("Nobody paid", 0.0, 2.0, math.nan, "Twitter"),
    ("Zoe", 700.0, 0.4, 280.0, "Twitter"),
)
PARTS = _frame("name value", ("Instagram", 1.8e7), ("YouTube", 9e6), ("Twitter", 7e6), ("Others", 1.4e6))
BRIDGE = _frame(
    "name value kind",
    ("Jan–Jul before", 10.8, "total"),
    ("Mix", 0.5, "part"),
    ("Rate", 0.5, "part"),
    ("Volume", -0.2, "part"),
    ("Unknown", math.nan, "part"),
    ("Feb–Jul now", 11.6, "total"),
)
WRITTEN = _frame(
    "name value kind written",
    ("Before", 3.2821, "total", "3.28×"),
    ("Mix", 0.012, "part", "+0.01×"),
    ("Rate", 0.79, "part", "+0.79×"),
    ("Price", -0.5476, "part", "−0.55×"),
    ("Now", 3.5365, "total", "3.54×"),
)
LOSS = _frame("name value kind", ("Revenue", 100.0, "total"), ("Payouts", -130.0, "part"), ("Profit", -30.0, "total"))
SHARES = _frame(
    "name part value",
    ("MuscleBlaze", "Post", 45.0),
    ("MuscleBlaze", "Order", 55.0),
    ("Gritzo", "Post", 4.0),
    ("Gritzo", "Order", 96.0),
    ("HKVitals", "Post", 0.0),
)
SEEN = pd.DataFrame({
    "date": pd.date_range("2026-03-02", periods=5, freq="7D"), "seen": [10.2e5, 9.8e5, 10.1e5, 13.4e5, 13.9e5],
    "expected": [math.nan, 10.0e5, 10.2e5, 10.4e5, 10.3e5], "lower": [math.nan, 9.5e5, 9.7e5, 9.8e5, 9.6e5],
    "upper": [math.nan, 10.5e5, 10.7e5, 11.0e5, 11.0e5],
})  # fmt: skip
SUMS = pd.DataFrame({
    "date": pd.date_range("2026-03-23", periods=3, freq="7D"), "expected": [3.0e5, 6.6e5, 9.1e5],
    "lower": [-0.4e5, 1.8e5, 3.2e5], "upper": [6.4e5, 11.4e5, 15.0e5],
})  # fmt: skip
HEARD = _frame(
    "group name estimate lower upper standing text",
    ("The headline", "Regression over clusters", 2.1, 1.4, 2.9, "headline", "headline"),
    ("Test against control", "Difference of means, Welch & all", 2.4, -0.3, 5.1, "directional", "directional"),
    ("Test against control", "Ratio, Fieller", 2.2, 0.1, 4.3, "weak", "directional, weak"),
    ("Published formulas", "Test × (1 + lift)", 44.6, 43.7, 45.5, "formula", "formula, not measured"),
    ("Published formulas", "Less organic", -22.8, -23.7, -22.0, "formula", "formula, not measured"),
)
BINS = _frame("left right count", (0.0, 1e4, 18), (1e4, 2e4, 41), (2e4, 3e4, 0), (3e4, 4e4, 3))
CELLS = _frame(
    "row column value n",
    ("Nano", "Instagram", 4.1, 40),
    ("Nano", "YouTube", 9.8, 3),
    ("Micro", "Instagram", math.nan, 12),
    ("Micro", "Twitter", 2.2, 22),
)

CASES: dict[str, Case] = {
    "trend": (
        LINES,
        lambda frame: trend.trend(frame, REVENUE, DIWALI),
    ),
    "trend_many": (SIX, lambda frame: trend.trend(frame, ROAS)),
    "ranking": (BARS, lambda frame: ranking.ranking(frame, ROAS, 1, "break-even 1×")),
    "ranking_losses": (LOSSES, lambda frame: ranking.ranking(frame, ROI, 0)),
    "intervals": (ESTIMATES, lambda frame: interval.intervals(frame, ROAS)),
    "quadrant_log": (
        BUBBLES.drop(columns="group"),
        lambda frame: quadrant.quadrant(frame, SPEND, ROAS, log_x=True, log_y=True, reference_y=1),
    ),
    "quadrant_groups": (BUBBLES, lambda frame: quadrant.quadrant(frame, SPEND, ROAS, reference_x=1000)),
    "ring": (PARTS, lambda frame: breakdown.ring(frame, REVENUE)),
    "waterfall_cut": (BRIDGE, lambda frame: waterfall.waterfall(frame, ROAS)),
    "waterfall_written": (WRITTEN, lambda frame: waterfall.waterfall(frame, ROAS)),
    "waterfall_loss": (LOSS, lambda frame: waterfall.waterfall(frame, metric("profit"))),
    "stacked": (SHARES, lambda frame: breakdown.stacked(frame, SPEND)),
    "histogram": (BINS, lambda frame: distribution.histogram(frame, REVENUE, [(14200.0, "half bring less")])),
    "band": (SEEN, lambda frame: band.band(frame, REVENUE, "Sold", marks=[(date(2026, 3, 23), "test begins")])),
    "band_sum": (SUMS, lambda frame: band.band(frame, REVENUE, expected="Caused so far", reference=0.0)),
    "court": (HEARD, lambda frame: court.court(frame, ROAS)),
    "grid": (CELLS, lambda frame: grid.grid(frame, ROAS)),
}


@pytest.fixture(params=sorted(CASES))
def case(request: pytest.FixtureRequest) -> tuple[str, Case]:
    """Each case in turn, by name."""
    return request.param, CASES[request.param]


@pytest.fixture
def drawn() -> Callable[[str], dict[str, Any]]:
    """The figure of the named case."""
    return lambda name: CASES[name][1](CASES[name][0])
