"""Decides what a filled page is made of: the one description that screen, paper, JSON and CSV render."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from data.provenance import Note, Provenance

__all__ = ["Column", "Figure", "Finding", "Note", "PageView", "Panel", "Provenance", "Quality", "Tile"]

Figure = dict[str, Any]
"""A Plotly figure as a plain dict (data, layout): colours by role (“--accent”), no template, no title, no size."""


@dataclass(frozen=True)
class Column:
    """One column of a panel's table. unit: a metric's unit, 'text' or 'date'. better: 'higher', 'lower', ''.

    judged: the cell is coloured good or bad against `good_from` (a break-even such as ROAS 1).
    """

    key: str
    label: str
    unit: str = "text"
    better: str = ""
    judged: bool = False
    good_from: float | None = None


@dataclass(frozen=True)
class Tile:
    """One headline number.

    value: in the unit of its metric, NaN when it cannot be computed (then `note` says why). change: how far it
    moved, in words ("12.4 %"); direction: 'up', 'down' or ''; verdict: 'good', 'bad' or '' for neutral.
    versus: what it is compared with. spark: the value over time, oldest first. lower, upper: interval or NaN.
    """

    key: str
    label: str
    unit: str
    value: float
    written: str
    note: str = ""
    change: str = ""
    direction: str = ""
    verdict: str = ""
    versus: str = ""
    spark: tuple[float, ...] = ()
    lower: float = float("nan")
    upper: float = float("nan")


@dataclass(frozen=True)
class Finding:
    """A sentence with its evidence. verdict: 'works', 'does not', 'cannot tell yet' or 'note'.

    estimate, lower, upper: in `unit`, NaN where the finding has none. panel: key of the panel that shows it;
    page: key of that panel's page. action: what to do, in a sentence.
    """

    key: str
    kind: str
    sentence: str
    detail: str
    verdict: str
    unit: str = "multiple"
    estimate: float = float("nan")
    lower: float = float("nan")
    upper: float = float("nan")
    page: str = "overview"
    panel: str = ""
    action: str = ""


@dataclass(frozen=True)
class Panel:
    """A question, its answer in words, its table and its picture.

    kind: 'chart' (figure, with the table one click away), 'table' (the table is the picture) or 'findings'.
    summary: the answer in one sentence. message: shown instead of the figure when there is none. note: what it
    counts (n, method, cost layer). explain: formula and method, lines. span: width in twelfths of the page.
    frame: the numbers, one row a record, columns as in `columns`.
    """

    key: str
    title: str
    metric: str
    summary: str
    frame: pd.DataFrame
    columns: tuple[Column, ...]
    figure: Figure | None = None
    message: str = ""
    note: str = ""
    explain: tuple[str, ...] = ()
    kind: str = "chart"
    span: int = 6
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Quality:
    """What the data behind the numbers are worth knowing for.

    equation: where every row went, in words. files, money: tables with their sums (money None where the version
    counted none). notes: what the rules found, heaviest first. locked: what the data cannot answer, a sentence each;
    unlocked: what they can, by name. quarantine: how the rows set aside are had. records: the same for programs.
    """

    equation: str
    files: Panel
    money: Panel | None
    notes: tuple[Note, ...]
    locked: tuple[str, ...]
    unlocked: tuple[str, ...]
    quarantine: str
    records: dict[str, Any]


@dataclass(frozen=True)
class PageView:
    """A filled page: everything a renderer needs, nothing it must compute."""

    key: str
    title: str
    headline: str
    subline: str
    tiles: tuple[Tile, ...]
    more: tuple[Tile, ...]
    panels: tuple[Panel, ...]
    query: str
    filters: str
    assumptions: str
    provenance: Provenance
    remarks: tuple[str, ...] = field(default=())
    quality: Quality | None = None

    def panel(self, key: str) -> Panel:
        """The panel of that key; KeyError when the page has none."""
        return {panel.key: panel for panel in self.panels}[key]
