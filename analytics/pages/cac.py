"""Decides what the CAC tab answers: what an order, a customer and a new customer cost, by whom and where."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from analytics import charts, formats, sentences
from analytics.ask import Ask
from analytics.figures.distribution import histogram
from analytics.metrics import METRICS
from analytics.page import Chart, Page, column
from analytics.views import Column, Figure

DEFINITIONS = ("cac.order", "cac.customer", "cac.new_customer")
_BINS = 16
_ORDER_VALUES = "SELECT (revenue / orders)::DOUBLE AS value FROM order_cube WHERE {where} AND NOT organic AND orders > 0 AND revenue > 0"


def _headline(ask: Ask) -> tuple[str, str]:
    row = ask.table((*DEFINITIONS, "spend", "new_customers", "customers"))
    order, customer, new = (float(row[key].iloc[0]) for key in DEFINITIONS)
    if math.isnan(order):
        return "What an order costs cannot be said here.", f"CAC per order {ask.why_missing('cac.order')}."
    if math.isnan(customer):
        return f"An attributed order costs {formats.money(order)}.", "No file names customers, so CAC per customer cannot be computed."
    first = f"A customer costs {formats.money(customer)}, a new one {formats.money(new)}."
    share = float(row["new_customers"].iloc[0]) / float(row["customers"].iloc[0])
    return first, f"{formats.share(min(share, 1.0))} of the customers with an attributed order were new; an order costs {formats.money(order)}."


def _definitions(ask: Ask) -> pd.DataFrame:
    """Three definitions × two cost layers."""
    rows = ask.table(tuple(f"{key}{layer}" for key in DEFINITIONS for layer in ("", ".gifts")))
    cash = ask if ask.assumptions.cost == "cash" else None
    base = (cash or ask).table(DEFINITIONS)
    return pd.DataFrame({
        "definition": [METRICS[key].label for key in DEFINITIONS],
        "counts": [METRICS[key].says for key in DEFINITIONS],
        "chosen": [float(base[key].iloc[0]) for key in DEFINITIONS],
        "gifts": [float(rows[f"{key}.gifts"].iloc[0]) for key in DEFINITIONS],
    })  # fmt: skip


def _say_definitions(rows: pd.DataFrame, ask: Ask) -> str:
    known = rows["chosen"].dropna()
    if len(known) < 2:
        return "Only one definition can be computed from these files."
    return f"The same spend reads {formats.money(known.min())} or {formats.money(known.max())}, by what one calls a customer."


def _spread(key: str, title: str, metric: str, values: str, note: str) -> Chart:
    """How a number is spread: bins over its values, the top hundredth in the last bin."""

    def frame(ask: Ask) -> pd.DataFrame:
        found = _order_values(ask) if values == "orders" else ask.table((metric,), ("influencer",))[metric].dropna().to_numpy(float)
        if len(found) < 8 or found.min() == found.max():
            return pd.DataFrame({"left": [], "right": [], "count": []})
        top = float(np.quantile(found, 0.99))
        edges = np.histogram_bin_edges(found[found <= top], bins=_BINS)
        counts, _ = np.histogram(np.minimum(found, edges[-1]), bins=edges)
        median = float(np.median(found))
        return pd.DataFrame({"left": edges[:-1], "right": edges[1:], "count": counts.astype(float)}).assign(median=median)

    def draw(rows: pd.DataFrame, ask: Ask) -> Figure:
        median = float(rows["median"].iloc[0])
        return histogram(rows[["left", "right", "count"]], METRICS[metric], [(median, f"half are below {METRICS[metric].write(median)}")])

    unit = METRICS[metric].unit
    columns = (Column("left", "From", unit), Column("right", "To", unit), Column("count", "Count", "count"), Column("median", "Median of all", unit))
    return Chart(
        key, title, metric, frame, columns,
        lambda rows, ask: f"Half of them are below {METRICS[metric].write(rows['median'].iloc[0])}; the top hundredth is in the last bar.",
        draw, note=lambda ask: note, span=6,
    )  # fmt: skip


def _order_values(ask: Ask) -> np.ndarray:
    rows = ask.store.rows("order_values", _ORDER_VALUES, ask.filters, tiers=ask.assumptions.tiers, cost=ask.assumptions.cost)
    return rows["value"].to_numpy(float)


_DEFINITIONS = Chart(
    "cac_definitions", "What does one cost, and by which count?", "cac.customer", _definitions,
    (Column("definition", "Definition"), Column("counts", "What counts"), Column("chosen", "At the chosen cost layer", "money", "lower"),
     Column("gifts", "Cash + gifts", "money", "lower")),
    _say_definitions, kind="table", span=12, note=lambda ask: charts.footnote("cac.customer", ask),
)  # fmt: skip

PAGE = Page(
    "cac", "CAC", "/cac",
    ("cac.order", "cac.customer", "cac.new_customer", "spend", "new_customers", "customers"),
    ("orders", "aov", "cost_per_order", "cpc", "cvr", "cac.order.gifts", "cac.customer.gifts", "cac.new_customer.gifts"),
    (
        charts.grouped("cac_by_platform", "Where is an order cheapest?", "platform", "cac.order", ("cac.customer", "spend", "orders"), 6),
        charts.grouped("cac_by_tier", "Which size brings orders cheapest?", "tier", "cac.order", ("cac.customer", "spend", "orders"), 6),
        charts.people("cac_by_influencer", "Who brings orders cheapest?", "cac.order", True, ("cac.customer", "spend", "orders")),
        charts.people("cac_highest", "Whose orders cost most?", "cac.order", False, ("cac.customer", "spend", "orders")),
        charts.over_time("cac_trend", "Is it getting dearer?", (("cac.order", "Per order"), ("cac.new_customer", "Per new customer")), 6),
        charts.over_time("customers_trend", "How many customers are new?", (("new_customers", "New customers"), ("orders", "Orders")), 6),
        _spread("cost_spread", "How is the cost of an order spread?", "cost_per_order", "influencers", "Cost per order · one influencer each · cash as chosen"),
        _spread("order_values", "What do people spend?", "aov", "orders", "Order value · attributed rows · one row each"),
        _DEFINITIONS,
    ),
    _headline,
)  # fmt: skip
