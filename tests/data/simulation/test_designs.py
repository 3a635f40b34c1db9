"""Decides what must hold of the five designs: a seed repeats them, and what they plant is what comes out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest

from data.simulation.designs import campaigns, customers, demand, geos, paths, series

DESIGNS: dict[str, Callable[[np.random.Generator], Any]] = {
    "customers": lambda rng: customers.customers(rng, customers.HEAVY),
    "geos": geos.geos,
    "series": series.series,
    "campaigns": campaigns.campaigns,
    "paths": lambda rng: paths.paths(rng, replace(paths.BASE, customers=5_000)),
}
designs = pytest.mark.parametrize("make", DESIGNS.values(), ids=DESIGNS)


def seeded(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def same(one: Any, two: Any) -> bool:
    pairs = [(getattr(one, field.name), getattr(two, field.name)) for field in fields(one)]
    return all(np.array_equal(a, b) if isinstance(a, np.ndarray) else a == b for a, b in pairs)


@designs
def test_the_same_seed_is_the_same_world(make: Callable[[np.random.Generator], Any]) -> None:
    assert same(make(seeded(4)), make(seeded(4)))
    assert not same(make(seeded(4)), make(seeded(5)))


@designs
def test_every_number_is_finite(make: Callable[[np.random.Generator], Any]) -> None:
    world = make(seeded())
    for field in fields(world):
        values = getattr(world, field.name)
        if isinstance(values, np.ndarray) and values.dtype.kind == "f":
            assert np.isfinite(values).all(), field.name


def test_customers_add_up_to_their_orders() -> None:
    world = customers.customers(seeded())
    n = len(world.is_treated)
    assert world.is_treated.sum() == 40_000
    np.testing.assert_allclose(np.bincount(world.order_customer, world.order_value, n), world.revenue)
    assert np.array_equal(np.bincount(world.order_customer, minlength=n), world.orders)
    assert world.is_treated[world.order_customer[world.is_caused]].all(), "only the treated are caused to buy"


@pytest.mark.parametrize(
    "setting", [customers.BASE, customers.REPEAT, customers.HEAVY], ids=["base", "repeat", "heavy"]
)
def test_customers_are_caused_to_order_as_planted(setting: customers.Setting) -> None:
    """Orders, not revenue: their scatter is that of counts, however heavy the values' tail."""
    worlds = [customers.customers(seeded(seed), setting) for seed in range(30)]
    caused = sum(int(world.is_caused.sum()) for world in worlds)
    planted = sum(world.true_iroas * world.spend / setting.order_value for world in worlds)
    assert abs(caused - planted) < 4 * np.sqrt(planted)


def test_leakage_and_capture_are_as_planted() -> None:
    worlds = [customers.customers(seeded(seed)) for seed in range(10)]
    arm = np.concatenate([world.is_treated[world.order_customer] for world in worlds])
    caused, code = (np.concatenate([getattr(world, name) for world in worlds]) for name in ("is_caused", "has_code"))
    for rows, share in ((arm & ~caused, 0.12), (~arm, 0.03), (caused, 0.55)):
        assert abs(code[rows].mean() - share) < 4 * np.sqrt(share * (1 - share) / rows.sum())


def test_geos_spend_only_where_and_when_they_are_treated() -> None:
    world = geos.geos(seeded())
    assert world.revenue.shape == (50, 112 + 42 + 14)
    assert world.is_treated.sum() == 40
    assert (world.spend[~world.is_treated] == 0).all()
    assert (world.spend[:, world.period != geos.TEST] == 0).all()
    assert (world.revenue > 0).all()


def test_what_falls_after_the_window_is_not_counted_as_bias() -> None:
    """2.4 % of the effect lies after the cool-down, 16 % after the test."""
    for setting, kept in ((geos.BASE, 0.976), (geos.WITHOUT_COOLDOWN, 0.84)):
        truths = [geos.geos(seeded(seed), setting).true_iroas for seed in range(40)]
        assert np.mean(truths) == pytest.approx(2 * kept, rel=0.02)
    world = geos.geos(seeded())
    assert world.true_iroas == pytest.approx(world.caused.sum() / world.spend.sum())


def test_a_world_without_effect_has_the_organic_revenue_of_the_one_with() -> None:
    with_effect, without = (geos.geos(seeded(3), replace(geos.BASE, true_iroas=iroas)) for iroas in (2.0, 0.0))
    np.testing.assert_allclose(with_effect.revenue - with_effect.caused, without.revenue)
    assert without.true_iroas == 0


def test_an_effect_carries_over_without_loss_and_halves_in_five_days() -> None:
    left = demand.carried(np.eye(1, 200)[0])
    assert left.sum() == pytest.approx(1)
    assert left[5] / left[0] == pytest.approx(0.5, abs=0.01)


def test_demand_wanders_as_far_as_its_step_and_persistence_say() -> None:
    waves = demand.wander(seeded(), (4_000, 30), 0.9, 0.05)
    np.testing.assert_allclose(waves.std(axis=0), 0.05 / np.sqrt(1 - 0.81), rtol=0.05)
    np.testing.assert_allclose(np.sum(waves[:, 1:] * waves[:, :-1]) / np.sum(waves[:, :-1] ** 2), 0.9, atol=0.01)


def test_a_series_tells_its_truth_and_kappa_lifts_demand_not_the_effect() -> None:
    calm, follows = (series.series(seeded(1), replace(series.LAUNCH, kappa=kappa)) for kappa in (0.0, 1.0))
    assert calm.true_iroas == pytest.approx(1.76, abs=0.03)
    assert series.series(seeded(1), series.ALWAYS_ON).true_iroas == pytest.approx(1.93, abs=0.03)
    rise = (follows.revenue - follows.caused) / (calm.revenue - calm.caused)
    np.testing.assert_allclose(rise, np.where(np.arange(182) < 126, 1.0, 1.1))
    assert (calm.spend[:126] == 0).all()


def test_campaigns_without_effect_are_credited_all_the_same() -> None:
    world = campaigns.campaigns(seeded(), replace(campaigns.BASE, true_mean=0.0))
    assert (world.true_iroas == 0).all()
    assert (world.revenue > 0).all()


def test_paths_count_every_customer_once() -> None:
    world = paths.paths(seeded(), replace(paths.BASE, customers=40_000, lift=0.02))
    assert world.bought.sum() == world.buyers
    assert world.bought.sum() + world.not_bought.sum() == 40_000
    assert len(set(world.paths)) == len(world.paths)


def test_paths_hold_the_touches_of_their_buyers_in_order() -> None:
    world = paths.paths(seeded(), replace(paths.BASE, customers=40_000, lift=0.02))
    assert sum(len(path) * n for path, n in zip(world.paths, world.bought, strict=True)) == len(world.touch)
    later = np.diff(world.days_before) <= 0
    assert later[np.diff(world.touch_buyer) == 0].all()
    assert (world.days_before[world.touch == paths.COUPON] == 0).all()
    assert not any(paths.COUPON in path[:-1] for path in world.paths)
    counted = dict(zip(world.paths, world.bought, strict=True))
    by_hand: dict[tuple[int, ...], int] = {}
    for rows in np.split(world.touch, np.flatnonzero(np.diff(world.touch_buyer)) + 1):
        by_hand[tuple(rows.tolist())] = by_hand.get(tuple(rows.tolist()), 0) + 1
    assert by_hand == {path: n for path, n in counted.items() if path and n}


def test_without_lift_nothing_is_caused() -> None:
    assert paths.paths(seeded()).caused == 0
