"""Decides what the screen is tried on: literal pages, a ledger in memory, an importer that never starts a process."""

from __future__ import annotations

import argparse
import math
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pandas as pd

from analytics import formats
from analytics.assumptions import Assumptions
from analytics.views import Column, Figure, Finding, PageView, Panel, Provenance, Tile
from data.filters import Filters
from errors import BadUpload, NoData

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
        "customdata": [{"dimension": "platform", "value": name} for name in names],
    }  # fmt: skip
    return {
        "data": [bars],
        "layout": {"xaxis": {"visible": False}, "yaxis": {"autorange": "reversed"}, "margin": {"r": 48}, "bargap": 0.4},
    }


def _tiles(factor: float) -> tuple[Tile, ...]:
    wave = tuple(3 + math.sin(step / 3) + step / 12 for step in range(24))
    made = (
        Tile("revenue", "Revenue attributed", "money", 3.94e7, "₹3.94 Cr", "", "12.4 %", "up", "good", "vs previous", wave),
        Tile("spend", "Spend", "money", 3398000.0, "₹33.98 L", "", "4.1 %", "up", "", "vs previous", wave),
        Tile("roas", "ROAS", "multiple", 11.6, "11.6×", "", "0.8×", "up", "good", "attributed, not caused", wave),
        Tile("iroas", "iROAS", "multiple", 2.1, "2.1×", "", "0.3×", "up", "good", "user holdout", wave, 1.4, 2.9),
        Tile("new_customers", "New customers", "count", 1204.0, "1,204", "", "3.2 %", "down", "bad", "of 4,124 orders", wave),
        Tile("engagement_rate", "Engagement rate", "share", math.nan, "–", "needs reach: no file has it"),
    )
    revenue = made[0].value * factor
    return (replace(made[0], value=revenue, written=formats.money(revenue)), *made[1:])


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


def _panels() -> tuple[Panel, ...]:
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


@dataclass
class FakeAnswers:
    """Answers from literal pages. empty: nothing has been imported. broken: the page is a bug of ours."""

    empty: bool = False
    broken: bool = False
    asked: list[tuple[str, str]] = field(default_factory=list)
    pages: tuple[PageInfo, ...] = PAGES

    def page(self, key: str, query: str) -> PageView:
        """The literal page; revenue halves with each filter, so that a change can be seen."""
        self.asked.append((key, query))
        if self.broken:
            raise ZeroDivisionError("a fault of ours")
        if self.empty:
            raise NoData("Nothing has been imported yet.")
        filters = Filters.from_query(query).resolved(OPTIONS)
        title = {page.key: page.title for page in PAGES}[key]
        return PageView(
            key, title, "Influencers brought ₹3.94 Cr; about ₹71 L of it would not have come without them.",
            "Measured by geo holdout in four campaigns. 62 of 150 influencers can't be told from zero yet.",
            _tiles(0.5 ** len(filters.chosen())), MORE, self._shown(key), self.canonical(query), filters.describe(),
            Assumptions.from_query(query).describe(), self._data(),
        )  # fmt: skip

    def _shown(self, key: str) -> tuple[Panel, ...]:
        return (FOUND, *_panels()[:2]) if key == "insights" else _panels()

    def declared(self, key: str) -> tuple[Declared, ...]:
        """The panels of a page before it is filled."""
        return tuple(Declared(item.key, item.title, item.kind, item.span, item.columns) for item in self._shown(key))

    def declared_tiles(self, key: str) -> tuple[tuple[str, str], ...]:
        """Key and label of each tile."""
        return tuple((tile.key, tile.label) for tile in _tiles(1.0))

    def options(self) -> dict[str, list[str]]:
        """Dimension → values."""
        return {} if self.empty else OPTIONS

    def span(self) -> tuple[date, date] | None:
        """First and last day."""
        return None if self.empty else SPAN

    def provenance(self) -> Provenance | None:
        """The data set; None when there is none."""
        return None if self.empty else self._data()

    def _data(self) -> Provenance:
        return Provenance(3, 12480, 31, 4, True, *SPAN, "2026-08-01T09:00:00")

    def canonical(self, query: str) -> str:
        """The query in its shortest form."""
        filters = Filters.from_query(query)
        parts = [filters.resolved(OPTIONS).to_query(), Assumptions.from_query(query).to_query()]
        return "&".join(part for part in parts if part)


@dataclass(frozen=True)
class FakeJob:
    """One report."""

    id: str
    state: str
    query: str = ""
    pages: tuple[str, ...] = ()
    progress: float = 0.0
    step: str = ""
    reason: str = ""
    file: str = ""
    created: float = 1785555000.0


@dataclass
class FakeLedger:
    """A ledger in memory. Each look moves a job on: due, running, sent."""

    jobs: dict[str, FakeJob] = field(default_factory=dict)
    seen: float | None = None

    def add_report(self, query: str, pages: tuple[str, ...], format: str) -> str:
        """A new job."""
        key = f"job{len(self.jobs)}"
        self.jobs[key] = FakeJob(key, "due", query, pages)
        return key

    def report(self, key: str) -> FakeJob:
        """The job; KeyError when there is none."""
        job = self.jobs[key]
        after = {"due": replace(job, state="running", progress=0.4, step="Drawing 12 of 30 charts"),
                 "running": replace(job, state="sent", progress=1.0, file=f"{key}.pdf")}  # fmt: skip
        self.jobs[key] = after.get(job.state, job)
        return job

    def reports(self, limit: int) -> list[FakeJob]:
        """Newest first."""
        return list(reversed(self.jobs.values()))[:limit]

    def worker_seen(self) -> float | None:
        """Seconds since the worker's heartbeat."""
        return self.seen


@dataclass
class FakeImporter:
    """Stands for api.importing.Importer."""

    question: bool = False
    asked: list[tuple[Any, ...]] = field(default_factory=list)

    def inspect(self, upload: str, dates: str = "") -> dict[str, Any]:
        """One file that was understood."""
        self.asked.append(("inspect", upload, dates))
        if upload == "gone":
            raise BadUpload("These files are no longer here. Drop them again.")
        ask = {"kind": "dates", "sentence": "Is 03/04/2026 3 April or 4 March?", "file": "orders.csv", "column": "date"}
        return INSPECTED | {"question": ask if self.question and not dates else None}

    def take(self, upload: str, replace: bool, dates: str = "") -> dict[str, Any]:
        """An import that worked."""
        self.asked.append(("take", upload, replace, dates))
        return INSPECTED | {"version": 4}


INSPECTED: dict[str, Any] = {
    "ok": True, "version": 0, "error": "", "question": None,
    "files": [{
        "file": "orders.csv", "sheet": "", "table": "tracking", "why": "it has revenue and orders", "encoding": "utf-8",
        "delimiter": ",", "rows_read": 120, "accepted": 117, "set_aside": 2, "blank": 1, "refused": "",
        "columns": [{"header": "Order Value", "field": "revenue", "sample": "1,499", "confidence": 0.98}],
        "unused": ["remarks"], "money": {"revenue": 175400.5}, "first_day": "2026-02-01", "last_day": "2026-07-31",
    }],
    "notes": [{"rule": "brand", "weight": "check", "sentence": "Brand was read from the product in 40 rows.", "rows": 40}],
}  # fmt: skip


def serve() -> None:
    """`python -m tests.fakes --port 8050`: the whole screen on these pages, to look at."""
    import app
    import settings

    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=8050)
    parser.add_argument("--empty", action="store_true")
    parser.add_argument("--data", type=Path, default=Path("/tmp/truelift-fake"))
    asked = parser.parse_args()
    config = settings.load(asked.data, {})
    made = app.wire(config, FakeAnswers(empty=asked.empty), FakeLedger())
    made.run(host="127.0.0.1", port=asked.port, debug=False)


if __name__ == "__main__":
    serve()
