"""Decides how a mended quarantine file comes back: its rows take their old place, and none is counted twice."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

from data.engines.duckdb import Reader, Writer
from data.incoming.staging import Staged
from data.quality import quarantine
from data.quality.quarantine import EXTRA, FILE, OWN, ROW
from data.sources import RawTable, SetAside
from data.values import guards
from errors import BadUpload

# Rules against a cell: reading the row again says by itself whether the cell was mended.
_BY_CELL = ("number.", "id.")
_RAW = tuple(item.name for item in fields(RawTable))


@dataclass
class Mended(RawTable):
    """A returned file as its original would stand: the original's header and row numbers, and only rows that wait.

    home: the original file's number; placed: rows that waited and came; emptied: those whose cells are all empty now;
    foreign: what was refused because it does not wait, or names no row.
    """

    home: int = 0
    placed: set[int] = field(default_factory=set)
    emptied: set[int] = field(default_factory=set)
    foreign: list[SetAside] = field(default_factory=list)


@dataclass(frozen=True)
class _Home:
    """The file that returned rows came from. rows: number → the row as it waits, with its rule, reason and cells."""

    number: int
    header: list[str]
    rows: dict[int, SetAside]

    def untouched(self, number: int, cells: Sequence[str]) -> SetAside | None:
        """The row as it waits, when it was refused for its shape and no cell of it was mended.

        The empty cells that fill a row up to the header are ours, and no mending.
        """
        row = self.rows[number]
        if row.rule.startswith(_BY_CELL):
            return None
        return row if _filled(row.cells) == _filled(cells) else None


def _filled(cells: Sequence[str]) -> list[str]:
    """The cells without blanks around them, and without the empty ones at the end."""
    kept = [cell.strip() for cell in cells]
    while kept and not kept[-1]:
        kept.pop()
    return kept


@dataclass(frozen=True)
class Waiting:
    """What waits in the quarantine of the current data set: file id → that file."""

    files: dict[str, _Home]

    def opened(self, raw: RawTable) -> RawTable:
        """A returned quarantine file as its original rows; any other table as it is. Raises BadUpload."""
        if not returned(raw.header):
            return raw
        names = _names(raw.header)
        keep = [at for at, name in enumerate(names) if name not in OWN and not EXTRA.fullmatch(name)]
        rows = iter(raw.rows)
        first = next(rows, None)
        if first is None:
            raise BadUpload(f"{raw.label} is a quarantine file without a row. Put the mended rows in it.")
        id = first[1][names.index(FILE)].strip()
        if id not in self.files:
            raise BadUpload(
                f"{raw.label} holds rows of a file that is not in this data set, or of which no row waits any more: "
                "nothing was taken. Drop it into the data set it came from, once."
            )
        home = self.files[id]
        _same_columns(raw.label, [guards.bare(names[at]) for at in keep], home.header)
        mended = Mended(**{name: getattr(raw, name) for name in _RAW}, home=home.number)
        mended.header, mended.plain = [guards.bare(names[at]) for at in keep], False
        mended.set_aside, mended.kept, mended.blank = [], 0, 0
        places = _Places(id, names.index(FILE), names.index(ROW), keep, [at for at in range(len(names))
                         if EXTRA.fullmatch(names[at])])  # fmt: skip
        mended.rows = _placed(mended, raw, home, places, _chain(first, rows))
        return mended


@dataclass(frozen=True)
class _Places:
    """Where a returned file keeps what: columns of file id and row number, the original's columns, the extra ones."""

    id: str
    file: int
    row: int
    keep: list[int]
    extra: list[int]


def returned(header: Sequence[str]) -> bool:
    """Whether a file with that header is one that this house handed out as a quarantine."""
    return {FILE, ROW} <= set(_names(header))


def _names(header: Sequence[str]) -> list[str]:
    """The header with our own columns as we write them, however they are written now."""
    bare = [name.strip() for name in header]
    return [name.casefold() if name.casefold() in OWN or EXTRA.fullmatch(name.casefold()) else name for name in bare]


def waiting(snapshot: Path | None) -> Waiting:
    """What waits in a snapshot's quarantine; nothing without one."""
    if snapshot is None:
        return Waiting({})
    reader = Reader(snapshot)
    found = {}
    for file in quarantine.held(reader):
        asked = f"SELECT header, row_no, rule, reason, cells FROM quarantine WHERE file_no = {file.file_no}"
        rows = reader.rows(asked)
        aside = {number: SetAside(number, rule, why, tuple(json.loads(cells))) for _, number, rule, why, cells in rows}
        found[file.id] = _Home(file.file_no, json.loads(rows[0][0]), aside)
    reader.close()
    return Waiting(found)


def _same_columns(label: str, names: Sequence[str], header: Sequence[str]) -> None:
    lacking = [name for name in header if name not in names]
    added = [name for name in names if name not in header]
    if lacking or added or len(names) != len(header):
        odd = ", ".join([*lacking, *added]) or "one of them stands twice"
        raise BadUpload(
            f"{label} has other columns than the file its rows came from ({odd}). "
            "Keep its columns as they were and mend only the cells."
        )


def _chain(first: tuple[int, list[str]], rest: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    yield first
    yield from rest


def _placed(
    mended: Mended, raw: RawTable, home: _Home, places: _Places, rows: Iterator[tuple[int, list[str]]]
) -> Iterator[tuple[int, list[str]]]:
    """The rows that wait, under their own numbers; what does not wait is refused, what is empty now is blank."""
    for line, cells in rows:
        refused, number = _against(mended, home, places, line, cells)
        kept = [guards.bare(cells[at]) for at in places.keep]
        beyond = [guards.bare(cells[at]) for at in places.extra]
        if refused:
            mended.foreign.append(refused)
            continue
        mended.placed.add(number)
        same = home.untouched(number, kept + beyond)
        if not any(cell.strip() for cell in kept + beyond):
            mended.emptied.add(number)
        elif same:
            mended.set_aside.append(same)
        elif any(cell.strip() for cell in beyond):
            reason = f"Row {number} has more cells than the header: move them into its columns, empty the extra ones."
            mended.set_aside.append(SetAside(number, "row.ragged", reason, tuple(kept + beyond)))
        else:
            mended.kept += 1
            yield number, kept
    _finish(mended, raw)


def _finish(mended: Mended, raw: RawTable) -> None:
    """The counts once every row was seen. Raises BadUpload when none of them waits."""
    if not mended.placed:
        said = mended.foreign[0].reason if mended.foreign else ""
        raise BadUpload(f"No row of {raw.label} waits in the quarantine: nothing was taken. {said}".strip())
    mended.foreign += [replace(one, reason=f"Line {one.row} of {raw.file}: {one.reason}") for one in raw.set_aside]
    mended.set_aside += mended.foreign
    mended.blank = raw.blank + len(mended.emptied)


def _against(
    mended: Mended, home: _Home, places: _Places, line: int, cells: Sequence[str]
) -> tuple[SetAside | None, int]:
    """Why a row cannot take its old place, if so; and the number of that place."""
    text = cells[places.row].strip()
    number = int(text) if text.isdecimal() else 0
    if cells[places.file].strip() != places.id:
        reason = f"Line {line} belongs to another file than the rest. Return the rows of each file by themselves."
        return SetAside(line, "quarantine.other_file", reason, tuple(cells)), 0
    if number not in home.rows or number in mended.placed:
        reason = f"Line {line}: row {text or 'without a number'} does not wait in the quarantine: it is not counted."
        return SetAside(line, "quarantine.not_waiting", reason, tuple(cells)), 0
    return None, number


def list_aside(writer: Writer, file_no: int, rows: Sequence[SetAside]) -> None:
    """Put refused rows of one file into `set_aside`."""
    if rows:
        columns = zip(*[(file_no, one.row, one.rule, one.reason) for one in rows], strict=True)
        writer.fill("set_aside", dict(zip(("file_no", "row_no", "rule", "reason"), columns, strict=True)))


def refused(item: Staged) -> list[SetAside]:
    """The rows that were set aside; of a returned file without those that were never its to bring back."""
    raw = item.raw
    return [one for one in item.set_aside if one not in raw.foreign] if isinstance(raw, Mended) else item.set_aside


def settle(writer: Writer, item: Staged, worth: Mapping[int, str]) -> None:
    """Move a returned file's rows out of quarantine: counts of the original file, its refused rows, its blank ones.

    worth: of the rows that stay refused, as quarantine.hold takes it.
    """
    raw = item.raw
    assert isinstance(raw, Mended)
    wrong = refused(item)
    still = {one.row for one in wrong}
    taken = raw.placed - raw.emptied - still
    gone = quarantine.rows_listed(writer, raw.placed)
    for table in ("quarantine", "set_aside"):
        writer.run(f"DELETE FROM {table} WHERE file_no = {raw.home} AND row_no IN ({gone})")
    quarantine.hold(writer, raw.home, item, wrong, worth)
    list_aside(writer, raw.home, wrong)
    writer.run(
        "UPDATE files SET accepted = accepted + ?, blank = blank + ?, set_aside = set_aside - ? WHERE file_no = ?",
        [len(taken), len(raw.emptied), len(taken) + len(raw.emptied), raw.home],
    )
