"""Decides what making a report in this process takes: answers of the wanted version, and a browser that stays warm.

The child of the renderer holds one; tests and commands may hold one themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from analytics.answers import Answers as PageAnswers
from data.ledger.editions import Editions
from data.store import Store
from reports.content.report import Report
from reports.editions import since
from reports.editions.manifest import Manifest
from reports.order import Order
from reports.papers import pdf
from reports.render.pictures import Pictures
from reports.report import Answers, Beside, Progress, ReportResult, build
from settings import Settings

READY = "<!DOCTYPE html><html lang='en'><title>–</title><body><p>₹ – मामा</p></body></html>"
"""Written once at the start, so that the first reader does not wait for fonts to be found."""


class Maker:
    """Makes reports one after the other. open_answers: called for each with the version that it asks for, or None.

    pictures: the browser; data_dir: where the theme files of brands lie, None where there are none. beside: lays the
    edition before beside each report.
    """

    def __init__(
        self,
        open_answers: Callable[[int | None], Answers],
        pictures: Pictures | None = None,
        data_dir: Path | None = None,
        beside: Beside | None = None,
    ) -> None:
        self._open_answers = open_answers
        self._pictures = pictures or Pictures()
        self._data_dir = data_dir
        self._beside = beside

    def warm(self) -> bool:
        """Starts the browser and finds the fonts; False when there is no browser."""
        pdf.write(READY)
        return self._pictures.warm()

    def make(
        self, order: Order, out: Path, tell: Progress | None = None, look: Callable[[], object] | None = None
    ) -> ReportResult:
        """The report, written to `out`, whole or not at all; `look` is asked once before. Raises UserError."""
        if look:
            look()
        return build(self._open_answers(order.version), order, out, tell, self._pictures, self._data_dir, self._beside)

    def close(self) -> None:
        """Ends the browser."""
        self._pictures.close()


def from_settings(settings: Settings) -> Maker:
    """The maker over the data folder that the settings name."""
    store = Store(settings)

    def answers(version: int | None) -> Answers:
        return PageAnswers(store.now() if version is None else store.at(version))

    pictures = Pictures(chart_seconds=settings.chart_seconds, all_seconds=settings.charts_seconds)
    return Maker(answers, pictures, settings.data_dir, besides(settings))


def besides(settings: Settings) -> Beside:
    """Lays the edition before, of the same view or of the same schedule, beside a report."""
    editions = Editions(settings.ledger)

    def beside(report: Report, made: Manifest, answers: Answers) -> tuple[Report, Manifest]:
        return since.beside(report, made, answers, editions, settings.reports_dir, report.order.schedule)

    return beside
