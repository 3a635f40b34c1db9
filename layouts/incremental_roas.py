"""Decides how the Incremental ROAS Center stands on the screen: the panels, with planner and experiments among them."""

from __future__ import annotations

from typing import Any

from dash import html
from dash.development.base_component import Component

from layouts import experiments, planner
from layouts.tab import tab

PAGE = "iroas"
PLANNER = "planner"
AFTER = "knowing"
"""The panel after which planning begins: what knowing takes, then the plan itself."""
WAYS = (
    ("All methods", "method_court"),
    ("How far to trust it", "trust"),
    ("Test against control", "test_control"),
    ("Over time", "lift_over_time"),
    ("Influencers", "influencer_iroas"),
    ("Plan a test", PLANNER),
    ("Your experiments", experiments.PLACE),
)
"""What this long page holds, in its order: planning is one click away, above all where nothing is measured yet."""


def layout(answers: Any) -> Component:
    """The tab before its figures have come."""
    sections = [*planner.sections(answers), *experiments.sections(answers)]
    return tab(PAGE, answers, {AFTER: html.Div(sections, id=PLANNER, className="between")}, WAYS)
