"""A column that is not taken is offered fields, the likeliest first."""

from __future__ import annotations

from data import schema
from data.matching import likeness
from data.matching.looks import look


def offered(table: str, header: str, *values: str) -> dict[str, float]:
    free = frozenset(field.key for field in schema.TABLES[table].fields)
    return dict(likeness.suggestions(table, header, look(values), free))


def test_loose_words_offer_a_field_and_never_take_it() -> None:
    assert next(iter(offered("payouts", "Creator Fee", "700", "1400"))) == "total_payout"
    assert offered("tracking", "Town or so", "Pune")["city"] < likeness.STRONG
    assert next(iter(offered("tracking", "Day of sale", "2026-05-01"))) == "date"


def test_where_no_name_is_like_it_the_values_speak_weakly() -> None:
    assert set(offered("tracking", "Remarks", "call her").values()) == {0.2}
