"""Decides that what was known before is taken out as the arithmetic does, and that lopsided draws are noticed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analytics.assumptions import Assumptions
from analytics.effects.adjusted import Moments, cuped
from analytics.incrementality.methods.cuped import CUPED
from analytics.incrementality.methods.holdout import HOLDOUT
from tests.analytics.incrementality import worlds

HOUSE = Assumptions()


def test_customers_as_sums_give_what_customers_one_by_one_give() -> None:
    rng = np.random.default_rng(3)
    rate = 0.4 * rng.gamma(0.5, 2.0, 3000)
    columns = [worlds.bought(rng, rate), worlds.bought(rng, 4 * rate)]
    found = CUPED(worlds.of_customers(columns, 2000, 80_000.0, worlds.experiment("customer")), HOUSE)
    peer = cuped(columns[0], np.arange(3000) < 2000, [columns[1]]).incremental_roas(80_000.0)
    assert (found.estimate, found.lower, found.upper) == pytest.approx((peer.point, peer.lower, peer.upper))


def test_repeat_buyers_make_it_shorter_than_the_plain_comparison() -> None:
    rng = np.random.default_rng(4)
    rate = 0.4 * rng.gamma(0.33, 3.0, 20_000)
    columns = [worlds.bought(rng, rate), worlds.bought(rng, 4 * rate)]
    slice_ = worlds.of_customers(columns, 16_000, 500_000.0, worlds.experiment("customer"))
    ours, plain = CUPED(slice_, HOUSE), HOLDOUT(slice_, HOUSE)
    assert ours.upper - ours.lower < 0.9 * (plain.upper - plain.lower)
    assert ours.mde < plain.mde


def test_over_clusters_it_stands_beside_the_regression() -> None:
    found = CUPED(worlds.clusters(1, 2.0), HOUSE)
    assert (found.role, found.status, found.unit_of_analysis) == ("directional", "ok", "geo")


def test_customers_with_nothing_before_are_told_what_to_import() -> None:
    assert "from before its first day" in CUPED(worlds.customers(1, with_before=False), HOUSE).reason


def test_arms_that_drawing_would_not_leave_so_far_apart_are_noticed() -> None:
    slice_ = worlds.customers(1, 1.0)
    assert slice_.customers
    one = slice_.customers.treated
    lopsided = Moments(one.n, one.means * np.array([1.0, 1.4]), one.covariances)
    found = CUPED(replace(slice_, customers=replace(slice_.customers, treated=lopsided)), HOUSE)
    assert found.status == "weak"
    assert "drawing arms leaves them at least as far apart in 0 % of cases" in found.reason
