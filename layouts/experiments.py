"""Decides how declared experiments stand on the screen: the one question, asked once each, and the list with stamps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from analytics import formats
from data.experiments.record import UNITS
from data.filters import Filters
from layouts import ids
from layouts.forms import card, choice, day, field, lines, number, text

FIELDS = ("name", "unit", "random", "covers", "start", "end", "pre_start", "arms", "treated", "control",
          "size_treated", "size_control", "looks", "times", "by")  # fmt: skip
PARTS = ("sizes", "lists", "times")
"""Parts of the form that come and go with unit, arms and looks (assets/planner.js)."""
ANSWERS = {"yes": "Yes, drawn at random", "no": "No", "unknown": "I don't know"}
ARMS = {"rows": "as the rows say", "listed": "I list them"}
COVERS = {"": "everything", "here": "what the filters select now"}
LOOKS = {"once": "once, at the end", "planned": "weekly", "daily": "any day"}
NAMED = 5
NONE_YET = "No experiment is declared yet, so nothing here can be more than a direction."
ASK = "Were these campaigns assigned at random?"
PLACE = "experiments"
LINK = f"/iroas#{PLACE}"
LIST_SAYS = "one a line, or commas; influencers by their id"
LIST_HINT = "Gritzo wave 1\nGritzo wave 2"


def sections(answers: Any) -> list[Component]:
    """The list of declared experiments and the form that declares one; callbacks.experiments fills the list."""
    title = "Your experiments: were the arms drawn at random?"
    says = "Only you know. What you say is stored once for each experiment and stamped on every estimate."
    form = html.Details(
        [html.Summary("Declare an experiment", className="button"), html.Div(_form(), className="declare-form")]
    )
    content = [
        html.Div([], id=ids.EXPERIMENTS, className="experiments"),
        html.Div([], id=ids.FORGOTTEN, role="status"),
        form,
    ]
    return [card(PLACE, title, says, content)]


def _form() -> list[Component]:
    answer = dcc.RadioItems(
        [{"label": text, "value": key} for key, text in ANSWERS.items()], None, id=ids.declaring("random"), inline=True
    )
    asked = html.Fieldset([html.Legend(ASK), answer], className="asked")
    button = html.Button("Declare it", id=ids.DECLARE, className="button strong")
    return [
        asked,
        html.Div(_fields(), className="plan-fields"),
        html.Div(button, className="replies"),
        html.Div([], id=ids.DECLARED, role="status"),
    ]


def _fields() -> list[Component]:
    units = {key: plural.capitalize() for key, plural in UNITS.items() if key != "go_live"}
    named = ids.declaring
    return [
        field("Name", text(named("name"), "Diwali test against control")),
        field("Units assigned", choice(named("unit"), units, "campaign")),
        _coming("sizes", [
            field("Customers in test", number(named("size_treated"), None), "all that were drawn"),
            field("Customers in control", number(named("size_control"), None), "buyers or not"),
        ]),
        field("First day of the test", day(named("start")), "empty: the rows' period says"),
        field("Last day, as declared", day(named("end"))),
        field("Time before begins", day(named("pre_start")), "empty: first day of the data"),
        field("Test and control", choice(named("arms"), ARMS, "rows"), "their column campaign_type"),
        _coming("lists", [
            field("Units of the test", lines(named("treated"), LIST_HINT), LIST_SAYS),
            field("Units of the control", lines(named("control"), LIST_HINT), LIST_SAYS),
        ]),
        field("It covers", choice(named("covers"), COVERS, "")),
        field("Looked at", choice(named("looks"), LOOKS, "once"), "daily looks widen the interval"),
        _coming("times", [field("How many looks", number(named("times"), None), "empty: one a week")]),
        field("Who says so", text(named("by"), "your name")),
    ]  # fmt: skip


def _coming(part: str, fields: list[Component]) -> Component:
    """Fields that are asked for only after another answer."""
    return html.Div(fields, id=ids.declaring_part(part), className="coming", hidden=True)


def listing(declared: Sequence[Any], undeclared: bool = False) -> Component:
    """All declared experiments with their stamps. undeclared: rows carry arms, and nobody has said how they came."""
    ask = [html.P([html.Strong(f"{ASK} "), "Your rows carry test and control; say below how they came about."],
                  className="plan-refused")] if undeclared else []  # fmt: skip
    if not declared:
        return html.Div([*ask, html.P(NONE_YET, className="muted")])
    return html.Div([*ask, html.Ul([_item(one) for one in declared], className="experiment-list")])


def _item(one: Any) -> Component:
    facts = [_days(one), f"before from {formats.day(one.pre_start)}" if one.pre_start else "", _arms(one), _looks(one),
             f"covers {_covered(one.query)}" if one.query else ""]  # fmt: skip
    badge = {True: ("random", "good"), False: ("not random", "plain"), None: ("not said", "unsure")}[one.is_random]
    return html.Li(
        [
            html.Span(badge[0], className=f"verdict {badge[1]}"),
            html.Div([html.P(one.stamp), html.P(" · ".join(part for part in facts if part), className="muted")]),
            _remove(one) if one.stated_on else None,
        ]
    )


def _remove(one: Any) -> Component:
    """Asks first. What we know of the sample was not declared on a day, and can't be taken back."""
    sure = html.Button(
        "Yes, remove it", id=ids.forget(one.key), className="button", **{"aria-label": f"Yes, remove {one.name}"}
    )
    why = html.P("Its estimates become directions then.", className="muted")
    return html.Details([html.Summary("Remove", **{"aria-label": f"Remove {one.name}"}), why, sure], className="sure")


def _days(one: Any) -> str:
    return formats.span(one.start, one.end) if one.start and one.end else "days as the file's period says"


def _arms(one: Any) -> str:
    if one.calendar:
        count = len(one.calendar["posts"])
        return f"{formats.count(count)} posts, seed {one.calendar['seed']}"
    if one.treated:
        return f"{formats.count(len(one.treated))} test, {formats.count(len(one.control))} control"
    return "arms as the file's test and control say"


def _covered(query: str) -> str:
    """The selection in words: “Brand: Gritzo”."""
    return Filters.from_query(query).describe()


def _looks(one: Any) -> str:
    return {0: "looked at any day", 1: ""}.get(one.looks, f"{one.looks} looks planned")


def declared(experiment: Any, unseen: Sequence[str] = ()) -> Component:
    """That it is stored, and what follows. unseen: listed units that stand in no row."""
    follows = {
        True: "Its result can be a headline now.",
        False: "Its result stays a direction, and says so.",
        None: "Until you know, its result stays a direction.",
    }[experiment.is_random]
    parts = [f"Stored: {experiment.stamp}. {follows}"]
    if unseen:
        named = ", ".join(f"“{unit}”" for unit in unseen[:NAMED])
        more = f" and {formats.count(len(unseen) - NAMED)} more" if len(unseen) > NAMED else ""
        count = "1 unit stands" if len(unseen) == 1 else f"{formats.count(len(unseen))} units stand"
        parts.append(f" {count} in no row yet and count as having sold nothing: {named}{more}. Check the spelling.")
    return html.P(parts, className="kept")


def removed() -> Component:
    """That a declaration is gone."""
    return html.P("Removed. Estimates that rested on it are directions now.", className="kept")


def asked_after_import(undeclared: bool) -> Component | None:
    """The line on the Import page when arms came in and nobody has said how they were assigned."""
    if not undeclared:
        return None
    return html.P([f"These rows carry test and control. {ASK} ", dcc.Link("Say it once", href=LINK)])
