"""Decides whether days are written day-first or month-first: by their column, then by other tables, never by guess."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from data.engines.duckdb import Writer

ISO = r"^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}([T ].*)?$"
SLASHED = r"^\d{1,2}[-/.]\d{1,2}[-/.](\d{4}|\d{2})([T ,].*)?$"
ZONED = r"(Z|[+-]\d{2}:?\d{2})$"
ORDERS = {"dmy": "day first", "mdy": "month first"}
_NEAR = timedelta(days=45)


@dataclass(frozen=True)
class Evidence:
    """What one date column says about its order: rows that only fit one order, and rows that fit both."""

    day_first: int
    month_first: int
    either: int

    @property
    def order(self) -> str:
        """'dmy' or 'mdy' by its own values; 'none needed' when nothing is open; '' when open or contradictory."""
        if self.day_first and not self.month_first:
            return "dmy"
        if self.month_first and not self.day_first:
            return "mdy"
        return "" if self.either or self.day_first else "none needed"


def evidence(writer: Writer, table: str, field: str) -> Evidence:
    """Counts over all rows of a text column."""
    first, second = _part(field, 1), _part(field, 2)
    row = writer.rows(f"""
        SELECT count(*) FILTER (a > 12 AND b <= 12), count(*) FILTER (b > 12 AND a <= 12),
            count(*) FILTER (a <= 12 AND b <= 12 AND a <> b)
        FROM (SELECT {first} AS a, {second} AS b FROM {table} WHERE regexp_matches(trim("{field}"), '{SLASHED}'))
    """)[0]
    return Evidence(*row)


def _part(field: str, place: int) -> str:
    pattern = r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})"
    return f"TRY_CAST(regexp_extract(trim(\"{field}\"), '{pattern}', {place}) AS INTEGER)"


def expression(field: str, order: str, timezone: str) -> str:
    """SQL that reads a text column as a DATE; NULL where it cannot be read or the order is open.

    Instants with a zone fall on the calendar day of the reporting timezone.
    """
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
    END"""


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
