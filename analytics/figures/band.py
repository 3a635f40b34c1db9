"""Decides how “what would have come anyway?” is drawn: what was seen beside what was expected, with its band."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd

from analytics import formats
from analytics.figures.marks import figure, hover, instants, iso, note, packed, room, rule, short, value_axis
from analytics.figures.trend import month_ticks, spread
from analytics.metrics import Metric
from analytics.views import Figure

LEAST = 3
"""Days that a band needs."""
MOST = 4000
"""Days that a picture can hold."""

_LINE_HEIGHT = 0.09
"""Share of the smallest plot's height that a label takes."""


def band(
    frame: pd.DataFrame,
    metric: Metric,
    seen: str = "Seen",
    expected: str = "Expected",
    marks: Sequence[tuple[date, str]] = (),
    reference: float | None = None,
) -> Figure:
    """A dashed line in its band, and where the frame has one, the line of what was seen.

    frame: date (ascending), expected, lower, upper (metric's unit; NaN leaves a gap) and perhaps seen. Where nothing
    was seen, `expected` is itself the answer, drawn solid in accent: a sum with its band. seen, expected: what to
    call the lines at their ends. marks: (date, words) as dashed vertical lines. reference: a dashed level line,
    drawn where the axis holds it (zero always is).
    """
    rows = frame.sort_values("date")
    first, last = rows["date"].min(), rows["date"].max()
    has_seen = "seen" in rows
    names = {"expected": expected} | ({"seen": seen} if has_seen else {})
    everything = [value for key in (*names, "lower", "upper") for value in rows[key].astype(float)]
    axis, levels = value_axis(everything, metric.unit), [] if reference is None else [rule("y", reference)]
    labels = _labels(rows, names, axis["range"], has_seen)
    within = [(day, words) for day, words in marks if pd.Timestamp(first) <= pd.Timestamp(day) <= pd.Timestamp(last)]
    return figure(
        [*_area(rows), *(_line(rows, key, names[key], has_seen, metric) for key in names)],
        hovermode="x unified",
        margin={"l": 4, "b": 4, "t": 22 if within else 8, "r": room([label["text"] for label in labels], 150)},
        xaxis=_days(first, last),
        yaxis=axis,
        shapes=[*(rule("x", iso(day), role="--muted") for day, _ in within), *levels],
        annotations=labels + [_mark(day, words, first, last) for day, words in within],
    )


def _days(first: Any, last: Any) -> dict[str, Any]:
    """Months as everywhere; of single days every second, for a band is often narrow."""
    axis: dict[str, Any] = {
        "type": "date", "range": [iso(first), iso(last)], "showline": True, "hoverformat": "%-d %b %Y",
    }  # fmt: skip
    made = axis | month_ticks(first, last)
    days = (pd.Timestamp(last) - pd.Timestamp(first)).days < 50
    return made | {key: made[key][::2] for key in ("tickvals", "ticktext")} if days else made


def _area(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """The band: an unseen line below, and one above that fills down to it."""
    edge = {"type": "scatter", "mode": "lines", "hoverinfo": "skip", "line": {"width": 0, "color": "--accent-soft"}}
    days = instants(rows["date"])
    return [
        edge | days | {"y": packed(rows["lower"].astype(float))},
        edge | days | {"y": packed(rows["upper"].astype(float)), "fill": "tonexty", "fillcolor": "--accent-soft"},
    ]


def _line(rows: pd.DataFrame, key: str, name: str, has_seen: bool, metric: Metric) -> dict[str, Any]:
    leads = key == "seen" or not has_seen
    role, dash = ("--accent", "solid") if leads else ("--muted", "5px,3px")
    values = rows[key].astype(float).tolist()
    texts = [f"{short(name)}  {metric.write(value)}" for value in values]
    if key == "expected":
        ends = zip(rows["lower"].astype(float), rows["upper"].astype(float), strict=True)
        texts = [text + _span(*both, metric) for text, both in zip(texts, ends, strict=True)]
    return {
        "type": "scatter", "mode": "lines", "connectgaps": False, "y": packed(values),
        "line": {"color": role, "width": 2 if leads else 1.5, "dash": dash},
    } | instants(rows["date"]) | hover(texts)  # fmt: skip


def _span(low: float, high: float, metric: Metric) -> str:
    known = math.isfinite(low) and math.isfinite(high) and low < high
    return f" ({formats.interval(low, high, metric.unit)})" if known else ""


def _labels(rows: pd.DataFrame, names: dict[str, str], ends: list[float], has_seen: bool) -> list[dict[str, Any]]:
    """Each line's name at its end."""
    last = iso(rows["date"].max())
    final = {key: rows[key].astype(float).dropna() for key in names}
    known = {key: float(values.iloc[-1]) for key, values in final.items() if len(values)}
    heights = spread(list(known.values()), (ends[1] - ends[0]) * _LINE_HEIGHT, ends[0], ends[1])
    return [
        note(
            short(names[key], 20), last, height, xshift=6,
            font={"color": "--accent" if key == "seen" or not has_seen else "--muted", "weight": 600},
        )
        for key, height in zip(known, heights, strict=True)
    ]  # fmt: skip


def _mark(day: date, words: str, first: Any, last: Any) -> dict[str, Any]:
    late = (pd.Timestamp(day) - pd.Timestamp(first)) / (pd.Timestamp(last) - pd.Timestamp(first)) > 0.6
    return note(
        short(words, 32), iso(day), 1, yref="y domain", yanchor="bottom", yshift=2,
        xanchor="right" if late else "left",
    )  # fmt: skip
