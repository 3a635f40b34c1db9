"""A payout reckoned again: what its terms give, why another amount was declared, and that nothing is lost."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from analytics.reckoning.payout import CAUSES, Payout
from analytics.reckoning.reckon import due, reckon, terms

PLACES = 2


def payout(basis: str, rate: str, declared: int | None, bonus: int = 0, places: int = PLACES, **counts: str) -> Payout:
    """One payout; counts: stated_posts="3", own_orders="2", all_revenue="120.50"."""
    sides = {
        side: {key.split("_")[1]: Fraction(value) for key, value in counts.items() if key.startswith(side)}
        for side in ("stated", "own", "all")
    }
    return Payout((1, 1), "", "INF_1", "Asha", "", basis, rate, declared, bonus, None, "", "", **sides)


@pytest.mark.parametrize(
    ("one", "recomputed", "cause"),
    [
        (payout("post", "210", 63000, stated_posts="3"), 63000, "as computed"),
        (payout("post", "210", 63000, all_posts="3"), 63000, "as computed"),
        (payout("post", "210", 72000, bonus=9000, stated_posts="3"), 72000, "as computed"),
        (payout("post", "210", 63000, bonus=9000, stated_posts="3"), 72000, "bonus differs"),
        (payout("order", "430", 387000, stated_orders="9", all_orders="12"), 387000, "as computed"),
        (payout("order", "0.1", 1205, all_revenue="120.50", all_orders="2"), 1205, "as computed"),
        (payout("commission", "0.08", 80000, stated_revenue="10000"), 80000, "as computed"),
        (payout("commission", "8", 80000, stated_revenue="10000"), 80000, "as computed"),
        (payout("commission", "12.3% commission", 123000, all_revenue="10000"), 123000, "as computed"),
        (payout("hybrid", "₹1,250/post + 3%", 139769, stated_posts="1", own_revenue="4923"), 139769, "as computed"),
        (payout("fixed", "5000", 500000), 500000, "as computed"),
        (payout("order", "33.337", 10000, stated_orders="3"), 10001, "rounding"),
        (payout("order", "12.35", 5000, stated_orders="4"), 4940, "rate differs"),
        (payout("commission", "7.7%", 771000, stated_revenue="100000"), 770000, "rate rounded"),
        (payout("commission", "7%", 701000, stated_revenue="100000"), 700000, "rate differs"),
        (payout("order", "0.0344", 344250, stated_revenue="100000"), 344000, "rate rounded"),
        (payout("order", "12.35", 247180, stated_orders="200"), 247000, "rate differs"),
        (payout("order", "12.35", 247090, stated_orders="200"), 247000, "rate rounded"),
        (payout("post", "210", 21000, all_posts="5"), 105000, "quantity differs"),
        (payout("order", "430", 516000, stated_orders="9", all_orders="12"), 387000, "quantity differs"),
        (payout("order", "430", 430000, all_orders="0"), 0, "no orders"),
        (payout("order", "430", 430000), None, "no orders"),
        (payout("post", "430", 430000), None, "no posts"),
        (payout("order", "430", 0, all_orders="0"), 0, "as computed"),
        (payout("post", "", 430000, stated_posts="2"), None, "no rate"),
        (payout("post", "as agreed", 430000, stated_posts="2"), None, "no rate"),
        (payout("", "430", 430000, stated_posts="2"), None, "declared only"),
        (payout("barter", "430", 430000, stated_posts="2"), None, "declared only"),
        (payout("post", "$100/post", 1660000, stated_posts="2"), None, "other currency"),
        (payout("post", "$100/post", 20000, stated_posts="2"), 20000, "as computed"),
        (payout("post", "210", None, stated_posts="3"), 63000, "no amount"),
        (payout("post", "", None), None, "no rate"),
        (payout("post", "210", -63000, stated_posts="-3"), -63000, "as computed"),
    ],
)  # fmt: skip
def test_every_cause_has_its_case(one: Payout, recomputed: int | None, cause: str) -> None:
    line = reckon(one, PLACES)
    assert (line.recomputed, line.cause) == (recomputed, cause)
    assert line.difference == (one.declared or 0) - (recomputed or 0)


def test_what_a_rate_counts_is_said_with_its_number() -> None:
    line = reckon(payout("post", "210", 21000, all_posts="5"), PLACES)
    assert line.why == "the rate fits one fee; it should count 5 posts tracked"


def test_digits_beyond_the_paisa_are_no_difference() -> None:
    line = reckon(payout("post", "210.01", 6300300001, places=7, stated_posts="3"), 7)
    assert (line.cause, line.difference, [part.amount for part in line.parts]) == ("as computed", 0, [6300300001])


def test_rounding_is_half_up_once_at_the_end() -> None:
    assert [due(Fraction(text), 2) for text in ("0.005", "0.004999", "-0.005", "1.015")] == [1, 0, -1, 102]
    assert due(Fraction("1.015"), 5) == 102000
    hybrid = reckon(payout("hybrid", "10.004/post + 1%", 1001, stated_posts="1", stated_revenue="0.4"), PLACES)
    assert hybrid.recomputed == 1001
    assert sum(part.amount for part in hybrid.parts) == 1001


def test_a_campaign_of_its_own_goes_before_all_of_the_influencer() -> None:
    assert reckon(payout("order", "100", 0, own_orders="0", all_orders="7"), PLACES).cause == "as computed"


COUNTS = some.none() | some.decimals(0, 10**6, places=2, allow_nan=False).map(str)
WRITTEN = [
    "",
    "n/a",
    "100",
    "0.1",
    "7.25",
    "12.345",
    "₹1,250/post + 3%",
    "$40/post",
    "8% commission",
    "₹99/order",
    "-20",
]
RATES = some.sampled_from(WRITTEN)
AMOUNT = some.none() | some.integers(-(10**12), 10**12)


@some.composite
def payouts(draw: some.DrawFn) -> Payout:
    basis = draw(some.sampled_from(["", "post", "order", "commission", "hybrid", "fixed", "barter"]))
    counts = {
        f"{side}_{kind}": draw(COUNTS) for side in ("stated", "own", "all") for kind in ("posts", "orders", "revenue")
    }
    known = {key: text for key, text in counts.items() if text is not None}
    made = payout(basis, draw(RATES), None, draw(some.sampled_from([0, 0, 9000, 1])), **known)
    right = reckon(made, PLACES).recomputed
    near = [] if right is None else [right, right + 1, right - made.bonus]
    declared = draw(AMOUNT | some.sampled_from(near)) if near else draw(AMOUNT)
    return payout(basis, made.rate, declared, made.bonus, **known)


def adds_up(ledger: list[Payout], places: int) -> None:
    lines = [reckon(one, places) for one in ledger]
    declared = sum(one.declared or 0 for one in ledger)
    assert sum(line.recomputed or 0 for line in lines) + sum(line.difference for line in lines) == declared
    assert sum(part.amount for line in lines for part in line.parts) == declared
    assert all(line.cause in CAUSES and line.why for line in lines)
    assert all(line.difference == 0 for line in lines if line.cause == "as computed")
    by_cause = {cause: [line for line in lines if line.cause == cause] for cause in CAUSES}
    assert sum(line.difference for group in by_cause.values() for line in group) == sum(one.difference for one in lines)


@given(some.lists(payouts(), max_size=4), some.sampled_from([2, 6]))
@settings(max_examples=100, deadline=None)
def test_any_ledger_adds_up_to_the_paisa(ledger: list[Payout], places: int) -> None:
    adds_up(ledger, places)


def test_two_thousand_generated_ledgers_add_up_to_the_paisa() -> None:
    for seed in range(2000):
        dice = random.Random(seed)
        adds_up([written(dice) for _ in range(dice.randint(0, 8))], 2)


def written(dice: random.Random) -> Payout:
    """A payout that is what its rate gives, or by a paisa, a bonus or anything else is not."""
    bases, bonus = ["", "post", "order", "commission", "hybrid", "fixed", "barter"], dice.choice([0, 0, 9000])
    sides = [f"{side}_{kind}" for side in ("stated", "own", "all") for kind in ("posts", "orders", "revenue")]
    counts = {side: f"{dice.randint(0, 10**7) / 100:.2f}" for side in sides if dice.random() < 0.5}
    made = payout(dice.choice(bases), dice.choice(WRITTEN), None, bonus, **counts)
    right = reckon(made, 2).recomputed
    near = [right, right, right + 1, right - bonus] if right is not None else []
    declared = dice.choice([*near, None, 0, dice.randint(-(10**9), 10**12)])
    return payout(made.basis, made.rate, declared, bonus, **counts)


@given(some.text(max_size=30), some.sampled_from(["post", "order", "commission", "hybrid", ""]))
@settings(max_examples=300, deadline=None)
def test_no_written_rate_ends_in_an_error(rate: str, basis: str) -> None:
    terms(basis, rate)
    reckon(payout(basis, rate, 100, stated_posts="1", stated_orders="1", stated_revenue="1"), PLACES)
