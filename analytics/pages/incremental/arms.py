"""Decides how test and control are laid side by side: what each arm sold, and whether they were alike before."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from analytics import formats, prepare
from analytics.ask import Ask
from analytics.figures.ranking import ranking
from analytics.figures.trend import trend
from analytics.incrementality.estimate import t_at
from analytics.incrementality.methods.holdout import lift
from analytics.incrementality.slice import CONTROL, TREATED, Slice
from analytics.metrics import Metric
from analytics.page import Chart, column
from analytics.views import Column, Figure

PER_UNIT = Metric("revenue_per_unit", "Revenue per unit", "money", ("revenue_all",), ("orders_all",),
                  says="organic orders included")  # fmt: skip
NAMES = {TREATED: "Test", CONTROL: "Control"}
_COLUMNS = ("arm", "units", "mean", "lower", "upper", "revenue", "spend")


def _arms(ask: Ask) -> pd.DataFrame:
    """Mean revenue per unit of each arm with its t interval."""
    slice_, level = prepare.slice_of(ask), ask.assumptions.confidence
    if slice_.customers is not None:
        return _customers(slice_, level)
    rows = []
    for arm, label in NAMES.items():
        own = slice_.cells[slice_.cells["arm"] == arm]
        values, n = own["revenue_all"].to_numpy(float), len(own)
        if n > 1:
            mean, half = values.mean(), t_at(level, n - 1) * values.std(ddof=1) / math.sqrt(n)
            rows.append((label, float(n), mean, mean - half, mean + half, values.sum(), float(own["spend"].sum())))
    return pd.DataFrame(rows, columns=list(_COLUMNS))


def _customers(slice_: Slice, level: float) -> pd.DataFrame:
    """The same from sufficient numbers; customers who bought nothing are counted."""
    arms = slice_.customers
    assert arms is not None
    rows = []
    for label, own, spend in (("Test", arms.treated, arms.spend), ("Control", arms.control, 0.0)):
        mean = float(own.means[0])
        half = t_at(level, own.n - 1) * math.sqrt(float(own.covariances[0][0]) / own.n)
        rows.append((label, float(own.n), mean, mean - half, mean + half, mean * own.n, spend))
    return pd.DataFrame(rows, columns=list(_COLUMNS))


def unit(slice_: Slice) -> str:
    """What is one unit of the arms, for people."""
    return "customer" if slice_.customers is not None else slice_.unit_name


def _say(rows: pd.DataFrame, ask: Ask) -> str:
    if len(rows) < 2:
        return "There are no two arms to compare: mark campaigns as test and control to measure."
    test, control, name = rows.iloc[0], rows.iloc[1], unit(prepare.slice_of(ask))
    words = f"A test {name} brought {formats.money(test['mean'])}, a control {name} {formats.money(control['mean'])}"
    found = lift(prepare.slice_of(ask), ask.assumptions)
    if not found.is_bounded or name == "customer":
        return f"{words}."
    return f"{words}: lift {formats.share(found.estimate)} ({formats.interval(found.lower, found.upper, 'share')})."


def _months(ask: Ask) -> pd.DataFrame:
    rows = ask.table(("revenue.all",), ("month", "campaign_type"))
    rows = rows[rows["month"].notna() & rows["campaign_type"].isin(["test", "control"])]
    rows = rows[_whole(pd.DatetimeIndex(rows["month"]), ask)]
    units = ask.totals(("revenue_all",), ("month", "campaign_type", "campaign"))
    counts = units.groupby(["month", "campaign_type"])["campaign"].nunique().rename("units").reset_index()
    rows = rows.merge(counts, on=["month", "campaign_type"])
    value = rows["revenue.all"] / rows["units"].where(rows["units"] > 0)
    arm = np.where(rows["campaign_type"] == "test", "Test", "Control")
    return pd.DataFrame({"date": rows["month"], "arm": arm, "value": value, "units": rows["units"].astype(float)})


def _whole(months: pd.DatetimeIndex, ask: Ask) -> np.ndarray[Any, Any]:
    """Which months lie wholly in the span: one that it cuts would read as a fall; all where none does."""
    span = ask.span()
    if span is None:
        return np.ones(len(months), dtype=bool)
    inside = (months >= pd.Timestamp(span[0])) & (months + pd.offsets.MonthEnd(1) <= pd.Timestamp(span[1]))
    return inside if inside.any() else np.ones(len(months), dtype=bool)


def _draw_months(rows: pd.DataFrame, ask: Ask) -> Figure:
    ordered = pd.concat([rows[rows["arm"] == arm] for arm in NAMES.values()])
    return trend(ordered.rename(columns={"arm": "name"})[["date", "name", "value"]], PER_UNIT)


def _note(ask: Ask) -> str:
    level = formats.share(ask.assumptions.confidence)
    return f"Mean revenue per {unit(prepare.slice_of(ask))}, organic included · {level} intervals"


ARMS = Chart(
    "test_control", "Did test sell more than control?", "iroas", _arms,
    (Column("arm", "Arm"), Column("units", "Units", "count"), Column("mean", "Mean revenue", "money"),
     Column("lower", "From", "money"), Column("upper", "To", "money"),
     Column("revenue", "Revenue, organic included", "money"), column("spend")),
    _say, lambda rows, ask: ranking(rows.rename(columns={"arm": "name", "mean": "value"}), PER_UNIT),
    span=5, least=2, note=_note,
    empty="There are no two arms to compare: mark campaigns as test and control to measure.",
)  # fmt: skip
MONTHS = Chart(
    "arms_over_time", "How did the arms sell, month by month?", "iroas", _months,
    (Column("date", "Month", "date"), Column("arm", "Arm"),
     Column("value", "Revenue per campaign", "money"), Column("units", "Campaigns", "count")),
    lambda rows, ask: "A gap in every month is easier to believe than one peak.",
    _draw_months, span=7,
    empty="No order row is marked test or control. Arms that were declared are followed week by week below.",
    note=lambda ask: "Revenue per running campaign, organic included · by month",
)  # fmt: skip
