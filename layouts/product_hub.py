"""Decides how the tab that says which products they moved stands on the screen."""

from __future__ import annotations

from typing import Any

from dash.development.base_component import Component

from layouts.tab import tab

PAGE = "products"


def layout(answers: Any) -> Component:
    """The tab before its figures have come."""
    return tab(PAGE, answers)
