"""Decides what findings may be made from: sums of the selection, and the headline that its court has spoken."""

from __future__ import annotations

import pandas as pd

from analytics.ask import Ask, named_groups
from analytics.finding_rules.evidence import MONTHLY, PEOPLE, PRODUCT_PEOPLE, PRODUCTS, Evidence
from analytics.incrementality.estimate import Estimate
from analytics.preparing.selection import organic
from data import schema

_PAYOUT_GAPS = """
    SELECT count(*)::DOUBLE AS n, sum(abs(given - nearest)) AS apart
    FROM payout_gaps WHERE influencer_id IN (SELECT influencer_id FROM cube WHERE {where})
"""


def evidence(ask: Ask, headline: Estimate) -> Evidence:
    """See Evidence for the meaning of each field."""
    sums = ask.totals(("spend", "revenue", "revenue_all", "seeding_cost")).iloc[0].astype(float)
    count, amount = _mismatches(ask)
    return Evidence(
        headline=headline, revenue=sums["revenue"], spend=sums["spend"],
        people=ask.people()[list(PEOPLE)], products=_products(ask), product_people=_product_people(ask),
        monthly=_months(ask), organic_revenue=organic(sums), seeding_cost=sums["seeding_cost"],
        unallocated=_unallocated(ask), payout_mismatches=count, payout_mismatch_amount=amount,
    )  # fmt: skip


def _products(ask: Ask) -> pd.DataFrame:
    frame = ask.totals(("revenue", "spend", "orders", "gross_profit"), ("product", "brand", "product_category"))
    how = {"brand": "first", "product_category": "first", "revenue": "sum", "spend": "sum", "orders": "sum"}
    products = named_groups(frame, "product").groupby("product", as_index=False)
    return products.agg({**how, "gross_profit": _sum_of_known})[list(PRODUCTS)]


def _sum_of_known(values: pd.Series) -> float:
    return float(values.sum(min_count=1))


def _product_people(ask: Ask) -> pd.DataFrame:
    frame = ask.totals(("revenue", "spend"), ("product", "influencer"))
    return named_groups(frame.dropna(subset=["influencer_id"]), "product")[list(PRODUCT_PEOPLE)].reset_index(drop=True)


def _months(ask: Ask) -> pd.DataFrame:
    """Complete months only: a month that the span cuts would read as a fall."""
    span = ask.span()
    frame = ask.totals(("revenue", "spend", "orders", "revenue_all"), ("month",))
    frame = frame[frame["month"].notna()]
    if span is None or frame.empty:
        return pd.DataFrame({key: pd.Series(dtype=float) for key in MONTHLY})
    months = pd.DatetimeIndex(frame["month"])
    whole = pd.date_range(months.min(), months.max(), freq="MS")
    frame = frame.set_index(months)[list(MONTHLY[1:])].reindex(whole).fillna(0.0)
    ended = frame.index + pd.offsets.MonthEnd(1)
    frame = frame[(frame.index >= pd.Timestamp(span[0])) & (ended <= pd.Timestamp(span[1]))]
    return frame.rename_axis("month").reset_index()


def _unallocated(ask: Ask) -> float:
    frame = ask.totals(("spend",), ("product",))
    return float(frame.loc[frame["product"] == schema.UNALLOCATED, "spend"].sum())


def _mismatches(ask: Ask) -> tuple[int, float]:
    """Payouts of the selection's influencers that differ from what their rate gives, and by how much in all."""
    chosen = ask.assumptions
    row = ask.store.rows("payout_gaps", _PAYOUT_GAPS, ask.filters, tiers=chosen.tiers, cost=chosen.cost).iloc[0]
    return int(row["n"]), float(row["apart"]) if row["n"] else 0.0
