"""Decides what a test among places rests on: where orders came from, and how spend without a place is laid."""

from __future__ import annotations

import pandas as pd

from analytics.ask import Ask
from analytics.incrementality.slice import TREATED

_DAYS = """
    SELECT place AS unit, campaign_type, period, date, sum(revenue_all)::DOUBLE AS revenue,
        sum(orders_all)::DOUBLE AS orders
    FROM place_days WHERE {where} GROUP BY ALL ORDER BY ALL
"""
_COLUMNS = ("unit", "campaign_type", "period", "date", "revenue", "orders", "spend")


def rows(ask: Ask) -> pd.DataFrame:
    """Sums by place, arm and period as the rows say, and day; spend stands under no place. Empty without places."""
    spent = ask.totals(("spend",), ("period", "date")).fillna({"spend": 0.0})
    spent = spent.assign(unit=None, campaign_type=None, revenue=0.0, orders=0.0)
    parts = [spent[spent["spend"].ne(0)]]
    if ask.store.carries_order_places():
        chosen = ask.assumptions
        sold = ask.store.rows("place_days", _DAYS, ask.filters, tiers=chosen.tiers, cost=chosen.cost)
        parts.insert(0, sold.fillna({"revenue": 0.0, "orders": 0.0}).assign(spend=0.0))
    frame = pd.concat([part[list(_COLUMNS)].astype(object) for part in parts], ignore_index=True)
    frame = frame.assign(**{key: frame[key].astype(float) for key in ("revenue", "orders", "spend")})
    return frame.assign(date=pd.to_datetime(frame["date"]), unit=frame["unit"].where(frame["unit"].notna(), None))


def laid(told: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """The rows with the spend that has no place laid on the places of the arms.

    In the test on the treated places, before it on all, each time in proportion to what a place sold before the test:
    payouts name no place, and what a place sold in the test would let the result choose its own price. Where nothing
    was sold before, in equal parts.
    """
    bare = told[told["unit"].isna() & told["spend"].ne(0)]
    others = told[~told.index.isin(bare.index)]
    if bare.empty or pairs.empty:
        return told
    before = told[told["phase"].eq("pre")].groupby("unit")["revenue"].sum().clip(lower=0.0)
    parts = [others]
    for phase, own in bare.groupby("phase"):
        units = pairs[pairs["arm"].eq(TREATED)] if phase != "pre" else pairs
        weight = before.reindex(units["unit"]).fillna(0.0).to_numpy()
        weight = (
            weight / weight.sum() if weight.sum() > 0 else pd.Series(1 / max(len(units), 1), units.index).to_numpy()
        )
        cut = own.drop(columns=["unit", "arm"]).merge(units.assign(weight=weight), how="cross")
        parts.append(cut.assign(spend=cut["spend"] * cut["weight"]).drop(columns="weight"))
    return pd.concat(parts, ignore_index=True)
