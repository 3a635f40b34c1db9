"""Tiles, panels and tables show what the view holds and nothing else."""

from __future__ import annotations

import json
import math

import pandas as pd
import pytest
from plotly.utils import PlotlyJSONEncoder

from analytics.views import Column, Finding
from layouts import components, filled, panels, reports, shell, sparkline
from tests.fakes import FakeAnswers, FakeJob


def text(component):
    return json.dumps(component, cls=PlotlyJSONEncoder, ensure_ascii=False)


def test_a_tile_says_its_interval_and_its_change_in_words():
    shown = text(components.tile(FakeAnswers().page("overview", "").tiles[3]))
    assert "1.4–2.9×" in shown
    assert "▲" in shown
    assert '"up "' in shown


def test_a_tile_that_cannot_be_computed_says_why():
    shown = text(components.tile(FakeAnswers().page("overview", "").tiles[5]))
    assert "–" in shown
    assert "needs reach: no file has it" in shown
    assert "nan" not in shown.lower()


@pytest.mark.parametrize("values", [(), (1.0,), (1.0, 2.0), (math.nan,) * 9])
def test_too_few_values_draw_no_line(values):
    assert sparkline.mask(values) == ""


@pytest.mark.parametrize("values", [(5.0, 5.0, 5.0), (1.0, math.nan, 3.0, 2.0), (-4.0, 0.0, 1e9)])
def test_a_line_stays_in_its_picture(values):
    places = sparkline.points(values)
    assert all(0 <= x <= sparkline.WIDTH and 0 <= y <= sparkline.HEIGHT for x, y in places)
    assert places[-1][0] == sparkline.WIDTH - sparkline.EDGE


@pytest.mark.parametrize(
    ("better", "value", "verdict"),
    [
        ("higher", 1.0, "good"),
        ("higher", 0.99, "bad"),
        ("lower", 1.0, "good"),
        ("lower", 1.01, "bad"),
        ("higher", None, ""),
    ],
)
def test_a_cell_is_judged_against_its_break_even(better, value, verdict):
    assert panels.verdict(Column("roas", "ROAS", "multiple", better, True, 1.0), value) == verdict


def test_rows_carry_number_and_text_side_by_side():
    row = panels.rows(FakeAnswers().page("overview", "").panel("people"))[4]
    assert row["spend"] is None
    assert row["written"]["spend"] == "–"
    assert row["written"]["revenue"] == "₹48,947"
    assert components.written(123456.5, "money", short=True) == "₹1.23 L"
    assert components.written(123456.5, "money") == "₹1,23,456.50"
    assert row["judged"] == {"roas": "bad"}


def test_missing_cells_of_every_kind_are_a_dash():
    columns = (Column("name", "Name"), Column("a", "A", "money"), Column("d", "Day", "date"))
    frame = pd.DataFrame({"name": [None], "a": [math.inf], "d": [pd.NaT]})
    shown = text(components.table(columns, frame.to_dict("records"), "caption"))
    assert shown.count("–") == 3


def test_a_long_table_counts_the_rest():
    records = [{"a": str(number)} for number in range(205)]
    assert "5 more rows: take them as CSV." in text(components.table((Column("a", "A"),), records, "caption"))


def test_outputs_and_properties_have_one_order():
    answers = FakeAnswers()
    for page in answers.pages:
        declared = answers.declared(page.key)
        count = len(filled.outputs(page.key, declared))
        assert len(filled.properties(answers.page(page.key, ""), declared, {})) == count
        assert len(filled.refused(page.key, declared, "No.", "bad")) == count


def test_an_amount_is_not_broken_before_its_unit():
    assert filled.whole("about ₹71 L of it, 5 % more, 6 Large") == "about ₹71\u00a0L of it, 5\u00a0% more, 6 Large"


def test_a_finding_leads_to_its_chart():
    finding = Finding("k", "kind", "It works.", "", "works", panel="trend")
    assert "/?brand=A#trend" in text(components.finding(finding, "/?brand=A#trend"))
    assert "See the chart" not in text(components.finding(finding, ""))


def test_sample_data_is_marked_and_ones_own_is_not():
    assert "Sample data: made by TrueLift, not yours." in text(shell.banner(FakeAnswers().provenance()))
    assert shell.banner(None) is None


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("sent", "Open PDF"),
        ("failed", "The browser ended."),
        ("running", "Making the PDF"),
        ("cancelled", "nothing was made"),
        ("due", "No report worker"),
    ],
)
def test_a_report_says_how_it_stands(state, words):
    job = FakeJob("r", state, reason="The browser ended." if state == "failed" else "")
    assert words in text(reports.progress(job, None))
    assert "No report worker" not in text(reports.progress(job, 2.0))


def test_reports_that_are_not_ready_name_view_and_zone():
    assert reports.listing([FakeJob("r", "sent")]) is None
    shown = text(reports.listing([FakeJob("r", "due", "brand=Gritzo")], "Asia/Kolkata"))
    assert "Brand: Gritzo" in shown
    assert "1 Aug 2026, 09:00" in shown
