"""Decides what the screen is tried on: literal pages as answers, a ledger in memory, an importer without a process."""

from __future__ import annotations

import argparse
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import app
import settings
from analytics.assumptions import Assumptions
from analytics.views import PageView, Panel, Provenance
from api.importing import Importer
from api.uploads import Shelf
from data.filters import Filters
from errors import NoData
from tests.fake_import import CHILD, FakeVersions
from tests.fake_pages import FOUND, KNOWN, MORE, OPTIONS, PAGES, SPAN, Declared, PageInfo, panels, tiles


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
        filters = Filters.from_query(query).resolved(KNOWN)
        title = {page.key: page.title for page in PAGES}[key]
        return PageView(
            key, title, "Influencers brought ₹3.94 Cr; about ₹71 L of it would not have come without them.",
            "Measured by geo holdout in four campaigns. 62 of 150 influencers can't be told from zero yet.",
            tiles(0.5 ** len(filters.chosen())), MORE, self._shown(key), self.canonical(query), filters.describe(),
            Assumptions.from_query(query).describe(), self._data(),
        )  # fmt: skip

    def _shown(self, key: str) -> tuple[Panel, ...]:
        return (FOUND, *panels()[:2]) if key == "insights" else panels()

    def declared(self, key: str) -> tuple[Declared, ...]:
        """The panels of a page before it is filled."""
        return tuple(Declared(item.key, item.title, item.kind, item.span, item.columns) for item in self._shown(key))

    def declared_tiles(self, key: str) -> tuple[tuple[str, str], ...]:
        """Key and label of each tile."""
        return tuple((tile.key, tile.label) for tile in tiles(1.0))

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

    def named(self, influencers: tuple[str, ...]) -> list[dict[str, str]]:
        """Labels and values of influencers."""
        return [{"label": f"Influencer {one}", "value": one} for one in influencers]

    def canonical(self, query: str) -> str:
        """The query in its shortest form."""
        filters = Filters.from_query(query)
        parts = [filters.resolved(KNOWN).to_query(), Assumptions.from_query(query).to_query()]
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
    data_version: int | None = None
    format: str = "pdf"
    options: dict[str, str] = field(default_factory=dict)


@dataclass
class FakeLedger:
    """A ledger in memory. Each look moves a job on: due, running, sent."""

    jobs: dict[str, FakeJob] = field(default_factory=dict)
    seen: float | None = None

    def add_report(
        self,
        query: str,
        pages: tuple[str, ...],
        format: str,
        data_version: int | None = None,
        options: dict[str, str] | None = None,
    ) -> str:
        """A new job."""
        key = f"job{len(self.jobs)}"
        self.jobs[key] = FakeJob(key, "due", query, pages, format=format, options=options or {})
        return key

    def cancel(self, key: str) -> bool:
        """Ends a job that is not ready."""
        is_open = self.jobs[key].state in ("due", "running")
        self.jobs[key] = replace(self.jobs[key], state="cancelled") if is_open else self.jobs[key]
        return is_open

    def report(self, key: str) -> FakeJob:
        """The job; KeyError when there is none."""
        job = self.jobs[key]
        after = {"due": replace(job, state="running", progress=0.4, step="Drawing 12 of 30 charts"),
                 "running": replace(job, state="sent", progress=1.0, file=f"{key}.{job.format}")}  # fmt: skip
        self.jobs[key] = after.get(job.state, job)
        return job

    def reports(self, limit: int) -> list[FakeJob]:
        """Newest first."""
        return list(reversed(self.jobs.values()))[:limit]

    def worker_seen(self) -> float | None:
        """Seconds since the worker's heartbeat."""
        return self.seen


def made(folder: Path, answers: Any = None, ledger: Any = None) -> Any:
    """The application on fakes; its data folder is `folder`, and a child that reads nothing stands for the reader."""
    importer = Importer(folder, Shelf(folder / "uploads"), CHILD)
    house = settings.load(folder, {})
    return app.wire(house, answers or FakeAnswers(), ledger or FakeLedger(), FakeVersions(), importer)


def serve() -> None:
    """`python -m tests.fakes --port 8050`: the whole screen on these pages, to look at."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=8050)
    parser.add_argument("--empty", action="store_true")
    parser.add_argument("--data", type=Path, default=Path("/tmp/truelift-fake"))
    asked = parser.parse_args()
    made(asked.data, FakeAnswers(empty=asked.empty)).run(host="127.0.0.1", port=asked.port, debug=False)


if __name__ == "__main__":
    serve()
