"""Decides the usual kinds of charts: groups ranked by a metric, people ranked, parts of a whole, a number over time."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from analytics import formats, ratios, sentences
from analytics.ask import Ask, finite, metric_or_score, named_groups, told_apart
from analytics.figures.breakdown import ring
from analytics.figures.quadrant import quadrant
from analytics.figures.ranking import ranking
from analytics.figures.trend import trend
from analytics.metrics import METRICS, Metric
from analytics.page import Chart, Draw, Say, column
from analytics.views import Column, Figure
from data import schema
from errors import NoData

LEAST_PEOPLE = 3
"""Influencers behind a group below which their scatter says nothing about it."""
BREAK_EVEN = {"roas": 1.0, "roi": 0.0}
_WITH_INTERVALS = ("roas", "roi", "cac.order", "cost_per_order", "engagement_rate")


def grouped(key: str, title: str, by: str, metric: str, others: Sequence[str] = (), span: int = 4) -> Chart:
    """Groups of one dimension ranked by a metric; ratios of sums carry their interval over influencers."""
    ratio, unit = metric in _WITH_INTERVALS, METRICS[metric].unit
    columns = (
        Column(by, schema.DIMENSIONS[by].label),
        column(metric, judged_from=BREAK_EVEN.get(metric)),
        *((Column("lower", "From", unit), Column("upper", "To", unit)) if ratio else ()),
        *(column(other) for other in others),
    )

    def frame(ask: Ask) -> pd.DataFrame:
        sign = "" if METRICS[metric].better == "lower" else "-"
        rows = ask.table((metric, *others), (by,), f"{sign}{metric}")
        named = named_groups(rows, by)[metric].dropna()
        if metric == "roas" and len(named) and not (named > 0).any():
            label = schema.DIMENSIONS[by].label.lower()
            raise NoData(f"No attributed order here names its {label}, so the return by {label} cannot be computed.")
        return with_intervals(rows, by, metric, ask) if ratio else rows

    return Chart(
        key, title, metric, frame, columns,
        lambda rows, ask: sentences.leader(rows, by, metric, ask), drawn_ranked(by, metric),
        lambda rows: finite(named_groups(rows, by), metric), lambda ask: footnote(metric, ask, ratio), span=span,
        picks=(by, by),
    )  # fmt: skip


def drawn_ranked(name: str, metric: str) -> Draw:
    """How a ranking is drawn: the column `name` down the side, the metric along it, break-even marked if it has one."""

    def draw(rows: pd.DataFrame, ask: Ask) -> Figure:
        kept = [key for key in ("lower", "upper") if key in rows]
        shown = rows[[name, metric, *kept]].rename(columns={name: "name", metric: "value"})
        reference = BREAK_EVEN.get(metric)
        words = "break-even" if reference is not None else ""
        return ranking(shown, METRICS[metric], reference, words)

    return draw


def with_intervals(rows: pd.DataFrame, by: str, metric: str, ask: Ask) -> pd.DataFrame:
    """Columns lower and upper beside each group's ratio: Fieller over its influencers; NaN where it has no bound."""
    item = METRICS[metric]
    own = ("influencer",) if by == "influencer" else (by, "influencer")
    parts = ask.totals(tuple(dict.fromkeys(item.measures)), own)
    ends = {}
    for name, group in parts.groupby(by):
        over, under = (_summed(group, parts) for parts in (item.over, item.under))
        found = ratios.ratio(over, under, ask.assumptions.confidence)
        told = found.is_bounded and len(group) >= LEAST_PEOPLE
        ends[name] = (found.lower, found.upper) if told else (math.nan, math.nan)
    nothing = (math.nan, math.nan)
    lower, upper = ([ends.get(name, nothing)[side] for name in rows[by]] for side in (0, 1))
    return rows.assign(lower=np.asarray(lower) * item.scale, upper=np.asarray(upper) * item.scale)


def _summed(rows: pd.DataFrame, parts: Sequence[str]) -> ratios.Numbers:
    """The columns added up row by row, those with a leading '-' taken away."""
    signed = [(-1.0 if part.startswith("-") else 1.0) * rows[part.removeprefix("-")].fillna(0.0) for part in parts]
    return np.asarray(sum(signed))


def footnote(metric: str, ask: Ask, interval: bool = False) -> str:
    """What a chart counts: the number of orders behind it, the cost layer, the level of its intervals."""
    parts = [f"{metric_or_score(metric).label} · {metric_or_score(metric).says}".rstrip(" ·")]
    if metric_or_score(metric).uses_spend:
        parts.append("cash" if ask.assumptions.cost == "cash" else "cash + gifts")
    if interval:
        parts.append(f"{formats.share(ask.assumptions.confidence)} intervals over influencers")
    return " · ".join(parts)


def people(key: str, title: str, metric: str, best: bool, others: Sequence[str], span: int = 6,
           keep: Callable[[pd.DataFrame], pd.DataFrame] = lambda frame: frame, empty: str = "") -> Chart:  # fmt: skip
    """Influencers ranked by a metric, best or worst first; same names are told apart by id."""
    columns = (
        Column("influencer", "Influencer"),
        column(metric, judged_from=BREAK_EVEN.get(metric)),
        *(column(other) for other in others),
        Column("influencer_id", "Id"),
    )
    rising = best == (METRICS[metric].better == "lower")

    def frame(ask: Ask) -> pd.DataFrame:
        rows = ask.table((metric, *others), ("influencer",), metric if rising else f"-{metric}")
        return keep(rows.dropna(subset=[metric, "influencer_id"])).reset_index(drop=True)

    def say(rows: pd.DataFrame, ask: Ask) -> str:
        first, place = rows.iloc[0], "ahead" if best else "last"
        amount = METRICS[metric].write(first[metric])
        if len(rows) == 1:
            return f"Only {first['influencer']}: {amount}."
        return f"{first['influencer']} is {place} with {amount}, of {len(rows)} influencers."

    return Chart(
        key, title, metric, frame, columns, say,
        lambda rows, ask: drawn_ranked("influencer", metric)(told_apart(rows), ask),
        note=lambda ask: footnote(metric, ask), span=span, empty=empty,
        picks=("influencer", "influencer_id"),
    )  # fmt: skip


def over_time(key: str, title: str, lines: Sequence[tuple[str, str]], span: int = 8, grain: str = "") -> Chart:
    """Metrics over time. lines: metric and name of each line, all of one unit. grain: the chosen one unless told."""
    first = METRICS[lines[0][0]]
    named = (Column(metric, name, first.unit, METRICS[metric].better) for metric, name in lines)
    columns = (Column("date", "Day", "date"), *named)

    def frame(ask: Ask) -> pd.DataFrame:
        step = _step(grain or ask.assumptions.grain, ask.days())
        rows = ask.table(tuple(metric for metric, _ in lines), (step,))
        return rows[rows[step].notna()].rename(columns={step: "date"}).reset_index(drop=True)

    def draw(rows: pd.DataFrame, ask: Ask) -> Figure:
        known = [(metric, name) for metric, name in lines if rows[metric].notna().any()]
        long = pd.concat([rows[["date"]].assign(name=name, value=rows[metric]) for metric, name in known])
        return trend(long.reset_index(drop=True), first)

    return Chart(
        key, title, first.key, frame, columns, lambda rows, ask: sentences.moved(ask, *lines[0]), draw,
        note=lambda ask: f"{footnote(first.key, ask)} · by {grain or ask.assumptions.grain}", span=span,
        empty="No row behind this carries a day, so it cannot be drawn over time.",
    )  # fmt: skip


def _step(grain: str, days: int) -> str:
    """The dimension of a step; weeks become days where there are hardly five of them."""
    return "date" if grain == "day" or (grain == "week" and days <= 35) else grain


def shares(key: str, title: str, by: str, metric: str, others: Sequence[str] = (), span: int = 4,
           verb: str = "brings") -> Chart:  # fmt: skip
    """Parts of a whole by one dimension: a ring of at most five, the smaller ones together. verb: what a part does."""
    columns = (
        Column(by, schema.DIMENSIONS[by].label),
        column(metric),
        Column("share", "Share", "share"),
        *(column(other) for other in others),
    )

    def frame(ask: Ask) -> pd.DataFrame:
        rows = ask.table((metric, *others), (by,), f"-{metric}")
        rows = rows[rows[metric] > 0]
        rows = rows.assign(share=rows[metric] / rows[metric].sum())
        return rows[[one.key for one in columns]].reset_index(drop=True)

    def shown(rows: pd.DataFrame) -> pd.DataFrame:
        pairs = rows[[by, metric]].rename(columns={by: "name", metric: "value"})
        if len(pairs) <= 5:
            return pairs
        rest = pd.DataFrame({"name": [f"{len(pairs) - 4} others"], "value": [pairs["value"].iloc[4:].sum()]})
        return pd.concat([pairs.head(4), rest], ignore_index=True)

    return Chart(
        key, title, metric, frame, columns, lambda rows, ask: sentences.shares(rows, by, metric, verb),
        lambda rows, ask: ring(rows, METRICS[metric]), shown, lambda ask: footnote(metric, ask), span=span, least=2,
        picks=(by, "name"),
    )  # fmt: skip


def scattered(key: str, title: str, rows: Callable[[Ask], pd.DataFrame], x: str, y: str, size: str, name: str,
              say: Say, columns: tuple[Column, ...], log: tuple[bool, bool] = (False, False), span: int = 6,
              group: str = "", axis: Metric | None = None) -> Chart:  # fmt: skip
    """Bubbles: one metric against another, with a third as their size. axis: what x is, where it is no metric's key."""

    def draw(frame: pd.DataFrame, ask: Ask) -> Figure:
        named = {"name": frame[name], "x": frame[x], "y": frame[y], "size": frame[size]}
        shown = pd.DataFrame(named | ({"group": frame[group]} if group else {}))
        return quadrant(shown, axis or METRICS[x], METRICS[y], *log)

    def shown(frame: pd.DataFrame) -> pd.DataFrame:
        kept = finite(finite(finite(frame, x), y), size)
        kept = kept[(kept[x] > 0) if log[0] else kept[x].notna()]
        return kept[(kept[y] > 0) if log[1] else kept[y].notna()]

    return Chart(key, title, y, rows, columns, say, draw, shown, lambda ask: footnote(y, ask), span=span, least=4)
