"""Decides what the fake pages hold: literal tiles, panels and findings of one made-up view."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from analytics import formats
from analytics.views import Column, Figure, Finding, Panel, Tile

SPAN = (date(2026, 2, 1), date(2026, 7, 31))
OPTIONS = {
    "brand": ["Gritzo", "HK Vitals", "MuscleBlaze"],
    "product": ["Biozyme Whey", "Kids Protein", "Multivitamin", "Omega 3"],
    "product_category": ["Nutrition", "Vitamins"],
    "platform": ["Facebook", "Instagram", "Twitter", "YouTube"],
    "tier": ["Nano", "Micro", "Mid", "Macro"],
    "influencer_category": ["Fitness", "Food", "Parenting"],
    "gender": ["Female", "Male"],
    "campaign": ["Diwali", "New Year", "Summer"],
    "basis": ["order", "post"],
    "campaign_type": ["control", "test"],
    "source": ["influencer", "organic"],
}


KNOWN = OPTIONS | {"influencer": [f"{place:03d}{turn}" for place in range(6) for turn in range(5)]}


@dataclass(frozen=True)
class PageInfo:
    """One page as the header lists it."""

    key: str
    title: str
    path: str


@dataclass(frozen=True)
class Declared:
    """One panel before it is filled."""

    key: str
    title: str
    kind: str
    span: int
    columns: tuple[Column, ...] = ()


PAGES = (
    PageInfo("overview", "Overview", "/"),
    PageInfo("products", "Products", "/products"),
    PageInfo("iroas", "Incremental ROAS", "/iroas"),
    PageInfo("cac", "CAC", "/cac"),
    PageInfo("insights", "Insights", "/insights"),
)
SHORT = (Column("name", "Platform"), Column("roas", "ROAS", "multiple", "higher", True, 1.0))
PEOPLE = (
    Column("name", "Influencer"),
    Column("platform", "Platform"),
    Column("tier", "Tier"),
    Column("revenue", "Revenue", "money", "higher"),
    Column("spend", "Spend", "money"),
    Column("roas", "ROAS", "multiple", "higher", True, 5.0),
    Column("engagement_rate", "Engagement", "share", "higher"),
    Column("influencer_id", "Id"),
)
TREND = (Column("date", "Week", "date"), Column("revenue", "Revenue", "money"))


def trend_figure(weeks: list[str], revenue: list[float]) -> Figure:
    """A line with its name at the end, in roles."""
    marks, texts = formats.ticks(max(revenue), "money")
    end = {"x": weeks[-1], "y": revenue[-1], "text": "Attributed", "xanchor": "left", "xshift": 6,
           "font": {"color": "--series-1-ink"}}  # fmt: skip
    line = {"type": "scatter", "mode": "lines", "x": weeks, "y": revenue, "line": {"color": "--series-1", "width": 2}}
    axis = {"tickvals": marks, "ticktext": texts, "showgrid": True, "rangemode": "tozero"}
    return {"data": [line], "layout": {"annotations": [end], "yaxis": axis, "margin": {"r": 72}}}


def ranking_figure(names: list[str], values: list[float]) -> Figure:
    """Bars with their values at the ends, the leader in accent; a click narrows to the bar's platform."""
    colours = ["--accent", *["--accent-soft"] * (len(names) - 1)]
    bars = {
        "type": "bar", "orientation": "h", "y": names, "x": values, "marker": {"color": colours},
        "text": [formats.multiple(value) for value in values], "textposition": "outside", "cliponaxis": False,
    }  # fmt: skip
    return {
        "data": [bars],
        "layout": {
            "xaxis": {"visible": False},
            "yaxis": {"autorange": "reversed"},
            "margin": {"r": 48},
            "bargap": 0.4,
            "meta": {"dimension": "platform", "values": names},
        },
    }


WAVE = tuple(3 + math.sin(step / 3) + step / 12 for step in range(24))
TILES = (
    Tile(
        "revenue",
        "Revenue attributed",
        "money",
        3.94e7,
        "₹3.94 Cr",
        "",
        "12.4 %",
        "up",
        "good",
        "vs previous",
        WAVE,
    ),
    Tile("spend", "Spend", "money", 3398000.0, "₹33.98 L", "", "4.1 %", "up", "", "vs previous", WAVE),
    Tile("roas", "ROAS", "multiple", 11.6, "11.6×", "", "0.8×", "up", "good", "attributed, not caused", WAVE),
    Tile("iroas", "iROAS", "multiple", 2.1, "2.1×", "", "0.3×", "up", "good", "user holdout", WAVE, 1.4, 2.9),
    Tile(
        "new_customers",
        "New customers",
        "count",
        1204.0,
        "1,204",
        "",
        "3.2 %",
        "down",
        "bad",
        "of 4,124 orders",
        WAVE,
    ),
    Tile("engagement_rate", "Engagement rate", "share", math.nan, "–", "needs reach: no file has it"),
)


def tiles(factor: float) -> tuple[Tile, ...]:
    """Six tiles; revenue is multiplied by `factor`."""
    revenue = TILES[0].value * factor
    return (replace(TILES[0], value=revenue, written=formats.money(revenue)), *TILES[1:])


MORE = (
    Tile("orders", "Orders", "count", 4124.0, "4,124"),
    Tile("aov", "AOV", "money", 9556.0, "₹9,556"),
    Tile("cpm", "CPM", "money", 212.4, "₹212.40"),
    Tile("cpe", "CPE", "money", math.nan, "–", "needs likes: no file has it"),
    Tile("posts", "Posts", "count", 312.0, "312"),
)


def _people() -> pd.DataFrame:
    names = ["Amy Silva", "Richard Rodriguez", "David Douglas Jr.", "Mark Perez", "=cmd|calc", "आशा शर्मा"]
    rows = [
        {
            "name": name if turn == 0 else f"{name} {turn + 1}",
            "platform": OPTIONS["platform"][place % 4],
            "tier": OPTIONS["tier"][place % 4],
            "revenue": 51391.0 - 611 * place - 4000 * turn,
            "spend": 3200.0 + 517 * place if place != 4 else math.nan,
            "roas": 16.1 / (1 + place),
            "engagement_rate": 0.0498 + place / 1000,
            "influencer_id": f"{place:03d}{turn}",
        }
        for turn in range(5)
        for place, name in enumerate(names)
    ]
    return pd.DataFrame(rows)


def panels() -> tuple[Panel, ...]:
    """A chart, a ranking, a chart that is refused, a table."""
    weeks = [f"2026-{month:02d}-{day:02d}" for month in range(2, 8) for day in (1, 8, 15, 22)]
    revenue = [5.4e5 + 3.2e5 * abs(math.sin(step / 4)) + 9e3 * step for step in range(len(weeks))]
    platforms, roas = ["Twitter", "Facebook", "YouTube", "Instagram"], [13.7, 12.6, 11.9, 9.7]
    counted = "revenue · attributed, last touch"
    return (
        Panel("trend", "How did revenue move?", "revenue", "Attributed revenue rose 12.4 %, most of it in July.",
              pd.DataFrame({"date": weeks, "revenue": revenue}), TREND, trend_figure(weeks, revenue),
              note=f"n = 4,124 orders · {counted}", explain=("Revenue: order value of attributed rows.",), span=8),
        Panel("by_platform", "Which platform returns most per rupee?", "roas",
              "Twitter leads on 650 orders; the first two can't be told apart.",
              pd.DataFrame({"name": platforms, "roas": roas}), SHORT, ranking_figure(platforms, roas),
              note="ROAS · cash", explain=("ROAS = Revenue ÷ Spend",), span=4),
        Panel("refused", "How sure are we of iROAS?", "iroas", "", pd.DataFrame(columns=["name", "roas"]), SHORT,
              message="Cannot tell yet: 45 orders can show 5.6 or more; six more weeks bring that to 1.8.", span=5),
        Panel("people", "Who is ahead?", "revenue", "Sorted by revenue; ROAS below 5 is marked.", _people(), PEOPLE,
              note="30 influencers", kind="table", span=7),
    )  # fmt: skip


FINDINGS = (
    Finding("best", "persona", "Fitness influencers on YouTube return 14.2× on ₹8.1 L.", "90 % interval 11.9–16.8.",
            "works", page="overview", panel="by_platform", action="Move the next ₹2 L there."),
    Finding("poor", "roi", "Three influencers cost more than they bring.", "₹1.2 L spent, ₹71,000 back.",
            "does not", page="overview", panel="people", action="End their contracts or pay by order."),
    Finding("diwali", "lift", "Diwali's lift cannot be told from zero.", "45 orders can show 5.6 or more.",
            "cannot tell yet"),
)  # fmt: skip
FOUND = Panel("findings", "What should be done?", "", "Three findings, the surest first.",
              pd.DataFrame([{"sentence": item.sentence, "verdict": item.verdict} for item in FINDINGS]),
              (Column("sentence", "Finding"), Column("verdict", "Verdict")), kind="findings", span=12,
              findings=FINDINGS)  # fmt: skip
