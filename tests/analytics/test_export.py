"""What leaves the house says the same by every door, runs in no spreadsheet, and keeps every letter."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from datetime import UTC, date, datetime

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from analytics import export
from analytics.views import Column, PageView, Panel, Provenance
from data.values import guards
from errors import BadFilter
from tests.naughty import STRINGS, is_run

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
COLUMNS = (Column("influencer", "Influencer"), Column("date", "Day", "date"), Column("roas", "ROAS", "multiple"),
           Column("revenue", "@Revenue", "money"), Column("margin", "Margin", "share"))  # fmt: skip


def frame(texts: list[str]) -> pd.DataFrame:
    rows = [(text, "2026-07-31", 2.5, -12.5, 0.5) for text in texts]
    return pd.DataFrame(rows, columns=["influencer", "date", "roas", "revenue", "margin"])


def panel(texts: list[str]) -> Panel:
    return Panel("p", "Who = ahead?", "roas", "=One is.", frame(texts), COLUMNS, note="n = 3")


def view(texts: list[str]) -> PageView:
    data = Provenance(3, 10, 1, 0, False, date(2026, 1, 1), date(2026, 7, 31), "")
    return PageView("overview", "Overview", "", "", (), (), (panel(texts),), "", "All data", "cash", data)


def cells(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


GUARDED = {
    "panel": lambda texts: export.panel_csv(panel(texts)),
    "command": lambda texts: export.written(frame(texts), "csv"),
    "rows": lambda texts: guards.csv_lines(["name", "n"], [(text, -12.5) for text in texts]),
}
RAW = {
    "panel": lambda texts: export.panel_csv(panel(texts), raw=True),
    "command": lambda texts: export.written(frame(texts), "raw"),
    "rows": lambda texts: guards.csv_lines(["name", "n"], [(text, -12.5) for text in texts], raw=True),
}


def holds(door: str, texts: list[str]) -> None:
    """No cell is run, every text comes back, and the number is a number."""
    head, *rows = cells(GUARDED[door](texts))
    assert not [cell for cell in head if is_run(cell)]
    assert not [cell for row in rows for cell in row if is_run(cell) and cell != "-12.5"]
    assert [guards.bare(row[0]) for row in rows] == texts
    assert all("-12.5" in row for row in rows)
    assert [row[0] for row in cells(RAW[door](texts))[1:]] == texts


@pytest.mark.parametrize("door", list(GUARDED))
def test_no_door_lets_a_formula_out_and_every_text_comes_back(door: str) -> None:
    holds(door, list(STRINGS))


@pytest.mark.parametrize("door", list(GUARDED))
@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.text(alphabet="'=+-@＝＋－＠\t\r\n \u00a0\u200b\ufeffab1,;|\"", min_size=1) | st.text(min_size=1),
        min_size=20,
        max_size=20,
    )
)
def test_no_generated_text_does_either(door: str, texts: list[str]) -> None:
    holds(door, texts)


def test_a_workbook_holds_the_same_numbers_and_says_what_they_are() -> None:
    content = export.panel_xlsx(view(["=1+1", "आशा"]), "p", NOW)
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert book.sheet_names == ["Who = ahead", "About"]
    assert book.get_sheet_by_index(0).to_python() == [
        ["Influencer", "Day", "ROAS", "@Revenue", "Margin"],
        ["=1+1", date(2026, 7, 31), 2.5, -12.5, 0.5],
        ["आशा", date(2026, 7, 31), 2.5, -12.5, 0.5],
    ]
    about = dict(book.get_sheet_by_index(1).to_python())
    assert about["Made"] == "2026-11-21 09:00 UTC"
    assert about["Answer"] == "=One is."
    assert about["Filters"] == "All data"
    assert about["Data"].startswith("version 3: 10 rows read, 1 set aside")
    assert about["Column: ROAS"].startswith("ROAS = Revenue ÷ Spend")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheets = [archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
    assert not [text for text in sheets if re.search(r"<f[ >/]|<hyperlink", text)]


def test_every_format_of_the_command_holds_the_same_rows() -> None:
    made = frame(["=a", "b"])
    assert [row["revenue"] for row in json.loads(export.written(made, "json"))] == [-12.5, -12.5]
    assert cells(export.written(made, "raw"))[1] == ["=a", "2026-07-31", "2.5", "-12.5", "0.5"]
    assert cells(export.written(made, "csv"))[1] == ["'=a", "2026-07-31", "2.5", "-12.5", "0.5"]
    book = CalamineWorkbook.from_filelike(io.BytesIO(export.written(made, "xlsx")))
    head, first, _ = book.get_sheet_by_index(0).to_python()
    assert head == ["Influencer", "Day", "ROAS", "Revenue", "Gross margin"]
    assert first == ["=a", date(2026, 7, 31), 2.5, -12.5, 0.5]
    assert export.written(made, "text").splitlines()[1].startswith("=a")


def test_a_file_is_written_whole_and_a_csv_for_spreadsheets_has_its_mark(tmp_path, capsys) -> None:
    for form in export.FORMATS:
        content = export.written(frame(["a"]), form)
        export.deliver(content, str(tmp_path / f"table.{form}"), form)
        whole = (tmp_path / f"table.{form}").read_bytes()
        assert whole.removeprefix(b"\xef\xbb\xbf") == (content.encode() if isinstance(content, str) else content)
        assert whole.startswith(b"\xef\xbb\xbf") == (form == "csv")
    export.deliver("x\n", "", "csv")
    assert capsys.readouterr().out == "x\n"


def test_a_place_that_cannot_be_written_is_a_sentence(tmp_path) -> None:
    with pytest.raises(BadFilter, match="cannot be written"):
        export.deliver("x", str(tmp_path / "none" / "x.csv"), "csv")
