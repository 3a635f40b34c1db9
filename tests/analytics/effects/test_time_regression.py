"""Time-based regression: Google's vignette to every digit, its four checks, and refusals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analytics.effects import time_regression as tbr
from analytics.effects.refusals import CannotTell
from tests.golden_cases import data, golden


def world(effect: float = 0.0, seed: int = 0, n: int = 56, m: int = 28) -> tuple[np.ndarray, ...]:
    rng = np.random.default_rng(seed)
    control = 1000 + 100 * rng.normal(size=n + m)
    treated = 50 + 0.8 * control + 10 * rng.normal(size=n + m)
    return control[:n], treated[:n], control[n:], treated[n:] + effect


def published(column: str = "sales") -> tuple[tuple[pd.Series, ...], dict[str, float]]:
    rows = data("geo_salesandcost.csv", dtype={"geo": str}).merge(
        data("geo_assignment.csv", dtype={"geo": str}), on="geo"
    )
    case = golden("geo_tbr_gbr")
    daily = rows.pivot_table(index="date", columns="geo.group", values=column, aggfunc="sum")
    pre, test = (
        daily[(daily.index >= a) & (daily.index <= b)] for a, b in map(case["inputs"].get, ("pretest", "test"))
    )
    return (pre[1], pre[2], test[1], test[2]), case["expected"]["tbr"]


def test_googles_vignette_comes_out_to_every_digit() -> None:
    series, expected = published()
    exact = {"rel": 1e-8}
    effect = tbr.cumulative(*series)
    assert effect.point == pytest.approx(expected["incremental_response"], **exact)
    assert effect.se == pytest.approx(expected["se_incremental_response"], **exact)
    spend = tbr.spend_effect(*published("cost")[0])
    assert spend == pytest.approx(50_000)
    iroas = tbr.iroas(effect, spend)
    assert iroas.point == pytest.approx(expected["iroas"], **exact)
    assert iroas.ends(0.9, 1)[0] == pytest.approx(expected["lower_90_one_sided"], **exact)
    assert iroas.point - iroas.ends(0.9, 1)[0] == pytest.approx(expected["precision_90_one_sided"], **exact)
    assert iroas.ends(0.95) == pytest.approx((expected["lower_95_two_sided"], expected["upper_95_two_sided"]), **exact)
    ends = (expected["lower_90_two_sided"], expected["upper_90_two_sided"])
    assert (iroas.lower, iroas.upper) == pytest.approx(ends, **exact)
    assert iroas.above(3) == pytest.approx(expected["prob_iroas_gt_3"], abs=5e-4)


def test_the_lift_is_what_googles_own_tests_print() -> None:
    series, _ = published()
    two, one = tbr.cumulative(*series).extras, tbr.cumulative(*series, sides=1).extras
    found = [two["lift"], two["lift_lower"], two["lift_upper"], one["lift_lower"]]
    assert found == pytest.approx([0.173998, 0.163273, 0.184885, 0.165686], abs=5e-5)


def test_spend_that_hardly_varies_gives_what_known_spend_gives() -> None:
    series, expected = published()
    cost = [np.asarray(part) + 1e-5 * np.random.default_rng(i).normal(size=len(part))
            for i, part in enumerate(published("cost")[0])]  # fmt: skip
    effect = tbr.iroas(tbr.cumulative(*series), tbr.spend_effect(*cost))
    assert effect.point == pytest.approx(expected["iroas"], rel=1e-6)
    ends = (expected["lower_90_two_sided"], expected["upper_90_two_sided"])
    assert (effect.lower, effect.upper) == pytest.approx(ends, rel=1e-4)


def test_the_ratio_of_two_posteriors_is_what_draws_show() -> None:
    revenue, spend = tbr.cumulative(*world(40.0)), tbr.cumulative(*world(25.0, seed=1))
    effect = tbr.iroas(revenue, spend)
    rng = np.random.default_rng(0)
    draws = (revenue.point + revenue.se * rng.standard_t(54, 400_000)) / (
        spend.point + spend.se * rng.standard_t(54, 400_000)
    )
    assert [effect.lower, effect.point, effect.upper] == pytest.approx(np.quantile(draws, [0.05, 0.5, 0.95]), rel=0.01)


def test_a_constant_effect_moves_the_estimate_by_itself() -> None:
    assert tbr.cumulative(*world(7.0)).point - tbr.cumulative(*world()).point == pytest.approx(7 * 28)


def test_money_scales_and_iroas_does_not() -> None:
    scaled = tbr.cumulative(*(80 * part for part in world(7.0)))
    plain = tbr.cumulative(*world(7.0))
    assert (scaled.point, scaled.se) == pytest.approx((80 * plain.point, 80 * plain.se))
    assert tbr.iroas(scaled, 80 * 50.0).lower == pytest.approx(tbr.iroas(plain, 50.0).lower)


def test_the_truth_is_held_about_as_often_as_stated() -> None:
    found = [tbr.cumulative(*world(5.0, seed)) for seed in range(200)]
    assert 0.84 <= np.mean([one.lower <= 140 <= one.upper for one in found]) <= 0.96


def test_the_picture_ends_in_the_estimate() -> None:
    frame, effect = tbr.pointwise(*world(7.0)), tbr.cumulative(*world(7.0))
    assert len(frame) == 84
    assert not frame.isna().any(axis=None)
    last = frame.iloc[-1]
    ends = (last["cumulative"], last["cumulative_lower"], last["cumulative_upper"])
    assert ends == pytest.approx((effect.point, effect.lower, effect.upper))


def test_a_quiet_world_passes_all_four_checks_and_a_wandering_one_does_not() -> None:
    x, y, _, _ = world(seed=3)
    assert [check.passed for check in tbr.checks(x, y, 14)] == [True] * 4
    walk = y + np.cumsum(np.random.default_rng(0).normal(size=len(y))) * 60
    failed = {check.name for check in tbr.checks(x, walk, 14) if not check.passed}
    assert {"autocorrelation", "correlation"} <= failed
    assert {check.name for check in tbr.checks(x, y, 55) if not check.passed} == {"A/A"}


def test_a_break_before_the_test_is_seen() -> None:
    x, y, _, _ = world(seed=3)
    moved = y + np.where(np.arange(len(y)) < 28, 0, 60)
    assert "stability" in {check.name for check in tbr.checks(x, moved, 14) if not check.passed}


def test_a_control_that_never_moves_leaves_a_level() -> None:
    _, y, _, later = world(5.0)
    fitted = tbr.fit(np.zeros(len(y)), y)
    assert fitted.start == pytest.approx(y.mean())
    assert fitted.df == len(y) - 1
    assert tbr.cumulative(np.zeros(len(y)), y, np.zeros(28), later).point == pytest.approx(later.sum() - 28 * y.mean())


def test_bad_series_are_refused_in_a_sentence() -> None:
    x, y, later_x, later_y = world()
    bad = [
        (x[:2], y[:2], later_x, later_y),
        (x, y[:-1], later_x, later_y),
        (x, y, later_x, later_y[:-3]),
        (x, np.ones(len(x)), later_x, later_y),
        (x, 3 * x, later_x, later_y),
        (x, y, [], []),
        (np.append(x[:-1], np.nan), y, later_x, later_y),
        (x, y, later_x, np.append(later_y[:-1], np.inf)),
        ([], [], later_x, later_y),
        (x, np.append(y[:-1], 1e9), later_x, later_y),
    ]
    for series in bad:
        with pytest.raises(CannotTell, match=r"[A-Z].*[.]$"):
            tbr.cumulative(*series)


def test_no_spend_or_spend_that_may_be_none_is_refused() -> None:
    effect = tbr.cumulative(*world(5.0))
    for spend in (0.0, float("nan"), tbr.cumulative(*world(0.0, seed=5))):
        with pytest.raises(CannotTell, match=r"divide by"):
            tbr.iroas(effect, spend)
