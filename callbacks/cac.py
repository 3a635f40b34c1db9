"""Decides when the tab that says what a customer costs is filled anew: whenever the query changes."""

from __future__ import annotations

from typing import Any

from dash import Dash

from callbacks import refill

PAGE = "cac"


def register(app: Dash, answers: Any, screen: Any) -> None:
    """Query in, properties out."""
    refill.register(app, answers, PAGE, screen)
