"""The change of a number is split so that its parts add up, whatever the groups do, and no cause is favoured."""

from __future__ import annotations

import math
from itertools import permutations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics import bridge as bridges
from analytics.bridge import bridge, shapley

NAN = math.nan


def rows(*groups: tuple[str, float, float, float]) -> pd.DataFrame:
    """group, spend, orders, revenue."""
    return pd.DataFrame(list(groups), columns=["group", *bridges.COLUMNS])


def parts(before: pd.DataFrame, now: pd.DataFrame, metric: str = "revenue", printed: float = NAN) -> dict[str, float]:
    found = bridge(before, now, metric, printed)
    assert found is not None
    return {part.key: part.value for part in found.parts}


def test_a_case_by_hand() -> None:
    """One group: 100 spent, 10 orders of 50 before; 200 spent, 10 orders of 60 now: 500 → 600.

    A factor of three is replaced first in two of six orders, second in one each after either other, last in two:
    volume 100 × (0.1·50/3 + (0.05·50 + 0.1·60)/6 + 0.05·60/3), rate −0.05 × (100·50/3 + (200·50 + 100·60)/6 +
    200·60/3), price 10 × (100·0.1/3 + (200·0.1 + 100·0.05)/6 + 200·0.05/3).
    """
    found = parts(rows(("a", 100, 10, 500)), rows(("a", 200, 10, 600)))
    assert found == pytest.approx({"volume": 408 + 1 / 3, "rate": -416 - 2 / 3, "price": 108 + 1 / 3})
    assert sum(found.values()) == pytest.approx(100)


def test_mix_by_hand() -> None:
    """Money moves from a group that returns 1 to one that returns 3, nothing else: 200 → 300 is mix alone."""
    before = rows(("poor", 50, 5, 50), ("rich", 50, 5, 150))
    now = rows(("poor", 0, 0, 0), ("rich", 100, 10, 300))
    assert parts(before, now) == pytest.approx({"volume": 0, "mix": 100, "rate": 0, "price": 0})
    assert parts(before, now, "roas") == pytest.approx({"mix": 1.0, "rate": 0, "price": 0})


def test_a_published_example() -> None:
    """Value added a head in Turkey, 2000 and 2018, as productivity × employment × participation × working age.

    Printed in the documentation of the package shapley-decomposition (World Bank, Job Structure tool).
    """
    before = {"work": 27017.637990, "employed": 0.935050, "active": 0.515090, "aged": 0.633046}
    now = {"work": 43770.525560, "employed": 0.891050, "active": 0.576190, "aged": 0.668674}
    found = shapley(list(now), lambda new: math.prod((now if key in new else before)[key] for key in now))
    printed = {"work": 5431.365538, "employed": -556.985657, "active": 1285.200011, "aged": 629.528410}
    assert found == pytest.approx(printed, rel=1e-5)


def test_the_glove_game() -> None:
    """Two right gloves, one left: 1/6, 1/6, 2/3."""
    found = shapley("123", lambda hands: float("3" in hands and len(hands) > 1))
    assert found == pytest.approx({"1": 1 / 6, "2": 1 / 6, "3": 2 / 3})


def test_a_group_that_enters_is_volume_and_mix_and_changes_no_rate() -> None:
    before = rows(("old", 100, 10, 500))
    now = rows(("old", 100, 10, 500), ("new", 100, 40, 1600))
    found = parts(before, now)
    assert found["rate"] == pytest.approx(0)
    assert found["price"] == pytest.approx(0)
    assert found["volume"] + found["mix"] == pytest.approx(1600)
    back = parts(now, before)
    assert back == pytest.approx({key: -value for key, value in found.items()})


def test_revenue_of_those_who_are_not_paid_has_a_part_of_its_own() -> None:
    found = parts(rows(("paid", 100, 10, 500), ("free", 0, 2, 80)), rows(("paid", 100, 10, 500), ("free", NAN, 5, 200)))
    assert found == pytest.approx({"volume": 0, "rate": 0, "price": 0, "unpaid": 120}, abs=1e-9)


def test_a_return_is_moved_by_the_amount_only_beside_unpaid_revenue() -> None:
    alone = bridge(rows(("a", 100, 10, 500)), rows(("a", 200, 20, 1000)))
    assert alone is not None
    assert "volume" not in {part.key for part in alone.parts}
    assert any("volume" in words for words in alone.left_out)
    beside = parts(rows(("a", 100, 10, 500), ("b", 0, 1, 100)), rows(("a", 200, 20, 1000), ("b", 0, 1, 100)), "roas")
    assert beside["volume"] == pytest.approx(-0.5)


def test_without_payouts_orders_stand_in_for_money() -> None:
    before, now = rows(("a", NAN, 10, 500), ("b", NAN, 10, 100)), rows(("a", NAN, 30, 1500), ("b", NAN, 10, 120))
    found = bridge(before, now, "revenue")
    assert found is not None
    assert [part.key for part in found.parts] == ["volume", "mix", "price"]
    assert "orders came" in found.sentence
    assert any("rate" in words for words in found.left_out)
    assert bridge(before, now, "roas") is None


def test_data_that_count_no_orders_have_a_rate_and_no_price() -> None:
    found = bridge(rows(("a", 100, NAN, 500)), rows(("a", 100, NAN, 700)))
    assert found is not None
    assert {part.key: part.value for part in found.parts} == pytest.approx({"rate": 2.0})
    assert found.sentence == "Return rose from 5.00× to 7.00×, because the same money brought more revenue (rate)."


def test_what_was_restated_is_the_first_step_and_the_start_is_what_was_printed() -> None:
    found = bridge(rows(("a", 100, 10, 500)), rows(("a", 100, 12, 600)), printed=4.5)
    assert found is not None
    assert (found.start, found.end) == (4.5, pytest.approx(6.0))
    assert {part.key: part.value for part in found.parts} == pytest.approx({"rate": 1.0, "price": 0.0, "restated": 0.5})
    assert not any("restated" in words for words in found.left_out)
    assert found.sentence.startswith("Return rose from 5.00× (printed as 4.50× before) to 6.00×, because")
    same = bridge(rows(("a", 100, 10, 500)), rows(("a", 100, 12, 600)), printed=5.0)
    assert same is not None
    assert "nothing was restated" in same.left_out


def test_a_correction_is_never_the_reason_of_a_rise() -> None:
    """Printed as 3.7, now 4.6 for the same days, 3.8 after: it fell."""
    found = bridge(rows(("a", 100, 10, 460)), rows(("a", 100, 10, 380)), printed=3.7)
    assert found is not None
    assert "fell from 4.60× (printed as 3.70× before) to 3.80×" in found.sentence
    assert "restated" not in found.sentence


def test_where_nothing_earlier_can_be_asked_it_does_not_say_that_nothing_was_restated() -> None:
    found = bridge(rows(("a", 100, 10, 500)), rows(("a", 100, 12, 600)), unprinted="the data were replaced")
    assert found is not None
    assert found.left_out[-1] == "the data were replaced"


def test_nothing_before_is_nothing_to_compare_with() -> None:
    now = rows(("a", 100, 10, 500))
    assert bridge(rows(), now) is None
    assert bridge(rows(), now, "revenue") is None
    assert bridge(rows(("a", 0, 0, 0)), now, "revenue") is None
    assert bridge(rows(("a", 100, 10, NAN)), rows(("a", 100, 10, NAN)), "revenue") is None


def test_the_sentence_says_the_two_largest_causes_and_which_way_they_pull() -> None:
    found = bridge(rows(("a", 100, 10, 500)), rows(("a", 100, 20, 600)))
    assert found is not None
    assert found.sentence == (
        "Return rose from 5.00× to 6.00×, because the same money brought more orders (rate), "
        "although an order was worth less (price)."
    )
    both = bridge(rows(("a", 100, 10, 500)), rows(("a", 100, 5, 200)))
    assert both is not None
    assert both.sentence == (
        "Return fell from 5.00× to 2.00×, because the same money brought fewer orders (rate) "
        "and because an order was worth less (price)."
    )


def test_a_number_that_stays_says_what_lies_under_it() -> None:
    found = bridge(rows(("a", 100, 10, 500)), rows(("a", 100, 20, 500)))
    assert found is not None
    assert found.sentence.startswith("Return stayed at 5.00×: ")
    assert ", but " in found.sentence
    still = bridge(rows(("a", 100, 10, 500)), rows(("a", 200, 20, 1000)))
    assert still is not None
    assert still.sentence == "Return stayed at 5.00×."


def test_money_is_written_in_one_unit_so_that_it_can_be_added() -> None:
    found = bridge(rows(("a", 1e5, 100, 13e5)), rows(("a", 1e5, 110, 15.5e5)), "revenue")
    assert found is not None
    assert found.write(found.start) == "₹13.00 L"
    assert found.write(-4600.0, signed=True) == "−₹0.05 L"
    assert "from ₹13.00 L to ₹15.50 L" in found.sentence


amounts = st.one_of(st.just(0.0), st.floats(0.01, 1e7), st.just(NAN))
cells = st.tuples(amounts, st.one_of(st.just(NAN), st.integers(0, 5000).map(float)), st.floats(-1e6, 1e8))
periods = st.dictionaries(st.sampled_from("abcdefgh"), cells, max_size=8)


def _frame(groups: dict[str, tuple[float, float, float]]) -> pd.DataFrame:
    return rows(*((name, *cell) for name, cell in groups.items()))


@given(periods, periods, st.sampled_from(["roas", "revenue"]), st.one_of(st.just(NAN), st.floats(-1e7, 1e7)))
def test_the_parts_add_up_and_the_ends_are_the_numbers(before, now, metric, printed) -> None:
    sides = _frame(before), _frame(now)
    found = bridge(*sides, metric, printed)
    if found is None:
        return
    size = max(abs(found.start), abs(found.end), *(abs(part.value) for part in found.parts), 1e-12)
    assert math.fsum(part.value for part in found.parts) == pytest.approx(found.end - found.start, abs=1e-9 * size)
    over = sides[1]["revenue"].sum()
    expected = over / sides[1]["spend"].sum() if metric == "roas" else over
    scale = sides[1]["revenue"].abs().sum() / (sides[1]["spend"].sum() if metric == "roas" else 1)
    assert found.end == pytest.approx(expected, rel=1e-9, abs=1e-9 * scale)
    assert all(math.isfinite(part.value) for part in found.parts)


@given(periods, periods)
def test_the_way_back_is_the_way_there(before, now) -> None:
    there, back = bridge(_frame(before), _frame(now)), bridge(_frame(now), _frame(before))
    assert (there is None) == (back is None)
    if there is None or back is None:
        return
    for one, other in zip(there.parts, back.parts, strict=True):
        assert one.value == pytest.approx(-other.value, rel=1e-6, abs=1e-6 * max(abs(there.start), abs(there.end), 1))


@given(periods, periods, st.sampled_from(["roas", "revenue"]))
def test_a_sentence_says_only_what_its_parts_say(before, now, metric) -> None:
    found = bridge(_frame(before), _frame(now), metric)
    if found is None:
        return
    causes = found.causes()
    assert all(f"({part.label.lower()})" in found.sentence for part in causes) or "stayed" in found.sentence
    if " rose " in found.sentence and causes:
        assert found.end > found.start
        assert causes[0].value > 0
    if " and because " in found.sentence:
        assert causes[0].value * causes[1].value > 0
    if "although" in found.sentence:
        assert causes[0].value * causes[1].value < 0
    assert "nan" not in found.sentence


def test_no_order_of_the_groups_changes_anything() -> None:
    before = (("a", 10.0, 2.0, 40.0), ("b", 20.0, 3.0, 50.0), ("c", 0.0, 1.0, 5.0))
    now = (("a", 15.0, 2.0, 30.0), ("b", 0.0, 0.0, 0.0), ("d", 9.0, 4.0, 99.0))
    whole = [
        parts(rows(*one), rows(*other)) for one, other in zip(permutations(before), permutations(now), strict=True)
    ]
    assert all(found == pytest.approx(whole[0]) for found in whole)
