"""Decides when the tab that says which products they moved is filled anew: whenever the query changes."""

from __future__ import annotations

from typing import Any

from dash import Dash

from callbacks import refill

PAGE = "products"


def register(app: Dash, answers: Any, screen: Any) -> None:
    """Query in, properties out."""
    refill.register(app, answers, PAGE, screen)
