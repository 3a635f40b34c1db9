"""Decides how a raw file enters a snapshot: recognised, then staged as text with its row numbers, nothing typed yet."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, takewhile
from pathlib import Path

from data import schema, sources
from data.engines.duckdb import Writer
from data.incoming import bulk, neat
from data.matching.choices import Choice, Choices, remembered, settle
from data.matching.recognise import Recognised, recognise
from data.sources import BATCH, How, RawTable, SetAside
from data.sources.limits import DEFAULT, Limits
from data.values.written import count
from errors import BadUpload

_LOOK = 2_000
_PAUSE = 0.3
Tell = Callable[[float, str], None]


@dataclass(frozen=True)
class Source:
    """Where a table came from, so that some of its rows can be read again."""

    path: Path
    name: str
    how: How
    limits: Limits = DEFAULT


@dataclass
class Staged:
    """One table of one file on its way in.

    name: its staging table in the snapshot ("" when it is not taken). refused: why it is not, as a sentence.
    accepted: rows that became records; again: those that another file brought already. remarks: what a reader should
    know about how it was read. money: sums of its amounts. first_day, last_day: the span of its days.
    taken: how the engine read it by itself (as text, or typed at once), "" for row by row. source: its file. values:
    SQL by which each column of money was typed.
    """

    raw: RawTable
    recognised: Recognised
    name: str = ""
    refused: str = ""
    accepted: int = 0
    again: int = 0
    remarks: list[str] = field(default_factory=list)
    set_aside: list[SetAside] = field(default_factory=list)
    money: dict[str, float] = field(default_factory=dict)
    first_day: date | None = None
    last_day: date | None = None
    taken: str = ""
    source: Source | None = None
    values: dict[str, str] = field(default_factory=dict)

    @property
    def whole(self) -> bool:
        """Whether the engine read it by itself."""
        return bool(self.taken)

    @property
    def typed(self) -> bool:
        """Whether its rows were typed while they were cut."""
        return self.taken == bulk.TYPED

    @property
    def table(self) -> str:
        """Which of the four tables it is; "" for none."""
        return self.recognised.table

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields it brings, in the schema's order."""
        mapping = self.recognised.mapping
        return tuple(item.key for item in schema.TABLES[self.table].fields if item.key in mapping)


def stage(
    writer: Writer,
    paths: Iterable[tuple[Path, str]],
    choices: Choices | None = None,
    data_dir: Path | None = None,
    progress: Tell | None = None,
    opened: Callable[[RawTable], RawTable] | None = None,
    limits: Limits = DEFAULT,
) -> list[Staged]:
    """Read every file into staging tables (or views) `stage_0`, `stage_1`, … of trimmed text columns plus `row_no`.

    paths: pairs of path and the name to show. choices: what the user said of tables and files; data_dir: where what
    was said of header sets before is remembered. progress: is told the share of bytes read (0 to 1) and a sentence,
    about three times a second. opened: what a table stands for, before it is recognised. limits: how much is read.
    A file that cannot be read is refused with a sentence; the rest go on.
    """
    staged: list[Staged] = []
    files = list(paths)
    pace = _Pace(progress, [path.stat().st_size if path.is_file() else 0 for path, _ in files])
    said = _Said(choices or Choices(), data_dir, opened or (lambda raw: raw))
    for place, (path, name) in enumerate(files):
        pace.begin(place, name)
        try:
            tables = sources.read(path, name, said.how(name), limits)
        except BadUpload as error:
            staged.append(_refused(name, str(error)))
            continue
        for raw in tables:
            staged.append(_stage_one(writer, raw, len(staged), said, pace))
            staged[-1].source = Source(path, name, said.how(name), limits)
    pace.say(1.0, "Every file is read.", True)
    return staged


def cells_of(item: Staged, numbers: Collection[int]) -> dict[int, tuple[str, ...]]:
    """Row number → the cells as the file has them, for a few rows; read from the file again. Empty where it cannot."""
    if not numbers or type(item.raw) is not RawTable or item.source is None:
        return {}
    if item.raw.plain or item.whole:
        return {number: tuple(cells) for number, cells in bulk.cells_at(item.raw, numbers)}
    wanted, last = set(numbers), max(numbers)
    found: dict[int, tuple[str, ...]] = {}
    for raw in sources.read(item.source.path, item.source.name, item.source.how, item.source.limits):
        if raw.label == item.raw.label:
            rows = takewhile(lambda row: row[0] <= last, raw.rows)
            found = {number: tuple(cells) for number, cells in rows if number in wanted}
    return found


@dataclass(frozen=True)
class _Said:
    """What holds for the files: choices of now, and those remembered."""

    choices: Choices
    data_dir: Path | None
    opened: Callable[[RawTable], RawTable]

    def how(self, name: str) -> How:
        """How a file is read: what was said under its name."""
        own = self.choices.of(name, name)
        return How(own.encoding, own.delimiter, own.header_row) if own else How()

    def of(self, raw: RawTable) -> Choice | None:
        """What was said of one table, now or before."""
        own = self.choices.of(raw.label, raw.file)
        return settle(own, remembered(self.data_dir, raw.header)) if self.data_dir else own


class _Pace:
    """How far the reading is, said at most about three times a second."""

    def __init__(self, tell: Tell | None, sizes: Sequence[int]) -> None:
        self._tell, self._sizes, self._whole = tell, sizes, max(sum(sizes), 1)
        self._place, self._name, self._last = 0, "", 0.0

    def begin(self, place: int, name: str) -> None:
        """A further file."""
        self._place, self._name = place, name
        self.at(0.0)

    def at(self, share: float, rows: int = 0) -> None:
        """A share of the current file is read, and so many of its rows (0: not known)."""
        done = (sum(self._sizes[: self._place]) + share * self._sizes[self._place]) / self._whole
        self.say(done, f"Reading {self._name}: {count(rows)} rows" if rows else f"Reading {self._name}")

    def say(self, done: float, says: str, certainly: bool = False) -> None:
        """Tell it, unless something was told a moment ago."""
        now = time.monotonic()
        if self._tell and (certainly or now - self._last >= _PAUSE):
            self._last = now
            self._tell(done, says)


def _refused(name: str, why: str) -> Staged:
    return Staged(RawTable(name, "", [], iter(())), Recognised("", why), refused=why)


def _stage_one(writer: Writer, given: RawTable, place: int, said: _Said, pace: _Pace) -> Staged:
    try:
        raw = said.opened(given)
        batches = raw.batches(_LOOK)
        first = next(batches, ([], []))
        recognised = recognise(raw.label, raw.header, raw.glance(first[1]), said.of(raw))
        if not recognised.table:
            return Staged(raw, recognised, refused=recognised.why)
        item = Staged(raw, recognised, name=f"stage_{place}")
        if not first[0] and not raw.set_aside:
            return _refused(raw.label, f"{raw.label} has a header and no rows. Export it again with its rows.")
        if bulk.can(raw):
            item.taken = bulk.load(writer, raw, _places(item), item.name, pace.at, _plain(item, first[1], said))
        if not item.whole:
            _row_by_row(writer, item, chain([first], batches), pace)
    except BadUpload as error:
        return _refused(given.label, str(error))
    item.set_aside = list(raw.set_aside)
    item.remarks = list(raw.remarks)
    return item


def _plain(item: Staged, first: Sequence[Sequence[str]], said: _Said) -> neat.Kinds | None:
    """Kinds of the fields where rows may be typed at once: nobody said how to read them, and the first are plain."""
    choice, kinds = said.of(item.raw), neat.kinds_of(item.table, item.fields)
    if choice and (choice.dates or choice.decimals):
        return None
    return kinds if kinds and neat.likely(kinds, _places(item), first) else None


def _places(item: Staged) -> dict[str, int]:
    mapping = item.recognised.mapping
    return {key: mapping[key] for key in item.fields}


def _row_by_row(
    writer: Writer, item: Staged, batches: Iterable[tuple[list[int], list[list[str]]]], pace: _Pace
) -> None:
    """What the careful reader gives, in batches that are large enough for the engine."""
    columns = ", ".join(f'"{key}" VARCHAR' for key in item.fields)
    writer.run(f"CREATE TABLE {item.name} (row_no BIGINT, {columns})")
    numbers: list[int] = []
    cells: list[list[str]] = []
    for some, rows in batches:
        numbers += some
        cells += rows
        if len(numbers) >= BATCH:
            _append(writer, item, numbers, cells)
            pace.at(0.5, item.raw.kept)
            numbers, cells = [], []
    if numbers:
        _append(writer, item, numbers, cells)


def _append(writer: Writer, item: Staged, rows: list[int], cells: list[list[str]]) -> None:
    by_column = list(zip(*cells, strict=True))
    columns = {key: [cell.strip() for cell in by_column[place]] for key, place in _places(item).items()}
    writer.fill(item.name, {"row_no": rows} | columns)
