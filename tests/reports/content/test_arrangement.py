"""Decides that panels fill their rows, keep their order, and that charts have room for every name."""

from __future__ import annotations

from dataclasses import replace

from reports.content.arrangement import GAP_PX, PAGE_PX, place, rows, tables_last
from reports.content.front import front_of
from reports.content.glossary import methods_used
from tests.reports.fakes import chart, moving, page, people


def keys(placed) -> list[list[str]]:
    return [[one.panel.key for one in row] for row in placed]


def test_two_share_a_row_and_every_row_is_as_wide_as_the_page() -> None:
    panels = [chart(name, name, span) for name, span in (("a", 8), ("b", 4), ("c", 6), ("d", 6), ("e", 4), ("f", 12))]
    placed = rows(panels)
    assert keys(placed) == [["a"], ["b", "c"], ["d", "e"], ["f"]]
    assert all(sum(one.twelfths for one in row) == 12 for row in placed)
    for row in placed:
        assert abs(sum(one.width for one in row) + GAP_PX * (len(row) - 1) - PAGE_PX) <= 1


def test_a_third_gets_half_of_a_row_and_more_stays_more() -> None:
    assert [one.twelfths for one in rows([chart("a", "A?", 4), chart("b", "B?", 6)])[0]] == [6, 6]
    assert [one.twelfths for one in rows([chart("a", "A?", 7), chart("b", "B?", 5)])[0]] == [7, 5]


def test_a_table_that_may_cross_pages_stands_alone() -> None:
    assert keys(rows([chart("a", "A?"), replace(people(40), span=6), chart("c", "C?")])) == [
        ["a", "c"],
        ["influencers"],
    ]


def test_two_lonely_panels_share_a_row_though_a_wide_one_stands_between() -> None:
    panels = [chart("a", "A?"), chart("wide", "W?", 12), chart("c", "C?")]
    assert keys(rows(panels)) == [["a", "c"], ["wide"]]


def test_a_pair_is_not_parted_for_a_lonely_panel() -> None:
    panels = [chart("a", "A?"), chart("wide", "W?", 12), chart("c", "C?"), chart("d", "D?")]
    assert keys(rows(panels)) == [["a"], ["wide"], ["c", "d"]]


def test_more_names_make_a_taller_picture() -> None:
    few, many = (place(chart("a", "A?", bars=bars)).height for bars in (4, 12))
    assert many > few >= 100
    assert place(moving()).height == 220


def test_a_panel_without_a_picture_needs_no_room_for_one() -> None:
    refused = page("iroas").panel("refused")
    assert (place(refused).width, place(refused).height) == (0, 0)


def test_lights_fill_the_page_that_a_tall_picture_would_leave_half_empty() -> None:
    lights = replace(people(10), key="lights", kind="lights")
    low = chart("low", "B?", bars=4)
    tall = replace(low, key="tall", figure={"data": [], "layout": {"yaxis": {"range": [29.5, -0.5]}}})
    assert [panel.key for panel in tables_last([tall, lights, low])] == ["lights", "tall", "low"]
    assert [panel.key for panel in tables_last([low, lights, tall])] == ["low", "lights", "tall"]


def test_the_cover_shows_one_picture_and_three_findings_that_weigh() -> None:
    cover = front_of([page("overview"), page("insights")])
    assert [panel.key for panel in cover.charts] == ["revenue_trend"]
    assert [finding.key for finding in cover.findings] == ["micro", "perez", "gritzo"]


def test_without_findings_the_cover_shows_two_pictures() -> None:
    cover = front_of([page("overview")])
    assert [panel.key for panel in cover.charts] == ["revenue_trend", "by_platform"]
    assert cover.findings == ()


def test_a_method_is_told_once_under_its_first_question() -> None:
    told = methods_used([page("overview"), page("products")])
    assert [title for title, _ in told] == ["How did revenue move?", "Which platform returns most per rupee?"]
