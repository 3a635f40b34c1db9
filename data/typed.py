"""Decides how staged text becomes typed columns: exact money, counts, calendar days; unreadable rows are set aside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from data import days, readings, schema
from data.engines.duckdb import Writer
from data.sources import SetAside
from data.staging import Staged

_PLAIN = r"^[+-]?(\d+\.?\d*|\.\d+)$"
_WIDEST = 15
_TEXT = ("id", "text", "label", "terms", "flag")


@dataclass(frozen=True)
class Typed:
    """How one staged column is read: the SQL of its value, and the SQL that is true where it cannot be read."""

    value: str
    unreadable: str = "FALSE"


def _empty(field: str) -> str:
    words = ", ".join(f"'{word}'" for word in sorted(readings.NOTHING))
    return f'lower(trim("{field}")) IN ({words})'


def _fixes(writer: Writer, item: Staged, field: str, plain: str, read: Callable[[str], Decimal | date | None]) -> str:
    """SQL that looks up what a text means that SQL alone does not read; NULL where there is no such text."""
    name = f"fix_{item.name}_{field}"
    others = f"NOT ({plain}) AND NOT ({_empty(field)})"
    texts = writer.rows(f'SELECT DISTINCT trim("{field}") FROM {item.name} WHERE {others}')
    known = {text: read(text) for (text,) in texts if text is not None}
    if all(value is None for value in known.values()):
        return "NULL"
    writer.run(f"CREATE OR REPLACE TEMP TABLE {name} (written VARCHAR, meant VARCHAR)")
    writer.fill(name, {"written": list(known), "meant": [_as_text(value) for value in known.values()]})
    return f'(SELECT meant FROM {name} WHERE written = trim("{field}"))'


def _as_text(value: Decimal | date | None) -> str | None:
    if value is None:
        return None
    return format(value, "f") if isinstance(value, Decimal) else value.isoformat()


def _number(writer: Writer, item: Staged, field: str, kind: str) -> Typed:
    plain = f"regexp_matches(trim(\"{field}\"), '{_PLAIN}')"
    meant = _fixes(writer, item, field, plain, readings.number)
    text = f'CASE WHEN {plain} THEN trim("{field}") ELSE {meant} END'
    target = _exact(writer, item.name, text) if kind == "money" else "DOUBLE"
    value = f"TRY_CAST({text} AS {target})"
    if kind == "share":
        top = writer.one(f"SELECT max(abs({value})) FROM {item.name}")
        value = f"({value}) / 100" if (top or 0) > 1 else value
    return Typed(value, f"({value}) IS NULL AND NOT ({_empty(field)})")


def _exact(writer: Writer, table: str, text: str) -> str:
    """The narrowest DECIMAL that keeps every digit of the column; 18 digits are summed fastest."""
    places, whole = writer.rows(
        f"SELECT max(length(regexp_extract(t, '\\.(\\d+)$', 1))), max(length(regexp_extract(t, '^[+-]?(\\d*)', 1))) "
        f"FROM (SELECT {text} AS t FROM {table})"
    )[0]
    if (places or 0) <= 2 and (whole or 0) <= 15:
        return "DECIMAL(18, 2)"
    return f"DECIMAL(38, {min(places or 0, _WIDEST)})"


def _day(writer: Writer, item: Staged, field: str, order: str, timezone: str) -> Typed:
    text = f'trim("{field}")'
    plain = f"regexp_matches({text}, '{days.ISO}') OR regexp_matches({text}, '{days.SLASHED}')"
    named = f"TRY_CAST({_fixes(writer, item, field, plain, readings.named_day)} AS DATE)"
    return Typed(f"coalesce({days.expression(field, order, timezone)}, {named})")


def _words(field: str, kind: str) -> Typed:
    text = f'trim("{field}")'
    if kind == "id":
        text = f"regexp_replace({text}, '^(\\d+)\\.0+$', '\\1')"
    if kind == "label":
        text = f"regexp_replace({text}, '\\s+', ' ', 'g')"
    return Typed(f"NULLIF({text}, '')")


def type_table(writer: Writer, item: Staged, orders: dict[str, str], timezone: str) -> None:
    """Make `typed_<stage>` from a staging table: row_no and the item's fields, typed; unreadable rows are set aside.

    orders: date field → 'dmy', 'mdy' or '' (open: such days stay empty).
    """
    table = schema.TABLES[item.table]
    columns: dict[str, Typed] = {}
    for key in item.fields:
        kind = table.field(key).kind
        if kind in _TEXT:
            columns[key] = _words(key, kind)
        elif kind == "date":
            columns[key] = _day(writer, item, key, orders.get(key, ""), timezone)
        else:
            columns[key] = _number(writer, item, key, kind)
    bad = {key: typed.unreadable for key, typed in columns.items() if typed.unreadable != "FALSE"}
    any_bad = " OR ".join(f"({sql})" for sql in bad.values()) or "FALSE"
    select = ", ".join(f'{typed.value} AS "{key}"' for key, typed in columns.items())
    readable = f"{item.name} WHERE NOT coalesce({any_bad}, FALSE)"
    writer.run(f"CREATE TABLE typed_{item.name} AS SELECT row_no, {select} FROM {readable}")
    if bad:
        _set_aside(writer, item, bad, any_bad)
    item.accepted = writer.one(f"SELECT count(*) FROM typed_{item.name}")
    _sum_up(writer, item)


def unread_days(writer: Writer, item: Staged, field: str) -> tuple[int, str]:
    """Rows whose day is written but was not read, and the first such text."""
    joined = f"typed_{item.name} t JOIN {item.name} s USING (row_no)"
    empty = _empty(field).replace(f'"{field}"', f's."{field}"')
    row = writer.rows(
        f'SELECT count(*), arg_min(s."{field}", row_no) FROM {joined} WHERE t."{field}" IS NULL AND NOT ({empty})'
    )
    return int(row[0][0]), str(row[0][1])


def _sum_up(writer: Writer, item: Staged) -> None:
    """What the file holds, for people to recognise it by: its money and its span of days."""
    for key in ("revenue", "total_payout", "total_cost"):
        if key in item.fields:
            item.money[key] = float(writer.one(f'SELECT sum("{key}") FROM typed_{item.name}') or 0)
    day = next((key for key in ("date", "payout_date") if key in item.fields), "")
    if day:
        item.first_day, item.last_day = writer.rows(f'SELECT min("{day}"), max("{day}") FROM typed_{item.name}')[0]


def _set_aside(writer: Writer, item: Staged, bad: dict[str, str], any_bad: str) -> None:
    """Say of every row that was not taken which cell could not be read."""
    first = " ".join(f"WHEN {sql} THEN '{key}'" for key, sql in bad.items())
    text = " ".join(f'WHEN {sql} THEN trim("{key}")' for key, sql in bad.items())
    unread = f"{item.name} WHERE coalesce({any_bad}, FALSE)"
    rows = writer.rows(f"SELECT row_no, CASE {first} END, CASE {text} END FROM {unread}")
    headers = {column.field: column.header for column in item.recognised.columns}
    for number, field, written in sorted(rows):
        reason = f"Row {number}, {headers[field]}: “{written}” cannot be read as a number."
        reason += " Correct it and import the row again."
        item.set_aside.append(SetAside(number, "number.unreadable", reason))


def span_of(writer: Writer, columns: list[tuple[Staged, str]]) -> tuple[date, date] | None:
    """First and last day over some typed date columns; None when they hold none."""
    lows, highs = [], []
    for item, field in columns:
        low, high = writer.rows(f'SELECT min("{field}"), max("{field}") FROM typed_{item.name}')[0]
        if low is not None:
            lows.append(low)
            highs.append(high)
    return (min(lows), max(highs)) if lows else None
