"""Decides what the query is: the address, the controls and a click all end here, the only writer of all three."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlencode

from dash import ALL, ClientsideFunction, Dash, Input, Output, State, ctx, no_update

from analytics.assumptions import Assumptions
from data.filters import Filters
from errors import UserError
from layouts import ids

QUICK = {"type": "quick", "since": ALL, "until": ALL}
SINGLE = frozenset({"name", "min_roas", "assumed_organic", "cost", "tiers", "grain", "confidence"})
ASSUMED = frozenset({"cost", "tiers", "grain", "confidence", "assumed_organic"})


def register(app: Dash, answers: Any, screen: Any) -> None:
    """screen: controls (keys of filters and assumptions), in_sight (those in the bar), span_words(since, until)."""
    keys: tuple[str, ...] = screen.controls

    @app.callback(output=_outputs(keys), inputs=_inputs(keys), state={"now": State(ids.QUERY, "data")})
    def settle(search: str | None, picked: Any, since: Any, until: Any, controls: Any, now: Any, **_clicks: Any) -> Any:
        source = ctx.triggered_id
        if source in (None, ids.ADDRESS):
            return state(answers, (search or "").removeprefix("?"), None, now, screen)
        values = dict(zip(keys, controls, strict=True))
        query = asked(source, picked, since, until, values, now or "")
        return state(answers, query, source, now, screen)

    _in_the_browser(app)


def _outputs(keys: tuple[str, ...]) -> dict[str, Any]:
    return {
        "search": Output(ids.ADDRESS, "search"),
        "query": Output(ids.QUERY, "data"),
        "note": Output(ids.NOTE, "children"),
        "span": Output(ids.SPAN, "children"),
        "span_class": Output(ids.SPAN, "className"),
        "count": Output(ids.FILTER_COUNT, "children"),
        "more": Output(ids.MORE_BUTTON, "children"),
        "more_class": Output(ids.MORE_BUTTON, "className"),
        "reset_class": Output(ids.RESET, "className"),
        "since": Output(ids.DATES, "start_date"),
        "until": Output(ids.DATES, "end_date"),
        "people": Output(ids.INFLUENCER, "options"),
        "controls": [Output(ids.control(key), "value") for key in keys],
    }


def _inputs(keys: tuple[str, ...]) -> dict[str, Any]:
    return {
        "search": Input(ids.ADDRESS, "search"),
        "picked": Input(ids.PICKED, "data"),
        "reset": Input(ids.RESET, "n_clicks"),
        "quick": Input(QUICK, "n_clicks"),
        "since": Input(ids.DATES, "start_date"),
        "until": Input(ids.DATES, "end_date"),
        "controls": [Input(ids.control(key), "value") for key in keys],
    }


def asked(source: Any, picked: Any, since: str | None, until: str | None, values: dict[str, Any], now: str) -> str:
    """The query that a control, a quick span, a click on a mark or Reset asks for."""
    if source == ids.RESET:
        return ""
    if source == ids.PICKED:
        return with_pick(now, picked["dimension"], picked["value"])
    if isinstance(source, dict):
        return with_pairs(now, {"from": [source["since"]], "to": [source["until"]]})
    given = {key: [values[key]] if key in SINGLE else values[key] or [] for key in values}
    return with_pairs(now, {"from": [since], "to": [until], **given})


def with_pick(query: str, dimension: str, value: str) -> str:
    """The query narrowed to one value; when it is so already, widened again."""
    chosen = [given for key, given in parse_qsl(query) if key == dimension]
    return with_pairs(query, {dimension: [] if chosen == [value] else [value]})


def with_pairs(query: str, given: dict[str, list[Any]]) -> str:
    """The query with these keys set anew; None and blank are left out, other keys stay."""
    kept = [(key, value) for key, value in parse_qsl(query) if key not in given]
    pairs = [(key, f"{value}") for key, items in given.items() for value in items if value not in (None, "")]
    return urlencode([*kept, *pairs])


def state(answers: Any, query: str, source: Any, now: str | None, screen: Any) -> dict[str, Any]:
    """Everything that follows from a query. source: what asked for it, None for the address itself.

    The address is never rewritten under a reader who came by it, so that the back button leads back. A query that
    cannot be read is passed on as it is: the page then says why, and Reset leads out.
    """
    try:
        ignored = Filters.from_query(query).ignored
        short = answers.canonical(query)
        filters, assumed = Filters.from_query(short), Assumptions.from_query(short)
    except UserError:
        return _unread(query, source, screen.controls)
    chosen = {key for key, value in parse_qsl(short)}
    hidden = chosen.difference(screen.in_sight)
    return {
        "search": no_update if source is None else _search(short),
        "query": no_update if short == now else short,
        "note": _ignored(ignored),
        "span": screen.span_words(filters.since, filters.until),
        "span_class": _pill(filters.since or filters.until),
        "count": counted("Filters", chosen),
        "more": counted("More filters", hidden),
        "more_class": _pill(hidden),
        "reset_class": "reset set" if chosen else "reset",
        "since": _iso(filters.since),
        "until": _iso(filters.until),
        "people": answers.named(filters.values("influencer")),
        "controls": [value_of(key, filters, assumed) for key in screen.controls],
    }


def counted(label: str, keys: set[str]) -> str:
    """A button's text with how many filters stand behind it."""
    return f"{label} ({len(keys)})" if keys else label


def _pill(is_set: object) -> str:
    return "pill set" if is_set else "pill"


def _unread(query: str, source: Any, keys: tuple[str, ...]) -> dict[str, Any]:
    untouched = ("span", "span_class", "count", "more", "more_class", "since", "until", "people")
    return {
        "search": no_update if source is None else _search(query),
        "query": query,
        "note": "",
        "reset_class": "reset set",
        "controls": [no_update for _ in keys],
        **{name: no_update for name in untouched},
    }


def value_of(key: str, filters: Filters, assumed: Assumptions) -> Any:
    """What the control of that key shows."""
    if key == "confidence":
        return f"{assumed.confidence:g}"
    if key in ASSUMED:
        return getattr(assumed, key)
    return getattr(filters, key) if key in SINGLE else list(filters.values(key))


def _search(query: str) -> str:
    return f"?{query}" if query else ""


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _ignored(keys: tuple[str, ...]) -> str:
    return f"Not a filter, so left out: {', '.join(keys)}." if keys else ""


def _in_the_browser(app: Dash) -> None:
    """Copying the address, and what a click on a mark or a row asks for, need no server."""
    app.clientside_callback(
        ClientsideFunction("truelift", "copy"),
        Output(ids.COPY, "children"),
        Input(ids.COPY, "n_clicks"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("truelift", "pick"),
        Output(ids.PICKED, "data"),
        Input({"type": "figure", "page": ALL, "panel": ALL}, "clickData"),
        Input({"type": "grid", "page": ALL, "panel": ALL}, "cellClicked"),
        State({"type": "grid", "page": ALL, "panel": ALL}, "rowData"),
        prevent_initial_call=True,
    )
