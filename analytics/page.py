"""Decides how a declared page is filled: every chart asked, drawn and worded, every tile beside the time before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pandas as pd

from analytics import formats, quality, tiles
from analytics.ask import Ask, metric_or_score
from analytics.metrics import Metric
from analytics.scores import Score
from analytics.views import Column, Figure, Finding, PageView, Panel
from errors import NoData, UserError

Draw = Callable[[pd.DataFrame, Ask], Figure]
Say = Callable[[pd.DataFrame, Ask], str]


@dataclass(frozen=True)
class Chart:
    """A question, its table, its picture.

    frame: the numbers, a row a record, with the keys of `columns`. draw: the picture of them (None for tables).
    say: the answer in one sentence. empty: said when there is no row. note: what it counts. least: with fewer rows
    that may be drawn, `say` is all there is. picks: dimension and column that a click on a mark narrows to.
    """

    key: str
    title: str
    metric: str
    frame: Callable[[Ask], pd.DataFrame]
    columns: tuple[Column, ...]
    say: Say
    draw: Draw | None = None
    shown: Callable[[pd.DataFrame], pd.DataFrame] = lambda frame: frame
    note: Callable[[Ask], str] = lambda ask: ""
    kind: str = "chart"
    span: int = 6
    least: int = 3
    findings: Callable[[Ask], tuple[Finding, ...]] | None = None
    empty: str = ""
    picks: tuple[str, str] = ("", "")


@dataclass(frozen=True)
class Page:
    """A tab: its tiles, its charts in order, and the sentence that answers its question (headline, line below).

    finish: what the page adds to the filled view, or takes out of it, at the end.
    """

    key: str
    title: str
    path: str
    tiles: tuple[str, ...]
    more: tuple[str, ...]
    charts: tuple[Chart, ...]
    headline: Callable[[Ask], tuple[str, str]]
    remarks: tuple[str, ...] = field(default=())
    finish: Callable[[PageView, Ask], PageView] = lambda view, ask: view


def _nothing(ask: Ask) -> str:
    """That no rows are left, and what to do: take a filter off, or look at days that the data have."""
    said, span = f"No rows are left with these filters ({ask.filters.describe()}).", ask.store.span()
    since, until = ask.filters.since, ask.filters.until
    if span and (since and since > span[1] or until and until < span[0]):
        return f"{said} The data hold {formats.span(*span)}: choose days of these, or import newer files."
    return f"{said} Take one of them off."


def build(page: Page, ask: Ask, query: str) -> PageView:
    """The filled page. What goes wrong for the reader in one panel becomes that panel's sentence; the rest stands."""
    provenance = ask.store.provenance()
    if ask.totals(("influencers", "orders_all", "posts", "spend", "revenue_all")).isna().all(axis=None):
        raise NoData(_nothing(ask))
    headline, subline = page.headline(ask)
    remarks = tuple(f"“{key}” in the address is not known here and was passed over." for key in ask.filters.ignored)
    view = PageView(
        key=page.key, title=page.title, headline=headline, subline=subline,
        tiles=tiles.filled(page.tiles, ask, spark=True), more=tiles.known(tiles.filled(page.more, ask)),
        panels=tuple(_panel(chart, ask) for chart in page.charts), query=query, filters=ask.filters.describe(),
        assumptions=ask.assumptions.describe(), provenance=provenance, remarks=page.remarks + remarks,
        quality=quality.of(ask.store),
    )  # fmt: skip
    return page.finish(view, ask)


def _panel(chart: Chart, ask: Ask) -> Panel:
    empty = pd.DataFrame({column.key: [] for column in chart.columns})
    try:
        frame = chart.frame(ask)
    except UserError as error:
        return _filled(chart, ask, empty, f"{error}", None, f"{error}")
    if frame.empty and chart.kind != "findings":
        why = _why_empty(chart, ask)
        return _filled(chart, ask, empty, why, None, why)
    summary = chart.say(frame, ask)
    shown = chart.shown(frame)
    if chart.draw is None or len(shown) < chart.least:
        return _filled(chart, ask, frame, summary, None, "" if chart.draw is None else _too_few(len(shown)))
    return _filled(chart, ask, frame, summary, _pickable(chart, shown, chart.draw(shown, ask)), "")


def _filled(chart: Chart, ask: Ask, frame: pd.DataFrame, summary: str, figure: Figure | None, message: str) -> Panel:
    return Panel(
        chart.key, chart.title, chart.metric, summary, frame, chart.columns, figure, message, chart.note(ask),
        explain(chart, ask), chart.kind, chart.span, chart.findings(ask) if chart.findings else (),
    )  # fmt: skip


def _pickable(chart: Chart, shown: pd.DataFrame, figure: Figure) -> Figure:
    """The picture with what a click on its marks narrows to, in the order of its rows."""
    dimension, column = chart.picks
    if dimension:
        values = [None if str(value).endswith(" others") else str(value) for value in shown[column]]
        figure["layout"]["meta"] = figure["layout"].get("meta", {}) | {"dimension": dimension, "values": values}
    return figure


def _why_empty(chart: Chart, ask: Ask) -> str:
    if chart.empty:
        return chart.empty
    if not chart.metric or chart.metric.startswith("iroas"):
        return "Nothing in this selection to show."
    why = ask.why_missing(chart.metric)
    return f"{metric_or_score(chart.metric).label}: {why}."


def _too_few(rows: int) -> str:
    if not rows:
        return "No group with a name to draw."
    return "Too few groups for a picture: the line above and the table say it all."


def explain(chart: Chart, ask: Ask) -> tuple[str, ...]:
    """How a panel's number is made: formula, what must be said, filters and way of reckoning, data version."""
    lines: list[str] = []
    keys = dict.fromkeys([chart.metric, *[column.key for column in chart.columns]])
    for key in keys:
        try:
            item: Metric | Score = metric_or_score(key)
        except UserError:
            continue
        lines.append(f"{item.label} = {item.formula}" + (f": {item.says}" if item.says else ""))
    provenance = ask.store.provenance()
    lines.append(f"Filters: {ask.filters.describe()}. Reckoned with: {ask.assumptions.describe()}.")
    rows = f"{formats.count(provenance.rows_read)} rows read, {formats.count(provenance.rows_set_aside)} set aside"
    lines.append(f"Data version {provenance.version}: {rows}.")
    return tuple(lines)


def column(key: str, label: str = "", judged_from: float | None = None) -> Column:
    """A table column for a metric, with its unit and direction; judged good or bad around a value if one is given."""
    item = metric_or_score(key)
    return Column(key, label or item.label, item.unit, item.better, judged_from is not None, judged_from)
