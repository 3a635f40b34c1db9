"""Decides what the shared shapes keep to: numbers packed, names as written, scales from zero."""

import base64
import math

import numpy as np
import pandas as pd
import pytest

from analytics.figures import marks


def test_packed_numbers_come_back_with_their_gaps() -> None:
    spec = marks.packed([1.5, math.nan, -2.0])
    back = np.frombuffer(base64.b64decode(spec["bdata"]), dtype="<f4")
    assert spec["dtype"] == "f4"
    np.testing.assert_array_equal(back, [1.5, math.nan, -2.0])


def test_a_table_of_numbers_says_its_shape() -> None:
    assert marks.packed_table([[1, 2, 3], [4, 5, 6]])["shape"] == "2, 3"


def test_even_days_are_a_start_and_a_step_others_are_written_out() -> None:
    weekly = pd.Series(pd.to_datetime(["2026-02-02", "2026-02-09", "2026-02-16"]))
    monthly = pd.Series(pd.to_datetime(["2026-02-01", "2026-03-01", "2026-04-01"]))
    assert marks.instants(weekly) == {"x0": "2026-02-02", "dx": 7 * 86_400_000}
    assert marks.instants(monthly) == {"x": ["2026-02-01", "2026-03-01", "2026-04-01"]}
    assert marks.instants(weekly.head(1)) == {"x": ["2026-02-02"]}


@pytest.mark.parametrize(
    ("name", "shown"),
    [("R&D", "R&amp;D"), ("<i>x</i>", "&lt;i&gt;x&lt;/i&gt;"), ("two\nlines", "two lines"), (7, "7")],
)
def test_a_name_is_shown_as_it_is_written(name: object, shown: str) -> None:
    assert marks.plain(name) == shown


def test_a_long_name_keeps_its_ends_and_is_never_cut_within_an_entity() -> None:
    assert marks.short("Richard Rodriguez", 10) == "Richar…uez"
    assert marks.short("A & B & C & D", 8) == "A &amp; B…D"


def test_words_below_a_bar_stay_on_two_lines() -> None:
    assert marks.wrapped("Cost of goods sold", 8) == "Cost of<br>goods sold"
    assert marks.wrapped("One") == "One"
    assert marks.wrapped("") == ""


def test_what_is_organic_or_before_is_grey_whatever_its_place() -> None:
    assert marks.look(0, "Organic orders").role == "--grey-series"
    assert marks.look(3, "Month before").role == "--grey-series"
    assert marks.look(0, "Attributed").role == "--accent"


def test_ten_series_differ_without_their_colours() -> None:
    looks = [marks.look(position) for position in range(10)]
    assert len({(look.dash, look.symbol) for look in looks}) == 10
    assert len({(look.role, look.dash) for look in looks}) == 10


@pytest.mark.parametrize(
    ("values", "texts", "low"),
    [
        ([0.0, 1.4e6], ["0", "₹5 L", "₹10 L", "₹15 L"], 0.0),
        ([-4e5, 2e5], ["−₹4 L", "−₹3 L", "−₹2 L", "−₹1 L", "0", "₹1 L", "₹2 L", "₹3 L", "₹4 L"], -4.32e5),
        ([math.nan], ["₹0"], 0.0),
    ],
)
def test_a_scale_starts_at_zero_or_below_it(values: list[float], texts: list[str], low: float) -> None:
    _, shown, ends = marks.scale(values, "money")
    assert shown == texts
    assert ends[0] == pytest.approx(low)
    assert ends[1] > 0


def test_an_axis_writes_round_numbers_round() -> None:
    assert [marks.written(value, "multiple") for value in (1.0, 10.0)] == ["1×", "10×"]
    assert marks.written(0.0, "share") == "0 %"
