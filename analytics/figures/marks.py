"""Decides the shapes that all pictures share: packed numbers, written-as-is names, notes, dashed rules, scales."""

from __future__ import annotations

import base64
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analytics import formats
from analytics.views import Figure

DAY_MS = 86_400_000
DIRECT = 4
"""Up to so many series are labelled where they are; beyond, a legend."""

_DASHES = ("solid", "dash", "dot")
_SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross")


@dataclass(frozen=True)
class Look:
    """How one series is drawn: mark and text role, what stands upon it, and two ways to tell it without colour."""

    role: str
    ink: str
    on: str
    dash: str
    symbol: str


def look(position: int, name: str = "") -> Look:
    """Series in order; dashes change when the five colours are used up. What is organic, or before, is grey."""
    folded = name.casefold()
    if folded.startswith("organic") or "before" in folded:
        return Look("--grey-series", "--grey-series-ink", "--on-grey-series", "solid", "circle-open")
    hue, again = position % 5 + 1, position // 5
    role, on = (f"--series-{hue}", f"--on-series-{hue}") if position else ("--accent", "--on-accent")
    ink = f"--series-{hue}-ink" if position else "--accent"
    return Look(role, ink, on, _DASHES[again % 3], _SYMBOLS[position % 5] + ("-open" if again % 2 else ""))


def packed(values: Iterable[float]) -> dict[str, str]:
    """Numbers as plotly.js reads them fastest: little-endian floats, base64. Every printed number is text beside it."""
    numbers = np.asarray(list(values), dtype="<f4")
    return {"dtype": "f4", "bdata": base64.b64encode(numbers.tobytes()).decode("ascii")}


def packed_table(rows: Sequence[Sequence[float]]) -> dict[str, str]:
    """The same for a table of numbers, row by row."""
    flat = [value for row in rows for value in row]
    return packed(flat) | {"shape": f"{len(rows)}, {len(rows[0])}"}


def instants(dates: pd.Series) -> dict[str, Any]:
    """Places on a time axis: a start and a step where the days are even, else ISO dates."""
    days = pd.DatetimeIndex(dates)
    steps = np.unique(np.diff(days.values).astype("timedelta64[D]").astype(int))
    if len(steps) == 1 and steps[0] > 0:
        return {"x0": iso(days[0]), "dx": int(steps[0]) * DAY_MS}
    return {"x": [iso(day) for day in days]}


def iso(day: Any) -> str:
    """2026-07-31."""
    return str(pd.Timestamp(day).date())


def plain(text: object) -> str:
    """A name as it is: plotly.js would read <, > and & as markup."""
    words = " ".join(str(text).split())
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def short(text: object, most: int = 24) -> str:
    """A name that fits beside a bar: its first letters, …, and its end, which often is what tells it apart."""
    words = " ".join(str(text).split())
    if len(words) <= most:
        return plain(words)
    tail = words[-(most // 3) :].lstrip()
    return plain(f"{words[: most - len(tail) - 1].rstrip()}…{tail}")


def wrapped(text: object, width: int = 12, lines: int = 2) -> str:
    """A name on a few short lines, broken between words, for below a bar."""
    rows = [""]
    for word in " ".join(str(text).split()).split(" "):
        joined = f"{rows[-1]} {word}".strip()
        if len(joined) <= width or not rows[-1]:
            rows[-1] = joined
        else:
            rows.append(word)
    kept = [*rows[: lines - 1], " ".join(rows[lines - 1 :])]
    return "<br>".join(short(row, width + 3) for row in kept if row)


def letters(text: str) -> int:
    """How many letters a reader sees: an entity is one."""
    return len(re.sub(r"&\w+;", "&", text))


def written(value: float, unit: str) -> str:
    """A round number as an axis writes it: 1×, not 1.0×."""
    return formats.ticks(value, unit, most=2)[1][-1] if value > 0 else formats.write(value, unit)


def room(texts: Iterable[str], most: int = 160) -> int:
    """Pixels that these texts need at the screen's type, names as written: about 6.8 a letter."""
    longest = max((letters(text) for text in texts), default=0)
    return min(most, round(longest * 6.8) + 12)


def note(text: str, x: Any, y: Any, **more: Any) -> dict[str, Any]:
    """Words at a place of the plot, without arrow, left-aligned on it unless told otherwise."""
    return {"text": text, "x": x, "y": y, "showarrow": False, "xanchor": "left", "yanchor": "middle"} | more


def rule(
    axis: str, at: Any, start: float = 0, end: float = 1, role: str = "--no-effect", other: str = ""
) -> dict[str, Any]:
    """A dashed line across the plot at a value of `axis` ('x' or 'y'), from start to end of the other one.

    other: reference of start and end, the plot's height or width (0 to 1) unless it names an axis.
    """
    across = "y" if axis == "x" else "x"
    return {
        "type": "line", "layer": "above", "line": {"color": role, "width": 1, "dash": "3px,3px"},
        f"{axis}ref": axis, f"{axis}0": at, f"{axis}1": at,
        f"{across}ref": other or f"{across} domain", f"{across}0": start, f"{across}1": end,
    }  # fmt: skip


def finite(*columns: Iterable[float]) -> list[float]:
    """All numbers of these columns that are numbers, zero among them."""
    return [0.0, *(float(value) for column in columns for value in column if math.isfinite(value))]


def scale(values: Iterable[float], unit: str, most: int = 5) -> tuple[list[float], list[str], list[float]]:
    """Axis from zero: positions, texts and range; below zero as far as the values go."""
    numbers = finite(values)
    low, high = min(numbers), max(numbers)
    places, texts = formats.ticks(max(high, -low), unit, most=most)
    upper = [(place, text) for place, text in zip(places, texts, strict=True) if high > 0 or place == 0]
    lower = [
        (-place, formats.MINUS + text) for place, text in zip(places, texts, strict=True) if 0 < place <= -low * 1.02
    ]
    both = sorted([*lower, *upper])
    top = both[-1][0] or (1.0 if low == 0 else -low * 0.05)
    return [place for place, _ in both], [text for _, text in both], [low * 1.08, top]


def value_axis(values: Iterable[float], unit: str, most: int = 5) -> dict[str, Any]:
    """That scale as an axis with light grid lines."""
    places, texts, ends = scale(values, unit, most)
    return {
        "range": ends, "tickmode": "array", "tickvals": places, "ticktext": texts, "showgrid": True,
        "zeroline": ends[0] < 0, "zerolinecolor": "--line-strong",
    }  # fmt: skip


def name_axis(names: Sequence[str], slots: float) -> dict[str, Any]:
    """Names from top to bottom at 0, 1, 2 …: by place, so that two of the same name stay two."""
    return {
        "range": [slots - 0.5, -0.5], "tickmode": "array", "tickvals": list(range(len(names))), "ticktext": list(names),
        "tickfont": {"color": "--ink"},
    }  # fmt: skip


def words(x: Iterable[float], y: Iterable[float], texts: Sequence[str], where: Any, **font: Any) -> dict[str, Any]:
    """A trace of nothing but text. where: Plotly's textposition, one or a list."""
    return {
        "type": "scatter", "mode": "text", "x": packed(x), "y": packed(y), "text": list(texts), "textposition": where,
        "textfont": {"color": "--ink"} | font, "cliponaxis": False, "hoverinfo": "skip", "showlegend": False,
    }  # fmt: skip


def whiskers(values: Iterable[float], lower: Iterable[float], upper: Iterable[float]) -> dict[str, Any]:
    """An interval around each value as thin lines, none where an end is not known."""
    reach = [
        (high - value, value - low) if math.isfinite(high - low) else (0.0, 0.0)
        for value, low, high in zip(values, lower, upper, strict=True)
    ]
    return {
        "type": "data", "symmetric": False, "array": packed(up for up, _ in reach),
        "arrayminus": packed(down for _, down in reach), "color": "--ink", "thickness": 1.2, "width": 0,
    }  # fmt: skip


def above(text: str, x: Any, y: Any, **more: Any) -> dict[str, Any]:
    """A value over its mark, on a ground of its own so that no line runs through it."""
    ground = {"xanchor": "center", "yanchor": "bottom", "yshift": 3, "bgcolor": "--card", "borderpad": 0}
    return note(text, x, y, **(ground | {"font": {"color": "--ink", "weight": 600}} | more))


def hover(texts: Iterable[str | list[str]]) -> dict[str, Any]:
    """What the pointer shows, already written."""
    return {"customdata": list(texts), "hovertemplate": "%{customdata}<extra></extra>"}


def figure(data: list[dict[str, Any]], **layout: Any) -> Figure:
    """Traces and layout as one figure; axes and notes without a colour get theirs from the template."""
    return {"data": data, "layout": layout}
