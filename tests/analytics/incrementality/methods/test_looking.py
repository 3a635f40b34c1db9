"""Decides that a test may be looked at every day without more false alarms than promised (the peeking guard)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from analytics.assumptions import Assumptions
from analytics.effects.sequential import bounds
from analytics.incrementality.methods import clusters, cuped, holdout
from analytics.incrementality.methods.looking import ALWAYS_VALID, PLANNED, always_reach, look, reach
from analytics.incrementality.slice import Slice
from tests.analytics.incrementality import worlds

HOUSE = Assumptions()
DAYS, UNITS, RUNS = 42, 40, 1000
NO_PANEL = Slice(1.0, 1.0, 1.0).panel


def daily_z(seed: int, apart: float) -> np.ndarray:
    """|Welch's t| of a test without an effect at each day's look, run × day; apart: lasting scatter between units."""
    rng = np.random.default_rng(seed)
    lasting = apart * rng.standard_normal((RUNS, 2, UNITS, 1))
    summed = np.cumsum(lasting + rng.standard_normal((RUNS, 2, UNITS, DAYS)), axis=3)
    mean, spread = summed.mean(axis=2), summed.var(axis=2, ddof=1) / UNITS
    return np.asarray(np.abs(mean[:, 0] - mean[:, 1]) / np.sqrt(spread.sum(axis=1)))


@pytest.mark.parametrize("apart", [0.0, 0.3])
def test_daily_looks_keep_the_error_that_was_promised(apart: float) -> None:
    """1,000 tests, 42 looks, 5 % promised (two Monte Carlo errors: 1.4 points); one look's interval, read daily, errs
    in more than a fifth where units differ by the day."""
    z = daily_z(8, apart)
    df = 2 * UNITS - 2
    valid = [reach(always_reach((day + 1) / DAYS, 0.95), df) for day in range(DAYS)]
    assert (z > np.array(valid)).any(axis=1).mean() <= 0.05
    once = reach(1.959964, df)
    assert (z[:, -1] > once).mean() == pytest.approx(0.05, abs=0.014)
    assert (z > once).any(axis=1).mean() > (0.2 if apart == 0 else 0.1)


def test_planned_looks_keep_it_too_and_use_it_up() -> None:
    """Six weekly looks, 1,000 tests, 5 %: within two Monte Carlo errors."""
    z = daily_z(9, 0.0)[:, 6::7]
    wide = [reach(float(bound), 2 * UNITS - 2) for bound in bounds(6, 0.05, "obrien-fleming")]
    assert (z > np.array(wide)).any(axis=1).mean() == pytest.approx(0.05, abs=0.014)


def test_clusters_looked_at_weekly_alarm_no_more_often_than_promised() -> None:
    """30 worlds of places without an effect, six looks each through the method itself, 10 % promised: at most 20 % (two
    Monte Carlo errors: 11 points)."""
    alarms = 0
    for seed in range(30):
        revenue, spend = worlds.weekly(np.random.default_rng(seed), 20, 20, 0.0)
        looks = [
            worlds.of_weeks(
                revenue[:, : 12 + week], spend[:, : 12 + week], 20, "geo", worlds.experiment("geo"), panel=NO_PANEL
            )
            for week in range(1, 7)
        ]
        found = [ALWAYS_VALID(slice_, HOUSE) for slice_ in looks]
        alarms += any(one.lower > 0 or one.upper < 0 for one in found)
    assert alarms / 30 <= 0.2


def test_it_reads_what_the_design_says_and_is_wider() -> None:
    designs = {
        clusters.GBR: worlds.clusters(1, 2.0, weeks_known=3),
        cuped.CUPED: worlds.customers(1, 2.0, daily=worlds.days(20)),
        holdout.HOLDOUT: worlds.campaigns(1, 2.0, daily=worlds.days(20)),
    }
    for method, slice_ in designs.items():
        once, valid = method(slice_, HOUSE), ALWAYS_VALID(slice_, HOUSE)
        assert look(slice_, 0.9).method == method.id
        assert valid.estimate == once.estimate
        assert valid.lower < once.lower
        assert valid.upper > once.upper
        assert valid.mde > once.mde
        assert (valid.role, once.role) == ("headline", "directional")
    new = worlds.clusters(1, 2.0, weeks_known=3)
    assert look(replace(new, clusters=new.clusters.assign(pre=0.0)), 0.9).method == "iroas.holdout"
    nothing_before = worlds.customers(1, 2.0, with_before=False)
    assert look(nothing_before, 0.9).method == "iroas.holdout"


def test_at_the_end_it_names_the_shorter_one() -> None:
    found = ALWAYS_VALID(worlds.clusters(1, 2.0), HOUSE)
    assert any("iroas.geo_regression says it shorter" in check.says for check in found.checks)


def test_known_scatter_needs_no_more_than_the_bound() -> None:
    assert reach(2.0, float("inf")) == 2.0
    assert reach(2.0, 10) > 2.2
    assert always_reach(0.1, 0.9) > always_reach(1.0, 0.9) > 1.645


def test_without_a_declared_end_there_is_no_looking() -> None:
    slice_ = worlds.clusters(1, 2.0)
    for changed, words in (
        (replace(slice_, experiment=None), "No experiment is declared"),
        (replace(slice_, experiment=worlds.experiment("geo", start=None, end=None)), "no first and last day"),
        (
            replace(slice_, experiment=worlds.experiment("geo", start=date(2027, 1, 1), end=date(2027, 2, 1))),
            "begins on",
        ),
        (replace(slice_, series=slice_.series.drop(index=[90, 91])), "2 days are missing"),
    ):
        for method in (ALWAYS_VALID, PLANNED):
            assert words in method(changed, HOUSE).reason


def planned(weeks_known: int, looks: int) -> worlds.Slice:
    return worlds.clusters(1, 2.0, weeks_known=weeks_known, declared=worlds.experiment("geo", looks=looks))


def test_planned_looks_are_read_on_their_day() -> None:
    on_its_day = PLANNED(planned(3, 6), HOUSE)
    assert (on_its_day.role, on_its_day.status) == ("headline", "ok")
    assert any("Look 3 of 6 is due on 24 May 2026" in check.says for check in on_its_day.checks)
    between = PLANNED(planned(5, 3), HOUSE)
    assert between.status == "weak"
    assert "Look 2 of 3 was due on 31 May 2026; the next is on 14 Jun 2026" in between.reason
    early = PLANNED(planned(1, 3), HOUSE)
    assert early.reason == "The first of 3 planned looks is due on 17 May 2026: wait for that day."
    assert "No looks but the one at the end" in PLANNED(planned(3, 1), HOUSE).reason
    last = PLANNED(planned(6, 6), HOUSE)
    gbr = clusters.GBR(planned(6, 6), HOUSE)
    assert 1 < (last.upper - last.lower) / (gbr.upper - gbr.lower) < 1.2
