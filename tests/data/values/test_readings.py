"""A written number is read exactly or not at all, never as another number."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics import formats
from data.values import readings


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("₹1,00,000", "100000"), ("1,234.50", "1234.50"), ("(12.50)", "-12.50"), ("12-", "-12"), ("$6,770 ", "6770"),
        ("12.5K", "12500"), ("2.3M", "2300000"), ("1.5 lakh", "150000"), ("3 Cr", "30000000"), ("4.5%", "4.5"),
        ("1e5", "100000"), ("Rs. 99/-", "99"), ("â‚¹500", "500"), ("−7", "-7"), (".5", "0.5"), ("12.", "12"),
        ("0", "0"), ("Rs. 1,200/-", "1200"), ("INR 500", "500"), ("500INR", "500"), ("500 rupees", "500"),
        ("1 234.50", "1234.50"), ("1'234.50", "1234.50"), ("1’234", "1234"), ("1\u00a0234", "1234"),
        ("1\u202f234.5", "1234.5"), ("１２３", "123"), ("१,२३४", "1234"), ("٣٤", "34"), ("+5", "5"), ("-$5", "-5"),
        ("$-5", "-5"), ("(₹5)", "-5"), ("₹(5)", "-5"), ("– 5", "-5"), ("12,34,567", "1234567"), ("5 m", "5000000"),
        ("5 L", "500000"), ("2 करोड़", "20000000"), ("3 लाख", "300000"), ("\u200b7", "7"), ("007", "7"),
    ],
)  # fmt: skip
def test_numbers_as_people_write_them(written: str, meant: str) -> None:
    assert readings.number(written) == Decimal(meant)


@pytest.mark.parametrize(
    "written",
    [
        "12,5",
        "1,23",
        "abc",
        "",
        "12 apples",
        "1,2,3",
        "--",
        "1.2.3",
        "1,00,00",
        "12K5",
        "1,2345",
        "0,500",
        "00,123",
        "TRUE",
        "inf",
        "nan",
        "0x10",
        "1_000",
        "(-5)",
        "--5",
        "5-5",
        "+-5",
        "-5-",
        "(5",
        "5)",
        "12.5KG",
        "5 Dr",
        "$5 INR",
        "1e400",
        "1e99999999",
        "1" * 39,
        "5INR00",
        "½",
        "5²",
        "1 23",
        "5 5",
        "4.5% K",
        "1\ufffd234",
        "1.234.567",
        "1" + " " * 90_000 + "x",
    ],
)
def test_what_could_be_two_numbers_is_none(written: str) -> None:
    assert readings.number(written) is None


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2, allow_nan=False))
def test_an_amount_written_in_our_own_hand_is_read_back(amount: Decimal) -> None:
    assert readings.number(formats.money_full(float(amount))) == Decimal(str(round(float(amount), 2)))


@pytest.mark.parametrize(
    "written",
    [
        "1 Jul 2025",
        "Jul 1, 2025",
        "01-July-25",
        "July 1st, 2025 10:30 pm",
        "2025 Jul 1",
        "Tue, 1 July 2025 08:00",
        "1Jul2025",
        "1st of July, 2025",
        "Tuesday, July 1, 2025",
        "2025-Jul-01",
        "1 Jul '25",
        "1 JULY 2025.",
    ],
)
def test_days_with_a_named_month(written: str) -> None:
    assert readings.named_day(written) == date(2025, 7, 1)


def test_days_without_one_are_left_to_others() -> None:
    assert readings.named_day("2025-07-01") is None
    assert readings.named_day("01/02/2025") is None
    assert readings.named_day("Jul 2025") is None
    assert readings.named_day("Tue Jul 01 2025 23:00:00 GMT+0000") is None
    assert readings.named_day("32 Jul 2025") is None


@pytest.mark.parametrize(
    ("written", "code"),
    [("₹5", "INR"), ("Rs. 5/-", "INR"), ("$ 5", "USD"), ("5 EUR", "EUR"), ("â‚¹5", "INR"), ("5", ""), ("$5 INR", "?"),
     ("hours 5", "")],
)  # fmt: skip
def test_the_currency_that_an_amount_is_written_in(written: str, code: str) -> None:
    assert readings.currency(written) == code


@pytest.mark.parametrize(
    ("written", "meant"),
    [("1.234,50", "1234.50"), ("1 234,50", "1234.50"), ("12,5", "12.5"), ("0,500", "0.500"), ("1.234.567", "1234567"),
     ("1e5", "100000"), ("€ 1.200,00", "1200.00")],
)  # fmt: skip
def test_numbers_with_a_decimal_comma(written: str, meant: str) -> None:
    assert readings.number(written, comma=True) == Decimal(meant)
    assert readings.number("12.5", comma=True) is None


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("₹53,375/post + 6.2%", {"post": "53375", "share": "0.062"}), ("12.3% commission", {"share": "0.123"}),
        ("₹4,37,947/post", {"post": "437947"}), ("100", {"plain": "100"}), ("150 per order", {"order": "150"}),
        ("as agreed", {}),
    ],
)  # fmt: skip
def test_rates_as_contracts_write_them(written: str, parts: dict[str, str]) -> None:
    assert readings.terms(written) == {key: Decimal(value) for key, value in parts.items()}
