"""Decides what page 1 says: the sentence, five tiles, one picture, and the three findings that matter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analytics.views import Finding, PageView, Panel, Tile
from reports.content.arrangement import has_chart, place

TILES = 5
COVER_TALLEST = 190
"""A cover's chart leaves room for what matters below it: page 1 is one page."""
_CRUSHED = 90
"""Pixels by which a cover's chart may be lower than it would be in its section."""


@dataclass(frozen=True)
class Front:
    """headline: the answer in a sentence; why: two lines at most. charts: what is drawn. findings: what matters."""

    headline: str
    why: str
    tiles: tuple[Tile, ...]
    charts: tuple[Panel, ...]
    findings: tuple[Finding, ...]


def front_of(views: Sequence[PageView]) -> Front:
    """The first picture and the three findings that matter; without findings, the first two pictures.

    A picture that needs much more height than a cover has would be crushed there: it stays in its section.
    """
    drawn = [panel for panel in views[0].panels if has_chart(panel)]
    charts = [panel for panel in drawn if place(panel).height <= COVER_TALLEST + _CRUSHED] or drawn
    found = [finding for view in views for panel in view.panels for finding in panel.findings]
    weighty = [finding for finding in found if finding.verdict != "note"] or found
    chosen = list(dict.fromkeys(finding.key for finding in weighty))[:3]
    first = {finding.key: finding for finding in reversed(weighty)}
    first_view = views[0]
    return Front(
        first_view.headline,
        first_view.subline,
        first_view.tiles[:TILES],
        tuple(charts[: 1 if chosen else 2]),
        tuple(first[key] for key in chosen),
    )
