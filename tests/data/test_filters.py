"""A choice of rows means the same as an address, as SQL and as a sentence."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import schema
from data.filters import Filters
from data.where import where
from errors import BadFilter

WORDS = (
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=12).map(str.strip).filter(bool)
)
CHOICES = st.builds(
    Filters,
    since=st.none() | st.just(date(2026, 1, 1)),
    until=st.none() | st.just(date(2026, 7, 31)),
    name=st.just("") | WORDS,
    min_roas=st.none() | st.sampled_from([0.5, 1.0, 12.25]),
    **{key: st.sets(WORDS, max_size=3).map(lambda values: tuple(sorted(values))) for key in schema.FILTERED},
)


@given(CHOICES)
def test_writing_and_reading_an_address_changes_nothing(filters: Filters) -> None:
    assert Filters.from_query(filters.to_query()) == filters


@given(CHOICES)
def test_no_value_ever_enters_the_sql(filters: Filters) -> None:
    """Two choices of the same dimensions have the same text, whatever the values are."""
    clause, values = where(filters, "industry6", "(1)")
    other = Filters(
        since=filters.since and date(2001, 1, 1),
        until=filters.until and date(2001, 1, 2),
        name="x" if filters.name else "",
        min_roas=None if filters.min_roas is None else 9.0,
        **{key: ("y",) for key in filters.chosen()},
    )
    assert clause == where(other, "industry6", "(1)")[0]
    assert clause.count("$min_roas") == (filters.min_roas is not None)
    assert all(f"${key}" in clause for key in values)


def test_equal_choices_are_equal_strings() -> None:
    one, other = (
        Filters.from_query("brand=B&brand=A&to=2026-07-31"),
        Filters.from_query("to=2026-07-31&brand=A&brand=B&brand=A"),
    )
    assert one == other
    assert one.to_query() == other.to_query() == "to=2026-07-31&brand=A&brand=B"


def test_unknown_keys_are_kept_aside_and_named() -> None:
    assert Filters.from_query("brnad=x&cost=gifts").ignored == ("brnad",)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("from=yesterday", "not a day"),
        ("from=2026-02-01&to=2026-01-01", "Swap"),
        ("min_roas=-1", "not a number"),
        ("min_roas=inf", "not a number"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_a_way_out(query: str, words: str) -> None:
    with pytest.raises(BadFilter, match=words):
        Filters.from_query(query)


def test_values_are_taken_in_the_datas_spelling_and_suggested_when_wrong() -> None:
    known = {"brand": ["HKVitals", "Gritzo"], "product": ["Whey, 1 kg", "Oats"]}
    assert Filters.from_query("brand=hkvitals").resolved(known).brand == ("HKVitals",)
    assert Filters.from_query("brand=gritzo,HKVitals").resolved(known).brand == ("Gritzo", "HKVitals")
    assert Filters.from_query("product=whey, 1 kg").resolved(known).product == ("Whey, 1 kg",)
    with pytest.raises(BadFilter, match="Did you mean “Gritzo”"):
        Filters.from_query("brand=Gritso").resolved(known)


def test_a_choice_reads_as_a_sentence() -> None:
    assert Filters().describe() == "All data"
    text = Filters.from_query("from=2026-02-01&to=2026-07-31&brand=Gritzo&name=ann&min_roas=1.5").describe()
    assert text == "1 Feb 2026 – 31 Jul 2026 · Brand: Gritzo · Influencer name has “ann” · ROAS at least 1.5×"
    assert Filters.from_query("from=2026-02-01").describe() == "from 1 Feb 2026"
    assert Filters.from_query("to=2026-02-01").describe() == "until 1 Feb 2026"


def test_a_word_without_a_value_is_no_silent_everything() -> None:
    assert Filters.from_query("Gritzo&brand=Gritzo").ignored == ("Gritzo",)
    assert Filters.from_query("?brand").ignored == ("brand",)
