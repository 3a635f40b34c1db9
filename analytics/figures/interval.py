"""Decides how “how sure are we?” is drawn: an estimate with its interval a row, beside the line of no effect."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from analytics import formats
from analytics.figures.marks import (
    above,
    figure,
    finite,
    hover,
    name_axis,
    note,
    packed,
    plain,
    room,
    rule,
    short,
    value_axis,
    wrapped,
    written,
)
from analytics.metrics import Metric
from analytics.views import Figure

LEAST = 1
"""Estimates; one with its interval is worth a picture."""
MOST = 12
"""Estimates that fit."""

SLOT = 1.4
"""Of a bar's height: a row needs as much more, since its value stands above its dot."""
_SLOTS = 4
_LOOKS = {"ok": ("--accent", "--accent"), "weak": ("--grey-series", "--card")}


def intervals(frame: pd.DataFrame, metric: Metric, reference: float = 1.0) -> Figure:
    """A dot on a thick line for each estimate, its value above, first row on top.

    frame: name, estimate, lower, upper (metric's unit), status, text. status: 'ok' (accent), 'weak' (grey, hollow
    dot) or 'refused' (no mark; its text stands in the plot). An end that is infinite or NaN leaves as an arrow.
    text: what to say at the right of the row. reference: 1 for break-even, 0 for no effect; a dashed line.
    """
    rows = frame.head(MOST).reset_index(drop=True)
    is_drawn = (rows["status"] != "refused") & np.isfinite(rows["estimate"].astype(float))
    drawn = rows[is_drawn]
    axis = _axis(drawn, metric, reference)
    marks = [
        trace for status in _LOOKS for trace in _traces(drawn[drawn["status"] == status], status, axis["range"], metric)
    ]
    return figure(
        marks,
        margin={"l": 4, "r": room((short(text, 22) for text in drawn["text"]), 160), "t": 24, "b": 4},
        xaxis=axis,
        yaxis=name_axis([short(name, 26) for name in rows["name"]], max(_SLOTS, len(rows))),
        shapes=[rule("x", reference)],
        meta={"slot": SLOT, "slot_paper": SLOT},
        annotations=[_meaning(reference, metric), *_values(drawn, metric), *_remarks(rows, is_drawn)],
    )


def _axis(drawn: pd.DataFrame, metric: Metric, reference: float) -> dict[str, Any]:
    """From zero over all ends, with room for the arrows of the open ones."""
    ends = [value for key in ("estimate", "lower", "upper") for value in drawn[key].astype(float)]
    axis = value_axis([*ends, reference], metric.unit, 3)
    low, high = axis["range"][0], max(axis["range"][1], max(finite(ends)) * 1.04)
    room_left, room_right = (
        (~np.isfinite(drawn[key].astype(float))).any() * (high - low) * 0.07 for key in ("lower", "upper")
    )
    return axis | {"range": [float(low - room_left), float(high + room_right)], "zeroline": False}


def _traces(picked: pd.DataFrame, status: str, ends: list[float], metric: Metric) -> list[dict[str, Any]]:
    """Lines, dots and arrows of all rows with one status."""
    if picked.empty:
        return []
    role, fill = _LOOKS[status]
    left = [value if math.isfinite(value) else ends[0] for value in picked["lower"].astype(float)]
    right = [value if math.isfinite(value) else ends[1] for value in picked["upper"].astype(float)]
    line = {
        "type": "scatter", "mode": "lines", "hoverinfo": "skip", "line": {"color": role, "width": 3},
        "x": packed(value for pair in zip(left, right, strict=True) for value in (*pair, math.nan)),
        "y": packed(value for place in picked.index for value in (place, place, math.nan)),
    }  # fmt: skip
    dots: dict[str, Any] = {
        "type": "scatter", "mode": "markers", "x": packed(picked["estimate"]), "y": packed(picked.index),
        "cliponaxis": False, "marker": {"color": fill, "size": 10, "line": {"color": role, "width": 2}},
    } | hover(said(row, metric) for row in picked.to_dict("records"))  # fmt: skip
    return [line, dots, *_arrows(picked, left, right, role)]


def _arrows(picked: pd.DataFrame, left: list[float], right: list[float], role: str) -> list[dict[str, Any]]:
    """A head at the plot's edge wherever an end is open."""
    sides = (("lower", left, "triangle-left"), ("upper", right, "triangle-right"))
    heads = [
        (edge, place, symbol)
        for key, edges, symbol in sides
        for place, value, edge in zip(picked.index, picked[key].astype(float), edges, strict=True)
        if not math.isfinite(value)
    ]
    if not heads:
        return []
    return [{
        "type": "scatter", "mode": "markers", "hoverinfo": "skip", "cliponaxis": False,
        "x": packed(edge for edge, _, _ in heads), "y": packed(place for _, place, _ in heads),
        "marker": {"color": role, "size": 9, "symbol": [symbol for *_, symbol in heads]},
    }]  # fmt: skip


def said(row: dict[Any, Any], metric: Metric) -> str:
    """“Geo holdout  2.1× (1.4–2.9), headline”; an open end in words."""
    low, high = float(row["lower"]), float(row["upper"])
    if math.isfinite(low) and math.isfinite(high):
        span = formats.interval(low, high, metric.unit)
    elif math.isfinite(low):
        span = f"from {metric.write(low)}, no upper end"
    else:
        span = f"to {metric.write(high)}, no lower end" if math.isfinite(high) else "no ends"
    tail = f", {plain(row['text'])}" if row["text"] else ""
    return f"{plain(row['name'])}  {metric.write(float(row['estimate']))} ({span}){tail}"


def _meaning(reference: float, metric: Metric) -> dict[str, Any]:
    text = f"break-even {written(reference, metric.unit)}" if reference else "no effect"
    return note(text, reference, 1, yref="y domain", yanchor="bottom", xshift=-4, yshift=2)


def _values(drawn: pd.DataFrame, metric: Metric) -> list[dict[str, Any]]:
    estimates = zip(drawn.index, drawn["estimate"].astype(float), strict=True)
    return [above(metric.write(value), value, place, yshift=6) for place, value in estimates]


def _remarks(rows: pd.DataFrame, is_drawn: pd.Series) -> list[dict[str, Any]]:
    """Status words at the right; where nothing is drawn, the reason stands in the plot."""
    return [
        note(short(text, 22), 1, place, xref="x domain", xshift=10)
        if drawn
        else note(
            wrapped(text, 36) or formats.MISSING, 0, place, xref="x domain", xshift=8, bgcolor="--card", align="left"
        )
        for place, (text, drawn) in enumerate(zip(rows["text"], is_drawn, strict=True))
    ]
