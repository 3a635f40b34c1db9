"""Decides where a page's panels stand on paper: which share a row, how large a chart is drawn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from analytics.views import Figure, Panel

PAGE_PX = 661
"""Width between the margins of an A4 page (210 mm less 2 × 17.5 mm) in CSS pixels."""
GAP_PX = 22
TWELFTHS = 12
_HALF = 6
_LEAST = 5
_SLOT_PX = 21
SHORT_TABLE = 12
TALLEST = 600
_FEW_COLUMNS = 4
_OPENING_LEAVES = 400
"""Pixels that sentence, tiles and notes of a section leave of its first page."""


@dataclass(frozen=True)
class Placed:
    """A panel with its width in twelfths and its chart's size in CSS pixels (0 where it has no chart)."""

    panel: Panel
    twelfths: int
    width: int
    height: int


def has_chart(panel: Panel) -> bool:
    """Whether the panel is answered by a picture."""
    return panel.kind == "chart" and panel.figure is not None and not panel.message


def has_table(panel: Panel) -> bool:
    """Whether its numbers are printed as a table: tables always, and the few rows that were too few for a picture."""
    if panel.frame.empty or not panel.columns:
        return False
    return panel.kind in ("table", "lights") or (bool(panel.message) and len(panel.frame) <= SHORT_TABLE)


def tables_last(panels: Iterable[Panel]) -> list[Panel]:
    """Pictures and short tables in their order, then the long tables in theirs: a page of its own amid pictures would
    leave the page before it half empty."""
    return _lights_first(sorted(panels, key=_runs_on))


def _lights_first(panels: list[Panel]) -> list[Panel]:
    """A picture too tall for what the opening leaves of its page lets the lights after it fill that page."""
    is_tall = len(panels) > 1 and place(panels[0]).height > _OPENING_LEAVES
    return [panels[1], panels[0], *panels[2:]] if is_tall and panels[1].kind == "lights" else panels


def _runs_on(panel: Panel) -> bool:
    """Whether it is a table that needs pages of its own: many rows, or more columns than a page is wide."""
    long = len(panel.frame) > SHORT_TABLE or len(panel.columns) > 2 * _FEW_COLUMNS
    return panel.kind == "table" and long


def rows(panels: Iterable[Panel]) -> list[tuple[Placed, ...]]:
    """Panels in their order, two a row at most, each row as wide as the page."""
    waiting: list[Panel] = []
    placed: list[tuple[Placed, ...]] = []
    for panel in panels:
        if waiting and _twelfths(waiting[0]) + _twelfths(panel) <= TWELFTHS:
            placed.append(_row(waiting.pop(), panel))
            continue
        placed += [_row(waiting.pop())] if waiting else []
        waiting.append(panel)
    return placed + ([_row(waiting.pop())] if waiting else [])


def _twelfths(panel: Panel) -> int:
    """A third is too small for paper, and what may run over a page needs its whole width."""
    if _is_long(panel) or panel.kind in ("findings", "lights"):
        return TWELFTHS
    return min(max(panel.span, _LEAST), TWELFTHS)


def _is_long(panel: Panel) -> bool:
    """Whether its table may run over a page, or over the page's width."""
    return has_table(panel) and (len(panel.frame) > SHORT_TABLE or len(panel.columns) > _FEW_COLUMNS)


def _row(*panels: Panel) -> tuple[Placed, ...]:
    wanted = [_twelfths(panel) for panel in panels]
    shares = [TWELFTHS] if len(panels) == 1 else [first := _fair(wanted[0], wanted[1]), TWELFTHS - first]
    return tuple(place(panel, share) for panel, share in zip(panels, shares, strict=True))


def _fair(first: int, second: int) -> int:
    """Twelfths of the first of two panels: halves unless one asks for more, neither too small to be read."""
    if max(first, second) <= _HALF:
        return _HALF
    return min(max(round(TWELFTHS * first / (first + second)), _LEAST), TWELFTHS - _LEAST)


def place(panel: Panel, twelfths: int = TWELFTHS, most: int = TALLEST) -> Placed:
    """The panel at that width, with the size of its chart, at most so many pixels high."""
    if not has_chart(panel) or panel.figure is None:
        return Placed(panel, twelfths, 0, 0)
    width = PAGE_PX if twelfths == TWELFTHS else round((PAGE_PX - GAP_PX) * twelfths / TWELFTHS)
    return Placed(panel, twelfths, width, min(most, _height(panel.figure, twelfths)))


def _height(figure: Figure, twelfths: int) -> int:
    """Room for every name where names run down the side, else a height that suits the width."""
    axis = figure["layout"].get("yaxis", {})
    ends = axis.get("range", ())
    if len(ends) == 2 and all(isinstance(end, int | float) for end in ends) and ends[0] > ends[1]:
        slots = float(ends[0] - ends[1]) * figure["layout"].get("meta", {}).get("slot_paper", 1.0)
        return max(130, round(28 + _SLOT_PX * slots))
    return 220 if twelfths > _HALF + 1 else 200
