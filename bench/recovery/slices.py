"""Decides how a world is handed to the court: as the slice that its owner's data and declaration would have given."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

import numpy as np
import pandas as pd

from analytics.effects import designs
from analytics.effects.adjusted import Moments
from analytics.incrementality.slice import CONTROL, TREATED, Customers, GoLive, OrderRows, Slice
from data.experiments.record import Experiment
from data.simulation.designs import customers, geos, golives, series

FIRST = golives.FIRST
WEEK = 7
TOP = 0.01  # of buyers, whose share of the revenue is told
LEAK, CAPTURE = 0.12, 0.55  # of organic revenue and of caused revenue that carries a code where influencers post


def of_customers(world: customers.Customers) -> Slice:
    """A declared random test among customers, known by its sums; customers carry no calendar in these worlds."""
    arms = [_moments(world, world.is_treated), _moments(world, ~world.is_treated)]
    coded = float(world.order_value[world.has_code].sum())
    everything = float(world.revenue.sum())
    sizes = (int(world.is_treated.sum()), int((~world.is_treated).sum()))
    buyers = np.sort(world.revenue[world.revenue > 0])[::-1]
    top = float(buyers[: int(np.ceil(TOP * len(buyers)))].sum() / everything)
    days = (FIRST, FIRST + timedelta(days=41))
    said = Experiment("world", "World", "customer", True, start=days[0], end=days[1], sizes=sizes)
    return Slice(
        spend=world.spend, revenue=coded, revenue_all=everything, revenue_organic=everything - coded,
        unit_name="customer", declared_random=True, experiment=said, pre_days=42.0, test_days=42.0,
        customers=Customers(arms[0], arms[1], top, world.spend),
        treated_rows=_rows(world, world.is_treated), control_rows=_rows(world, ~world.is_treated),
    )  # fmt: skip


def _moments(world: customers.Customers, arm: np.ndarray) -> Moments:
    both = np.vstack([world.revenue[arm], world.pre_revenue[arm]])
    return Moments(both.shape[1], both.mean(axis=1), np.cov(both))


def _rows(world: customers.Customers, arm: np.ndarray) -> OrderRows:
    values = world.order_value[arm[world.order_customer]]
    return OrderRows(len(values), float(values.mean()), float(values.std(ddof=1)))


def of_geos(world: geos.Geos, is_random: bool | None = True) -> Slice:
    """A declared test among places: one row a place, daily sums of both arms, weeks of each place."""
    before = world.period == geos.PRE
    first, days = int(before.sum()), len(before)
    names = np.array([f"place {at:02d}" for at in range(len(world.revenue))], dtype=object)
    arms = np.where(world.is_treated, TREATED, CONTROL)
    pre, test, spend = world.total(geos.PRE), world.total(geos.TEST, geos.COOLDOWN), world.cost
    said = Experiment(
        "world", "World", "geo", is_random, start=_day(first), end=_day(days - 1), pre_start=FIRST,
        treated=tuple(names[world.is_treated]), control=tuple(names[~world.is_treated]),
    )  # fmt: skip
    caused = world.caused.sum(axis=1)
    coded = LEAK * float((test - caused)[world.is_treated].sum()) + CAPTURE * float(caused.sum())
    cells = {"unit": names, "arm": arms, "revenue_all": test, "orders_all": np.round(test / 1_600), "spend": spend}
    both = {"unit": names, "arm": arms, "pre": pre, "test": test, "pre_spend": 0.0, "spend": spend}
    return Slice(
        spend=float(spend.sum()), revenue=coded, revenue_all=float(test.sum()),
        revenue_organic=float(test.sum()) - coded, unit_name="geo", cells=pd.DataFrame(cells),
        declared_random=is_random, experiment=said, clusters=pd.DataFrame(both), pre_days=float(first),
        test_days=float(days - first), series=_two_sides(world, before),
        panel=_weeks(names, arms, world.revenue, world.spend),
    )  # fmt: skip


def _two_sides(world: geos.Geos, before: np.ndarray) -> pd.DataFrame:
    sides = {name: world.revenue[arm].sum(axis=0) for name, arm in (
        ("treated", world.is_treated), ("control", ~world.is_treated),
    )}  # fmt: skip
    spend = world.spend.sum(axis=0)
    return pd.DataFrame({"date": _dates(len(before)), "in_test": ~before, **sides, "organic": 0.0, "spend": spend})


def _weeks(names: np.ndarray, arms: np.ndarray | str, revenue: np.ndarray, spend: np.ndarray) -> pd.DataFrame:
    """Whole weeks of each unit. revenue, spend: unit × day, from a Monday."""
    whole = revenue.shape[1] // WEEK
    sums = [part[:, : whole * WEEK].reshape(len(names), whole, WEEK).sum(axis=2) for part in (revenue, spend)]
    return pd.DataFrame({
        "unit": np.repeat(names, whole), "arm": np.repeat(np.broadcast_to(arms, len(names)), whole),
        "week": np.tile(_dates(whole * WEEK)[::WEEK], len(names)), "revenue": sums[0].ravel(), "spend": sums[1].ravel(),
    })  # fmt: skip


def of_series(world: series.Series) -> Slice:
    """A brand without a control: organic rows and rows with a code; the launch is declared, not drawn at random."""
    usual = world.revenue - world.caused
    live = np.cumsum(world.spend) > 0
    coded = np.where(live, LEAK * usual + CAPTURE * world.caused, 0.0)
    days = len(live)
    daily = {"date": _dates(days), "revenue": coded, "revenue_organic": world.revenue - coded}
    given = _launch(world, days) if world.pre else {}
    return Slice(
        spend=float(world.spend.sum()), revenue=float(coded.sum()), revenue_all=float(world.revenue.sum()),
        revenue_organic=float((world.revenue - coded).sum()), unit_name="campaign", daily=pd.DataFrame(daily),
        declared_random=False, **given,
    )  # type: ignore[arg-type]  # fmt: skip


def _launch(world: series.Series, days: int) -> dict[str, object]:
    """What a declared launch adds: one series with a time before, everybody treated."""
    said = Experiment("world", "World", "campaign", False, start=_day(world.pre), end=_day(days - 1), pre_start=FIRST)
    frame = pd.DataFrame({
        "date": _dates(days), "in_test": np.arange(days) >= world.pre, "treated": world.revenue, "control": 0.0,
        "organic": 0.0, "spend": world.spend,
    })  # fmt: skip
    return {"experiment": said, "series": frame, "pre_days": float(world.pre), "test_days": float(days - world.pre)}


RULES = designs.Rules(per_day=2)
KEPT = 64


@lru_cache(maxsize=KEPT)
def calendar(seed: int, setting: golives.Setting) -> designs.Calendar:
    """The calendar that is drawn for a world of go-live dates: one post an influencer, two a day at most."""
    earliest, latest = golives.window(setting)
    posts = [designs.Post(f"influencer {at:02d}", earliest, latest) for at in range(setting.influencers)]
    return designs.draw(posts, RULES, seed)


def drawn(made: designs.Calendar) -> np.ndarray:
    """The row of revenue on which each post of a calendar goes live."""
    return np.array([designs.day_number(day, golives.day(0)) for day in made.dates])


def of_golives(world: golives.GoLives, made: designs.Calendar, is_random: bool | None = True) -> Slice:
    """A declared calendar of posts; where dates were chosen instead, the posts' own dates stand in it."""
    days, n = world.revenue.shape
    names = np.array([post.influencer for post in made.posts], dtype=object)
    record = made.record() | {"dates": [golives.day(int(row)) for row in world.live]}
    said = Experiment(
        "world", "World", "go_live", is_random, start=_day(int(world.live.min())), end=_day(days - 1),
        pre_start=FIRST, calendar=record,
    )  # fmt: skip
    spend, everything = float(world.spend.sum()), float(world.revenue.sum())
    coded = CAPTURE * float(world.caused.sum())
    people = {"influencer_id": names, "revenue": CAPTURE * world.caused.sum(axis=0), "spend": world.spend.sum(axis=0)}
    return Slice(
        spend=spend, revenue=coded, revenue_all=everything, revenue_organic=everything - coded,
        unit_name="influencer", influencers=pd.DataFrame(people), declared_random=is_random, experiment=said,
        panel=_weeks(names, "", world.revenue.T, world.spend.T),
        go_live=GoLive(record, FIRST, world.revenue, tuple(range(n)), spend),
    )  # fmt: skip


def _day(row: int) -> date:
    return FIRST + timedelta(days=row)


def _dates(days: int) -> pd.DatetimeIndex:
    return pd.date_range(FIRST, periods=days)
