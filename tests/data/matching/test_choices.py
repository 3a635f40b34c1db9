"""What a user chose is checked with a sentence, found again, and remembered without ever being half-written."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.matching import choices
from data.matching.choices import Choice, Choices
from errors import BadUpload

HEADER = ["Influencer ID", "Sales", "Amount", "Date"]
CHOICE = Choice(
    table="tracking", encoding="utf-16", delimiter=";", header_row=3, columns={"Amount": "revenue", "Sales": ""},
    dates={"Date": "dmy"}, decimals={"Amount": "comma"},
)  # fmt: skip


def test_what_was_said_comes_back_from_its_json() -> None:
    said = Choices({"a.csv": CHOICE, "b.xlsx / Sheet1": Choice(table="none")})
    assert choices.from_json(said.to_json()) == said
    assert choices.from_json("") == Choices()


def test_a_sheet_takes_its_own_choice_and_its_files_encoding() -> None:
    said = Choices({"b.xlsx": Choice(header_row=4), "b.xlsx / One": Choice(table="posts")})
    assert said.of("b.xlsx / One", "b.xlsx") == Choice(table="posts", header_row=4)
    assert said.of("b.xlsx / Two", "b.xlsx") == Choice(header_row=4)
    assert said.of("c.csv", "c.csv") is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "not JSON"), ("[]", "not an object"), ('{"a": 1}', "not an object"),
        ('{"a": {}, "a": {}}', "stands twice"), ('{"a": {"tables": "posts"}}', "Did you mean “table”"),
        ('{"a": {"table": "post"}}', "Did you mean “posts”"), ('{"a": {"header_row": true}}', "whole number"),
        ('{"a": {"header_row": -1}}', "counted from 1"), ('{"a": {"columns": {"x": 1}}}', "needs a text"),
        ('{"a": {"table": "posts", "columns": {"x": "revenue"}}}', "no field “revenue”"),
        ('{"a": {"columns": {"x": "revenu"}}}', "Did you mean “revenue”"),
        ('{"a": {"columns": {"x": "date", "y": "date"}}}', "both chosen for date"),
        ('{"a": {"dates": {"x": "ymd"}}}', "x, dates"), ('{"a": {"decimals": {"x": "dot"}}}', "x, decimals"),
        ('{"a": {"delimiter": "||"}}', "one character"), ('{"a": {"encoding": "klingon"}}', "Try utf-8"),
        ('{"a": {"encoding": "hex"}}', "Try utf-8"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_with_a_sentence(text: str, says: str) -> None:
    with pytest.raises(BadUpload, match=says):
        choices.from_json(text)


def test_a_column_may_be_left_out_by_several_choices() -> None:
    said = choices.from_json('{"a": {"columns": {"x": "", "y": ""}}}').of("a")
    assert said is not None
    assert (said.field_of("x"), said.field_of("z")) == ("", None)


def test_a_header_set_is_known_again_in_another_order_and_case(tmp_path: Path) -> None:
    choices.remember(tmp_path, HEADER, CHOICE)
    again = choices.remembered(tmp_path, ["date", "AMOUNT", "sales", "influencer_id"])
    assert again is not None
    assert again.remembered
    assert (again.table, again.encoding, again.header_row) == ("tracking", "", 0)
    assert (again.field_of("AMOUNT"), again.field_of("sales"), again.date_of("date")) == ("revenue", "", "dmy")
    assert again.decimal_of("amount") == "comma"
    assert choices.remembered(tmp_path, [*HEADER, "more"]) is None
    assert [path.name for path in tmp_path.iterdir()] == [choices.FILE]


def test_what_stands_in_brackets_tells_two_headers_apart() -> None:
    choice = Choice(columns={"Revenue (net)": "revenue", "Revenue (gross)": ""})
    assert choice.field_of("revenue (NET)") == "revenue"
    assert choices.key_of(["Revenue (net)"]) != choices.key_of(["Revenue (gross)"])


@pytest.mark.parametrize("damage", ["", "{", "[1]", '{"x": 1', "\x00\x01"])
def test_a_damaged_memory_is_empty_and_is_written_anew(tmp_path: Path, damage: str) -> None:
    (tmp_path / choices.FILE).write_text(damage, encoding="utf-8")
    assert choices.remembered(tmp_path, HEADER) is None
    choices.remember(tmp_path, HEADER, CHOICE)
    assert choices.remembered(tmp_path, HEADER) is not None


def test_a_remembered_field_that_is_no_longer_known_is_forgotten(tmp_path: Path) -> None:
    key = choices.key_of(HEADER)
    (tmp_path / choices.FILE).write_text(f'{{"{key}": {{"columns": {{"Sales": "gone"}}}}}}', encoding="utf-8")
    assert choices.remembered(tmp_path, HEADER) is None


def test_to_remember_nothing_forgets(tmp_path: Path) -> None:
    choices.remember(tmp_path, HEADER, CHOICE)
    choices.remember(tmp_path, HEADER, Choice(encoding="utf-8"))
    assert choices.remembered(tmp_path, HEADER) is None


def test_what_is_said_now_stands_above_what_was_said_before() -> None:
    before = Choice(table="tracking", columns={"Amount": "revenue"}, dates={"Date": "dmy"}, remembered=True)
    assert choices.settle(None, before) == before
    only_encoding = choices.settle(Choice(encoding="utf-16"), before)
    assert only_encoding is not None
    assert (only_encoding.columns, only_encoding.encoding, only_encoding.remembered) == (before.columns, "utf-16", True)
    now = choices.settle(Choice(columns={"Sales": "revenue"}), before)
    assert now is not None
    assert (now.columns, now.dates, now.remembered) == ({"Sales": "revenue"}, {"Date": "dmy"}, False)


def test_a_word_on_single_columns_changes_only_these_in_the_memory() -> None:
    known = Choice("tracking", columns={"N": "orders", "Val": "revenue", "Camp": "campaign"}, remembered=True)
    held = choices.settle(Choice(columns={"N": "revenue"}), known)
    assert held is not None
    assert (held.table, held.columns) == ("tracking", {"Camp": "campaign", "N": "revenue"})
