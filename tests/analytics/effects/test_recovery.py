"""Decides what headline-eligible methods must do in worlds whose truth is known: find it, and find nothing in nothing.

Bounds are the promised ones, widened by three Monte Carlo errors of as many worlds: an honest method fails one such
comparison in 370. `python -m bench --recovery --worlds 1500` draws the same tables with narrower errors.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from scipy import stats

from analytics.effects import adjusted, means
from bench.recovery import customer_ours, geo_ours
from bench.recovery.score import LEVEL, Runs, play
from data.simulation.designs import customers, geos

WORLDS, FEWER = 200, 120
ERRORS = 3  # Monte Carlo errors by which every bound is widened
MOST_BIAS = 0.05  # of the truth
COVERAGE = (87.0, 93.0)  # of intervals at 90 %
LEVEL_OF_TEST, REJECTED = 0.05, (0.04, 0.06)
PLACEBOS, DEALS = 200, 10  # worlds without effect × random arms drawn in each: 2,000 A/A runs
KS = 1.63  # ÷ √n: Kolmogorov's distance exceeded by chance once in a hundred


@pytest.fixture(scope="module")
def runs() -> dict[str, Runs]:
    """Every headline-eligible method in its worlds."""
    users = {name: customer_ours.METHODS[name] for name in ("Welch", "CUPED")}
    return {
        **play(customers.customers, users, range(WORLDS)),
        **play(geos.geos, {"GBR, HC3": geo_ours.regression}, range(WORLDS)),
        **play(geos.geos, {"randomisation inference": geo_ours.randomisation}, range(FEWER)),
    }


methods = pytest.mark.parametrize("name", ["Welch", "CUPED", "GBR, HC3", "randomisation inference"])


@methods
def test_the_truth_is_found_without_bias(runs: dict[str, Runs], name: str) -> None:
    bias = runs[name].figures()["bias"]
    most = MOST_BIAS * float(runs[name].truth.mean()) + ERRORS * bias.error
    assert abs(bias.value) < most, f"bias {bias.value:+.3f} ± {bias.error:.3f}"


@methods
def test_ninety_percent_intervals_hold_the_truth_as_often_as_they_say(runs: dict[str, Runs], name: str) -> None:
    """Between 87 − 3e and 93 + 3e percent, e = √(90 × 10 ÷ worlds): 2.1 points for 200 worlds, 2.7 for 120."""
    coverage = runs[name].figures()["coverage"]
    error = 100 * np.sqrt(LEVEL * (1 - LEVEL) / coverage.worlds)
    assert coverage.worlds == len(runs[name].truth), "no world is refused"
    assert COVERAGE[0] - ERRORS * error <= coverage.value <= COVERAGE[1] + ERRORS * error


def test_a_covariate_narrows_the_interval_when_customers_come_back() -> None:
    ours = {name: customer_ours.METHODS[name] for name in ("Welch", "CUPED")}
    said = play(partial(customers.customers, setting=customers.REPEAT), ours, range(30))
    assert said["CUPED"].figures()["half"].value < said["Welch"].figures()["half"].value


def test_time_based_regression_is_turned_away_where_it_would_mislead() -> None:
    """Demand that wanders: as published it covers a third of what it promises; its four checks must not pass."""
    passed = [geo_ours.tbr_passes(geos.geos(np.random.default_rng(seed))) for seed in range(60)]
    assert np.mean(passed) <= 0.1


def test_time_based_regression_may_speak_where_demand_is_tame() -> None:
    said = play(partial(geos.geos, setting=geos.TAME), {"TBR": geo_ours.tbr}, range(FEWER))["TBR"].figures()
    assert abs(said["bias"].value) < MOST_BIAS * 1.95
    # published: 87 %; the checks, not the interval, are what keeps it honest
    assert said["coverage"].value > 87 - ERRORS * 100 * np.sqrt(0.87 * 0.13 / FEWER)


@pytest.fixture(scope="module")
def placebos() -> dict[str, np.ndarray]:
    """p of no effect in 2,000 A/A runs: arms drawn at random over customers whom nobody reached."""
    found: dict[str, list[float]] = {"Welch": [], "CUPED": []}
    for seed in range(PLACEBOS):
        rng = np.random.default_rng([seed, 1])
        world = customers.customers(rng, replace(customers.BASE, true_iroas=0.0))
        for _ in range(DEALS):
            treated = rng.permutation(world.is_treated)
            arms = world.revenue[treated], world.revenue[~treated]
            found["Welch"].append(means.incremental_roas(*arms, world.spend).p)
            found["CUPED"].append(adjusted.cuped(world.revenue, treated, [world.pre_revenue]).effect.p)
    return {name: np.array(values) for name, values in found.items()}


@pytest.mark.parametrize("name", ["Welch", "CUPED"])
def test_nothing_is_found_in_nothing_more_often_than_promised(placebos: dict[str, np.ndarray], name: str) -> None:
    """4 to 6 % of 2,000, widened by three Monte Carlo errors of 0.49 points each: 2.5 to 7.5 %."""
    p = placebos[name]
    error = np.sqrt(LEVEL_OF_TEST * (1 - LEVEL_OF_TEST) / len(p))
    share = float(np.mean(p < LEVEL_OF_TEST))
    assert len(p) == PLACEBOS * DEALS == 2_000
    assert REJECTED[0] - ERRORS * error <= share <= REJECTED[1] + ERRORS * error


@pytest.mark.parametrize("name", ["Welch", "CUPED"])
def test_placebo_p_values_are_uniform(placebos: dict[str, np.ndarray], name: str) -> None:
    distance = float(stats.kstest(placebos[name], "uniform").statistic)
    assert distance < KS / np.sqrt(len(placebos[name])), f"Kolmogorov–Smirnov distance {distance:.3f}"
