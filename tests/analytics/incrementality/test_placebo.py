"""Decides what drawn designs must say where nobody caused anything: nothing, nineteen times in twenty.

2,000 A/A runs a method: arms (or dates) drawn at random over revenue that knows nothing of them. At a 5 % level 4 to
6 % may reject, widened by three Monte Carlo errors of 0.49 points each: 2.5 to 7.5 %. p is that of the arithmetic which
the court's methods rest on; in one run of ten the court itself is heard, and must reject (its 95 % interval leaves 0
outside) where and only where p is below 5 %.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache, partial

import numpy as np
import pytest
from scipy import stats

from analytics.assumptions import Assumptions
from analytics.effects import adjusted, geo, golive, means
from analytics.effects.adjusted import Moments, moments_of_sums
from analytics.effects.means import Sample
from analytics.incrementality.court import METHODS
from analytics.incrementality.slice import CONTROL, TREATED, Customers, Slice
from bench.recovery import slices
from bench.recovery.scenarios import CUPED, DEALT, GBR, GO_LIVE, HOLDOUT
from data.simulation.designs import customers, geos, golives

RUNS, WORLDS = 2_000, 100
DEALS = RUNS // WORLDS  # of the arms in each world
HEARD = 10  # the court is heard in one run of so many
LEVEL, REJECTED = 0.05, (0.04, 0.06)
ERRORS = 3  # Monte Carlo errors by which the bounds are widened
KS = 1.63  # ÷ √n: Kolmogorov's distance exceeded by chance once in a hundred
ASKED = Assumptions(confidence=1 - LEVEL)
USERS = customers.Setting(customers=20_000, treated_share=0.5, true_iroas=0.0)
PLACES = replace(geos.HALVES, true_iroas=0.0)
POSTS = golives.Setting(influencers=8, before=14, open=28, after=14)
EVERY = (HOLDOUT, CUPED, GBR, DEALT, GO_LIVE)
methods = pytest.mark.parametrize("method", EVERY)

Run = tuple[Callable[[], Slice], dict[str, float]]  # what the court would be given, and p of each method


def _sums(values: np.ndarray) -> Moments:
    return moments_of_sums(len(values), values.sum(axis=0), values.T @ values)


def _arm(found: Moments) -> Sample:
    return Sample(found.n, float(found.means[0]), float(found.covariances[0, 0]) ** 0.5)


def _customers() -> Iterator[Run]:
    """A/A tests among customers, known by their sums."""
    for seed in range(WORLDS):
        rng = np.random.default_rng([seed, 1])
        world = customers.customers(rng, USERS)
        base, both = slices.of_customers(world), np.column_stack([world.revenue, world.pre_revenue])
        assert base.customers is not None
        for _ in range(DEALS):
            arm = rng.permutation(world.is_treated)
            one, two = _sums(both[arm]), _sums(both[~arm])
            given = Customers(one, two, base.customers.top_share, world.spend)
            p = {HOLDOUT: means.difference(_arm(one), _arm(two)).p, CUPED: adjusted.adjusted(one, two, 0, [1]).effect.p}
            yield partial(replace, base, customers=given), p


def _places() -> Iterator[Run]:
    """A/A tests among places: half of them drawn, spend as it would have been."""
    for seed in range(WORLDS):
        rng = np.random.default_rng([seed, 2])
        world = geos.geos(rng, PLACES)
        base, pre, test = slices.of_geos(world), world.total(geos.PRE), world.total(geos.TEST, geos.COOLDOWN)
        for _ in range(DEALS):
            arm = rng.permutation(world.is_treated)
            spend = np.where(arm, PLACES.spend_share * PLACES.test / PLACES.pre * pre, 0.0)
            frame = {"arm": np.where(arm, TREATED, CONTROL), "spend": spend}
            above = geo.geo_regression(pre, test, spend, arm).above(0.0)
            p = {GBR: 2 * min(above, 1 - above), DEALT: geo.geo_randomisation(pre, test, spend, arm).extras["p"]}
            yield partial(_with_clusters, base, frame), p


def _with_clusters(base: Slice, frame: dict[str, np.ndarray]) -> Slice:
    return replace(base, clusters=base.clusters.assign(**frame), spend=float(frame["spend"].sum()))


def _dates() -> Iterator[Run]:
    """Calendars drawn over the revenue of days on which nobody's post did anything."""
    units = list(range(POSTS.influencers))
    for seed in range(WORLDS):
        rng = np.random.default_rng([seed, 3])
        usual = geos.organic(rng, replace(POSTS.audience, geos=len(units))).T[: POSTS.days]
        for deal in range(DEALS):
            calendar = slices.calendar(seed * DEALS + deal, POSTS)
            world = golives.GoLives(usual, np.ones_like(usual), np.zeros_like(usual), slices.drawn(calendar), 0.0)
            p = golive.analyse(usual, golives.day(0), calendar, units=units).extras["p"]
            yield partial(slices.of_golives, world, calendar), {GO_LIVE: p}


@cache
def played(family: Callable[[], Iterator[Run]]) -> tuple[dict[str, np.ndarray], dict[str, list[tuple[bool, float]]]]:
    """p of each method in every run, and where the court was heard: whether it rejected, and p."""
    every: dict[str, list[float]] = {}
    heard: dict[str, list[tuple[bool, float]]] = {}
    for number, (made, p) in enumerate(family()):
        for method, value in p.items():
            every.setdefault(method, []).append(value)
            if number % HEARD == 0:
                said = METHODS[method](made(), ASKED)
                assert not said.is_refused, said.reason
                heard.setdefault(method, []).append((said.lower > 0 or said.upper < 0, value))
    return {method: np.array(values) for method, values in every.items()}, heard


FAMILY = {HOLDOUT: _customers, CUPED: _customers, GBR: _places, DEALT: _places, GO_LIVE: _dates}


@methods
def test_nothing_is_found_in_nothing_more_often_than_promised(method: str) -> None:
    p = played(FAMILY[method])[0][method]
    error = np.sqrt(LEVEL * (1 - LEVEL) / RUNS)
    assert len(p) == RUNS
    assert REJECTED[0] - ERRORS * error <= np.mean(p < LEVEL) <= REJECTED[1] + ERRORS * error


@methods
def test_placebo_p_values_are_uniform(method: str) -> None:
    """The go-live calendars held against are one draw of 2,000, the same in every run: a sample against a sample."""
    p = played(FAMILY[method])[0][method]
    most = KS / np.sqrt(RUNS) * (np.sqrt(2) if method == GO_LIVE else 1)
    distance = float(stats.kstest(p, "uniform").statistic)
    assert distance < most, f"Kolmogorov–Smirnov distance {distance:.3f}"


@methods
def test_the_court_rejects_where_p_is_small_and_nowhere_else(method: str) -> None:
    """But for p that lie on the edge of a permutation's grid."""
    heard = played(FAMILY[method])[1][method]
    assert len(heard) == RUNS // HEARD
    assert not [p for rejected, p in heard if rejected != (p < LEVEL) and abs(p - LEVEL) > 0.002]
