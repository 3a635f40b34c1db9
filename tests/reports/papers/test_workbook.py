"""Decides that a workbook holds every table as numbers and days, under names that open, with nothing that runs."""

from __future__ import annotations

import io
import json
import math
import zipfile
from dataclasses import replace
from datetime import date, datetime

import pandas as pd
from python_calamine import CalamineWorkbook

from analytics.views import Column, PageView, Panel
from reports.content.report import Mark, Report
from reports.order import Order
from reports.papers import record, workbook
from reports.report import collected
from tests.reports.fakes import HEADLINES, FakeAnswers, page, people

LONG = "Which of the many influencers: a/b [c] * 'quoted'?"


def report(*panels: Panel, keys: tuple[str, ...] = ("overview",)) -> Report:
    """A report of the overview with these panels, or of the fakes' own."""
    view: PageView = replace(page("overview"), panels=panels or page("overview").panels)
    made = collected(FakeAnswers(overview=view), Order("", keys, "xlsx", "everything"))
    return replace(made, mark=Mark("2026-08-01 · a41f9c", "2026-08-01T09:00:00+05:30"))


def sheets(made: Report) -> dict[str, list[list[object]]]:
    """The workbook as a reader that is not ours sees it."""
    opened = CalamineWorkbook.from_filelike(io.BytesIO(workbook.write(made).content))
    return {name: opened.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in opened.sheet_names}


def test_numbers_are_numbers_and_days_are_days() -> None:
    read = sheets(report())
    name = next(name for name in read if name.startswith("1 How did"))
    assert read[name][0] == ["Week", "Rows", "Revenue"]
    assert read[name][1][0] == date(2026, 2, 1)
    assert isinstance(read[name][1][2], float)
    table = next(rows for name, rows in read.items() if name.startswith("5 Who is"))
    assert len(table) == 41
    assert table[1][4] == 51391.5
    assert table[7][6] == ""


def test_the_summary_has_every_tile_as_number_and_as_written() -> None:
    rows = {str(row[1]): row for row in sheets(report())["Summary"]}
    assert rows["In a sentence"][3] == HEADLINES[0]
    assert rows["Revenue"][2:4] == [39400000.0, "₹3.94 Cr"]
    assert rows["Revenue"][6:] == ["+12.4 %", "against 5 Aug – 31 Jan", "attributed"]
    assert rows["New customers"][6] == "−3.2 %"
    assert rows["iROAS, 90 %"][4:6] == [1.4, 2.9]
    assert rows["Conversion rate"][2:4] == ["", "–"]


def test_names_of_sheets_are_legal_and_each_is_found_in_the_contents() -> None:
    panels = [replace(people(rows=3), key=f"p{number}", title=LONG) for number in range(12)]
    read = sheets(report(*panels))
    assert len(read) == 12 + 2 + 4
    for name in read:
        assert 0 < len(name) <= 31
        assert not set(name) & set("[]:*?/\\")
    assert len({name.casefold() for name in read}) == len(read)
    numbers = [str(row[0]) for row in read["Contents"][1:]]
    assert all(any(name.startswith(f"{number} ") for name in read) for number in numbers)


def test_no_formula_and_no_link_comes_from_data() -> None:
    nasty = ["=1+1", "@SUM(A1)", "+49 30", "-2", "https://evil.example/", "mailto:a@b.c", "\ud800", "x" * 40000]
    frame = pd.DataFrame({"name": nasty, "value": [float(place) for place in range(len(nasty))]})
    columns = (Column("name", "=HYPERLINK(1)"), Column("value", "Value", "money"))
    made = report(Panel("nasty", "=1+1", "revenue", "=2", frame, columns, kind="table"))
    with zipfile.ZipFile(io.BytesIO(workbook.write(made).content)) as archive:
        cells = b"".join(archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/sheet"))
        links = b"".join(archive.read(name) for name in archive.namelist() if name.endswith(".rels"))
    assert b"<f>" not in cells
    assert b"<hyperlink" not in cells
    assert b"evil" not in links
    table = next(rows for name, rows in sheets(made).items() if name.startswith("1 "))
    assert [row[0] for row in table[1:6]] == nasty[:5]


def test_data_and_filters_say_version_edition_and_filters() -> None:
    said = dict(map(tuple, sheets(report())["Data & filters"]))
    assert said["Edition"] == "2026-08-01 · a41f9c"
    assert said["Data version"] == "17"
    assert said["Filters"] == "Brand: MuscleBlaze, Gritzo"
    assert said["Reckoned with"].startswith("spend counts cash")


def test_heads_are_frozen_and_tables_can_be_filtered() -> None:
    with zipfile.ZipFile(io.BytesIO(workbook.write(report()).content)) as archive:
        names = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        texts = [archive.read(name) for name in names]
    assert all(b'state="frozen"' in text for text in texts)
    assert sum(b"<autoFilter" in text for text in texts) == len(texts) - 2


def test_the_record_has_every_number_beside_its_text() -> None:
    made = report(keys=("overview", "insights"))
    told = json.loads(record.write(made).content)
    assert told["edition"] == "2026-08-01 · a41f9c"
    assert datetime.fromisoformat(told["made"]).utcoffset()
    assert [view["page"] for view in told["pages"]] == ["overview", "insights"]
    table = next(panel for panel in told["pages"][0]["panels"] if panel["key"] == "influencers")
    assert table["records"][6]["roas"] is None
    assert table["written"][6][6] == "–"
    assert table["records"][0]["revenue"] == 51391.5
    assert table["written"][0][4] == "₹51,391.50"
    assert [column["unit"] for column in table["columns"]][4] == "money"
    assert told["front"]["headline"] == HEADLINES[0]
    assert {word["key"] for word in told["words"]} >= {"revenue", "roas", "spend"}
    assert "NaN" not in record.write(made).content.decode()
    assert math.isclose(told["front"]["tiles"][0]["value"], 3.94e7)
