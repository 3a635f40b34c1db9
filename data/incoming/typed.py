"""Decides how staged text becomes typed columns: exact money, counts, calendar days; unreadable rows are set aside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from data import schema
from data.engines.duckdb import Writer, quoted
from data.incoming import neat, staging
from data.incoming.staging import Staged
from data.sources import SetAside
from data.values import days, decimals, guards, readings

_WIDEST, _SHORT = 15, "DECIMAL(18, 2)"
# Texts, empty ones among them, that a cast reads as they are meant, whatever else the rules would allow.
_NEAT = {
    "money": r"^([+-]?([0-9]{1,15}(\.[0-9]{0,2})?|\.[0-9]{1,2}))?$",
    "number": r"^([+-]?([0-9]+\.?[0-9]*|\.[0-9]+))?$",
    "whole": r"^([+-]?[0-9]{1,15})?$",
    "date": r"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$",
}
_TEXT = ("id", "text", "label", "terms", "flag")
_EMPTY = ", ".join(quoted(word) for word in sorted(readings.NOTHING))
_BATCH = 100_000
_TOTAL = "(total)"
Read = Callable[[str], Decimal | date | None]


@dataclass(frozen=True)
class Typed:
    """How one staged column is read: the SQL of its value, and the SQL that is true where it cannot be read."""

    value: str
    unreadable: str = "FALSE"


@dataclass(frozen=True)
class _Seen:
    """What one look at a text column showed. neat: a plain cast reads all of it; guarded: some cell begins with an
    apostrophe; spaced: some label has a blank that is not a single space; pointed: some id holds “.0”; total: some cell
    may say that its row is a total."""

    neat: bool = False
    guarded: bool = False
    spaced: bool = False
    pointed: bool = False
    total: bool = False


def _plain(field: str, comma: str) -> str:
    """SQL that is true for digits with at most one point and a sign: what a cast reads as it is meant.

    With a decimal comma (or an open one) only digits are plain: a point groups thousands there.
    """
    return f"coalesce(regexp_matches(\"{field}\", '{decimals.PLAIN[comma]}'), FALSE)"


def _empty(field: str) -> str:
    return f'("{field}" = \'\' OR lower("{field}") IN ({_EMPTY}))'


def _look(writer: Writer, item: Staged, kinds: Mapping[str, str], commas: Mapping[str, str]) -> dict[str, _Seen]:
    """One pass over the staged rows, for all columns."""
    asked = {key: _questions(key, kind, commas.get(key, "point")) for key, kind in kinds.items()}
    parts = ", ".join(question for questions in asked.values() for question in questions.values())
    answers = iter(writer.rows(f"SELECT {parts} FROM {item.name}")[0])
    return {key: _Seen(**{name: bool(next(answers)) for name in questions}) for key, questions in asked.items()}


def _questions(field: str, kind: str, comma: str) -> dict[str, str]:
    """What is asked of a column, as aggregates: one function of one column, which the engine asks once a distinct text
    where it stores texts in dictionaries."""
    text = f'"{field}"'
    if kind not in _TEXT:
        neat = _NEAT.get(kind, _NEAT["number"]) if comma == "point" or kind == "date" else _NEAT["whole"]
        return {"neat": f"bool_and(regexp_matches({text}, '{neat}'))"}
    asked = {"guarded": f"bool_or(starts_with({text}, ''''))"}
    asked["total"] = f"bool_or({readings.total(text)})"
    if kind == "id":
        asked["pointed"] = f"bool_or(contains({text}, '.0'))"
    if kind == "label":
        asked["spaced"] = f"bool_or(regexp_matches({text}, '\\s\\s|[\\t\\n\\f\\r]'))"
    return asked


def _fixes(writer: Writer, item: Staged, field: str, plain: str, read: Read) -> str:
    """SQL that looks up what a text means that SQL alone does not read; NULL where there is no such text."""
    name = f"fix_{item.name}_{field}"
    others = f"NOT coalesce({plain}, FALSE) AND NOT {_empty(field)}"
    writer.run(f"CREATE OR REPLACE TEMP TABLE {name} (written VARCHAR, meant VARCHAR)")
    any_known = False
    for texts in writer.batches(f'SELECT DISTINCT "{field}" FROM {item.name} WHERE {others}', _BATCH):
        meant = {text: read(guards.bare(text)) for (text,) in texts if text is not None}
        known = {text: _as_text(value) for text, value in meant.items() if value is not None}
        any_known = any_known or bool(known)
        if known:
            writer.fill(name, {"written": list(known), "meant": list(known.values())})
    return f'(SELECT meant FROM {name} WHERE written = "{field}")' if any_known else "NULL"


def _as_text(value: Decimal | date) -> str:
    return format(value, "f") if isinstance(value, Decimal) else value.isoformat()


def _number(writer: Writer, item: Staged, field: str, kind: str, seen: _Seen, comma: str) -> Typed:
    text, target = f'"{field}"', _SHORT if kind == "money" else "DOUBLE"
    if not seen.neat:
        plain = _plain(field, comma)
        fixed = _fixes(writer, item, field, plain, _reader(writer, item, field, kind, comma))
        text = f"CASE WHEN {plain} THEN {text} ELSE {fixed} END"
        target = _exact(writer, item.name, text) if kind == "money" else "DOUBLE"
    value = f"TRY_CAST({text} AS {target})"
    if kind == "share":
        top = writer.one(f"SELECT max(abs({value})) FROM {item.name}")
        value = f"({value}) / 100" if (top or 0) > 1 else value
    return Typed(value, "FALSE" if seen.neat else f"({value}) IS NULL AND NOT {_empty(field)}")


def _reader(writer: Writer, item: Staged, field: str, kind: str, comma: str) -> Read:
    """How the texts of a column of numbers are read: amounts in the one currency of their column."""
    read = decimals.reader(comma)
    return decimals.amounts(read, decimals.currencies(writer, item.name, field)) if kind == "money" else read


def _total(kinds: Mapping[str, str], seen: Mapping[str, _Seen]) -> dict[str, str]:
    """SQL that is true of a row whose texts and days say nothing but “total”: its numbers stand above it already."""
    if not any(one.total for one in seen.values()):
        return {}
    texts = ", ".join(f"NULLIF(\"{key}\", '')" for key, kind in kinds.items() if kind in _TEXT or kind == "date")
    return {_TOTAL: readings.total(f"concat_ws(' ', {texts})")}


def _exact(writer: Writer, table: str, text: str) -> str:
    """The narrowest DECIMAL that keeps every digit of the column; 18 digits are summed fastest."""
    places, whole = writer.rows(
        f"SELECT max(length(regexp_extract(t, '\\.(\\d+)$', 1))), max(length(regexp_extract(t, '^[+-]?(\\d*)', 1))) "
        f"FROM (SELECT {text} AS t FROM {table})"
    )[0]
    return _SHORT if (places or 0) <= 2 and (whole or 0) <= 15 else f"DECIMAL(38, {min(places or 0, _WIDEST)})"


def _day(writer: Writer, item: Staged, field: str, order: str, timezone: str, seen: _Seen) -> Typed:
    if seen.neat:
        return Typed(f'TRY_CAST("{field}" AS DATE)')
    if order in days.COUNTED:
        return Typed(days.expression(field, order, timezone))
    shaped = f"regexp_matches(\"{field}\", '{days.ISO}') OR regexp_matches(\"{field}\", '{days.SLASHED}')"
    named = f"TRY_CAST({_fixes(writer, item, field, shaped, readings.named_day)} AS DATE)"
    return Typed(f"coalesce({days.expression(field, order, timezone)}, {named})")


def _words(field: str, kind: str, seen: _Seen) -> Typed:
    text = f'"{field}"'
    if seen.guarded:
        text = f"trim({guards.sql(text)})"
    if seen.pointed:
        text = f"regexp_replace({text}, '^(\\d+)\\.0+$', '\\1')"
    if seen.spaced:
        text = f"regexp_replace({text}, '\\s+', ' ', 'g')"
    return Typed(f"NULLIF({text}, '')")


def _other(writer: Writer, item: Staged, field: str, kind: str, seen: _Seen, comma: str) -> Typed:
    """A column of texts or numbers."""
    return _words(field, kind, seen) if kind in _TEXT else _number(writer, item, field, kind, seen, comma)


def type_table(
    writer: Writer, item: Staged, orders: dict[str, str], timezone: str, commas: Mapping[str, str] | None = None
) -> None:
    """Make `typed_<stage>` from a staging table: row_no and the item's fields, typed; unreadable rows are set aside.

    orders: date field → 'dmy', 'mdy' or '' (open: such days stay empty). commas: number field → 'point' (also where
    nothing is said), 'comma', or '' (open: rows with a value that fits both are set aside).
    """
    if item.typed:
        return _as_cut(writer, item)
    signs = commas or {}
    kinds = neat.kinds_of(item.table, item.fields)
    seen = _look(writer, item, kinds, signs)
    columns = {
        key: _day(writer, item, key, orders.get(key, ""), timezone, seen[key])
        if kind == "date"
        else _other(writer, item, key, kind, seen[key], signs.get(key, "point"))
        for key, kind in kinds.items()
    }
    item.values = {key: typed.value for key, typed in columns.items() if kinds[key] == "money"}
    bad = {key: typed.unreadable for key, typed in columns.items() if typed.unreadable != "FALSE"}
    bad = _total(kinds, seen) | bad
    any_bad = " OR ".join(f"({sql})" for sql in bad.values()) or "FALSE"
    select = ", ".join(f'{typed.value} AS "{key}"' for key, typed in columns.items())
    readable = f"{item.name} WHERE NOT coalesce({any_bad}, FALSE)" if bad else item.name
    writer.run(f"CREATE TABLE typed_{item.name} AS SELECT row_no, {select} FROM {readable}")
    if bad:
        _set_aside(writer, item, bad, any_bad, signs)
    item.accepted = writer.one(f"SELECT count(*) FROM typed_{item.name}")
    _sum_up(writer, item)


def _as_cut(writer: Writer, item: Staged) -> None:
    """Rows that were typed while they were cut only take their name."""
    kinds, made = neat.kinds_of(item.table, item.fields), f"typed_{item.name}"
    writer.run(f"ALTER TABLE {item.name}_lines RENAME TO {made}")
    neat.show(writer, kinds, item.name, made)
    item.values = {key: neat.summed(key) for key, kind in kinds.items() if kind == "money"}
    item.accepted = writer.one(f"SELECT count(*) FROM {made}")
    _sum_up(writer, item)


def unread_days(writer: Writer, item: Staged, field: str) -> tuple[int, str]:
    """Rows whose day is written but was not read, and the first such text."""
    if item.typed:
        return 0, ""
    unread = f'SELECT row_no FROM typed_{item.name} WHERE "{field}" IS NULL'
    if not writer.one(f'SELECT count(*) FROM typed_{item.name} WHERE "{field}" IS NULL'):
        return 0, ""
    written = f'SELECT row_no, "{field}" AS text FROM {item.name} WHERE NOT {_empty(field)}'
    rows = writer.rows(f"SELECT count(*), arg_min(text, row_no) FROM ({written}) SEMI JOIN ({unread}) USING (row_no)")
    return int(rows[0][0]), str(rows[0][1])


def _sum_up(writer: Writer, item: Staged) -> None:
    """What the file holds, for people to recognise it by: its money and its span of days."""
    money = [key for key in ("revenue", "total_payout", "total_cost") if key in item.fields]
    day = next((key for key in ("date", "payout_date") if key in item.fields), "")
    parts = [f'sum("{key}")' for key in money] + ([f'min("{day}")', f'max("{day}")'] if day else [])
    if not parts:
        return
    found = writer.rows(f"SELECT {', '.join(parts)} FROM typed_{item.name}")[0]
    item.money |= {key: float(value or 0) for key, value in zip(money, found, strict=False)}
    if day:
        item.first_day, item.last_day = found[-2:]


def _set_aside(writer: Writer, item: Staged, bad: Mapping[str, str], any_bad: str, commas: Mapping[str, str]) -> None:
    """Say of every row that was not taken which cell could not be read."""
    first = " ".join(f"WHEN {sql} THEN '{key}'" for key, sql in bad.items())
    text = " ".join("WHEN {} THEN {}".format(sql, f'"{key}"' if key != _TOTAL else "''") for key, sql in bad.items())
    unread = f"{item.name} WHERE coalesce({any_bad}, FALSE)"
    rows = sorted(writer.rows(f"SELECT row_no, CASE {first} END, CASE {text} END FROM {unread}"))
    headers = {column.field: column.header for column in item.recognised.columns}
    cells = staging.cells_of(item, [number for number, _, _ in rows])
    for number, field, written in rows:
        rule, reason = "row.total", f"Row {number} is a total of others: with it they would count twice."
        if field != _TOTAL:
            kind = schema.TABLES[item.table].field(field).kind
            rule, says = decimals.refusal(guards.bare(written), kind, commas.get(field, "point"))
            reason = f"Row {number}, {headers[field]}: “{written}” {says}"
        item.set_aside.append(SetAside(number, rule, reason, cells.get(number, ())))


def span_of(writer: Writer, columns: list[tuple[Staged, str]]) -> tuple[date, date] | None:
    """First and last day over some typed date columns; None when they hold none."""
    lows, highs = [], []
    for item, field in columns:
        low, high = writer.rows(f'SELECT min("{field}"), max("{field}") FROM typed_{item.name}')[0]
        if low is not None:
            lows.append(low)
            highs.append(high)
    return (min(lows), max(highs)) if lows else None
