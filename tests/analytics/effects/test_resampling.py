"""Decides that bootstrap and permutation repeat themselves, agree with the published figures and keep their level."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from analytics.effects import means, resampling
from analytics.effects.refusals import CannotTell
from tests.analytics.effects.published import golden, table


@pytest.mark.parametrize("kind", resampling.KINDS)
def test_bootstrap_of_a_ratio_is_davisons_and_hinkleys(kind: str) -> None:
    cities, expected = table("bigcity.csv"), golden("ratio_of_sums_bigcity")["expected"]
    for level in (0.9, 0.95):
        found = resampling.bootstrap_ratio(cities["x"], cities["u"], level, kind, 29_999)
        ends = expected[f"ci{level * 100:.0f}"]["studentized" if kind == "studentised" else kind]
        assert [found.lower, found.upper] == pytest.approx(ends, abs=0.002)
        assert found.point == pytest.approx(expected["ratio"], rel=1e-10)
        assert found.se == pytest.approx(expected["se_linearised"], rel=1e-8)
        assert found.extras["se_bootstrap"] == pytest.approx(expected["se_bootstrap"], abs=0.002)


def test_a_small_permutation_test_is_exact() -> None:
    one, two = [12.0, 15, 19, 22], [9.0, 11, 10, 16, 13]
    found = resampling.permutation_test(one, two, 0.9)
    peer = stats.permutation_test(
        (one, two), lambda a, b, axis: a.mean(axis=axis) - b.mean(axis=axis), vectorized=True, n_resamples=math.inf,
        alternative="greater",
    )  # fmt: skip
    assert found.extras["assignments"] == 126
    assert found.extras["p_greater"] == pytest.approx(peer.pvalue)
    assert found.point == pytest.approx(17 - 11.8)
    # An effect at an end of the interval is just not rejected, one beyond it is.
    for end, out in ((found.lower, -0.01), (found.upper, 0.01)):
        inside = resampling.permutation_test(np.array(one) - end, two, 0.9).extras["p"]
        beyond = resampling.permutation_test(np.array(one) - end - out, two, 0.9).extras["p"]
        assert beyond <= 0.1 + 1e-9 <= inside + 1e-9


def test_the_same_seed_gives_the_same_answer() -> None:
    rng = np.random.default_rng(1)
    one, two = rng.lognormal(0, 1, 200), rng.lognormal(0, 1, 50)
    for call in (resampling.bootstrap_difference, resampling.permutation_test):
        assert call(one, two, 0.9, seed=4) == call(one, two, 0.9, seed=4)
        assert call(one, two, 0.9, seed=4) != call(one, two, 0.9, seed=5)


def test_many_units_are_bundled_without_harm() -> None:
    rng = np.random.default_rng(2)
    one, two = rng.lognormal(7, 0.7, 40_000), rng.lognormal(7, 0.7, 10_000)
    plain = means.difference(one, two)
    for call in (resampling.bootstrap_difference, resampling.permutation_test):
        found = call(one, two)
        assert found.lower == pytest.approx(plain.lower, abs=0.25 * plain.se)
        assert found.upper == pytest.approx(plain.upper, abs=0.25 * plain.se)


def test_all_ways_agree_on_even_data() -> None:
    rng = np.random.default_rng(3)
    one, two = rng.normal(10, 2, 80), rng.normal(9, 2, 80)
    plain, drawn = means.difference(one, two), resampling.bootstrap_difference(one, two)
    dealt = resampling.permutation_test(one, two)
    for found in (drawn, dealt):
        assert (found.lower, found.upper) == pytest.approx((plain.lower, plain.upper), abs=0.2 * plain.se)
    assert dealt.extras["p"] == pytest.approx(plain.p, abs=0.02)
    assert dealt.extras["p_studentised"] == pytest.approx(plain.p, abs=0.02)
    roas = resampling.bootstrap_roas(one, two, 200.0)
    assert roas.point == pytest.approx(80 * plain.point / 200)
    assert resampling.bootstrap_difference(one, two, 0.99).lower < drawn.lower


def test_placebo_deals_are_uniform() -> None:
    """600 worlds, 30 against 8 skewed clusters, no effect: KS above 1 %; 5 ± 2.7 % below .05."""
    rng, p = np.random.default_rng(4), []
    for _ in range(600):
        values = rng.lognormal(0, 1, 38)
        p.append(resampling.permutation_test(values[:30], values[30:], 0.9, deals=199).extras["p"])
    assert stats.kstest(p, "uniform").pvalue > 0.01
    assert 0.023 <= np.mean(np.array(p) <= 0.05) <= 0.077


def test_nine_of_ten_bootstrap_intervals_hold_the_truth() -> None:
    """300 worlds of skewed clusters: 90 ± 5.2 % (three Monte Carlo errors)."""
    rng, held = np.random.default_rng(5), 0
    for _ in range(300):
        found = resampling.bootstrap_difference(rng.gamma(2, 1, 40), rng.gamma(2, 1, 20), draws=399)
        held += found.lower <= 0 <= found.upper
    assert 0.848 <= held / 300 <= 0.952


def test_odd_arms_are_refused() -> None:
    fine = [1.0, 2.0, 4.0]
    for odd in ([], [1.0], [math.nan, 1.0], [math.inf, 1.0]):
        for call in (resampling.bootstrap_difference, resampling.permutation_test, resampling.bootstrap_ratio):
            with pytest.raises(CannotTell, match=r"\.$"):
                call(odd, fine)
            with pytest.raises(CannotTell, match=r"\.$"):
                call(fine, odd)
    for call in (resampling.bootstrap_difference, resampling.permutation_test):
        with pytest.raises(CannotTell, match=r"\.$"):
            call([3.0, 3.0, 3.0], [3.0, 3.0])
    with pytest.raises(CannotTell, match="too few"):
        resampling.bootstrap_difference([1.0, 2.0], [3.0, 4.0])
    with pytest.raises(CannotTell, match="too few"):
        resampling.permutation_test([1.0, 2.0], [3.0, 4.0], 0.95)
    with pytest.raises(CannotTell, match="no spend"):
        resampling.bootstrap_roas(fine, fine, 0.0)
    with pytest.raises(CannotTell, match="same ratio"):
        resampling.bootstrap_ratio(fine, fine)
    with pytest.raises(CannotTell, match="something to divide by"):
        resampling.bootstrap_ratio(fine, [1.0, 0.0, 0.0])
    assert resampling.permutation_test([1.0, 5, 1e12, 7], [2.0, 9, 4, 6, 1]).extras["p"] > 0.3
