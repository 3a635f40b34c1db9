"""Decides how columns of days and numbers are read: as the user says, as their values show, or asked; never guessed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from data import schema
from data.engines.duckdb import Writer
from data.incoming import typed
from data.incoming.staging import Staged
from data.matching.choices import Choice
from data.values import days, decimals
from data.values.written import count

_NUMBERS = ("money", "count", "number", "share")
_DAYS = [
    {"value": "dmy", "says": "Day first: 05/03 is 5 March"},
    {"value": "mdy", "says": "Month first: 05/03 is 3 May"},
]


@dataclass(frozen=True)
class Question:
    """What only the user can say of one column. kind: 'dates' or 'decimals'. answers: value and what it would mean."""

    kind: str
    sentence: str
    file: str
    column: str
    answers: list[dict[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Saying:
    """What holds for every column that nothing more particular was said of.

    dates: 'dmy', 'mdy' or ''. of: what was said of one staged table, now or when it was imported before.
    """

    timezone: str
    dates: str
    of: Callable[[Staged], Choice | None]


@dataclass
class _Ways:
    """How the columns of one staged table are read. orders: of days; signs: of numbers; '' is open."""

    orders: dict[str, str] = field(default_factory=dict)
    signs: dict[str, str] = field(default_factory=dict)


def settle(writer: Writer, usable: Sequence[Staged], saying: Saying) -> list[Question]:
    """Type every staged table into `typed_<stage>`; returns the questions that stay open.

    Days of an open column stay empty, rows with an open number are set aside. A column of days that neither the user
    nor its values settle is read in the order that the other tables' span speaks for.
    """
    asked: list[Question] = []
    ways: dict[str, _Ways] = {}
    for item in usable:
        ways[item.name] = own = _Ways(_orders(writer, item, saying), {})
        for key in _keys(item, _NUMBERS):
            asked += _sign(writer, item, key, saying, own)
        typed.type_table(writer, item, own.orders, saying.timezone, own.signs)
    columns = [(item, key) for item in usable for key in ways[item.name].orders]
    settled = [(item, key) for item, key in columns if ways[item.name].orders[key]]
    span = typed.span_of(writer, settled)
    _say_unread(writer, settled)
    for item in usable:
        asked += _by_others(writer, item, ways[item.name], span, saying.timezone)
    return asked


def _keys(item: Staged, kinds: Sequence[str]) -> list[str]:
    return [key for key in item.fields if schema.TABLES[item.table].field(key).kind in kinds]


def _header(item: Staged, key: str) -> str:
    """The header under which the file brings a field."""
    return next(column.header for column in item.recognised.columns if column.field == key)


def _orders(writer: Writer, item: Staged, saying: Saying) -> dict[str, str]:
    """Date field → its order: what was said of the column, else of all columns, else what its values show."""
    choice, found = saying.of(item), {}
    for key in _keys(item, ("date",)):
        # Rows that were typed while they were cut have whole ISO days only: nothing is open there.
        evidence = days.SETTLED if item.typed else days.evidence(writer, item.name, key)
        header = _header(item, key)
        found[key] = evidence.settled((choice.date_of(header) if choice else "") or saying.dates)
        if evidence.remark:
            item.remarks.append(f"{item.raw.label}, column {header}: {evidence.remark}.")
    return found


def _sign(writer: Writer, item: Staged, key: str, saying: Saying, own: _Ways) -> list[Question]:
    """Settle the decimal sign of one column of numbers; the question when only the user can say."""
    choice, header = saying.of(item), _header(item, key)
    own.signs[key] = (choice.decimal_of(header) if choice else "") or ("point" if item.typed else "")
    if own.signs[key]:
        return []
    evidence = decimals.evidence(writer, item.name, key, schema.TABLES[item.table].field(key).kind)
    own.signs[key] = evidence.order
    if not evidence.asks:
        return []
    samples = ", ".join(f"“{text}”" for text in evidence.samples)
    sentence = f"{item.raw.label}, {decimals.question_sentence(header, samples)}"
    return [Question("decimals", sentence, item.raw.label, header, decimals.answers(evidence.samples[0]))]


def _by_others(
    writer: Writer, item: Staged, own: _Ways, span: tuple[date, date] | None, timezone: str
) -> list[Question]:
    """Read open columns of days in the order that the other tables' span speaks for; ask where it speaks for none."""
    still_open = [key for key, order in own.orders.items() if not order]
    found = {key: days.by_others(writer, item.name, key, span) for key in still_open}
    if any(found.values()):
        own.orders |= found
        writer.run(f"DROP TABLE typed_{item.name}")
        item.set_aside = list(item.raw.set_aside)
        typed.type_table(writer, item, own.orders, timezone, own.signs)
        order = next(order for order in found.values() if order)
        item.remarks.append(f"{item.raw.label}: days are read {days.ORDERS[order]}, as the other tables' days say.")
    return [_ask(item, key) for key, order in found.items() if not order]


def _say_unread(writer: Writer, settled: Sequence[tuple[Staged, str]]) -> None:
    """A day that is written and cannot be read is said, with the first of them; open columns are asked about."""
    for item, key in settled:
        rows, first = typed.unread_days(writer, item, key)
        if rows:
            says = f"{item.raw.label}: {count(rows)} days cannot be read (such as “{first}”)"
            item.remarks.append(f"{says}: their rows count in totals only.")


def _ask(item: Staged, key: str) -> Question:
    column = next(column for column in item.recognised.columns if column.field == key)
    sentence = (
        f"{item.raw.label}, column {column.header}: days such as {column.sample} fit both orders. "
        "Is it day first or month first? Until you say, these days stay empty."
    )
    return Question("dates", sentence, item.raw.label, column.header, _DAYS)
