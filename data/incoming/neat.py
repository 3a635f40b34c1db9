"""Decides which files are typed while they are cut: those of which every cell is written the plain way."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from data import schema
from data.engines.duckdb import Writer, quoted
from data.values import readings

_COUNT, _SHARE = r"([+-]?[0-9]{1,15}(\.[0-9]{1,2})?)?", r"([+-]?[0-9]{1,15}(\.[0-9]{1,15})?)?"
# What the careful typing reads as the same value, whatever else stands in the column. Of money and counts only what
# cannot group thousands: no three digits behind a point.
_NUMBERS = {"money": _COUNT, "count": _COUNT, "number": _SHARE, "share": _SHARE}
_DAY = r"([0-9]{4}-[0-9]{2}-[0-9]{2})?"
_TYPES = {"money": "DECIMAL(18, 2)", "date": "DATE"}
Kinds = Mapping[str, str]


def kinds_of(table: str, fields: Sequence[str]) -> dict[str, str]:
    """Field → its kind, in the fields' order."""
    return {key: schema.TABLES[table].field(key).kind for key in fields}


def likely(kinds: Kinds, places: Mapping[str, int], rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first rows are written the plain way. places: field → place of its cell in a row."""
    return all(_plain(row[place].strip(), kinds[key]) for row in rows for key, place in places.items())


def _plain(text: str, kind: str) -> bool:
    if kind == "date" or kind in _NUMBERS:
        return re.fullmatch(_NUMBERS.get(kind, _DAY), text) is not None
    return not (text.startswith("'") or (kind == "id" and ".0" in text) or (kind == "label" and "  " in text))


def value(text: str, kind: str) -> str:
    """SQL of a plain trimmed text's value."""
    if kind == "date" or kind in _NUMBERS:
        return f"TRY_CAST({text} AS {_TYPES.get(kind, 'DOUBLE')})"
    return f"NULLIF({text}, '')"


def columns(kinds: Kinds) -> str:
    """The columns of a table of values, with their types. Ids hardly repeat, so that no dictionary holds them well;
    but an influencer's do."""
    parts = []
    for key, kind in kinds.items():
        number = "DOUBLE" if kind in _NUMBERS else "VARCHAR"
        press = " USING COMPRESSION zstd" if kind == "id" and key != "influencer_id" else ""
        parts.append(f'"{key}" {_TYPES.get(kind, number)}{press}')
    return ", ".join(parts)


def odd(kinds: Kinds) -> str:
    """SQL that is true for a row of trimmed texts that needs the careful typing: some text is not plain, or it may be
    a total of others. Blanks other than spaces are known not to stand in it."""
    cells = {key: f'"{key}"' for key in kinds}
    days = [f"{cells[key]} = ''" for key, kind in kinds.items() if kind == "date"]
    texts = [readings.total(cells[key]) for key, kind in kinds.items() if kind != "date" and kind not in _NUMBERS]
    # No total has a day: only the rows without one are asked, which a case does and a conjunction does not.
    total = f"CASE WHEN {' AND '.join(days) or 'TRUE'} THEN {' OR '.join(texts) or 'FALSE'} ELSE FALSE END"
    return " OR ".join([*(_odd(cells[key], kind) for key, kind in kinds.items()), total])


def _odd(text: str, kind: str) -> str:
    if kind in _NUMBERS:
        return f"NOT regexp_full_match({text}, {quoted(_NUMBERS[kind])})"
    if kind == "date":
        return f"NOT regexp_full_match({text}, {quoted(_DAY)}) OR ({text} <> '' AND TRY_CAST({text} AS DATE) IS NULL)"
    more = {"id": f" OR contains({text}, '.0')", "label": f" OR contains({text}, '  ')"}.get(kind, "")
    return f"starts_with({text}, ''''){more}"


def finish(writer: Writer, kinds: Kinds, table: str) -> None:
    """Shares of which one is above 1 are per cent, as in the careful typing."""
    for key in (key for key, kind in kinds.items() if kind == "share"):
        if (writer.one(f'SELECT max(abs("{key}")) FROM {table}') or 0) > 1:
            writer.run(f'UPDATE {table} SET "{key}" = "{key}" / 100')


def summed(field: str) -> str:
    """SQL of a column of money as it was typed, in the view that `show` makes."""
    return f'"={field}"'


def show(writer: Writer, kinds: Kinds, name: str, rows: str) -> None:
    """Make the view `name` as if the rows had been staged: row_no and the fields as text, money also as it is typed."""
    texts = [f'coalesce(CAST("{key}" AS VARCHAR), \'\') AS "{key}"' for key in kinds]
    money = [f'"{key}" AS {summed(key)}' for key, kind in kinds.items() if kind == "money"]
    writer.run(f"CREATE OR REPLACE TEMP VIEW {name} AS SELECT row_no, {', '.join([*texts, *money])} FROM {rows}")
