"""Decides where a page's panels stand on paper: which share a row, how large a chart is drawn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analytics.views import Figure, Panel

PAGE_PX = 661
"""Width between the margins of an A4 page (210 mm less 2 × 17.5 mm) in CSS pixels."""
GAP_PX = 22
TWELFTHS = 12
_HALF = 6
_LEAST = 5
_BAR_PX, _SLOT_PX = 17.5, 21
_LOWEST = 100
SHORT_TABLE = 12
TALLEST = 600
_FEW_COLUMNS = 4
_REACH = 4
"""Panels after a lonely one among which another lonely one is looked for."""
_OPENING_LEAVES = {"A4": 430, "Letter": 370}
"""Pixels that sentence, tiles and notes of a section leave of its first page for one picture."""


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


def tables_last(panels: Iterable[Panel], paper: str = "A4") -> list[Panel]:
    """Pictures and short tables in their order, then the long tables in theirs: a page of its own amid pictures would
    leave the page before it half empty."""
    return _lights_first(sorted(panels, key=_runs_on), _OPENING_LEAVES[paper])


def _lights_first(panels: list[Panel], leaves: int) -> list[Panel]:
    """A picture too tall for what the opening leaves of its page lets the lights after it fill that page."""
    is_tall = len(panels) > 1 and place(panels[0]).height > leaves
    return [panels[1], panels[0], *panels[2:]] if is_tall and panels[1].kind == "lights" else panels


def _runs_on(panel: Panel) -> bool:
    """Whether it is a table that needs pages of its own: many rows, or more columns than a page is wide."""
    long = len(panel.frame) > SHORT_TABLE or len(panel.columns) > 2 * _FEW_COLUMNS
    return panel.kind == "table" and has_table(panel) and long


def rows(panels: Iterable[Panel]) -> list[tuple[Placed, ...]]:
    """Panels in their order, two a row at most, each row as wide as the page.

    One that would stand alone is joined by the next that would too, within reach: no page ends half empty for it.
    """
    left = list(panels)
    placed: list[tuple[Placed, ...]] = []
    while left:
        panel = left.pop(0)
        mate = _mate(panel, left)
        placed.append(_row(panel) if mate is None else _row(panel, left.pop(mate)))
    return placed


def _mate(panel: Panel, others: Sequence[Panel]) -> int | None:
    """Which of the panels after it shares its row: the next one where both fit, else a lonely one near by."""
    for place, other in enumerate(others[:_REACH]):
        beside = [] if place == 0 else [others[place - 1], *others[place + 1 : place + 2]]
        if _fit(panel, other) and not any(_fit(other, one) for one in beside):
            return place
    return None


def _fit(first: Panel, second: Panel) -> bool:
    return _twelfths(first) + _twelfths(second) <= TWELFTHS


def _twelfths(panel: Panel) -> int:
    """A third is too small for paper, and what may run over a page or has words beside its marks needs its whole
    width."""
    if _is_long(panel) or panel.kind in ("findings", "lights") or _is_wordy(panel):
        return TWELFTHS
    if not has_chart(panel) and not has_table(panel):
        return _HALF
    return min(max(panel.span, _LEAST), TWELFTHS)


def _is_wordy(panel: Panel) -> bool:
    """Whether its picture has words among its marks, which would lie upon each other in half of a page."""
    return has_chart(panel) and bool((panel.figure or {})["layout"].get("meta", {}).get("whole_width"))


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
        own = figure["layout"].get("meta", {}).get("slot_paper")
        return max(_LOWEST, round(28 + float(ends[0] - ends[1]) * (_SLOT_PX * own if own else _BAR_PX)))
    is_ring = any(trace.get("type") == "pie" for trace in figure["data"])
    return 220 if twelfths > _HALF + 1 and not is_ring else 166
