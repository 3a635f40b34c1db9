"""Decides that nothing goes out unseen that failed, is blank, or does not add up; and that sound reports go out."""

from __future__ import annotations

import math
from dataclasses import replace

import pandas as pd
import pytest

from analytics.views import Column, PageView, Panel
from reports.content.preflight import problems
from reports.content.report import Report
from reports.order import Order
from reports.render.pictures import NO_BROWSER, Drawing
from reports.report import collected
from tests.reports.fakes import FakeAnswers, page, tiles

SPLIT = Panel(
    "roas_by_platform", "Which platform?", "roas", "Two platforms.",
    pd.DataFrame({"platform": ["Instagram", "(unknown)"], "revenue": [3.9e7, 4e5], "spend": [30e5, 3.98e5]}),
    (Column("platform", "Platform"), Column("revenue", "Revenue", "money"), Column("spend", "Spend", "money")),
    kind="table",
)  # fmt: skip


def report(*panels: Panel, **changed: object) -> Report:
    """A report of one page with these panels."""
    view = replace(page("overview"), panels=panels, **changed)
    return collected(FakeAnswers(overview=view), Order("", ("overview",), audience="everything"))


def test_a_sound_report_has_no_problem() -> None:
    assert problems(collected(FakeAnswers(), Order(audience="everything"))) == ()
    assert problems(report(SPLIT)) == ()


def test_a_total_that_is_not_the_sum_of_its_parts_is_named_with_both_amounts() -> None:
    frame = SPLIT.frame.assign(revenue=[3.9e7, 399999.98])
    assert problems(report(replace(SPLIT, frame=frame))) == (
        "Overview, “Which platform?”: Revenue does not match: the parts add up to ₹3,93,99,999.98, the page says "
        "₹3,94,00,000. Look at the data.",
    )
    within = SPLIT.frame.assign(revenue=[3.9e7, 399999.995])
    assert problems(report(replace(SPLIT, frame=within))) == ()


def test_a_list_of_a_few_need_not_add_up() -> None:
    assert problems(report(replace(SPLIT, key="top_three", frame=SPLIT.frame.head(1)))) == ()


def test_a_picture_with_nothing_to_draw_is_a_problem() -> None:
    drawn = page("overview").panels[0]
    empty = {"data": [{"type": "bar", "x": [], "y": [math.nan]}], "layout": {}}
    said = problems(report(replace(drawn, figure=empty)))
    assert said == ("Overview, “How did revenue move?”: its picture has nothing to draw. Widen the filters.",)


@pytest.mark.parametrize("frame", [pd.DataFrame({"platform": ["Instagram"]}), pd.DataFrame()])
def test_a_query_that_failed_is_a_problem(frame: pd.DataFrame) -> None:
    said = problems(report(replace(SPLIT, frame=frame)))
    assert len(said) == 1
    assert said[0].startswith("Overview, “Which platform?”: its query failed: ")


def test_an_answer_refused_with_a_reason_is_no_problem() -> None:
    refused = replace(SPLIT, frame=pd.DataFrame(), message="Refused: no control campaign lies in these days.")
    assert problems(report(refused)) == ()


def test_a_page_with_nothing_on_it_is_a_problem() -> None:
    nothing = tuple(replace(tile, value=math.nan, written="–") for tile in tiles())
    said = problems(report(tiles=nothing, more=()))
    assert said == ("Overview: there is nothing on this page. Widen the filters, or leave the page out.",)


def test_a_chart_that_no_browser_drew_is_no_problem_and_an_empty_drawing_is() -> None:
    made = collected(FakeAnswers(), Order("", ("cac",), audience="everything"))
    view: PageView = made.views[0]
    key = (view.key, view.panels[0].key)
    assert problems(made, {key: Drawing(None, NO_BROWSER)}) == ()
    assert problems(made, {key: Drawing('<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>')}) == ()
    said = problems(made, {key: Drawing('<svg xmlns="http://www.w3.org/2000/svg"><g/></svg>')})
    assert said == ("CAC, “Where is a customer dear?”: it was drawn as an empty picture. Make the report again.",)
