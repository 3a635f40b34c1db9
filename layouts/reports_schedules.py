"""Decides how schedules stand on the screen: what goes to whom and when, how the last run ended, and those before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from layouts import ids

Said = Mapping[str, Any]
TONES = {"sent": "good", "active": "good", "failed": "bad", "broken": "bad", "in doubt": "unsure", "paused": "unsure"}
STATES = {"due": "waiting", "running": "being made"}
NONE_YET = "No schedule yet: let a report come by itself."
TO_NOBODY = "nobody: its reports stay here"
DOUBT = "In doubt: it left here and nobody said yes or no. Ask the reader before you send it again."


def section() -> Component:
    """The place of the list; callbacks.reports_schedules fills it."""
    title = "Schedules"
    return html.Section(
        [
            html.Div([html.H2(title, className="card-title"), _opens("New schedule")], className="card-head"),
            html.Div([], id=ids.SCHEDULES_SAID, role="status"),
            html.Div([], id=ids.SCHEDULES),
        ],
        className="card-panel", **{"aria-label": title},
    )  # fmt: skip


def _opens(words: str) -> Component:
    return html.A(words, href=f"#{ids.SCHEDULE_FORM}", className="button")


def listing(known: Sequence[Said]) -> Component:
    """All schedules; each with its buttons. known: as reports.desk.Desk.schedules says them."""
    if not known:
        return html.P([NONE_YET, " Fill in the form below and see its next five runs first."], className="muted")
    return html.Ul([_item(one) for one in known], className="schedule-list")


def _item(one: Said) -> Component:
    paused = one["state"] == "paused"
    state = html.Span([one["state"]], className=f"verdict {TONES.get(one['state'], 'plain')}")
    comes = " · ".join(part for part in (one["when"], f"next {one['next']}" if one["next"] else "") if part)
    lines = [html.P(part, className="muted") for part in (one["what"], comes) if part]
    to = html.P(["To ", ", ".join(one["to"]) or TO_NOBODY], className="muted")
    waits = html.P(f"It {one['waits']}.", className="muted") if one.get("waits") else None
    looked = html.P(f"Last look: {one['looked']}", className="muted") if one.get("looked") else None
    why = html.P(one["reason"], className="why") if one["reason"] else None
    live = html.Div(last(one["last"]), id=ids.schedule_part("live", one["id"]), className="last-run", role="status")
    head = html.Div([html.H3(one["name"]), state], className="schedule-head")
    said = html.Div([], id=ids.schedule_part("said", one["id"]), role="status")
    return html.Li([head, why, *lines, to, waits, looked, live, _buttons(one, paused), said, _history(one)],
                   **{"aria-label": one["name"]})  # fmt: skip


def _buttons(one: Said, paused: bool) -> Component:
    name, key = one["name"], one["id"]
    turn = ("resume", "Resume") if paused else ("pause", "Pause")
    if one["state"] == "broken":
        return html.Div([_sure("remove", key, name, "Remove", "It cannot be read any more.")], className="replies")
    return html.Div(
        [
            _button("now", key, "Send me one now", f"Send me one now: {name}"),
            _button(turn[0], key, turn[1], f"{turn[1]} {name}"),
            _button("change", key, "Change", f"Change {name}"),
            _sure("everybody", key, name, "Send to everybody", f"It goes now to: {', '.join(one['to']) or TO_NOBODY}."),
            _sure("remove", key, name, "Remove", "Nothing is sent any more; its reports stay."),
        ],
        className="replies",
    )


def _button(act: str, key: str, words: str, label: str) -> Component:
    return html.Button(words, id=ids.schedule_act(act, key), className="button small", **{"aria-label": label})


def _sure(act: str, key: str, name: str, words: str, why: str) -> Component:
    """Asks first."""
    yes = html.Button(f"Yes, {words.lower()}", id=ids.schedule_act(act, key), className="button small",
                      **{"aria-label": f"Yes, {words.lower()}: {name}"})  # fmt: skip
    return html.Details(
        [html.Summary(words, **{"aria-label": f"{words}: {name}"}), html.P(why, className="muted"), yes],
        className="sure",
    )


def _history(one: Said) -> Component:
    opens = html.Summary("History", id=ids.schedule_part("opens", one["id"]), n_clicks=0,
                         **{"aria-label": f"History of {one['name']}"})  # fmt: skip
    return html.Details([opens, html.Div([], id=ids.schedule_part("runs", one["id"]))], className="runs")


def last(run: Said | None) -> list[Component | str]:
    """The last run in a line: state, when, why, its files."""
    if run is None:
        return [html.P("It has not run yet.", className="muted")]
    return [html.P([html.Span("Last run ", className="muted"), *_line(run)]), *_why(run)]


def _line(run: Said) -> list[Component | str]:
    state = html.Span(STATES.get(run["state"], run["state"]), className=f"verdict {TONES.get(run['state'], 'plain')}")
    return [state, " ", html.Span(f"{run['asked']} {run['due']}"), *_files(run)]


def _files(run: Said) -> list[Component | str]:
    links: list[Component | str] = []
    for file in run["files"]:
        link = html.A(
            f"Open {file['form']}", href=file["href"], className="quiet-link", target="_blank", rel="noopener"
        )
        links += [" · ", link]
    return links


def _why(run: Said) -> list[Component]:
    return [html.P(run[key], className="why") for key in ("reason", "why", "remark") if run.get(key)]


def history(runs: Sequence[Said]) -> Component:
    """The latest runs, the newest first, each with what became of it at each reader."""
    if not runs:
        return html.P("It has not run yet.", className="muted")
    return html.Ol([_run(run) for run in runs], className="run-list")


def _run(run: Said) -> Component:
    facts = [
        f"covers {run['covers']}" if run["covers"] else "",
        f"sent {run['ended']}" if run["state"] == "sent" else f"ended {run['ended']}" if run["ended"] else "",
        f"data version {run['version']}" if run["version"] else "",
    ]
    said = html.P(" · ".join(part for part in facts if part), className="muted")
    readers = html.Ul([_reader(one) for one in run["recipients"]], className="readers") if run["recipients"] else None
    return html.Li([html.P(_line(run)), said, *_why(run), readers, _again(run)])


def _reader(one: Said) -> Component:
    tone = TONES.get(one["state"], "plain")
    return html.Li(
        [html.Span(one["state"], className=f"verdict {tone}"), f" {one['shown']} ({one['form']}) ", one["reason"]]
    )


def _again(run: Said) -> Component | None:
    """Ways to send a run again; what is in doubt is explained first."""
    parts: list[Component] = []
    if run["again"]:
        parts.append(_button("resend", run["id"], "Send again to those who failed", f"Send again: run of {run['due']}"))
    if run["in_doubt"]:
        parts.append(_sure("resend in doubt", run["id"], run["due"], "Send again to those in doubt too", DOUBT))
    return html.Div(parts, className="replies") if parts else None


def notices(known: Sequence[Said]) -> list[Component]:
    """What went wrong and nobody has put away yet."""
    return [
        html.Div(
            [
                html.Div([html.P(one["title"], className="strong-line"), html.P(one["sentence"]),
                          html.P(f"{one['when']}. {one['mail']}".strip(), className="muted")]),
                html.Button("Put away", id=ids.notice_seen(one["key"]), className="button small",
                            **{"aria-label": f"Put away: {one['title']}"}),
            ],
            className="notice left bad told", role="alert",
        )
        for one in known
    ]  # fmt: skip


def done(sentence: str) -> Component:
    """What a button has done."""
    return html.P(sentence, className="kept")


def refused(sentence: str) -> Component:
    """What could not be done, and why."""
    return html.P(sentence, className="plan-refused", role="alert")
