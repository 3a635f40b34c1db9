"""Decides what the tab says of knowing: the smallest effect that a test would show, by weeks and spend."""

from __future__ import annotations

import pandas as pd

from analytics import formats
from analytics.ask import Ask
from analytics.effects.refusals import CannotTell
from analytics.figures.grid import grid
from analytics.metrics import Metric
from analytics.page import Chart
from analytics.planning.plan import by_weeks_and_spend
from analytics.planning.question import Question
from analytics.planning.scatter import Known, known_before, known_of
from analytics.views import Column, Figure
from data.experiments.record import UNITS

SMALLEST = Metric("smallest_effect", "Smallest effect seen", "multiple", ("revenue",), ("spend",), says="80 % power")
WEEKS, LEVELS, USUAL_WEEKS = (2, 4, 6, 8, 12), (0.5, 1.0, 2.0, 4.0), 6
CONTROL = 1 / 3


def _units(ask: Ask) -> Known:
    """What the data know best: campaigns, else influencers. Raises CannotTell."""
    for unit in ("campaign", "influencer"):
        known = known_of(ask, unit)
        if known is not None and known.spend > 0:
            return known
    raise CannotTell("Neither campaigns nor influencers are known with spend over enough weeks: use the planner below.")


def _question(known: Known) -> Question:
    """As many units as there are, a third of them control, at the spend that they usually have, after all the time
    before that is known."""
    control = max(round(len(known.revenue) * CONTROL), 2)
    treated = len(known.revenue) - control
    before = known_before(known, USUAL_WEEKS)
    return Question(known.unit, treated, control, USUAL_WEEKS, treated * USUAL_WEEKS * known.spend, before)


def _rows(ask: Ask) -> pd.DataFrame:
    known = _units(ask)
    asked = _question(known)
    weeks = tuple(week for week in WEEKS if week <= max(known.weeks - asked.before, USUAL_WEEKS))
    rows = by_weeks_and_spend(known, asked, ask.assumptions.confidence, weeks, LEVELS)
    return rows.assign(units=float(len(known.revenue)))


def _draw(rows: pd.DataFrame, ask: Ask) -> Figure:
    weeks = [f"{week:g} weeks" for week in rows["weeks"]]
    spend = [f"{formats.money(amount)} a week" for amount in rows["spend"]]
    return grid(rows.assign(row=weeks, column=spend, value=rows["smallest"], n=rows["units"]), SMALLEST)


def _say(rows: pd.DataFrame, ask: Ask) -> str:
    asked = _question(_units(ask))
    usual = rows[(rows["weeks"] == USUAL_WEEKS)]
    now, more = (usual[usual["level"] == level].iloc[0] for level in (1.0, 4.0))
    arms = f"{asked.treated} test and {asked.control} control {UNITS[asked.unit]}"
    return (
        f"{USUAL_WEEKS} weeks with {arms} at {formats.money(now['spend'])} a week would show"
        f" {formats.multiple(now['smallest'])} or more of that spend; four times the spend,"
        f" {formats.multiple(more['smallest'])} or more ({asked.method})."
    )


def _note(ask: Ask) -> str:
    return f"{formats.share(ask.assumptions.confidence)} intervals · 80 % power · a third kept as control · by formula"


KNOWING = Chart(
    "knowing", "What would knowing take?", "", _rows,
    (
        Column("weeks", "Weeks", "count"), Column("spend", "Spend a week on test", "money"),
        Column("smallest", "Smallest effect seen", "multiple"), Column("units", "Units in both arms", "count"),
    ),
    _say, _draw, span=12, least=2, note=_note,
)  # fmt: skip
CHARTS = (KNOWING,)
