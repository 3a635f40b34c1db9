"""Decides how the speed of a report is told: cold and warm, beside what a browser and WeasyPrint cost by themselves.

The floor, measured in the same run: as many charts from the warm browser, and a plain untagged document of twelve
pages, each with a chart and a table of eighteen rows. And one long table in a job of its own, its rows counted in the
file that came out.
"""

from __future__ import annotations

import base64
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import TypeVar

import pandas as pd

import theme
from analytics.answers import Answers
from analytics.figures.ranking import ranking
from analytics.metrics import METRICS
from analytics.views import Column, Figure, PageView, Panel
from data import __main__ as command_line
from data.store import Store
from reports.order import Order
from reports.papers import document, pdf, structure
from reports.render.pictures import Pictures
from reports.report import PageInfo, ReportResult, build, collected
from settings import load

AUDIENCE, LONG_PAGE = "brand", "products"
"""The brand report: fourteen charts on twelve pages of the sample. The page that the long table borrows."""
PLAIN_PAGES, PLAIN_ROWS, PLAIN_COLUMNS = 12, 18, 7
LONG_ROWS, LONG_COLUMNS = 2_000, 10
TIMES = 3
PLAIN_CSS = """@page { size: A4; margin: 15mm } section { break-before: page } img { width: 100% }
table { width: 100%; border-collapse: collapse; font: 9pt sans-serif } td, th { border-bottom: 1px solid silver }"""
Result = TypeVar("Result")


def measure(folder: Path) -> None:
    """Prints seconds cold and warm, the floor and their ratio, then those of the long table."""
    answers = Answers(Store(load(_sample(folder))))
    order = Order(audience=AUDIENCE)
    charts = len(document.plan(collected(answers, order)).charts)
    with Pictures() as pictures:
        cold, warm, made = _warm(answers, order, pictures, folder / "report.pdf")
        drawing, printing = _floor(pictures, charts)
    floor = drawing + printing
    print(f"report: {made.pages} pages with {charts} charts: {cold:.2f} s cold, {warm:.2f} s warm")
    print(f"  floor: {drawing:.2f} s for as many charts and {printing:.2f} s for {PLAIN_PAGES} plain pages")
    print(f"  warm is {warm / floor:.2f} times the floor")
    _long(answers.page(LONG_PAGE, ""), answers.pages, folder)


@dataclass(frozen=True)
class _OnePage:
    """Answers with the one page that it holds."""

    view: PageView
    pages: Sequence[PageInfo]

    def page(self, key: str, query: str) -> PageView:
        """That page, whatever is asked."""
        return self.view


def _sample(folder: Path) -> Path:
    """A data folder filled with the sample."""
    command_line.main(["sample", "--data", str(folder / "sample")])
    return folder / "sample"


def _warm(answers: Answers, order: Order, pictures: Pictures, out: Path) -> tuple[float, float, ReportResult]:
    """Seconds of the first report, with the browser's start in them, and of those after it."""
    cold, made = _timed(lambda: build(answers, order, out, pictures=pictures))
    return cold, _usual(lambda: build(answers, order, out, pictures=pictures)), made


def _floor(pictures: Pictures, charts: int) -> tuple[float, float]:
    """Seconds of so many charts alone, and of a plain document alone."""
    figures = [(theme.dress(_figure(), medium="paper"), 700, 380)] * charts
    _, drawn = _timed(lambda: pictures.draw(figures))
    page = _plain([drawing.svg or "" for drawing in drawn])
    pdf.plain(page)
    return _usual(lambda: pictures.draw(figures)), _usual(lambda: pdf.plain(page))


def _figure() -> Figure:
    frame = pd.DataFrame(
        {"name": [f"Name {row}" for row in range(12)], "value": [float(30 - row) for row in range(12)]}
    )
    return ranking(frame, METRICS["roas"], reference=1.0, reference_text="break-even 1×")


def _plain(drawings: Sequence[str]) -> str:
    """Twelve pages, each with a chart as an address that holds it, and a table."""
    heads = "".join(f"<th>Column {column}</th>" for column in range(PLAIN_COLUMNS))
    rows = "".join(f"<tr>{''.join(f'<td>{row * 7 + column:,}</td>' for column in range(PLAIN_COLUMNS))}</tr>"
                   for row in range(PLAIN_ROWS))  # fmt: skip
    pages = "".join(
        f'<section><h1>Page {place}</h1><img src="data:image/svg+xml;base64,'
        f'{base64.b64encode(drawings[place].encode()).decode()}"><table><thead><tr>{heads}</tr></thead>{rows}</table>'
        f"</section>"
        for place in range(PLAIN_PAGES)
    )
    return f"<style>{PLAIN_CSS}</style>{pages}"


def _long(view: PageView, pages: Sequence[PageInfo], folder: Path) -> None:
    """One table of two thousand rows as a report of its own; the names in the file's text are counted."""
    frame = pd.DataFrame({"name": [f"Person {row:05d}" for row in range(LONG_ROWS)]})
    columns = [Column("name", "Influencer")]
    for place in range(1, LONG_COLUMNS):
        frame[f"m{place}"] = [float(row * place % 9973) for row in range(LONG_ROWS)]
        columns.append(Column(f"m{place}", f"Measure {place}", "count"))
    panel = Panel("long", "Every row", "revenue", "Every row of it.", frame, tuple(columns), kind="table", span=12)
    answers = _OnePage(replace(view, panels=(panel,)), pages[:1])
    out = folder / "long.pdf"
    seconds, made = _timed(lambda: build(answers, Order(audience="everything"), out))
    found = len(set(re.findall(r"Person \d{5}", " ".join(structure.texts(out.read_bytes())))))
    print(f"long table: {LONG_ROWS:,} rows by {LONG_COLUMNS} columns on {made.pages} pages in {seconds:.1f} s")
    print(f"  {found:,} rows read back from the file's text")


def _timed(work: Callable[[], Result]) -> tuple[float, Result]:
    began = time.perf_counter()
    result = work()
    return time.perf_counter() - began, result


def _usual(work: Callable[[], object]) -> float:
    """Seconds, the median of some times."""
    return median(_timed(work)[0] for _ in range(TIMES))
