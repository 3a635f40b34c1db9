"""Decides how “what is it made of?” is drawn: shares of a whole, steps from one total to the next."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pandas as pd

from analytics import formats
from analytics.figures.marks import (
    DIRECT,
    above,
    figure,
    hover,
    look,
    name_axis,
    note,
    packed,
    plain,
    short,
    wrapped,
)
from analytics.metrics import Metric
from analytics.views import Figure

LEAST = 3
"""Parts below which a sentence says it better (bars of `stacked`: one is enough)."""
MOST = 5
"""Parts of a ring and of a stacked bar."""
MOST_STEPS = 9
"""Columns of a waterfall."""

_LETTERS = 38
"""Letters across the smallest plot."""
_CUT = 0.6
"""A waterfall whose lowest point is above this share of its highest has its base cut."""


def ring(frame: pd.DataFrame, metric: Metric) -> Figure:
    """Shares of a whole as a ring, the largest in accent, each named with its share; the whole in the middle.

    frame: name, value (≥ 0, in the metric's unit, together the whole), at most MOST rows.
    """
    rows = frame.head(MOST)
    values = rows["value"].astype(float).fillna(0.0)
    whole = float(values.sum())
    middle = {"xref": "paper", "yref": "paper", "xanchor": "center"}
    total = {"yanchor": "bottom", "yshift": -4, "font": {"color": "--ink", "weight": 600}}
    return figure(
        [_slices(rows["name"].tolist(), values.tolist(), whole, metric)],
        margin={"l": 8, "r": 8, "t": 16, "b": 16},
        annotations=[
            note(metric.write(whole), 0.5, 0.5, **middle, **total),
            note(short(metric.label, 20), 0.5, 0.5, yanchor="top", yshift=-4, **middle),
        ],
    )


def _slices(names: list[Any], values: list[float], whole: float, metric: Metric) -> dict[str, Any]:
    shares = [formats.write(value / whole if whole > 0 else math.nan, "share") for value in values]
    largest = values.index(max(values))
    colours = ["--accent" if place == largest else "--accent-soft" for place in range(len(values))]
    return {
        "type": "pie", "hole": 0.66, "sort": False, "direction": "clockwise", "automargin": True,
        "values": packed(values), "labels": [str(place) for place in range(len(values))],
        "text": [f"{short(name, 18)}  {share}" for name, share in zip(names, shares, strict=True)],
        "textinfo": "text", "textposition": "outside", "textfont": {"color": "--ink"},
        "marker": {"colors": colours, "line": {"color": "--card", "width": 2}},
    } | hover(
        f"{plain(name)}  {metric.write(value)} ({share})"
        for name, value, share in zip(names, values, shares, strict=True)
    )  # fmt: skip


def waterfall(frame: pd.DataFrame, metric: Metric) -> Figure:
    """Columns from one total over its changes to the next; the parts add up.

    frame: name, value (metric's unit), kind: 'total' stands on the ground, 'part' is a change to what stands before
    it. Good and bad follow the metric's `better`. When the changes are small beside the totals the base is cut, and
    a slanted gap through the totals says so.
    """
    rows = frame.head(MOST_STEPS).reset_index(drop=True)
    starts, ends = _steps(rows)
    ground, high = _ground(rows, starts, ends)
    stands = [max(ground, start) if ground > 0 else start for start in starts]
    tops = [max(pair) for pair in zip(stands, ends, strict=True)]
    texts = [_step_text(row, metric) for row in rows.to_dict("records")]
    totals = [place for place, kind in enumerate(rows["kind"]) if kind == "total"]
    width = 11 if len(rows) <= MOST else 8
    return figure(
        [_columns(rows, stands, ends, texts, metric)],
        bargap=0.32,
        margin={"l": 4, "r": 4, "t": 8, "b": 4},
        xaxis={"range": [-0.5, len(rows) - 0.5], "tickmode": "array", "tickvals": list(range(len(rows))),
               "ticktext": [wrapped(name, width) for name in rows["name"]]},
        yaxis={"range": [ground, ground + (high - ground) * 1.14], "showticklabels": False, "zeroline": ground < 0,
               "zerolinecolor": "--line-strong"},
        shapes=[*_connectors(ends), *(_gap(place) for place in totals if ground > 0)],
        annotations=[above(text, place, top) for place, (text, top) in enumerate(zip(texts, tops, strict=True))],
    )  # fmt: skip


def _ground(rows: pd.DataFrame, starts: list[float], ends: list[float]) -> tuple[float, float]:
    """Where the columns stand, and how high they reach: zero, unless that would hide the changes."""
    levels = [*ends, *(start for start, kind in zip(starts, rows["kind"], strict=True) if kind != "total")]
    low, high = min(levels), max(levels)
    if low > _CUT * high > 0:
        return max(0.0, low - (high - low) * 1.2), high
    return min(low, 0.0) * 1.08, max(high, 0.0)


def _steps(rows: pd.DataFrame) -> tuple[list[float], list[float]]:
    """Where each column starts and ends; a change that cannot be computed moves nothing."""
    starts, ends, level = [], [], 0.0
    for kind, value in zip(rows["kind"], rows["value"].astype(float).fillna(0), strict=True):
        starts.append(0.0 if kind == "total" else level)
        level = float(value) if kind == "total" else level + float(value)
        ends.append(level)
    return starts, ends


def _step_text(row: dict[Any, Any], metric: Metric) -> str:
    value = float(row["value"])
    if row["kind"] == "total" or value != value:
        return metric.write(value)
    return ("+" if value >= 0 else formats.MINUS) + metric.write(abs(value))


def _columns(
    rows: pd.DataFrame, stands: list[float], ends: list[float], texts: list[str], metric: Metric
) -> dict[str, Any]:
    up, down = {"higher": ("--good-mark", "--bad-mark"), "lower": ("--bad-mark", "--good-mark")}.get(
        metric.better, ("--accent", "--grey-series")
    )
    colours = [
        "--total" if kind == "total" else up if end >= start else down
        for kind, start, end in zip(rows["kind"], stands, ends, strict=True)
    ]
    return {
        "type": "bar", "x": packed(range(len(rows))), "base": packed(stands), "marker": {"color": colours},
        "y": packed(end - start for start, end in zip(stands, ends, strict=True)),
    } | hover(f"{plain(name)}  {text}" for name, text in zip(rows["name"], texts, strict=True))  # fmt: skip


def _connectors(ends: list[float]) -> list[dict[str, Any]]:
    """A hairline from each column's end to the next column."""
    return [
        {
            "type": "line", "layer": "below", "line": {"color": "--line-strong", "width": 1},
            "xref": "x", "yref": "y", "x0": place + 0.34, "x1": place + 0.66, "y0": end, "y1": end,
        }
        for place, end in enumerate(ends[:-1])
    ]  # fmt: skip


def _gap(place: int) -> dict[str, Any]:
    """The break mark: a slanted band of the card's colour through the foot of a total."""
    left, right = place - 0.4, place + 0.4
    return {
        "type": "path", "xref": "x", "yref": "y domain", "layer": "above", "fillcolor": "--card", "line": {"width": 0},
        "path": f"M {left},0.1 L {right},0.15 L {right},0.19 L {left},0.14 Z",
    }  # fmt: skip


def stacked(frame: pd.DataFrame, metric: Metric) -> Figure:
    """A bar of 100 % for each name, cut into its parts, each share written where it fits.

    frame: name, part, value (≥ 0, in the metric's unit); names from top to bottom and parts from left to right in
    the order in which they first come, at most MOST parts. A name without any value keeps its row, empty.
    """
    names = list(dict.fromkeys(frame["name"]))
    parts = list(dict.fromkeys(frame["part"]))[:MOST]
    values = frame.pivot_table("value", "name", "part", aggfunc="sum", sort=False).reindex(names)[parts].fillna(0.0)
    shares = values.div(values.sum(axis=1).where(lambda total: total > 0), axis=0)
    empty = shares.isna().all(axis=1)
    labels = _part_names(parts, shares.iloc[0].tolist())
    return figure(
        [_part(part, position, shares, values, metric) for position, part in enumerate(parts)],
        barmode="stack",
        bargap=0.4,
        showlegend=not labels,
        legend={"traceorder": "normal"},
        margin={"l": 4, "r": 12, "t": 24 if labels else 8, "b": 4},
        xaxis={"range": [0, 1], "showticklabels": False},
        yaxis=name_axis([short(name) for name in names], max(4, len(names))),
        annotations=labels + [note(formats.MISSING, 0, place, xshift=4) for place in np.flatnonzero(empty).tolist()],
    )


def _part(part: Any, position: int, shares: pd.DataFrame, values: pd.DataFrame, metric: Metric) -> dict[str, Any]:
    style = look(position, str(part))
    written = [formats.write(share, "share") for share in shares[part].tolist()]
    amounts = [metric.write(value) for value in values[part].tolist()]
    return {
        "type": "bar", "orientation": "h", "name": plain(part),
        "x": packed(shares[part]), "y": packed(range(len(shares))),
        "marker": {"color": style.role, "line": {"color": "--card", "width": 1.5}},
        "text": [text if share >= 0.09 else "" for text, share in zip(written, shares[part], strict=True)],
        "textposition": "inside", "insidetextanchor": "middle", "textangle": 0, "insidetextfont": {"color": style.on},
        "constraintext": "none",
    } | hover(
        f"{plain(name)}, {plain(part)}  {text} ({amount})"
        for name, text, amount in zip(shares.index, written, amounts, strict=True)
    )  # fmt: skip


def _part_names(parts: list[Any], first: list[float]) -> list[dict[str, Any]]:
    """Each part's name above its place in the first bar; none, for a legend, where one would not fit."""
    if len(parts) > DIRECT or any(
        not share * _LETTERS >= min(len(str(part)), 20) for part, share in zip(parts, first, strict=True)
    ):
        return []
    starts = [0.0, *itertools.accumulate(first[:-1])]
    return [
        note(
            short(part, 20), start, 1, yref="y domain", yanchor="bottom", yshift=2,
            font={"color": look(position, str(part)).ink, "weight": 600},
        )
        for position, (part, start) in enumerate(zip(parts, starts, strict=True))
    ]  # fmt: skip
