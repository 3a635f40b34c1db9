"""Decides that a number's way since the edition before is split exactly, into what was restated and what moved."""

from __future__ import annotations

import math
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as drawing
from hypothesis import strategies as st

from analytics.views import PageView
from data.ledger.editions import Asked, Edition, Editions
from errors import NoData
from reports.commands import answers_for
from reports.content.report import Report
from reports.editions import kept, manifest, since
from reports.editions.kept import Previous
from reports.editions.since import Since
from reports.editions.verify import verify
from reports.order import Order
from reports.papers.document import fill
from reports.report import collected
from tests.reports import fakes
from tests.reports.editions.worlds import Result, World, paper, printed, world

ORDER = Order(pages=("insights",), audience="everything")
EDITION = Edition("a" * 16, "", "c" * 64, 0.0, "", ("insights",), "everything", "pdf", 17, "x.pdf", "5" * 64)
FIRST, SECOND = "from=2026-06-01&to=2026-06-02", "from=2026-06-03&to=2026-06-05"


class Silent:
    """Answers that are not to be asked."""

    def __init__(self, reason: str = "") -> None:
        self._reason = reason

    def page(self, key: str, query: str) -> PageView:
        if self._reason:
            raise NoData(self._reason)
        raise AssertionError("nobody was to be asked")


def order(query: str) -> Order:
    return Order(query, ("products",), audience="everything")


def keep(here: World, query: str) -> Previous:
    """Makes a report over the current data and keeps it; as the edition before."""
    report = here.made(order(query))
    folder = here.settings.reports_dir
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{report.made['edition']}.pdf"
    file.write_bytes(printed(report))
    kept.keep(Editions(here.settings.ledger), folder, Result(file, 1, report.record()), Asked())
    before = kept.previous(Editions(here.settings.ledger), folder, now(here, query))
    assert before is not None
    return before


def now(here: World, query: str) -> Report:
    return collected(answers_for(here.settings), order(query))


def told(since: Since | None, key: str) -> tuple[float, ...]:
    """then, restated, moved, now of a tile."""
    assert since is not None
    one = next(tile for tile in since.tiles if tile.key == key)
    return tuple(math.nan if part is None else float(part) for part in (one.then, one.restated, one.moved, one.now))


def test_restated_and_moved_are_told_apart_and_add_up(tmp_path: Path) -> None:
    here = world(tmp_path)
    before = keep(here, FIRST)
    here.correct()
    answers = answers_for(here.settings)
    other = since.of(now(here, SECOND), before, answers)
    assert told(other, "revenue") == (1500.10, 300.0, -1500.05, 300.05)
    assert other is not None
    for one in other.tiles:
        if None not in (one.then, one.restated, one.moved, one.now):
            assert one.then + one.restated + one.moved == one.now  # type: ignore[operator]
    assert other.headline == (
        f"Revenue went from ₹1,500.10 to ₹300.05 since edition {before.edition.mark}: "
        "+₹300 restated and −₹1,500.05 moved."
    )
    trend = next(one for one in other.tables if one.key == "brand_trend")
    assert (trend.changed, trend.new, trend.gone) == (1, 0, 0)
    assert other.sentences[1].startswith("Restated since then, over the same days: ")
    assert since.restated(before.record, answers)["revenue"] == 300.0
    assert since.restated(before.record, answers)["orders"] == 0.0
    again = since.of(now(here, FIRST), before, answers)
    assert told(again, "revenue") == (1500.10, 300.0, 0.0, 1800.10)
    assert again is not None
    assert "all of it restated" in again.headline
    html = fill("since.html", report=replace(now(here, SECOND), since=other))
    for text in ("₹1,500.10", "+₹300", "−₹1,500.05", "₹300.05", other.headline):
        assert text in html


def test_over_the_same_data_nothing_is_restated_and_nothing_is_asked_again(tmp_path: Path) -> None:
    here = world(tmp_path)
    before = keep(here, FIRST)
    report, silent = now(here, SECOND), Silent()
    silent.fingerprint = answers_for(here.settings).fingerprint  # type: ignore[attr-defined]
    same = since.of(report, before, silent)
    assert told(same, "revenue") == (1500.10, 0.0, -1200.05, 300.05)
    assert same is not None
    assert "Nothing of the edition before was restated." in same.sentences
    assert since.of(report, None, silent) is None


def test_where_the_old_days_cannot_be_asked_that_is_said(tmp_path: Path) -> None:
    here = world(tmp_path)
    before = keep(here, FIRST)
    found = since.of(now(here, SECOND), before, Silent("No rows are left."))
    then, restated, moved, last = told(found, "revenue")
    assert (then, last) == (1500.10, 300.05)
    assert math.isnan(restated)
    assert math.isnan(moved)
    assert found is not None
    assert "What was restated of the edition before cannot be told: No rows are left." in found.sentences


def test_findings_are_new_gone_or_turned() -> None:
    insights = fakes.page("insights")
    panel = insights.panels[0]
    micro, perez, gritzo, gifts = panel.findings
    later = (replace(micro, verdict="does not"), perez, gifts, replace(gritzo, key="other", sentence="Another."))
    before = manifest.of(collected(fakes.FakeAnswers(), ORDER))
    pages = fakes.FakeAnswers(insights=replace(insights, panels=(replace(panel, findings=later), *insights.panels[1:])))
    report = collected(pages, ORDER)
    edition = Previous(replace(EDITION, mark=before.mark.id), before.record())
    found = since.of(report, edition, pages)
    assert found is not None
    assert {(turn.what, turn.sentence, turn.then, turn.now) for turn in found.findings} == {
        ("new", "Another.", "", "cannot tell yet"),
        ("gone", gritzo.sentence, "cannot tell yet", ""),
        ("turned", micro.sentence, "works", "does not"),
    }
    assert "Findings: 1 new, 1 gone and 1 turned." in found.sentences
    assert [panel.key for panel in found.panels] == ["since_findings"]
    assert list(found.frames["findings"]["what"]) == ["new", "gone", "turned"]


def test_a_report_is_laid_beside_the_newest_edition_that_said_something_else(tmp_path: Path) -> None:
    editions, pages = Editions(f"sqlite:///{tmp_path / 'ledger.sqlite'}"), fakes.FakeAnswers()
    first = collected(pages, ORDER)
    alone, made = since.beside(first, manifest.of(first), pages, editions, tmp_path)
    assert alone.since is None
    assert (alone.mark, made.made["since"]) == (made.mark, "")
    (tmp_path / "one.pdf").write_bytes(printed(made))
    kept.keep(editions, tmp_path, Result(tmp_path / "one.pdf", 1, made.record()), Asked())
    assert since.beside(first, manifest.of(first), pages, editions, tmp_path)[0].since is None
    insights = fakes.page("insights")
    dearer = replace(insights, tiles=(replace(insights.tiles[0], value=3.95e7), *insights.tiles[1:]))
    other = fakes.FakeAnswers(insights=dearer)
    report = collected(other, ORDER)
    named, later = since.beside(report, manifest.of(report), other, editions, tmp_path)
    assert isinstance(named.since, Since)
    assert named.since.edition.mark == later.made["since"] == made.mark.id
    assert later.id == manifest.of(report).id
    assert told(named.since, "revenue") == (3.94e7, 1e5, 0.0, 3.95e7)
    assert verify(paper(named.mark.id, later.attachments(), made.mark.id), lambda order: later).code == 0


values = st.one_of(st.none(), st.floats(-1e12, 1e12, allow_nan=False))


@given(st.sampled_from(list(since.PLACES)), values, values, values)
@drawing(max_examples=300, deadline=None)
def test_the_parts_add_up_to_the_last_digit(
    unit: str, then: float | None, again: float | None, last: float | None
) -> None:
    tile = {"key": "x", "label": "X", "unit": unit, "written": "–"}
    one = since._moved(*({**tile, "value": value} for value in (then, again, last)))
    known = [part for part in (one.then, one.restated, one.moved) if part is not None]
    if None in (then, again, last):
        assert None in (one.restated, one.moved)
        return
    assert sum(known, Decimal(0)) == one.now
    assert all("nan" not in cell and "inf" not in cell for cell in one.cells())


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [("300", "money", "+₹300"), ("-1500.05", "money", "−₹1,500.05"), ("0.0025", "share", "+0.25 pt"),
     ("-0.5", "multiple", "−0.50×"), ("12.5", "count", "+12.5"), ("1234", "count", "+1,234"), ("0", "money", "₹0"),
     ("2.5", "days", "+2.5 days")],
)  # fmt: skip
def test_a_part_is_written_with_its_sign_and_all_its_decimals(value: str, unit: str, text: str) -> None:
    assert since.written(Decimal(value), unit, signed=True) == text
    assert since.written(None, unit) == "–"
