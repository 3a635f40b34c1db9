"""Decides how far a reader may trust the number: ten lights with their words, and the balance of the arms."""

from __future__ import annotations

import pandas as pd

from analytics import formats, prepare
from analytics.ask import Ask
from analytics.incrementality import paths
from analytics.incrementality.trust.checks import subject, trust
from analytics.page import Chart
from analytics.views import Column

LAMPS = {"green": "● holds", "amber": "◆ with care", "red": "■ fails", "grey": "○ not known"}
"""Light → its shape and word, so that no colour is needed."""

_VERBS = {"green": ("holds", "hold"), "amber": ("holds with care", "hold with care"), "red": ("fails", "fail"),
          "grey": ("is not known", "are not known")}  # fmt: skip


def _lights(ask: Ask) -> pd.DataFrame:
    made = trust(prepare.slice_of(ask), prepare.court_of(ask), ask.assumptions)
    rows = [
        {"name": one.name, "light": LAMPS[one.light], "figure": one.written if one.light != "grey" else "",
         "says": one.says, "colour": one.light}
        for one in made
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["name", "light", "figure", "says", "colour"])


def _say(rows: pd.DataFrame, ask: Ask) -> str:
    about = subject(prepare.court_of(ask))
    if about is None:
        return "No method measures anything here yet, so there is nothing to trust; each line says what would."
    counts = rows["colour"].value_counts()
    words = [_counted(int(counts[key]), key) for key in LAMPS if counts.get(key, 0)]
    held = "the headline" if about.role == "headline" else "the nearest that there is, which is directional"
    return f"Of {len(rows)} checks of {about.method}, {held}: {formats.listing(words)}."


def _counted(number: int, light: str) -> str:
    one, many = _VERBS[light]
    return f"{number} {one if number == 1 else many}"


def _balance(ask: Ask) -> pd.DataFrame:
    """Each figure written in its own unit, since a column has but one."""
    rows = paths.balance(prepare.slice_of(ask))
    written = {
        key: [formats.write(float(value), unit) for value, unit in zip(rows[key], rows["unit"], strict=True)]
        for key in ("treated", "control", "difference")
    }
    alike = ["alike" if is_balanced else "apart" for is_balanced in rows["is_balanced"]]
    return rows.assign(**written, standardised=[f"{value:.2f}" for value in rows["standardised"]], alike=alike)


def _say_balance(rows: pd.DataFrame, ask: Ask) -> str:
    apart = rows[~rows["is_balanced"].astype(bool)]["figure"].str.lower().tolist()
    if not apart:
        return "The arms were alike before the test in everything that is known of it."
    return (
        f"Before the test the arms differed in {formats.listing(apart)}. A fair draw does that too;"
        " methods that use the time before take it out."
    )


TRUST = Chart(
    "trust", "How far can this be trusted?", "iroas", _lights,
    (Column("name", "Check"), Column("light", "Light"), Column("figure", "Figure"), Column("says", "What was found")),
    _say, kind="lights", span=5,
    note=lambda ask: "● holds  ◆ with care  ■ fails  ○ not known",
)  # fmt: skip
BALANCE = Chart(
    "balance", "Were the arms alike before?", "iroas", _balance,
    (Column("figure", "Per unit"), Column("treated", "Test"), Column("control", "Control"),
     Column("standardised", "Apart, in sd"), Column("alike", "Verdict")),
    _say_balance, kind="table", span=5,
    note=lambda ask: "Means per unit before the test · apart: by more than 0.1 standard deviations (sd)",
)  # fmt: skip
