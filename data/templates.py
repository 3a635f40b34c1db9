"""Decides what an empty file to fill looks like: written from the live schema, so that a filled one always loads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from data import reference, schema
from data.engines import xlsx
from data.values import guards

TABLES = schema.TABLES
HOW = "How to fill"

KINDS: dict[str, str] = {
    "id": "text, kept letter by letter: 007 stays 007",
    "text": "text",
    "label": "a short text",
    "date": "a day as year-month-day",
    "money": "an amount, without a sign of currency",
    "count": "a whole number",
    "number": "a number",
    "share": "a number from 0 to 1",
    "terms": "a rate as its contract writes it",
    "flag": "yes or no",
}
_EXAMPLES: dict[str, Any] = {
    "influencer_id": "INF-007", "name": "Asha Rao", "influencer_category": "Fitness", "gender": "Female",
    "followers": 125_000, "platform": "Instagram", "given_tier": "Mid", "persona": "Young parents", "city": "Pune",
    "given_engagement_rate": 0.045, "given_conversion_rate": 0.012, "average_views": 40_000,
    "post_id": "P-1001", "date": date(2026, 7, 31), "url": "https://www.instagram.com/p/abc/",
    "caption": "Morning shake with @mybrand", "brand": "Gritzo", "product": "Kids Protein",
    "product_category": "Nutrition", "price": 1499.5, "margin": 0.42, "campaign": "Monsoon 2026",
    "campaign_type": "test", "reach": 82_000, "impressions": 120_000, "likes": 3_100, "comments": 210, "shares": 95,
    "saves": 310, "video_views": 64_000, "clicks": 540,
    "tracking_id": "T-50001", "source": "influencer", "period": "during", "user_id": "U-900", "orders": 1,
    "revenue": 2999.0, "profit": 1259.58, "attribution_score": 1, "is_incremental": "yes", "cost_per_click": 4.25,
    "payout_id": "PAY-31", "basis": "post", "rate": "15000", "posts": 4, "total_payout": 60_000, "bonus": 5_000,
    "gifted_product_cost": 2_400.5, "total_cost": 62_400.5, "status": "Paid", "payout_date": date(2026, 8, 15),
}  # fmt: skip


@dataclass(frozen=True)
class Column:
    """One column of a template. header: how it is called in the file; example: a value that is accepted."""

    field: str
    header: str
    kind: str
    required: bool
    says: str
    example: Any

    @property
    def note(self) -> str:
        """What must be known to fill it."""
        return f"{self.says} ({KINDS[self.kind]}){': needed' if self.required else ''}. Example: {self.example}"


def columns(table: str) -> tuple[Column, ...]:
    """The columns of a table's template, in the schema's order. KeyError for a table that there is none of."""
    given = TABLES[table]
    return tuple(
        Column(item.key, header(table, item.key), item.kind, item.key in given.needs, item.says, _EXAMPLES[item.key])
        for item in given.fields
    )


def header(table: str, field: str) -> str:
    """Our own name where the importer knows it as a header of that field, else the usual header."""
    known = reference.headers(table)
    if known.get(field, ("", 0))[0] == field:
        return field
    return next(alias for alias, (meant, place) in known.items() if meant == field and place == 0)


def as_csv(table: str) -> str:
    """The header line, and nothing that could be read as data."""
    return guards.csv_lines([column.header for column in columns(table)], [])


def as_xlsx(tables: Sequence[str]) -> bytes:
    """A workbook: one empty sheet a table, the meaning on each header, and a sheet that says how to fill it."""
    return xlsx.write(sheets(tables))


def sheets(tables: Sequence[str], rows: Mapping[str, Sequence[Sequence[Any]]] | None = None) -> list[xlsx.Sheet]:
    """The sheets of a template; rows: table → cells in the order of its columns, for a template that is filled."""
    filled = rows or {}
    made = [
        xlsx.Sheet(table, tuple(_head(column) for column in columns(table)), filled.get(table, ())) for table in tables
    ]
    heads = tuple(map(xlsx.Head, ("table", "column", "what it means", "how it is written", "needed", "example")))
    lines = [(table, *_line(column)) for table in tables for column in columns(table)]
    return [*made, xlsx.Sheet(HOW, heads, lines, wraps=True)]


def _head(column: Column) -> xlsx.Head:
    # A percent format would turn what is typed into something else, so a share is typed as a plain number.
    unit = "number" if column.kind == "share" else column.kind
    return xlsx.Head(column.header, unit, column.note)


def _line(column: Column) -> tuple[str, str, str, str, str]:
    needed = "yes" if column.required else ""
    return column.header, column.says, KINDS[column.kind], needed, guards.cell(column.example, raw=True)
