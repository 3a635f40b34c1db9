"""Decides which words a report explains: exactly the metrics that its tiles, charts and tables used."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from analytics.metrics import METRICS, Metric
from analytics.views import PageView, Panel

_ELSEWHERE = ("Filters: ", "Data version ")
_ITSELF = re.compile(r"^(.+) = \1(?=:|$)")


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

    What every question says (filters, data version) stands elsewhere in the report and is left out, and so is what
    says of a word only that it is that word.
    """
    seen: set[str] = set()
    methods: list[tuple[str, tuple[str, ...]]] = []
    for panel in (panel for view in views for panel in view.panels):
        lines = [*(_ITSELF.sub(r"\1", line) for line in panel.explain if _says(line)), *_estimators(panel)]
        fresh = tuple(line for line in dict.fromkeys(lines) if line not in seen)
        seen |= set(fresh)
        if fresh:
            methods.append((panel.title, fresh))
    return methods


def _says(line: str) -> bool:
    return not line.startswith(_ELSEWHERE) and not _ITSELF.fullmatch(line)


def _estimators(panel: Panel) -> list[str]:
    """What each estimate of the panel is, where each has a method of its own; none that was refused."""
    if not {"label", "method", "version", "formula", "estimate"} <= set(panel.frame.columns):
        return []
    made = panel.frame[panel.frame["estimate"].notna()]
    return [f"{row['label']} ({row['method']}, version {row['version']}): {row['formula']}"
            for row in made.to_dict("records")]  # fmt: skip
