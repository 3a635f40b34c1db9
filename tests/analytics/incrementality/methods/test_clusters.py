"""Decides that clusters are weighed by their time before, that spend is what came on top, and that gaps are said."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analytics.assumptions import Assumptions
from analytics.incrementality.methods.clusters import GBR, GROWTH, METHODS, RANDOMISATION, balance, table_of
from tests.analytics.incrementality import worlds

HOUSE = Assumptions()


def test_spend_before_is_taken_off_for_the_same_length_of_time() -> None:
    slice_ = worlds.clusters(1, 2.0)
    usual = 0.02 * slice_.clusters["pre"].to_numpy()
    usual_in_test = usual * slice_.test_days / slice_.pre_days
    heavier = slice_.clusters.assign(pre_spend=usual, spend=slice_.clusters["spend"] + usual_in_test)
    table, plain = table_of(replace(slice_, clusters=heavier)), table_of(slice_)
    assert table.spend == pytest.approx(plain.spend)
    assert table.leaked == pytest.approx(0, abs=1e-6)
    assert table.tolerance > 0
    assert GBR(replace(slice_, clusters=heavier), HOUSE).estimate == pytest.approx(GBR(slice_, HOUSE).estimate)


def test_spend_on_controls_is_no_holdout() -> None:
    slice_ = worlds.clusters(1, 2.0)
    leaky = replace(slice_, clusters=slice_.clusters.assign(spend=slice_.clusters["test"] * 0.05))
    found = GBR(leaky, HOUSE)
    assert found.role == "directional"
    assert "Spend on control places: ₹" in found.reason


def test_days_that_are_not_known_leave_spend_as_it_is() -> None:
    slice_ = replace(worlds.clusters(1, 2.0), pre_days=0.0)
    assert table_of(slice_).spend == pytest.approx(slice_.clusters["spend"].to_numpy())


def test_seven_controls_are_refused_and_eight_are_not() -> None:
    for method in METHODS[:2]:
        assert "8 are needed" in method(worlds.clusters(1, 2.0, 30, 7), HOUSE).reason
        assert method(worlds.clusters(1, 2.0, 30, 8), HOUSE).status == "ok"
    assert "at least 8" in GROWTH(worlds.clusters(1, 2.0, 30, 7), HOUSE).reason


def test_new_clusters_are_left_out_and_said() -> None:
    slice_ = worlds.clusters(1, 2.0)
    for new, status in ((3, "ok"), (9, "weak")):
        pre = slice_.clusters["pre"].to_numpy().copy()
        pre[:new] = 0.0
        found = GBR(replace(slice_, clusters=slice_.clusters.assign(pre=pre)), HOUSE)
        assert (found.status, found.n_treated) == (status, 30 - new)
        assert any(f"{new} of 50 places sold nothing before the test" in check.says for check in found.checks)


def test_a_time_before_that_tells_nothing_is_weak() -> None:
    slice_ = worlds.clusters(1, 2.0)
    shuffled = np.random.default_rng(2).permutation(slice_.clusters["pre"].to_numpy())
    for method in METHODS:
        found = method(replace(slice_, clusters=slice_.clusters.assign(pre=shuffled)), HOUSE)
        assert found.status == "weak"
        assert "see iroas.holdout" in found.reason


def test_arms_alike_to_the_last_rupee_are_balanced() -> None:
    slice_ = worlds.clusters(1, 2.0)
    same = replace(slice_, clusters=slice_.clusters.assign(pre=1e5))
    assert balance(same, table_of(same)).passed
    lopsided = slice_.clusters["pre"].to_numpy() * np.r_[np.full(30, 9.0), np.ones(20)]
    moved = replace(slice_, clusters=slice_.clusters.assign(pre=lopsided))
    assert not balance(moved, table_of(moved)).passed


def test_the_second_opinion_is_near_the_first_and_growth_never_speaks() -> None:
    slice_ = worlds.clusters(5, 2.0)
    one, two, three = (method(slice_, HOUSE) for method in (GBR, RANDOMISATION, GROWTH))
    assert two.estimate == pytest.approx(one.estimate, abs=0.5)
    assert two.estimate == pytest.approx(three.estimate)
    assert [found.role for found in (one, two, three)] == ["headline", "headline", "directional"]


def test_customers_are_no_clusters() -> None:
    assert "drew customers" in GBR(worlds.customers(1), HOUSE).reason
