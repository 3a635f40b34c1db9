"""Decides that bounds for looking more than once are those of the tables, and that they keep their promise."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from analytics.effects import sequential
from analytics.effects.refusals import CannotTell
from tests.analytics.effects.published import golden


@pytest.mark.parametrize(("shape", "key"), [("pocock", "pocock_c"), ("obrien-fleming", "obrien_fleming_c")])
@pytest.mark.parametrize(("alpha", "column"), [(0.05, "alpha_05"), (0.1, "alpha_10")])
def test_constants_are_those_of_jennison_and_turnbull(shape: str, key: str, alpha: float, column: str) -> None:
    for looks, expected in golden("sequential_bounds")["expected"][key][column].items():
        assert sequential.constant(int(looks), alpha, shape) == pytest.approx(expected, abs=1e-3)


def test_one_look_is_a_plain_test() -> None:
    for alpha in (0.01, 0.05, 0.2):
        assert sequential.constant(1, alpha) == pytest.approx(stats.norm.isf(alpha / 2), abs=1e-8)
        assert sequential.constant(1, alpha, sides=1) == pytest.approx(stats.norm.isf(alpha), abs=1e-8)


def test_two_looks_agree_with_the_bivariate_normal() -> None:
    for sides in (1, 2):
        c = sequential.constant([0.3, 1.0], 0.07, 0.25, sides)
        upper = c * np.array([0.3, 1.0]) ** -0.25
        lower = -upper if sides == 2 else np.full(2, -40.0)
        correlation = [[1, math.sqrt(0.3)], [math.sqrt(0.3), 1]]
        inside = stats.multivariate_normal([0, 0], correlation).cdf(upper, lower_limit=lower)
        assert 1 - inside == pytest.approx(0.07, abs=1e-6)


def test_spending_gives_lan_and_demets_bounds() -> None:
    """Five looks, two sides of 0.025: the O'Brien–Fleming-like bounds of Lan & DeMets (1983) and Reboussin et al."""
    found = sequential.spending_bounds(5, 0.05)
    assert found == pytest.approx([4.877, 3.357, 2.680, 2.290, 2.031], abs=1e-3)
    assert sequential.spending_bounds(5, 0.05, "pocock") == pytest.approx([2.438, 2.427, 2.410, 2.397, 2.386], abs=2e-3)


@pytest.mark.parametrize("how", sequential.SPENDING)
@pytest.mark.parametrize("sides", [1, 2])
def test_what_is_spent_is_alpha(how: str, sides: int) -> None:
    times = sequential.looks_at([1, 2, 5, 6])
    found = sequential.spending_bounds([1, 2, 5, 6], 0.1, how, sides, 2.0)
    assert sequential.crossing(found, times, sides).sum() == pytest.approx(0.1, abs=1e-7)


def test_the_cost_of_looking_is_that_of_the_tables() -> None:
    """Jennison & Turnbull 2000, tables 2.2 and 2.4: five looks, alpha .05."""
    assert sequential.inflation(5, 0.05, 0.9) == pytest.approx(1.207, abs=1e-3)
    assert sequential.inflation(5, 0.05, 0.8) == pytest.approx(1.229, abs=1e-3)
    assert sequential.inflation(5, 0.05, 0.9, "obrien-fleming") == pytest.approx(1.026, abs=1e-3)


def test_early_looks_at_three_cost_little() -> None:
    found = sequential.haybittle_peto(5)
    assert found[-1] == pytest.approx(1.990, abs=5e-3)
    assert sequential.crossing(found, sequential.looks_at(5)).sum() == pytest.approx(0.05, abs=1e-8)


def test_more_looks_and_less_error_need_wider_bounds() -> None:
    by_looks = [sequential.constant(looks) for looks in (1, 2, 5, 10, 20)]
    assert by_looks == sorted(by_looks)
    by_error = [sequential.constant(4, alpha) for alpha in (0.2, 0.1, 0.05, 0.01, 0.001)]
    assert by_error == sorted(by_error)


def test_six_weekly_looks_keep_ten_percent() -> None:
    """20,000 worlds without an effect: 10 ± 0.64 % (three Monte Carlo errors), by simulation and by integration."""
    rng = np.random.default_rng(21)
    z = np.cumsum(rng.standard_normal((20_000, 6)), axis=1) / np.sqrt(np.arange(1, 7))
    for shape in ("pocock", "obrien-fleming"):
        upper = sequential.bounds(6, 0.1, shape)
        assert (np.abs(z) >= upper).any(axis=1).mean() == pytest.approx(0.1, abs=0.0064)
        drifting = (np.abs(z + 2.5 * np.sqrt(np.arange(1, 7) / 6)) >= upper).any(axis=1).mean()
        assert sequential.power(upper, sequential.looks_at(6), 2.5) == pytest.approx(drifting, abs=0.011)


def test_a_repeated_interval_is_as_wide_as_its_bound() -> None:
    found = sequential.repeated_interval(3.0, 0.5, 2.413, 0.95)
    assert (found.lower, found.upper) == pytest.approx((3 - 0.5 * 2.413, 3 + 0.5 * 2.413))


def test_plans_that_cannot_be_are_refused() -> None:
    for looks in (0, -3, [0.5, 0.4], [], [0.0, 1.0], [math.nan], 1000):
        with pytest.raises(CannotTell, match=r"\.$"):
            sequential.constant(looks)
    for call in (
        lambda: sequential.constant(3, 0.0),
        lambda: sequential.constant(3, 0.05, "round"),
        lambda: sequential.constant(3, 0.05, sides=3),
        lambda: sequential.spending_bounds(3, 0.05, "freely"),
        lambda: sequential.haybittle_peto(50, 0.001),
        lambda: sequential.repeated_interval(1.0, 0.0, 2.0, 0.9),
    ):
        with pytest.raises(CannotTell, match=r"\.$"):
            call()
