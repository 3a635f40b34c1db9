"""Decides which files the data hold already, byte for byte, and which of these are read anew because more was said."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from data.engines.duckdb import Reader, Writer

# A file whose rows gave way to later ones may come again: then it takes its turn once more.
_OUTDATED = "CREATE TABLE outdated (file_no INTEGER)"
_THERE = "SELECT count(*) FROM duckdb_tables() WHERE table_name = '{}' AND database_name = {}"
_OF_A_FILE = ("files", "set_aside", "quarantine", "accounts")


@dataclass(frozen=True)
class Held:
    """What the loaded version holds. sample: whether it is the marked sample; by_hash: hash → numbers of its files."""

    sample: bool
    by_hash: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def numbers(self, hashes: Collection[str]) -> tuple[int, ...]:
        """The numbers of the files with these hashes."""
        return tuple(number for one in sorted(hashes) for number in self.by_hash.get(one, ()))


def hash_of(path: Path) -> str:
    """The SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def held(path: Path) -> Held:
    """What a snapshot holds: files that were taken, and whose rows no later file has replaced."""
    reader = Reader(path)
    try:
        there = reader.rows(_THERE.format("outdated", "current_database()"))[0][0]
        without = "AND file_no NOT IN (SELECT file_no FROM outdated)" if there else ""
        rows = reader.rows(f"SELECT hash, list(file_no) FROM files WHERE tab <> '' {without} GROUP BY hash")
        sample = bool(reader.rows("SELECT sample FROM about")[0][0])
    finally:
        reader.close()
    return Held(sample, {one: tuple(numbers) for one, numbers in rows})


def record(writer: Writer, touched: Collection[int], again: Collection[int], adding: bool) -> None:
    """Make `outdated`; forget the earlier reading of files that were read anew. Call once `files` is made."""
    writer.run(_OUTDATED)
    if adding and writer.one(_THERE.format("outdated", "'old'")):
        writer.run("INSERT INTO outdated SELECT file_no FROM old.outdated")
    numbers: Sequence[int] = sorted(set(touched) - set(again))
    if numbers:
        writer.fill("outdated", {"file_no": numbers})
    for table in _OF_A_FILE if again else ():
        if writer.one(_THERE.format(table, "current_database()")):
            writer.run(f"DELETE FROM {table} WHERE file_no IN ({', '.join(str(number) for number in again)})")
