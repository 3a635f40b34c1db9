"""Decides what a field of a form consists of: its label, its control, a short hint, and a slider with its number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

LINES = 4


def field(label: str, control: Component, says: str = "", key: str | None = None) -> Component:
    """A labelled control. says: a short line under it. key: an id, when the field comes and goes."""
    hint = html.Span(says, className="hint") if says else None
    named = {"id": key} if key else {}
    return html.Div([html.Label(label, htmlFor=control.id), control, hint], className="field", **named)


def number(key: str, value: Any, says: str = "") -> Component:
    """An input of a number that answers shortly after it was typed. It has no bounds of its own: a browser would turn
    a number beyond them into none at all, where our answer says what is wrong with it. says: shown while empty."""
    return dcc.Input(id=key, type="number", value=value, debounce=0.5, placeholder=says, className="number")


def text(key: str, hint: str, most: int = 80) -> Component:
    """An input of one line, of so many characters at most."""
    return dcc.Input(id=key, type="text", placeholder=hint, maxLength=most)


def day(key: str) -> Component:
    """The browser's own input of a day: it has its calendar and its order of day and month, and sends 2026-07-31."""
    # Dash lists no type "date", hands it to the browser all the same; a delay would ask it for a text cursor.
    return dcc.Input(id=key, type="date", className="day-input")


def lines(key: str, hint: str) -> Component:
    """An input of several lines."""
    return dcc.Textarea(id=key, placeholder=hint, rows=LINES, className="lines", spellCheck=False)


def choice(key: str, options: Mapping[str, str], value: str) -> Component:
    """A choice among few."""
    listed = [{"label": words, "value": one} for one, words in options.items()]
    return dcc.Dropdown(listed, value, id=key, clearable=False, searchable=False, className="plain")


def slid(label: str, keys: tuple[str, str], value: Any, stops: tuple[Any, ...], says: str = "") -> Component:
    """A slider over these stops with a number beside it; either moves the other (assets/planner.js).

    keys: ids of the number and of the slider. value: to begin with, one of the stops.
    """
    place = dcc.Input(
        id=keys[1], type="range", min=0, max=len(stops) - 1, step=1, value=stops.index(value), className="slide"
    )
    head = html.Div([html.Label(label, htmlFor=keys[0]), number(keys[0], value)], className="slid-head")
    named = html.Label(f"{label}, as a slider", htmlFor=keys[1], className="visually-hidden")
    hint = html.Span(says, className="hint") if says else None
    return html.Div([head, named, place, hint], className="field slid")


def fact(label: str, words: str) -> Component:
    """A label and its value."""
    return html.Div([html.Dt(label), html.Dd(words)], className="fact")


def card(key: str, title: str, says: str, content: list[Component]) -> Component:
    """A section across the whole width: its question, what it is for, and its parts."""
    lead = [html.H2(title, className="card-title"), html.P(says, className="card-summary")]
    return html.Section(
        [*lead, *content], id=key, className="card-panel planner", style={"--span": 12}, **{"aria-label": title}
    )


def refused(sentence: str) -> Component:
    """What can't be planned, drawn or declared, and what would mend it."""
    return html.P(sentence, className="plan-refused", role="alert")
