"""A number reads the same everywhere: lakh and crore, rounded before the unit is chosen, never “nan”."""

from __future__ import annotations

import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics import formats


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (39435890.25, "money", "₹3.94 Cr"), (7100000, "money", "₹71 L"), (51391, "money", "₹51,391"),
        (49.755465, "money", "₹49.76"), (99999.999, "money", "₹1 L"), (99995, "money", "₹1 L"),
        (9999999, "money", "₹1 Cr"), (-1234.0, "money", "−₹1,234"), (0, "money", "₹0"), (-0.001, "money", "₹0.00"),
        (4124, "count", "4,124"), (12345678, "count", "1,23,45,678"), (2.5, "count", "2.5"),
        (0.0498, "share", "4.98 %"), (0.62, "share", "62 %"), (2.41, "share", "241 %"), (11.6056, "multiple", "11.6×"),
        (0.8598, "multiple", "0.86×"), (23843, "multiple", "23,843×"), (45.4, "days", "45 days"), (67.8, "score", "68"),
        (math.nan, "money", "–"), (math.inf, "share", "–"), (None, "count", "–"),
        (date(2026, 7, 31), "money", "31 Jul 2026"), ("Gritzo", "text", "Gritzo"),
    ],
)  # fmt: skip
def test_numbers_as_we_write_them(value: object, unit: str, text: str) -> None:
    assert formats.write(value, unit) == text


@given(
    st.floats(-1e300, 1e300) | st.sampled_from([math.nan, math.inf, -math.inf]),
    st.sampled_from(["money", "count", "share", "multiple", "days", "score"]),
)
def test_no_number_is_ever_written_as_nan_or_infinity(value: float, unit: str) -> None:
    text = formats.write(value, unit).casefold()
    assert "nan" not in text
    assert "inf" not in text
    assert text


@given(st.floats(min_value=0, max_value=1e12))
def test_the_short_and_the_exact_amount_are_the_same_number(value: float) -> None:
    digits = formats.money(value).removeprefix("₹").replace(",", "")
    scale = 1e7 if digits.endswith(" Cr") else 1e5 if digits.endswith(" L") else 1.0
    assert float(digits.split()[0]) * scale == pytest.approx(value, rel=0.006, abs=0.51)


def test_dollars_are_grouped_as_elsewhere() -> None:
    dollars = formats.Locale("USD")
    assert formats.money(1234567, dollars) == "$1.23 M"
    assert formats.money_full(1234567.5, dollars) == "$1,234,567.50"
    assert formats.Locale("CHF").sign == "CHF "


def test_intervals_spans_and_lists() -> None:
    assert formats.interval(1.4, 2.9, "multiple") == "1.4–2.9×"
    assert formats.interval(-0.2, 1.1, "multiple") == "−0.20 to 1.1×"
    assert formats.span(date(2026, 2, 1), date(2026, 7, 31)) == "1 Feb – 31 Jul 2026"
    assert formats.span(date(2025, 2, 1), date(2026, 7, 31)) == "1 Feb 2025 – 31 Jul 2026"
    assert formats.listing(["a", "b", "c"]) == "a, b and c"
    assert formats.listing([]) == ""


@pytest.mark.parametrize(
    ("now", "before", "unit", "text"),
    [
        (112.4, 100, "money", "12.4 %"),
        (0.05, 0.048, "share", "0.2 pt"),
        (11.6, 10.8, "multiple", "0.80×"),
        (5, 0, "count", ""),
        (math.nan, 1, "count", ""),
    ],
)
def test_changes_in_their_own_unit(now: float, before: float, unit: str, text: str) -> None:
    assert formats.change(now, before, unit) == text


@given(st.floats(min_value=1e-3, max_value=1e11), st.sampled_from(["money", "count", "multiple"]))
def test_axis_marks_reach_the_top_in_even_steps(top: float, unit: str) -> None:
    marks, texts = formats.ticks(top, unit)
    assert marks[0] == 0
    assert marks[-1] >= top * 0.999
    assert len(marks) == len(texts) <= 8
    steps = [later - earlier for earlier, later in zip(marks, marks[1:], strict=False)]
    assert max(steps) == pytest.approx(min(steps))
    assert len(set(texts)) == len(texts)
