"""Decides what findings may be made from, and what a rule hands back: a finding with what is at stake."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analytics.incrementality.estimate import Estimate
from analytics.views import Finding

PEOPLE = (
    "influencer_id", "influencer", "platform", "tier", "influencer_category", "gender", "revenue", "spend", "orders",
    "posts", "likes", "comments", "reach", "followers", "new_customers", "gross_profit",
)  # fmt: skip
PRODUCTS = ("product", "brand", "product_category", "revenue", "spend", "orders", "gross_profit")
PRODUCT_PEOPLE = ("product", "influencer_id", "revenue", "spend")
MONTHLY = ("month", "revenue", "spend", "orders", "revenue_all")
WORDS = frozenset({*PEOPLE[:6], "product", "brand", "product_category", "month"})


def _frame(columns: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame({column: pd.Series(dtype=object if column in WORDS else float) for column in columns})


@dataclass(frozen=True, eq=False)
class Evidence:
    """The selection's sums. Money in the reporting currency; a measure that no file carries is all NaN.

    people: one row per influencer, organic left out. influencer: the name, or the id where there is none.
    products: one row per product, attributed rows. product_people: one row per product and influencer, attributed.
    monthly: one row per complete calendar month in order, months without rows as 0 (revenue attributed).
    revenue, spend: attributed revenue and spend of the selection. organic_revenue: NaN when no file has organic rows.
    seeding_cost: gifts at cost, NaN when no file has them. unallocated: spend that lies on no influencer or product.
    headline: court.headline(...) of the selection. payout_mismatches: payouts whose amount differs from what their
    rule gives; payout_mismatch_amount: sum of the absolute differences.
    """

    headline: Estimate
    revenue: float
    spend: float
    people: pd.DataFrame = field(default_factory=lambda: _frame(PEOPLE))
    products: pd.DataFrame = field(default_factory=lambda: _frame(PRODUCTS))
    product_people: pd.DataFrame = field(default_factory=lambda: _frame(PRODUCT_PEOPLE))
    monthly: pd.DataFrame = field(default_factory=lambda: _frame(MONTHLY))
    organic_revenue: float = float("nan")
    seeding_cost: float = float("nan")
    unallocated: float = 0.0
    payout_mismatches: int = 0
    payout_mismatch_amount: float = 0.0

    def __post_init__(self) -> None:
        for name, columns in (
            ("people", PEOPLE), ("products", PRODUCTS), ("product_people", PRODUCT_PEOPLE), ("monthly", MONTHLY),
        ):  # fmt: skip
            lacking = set(columns) - set(getattr(self, name).columns)
            if lacking:
                raise ValueError(f"Evidence.{name} lacks {sorted(lacking)}")


@dataclass(frozen=True)
class Draft:
    """A finding, the money it is about, and how certain it is (0 to 1): the two decide its place."""

    finding: Finding
    stake: float
    certainty: float

    @property
    def weight(self) -> float:
        """Money at stake × certainty; 0 where the money is unknown."""
        return float(np.nan_to_num(abs(self.stake), posinf=0.0)) * self.certainty


# How certain the three sorts of finding are, for their order only.
FACT, STANDS, OPEN = 0.5, 1.0, 0.1


def amounts(frame: pd.DataFrame, column: str) -> pd.Series:
    """A column as plain numbers, 0 where there is none."""
    values = frame[column].astype(float)
    return values.where(np.isfinite(values), 0.0)
