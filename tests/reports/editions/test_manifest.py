"""Decides that a manifest says exactly what the pages say, and that equal content has one id."""

from __future__ import annotations

import csv
import io
import json
import math
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from analytics import export
from data.values import guards
from reports.content.report import Report
from reports.editions import manifest
from reports.order import Order
from reports.report import collected
from tests.reports import fakes

MIDNIGHT = 1_785_609_000.0
"""1 August 2026, 18:30 UTC: midnight in India."""
EVERYTHING = Order(audience="everything")


def report(order: Order = EVERYTHING, answers: fakes.FakeAnswers | None = None) -> Report:
    return collected(answers or fakes.FakeAnswers(), order)


def cells(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def said(value: object, text: str) -> bool:
    """Whether a cell of the CSV is that value of the frame."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return text == ""
    if isinstance(value, date | pd.Timestamp):
        return text == str(value)[:10]
    if isinstance(value, str):
        return guards.bare(text) == value
    return float(text) == pytest.approx(float(value), abs=1e-9)  # type: ignore[arg-type]


def test_the_tables_of_five_pages_are_the_frames_of_the_views_cell_by_cell() -> None:
    whole = report()
    assert len(whole.views) == 5
    made = manifest.of(whole)
    tables = {(one.page, one.panel.key): cells(one.content) for one in made.tables}
    wanted = {(view.key, panel.key) for view in whole.views for panel in view.panels if len(panel.frame)}
    assert set(tables) - wanted == {(manifest.DATA, "files"), (manifest.DATA, "money")}
    assert wanted <= set(tables)
    for view in whole.views:
        for panel in view.panels:
            if panel.frame.empty:
                continue
            head, *rows = tables[view.key, panel.key]
            assert head == [column.label for column in panel.columns]
            frame = panel.frame[[column.key for column in panel.columns]]
            assert len(rows) == len(frame)
            for row, values in zip(rows, frame.itertuples(index=False, name=None), strict=True):
                assert all(said(value, text) for value, text in zip(values, row, strict=True)), (panel.key, row)


def test_every_tile_is_in_it_as_written_and_as_a_number() -> None:
    whole = report()
    tiles = {(one["page"], one["key"]): one for one in manifest.of(whole).content["tiles"]}
    for view in whole.views:
        for tile in (*view.tiles, *view.more):
            one = tiles[view.key, tile.key]
            assert one["written"] == tile.written
            assert one["value"] == export.plain(tile.value)


def test_equal_content_has_one_id_whatever_it_is_written_on_and_whenever() -> None:
    first = manifest.of(report(), clock=lambda: MIDNIGHT)
    for order in (Order(audience="everything", form="xlsx"), Order(audience="everything", paper="Letter", epoch=9.0)):
        other = manifest.of(report(order), clock=lambda: MIDNIGHT + 86_400)
        assert other.id == first.id
        assert other.made != first.made
        assert other.mark.id[-6:] == first.mark.id[-6:] == first.id[:6]
    for order in (Order(audience="brand"), Order("brand=A", audience="everything")):
        assert manifest.of(report(order)).id != first.id
    overview = fakes.page("overview")
    dearer = replace(overview, tiles=(replace(overview.tiles[0], value=3.95e7), *overview.tiles[1:]))
    assert manifest.of(report(answers=fakes.FakeAnswers(overview=dearer))).id != first.id


def test_the_mark_is_the_day_of_making_in_the_zone_of_the_house() -> None:
    made = manifest.of(report(), clock=lambda: MIDNIGHT)
    assert made.mark.id == f"2026-08-02 · {made.id[:6]}"
    assert made.mark.made == "2026-08-02T00:00:00+05:30"
    assert manifest.of(report(), clock=lambda: MIDNIGHT, zone="UTC").mark.id.startswith("2026-08-01 · ")


def test_with_a_fixed_moment_every_byte_is_the_same_and_without_one_every_edition_has_its_own_number() -> None:
    order = Order(audience="everything", epoch=MIDNIGHT)
    one, other = (manifest.of(report(order)).attachments() for _ in range(2))
    assert one == other
    numbers = {manifest.of(report()).made["edition"] for _ in range(3)}
    assert len(numbers) == 3


def test_attachments_have_flat_safe_names_and_say_what_they_are() -> None:
    odd = replace(fakes.people(3), key="../Über <b>")
    page = replace(fakes.page("overview"), panels=(odd, replace(odd, key=".. ber- b")))
    made = manifest.of(report(Order(pages=("overview",), audience="everything"), fakes.FakeAnswers(overview=page)))
    told, *tables = made.attachments()
    assert told.name == "manifest.json"
    assert json.loads(told.content) == made.record()
    names = [one.name for one in tables]
    assert names[:2] == ["table-overview-ber-b.csv", "table-overview-ber-b-2.csv"]
    assert tables[0].says == "Who is ahead?: 3 rows, as CSV"
    listed = {one["file"]: one for one in made.record()["content"]["tables"]}
    assert list(listed) == names
    assert all(listed[one.name]["sha256"] == manifest.digest(one.content) for one in tables)


def test_no_spreadsheet_runs_what_is_attached_and_nothing_is_lost_by_that() -> None:
    people = fakes.people(3)
    evil = ["=1+1", "@handle", "'+x"]
    panel = replace(people, frame=people.frame.assign(name=evil))
    page = replace(fakes.page("overview"), panels=(panel,))
    made = manifest.of(report(Order(pages=("overview",), audience="everything"), fakes.FakeAnswers(overview=page)))
    names = [row[0] for row in cells(made.tables[0].content)[1:]]
    assert not any(guards.risky(name) and not name.startswith("'") for name in names)
    assert [guards.bare(name) for name in names] == evil


def test_it_names_filters_data_metrics_methods_and_software() -> None:
    content = manifest.of(report(Order("from=2026-02-01", audience="everything"))).content
    assert content["filters"] == {"query": "from=2026-02-01", "words": "Brand: MuscleBlaze, Gritzo"}
    assert (content["data"]["version"], content["data"]["rows_read"], content["data"]["rows_set_aside"]) == (
        17,
        2669,
        12,
    )
    assert "roas" in {one["key"] for one in content["metrics"]}
    assert content["methods"]
    assert content["software"].count(".") == 2
    assert [one["key"] for one in content["pages"]] == list(fakes.PAGES)
    assert {one["verdict"] for one in content["findings"]} >= {"works", "does not"}
