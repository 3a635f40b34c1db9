"""Decides whether a sentence says only numbers that its tiles, tables, findings or bridge say, as they are written."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields

import pandas as pd

from analytics import formats
from analytics.views import Column, Finding, PageView, Panel, Tile
from reports.content.cells import present
from reports.content.front import NUMBERS
from reports.content.report import Report

_NUMBER = re.compile(r"(?<![\w.,])\d[\d,]*(?:\.\d+)?(?:\s(?:Cr|L|K|M|B)(?!\w))?")
_SPELLED = re.compile(rf"\b({'|'.join(NUMBERS)})\b(?= (?:finding|question))", re.IGNORECASE)
_FEW = 40
_ENDS = (("lower", "upper"), ("cumulative_lower", "cumulative_upper"))
RULES: Mapping[str, str] = {
    "80": "power that every “can show” is reckoned with (80 %)",
    "10": "share of false comparisons allowed (Benjamini–Hochberg at 10 %), and of a budget that is moved at first",
    "5": "fewest influencers of a group that is compared, and the length of “the first 5”",
    "3": "months that “the last 3 months” are",
    "1": "break-even, and the number of one thing",
    "2": "in “2nd half vs 1st half”",
    "1.0": "break-even, as verdicts write it",
    "0": "no effect",
    "50": "the margin class above half", "30": "the margin class below",
    "40": "weight in the product score", "4": "fewest that a benchmark compares",
}  # fmt: skip
"""Numbers of a rule, not of the data: number as written → which rule."""
UNSHOWN: Mapping[str, str] = {
    "confidence": "smallest effect that the court's size can show, and units that would halve it: of the method alone",
    "product_budget": "spend, sizes and difference of two clusters of influencers; the table counts a seller twice",
    "tier_move": "sizes are of paid influencers; the rest's return and what such sizes can show stand in no table",
    "platform_yield": "as tier_move",
    "category_move": "as tier_move",
    "gender_yield": "as tier_move",
    "best_persona": "as tier_move",
    "momentum": "sums of whole months; the chart is by week",
    "platform_split": "shares of spend; the ring shows those of revenue",
    "concentration": "how few bring half: counted over a running sum",
    "top_performers": "sum over the first five",
    "improvement_candidates": "sum over five of the costlier half",
    "poor_roi": "sums over those below break-even",
    "no_orders": "sums over those without an order",
    "engagement_without_sales": "counted over quarters of two rankings",
    "unallocated": "spend on nobody is in the whole and in no group",
    "payout_mismatch": "difference between payouts and their rule",
    "organic_share": "organic revenue is what the whole has beside the attributed",
    "gifts": "gifts at cost are a tile of the overview",
}
"""Kinds of finding whose evidence stands in no table of a report → why; tests/analytics/test_findings.py reckons them
again from the rows. Of all others every number is looked for."""
UNSHOWN_IN: Mapping[str, str] = {
    "test_control": "the lift and its interval are Welch's over campaigns; the table has the arms' means",
    "iroas": "the headline repeats that lift, and what the court's size can show",
    "knowing": "the design of the plan that the picture is of: weeks, campaigns and money a week",
    "influencer_luck": "the share of luck and the first three together: of the shrunken model alone",
    "influencer_iroas": "chances to be best and to beat the second: draws of the model, not cells",
    "slice_iroas": "as influencer_iroas",
    "revenue_trend": "the value of the later of the two periods; the table is by week",
    "cac_trend": "as revenue_trend",
    "customers_trend": "as revenue_trend",
}
"""Panels (and pages, for their headline) whose summary says what its table cannot → why; their own tests reckon it."""
REASONS: Mapping[str, str] = {
    "counts": "how many rows a table has, has of each word and not of it, has a number in, has beside break-even",
    "refusals": "what a panel without rows lacks: sizes of data and method, held by the method's own tests",
    "sums": "what a column adds up to, and each part's share of it, alone and with the larger ones",
    "spreads": "rank correlation, median and quarter of a column",
    "groups": "a column added up by the words of another, and the share of each group",
    "tiles": "iROAS × spend; one counted tile as a share of another; how many findings there are of each verdict",
}
"""What a summary may say beyond the cells of its own table, because anybody can reckon it from them → what it is."""


@dataclass(frozen=True)
class Stray:
    """A number that nothing bears out. where: page and panel or finding."""

    where: str
    sentence: str
    number: str


def numbers(text: str) -> set[str]:
    """The numbers in a text as they are written, without sign, currency, × and %: “₹12.57 L” is “12.57 L”."""
    return {match.group().replace("\u00a0", " ").rstrip(",") for match in _NUMBER.finditer(text)}


def strays(report: Report) -> tuple[Stray, ...]:
    """Every number of a headline, a why, a summary or a finding that its evidence does not have."""
    context = _context(report)
    found = list(_of_front(report, context))
    for view in report.views:
        found += _of_headline(view, report, context)
        for panel in view.panels:
            known = context | _tiles(view) | _panel(panel) | _derived(panel)
            if panel.key not in UNSHOWN_IN and not _is_refusal(panel):
                found += _looked_for(f"{view.key} {panel.key}", panel.summary, known)
            found += [stray for one in panel.findings for stray in _of_finding(one, report, context)]
    return tuple(dict.fromkeys(found))


def _is_refusal(panel: Panel) -> bool:
    """Whether it has nothing to show and says why."""
    return panel.frame.empty and bool(panel.message) and panel.summary in panel.message


def _of_headline(view: PageView, report: Report, context: set[str]) -> list[Stray]:
    """The sentence of a page by all of its tiles and tables; where it is a finding's, that finding answers for it."""
    if view.key in UNSHOWN_IN:
        return []
    said = report.front.found if any(panel.findings for panel in view.panels) else ()
    headline = "" if view.headline in {one.sentence for one in said} else view.headline
    verdicts = pd.Series([one.verdict for one in said], dtype=object).value_counts()
    borne = int(verdicts.get("works", 0) + verdicts.get("does not", 0))
    known = {formats.count(count) for count in (len(said), borne, *verdicts)}
    return _looked_for(f"{view.key} headline", f"{headline} {view.subline}", known | context | _page(view))


def _page(view: PageView) -> set[str]:
    return _tiles(view) | _union(_panel(panel) | _derived(panel) for panel in view.panels)


def _of_front(report: Report, context: set[str]) -> Iterator[Stray]:
    """Page 1: the headline by its page, the why by its bridge and by counting the findings."""
    front, first = report.front, report.views[0]
    known = context | _page(first) | _union(_panel(panel) | _said(panel) for panel in front.charts)
    told = "" if first.key in UNSHOWN_IN else front.headline
    yield from _looked_for("front", f"{told} {front.why}", known)
    every = front.found
    borne = sum(one.verdict in ("works", "does not") for one in every)
    counts = {NUMBERS[count] for count in (borne, sum(one.verdict == "cannot tell yet" for one in every)) if count < 11}
    for match in _SPELLED.finditer(front.why):
        if match.group().lower() not in counts:
            yield Stray("front", front.why, match.group())


def _of_finding(finding: Finding, report: Report, context: set[str]) -> Iterator[Stray]:
    if finding.kind in UNSHOWN:
        return
    own = numbers(_estimate(finding)) | context
    for view in report.views:
        own |= _tiles(view)
        if view.key == finding.page:
            own |= _union(_panel(panel) | _derived(panel) for panel in view.panels if panel.key == finding.panel)
    yield from _looked_for(f"finding {finding.key}", f"{finding.sentence} {finding.detail} {finding.action}", own)


def _looked_for(where: str, sentence: str, known: set[str]) -> list[Stray]:
    return [Stray(where, sentence, number) for number in sorted(numbers(sentence) - known - set(RULES))]


def _context(report: Report) -> set[str]:
    """What every page says of itself: filters, days, assumptions, rows."""
    view = report.views[0]
    data = view.provenance
    days = [formats.day(day) for day in (data.first_day, data.last_day) if day]
    rows = (data.rows_read, data.rows_accepted, data.rows_set_aside, data.version)
    words = [view.filters, view.assumptions, *days, *(formats.count(count) for count in rows), *view.remarks]
    return _union(numbers(text) for text in words) | _caused(report)


def _caused(report: Report) -> set[str]:
    """What was caused, as the court's table has it: the overview's headline says it in money."""
    courts = [panel.frame for view in report.views for panel in view.panels if panel.key == "method_court"]
    amounts = [amount for frame in courts if "incremental" in frame for amount in frame["incremental"].dropna()]
    return _union(numbers(formats.money(float(amount))) for amount in amounts)


def _tiles(view: PageView) -> set[str]:
    tiles = {tile.key: tile for tile in (*view.tiles, *view.more)}
    known = _union(numbers(f"{_written(tile)} {tile.note} {tile.change}") for tile in tiles.values())
    if {"iroas", "spend"} <= set(tiles):
        known |= numbers(formats.money(tiles["iroas"].value * tiles["spend"].value))
    counts = [tile.value for tile in tiles.values() if tile.unit == "count" and tile.value > 0]
    return known | _union(numbers(formats.share(one / other)) for one in counts for other in counts if one <= other)


def _written(tile: Tile) -> str:
    return f"{tile.written} {formats.write(tile.value, tile.unit)} {_interval(tile.lower, tile.upper, tile.unit)}"


def _estimate(finding: Finding) -> str:
    values = (finding.estimate, abs(finding.estimate), finding.lower, finding.upper)
    written = " ".join(formats.write(value, finding.unit) for value in values)
    return f"{written} {_interval(finding.lower, finding.upper, finding.unit)}"


def _interval(lower: float, upper: float, unit: str) -> str:
    known = not (formats.is_missing(lower) or formats.is_missing(upper))
    return formats.interval(float(lower), float(upper), unit) if known else ""


def _panel(panel: Panel) -> set[str]:
    """Every number of its table in short and in full, its intervals, and the numbers in its words and its note."""
    known = numbers(panel.note)
    for column in present(panel):
        known |= _column(panel.frame[column.key], column)
    units = {column.key: column.unit for column in panel.columns}
    for low, high in _ENDS:
        if {low, high} <= set(panel.frame) and low in units:
            for lower, upper in zip(panel.frame[low], panel.frame[high], strict=True):
                known |= numbers(_interval(lower, upper, units[low]))
    return known


def _column(values: pd.Series, column: Column) -> set[str]:
    if column.unit in ("text", "date"):
        texts = [formats.day(value) if hasattr(value, "strftime") else str(value) for value in values.dropna()]
        return _union(map(numbers, texts))
    both: tuple[Callable[[object, str], str], ...] = (formats.write, formats.exact)
    return _union(numbers(write(value, column.unit)) for value in values.dropna() for write in both)


def _said(panel: Panel) -> set[str]:
    """The bridge writes all its values with the same decimals: those stand in its picture and its table."""
    return _union(map(numbers, panel.frame["written"])) if "written" in panel.frame else set()


def _derived(panel: Panel) -> set[str]:
    """What anybody can reckon from the table: REASONS says which."""
    known = {formats.count(len(panel.frame))} | _said(panel)
    for column in present(panel):
        values = panel.frame[column.key].dropna()
        if column.unit in ("text", "date"):
            of_each = values.value_counts()
            known |= {
                formats.count(count) for count in (*of_each, *(len(values) - of_each), values.nunique(), len(values))
            }
            continue
        known |= _reckoned(values, column)
    return known | _correlations(panel) | _grouped(panel)


def _grouped(panel: Panel) -> set[str]:
    """Sums by the words of each column that has few, and their shares of the whole."""
    known: set[str] = set()
    columns = present(panel)
    words = [item.key for item in columns if item.unit == "text" and panel.frame[item.key].nunique() <= _FEW]
    for item in (item for item in columns if item.unit in ("money", "count")):
        for word in words:
            amounts = pd.to_numeric(panel.frame[item.key], errors="coerce")
            known |= _reckoned(amounts.groupby(panel.frame[word]).sum(), item)
    return known


def _reckoned(found: pd.Series, column: Column) -> set[str]:
    """Counts, sums, shares and spread of one column's numbers."""
    values = pd.to_numeric(found, errors="coerce").astype(float)
    values = values[values.map(math.isfinite)].sort_values(ascending=False)
    edges = [edge for edge in (0.0, 0.5, 1.0, column.good_from) if edge is not None]
    counts = [len(values), *(int(side.sum()) for edge in edges for side in (values >= edge, values < edge))]
    known = {formats.count(count) for count in counts} | {formats.count(count + 1) for count in counts}
    if values.empty:
        return known
    spread = [float(values.sum()), *(float(values.quantile(share)) for share in (0.25, 0.5, 0.75))]
    known |= _union(numbers(formats.write(value, column.unit)) for value in spread)
    if spread[0] > 0 and column.unit in ("money", "count"):
        falling = values / spread[0]
        known |= _union(numbers(formats.share(float(share))) for share in (*falling, *falling.cumsum()))
    return known


def _correlations(panel: Panel) -> set[str]:
    ranks = panel.frame[[item.key for item in present(panel) if item.unit in ("money", "count")]]
    if ranks.shape[1] < 2 or len(ranks) < 5:
        return set()
    found = ranks.dropna().rank().corr().stack()
    return {f"{abs(value):.2f}" for value in found}


def _union(sets: Iterable[set[str]]) -> set[str]:
    return set().union(*sets)


def exceptions() -> Sequence[tuple[str, str]]:
    """All that is allowed beyond a page's own cells, and why."""
    return [*RULES.items(), *UNSHOWN.items(), *UNSHOWN_IN.items(), *REASONS.items()]


assert {"sentence", "detail", "action"} <= {item.name for item in fields(Finding)}
