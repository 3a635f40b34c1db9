"""Decides how “how did it move?” is drawn: lines over time, named at their ends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

import pandas as pd

from analytics.figures.marks import (
    DIRECT,
    Look,
    figure,
    hover,
    instants,
    iso,
    letters,
    look,
    note,
    packed,
    plain,
    room,
    rule,
    scale,
    short,
    value_axis,
)
from analytics.metrics import Metric
from analytics.views import Figure

LEAST = 2
"""Days that a line needs."""
MOST = 8
"""Lines that can still be told apart."""

_LINE_HEIGHT = 0.09
"""Share of the smallest plot's height that a label takes."""
_LETTER = 0.022
"""Share of the smallest plot's width that a letter takes."""


class Noted(NamedTuple):
    """An annotation: its day, its words, how high they stand, and whether they stand before the line."""

    day: pd.Timestamp
    text: str
    level: int
    late: bool


def trend(frame: pd.DataFrame, metric: Metric, marks: Sequence[tuple[date, str]] = ()) -> Figure:
    """Lines over time.

    frame: date, name, value (in the metric's unit; NaN leaves a gap). The first name leads; names that start with
    “Organic” or hold “before” are grey. marks: (date, words) as dashed vertical lines.
    """
    names = list(dict.fromkeys(frame["name"]))
    looks = {name: look(position, str(name)) for position, name in enumerate(names)}
    lines = {name: frame[frame["name"] == name].sort_values("date") for name in names}
    first, last = frame["date"].min(), frame["date"].max()
    labels = _labels(lines, looks, metric) if len(names) <= DIRECT else []
    noted = _notes(marks, first, last)
    return figure(
        [_line(name, lines[name], looks[name], metric) for name in names],
        hovermode="x unified",
        showlegend=len(names) > DIRECT,
        margin={"l": 4, "b": 4, "t": 8 + 15 * (1 + max((mark.level for mark in noted), default=-1)) or 8,
                "r": room([label["text"] for label in labels], 150) if labels else 12},
        xaxis={"type": "date", "range": [iso(first), iso(last)], "showline": True, "hoverformat": "%-d %b %Y"}
        | month_ticks(first, last),
        yaxis=value_axis(frame["value"], metric.unit),
        annotations=labels + [_words(mark) for mark in noted],
        shapes=[rule("x", iso(mark.day), role="--muted") for mark in noted],
    )  # fmt: skip


def _line(name: object, rows: pd.DataFrame, style: Look, metric: Metric) -> dict[str, Any]:
    texts = [f"{short(name)}  {metric.write(float(value))}" for value in rows["value"]]
    return {
        "type": "scatter", "mode": "lines", "name": plain(name), "y": packed(rows["value"]), "connectgaps": False,
        "line": {"color": style.role, "width": 2, "dash": style.dash},
    } | instants(rows["date"]) | hover(texts)  # fmt: skip


def _labels(lines: dict[Any, pd.DataFrame], looks: dict[Any, Look], metric: Metric) -> list[dict[str, Any]]:
    """Each name at the end of its line; the value instead where there is but one line."""
    ends = {name: rows.dropna(subset="value").tail(1) for name, rows in lines.items()}
    found = [(float(end["value"].iloc[0]), name) for name, end in ends.items() if len(end)]
    *_, (low, high) = scale([value for rows in lines.values() for value in rows["value"]], metric.unit)
    heights = spread([value for value, _ in found], (high - low) * _LINE_HEIGHT, low, high)
    last = max(rows["date"].max() for rows in lines.values())
    return [
        note(
            short(name, 20) if len(lines) > 1 else metric.write(value),
            iso(last), height, xshift=6, font={"color": looks[name].ink, "weight": 600},
        )
        for (value, name), height in zip(found, heights, strict=True)
    ]  # fmt: skip


def spread(heights: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """The same heights moved apart to at least `gap`, within low and high as far as they fit, order kept."""
    order = sorted(range(len(heights)), key=lambda index: heights[index])
    moved: dict[int, float] = {}
    floor = low
    for index in order:
        moved[index] = max(heights[index], floor)
        floor = moved[index] + gap
    ceiling = high
    for index in reversed(order):
        moved[index] = min(moved[index], ceiling)
        ceiling = moved[index] - gap
    return [moved[index] for index in range(len(heights))]


def _notes(marks: Sequence[tuple[date, str]], first: Any, last: Any) -> list[Noted]:
    """The marks within the picture by date, each on the lowest level where its words are free of the others'."""
    whole = pd.Timestamp(last) - pd.Timestamp(first)
    placed: list[tuple[float, float, Noted]] = []
    for day, text in sorted((pd.Timestamp(day), short(text, 32)) for day, text in marks):
        place, width = (day - pd.Timestamp(first)) / whole, letters(text) * _LETTER
        if not 0 <= place <= 1:
            continue
        late = place + width > 1.05
        start, end = (place - width, place) if late else (place, place + width)
        taken = {other.level for left, right, other in placed if left < end and start < right}
        level = min(set(range(len(placed) + 1)) - taken)
        placed.append((start, end, Noted(day, text, level, late)))
    return [noted for _, _, noted in placed]


def _words(mark: Noted) -> dict[str, Any]:
    return note(
        mark.text, iso(mark.day), 1, yref="y domain", yanchor="bottom", yshift=2 + 15 * mark.level,
        xanchor="right" if mark.late else "left",
    )  # fmt: skip


def month_ticks(first: Any, last: Any) -> dict[str, Any]:
    """At most about seven marks: days, months (the year at each January) or years, whatever the span asks for."""
    since, until = pd.Timestamp(first), pd.Timestamp(last)
    months = (until.year - since.year) * 12 + until.month - since.month + 1
    if (until - since).days < 50:
        days = pd.date_range(since, until, freq=f"{max(1, -(-((until - since).days + 1) // 6))}D")
        return _ticks(list(days), [f"{day.day} {day:%b}" for day in days])
    step = next((size for size in (1, 2, 3, 6) if months <= 7 * size), 12 * -(-months // 84))
    starts = pd.date_range(since.replace(day=1), until, freq="MS")
    kept = [max(day, since) for day in starts if (day.month - 1) % step == 0 or step > 6]
    kept = [day for day in kept if day.day <= 7 and (step <= 6 or (day.month == 1 and day.year % (step // 12) == 0))]
    if step > 6:
        return _ticks(kept, [str(day.year) for day in kept])
    return _ticks(kept, [f"{day:%b}" + (f"<br>{day.year}" if day.month == 1 else "") for day in kept])


def _ticks(days: list[Any], texts: list[str]) -> dict[str, Any]:
    return {"tickmode": "array", "tickvals": [iso(day) for day in days], "ticktext": texts}
