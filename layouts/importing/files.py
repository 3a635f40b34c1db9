"""Decides how one file of a batch stands on the screen: what it was taken for, how it was read, its columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from analytics import formats
from data import schema
from layouts import ids
from layouts.importing import words
from layouts.importing.columns import judged, table_of_columns
from layouts.importing.wishes import TAKEN, columns, mark_of, table_of

Known = Mapping[str, Any]
LEFT_OUT = {"label": "Leave out", "value": "none"}
TABLES = [*({"label": key.capitalize(), "value": key} for key in schema.TABLES), LEFT_OUT]
ENCODINGS = {"utf-8": "UTF-8", "utf-16": "UTF-16", "cp1252": "Windows-1252 (Western Excel)",
             "cp932": "Shift-JIS (Japanese)"}  # fmt: skip
DELIMITERS = {",": "Comma ,", ";": "Semicolon ;", "\t": "Tab", "|": "Bar |"}
CELLS, CELL_LENGTH = 8, 40
# A sheet of so few columns is somebody's note, no table whose header is to be found.
FEW = 2


def card(place: int, item: Known, listed: Mapping[str, str]) -> Component:
    """One table of one file. listed: name of a file → its key, for taking it out of the batch."""
    label = item.get("label") or item["file"]
    refused = item.get("refused")
    return html.Section(
        [
            _head(place, item, label, listed),
            html.P(refused, className="file-refused") if refused else _counts(item),
            html.P(_why(item), className="muted") if not refused and item.get("why") else None,
            _reading(place, item, label),
            _take(place, item),
        ],
        className="file refused" if refused else "file",
        **{"aria-label": label},
    )


def _head(place: int, item: Known, label: str, listed: Mapping[str, str]) -> Component:
    known = html.Span("as last time", className="badge", title="These columns were matched so in an earlier import.")
    return html.Div(
        [
            html.H3(label),
            select("Table", TABLES, table_of(item), ids.choice("table", place), f"{label} is taken for"),
            _verdict(item),
            known if item.get("remembered") else None,
            _leave(item["file"], listed.get(item["file"], "")),
        ],
        className="file-head",
    )


def _leave(file: str, key: str) -> Component | None:
    """The way to take a file out of the batch."""
    spoken = {"aria-label": f"Remove {file}"}
    return html.Button("Remove", id=ids.leave(key), className="quiet", **spoken) if key else None


def select(label: str, options: Sequence[Known], value: str, name: Any, spoken: str, shown: bool = False) -> Component:
    """A list to choose from with its name, on the screen where `shown`, and always for those who hear the page."""
    text = html.Span(label if shown else spoken, className="" if shown else "visually-hidden")
    box = dbc.Select(options=list(options), value=value, id=name, class_name="choice")
    return html.Label([text, box], className="choose")


def _verdict(item: Known) -> Component | None:
    if item.get("refused") or not item.get("table"):
        return html.Span(_untaken(item), className="verdict plain")
    doubtful = sum(judged(column)[1] == "unsure" for column in columns(item))
    if doubtful:
        return html.Span(f"{words.counted(doubtful, 'column')} to check", className="verdict unsure")
    unused = sum(not column.get("field") for column in columns(item))
    if unused:
        return html.Span(f"{words.counted(unused, 'column')} not used", className="verdict plain")
    return html.Span("all columns clear", className="verdict good")


def _untaken(item: Known) -> str:
    return "not taken yet" if item.get("likely") else "left out"


def _take(place: int, item: Known) -> Component | None:
    """The way to have a file taken for the table that it looks like, with the columns that were chosen."""
    likely = "" if item.get("table") else item.get("likely")
    if not likely:
        return None
    button = html.Button(f"Take it for {likely}", id=ids.act("again", f"{TAKEN}{place}"), className="button")
    return html.Div([html.P("Choose what its columns are, then:", className="muted"), button], className="replies")


def _counts(item: Known) -> Component:
    parts = [words.equation(item)]
    money = [
        f"{words.field(key)} {formats.money_full(float(value))}"
        for key, value in (item.get("money") or {}).items()
        if value is not None
    ]
    days = words.days(item.get("first_day"), item.get("last_day"))
    rest = "".join(f" · {part}" for part in [*money, *([days] if days else [])])
    return html.P([*parts, html.Span(rest, className="muted")])


def _why(item: Known) -> str:
    text = words.spoken(str(item["why"]).rstrip("."))
    known = item.get("table")
    return f"Taken for {known} because {text}." if known else f"{text[:1].upper()}{text[1:]}."


def _reading(place: int, item: Known, label: str) -> Component | None:
    """How the file was read and what each column is; open where something is to be looked at."""
    if not item.get("columns") and not item.get("peek"):
        return None
    known = columns(item)
    doubtful = any(judged(column)[1] == "unsure" for column in known)
    wrong = bool(item.get("refused")) and bool(item.get("peek")) and len(known) > FEW
    return html.Details(
        [
            html.Summary(f"How it was read: {words.reading(item)}"),
            _how(place, item, label),
            _peek(place, item, label),
            table_of_columns(place, item, label) if known else None,
        ],
        open=doubtful or wrong,
    )


def _how(place: int, item: Known, label: str) -> Component | None:
    if not item.get("encoding") or not item.get("delimiter"):
        return None
    parts = (
        ("encoding", "Encoding", ENCODINGS, item["encoding"]),
        ("delimiter", "Columns parted by", DELIMITERS, mark_of(item)),
    )
    boxes = [
        select(title, _options(known, now), now, ids.choice(what, place), f"{title} of {label}", shown=True)
        for what, title, known, now in parts
    ]
    return html.Div(boxes, className="file-how")


def _options(known: Mapping[str, str], now: str) -> list[dict[str, str]]:
    """The usual values, and the one that was found where it is none of them."""
    found = {} if now in known else {now: words.encoding(now)}
    return [{"label": label, "value": value} for value, label in (found | dict(known)).items()]


def _peek(place: int, item: Known, label: str) -> Component | None:
    """The first rows as they stand in the file, the header marked; each can be made the header."""
    rows = item.get("peek") or []
    if not rows:
        return None
    header = item.get("header_row") or 0
    body = [_peek_row(place, number, cells, number == header) for number, cells in enumerate(rows, 1)]
    table = html.Table([html.Caption(f"First rows of {label}", className="visually-hidden"), html.Tbody(body)])
    return html.Details(
        [
            html.Summary("First rows of the file: click the one that holds the column names"),
            html.Div(table, className="table-scroll peek", tabIndex="0", role="region", **{"aria-label": "First rows"}),
        ],
        open=bool(item.get("refused")) and not item.get("likely"),
        className="peek-box",
    )


def _peek_row(place: int, number: int, cells: Sequence[str], chosen: bool) -> Component:
    button = html.Button(
        f"{number}",
        id=ids.header_row(place, number),
        className="row-button",
        **{"aria-pressed": "true" if chosen else "false", "aria-label": f"Row {number} holds the column names"},
    )
    shown = [html.Td(words.cut(cell, CELL_LENGTH)) for cell in cells[:CELLS]]
    more = [html.Td("…")] if len(cells) > CELLS else []
    return html.Tr([html.Th(button, scope="row"), *shown, *more], className="chosen" if chosen else "")
