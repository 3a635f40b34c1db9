"""Decides how a report is made, in four named steps: collect, draw, lay out, write."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import theme
from analytics.formats import HOUSE
from analytics.views import PageView
from errors import BadFilter, suggest
from reports.content.audiences import AUDIENCES
from reports.content.front import front_of
from reports.content.report import Mark, Report
from reports.order import Order
from reports.papers import document, pdf
from reports.papers.document import Plan
from reports.render.pictures import Drawing, Pictures

LOG = logging.getLogger("truelift.reports")
EDITION = "\ue0ed\ue0ed"
"""Stands in the footer until the document's own digest is known."""

Progress = Callable[[float, str], object]
"""Told how far the report is: a share of 1 and the step in words."""


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
class ReportResult:
    """A finished report. seconds: from the first question to the written file. missing: titles of undrawn charts."""

    file: Path
    pages: int
    seconds: float
    missing: tuple[str, ...]
    data_version: int


def build(
    answers: Answers,
    order: Order,
    out: Path,
    progress: Progress | None = None,
    pictures: Pictures | None = None,
) -> ReportResult:
    """Makes the report that is ordered and writes it to `out`, whole or not at all.

    pictures: a warm browser to draw with; without one, one is started for this report. Raises UserError.
    """
    began = time.perf_counter()
    tell = progress or (lambda share, step: None)
    with _step("collect", tell, 0.05, "reads the numbers"):
        planned = document.plan(collected(answers, order))
    with _step("draw", tell, 0.25, "draws the charts"):
        drawings = _draw(planned, pictures)
    with _step("lay out", tell, 0.5, "lays out the pages"):
        html = _document(planned, drawings)
    with _step("write", tell, 0.55, "writes the file"):
        paper = pdf.write(html)
        put(out, paper.content)
    seconds = time.perf_counter() - began
    LOG.info("report of “%s”: %d pages in %.2f s", order.query, paper.pages, seconds)
    version = planned.report.views[0].provenance.version
    return ReportResult(out, paper.pages, seconds, _missing(planned, drawings), version)


def collected(answers: Answers, order: Order) -> Report:
    """Everything that the report says, asked once: all papers write this one object. Raises UserError."""
    audience = AUDIENCES[order.audience]
    keys = chosen(answers, order.pages or audience.pages)
    views = tuple(audience.cut(answers.page(key, order.query)) for key in keys)
    locale = getattr(answers, "locale", HOUSE)
    return Report(order, audience, views, front_of(views), Mark(EDITION, ""), locale=locale)


def chosen(answers: Answers, pages: Sequence[str]) -> list[str]:
    """The pages that are meant, in the house's order; BadFilter for one that there is not."""
    known = [info.key for info in answers.pages]
    for key in pages:
        if key not in known:
            raise BadFilter(f"No page “{key}” to put into a report. {suggest(key, known)}")
    return [key for key in known if key in pages] or known


def _draw(planned: Plan, pictures: Pictures | None) -> dict[tuple[str, str], Drawing]:
    wanted = [
        (theme.dress(placed.panel.figure or {}, mode="light", medium="paper"), placed.width, placed.height)
        for _, placed in planned.charts
    ]
    with contextlib.ExitStack() as stack:
        drawn = (pictures or stack.enter_context(Pictures())).draw(wanted) if wanted else []
    keys = [(page, placed.panel.key) for page, placed in planned.charts]
    return dict(zip(keys, drawn, strict=True))


def _document(planned: Plan, drawings: dict[tuple[str, str], Drawing]) -> str:
    """The HTML, with the first letters of its own digest as the edition in its footer."""
    html = document.render(planned, drawings)
    return html.replace(EDITION, hashlib.sha256(html.encode("utf-8")).hexdigest()[:8])


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
