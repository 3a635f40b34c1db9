"""A whole report on each paper, for each audience, in each variant: built as promised, no page empty, no row lost."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from functools import cache

import pypdf
import pytest

from analytics.views import PageView
from reports.content.brand import Brand
from reports.order import Order
from reports.papers import document, pdf, structure
from reports.papers.standards import is_blank, problems
from reports.render.pictures import Drawing
from reports.report import collected
from tests.reports.fakes import FakeAnswers, page, people

ROWS = 90
OWN = Brand("Gritzo", "", {"--accent": "#0b6b3a"}, cover=True, footer="For Gritzo alone")
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="100"><rect width="200" height="50"/></svg>'
SEVERAL = (
    Order(audience="everything", paper="Letter", epoch=1.0),
    Order(audience="brand", variant="pdf/a-3a", epoch=1.0),
    Order(audience="executive", variant="pdf/ua-1", epoch=1.0),
    Order(audience="everything", pages=("cac",), variant="pdf/a-3u", epoch=1.0),
)


def pages() -> FakeAnswers:
    """The usual pages, one with a table over several sheets."""
    overview: PageView = page("overview")
    panels = tuple(people(ROWS) if panel.key == "influencers" else panel for panel in overview.panels)
    return FakeAnswers(overview=replace(overview, panels=panels))


@cache
def made(order: Order, branded: bool = False) -> bytes:
    """The report with a plain picture in every place."""
    report = collected(pages(), order)
    planned = document.plan(replace(report, brand=OWN) if branded else report)
    drawings = {(key, placed.panel.key): Drawing(SVG) for key, placed in planned.charts}
    css = planned.report.brand.css()
    return pdf.write(document.render(planned, drawings), order.paper, order.variant, epoch=1.0, css=css).content


@pytest.mark.parametrize("order", SEVERAL)
def test_each_report_is_built_as_its_variant_promises(order: Order) -> None:
    assert problems(made(order), order.variant) == []


@pytest.mark.parametrize("order", SEVERAL)
def test_no_page_is_empty_and_each_says_where_it_belongs(order: Order) -> None:
    reader = pypdf.PdfReader(io.BytesIO(made(order)))
    for place, sheet in enumerate(reader.pages, 1):
        said = " ".join(sheet.extract_text().split())
        assert not is_blank(sheet), place
        assert f"{place} / {len(reader.pages)}" in said
        assert re.search(r"Data version 17, 2,669 rows read, 12 set aside", said)


def test_every_row_is_printed_once_and_every_part_has_its_heads() -> None:
    texts = structure.texts(made(SEVERAL[0]))
    people_on = [re.findall(r"Person \d{4}", " ".join(text.split())) for text in texts]
    names = [name for found in people_on for name in dict.fromkeys(found)]
    wanted = {f"Person {row:04d}" for row in range(ROWS)}
    parts = [text for text, found in zip(texts, people_on, strict=True) if len(found) > 3]
    assert wanted <= set(names)
    assert len(parts) >= 2
    assert all("Influencer" in text and "Engagement" in text for text in parts)


def test_a_brand_has_its_own_first_page_head_and_foot() -> None:
    reader = pypdf.PdfReader(io.BytesIO(made(SEVERAL[3], branded=True)))
    texts = [" ".join(sheet.extract_text().split()) for sheet in reader.pages]
    assert "Gritzo" in texts[0]
    assert "Influencer return" in texts[0]
    assert all("For Gritzo alone" in text for text in texts)
    assert "TrueLift" not in texts[0]
    assert reader.metadata is not None
    assert str(reader.metadata.title).startswith("Gritzo:")


def test_bookmarks_are_the_sections() -> None:
    reader = pypdf.PdfReader(io.BytesIO(made(SEVERAL[0])))
    top = [str(one.title) for one in reader.outline if not isinstance(one, list)]
    assert top[:3] == ["Summary", "Contents", "Overview"]
    assert top[-1] == "What the words mean"
