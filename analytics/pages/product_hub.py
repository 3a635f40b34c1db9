"""Decides what the Products tab answers: what sells through influencers, at which margin, what its spend returns."""

from __future__ import annotations

import math
from functools import lru_cache

import pandas as pd

from analytics import charts, formats, sentences
from analytics.ask import Ask, named_groups
from analytics.figures.trend import trend
from analytics.metrics import METRICS, Metric
from analytics.page import Chart, Page, column
from analytics.views import Column, Figure
from data.filters import Filters

MARGIN_CLASSES = ((0.5, "high"), (0.3, "medium"), (0.0, "low"))
PRICE = Metric("price", "Price", "money", ("revenue",), ("orders",), better="",
               says="as the files state it, else revenue per order")  # fmt: skip
_SUMS = ("revenue", "orders", "aov", "spend", "roas", "gross_profit", "margin", "profit", "product_score")
_FACTS = "SELECT product, brand AS sold_by, product_category, price, margin AS stated_margin FROM products"


def margin_class(margin: float) -> str:
    """high above 50 %, medium from 30 %, low below; “–” when unknown (S0-58)."""
    if math.isnan(margin):
        return formats.MISSING
    return next((name for least, name in MARGIN_CLASSES if margin > least or (name == "low")), "low")


def products(ask: Ask) -> pd.DataFrame:
    """One row a product: brand, category, price, margin class, the sums; remembered while the data stay the same."""
    return _products(ask, ask.store.version)


@lru_cache(maxsize=64)
def _products(ask: Ask, version: int) -> pd.DataFrame:
    rows = ask.table(_SUMS, ("product",), "-revenue")
    rows = named_groups(rows, "product")
    facts = ask.store.rows("products", _FACTS, Filters())
    joined = rows.merge(facts, on="product", how="left")
    joined["price"] = joined["price"].fillna(joined["aov"])
    joined["margin"] = joined["margin"].fillna(joined["stated_margin"])
    joined["margin_class"] = [margin_class(float(value)) for value in joined["margin"]]
    return joined[["product", "sold_by", "product_category", "price", "margin_class", *_SUMS]].reset_index(drop=True)


def _ranked(metric: str) -> Chart:
    def frame(ask: Ask) -> pd.DataFrame:
        return products(ask).sort_values(metric, ascending=False, na_position="last").reset_index(drop=True)

    columns = (
        Column("product", "Product"),
        Column("sold_by", "Brand"),
        column(metric, judged_from=charts.BREAK_EVEN.get(metric)),
        *(column(key) for key in ("orders", "spend")),
    )
    title = {"revenue": "Which products sell?", "roas": "What does a rupee on each product return?"}[metric]
    key = {"revenue": "product_ranking", "roas": "product_roas"}[metric]
    return Chart(
        key, title, metric, frame, columns, lambda rows, ask: sentences.leader(rows, "product", metric, ask),
        charts.drawn_ranked("product", metric), lambda rows: rows.dropna(subset=[metric]),
        empty="The files name no products.",
        note=lambda ask: charts.footnote(metric, ask) + (" · spend laid by rule" if metric == "roas" else ""),
    )  # fmt: skip


def _margins(rows: pd.DataFrame, ask: Ask) -> str:
    known = rows[rows["margin_class"] != formats.MISSING]
    if known.empty:
        return "No file states a margin, so price stands against revenue alone."
    high = known[known["margin_class"] == "high"]["revenue"].sum()
    low = known[known["margin_class"] == "low"]["revenue"].sum()
    whole = known["revenue"].sum()
    if not whole > 0:
        return "Nothing was sold of the products whose margin is stated."
    above, below = formats.share(high / whole), formats.share(low / whole)
    return f"{above} of revenue has a margin above 50 %, {below} one below 30 %."


def _by_brand(ask: Ask) -> pd.DataFrame:
    rows = ask.table(("revenue",), ("month", "brand"))
    rows = named_groups(rows[rows["month"].notna()], "brand")
    return rows.rename(columns={"month": "date"}).reset_index(drop=True)


def _draw_brands(rows: pd.DataFrame, ask: Ask) -> Figure:
    largest = rows.groupby("brand")["revenue"].sum().sort_values(ascending=False).index[:4]
    kept = pd.concat([rows[rows["brand"] == brand] for brand in largest])
    return trend(
        kept.rename(columns={"brand": "name", "revenue": "value"})[["date", "name", "value"]], METRICS["revenue"]
    )


def _say_brands(rows: pd.DataFrame, ask: Ask) -> str:
    return sentences.shares(rows.groupby("brand", as_index=False)["revenue"].sum(), "brand", "revenue")


def _headline(ask: Ask) -> tuple[str, str]:
    rows = products(ask)
    if rows.empty:
        return (
            "The files name no products, so products cannot be compared.",
            "Add a product column to the tracking table to see them.",
        )
    whole, first = float(rows["revenue"].sum()), rows.iloc[0]
    share = formats.share(first["revenue"] / whole) if whole > 0 else formats.MISSING
    sold = sentences.counted(len(rows), "product", "products")
    rule = "ROAS by product is spend laid by rule: on posts, else on orders."
    answer = f"{first['product']} brings {share} of what influencers sell."
    return answer, f"{sold}, {formats.money(whole)} attributed. {rule}"


def _about_products(rows: pd.DataFrame, ask: Ask) -> str:
    counted = sentences.counted(len(rows), "product", "products")
    return f"{counted}; score = 40 % revenue rank, 30 % ROAS rank, 30 % margin rank."


_TABLE = Chart(
    "product_table", "How does each product do?", "revenue", products,
    (Column("product", "Product"), Column("sold_by", "Brand"), Column("product_category", "Product category"),
     Column("price", "Price", "money"), Column("margin_class", "Margin class"),
     *(column(key, judged_from=charts.BREAK_EVEN.get(key)) for key in _SUMS)),
    _about_products, kind="table", span=12,
    note=lambda ask: charts.footnote("product_score", ask)
                     + " · margin classes: high > 50 %, medium 30–50 %, low < 30 %",
)  # fmt: skip

PAGE = Page(
    "products", "Products", "/products",
    ("revenue", "orders", "aov", "margin", "gross_profit", "profit"),
    ("spend", "roas", "roi.contribution", "new_customers", "revenue.all", "orders.all"),
    (
        _ranked("revenue"),
        _ranked("roas"),
        charts.grouped("roas_by_brand", "Which brand returns most?",
                       "brand", "roas", ("revenue", "spend", "orders"), 4),
        Chart("brand_trend", "How did the brands move?", "revenue", _by_brand,
              (Column("date", "Month", "date"), Column("brand", "Brand"), column("revenue")),
              _say_brands, _draw_brands, span=8,
              note=lambda ask: charts.footnote("revenue", ask) + " · by month"),
        charts.scattered("price_margin", "Does price pay?", products, "price", "revenue", "orders", "product", _margins,
                         (Column("product", "Product"), Column("price", "Price", "money"), column("revenue"),
                          column("orders"), column("margin"), Column("margin_class", "Margin class")),
                         span=8, group="margin_class", axis=PRICE),
        charts.shares("category_share", "Which product categories sell?",
                      "product_category", "revenue", ("orders", "roas"), 4),
        _TABLE,
    ),
    _headline,
)  # fmt: skip
