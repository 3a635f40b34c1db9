"""Decides what the paper is tried with: literal pages of made-up numbers, in every shape that a page can have."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import sin

import pandas as pd

from analytics.figures.ranking import ranking
from analytics.figures.trend import trend
from analytics.metrics import METRICS
from analytics.views import Column, Finding, Note, PageView, Panel, Provenance, Quality, Tile

PAGES = ("overview", "products", "iroas", "cac", "insights")
TITLES = ("Overview", "Products", "Incremental ROAS", "CAC", "Insights")
HEADLINES = (
    "Influencers brought ₹3.94 Cr; about ₹71 L of it would not have come without them.",
    "Whey isolate earns most; bars cost more to sell than they return.",
    "Two methods agree on about 2×; the rest is shown, not used.",
    "A new customer costs ₹2,822, least on YouTube.",
    "Three things work, one does not, and one cannot be told yet.",
)
PLATFORMS = ("Instagram", "YouTube", "Twitter", "Facebook", "Snapchat")
DATA = Provenance(
    version=17, rows_read=2669, rows_set_aside=12, rows_blank=3, is_sample=True,
    first_day=date(2026, 2, 1), last_day=date(2026, 7, 31), imported_at="31 Jul 2026 18:30 IST",
    files=("influencers.csv", "posts.csv", "tracking.xlsx", "payouts.json"),
    notes=(
        Note("dates.order", "info", "Dates were read as day/month: 31/07/2026 allows nothing else."),
        Note("rows.bad", "wrong", "Revenue is not a number, for example “n/a”.", 12),
        Note("payout.differs", "check", "A total payout differs from what its rate gives; it was taken as given.", 4),
    ),
)  # fmt: skip


FILES = pd.DataFrame(
    [
        ("influencers.csv", "influencers", 150, 150, 0, 0),
        ("posts.csv", "posts", 450, 450, 0, 0),
        ("tracking.xlsx / Orders", "tracking", 1919, 1904, 12, 3),
        ("payouts.json", "payouts", 150, 150, 0, 0),
        ("All files", "", 2669, 2654, 12, 3),
    ],
    columns=["file", "table", "rows_read", "accepted", "set_aside", "blank"],
)
MONEY = pd.DataFrame(
    [
        ("tracking.xlsx / Orders", "Order Value", 39435890.25, 39400000.0, 35890.25, 1),
        ("payouts.json", "total_payout", 3398000.0, 3398000.0, 0.0, 0),
        ("All files", "Revenue", 39435890.25, 39400000.0, 35890.25, 1),
        ("All files", "Total payout", 3398000.0, 3398000.0, 0.0, 0),
    ],
    columns=["file", "header", "read", "accepted", "set_aside", "unreadable"],
)
COUNTS = tuple(Column(key, key.replace("_", " ").capitalize(), "count") for key in FILES.columns[2:])
AMOUNTS = tuple(Column(key, key.replace("_", " ").capitalize(), "money") for key in MONEY.columns[2:5])
QUALITY = Quality(
    "2,669 rows read = 2,654 accepted + 12 set aside + 3 blank",
    Panel("files", "Where every row went", "", "2,669 rows read.", FILES,
          (Column("file", "File"), Column("table", "Taken as"), *COUNTS), note="sample.csv: left out.", kind="table"),
    Panel("money", "Where all money went", "", "As written in the files.", MONEY,
          (Column("file", "File"), Column("header", "Column"), *AMOUNTS, Column("unreadable", "Unreadable", "count")),
          kind="table"),
    tuple(sorted(DATA.notes, key=lambda note: ("wrong", "check", "info").index(note.weight))),
    ("No control rows: test against control is locked. Add campaign_type (test or control) to tracking.",),
    ("orders and revenue", "posts"), "The 12 rows set aside can be had as a file.", {},
)  # fmt: skip


@dataclass(frozen=True)
class Info:
    """A page that can be asked for."""

    key: str
    title: str
    path: str


class FakeAnswers:
    """Answers with the same pages whatever is asked; `views` replaces some of them."""

    def __init__(self, **views: PageView) -> None:
        self._views = views
        self.pages = tuple(Info(key, title, f"/{key}") for key, title in zip(PAGES, TITLES, strict=True))

    def page(self, key: str, query: str) -> PageView:
        """The filled page of that key."""
        return self._views.get(key) or replace(page(key), query=query)


def tiles() -> tuple[Tile, ...]:
    """Six, one of each kind: rising, neutral, an estimate, falling, a share and one that cannot be computed."""
    before = "against 5 Aug – 31 Jan"
    return (
        Tile("revenue", "Revenue", "money", 3.94e7, "₹3.94 Cr", "attributed", "12.4 %", "up", "good", before),
        Tile("spend", "Spend", "money", 33.98e5, "₹33.98 L", "cash", "4.1 %", "up", "", before),
        Tile("roas", "ROAS", "multiple", 11.6, "11.6×", "attributed, not caused", "0.8×", "up", "good", before),
        Tile("iroas", "iROAS, 90 %", "multiple", 2.1, "2.1×", "user holdout", "0.3×", "up", "good", before,
             lower=1.4, upper=2.9),
        Tile("new_customers", "New customers", "count", 1204, "1,204", "", "3.2 %", "down", "bad", before),
        Tile("cvr", "Conversion rate", "share", float("nan"), "–", "needs clicks: no file has it"),
    )  # fmt: skip


def chart(key: str, title: str, span: int = 6, bars: int = 5, metric: str = "roas") -> Panel:
    """A panel with bars."""
    names = [PLATFORMS[index % 5] + " ab"[index // 5].strip() for index in range(bars)]
    frame = pd.DataFrame({"name": names, "value": [13.7 - index * 0.9 for index in range(bars)]})
    figure = ranking(frame, METRICS[metric], reference=1.0, reference_text="break-even 1×")
    summary = f"{names[0]} leads on 650 orders; the first two can't be told apart."
    columns = (Column("name", "Platform"), Column("value", METRICS[metric].label, METRICS[metric].unit))
    explain = ("ROAS = Revenue ÷ Spend", "attributed, not caused")
    return Panel(key, title, metric, summary, frame, columns, figure, "", "n = 4,124 orders · ROAS · cash", explain,
                 span=span)  # fmt: skip


def moving(key: str = "revenue_trend", title: str = "How did revenue move?", span: int = 8) -> Panel:
    """A panel with two lines over half a year."""
    days = [date(2026, 2, 1) + timedelta(days=7 * week) for week in range(26)]
    rows = [
        (day, name, scale * (1 + sin(week / 4) / 3 + week / 30))
        for name, scale in (("Attributed", 8e5), ("Organic", 5e5))
        for week, day in enumerate(days)
    ]
    frame = pd.DataFrame(rows, columns=["date", "name", "value"])
    figure = trend(frame, METRICS["revenue"], [(date(2026, 4, 20), "Spring campaign")])
    columns = (Column("date", "Week", "date"), Column("name", "Rows"), Column("value", "Revenue", "money"))
    summary = "Attributed revenue rose 12.4 %, most of it in the spring campaign; organic grew 5 %."
    return Panel(key, title, "revenue", summary, frame, columns, figure, "", "n = 4,124 orders · attributed",
                 ("Revenue = sum of attributed orders",), span=span)  # fmt: skip


def people(rows: int = 40, key: str = "influencers", title: str = "Who is ahead?") -> Panel:
    """A panel with a table of influencers, one judged column, one value missing in every seventh row."""
    frame = pd.DataFrame(
        {
            "name": [f"Person {index:04d} Silva" for index in range(rows)],
            "platform": [PLATFORMS[index % 5] for index in range(rows)],
            "tier": [("Nano", "Micro", "Mid", "Macro")[index % 4] for index in range(rows)],
            "orders": [900 - index % 800 for index in range(rows)],
            "revenue": [51391.5 - index * 11 for index in range(rows)],
            "spend": [3200.0 + index * 7 for index in range(rows)],
            "roas": [float("nan") if index % 7 == 6 else 16.1 / (1 + index / 3) for index in range(rows)],
            "engagement_rate": [0.0498 + index / 9000 for index in range(rows)],
        }
    )
    columns = (
        Column("name", "Influencer"), Column("platform", "Platform"), Column("tier", "Tier"),
        Column("orders", "Orders", "count", "higher"), Column("revenue", "Revenue", "money", "higher"),
        Column("spend", "Spend", "money"), Column("roas", "ROAS", "multiple", "higher", True, 1.5),
        Column("engagement_rate", "Engagement rate", "share", "higher"),
    )  # fmt: skip
    return Panel(key, title, "revenue", "Sorted by revenue; the first ten bring 38 % of it.", frame, columns,
                 note=f"{rows} influencers · ROAS above 1× pays back its cash", kind="table", span=12)  # fmt: skip


def findings() -> tuple[Finding, ...]:
    """Four: two that matter, one open question, one note."""
    return (
        Finding("micro", "where", "Micro on Instagram returns most on the next rupee.", "1.9× against 0.4× elsewhere.",
                "works", "multiple", 1.9, 1.2, 2.7, "iroas", "methods", "Move ₹4.2 L from Celebrity to Micro."),
        Finding("perez", "who", "Mark Perez does not pay back.", "4.7× attributed, 0.3× caused; 83 % below break-even.",
                "does not", "multiple", 0.3, -0.9, 1.5, "overview", "influencers", "Let the contract end."),
        Finding("gritzo", "open", "Gritzo on YouTube: cannot tell yet.", "45 orders can show 5.6 or more; six more "
                "weeks bring that to 1.8.", "cannot tell yet", page="products", panel="nowhere"),
        Finding("gifts", "note", "Gifts are not counted as spend.", "Choose “cash + gifts” to count them.", "note"),
    )  # fmt: skip


def page(key: str) -> PageView:
    """One filled page of that key."""
    empty = pd.DataFrame({"name": []})
    refused = Panel("refused", "What would have come anyway?", "revenue", "", empty, (),
                    message="Refused: no control campaign lies in these days. Widen the span.")  # fmt: skip
    panels = {
        "overview": (moving(), chart("by_platform", "Which platform returns most per rupee?", 4),
                     chart("by_tier", "Which tier?"), chart("by_category", "Which category?", bars=9), people()),
        "products": (chart("ranking", "Which product sells?", 7, 12, "revenue"), chart("margin", "Which earns?", 5),
                     moving("product_trend", "How did products move?", 12)),
        "iroas": (chart("methods", "How sure are we of iROAS?", 6), refused, chart("lift", "Where is lift?", 12)),
        "cac": (chart("cac_platform", "Where is a customer dear?", 6, metric="cac.new_customer"),
                chart("cac_tier", "And by tier?", 6), moving("cac_trend", "How did it move?", 12),
                people(18, "cac_people", "What does each customer cost?")),
        "insights": (Panel("all", "What do the numbers say?", "revenue", "Four findings, strongest first.", empty, (),
                           kind="findings", span=12, findings=findings()),
                     chart("persona", "Who sells best?"), chart("poor", "Who does not pay back?")),
    }[key]  # fmt: skip
    position = PAGES.index(key)
    more = (Tile("aov", "AOV", "money", 1543.2, "₹1,543"), Tile("orders", "Orders", "count", 4124, "4,124"))
    return PageView(
        key, TITLES[position], HEADLINES[position], "Measured by user holdout in four campaigns. 62 of 150 influencers "
        "can't be told from zero yet.", tiles(), more if key == "overview" else (), panels, "",
        "Brand: MuscleBlaze, Gritzo",         "spend counts cash · tiers: industry, six tiers · 90% intervals", DATA,
        quality=QUALITY,
    )  # fmt: skip
