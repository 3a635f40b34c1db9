"""Decides what the measurement methods and the findings are given: the store's sums, put into their frames."""

from __future__ import annotations

from functools import lru_cache

import pandas as pd

from analytics.ask import Ask, named_groups
from analytics.finding_rules.evidence import MONTHLY, PEOPLE, PRODUCT_PEOPLE, PRODUCTS, Evidence
from analytics.findings import findings
from analytics.incrementality.court import court, headline
from analytics.incrementality.estimate import Estimate
from analytics.incrementality.slice import CONTROL, TREATED, OrderRows, Slice
from analytics.views import Finding
from data import schema

_ARMS = {"test": TREATED, "control": CONTROL}
_CARRIED_BY_ORGANIC = frozenset({"brand", "product", "product_category", "campaign", "campaign_type"})
_ROW_STATISTICS = """
    SELECT campaign_type, count(*)::INTEGER AS n, avg(revenue)::DOUBLE AS mean, stddev_samp(revenue)::DOUBLE AS sd
    FROM order_cube WHERE {where} AND campaign_type IN ('test', 'control') GROUP BY ALL
"""
_PAYOUT_GAPS = """
    SELECT count(*)::DOUBLE AS n, sum(abs(given - nearest)) AS apart
    FROM payout_gaps WHERE influencer_id IN (SELECT influencer_id FROM cube WHERE {where})
"""


def court_of(ask: Ask) -> tuple[Estimate, ...]:
    """Every method's estimate for this selection; remembered as long as the data stay the same."""
    return _court(ask, ask.store.version)


@lru_cache(maxsize=64)
def _court(ask: Ask, version: int) -> tuple[Estimate, ...]:
    return court(slice_of(ask), ask.assumptions)


def slice_of(ask: Ask) -> Slice:
    """The selection as the methods take it: see Slice for the meaning of each field."""
    sums = ask.totals(("spend", "revenue", "revenue_all")).iloc[0].astype(float)
    unit, cells = _cells(ask)
    rows = _row_statistics(ask)
    narrowed = _beyond_organic(ask)
    organic = ask.narrowed(basis=()).totals(("revenue", "revenue_all")).iloc[0].astype(float)
    return Slice(
        spend=sums["spend"], revenue=sums["revenue"], revenue_all=sums["revenue_all"],
        revenue_organic=_organic(organic), unit_name=unit, cells=cells,
        influencers=_influencers(ask), campaigns=_campaigns(ask), daily=_daily(ask),
        treated_rows=rows.get("test", OrderRows()), control_rows=rows.get("control", OrderRows()),
        organic_carries=not narrowed, narrowed_by=narrowed, declared_random=_declared(ask),
    )  # fmt: skip


def _organic(sums: pd.Series) -> float:
    """Revenue of rows without an influencer; NaN when there are none."""
    rest = float(sums["revenue_all"] - sums["revenue"])
    return rest if rest > 0.005 else float("nan")


def _declared(ask: Ask) -> bool | None:
    """Whether arms were drawn at random is the user's word; of the sample we know it, since we made it."""
    return True if ask.store.provenance().is_sample else None


def _beyond_organic(ask: Ask) -> tuple[str, ...]:
    """What the selection is narrowed by that organic orders do not carry, in words."""
    chosen = [schema.DIMENSIONS[key].label.lower() for key in ask.filters.chosen() if key not in _CARRIED_BY_ORGANIC]
    others = {"influencer name": ask.filters.name, "minimum ROAS": ask.filters.min_roas}
    return (*chosen, *(words for words, value in others.items() if value))


def _cells(ask: Ask) -> tuple[str, pd.DataFrame]:
    """Campaigns by arm where campaigns carry one; else influencers by arm."""
    sums = ["revenue_all", "orders_all", "spend"]
    for unit, key in (("campaign", "campaign"), ("influencer", "influencer_id")):
        frame = ask.totals(tuple(sums), (unit, "campaign_type"))
        frame = frame[frame["campaign_type"].isin(list(_ARMS))]
        frame = named_groups(frame[frame[key].notna()], key)
        if not frame.empty:
            break
    cells = frame[sums].fillna(0.0).assign(unit=frame[key].astype(str), arm=frame["campaign_type"].map(_ARMS))
    return unit, cells[["unit", "arm", *sums]].reset_index(drop=True)


def _row_statistics(ask: Ask) -> dict[str, OrderRows]:
    chosen = ask.assumptions
    frame = ask.store.rows("row_statistics", _ROW_STATISTICS, ask.filters, tiers=chosen.tiers, cost=chosen.cost)
    rows = zip(frame["campaign_type"], frame["n"], frame["mean"], frame["sd"], strict=True)
    return {arm: OrderRows(int(n), float(mean), float(sd)) for arm, n, mean, sd in rows}


def _influencers(ask: Ask) -> pd.DataFrame:
    return ask.people()[["influencer_id", "revenue", "spend"]].fillna(0.0)


def _campaigns(ask: Ask) -> pd.DataFrame:
    frame = ask.narrowed(campaign=()).totals(("revenue", "spend"), ("campaign",))
    frame = named_groups(frame, "campaign").fillna(0.0)
    chosen = ask.filters.campaign
    return frame.assign(chosen=frame["campaign"].isin(chosen) if chosen else True).reset_index(drop=True)


def _daily(ask: Ask) -> pd.DataFrame:
    frame = ask.totals(("revenue", "revenue_all"), ("date",))
    frame = frame[frame["date"].notna()]
    if frame.empty:
        return pd.DataFrame({"date": pd.Series(dtype=object), "revenue": [], "revenue_organic": []})
    days = pd.date_range(frame["date"].min(), frame["date"].max())
    frame = frame.set_index(pd.DatetimeIndex(frame["date"]))[["revenue", "revenue_all"]].reindex(days).fillna(0.0)
    organic = frame["revenue_all"] - frame["revenue"]
    return pd.DataFrame({"date": days, "revenue": frame["revenue"].to_numpy(), "revenue_organic": organic.to_numpy()})


def evidence_of(ask: Ask) -> Evidence:
    """The sums that findings may be made from; remembered as long as the data stay the same."""
    return _evidence(ask, ask.store.version)


@lru_cache(maxsize=64)
def _evidence(ask: Ask, version: int) -> Evidence:
    """See Evidence for the meaning of each field."""
    sums = ask.totals(("spend", "revenue", "revenue_all", "seeding_cost")).iloc[0].astype(float)
    count, amount = _mismatches(ask)
    return Evidence(
        headline=headline(court_of(ask)), revenue=sums["revenue"], spend=sums["spend"],
        people=ask.people()[list(PEOPLE)], products=_products(ask), product_people=_product_people(ask),
        monthly=_months(ask), organic_revenue=_organic(sums), seeding_cost=sums["seeding_cost"],
        unallocated=_unallocated(ask), payout_mismatches=count, payout_mismatch_amount=amount,
    )  # fmt: skip


def findings_of(ask: Ask) -> tuple[Finding, ...]:
    """What the numbers bear out; remembered as long as the data stay the same."""
    return _findings(ask, ask.store.version)


@lru_cache(maxsize=64)
def _findings(ask: Ask, version: int) -> tuple[Finding, ...]:
    return findings(evidence_of(ask), ask.assumptions)


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
