"""Decides what stands on the screen after a look: the sentence, the files, the check, and the bar with Import."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from analytics import formats
from layouts import ids
from layouts.importing import check, words
from layouts.importing.files import card
from layouts.importing.wishes import questions

Known = Mapping[str, Any]
ON = "Bring other files, or choose below to start from these alone."
SAID_ABOVE = "file.loaded"
CALM = "Nothing changes until you import. Every import can be undone."


def inspected(answer: Known, listed: Sequence[Known] = (), held: Sequence[Known] = ()) -> Component:
    """What each file was taken for and what would come of it.

    listed: the files of the upload, with their keys. held: those with rows set aside (data.quality.withheld).
    """
    if answer.get("error"):
        return refused(answer["error"], listed)
    if not answer["files"]:
        return nothing_new(answer, listed)
    keys = {one["name"]: one["key"] for one in listed}
    cards = [card(place, item, keys) for place, item in enumerate(answer["files"])]
    return html.Div(
        [
            html.H2(check.lead(answer), className="looked-lead", tabIndex="-1"),
            check.strip(answer),
            known_already(answer, listed),
            check.asked(answer),
            html.H2("What each file was taken for", className="step"),
            *cards,
            html.H2("Check before you import", className="step"),
            html.Section(
                [check.modes(answer), check.against(answer), check.accounts(answer)],
                className="file check",
            ),
            check.set_aside(answer, held),
            check.notes([one for one in answer.get("notes") or [] if one["rule"] != SAID_ABOVE]),
            check.capabilities(answer),
        ]
    )


def nothing_new(answer: Known, listed: Sequence[Known]) -> Component:
    """What stands there when all files are loaded already: that, and the ways on."""
    leaves = [html.Button(f"Remove {one['name']}", id=ids.leave(one["key"]), className="button") for one in listed]
    return html.Div(
        [
            html.H2(check.lead(answer), className="looked-lead", tabIndex="-1"),
            html.P(f"{formats.listing([one['name'] for one in listed])}. {ON}" if listed else ON, className="subline"),
            html.Div(
                [html.A("See the overview", href="/", className="button strong"), *leaves],
                className="replies nothing-new",
            ),
            html.Section(check.modes(answer), className="file check") if answer.get("base") else None,
        ]
    )


def known_already(answer: Known, listed: Sequence[Known]) -> Component | None:
    """The files of the upload that the look left out because the data set holds them as they are."""
    there = {item["file"] for item in answer["files"]}
    names = [one["name"] for one in listed if one["name"] not in there]
    if not names:
        return None
    says = "is loaded already, just as it is" if len(names) == 1 else "are loaded already, just as they are"
    return html.P(f"{formats.listing(names)} {says} here.", className="subline")


def refused(sentence: str, listed: Sequence[Known] = ()) -> Component:
    """Why nothing came of it, in one sentence, and the ways on."""
    again = html.Button("Look again", id=ids.act("again", "refused"), className="button")
    leaves = [html.Button(f"Remove {one['name']}", id=ids.leave(one["key"]), className="quiet") for one in listed]
    ways = html.Div([again, *leaves], className="replies") if listed else None
    return html.Div([html.P(sentence), ways], className="notice left bad", role="alert")


def progress(now: Known) -> Component:
    """How far the reading or the import is, and the way to stop it."""
    title = "Importing" if now["verb"] == "import" else "Reading your files"
    says = now.get("says") or "Starting"
    bar = html.Progress(
        **({"value": f"{now['share']:.3f}", "max": "1"} if now["share"] else {}), **{"aria-label": title}
    )
    stop = (
        html.Button("Stop", id=ids.act("cancel", "progress"), className="button") if now["verb"] == "inspect" else None
    )
    return html.Div(
        [html.Div([html.P(title, className="strong-line"), html.P(says, className="muted")]), bar, stop],
        className="progress-card",
    )


def foot(answer: Known) -> Component | None:
    """The bar that stays in sight: what an import would do, why it cannot be done yet, and the button."""
    rows = sum(item.get("accepted") or 0 for item in answer.get("files", []))
    if answer.get("error") or not rows or not answer.get("draft"):
        return None
    open_ones = questions(answer)
    only_days = bool(open_ones) and all(one["kind"] == "dates" for one in open_ones)
    anyway = html.Button("Import anyway, days stay empty", id=ids.act("take", "anyway"), className="button")
    take = html.Button(
        f"Import {words.counted(rows, 'row')}",
        id=ids.act("take", "foot"),
        className="button strong",
        disabled=bool(open_ones),
    )
    return html.Div([html.P(waits(open_ones), className="foot-says"), anyway if only_days else None, take])


def waits(open_ones: Sequence[Known]) -> str:
    """What the import waits for."""
    if not open_ones:
        return CALM
    return f"Answer the question about “{open_ones[0].get('column') or 'the days'}” first." + (
        f" {formats.count(len(open_ones) - 1)} more follow." if len(open_ones) > 1 else ""
    )


def pending(number: int) -> list[Component]:
    """Changes to columns that were not looked at yet."""
    if not number:
        return []
    again = html.Button("Look again", id=ids.act("again", "foot"), className="button strong")
    says = f"{words.counted(number, 'column')} changed. Look again to see what that makes of the files."
    return [html.Span(says), again]
