"""Decides how a workbook becomes rows of text: one table a sheet, cells as a person reads them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from data.sources import RawTable, text
from errors import BadUpload


def _cell(value: Any) -> str:
    """A workbook value as text: 42.0 is 42, a date is ISO, a float keeps its shortest exact digits."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat(sep=" ") if isinstance(value, datetime) else value.isoformat()
    return str(value) if not isinstance(value, timedelta) else str(value.total_seconds())


def read(path: Path, name: str) -> list[RawTable]:
    """The tables of all sheets that hold a header and a row. Raises BadUpload."""
    try:
        book = CalamineWorkbook.from_path(str(path))
        sheets = [(sheet, book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)) for sheet in book.sheet_names]
    except (CalamineError, ValueError, OSError) as error:
        raise BadUpload(f"{name} cannot be opened as a workbook ({error}). Save it again as XLSX or CSV.") from None
    tables = [_table(name, sheet, cells) for sheet, cells in sheets if len(cells) > 1]
    if not tables:
        raise BadUpload(f"{name} has no sheet with a header and rows. Put each table on a sheet of its own.")
    return tables


def _table(name: str, sheet: str, cells: list[list[Any]]) -> RawTable:
    rows = [[_cell(value) for value in row] for row in cells]
    filled = [row for row in rows[:12] if any(cell.strip() for cell in row)]
    place = text.header_place(rows[:12]) if filled else 0
    header = [cell.strip() for cell in rows[place]]
    while len(header) > 1 and not header[-1]:
        header.pop()

    def below() -> Iterator[tuple[int, list[str]]]:
        yield from enumerate((row for row in rows[place + 1 :]), start=place + 2)

    table = RawTable(name, sheet, header, iter(()), "workbook", "", place + 1)
    table.rows = table.checked(below())
    return table
