"""Decides in which worlds the court is heard, and which methods a world's own nature forbids to be believed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from analytics.incrementality.slice import Slice
from bench.recovery import slices
from data.simulation.designs import customers, geos, golives, series

Made = tuple[Slice, float]  # what the court is given, and the true iROAS
CURVE = (0.0, 0.5, 1.0, 2.0, 4.0)


@dataclass(frozen=True)
class Scenario:
    """A kind of world. key: design letter and name. says: what is special about it, for people.

    world: makes the slice of a seed and of a planted iROAS, with the truth in its days. passes: methods that promise to
    be right here (bias under 5 % of the truth, coverage 87–93 %). breaks: methods whose assumptions do not hold here,
    so that their own checks should say weak or refused. curve: whether their power is drawn over CURVE.
    lit: whether the trust checks beside the headline are looked at, too.
    """

    key: str
    says: str
    world: Callable[[int, float], Made]
    passes: tuple[str, ...] = ()
    breaks: tuple[str, ...] = ()
    curve: bool = False
    lit: bool = False

    @property
    def letter(self) -> str:
        """The design it belongs to."""
        return self.key[0]


def _customers(setting: customers.Setting) -> Callable[[int, float], Made]:
    def world(seed: int, true_iroas: float) -> Made:
        made = customers.customers(np.random.default_rng(seed), replace(setting, true_iroas=true_iroas))
        return slices.of_customers(made), made.true_iroas

    return world


def _geos(setting: geos.Setting, is_random: bool | None = True) -> Callable[[int, float], Made]:
    def world(seed: int, true_iroas: float) -> Made:
        made = geos.geos(np.random.default_rng(seed), replace(setting, true_iroas=true_iroas))
        return slices.of_geos(made, is_random), made.true_iroas

    return world


def _series(setting: series.Setting, kappa: float) -> Callable[[int, float], Made]:
    def world(seed: int, true_iroas: float) -> Made:
        made = series.series(np.random.default_rng(seed), replace(setting, true_iroas=true_iroas, kappa=kappa))
        return slices.of_series(made), made.true_iroas

    return world


def _golives(setting: golives.Setting) -> Callable[[int, float], Made]:
    def world(seed: int, true_iroas: float) -> Made:
        calendar = slices.calendar(seed, setting)
        drawn = slices.drawn(calendar)
        made = golives.golives(np.random.default_rng(seed), drawn, replace(setting, true_iroas=true_iroas))
        return slices.of_golives(made, calendar, setting.kappa == 0), made.true_iroas

    return world


GBR, DEALT, HOLDOUT, CUPED, GO_LIVE = (
    "iroas.geo_regression", "iroas.randomisation", "iroas.holdout", "iroas.cuped", "iroas.golive",
)  # fmt: skip
TBR, CAUSAL, MIX, DID, EVENTS = (
    "iroas.tbr", "iroas.causal_series", "iroas.synthetic_control", "iroas.difference_in_differences",
    "iroas.event_study",
)  # fmt: skip
ORGANIC, GROWTH = "iroas.organic_baseline", "iroas.growth_difference"
WANDERING = (TBR, CAUSAL, MIX)
SCENARIOS: dict[str, Scenario] = {
    scenario.key: scenario
    for scenario in (
        Scenario("U.base", "50,000 customers, 80 % treated", _customers(customers.BASE), (HOLDOUT, CUPED), curve=True),
        Scenario("U.repeat", "customers who come back, a longer time before", _customers(customers.REPEAT),
                 (HOLDOUT, CUPED)),
        Scenario("U.heavy", "10,000 customers, wholesale-like orders", _customers(customers.HEAVY)),
        Scenario("G.base", "50 places, 80 % treated, demand that wanders", _geos(geos.BASE), (GBR, DEALT), WANDERING,
                 curve=True, lit=True),
        Scenario("G.halves", "the same, half of the places treated", _geos(geos.HALVES), (GBR, DEALT), WANDERING),
        Scenario("G.many", "75 places of very unequal size", _geos(geos.MANY), (GBR, DEALT), WANDERING),
        Scenario("G.equal", "demand equal and independent, places noisy", _geos(geos.EQUAL_DEMAND), (GBR, DEALT),
                 (TBR,)),
        Scenario("G.tame", "demand equal and independent, places calm: where TBR should pass", _geos(geos.TAME),
                 (GBR, DEALT, TBR)),
        Scenario("G.chosen", "places that were growing anyway were chosen, and said so", _geos(geos.CHOSEN, False), (),
                 (GBR, DEALT, GROWTH, *WANDERING, DID, EVENTS)),
        Scenario("G.claimed", "the same, and yet declared as drawn at random", _geos(geos.CHOSEN), (),
                 (GBR, DEALT, GROWTH, *WANDERING, DID, EVENTS), lit=True),
        Scenario("O.launch", "one series, a launch, demand apart from it", _series(series.LAUNCH, 0.0), (),
                 (CAUSAL, ORGANIC)),
        Scenario("O.follows", "one series, a launch at a time of higher demand", _series(series.LAUNCH, 1.0), (),
                 (CAUSAL, ORGANIC)),
        Scenario("O.always_on", "spend on every day, demand apart from it", _series(series.ALWAYS_ON, 0.0), (),
                 (ORGANIC,)),
        Scenario("O.always_follows", "spend on every day, following demand", _series(series.ALWAYS_ON, 1.0), (),
                 (ORGANIC,)),
        Scenario("L.drawn", "30 influencers' posts, go-live dates drawn", _golives(golives.BASE), (GO_LIVE,),
                 curve=True),
        Scenario("L.chosen", "posts put where demand was about to be highest", _golives(golives.CHOSEN), (),
                 (GO_LIVE, EVENTS)),
    )
}  # fmt: skip
"""Every scenario by key; the letter is the design of data/simulation/designs."""
