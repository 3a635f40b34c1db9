"""Decides that every randomised method finds what was planted, alarms as often as it says, and refuses in sentences."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analytics.assumptions import Assumptions
from analytics.effects import adjusted, geo, means, panels, resampling
from analytics.incrementality.estimate import FAMILIES, Estimate, Method
from analytics.incrementality.methods import clusters, cuped, holdout, looking
from analytics.incrementality.methods.spend_ratio import ratio_to_spend
from analytics.incrementality.slice import Slice
from tests.analytics.incrementality import worlds

HOUSE = Assumptions()
OF_CELLS = holdout.METHODS
OF_CLUSTERS = (*cuped.METHODS, *clusters.METHODS)
OF_CUSTOMERS = (holdout.HOLDOUT, cuped.CUPED)
ALL = (*OF_CELLS, *OF_CLUSTERS, *looking.METHODS)


def ids(methods: tuple[Method, ...]) -> dict[str, Method]:
    return {method.id: method for method in methods}


@pytest.mark.parametrize("method", ALL, ids=lambda method: method.id)
def test_every_method_states_what_it_is(method: Method) -> None:
    assert method.rests_on_design
    assert method.family in FAMILIES
    assert method.role in ("headline", "directional")
    assert method.flaw.endswith(".")
    assert all((method.formula, method.needs, method.assumptions, method.source, method.label))
    assert (method.work.__doc__ or "").strip()


WORLDS: dict[str, tuple[Callable[[int, float], Slice], tuple[Method, ...], int, float]] = {
    "campaigns": (lambda seed, truth: worlds.campaigns(seed, truth, spend_sigma=0.3), OF_CELLS, 60, 0.15),
    "places": (lambda seed, truth: worlds.clusters(seed, truth), OF_CLUSTERS, 60, 0.25),
    "customers": (lambda seed, truth: worlds.customers(seed, truth, 4000, 2000), OF_CUSTOMERS, 120, 0.5),
}


@pytest.mark.parametrize("name", WORLDS)
def test_what_was_planted_is_found(name: str) -> None:
    """Mean within three standard errors (stated per world), 90 % intervals that hold the truth in 78 to 99 %: three
    Monte Carlo errors of 60 worlds (3.9 points each)."""
    make, methods, count, apart = WORLDS[name]
    drawn = [make(seed, 2.0) for seed in range(count)]
    for method in methods:
        found = [method(slice_, HOUSE) for slice_ in drawn]
        assert not any(one.is_refused for one in found), method.id
        assert np.mean([one.estimate for one in found]) == pytest.approx(2.0, abs=apart), method.id
        assert 0.78 < np.mean([one.lower <= 2.0 <= one.upper for one in found]) < 0.99, method.id


def rejected(ends: list[tuple[float, float]]) -> float:
    return float(np.mean([lower > 0 or upper < 0 for lower, upper in ends]))


RUNS, LEVEL = 2000, 0.95


def sides(seed: int, treated: int = 30, control: int = 30, sigma: float = 0.3) -> tuple[np.ndarray, np.ndarray]:
    """A/A campaigns: revenue and spend, run × unit."""
    rng = np.random.default_rng(seed)
    revenue = 4000 * np.exp(rng.normal(0, 0.3, (RUNS, treated + control)))
    return revenue, 1000 * np.exp(rng.normal(0, sigma, (RUNS, treated)))


def ends_of(effect: object) -> tuple[float, float]:
    return effect.lower, effect.upper  # type: ignore[attr-defined]


def test_without_an_effect_comparisons_of_units_alarm_as_often_as_they_say() -> None:
    """2,000 runs at 5 %: 4 to 6 % (two Monte Carlo errors of half a point)."""
    revenue, spend = sides(1)
    arms = [(row[:30], row[30:], paid) for row, paid in zip(revenue, spend, strict=True)]
    found = {
        "welch": [ends_of(means.incremental_roas(t, c, paid.sum(), LEVEL)) for t, c, paid in arms],
        "bootstrap": [ends_of(resampling.bootstrap_roas(t, c, paid.sum(), LEVEL, 399)) for t, c, paid in arms],
        "permutation": [ends_of(resampling.permutation_test(t, c, LEVEL, deals=399)) for t, c, _ in arms],
        "fieller": [ends_of(ratio_to_spend(t, paid, c, LEVEL)) for t, c, paid in arms],
        "cuped": [ends_of(aa_cuped(row, seed)) for seed, row in enumerate(revenue)],
    }
    assert {name: rejected(ends) for name, ends in found.items() if not 0.04 <= rejected(ends) <= 0.06} == {}


def aa_cuped(test: np.ndarray, seed: int) -> means.Contrast:
    """CUPED on a time before that explains about half."""
    before = test * np.exp(np.random.default_rng(seed).normal(0, 0.3, len(test)))
    arms = [adjusted.moments([test[side], before[side]]) for side in (slice(0, 30), slice(30, None))]
    return adjusted.adjusted(arms[0], arms[1], 0, [1], LEVEL).effect


def test_without_an_effect_clusters_alarm_as_often_as_they_say() -> None:
    """2,000 runs at 5 %: 4 to 6 % (two Monte Carlo errors of half a point); HC3 errs on the wide side, 3.2 % or more
    (it covers 92.8 % of a promised 90 % in statistics.md 5.3)."""
    rng = np.random.default_rng(5)
    pre = 20_000 * rng.lognormal(0, 0.8, (RUNS, 50))
    test = pre / 2 * rng.lognormal(0, 0.1, (RUNS, 50))
    treated = np.arange(50) < 25
    spend = 0.05 * pre * treated * rng.lognormal(0, 0.1, (RUNS, 50))
    runs = list(zip(pre, test, spend, strict=True))
    found = {
        "regression": [ends_of(geo.geo_regression(x, y, paid, treated, LEVEL)) for x, y, paid in runs],
        "growth": [ends_of(panels.growth_difference(x, y, treated, paid, LEVEL)) for x, y, paid in runs],
        "randomisation": [ends_of(geo.geo_randomisation(x, y, paid, treated, LEVEL, deals=399)) for x, y, paid in runs],
    }
    least = {"regression": 0.032, "growth": 0.04, "randomisation": 0.04}
    shares = {name: rejected(ends) for name, ends in found.items()}
    assert {name: share for name, share in shares.items() if not least[name] <= share <= 0.06} == {}


def test_the_methods_say_what_the_arithmetic_says() -> None:
    """What the 2,000 runs are made with is what the methods print."""
    slice_ = worlds.clusters(3, 1.0)
    table = clusters.table_of(slice_)
    given = table.pre, table.test, table.spend, table.treated
    peers = {
        "iroas.geo_regression": geo.geo_regression(*given),
        "iroas.randomisation": geo.geo_randomisation(*given),
        "iroas.growth_difference": panels.growth_difference(given[0], given[1], given[3], given[2]),
    }
    for name, peer in peers.items():
        found = ids(clusters.METHODS)[name](slice_, HOUSE)
        assert (found.estimate, found.lower, found.upper) == (peer.point, peer.lower, peer.upper)
        assert (found.n_treated, found.n_control) == (30, 20)


# Bad input ------------------------------------------------------------------------------------------------------------


def bad_cells(**columns: object) -> Slice:
    slice_ = worlds.campaigns(1, 1.0)
    return replace(slice_, cells=slice_.cells.assign(**columns))


def bad_clusters(change: Callable[[pd.DataFrame], pd.DataFrame], **more: object) -> Slice:
    slice_ = worlds.clusters(1, 1.0)
    return replace(slice_, clusters=change(slice_.clusters), **more)  # type: ignore[arg-type]


def weeks(change: Callable[[np.ndarray], None], **more: object) -> Slice:
    """A world of places after its unit × week revenue was changed."""
    revenue, spend = worlds.weekly(np.random.default_rng(1), 30, 20, 1.0)
    change(revenue)
    return worlds.of_weeks(revenue, spend, 30, "geo", worlds.experiment("geo"), **more)


def emptied(revenue: np.ndarray) -> None:
    revenue[:, 14] = 0.0


def emptied_twice(revenue: np.ndarray) -> None:
    revenue[:, [5, 14]] = 0.0


def a_giant(revenue: np.ndarray) -> None:
    revenue[3, 14] = 1e12


def returned(revenue: np.ndarray) -> None:
    revenue[35, 12:] = -1e4


def alike(revenue: np.ndarray) -> None:
    revenue[:] = 4000.0


def unpaid() -> Slice:
    revenue, spend = worlds.weekly(np.random.default_rng(1), 30, 20, 1.0)
    return replace(worlds.of_weeks(revenue, 0 * spend, 30, "geo", worlds.experiment("geo")), spend=5.0)


def buyers(change: Callable[[np.ndarray], None], spend: float = 1e5, treated: int = 800) -> Slice:
    rng = np.random.default_rng(4)
    columns = [worlds.bought(rng, np.full(1000, 0.3)) for _ in range(2)]
    change(columns[0])
    return worlds.of_customers(columns, treated, spend, worlds.experiment("customer"))


def one_arm(arm: str) -> Slice:
    slice_ = worlds.clusters(1, 1.0)
    cells = slice_.cells[slice_.cells["arm"].eq(arm)]
    return replace(slice_, cells=cells, clusters=slice_.clusters[slice_.clusters["arm"].eq(arm)])


def giant_customer(revenue: np.ndarray) -> None:
    revenue[5] = 1e9


def no_customer(arm: str) -> Slice:
    slice_ = worlds.customers(1, 1.0, 100, 100)
    assert slice_.customers
    empty = adjusted.Moments(0, np.zeros(2), np.zeros((2, 2)))
    return replace(slice_, customers=replace(slice_.customers, **{arm: empty}))


def nothing(revenue: np.ndarray) -> None:
    revenue[:] = 0.0


def all_returned(revenue: np.ndarray) -> None:
    revenue[:] = -5.0


def unknown_customers() -> Slice:
    slice_ = worlds.customers(1, 1.0, 100, 100)
    assert slice_.customers
    odd = adjusted.Moments(100, np.full(2, math.nan), np.full((2, 2), math.nan))
    return replace(slice_, customers=replace(slice_.customers, control=odd))


REFUSED: dict[str, Slice] = {
    "no test arm": one_arm("control"),
    "no control arm": one_arm("treated"),
    "one cluster": bad_clusters(lambda frame: frame.iloc[[0]], cells=worlds.clusters(1).cells.iloc[[0]]),
    "one cluster an arm": bad_clusters(lambda frame: frame.iloc[[0, 40]], cells=worlds.clusters(1).cells.iloc[[0, 40]]),
    "zero spend": unpaid(),
    "constant revenue": weeks(alike),
    "a missing week": weeks(emptied),
    "missing weeks": weeks(emptied_twice),
    "a giant outlier": weeks(a_giant),
    "negative revenue": weeks(returned),
    "customers, no control": no_customer("control"),
    "customers, no test arm": no_customer("treated"),
    "customers, zero spend": buyers(lambda _: None, spend=0.0),
    "customers, a giant": buyers(giant_customer),
    "customers who bought nothing": buyers(nothing),
    "customers, all returned": buyers(all_returned),
    "customers, unknown": unknown_customers(),
    "nobody has arms": Slice(spend=5.0, revenue=10.0, revenue_all=10.0),
}


def is_a_sentence(estimate: Estimate) -> None:
    words = " ".join([estimate.reason, *(check.says for check in estimate.checks)]).lower()
    assert not {"nan", "inf", "none", "nan×", "inf×", "nan,", "nan."} & set(words.split()), words
    assert all(check.says.endswith(".") for check in estimate.checks)
    if estimate.reason:
        assert estimate.reason.endswith(".")
        assert not estimate.reason[0].islower()


@pytest.mark.parametrize("name", REFUSED)
def test_bad_input_is_refused_in_a_sentence_by_every_method(name: str) -> None:
    for method in ALL:
        found = method(REFUSED[name], HOUSE)
        assert found.is_refused, (method.id, found.estimate)
        is_a_sentence(found)


NARROW: dict[str, Slice] = {
    "campaigns": worlds.campaigns(1, 1.0),
    "few": worlds.campaigns(1, 1.0, 3, 3),
    "undeclared": worlds.campaigns(1, 1.0, declared=worlds.experiment(is_random=None)),
    "negative": bad_cells(revenue_all=np.r_[-1.0, np.arange(59.0)]),
    "unknown": bad_cells(revenue_all=np.r_[math.nan, np.arange(59.0)]),
    "unpaid": bad_cells(spend=0.0),
    "control paid": bad_cells(spend=1000.0),
    "spend unknown on one": bad_cells(spend=np.r_[math.nan, np.full(39, 1000.0), np.zeros(20)]),
    "places": worlds.clusters(1, 1.0),
    "places, running": worlds.clusters(1, 1.0, weeks_known=2),
    "places, few controls": worlds.clusters(1, 1.0, 30, 5),
    "places, uneven spend": worlds.clusters(1, 1.0, spend_sigma=0.5),
    "places, no revenue before": bad_clusters(lambda frame: frame.assign(pre=0.0)),
    "places, some new": bad_clusters(lambda frame: frame.assign(pre=np.r_[np.zeros(6), frame["pre"][6:]])),
    "places, twice": bad_clusters(lambda frame: frame.assign(unit="same")),
    "places, unknown": bad_clusters(lambda frame: frame.assign(test=np.r_[math.nan, frame["test"][1:]])),
    "customers": worlds.customers(1, 1.0),
    "customers, nothing before": worlds.customers(1, 1.0, with_before=False),
    "customers, mixed": worlds.of_customers([np.arange(100.0), np.arange(100.0)], 50, 500.0, None, 40),
    "customers, four": worlds.of_customers([np.arange(4.0), np.arange(4.0)], 2, 5.0, worlds.experiment("customer")),
    "a flag on order rows": bad_cells(unit=["one"] * 30 + ["two"] * 30),
}  # fmt: skip


@pytest.mark.parametrize("name", NARROW)
@pytest.mark.parametrize("level", [0.5, 0.9, 0.99])
def test_whatever_comes_a_number_has_an_interval_and_a_refusal_a_sentence(name: str, level: float) -> None:
    for method in ALL:
        found = method(NARROW[name], Assumptions(confidence=level))
        is_a_sentence(found)
        if not found.is_refused:
            assert found.lower < found.estimate < found.upper or found.lower < found.upper
            assert found.n_treated > 0
            assert found.n_control > 0
            assert math.isfinite(found.mde)


def test_a_flag_on_order_rows_is_told_what_would_make_it_a_design() -> None:
    for method in OF_CELLS:
        reason = method(NARROW["a flag on order rows"], HOUSE).reason
        assert "not a design" in reason
        assert "one arm" in reason
        assert "declare how it was drawn" in reason
