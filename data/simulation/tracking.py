"""Decides how orders appear in the tracking file: what a shop can see, and nothing of what is true."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.simulation import catalogue
from data.simulation.demand import Calendar, Ints
from data.simulation.orders import NOBODY, Orders, attribution_scores
from data.simulation.plan import Plan


def tracking(
    rng: np.random.Generator, days: Calendar, people: pd.DataFrame, plan: Plan, bought: Orders
) -> pd.DataFrame:
    """One row an order row, in order of date; words are categoricals, so ten million rows fit in memory.

    Columns: tracking_id (1, 2, …), source (the influencer's platform, or organic), campaign, campaign_type (test,
    control), period (pre, test), influencer_id, user_id, brand, product, product_category, price, margin, date,
    orders, revenue, profit (rupees), attribution_score (0–1). Outside campaigns campaign, campaign_type and period
    are empty; without a code influencer_id and attribution_score are.
    """
    margin = np.array([item.margin for item in catalogue.PRODUCTS])
    return pd.DataFrame(
        {
            "tracking_id": np.arange(1, len(bought.day) + 1),
            **_whence(people, plan, bought),
            "user_id": _customers(bought.customer),
            **_goods(bought),
            "date": days.days.astype("datetime64[s]")[bought.day],
            "orders": bought.orders,
            "revenue": bought.revenue / 100,
            "profit": np.rint(bought.revenue * margin[bought.product]) / 100,
            "attribution_score": attribution_scores(rng, bought),
        }
    )


def _whence(people: pd.DataFrame, plan: Plan, bought: Orders) -> dict[str, pd.Categorical]:
    """source, campaign, campaign_type, period, influencer_id."""
    coded, celled = bought.deal != NOBODY, bought.cell != NOBODY
    who = np.where(coded, plan.deals["influencer"].to_numpy()[bought.deal], NOBODY)
    platforms = [*catalogue.PLATFORMS, "organic"]
    home = np.array([platforms.index(each) for each in people["platform"]])
    arm = np.where(celled, plan.cells["is_treated"].to_numpy()[bought.cell], NOBODY)
    period = np.where(celled, bought.day >= plan.cells["test"].to_numpy()[bought.cell], NOBODY)
    return {
        "source": _words(np.where(coded, home[who], len(platforms) - 1), platforms),
        "campaign": _words(bought.cell, plan.cells["campaign"].tolist()),
        "campaign_type": _words(arm, ["control", "test"]),
        "period": _words(period, ["pre", "test"]),
        "influencer_id": _words(who, people["influencer_id"].tolist()),
    }


def _goods(bought: Orders) -> dict[str, object]:
    """brand, product, product_category, price, margin."""
    items = catalogue.PRODUCTS
    groups = sorted({item.product_category for item in items})
    group = np.array([groups.index(item.product_category) for item in items])
    return {
        "brand": _words(bought.brand, list(catalogue.BRANDS)),
        "product": _words(bought.product, [item.name for item in items]),
        "product_category": _words(group[bought.product], groups),
        "price": np.array([item.price for item in items])[bought.product],
        "margin": np.array([item.margin for item in items])[bought.product],
    }


def _customers(customer: Ints) -> pd.Categorical:
    """user_id: U0000001 …"""
    return _words(customer, [f"U{n:07d}" for n in range(1, int(customer.max(initial=-1)) + 2)])


def _words(codes: np.ndarray, words: list[str]) -> pd.Categorical:
    """Numbers as the words they stand for; -1 is empty."""
    return pd.Categorical.from_codes(codes, words)
