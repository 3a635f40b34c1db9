"""Decides how “where do two things meet?” is drawn: a table of cells, tinted by value, every value written."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from analytics import formats
from analytics.figures.marks import figure, hover, packed_table, plain, short, words, wrapped
from analytics.metrics import Metric
from analytics.views import Figure

LEAST = 2
"""Rows, and columns."""
MOST = 12
"""Rows, and columns, whose values can still be written."""
ON_PAPER = 1.45
"""Of a bar's height: as much more a slot takes on paper, where a cell of few observations has two lines."""
FEW = 5
"""Below so many observations a cell is not tinted, and says how many it has."""


def grid(frame: pd.DataFrame, metric: Metric) -> Figure:
    """Cells in the order in which rows and columns first come.

    frame: row, column, value (metric's unit), n (observations). A pair that is missing, or whose value cannot be
    computed, reads “–”; one with n below FEW is left white, its value grey with “n = 3” below.
    """
    rows = list(dict.fromkeys(frame["row"]))[:MOST]
    columns = list(dict.fromkeys(frame["column"]))[:MOST]
    found = {(row["row"], row["column"]): (float(row["value"]), float(row["n"])) for row in frame.to_dict("records")}
    cells = [[found.get((row, column), (math.nan, 0.0)) for column in columns] for row in rows]
    places = [(across, down, *cell) for down, line in enumerate(cells) for across, cell in enumerate(line)]
    sure = [place for place in places if not _is_few(place) or math.isnan(place[2])]
    few = [place for place in places if _is_few(place) and not math.isnan(place[2])]
    return figure(
        [
            _tints(rows, columns, cells, metric),
            _texts(sure, metric, "--ink"),
            *([_texts(few, metric, "--muted")] if few else []),
        ],
        margin={"l": 4, "r": 4, "t": 4, "b": 4},
        meta={"slot_paper": ON_PAPER},
        xaxis={"range": [-0.5, len(columns) - 0.5], "side": "top"} | _names([wrapped(name, 11) for name in columns]),
        yaxis={"range": [len(rows) - 0.5, -0.5]} | _names([short(name) for name in rows]),
    )


def _names(names: list[str]) -> dict[str, Any]:
    return {"tickmode": "array", "tickvals": list(range(len(names))), "ticktext": names, "tickfont": {"color": "--ink"}}


def _is_few(place: tuple[int, int, float, float]) -> bool:
    return place[3] < FEW


def _tints(
    rows: list[Any], columns: list[Any], cells: list[list[tuple[float, float]]], metric: Metric
) -> dict[str, Any]:
    """The tints stay pale, so that ink is readable on all of them."""
    texts = [
        [
            f"{plain(row)}, {plain(column)}  {metric.write(value)}, n = {formats.count(n)}"
            for column, (value, n) in zip(columns, line, strict=True)
        ]
        for row, line in zip(rows, cells, strict=True)
    ]
    known = [value for line in cells for value, n in line if n >= FEW and math.isfinite(value)]
    low, high = min([0.0, *known]), max([0.0, *known])
    return {
        "type": "heatmap", "xgap": 3, "ygap": 3, "hoverongaps": False, "showscale": False,
        "z": packed_table([[value if n >= FEW else math.nan for value, n in line] for line in cells]),
        "zmin": low, "zmax": high if high > low else low + 1.0,
        "colorscale": [[0, "--heat-low"], [1, "--heat-high"]],
    } | hover(texts)  # fmt: skip


def _texts(places: list[tuple[int, int, float, float]], metric: Metric, role: str) -> dict[str, Any]:
    texts = [
        metric.write(place[2])
        + (f"<br>n = {formats.count(place[3])}" if _is_few(place) and not math.isnan(place[2]) else "")
        for place in places
    ]
    return words([place[0] for place in places], [place[1] for place in places], texts, "middle center", color=role)
