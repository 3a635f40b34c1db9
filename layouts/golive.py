"""Decides how a go-live calendar stands on the screen: what it is drawn from, the drawn days, and how it is kept."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
from dash import dcc, html
from dash.development.base_component import Component

from analytics import formats
from layouts import ids
from layouts.forms import card, choice, day, field, number, text

FIELDS = ("influencers", "posts", "earliest", "weeks", "blackout", "per_day", "per_week", "gap", "balanced", "seed")
HEAT = 4
LISTED = 60


def section() -> Component:
    """The form that draws a calendar, and the places of what comes of it."""
    title = "Draw a go-live calendar: who posts when, at random"
    says = "Dates drawn at random make every campaign a test: later the calendar that was is held against all others."
    content = [
        dcc.Store(id=ids.DRAWN_WISH),
        dcc.Download(id=ids.CALENDAR_FILE),
        html.Div(_fields(), className="plan-fields"),
        html.Div(html.Button("Draw the calendar", id=ids.DRAW, className="button strong"), className="replies"),
        html.Div([], id=ids.DRAW_SAID),
        html.Div([], id=ids.DRAWN, className="drawn", role="status"),
        html.Div(_keep(), className="keep", id="keep"),
    ]
    return card("calendar", title, says, content)


def _fields() -> list[Component]:
    people = dcc.Dropdown([], [], multi=True, id=ids.drawing("influencers"), debounce=True, maxHeight=280,
                          placeholder="Choose influencers", className="plain")  # fmt: skip
    even = {"yes": "platforms and tiers spread evenly", "": "no further rule"}
    return [
        html.Div(field("Influencers", people), className="wide"),
        field("Posts of each", number(ids.drawing("posts"), 1)),
        field("First day", day(ids.drawing("earliest")), "empty: next Monday"),
        field("Weeks", number(ids.drawing("weeks"), 6)),
        field("Days without posts", text(ids.drawing("blackout"), "2026-10-20, 2026-10-21", 2000)),
        field("At most a day", number(ids.drawing("per_day"), 0), "0: no limit"),
        field("At most a week", number(ids.drawing("per_week"), 0), "0: no limit"),
        field("Days between", number(ids.drawing("gap"), 7), "posts of one person"),
        field("Balance", choice(ids.drawing("balanced"), even, "")),
        field("Seed", number(ids.drawing("seed"), 1), "redraws the same"),
    ]


def _keep() -> list[Component]:
    """What can be done with a drawn calendar; shown once there is one."""
    buttons = [
        html.Button("Keep as experiment", id=ids.KEEP, className="button strong"),
        html.Button("CSV", id=ids.CALENDAR_CSV, className="button"),
        html.Button("Calendar file (ICS)", id=ids.CALENDAR_ICS, className="button"),
    ]
    named = [
        field("Name of the experiment", text(ids.drawing("name"), "Diwali go-lives")),
        field("Drawn by", text(ids.drawing("by"), "your name")),
    ]
    return [
        html.Div(named, className="plan-fields"),
        html.Div(buttons, className="replies"),
        html.Div([], id=ids.KEPT, role="status"),
    ]


def drawn(view: Any) -> Component:
    """A drawn calendar: its sentence, its days as a strip of heat, and its posts as a table."""
    rest = len(view.rows) - LISTED
    more = html.P(f"{formats.count(rest)} more posts: take them as CSV.", className="muted") if rest > 0 else None
    return html.Div([html.P(view.sentence, className="plan-sentence"), _strip(view.days), _posts(view.rows), more])


def _strip(days: pd.DataFrame) -> Component:
    """A square a day, a column a week; darker with more posts, crossed where nothing may go live."""
    cells = [_square(row) for row in days.itertuples(index=False)]
    first: date = days["date"].iloc[0]
    lead = [html.I(className="day none")] * first.weekday()
    top = int(days["posts"].max())
    words = f"Posts a day over {len(days)} days, at most {top} on one day"
    shades = [html.I(className="day has-1"), " 1 post", html.I(className=f"day has-{min(top, HEAT)}"), f" {top} posts"]
    shut = [html.I(className="day shut"), " closed"] if days["blackout"].any() else []
    key = html.P([*(shades if top > 1 else shades[:2]), *shut, " · a column a week, Monday on top"],
                 className="strip-key muted")  # fmt: skip
    return html.Div([html.Div([*lead, *cells], className="strip", role="img", **{"aria-label": words}), key])


def _square(row: Any) -> Component:
    name = "day shut" if row.blackout else f"day has-{min(int(row.posts), HEAT)}"
    posts = "closed" if row.blackout else "1 post" if row.posts == 1 else f"{row.posts} posts"
    return html.I(className=name, title=f"{formats.day(row.date)}: {posts}")


def _posts(rows: pd.DataFrame) -> Component:
    head = html.Tr([*[html.Th(words, scope="col") for words in ("Day", "Weekday", "Influencer")],
                    html.Th("Post", scope="col", className="number")])  # fmt: skip
    body = [
        html.Tr([html.Th(formats.day(row.date), scope="row"), html.Td(row.weekday), html.Td(row.influencer),
                 html.Td(f"{row.post}", className="number")])
        for row in rows.head(LISTED).itertuples(index=False)
    ]  # fmt: skip
    caption = html.Caption("The drawn calendar", className="visually-hidden")
    table = html.Table([caption, html.Thead(head), html.Tbody(body)], className="plain-table")
    return html.Div(table, className="table-scroll drawn-table", tabIndex="0")


def kept(experiment: Any) -> Component:
    """That a calendar is kept, and where."""
    return html.P(f"Kept: {experiment.stamp}. It is listed under “Your experiments”.", className="kept")
