"""Decides which words a report explains: exactly the metrics that its tiles, charts and tables used."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from analytics.metrics import METRICS, Metric
from analytics.views import PageView


def metrics_used(views: Sequence[PageView]) -> list[Metric]:
    """The registry's metrics that appear in these pages, each once, by label."""
    keys = {key for view in views for key in _keys(view)} & set(METRICS)
    return sorted((METRICS[key] for key in keys), key=lambda metric: metric.label.casefold())


def _keys(view: PageView) -> Iterable[str]:
    yield from (tile.key for tile in (*view.tiles, *view.more))
    for panel in view.panels:
        yield panel.metric
        if panel.kind == "table":
            yield from (column.key for column in panel.columns)


def methods_used(views: Sequence[PageView]) -> list[tuple[str, tuple[str, ...]]]:
    """Question and the lines that say how it was reckoned; a line once, under its first question.

    What every question says (filters, data version) stands elsewhere in the report and is left out.
    """
    panels = [panel for view in views for panel in view.panels if panel.explain]
    everywhere = set.intersection(*(set(panel.explain) for panel in panels)) if len(panels) > 1 else set()
    seen = set(everywhere)
    methods: list[tuple[str, tuple[str, ...]]] = []
    for panel in panels:
        fresh = tuple(line for line in dict.fromkeys(panel.explain) if line not in seen)
        seen |= set(fresh)
        if fresh:
            methods.append((panel.title, fresh))
    return methods
