"""Decides what a chart may ask: one selection of rows and one way of reckoning, put to the store it is handed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from analytics import metrics
from analytics.assumptions import Assumptions
from analytics.metrics import Metric
from analytics.scores import SCORES, Score
from data import schema
from data.filters import Filters
from errors import BadFilter, suggest

TRAITS = ("platform", "tier", "influencer_category", "gender")
_SUMS_OF_PEOPLE = (
    "revenue", "orders", "gross_profit", "spend", "payout", "seeding_cost", "new_customers",
    "posts", "reach", "likes", "comments", "shares", "saves", "video_views", "clicks",
)  # fmt: skip
_LEAST_DAYS = 14


def metric_or_score(key: str) -> Metric | Score:
    """The metric or score of that key; BadFilter with the nearest key when there is neither."""
    if key in SCORES:
        return SCORES[key]
    if key.startswith("iroas"):
        raise BadFilter("iROAS is an estimate with an interval and a method, no column: ask for `answer iroas`.")
    if key not in metrics.METRICS:
        raise BadFilter(f"No metric “{key}”. {suggest(key, [*metrics.METRICS, *SCORES])}")
    return metrics.METRICS[key]


@dataclass(frozen=True)
class Compared:
    """Two spans of the same length: the later one, the one before it, and how to say so."""

    now: Ask
    before: Ask
    versus: str


@dataclass(frozen=True)
class Ask:
    """A selection and a way of reckoning. store: anything with the Store's methods."""

    store: Any
    filters: Filters
    assumptions: Assumptions

    def totals(self, measures: tuple[str, ...], by: tuple[str, ...] = ()) -> pd.DataFrame:
        """Measures by dimensions, as Store.totals."""
        frame: pd.DataFrame = self.store.totals(
            self.filters, by, measures, tiers=self.assumptions.tiers, cost=self.assumptions.cost
        )
        return frame

    def table(
        self, keys: tuple[str, ...], by: tuple[str, ...] = (), sort: str = "", limit: int | None = None
    ) -> pd.DataFrame:
        """Metrics by dimensions: columns of `by` (an influencer brings influencer_id and influencer) and `keys`.

        sort: a column, with a leading '-' for descending; missing values last, ties by name. Rows in which every
        metric is missing are left out. Raises BadFilter for an unknown metric, dimension or column.
        """
        chosen = [metric_or_score(key) for key in keys]
        needed = {part for item in chosen for part in item.measures}
        totals = self.totals(tuple(key for key in schema.MEASURES if key in needed), by)
        names = [column for column in totals.columns if column not in schema.MEASURES]
        frame = totals[names].assign(**{item.key: item.of(totals) for item in chosen})
        if by:
            frame = frame[frame[list(keys)].notna().any(axis=1)]
        column = sort.removeprefix("-")
        if column and column not in frame.columns:
            raise BadFilter(f"Cannot sort by “{column}”. {suggest(column, frame.columns)}")
        order = [column, *[name for name in names if name != column]] if column else names
        if order:
            rising = [not sort.startswith("-"), *[True] * (len(order) - 1)] if column else True
            frame = frame.sort_values(order, ascending=rising, na_position="last", kind="stable")
        return frame.head(limit).reset_index(drop=True) if limit is not None else frame.reset_index(drop=True)

    def value(self, key: str) -> float:
        """One metric of the whole selection; NaN when it cannot be computed."""
        return float(self.table((key,))[key].iloc[0])

    def people(self) -> pd.DataFrame:
        """One row an influencer of the selection: id, name, traits, city, followers, the sums behind most metrics."""
        sums = self.totals(_SUMS_OF_PEOPLE, ("influencer",)).drop(columns="influencer")
        return self.roster().merge(sums, on="influencer_id", how="inner")

    def roster(self) -> pd.DataFrame:
        """All influencers known: influencer_id, influencer, traits, persona, city, followers."""
        written = {"tier": f"tier_{self.assumptions.tiers}"}
        traits = (*TRAITS, "persona", "city")
        named = ", ".join(f"coalesce({written.get(key, key)}, '{schema.UNKNOWN}') AS {key}" for key in traits)
        sql = f"SELECT influencer_id, influencer, {named}, followers FROM people"
        frame: pd.DataFrame = self.store.rows("people", sql, Filters())
        return frame

    def carried(self) -> frozenset[str]:
        """The measures that the data carry."""
        carried: frozenset[str] = self.store.carried()
        return carried

    def why_missing(self, key: str) -> str:
        """Why a metric reads “–” in this selection."""
        return metric_or_score(key).why_missing(self.carried())

    def span(self) -> tuple[date, date] | None:
        """First and last day that count: the chosen ones, else those of the data."""
        span = self.store.span()
        if span is None:
            return None
        return self.filters.since or span[0], self.filters.until or span[1]

    def days(self) -> int:
        """Calendar days in the span; 0 without one."""
        span = self.span()
        return (span[1] - span[0]).days + 1 if span else 0

    def narrowed(self, **changes: Any) -> Ask:
        """The same question with other filters."""
        return replace(self, filters=replace(self.filters, **changes))

    def compared(self) -> Compared | None:
        """This span beside the one before it; an open view is cut into its two halves. None without enough days."""
        span = self.span()
        if span is None or self.days() < _LEAST_DAYS and not self.filters.since:
            return None
        if self.filters.since or self.filters.until:
            days = self.days()
            before = self.narrowed(since=span[0] - timedelta(days=days), until=span[0] - timedelta(days=1))
            first = self.store.span()[0]
            versus = f"vs the {days} days before" if days > 1 else "vs the day before"
            return Compared(self, before, versus) if before.filters.until >= first else None
        half = self.days() // 2
        later, earlier = span[1] - timedelta(days=half - 1), span[1] - timedelta(days=2 * half - 1)
        now = self.narrowed(since=later, until=span[1])
        before = self.narrowed(since=earlier, until=later - timedelta(days=1))
        return Compared(now, before, "2nd half vs 1st half")

    def grain(self) -> str:
        """The step of small pictures of time: weeks for up to eight months, else months."""
        return "week" if self.days() <= 245 else "month"


def named_groups(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """Rows whose group has a name: “(unknown)”, “(organic)” and their like belong in tables, not in pictures."""
    return frame[~frame[column].astype(str).str.startswith("(")]


def told_apart(rows: pd.DataFrame) -> pd.DataFrame:
    """Names that several influencers share get their id behind them."""
    names = rows["influencer"]
    with_id = names + " · " + rows["influencer_id"].astype(str)
    return rows.assign(influencer=names.where(~names.duplicated(keep=False), with_id))


def finite(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """Rows that have a number in that column."""
    return frame[np.isfinite(frame[column].astype(float))]
