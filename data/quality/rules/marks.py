"""Decides what rules compare rows with: each influencer's activity, what sources name, the usual order, the day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any, Protocol

from data import reference, schema
from data.engines.duckdb import Writer

_PEOPLE = """
    CREATE TABLE rule_people AS
    SELECT p.influencer_id, p.listed, p.followers, p.platform, {tiers},
        coalesce(f.posts, 0) AS posts, coalesce(f.orders, 0) AS orders, f.first_post,
        p.influencer_id IN (SELECT influencer_id FROM owed_lines WHERE influencer_id IS NOT NULL) AS paid
    FROM people p LEFT JOIN (
        SELECT influencer_id, count(*) FILTER (kind = 'post') AS posts, count(*) FILTER (kind = 'order') AS orders,
            min(date) FILTER (kind = 'post') AS first_post
        FROM facts WHERE kind IN ('order', 'post') AND influencer_id IS NOT NULL GROUP BY ALL
    ) f USING (influencer_id)
"""
_SOURCES = "CREATE TABLE rule_sources AS SELECT written, meant FROM platform_of_source"
_SCALES = """
    CREATE TABLE rule_scales AS SELECT $today::DATE AS today, (
        SELECT approx_quantile((revenue / greatest(coalesce(orders, 1), 1))::DOUBLE, 0.5)
        FROM order_lines WHERE revenue > 0) AS order_value
"""


class Asks(Protocol):
    """A writer or a reader: whatever answers a query."""

    def rows(self, sql: str) -> list[tuple[Any, ...]]: ...


def make(writer: Writer, today: date) -> None:
    """Make `rule_people`, `rule_sources` and `rule_scales`, small tables that stay in the snapshot for `warned`."""
    tiers = ", ".join(f"p.tier_{scheme}" for scheme in reference.tiers())
    writer.run(_PEOPLE.format(tiers=tiers))
    writer.run(_SOURCES)
    writer.run(_SCALES, {"today": today})


def filled(asks: Asks, holes: Collection[str] = ()) -> frozenset[str]:
    """Columns (as table.field) that at least one row fills; of `holes`, also `table.field?` where some row does not."""
    found: set[str] = set()
    for table in schema.TABLES.values():
        asked = {f"{table.key}.{field.key}": f'"{field.key}" IS NOT NULL' for field in table.fields}
        asked |= {f"{name}?": f'"{name.split(".")[1]}" IS NULL' for name in holes if name in asked}
        parts = ", ".join(f"EXISTS (SELECT 1 FROM {table.key} WHERE {when})" for when in asked.values())
        found |= {name for name, has in zip(asked, asks.rows(f"SELECT {parts}")[0], strict=True) if has}
    return frozenset(found)
