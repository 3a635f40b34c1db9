"""Why a report was made stands above its headline, on every paper, in one clean line."""

from __future__ import annotations

import io
import json

import pytest
from python_calamine import CalamineWorkbook

from reports.content.report import Report
from reports.order import AUDIENCES, LONGEST_REASON, Order, from_record
from reports.papers import document, record, webpage, workbook
from reports.render.pictures import Drawing
from reports.report import collected
from tests.reports.fakes import FakeAnswers

WHY = "ROAS of “A & B” <b>fell</b> below 1.5×: 1.32× in 1–30 Oct 2026."
ESCAPED = "ROAS of “A &amp; B” &lt;b&gt;fell&lt;/b&gt; below 1.5×: 1.32× in 1–30 Oct 2026."


def report(reason: str = WHY, audience: str = "brand") -> Report:
    return collected(FakeAnswers(), Order("", ("overview", "cac"), audience=audience, reason=reason))


def printed(made: Report) -> str:
    planned = document.plan(made)
    none = {(page, placed.panel.key): Drawing(None, "no browser") for page, placed in planned.charts}
    return document.render(planned, none)


@pytest.mark.parametrize("audience", AUDIENCES)
def test_it_stands_on_page_one_before_the_headline_once(audience: str) -> None:
    html = printed(report(audience=audience))
    assert html.count(ESCAPED) == 1
    assert html.index(ESCAPED) < html.index("<h1")
    assert 'class="reason"' not in printed(report("", audience))


def test_it_is_on_every_other_paper_too() -> None:
    made = report()
    page = webpage.write(made).content.decode("utf-8")
    assert page.count(ESCAPED) == 1
    assert page.index(ESCAPED) < page.index("<h1>")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(workbook.write(made).content)).get_sheet_by_name("Summary")
    assert rows.to_python()[1][1:4] == ["Why this report", "", WHY]
    assert json.loads(record.write(made).content)["reason"] == WHY
    assert json.loads(record.write(report("")).content)["reason"] == ""


def test_it_is_one_clean_line_that_survives_its_record() -> None:
    order = Order(reason="a\r\nb\u202e\x00  c \u0915\u094d\u200d\u0937")
    assert order.reason == "a b c \u0915\u094d\u200d\u0937"
    assert from_record(order.as_record()) == order
    assert len(Order(reason="word " * 500).reason) <= LONGEST_REASON
    assert Order().reason == ""
