"""Decides what a version remembers of its making: its files, what became of their rows, and what to say of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import count

from data.engines.duckdb import Writer
from data.incoming import mended
from data.incoming.mended import Mended
from data.incoming.staging import Staged
from data.provenance import Note
from data.quality import accounts, quarantine
from data.quality.accounts import Account

_TABLES = """
    CREATE TABLE files (
        file_no INTEGER, name VARCHAR, sheet VARCHAR, tab VARCHAR, hash VARCHAR, encoding VARCHAR,
        rows_read BIGINT, accepted BIGINT, set_aside BIGINT, blank BIGINT, remark VARCHAR);
    CREATE TABLE set_aside (file_no INTEGER, row_no BIGINT, rule VARCHAR, reason VARCHAR)
"""
_FROM_OLD = "INSERT INTO files SELECT * FROM old.files; INSERT INTO set_aside SELECT * FROM old.set_aside"
_FILE = "INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_ABOUT = "CREATE TABLE about AS SELECT ?::INTEGER AS version, ?::BOOLEAN AS sample, ?::VARCHAR AS imported_at"
_NOTES = "CREATE TABLE notes (rule VARCHAR, weight VARCHAR, sentence VARCHAR, concerned BIGINT)"


def numbers(staged: Sequence[Staged], first_file: int) -> dict[int, int]:
    """The file number of each item, by its identity: the next free ones; a returned quarantine keeps its file's."""
    free = count(first_file)
    return {id(item): item.raw.home if isinstance(item.raw, Mended) else next(free) for item in staged}


def files(
    writer: Writer,
    staged: Sequence[Staged],
    hashes: Mapping[str, str],
    first_file: int,
    adding: bool,
    values: Mapping[tuple[str, str], str] | None = None,
    read: Mapping[tuple[str, str], Decimal] | None = None,
) -> list[Account]:
    """Make `files`, `set_aside`, `quarantine` and `accounts`; returns the accounts. Raises accounts.OutOfBalance.

    A row a file, a row for each row that was not taken (with its cells), a row for each money column. A returned
    quarantine file has no row of its own: its rows move within those of the file they came from.
    hashes: of each file, by its shown name. adding: go on from those of the attached snapshot `old`. values, read:
    how each staged money column is read and what it sums to, as in accounts.settle.
    """
    writer.run(_TABLES)
    if adding:
        writer.run(_FROM_OLD)
    quarantine.make(writer, adding)
    accounts.make(writer, adding)
    numbered = numbers(staged, first_file)
    settled = accounts.settle(writer, staged, numbered, values, read)
    for item in staged:
        number = numbered[id(item)]
        own = [one for one in settled if (one.file_no, one.label) == (number, item.raw.label)]
        _file(writer, number, item, hashes.get(item.raw.file, ""), own)
    return settled


def _file(writer: Writer, number: int, item: Staged, digest: str, own: Sequence[Account]) -> None:
    """A file that was left out counts no rows: its remark says why."""
    raw = item.raw
    if isinstance(raw, Mended):
        _mended(writer, item, raw, own)
        return
    table, counts, remark = "", [0] * 4, item.refused
    if not item.refused:
        table, remark = item.table, " ".join(item.remarks)
        counts = [raw.read, item.accepted, len(item.set_aside), raw.blank]
        mended.list_aside(writer, number, item.set_aside)
        worth = accounts.worth(writer, item, item.set_aside)
        quarantine.hold(writer, number, item, item.set_aside, worth)
        for account in own:
            accounts.enter(writer, account)
    writer.run(_FILE, [number, raw.file, raw.sheet, table, digest, raw.encoding, *counts, remark])


def _mended(writer: Writer, item: Staged, raw: Mended, own: Sequence[Account]) -> None:
    if not item.refused:
        for account in own:
            accounts.move(writer, raw, account)
        mended.settle(writer, item, accounts.worth(writer, item, mended.refused(item)))


def about(writer: Writer, version: int, sample: bool, now: datetime) -> None:
    """Make `about`: the version's number, whether it is the sample, and when it was imported."""
    writer.run(_ABOUT, [version, sample, now.isoformat(timespec="seconds")])


def notes(writer: Writer, said: Sequence[Note]) -> None:
    """Make `notes`: what is worth saying about the data, in its order."""
    writer.run(_NOTES)
    for note in said:
        writer.run("INSERT INTO notes VALUES (?, ?, ?, ?)", [note.rule, note.weight, note.sentence, note.rows])
