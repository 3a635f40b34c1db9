"""Decides what differs between what a report said and what it would say now: tiles, and rows of tables."""

from __future__ import annotations

import csv
import io
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analytics import formats
from analytics.formats import HOUSE, Locale
from analytics.versions import UNCHANGED, change
from reports.editions import manifest
from reports.editions.manifest import Table

ALIKE = 1e-9
"""Numbers that differ by less of themselves are the same: sums in another order differ in their last digit."""
_NAMING = ("text", "date")
_UNITS = ("money", "count", "share", "multiple", "days", "score")
_NOTHING = {"value": None, "lower": None, "upper": None, "written": formats.MISSING}

Record = Mapping[str, Any]


@dataclass(frozen=True)
class TileMoved:
    """A headline number that is another one now. then, now: values, NaN for “–”, with their words."""

    page: str
    key: str
    label: str
    unit: str
    then: float
    now: float
    written: tuple[str, str]

    def line(self, before: str, after: str) -> str:
        """“Revenue: ₹1,800.15 in version 1 → ₹2,100.15 in version 2 (+₹300 · +16.7 %)”."""
        apart = _apart(self.then, self.now, self.unit)
        told = f" ({apart})" if apart and apart != UNCHANGED else ""
        return f"{self.label}: {self.written[0]} in {before} → {self.written[1]} in {after}{told}"


@dataclass(frozen=True)
class TableMoved:
    """A table whose rows are others now. is_counted: False where only its digest is known, and no row of it."""

    page: str
    key: str
    title: str
    before: int
    after: int
    new: int = 0
    changed: int = 0
    gone: int = 0
    is_counted: bool = True

    def line(self) -> str:
        """“Who brought the most?: 1 row changed, 2 new”."""
        if not self.is_counted:
            return f"{self.title}: other rows than the {formats.count(self.before)} that it had"
        parts = [(self.changed, "changed"), (self.new, "new"), (self.gone, "gone")]
        said = [f"{formats.count(count)} {word}" for count, word in parts if count]
        first, _, rest = said[0].partition(" ")
        rows = "row" if first == "1" else "rows"
        return f"{self.title}: {', '.join([f'{first} {rows} {rest}', *said[1:]])}"

    @property
    def is_moved(self) -> bool:
        """Whether any row is another."""
        return not self.is_counted or bool(self.new or self.changed or self.gone)


def tiles(then: Iterable[Record], now: Iterable[Record], locale: Locale = HOUSE) -> list[TileMoved]:
    """The tiles that say another number now, each once, in the order of the report.

    A tile that only one side has says “–” on the other: what cannot be computed is not shown among the smaller ones.
    """
    sides = [{(one["page"], one["key"]): one for one in side} for side in (then, now)]
    found: dict[tuple[Any, ...], TileMoved] = {}
    for key in dict.fromkeys([*sides[0], *sides[1]]):
        old, new = (
            side.get(key) or {**known, **_NOTHING} for side, known in zip(sides, _either(sides, key), strict=True)
        )
        if _is_alike(old, new):
            continue
        values = number(old["value"]), number(new["value"])
        moved = TileMoved(old["page"], old["key"], old["label"], old["unit"], *values, _written(old, new, locale))
        found.setdefault((moved.key, moved.written), moved)
    return list(found.values())


def _either(sides: Sequence[dict[tuple[str, str], Record]], key: tuple[str, str]) -> tuple[Record, Record]:
    """For each side the other's tile."""
    return sides[1].get(key, {}), sides[0].get(key, {})


def _apart(then: float, now: float, unit: str) -> str:
    """How far it moved, with its sign; a share in points, since per cent of per cent reads as something else."""
    if unit != "share" or math.isnan(now - then):
        return change(then, now, unit)
    return f"{formats.MINUS if now < then else '+'}{formats.change(now, then, unit)}"


def number(value: Any) -> float:
    """A value of a manifest as a number; NaN for what could not be computed."""
    return math.nan if value is None else float(value)


def is_close(then: float, now: float) -> bool:
    """Whether two numbers are the same, missing ones included."""
    return (math.isnan(then) and math.isnan(now)) or math.isclose(then, now, rel_tol=ALIKE, abs_tol=ALIKE)


def _is_alike(old: Record, new: Record) -> bool:
    return all(is_close(number(old.get(key)), number(new.get(key))) for key in ("value", "lower", "upper"))


def _written(old: Record, new: Record, locale: Locale) -> tuple[str, str]:
    """Both as they are written short, with every digit where the short ones read the same, with their intervals."""
    pair = [str(old["written"]), str(new["written"])]
    if pair[0] == pair[1]:
        pair = [_exactly(one, locale) for one in (old, new)]
    return pair[0], pair[1]


def _exactly(tile: Record, locale: Locale) -> str:
    unit = tile["unit"] if tile["unit"] in _UNITS else "count"
    text = formats.exact(number(tile["value"]), unit, locale)
    ends = number(tile.get("lower")), number(tile.get("upper"))
    return text if any(math.isnan(end) for end in ends) else f"{text} ({formats.interval(*ends, unit, locale)})"


def tables(
    then: Iterable[Record], texts: Mapping[str, bytes], now: Sequence[Table], besides: Iterable[str] = (manifest.DATA,)
) -> list[TableMoved]:
    """The tables whose rows are others now. texts: file → CSV of then, as far as it is known.

    besides: pages that are not compared: what was imported says of itself that it is another import.
    """
    passed = set(besides)
    old = {(one["page"], one["panel"]): one for one in then if one["page"] not in passed}
    new = {(one.page, one.panel.key): one for one in now if one.page not in passed}
    moved = [_table(one, texts.get(one["file"]), new.get(key)) for key, one in old.items()]
    moved += [
        TableMoved(one.page, one.panel.key, one.panel.title, 0, len(one.panel.frame), new=len(one.panel.frame))
        for key, one in new.items()
        if key not in old
    ]
    return [one for one in moved if one.is_moved]


def _table(old: Record, text: bytes | None, new: Table | None) -> TableMoved:
    told = old["page"], old["panel"], old["title"], old["rows"]
    if new is None:
        return TableMoved(*told, 0, gone=old["rows"])
    rows = len(new.panel.frame)
    if manifest.digest(new.content) == old["sha256"]:
        return TableMoved(*told, rows)
    naming = [index for index, column in enumerate(old["columns"]) if column["unit"] in _NAMING]
    if text is None:
        return TableMoved(*told, rows, is_counted=False)
    try:
        return TableMoved(*told, rows, *fate(_rows(text), _rows(new.content), naming))
    except (csv.Error, IndexError, ValueError):
        # Not written by us, or by a release that wrote otherwise: other rows, and nobody can say how many.
        return TableMoved(*told, rows, is_counted=False)


def _rows(content: bytes) -> list[list[str]]:
    """The lines of a CSV of ours, its header first."""
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig", "replace"), newline="")))


def fate(old: list[list[str]], new: list[list[str]], naming: Sequence[int]) -> tuple[int, int, int]:
    """How many rows are new, changed and gone. naming: places of the columns with words and days.

    A row is told by as few of them as tell every row apart; rows that none tells apart, by their turn. Columns that
    one side lacks are not compared.
    """
    shared = [(place, new[0].index(label)) for place, label in enumerate(old[0]) if label in new[0]]
    names = [pair for pair in shared if pair[0] in naming] or shared[:1]
    sides = old[1:], new[1:]
    for count in range(1, len(names) + 1):
        keys = [[tuple(row[pair[side]] for pair in names[:count]) for row in rows] for side, rows in enumerate(sides)]
        if all(len(set(one)) == len(one) for one in keys):
            break
    before, after = (dict(zip(_numbered(one), rows, strict=True)) for one, rows in zip(keys, sides, strict=True))
    both = before.keys() & after.keys()
    changed = sum(any(not _is_same(before[key][a], after[key][b], a in naming) for a, b in shared) for key in both)
    return len(after) - len(both), changed, len(before) - len(both)


def _numbered(keys: Iterable[tuple[str, ...]]) -> list[tuple[Any, ...]]:
    """Keys that several rows share, told apart by their turn."""
    turns: Counter[tuple[str, ...]] = Counter()
    found = []
    for key in keys:
        turns[key] += 1
        found.append((*key, turns[key]))
    return found


def _is_same(then: str, now: str, is_text: bool) -> bool:
    if then == now or is_text:
        return then == now
    try:
        return is_close(float(then), float(now))
    except ValueError:
        return False
