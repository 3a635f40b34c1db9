"""Decides what the measurement methods are given: the store's sums of a selection, put into the frames of a Slice."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analytics.ask import Ask, named_groups
from analytics.incrementality.slice import OrderRows, Slice
from analytics.preparing import choice, frames, units, unread
from analytics.preparing.customers import customers
from analytics.preparing.golive import go_live
from data import schema
from data.experiments.record import Experiment

_ROW_STATISTICS = """
    SELECT campaign_type, count(*)::INTEGER AS n, avg(revenue)::DOUBLE AS mean, stddev_samp(revenue)::DOUBLE AS sd
    FROM order_cube WHERE {where} AND campaign_type IN ('test', 'control') GROUP BY ALL
"""


def slice_of(ask: Ask) -> Slice:
    """The selection as the methods take it: see Slice for the meaning of each field.

    With an experiment, `cells`, `clusters`, `series` and `panel` are read over its own days, within the selection's
    other filters; spend that lies on no day is taken as spent in the test. Raises BadExperiment.
    """
    experiment = choice.chosen(ask)
    sums = ask.totals(("spend", "revenue", "revenue_all")).iloc[0].astype(float)
    rows = _row_statistics(ask)
    narrowed = _beyond_organic(ask)
    whole = ask.narrowed(basis=()).totals(("revenue", "revenue_all")).iloc[0].astype(float)
    return Slice(
        spend=sums["spend"], revenue=sums["revenue"], revenue_all=sums["revenue_all"],
        revenue_organic=organic(whole), influencers=_influencers(ask), campaigns=_campaigns(ask), daily=_daily(ask),
        treated_rows=rows.get("test", OrderRows()), control_rows=rows.get("control", OrderRows()),
        organic_carries=not narrowed, narrowed_by=narrowed, experiment=experiment, **_designed(ask, experiment),
    )  # fmt: skip


def _designed(ask: Ask, experiment: Experiment | None) -> dict[str, Any]:
    """What the design tells: its units, both times, and whether it was drawn at random."""
    if experiment is not None and experiment.unit == "customer":
        found = customers(ask, experiment)
        told = {"customers": found.customers, "series": found.series, "declared_random": experiment.is_random}
        return told | {"unit_name": "customer", "pre_days": found.pre_days, "test_days": found.test_days}
    design = units.design(ask, experiment)
    clusters = frames.clusters(design)
    told = {
        "unit_name": design.unit_name, "cells": frames.cells(design), "clusters": clusters,
        "pre_days": design.pre_days if len(clusters) else 0.0, "test_days": design.test_days,
        "series": frames.series(design), "panel": frames.panel(design),
        "unread": unread.why(ask) or unread.unknown(experiment, design),
    }  # fmt: skip
    if experiment is not None and experiment.unit == "go_live":
        # Drawn dates say nothing of the arms that rows carry besides.
        return told | {"go_live": go_live(ask, experiment)}
    return told | {"declared_random": experiment.is_random if experiment else None}


def organic(sums: pd.Series) -> float:
    """Revenue of rows without an influencer; NaN when there are none."""
    rest = float(sums["revenue_all"] - sums["revenue"])
    return rest if rest > 0.005 else float("nan")


def _beyond_organic(ask: Ask) -> tuple[str, ...]:
    """What the selection is narrowed by that organic orders do not carry, in words."""
    beyond = [key for key in ask.filters.chosen() if key not in choice.CARRIED_BY_ORGANIC]
    others = {"influencer name": ask.filters.name, "minimum ROAS": ask.filters.min_roas}
    words = (schema.DIMENSIONS[key].label.lower() for key in beyond)
    return (*words, *(words for words, value in others.items() if value))


def _row_statistics(ask: Ask) -> dict[str, OrderRows]:
    chosen = ask.assumptions
    frame = ask.store.rows("row_statistics", _ROW_STATISTICS, ask.filters, tiers=chosen.tiers, cost=chosen.cost)
    rows = zip(frame["campaign_type"], frame["n"], frame["mean"], frame["sd"], strict=True)
    return {arm: OrderRows(int(n), float(mean), float(sd)) for arm, n, mean, sd in rows}


def _influencers(ask: Ask) -> pd.DataFrame:
    return ask.people()[["influencer_id", "revenue", "spend"]].fillna(0.0)


def _campaigns(ask: Ask) -> pd.DataFrame:
    frame = ask.narrowed(campaign=()).totals(("revenue", "spend"), ("campaign",))
    frame = named_groups(frame, "campaign").fillna(0.0)
    chosen = ask.filters.campaign
    return frame.assign(chosen=frame["campaign"].isin(chosen) if chosen else True).reset_index(drop=True)


def _daily(ask: Ask) -> pd.DataFrame:
    frame = ask.totals(("revenue", "revenue_all"), ("date",))
    frame = frame[frame["date"].notna()]
    if frame.empty:
        return pd.DataFrame({"date": pd.Series(dtype=object), "revenue": [], "revenue_organic": []})
    days = pd.date_range(frame["date"].min(), frame["date"].max())
    frame = frame.set_index(pd.DatetimeIndex(frame["date"]))[["revenue", "revenue_all"]].reindex(days).fillna(0.0)
    organic = frame["revenue_all"] - frame["revenue"]
    return pd.DataFrame({"date": days, "revenue": frame["revenue"].to_numpy(), "revenue_organic": organic.to_numpy()})
