"""Decides that a number in a workbook reads as in the report, whatever its size, and stays the number that it is."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from analytics import formats
from reports.papers.shapes import shape
from tests.test_same_strings import spreadsheet

UNITS = ("money", "count", "share", "multiple", "days", "score")


@pytest.mark.parametrize("unit", UNITS)
@given(value=some.floats(-1e13, 1e13) | some.floats(-10, 10) | some.integers(-(10**9), 10**11).map(float))
def test_a_number_reads_as_it_is_written(unit: str, value: float) -> None:
    value = abs(value) % 100 if unit == "score" else value
    text = formats.exact(value, unit)
    form = shape(value, text)
    assert form
    assert spreadsheet(Decimal(f"{value:.15g}"), form) == text


@pytest.mark.parametrize("text", ["–", "", "n/a", "True"])
def test_what_is_no_number_has_no_format(text: str) -> None:
    assert shape(float("nan"), text) == ""


def test_a_tie_reads_as_the_report_rounds_it() -> None:
    assert shape(2.25, formats.multiple(2.25)) == '"2.2×";"2.2×"'
    assert shape(2.26, formats.multiple(2.26)) == '#,##0.0"×"'
