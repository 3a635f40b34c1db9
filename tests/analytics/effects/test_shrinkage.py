"""Decides that luck is taken out of league tables as meta-analysis does, and that their intervals own up to it."""

from __future__ import annotations

import math

import numpy as np
import pytest

from analytics.effects import shrinkage
from analytics.effects.refusals import CannotTell

# Thirteen trials of the BCG vaccine (Colditz et al. 1994): cases and others, vaccinated then not.
BCG = np.array([
    [4, 119, 11, 128], [6, 300, 29, 274], [3, 228, 11, 209], [62, 13536, 248, 12619], [33, 5036, 47, 5761],
    [180, 1361, 372, 1079], [8, 2537, 10, 619], [505, 87886, 499, 87892], [29, 7470, 45, 7232],
    [17, 1699, 65, 1600], [186, 50448, 141, 27197], [5, 2493, 3, 2338], [27, 16886, 29, 17825],
])  # fmt: skip
# Coaching in eight schools (Rubin 1981).
SCHOOLS = [28.0, 8, -3, 7, -1, 1, 18, 12], [15.0, 10, 16, 11, 9, 11, 10, 18]


def log_risks() -> tuple[np.ndarray, np.ndarray]:
    a, b, c, d = BCG.T.astype(float)
    return np.log(a / (a + b) / (c / (c + d))), np.sqrt(1 / a - 1 / (a + b) + 1 / c - 1 / (c + d))


def test_the_vaccine_trials_pool_as_published() -> None:
    """DerSimonian–Laird as the R package metafor prints it: -0.7141 (0.1787), τ² 0.3088, Q 152.23, I² 92.12 %."""
    found = shrinkage.pool(*log_risks(), 0.95)
    assert (found.mean, found.se, found.tau2) == pytest.approx((-0.7141, 0.1787, 0.3088), abs=5e-5)
    assert (found.q, found.i2) == pytest.approx((152.2330, 0.9212), abs=5e-5)
    assert (found.lower, found.upper) == pytest.approx((-1.0644, -0.3638), abs=5e-4)
    assert found.prediction[0] < found.lower


def test_eight_schools_are_mostly_luck() -> None:
    found = shrinkage.shrink(*SCHOOLS)
    assert found.pooled.tau2 == 0
    assert (found.pooled.mean, found.pooled.se) == pytest.approx((7.686, 4.072), abs=1e-3)
    # The point is the mean, but the interval knows that a variance of nothing is an estimate too (Gelman: A 2 to 20).
    assert found.points == pytest.approx(np.full(8, found.pooled.mean))
    assert found.sds.min() > 1.2 * found.pooled.se
    drawn = shrinkage.true_values(*SCHOOLS, 20_000)
    assert drawn[:, 0].mean() == pytest.approx(11.4, abs=0.7)
    assert drawn[:, 2].mean() == pytest.approx(6.1, abs=0.7)


def test_values_lie_between_their_own_and_the_mean() -> None:
    y, s = log_risks()
    found = shrinkage.shrink(y, s)
    assert (np.minimum(y, found.pooled.mean) - 1e-12 <= found.points).all()
    assert (found.points <= np.maximum(y, found.pooled.mean) + 1e-12).all()
    assert (found.kept.argsort() == (-s).argsort()).all()
    wide = shrinkage.shrink(y, s, 0.99)
    assert (wide.lower < found.lower).all()
    moved = shrinkage.shrink(100 * y + 7, 100 * s)
    assert moved.points == pytest.approx(100 * found.points + 7)
    assert moved.lower == pytest.approx(100 * found.lower + 7)
    order = np.arange(len(y))[::-1]
    assert shrinkage.shrink(y[order], s[order]).upper == pytest.approx(found.upper[order])


def test_ranks_show_luck() -> None:
    sure = shrinkage.ranks([5.0, 3, 1, -1], [0.01] * 4)
    assert list(sure.first) == list(sure.last) == list(sure.middle) == [1, 2, 3, 4]
    unsure = shrinkage.ranks([5.0, 3, 1, -1], [50.0] * 4)
    assert (unsure.last - unsure.first).min() >= 2
    assert unsure.chance_best.sum() == pytest.approx(1)
    again = shrinkage.ranks([5.0, 3, 1, -1], [50.0] * 4)
    assert (again.chance_best == unsure.chance_best).all()


def test_one_beats_the_other_or_not() -> None:
    for a, b in ((0, 1), (3, 2)):
        one, two = shrinkage.chance_beats(*SCHOOLS, a, b), shrinkage.chance_beats(*SCHOOLS, b, a)
        assert one + two == pytest.approx(1)
        assert one > 0.5
    assert shrinkage.chance_beats(*SCHOOLS, 4, 4) == 0.5
    with pytest.raises(CannotTell):
        shrinkage.chance_beats(*SCHOOLS, 0, 8)


def test_picks_promise_less_than_their_raw_values() -> None:
    found = shrinkage.picks(*SCHOOLS, 3)
    assert len(found.chosen) == 3
    assert found.expected.lower <= found.expected.point <= found.expected.upper
    best = shrinkage.picks([9.0, 5, 7, 1], [1.0] * 4, 2)
    assert best.chosen == (0, 2)
    assert best.expected.point < best.promised == 8.0
    assert 0.8 < best.share_of_ideal <= 1
    everyone = shrinkage.picks([9.0, 5, 7, 1], [1.0] * 4, 4)
    assert everyone.share_of_ideal == pytest.approx(1)


def test_the_winners_interval_holds_the_truth_too() -> None:
    """300 worlds of 30 influencers: overall 90 ± 3 %; the winner's at least 80 %, where the naive one has 66 %.

    Errors of the winners' share: 1.7 points. Shrunken values are nearer to the truth than raw ones.
    """
    rng, held, winner, raw, ours = np.random.default_rng(41), [], [], 0.0, 0.0
    for _ in range(300):
        truth = rng.normal(2, 0.9, 30)
        s = rng.lognormal(0, 0.5, 30)
        y = rng.normal(truth, s)
        found = shrinkage.shrink(y, s)
        inside = (found.lower <= truth) & (truth <= found.upper)
        held.append(inside.mean())
        winner.append(inside[found.points.argmax()])
        raw += ((y - truth) ** 2).mean()
        ours += ((found.points - truth) ** 2).mean()
    assert 0.87 <= np.mean(held) <= 0.94
    assert np.mean(winner) >= 0.8
    assert ours < 0.6 * raw


def test_odd_groups_are_refused() -> None:
    for y, s in (
        ([], []), ([1.0, 2], [1.0, 1]), ([1.0, 2, 3], [1.0, 0, 1]), ([1.0, math.nan, 3], [1.0, 1, 1]),
        ([1.0, 2, 3], [1.0, 1]), ([1.0, 2, 1e200], [1.0, 1, 1]), ([1.0, 2, 3], [1.0, -1, 1]),
    ):  # fmt: skip
        for call in (shrinkage.pool, shrinkage.shrink, shrinkage.ranks):
            with pytest.raises(CannotTell, match=r"\.$"):
                call(y, s)
    with pytest.raises(CannotTell):
        shrinkage.picks(*SCHOOLS, 9)
    alike = shrinkage.shrink([2.0, 2.0, 2.0], [1.0, 1.0, 1.0])
    assert alike.points == pytest.approx([2.0, 2.0, 2.0])
    outlier = shrinkage.shrink([1.0, 2, 3, 1e9], [1.0, 1, 1, 1])
    assert np.isfinite(outlier.lower).all()
