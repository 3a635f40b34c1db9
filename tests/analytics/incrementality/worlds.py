"""Decides little worlds with a known truth, as selections: what a method is given in tests, made by number or drawn."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from analytics.effects.adjusted import moments
from analytics.incrementality.slice import CONTROL, TREATED, Customers, Slice
from data.experiments.record import Experiment

START, END = date(2026, 5, 4), date(2026, 6, 14)
WEEKS_BEFORE, WEEKS = 12, 6
SPEND_SHARE = 0.05


def experiment(unit: str = "campaign", is_random: bool | None = True, **changes: Any) -> Experiment:
    """A declared experiment of six whole weeks, drawn at random unless said otherwise."""
    told: dict[str, Any] = {"start": START, "end": END, "stated_on": date(2026, 5, 1), "stated_by": "Asha"}
    if unit == "customer":
        told["sizes"] = (8000, 2000)
    return Experiment("summer-test", "Summer test", unit, is_random, **(told | changes))


def names(treated: int, control: int) -> tuple[list[str], list[str]]:
    """Units and their arms: t00, t01, …, c00, c01, …"""
    unit = [f"t{number:02}" for number in range(treated)] + [f"c{number:02}" for number in range(control)]
    return unit, [TREATED] * treated + [CONTROL] * control


def cells(revenue: Any, treated: int, spend: Any, control_spend: float = 0.0) -> pd.DataFrame:
    """Slice.cells: revenue of all units, the treated first; spend: on each treated unit, one number or one each."""
    values = np.asarray(revenue, dtype=float)
    unit, arm = names(treated, len(values) - treated)
    paid = np.r_[
        np.broadcast_to(np.asarray(spend, dtype=float), treated), np.full(len(values) - treated, control_spend)
    ]
    return pd.DataFrame({"unit": unit, "arm": arm, "revenue_all": values, "orders_all": 10.0, "spend": paid})


def of_cells(frame: pd.DataFrame, declared: Experiment | None = None, unit: str = "campaign", **more: Any) -> Slice:
    """The selection of units without a time before."""
    revenue = float(frame["revenue_all"].sum())
    spend = float(frame.loc[frame["arm"].eq(TREATED), "spend"].sum())
    given = (
        {"spend": spend, "revenue": revenue, "revenue_all": revenue, "unit_name": unit, "cells": frame}
        | {"daily": days()}
        | more
    )
    return Slice(**given, experiment=declared)


def days(known: int = 42) -> pd.DataFrame:
    """Slice.daily of so many days of the test, four weeks before it among them."""
    dates = pd.date_range(START - timedelta(weeks=4), periods=28 + known)
    return pd.DataFrame({"date": dates, "revenue": 1000.0, "revenue_organic": 500.0})


def campaigns(
    seed: int = 0, true_iroas: float = 0.0, treated: int = 40, control: int = 20, declared: Experiment | None = None,
    spend_sigma: float = 0.0, **more: Any,
) -> Slice:  # fmt: skip
    """Campaigns of 4,000 (lognormal, .3) and 1,000 of spend (lognormal, `spend_sigma`), `true_iroas` × it caused."""
    rng = np.random.default_rng(seed)
    revenue = 4000 * np.exp(rng.normal(0, 0.3, treated + control))
    spend = 1000 * np.exp(rng.normal(-(spend_sigma**2) / 2, spend_sigma, treated))
    revenue[:treated] += true_iroas * spend
    return of_cells(cells(revenue, treated, spend), experiment() if declared is None else declared, **more)


def weekly(
    rng: np.random.Generator, treated: int, control: int, true_iroas: float, weeks_known: int = WEEKS,
    noise: float = 0.12, spend_sigma: float = 0.0,
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """Revenue and spend, unit × week: sizes lognormal(.8), a common season, noise by week; spend 5 % of own size."""
    n, weeks = treated + control, WEEKS_BEFORE + weeks_known
    size = 20_000 * rng.lognormal(0, 0.8, n)
    own = np.exp(rng.normal(0, 0.05, n))
    season = np.exp(rng.normal(0, 0.05, weeks))
    is_test = np.arange(weeks) >= WEEKS_BEFORE
    revenue = size[:, None] * season * np.where(is_test, own[:, None], 1.0) * rng.lognormal(0, noise, (n, weeks))
    scatter = np.exp(rng.normal(-(spend_sigma**2) / 2, spend_sigma, n))
    spend = np.outer(SPEND_SHARE * size * scatter * (np.arange(n) < treated), is_test)
    return revenue + true_iroas * spend, spend


def clusters(
    seed: int = 0, true_iroas: float = 0.0, treated: int = 30, control: int = 20, unit: str = "geo",
    declared: Experiment | None = None, weeks_known: int = WEEKS, spend_sigma: float = 0.0, **more: Any,
) -> Slice:  # fmt: skip
    """Places (or influencers, campaigns) with twelve weeks before and up to six of the test."""
    drawn = weekly(np.random.default_rng(seed), treated, control, true_iroas, weeks_known, spend_sigma=spend_sigma)
    return of_weeks(*drawn, treated, unit, experiment(unit) if declared is None else declared, **more)


def of_weeks(
    revenue: np.ndarray, spend: np.ndarray, treated: int, unit: str = "geo", declared: Experiment | None = None,
    **more: Any,
) -> Slice:  # fmt: skip
    """The selection of a unit × week table of revenue and spend, the treated first, twelve weeks of it before."""
    known, arm = names(treated, len(revenue) - treated)
    weeks = [START + timedelta(weeks=number - WEEKS_BEFORE) for number in range(revenue.shape[1])]
    is_test = np.arange(len(weeks)) >= WEEKS_BEFORE
    table = {
        "unit": known, "arm": arm, "pre": revenue[:, ~is_test].sum(axis=1), "test": revenue[:, is_test].sum(axis=1),
        "pre_spend": spend[:, ~is_test].sum(axis=1), "spend": spend[:, is_test].sum(axis=1),
    }  # fmt: skip
    panel = pd.DataFrame({
        "unit": np.repeat(known, len(weeks)), "arm": np.repeat(arm, len(weeks)), "week": weeks * len(known),
        "revenue": revenue.ravel(), "spend": spend.ravel(),
    })  # fmt: skip
    days = {"pre_days": 7.0 * WEEKS_BEFORE, "test_days": 7.0 * (len(weeks) - WEEKS_BEFORE)}
    told = {"clusters": pd.DataFrame(table), "panel": panel, "series": _daily(revenue, spend, treated), **days, **more}
    return of_cells(cells(table["test"], treated, table["spend"][:treated]), declared, unit, **told)


def _daily(revenue: np.ndarray, spend: np.ndarray, treated: int) -> pd.DataFrame:
    """Slice.series of a unit × week table: a seventh of the week a day."""
    length = revenue.shape[1]
    sums = {
        "treated": revenue[:treated].sum(axis=0),
        "control": revenue[treated:].sum(axis=0),
        "spend": spend.sum(axis=0),
    }
    days = pd.date_range(START - timedelta(weeks=WEEKS_BEFORE), periods=7 * length)
    daily = {name: np.repeat(column / 7, 7) for name, column in sums.items()}
    in_test = np.arange(7 * length) >= 7 * WEEKS_BEFORE
    return pd.DataFrame({"date": days, "in_test": in_test, "organic": 0.0, **daily})


def customers(
    seed: int = 0, true_iroas: float = 0.0, treated: int = 8000, control: int = 2000, with_before: bool = True,
    declared: Experiment | None = None, **more: Any,
) -> Slice:  # fmt: skip
    """Customers who buy rarely (some again and again), 80/20; spend 5 % of what they are expected to bring."""
    rng = np.random.default_rng(seed)
    n = treated + control
    rate = 0.3 * rng.gamma(1.0, 1.0, n)
    spend = SPEND_SHARE * treated * 0.3 * 1600
    caused = true_iroas * SPEND_SHARE * rate * (np.arange(n) < treated)
    revenue, before = bought(rng, rate + caused), bought(rng, rate)
    columns = [revenue, before] if with_before else [revenue]
    return of_customers(columns, treated, spend, experiment("customer") if declared is None else declared, **more)


def of_customers(
    columns: list[np.ndarray],
    treated: int,
    spend: float,
    declared: Experiment | None = None,
    mixed: int = 0,
    **more: Any,
) -> Slice:
    """The selection of customers, one value each and column, the treated first."""
    found = [moments([column[side] for column in columns]) for side in (slice(None, treated), slice(treated, None))]
    buyers = np.sort(columns[0][columns[0] > 0])[::-1]
    share = float(buyers[: -(-len(buyers) // 100)].sum() / buyers.sum()) if len(buyers) else 0.0
    revenue = float(columns[0].sum())
    told = {"spend": spend, "revenue": revenue, "revenue_all": revenue, "unit_name": "customer", "daily": days()} | more
    return Slice(**told, customers=Customers(found[0], found[1], share, spend, mixed), experiment=declared)


def bought(rng: np.random.Generator, rate: np.ndarray) -> np.ndarray:
    """Revenue of each customer: Poisson orders of 1,600 on average, lognormal (.7)."""
    orders = rng.poisson(rate)
    who = np.repeat(np.arange(len(rate)), orders)
    value = 1600 * np.exp(rng.normal(-0.245, 0.7, len(who)))
    return np.bincount(who, value, len(rate))
