"""Go-live dates: planted effects are found cohort by cohort, trends before are seen, random dates give uniform p."""

from __future__ import annotations

import numpy as np
import pytest

from analytics.effects.event_study import event_study
from analytics.effects.refusals import CannotTell

STARTS = np.repeat([8, 12, 18, -1], [6, 6, 6, 12])
TIMES = np.arange(30)
LIVE = (STARTS >= 0)[:, None] & (TIMES >= STARTS[:, None])


def world(effect: float = 0.0, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    level, wave = 50 + 9 * rng.normal(size=(30, 1)), 3 * rng.normal(size=(1, 30))
    return level + wave + rng.normal(size=(30, 30)) + effect * LIVE


def test_a_constant_effect_moves_the_estimate_by_itself() -> None:
    base, more = event_study(world(), STARTS), event_study(world(2.0), STARTS)
    for end in ("point", "lower", "upper"):
        assert getattr(more, end) - getattr(base, end) == pytest.approx(2)
    moved = more.steps["estimate"] - base.steps["estimate"]
    assert moved.to_numpy() == pytest.approx(np.where(more.steps["step"] >= 0, 2.0, 0.0))
    assert (more.cohorts["estimate"] - base.cohorts["estimate"]).to_numpy() == pytest.approx(2)
    assert more.cohorts["start"].tolist() == [8, 12, 18]
    assert more.cohorts["controls"].tolist() == [24, 18, 12]


def test_the_steps_are_differences_of_means() -> None:
    table, starts = world(2.0), np.where(np.arange(30) < 9, 15, -1)
    steps = event_study(table, starts).steps.set_index("step")["estimate"]
    gap = table[:9].mean(axis=0) - table[9:].mean(axis=0)
    assert steps.loc[2] == pytest.approx(gap[17] - gap[14])
    assert steps.loc[-3] == pytest.approx(gap[12] - gap[14])


def test_order_and_money_change_nothing() -> None:
    base = event_study(world(2.0), STARTS)
    order = np.random.default_rng(3).permutation(30)
    other = event_study(80 * world(2.0)[order], STARTS[order])
    assert (other.point, other.lower, other.upper) == pytest.approx((80 * base.point, 80 * base.lower, 80 * base.upper))
    assert other.extras["p_pre"] == base.extras["p_pre"]


def test_spend_makes_it_a_return() -> None:
    spend = np.where(LIVE, 25.0, 0.0)
    base, paid = event_study(world(2.0), STARTS), event_study(world(2.0), STARTS, dose=spend)
    assert (paid.point, paid.lower, paid.upper) == pytest.approx((base.point / 25, base.lower / 25, base.upper / 25))


def test_the_truth_is_held_and_random_dates_reject_as_often_as_stated() -> None:
    found = [event_study(world(0.0, seed), STARTS, deals=199) for seed in range(80)]
    p = np.array([one.extras["p"] for one in found])
    assert 0.02 <= np.mean(p <= 0.1) <= 0.2
    assert np.array_equal(p > 0.1, [one.lower <= 0 <= one.upper for one in found])
    assert 0.02 <= np.mean([one.extras["p_pre"] <= 0.1 for one in found]) <= 0.2


def test_a_trend_before_go_live_is_seen() -> None:
    assert event_study(world(), STARTS).pre_trend.passed
    drift = world() + 0.8 * (STARTS >= 0)[:, None] * TIMES
    seen = event_study(drift, STARTS).pre_trend
    assert not seen.passed
    assert seen.says.endswith(".")


def test_dates_without_a_window_are_left_out_and_counted() -> None:
    starts = STARTS.copy()
    starts[:2] = 1
    effect = event_study(world(2.0), starts)
    assert effect.extras["left_out"] == 2
    assert effect.extras["treated"] == 16


def test_bad_panels_are_refused_in_a_sentence() -> None:
    good, gap, odd = world(), world(), world()
    gap[2, 3], odd[2, 3] = np.nan, 1e9
    bad = [
        {"values": gap}, {"values": odd}, {"values": good[0]}, {"starts": STARTS[:-1]}, {"starts": np.full(30, -1)},
        {"starts": np.full(30, 15)}, {"starts": np.where(STARTS > 0, 29, -1)}, {"before": 1}, {"after": 0},
        {"values": np.ones((30, 30))}, {"dose": np.zeros((30, 30))}, {"dose": np.ones((3, 3))},
        {"starts": np.full(30, np.nan)}, {"values": good[:3], "starts": STARTS[:3]}, {"values": []}, {"level": 0.9999},
    ]  # fmt: skip
    for one in bad:
        with pytest.raises(CannotTell, match=r"[A-Z].*[.]$"):
            event_study(**{"values": good, "starts": STARTS} | one)
