"""Decides how JSON becomes rows of text: an array of objects, arrays under keys, or one object a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from data.sources import RawTable
from errors import BadUpload


def _cell(value: Any) -> str:
    """A JSON value as the text a person would have typed; numbers keep their digits, null is empty."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False)


def _table(records: list[dict[str, Any]], name: str, sheet: str) -> RawTable:
    header = list(dict.fromkeys(key for record in records for key in record))

    def rows() -> Iterator[tuple[int, list[str]]]:
        for number, record in enumerate(records, start=1):
            yield number, [_cell(record.get(key)) for key in header]

    table = RawTable(name, sheet, header, iter(()), "utf-8", "", 0)
    table.rows = table.checked(rows())
    return table


def _is_records(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


def read(path: Path, name: str) -> list[RawTable]:
    """The file's tables. Numbers are taken as written, digit by digit. Raises BadUpload."""
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    try:
        content = json.loads(text, parse_float=str, parse_int=str)
    except json.JSONDecodeError as error:
        try:
            lines = [line for line in text.splitlines() if line.strip()]
            content = [json.loads(line, parse_float=str, parse_int=str) for line in lines]
        except json.JSONDecodeError:
            raise BadUpload(f"{name} is not JSON: {error.msg} at line {error.lineno}. Export it again.") from None
    if _is_records(content):
        return [_table(content, name, "")]
    if isinstance(content, dict):
        tables = [_table(value, name, key) for key, value in content.items() if _is_records(value)]
        if tables:
            return tables
    raise BadUpload(f"{name} is not a list of records. Export it as an array of objects, one object a row.")
