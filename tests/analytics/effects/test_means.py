"""Decides that differences and ratios of means are what the literature and scipy say, and refuse what they must."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from scipy import stats

from analytics.effects import means, multiplicity, tails
from analytics.effects.refusals import CannotTell
from tests.analytics.effects.published import golden, table

AMOUNTS = some.lists(some.floats(-1e4, 1e4).map(lambda value: round(value, 3)), min_size=3, max_size=12)


def varied(values: list[float]) -> bool:
    return float(np.ptp(values)) > 0.01


def test_welch_is_students_sleep() -> None:
    published = golden("welch_sleep")
    one, two = published["inputs"]["group1"], published["inputs"]["group2"]
    found, expected = means.difference(one, two, 0.95), published["expected"]
    assert found.statistic == pytest.approx(expected["t"], rel=1e-8)
    assert (found.df, found.p) == pytest.approx((expected["df"], expected["p"]), rel=1e-8)
    assert [found.lower, found.upper] == pytest.approx(expected["ci95"], rel=1e-8)
    assert found.point == pytest.approx(expected["mean1"] - expected["mean2"], rel=1e-8)


def test_fieller_is_hauschkes_in_all_its_parts() -> None:
    published = golden("fieller_asat")
    given_, expected = published["inputs"], published["expected"]
    arms = given_["numerator"], given_["denominator"]
    both = means.ratio_of_means(*arms, given_["level"], pooled=True)
    less = means.ratio_of_means(*arms, given_["level"], pooled=True, alternative="less", against=1.25)
    assert (both.point, both.df) == pytest.approx((expected["ratio"], expected["df"]), rel=1e-8)
    assert [both.lower, both.upper] == pytest.approx(expected["ci95"], rel=1e-8)
    assert (both.statistic, both.p) == pytest.approx((expected["t_vs_1"], expected["p_two_sided"]), rel=1e-8)
    assert (less.statistic, less.p) == pytest.approx((expected["t_vs_1_25"], expected["p_less_1_25"]), rel=1e-8)
    assert less.upper == pytest.approx(expected["upper_one_sided_95"], rel=1e-8)
    assert less.lower == -math.inf


def test_revenue_of_the_users_is_what_tea_tasting_prints() -> None:
    users, published = table("tt_users.csv"), golden("cuped_users")["expected"]
    arms = [users.loc[users["variant"] == side, "revenue"].to_numpy() for side in (1, 0)]
    found, expected = means.difference(*arms, 0.95), published["revenue"]
    assert [found.lower, found.upper] == pytest.approx(expected["ci95"], abs=2e-6)
    assert (found.point, found.p) == pytest.approx((expected["diff"], expected["p"]), abs=2e-6)
    assert (found.statistic, found.df) == pytest.approx((expected["t"], expected["df"]), abs=2e-6)
    ninety = means.difference(*arms, 0.9)
    assert [ninety.lower, ninety.upper] == pytest.approx(published["revenue_90"]["ci90"], abs=2e-6)
    relative = means.lift(*arms, 0.95, "log")
    assert relative.point == pytest.approx(expected["relative"], abs=2e-6)
    assert [relative.lower, relative.upper] == pytest.approx(expected["relative_ci95"], abs=2e-6)
    # Another way to the same interval may not be far away.
    fieller = means.lift(*arms, 0.95)
    assert [fieller.lower, fieller.upper] == pytest.approx(expected["relative_ci95"], abs=2e-3)


def test_the_sample_ratio_is_what_tea_tasting_prints() -> None:
    expected = golden("cuped_users")["expected"]["sample_ratio"]
    found = multiplicity.sample_ratio_p(expected["control"], expected["treatment"])
    assert found == pytest.approx(expected["p"], abs=2e-6)
    assert multiplicity.sample_ratio_p(8, 2) == pytest.approx(stats.binomtest(2, 10).pvalue)


def test_many_tests_are_guarded_as_r_does() -> None:
    published = golden("fdr_bh1995")
    p, expected = published["inputs"]["p"], published["expected"]
    assert (multiplicity.adjusted_p(p) <= 0.05).sum() == expected["rejected_bh_05"]
    assert (multiplicity.adjusted_p(p, "bonferroni") <= 0.05).sum() == expected["rejected_bonferroni_05"]
    assert multiplicity.adjusted_p(p) == pytest.approx(expected["q_bh"], abs=1e-10)
    assert multiplicity.adjusted_p(p, "by")[:4] == pytest.approx(expected["q_by_first4"], abs=1e-10)
    assert multiplicity.adjusted_p(p, "holm") == pytest.approx(expected["p_holm"], abs=1e-10)


@pytest.mark.parametrize("how", ["bh", "by"])
def test_false_discovery_agrees_with_scipy_in_any_order(how: str) -> None:
    p = np.random.default_rng(3).random(40) ** 3
    assert multiplicity.adjusted_p(p, how) == pytest.approx(stats.false_discovery_control(p, method=how))


@pytest.mark.parametrize("pooled", [False, True])
@pytest.mark.parametrize("alternative", means.ALTERNATIVES)
def test_differences_agree_with_scipy(pooled: bool, alternative: str) -> None:
    rng = np.random.default_rng(5)
    one, two = rng.normal(3, 2, 17), rng.normal(2, 5, 9)
    peer = stats.ttest_ind(one, two, equal_var=pooled, alternative=alternative)
    found = means.difference(one, two, 0.8, pooled, alternative)
    ends = peer.confidence_interval(0.8)
    assert (found.statistic, found.p, found.df) == pytest.approx((peer.statistic, peer.pvalue, peer.df))
    assert (found.lower, found.upper) == pytest.approx((ends.low, ends.high))


def test_sums_are_as_good_as_rows() -> None:
    rng = np.random.default_rng(1)
    rows = rng.lognormal(7, 1, 5000), rng.lognormal(7.1, 1, 3000)
    summed = [means.sample_of_sums(len(part), float(part.sum()), float((part**2).sum())) for part in rows]
    plain, sums = means.incremental_roas(*rows, 1e5), means.incremental_roas(*summed, 1e5)
    assert (sums.point, sums.lower, sums.upper) == pytest.approx((plain.point, plain.lower, plain.upper), rel=1e-9)
    assert plain.point == pytest.approx(5000 * (rows[0].mean() - rows[1].mean()) / 1e5)


@settings(max_examples=60, deadline=None)
@given(AMOUNTS.filter(varied), AMOUNTS.filter(varied), some.floats(-100, 100), some.floats(0.01, 100))
def test_intervals_move_and_stretch_with_their_data(
    one: list[float], two: list[float], by: float, factor: float
) -> None:
    plain = means.difference(one, two, 0.9)
    moved = means.difference(np.array(one) + by, two, 0.9)
    larger = means.difference(np.array(one) * factor, np.array(two) * factor, 0.9)
    turned = means.difference(one[::-1], sorted(two), 0.9)
    size = 1e-7 * (1 + abs(plain.upper) + abs(plain.lower))
    assert moved.lower == pytest.approx(plain.lower + by, abs=size)
    assert larger.upper == pytest.approx(plain.upper * factor, abs=size * factor)
    assert turned.upper == pytest.approx(plain.upper, abs=size)
    wider = means.difference(one, two, 0.99)
    assert wider.lower < plain.lower <= plain.point <= plain.upper < wider.upper
    assert means.difference(two, one, 0.9).lower == pytest.approx(-plain.upper, abs=size)


@settings(max_examples=40, deadline=None)
@given(some.lists(some.floats(1, 1e4), min_size=3, max_size=9), some.lists(some.floats(1, 1e4), min_size=3, max_size=9))
def test_a_lift_lies_in_its_interval_and_knows_no_unit(one: list[float], two: list[float]) -> None:
    for how in means.INTERVALS:
        try:
            found = means.lift(one, two, 0.9, how)
        except CannotTell:
            assert np.ptp(one) <= 1e-9 * max(one)
            return
        assert found.lower <= found.point <= found.upper
        in_cents = means.lift(np.array(one) * 100, np.array(two) * 100, 0.9, how)
        assert in_cents.point == pytest.approx(found.point, abs=1e-9)


def test_an_uncertain_control_leaves_a_lift_without_ends() -> None:
    found = means.lift([1.0, 2.0, 3.0], [0.0, 0.0, 100.0])
    assert not found.is_bounded
    assert found.point == pytest.approx(0.06 - 1)


ODD = {
    "empty": [], "one unit": [3.0], "missing": [1.0, math.nan, 2.0], "infinite": [1.0, math.inf],
    "words": ["a", "b"], "huge": [1e300, -1e300, 3.0],
}  # fmt: skip


@pytest.mark.parametrize("values", ODD.values(), ids=ODD)
def test_odd_arms_are_refused_in_a_sentence(values: list[float]) -> None:
    for call in (means.difference, means.lift, tails.winsorised):
        with pytest.raises(CannotTell, match=r"\.$"):
            call(values, [1.0, 2.0, 4.0])
    with pytest.raises(CannotTell, match=r"\.$"):
        means.incremental_roas([1.0, 2.0, 4.0], values, 100.0)


@pytest.mark.parametrize("spend", [0.0, -5.0, math.nan, math.inf])
def test_without_spend_there_is_no_roas(spend: float) -> None:
    with pytest.raises(CannotTell, match="no spend"):
        means.incremental_roas([1.0, 2.0], [3.0, 5.0], spend)


def test_constant_arms_are_refused_and_negative_ones_are_not() -> None:
    with pytest.raises(CannotTell, match="same value"):
        means.difference([0.1 * 3] * 10, [0.3] * 10)
    with pytest.raises(CannotTell, match="not above zero"):
        means.lift([1.0, 2.0], [-1.0, -3.0])
    assert means.difference([-1.0, -2.0], [-1.0, -4.0]).point == 1.0
    assert means.difference([1.0, 2.0], [3.0, 3.0]).df == pytest.approx(1.0)
    assert means.difference([1.0, 2.0, 1e12], [3.0, 4.0]).p > 0.1


def test_sums_that_round_to_nothing_are_no_scatter() -> None:
    flat = means.sample_of_sums(1_000_000, 1e6 * 0.1, 1e6 * 0.1**2)
    assert flat.variance_of_mean < 1e-15
    with pytest.raises(CannotTell):
        means.sample_of_sums(1, 3.0, 9.0)
    with pytest.raises(CannotTell):
        means.sample_of_sums(5, math.nan, 9.0)


def test_few_buyers_that_hold_much_are_named() -> None:
    even = tails.heavy_tail(np.ones(500))
    assert (even.buyers, even.is_heavy) == (5, False)
    assert even.share == pytest.approx(0.01)
    odd = tails.heavy_tail(np.r_[np.zeros(1000), np.ones(99), 1e6])
    assert (odd.buyers, odd.is_heavy) == (1, True)
    with pytest.raises(CannotTell):
        tails.heavy_tail(np.zeros(5))


def test_winsorising_says_what_it_did() -> None:
    rng = np.random.default_rng(2)
    one, two = rng.lognormal(7, 1.5, 400), rng.lognormal(7, 1.5, 100)
    found = tails.winsorised(one, two)
    assert found.held == 5
    assert "not the result" in found.label
    assert found.effect.se < means.difference(one, two).se


def test_nine_of_ten_intervals_hold_the_truth() -> None:
    """2,000 worlds, 80/20, unequal scatter: 90 ± 2 % (three Monte Carlo errors of 0.67)."""
    rng = np.random.default_rng(11)
    held = 0
    for _ in range(2000):
        found = means.difference(rng.normal(1, 3, 40), rng.normal(0, 1, 10))
        held += found.lower <= 1 <= found.upper
    assert 0.88 <= held / 2000 <= 0.92


def test_p_values_without_an_effect_are_uniform() -> None:
    rng = np.random.default_rng(12)
    p = [means.difference(rng.gamma(4, 2, 60), rng.gamma(4, 2, 60)).p for _ in range(2000)]
    assert stats.kstest(p, "uniform").pvalue > 0.01
    assert 0.035 <= np.mean(np.array(p) < 0.05) <= 0.065
