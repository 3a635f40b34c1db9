"""Decides what the contents page lists, and where its second column begins.

The columns are cut here: WeasyPrint tries heights again and again to balance columns of its own, which took two thirds
of the time of a whole report.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

Line = tuple[str, str]
"""An anchor and what it is called."""
_HEAD, _GAP = 2.2, 0.4
"""Lines that the name of a section takes, with the space around it, and that lie below what it says."""
_LETTERS = 46
"""Letters of a line before it needs another."""
_KEPT, _TORN = 4, 8
"""Lines of a section that stay together at either side of a cut, and lines by which a cut must even the columns."""


@dataclass(frozen=True)
class Place:
    """A section by its anchor and title, what it says in a sentence, and the lines under it.

    goes_on: whether more of its lines begin the next column, as a place without a title.
    """

    anchor: str
    title: str
    lines: tuple[Line, ...] = ()
    says: str = ""
    goes_on: bool = False

    @property
    def height(self) -> float:
        """In lines."""
        said = -(-len(self.says) // _LETTERS) + _GAP if self.says else 0
        return (_HEAD if self.title else _GAP) + said + sum(-(-len(title) // _LETTERS) or 1 for _, title in self.lines)


def halves(places: Sequence[Place]) -> tuple[tuple[Place, ...], tuple[Place, ...]]:
    """The places in two columns as even as they can be; a long section goes on in the second, where that evens them."""
    whole = sum(place.height for place in places)

    def uneven(first: Sequence[Place]) -> float:
        return abs(whole - 2 * sum(place.height for place in first)) + (_TORN if first and first[-1].goes_on else 0)

    cuts = [tuple(places[:cut]) for cut in range(1, len(places) + 1)]
    cuts += [(*places[:at], _beginning(place, line)) for at, place in enumerate(places)
             for line in range(_KEPT, len(place.lines) - _KEPT + 1)]  # fmt: skip
    first = min(cuts, key=uneven, default=())
    if first and first[-1].goes_on:
        torn = places[len(first) - 1]
        return first, (Place("", "", torn.lines[len(first[-1].lines) :]), *places[len(first) :])
    return first, tuple(places[len(first) :])


def _beginning(place: Place, lines: int) -> Place:
    return replace(place, lines=place.lines[:lines], goes_on=True)
