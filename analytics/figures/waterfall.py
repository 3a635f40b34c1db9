"""Decides how “why did it change?” is drawn: steps from one total over its causes to the next."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analytics import formats
from analytics.figures.marks import above, figure, hover, packed, plain, wrapped
from analytics.metrics import Metric
from analytics.views import Figure

LEAST = 2
"""Columns below which a sentence says it better."""
MOST = 9

_NARROW = 5
"""Columns up to which their names have room for longer words."""
_CUT = 0.6
"""When the lowest point is above this share of the highest, the base is cut."""


def waterfall(frame: pd.DataFrame, metric: Metric) -> Figure:
    """Columns from one total over its changes to the next; the parts add up.

    frame: name, value (metric's unit), kind: 'total' stands on the ground, 'part' is a change to what stands before
    it; optionally written: each column's label, where all are to have the same decimals. Good and bad follow the
    metric's `better`, and every change has its sign: no colour is needed. When the changes are small beside the
    totals the base is cut, and a slanted gap through the totals says so (`is_cut`, for the line below the picture).
    """
    rows = frame.head(MOST).reset_index(drop=True)
    starts, ends = _steps(rows)
    ground, high = _ground(rows, starts, ends)
    stands = [max(ground, start) if ground > 0 else start for start in starts]
    tops = [max(pair) for pair in zip(stands, ends, strict=True)]
    texts = [_step_text(row, metric) for row in rows.to_dict("records")]
    totals = [place for place, kind in enumerate(rows["kind"]) if kind == "total"]
    width = 11 if len(rows) <= _NARROW else 8
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


def is_cut(frame: pd.DataFrame) -> bool:
    """Whether the base of that picture is cut."""
    rows = frame.head(MOST).reset_index(drop=True)
    return _ground(rows, *_steps(rows))[0] > 0


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
    if "written" in row:
        return str(row["written"])
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
