"""Decides how the tab that says what the influencers brought stands on the screen."""

from __future__ import annotations

from typing import Any

from dash.development.base_component import Component

from layouts.tab import tab

PAGE = "overview"


def layout(answers: Any) -> Component:
    """The tab before its figures have come."""
    return tab(PAGE, answers)
