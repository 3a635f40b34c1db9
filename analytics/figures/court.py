"""Decides how “what do all methods say?” is drawn: words on one line, their interval under them, in groups."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from analytics import formats
from analytics.figures.interval import said
from analytics.figures.marks import figure, hover, note, packed, plain, rule, short, value_axis, written
from analytics.metrics import Metric
from analytics.views import Figure

LEAST = 1
"""Methods; one with its interval is worth a picture."""
MOST = 30
"""Methods that fit."""

ON_PAPER = 0.84
"""Of a bar's height: as much less a slot takes on paper, where words are small and a page is short."""
_HEADING, _WORDS, _ROW = 1.15, 0.4, 1.7
"""Slots that a group's heading takes; that lie between the top of a row and its words; that a row takes."""
_LINE = 1.2
"""Slots between the top of a row and its interval."""
_MARGIN = 0.6
"""How much further than the measurements the axis goes, in their own spread, before a formula is off this scale."""


class Look(NamedTuple):
    """How a standing is drawn; in grey the symbols and their sizes tell what the colours do."""

    role: str
    symbol: str
    size: int
    width: float


LOOKS: dict[str, Look] = {
    "headline": Look("--accent", "circle", 13, 4),
    "directional": Look("--ink", "circle", 9, 2),
    "weak": Look("--ink", "circle-open", 9, 2),
    "formula": Look("--grey-series", "square-open", 9, 2),
}
"""Standing of a method → its look."""


def court(frame: pd.DataFrame, metric: Metric, reference: float = 1.0) -> Figure:
    """Methods from top to bottom, a heading wherever the group changes.

    frame: group, name, estimate, lower, upper (metric's unit, finite), standing (a key of LOOKS), text (said on
    hover after the number). reference: 1 for break-even, 0 for no effect; a dashed line. The axis is laid out by what
    is no formula; what lies beyond it leaves as an arrow, its number still written.
    """
    rows = frame.head(MOST).reset_index(drop=True)
    tops, headings, bottom = _places(rows["group"])
    rows = rows.assign(place=[top + _LINE for top in tops])
    axis = _axis(rows, metric, reference)
    low, high = axis["range"]
    marks = [
        trace for standing in LOOKS for trace in _traces(rows[rows["standing"] == standing], standing, axis, metric)
    ]
    labels = [
        label for top, row in zip(tops, rows.to_dict("records"), strict=True) for label in _label(row, top, metric)
    ]
    return figure(
        [*marks, *_arrows(rows, low, high)],
        margin={"l": 8, "r": 8, "t": 22, "b": 4},
        xaxis=axis,
        yaxis={"range": [bottom, 0.0], "showticklabels": False},
        shapes=[rule("x", reference)],
        meta={"slot_paper": ON_PAPER, "whole_width": True},
        annotations=[_meaning(reference, metric), *headings, *labels],
    )


def _places(groups: pd.Series) -> tuple[list[float], list[dict[str, Any]], float]:
    """Top of every row in slots, the headings, and where all ends."""
    tops: list[float] = []
    headings: list[dict[str, Any]] = []
    cursor, before = 0.0, None
    for group in groups:
        if group != before:
            headings.append(_words(plain(group), 0, cursor + _HEADING / 2, font={"color": "--muted"}))
            cursor, before = cursor + _HEADING, group
        tops.append(cursor)
        cursor += _ROW
    return tops, headings, cursor


def _axis(rows: pd.DataFrame, metric: Metric, reference: float) -> dict[str, Any]:
    """Over all measurements and a little more; a formula far away does not squeeze them."""
    measured = rows[rows["standing"] != "formula"]
    near = (measured if len(measured) else rows)[["estimate", "lower", "upper"]].to_numpy(float)
    low, high = min(0.0, float(near.min())), max(reference, float(near.max()))
    more = _MARGIN * (high - low)
    ends = rows[["estimate", "lower", "upper"]].to_numpy(float)
    within = ends[(ends >= low - more) & (ends <= high + more)]
    axis = value_axis([*np.ravel(within), low, high, reference], metric.unit, 4)
    left, right = min(low, float(within.min())), max(high, float(within.max()))
    pad = 0.03 * (right - left)
    return axis | {"range": [left - pad if left < 0 else -pad, right + pad], "zeroline": False}


def _traces(picked: pd.DataFrame, standing: str, axis: dict[str, Any], metric: Metric) -> list[dict[str, Any]]:
    """Lines and dots of all rows with one standing, as far as they lie within the axis."""
    if picked.empty:
        return []
    style, (low, high) = LOOKS[standing], axis["range"]
    ends = picked[["lower", "upper"]].astype(float).clip(low, high).to_numpy()
    line = {
        "type": "scatter", "mode": "lines", "hoverinfo": "skip", "line": {"color": style.role, "width": style.width},
        "x": packed(value for pair in ends for value in (*pair, math.nan)),
        "y": packed(value for place in picked["place"] for value in (place, place, math.nan)),
    }  # fmt: skip
    seen = picked[picked["estimate"].astype(float).between(low, high)]
    dots: dict[str, Any] = {
        "type": "scatter", "mode": "markers", "x": packed(seen["estimate"]), "y": packed(seen["place"]),
        "marker": {"color": style.role, "size": style.size, "symbol": style.symbol, "line": {"width": 2}},
    } | hover(said(row, metric) for row in seen.to_dict("records"))  # fmt: skip
    return [line, dots]


def _arrows(rows: pd.DataFrame, low: float, high: float) -> list[dict[str, Any]]:
    """A head at the plot's edge wherever a row goes on beyond it."""
    # Just within the range: plotly.js leaves out what rounding puts beyond it.
    inset = 0.003 * (high - low)
    heads = [
        (edge, row["place"], symbol, LOOKS[str(row["standing"])].role)
        for row in rows.to_dict("records")
        for edge, symbol, leaves in (
            (low + inset, "triangle-left", row["lower"] < low), (high - inset, "triangle-right", row["upper"] > high)
        ) if leaves
    ]  # fmt: skip
    if not heads:
        return []
    return [{
        "type": "scatter", "mode": "markers", "hoverinfo": "skip", "cliponaxis": False,
        "x": packed(head[0] for head in heads), "y": packed(head[1] for head in heads),
        "marker": {"color": [head[3] for head in heads], "size": 9, "symbol": [head[2] for head in heads]},
    }]  # fmt: skip


def _label(row: dict[Any, Any], top: float, metric: Metric) -> list[dict[str, Any]]:
    """Name at the left; number and interval at the right."""
    leads = row["standing"] == "headline"
    ink = "--accent" if leads else "--muted" if row["standing"] == "formula" else "--ink"
    span = formats.interval(float(row["lower"]), float(row["upper"]), metric.unit)
    font = {"color": ink, "weight": 600 if leads else 400}
    value = f"<b>{metric.write(float(row['estimate']))}</b>  {span}"
    return [
        _words(short(row["name"], 34), 0, top + _WORDS, font=font),
        _words(value, 1, top + _WORDS, xanchor="right", font={"color": ink}),
    ]


def _words(text: str, x: float, y: float, **more: Any) -> dict[str, Any]:
    """Words on a ground of their own, so that no line runs through them."""
    return note(text, x, y, xref="x domain", bgcolor="--card", borderpad=0, **more)


def _meaning(reference: float, metric: Metric) -> dict[str, Any]:
    text = f"break-even {written(reference, metric.unit)}" if reference else "no effect"
    return note(text, reference, 1, yref="y domain", xanchor="center", yanchor="bottom", yshift=2)
