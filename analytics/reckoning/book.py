"""Decides which payouts belong to a selection, and what they come to: whole units, so that every sum is exact.

A payout is never cut: it belongs to the selection as a whole when a part of it lies there (on the posts and orders
that it paid for). What of it lies there is `laid`, the same sum that every page shows as payouts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

import pandas as pd

from analytics.ask import Ask
from analytics.reckoning.payout import CAUSES, Counts, Line, Payout
from analytics.reckoning.reckon import reckon
from data import schema
from data.filters import Filters

# Beside each payout: what posts and orders count for its campaign and for its influencer. As text: exact.
# A campaign that posts (or orders) name for anybody counts nothing for those who have none in it.
_OWED = """
    WITH named AS (
        SELECT campaign, count(posts) > 0 AS posted, count(orders) > 0 AS ordered, count(revenue) > 0 AS sold
        FROM facts WHERE influencer_id IS NOT NULL AND kind IN ('post', 'order') GROUP BY ALL
    ), counts AS (
        SELECT influencer_id, campaign, sum(posts) AS posts, sum(orders) AS orders, sum(revenue) AS revenue
        FROM facts WHERE influencer_id IS NOT NULL AND kind IN ('post', 'order') GROUP BY ALL
    ), whole AS (
        SELECT influencer_id, sum(posts) AS posts, sum(orders) AS orders, sum(revenue) AS revenue
        FROM counts GROUP BY ALL
    )
    SELECT o.file_no, o.row_no, t.payout_id, o.influencer_id, p.influencer, o.campaign, o.basis, o.rate, o.status,
        o.payout_date::VARCHAR AS day, o.payout::VARCHAR AS declared, o.bonus::VARCHAR AS bonus,
        o.seeding_cost::VARCHAR AS gift, o.orders::VARCHAR AS orders, o.posts::VARCHAR AS posts,
        o.revenue::VARCHAR AS revenue,
        CASE WHEN n.posted THEN coalesce(c.posts, 0) END::VARCHAR AS own_posts,
        CASE WHEN n.ordered THEN coalesce(c.orders, 0) END::VARCHAR AS own_orders,
        CASE WHEN n.sold THEN coalesce(c.revenue, 0) END::VARCHAR AS own_revenue,
        w.posts::VARCHAR AS all_posts, w.orders::VARCHAR AS all_orders, w.revenue::VARCHAR AS all_revenue
    FROM owed_lines o LEFT JOIN people p USING (influencer_id)
    LEFT JOIN payouts t ON t.file_no = o.file_no AND t.row_no = o.row_no
    LEFT JOIN counts c ON c.influencer_id = o.influencer_id AND c.campaign = o.campaign
    LEFT JOIN named n ON n.campaign = o.campaign
    LEFT JOIN whole w ON w.influencer_id = o.influencer_id
    ORDER BY p.influencer NULLS LAST, o.influencer_id, o.file_no, o.row_no
"""
_LAID = """
    SELECT influencer_id, basis, status, campaign, sum(payout_units)::VARCHAR AS units,
        sum(gift_units)::VARCHAR AS gifts
    FROM cube WHERE {where} AND kind = 'payout' GROUP BY ALL
"""
_PRESENT = "SELECT DISTINCT influencer_id FROM cube WHERE {where} AND influencer_id IS NOT NULL"
NOBODY = "(no influencer)"


@dataclass(frozen=True)
class Book:
    """The payouts of a selection, reckoned again.

    lines: one a payout, by name of the influencer. places: decimals of a whole unit. laid, gifts: whole units by
    influencer id ("" for none) that lie on the selection; None in `gifts` where no gift is known.
    """

    lines: tuple[Line, ...]
    places: int
    laid: dict[str, int]
    gifts: dict[str, int]

    def money(self, units: int | None) -> float:
        """Whole units as an amount: the nearest number there is, after all arithmetic."""
        return float("nan") if units is None else units / int(10**self.places)

    @property
    def declared(self) -> int:
        """All that was declared."""
        return sum(line.declared for line in self.lines)

    @property
    def recomputed(self) -> int:
        """All that rates and quantities give; a payout whose terms give no amount adds nothing."""
        return sum(line.recomputed or 0 for line in self.lines)

    @property
    def paid(self) -> int:
        """What of the payouts lies on the selection: the same as its payouts on every other page."""
        return sum(self.laid.values())

    def by_cause(self) -> dict[str, tuple[Line, ...]]:
        """The lines under each cause that occurs, in the order of CAUSES."""
        found = {cause: tuple(line for line in self.lines if line.cause == cause) for cause in CAUSES}
        return {cause: lines for cause, lines in found.items() if lines}

    def copies(self) -> dict[int, Line]:
        """Lines that repeat an earlier one in everything but their id: place in `lines` → the earlier line."""
        first: dict[object, Line] = {}
        repeated: dict[int, Line] = {}
        for place, line in enumerate(self.lines):
            earlier = first.setdefault(line.payout.signature, line)
            if earlier is not line:
                repeated[place] = earlier
        return repeated


@dataclass(frozen=True)
class _Places:
    """Keys (see _keys) of the payouts that lie on the selection and of those that lie anywhere, and the influencers
    of the selection."""

    here: frozenset[tuple[str, ...]]
    anywhere: frozenset[tuple[str, ...]]
    present: frozenset[str]


def book_of(ask: Ask) -> Book:
    """The payouts of the selection, reckoned again; remembered while the data stay the same. Raises NoData."""
    return _book(ask, ask.store.version)


@lru_cache(maxsize=32)
def _book(ask: Ask, version: int) -> Book:
    laid = _laid(ask)
    found = ask.store.rows("present", _PRESENT, ask.filters, tiers=ask.assumptions.tiers, cost=ask.assumptions.cost)
    places = _Places(_keys(laid), _anywhere(ask.store, version), frozenset(_texts(found["influencer_id"])))
    lines = tuple(line for line in _reckoned(ask.store, version) if _belongs(line.payout, ask.filters, places))
    sums, gifts = (_sums(laid, column) for column in ("units", "gifts"))
    return Book(lines, ask.store.places(), sums, gifts)


@lru_cache(maxsize=4)
def _reckoned(store: Any, version: int) -> tuple[Line, ...]:
    """Every payout of the data, reckoned again."""
    places = store.places()
    rows = store.rows("owed", _OWED, Filters())
    return tuple(reckon(_payout(row, places), places) for row in rows.to_dict("records"))


def _payout(row: dict[str, Any], places: int) -> Payout:
    text = {key: "" if pd.isna(value) else f"{value}" for key, value in row.items()}
    return Payout(
        (int(row["file_no"]), int(row["row_no"])), text["payout_id"], text["influencer_id"],
        text["influencer"] or NOBODY, text["campaign"], text["basis"], text["rate"].strip(),
        _units(text["declared"], places), _units(text["bonus"], places) or 0, _units(text["gift"], places),
        text["status"], text["day"], _counts(text, ""), _counts(text, "own_"), _counts(text, "all_"),
    )  # fmt: skip


def _units(text: str, places: int) -> int | None:
    """An amount in whole units; only a bonus may have more decimals than they."""
    return None if not text else round(Fraction(text) * int(10**places))


def _counts(text: dict[str, str], prefix: str) -> Counts:
    return {key: Fraction(text[prefix + key]) for key in ("posts", "orders", "revenue") if text[prefix + key]}


def _laid(ask: Ask) -> pd.DataFrame:
    """What lies on the selection, in whole units as text: a row an influencer, basis, status and campaign."""
    chosen = ask.assumptions
    frame: pd.DataFrame = ask.store.rows("laid", _LAID, ask.filters, tiers=chosen.tiers, cost=chosen.cost)
    return frame


def _sums(laid: pd.DataFrame, column: str) -> dict[str, int]:
    sums: dict[str, int] = {}
    for person, units in zip(_texts(laid["influencer_id"]), _texts(laid[column]), strict=True):
        if units:
            sums[person] = sums.get(person, 0) + int(units)
    return sums


@lru_cache(maxsize=4)
def _anywhere(store: Any, version: int) -> frozenset[tuple[str, ...]]:
    """The keys of everything that was laid, whatever is selected."""
    return _keys(store.rows("laid", _LAID, Filters()))


def _texts(values: Iterable[Any]) -> list[str]:
    return ["" if pd.isna(value) else f"{value}" for value in values]


def _keys(laid: pd.DataFrame) -> frozenset[tuple[str, ...]]:
    """Who is paid for what by which basis, with the campaign and, for payouts that name none, without."""
    columns = [_texts(laid[key]) for key in ("influencer_id", "basis", "status", "campaign")]
    rows = list(zip(*columns, strict=True))
    return frozenset(rows) | frozenset((*row[:3], "") for row in rows)


def _belongs(payout: Payout, wanted: Filters, places: _Places) -> bool:
    """Whether a part of it lies on the selection; of what lies nowhere, whether its influencer is in the selection."""
    basis = payout.basis or schema.UNKNOWN
    key = (payout.influencer_id, basis, payout.status, payout.campaign)
    if key in places.anywhere:
        return key in places.here
    fits = (not wanted.basis or basis in wanted.basis) and (
        not wanted.campaign or not payout.campaign or payout.campaign in wanted.campaign
    )
    return fits and (payout.influencer_id in places.present or wanted == Filters())
