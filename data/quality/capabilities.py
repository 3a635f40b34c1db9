"""Decides what a data set lets people ask: which questions its columns open, and what would open the locked ones."""

from __future__ import annotations

from dataclasses import dataclass

from data import schema
from data.quality.rules.marks import Asks


@dataclass(frozen=True)
class Capability:
    """One thing that features need. has: whether the data carry it; says: what it opens, or what would open it."""

    key: str
    label: str
    has: bool
    says: str


@dataclass(frozen=True)
class _Need:
    """sql: true where the data have it; opens: what then works; lacks: what is missing; add: what would unlock it."""

    key: str
    label: str
    sql: str
    lacks: str
    opens: str
    add: str


def _named(column: str) -> str:
    return f"{column} IS NOT NULL AND {column} <> '{schema.UNKNOWN}' AND {column} <> '{schema.UNALLOCATED}'"


_ORDER, _POST, _PAYOUT = (f"kind = '{kind}'" for kind in ("order", "post", "payout"))
# Each over the rows of `facts`: one pass answers them all.
_OF_FACTS: tuple[_Need, ...] = (
    _Need("has_orders", "Orders and revenue", f"{_ORDER} AND revenue_all IS NOT NULL", "No orders",
          "revenue, AOV and ROAS", "Add the tracking table with a revenue column."),
    _Need("has_organic", "Organic orders", f"{_ORDER} AND basis = '{schema.ORGANIC}'", "No organic orders",
          "rate-matched iROAS against organic orders",
          "Add the orders without an influencer to tracking: leave influencer_id empty."),
    _Need("has_holdout", "Control rows", f"{_ORDER} AND lower(campaign_type) = 'control'", "No control rows",
          "test against control", "Add campaign_type (test or control) to tracking."),
    _Need("has_periods", "Before and during", f"{_ORDER} AND period IS NOT NULL", "No periods",
          "before against during", "Add period (before, during or after) to tracking."),
    _Need("has_dates", "Days of orders", f"{_ORDER} AND date IS NOT NULL", "No days of orders",
          "trends, before against after, and any choice of days", "Add date to tracking."),
    _Need("has_posts", "Posts", f"{_POST} AND posts > 0", "No posts",
          "posts, engagement and cost per post", "Add the posts table."),
    _Need("has_reach", "Reach", f"{_POST} AND reach > 0", "No reach",
          "engagement rates and cost per reach", "Add reach to posts."),
    _Need("has_impressions", "Impressions", f"{_POST} AND impressions > 0", "No impressions",
          "cost per thousand impressions", "Add impressions to posts."),
    _Need("has_touches", "Clicks", "clicks > 0", "No clicks", "click rates and orders per click",
          "Add clicks to posts or tracking."),
    _Need("has_cost", "Payouts", f"{_PAYOUT} AND payout_units IS NOT NULL", "No payouts",
          "spend, ROAS, ROI and cost per order", "Add the payouts table with total_payout."),
    _Need("has_gifts", "Gifted products", f"{_PAYOUT} AND gift_units IS NOT NULL", "No gifted products",
          "spend with gifts at cost", "Add gifted_product_cost to payouts."),
    _Need("has_margin", "Margin or profit", f"{_ORDER} AND gross_profit IS NOT NULL", "No margin and no profit",
          "profit ROI and break-even ROAS", "Add margin (0 to 1) or profit to tracking."),
    _Need("has_products", "Products", f"{_ORDER} AND {_named('product')}", "No products",
          "the product pages and baskets", "Add product to tracking."),
    _Need("has_brands", "Brands", f"{_ORDER} AND {_named('brand')}", "No brands",
          "the split by brand", "Add brand to tracking."),
    _Need("has_campaigns", "Campaigns", f"{_ORDER} AND {_named('campaign')}", "No campaigns",
          "the split by campaign and its pacing", "Add campaign to tracking."),
)  # fmt: skip
# Each a question of its own over another table.
_OF_OTHERS: tuple[_Need, ...] = (
    _Need("has_users", "Customers", "EXISTS (SELECT 1 FROM order_named WHERE user_id IS NOT NULL)", "No customers",
          "new customers, CAC and repeat orders", "Add user_id to tracking."),
    _Need("has_followers", "Followers", "EXISTS (SELECT 1 FROM people WHERE followers IS NOT NULL)", "No followers",
          "tiers and reach against followers", "Add followers to influencers."),
    _Need("has_platforms", "Platforms", "EXISTS (SELECT 1 FROM people WHERE platform IS NOT NULL)", "No platforms",
          "the split by platform", "Add platform to influencers."),
    _Need("has_geo", "Cities", "EXISTS (SELECT 1 FROM people WHERE city IS NOT NULL) "
          "OR EXISTS (SELECT 1 FROM tracking WHERE city IS NOT NULL)", "No cities",
          "the split by city and tests by region", "Add city to influencers or tracking."),
)  # fmt: skip


def found(asks: Asks) -> tuple[Capability, ...]:
    """Every capability of the data behind a reader or a writer, once `facts` is made."""
    of_facts = ", ".join(f"coalesce(bool_or({need.sql}), FALSE)" for need in _OF_FACTS)
    others = ", ".join(need.sql for need in _OF_OTHERS)
    answers = (*asks.rows(f"SELECT {of_facts} FROM facts")[0], *asks.rows(f"SELECT {others}")[0])
    return tuple(_said(need, bool(has)) for need, has in zip((*_OF_FACTS, *_OF_OTHERS), answers, strict=True))


def _said(need: _Need, has: bool) -> Capability:
    if has:
        return Capability(need.key, need.label, True, f"{need.label}: {need.opens} can be reckoned.")
    several = " and " in need.opens or need.opens.endswith("s")
    verb = "are" if several else "is"
    return Capability(need.key, need.label, False, f"{need.lacks}: {need.opens} {verb} locked. {need.add}")
