"""Decides how a report is made: everything is asked once, then the form that was ordered is written from it."""

from __future__ import annotations

import contextlib
import logging
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import theme
from analytics.formats import HOUSE
from analytics.views import PageView
from errors import BadFilter, suggest
from reports.content import brand
from reports.content.audiences import AUDIENCES
from reports.content.brand import HOUSE_BRAND
from reports.content.front import front_of, opened
from reports.content.preflight import problems
from reports.content.report import Mark, Report
from reports.editions import manifest
from reports.editions.manifest import Manifest
from reports.order import Order
from reports.papers import document, pdf, record, webpage, workbook
from reports.papers.document import Plan
from reports.papers.written import Written
from reports.render.pictures import Drawing, Pictures
from reports.result import ReportResult

LOG = logging.getLogger("truelift.reports")
WRITERS = {"html": webpage.write, "xlsx": workbook.write, "json": record.write}
"""The forms that no browser draws: each takes the Report and gives the whole file."""

Progress = Callable[[float, str], object]
"""Told how far the report is: a share of 1 and the step in words."""


Beside = Callable[[Report, Manifest, Any], tuple[Report, Manifest]]
"""reports.editions.since.beside with its ledger and folder: the report with what changed since the edition before."""


class PageInfo(Protocol):
    """A page that can be asked for."""

    @property
    def key(self) -> str:
        """Its name in --pages."""


class Answers(Protocol):
    """What a report asks: analytics.answers.Answers, or a test's own."""

    @property
    def pages(self) -> Sequence[PageInfo]:
        """All pages, in their order."""

    def page(self, key: str, query: str) -> PageView:
        """That page, filled. Raises UserError."""


@dataclass(frozen=True)
class _Paper:
    """What came out: the file, the titles of undrawn charts, the sentences of the preflight."""

    written: Written | pdf.Pdf
    missing: tuple[str, ...]
    problems: tuple[str, ...]


def build(
    answers: Answers,
    order: Order,
    out: Path,
    progress: Progress | None = None,
    pictures: Pictures | None = None,
    data_dir: Path | None = None,
    beside: Beside | None = None,
) -> ReportResult:
    """Makes the report that is ordered and writes it to `out`, whole or not at all.

    pictures: a warm browser to draw with; without one, one is started for this report. data_dir: where the brand's
    theme file lies. beside: lays the edition before beside the report. Raises UserError.
    """
    began = time.perf_counter()
    tell = progress or (lambda share, step: None)
    with _step("collect", tell, 0.05, "reads the numbers"):
        report = collected(answers, order, data_dir)
        edition = manifest.of(report, answers)
        report = replace(report, mark=edition.mark)
        if beside:
            report, edition = beside(report, edition, answers)
    paper = _on_paper(report, edition, tell, pictures) if order.form == "pdf" else _written(report, edition, tell)
    put(out, paper.written.content)
    seconds = time.perf_counter() - began
    LOG.info("report of “%s”: %d pages in %.2f s", order.query, paper.written.pages, seconds)
    return ReportResult(
        out, paper.written.pages, seconds, paper.missing, report.views[0].provenance.version, report.mark.id,
        edition.record(), paper.problems, report.front.headline,
    )  # fmt: skip


def collected(answers: Answers, order: Order, data_dir: Path | None = None) -> Report:
    """Everything that the report says, asked once: all papers write this one object. Raises UserError."""
    audience = AUDIENCES[order.audience]
    keys = chosen(answers, order.pages or audience.pages)
    whole = [answers.page(key, order.query) for key in keys]
    views = opened([audience.cut(view) for view in whole], answers, order)
    locale = getattr(answers, "locale", HOUSE)
    dressed = brand.load(data_dir, order.brand) if order.brand else HOUSE_BRAND
    return Report(order, audience, views, front_of(views, answers, order, whole), Mark("", ""), dressed, locale)


def chosen(answers: Answers, pages: Sequence[str]) -> list[str]:
    """The pages that are meant, tabs first, each once; every tab when none is named. BadFilter for one there is not."""
    tabs = [info.key for info in answers.pages]
    known = [*tabs, *(info.key for info in getattr(answers, "paper_pages", ()))]
    for key in pages:
        if key not in known:
            raise BadFilter(f"No page “{key}” to put into a report. {suggest(key, known)}")
    return [key for key in known if key in pages] or tabs


def _written(report: Report, edition: Manifest, tell: Progress) -> _Paper:
    """A form that needs no browser, with what a PDF would attach."""
    form = report.order.form
    with _step("write", tell, 0.5, "writes the file"):
        made = WRITERS[form](report)
        return _Paper(replace(made, content=edition.into(made.content, form)), (), problems(report))


def _on_paper(report: Report, edition: Manifest, tell: Progress, pictures: Pictures | None) -> _Paper:
    """The PDF: what is drawn is planned, drawn, laid out and printed."""
    order, planned = report.order, document.plan(report)
    with _step("draw", tell, 0.25, "draws the charts"):
        drawings = _draw(planned, pictures)
    with _step("lay out", tell, 0.5, "lays out the pages"):
        html = document.render(planned, drawings)
    with _step("write", tell, 0.55, "writes the file"):
        made = datetime.fromisoformat(report.mark.made).timestamp()
        paper = pdf.write(html, order.paper, order.variant, edition.attachments(), made, report.brand.css())
    return _Paper(paper, _missing(planned, drawings), problems(report, drawings))


def _draw(planned: Plan, pictures: Pictures | None) -> dict[tuple[str, str], Drawing]:
    own = planned.report.brand.tokens
    wanted = [
        (theme.dress(placed.panel.figure or {}, mode="light", medium="paper", own=own), placed.width, placed.height)
        for _, placed in planned.charts
    ]
    with contextlib.ExitStack() as stack:
        drawn = (pictures or stack.enter_context(Pictures())).draw(wanted) if wanted else []
    keys = [(page, placed.panel.key) for page, placed in planned.charts]
    return dict(zip(keys, drawn, strict=True))


def _missing(planned: Plan, drawings: dict[tuple[str, str], Drawing]) -> tuple[str, ...]:
    return tuple(placed.panel.title for page, placed in planned.charts if drawings[page, placed.panel.key].svg is None)


def put(out: Path, content: bytes) -> None:
    """Writes the file beside its place and moves it there, so that nobody ever reads half a report."""
    out.parent.mkdir(parents=True, exist_ok=True)
    half = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        half.write_bytes(content)
        half.replace(out)
    finally:
        half.unlink(missing_ok=True)


@contextlib.contextmanager
def _step(name: str, tell: Progress, share: float, words: str) -> Iterator[Any]:
    tell(share, words)
    began = time.perf_counter()
    yield
    LOG.info("%s: %.2f s", name, time.perf_counter() - began)
