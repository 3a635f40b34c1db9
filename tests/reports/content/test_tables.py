"""Decides that a table on paper holds every row, units in the head, figures that line up, and marks without colour."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from analytics.formats import Locale
from analytics.views import Column, Panel
from reports.content.tables import tables_of
from tests.reports.fakes import people


def table(frame: dict[str, list], *columns: Column, locale: Locale | None = None):
    panel = Panel("t", "T?", "roas", "", pd.DataFrame(frame), columns, kind="table")
    (only,) = tables_of(panel, locale or Locale())
    return only


def texts(found, column: int = 0) -> list[str]:
    return [row[column].text for row in found.rows]


@pytest.mark.parametrize(
    ("unit", "value", "head", "written"),
    [
        ("money", 1234567.0, "₹", "12,34,567"),
        ("share", 0.0498, "%", "4.98"),
        ("multiple", 11.6, "×", "11.6"),
        ("days", 12.0, "days", "12"),
        ("count", 4124, "", "4,124"),
        ("score", 71.0, "", "71"),
    ],
)
def test_the_unit_stands_in_the_head_once(unit: str, value: float, head: str, written: str) -> None:
    found = table({"a": [value]}, Column("a", "A", unit))
    assert (found.heads[0].unit, found.heads[0].is_number) == (head, True)
    assert texts(found) == [written]


def test_another_currency_has_its_own_sign_and_grouping() -> None:
    found = table({"a": [1234567.0]}, Column("a", "A", "money"), locale=Locale("USD"))
    assert (found.heads[0].unit, texts(found)) == ("$", ["1,234,567"])


def test_amounts_of_a_column_have_the_same_places() -> None:
    assert texts(table({"a": [10.5, 2000.0, -3.0]}, Column("a", "A", "money"))) == ["10.50", "2,000.00", "−3.00"]


def test_what_cannot_be_computed_is_a_dash_without_a_verdict() -> None:
    column = Column("a", "A", "multiple", "higher", True, 1.0)
    found = table({"a": [float("nan"), float("inf")]}, column)
    assert [(row[0].text, row[0].verdict, row[0].mark) for row in found.rows] == [("–", "", "")] * 2
    assert texts(table({"a": [None, pd.NaT, pd.NA, ""]}, Column("a", "A"))) == ["–"] * 4


def test_text_and_days_stay_on_the_left() -> None:
    found = table({"a": ["42"], "b": [pd.Timestamp("2026-07-31")]}, Column("a", "A"), Column("b", "B", "date"))
    assert [head.is_number for head in found.heads] == [False, False]
    assert [cell.text for cell in found.rows[0]] == ["42", "31 Jul 2026"]
    assert texts(table({"a": [date(2026, 2, 1)]}, Column("a", "A", "date"))) == ["1 Feb 2026"]


@pytest.mark.parametrize(
    ("better", "marks"), [("higher", ["▲", "▲", "▼"]), ("lower", ["▼", "▼", "▲"])], ids=["higher", "lower"]
)
def test_a_judged_cell_carries_its_verdict_without_colour(better: str, marks: list[str]) -> None:
    found = table({"a": [2.0, 1.0, 0.5]}, Column("a", "A", "multiple", better, True, 1.0))
    assert [row[0].mark for row in found.rows] == marks
    assert {row[0].mark: row[0].verdict for row in found.rows} == {"▲": "good", "▼": "bad"}


def test_nothing_is_judged_without_a_break_even() -> None:
    found = table({"a": [2.0]}, Column("a", "A", "multiple", "higher", True))
    assert found.rows[0][0].verdict == ""


def test_columns_share_the_page_by_what_they_hold() -> None:
    (found,) = tables_of(people(40))
    assert sum(head.width for head in found.heads) == pytest.approx(100, abs=0.1)
    widths = {head.label: head.width for head in found.heads}
    assert widths["Influencer"] > widths["Orders"]
    assert found.shape == "portrait"
    assert len(found.rows) == 40


def wide(count: int):
    keys = [f"c{index:02d}" for index in range(count)]
    panel = Panel("t", "T?", "", "", pd.DataFrame({key: ["twelve words"] for key in keys}),
                  tuple(Column(key, key) for key in keys), kind="table")  # fmt: skip
    return tables_of(panel)


def test_a_wide_table_turns_the_page() -> None:
    assert [[part.shape for part in wide(count)] for count in (6, 10)] == [["portrait"], ["landscape"]]


def test_a_table_wider_than_any_page_is_cut_between_columns_and_loses_none() -> None:
    parts = wide(30)
    assert len(parts) == 3
    labels = [[head.label for head in part.heads] for part in parts]
    assert {part[0] for part in labels} == {"c00"}
    assert [label for part in labels for label in part[1:]] == [f"c{index:02d}" for index in range(1, 30)]


def test_a_table_a_little_too_wide_is_written_smaller_instead_of_cut() -> None:
    found = {count: wide(count) for count in range(10, 16)}
    assert [len(parts) for parts in found.values()] == sorted(len(parts) for parts in found.values())
    tight = [parts[0] for parts in found.values() if parts[0].is_tight]
    assert tight
    assert all(len(part.heads) > len(wide(30)[0].heads) for part in tight)


def test_a_few_further_columns_stand_near_the_names_they_belong_to() -> None:
    first, last = (lambda parts: (parts[0], parts[-1]))(wide(15))
    assert first.width == 100
    assert 40 <= last.width < 60


def _sentences(count: int, alike: bool) -> Panel:
    """A table whose rows share two sentences, or one."""
    flaws = ["It is only as good as its assignment: arms that somebody chose may have differed.",
             "A haircut, not a measurement: at 20 % off it reports 2.2 where the truth is 0."]  # fmt: skip
    frame = pd.DataFrame({
        "name": [f"Name {place}" for place in range(count)],
        "flaw": [flaws[0 if alike else place % 2] for place in range(count)],
    })  # fmt: skip
    return Panel("t", "T", "", "", frame, (Column("name", "Name"), Column("flaw", "Known flaw")), kind="table")


def test_a_sentence_that_many_rows_share_is_said_once_below_them() -> None:
    (table,) = tables_of(_sentences(20, alike=False))
    assert [row[1].text for row in table.rows[:3]] == ["a", "b", "a"]
    assert [note[:6] for note in table.notes] == ["a  It ", "b  A h"]


def test_a_column_that_says_one_thing_becomes_a_line() -> None:
    (table,) = tables_of(_sentences(20, alike=True))
    assert [head.label for head in table.heads] == ["Name"]
    assert table.notes[0].startswith("Known flaw in every row: It is only")


def test_a_short_table_keeps_its_sentences_and_gives_them_the_room() -> None:
    (table,) = tables_of(_sentences(6, alike=False))
    assert table.notes == ()
    assert table.rows[0][1].text.startswith("It is only")
    assert table.heads[1].width > 80
