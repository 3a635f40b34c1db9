"""Decides how a schedule is made on the screen: its fields, and beside them when it will be due before it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from data.filters import Filters
from errors import UserError
from layouts import ids
from layouts.forms import choice, field, text

FIELDS = (
    "name", "owner", "view", "template", "pages", "period", "form", "paper", "variant", "kind", "at", "days", "day",
    "n", "campaign", "cron", "zone", "recipients", "fresh", "length", "wait", "stale", "catch_up", "rule",
)  # fmt: skip
PARTS = ("at", "days", "day", "n", "campaign", "cron", "length", "wait")
"""Parts of the form that come and go with how often and how fresh (assets/reports.js)."""
KINDS = {
    "daily": "every day", "weekly": "on days of the week", "monthly": "on a day of the month",
    "quarterly": "on a day of the quarter", "after month end": "days after a month's end",
    "business day": "on a business day of the month", "campaign end": "days after a campaign's end",
    "cron": "as a cron text says", "on demand": "only when I ask",
}  # fmt: skip
FRESH = {"": "any", "imported": "imported shortly before", "rows": "rows up to shortly before",
         "new": "newer than the last report's"}  # fmt: skip
STALE = {"send": "send it, marked", "skip": "skip it"}
CATCH_UP = {"latest": "the latest one", "all": "each one", "none": "none"}
READERS_HINT = "asha@brand.com\nboard/weekly,xlsx\nhttps://hooks.brand.com/truelift"
ALL_DATA = "All data"


def section(choices: Mapping[str, Any]) -> Component:
    """The form, closed until it is wanted; callbacks.reports_form says what it would do."""
    aside = html.Div([], id=ids.SCHEDULE_PREVIEW, className="coming-runs", role="status")
    buttons = html.Div(
        [
            html.Button("Keep the schedule", id=ids.SCHEDULE_KEEP, className="button strong"),
            html.Button("Leave it as it was", id=ids.SCHEDULE_LEAVE, className="button", hidden=True),
        ],
        className="replies",
    )
    foot = [aside, buttons, html.Div([], id=ids.SCHEDULE_KEPT, role="status")]
    content = html.Div([html.Div(_groups(choices)), html.Div(foot, className="beside")], className="schedule-form")
    summary = html.Summary("New schedule", className="card-title")
    return html.Details(
        [summary, dcc.Store(id=ids.SCHEDULE_EDITED), content],
        id=ids.SCHEDULE_FORM, className="card-panel planner",
    )  # fmt: skip


def _groups(choices: Mapping[str, Any]) -> list[Component]:
    return [
        _group("What", _what(choices)),
        _group("When", _when(choices)),
        _group("To whom", _whom(choices)),
        _group("If something is late", _late(choices)),
    ]


def _group(title: str, fields: list[Component]) -> Component:
    return html.Fieldset([html.Legend(title), html.Div(fields, className="plan-fields")], className="group")


def _what(choices: Mapping[str, Any]) -> list[Component]:
    named = ids.scheduling
    periods = {one: one for one in choices["periods"]}
    variants = {"": "usual", choices["archive"]: "for the archive (PDF/A)"}
    return [
        _wide(field("Name", _typed("name", "Gritzo weekly", 120))),
        _wide(field("Filters", choice(named("view"), {"here": ALL_DATA, "all": ALL_DATA}, "here"),
                    "to change them: choose filters on any page and come back")),
        _wide(field("For whom it is written", choice(named("template"), choices["templates"], "brand"))),
        _wide(field("Tabs", _several("pages", choices["pages"]), "empty: those of the template")),
        field("Days", choice(named("period"), periods, "last full week")),
        field("Form", choice(named("form"), choices["forms"], "pdf")),
        field("Paper", choice(named("paper"), {one: one for one in choices["papers"]}, "A4")),
        field("PDF kind", choice(named("variant"), variants, "")),
    ]  # fmt: skip


def _when(choices: Mapping[str, Any]) -> list[Component]:
    kinds = {key: KINDS.get(key, key) for key in choices["kinds"]}
    days = [{"label": one[:3], "value": place} for place, one in enumerate(choices["weekdays"])]
    zones = dcc.Dropdown(
        choices["zones"], choices["zone"], id=ids.scheduling("zone"), clearable=False, className="plain"
    )
    return [
        _wide(field("How often", choice(ids.scheduling("kind"), kinds, "weekly"))),
        _coming("days", html.Fieldset([html.Legend("Days of the week"), dcc.Checklist(
            days, [0], id=ids.scheduling("days"), inline=True)], className="asked")),
        _coming("day", field("Day", _typed("day", "1, or last", 4, "1"), "a number, or “last”")),
        _coming("n", field("Days after", _typed("n", "3", 3, "3"))),
        _coming("campaign", field("Campaign", _typed("campaign", "Summer drop"), "as it is called in the data")),
        _coming("cron", field("Cron text", _typed("cron", "0 9 * * 1"), "minute hour day month weekday")),
        _coming("at", field("Time of day", _clock())),
        field("Time zone", zones),
        _wide(field("Only when a number says so (an alert)", _typed("rule", choices["alert"], 200),
                    "empty: each time; else it is looked at each time and sent once a change")),
    ]  # fmt: skip


def _whom(choices: Mapping[str, Any]) -> list[Component]:
    lines = dcc.Textarea(id=ids.scheduling("recipients"), placeholder=READERS_HINT, rows=4, className="lines",
                         spellCheck=False)  # fmt: skip
    mail = "" if choices["has_mail"] else " No mail server is set: mails are written as files."
    hint = f"one a line: mail address, folder or https webhook; “,xlsx” behind one: in that form.{mail}"
    owner = _typed("owner", "asha@brand.com", 254, choices["owner"])
    return [
        _wide(field("Recipients", lines, hint)),
        _wide(field("Owner's mail address", owner, "is told when something fails")),
    ]


def _late(choices: Mapping[str, Any]) -> list[Component]:
    named = ids.scheduling
    catch_up = {key: CATCH_UP[key] for key in choices["catch_up"]}
    return [
        field("Data must be", choice(named("fresh"), FRESH, "")),
        _coming("length", field("How shortly", _typed("length", "2d", 6, "2d"), "hours as 6h, days as 2d")),
        _coming("wait", field("Wait for them", _typed("wait", "4h", 6, "4h"), "hours as 4h, days as 1d"),
                field("And then", choice(named("stale"), STALE, "send"))),
        field("After a time without a worker", choice(named("catch_up"), catch_up, "latest"), "of the missed, make"),
    ]  # fmt: skip


def _typed(name: str, hint: str, most: int = 120, value: str = "") -> Component:
    typed = text(ids.scheduling(name), hint, most)
    typed.value, typed.debounce = value, 0.4
    return typed


def _clock() -> Component:
    return dcc.Input(id=ids.scheduling("at"), type="time", value="09:00", className="day-input")


def _several(name: str, options: Mapping[str, str]) -> Component:
    listed = [{"label": words, "value": key} for key, words in options.items()]
    return dcc.Dropdown(
        listed, [], multi=True, id=ids.scheduling(name), className="plain", placeholder="as the template"
    )


def _wide(one: Component) -> Component:
    return html.Div(one, className="wide")


def _coming(part: str, *fields: Component) -> Component:
    """Fields that are asked for only after another answer."""
    return html.Div(list(fields), id=ids.scheduling_part(part), className="part", hidden=True)


def views(query: str, is_kept: bool = False) -> list[dict[str, str]]:
    """The filters that a schedule may have: those of the page the reader came from (or its own), or none."""
    try:
        here = Filters.from_query(query).describe()
    except UserError:
        here = ALL_DATA
    if here == ALL_DATA:
        return [{"label": ALL_DATA, "value": "here"}]
    whose = "as it is" if is_kept else "of the page you came from"
    return [{"label": f"{here} ({whose})", "value": "here"}, {"label": ALL_DATA, "value": "all"}]


def preview(said: Mapping[str, Any]) -> Component:
    """When a schedule would be due, and what it would cover. said: as reports.desk.Desk.preview says it."""
    runs = html.Ol([html.Li(one) for one in said["next"]]) if said["next"] else html.P(said["none"], className="muted")
    covers = (
        html.P(["The first covers ", html.Strong(said["covers"]), f" ({said['period']})."]) if said["covers"] else None
    )
    return html.Div(
        [
            html.H3("Looked at next" if said.get("is_alert") else "Next five runs"),
            html.P([html.Strong(said["when"]), f" ({said['zone']})"]),
            html.P(said["now"], className="now") if said.get("now") else None,
            runs, covers,
            html.P(said["short"], className="short") if said["short"] else None,
            html.P(f"Filters: {said['view']}.", className="muted"),
            html.P(f"It {said['waits']}.", className="muted") if said["waits"] else None,
        ]
    )  # fmt: skip


def kept(name: str, changed: bool) -> Component:
    """That a schedule is kept."""
    return html.P(
        f"“{name}” is {'changed' if changed else 'kept'}: a worker makes it when it is due.", className="kept"
    )
