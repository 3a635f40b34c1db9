"""Decides whether an import adds up: what was read is what was accepted plus what was set aside, in rows and money."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

from data import schema
from data.engines.duckdb import Writer
from data.incoming import mended
from data.incoming.mended import Mended
from data.incoming.staging import Staged
from data.quality import quarantine
from data.sources import SetAside
from data.values import readings
from errors import UserError

_TABLE = """
    CREATE TABLE accounts (
        file_no INTEGER, field VARCHAR, header VARCHAR, read VARCHAR, accepted VARCHAR, set_aside VARCHAR,
        unreadable BIGINT)
"""
_ENTER = "INSERT INTO accounts VALUES (?, ?, ?, ?, ?, ?, ?)"
_WIDE = "DECIMAL(38, 15)"
_ZERO = Decimal(0)
_DIGITS = 100
# What one thing costs: adding prices up over rows says nothing.
_PRICES = ("price", "cost_per_click")


class OutOfBalance(AssertionError, UserError):
    """An import that does not add up: a mistake of ours, found before anything was published."""


@dataclass(frozen=True)
class Account:
    """One money column of one file, to the last digit: read = accepted + set_aside.

    unreadable: refused rows whose amount cannot be read, which no sum holds.
    """

    file_no: int
    label: str
    field: str
    header: str
    read: Decimal
    accepted: Decimal
    set_aside: Decimal
    unreadable: int = 0

    def checked(self) -> Account:
        """Itself. Raises OutOfBalance."""
        if not _same(self.read, self.accepted, self.set_aside):
            parts = f"{self.accepted} accepted and {self.set_aside} set aside do not make {self.read} read"
            raise OutOfBalance(f"{self.label}, {self.header}: {parts}. {_BUG}")
        return self


def _same(read: Decimal, *parts: Decimal) -> bool:
    """Whether parts make a sum to the last digit: sums of the engine have more digits than Python's usual 28."""
    with localcontext(prec=_DIGITS):
        return read == sum(parts, _ZERO)


_BUG = "That is a mistake in TrueLift, not in your file: nothing was imported."


Columns = tuple[str, str]


def settle(
    writer: Writer,
    staged: Sequence[Staged],
    numbers: Mapping[int, int],
    values: Mapping[Columns, str] | None = None,
    read: Mapping[Columns, Decimal] | None = None,
) -> list[Account]:
    """The account of every money column of the files that are taken. Raises OutOfBalance before anything is kept.

    numbers: file number of each item, by its identity. values: (staging table, field) → the SQL by which typing reads
    that column of the staged text; without it plain numbers and those that typing noted a meaning for are read. read:
    the sum of such a column over the whole staged text, where a pass over it made it already; else it is made here.
    Prices of one thing (price, cost_per_click) have no account.
    What was read is summed before any row is split off, what was accepted over the typed rows.
    """
    found = []
    for item in staged:
        if item.refused:
            continue
        _rows_add_up(item)
        money = [
            key for key in item.fields if schema.TABLES[item.table].field(key).kind == "money" and key not in _PRICES
        ]
        if money:
            found += _of(writer, item, numbers[id(item)], _Money(writer, item, money, values or {}, read or {}))
    return found


def _rows_add_up(item: Staged) -> None:
    raw = item.raw
    parts = (item.accepted, len(item.set_aside), raw.blank)
    if min(parts) < 0 or sum(parts) != raw.read:
        said = "{:,} accepted, {:,} set aside and {:,} blank rows".format(*parts)
        raise OutOfBalance(f"{raw.label}: {said} do not make {raw.read:,} rows read. {_BUG}")


class _Money:
    """The money columns of one staged table: how each is read, and what each sums up to over the whole text."""

    def __init__(self, writer: Writer, item: Staged, keys: Sequence[str], values: Mapping[Columns, str],
                 read: Mapping[Columns, Decimal]) -> None:  # fmt: skip
        self.sql = {key: values.get((item.name, key)) or _as_typed(writer, item, key) for key in keys}
        self.read = {key: read[item.name, key] for key in keys if (item.name, key) in read}
        open = [key for key in keys if key not in self.read]
        if open:
            sums = ", ".join(f"sum({self.sql[key]})" for key in open)
            found = writer.rows(f"SELECT {sums} FROM {item.name}")[0]
            self.read |= {key: _decimal(value) for key, value in zip(open, found, strict=True)}


def _as_typed(writer: Writer, item: Staged, key: str) -> str:
    """Plain numbers as they stand; what else typing found a meaning for, as it noted it (fix_<stage>_<field>)."""
    text, notes, kind = f'trim("{key}")', f"fix_{item.name}_{key}", _kind(writer, item, key)
    plain = " AND ".join(f"NOT contains({text}, '{sign}')" for sign in "eE_ ")
    quick = f"CASE WHEN {plain} THEN TRY_CAST({text} AS {kind}) END"
    if not writer.one("SELECT count(*) FROM duckdb_tables() WHERE table_name = ?", [notes]):
        return quick
    meant = f"(SELECT meant FROM {notes} WHERE written = {text})"
    return f"coalesce(TRY_CAST({meant} AS {kind}), {quick})"


def _unread(key: str, value: str) -> str:
    return f"count(*) FILTER ({_unread_cell(key, value)})"


def _unread_cell(key: str, value: str) -> str:
    nothing = ", ".join(f"'{word}'" for word in sorted(readings.NOTHING))
    return f"(({value}) IS NULL AND coalesce(lower(trim(\"{key}\")), '') NOT IN ({nothing}))"


def _kind(writer: Writer, item: Staged, key: str) -> str:
    """The exact type that typing chose for the column: it keeps every digit of every amount in it."""
    kind = str(writer.one(f'SELECT typeof("{key}") FROM typed_{item.name} LIMIT 1') or "")
    return kind if kind.startswith("DECIMAL") else _WIDE


def _of(writer: Writer, item: Staged, file_no: int, money: _Money) -> list[Account]:
    kept = ", ".join(f'sum("{key}")' for key in money.sql)
    accepted = dict(zip(money.sql, writer.rows(f"SELECT {kept} FROM typed_{item.name}")[0], strict=True))
    headers = {column.field: column.header for column in item.recognised.columns}
    refused = _refused(writer, item, money.sql)
    rows = [
        Account(file_no, item.raw.label, key, headers[key], read, _decimal(accepted[key]), *refused[key])
        for key, read in ((key, money.read[key]) for key in money.sql)
    ]
    return [row.checked() for row in rows]


def _decimal(value: object) -> Decimal:
    return _ZERO if value is None else Decimal(str(value))


def _refused(writer: Writer, item: Staged, sql: Mapping[str, str]) -> dict[str, tuple[Decimal, int]]:
    """Field → the money in the refused rows, and in how many of them it cannot be read."""
    rows = mended.refused(item)
    if not rows:
        return dict.fromkeys(sql, (_ZERO, 0))
    parts = ", ".join(f"sum({one}), {_unread(key, one)}" for key, one in sql.items())
    parts += ", count(*)"
    listed = quarantine.rows_listed(writer, [one.row for one in rows])
    sums = writer.rows(f"SELECT {parts} FROM {item.name} WHERE row_no IN ({listed})")[0]
    unstaged = len(rows) - int(sums[-1])
    return {key: (_decimal(sums[2 * at]), unstaged + int(sums[2 * at + 1])) for at, key in enumerate(sql)}


def make(writer: Writer, adding: bool) -> None:
    """Make `accounts`: file_no, field, header, read, accepted, set_aside (decimals as text), unreadable.

    adding: with those of the attached snapshot `old`.
    """
    writer.run(_TABLE)
    if adding and quarantine.there(writer, "accounts", "old"):
        writer.run("INSERT INTO accounts SELECT * FROM old.accounts")


def enter(writer: Writer, account: Account) -> None:
    """Put one account into the table."""
    amounts = [_text(one) for one in (account.read, account.accepted, account.set_aside)]
    writer.run(_ENTER, [account.file_no, account.field, account.header, *amounts, account.unreadable])


def _text(amount: Decimal) -> str:
    """Every digit that counts, and none that does not."""
    plain = format(amount, "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def worth(writer: Writer, item: Staged, rows: Sequence[SetAside]) -> dict[int, str]:
    """What each refused row counts for: row number → JSON of money field → amount as text, null where it is not read.

    A row that was refused before its cells were staged has none: its amounts are not read.
    """
    keys = [key for key in item.values if key not in _PRICES]
    if not rows or not keys:
        return {}
    parts = ", ".join(f"CASE WHEN {_unread_cell(key, item.values[key])} THEN NULL ELSE coalesce({item.values[key]}, 0) "
                      "END" for key in keys)  # fmt: skip
    listed = quarantine.rows_listed(writer, [one.row for one in rows])
    found = writer.rows(f"SELECT row_no, {parts} FROM {item.name} WHERE row_no IN ({listed})")
    return {
        row: json.dumps({key: None if one is None else str(one) for key, one in zip(keys, amounts, strict=True)})
        for row, *amounts in found
    }


def move(writer: Writer, raw: Mended, own: Account) -> None:
    """Carry a returned file's account over to the file its rows came from, as if they had been right at once."""
    rows = quarantine.rows_listed(writer, raw.placed)
    came = writer.rows(f"SELECT worth FROM quarantine WHERE file_no = {raw.home} AND row_no IN ({rows})")
    amounts = [json.loads(one or "{}").get(own.field) for (one,) in came]
    unreadable = amounts.count(None)
    key = [raw.home, own.field]
    found = writer.rows(f"{_FOUND} WHERE file_no = ? AND field = ?", key)
    for header, read, accepted, aside, unread in found:
        with localcontext(prec=_DIGITS):
            gone = sum((Decimal(one) for one in amounts if one is not None), _ZERO)
            sums = (Decimal(read) - gone + own.read, Decimal(accepted) + own.accepted,
                    Decimal(aside) - gone + own.set_aside)  # fmt: skip
        moved = Account(raw.home, own.label, own.field, header, *sums, unread - unreadable + own.unreadable).checked()
        writer.run("DELETE FROM accounts WHERE file_no = ? AND field = ?", key)
        enter(writer, moved)


_FOUND = "SELECT header, read, accepted, set_aside, unreadable FROM accounts"
