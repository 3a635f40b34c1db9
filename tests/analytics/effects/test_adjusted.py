"""Decides that what a pre-period takes away is what tea-tasting takes away, and that it never invents an effect."""

from __future__ import annotations

import math

import numpy as np
import pytest

from analytics.effects import adjusted, means
from analytics.effects.refusals import CannotTell
from tests.analytics.effects.published import golden, table

ROWS = {
    "revenue_cuped": (["revenue"], ["revenue_covariate"]),
    "sessions_cuped": (["sessions"], ["sessions_covariate"]),
    "orders_per_session": (["orders", "sessions"], []),
    "orders_per_session_cuped": (["orders", "sessions"], ["orders_covariate", "sessions_covariate"]),
}


@pytest.mark.parametrize("row", ROWS)
def test_cuped_users_come_out_as_published(row: str) -> None:
    users, expected = table("tt_users.csv"), golden("cuped_users")["expected"][row]
    metric, before = ROWS[row]
    ratio = [] if len(metric) == 1 else [users[metric[1]], users[before[1]] if before else None]
    found = adjusted.cuped(users[metric[0]], users["variant"], [users[name] for name in before[:1]], 0.95, *ratio)
    assert [found.effect.lower, found.effect.upper] == pytest.approx(expected["ci95"], abs=2e-6)
    assert (found.effect.point, found.effect.p) == pytest.approx((expected["diff"], expected["p"]), abs=2e-6)
    if "control" in expected:
        arms = (found.control.mean, found.treated.mean)
        assert arms == pytest.approx((expected["control"], expected["treatment"]), abs=2e-6)
    if "theta" in expected:
        assert found.theta[0] == pytest.approx(expected["theta"], abs=2e-6)
        assert found.variance_reduction == pytest.approx(expected["variance_reduction"], abs=1e-6)


def test_revenue_per_session_comes_out_as_published() -> None:
    users, expected = table("tt_users.csv"), golden("cuped_users")["expected"]["revenue_per_session_90"]
    found = adjusted.cuped(users["revenue"], users["variant"], [], 0.9, users["sessions"])
    assert [found.effect.lower, found.effect.upper] == pytest.approx(expected["ci90"], abs=2e-6)
    got = (found.control.mean, found.treated.mean, found.effect.point, found.effect.p)
    assert got == pytest.approx([expected[key] for key in ("control", "treatment", "diff", "p")], abs=2e-6)


def test_lifts_are_the_rounded_ones_of_the_documentation() -> None:
    users = table("tt_users.csv")
    for before, rounded in (([], (0.093, -0.024, 0.22)), ([users["revenue_covariate"]], (0.14, 0.038, 0.26))):
        lift = adjusted.cuped(users["revenue"], users["variant"], before, 0.95).lift(0.95, "log")
        assert (lift.point, lift.lower, lift.upper) == pytest.approx(rounded, abs=0.005)


def test_sums_are_as_good_as_rows() -> None:
    rng = np.random.default_rng(4)
    before = rng.lognormal(5, 1, 900)
    rows = np.column_stack([before * rng.lognormal(0, 0.3, 900) + 10, before])
    marks = np.arange(900) < 700
    by_rows = adjusted.cuped(rows[:, 0], marks, [before])
    arms = [rows[marks], rows[~marks]]
    summed = [adjusted.moments_of_sums(len(part), part.sum(axis=0), part.T @ part) for part in arms]
    by_sums = adjusted.adjusted(summed[0], summed[1], 0, [1])
    assert by_sums.effect.point == pytest.approx(by_rows.effect.point, rel=1e-7)
    assert by_sums.effect.lower == pytest.approx(by_rows.effect.lower, rel=1e-7)
    roas = by_rows.incremental_roas(500.0)
    assert roas.point == pytest.approx(700 * by_rows.effect.point / 500)
    assert roas.p == by_rows.effect.p


def test_without_covariates_it_is_welch() -> None:
    rng = np.random.default_rng(6)
    values, marks = rng.normal(5, 2, 50), np.arange(50) % 3 == 0
    found, plain = adjusted.cuped(values, marks, []), means.difference(values[marks], values[~marks])
    assert (found.effect.lower, found.effect.p) == pytest.approx((plain.lower, plain.p))
    assert found.variance_reduction == 0


def test_several_covariates_on_any_scale_take_more_away() -> None:
    rng = np.random.default_rng(7)
    one, two = rng.normal(0, 1, 400), rng.normal(0, 1e9, 400)
    values = one + two / 1e9 + rng.normal(0, 0.5, 400)
    marks = np.arange(400) % 2 == 0
    both, single = adjusted.cuped(values, marks, [one, two]), adjusted.cuped(values, marks, [one])
    assert both.variance_reduction > single.variance_reduction > 0.2
    # The same twice tells no more than once.
    twice = adjusted.cuped(values, marks, [one, 3 * one])
    assert twice.effect.point == pytest.approx(single.effect.point)


def test_what_cannot_be_taken_out_is_refused() -> None:
    values, marks = [1.0, 2.0, 4.0, 7.0], [1, 0, 1, 0]
    for before in ([5.0] * 4, [math.nan, 1, 2, 3], [1.0, 2.0]):
        with pytest.raises(CannotTell, match=r"\.$"):
            adjusted.cuped(values, marks, [before])
    for arms in ([1, 1, 1, 1], [0, 0, 0, 0], [1, 0, 0, 0]):
        with pytest.raises(CannotTell, match=r"\.$"):
            adjusted.cuped(values, arms, [[1.0, 2.0, 3.0, 5.0]])
    with pytest.raises(CannotTell, match="denominator"):
        adjusted.cuped(values, marks, [], under=[0.0] * 4)
    with pytest.raises(CannotTell):
        adjusted.moments_of_sums(3, [math.inf], [[1.0]])


def test_a_pre_period_narrows_and_still_holds_the_truth() -> None:
    """400 worlds of 80/20 users who buy again: 90 ± 4.5 % (three Monte Carlo errors of 1.5), no bias."""
    rng, held, points = np.random.default_rng(8), 0, []
    for _ in range(400):
        rate = rng.gamma(0.5, 2, 600)
        marks = np.arange(600) < 480
        before = rng.poisson(4 * rate)
        found = adjusted.cuped(rng.poisson(rate) + 0.3 * marks, marks, [before])
        held += found.effect.lower <= 0.3 <= found.effect.upper
        points.append(found.effect.point)
    assert 0.855 <= held / 400 <= 0.945
    assert np.mean(points) == pytest.approx(0.3, abs=3 * np.std(points) / 20)
