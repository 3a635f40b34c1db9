"""Decides what methods without a control say in one series: the plain ones as peers, the causal series as shipped."""

from __future__ import annotations

from functools import partial

import numpy as np
from scipy import stats

from analytics.effects import structural
from bench.recovery.score import LEVEL, Interval, Method
from data.simulation.designs import demand
from data.simulation.designs.series import Series

LAGS = 7
WEEK = 7


def before_after(world: Series, last: int = 0) -> Interval:
    """Mean day after the launch less that before (its last days only, when given), Welch over days."""
    before, after = world.revenue[: world.pre][-last:], world.revenue[world.pre :]
    bounds = stats.ttest_ind(after, before, equal_var=False).confidence_interval(LEVEL)
    scale = len(after) / world.spend.sum()
    return float(scale * (after.mean() - before.mean())), float(scale * bounds.low), float(scale * bounds.high)


def causal(world: Series, index: bool) -> Interval:
    """analytics.effects.structural.causal_series by week, with or without the demand index."""
    weeks = world.revenue.reshape(-1, WEEK).sum(axis=1)
    first = world.pre // WEEK
    beside = np.exp(world.demand_index).reshape(-1, WEEK).sum(axis=1)[:, None]
    given = (beside[:first], beside[first:]) if index else (None, None)
    found = structural.causal_series(weeks[:first], weeks[first:], *given, level=LEVEL)
    scale = (len(weeks) - first) / float(world.spend.sum())
    return scale * found.point, scale * found.lower, scale * found.upper


def regression(world: Series, calendar: bool = False, index: bool = False) -> Interval:
    """Least squares of revenue on spend carried over as it truly is; Newey–West (1987) errors.

    calendar: with weekday, trend and one pair of yearly waves; index: with the demand index.
    """
    days = len(world.revenue)
    at = np.arange(days)
    columns = [demand.carried(world.spend), np.ones(days)]
    if calendar:
        columns += [(at % WEEK == day).astype(float) for day in range(1, WEEK)] + [at / days]
        columns += [wave(2 * np.pi * at / demand.YEAR) for wave in (np.sin, np.cos)]
    if index:
        columns.append(world.demand_index)
    x = np.column_stack(columns) / np.abs(columns).max(axis=1)
    inverse = np.linalg.inv(x.T @ x)
    found = inverse @ x.T @ world.revenue
    score = x * (world.revenue - x @ found)[:, None]
    meat = score.T @ score
    for lag in range(1, LAGS + 1):
        both = score[lag:].T @ score[:-lag]
        meat += (1 - lag / (LAGS + 1)) * (both + both.T)
    scale = 1 / np.abs(columns[0]).max()
    half = stats.t.ppf((1 + LEVEL) / 2, days - x.shape[1]) * np.sqrt((inverse @ meat @ inverse)[0, 0])
    return float(scale * found[0]), float(scale * (found[0] - half)), float(scale * (found[0] + half))


LAUNCH: dict[str, Method] = {
    "pre-period organic level (002)": before_after,
    "pre/post, last 28 days": partial(before_after, last=28),
    "BSTS weekly .1": partial(causal, index=False),
    "BSTS weekly .1, demand index": partial(causal, index=True),
    "regression on spend, Newey–West": regression,
    "+ weekday, trend, Fourier": partial(regression, calendar=True),
    "+ demand index": partial(regression, calendar=True, index=True),
}
ALWAYS_ON: dict[str, Method] = {
    "always-on, + weekday, trend, Fourier": partial(regression, calendar=True),
    "always-on, + demand index": partial(regression, calendar=True, index=True),
}
