"""Decides when the tab that says what to do next is filled anew: whenever the query changes."""

from __future__ import annotations

from typing import Any

from dash import Dash

from callbacks import refill

PAGE = "insights"


def register(app: Dash, answers: Any, screen: Any) -> None:
    """Query in, properties out."""
    refill.register(app, answers, PAGE, screen)
