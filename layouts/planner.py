"""Decides how planning a test stands on the screen: sliders, the answer in words, and the picture of it."""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash import dcc, html
from dash.development.base_component import Component

from analytics import formats
from analytics.figures.curve import curve
from analytics.metrics import Metric
from data.experiments.record import UNITS
from layouts import golive, ids
from layouts.forms import card, choice, fact, field, slid

SMALLEST = Metric("iroas_smallest", "Smallest iROAS seen", "multiple", ("revenue",), ("spend",), says="80 % power")
PLANNED = ("campaign", "influencer", "geo", "customer")
FIELDS = ("units", "size", "kept", "weeks", "before", "posts", "spend", "iroas")
_TENS = tuple(int(step * 10**power) for power in range(1, 6) for step in (1, 1.5, 2, 3, 4, 5, 6, 8))
STOPS: dict[str, tuple[Any, ...]] = {
    "size": (4, 6, 8, *_TENS, 1_000_000),
    "kept": (5, 10, 15, 20, 25, 30, 33, 40, 50, 60, 70, 80, 90),
    "weeks": (*range(1, 27), 30, 34, 39, 46, 52, 65, 78, 91, 104),
    "before": (None, *range(27), 30, 34, 39, 46, 52),
    "posts": (None, 1, 2, 5, *_TENS[:24]),
    "spend": (None, *(stop * 1000 for stop in _TENS), 10**9),
    "iroas": (0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.5, 3, 4, 5, 6, 8, 10, 15, 20),
}
"""Where a slider stops, by field; None: not said. The number beside it takes any other."""
ASKED: dict[str, tuple[str, Any, str]] = {
    "size": ("How many in all", 60, ""),
    "kept": ("Kept as control, %", 33, ""),
    "weeks": ("Weeks", 6, ""),
    "before": ("Weeks known before", None, "empty: as in your data"),
    "posts": ("Posts", None, "empty: not said"),
    "spend": ("Spend on test in all, ₹", None, "empty: as in your data"),
    "iroas": ("iROAS to be seen", 2, ""),
}
"""Field → label, what it begins with, hint."""


def sections(answers: Any) -> list[Component]:
    """Plan a test, and draw a go-live calendar; callbacks.planner and callbacks.golive fill them."""
    return [_plan(), golive.section()]


def _plan() -> Component:
    title = "Plan a test: what could it show, and what would knowing cost?"
    says = "Move anything; the answer rests on the scatter of your own data in this selection."
    picture = html.Div(
        dcc.Graph(
            id=ids.panel("figure", "planner", "curve"), figure={"data": [], "layout": {}}, responsive=True,
            config={"displayModeBar": False, "displaylogo": False}, className="graph",
        ),
        id=ids.panel("picture", "planner", "curve"), className="picture plan-picture", role="img",
    )  # fmt: skip
    drawn = [html.H3("Smallest iROAS seen, by weeks at the same spend a week"), picture]
    answer = html.Div([], id=ids.PLANNED, className="plan-answer", role="status")
    content = html.Div([answer, html.Div(drawn)], className="plan-columns")
    stores = [
        dcc.Store(id=ids.panel("spec", "planner", "curve")),
        dcc.Store(id=ids.PLAN_STOPS, data=STOPS),
        dcc.Store(id=ids.PLAN_WISH),
    ]
    return card("plan", title, says, [html.Div(_fields(), className="plan-fields slides"), *stores, content])


def _fields() -> list[Component]:
    units = {key: UNITS[key].capitalize() for key in PLANNED}
    sliders = [
        slid(label, (ids.plan(key), ids.sliding(key)), value, STOPS[key], says)
        for key, (label, value, says) in ASKED.items()
    ]
    return [field("Units drawn into arms", choice(ids.plan("units"), units, "campaign")), *sliders]


def planned(view: Any) -> tuple[Component, Any, str, str]:
    """The answer of a plan, its picture, the picture in words, and the spend it reckons with where none is named.
    view: analytics.planning.door.PlanView."""
    chances = [_chance(one) for one in view.plan.seen if one.iroas != view.plan.smallest]
    parts = [
        html.P(view.sentence, className="plan-sentence"),
        html.Dl([fact("Smallest iROAS seen", formats.multiple(view.plan.smallest)), *chances], className="facts"),
        html.P(view.agreement, className="muted"),
        html.P([html.Strong("Cost of knowing. "), view.cost]),
        html.P([html.Strong("The other way round. "), view.reverse]),
        html.Details([html.Summary("What this rests on"), html.Ul([html.Li(note) for note in view.notes])]),
    ]
    words = f"Smallest iROAS by weeks. {view.sentence}"
    return html.Div(parts), picture(view), words, formats.money(view.plan.question.spend)


def picture(view: Any) -> dict[str, Any]:
    """The falling line, with the weeks asked about as a dot."""
    rows = view.plan.curve
    texts = [
        f"{weeks:g} weeks: {formats.multiple(value)}"
        for weeks, value in zip(rows["weeks"], rows["smallest"], strict=True)
    ]
    frame = pd.DataFrame({"size": rows["weeks"], "value": rows["smallest"], "text": texts})
    return curve(frame, SMALLEST, float(view.plan.question.weeks), view.plan.question.wanted)


def _chance(seen: Any) -> Component:
    shown = f"{formats.share(round(seen.simulated.power, 2))}"
    return fact(f"Chance to see {formats.multiple(seen.iroas)}", shown)
