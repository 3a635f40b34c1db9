"""Decides how “what would more of it show?” is drawn: one falling line over sizes, the chosen one marked."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analytics.figures.marks import above, figure, hover, note, packed, rule, value_axis, written
from analytics.metrics import Metric
from analytics.views import Figure

LEAST = 2
"""Sizes that a line needs."""


def curve(frame: pd.DataFrame, metric: Metric, chosen: float, wanted: float | None = None) -> Figure:
    """A line over sizes, the chosen size as a dot with its value.

    frame: size (a number, rising), value (in the metric's unit), text (how size and value read). chosen: a size of
    the frame. wanted: a dashed line at this value, named; None: none.
    """
    at = frame[frame["size"] == chosen]
    ends = [*frame["value"], *([wanted] if wanted is not None else [])]
    axis = value_axis(ends, metric.unit, 4)
    labels = [above(metric.write(float(value)), float(size), float(value), yshift=8)
              for size, value in zip(at["size"], at["value"], strict=True)]  # fmt: skip
    return figure(
        [_line(frame), _dot(at)],
        showlegend=False,
        margin={"l": 4, "r": 16, "t": 24, "b": 4},
        xaxis=_sizes(frame),
        yaxis=axis,
        shapes=[] if wanted is None else [rule("y", wanted)],
        annotations=labels + ([] if wanted is None else [_wanted(wanted, metric, ends)]),
    )


def _line(frame: pd.DataFrame) -> dict[str, Any]:
    return {
        "type": "scatter", "mode": "lines", "x": packed(frame["size"]), "y": packed(frame["value"]),
        "line": {"color": "--accent", "width": 2},
    } | hover(frame["text"])  # fmt: skip


def _dot(at: pd.DataFrame) -> dict[str, Any]:
    return {
        "type": "scatter", "mode": "markers", "x": packed(at["size"]), "y": packed(at["value"]), "cliponaxis": False,
        "marker": {"color": "--accent", "size": 11, "line": {"color": "--card", "width": 2}},
    } | hover(at["text"])  # fmt: skip


def _sizes(frame: pd.DataFrame) -> dict[str, Any]:
    first, last = float(frame["size"].min()), float(frame["size"].max())
    places = [float(size) for size in frame["size"]]
    kept = places[:: max(1, -(-len(places) // 7))]
    texts = [f"{size:g}" for size in kept]
    return {"range": [first, last], "tickmode": "array", "tickvals": kept, "ticktext": texts, "showline": True}


def _wanted(wanted: float, metric: Metric, ends: list[float]) -> dict[str, Any]:
    """Its name on the side of the dashed line on which the end of the curve is not."""
    side = ("top", -2) if ends[-2] >= wanted else ("bottom", 2)
    words = f"to be seen {written(wanted, metric.unit)}"
    return note(words, 1, wanted, xref="x domain", xanchor="right", yanchor=side[0], yshift=side[1])
