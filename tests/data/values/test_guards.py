"""A text that a spreadsheet would run is written so that it cannot be run, and comes back letter by letter."""

from __future__ import annotations

import csv
import io
import math
import unicodedata
from datetime import date
from decimal import Decimal

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from data.values import guards
from tests.naughty import STRINGS, is_run

WILD = st.text() | st.text(alphabet="'=+-@＝＋－＠\t\r\n \u00a0\u200b\u200f\ufeff\0a1,;\"") | st.sampled_from(STRINGS)
VALUES = st.none() | st.floats() | st.integers() | st.dates() | WILD


@given(WILD)
@example("'=x")
@example("''''=x")
@example("\ufeff=cmd")
@example("\t")
@example("'")
def test_a_guard_comes_off_as_it_went_on(text: str) -> None:
    assert guards.bare(guards.inert(text)) == text


@given(WILD)
def test_no_guarded_text_begins_with_what_a_spreadsheet_runs(text: str) -> None:
    assert not is_run(guards.inert(text))


@given(WILD)
def test_a_text_that_nobody_guarded_is_left_alone(text: str) -> None:
    if not guards.risky(text):
        assert guards.inert(text) == guards.bare(text) == text


def test_an_apostrophe_of_its_own_is_kept() -> None:
    assert [guards.inert(text) for text in ("'=x", "''=x", "'tis", "O'Neil")] == ["''=x", "'''=x", "'tis", "O'Neil"]
    assert [guards.bare(text) for text in ("'tis", "'90s", "'")] == ["'tis", "'90s", "'"]


def test_every_blank_and_mark_without_width_is_looked_past() -> None:
    seen = [chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) in ("Zs", "Zl", "Zp", "Cc", "Cf")]
    assert [letter for letter in seen if not guards.risky(f"{letter}=1")] == []


@settings(deadline=None)
@given(st.lists(WILD.filter(lambda text: not any("\ud800" <= letter <= "\udfff" for letter in text)), max_size=8))
def test_the_database_frees_texts_as_python_does(texts: list[str]) -> None:
    given = [*texts, *(guards.inert(text) for text in texts), *(f"'{text}" for text in texts), None]
    incoming = pd.DataFrame({"written": pd.Series(given, dtype=object)})
    with duckdb.connect() as connection:
        connection.register("incoming", incoming)
        found = connection.execute(f"SELECT {guards.sql('written')} FROM incoming").fetchall()
    assert [text for (text,) in found] == [text if text is None else guards.bare(text) for text in given]


@given(st.lists(st.tuples(VALUES, VALUES), max_size=6))
def test_a_table_is_read_back_cell_by_cell(rows: list[tuple[object, object]]) -> None:
    text = guards.csv_lines(["a", "b"], rows)
    found = list(csv.reader(io.StringIO(text, newline="")))[1:]
    assert found == [[guards.cell(value) for value in row] for row in rows]
    assert not [cell for row in found for cell in row if is_run(cell) and not is_number(cell)]


@given(st.lists(WILD, max_size=4))
def test_for_machines_nothing_is_added(texts: list[str]) -> None:
    text = guards.csv_lines(["only"], [[one] for one in texts], raw=True, end="\n")
    assert [row[0] for row in csv.reader(io.StringIO(text, newline=""))][1:] == texts


def is_number(cell: str) -> bool:
    try:
        return math.isfinite(float(cell))
    except ValueError:
        return False


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (-12.5, "-12.5"), ("-12.5", "'-12.5"), (3.0, "3"), (1e22, "10000000000000000000000"), (1e-7, "0.0000001"),
        (0.1 + 0.2, "0.3"), (Decimal("12.50"), "12.50"), (Decimal("-1E+3"), "-1000"), (np.float64(3.5), "3.5"),
        (np.int64(-3), "-3"), (np.bool_(True), "true"), (False, "false"), (math.nan, ""), (-math.inf, ""), (None, ""),
        (pd.NaT, ""), (pd.NA, ""), (pd.Timestamp("2026-07-31"), "2026-07-31"), (date(2026, 7, 31), "2026-07-31"),
        ("@asha", "'@asha"), ("+91 98200 12345", "'+91 98200 12345"), ("a=b", "a=b"), ("＝1", "'＝1"),
    ],
)  # fmt: skip
def test_numbers_stay_numbers_days_are_iso_and_texts_are_inert(value: object, written: str) -> None:
    assert guards.cell(value) == written


def test_a_line_of_one_empty_cell_is_no_blank_line() -> None:
    assert guards.csv_lines(["only"], [[""], ["x"]], end="\n") == 'only\n""\nx\n'
