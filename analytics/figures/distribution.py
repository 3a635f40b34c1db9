"""Decides how “how is it spread?” is drawn: counts over bins that someone else has cut."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from analytics import formats
from analytics.figures.marks import above, figure, hover, note, packed, plain, rule, short, value_axis
from analytics.metrics import Metric
from analytics.views import Figure

LEAST = 3
"""Bins."""
MOST = 60
"""Bins that can still be seen."""

_WRITTEN = 12
"""Up to so many bins carry their count; beyond, an axis does."""


def histogram(frame: pd.DataFrame, metric: Metric, marks: Sequence[tuple[float, str]] = ()) -> Figure:
    """Bars without gaps, their counts above them.

    frame: left, right (edges in the metric's unit, ascending), count. marks: (value, words), such as the median
    and “half are below ₹51,391”: dashed lines with their words.
    """
    rows = frame.head(MOST).reset_index(drop=True)
    middles = ((rows["left"] + rows["right"]) / 2).astype(float)
    first, last = float(rows["left"].iloc[0]), float(rows["right"].iloc[-1])
    few = len(rows) <= _WRITTEN
    upright = value_axis(rows["count"], "count", 4)
    top = float(rows["count"].max()) * (1.12 if few else 1.0)
    shown = {"range": [0, top or 1.0], "showgrid": False, "showticklabels": False} if few else {}
    inside = [(value, text) for value, text in marks if first <= value <= last]
    return figure(
        [_bars(rows, middles, metric)],
        bargap=0,
        margin={"l": 14, "r": 14, "t": 8 + 15 * max(1, len(inside)), "b": 4},
        xaxis={"range": [first, last], "showline": True, "title": {"text": plain(metric.label)}} | _edges(rows, metric),
        yaxis=upright | shown,
        shapes=[rule("x", float(value)) for value, _ in inside],
        annotations=(_counts(middles, rows["count"]) if few else [])
        + [_words(value, text, level, (first, last)) for level, (value, text) in enumerate(inside)],
    )


def _bars(rows: pd.DataFrame, middles: pd.Series, metric: Metric) -> dict[str, Any]:
    texts = [
        f"{formats.interval(row['left'], row['right'], metric.unit)}  {formats.count(row['count'])}"
        for row in rows.astype(float).to_dict("records")
    ]
    return {
        "type": "bar", "x": packed(middles), "y": packed(rows["count"]), "width": packed(rows["right"] - rows["left"]),
        "marker": {"color": "--accent-soft", "line": {"color": "--card", "width": 1.5}},
    } | hover(texts)  # fmt: skip


def _counts(middles: pd.Series, counts: pd.Series) -> list[dict[str, Any]]:
    pairs = zip(middles, counts.astype(float), strict=True)
    return [
        above(formats.count(count), middle, count, yshift=1, font={"color": "--ink"})
        for middle, count in pairs
        if count
    ]


def _edges(rows: pd.DataFrame, metric: Metric) -> dict[str, Any]:
    """At most seven edges, evenly chosen, as people write them."""
    edges = [*rows["left"].astype(float), float(rows["right"].iloc[-1])]
    chosen = edges[:: -(-len(edges) // 7)]
    return {"tickmode": "array", "tickvals": chosen, "ticktext": [metric.write(edge) for edge in chosen]}


def _words(value: float, text: str, level: int, ends: tuple[float, float]) -> dict[str, Any]:
    late = (value - ends[0]) / (ends[1] - ends[0]) > 0.5
    return note(
        short(text, 40), float(value), 1, yref="y domain", yanchor="bottom", yshift=2 + 15 * level,
        xanchor="right" if late else "left",
    )  # fmt: skip
