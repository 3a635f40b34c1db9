"""Decides what a user may say of a file (table, columns, day order, decimal sign), and what is remembered of it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from data import keeping, schema
from errors import BadUpload, suggest

FILE = "mappings.json"
NONE = "none"
ORDERS = ("dmy", "mdy")
SIGNS = ("comma", "point")
_KEPT = 500
_BETWEEN = re.compile(r"[\s\x00-/:-@\[-`{-\x7f]+")


def folded(header: str) -> str:
    """A header without its case, blanks and punctuation; what stands in brackets stays, since it may tell two apart."""
    return _BETWEEN.sub("_", header.casefold()).strip("_")


def key_of(header: Sequence[str]) -> str:
    """The fingerprint of a header set, whatever the order of its columns: 16 hex digits."""
    words = "\n".join(sorted(folded(name) for name in header))
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:16]


@dataclass(frozen=True)
class Choice:
    """What a user said of one table of one file; what is empty or 0 was not said and is found out.

    table: one of the four, or "none" to leave it out. columns: header → field, "" for a column not to be used.
    dates: header → 'dmy' or 'mdy'. decimals: header → 'comma' or 'point'. remembered: taken from an earlier import.
    """

    table: str = ""
    encoding: str = ""
    delimiter: str = ""
    header_row: int = 0
    columns: Mapping[str, str] = field(default_factory=dict)
    dates: Mapping[str, str] = field(default_factory=dict)
    decimals: Mapping[str, str] = field(default_factory=dict)
    remembered: bool = False

    def said(self, what: Mapping[str, str], header: str) -> str | None:
        """What one of the mappings (columns, dates, decimals) says of a header; None when it says nothing.

        The header as written, else the only one that differs in case, blanks and punctuation alone.
        """
        if header in what:
            return what[header]
        alike = [value for name, value in what.items() if folded(name) == folded(header)]
        return alike[0] if len(alike) == 1 else None

    def field_of(self, header: str) -> str | None:
        """The field chosen for a header: "" not to use it, None when nothing was said."""
        return self.said(self.columns, header)

    def date_of(self, header: str) -> str:
        """'dmy', 'mdy' or ""."""
        return self.said(self.dates, header) or ""

    def decimal_of(self, header: str) -> str:
        """'comma', 'point' or ""."""
        return self.said(self.decimals, header) or ""

    @property
    def of_columns(self) -> bool:
        """Whether anything was said of the table or its columns."""
        return bool(self.table or self.columns)

    def to_dict(self) -> dict[str, Any]:
        """As JSON holds it: only what was said."""
        return {key: value for key, value in asdict(self).items() if value and key != "remembered"}


@dataclass(frozen=True)
class Choices:
    """What a user said of the tables of an import, by label (file, or “file / sheet”)."""

    by_label: Mapping[str, Choice] = field(default_factory=dict)

    def of(self, label: str, file: str = "") -> Choice | None:
        """What was said of one table: under its label, with encoding, delimiter and header row also under its file."""
        own, whole = self.by_label.get(label), self.by_label.get(file)
        if own is None or whole is None:
            return own or whole
        return replace(
            own,
            encoding=own.encoding or whole.encoding,
            delimiter=own.delimiter or whole.delimiter,
            header_row=own.header_row or whole.header_row,
        )

    def to_json(self) -> str:
        """The JSON that from_json reads."""
        return json.dumps({label: choice.to_dict() for label, choice in self.by_label.items()}, ensure_ascii=False)


def from_json(text: str) -> Choices:
    """Choices as a file or the page gives them: {label: {table, columns, …}}.

    Raises BadUpload with a sentence that names the label and what is wrong with what was said of it.
    """
    try:
        read = json.loads(text or "{}", object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise BadUpload(f"The choices are not JSON ({error}). Give an object of labels and what is chosen.") from None
    if not isinstance(read, dict):
        raise BadUpload("The choices are not an object of labels. Write {“tracking.csv”: {“table”: “tracking”}}.")
    return Choices({label: _choice(label, said) for label, said in read.items()})


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ValueError(f"“{twice}” stands twice")
    return dict(pairs)


def _choice(label: str, said: Any) -> Choice:
    """One choice, checked key by key."""
    if not isinstance(said, dict):
        raise BadUpload(f"What is chosen for {label} is not an object. Write {{“table”: “tracking”}}.")
    kinds = {"table": str, "encoding": str, "delimiter": str, "header_row": int,
             "columns": dict, "dates": dict, "decimals": dict}  # fmt: skip
    for key, value in said.items():
        if key not in kinds:
            raise BadUpload(f"What is chosen for {label} has an unknown key “{key}”. {suggest(key, kinds)}")
        if not isinstance(value, kinds[key]) or isinstance(value, bool):
            raise BadUpload(f"What is chosen for {label}, {key}: “{value}” is not a {_KINDS[kinds[key]]}.")
        if isinstance(value, dict) and not all(isinstance(one, str) for one in value.values()):
            raise BadUpload(f"What is chosen for {label}, {key}: every header needs a text.")
    choice = Choice(**said)
    _check_table(label, choice)
    _check_reading(label, choice)
    return choice


_KINDS = {str: "text", int: "whole number", dict: "object of headers"}


def _check_table(label: str, choice: Choice) -> None:
    if choice.table and choice.table not in (*schema.TABLES, NONE):
        raise BadUpload(f"{label} cannot be taken for “{choice.table}”. {suggest(choice.table, schema.TABLES)}")
    tables = [schema.TABLES[choice.table]] if choice.table in schema.TABLES else list(schema.TABLES.values())
    known = list(dict.fromkeys(item.key for table in tables for item in table.fields))
    taken: dict[str, str] = {}
    for header, key in choice.columns.items():
        if key and key not in known:
            where = f"{label}, column {header}: {choice.table or 'no table'} has no field “{key}”."
            raise BadUpload(f"{where} {suggest(key, known)}")
        if key and key in taken:
            raise BadUpload(f"{label}: {taken[key]} and {header} are both chosen for {key}. Choose one of them.")
        taken[key] = header


def _check_reading(label: str, choice: Choice) -> None:
    for what, values in (("dates", ORDERS), ("decimals", SIGNS)):
        for header, value in getattr(choice, what).items():
            if value not in values:
                raise BadUpload(f"{label}, column {header}, {what}: “{value}” is unknown. {suggest(value, values)}")
    if choice.header_row < 0:
        raise BadUpload(f"{label}: the header cannot stand in row {choice.header_row}. Rows are counted from 1.")
    if len(choice.delimiter) > 1 or choice.delimiter in ('"', "\n", "\r"):
        raise BadUpload(f"{label}: “{choice.delimiter}” cannot part columns. Give one character.")
    with suppress(LookupError, ValueError):
        if not choice.encoding or "a".encode(choice.encoding):
            return
    raise BadUpload(f"{label}: the encoding “{choice.encoding}” is unknown. Try utf-8, utf-16 or windows-1252.")


def settle(chosen: Choice | None, known: Choice | None) -> Choice | None:
    """What holds for a table: what the user said now; the remembered columns where nothing was said of any now.

    Said of single columns without a table, it changes what is remembered in these columns only.
    """
    if chosen is None or known is None:
        return chosen or known
    if chosen.columns and not chosen.table:
        said = set(chosen.columns.values())
        kept = {header: name for header, name in known.columns.items() if not name or name not in said}
        chosen = replace(chosen, table=known.table, columns={**kept, **chosen.columns})
    if chosen.of_columns:
        return replace(chosen, dates={**known.dates, **chosen.dates}, decimals={**known.decimals, **chosen.decimals})
    dates, decimals = {**known.dates, **chosen.dates}, {**known.decimals, **chosen.decimals}
    return replace(chosen, table=known.table, columns=known.columns, dates=dates, decimals=decimals, remembered=True)


def remembered(data_dir: Path, header: Sequence[str]) -> Choice | None:
    """What was chosen for this header set before; None for nothing. A damaged memory counts as empty."""
    said = _memory(data_dir).get(key_of(header))
    try:
        return None if said is None else replace(_choice("memory", said), remembered=True)
    except BadUpload:
        return None


def remember(data_dir: Path, header: Sequence[str], choice: Choice) -> None:
    """Keep table, columns, day orders and decimal signs for this header set; the newest 500 sets are kept.

    The file is swapped in one step. A full disk keeps the old memory: no import fails for want of it.
    """
    kept = replace(choice, encoding="", delimiter="", header_row=0).to_dict()
    with suppress(OSError), keeping.alone(data_dir):
        memory = _memory(data_dir)
        memory.pop(key_of(header), None)
        if kept:
            memory[key_of(header)] = kept
        keeping.swap(data_dir / FILE, dict(list(memory.items())[-_KEPT:]))


def _memory(data_dir: Path) -> dict[str, Any]:
    try:
        read = json.loads((data_dir / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return read if isinstance(read, dict) else {}
