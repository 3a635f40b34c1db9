"""Decides what is asked of a selection to say why its return changed, and how the answer is laid out as a panel."""

from __future__ import annotations

import math
from datetime import date, timedelta

import pandas as pd

from analytics import formats
from analytics.ask import Ask, Compared
from analytics.bridge import COLUMNS, LEFT_OUT, Bridge, Part, bridge
from analytics.figures.waterfall import is_cut, waterfall
from analytics.metrics import METRICS
from analytics.page import column
from analytics.views import Column, Panel
from errors import UserError

KEY = "bridge"
GROUPS = ("platform", "tier")
TITLES = {"roas": "What changed the return?", "revenue": "What changed the revenue?"}
REPLACED = "the data were replaced as a whole, so nothing can be called restated"
_NEAR = 3
"""Days by which a span may miss the ends of its months and still be named after them."""
_MONTHS = 45
_METHOD = (
    "Each part is a Shapley value (Shapley 1953, Shorrocks 2013): what replacing one cause of the period before by that"
    " of this one adds, averaged over every order of replacing them; the parts sum to the change.",
    "Volume: money spent. Mix: its shares between the groups. Rate: orders for the same money within the groups."
    " Price: revenue for each order. Unpaid: revenue of groups without spend. Restated: the period before as an"
    " earlier version of the data gave it, against what it is now.",
    "A group that is paid in one period only has the rate and price of that period in both: to enter or to leave is"
    " volume and mix.",
)


def panel(ask: Ask, printed: int | None = None) -> Panel | None:
    """The bridge of the return, else of revenue, from the period before to this one; None where nothing is comparable.

    printed: the version of the data that the period before was last printed from; without one, the version that the
    current one was built on. frame: name, value, kind ('total' or 'part'), written, words.
    """
    compared = ask.compared()
    if compared is None:
        return None
    sides = [_groups(side) for side in (compared.before, compared.now)]
    for metric in ("roas", "revenue"):
        found = bridge(sides[0], sides[1], metric, *_printed(metric, compared, printed))
        if found is not None:
            return _laid_out(found, compared)
    return None


def _groups(ask: Ask) -> pd.DataFrame:
    sums = ask.totals(COLUMNS, GROUPS)
    return sums.assign(group=sums[GROUPS[0]].astype(str) + " · " + sums[GROUPS[1]].astype(str))


def _printed(metric: str, compared: Compared, version: int | None) -> tuple[float, str]:
    """The period before as the earlier version gave it; NaN and why, where that version could not give the whole."""
    store = compared.before.store
    try:
        earlier = store.at(version) if version else store.earlier()
        if earlier is None:
            return math.nan, LEFT_OUT["restated"] if store.version == 1 else REPLACED
        span, last = earlier.span(), compared.before.filters.until
        if span is None or last is None or span[1] < last or earlier.version == store.version:
            return math.nan, LEFT_OUT["restated"]
        return Ask(earlier, compared.before.filters, compared.before.assumptions).value(metric), LEFT_OUT["restated"]
    except UserError:
        return math.nan, REPLACED


def _laid_out(found: Bridge, compared: Compared) -> Panel:
    metric = METRICS[found.metric]
    days = [_days(side) for side in (compared.before, compared.now)]
    frame = _frame(found, days)
    spans = " against ".join(formats.span(*both) for both in days)
    parts = [f"{metric.label}, {spans}; the parts add up exactly, before rounding", f"by {' and '.join(GROUPS)}"]
    parts += _begun(compared, days[0][0])
    parts += ["columns cut at the foot"] if is_cut(frame) else []
    parts += [f"left out: {'; '.join(found.left_out)}"] if found.left_out else []
    return Panel(
        KEY, TITLES[found.metric], found.metric, found.sentence, frame,
        (Column("name", "Part"), column(found.metric), Column("words", "What it means")),
        waterfall(frame, metric), note=" · ".join(parts), explain=(*_METHOD, f"Compared: {spans}."), span=12,
    )  # fmt: skip


def _frame(found: Bridge, days: list[tuple[date, date]]) -> pd.DataFrame:
    """A row a column of the picture; the metric's own column holds the values, so that tables and files have them."""
    ends = [
        (f"{_named(*both)} {word}", value, "total", found.write(value), f"{found.write(value)}: {formats.span(*both)}")
        for both, value, word in zip(days, (found.start, found.end), ("before", "now"), strict=True)
    ]
    parts = [
        (
            part.label,
            part.value,
            "part",
            found.write(part.value, True),
            f"{found.write(part.value, True)}: {part.words}",
        )
        for part in found.parts
    ]
    frame = pd.DataFrame([ends[0], *parts, ends[1]], columns=["name", "value", "kind", "written", "words"])
    return frame.assign(**{found.metric: frame["value"]})


def _meaning(found: Bridge, part: Part) -> str:
    return f"{found.write(part.value, True)}: {part.words if found.says(part) else 'hardly anything'}"


def _begun(compared: Compared, since: date) -> list[str]:
    """Said where the data do not reach back to the first day of the period before."""
    span = compared.before.store.span()
    return [f"the data begin only {formats.day(span[0])}"] if span and span[0] > since else []


def _days(ask: Ask) -> tuple[date, date]:
    span = ask.span()
    assert span is not None, "only spans are compared"
    return span


def _named(since: date, until: date) -> str:
    """“Feb–Jul” for days that are about whole months, else “1–14 Jul”."""
    first, last = since + timedelta(days=_NEAR), until - timedelta(days=_NEAR)
    whole = first.day <= 2 * _NEAR + 1 and (until + timedelta(days=_NEAR + 1)).day <= 2 * _NEAR + 1
    if whole and (until - since).days >= _MONTHS:
        return f"{first:%b}–{last:%b}"
    if (since.year, since.month) == (until.year, until.month):
        return f"{since.day}–{until.day} {until:%b}" if since != until else f"{until.day} {until:%b}"
    return f"{since.day} {since:%b}–{until.day} {until:%b}"
