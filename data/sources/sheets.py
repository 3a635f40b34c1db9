"""The command line of the child that opens a workbook: cells as text to a file, what it found to standard output."""

from __future__ import annotations

import json
import os
import resource
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from data.sources import package
from data.sources.limits import Limits, setting
from errors import BadUpload

_LOOK, _DEEPEST = 12, 1_000
_EXACT = 10**18


def cell(value: Any) -> str:
    """A workbook value as text: 42.0 is 42, a date is ISO, a float keeps its shortest exact digits."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < _EXACT else repr(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat(sep=" ") if isinstance(value, datetime) else value.isoformat()
    return str(value) if not isinstance(value, timedelta) else str(value.total_seconds())


def _confine(limits: Limits) -> None:
    """This process may not take more memory, time or disk than a workbook is worth, and leaves no core file."""
    for kind, most in (
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_CPU, limits.cpu),
        (resource.RLIMIT_FSIZE, 2 * limits.memory),
        (resource.RLIMIT_CORE, 0),
    ):
        allowed = resource.getrlimit(kind)[1]
        most = most if allowed == resource.RLIM_INFINITY else min(most, allowed)
        resource.setrlimit(kind, (most, most))


def _rows(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    """Rows with their numbers in the sheet, from column A on; rows above the first filled one are empty."""
    top, left = sheet.start or (0, 0)
    margin = [""] * left
    for number in range(1, top + 1):
        yield number, [""] * (left + 1)
    for number, values in enumerate(sheet.iter_rows(), start=top + 1):
        yield number, margin + [cell(value) for value in values]


def _write(sheet: Any, name: str, out: BinaryIO) -> dict[str, Any]:
    """Write one sheet's rows, a JSON list a line; returns its name, place, number of rows and first rows.

    The first rows go on to the twelfth after the first that holds anything.
    """
    start, count, filled, head = out.tell(), 0, 0, list[list[str]]()
    for number, cells in _rows(sheet):
        count = number
        filled = filled or (number if any(cells) else 0)
        if number <= (filled or _DEEPEST) + _LOOK - 1:
            head.append(cells)
        out.write(json.dumps([number, cells], ensure_ascii=True).encode() + b"\n")
    if filled > _DEEPEST:
        says = f"{name}, sheet {sheet.name} is empty down to row {filled:,}"
        raise BadUpload(f"{says}. Put its header into one of the first {_DEEPEST} rows.")
    return {"name": sheet.name, "start": start, "end": out.tell(), "rows": count if filled else 0, "head": head}


def _open(path: Path, name: str, out: BinaryIO, limits: Limits) -> list[dict[str, Any]]:
    with path.open("rb") as file:
        packed = file.read(2) == b"PK"
    if packed:
        package.check(path, name, limits)
    book = CalamineWorkbook.from_path(str(path))
    if len(book.sheet_names) > limits.sheets:
        says = f"{name} has {len(book.sheet_names):,} sheets; at most {limits.sheets:,} are read ({setting('sheets')})"
        raise BadUpload(f"{says}. Save the sheets you need as a new workbook.")
    found = []
    for sheet in map(book.get_sheet_by_name, book.sheet_names):
        if sheet.total_width > limits.columns:
            says = f"{name}, sheet {sheet.name}: its cells reach column {sheet.total_width:,}"
            most = f"at most {limits.columns:,} columns are read ({setting('columns')})"
            raise BadUpload(f"{says}; {most}. Delete those beyond the table.")
        if sheet.total_height:
            found.append(_write(sheet, name, out))
    return found


def main(arguments: list[str]) -> int:
    """Arguments: path, name to show, number of the open file for the cells, limits as JSON."""
    path, name, place, wished = arguments
    limits = Limits(**json.loads(wished))
    _confine(limits)
    says: dict[str, Any]
    with os.fdopen(int(place), "wb", buffering=1 << 20) as out:
        try:
            says = {"sheets": _open(Path(path), name, out, limits)}
        except BadUpload as error:
            says = {"refused": str(error)}
        except PasswordError:
            says = {"refused": f"{name} is locked with a password. Save it without one."}
        except MemoryError:
            says = {"memory": True}
        except (CalamineError, ValueError, OSError, KeyError) as error:
            says = {"refused": f"{name} cannot be opened as a workbook ({error}). Save it again as XLSX or CSV."}
    sys.stdout.write(json.dumps(says))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
