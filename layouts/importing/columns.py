"""Decides how the columns of a file stand on the screen: sample, what each is taken for, how sure that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from data import schema
from layouts import ids
from layouts.importing import words
from layouts.importing.wishes import NOT_USED, columns, table_of

Known = Mapping[str, Any]
SURE, LIKELY = 0.9, 0.6
HEADS = ("Column in the file", "For instance", "Taken for", "How sure")
LEAVE = {"label": "Not used", "value": NOT_USED}
PART = {"label": "──────────", "value": "-", "disabled": True}
SAMPLE_LENGTH = 60


def judged(column: Known) -> tuple[str, str]:
    """How sure a column's meaning is, in words, and the tone of these words."""
    best = max((one["score"] for one in column.get("suggestions") or []), default=0)
    if not column.get("field"):
        return ("not used: is it one of these?", "unsure") if best >= LIKELY else ("not used", "plain")
    return ("sure", "good") if (column.get("confidence") or 0) >= SURE else ("likely", "unsure")


def table_of_columns(place: int, item: Known, label: str) -> Component:
    """Every column with a list of what it may be taken for; nothing is looked at anew until that is asked for."""
    known = columns(item)
    table = schema.TABLES.get(table_of(item))
    head = html.Tr([html.Th(text, scope="col") for text in HEADS])
    rows = [_row(place, number, column, table) for number, column in enumerate(known)]
    caption = html.Caption(f"Columns of {label}", className="visually-hidden")
    return html.Table([caption, html.Thead(head), html.Tbody(rows)], className="plain-table columns-table")


def _row(place: int, number: int, column: Known, table: schema.Table | None) -> Component:
    verdict, tone = judged(column)
    header = column["header"] or "(no name)"
    spoken = html.Span(f"{header} is taken for", className="visually-hidden")
    box = dbc.Select(
        options=options(table, column.get("suggestions") or [], column.get("field") or ""),
        value=column.get("field") or NOT_USED,
        id=ids.choice("column", place, number),
        class_name="choice",
        disabled=table is None,
    )
    return html.Tr(
        [
            html.Th(header, scope="row"),
            html.Td(words.cut(column.get("sample") or "–", SAMPLE_LENGTH), className="sample"),
            html.Td(html.Label([spoken, box], className="choose")),
            html.Td(html.Span(verdict, className=f"verdict {tone}")),
        ],
        className="to-check" if tone == "unsure" else "",
    )


def options(table: schema.Table | None, suggestions: Sequence[Known], field: str) -> list[dict[str, Any]]:
    """What a column may be taken for: likely fields first, then all of the table with their meanings."""
    if table is None:
        return [LEAVE, *([{"label": words.field(field), "value": field}] if field else [])]
    says = {one.key: f"{words.field(one.key)} – {one.says}" for one in table.fields}
    scores = {one["field"]: one["score"] for one in suggestions if one["field"] in says}
    likely = {key for key, score in scores.items() if score >= LIKELY and key != field}
    first = [{"label": f"{says[key]} (likely)" if key in likely else says[key], "value": key} for key in scores]
    rest = [{"label": text, "value": key} for key, text in says.items() if key not in scores]
    return [LEAVE, *first, *([PART] if first else []), *rest]
