"""Decides how our own geo methods are called in a world of geos, so that they are judged as they are shipped."""

from __future__ import annotations

from functools import partial

import numpy as np

from analytics.effects import geo, structural, synthetic, time_regression
from analytics.effects.effect import Effect
from analytics.effects.refusals import CannotTell
from bench.recovery.score import LEVEL, NAN, Interval, Method
from data.simulation.designs.geos import COOLDOWN, PRE, TEST, Geos

DEALS = 999
WEEK = 7


def _said(effect: Effect, scale: float = 1.0) -> Interval:
    return effect.point * scale, effect.lower * scale, effect.upper * scale


def regression(world: Geos, errors: str = "hc3") -> Interval:
    """analytics.effects.geo.geo_regression."""
    given = world.total(PRE), world.total(TEST, COOLDOWN), world.cost, world.is_treated
    return _said(geo.geo_regression(*given, level=LEVEL, errors=errors))


def randomisation(world: Geos) -> Interval:
    """analytics.effects.geo.geo_randomisation; no interval where it refuses one."""
    pre = world.total(PRE) * (world.period != PRE).sum() / (world.period == PRE).sum()
    try:
        given = pre, world.total(TEST, COOLDOWN), world.cost, world.is_treated
        return _said(geo.geo_randomisation(*given, level=LEVEL, deals=DEALS))
    except CannotTell:
        return NAN, NAN, NAN


def _sides(world: Geos) -> tuple[np.ndarray, np.ndarray]:
    """Total of control and of treated geos, one a day."""
    control, treated = (world.revenue[arm].sum(axis=0) for arm in (~world.is_treated, world.is_treated))
    return control, treated


def tbr(world: Geos, cooldown: bool = True) -> Interval:
    """analytics.effects.time_regression.cumulative ÷ spend."""
    pre = world.period == PRE
    late = ~pre if cooldown else world.period == TEST
    control, treated = _sides(world)
    found = time_regression.cumulative(control[pre], treated[pre], control[late], treated[late], LEVEL)
    return _said(found, 1 / float(world.cost.sum()))


def tbr_passes(world: Geos) -> bool:
    """Whether the four published checks let time-based regression speak."""
    pre = world.period == PRE
    control, treated = _sides(world)
    looked = time_regression.checks(control[pre], treated[pre], int((~pre).sum()), LEVEL)
    return all(check.passed for check in looked)


def causal(world: Geos, step: int, level_sd: float) -> Interval:
    """analytics.effects.structural.causal_series with the control's total as covariate, in steps of so many days."""
    control, treated = (side.reshape(-1, step).sum(axis=1) for side in _sides(world))
    first = int((world.period == PRE).sum()) // step
    found = structural.causal_series(
        treated[:first], treated[first:], control[:first, None], control[first:, None], LEVEL, level_sd
    )
    return _said(found, (len(treated) - first) / float(world.cost.sum()))


def mixed(world: Geos) -> Interval:
    """analytics.effects.synthetic.synthetic_control by week: the treated's total against the control geos, each as
    a multiple of its own mean before; no interval where it refuses one."""
    weeks = world.revenue.reshape(len(world.revenue), -1, WEEK).sum(axis=2)
    first = int((world.period == PRE).sum()) // WEEK
    rows = np.vstack([weeks[world.is_treated].sum(axis=0), weeks[~world.is_treated]])
    usual = rows[:, :first].mean(axis=1)
    try:
        found = synthetic.synthetic_control(rows / usual[:, None], np.arange(len(rows)) == 0, first, LEVEL)
    except CannotTell:
        return NAN, NAN, NAN
    return _said(found, (weeks.shape[1] - first) * float(usual[0]) / float(world.cost.sum()))


METHODS: dict[str, Method] = {
    "GBR 1/pre²": partial(regression, errors="classical"),
    "GBR, HC3": regression,
    "randomisation inference": randomisation,
    "TBR as published": tbr,
    "TBR without cool-down": partial(tbr, cooldown=False),
}
SLOW: dict[str, Method] = {
    "BSTS daily .01": partial(causal, step=1, level_sd=0.01),
    "BSTS weekly .1": partial(causal, step=WEEK, level_sd=0.1),
    "synthetic control weekly, blocks": mixed,
}
