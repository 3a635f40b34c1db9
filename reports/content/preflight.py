"""Decides whether a report may go out unseen: nothing failed, nothing is blank, every total is the sum of its parts.

A chart that is missing because no browser could draw it is no problem: its table stands in its place and says so.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any, Protocol

import pandas as pd

from analytics.metrics import METRICS
from analytics.views import Figure, PageView, Panel
from reports.content.arrangement import has_chart
from reports.content.cells import cell, present
from reports.content.report import Report

ADDED = ("revenue", "revenue.all", "spend", "orders")
"""Metrics that add up over any split of the rows."""
WHOLE = frozenset({
    "revenue_trend", "customers_trend", "roas_by_platform", "roas_by_tier", "roas_by_influencer_category",
    "roas_by_gender", "payouts_by_basis", "campaign_ranking", "influencer_table", "roas_by_brand", "cac_by_platform",
    "cac_by_tier",
})  # fmt: skip
"""Panels whose rows split the whole selection, the unknown and the organic among them. A ring leaves out what has none
of its measure, and products those without a name: neither need add up."""
PLACES = ("x", "y", "values", "z", "x0")
_PAISA = 0.01
_MARK = re.compile(r"<(?:\w+:)?(?:path|image|text|rect|circle)\b")


class Drawn(Protocol):
    """A chart as it was drawn: reports.render.pictures.Drawing."""

    @property
    def svg(self) -> str | None:
        """The drawing; None when there is none."""


def problems(report: Report, drawings: Mapping[tuple[str, str], Drawn] | None = None) -> tuple[str, ...]:
    """A sentence for each thing that must be looked at before the report is sent; none for a sound report.

    drawings: (page key, panel key) → what was drawn, where the form is drawn at all.
    """
    return tuple(sentence for view in report.views for sentence in _of_page(view, drawings or {}))


def _of_page(view: PageView, drawings: Mapping[tuple[str, str], Drawn]) -> Iterator[str]:
    if not _says_anything(view):
        yield f"{view.title}: there is nothing on this page. Widen the filters, or leave the page out."
        return
    for panel in view.panels:
        failed = _failed(panel)
        if failed:
            yield f"{view.title}, “{panel.title}”: {failed}"
        elif has_chart(panel) and panel.figure is not None and not _draws(panel.figure):
            yield f"{view.title}, “{panel.title}”: its picture has nothing to draw. Widen the filters."
        elif _is_blank(drawings.get((view.key, panel.key))):
            yield f"{view.title}, “{panel.title}”: it was drawn as an empty picture. Make the report again."
        yield from _unequal(view, panel)


def _says_anything(view: PageView) -> bool:
    """Whether there is a number, a row, a picture, a finding or a reason on the page."""
    told = any(not math.isnan(tile.value) for tile in (*view.tiles, *view.more))
    return told or any(
        not panel.frame.empty or panel.findings or panel.figure or panel.message for panel in view.panels
    )


def _failed(panel: Panel) -> str:
    """Why its query must be called failed: columns that it did not bring, no answer and no reason; else ''."""
    lost = [item.label for item in panel.columns if item.key not in panel.frame]
    if lost and not panel.frame.empty:
        return f"its query failed: it brought no {' and no '.join(lost)}. Look at the log, then make it again."
    answered = panel.message or panel.figure or panel.findings or not panel.frame.empty or panel.kind == "findings"
    return "" if answered else "its query failed: no rows and no reason came back. Look at the log, then make it again."


def _draws(figure: Figure) -> bool:
    """Whether any mark of the picture has a place."""
    return any(_has_place(trace.get(key)) for trace in figure.get("data", ()) for key in PLACES)


def _has_place(value: Any) -> bool:
    if isinstance(value, str):
        return value != ""
    if isinstance(value, int | float):
        return math.isfinite(value)
    if isinstance(value, Mapping):
        return bool(value)
    return value is not None and hasattr(value, "__iter__") and any(_has_place(item) for item in value)


def _is_blank(drawing: Drawn | None) -> bool:
    return drawing is not None and drawing.svg is not None and not _MARK.search(drawing.svg)


def _unequal(view: PageView, panel: Panel) -> Iterator[str]:
    """Totals of the page's tiles that the panel's rows do not add up to, to the paisa."""
    if panel.key not in WHOLE or panel.frame.empty:
        return
    totals = {tile.key: tile.value for tile in (*view.tiles, *view.more) if tile.key in ADDED}
    for item in present(panel):
        total = totals.get(item.key, math.nan)
        parts = pd.to_numeric(panel.frame[item.key], errors="coerce").sum() if item.key in totals else math.nan
        if abs(parts - total) > _PAISA + 1e-12 * abs(total):
            says = f"the parts add up to {cell(float(parts), item.unit)}, the page says {cell(total, item.unit)}"
            yield f"{view.title}, “{panel.title}”: {METRICS[item.key].label} does not match: {says}. Look at the data."
