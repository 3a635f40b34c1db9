"""A file is taken for what it is, an amount never by guess, and the user's word stands above all."""

from __future__ import annotations

import pytest

from data.matching.choices import Choice
from data.matching.recognise import recognise

DAYS = ["2026-06-01", "2026-06-02"]


def tracking(**amounts: list[str]) -> tuple[list[str], list[list[str]]]:
    columns = {"source": ["Instagram", "YouTube"], "influencer_id": ["1", "2"], "date": DAYS, **amounts}
    return list(columns), [list(row) for row in zip(*columns.values(), strict=True)]


def field_of(header: list[str], rows: list[list[str]], name: str, choice: Choice | None = None) -> str:
    found = recognise("shop.csv", header, rows, choice)
    return {column.header: column.field for column in found.columns}[name] if found.table else "?"


@pytest.mark.parametrize(
    "written",
    [
        "Revenue",
        "REVENUE (INR)",
        "Rev. ₹",
        "revnue",
        "राजस्व",
        "total_revenue",
        "Sales Amount",
        "orderValue",
        "GMV",
        "Order Total",
    ],
)
def test_an_amount_by_another_name_is_revenue(written: str) -> None:
    header, rows = tracking(**{written: ["100.50", "2000"], "discount": ["10", "20"], "tax": ["1", "2"]})
    assert field_of(header, rows, written) == "revenue"
    assert field_of(header, rows, "discount") == ""


@pytest.mark.parametrize(
    "pair",
    [
        ("gross_revenue", "net_revenue"), ("Revenue (net)", "Revenue (gross)"), ("order_value", "amount"),
        ("gross_amount", "amount"), ("Net Sales", "Gross Sales"), ("sales", "order_value"),
        ("amount", "net revenue"),
    ],
)  # fmt: skip
def test_of_two_amounts_that_could_be_it_neither_is_taken(pair: tuple[str, str]) -> None:
    header, rows = tracking(**{pair[0]: ["100.50", "2000"], pair[1]: ["90.50", "1900"]})
    found = recognise("shop.csv", header, rows)
    assert (found.table, found.likely) == ("", "tracking")
    assert pair[0] in found.why
    assert pair[1] in found.why
    offered = [column.header for column in found.columns if "revenue" in dict(column.suggestions)]
    assert offered


def test_the_usual_name_stands_beside_others_and_two_columns_of_the_same_amounts_are_one() -> None:
    header, rows = tracking(revenue=["100", "20"], net_revenue=["90", "18"], gross_amount=["110", "22"])
    assert field_of(header, rows, "revenue") == "revenue"
    header, rows = tracking(order_value=["100", "20"], amount=["100", "20"])
    assert field_of(header, rows, "order_value") == "revenue"


@pytest.mark.parametrize(
    "written",
    ["Revenue (₹ Lakh)", "revenue_in_cr", "Revenue ('000)", "Revenue %", "revenue_target", "Revenue before discount",
     "Revenue share", "avg revenue", "refunded revenue", "Revenue (K)", "revenue_growth_pct"],
)  # fmt: skip
def test_an_amount_in_another_unit_or_of_something_else_is_not_taken(written: str) -> None:
    header, rows = tracking(**{written: ["1.5", "2.25"]})
    assert recognise("shop.csv", header, rows).table == ""


def test_followers_in_thousands_are_not_taken_as_they_stand() -> None:
    rows = [["1", "Asha", "12.5"], ["2", "Dev", "300"]]
    found = recognise("people.csv", ["id", "name", "Followers (K)"], rows)
    assert "followers" not in found.mapping


def test_a_known_name_is_not_robbed_by_one_that_is_like_it() -> None:
    header = ["influencer_id", "creator code", "post_date", "dt", "likes", "like cnt", "reach"]
    rows = [["1", "C1", "2026-06-01", "2026-06-02", "5", "6", "70"]] * 3
    found = recognise("posts.csv", header, rows)
    assert found.mapping == {"influencer_id": 0, "date": 2, "likes": 4, "reach": 6}
    unused = {column.header for column in found.columns if not column.field}
    assert unused == {"creator code", "dt", "like cnt"}


def test_values_must_speak_for_a_name_that_is_only_like_a_known_one() -> None:
    header, rows = tracking(revenue=["100", "20"])
    rows = [[*row, "soon"] for row in rows]
    found = recognise("shop.csv", [*header, "order cnt"], rows)
    assert "orders" not in found.mapping


def test_a_joined_file_is_no_table_whatever_its_spelling() -> None:
    header = ["KOL ID", "Creator Name", "No. of followers", "Post Reach", "like cnt", "pay basis", "payout amt",
              "Sales", "order dt", "a", "b", "c", "d", "e", "f"]  # fmt: skip
    rows = [["1", "Asha", "5000", "100", "5", "post", "200", "100", "2026-06-01", *"uvwxyz"]] * 3
    found = recognise("all.csv", header, rows)
    assert found.table == ""
    assert "twice" in found.why


def test_confidence_tells_how_a_column_was_found() -> None:
    header, rows = tracking(revenue=["100", "20"])
    chosen = Choice(columns={"source": "campaign"})
    found = {column.header: column for column in recognise("shop.csv", header, rows, chosen).columns}
    assert (found["source"].field, found["source"].confidence) == ("campaign", 1.0)
    assert 0.95 <= found["revenue"].confidence < 1
    header, rows = tracking(**{"Rev. ₹": ["100", "20"]})
    like = {column.header: column for column in recognise("shop.csv", header, rows).columns}["Rev. ₹"]
    assert 0.85 <= like.confidence < 0.95


def test_the_users_word_overrides_names_values_and_table() -> None:
    header, rows = tracking(revenue=["100", "20"], amount=["90", "18"])
    choice = Choice(table="tracking", columns={"amount": "revenue", "source": ""})
    found = recognise("shop.csv", header, rows, choice)
    assert found.why == "you chose it"
    assert found.mapping["revenue"] == header.index("amount")
    assert "source" not in found.mapping
    assert not found.remembered
    again = recognise(
        "shop.csv", header, rows, Choice(table="tracking", columns={"amount": "revenue"}, remembered=True)
    )
    assert again.remembered


def test_a_table_that_is_chosen_without_what_it_needs_is_refused_with_a_sentence() -> None:
    found = recognise("x.csv", ["a", "b"], [["1", "2"]], Choice(table="tracking"))
    assert found.table == ""
    assert "revenue" in found.why
    assert recognise("x.csv", ["a", "b"], [["1", "2"]], Choice(table="none")).why == "x.csv was left out, as chosen."


def test_unknown_columns_have_ranked_suggestions_of_free_fields() -> None:
    header, rows = tracking(revenue=["100", "20"])
    rows = [[*row, "12"] for row in rows]
    found = recognise("shop.csv", [*header, "order count gross"], rows)
    offered = found.columns[-1].suggestions
    assert offered
    assert offered[0][0] == "orders"
    assert len(offered) <= 5
    assert all(0 <= score < 0.85 for _, score in offered)
    assert "revenue" not in dict(offered)


def test_the_key_of_a_header_set_knows_no_order_and_no_case() -> None:
    one = recognise("a.csv", ["Influencer ID", "Name", "Followers"], []).key
    assert one == recognise("b.csv", ["followers", "influencer_id", "NAME"], []).key
    assert one != recognise("b.csv", ["followers", "influencer_id", "title"], []).key
    assert len(one) == 16
