"""Decides what is known of the scatter that a test has to see through: revenue by unit and week, from data or usual."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from analytics import formats
from analytics.ask import Ask, named_groups
from analytics.effects.refusals import Numbers, no_giant
from data.experiments.record import UNITS

LEAST_UNITS, LEAST_WEEKS = 8, 4
MOST_CUSTOMERS = 20_000
USUAL_SHARE, USUAL_BETWEEN, USUAL_WITHIN = 0.05, 1.0, 0.6
USUAL_MARGIN = 0.4
SEED = 20261121
_GROUPS = {"campaign": "campaign", "influencer": "influencer_id"}
_CLOCKS = {"campaign": ", each counted from its own first week", "geo": ", whatever the filters"}
_CUSTOMERS = """
    SELECT user_id AS unit, date_trunc('week', date) AS week, sum(revenue) AS revenue
    FROM order_cube WHERE {where} AND date IS NOT NULL AND user_id IN (
        SELECT user_id FROM order_cube WHERE {where} AND user_id IS NOT NULL
        GROUP BY user_id ORDER BY hash(user_id), user_id LIMIT 20000
    ) GROUP BY ALL
"""
_PLACES = """
    SELECT place AS unit, date_trunc('week', date) AS week, sum(revenue_all) AS revenue
    FROM place_days WHERE place IS NOT NULL AND NOT starts_with(place, '(') AND date IS NOT NULL GROUP BY ALL
"""


@dataclass(frozen=True, eq=False)
class Known:
    """What a test among these units has to see through.

    revenue: unit × week, money, all rows (organic included); a week without rows is 0. is_usual: stated usual values
    stand in, as the data tell too little. spend: on one unit in one week, per_post: on one post, margin: gross profit
    of a unit of revenue; NaN where unknown. says: where it comes from, a sentence.
    """

    unit: str
    revenue: Numbers
    says: str
    is_usual: bool = False
    spend: float = float("nan")
    per_post: float = float("nan")
    margin: float = float("nan")

    @property
    def weeks(self) -> int:
        """Weeks that are known."""
        return int(self.revenue.shape[1])


def known_before(known: Known | None, weeks: int) -> int:
    """Weeks that the data hold before a test of so many: all there are, 0 where they are fewer than the test's."""
    room = known.weeks - weeks if known is not None and not known.is_usual else 0
    return room if room >= weeks else 0


def known_of(ask: Ask, unit: str) -> Known | None:
    """What the loaded data tell of these units; None when they tell too little (few units, few weeks, no scatter)."""
    return _known(ask, unit, ask.store.version)


@lru_cache(maxsize=32)
def _known(ask: Ask, unit: str, version: int) -> Known | None:
    frame = _rows(ask, unit)
    frame = frame[frame["week"].notna()]
    if frame.empty:
        return None
    table = _table(frame, unit)
    if len(table) < LEAST_UNITS or table.shape[1] < LEAST_WEEKS or np.ptp(table) == 0:
        return None
    no_giant(table.sum(axis=1), f"the revenue of all {UNITS[unit]}")
    spend, per_post, margin = _money(ask, frame)
    clock = _CLOCKS.get(unit, "")
    says = f"{formats.count(len(table))} {UNITS[unit]} over {table.shape[1]} weeks of your data{clock}"
    return Known(unit, table, says, False, spend, per_post, margin)


def _rows(ask: Ask, unit: str) -> pd.DataFrame:
    """unit, week, revenue and, where units are paid for, spend."""
    if unit == "customer":
        return _from_orders(ask, "planned_customers", _CUSTOMERS)
    if unit == "geo":
        there = getattr(ask.store, "carries_order_places", lambda: False)()
        return _from_orders(ask, "planned_places", _PLACES) if there else _none()
    frame = ask.totals(("revenue_all", "spend"), (unit, "week"))
    frame = named_groups(frame[frame[_GROUPS[unit]].notna()], _GROUPS[unit])
    named = frame.rename(columns={_GROUPS[unit]: "unit", "revenue_all": "revenue"})
    return named[["unit", "week", "revenue", "spend"]]


def _from_orders(ask: Ask, name: str, sql: str) -> pd.DataFrame:
    chosen = ask.assumptions
    frame: pd.DataFrame = ask.store.rows(name, sql, ask.filters, tiers=chosen.tiers, cost=chosen.cost)
    return frame.assign(spend=np.nan)


def _none() -> pd.DataFrame:
    return pd.DataFrame({"unit": [], "week": pd.to_datetime([]), "revenue": [], "spend": []})


def _table(frame: pd.DataFrame, unit: str) -> Numbers:
    """Unit × week. The first and the last week of the data may be cut and are left out; a campaign has its own clock:
    it is not there before its first week, and those that end early have sold nothing since."""
    weeks = pd.to_datetime(frame["week"])
    place = (weeks - weeks.min()).dt.days // 7
    if unit == "campaign":
        place = place - place.groupby(frame["unit"]).transform("min")
        usual = int(place.groupby(frame["unit"]).max().median())
        frame, place = frame[place <= usual], place[place <= usual]
    made = frame.assign(place=place, revenue=frame["revenue"].astype(float).fillna(0.0))
    table = made.pivot_table(index="unit", columns="place", values="revenue", aggfunc="sum", fill_value=0.0)
    full: Numbers = table.reindex(columns=range(int(place.max()) + 1), fill_value=0.0).to_numpy(dtype=float)
    return full[:, 1:-1] if unit != "campaign" and full.shape[1] > LEAST_WEEKS + 2 else full


def _money(ask: Ask, frame: pd.DataFrame) -> tuple[float, float, float]:
    """Spend on a unit and week in which any was spent, on a post, and the margin; NaN where unknown."""
    paid = frame[frame["spend"] > 0]
    sums = ask.totals(("spend", "posts", "revenue", "gross_profit")).iloc[0].astype(float)
    a_week = float(paid["spend"].sum() / len(paid)) if len(paid) else float("nan")
    per_post = sums["spend"] / sums["posts"] if sums["posts"] > 0 else float("nan")
    margin = sums["gross_profit"] / sums["revenue"] if sums["revenue"] > 0 else float("nan")
    return a_week, float(per_post), float(margin) if 0 < margin <= 1 else float("nan")


def usual(unit: str, spend: float) -> Known:
    """Stated usual values: spend is 5 % of revenue, units differ by ±100 %, weeks by ±60 %; lognormal, one seed.

    spend: on one unit in one week, money. 200 units, 26 weeks; weeks of a unit are independent given the unit.
    """
    rng = np.random.default_rng(SEED)
    between, within = (np.sqrt(np.log(1 + size**2)) for size in (USUAL_BETWEEN, USUAL_WITHIN))
    units = rng.lognormal(-(between**2) / 2, between, (200, 1))
    weeks = rng.lognormal(-(within**2) / 2, within, (200, 26))
    says = "usual values, since the data tell too little: spend is 5 % of revenue, units differ by ±100 %, weeks by"
    return Known(unit, np.asarray(units * weeks * spend / USUAL_SHARE), f"{says} ±60 %", True, spend)
