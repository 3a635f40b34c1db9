"""Decides how “what is it made of?” is drawn: shares of a whole as a ring, and as bars of 100 %."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pandas as pd

from analytics import formats
from analytics.figures.marks import (
    DIRECT,
    figure,
    hover,
    name_axis,
    note,
    packed,
    plain,
    short,
)
from analytics.metrics import Metric
from analytics.views import Figure

LEAST = 3
"""Parts below which a sentence says it better (bars of `stacked`: one is enough)."""
MOST = 5
"""Parts of a ring and of a stacked bar."""
ON_PAPER = 1.7
"""Of a bar's height: as much more a slot takes on paper, where a share is written in the bar and a legend above."""
_LETTERS = 38
"""Letters across the smallest plot."""


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


def stacked(frame: pd.DataFrame, metric: Metric) -> Figure:
    """A bar of 100 % for each name, cut into its parts, each share written where it fits.

    frame: name, part, value (≥ 0, in the metric's unit); names from top to bottom and parts from left to right in
    the order in which they first come, at most MOST parts, from light to dark: grey paper tells them apart by that. A
    name without any value keeps its row, empty.
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
        bargap=0.3,
        meta={"slot_paper": ON_PAPER},
        showlegend=not labels,
        legend={"traceorder": "normal"},
        margin={"l": 4, "r": 12, "t": 24 if labels else 8, "b": 4},
        xaxis={"range": [0, 1], "showticklabels": False},
        yaxis=name_axis([short(name) for name in names], max(4, len(names))),
        annotations=labels + [note(formats.MISSING, 0, place, xshift=4) for place in np.flatnonzero(empty).tolist()],
    )


def _part(part: Any, position: int, shares: pd.DataFrame, values: pd.DataFrame, metric: Metric) -> dict[str, Any]:
    written = [formats.write(share, "share") for share in shares[part].tolist()]
    amounts = [metric.write(value) for value in values[part].tolist()]
    return {
        "type": "bar", "orientation": "h", "name": plain(part),
        "x": packed(shares[part]), "y": packed(range(len(shares))),
        "marker": {"color": f"--step-{position + 1}", "line": {"color": "--card", "width": 1.5}},
        "text": [text if share >= 0.09 else "" for text, share in zip(written, shares[part], strict=True)],
        "textposition": "inside", "insidetextanchor": "middle", "textangle": 0, "constraintext": "none",
        "insidetextfont": {"color": f"--on-step-{position + 1}"},
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
            font={"color": "--ink", "weight": 600},
        )
        for position, (part, start) in enumerate(zip(parts, starts, strict=True))
    ]  # fmt: skip
