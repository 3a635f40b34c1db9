"""Decides what the contents page lists, and where its second column begins.

The columns are cut here: WeasyPrint tries heights again and again to balance columns of its own, which took two thirds
of the time of a whole report.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Line = tuple[str, str]
"""An anchor and what it is called."""
_HEAD, _GAP = 2.2, 0.4
"""Lines that the name of a section takes, with the space around it, and that lie below what it says."""
_LETTERS = 46
"""Letters of a line before it needs another."""


@dataclass(frozen=True)
class Place:
    """A section by its anchor and title, what it says in a sentence, and the lines under it."""

    anchor: str
    title: str
    lines: tuple[Line, ...] = ()
    says: str = ""

    @property
    def height(self) -> float:
        """In lines."""
        said = -(-len(self.says) // _LETTERS) + _GAP if self.says else 0
        return _HEAD + said + sum(-(-len(title) // _LETTERS) or 1 for _, title in self.lines)


def halves(places: Sequence[Place]) -> tuple[tuple[Place, ...], tuple[Place, ...]]:
    """The places in two columns as even as whole sections allow, the first never the shorter by much."""
    whole = sum(place.height for place in places)
    cuts = range(1, len(places) + 1)
    best = min(cuts, key=lambda cut: abs(whole - 2 * sum(place.height for place in places[:cut])), default=0)
    return tuple(places[:best]), tuple(places[best:])
