"""Decides how large a file may be: every limit by name, with what a refusal says about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from errors import UserError


@dataclass(frozen=True)
class Limits:
    """How much is read. Bytes, rows, columns and characters are counts; seconds are seconds.

    file_bytes, json_bytes: a file, a JSON file that is not one object a line; json_objects: objects and arrays in it
    (of values ten times as many). columns: of any table.
    name, cell, line: characters of a column's name, of a text cell, of a line or a record over several lines.
    set_aside, blank: rows of one file.
    entries, ratio, expanded_bytes: of a workbook's archive: entries, how many times larger it may unpack (asked above
    10 MB only), bytes unpacked. sheets, rows, book_cell: of a workbook: sheets, rows a sheet, characters a cell.
    area: rows times columns of a sheet's used range. memory, cpu, wall: bytes and seconds of the child that reads it.
    import_memory: bytes of address space of the child that reads what was uploaded.
    """

    file_bytes: int = 2_000_000_000
    json_bytes: int = 200_000_000
    json_objects: int = 1_000_000
    columns: int = 500
    name: int = 1_000
    cell: int = 1_000_000
    line: int = 10_000_000
    set_aside: int = 1_000_000
    blank: int = 1_200_000
    entries: int = 1_000
    ratio: int = 100
    expanded_bytes: int = 1_000_000_000
    sheets: int = 50
    rows: int = 1_048_576
    book_cell: int = 32_767
    area: int = 20_000_000
    memory: int = 1_500_000_000
    cpu: int = 60
    wall: int = 90
    import_memory: int = 4_000_000_000

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Limits:
        """Limits as TRUELIFT_MAX_COLUMNS, TRUELIFT_MAX_FILE_BYTES, … say; the rest as they are. Raises UserError."""
        said: dict[str, int] = {}
        for item in fields(cls):
            name = setting(item.name)
            text = environ.get(name, "").replace("_", "").replace(",", "").strip()
            if text and not (text.isascii() and text.isdigit() and int(text) > 0):
                raise UserError(f"{name} is “{environ[name]}”: give a whole number above 0.")
            if text:
                said[item.name] = int(text)
        return cls(**said)


def setting(limit: str) -> str:
    """The setting that changes a limit: of columns it is TRUELIFT_MAX_COLUMNS. Every refusal says it."""
    return f"TRUELIFT_MAX_{limit.upper()}"


DEFAULT = Limits()


def size(count: int) -> str:
    """Bytes as people say them: 2.0 GB, 350 MB."""
    for unit, name in ((1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")):
        if count >= unit:
            return f"{count / unit:,.1f} {name}"
    return f"{count} bytes"
