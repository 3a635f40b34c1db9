"""Decides what stands on the screen after an import: what it took, what it moved, the way on and the way back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from analytics import formats
from layouts import ids
from layouts.importing import check, words
from layouts.importing.looked import refused

Known = Mapping[str, Any]
RENEWED = {"data-renewed": "yes"}
# Rows that all files of a version brought: read again after a correction, they are no rows more.
ROWS = "rows"
SAME = "Nothing changed: version {version} holds these rows already."
HEADS = ("Figure", "Before", "After", "Change")


def imported(
    answer: Known, compared: Known | None = None, held: Sequence[Known] = (), listed: Sequence[Known] = (),
    asks: Component | None = None,
) -> Component:  # fmt: skip
    """What the import took.

    compared: the headline figures before and after (analytics.versions). held: files with rows set aside
    (data.quality.withheld). listed: the files of the upload, where it was refused. asks: the question about an
    experiment that came in undeclared.
    """
    if answer.get("error") or not answer.get("ok"):
        return refused(answer.get("error") or "Nothing was imported.", listed)
    version = answer["version"]
    if answer.get("unchanged"):
        return html.Div(html.P(SAME.format(version=version)), className="notice left good")
    overview = html.A("See the overview", href="/", className="button strong")
    back = bool(answer.get("base"))
    brought = {item.get("label") or item["file"] for item in answer["files"] if item.get("set_aside")}
    return html.Div(
        [
            html.H2(f"Imported: version {formats.count(version)} is loaded now"),
            html.P([words.equation(words.totals(answer)), f". {check.consequence(answer)}" if back else "."]),
            figures(compared),
            aside(version, [one for one in held if one["label"] in brought]),
            asks,
            html.Div([overview, _undo() if back else None], className="replies"),
            check.notes([one for one in answer.get("notes") or [] if one["weight"] != "info"]),
        ],
        className="notice left good imported",
        **RENEWED,
    )


def _undo() -> Component:
    return html.Button("Undo this import", id=ids.version_act("undo", place="result"), className="button")


def aside(version: int, held: Sequence[Known]) -> Component | None:
    """The rows that this import set aside, and how they come in after all."""
    links = quarantines(version, held)
    return html.Div([links, html.P(check.MEND, className="muted")]) if links else None


def figures(compared: Known | None) -> Component | None:
    """The headline figures before and after, those that moved first."""
    known = [one for one in (compared or {}).get("kpis", []) if one.get("key") != ROWS]
    rows = [one for one in known if one["written"][0] != one["written"][1]]
    same = len(known) - len(rows)
    if not rows:
        return html.P("No headline figure moved.", className="muted") if same else None
    body = [
        html.Tr(
            [
                html.Th(one["label"], scope="row"),
                *[html.Td(text, className="number") for text in one["written"]],
                html.Td(one.get("change") or formats.MISSING, className="number"),
            ]
        )
        for one in rows
    ]
    head = [html.Th(text, scope="col", className="number" if place else "") for place, text in enumerate(HEADS)]
    caption = html.Caption("What moved", className="visually-hidden")
    table = html.Table([caption, html.Thead(html.Tr(head)), html.Tbody(body)], className="plain-table")
    rest = html.P(f"{words.counted(same, 'other figure')} as before.", className="muted") if same else None
    return html.Div([html.Div(table, className="table-scroll"), rest], className="moved-figures")


def quarantines(version: int, held: Sequence[Known]) -> Component | None:
    """Links to the rows that a version set aside, one for each file."""
    links = [
        html.A(
            f"Download the {words.counted(one['rows'], 'row')} of {one['label']} set aside",
            href=f"/quarantine.csv?version={version}&file={one['file']}",
            download=True,
        )
        for one in held
    ]
    return html.P(links, className="links") if links else None
