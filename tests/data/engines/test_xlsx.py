"""A workbook holds what it was given: texts letter by letter, numbers as numbers, no formula and no link."""

from __future__ import annotations

import io
import math
import re
import zipfile
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from data.engines import xlsx
from data.engines.xlsx import Head, Sheet
from errors import BadFilter
from tests.naughty import STRINGS

HELD = re.compile("[\ufffe\uffff]")


def parts(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode("utf-8") for name in archive.namelist()}


def read(content: bytes, sheet: int = 0) -> list[list[Any]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return book.get_sheet_by_index(sheet).to_python(skip_empty_area=False)


def one(texts: list[str]) -> bytes:
    return xlsx.write([Sheet("Names", (Head("Name"), Head("n", "count")), [(text, 1) for text in texts])])


def runs(content: bytes) -> int:
    """Formulas and links in the sheets and in what they point to."""
    marks = re.compile(r"<f[ >/]|<hyperlink|relationships/hyperlink")
    return sum(len(marks.findall(text)) for name, text in parts(content).items() if name.startswith("xl/worksheets"))


def test_hostile_texts_make_no_formula_and_no_link_and_come_back() -> None:
    content = one(list(STRINGS))
    assert runs(content) == 0
    found = [row[0] for row in read(content)[1:]]
    assert found == [HELD.sub("\ufffd", text) for text in STRINGS]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(alphabet=st.characters(exclude_categories=("Cs",))), min_size=1, max_size=20))
def test_any_text_comes_back(texts: list[str]) -> None:
    content = one(texts)
    assert runs(content) == 0
    assert [row[0] for row in read(content)[1:]] == [HELD.sub("\ufffd", text) for text in texts]


def test_numbers_and_days_are_real_and_what_is_missing_is_empty() -> None:
    heads = (Head("a", "money"), Head("b", "share"), Head("c", "date"), Head("d", "count"), Head("e", "multiple"))
    rows = [
        (Decimal("-1234567.89"), 0.0498, date(2026, 7, 31), 3, 11.6),
        (math.nan, None, pd.NaT, math.inf, pd.NA),
        (1e7, 1.0, pd.Timestamp("2026-07-31"), True, 0),
    ]
    found = read(xlsx.write([Sheet("Sums", heads, rows)]))
    assert found[1] == [-1234567.89, 0.0498, date(2026, 7, 31), 3.0, 11.6]
    assert found[2] == [""] * 5
    assert found[3][2:4] == [date(2026, 7, 31), True]


def test_formats_follow_the_unit() -> None:
    rupees = r"[>=10000000]##\,##\,##\,##0.00;[>=100000]##\,##\,##0.00;#,##0.00"
    assert xlsx.formatted("money") == rupees
    assert (xlsx.formatted("money", "USD"), xlsx.formatted("share"), xlsx.formatted("id")) == ("#,##0.00", "0.0%", "@")
    styles = parts(xlsx.write([Sheet("s", (Head("a", "money"),), [(1,)])]))["xl/styles.xml"]
    assert rupees in styles.replace("&gt;", ">")


def test_the_header_is_bold_still_and_filtered_and_says_what_it_means() -> None:
    made = parts(xlsx.write([Sheet("s", (Head("Revenue", "money", "order value"),), [(1,)])]))
    sheet = made["xl/worksheets/sheet1.xml"]
    assert 'state="frozen"' in sheet
    assert '<autoFilter ref="A1:A2"/>' in sheet
    assert "<b/>" in made["xl/styles.xml"]
    assert "order value" in made["xl/comments1.xml"]


@pytest.mark.parametrize("letter", ["x", "₹", "👩"])
def test_a_text_too_long_for_a_cell_is_cut_with_a_mark_and_said(letter: str) -> None:
    content = one([letter * 40_000, letter * 10])
    cut, whole = (row[0] for row in read(content)[1:])
    assert cut.endswith("…")
    assert len(cut.encode("utf-16-le")) // 2 in (32_766, 32_767)
    assert whole == letter * 10
    assert "32,767 letters" in read(content, 1)[1][0]


def test_what_xml_refuses_is_replaced_and_said() -> None:
    content = one(["a\ufffeb\ud800"])
    assert read(content)[1][0] == "a\ufffdb\ufffd"
    assert "a workbook cannot" in read(content, 1)[1][0]


@pytest.mark.parametrize("name", ["a/b:c*?[x]\\", "'quoted'", "x" * 50, "", "History", "आशा"])
def test_any_name_makes_a_sheet(name: str) -> None:
    assert read(xlsx.write([Sheet(name, (Head("a"),), [("x",)])]))[1] == ["x"]


def test_two_sheets_of_one_name_are_told_apart() -> None:
    book = xlsx.write([Sheet(name, (Head("a"),), [("x",)]) for name in ("About", "about", "History")])
    assert CalamineWorkbook.from_filelike(io.BytesIO(book)).sheet_names == ["About", "about 2", "History 2"]


def test_a_table_larger_than_a_sheet_is_refused_with_a_way_out() -> None:
    with pytest.raises(BadFilter, match="Narrow it with filters or take it as CSV"):
        xlsx.write([Sheet("s", (Head("a"),), [()] * (xlsx.MOST_ROWS + 1))])
