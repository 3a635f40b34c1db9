"""Decides whether days are written day-first or month-first: by their column, then by other tables, never by guess."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from data.engines.duckdb import Writer
from data.values.readings import NOTHING

ISO = r"^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}([T ].*)?$"
SLASHED = r"^\d{1,2}[-/.]\d{1,2}[-/.](\d{4}|\d{2})([T ,].*)?$"
SOLID = r"^(19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$"
ZONED = r"(Z|[+-]\d{2}:?\d{2})$"
ORDERS = {"dmy": "day first", "mdy": "month first"}
# Columns that count days or seconds: the texts, and what is said of it.
COUNTED = {
    "serial": (r"^[3-5]\d{4}(\.0+)?$", "days are numbers, read as a spreadsheet counts them (from 1899-12-30)"),
    "seconds": (r"^[1-3]\d{9}(\.0+)?$", "days are numbers, read as seconds since 1970"),
    "milliseconds": (r"^[1-3]\d{12}$", "days are numbers, read as milliseconds since 1970"),
}
_NEAR = timedelta(days=45)


@dataclass(frozen=True)
class Evidence:
    """What one date column says about its order: rows that only fit one order, and rows that fit both.

    filled: rows with a value; serial, seconds, milliseconds: those that may count days or time.
    """

    day_first: int
    month_first: int
    either: int
    filled: int = 0
    serial: int = 0
    seconds: int = 0
    milliseconds: int = 0

    @property
    def counted(self) -> str:
        """'serial', 'seconds' or 'milliseconds' when every filled value is such a number; else ''."""
        return next((kind for kind in COUNTED if self.filled and getattr(self, kind) == self.filled), "")

    @property
    def order(self) -> str:
        """'dmy' or 'mdy' by its own values; what its numbers count; 'none needed' when nothing is open; else ''."""
        if self.counted:
            return self.counted
        if self.day_first and not self.month_first:
            return "dmy"
        if self.month_first and not self.day_first:
            return "mdy"
        return "" if self.either or self.day_first else "none needed"

    def settled(self, said: str) -> str:
        """The order that holds when the user said `said` ('dmy', 'mdy' or ''): numbers that count have no order."""
        return self.counted or said or self.order

    @property
    def remark(self) -> str:
        """What a reader should know of how the column is read; "" for nothing unusual."""
        return COUNTED[self.counted][1] if self.counted else ""


SETTLED = Evidence(0, 0, 0)
"""What a column of ISO days says: nothing about an order, and nothing is open."""


def evidence(writer: Writer, table: str, field: str) -> Evidence:
    """Counts over all rows of a text column, made over its distinct beginnings."""
    first, second = _part("t", 1), _part("t", 2)
    words = ", ".join(f"'{word}'" for word in sorted(NOTHING))
    counted = ", ".join(f"sum(n) FILTER (regexp_matches(t, '{texts}'))" for texts, _ in COUNTED.values())
    row = writer.rows(f"""
        SELECT sum(n) FILTER (a > 12 AND b <= 12), sum(n) FILTER (b > 12 AND a <= 12),
            sum(n) FILTER (a <= 12 AND b <= 12 AND a <> b), sum(n) FILTER (lower(t) NOT IN ({words})), {counted}
        FROM (SELECT t, n, CASE WHEN slashed THEN {first} END AS a, CASE WHEN slashed THEN {second} END AS b
            FROM (SELECT t, n, regexp_matches(t, '{SLASHED}') AS slashed
                FROM (SELECT left(trim("{field}"), 14) AS t, count(*) AS n FROM {table} GROUP BY 1)))
    """)[0]
    return Evidence(*(int(rows or 0) for rows in row))


def _part(field: str, place: int) -> str:
    pattern = r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})"
    return f"TRY_CAST(regexp_extract(trim(\"{field}\"), '{pattern}', {place}) AS INTEGER)"


def expression(field: str, order: str, timezone: str) -> str:
    """SQL that reads a text column as a DATE; NULL where it cannot be read or the order is open.

    order: as Evidence.settled gives it. 2025-07-31, 2025/7/31 and 20250731 need none. Instants with a zone, and
    numbers that count seconds, fall on the calendar day of the reporting timezone.
    """
    if order in COUNTED:
        return _counted(field, order, timezone)
    text = f'trim("{field}")'
    iso = f"TRY_CAST(regexp_replace(regexp_extract({text}, '^[^T ]+'), '[/.]', '-', 'g') AS DATE)"
    zoned = f"CAST((TRY_CAST({text} AS TIMESTAMPTZ) AT TIME ZONE '{timezone}') AS DATE)"
    day_first, month_first = _ordered(field, 2, 1), _ordered(field, 1, 2)
    first, second = _part(field, 1), _part(field, 2)
    certain = f"""CASE
        WHEN {first} > 12 OR {first} = {second} THEN {day_first}
        WHEN {second} > 12 THEN {month_first}
    END"""
    chosen = {"dmy": day_first, "mdy": month_first}.get(order, certain)
    return f"""CASE
        WHEN regexp_matches({text}, '{ISO}') AND regexp_matches({text}, '{ZONED}') AND length({text}) > 10 THEN {zoned}
        WHEN regexp_matches({text}, '{ISO}') THEN {iso}
        WHEN regexp_matches({text}, '{SLASHED}') THEN {chosen}
        WHEN regexp_matches({text}, '{SOLID}') THEN CAST(TRY_STRPTIME({text}, '%Y%m%d') AS DATE)
    END"""


def _counted(field: str, kind: str, timezone: str) -> str:
    number = f'TRY_CAST(trim("{field}") AS DOUBLE)'
    if kind == "serial":
        return f"(DATE '1899-12-30' + CAST({number} AS INTEGER))"
    since = number if kind == "seconds" else f"{number} / 1000"
    return f"CAST((to_timestamp({since}) AT TIME ZONE '{timezone}') AS DATE)"


def _ordered(field: str, month: int, day: int) -> str:
    year = _part(field, 3)
    full = f"CASE WHEN {year} < 100 THEN 2000 + {year} ELSE {year} END"
    return f"TRY_CAST(printf('%04d-%02d-%02d', {full}, {_part(field, month)}, {_part(field, day)}) AS DATE)"


def by_others(writer: Writer, table: str, field: str, span: tuple[date, date] | None) -> str:
    """The order under which nearly all days lie near the span of the days that are certain; '' when both or none do."""
    if span is None:
        return ""
    low, high = span[0] - _NEAR, span[1] + _NEAR
    shares = {}
    for order in ORDERS:
        read = expression(field, order, "UTC")
        shares[order] = writer.one(
            f"SELECT avg(CASE WHEN d BETWEEN $low AND $high THEN 1.0 ELSE 0.0 END) FROM "
            f"(SELECT {read} AS d FROM {table} WHERE regexp_matches(trim(\"{field}\"), '{SLASHED}'))",
            {"low": low, "high": high},
        )
    inside = {order: share or 0.0 for order, share in shares.items()}
    best, other = sorted(inside, key=lambda order: -inside[order])
    return best if inside[best] >= 0.95 and inside[other] <= 0.8 else ""
