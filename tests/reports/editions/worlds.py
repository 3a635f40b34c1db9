"""Decides what the tests of editions share: a data folder with a correction to import, and reports made over it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from data import ingest
from data.ingest import Plan
from reports.commands import answers_for
from reports.editions import manifest
from reports.editions.manifest import Manifest
from reports.editions.verify import Ask
from reports.order import Order
from reports.papers import pdf
from reports.papers.pdf import Attachment
from reports.report import collected
from settings import Settings
from tests.data.worlds import FOUR, TRACKING, imported, write

DEARER = TRACKING.replace("2026-06-02,1,500", "2026-06-02,1,800")
ORDER = Order(pages=("products",), audience="everything")
MADE = 1_785_600_000.0
"""1 August 2026, 16:00 UTC."""


@dataclass
class World:
    """A data folder. correct: imports files that restate one order."""

    settings: Settings
    folder: Path
    moments: list[float] = field(default_factory=lambda: [MADE])

    def correct(self, files: dict[str, str] | None = None) -> None:
        changed = {"tracking_data.csv": DEARER} if files is None else files
        ingest.run(Plan(write(self.folder, {**FOUR, **changed}), replace=True), self.settings)

    def clock(self) -> float:
        self.moments[0] += 1
        return self.moments[0]

    @property
    def ask(self) -> Ask:
        def ask(order: Order) -> Manifest:
            answers = answers_for(self.settings, order.version)
            return manifest.of(collected(answers, order), answers, self.clock)

        return ask

    def made(self, order: Order = ORDER) -> Manifest:
        """The manifest of a report over the current data."""
        return self.ask(order)


@dataclass(frozen=True)
class Result:
    """What is known of a finished report."""

    file: Path
    pages: int
    manifest: dict[str, Any]


def world(folder: Path) -> World:
    """A data folder with one version."""
    store, _ = imported(folder, FOUR)
    return World(store._settings, folder)


def paper(mark: str, attachments: Sequence[Attachment], besides: str = "") -> bytes:
    """A little PDF that carries what a report carries and prints its mark."""
    html = f"<html lang=en><title>A report</title><body><p>Edition {mark}</p><p>{besides}</p></body></html>"
    return pdf.write(html, attachments=attachments, epoch=MADE).content


def printed(made: Manifest) -> bytes:
    """The PDF of a manifest."""
    return paper(made.mark.id, made.attachments())
