"""Decides how JSON becomes rows of text: an array of objects, arrays under keys, or one object a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.sources import FIND_OUT, How, RawTable, SetAside, encodings, too_blank
from data.sources.limits import DEFAULT, Limits, setting, size
from data.sources.lines import Seen, decoded
from data.sources.mojibake import CANDIDATE
from data.sources.scan import scan
from data.sources.text import Mended, header_remarks, told
from errors import BadUpload

_SHOWN = 1_000
_Row = tuple[int, "dict[str, Any] | Fault"]


class Digits(str):
    """A number as it is written."""


@dataclass(frozen=True)
class Fault:
    """A record that is none: rule, what is wrong with it, its text."""

    rule: str
    says: str
    text: str


class _Twice(dict[str, Any]):
    """An object that gives one key two values; `key` names it."""

    key = ""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) == len(pairs):
        return made
    twice = _Twice(made)
    seen: dict[str, Any] = {}
    for key, value in pairs:
        if key in seen and seen[key] != value:
            twice.key = key
        seen[key] = value
    return twice if twice.key else made


_DECODER = json.JSONDecoder(parse_float=Digits, parse_int=Digits, parse_constant=Digits, object_pairs_hook=_object)


def _written(value: Any) -> str:
    """A value within a value as JSON, its numbers digit by digit."""
    if isinstance(value, Digits):
        return str(value)
    if isinstance(value, dict):
        return (
            "{"
            + ", ".join(f"{json.dumps(key, ensure_ascii=False)}: {_written(item)}" for key, item in value.items())
            + "}"
        )
    if isinstance(value, list):
        return "[" + ", ".join(map(_written, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def _cell(value: Any) -> str:
    """A JSON value as the text a person would have typed; numbers keep their digits, null is empty."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else _written(value)
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _judged(value: Any, text: str) -> dict[str, Any] | Fault:
    """The record, or why it is none."""
    if isinstance(value, _Twice):
        return Fault("json.twice", f"gives “{value.key[:60]}” two values: keep one", text or _cell(dict(value)))
    if not isinstance(value, dict):
        return Fault("json.record", "is no object: write it as {…}", text or _cell(value))
    return value


def _decode(text: str, name: str) -> Any:
    """The text's one value. Raises BadUpload when it is nested too deep, ValueError when it is not JSON."""
    try:
        return _DECODER.decode(text)
    except RecursionError:
        raise BadUpload(f"{name} is nested too deep to be a table. Export an array of flat objects.") from None


def read(path: Path, name: str, how: How = FIND_OUT, limits: Limits = DEFAULT) -> list[RawTable]:
    """The file's tables; a row's number is its object's place from 1 (its line's, with one object a line).

    Numbers are taken as written. A broken line, or an element that is no object, is set aside. Raises BadUpload.
    """
    found = scan(path, encodings.chosen(how.encoding) if how.encoding else "")
    if found.blank > limits.blank:
        raise too_blank(name, limits)
    encoding = found.encoding
    lines = _Lined(path, name, encoding, limits)
    if lines.are_objects():
        return [_table(name, "", encoding, lines.header(), lines.rows, lines.seen, limits)]
    if path.stat().st_size > limits.json_bytes:
        says = f"{name} has {size(path.stat().st_size)}; at most {size(limits.json_bytes)} of JSON are read at once"
        raise BadUpload(f"{says} ({setting('json_bytes')}). Export it with one object a line, or as CSV.")
    seen = Seen()
    text = "".join(decoded(path, encoding, path.stat().st_size, seen)).lstrip("\ufeff")
    _judge_count(name, text, limits)
    try:
        content = _decode(text, name)
    except json.JSONDecodeError as error:
        raise BadUpload(f"{name} is not JSON: {error.msg} at line {error.lineno}. Export it again.") from None
    tables = [_of_list(name, key, encoding, value, seen, limits) for key, value in _lists(content)]
    if not tables:
        raise BadUpload(f"{name} is not a list of records. Export it as an array of objects, one object a row.")
    return tables


def _judge_count(name: str, text: str, limits: Limits) -> None:
    """What is read at once takes memory and time by the number of its objects more than by its length."""
    most = limits.json_objects
    if text.count("{") + text.count("[") > most or text.count(",") > 10 * most:
        says = f"{name} holds more than {most:,} objects, or ten times as many values ({setting('json_objects')})"
        raise BadUpload(f"{says}. Export it with one object a line, or as CSV.")


def _lists(content: Any) -> list[tuple[str, list[Any]]]:
    """Arrays with an object in them: the file's own, or those under its keys."""
    under = [("", content)] if isinstance(content, list) else list(content.items()) if isinstance(content, dict) else []
    return [
        (_cell(key), value)
        for key, value in under
        if isinstance(value, list) and any(isinstance(item, dict) for item in value)
    ]


def _of_list(name: str, key: str, encoding: str, value: list[Any], seen: Seen, limits: Limits) -> RawTable:
    header = list(dict.fromkeys(key for item in value if isinstance(item, dict) for key in item))

    def rows() -> Iterator[_Row]:
        for number, item in enumerate(value, start=1):
            yield number, _judged(item, "")

    return _table(name, key, encoding, header, rows, seen, limits)


class _Lined:
    """A file with one object a line, read twice: once for its keys, once for its rows."""

    def __init__(self, path: Path, name: str, encoding: str, limits: Limits) -> None:
        self._path, self._name, self._encoding, self._limits = path, name, encoding, limits
        self.seen = Seen()

    def are_objects(self) -> bool:
        """Whether one of the first three filled lines is an object by itself, and none opens an array."""
        seen = 0
        if self._opens_array():
            return False
        for _, value in self.rows():
            if isinstance(value, dict):
                return seen > 0 or self._goes_on()
            if isinstance(value, Fault) and value.text.lstrip("\ufeff")[:1] == "[":
                return False
            seen += 1
            if seen == 3:
                return False
        return False

    def _opens_array(self) -> bool:
        """Whether the file begins with a bracket: then its first line need not be decoded to know it for an array."""
        for line in decoded(self._path, self._encoding, self._limits.line, Seen(), 1):
            if text := line.strip().lstrip("\ufeff"):
                return text.startswith("[")
        return False

    def _goes_on(self) -> bool:
        """A single object may be the whole file: one record, unless arrays lie under its keys."""
        values = [value for (_, value), _ in zip(self.rows(), range(2), strict=False)]
        first = values[0]
        return len(values) > 1 or not (isinstance(first, dict) and _lists(first))

    def header(self) -> list[str]:
        """All keys in the order in which they come."""
        keys: dict[str, None] = {}
        for _, value in self.rows(self.seen):
            if isinstance(value, dict):
                keys.update(dict.fromkeys(value))
                if len(keys) > self._limits.columns:
                    break
        return list(keys)

    def rows(self, seen: Seen | None = None) -> Iterator[_Row]:
        """The lines' numbers and records; lines without anything are left out."""
        lines = decoded(self._path, self._encoding, self._limits.line, seen or Seen())
        for number, line in enumerate(lines, start=1):
            text = line.strip().lstrip("\ufeff")
            if not text:
                continue
            if len(text) > self._limits.line:
                yield number, Fault("line.long", f"is longer than {self._limits.line:,} characters", text)
                continue
            try:
                yield number, _judged(_decode(text, self._name), text)
            except json.JSONDecodeError as error:
                yield number, Fault("json.line", f"is not JSON ({error.msg}): mend it", text)


def _table(name: str, sheet: str, encoding: str, keys: list[str], rows: Any, seen: Seen, limits: Limits) -> RawTable:
    if len(keys) > limits.columns:
        says = f"{name} has more than {limits.columns:,} keys, which are columns"
        raise BadUpload(
            f"{says}: at most {limits.columns:,} are read ({setting('columns')}). Export the keys you need."
        )
    table = RawTable(name, sheet, [_cell(key).strip() for key in keys], iter(()), encoding, "", 0)
    table.remarks += header_remarks(table, [])

    def cells() -> Iterator[tuple[int, list[str]]]:
        mended = Mended()
        for number, record in rows():
            fault = record if isinstance(record, Fault) else _too_long(record, limits)
            if fault:
                reason = f"Record {number} {fault.says}."
                table.refuse(SetAside(number, fault.rule, reason, (_cell(fault.text[:_SHOWN]),)), limits.set_aside)
                continue
            row = [_cell(record.get(key)) for key in keys]
            yield number, mended.cells(number, row) if CANDIDATE.search("\n".join(row)) else row
        table.remarks += told(name, encoding, seen, mended)

    table.rows = table.checked(cells(), limits)
    return table


def _too_long(record: dict[str, Any], limits: Limits) -> Fault | None:
    longest = max((len(value) for value in record.values() if isinstance(value, str)), default=0)
    if longest <= limits.cell:
        return None
    return Fault(
        "cell.long", f"has a value of {longest:,} characters; at most {limits.cell:,} are read", _written(record)
    )
