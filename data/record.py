"""Decides what a version remembers of its making: its files, what became of their rows, and what to say of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from data.engines.duckdb import Writer
from data.provenance import Note
from data.staging import Staged

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


def files(writer: Writer, staged: Sequence[Staged], hashes: Mapping[str, str], first_file: int, adding: bool) -> None:
    """Make `files` and `set_aside`: a row a file, and a row for each row that was not taken.

    hashes: of each file, by its shown name. adding: go on from those of the attached snapshot `old`.
    """
    writer.run(_TABLES)
    if adding:
        writer.run(_FROM_OLD)
    for number, item in enumerate(staged, start=first_file):
        _file(writer, number, item, hashes.get(item.raw.file, ""))
        if item.set_aside and not item.refused:
            rows = [(number, one.row, one.rule, one.reason) for one in item.set_aside]
            columns = zip(*rows, strict=True)
            writer.fill("set_aside", dict(zip(("file_no", "row_no", "rule", "reason"), columns, strict=True)))


def _file(writer: Writer, number: int, item: Staged, digest: str) -> None:
    """A file that was left out counts no rows: its remark says why."""
    raw = item.raw
    table, counts, remark = "", [0] * 4, item.refused
    if not item.refused:
        table, remark = item.table, " ".join(item.remarks)
        counts = [raw.read, item.accepted, len(item.set_aside), raw.blank]
    writer.run(_FILE, [number, raw.file, raw.sheet, table, digest, raw.encoding, *counts, remark])


def about(writer: Writer, version: int, sample: bool, now: datetime) -> None:
    """Make `about`: the version's number, whether it is the sample, and when it was imported."""
    writer.run(_ABOUT, [version, sample, now.isoformat(timespec="seconds")])


def notes(writer: Writer, said: Sequence[Note]) -> None:
    """Make `notes`: what is worth saying about the data, in its order."""
    writer.run(_NOTES)
    for note in said:
        writer.run("INSERT INTO notes VALUES (?, ?, ?, ?)", [note.rule, note.weight, note.sentence, note.rows])
