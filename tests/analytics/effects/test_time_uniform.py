"""Decides that bounds for daily looking are those of their authors, and that peeking never costs the promised error."""

from __future__ import annotations

import numpy as np
import pytest

from analytics.effects import time_uniform
from analytics.effects.refusals import CannotTell
from tests.analytics.effects.published import golden


def test_the_normal_mixture_is_that_of_confseq() -> None:
    expected = golden("sequential_bounds")["expected"]["mixture"]
    v, alpha = expected["v_opt"], expected["alpha"]
    rho = time_uniform.best_rho(v, alpha)
    assert rho == pytest.approx(expected["rho"], abs=1e-4)
    assert time_uniform.normal_bound(100, alpha, rho) == pytest.approx(expected["bound_at_v_100"], abs=1e-4)
    assert time_uniform.log_mixture(10, 100, rho) == pytest.approx(expected["log_mixture_at_s10_v100"], abs=1e-4)


def test_all_other_mixtures_are_those_of_confseqs_unit_tests() -> None:
    one, two = time_uniform.best_rho(100, 0.05, 1), time_uniform.best_rho(100, 0.05)
    assert time_uniform.log_mixture(10, 100, one, 1) == pytest.approx(-0.06502391, abs=1e-5)
    assert time_uniform.normal_bound(100, 0.05, one, 1) == pytest.approx(27.66071, abs=1e-5)
    for mixture, value, bound, most in (
        (time_uniform.gamma_exponential(one, 2), -0.2490165, 33.02017, None),
        (time_uniform.gamma_poisson(one, 2), -0.06991219, 30.1949, None),
        (time_uniform.beta_binomial(two, 0.2, 0.8), -0.6941012, 31.4308, 500.0),
        (time_uniform.beta_binomial(one, 0.2, 0.8, 1), -0.07134019, 28.41238, 500.0),
    ):
        assert mixture(10, 100) == pytest.approx(value, abs=1e-5)
        assert time_uniform.bound(mixture, 100, 0.05, most) == pytest.approx(bound, abs=1e-4)
    assert time_uniform.stitching(100, 0.05, 10, 3) == pytest.approx(64.48755, abs=1e-5)
    assert time_uniform.stitching(100, 0.05, 10, -1) == pytest.approx(28.99389, abs=1e-5)


def test_a_bound_is_where_the_mixture_reaches_its_threshold() -> None:
    for sides in (1, 2):
        for v, alpha in ((1e-3, 0.2), (5.0, 0.05), (1e6, 0.001)):
            rho = time_uniform.best_rho(3.0, 0.1, sides)
            reached = time_uniform.log_mixture(time_uniform.normal_bound(v, alpha, rho, sides), v, rho, sides)
            assert reached == pytest.approx(-np.log(alpha), abs=1e-8)


def test_daily_peeking_keeps_the_error() -> None:
    """2,000 null worlds looked at on 42 days: at most 10 % may ever exclude 0; 2.9 % did in the design simulation."""
    rng, wrong = np.random.default_rng(31), 0
    days = np.arange(1, 43)
    for _ in range(2000):
        points = np.cumsum(rng.standard_normal(42)) / days
        looks = time_uniform.confidence_sequence(points, 1 / np.sqrt(days), 0.9)
        wrong += any(look.lower > 0 or look.upper < 0 for look in looks)
    assert 0.01 <= wrong / 2000 <= 0.06


def test_looks_know_no_unit_and_widen_with_level() -> None:
    points, ses = [5.0, 4.0, 4.5], [3.0, 2.0, 1.0]
    plain = time_uniform.confidence_sequence(points, ses, 0.9)
    cents = time_uniform.confidence_sequence(np.array(points) * 100, np.array(ses) * 100, 0.9)
    wide = time_uniform.confidence_sequence(points, ses, 0.99)
    for one, two, three in zip(plain, cents, wide, strict=True):
        assert two.lower == pytest.approx(100 * one.lower)
        assert three.lower < one.lower <= one.point <= one.upper < three.upper
    # At the planned look it is as wide as the bound says, and wider than a single look's.
    rho = time_uniform.best_rho(1.0, 0.1)
    assert plain[-1].upper - 4.5 == pytest.approx(time_uniform.normal_bound(1.0, 0.1, rho))
    assert plain[-1].upper - 4.5 > 1.645


def test_running_intervals_only_shrink() -> None:
    looks = time_uniform.confidence_sequence([5.0, 2.0, 3.0], [1.0, 0.9, 2.0], 0.9, running=True)
    assert [look.lower for look in looks] == sorted(look.lower for look in looks)
    assert [look.upper for look in looks] == sorted((look.upper for look in looks), reverse=True)
    with pytest.raises(CannotTell, match="contradict"):
        time_uniform.confidence_sequence([0.0, 90.0], [1.0, 1.0], 0.9, running=True)


def test_what_has_no_bound_is_refused() -> None:
    for call in (
        lambda: time_uniform.best_rho(0.0),
        lambda: time_uniform.best_rho(1.0, 0.6, 1),
        lambda: time_uniform.normal_bound(-1.0, 0.05, 1.0),
        lambda: time_uniform.normal_bound(1.0, 0.0, 1.0),
        lambda: time_uniform.stitching(1.0, 0.05, 0.0),
        lambda: time_uniform.bound(time_uniform.gamma_poisson(5.0, 1.0), 0.0, 0.05),
        lambda: time_uniform.confidence_sequence([1.0], [0.0]),
        lambda: time_uniform.confidence_sequence([1.0, float("nan")], [1.0, 1.0]),
        lambda: time_uniform.confidence_sequence([1.0, 2.0], [1.0]),
        lambda: time_uniform.confidence_sequence([], []),
    ):
        with pytest.raises(CannotTell, match=r"\.$"):
            call()
