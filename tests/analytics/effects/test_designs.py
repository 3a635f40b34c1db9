"""Decides that a calendar keeps its rules, can be drawn again, and that its analysis finds only what is there."""

from __future__ import annotations

import contextlib
import json
import math
from collections import Counter
from datetime import date, timedelta

import numpy as np
import pytest
from scipy import stats

from analytics.effects import designs, golive
from analytics.effects.designs import Post, Rules
from analytics.effects.refusals import CannotTell

FIRST = "2026-02-01"
POSTS = tuple(
    Post(f"influencer {step // 2}", "2026-03-02", "2026-04-12", {"platform": "ABC"[step % 3], "tier": "xy"[step % 2]})
    for step in range(24)
)
RULES = Rules(2, 6, ("2026-03-15", "2026-04-05"), 10, ("platform", "tier"))


def test_a_calendar_keeps_every_rule() -> None:
    for seed in range(8):
        dates = designs.draw(POSTS, RULES, seed).dates
        assert all(post.earliest <= day <= post.latest for post, day in zip(POSTS, dates, strict=True))
        assert not set(dates) & set(RULES.blackout)
        assert max(Counter(dates).values()) <= 2
        assert max(Counter(date.fromisoformat(day).isocalendar()[:2] for day in dates).values()) <= 6
        for one in range(0, 24, 2):
            apart = date.fromisoformat(dates[one]) - date.fromisoformat(dates[one + 1])
            assert abs(apart.days) >= 10


def test_balanced_groups_do_not_cluster() -> None:
    halves = Rules(balanced=("tier",), balance=0.5)
    calendars = designs.calendars(POSTS, halves, 200, 3)
    means = [np.mean([date.fromisoformat(day).toordinal() for day in drawn[::2]]) for drawn in calendars]
    middle = date(2026, 3, 22).toordinal() + 0.5
    assert np.abs(np.array(means) - middle).max() <= 0.5 * 42 / math.sqrt(12 * 12) + 0.01


def test_a_record_draws_the_same_calendar_again() -> None:
    made = designs.draw(POSTS, RULES, 77)
    record = json.loads(json.dumps(made.record()))
    assert designs.redraw(record) == made
    assert designs.draw(POSTS, RULES, 78).dates != made.dates
    with pytest.raises(CannotTell, match="record was changed"):
        designs.redraw(record | {"dates": ["2026-03-02"] * 24})
    for broken in ({}, {"version": 2}, {"version": 1, "seed": 1}, {"version": 1, "posts": [{}], "rules": {}}):
        with pytest.raises(CannotTell, match=r"\.$"):
            designs.redraw(broken)


def test_every_day_is_as_likely_as_the_next_without_rules() -> None:
    days = [day for drawn in designs.calendars(POSTS[:6], Rules(), 1000, 5) for day in drawn]
    counts = Counter(days)
    assert len(counts) == 42
    assert stats.chisquare(list(counts.values())).pvalue > 1e-3


def test_rules_that_leave_no_calendar_are_refused() -> None:
    short = [Post("a", "2026-03-02", "2026-03-03"), Post("b", "2026-03-02", "2026-03-03")]
    for posts, rules in (
        ([], Rules()),
        ([Post("a", "2026-03-05", "2026-03-02")], Rules()),
        ([Post("a", "tomorrow", "2026-03-02")], Rules()),
        ([Post("a", "2026-03-02", "2036-03-02")], Rules()),
        ([Post("a", "2026-03-02", "2026-03-02")], Rules(blackout=("2026-03-02",))),
        ([*short, short[0]], Rules(per_day=1)),
        ([*short, short[0]], Rules(per_week=2)),
        ([short[0], short[0]], Rules(spacing=5)),
    ):
        with pytest.raises(CannotTell, match=r"\.$"):
            designs.draw(posts, rules, 1)


DAYS = [(date.fromisoformat(FIRST) + timedelta(days=step)).isoformat() for step in range(84)]
WEEKDAYS = np.array([0.92, 0.92, 0.95, 0.98, 1.05, 1.12, 1.06])[np.arange(84) % 7]


def revenue(rng: np.random.Generator, calendar: designs.Calendar, effect: float, units: int) -> np.ndarray:
    """Daily revenue with weekdays, trend and a wandering demand; `effect` a post and day for seven days."""
    walk = np.cumsum(rng.normal(0, 0.02, (84, 1)), axis=0) + np.cumsum(rng.normal(0, 0.01, (84, units)), axis=0)
    made = (
        1000 * WEEKDAYS[:, None] * (1 + np.arange(84) / 200)[:, None] * np.exp(walk + rng.normal(0, 0.05, walk.shape))
    )
    for post, day in enumerate(calendar.dates):
        start = designs.day_number(day, FIRST)
        made[start : start + 7, post // 2 % units] += effect
    return made


def worlds(effect: float, units: int, statistic: str, count: int) -> list[golive.Effect]:
    found = []
    for world in range(count):
        rng = np.random.default_rng([world, units])
        # One series can't tell many posts apart: every calendar then covers the same days.
        posts = POSTS if units > 1 else POSTS[:12:2]
        calendar = designs.draw(posts, RULES, world)
        table = revenue(rng, calendar, effect, units)
        columns = [post // 2 % units for post in range(len(posts))] if units > 1 else None
        given = table if units > 1 else table[:, 0]
        with contextlib.suppress(CannotTell):
            found.append(golive.analyse(given, FIRST, calendar, None, columns, 0.9, statistic, 199))
    # Whether it refuses hangs on the calendar alone, never on the revenue.
    assert len(found) > 0.7 * count
    return found


@pytest.mark.parametrize(("units", "statistic"), [(1, "did"), (12, "did"), (12, "score")])
def test_without_an_effect_p_values_are_uniform(units: int, statistic: str) -> None:
    """80 worlds: KS above 1 % and at most 20 % below .1 (three Monte Carlo errors of 3.4 points)."""
    p = [found.extras["p"] for found in worlds(0.0, units, statistic, 80)]
    assert stats.kstest(p, "uniform").pvalue > 0.01
    assert np.mean(np.array(p) <= 0.1) <= 0.2


@pytest.mark.parametrize(("units", "effect"), [(1, 150.0), (12, 60.0)])
def test_an_effect_is_found_where_it_is(units: int, effect: float) -> None:
    """80 worlds: 90 ± 10 % hold the truth (three Monte Carlo errors); the mean is within three of its own."""
    found = worlds(effect, units, "did", 80)
    assert 0.8 <= np.mean([one.lower <= effect <= one.upper for one in found]) <= 1
    points = np.array([one.point for one in found])
    assert abs(points.mean() - effect) < 3 * points.std() / math.sqrt(len(points))


def test_a_score_is_a_share_of_what_was_expected() -> None:
    """A tenth more on days after go-live, in units of very different size."""
    rng, calendar = np.random.default_rng(9), designs.draw(POSTS, RULES, 4)
    sizes = np.geomspace(100, 100_000, 12)
    table = sizes * WEEKDAYS[:, None] * np.exp(rng.normal(0, 0.03, (84, 12)))
    for post, day in enumerate(calendar.dates):
        start = designs.day_number(day, FIRST)
        table[start : start + 7, post // 2] *= 1.1
    columns = [post // 2 for post in range(24)]
    found = golive.analyse(table, FIRST, calendar, None, columns, 0.9, "score", 499)
    assert found.point == pytest.approx(0.1, abs=0.02)
    cents = golive.analyse(table * 100, FIRST, calendar, None, columns, 0.9, "score", 499)
    assert cents.lower == pytest.approx(found.lower)


def test_a_go_live_result_becomes_roas() -> None:
    found = worlds(60.0, 12, "did", 1)[0]
    roas = golive.incremental_roas(found, 5000.0)
    assert found.extras["post_days"] == 24 * 7
    assert roas.point == pytest.approx(found.point * 168 / 5000)
    assert roas.lower <= roas.point <= roas.upper
    with pytest.raises(CannotTell):
        golive.incremental_roas(found, 0.0)


def test_odd_go_live_data_are_refused() -> None:
    calendar = designs.draw(POSTS, RULES, 1)
    series = revenue(np.random.default_rng(1), calendar, 0.0, 2)
    few = designs.draw(POSTS[:3], Rules(), 1)
    for table, first, drawn, extra in (
        (np.ones(84), FIRST, calendar, {}),
        (series[:, 0] * math.nan, FIRST, calendar, {}),
        (series, FIRST, calendar, {}),
        (series, FIRST, calendar, {"units": [5] * 24}),
        (series[:50, 0], FIRST, calendar, {}),
        (series[:, 0], "2026-03-01", calendar, {}),
        (series[:, 0], FIRST, few, {}),
        (series[:, 0], FIRST, calendar, {"statistic": "mood"}),
        (series[:, 0], FIRST, calendar, {"window": golive.Window(0, 7)}),
        (series[:, 0] * 1e200, FIRST, calendar, {}),
        (series - 5000, FIRST, calendar, {"units": [0] * 24, "statistic": "score"}),
        ([], FIRST, calendar, {}),
    ):
        with pytest.raises(CannotTell, match=r"\.$"):
            golive.analyse(table, first, drawn, **extra, draws=99)
