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
    """Question and the lines that say how it was reckoned; the same lines once, under their first question."""
    seen: set[tuple[str, ...]] = set()
    methods: list[tuple[str, tuple[str, ...]]] = []
    for view in views:
        for panel in view.panels:
            if panel.explain and panel.explain not in seen:
                seen.add(panel.explain)
                methods.append((panel.title, panel.explain))
    return methods
