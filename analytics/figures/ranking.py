"""Decides how “who is ahead?” is drawn: bars from zero in the given order, their values at their ends."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from analytics import formats
from analytics.figures.marks import figure, finite, hover, name_axis, note, packed, plain, rule, short, whiskers, words
from analytics.metrics import Metric
from analytics.views import Figure

LEAST = 3
"""Groups below which a sentence says it better."""
MOST = 12
"""Bars; what comes after is counted in words."""

Numbers = np.ndarray[Any, np.dtype[np.float64]]

_SLOTS = 5
"""Rows that the picture has at least, so that few bars do not become walls."""
_TEXT = 0.24
"""Share of the plot's width kept free for a value."""


def ranking(frame: pd.DataFrame, metric: Metric, reference: float | None = None, reference_text: str = "") -> Figure:
    """Horizontal bars, first row on top and in accent.

    frame: name, value and, where known, lower, upper (metric's unit; NaN is written “–”). reference: a dashed line
    at that value, with its words (“break-even 1×”). Rows beyond MOST are left out and counted.
    """
    rows = frame.head(MOST)
    lower, upper = (rows[key if key in rows else "value"].astype(float).to_numpy() for key in ("lower", "upper"))
    low, high = _ends(rows["value"], lower, upper, [] if reference is None else [reference])
    rest = len(frame) - len(rows)
    slots = max(_SLOTS, len(rows)) + (0.7 if reference_text or rest else 0)
    return figure(
        [_bars(rows, lower, upper, metric), _values(rows, lower, upper, metric, reference, (low, high))],
        bargap=0.44,
        xaxis={"range": [low, high], "showticklabels": False, "zeroline": low < 0, "zerolinecolor": "--line-strong"},
        yaxis=name_axis([short(name) for name in rows["name"]], slots),
        shapes=[] if reference is None else [rule("x", reference, -0.5, len(rows) - 0.35, other="y")],
        annotations=_remarks(reference, reference_text, rest, len(rows), (low, high)),
    )


def _ends(*numbers: Iterable[float]) -> tuple[float, float]:
    """Range of the bars with room for the values beside them."""
    known = finite(*numbers)
    low, high = min(known), max(known)
    beside = ((high - low) or 1.0) * _TEXT / (1 - _TEXT)
    return low - (beside if low < 0 else 0.0), high + beside


def _bars(rows: pd.DataFrame, lower: Numbers, upper: Numbers, metric: Metric) -> dict[str, Any]:
    values = rows["value"].astype(float).to_numpy()
    texts = [
        f"{plain(name)}  {metric.write(value)}"
        + (f" ({formats.interval(low, high, metric.unit)})" if low < high else "")
        for name, value, low, high in zip(rows["name"], values.tolist(), lower.tolist(), upper.tolist(), strict=True)
    ]
    trace = {
        "type": "bar", "orientation": "h", "x": packed(values), "y": packed(range(len(rows))),
        "marker": {"color": ["--accent", *["--accent-soft"] * (len(rows) - 1)]},
    } | hover(texts)  # fmt: skip
    if (lower < upper).any():
        trace["error_x"] = whiskers(values, lower, upper)
    return trace


def _values(
    rows: pd.DataFrame,
    lower: Numbers,
    upper: Numbers,
    metric: Metric,
    reference: float | None,
    ends: tuple[float, float],
) -> dict[str, Any]:
    """The values as text behind bar and whisker, and behind the reference line where it would run through them."""
    values = rows["value"].astype(float).to_numpy()
    down = np.nan_to_num(values) < 0
    after = np.where(down, np.fmin(values, lower), np.fmax(values, upper))
    after = np.nan_to_num(after)
    if reference is not None:
        width = (ends[1] - ends[0]) * _TEXT * 0.7
        hit = np.where(
            down, (after - width < reference) & (reference <= after), (after <= reference) & (reference < after + width)
        )
        after = np.where(hit & ~np.isnan(values), reference, after)
    sides = ["middle left" if left else "middle right" for left in down]
    texts = [f" {metric.write(value)} " for value in values.tolist()]
    return words(after, range(len(rows)), texts, sides, weight=600)


def _remarks(
    reference: float | None, text: str, rest: int, count: int, ends: tuple[float, float]
) -> list[dict[str, Any]]:
    """Below the last bar what the line means, below the last name how many are not shown."""
    found = []
    if reference is not None and text:
        left = (reference - ends[0]) / (ends[1] - ends[0]) < 0.6
        anchor, shift = ("left", 4) if left else ("right", -4)
        found.append(note(short(text, 40), reference, count - 0.3, xanchor=anchor, xshift=shift))
    if rest:
        words_left = f"and {formats.count(rest)} more"
        found.append(note(words_left, 0, count - 0.3, xref="x domain", xanchor="right", xshift=-5))
    return found
