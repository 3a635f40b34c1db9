"""A column says itself whether it writes a decimal comma; where it does not, its open values are asked about."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from data.engines.duckdb import Writer
from data.values import decimals
from data.values.decimals import Evidence


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[Writer]:
    with Writer(tmp_path / "x.duckdb") as opened:
        yield opened


def evidence(writer: Writer, texts: list[str], kind: str = "money") -> Evidence:
    writer.run("CREATE OR REPLACE TABLE t (a VARCHAR)")
    writer.fill("t", {"a": texts})
    return decimals.evidence(writer, "t", "a", kind)


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["12,5", "3", ""], "comma"), (["1.234,50", "1.234"], "comma"), (["1.234.567", "5"], "comma"),
        (["0,500", "₹7,25"], "comma"), (["1,234"], "point"), (["1,00,000", "1,234"], "point"), (["12.5", "7"], "point"),
        (["7", "9000"], "point"), (["n/a", "some, words"], "point"), (["1.234", "4500"], "point"),
        (["1.234", "12.500", "980"], ""), (["12,5", "1,234"], ""), (["1.234,50", "1,234"], ""),
        (["12.5", "12,5", "1,234"], ""), (["12,5", "1,234.50"], ""),
    ],
)  # fmt: skip
def test_a_column_shows_its_sign_or_stays_open(writer: Writer, texts: list[str], order: str) -> None:
    assert evidence(writer, texts).order == order


def test_one_slip_in_a_long_column_does_not_open_it(writer: Writer) -> None:
    found = evidence(writer, ["1,234.50", "1,234"] * 100 + ["12,5"])
    assert (found.order, found.asks) == ("point", False)
    assert evidence(writer, ["1.234,50", "7,5"] * 100 + ["12.5"]).order == "comma"


def test_shares_with_three_digits_are_no_groups(writer: Writer) -> None:
    assert evidence(writer, ["4.125", "3.250"], "number").order == "point"


def test_what_the_column_does_not_settle_is_asked(writer: Writer) -> None:
    assert evidence(writer, ["12,5", "1,234"]).asks
    assert evidence(writer, ["12,5", "1,234.50"]).asks
    assert not evidence(writer, ["12,5", "1.234,50"]).asks
    assert evidence(writer, ["12,5", "1,234", "2,345"]).samples == ("1,234", "12,5")


@pytest.mark.parametrize(
    ("order", "written", "meant"),
    [
        ("comma", "1.234,50", "1234.50"), ("comma", "1 234,5", "1234.5"), ("comma", "1.234", "1234"),
        ("comma", "12.5", None), ("comma", "-,5", "-0.5"), ("comma", "(1.234,50)", "-1234.50"),
        ("point", "1.234", "1.234"), ("point", "12,5", None), ("", "12,5", None), ("", "1,234.50", "1234.50"),
        ("", "1,234", None), ("", "1.234", None), ("", "100", "100"), ("", "words", None),
    ],
)  # fmt: skip
def test_a_text_is_read_by_the_sign_of_its_column(order: str, written: str, meant: str | None) -> None:
    assert decimals.reader(order)(written) == (None if meant is None else Decimal(meant))


def test_the_question_says_what_each_answer_would_make_of_it() -> None:
    assert decimals.is_open("1,234")
    assert decimals.is_open("12,5")
    assert not decimals.is_open("1,234.50")
    assert [answer["says"] for answer in decimals.answers("1,234")] == [
        "Decimal point: 1,234 is 1234",
        "Decimal comma: 1,234 is 1.234",
    ]
    assert decimals.answers("12,5")[0]["says"] == "Decimal point: 12,5 is no number"  # fmt: skip
    assert "column Revenue: numbers such as 1,234 depend on" in decimals.question_sentence("Revenue", "1,234")
    assert decimals.refusal("1,234", "money", "")[0] == "number.open"
