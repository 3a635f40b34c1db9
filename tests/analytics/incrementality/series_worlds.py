"""Slices of worlds with a planted truth, for the methods of series, panels and drawn dates."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

import numpy as np
import pandas as pd
from scipy import stats

from analytics.assumptions import Assumptions
from analytics.effects import designs
from analytics.incrementality.estimate import Method
from analytics.incrementality.slice import GoLive, Slice
from bench.recovery import slices
from data.experiments.record import Experiment
from data.simulation.designs import geos

NULLS = 60
MONDAY = pd.Timestamp("2026-01-05")


def geo_slice(seed: int = 0, setting: geos.Setting = geos.TAME, **changes: float) -> Slice:
    """One geo world's slice; changes: of its setting."""
    return slices.of_geos(geos.geos(np.random.default_rng(seed), replace(setting, **changes)))  # type: ignore[arg-type]


def on_and_off(seed: int, truth: float = 2.0, days: int = 182, share: float = 0.0, flags: bool = False) -> Slice:
    """Organic revenue with trend, weekday and noise (share kept from day to day); influencers live in every other
    fortnight. flags: some days are promotions, and the rows say so."""
    rng = np.random.default_rng(seed)
    at = np.arange(days)
    noise = rng.standard_normal(days)
    for day in range(1, days):
        noise[day] = share * noise[day - 1] + np.sqrt(1 - share**2) * noise[day]
    sale = rng.random(days) < 0.08
    organic = 1000 * (1 + 0.002 * at) * np.array([0.9, 0.9, 0.95, 1.0, 1.05, 1.1, 1.1])[at % 7] + 40 * noise
    organic = organic + 300 * sale * flags
    live = at // 14 % 2 == 1
    spend = 50.0 * live.sum()
    daily = pd.DataFrame(
        {
            "date": pd.date_range(MONDAY, periods=days), "revenue": np.where(live, truth * 25 + 1.0, 0.0),
            "revenue_organic": organic + np.where(live, truth * 25 - 1.0, 0.0),
        }
    )  # fmt: skip
    sums = daily[["revenue", "revenue_organic"]].sum()
    return Slice(
        spend=spend, revenue=sums["revenue"], revenue_all=sums.sum(), revenue_organic=sums["revenue_organic"],
        daily=daily.assign(promotion=sale.astype(float)) if flags else daily,
    )  # fmt: skip


def drawn(seed: int, truth: float = 2.0, posts: int = 24, is_random: bool = True) -> Slice:
    """Posts on drawn dates, one influencer each; a post adds truth × spend over its first seven days."""
    rng = np.random.default_rng(seed)
    first, cost = date(2026, 2, 1), 4000.0
    who = tuple(designs.Post(f"i{place:02d}", "2026-02-15", "2026-04-12") for place in range(posts))
    calendar = designs.draw(who, designs.Rules(per_day=2), seed)
    level = 1000 * rng.lognormal(0, 0.5, posts)
    revenue = level * (1 + 0.1 * rng.standard_normal((85, posts)))
    for place, day in enumerate(calendar.dates):
        start = designs.day_number(day, first.isoformat())
        revenue[start : start + 7, place] += truth * cost / 7
    given = GoLive(calendar.record(), first, revenue, tuple(range(posts)), cost * posts)
    declared = Experiment("dates", "Drawn dates", "go_live", is_random, calendar=calendar.record())
    total = float(revenue.sum())
    return Slice(
        spend=cost * posts, revenue=total, revenue_all=total, unit_name="influencer", experiment=declared,
        declared_random=is_random, go_live=given,
    )  # fmt: skip


def staggered(seed: int, truth: float = 2.0, units: int = 40, weeks: int = 26) -> Slice:
    """Units that go live in one of three weeks drawn for them, a third never; no arms."""
    rng = np.random.default_rng(seed)
    live = rng.permutation(np.resize([8, 12, 16, -1], units))
    base = 1000 * rng.lognormal(0, 0.5, units)[:, None] * np.exp(0.02 * rng.standard_normal(weeks))
    paid = np.where((live >= 0)[:, None] & (np.arange(weeks) >= live[:, None]), 100.0, 0.0)
    revenue = base * (1 + 0.05 * rng.standard_normal((units, weeks))) + truth * paid
    panel = pd.DataFrame(
        {
            "unit": np.repeat([f"u{place:02d}" for place in range(units)], weeks), "arm": "",
            "week": np.tile(pd.date_range(MONDAY, periods=weeks, freq="7D"), units), "revenue": revenue.ravel(),
            "spend": paid.ravel(),
        }
    )  # fmt: skip
    return Slice(float(paid.sum()), float(revenue.sum()), float(revenue.sum()), unit_name="influencer", panel=panel)


Change = Callable[[pd.DataFrame], pd.DataFrame]


def changed(slice_: Slice, name: str, change: Change) -> Slice:
    """The slice with one frame changed."""
    return replace(slice_, **{name: change(getattr(slice_, name).copy())})  # type: ignore[arg-type]


def ends(frame: pd.DataFrame, column: str, place: int, factor: float) -> pd.DataFrame:
    """The frame with one value of a column multiplied."""
    values = frame[column].to_numpy(float).copy()
    values[place] *= factor
    return frame.assign(**{column: values})


@lru_cache(maxsize=1)
def null_worlds() -> tuple[Slice, ...]:
    """Worlds of places in which nobody caused anything, half of them marked treated at random."""
    return tuple(geo_slice(seed, geos.HALVES, true_iroas=0.0) for seed in range(NULLS))


def uniform(p: list[float], alike: int) -> bool:
    """Whether p values are as even as chance allows (Kolmogorov–Smirnov at 1 %); alike: values that p can take."""
    return bool(stats.kstest(p, "uniform").statistic <= 1.63 / np.sqrt(len(p)) + 1 / alike)


def refuses(method: Method, slice_: Slice, words: str) -> None:
    """The method gives no number but a sentence with these words, fit for people."""
    said = method(slice_, Assumptions())
    assert said.is_refused
    assert words in said.reason
    assert said.reason.endswith(".")
    assert "nan" not in said.reason.replace("finance", "").split()
    assert all(math.isnan(number) for number in (said.estimate, said.lower, said.upper, said.mde))


@dataclass(frozen=True)
class Tried:
    """What a method said in many worlds: how far off on average (with its Monte Carlo error), share of intervals that
    hold the truth, of worlds in which it is not ok, and in which its interval leaves 0 out."""

    bias: float
    error: float
    coverage: float
    turned_away: float
    rejects: float

    def is_covered(self, worlds: int, low: float = 0.87, high: float = 1.0) -> bool:
        """Whether 90 % intervals hold the truth in `low` to `high` of the worlds, give or take 3 Monte Carlo errors."""
        error = 3 * math.sqrt(0.09 / worlds)
        return low - error <= self.coverage <= high + error


def tried(method: Method, worlds: Iterable[tuple[Slice, float]]) -> Tried:
    """The method in these worlds (slice, truth); every estimate must be well-formed and directional at most."""
    rows = []
    for slice_, truth in worlds:
        said = method(slice_, Assumptions())
        assert not said.is_refused, said.reason
        assert all(math.isfinite(number) for number in (said.estimate, said.lower, said.upper, said.mde))
        assert said.role == "directional" or method.id == "iroas.golive"
        assert (said.status == "ok") == (said.reason == "")
        rows.append((said.estimate - truth, said.lower <= truth <= said.upper, said.status != "ok",
                     said.lower > 0 or said.upper < 0))  # fmt: skip
    table = np.array(rows, dtype=float)
    error = float(table[:, 0].std() / np.sqrt(len(table)))
    return Tried(float(table[:, 0].mean()), error, *(float(share) for share in table[:, 1:].mean(axis=0)))


def geo_worlds(setting: geos.Setting, count: int, **changes: float) -> Iterable[tuple[Slice, float]]:
    """Geo worlds with their truth."""
    for seed in range(count):
        world = geos.geos(np.random.default_rng(seed), replace(setting, **changes))  # type: ignore[arg-type]
        yield slices.of_geos(world), world.true_iroas
