"""Decides how “who leads, luck taken out?” is drawn: belief with its interval, the raw value faint beside."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analytics import formats
from analytics.figures.marks import (
    above,
    figure,
    hover,
    name_axis,
    note,
    packed,
    plain,
    room,
    rule,
    short,
    value_axis,
    written,
)
from analytics.metrics import Metric
from analytics.views import Figure

LEAST = 3
"""Groups; of fewer nobody can tell luck from difference."""
MOST = 12
"""Groups that fit."""

SLOT = 1.7
"""Of a bar's height: a row needs as much more, since its value stands above its dot."""
_SLOTS = 4
_ROOM = 0.05


def shrunken(frame: pd.DataFrame, metric: Metric, reference: float = 1.0, beside: str = "") -> Figure:
    """A dot on a thick line for what is believed of each group, a faint hollow diamond for its raw value.

    frame: name, estimate, lower, upper, raw, raw_lower, raw_upper (metric's unit, finite), text (written at the right),
    method, raw_method (ids, said on hover). The axis is laid out by what is believed; a raw value beyond it leaves as a
    faint arrow, its number on hover. reference: break-even, a dashed line. beside: what the texts say, written once
    above them, so that they stay short enough for a phone.
    """
    rows = frame.head(MOST).reset_index(drop=True)
    axis = value_axis([*rows["lower"].astype(float), *rows["upper"].astype(float), reference], metric.unit, 3)
    low, high = axis["range"]
    reach = (high - low) * _ROOM
    axis = axis | {"range": [low - reach, high + reach], "zeroline": False}
    meaning = note(f"break-even {written(reference, metric.unit)}", reference, 1, yref="y domain", yanchor="bottom",
                   xshift=-4, yshift=2)  # fmt: skip
    records = enumerate(rows.to_dict("records"))
    marks = [above(_number(row, metric), float(row["estimate"]), place, yshift=6) for place, row in records]
    texts = [note(short(text, 22), 1, place, xref="x domain", xshift=10) for place, text in enumerate(rows["text"])]
    head = note(beside, 1, 1, xref="x domain", xshift=10, yref="y domain", yanchor="bottom", yshift=2)
    return figure(
        [_raw(rows, axis["range"], metric), _lines(rows), _dots(rows, metric, beside)],
        margin={"l": 4, "r": room([beside, *rows["text"].map(lambda text: short(text, 22))], 150), "t": 24, "b": 4},
        xaxis=axis,
        yaxis=name_axis([short(name, 26) for name in rows["name"]], max(_SLOTS, len(rows))),
        meta={"slot": SLOT, "slot_paper": SLOT}, shapes=[rule("x", reference)],
        annotations=[meaning, head, *marks, *texts],
    )  # fmt: skip


def _number(row: dict[Any, Any], metric: Metric) -> str:
    """“2.1× (1.4–2.9×)”."""
    span = formats.interval(float(row["lower"]), float(row["upper"]), metric.unit)
    return f"{metric.write(float(row['estimate']))} ({span})"


def _lines(rows: pd.DataFrame) -> dict[str, Any]:
    ends = zip(rows["lower"].astype(float), rows["upper"].astype(float), strict=True)
    return {
        "type": "scatter", "mode": "lines", "hoverinfo": "skip", "line": {"color": "--accent", "width": 3},
        "x": packed(edge for low, high in ends for edge in (low, high, float("nan"))), "showlegend": False,
        "y": packed(value for place in rows.index for value in (place, place, float("nan"))),
    }  # fmt: skip


def _dots(rows: pd.DataFrame, metric: Metric, beside: str) -> dict[str, Any]:
    said = [
        f"{plain(row['name'])}  {_number(row, metric)}, {beside} {plain(row['text'])}, {plain(row['method'])}"
        for row in rows.to_dict("records")
    ]
    return {
        "type": "scatter", "mode": "markers", "x": packed(rows["estimate"].astype(float)), "y": packed(rows.index),
        "cliponaxis": False, "showlegend": False,
        "marker": {"color": "--accent", "size": 10, "line": {"color": "--accent", "width": 2}},
    } | hover(said)  # fmt: skip


def _raw(rows: pd.DataFrame, ends: list[float], metric: Metric) -> dict[str, Any]:
    """Raw values; those beyond the axis stand at its edge as arrows."""
    raw = rows["raw"].astype(float)
    symbols = [
        "triangle-left-open" if value < ends[0] else "triangle-right-open" if value > ends[1] else "diamond-open"
        for value in raw
    ]
    bare = rows[["name", "raw_method"]].assign(estimate=raw, lower=rows["raw_lower"], upper=rows["raw_upper"])
    said = [
        f"{plain(row['name'])}  raw {_number(row, metric)}, {plain(row['raw_method'])}"
        for row in bare.to_dict("records")
    ]
    return {
        "type": "scatter", "mode": "markers", "x": packed(raw.clip(*ends)), "y": packed(rows.index),
        "cliponaxis": False, "showlegend": False,
        "marker": {"color": "--grey-series", "size": 8, "symbol": symbols},
    } | hover(said)  # fmt: skip
