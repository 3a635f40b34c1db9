"""Decides how a selection is summed: what adds up over the cube, and what counts distinct people and customers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from data import schema
from data.engines.duckdb import Reader
from data.filters import Filters
from data.where import Parameters, groups, where

_ZERO_WHERE_CARRIED = ("revenue", "revenue_all", "orders", "orders_all", "spend", "payout", "posts")
_BOUGHT = "NOT organic AND coalesce(orders, 1) > 0"


@dataclass(frozen=True)
class Selection:
    """Rows, how they are grouped, and how they are reckoned. places: decimals of a whole unit of spend."""

    filters: Filters
    by: tuple[str, ...]
    tiers: str
    cost: str
    places: int

    @property
    def keys(self) -> list[str]:
        """The columns that name a group: an influencer has two."""
        return [
            name for key in self.by for name in (("influencer_id", "influencer") if key == "influencer" else (key,))
        ]

    @property
    def grouped(self) -> tuple[list[str], str]:
        """The grouping columns as SQL, and the clause that groups by them; both empty without any."""
        return ([groups(self.by, self.tiers)], " GROUP BY ALL ORDER BY ALL") if self.by else ([], "")

    @property
    def spend(self) -> dict[str, str]:
        """SQL of each measure that is made of whole units."""
        cash, gifts = (f"(sum({key})::DOUBLE / 1e{self.places})" for key in ("payout_units", "gift_units"))
        known = "sum(payout_units) IS NOT NULL OR sum(gift_units) IS NOT NULL"
        both = f"CASE WHEN {known} THEN coalesce({cash}, 0) + coalesce({gifts}, 0) END"
        return {"payout": cash, "seeding_cost": gifts, "spend": cash if self.cost == "cash" else both}

    def clause(self) -> tuple[str, Parameters]:
        """Which rows count, and the values in it. People without rows have no brand, day or campaign to stand under."""
        clause, values = where(self.filters, self.tiers, f"({self.spend['spend']})")
        if any(schema.DIMENSIONS[key].of == "row" and key != "platform" for key in self.by):
            clause += " AND kind <> 'person'"
        return clause, values


def totals(reader: Reader, chosen: Selection, measures: tuple[str, ...], carried: Iterable[str]) -> pd.DataFrame:
    """The measures of each group, as Store.totals returns them. carried: the measures that at least one file has."""
    frame = _summed(reader, chosen, [key for key in measures if schema.MEASURES[key].how == "sum"])
    for how, count in (("people", _people), ("customers", _customers)):
        wanted = [key for key in measures if schema.MEASURES[key].how == how]
        if wanted:
            frame = _beside(frame, count(reader, chosen)[[*chosen.keys, *wanted]], chosen)
    if chosen.by and measures:
        frame = frame[frame[list(measures)].notna().any(axis=1)]
    fill = {key: 0.0 for key in _ZERO_WHERE_CARRIED if key in measures and key in carried}
    # Zero is only said where rows stand behind it; nothing selected is missing, not zero.
    filled = frame.fillna(fill).where(frame["behind"].fillna(0) > 0, frame)
    return filled[[*chosen.keys, *measures]].reset_index(drop=True)


def _beside(frame: pd.DataFrame, other: pd.DataFrame, chosen: Selection) -> pd.DataFrame:
    return frame.merge(other, on=chosen.keys, how="outer") if chosen.by else pd.concat([frame, other], axis=1)


def _summed(reader: Reader, chosen: Selection, sums: list[str]) -> pd.DataFrame:
    """What adds up, and how many rows are behind each group."""
    clause, values = chosen.clause()
    keys, grouping = chosen.grouped
    asked = [f"{chosen.spend.get(key, f'sum({key})')} AS {key}" for key in sums]
    select = ", ".join([*keys, *asked, "count(*) AS behind"])
    return reader.frame(f"SELECT {select} FROM cube WHERE {clause}{grouping}", values)


def _people(reader: Reader, chosen: Selection) -> pd.DataFrame:
    """Distinct influencers, and their followers, each counted once."""
    clause, values = chosen.clause()
    keys, grouping = chosen.grouped
    one = f"SELECT DISTINCT {', '.join([*keys, 'influencer_id AS one', 'followers'])} FROM cube"
    counted = ["nullif(count(*), 0)::DOUBLE AS influencers", "sum(followers) AS followers"]
    select = ", ".join([*chosen.keys, *counted])
    return reader.frame(f"SELECT {select} FROM ({one} WHERE {clause} AND influencer_id IS NOT NULL){grouping}", values)


def _customers(reader: Reader, chosen: Selection) -> pd.DataFrame:
    """Distinct customers with an attributed order."""
    clause, values = chosen.clause()
    keys, grouping = chosen.grouped
    select = ", ".join([*keys, "nullif(count(DISTINCT user_id), 0)::DOUBLE AS customers"])
    return reader.frame(f"SELECT {select} FROM order_cube WHERE {clause} AND {_BOUGHT}{grouping}", values)
