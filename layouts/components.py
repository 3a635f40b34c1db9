"""Decides what a tile, a panel, a finding, a skeleton and a notice are made of on the screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from dash import dcc, html
from dash.development.base_component import Component

from analytics import formats
from analytics.views import Finding, Tile
from layouts import ids, sparkline

ARROWS = {"up": "▲", "down": "▼"}
LAMPS = {"●": "good", "◆": "unsure", "■": "bad"}
BADGES = {"works": "good", "does not": "bad", "cannot tell yet": "unsure", "note": "plain"}
RESET_LINK = "Reset filters"


def tile(view: Tile) -> Component:
    """One headline number: label, value with its interval, change in words, sparkline."""
    known = not formats.is_missing(view.lower) and not formats.is_missing(view.upper)
    interval = formats.interval(view.lower, view.upper, view.unit) if known else ""
    foot = _change(view) if view.change else html.P(view.note or view.versus, className="tile-change")
    return html.Div(
        [
            html.H3(view.label, className="tile-label"),
            html.P([html.Span(view.written, className="tile-value"), html.Span(interval, className="tile-interval")]),
            foot,
            _spark(view),
        ],
        className="tile",
        title=view.note or None,
        **{"data-key": view.key},
    )


def _change(view: Tile) -> Component:
    word = html.Span(f"{view.direction} ", className="visually-hidden")
    moved = html.Span([ARROWS.get(view.direction, ""), " ", word, view.change], className=f"moved {view.verdict}")
    return html.P([moved, html.Span(view.versus, className="versus")], className="tile-change")


def _spark(view: Tile) -> Component:
    mask = sparkline.mask(view.spark)
    style = {"maskImage": mask, "WebkitMaskImage": mask} if mask else {"visibility": "hidden"}
    return html.Div(className="spark", style=style, **{"aria-hidden": "true"})


FACTS_IN_SIGHT = 8


def facts(views: Sequence[Tile]) -> list[Component]:
    """The quiet strip under the tiles: the first few in sight, the rest behind a word."""
    first, rest = views[:FACTS_IN_SIGHT], views[FACTS_IN_SIGHT:]
    strip = html.Dl([fact(item) for item in first], className="facts")
    if not rest:
        return [strip]
    more = html.Details(
        [html.Summary(f"{len(rest)} more figures"), html.Dl([fact(item) for item in rest], className="facts")]
    )
    return [strip, more]


def fact(view: Tile) -> Component:
    """A number of the quiet strip under the tiles."""
    return html.Div(
        [html.Dt(view.label), html.Dd(view.written)],
        className="fact",
        title=view.note or None,
        **{"data-key": view.key},
    )


def finding(view: Finding, href: str) -> Component:
    """A sentence with its evidence, what to do, and the way to its chart (none when `href` is empty)."""
    see = dcc.Link("See the chart", href=href, className="quiet-link") if href else None
    advice = [html.Strong("Do: "), view.action, " "] if view.action else []
    return html.Article(
        [
            html.Span(view.verdict, className=f"verdict {BADGES.get(view.verdict, 'plain')}"),
            html.Div(
                [
                    html.H4(view.sentence),
                    html.P(view.detail, className="muted") if view.detail else None,
                    html.P([*advice, see]),
                ]
            ),
        ],
        className="finding",
    )


def light(record: dict[str, Any]) -> Component:
    """One thing that was looked at: its light as shape and word, its name and figure, what was found."""
    shape, _, word = str(record["light"]).partition(" ")
    return html.Div(
        [
            html.Span([html.I(shape, **{"aria-hidden": "true"}), f" {word}"], className=f"lamp {LAMPS.get(shape, '')}"),
            html.Div(
                [
                    html.H4([record["name"], html.Span(written(record["figure"], "text"), className="lamp-figure")]),
                    html.P(record["says"], className="muted"),
                ]
            ),
        ],
        className="light",
    )


def notice(sentence: str, kind: str = "bad") -> Component:
    """One calm sentence with one button. kind: 'empty' (nothing imported: to Import) or 'bad' (Reset)."""
    way = (
        dcc.Link("Import your files", href="/import", className="button strong")
        if kind == "empty"
        else html.Button(RESET_LINK, className="button strong", **{"data-presses": ids.RESET})
    )
    return html.Div([html.P(sentence), way], className="notice", role="status")


def skeleton_tile(label: str) -> Component:
    """A tile before its number is known: the same size, so that nothing jumps."""
    return html.Div(
        [
            html.H3(label, className="tile-label"),
            html.P(html.Span("0", className="tile-value skeleton")),
            html.P(html.Span("waiting for it", className="skeleton"), className="tile-change"),
            html.Div(className="spark still"),
        ],
        className="tile",
    )


def table(columns: Sequence[Any], records: Sequence[dict[str, Any]], caption: str, most: int = 200) -> Component:
    """An accessible table of at most `most` rows and the count of the rest. columns: views.Column."""
    head = html.Tr([html.Th(item.label, scope="col", className=side(item.unit)) for item in columns])
    rest = len(records) - most
    return html.Div(
        [
            html.Table(
                [
                    html.Caption(caption, className="visually-hidden"),
                    html.Thead(head),
                    html.Tbody([_row(columns, record) for record in records[:most]]),
                ],
                className="plain-table",
            ),
            html.P(f"{formats.count(rest)} more rows: take them as CSV.", className="muted") if rest > 0 else None,
        ],
        className="table-scroll",
    )


def _row(columns: Sequence[Any], record: dict[str, Any]) -> Component:
    first, *others = columns
    cells = [html.Td(written(record.get(item.key), item.unit), className=side(item.unit)) for item in others]
    return html.Tr([html.Th(written(record.get(first.key), first.unit), scope="row"), *cells])


def written(value: Any, unit: str, short: bool = False) -> str:
    """A cell as people read it: every digit of an amount unless `short`, a day as a day, “–” for what is missing."""
    if unit in ("text", "date"):
        return formats.MISSING if missing(value) or value == "" else _plain(value)
    writer = formats.write if short else formats.exact
    return formats.MISSING if missing(value) else writer(value, unit)


def missing(value: Any) -> bool:
    """Whether a cell of a table holds nothing: None, NaN, NaT and pandas' NA."""
    return bool(pd.isna(value))


def _plain(value: Any) -> str:
    return formats.day(value) if hasattr(value, "strftime") else str(value)


def side(unit: str) -> str:
    """Numbers stand right, words left."""
    return "" if unit in ("text", "date") else "number"
