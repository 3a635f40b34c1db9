"""Decides what each metric is: the one list that tiles, axes, tables, commands, reports and docs read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from analytics import formats
from data import schema
from errors import BadFilter, suggest

ATTRIBUTED = "attributed, not caused"


@dataclass(frozen=True)
class Metric:
    """A sum of measures, or a ratio of two sums: never a mean of ratios.

    over, under: measures added up; a leading '-' takes one away. scale: 1000 for prices per thousand.
    better: 'higher', 'lower' or '' where neither is. says: what must be said beside it. source: who defines it so.
    lenient: the parts of `over` that the data lack are left out, not missed (likes without comments still count).
    """

    key: str
    label: str
    unit: str
    over: tuple[str, ...]
    under: tuple[str, ...] = ()
    better: str = "higher"
    says: str = ""
    source: str = ""
    scale: float = 1.0
    lenient: bool = False

    @property
    def measures(self) -> tuple[str, ...]:
        """The measures it is made of."""
        return tuple(part.removeprefix("-") for part in (*self.over, *self.under))

    @property
    def uses_spend(self) -> bool:
        """Whether the cost layer changes it."""
        return "spend" in self.measures

    @property
    def formula(self) -> str:
        """Derived from the labels of its measures: “(Revenue − Spend) ÷ Spend”."""
        over = _written(self.over)
        if not self.under:
            return over
        scale = f"{self.scale:g} × " if self.scale != 1 else ""
        return f"{scale}{_bracket(over)} ÷ {_bracket(_written(self.under))}"

    def of(self, totals: pd.DataFrame) -> pd.Series:
        """One value a row of `totals` (columns: its measures); NaN where it cannot be computed."""
        over = _sum(totals, self.over, self.lenient)
        if self.better == "lower":
            # Nothing known to have been paid is no bargain: a price of nothing is missing, not the lowest.
            over = over.where(over > 0)
        if not self.under:
            return over.astype(float)
        under = _sum(totals, self.under, lenient=True)
        return (over / under.where(under > 0)).astype(float) * self.scale

    def why_missing(self, carried: Iterable[str]) -> str:
        """Why it reads “–”: the measure that no file carries, or the denominator that is zero here."""
        known = set(carried)
        lacking = [part for part in self.measures if part not in known]
        if lacking and not (self.lenient and known & {part.removeprefix("-") for part in self.over}):
            own = not self.under and len(self.over) == 1
            return "no file has it" if own else f"needs {schema.MEASURES[lacking[0]].label.lower()}: no file has it"
        return f"no {_written(self.under).lower()} in this selection" if self.under else "nothing in this selection"

    def write(self, value: object) -> str:
        """The value as people read it."""
        return formats.write(value, self.unit)


def _written(parts: tuple[str, ...]) -> str:
    text = ""
    for part in parts:
        joint = (" − " if part.startswith("-") else " + ") if text else ""
        text += joint + schema.MEASURES[part.removeprefix("-")].label
    return text


def _bracket(text: str) -> str:
    return f"({text})" if " + " in text or " − " in text else text


def _sum(totals: pd.DataFrame, parts: tuple[str, ...], lenient: bool) -> pd.Series:
    """Sums with their signs, by numpy: pandas takes five times as long for these few rows, asked some hundred times."""
    amounts = np.column_stack([_signed(totals, part) for part in parts])
    known = ~np.isnan(amounts)
    enough = known.any(axis=1) if lenient else known.all(axis=1)
    return pd.Series(np.where(enough, np.where(known, amounts, 0.0).sum(axis=1), np.nan), index=totals.index)


def _signed(totals: pd.DataFrame, part: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    values: np.ndarray[Any, np.dtype[np.float64]] = totals[part.removeprefix("-")].astype(float).to_numpy()
    return -values if part.startswith("-") else values


def _count(key: str, label: str, over: str, better: str = "higher", says: str = "") -> Metric:
    return Metric(key, label, "count", (over,), better=better, says=says)


_ENGAGED = ("likes", "comments")


def _engagement(key: str, label: str, under: str, says: str, more: tuple[str, ...] = (), source: str = "C7") -> Metric:
    return Metric(key, label, "share", (*_ENGAGED, *more), (under,), says=says, source=source, lenient=True)


_LIST = (
    Metric("revenue", "Revenue", "money", ("revenue",), says=ATTRIBUTED, source="S0..S4"),
    Metric("revenue.all", "Revenue, organic included", "money", ("revenue_all",), says="attributed and organic"),
    _count("orders", "Orders", "orders", says=ATTRIBUTED),
    _count("orders.all", "Orders, organic included", "orders_all", says="attributed and organic"),
    Metric("aov", "AOV", "money", ("revenue",), ("orders",),
           says="average value of an attributed order", source="S0, S1"),
    Metric("aov.all", "AOV, organic included", "money", ("revenue_all",), ("orders_all",),
           says="average value of any order"),
    Metric("spend", "Spend", "money", ("spend",), better="",
           says="payouts as given, laid on what they paid for", source="S0..S4"),
    Metric("payout", "Payouts in cash", "money", ("payout",), better="", says="as declared, gifts left out",
           source="S0..S4"),
    Metric("seeding_cost", "Gifts at cost", "money", ("seeding_cost",), better="",
           says="products given to influencers", source="S3"),
    Metric("gross_profit", "Gross profit", "money", ("gross_profit",), says="profit as given, else revenue × margin"),
    Metric("profit", "Profit after spend", "money", ("gross_profit", "-spend"),
           says="gross profit less spend; needs a margin", source="S0"),
    Metric("margin", "Gross margin", "share", ("gross_profit",), ("revenue",),
           says="of attributed revenue", source="S0"),
    Metric("roas", "ROAS", "multiple", ("revenue",), ("spend",), says=ATTRIBUTED, source="S4-2"),
    Metric("roas.all", "ROAS, organic included", "multiple", ("revenue_all",), ("spend",),
           says="counts orders that no influencer brought"),
    Metric("roi", "ROI", "share", ("revenue", "-spend"), ("spend",), says="ROAS − 1, on revenue", source="S4-3"),
    Metric("roi.all", "ROI, organic included", "share", ("revenue_all", "-spend"), ("spend",),
           says="ROAS − 1, organic orders included"),
    Metric("roi.contribution", "ROI on gross profit", "share", ("gross_profit", "-spend"), ("spend",),
           says="needs a margin", source="C5"),
    Metric("cost_per_order", "Cost per order", "money", ("spend",), ("orders",), "lower", "attributed orders", "S1-14"),
    Metric("cost_per_order.all", "Cost per order, organic included", "money", ("spend",), ("orders_all",), "lower",
           "any order"),
    Metric("cac.order", "CAC per order", "money", ("spend",), ("orders",), "lower",
           "every attributed order counts as a customer", "C16"),
    Metric("cac.customer", "CAC per customer", "money", ("spend",), ("customers",), "lower",
           "distinct customers with an attributed order", "C16"),
    Metric("cac.new_customer", "CAC per new customer", "money", ("spend",), ("new_customers",), "lower",
           "customers whose first order is attributed", "C16"),
    Metric("cpm", "CPM", "money", ("spend",), ("impressions",), "lower", "per 1,000 impressions", "M3", 1000),
    Metric("cpm.reach", "Cost per 1,000 reached", "money", ("spend",), ("reach",), "lower",
           "per 1,000 of summed post reach", "M3", 1000),
    Metric("cpe", "CPE", "money", ("spend",), _ENGAGED, "lower", "per like or comment", "M3"),
    Metric("cpp", "Cost per post", "money", ("spend",), ("posts",), "lower", "per published post", "M3"),
    Metric("cpc", "Cost per click", "money", ("spend",), ("clicks",), "lower", "per click", "M3"),
    Metric("cpv", "Cost per view", "money", ("spend",), ("video_views",), "lower", "per video view", "M3"),
    _engagement("engagement_rate", "Engagement rate", "reach", "likes + comments, by reach", source="S4-4"),
    _engagement("engagement_rate.impressions", "Engagement rate by impressions", "impressions",
                "likes + comments, by impressions"),
    _engagement("engagement_rate.followers", "Engagement per follower", "followers",
                "likes + comments of all posts, by followers"),
    _engagement("engagement_rate.views", "Engagement rate by views", "video_views",
                "likes + comments, by video views"),
    _engagement("engagement_rate.plus", "Engagement rate with shares and saves", "reach",
                "likes + comments + shares + saves, by reach", ("shares", "saves")),
    Metric("engagements", "Likes and comments", "count", _ENGAGED, lenient=True),
    Metric("revenue_per_post", "Revenue per post", "money", ("revenue",), ("posts",), says=ATTRIBUTED, source="S1"),
    Metric("revenue_per_follower", "Revenue per follower", "money", ("revenue",), ("followers",),
           says=ATTRIBUTED, source="M3"),
    Metric("cvr", "Conversion rate", "share", ("orders",), ("clicks",),
           says="attributed orders per click", source="S0"),
    Metric("ctr", "Click rate", "share", ("clicks",), ("impressions",), says="clicks per impression"),
    *(_count(key, schema.MEASURES[key].label, key, better="") for key in ("posts", "influencers", "followers")),
    *(_count(key, schema.MEASURES[key].label, key) for key in (
        "reach", "impressions", "likes", "comments", "shares", "saves", "video_views", "clicks", "customers")),
    _count("new_customers", "New customers", "new_customers", says="first order ever is attributed"),
)  # fmt: skip

LAYERED = ("spend", "roas", "roi", "cost_per_order", "cac.order", "cac.customer", "cac.new_customer")


def _with_gifts(metric: Metric) -> Metric:
    """The same metric over cash and gifts, whatever cost layer is chosen."""

    def layer(parts: tuple[str, ...]) -> tuple[str, ...]:
        swapped: list[str] = []
        for part in parts:
            sign = "-" if part.startswith("-") else ""
            swapped += [f"{sign}payout", f"{sign}seeding_cost"] if part.endswith("spend") else [part]
        return tuple(swapped)

    return replace(
        metric, key=f"{metric.key}.gifts", label=f"{metric.label}, gifts included", over=layer(metric.over),
        under=layer(metric.under), says=f"{metric.says}; cash + gifts at cost", source="C4", lenient=True,
    )  # fmt: skip


METRICS: dict[str, Metric] = {metric.key: metric for metric in _LIST}
METRICS |= {f"{key}.gifts": _with_gifts(METRICS[key]) for key in LAYERED}

for _metric in METRICS.values():
    if not set(_metric.measures) <= set(schema.MEASURES):
        raise AssertionError(f"{_metric.key} is made of something that is no measure: {_metric.measures}")


def metric(key: str) -> Metric:
    """The metric of that key; BadFilter with the nearest key when there is none."""
    if key not in METRICS:
        raise BadFilter(f"No metric “{key}”. {suggest(key, METRICS)}")
    return METRICS[key]
