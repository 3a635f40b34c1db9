"""Decides how “what costs, what returns?” is drawn: bubbles over two metrics, cut into four fields."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from analytics import formats
from analytics.figures.marks import (
    figure,
    finite,
    hover,
    letters,
    look,
    note,
    packed,
    plain,
    rule,
    short,
    value_axis,
    written,
)
from analytics.metrics import Metric
from analytics.views import Figure

LEAST = 4
"""Bubbles below which a table says it better."""
MOST = 2000
"""Bubbles that a browser draws at once."""

Numbers = np.ndarray[Any, np.dtype[np.float64]]

_NAMED = 7
_LARGEST = 34
"""Diameter of the largest bubble, in pixels."""
_LETTER, _LINE = 0.021, 0.075
"""Shares of the smallest plot's width and height that a letter and a line take."""


class Label(NamedTuple):
    """A bubble that is named: its row, and whether the name stands at its left."""

    row: int
    left: bool


def quadrant(
    frame: pd.DataFrame,
    metric_x: Metric,
    metric_y: Metric,
    log_x: bool = False,
    log_y: bool = False,
    reference_x: float | None = None,
    reference_y: float | None = None,
) -> Figure:
    """Bubbles with the area of `size`, the few that matter named in the picture, all of them on hover.

    frame: name, x, y (units of their metrics), size (any amount ≥ 0) and, where wanted, group (five at most, told
    apart by colour and shape). log_x, log_y: what is not above zero cannot stand there and is counted in words.
    """
    rows = frame.head(MOST)
    shown = rows[_standing(rows["x"], log_x) & _standing(rows["y"], log_y)].reset_index(drop=True)
    x, y = _place(shown["x"], log_x), _place(shown["y"], log_y)
    axes = _axis(shown["x"], metric_x, log_x, reference_x), _axis(shown["y"], metric_y, log_y, reference_y)
    labels = _named(shown, _within(x, axes[0]), _within(y, axes[1]))
    groups = list(dict.fromkeys(shown["group"])) if "group" in shown else [""]
    return figure(
        [_bubbles(shown, group, place, (x, y), labels, metric_x, metric_y) for place, group in enumerate(groups)],
        showlegend=len(groups) > 1,
        legend={"yref": "container", "y": 1, "yanchor": "top", "itemsizing": "constant"},
        margin={"l": 4, "r": 16, "t": 44 if len(groups) > 1 else 24, "b": 4},
        xaxis=axes[0] | {"title": {"text": _titled(metric_x, log_x)}},
        yaxis=axes[1],
        shapes=_line("x", reference_x, log_x) + _line("y", reference_y, log_y),
        annotations=[*_names(shown, labels, x, y), _upright(metric_y, log_y, len(rows) - len(shown))],
    )


def _line(axis: str, at: float | None, log: bool) -> list[dict[str, Any]]:
    return [] if at is None else [rule(axis, math.log10(at) if log else at, role="--muted")]


def _standing(values: pd.Series, log: bool) -> pd.Series:
    numbers = values.astype(float)
    return np.isfinite(numbers) & (numbers > 0) if log else np.isfinite(numbers)


def _place(values: pd.Series, log: bool) -> Numbers:
    numbers = values.astype(float).to_numpy()
    placed: Numbers = np.log10(numbers) if log else numbers
    return placed


def _titled(metric: Metric, log: bool) -> str:
    return plain(metric.label) + (" (each step × 10)" if log else "")


def _axis(values: pd.Series, metric: Metric, log: bool, reference: float | None) -> dict[str, Any]:
    """A linear axis, or one that counts in powers of ten: places are exponents, so that no client need reckon."""
    numbers = [*values.astype(float), *([] if reference is None else [reference])]
    if not log:
        axis = value_axis(numbers, metric.unit)
        low, high = min(finite(numbers)), max(finite(numbers))
        return axis | {"range": [low - (high - low) * 0.06 if low < 0 else low, max(axis["range"][1], high * 1.08)]}
    powers = [math.log10(number) for number in numbers if number > 0] or [0.0]
    low, high = min(powers) - 0.15, max(powers) + 0.15
    places = [float(power) for power in range(math.ceil(low), math.floor(high) + 1)]
    return {
        "range": [low, high], "tickmode": "array", "tickvals": places, "showgrid": True,
        "ticktext": [written(10.0**place, metric.unit) for place in places],
    }  # fmt: skip


def _within(places: Numbers, axis: dict[str, Any]) -> Numbers:
    """Places as shares of the axis."""
    low, high = axis["range"]
    shares: Numbers = (places - low) / ((high - low) or 1.0)
    return shares


def _named(rows: pd.DataFrame, x: Numbers, y: Numbers) -> list[Label]:
    """The largest and the outermost, then by size: each only where its name lies on no other."""
    if rows.empty:
        return []
    by_size = np.argsort(-rows["size"].astype(float).to_numpy(), kind="stable")
    wanted = [by_size[0], np.argmax(y), np.argmax(x), np.argmin(y), *by_size[1:12]]
    kept: list[Label] = []
    taken: list[tuple[float, float, float]] = []
    for index in dict.fromkeys(int(number) for number in wanted):
        width = letters(short(rows["name"][index], 20)) * _LETTER + 0.08
        left = bool(x[index] + width > 1.02)
        start = float(x[index]) - (width if left else 0.03)
        box = (start, start + width + 0.03, float(y[index]))
        if len(kept) < _NAMED and not any(_meet(box, other) for other in taken):
            kept.append(Label(index, left))
            taken.append(box)
    return kept


def _meet(one: tuple[float, float, float], other: tuple[float, float, float]) -> bool:
    return one[0] < other[1] and other[0] < one[1] and abs(one[2] - other[2]) < _LINE


def _sizes(rows: pd.DataFrame) -> tuple[pd.Series, float]:
    """What the areas show, and the largest of it."""
    sizes = rows["size"].astype(float).fillna(0).clip(lower=0)
    return sizes, float(sizes.max()) or 1.0


def _bubbles(
    rows: pd.DataFrame,
    group: Any,
    position: int,
    places: tuple[Numbers, Numbers],
    labels: list[Label],
    metric_x: Metric,
    metric_y: Metric,
) -> dict[str, Any]:
    grouped = "group" in rows
    style, named = look(position, str(group)), {label.row for label in labels}
    sizes, largest = _sizes(rows)
    # Drawn in this order: small ones upon large ones, the named upon all.
    order = sorted(range(len(rows)), key=lambda index: (index in named, -sizes[index]))
    mine = [index for index in order if not grouped or rows["group"][index] == group]
    colour: Any = style.role if grouped else ["--accent" if index in named else "--accent-soft" for index in mine]
    return {
        "type": "scatter", "mode": "markers", "name": plain(group), "cliponaxis": False,
        "x": packed(places[0][mine]), "y": packed(places[1][mine]),
        "marker": {
            "color": colour, "symbol": style.symbol, "opacity": 1, "line": {"color": "--card", "width": 1},
            "size": packed(sizes.iloc[mine]), "sizemode": "area", "sizemin": 3, "sizeref": 2 * largest / _LARGEST**2,
        },
    } | hover(_said(row, metric_x, metric_y) for row in rows.iloc[mine].to_dict("records"))  # fmt: skip


def _said(row: dict[Any, Any], metric_x: Metric, metric_y: Metric) -> str:
    across = f"{plain(metric_x.label)} {metric_x.write(float(row['x']))}"
    upright = f"{plain(metric_y.label)} {metric_y.write(float(row['y']))}"
    return f"{plain(row['name'])}<br>{across}<br>{upright}"


def _names(rows: pd.DataFrame, labels: list[Label], x: Numbers, y: Numbers) -> list[dict[str, Any]]:
    """Names beside their bubbles, on the side where there is room."""
    sizes, largest = _sizes(rows)
    found = []
    for index, left in labels:
        radius = round(max(3.0, _LARGEST / 2 * math.sqrt(float(sizes[index]) / largest)) + 4, 1)
        side = {"xanchor": "right", "xshift": -radius} if left else {"xanchor": "left", "xshift": radius}
        name = short(rows["name"][index], 20)
        found.append(note(name, float(x[index]), float(y[index]), font={"color": "--ink"}, **side))
    return found


def _upright(metric: Metric, log: bool, missing: int) -> dict[str, Any]:
    """The upright axis is named at its top, where it can be read, with the count of what could not be drawn."""
    text = _titled(metric, log) + (f" · {formats.count(missing)} without a value not shown" if missing else "")
    return note(text, 0, 1, xref="x domain", yref="y domain", yanchor="bottom", yshift=6, xshift=-4)
