"""Decides how our own customer methods are called in a world of customers, so that they are judged as shipped."""

from __future__ import annotations

from functools import partial

from analytics.effects import adjusted, means, tails
from analytics.effects.effect import Effect
from bench.recovery.score import LEVEL, Interval, Method
from data.simulation.designs.customers import Customers


def _said(effect: Effect, scale: float = 1.0) -> Interval:
    return effect.point * scale, effect.lower * scale, effect.upper * scale


def difference(world: Customers, pooled: bool = False) -> Interval:
    """analytics.effects.means.incremental_roas."""
    treated, control = world.revenue[world.is_treated], world.revenue[~world.is_treated]
    return _said(means.incremental_roas(treated, control, world.spend, LEVEL, pooled))


def cuped(world: Customers) -> Interval:
    """analytics.effects.adjusted.cuped on pre-period revenue, scaled to the treated."""
    found = adjusted.cuped(world.revenue, world.is_treated, [world.pre_revenue], LEVEL).effect
    return _said(found, int(world.is_treated.sum()) / world.spend)


def winsorised(world: Customers) -> Interval:
    """analytics.effects.tails.winsorised, scaled to the treated."""
    found = tails.winsorised(world.revenue[world.is_treated], world.revenue[~world.is_treated], LEVEL).effect
    return _said(found, int(world.is_treated.sum()) / world.spend)


METHODS: dict[str, Method] = {
    "Welch": difference,
    "pooled t": partial(difference, pooled=True),
    "CUPED": cuped,
    "winsorised p99 of buyers": winsorised,
}
