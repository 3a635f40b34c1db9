"""No iROAS anywhere without its interval and its method: pages, pictures, tables, programs, paper. The net holds."""

from __future__ import annotations

import csv
import io
import math
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from analytics import export
from analytics.answers import Answers
from analytics.versions import Versions
from analytics.views import Column, Finding, Panel, Tile
from data.versions.past import Past
from reports.order import Order
from reports.papers import document
from reports.render.pictures import Drawing
from reports.report import collected
from settings import Settings
from tests import iroas_found

MEASURED = ("", "brand=Gritzo&confidence=0.8", "platform=Instagram&from=2026-01-01&to=2026-06-30&cost=gifts")
UNMEASURED = ("experiment=none", "experiment=none&platform=Instagram")
PAGES = ("overview", "products", "iroas", "cac", "insights")


@pytest.mark.parametrize("query", [*MEASURED, *UNMEASURED])
def test_every_page_says_interval_and_method(answers: Answers, query: str) -> None:
    assert [fault for page in PAGES for fault in iroas_found.of_page(answers.page(page, query))] == []


@pytest.mark.parametrize("query", UNMEASURED)
def test_without_an_experiment_the_attributed_roas_is_named_as_what_it_is(answers: Answers, query: str) -> None:
    for page in ("overview", "iroas", "insights"):
        view = answers.page(page, query)
        tile = next(tile for tile in view.tiles if tile.key == "iroas")
        assert (tile.written, math.isnan(tile.value)) == ("–", True)
        assert re.search(r"Attributed ROAS \S+× is what codes and links were credited with, not what", tile.note)
    said = next(one for one in answers.page("insights", query).panel("findings").findings if one.kind == "confidence")
    assert said.verdict == "cannot tell yet"
    assert "not measured yet" in said.sentence


def test_the_net_has_something_to_catch(answers: Answers) -> None:
    """With the sample's experiment there is a headline, and estimates stand in tables, pictures and findings."""
    tiles = [tile for tile in answers.page("overview", "").tiles if tile.key == "iroas"]
    assert tiles
    assert math.isfinite(tiles[0].value)
    court = answers.page("iroas", "").panel("method_court")
    assert court.frame["estimate"].notna().sum() > 3
    assert court.figure is not None
    assert any("iroas." in one.sentence for one in answers.page("insights", "").panel("findings").findings)


@pytest.mark.parametrize("page", PAGES)
def test_programs_and_spreadsheets_get_interval_and_method_too(answers: Answers, page: str) -> None:
    view = answers.page(page, "")
    made = export.page(view)
    for tile in made["tiles"]:
        if tile["key"] == "iroas":
            assert tile["lower"] <= tile["value"] <= tile["upper"]
            assert re.search(iroas_found.ID, tile["note"])
    for panel, records in zip(view.panels, made["panels"], strict=True):
        if panel.metric == "iroas":
            assert iroas_found.of_records(records["records"]) == [], panel.key
        rows = list(csv.reader(io.StringIO(export.panel_csv(panel, raw=True))))
        assert iroas_found.of_table({head: [row[at] for row in rows[1:]] for at, head in enumerate(rows[0])}) == []


def test_a_workbook_of_the_court_holds_both(answers: Answers, tmp_path: Path) -> None:
    view = answers.page("iroas", "")
    path = tmp_path / "court.xlsx"
    path.write_bytes(export.panel_xlsx(view, "method_court", datetime(2026, 1, 1, tzinfo=UTC)))
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    text = " ".join(str(cell) for row in rows for cell in row)
    assert {"From", "To"} <= set(rows[0])
    for one in view.panel("method_court").frame["method"]:
        assert str(one) in text


def test_a_comparison_of_versions_writes_both(sample_settings: Settings) -> None:
    found = Versions(Past(sample_settings)).compare(1, 1)
    written = next(one["written"] for one in found["kpis"] if one["key"] == "iroas")
    assert all(not iroas_found.bare(text) and re.search(iroas_found.ID, text) for text in written)


def paper(answers: Answers, query: str) -> str:
    """The report as HTML, its pictures left out (their words are tried where they are drawn)."""
    planned = document.plan(collected(answers, Order(query, PAGES, audience="everything")))
    keys = [(page, placed.panel.key) for page, placed in planned.charts]
    return document.render(planned, dict.fromkeys(keys, Drawing(None, "left out")))


@pytest.mark.parametrize("query", [MEASURED[0], UNMEASURED[0]])
def test_paper_says_interval_and_method(answers: Answers, query: str) -> None:
    assert iroas_found.of_paper(re.sub(r"<[^>]+>", " ", paper(answers, query))) == []


def test_wherever_the_headline_is_printed_its_interval_and_method_stand_near(answers: Answers) -> None:
    tile = next(tile for tile in answers.page("overview", "").tiles if tile.key == "iroas")
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", paper(answers, "")))
    ends = [re.escape(f"{end:.2f}" if abs(end) < 1 else f"{end:.1f}") for end in (abs(tile.lower), abs(tile.upper))]
    labelled = [found.start() for found in re.finditer(rf"iROAS {re.escape(tile.written)}", text)]
    assert labelled
    for start in labelled:
        near = text[start : start + 260]
        assert all(re.search(end, near) for end in ends), near
        assert re.search(iroas_found.ID, near), near


TILE = Tile("iroas", "iROAS", "multiple", 2.1, "2.1×", "90 % interval, test (iroas.holdout)", lower=1.4,
            upper=2.9)  # fmt: skip
FRAME = pd.DataFrame({"method": ["iroas.holdout"], "estimate": [2.1], "lower": [1.4], "upper": [2.9]})
COLUMNS = (Column("method", "Method id"), Column("estimate", "iROAS", "multiple"), Column("lower", "From", "multiple"),
           Column("upper", "To", "multiple"))  # fmt: skip
GOOD = Panel("court", "How sure?", "iroas", "iROAS 2.1× (90 % interval 1.4–2.9×, iroas.holdout) holds 1.0×.", FRAME,
             COLUMNS, {"data": [{"customdata": ["A  2.1× (1.4–2.9×), headline · iroas.holdout"]}],
                       "layout": {"annotations": [{"text": "<b>2.1×</b>  1.4–2.9×"}]}})  # fmt: skip
SAID = Finding("confidence", "confidence", "Works: iROAS 2.1× (90 % interval 1.4–2.9×, iroas.holdout).", "", "works")


def figure(hover: str, written: str) -> dict[str, Any]:
    return {"data": [{"customdata": [hover]}], "layout": {"annotations": [{"text": written}]}}


BROKEN: dict[str, Any] = {
    "a tile without an end": replace(TILE, upper=math.nan),
    "a tile without a method": replace(TILE, note="90 % interval, test"),
    "a tile that hides that it is not measured": replace(TILE, value=math.nan, written="–", note="see below"),
    "a summary with a bare number": replace(GOOD, summary="iROAS 2.1×."),
    "a summary without a method": replace(GOOD, summary="iROAS 2.1× (90 % interval 1.4–2.9×)."),
    "a range of points": replace(GOOD, summary="The published formulas range from 1.9× to 22.0×."),
    "a table without ends": replace(GOOD, columns=COLUMNS[:2]),
    "a table without a method": replace(GOOD, columns=COLUMNS[1:]),
    "a record without an end": replace(GOOD, frame=FRAME.assign(upper=math.nan)),
    "a record without a method": replace(GOOD, frame=FRAME.assign(method="")),
    "a pointer without a method": replace(GOOD, figure=figure("A  2.1× (1.4–2.9×)", "1.4–2.9×")),
    "a pointer without an interval": replace(GOOD, figure=figure("A  2.1×, iroas.holdout", "1.4–2.9×")),
    "a mark without an interval": replace(GOOD, figure=figure("", "<b>2.1×</b>")),
    "a cell with a bare number": replace(GOOD, frame=FRAME.assign(says="an iROAS of 2.1× was found")),
    "a finding with a bare number": replace(GOOD, findings=(replace(SAID, sentence="Works: iROAS 2.1×."),)),
    "a headline with a bare number": "iROAS 2.1× was caused.",
}


@pytest.mark.parametrize("what", [*BROKEN, "nothing"])
def test_the_net_catches_what_it_should(what: str, answers: Answers) -> None:
    view = replace(answers.page("cac", ""), tiles=(TILE,), more=(), panels=(replace(GOOD, findings=(SAID,)),))
    broken = BROKEN.get(what)
    if isinstance(broken, Tile):
        view = replace(view, tiles=(broken,))
    if isinstance(broken, Panel):
        view = replace(view, panels=(broken,))
    if isinstance(broken, str):
        view = replace(view, headline=broken)
    assert bool(iroas_found.of_page(view)) == (what != "nothing")


def test_the_net_catches_paper_and_spreadsheets() -> None:
    assert iroas_found.of_paper("Here iROAS 2.1× was caused.")
    assert not iroas_found.of_paper("Here iROAS 2.1× (90 % interval 1.4–2.9×, iroas.holdout) was caused.")
    good = {"Method id": ["iroas.holdout"], "iROAS": ["2.1"], "From": ["1.4"], "To": ["2.9"]}
    assert not iroas_found.of_table(good)
    for lacking in ("Method id", "From", "To"):
        assert iroas_found.of_table({key: value for key, value in good.items() if key != lacking})
    assert iroas_found.of_records([{"estimate": 2.1, "lower": 1.4, "upper": 2.0, "method": "iroas.holdout"}])
