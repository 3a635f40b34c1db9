"""Decides how a test is shown over time: what was sold beside what was expected, and tests that never were."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from analytics import formats, prepare
from analytics.ask import Ask
from analytics.figures.band import band
from analytics.figures.distribution import histogram
from analytics.figures.interval import intervals
from analytics.incrementality import paths
from analytics.incrementality.declared import is_running
from analytics.metrics import Metric
from analytics.page import Chart
from analytics.pages.incremental.court import IROAS
from analytics.sentences import counted
from analytics.views import Column, Figure

SOLD = Metric("revenue_of_test", "Revenue of test units", "money", ("revenue_all",), ("orders_all",),
              says="organic orders included")  # fmt: skip
LIFT = Metric("revenue_caused", "Revenue above expected", "money", ("revenue_all",), ("orders_all",),
              says="summed since the test began")  # fmt: skip
USUAL = Metric("of_a_usual_week", "Of a usual week", "multiple", ("revenue_all",), ("orders_all",))
STANDING = Metric("standing", "Growth beyond expected, in standard errors", "count", ("revenue_all",))
_BINS = 24
_DRAWN = 12


def _started(rows: pd.DataFrame) -> list[tuple[date, str]]:
    """The first day of the test, where the picture holds days before it."""
    inside = rows["in_test"].astype(bool)
    return [(pd.Timestamp(rows.loc[inside, "date"].min()).date(), "test begins")] if inside.any() else []


def _path(ask: Ask) -> pd.DataFrame:
    return paths.lift_over_time(prepare.slice_of(ask), ask.assumptions)


def _running(ask: Ask) -> pd.DataFrame:
    rows = _path(ask)
    return rows[rows["in_test"].astype(bool)].reset_index(drop=True)


def _draw_path(rows: pd.DataFrame, ask: Ask) -> Figure:
    return band(rows.rename(columns={"observed": "seen"}), SOLD, "Sold", "Expected", _started(rows))


def _draw_running(rows: pd.DataFrame, ask: Ask) -> Figure:
    names = {"cumulative": "expected", "cumulative_lower": "lower", "cumulative_upper": "upper"}
    sums = rows[["date", *names]].rename(columns=names)
    return band(sums, LIFT, expected="Caused so far", reference=0.0)


def _say_path(rows: pd.DataFrame, ask: Ask) -> str:
    inside = rows[rows["in_test"].astype(bool)]
    sold, expected = float(inside["observed"].sum()), float(inside["expected"].sum())
    outside = int(((inside["observed"] < inside["lower"]) | (inside["observed"] > inside["upper"])).sum())
    step = f"{rows['step'].iloc[0]}s"
    words = f"In the {_which(inside)} {formats.money(sold)} was sold where {formats.money(expected)} was expected"
    words += f"; {formats.count(outside)} of {formats.count(len(inside))} {step} lie outside the band"
    return f"{words} ({rows['method'].iloc[0]})."


def _which(inside: pd.DataFrame) -> str:
    """“4 whole weeks from 30 Mar 2026 on”: sums of whole steps are not those of the whole test."""
    step = str(inside["step"].iloc[0])
    whole = "whole " if step == "week" else ""
    day = formats.day(pd.Timestamp(inside["date"].iloc[0]).date())
    return f"{counted(len(inside), f'{whole}{step}', f'{whole}{step}s')} from {day} on"


def _say_running(rows: pd.DataFrame, ask: Ask) -> str:
    last = rows.iloc[-1]
    low, high = float(last["cumulative_lower"]), float(last["cumulative_upper"])
    total = float(last["cumulative"])
    words = f"{formats.money(abs(total))} {'below' if total < 0 else 'above'} expected in the {_which(rows)}"
    span = f"{formats.share(ask.assumptions.confidence)} interval {formats.interval(low, high, 'money')}"
    words += f" ({span}, {last['method']})"
    if is_running(prepare.slice_of(ask)):
        return f"{words}. The test is not over, and this band is no verdict: only iroas.always_valid may be read."
    meant = "which may still be nothing" if low <= 0 <= high else "more than nothing" if low > 0 else "a loss"
    return f"{words}: {meant}."


def _note_path(ask: Ask) -> str:
    return f"{formats.share(ask.assumptions.confidence)} band for each step by itself, not for all at once"


def _before(ask: Ask) -> pd.DataFrame:
    return paths.pre_trend(prepare.slice_of(ask), ask.assumptions.confidence)


def _draw_before(rows: pd.DataFrame, ask: Ask) -> Figure:
    """Test leaves the band round control exactly where the interval of their difference leaves zero."""
    drawn = pd.DataFrame({
        "date": rows["week"], "seen": rows["treated"], "expected": rows["control"],
        "lower": rows["treated"] - rows["upper"], "upper": rows["treated"] - rows["lower"],
    })  # fmt: skip
    return band(drawn, USUAL, "Test", "Control")


def _say_before(rows: pd.DataFrame, ask: Ask) -> str:
    apart = int(((rows["lower"] > 0) | (rows["upper"] < 0)).sum())
    by_chance = (1 - ask.assumptions.confidence) * len(rows)
    return (
        f"The arms differ in {formats.count(apart)} of {formats.count(len(rows))} weeks before the test;"
        f" chance alone gives about {formats.count(round(by_chance, 1))}."
    )


def _times(ask: Ask) -> pd.DataFrame:
    return paths.placebo_in_time(prepare.slice_of(ask), ask.assumptions.confidence)


def _some(rows: pd.DataFrame) -> pd.DataFrame:
    """So many that each can be read, evenly spread over all."""
    if len(rows) <= _DRAWN:
        return rows
    return rows.iloc[np.unique(np.linspace(0, len(rows) - 1, _DRAWN).round().astype(int))]


def _draw_times(rows: pd.DataFrame, ask: Ask) -> Figure:
    holds = rows["holds_zero"].astype(bool)
    return intervals(
        pd.DataFrame({
            "name": [f"from {formats.day(start)}" for start in rows["start"]], "estimate": rows["estimate"],
            "lower": rows["lower"], "upper": rows["upper"], "status": np.where(holds, "weak", "ok"),
            "text": np.where(holds, "nothing", "an effect"),
        }), IROAS, 0.0,
    )  # fmt: skip


def _say_times(rows: pd.DataFrame, ask: Ask) -> str:
    found = int((~rows["holds_zero"].astype(bool)).sum())
    by_chance = (1 - ask.assumptions.confidence) * len(rows)
    return (
        f"Of {counted(len(rows), 'pretended start', 'pretended starts')} before the test "
        f"{'none finds' if not found else '1 finds' if found == 1 else f'{formats.count(found)} find'} an effect that "
        f"cannot be; chance alone gives about {formats.count(round(by_chance, 1))}."
    )


def _units(ask: Ask) -> pd.DataFrame:
    return paths.placebo_in_units(prepare.slice_of(ask), ask.assumptions.confidence)


def _draw_units(rows: pd.DataFrame, ask: Ask) -> Figure:
    """How the control units are spread, and where the treated stand among them."""
    values = rows["standing"].to_numpy(float)
    counts, edges = np.histogram(values[~rows["is_treated"].to_numpy(bool)], bins=_edges(values))
    bins = pd.DataFrame({"left": edges[:-1], "right": edges[1:], "count": counts})
    return histogram(bins, STANDING, [(float(values[rows["is_treated"].to_numpy(bool)][0]), "the test units")])


def _edges(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Whole steps over all values, at least three of them and not many more than _BINS."""
    low, high = float(np.floor(values.min())), float(np.ceil(values.max()))
    step = max(1.0, np.ceil((high - low) / _BINS))
    return np.arange(low, max(high, low + 3 * step) + step, step)


def _say_units(rows: pd.DataFrame, ask: Ask) -> str:
    treated = rows[rows["is_treated"].astype(bool)].iloc[0]
    others = len(rows) - 1
    ahead = int(treated["rank"]) - 1
    return (
        f"{formats.count(ahead)} of {counted(others, 'control unit', 'control units')}, each pretended to be the test, "
        f"stand{'s' if ahead == 1 else ''} out more than the test units do (p = {float(treated['p']):.3f})."
    )


OVER_TIME = Chart(
    "lift_over_time", "What was sold, and what would have been?", "iroas", _path,
    (Column("date", "From", "date"), Column("observed", "Sold", "money"), Column("expected", "Expected", "money"),
     Column("lower", "At least", "money"), Column("upper", "At most", "money"), Column("method", "Method id")),
    _say_path, _draw_path, span=7, note=_note_path,
)  # fmt: skip
RUNNING = Chart(
    "lift_cumulative", "How much was caused so far?", "iroas", _running,
    (Column("date", "From", "date"), Column("cumulative", "Above expected", "money"),
     Column("cumulative_lower", "At least", "money"), Column("cumulative_upper", "At most", "money"),
     Column("method", "Method id")),
    _say_running, _draw_running, span=5, note=_note_path,
)  # fmt: skip
BEFORE = Chart(
    "pre_trend", "Did the arms move together before the test?", "iroas", _before,
    (Column("week", "Week", "date"), Column("treated", "Test", "multiple"), Column("control", "Control", "multiple"),
     Column("difference", "Difference", "multiple"), Column("lower", "From", "multiple"),
     Column("upper", "To", "multiple")),
    _say_before, _draw_before, span=7,
    note=lambda ask: "Each unit's week as a multiple of its own usual week · band: where Test would lie if alike",
)  # fmt: skip
IN_TIME = Chart(
    "placebo_time", "Would a test that never was have found something?", "iroas", _times,
    (Column("start", "From", "date"), Column("end", "To", "date"), Column("estimate", "iROAS", "multiple"),
     Column("lower", "From", "multiple"), Column("upper", "To", "multiple"), Column("method", "Method id")),
    _say_times, _draw_times, shown=_some, span=6, least=1,
    note=lambda ask: f"{formats.share(ask.assumptions.confidence)} intervals · no effect is true here",
)  # fmt: skip
IN_UNITS = Chart(
    "placebo_units", "Does the test stand out among its controls?", "iroas", _units,
    (Column("unit", "Unit"), Column("estimate", "iROAS", "multiple"), Column("lower", "From", "multiple"),
     Column("upper", "To", "multiple"), Column("standing", "Standard errors", "count"),
     Column("rank", "Rank", "count"), Column("method", "Method id")),
    _say_units, _draw_units, span=6,
    note=lambda ask: "Each control unit in turn pretended to be the test; expected growth from the other controls",
)  # fmt: skip
