"""Decides what the CAC tab answers: what an order, a customer and a new customer cost, by whom and where."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from analytics import charts, formats
from analytics.ask import Ask
from analytics.figures.distribution import histogram
from analytics.metrics import METRICS
from analytics.page import Chart, Page
from analytics.ratios import Numbers
from analytics.views import Column, Figure

DEFINITIONS = ("cac.order", "cac.customer", "cac.new_customer")
_BINS = 16
_ORDER_VALUES = """
    SELECT (revenue / orders)::DOUBLE AS value
    FROM order_cube WHERE {where} AND NOT organic AND orders > 0 AND revenue > 0
"""


def _headline(ask: Ask) -> tuple[str, str]:
    row = ask.table((*DEFINITIONS, "spend", "new_customers", "customers"))
    order, customer, new = (float(row[key].iloc[0]) for key in DEFINITIONS)
    if math.isnan(order):
        return "What an order costs cannot be said here.", f"CAC per order {ask.why_missing('cac.order')}."
    if math.isnan(customer):
        missing = "No file names customers, so CAC per customer cannot be computed."
        return f"An attributed order costs {formats.money(order)}.", missing
    first = f"A customer costs {formats.money(customer)}"
    first += "; none of them was new." if math.isnan(new) else f", a new one {formats.money(new)}."
    share = formats.share(min(float(row["new_customers"].iloc[0]) / float(row["customers"].iloc[0]), 1.0))
    return first, f"{share} of the customers with an attributed order were new; an order costs {formats.money(order)}."


def _definitions(ask: Ask) -> pd.DataFrame:
    """Three definitions × two cost layers."""
    row = ask.table((*DEFINITIONS, *(f"{key}.gifts" for key in DEFINITIONS))).iloc[0]
    return pd.DataFrame(
        {
            "definition": [METRICS[key].label for key in DEFINITIONS],
            "counts": [METRICS[key].says for key in DEFINITIONS],
            "chosen": [float(row[key]) for key in DEFINITIONS],
            "gifts": [float(row[f"{key}.gifts"]) for key in DEFINITIONS],
        }
    )


def _say_definitions(rows: pd.DataFrame, ask: Ask) -> str:
    known = rows["chosen"].dropna()
    if len(known) < 2:
        return "Only one definition can be computed from these files."
    least, most = formats.money(known.min()), formats.money(known.max())
    return f"The same spend reads {least} or {most}, by what one calls a customer."


_FEW = "Fewer than eight values here: too few to show how they are spread."


def _spread(key: str, title: str, metric: str, values: str, note: str) -> Chart:
    """How a number is spread: bins over its values, the top hundredth in the last bin."""

    def frame(ask: Ask) -> pd.DataFrame:
        found = _order_values(ask) if values == "orders" else _of_each_influencer(metric, ask)
        if len(found) < 8 or found.min() == found.max():
            return pd.DataFrame({"left": [], "right": [], "count": []})
        top = float(np.quantile(found, 0.99))
        marks, _ = formats.ticks(top, METRICS[metric].unit, most=_BINS)
        edges = np.asarray(marks)
        counts, _ = np.histogram(np.minimum(found, edges[-1]), bins=edges)
        median = float(np.median(found))
        bars = pd.DataFrame({"left": edges[:-1], "right": edges[1:], "count": counts.astype(float)})
        return bars.assign(median=median)

    def draw(rows: pd.DataFrame, ask: Ask) -> Figure:
        median = float(rows["median"].iloc[0])
        marked = [(median, f"half are below {METRICS[metric].write(median)}")]
        return histogram(rows[["left", "right", "count"]], METRICS[metric], marked)

    def say(rows: pd.DataFrame, ask: Ask) -> str:
        half = METRICS[metric].write(rows["median"].iloc[0])
        return f"Half of them are below {half}; the top hundredth is in the last bar."

    columns = _bins(METRICS[metric].unit)
    return Chart(key, title, metric, frame, columns, say, draw, note=lambda ask: note, span=6, empty=_FEW)


def _bins(unit: str) -> tuple[Column, ...]:
    return (
        Column("left", "From", unit),
        Column("right", "To", unit),
        Column("count", "Count", "count"),
        Column("median", "Median of all", unit),
    )


def _of_each_influencer(metric: str, ask: Ask) -> Numbers:
    values: Numbers = ask.table((metric,), ("influencer",))[metric].dropna().to_numpy(float)
    return values


def _order_values(ask: Ask) -> Numbers:
    chosen = ask.assumptions
    rows = ask.store.rows("order_values", _ORDER_VALUES, ask.filters, tiers=chosen.tiers, cost=chosen.cost)
    values: Numbers = rows["value"].to_numpy(float)
    return values


_DEFINITIONS = Chart(
    "cac_definitions", "What does one cost, and by which count?", "cac.customer", _definitions,
    (Column("definition", "Definition"), Column("counts", "What counts"),
     Column("chosen", "At the chosen cost layer", "money", "lower"), Column("gifts", "Cash + gifts", "money", "lower")),
    _say_definitions, kind="table", span=12, note=lambda ask: charts.footnote("cac.customer", ask),
)  # fmt: skip

_BESIDE = ("cac.customer", "spend", "orders")

PAGE = Page(
    "cac", "CAC", "/cac",
    ("cac.order", "cac.customer", "cac.new_customer", "spend", "new_customers", "customers"),
    ("orders", "aov", "cost_per_order", "cpc", "cvr",
     "cac.order.gifts", "cac.customer.gifts", "cac.new_customer.gifts"),
    (
        charts.grouped("cac_by_platform", "Where is an order cheapest?", "platform", "cac.order", _BESIDE, 6),
        charts.grouped("cac_by_tier", "Which size brings orders cheapest?", "tier", "cac.order", _BESIDE, 6),
        charts.people("cac_by_influencer", "Who brings orders cheapest?", "cac.order", True, _BESIDE),
        charts.people("cac_highest", "Whose orders cost most?", "cac.order", False, _BESIDE),
        charts.over_time("cac_trend", "Is it getting dearer?",
                         (("cac.order", "Per order"), ("cac.new_customer", "Per new customer")), 6, "month"),
        charts.over_time("customers_trend", "How many customers are new?",
                         (("new_customers", "New customers"), ("orders", "Orders")), 6, "month"),
        _spread("cost_spread", "How is the cost of an order spread?", "cost_per_order", "influencers",
                "Cost per order · one influencer each · cash as chosen"),
        _spread("order_values", "What do people spend?", "aov", "orders",
                "Order value · attributed rows · one row each"),
        _DEFINITIONS,
    ),
    _headline,
)  # fmt: skip
