"""Decides what a test among customers rests on: sums over the buyers of each arm, and how many bought nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analytics.ask import Ask
from analytics.effects.adjusted import Moments
from analytics.incrementality.slice import CONTROL, SERIES, TREATED, Customers
from analytics.preparing import phases
from analytics.preparing.frames import blank
from data.experiments.record import Experiment

# Each buyer's arm, revenue in the test (y) and before it (x). What a user wrote comes as a parameter only.
_BUYERS = """
    WITH rows_ AS (
        SELECT user_id, date, revenue, {treated} AS in_treated, {control} AS in_control,
            coalesce({test}, FALSE) AS in_test, coalesce({pre}, FALSE) AS in_pre
        FROM order_cube WHERE {{where}}
    ), buyers AS (
        SELECT user_id, coalesce(sum(revenue) FILTER (in_test), 0)::DOUBLE AS y,
            coalesce(sum(revenue) FILTER (in_pre), 0)::DOUBLE AS x,
            CASE WHEN bool_or(in_treated) AND bool_or(in_control) THEN 'mixed'
                WHEN bool_or(in_treated) THEN 'treated' ELSE 'control' END AS arm
        FROM rows_ WHERE user_id IS NOT NULL AND (in_test OR in_pre)
        GROUP BY user_id HAVING bool_or(in_treated) OR bool_or(in_control)
    )
"""
_MOMENTS = """
    , several AS (SELECT ceil(0.01 * count(*)) AS few FROM buyers WHERE y <> 0 AND arm <> 'mixed')
    SELECT arm, count(*) AS n, avg(y) AS y, avg(x) AS x, var_pop(y) AS yy, var_pop(x) AS xx, covar_pop(y, x) AS yx,
        sum(y) AS revenue, coalesce(sum(y) FILTER (place <= few), 0) AS top
    FROM (SELECT *, row_number() OVER (PARTITION BY arm = 'mixed' ORDER BY y DESC) AS place FROM buyers), several
    GROUP BY arm
"""
_SERIES = """
    SELECT r.date, bool_or(r.in_test) AS in_test, bool_or(r.in_pre) AS in_pre,
        coalesce(sum(r.revenue) FILTER (b.arm = 'treated'), 0)::DOUBLE AS treated,
        coalesce(sum(r.revenue) FILTER (b.arm = 'control'), 0)::DOUBLE AS control,
        coalesce(sum(r.revenue) FILTER (b.arm IS NULL), 0)::DOUBLE AS organic
    FROM rows_ r LEFT JOIN buyers b USING (user_id)
    WHERE r.date IS NOT NULL AND (r.in_test OR r.in_pre) GROUP BY r.date ORDER BY r.date
"""


_TIMES = (phases.PRE, phases.TEST)


@dataclass(frozen=True, eq=False)
class Found:
    """A test among customers: the arms (None when they do not add up), the days of both times, revenue by day."""

    customers: Customers | None
    pre_days: float
    test_days: float
    series: pd.DataFrame


def customers(ask: Ask, experiment: Experiment) -> Found:
    """The arms of a test among customers, straight from sums over buyers; customers of both arms are left out.

    With `sizes` or lists those who bought nothing count with 0; without, only who bought before the test or in it is
    known.
    The arms are None when one has no buyer and no size, or more buyers than were declared.
    """
    whole, reckoned = ask.narrowed(since=None, until=None), ask.assumptions
    (arms, listed), (times, days) = _arms_said(experiment), _times_said(whole, experiment)
    start, values = _BUYERS.format(**arms, **times), listed | days

    def read(name: str, rest: str) -> pd.DataFrame:
        frame: pd.DataFrame = ask.store.rows(
            name, start + rest, whole.filters, tiers=reckoned.tiers, cost=reckoned.cost, values=values
        )
        return frame

    daily = read("customers_daily", _SERIES)
    spend = whole.totals(("spend",), ("period", "date")).fillna({"spend": 0.0})
    spend = _with_phase(spend.assign(date=pd.to_datetime(spend["date"])), experiment, daily)
    paid = float(spend.loc[spend["phase"].eq(phases.TEST), "spend"].sum())
    lengths = _lengths(days, daily)
    return Found(_arms(read("customers", _MOMENTS), experiment, paid), *lengths, _series(daily, spend))


_Said = tuple[dict[str, str], dict[str, Any]]


def _arms_said(experiment: Experiment) -> _Said:
    """SQL of whether a row puts its customer into each arm, and the values in it."""
    if experiment.treated:
        values = {TREATED: experiment.treated, CONTROL: experiment.control}
        return {arm: f"user_id IN (SELECT unnest(${arm}))" for arm in values}, values
    words = {TREATED: "test", CONTROL: "control"}
    return {arm: f"coalesce(campaign_type = '{word}', FALSE)" for arm, word in words.items()}, {}


def _times_said(ask: Ask, experiment: Experiment) -> _Said:
    """SQL of whether a row lies in the test and before it, and the values in it; all is the test where nothing says."""
    span = ask.store.span()
    if experiment.start and experiment.end and span:
        values = {"start": experiment.start, "last": min(experiment.end, span[1])}
        values["first"] = max(span[0], experiment.pre_start or span[0])
        return {"test": "date BETWEEN $start AND $last", "pre": "date >= $first AND date < $start"}, values
    said = ask.totals(("revenue_all",), ("period",))["period"].dropna().astype(str)
    words = {name: tuple(sorted(text for text in said if phases.phase(text) == name)) for name in _TIMES}
    if not words[phases.TEST]:
        return {"test": "TRUE", "pre": "FALSE"}, {}
    parts = {name: f"list_contains(${name}, period)" if words[name] else "FALSE" for name in _TIMES}
    return parts, {name: listed for name, listed in words.items() if listed}


def _lengths(values: dict[str, Any], daily: pd.DataFrame) -> tuple[float, float]:
    """Days before the test and in it: as declared, else those on which something was sold."""
    if "start" in values:
        pre, test = (values["start"] - values["first"]).days, (values["last"] - values["start"]).days + 1
        return float(max(pre, 0)), float(test)
    within = daily["in_test"].astype(bool)
    return float((~within).sum()), float(within.sum())


def _with_phase(spend: pd.DataFrame, experiment: Experiment, daily: pd.DataFrame) -> pd.DataFrame:
    """Spend by day with its phase: by its period, else by its day; without either it is the test's."""
    begun = (
        pd.Timestamp(experiment.start)
        if experiment.start
        else pd.to_datetime(daily.loc[daily["in_test"], "date"]).min()
    )
    ended = pd.Timestamp(experiment.end) if experiment.end else pd.Timestamp.max
    said = spend["period"].map(phases.phase) if experiment.start is None else pd.Series("", index=spend.index)
    by_day = pd.Series(phases.TEST, index=spend.index)
    by_day[spend["date"].lt(begun)] = phases.PRE
    by_day[spend["date"].gt(ended)] = phases.OUTSIDE
    return spend.assign(phase=said.where(said.ne(""), by_day))


def _series(daily: pd.DataFrame, spend: pd.DataFrame) -> pd.DataFrame:
    """As Slice.series; empty when a day lies in both times."""
    if daily.empty or (daily["in_test"] & daily["in_pre"]).any():
        return blank(SERIES)
    daily = daily.assign(date=pd.to_datetime(daily["date"])).set_index("date")
    days = pd.date_range(daily.index.min(), daily.index.max()).as_unit("us")
    found = daily[["treated", "control", "organic"]].reindex(days).fillna(0.0)
    paid = spend.groupby("date")["spend"].sum().reindex(days).fillna(0.0)
    in_test = daily["in_test"].astype(float).reindex(days).ffill() > 0
    return found.assign(spend=paid, in_test=in_test).rename_axis("date").reset_index()[list(SERIES)]


def _arms(found: pd.DataFrame, experiment: Experiment, spend: float) -> Customers | None:
    rows = found.set_index("arm")
    # A list of all that were drawn says how many there are.
    listed = len(experiment.treated), len(experiment.control)
    sizes = dict(zip((TREATED, CONTROL), experiment.sizes or listed, strict=True))
    before = bool((rows["x"].abs() > 0).any())
    arms: list[Moments] = []
    for arm, size in sizes.items():
        buyers = int(rows["n"].get(arm, 0))
        n = size or buyers
        if n < max(buyers, 2):
            return None
        arms.append(_moments(rows.loc[arm] if buyers else None, n, before))
    kept = rows[rows.index != "mixed"]
    revenue = float(kept["revenue"].sum())
    top = float(kept["top"].sum()) / revenue if revenue > 0 else float("nan")
    return Customers(arms[0], arms[1], top, spend, int(rows["n"].get("mixed", 0)))


def _moments(row: Any, n: int, before: bool) -> Moments:
    """Of n customers, of whom the row's bought and the others stand with 0: means and covariances (n − 1)."""
    if row is None:
        return Moments(n, np.zeros(1 + before), np.zeros((1 + before, 1 + before)))
    buyers = float(row["n"])
    means = np.array([row["y"], row["x"]], dtype=float)
    apart = np.array([[row["yy"], row["yx"]], [row["yx"], row["xx"]]], dtype=float)
    # Scatter of the buyers among themselves, and of buyers against those who bought nothing.
    spread = buyers * apart + buyers * (1 - buyers / n) * np.outer(means, means)
    k = 1 + before
    return Moments(n, (means * buyers / n)[:k], (spread / (n - 1))[:k, :k])
