"""Decides which share of each unit's revenue and spend every value of a dimension holds, from one grouped query."""

from __future__ import annotations

import pandas as pd

from analytics.ask import Ask
from analytics.incrementality.slice import Slice
from analytics.preparing import phases
from data.filters import Filters

KINDS = ("pre", "test", "orders_all", "spend")
HOME = 0.1
COLUMN = {"campaign": "campaign", "influencer": "influencer_id"}
"""Units that payouts name, and their column."""
_PLACES = """
    SELECT {dimension} AS value, place AS unit, {when} sum(revenue_all)::DOUBLE AS revenue_all,
        sum(orders_all)::DOUBLE AS orders_all
    FROM place_days WHERE {{where}} AND place IS NOT NULL GROUP BY ALL ORDER BY ALL
"""


def parts(ask: Ask, whole: Slice, dimension: str, unit: str) -> pd.DataFrame:
    """Shares of each unit's revenue before and in the test, of its orders in the test and its spend, by value.

    unit: 'campaign', 'influencer' or 'geo'. Columns: value, unit, pre, test, orders_all, spend; shares of the unit's
    own sum, 0 where it has none. Payouts name no place: there each value has its share of all spend.
    """
    when, within = _when(whole), _own_days(ask, whole)
    frame = _placed(within, dimension, when) if unit == "geo" else _named(within, dimension, unit, when)
    before, during = _times(frame, whole)
    sums = frame.assign(unit=frame["unit"].astype(str), pre=frame["revenue_all"].where(before, 0.0))
    for key, name in (("revenue_all", "test"), ("orders_all", "orders_all")):
        sums[name] = frame[key].where(during, 0.0)
    kinds = list(KINDS)
    by_value = sums.groupby(["value", "unit"], as_index=False)[kinds].sum()
    totals = by_value.groupby("unit")[kinds].transform("sum")
    by_value[kinds] = (by_value[kinds] / totals.where(totals != 0)).fillna(0.0)
    return by_value.assign(spend=by_value["value"].map(_spent(ask, dimension))) if unit == "geo" else by_value


def _named(ask: Ask, dimension: str, unit: str, when: tuple[str, ...]) -> pd.DataFrame:
    frame = ask.totals(("revenue_all", "orders_all", "spend"), (dimension, unit, *when))
    return frame[frame[COLUMN[unit]].notna()].rename(columns={dimension: "value", COLUMN[unit]: "unit"})


def _placed(ask: Ask, dimension: str, when: tuple[str, ...]) -> pd.DataFrame:
    if not ask.store.carries_order_places():
        return pd.DataFrame({key: [] for key in ("value", "unit", *when, "revenue_all", "orders_all", "spend")})
    sql, chosen = _PLACES.format(dimension=dimension, when="".join(f"{key}, " for key in when)), ask.assumptions
    frame: pd.DataFrame = ask.store.rows(
        f"places_by_{dimension}", sql, ask.filters, tiers=chosen.tiers, cost=chosen.cost
    )
    return frame.assign(spend=0.0)


def _spent(ask: Ask, dimension: str) -> dict[str, float]:
    """Each value's share of all spend."""
    frame = ask.totals(("spend",), (dimension,)).fillna({"spend": 0.0})
    shares = frame["spend"] / frame["spend"].sum() if frame["spend"].sum() > 0 else frame["spend"] * 0.0
    return dict(zip(frame[dimension].astype(str), shares.astype(float), strict=True))


def _own_days(ask: Ask, whole: Slice) -> Ask:
    """A test is read over its own days and those before it, whichever of them the selection shows."""
    if whole.test_days <= 0:
        return ask
    scope = Filters.from_query(whole.experiment.query) if whole.experiment else Filters()
    return ask.narrowed(since=scope.since, until=scope.until)


def _when(whole: Slice) -> tuple[str, ...]:
    """What says whether a row lies before the test or in it."""
    if whole.test_days <= 0:
        return ()
    return ("date",) if whole.experiment is not None and whole.experiment.start is not None else ("period",)


def _times(frame: pd.DataFrame, whole: Slice) -> tuple[pd.Series, pd.Series]:
    """Which rows lie before the test, and which in it; all of them where no time before is known."""
    everything = pd.Series(True, index=frame.index)
    if "period" in frame:
        said = frame["period"].map(phases.phase)
        return said.eq(phases.PRE), said.eq(phases.TEST)
    declared = whole.experiment
    if "date" not in frame or declared is None or declared.start is None or declared.end is None:
        return everything, everything
    day = pd.to_datetime(frame["date"])
    before, during = day < pd.Timestamp(declared.start), day.between(str(declared.start), str(declared.end))
    return before & (day >= pd.Timestamp(declared.pre_start)) if declared.pre_start else before, during


def homes(ask: Ask, dimension: str, values: list[str]) -> dict[str, frozenset[str]]:
    """The campaigns in which each value could have sold: those of the brands that sell it.

    A campaign is of a brand that holds at least a tenth of its revenue or spend; a stray order makes no campaign.
    """
    sums = ["revenue_all", "spend"]
    campaigns = _belongs(ask.totals(tuple(sums), ("brand", "campaign")), "campaign")
    if dimension == "brand":
        return {value: frozenset(campaigns.loc[campaigns["brand"] == value, "campaign"]) for value in values}
    sold = _belongs(ask.totals(tuple(sums), ("brand", dimension)), dimension)
    joined = sold.merge(campaigns, on="brand")
    return {value: frozenset(joined.loc[joined[dimension] == value, "campaign"]) for value in values}


def _belongs(frame: pd.DataFrame, key: str) -> pd.DataFrame:
    """Pairs of brand and key in which the brand holds at least a tenth of the key's revenue or spend."""
    sums = frame[["revenue_all", "spend"]].fillna(0.0)
    held = sums / sums.groupby(frame[key]).transform("sum").replace(0.0, float("nan"))
    pairs: pd.DataFrame = frame.loc[(held >= HOME).any(axis=1), ["brand", key]].astype(str)
    return pairs
