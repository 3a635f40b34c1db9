"""Decides the one table that every question sums: orders, posts, payouts and people stacked, never joined."""

from __future__ import annotations

from data import reference, schema, sql
from data.engines.duckdb import Writer

_WORDS = {"unknown": schema.UNKNOWN, "organic": schema.ORGANIC, "unallocated": schema.UNALLOCATED}
_ORDER_ROWS = "(SELECT *, 'order' AS kind, NULL::VARCHAR AS platform, NULL::VARCHAR AS status FROM order_named)"


def stack(writer: Writer) -> None:
    """Make `facts` from people, order_named_days, post_lines and spend_lines.

    One row for each distinct combination of kind ('order', 'post', 'payout', 'person'), day, influencer and row
    dimensions; measures are sums over the rows behind it, empty where the kind has none. Spend is in whole units.
    Beside it the views `cube` and `order_cube`, over facts and over order rows.
    """
    tracked = writer.one("SELECT count(clicks) FROM order_sums")
    writer.run(sql.statement("facts", post_clicks="NULL::DOUBLE" if tracked else "sum(clicks)", **_WORDS))
    writer.run(f"{_view('cube', 'facts')}; {_view('order_cube', _ORDER_ROWS)}")


def _view(name: str, rows: str) -> str:
    """Rows beside the traits of their influencer and the week and month of their day: what filters and groups name."""
    traits = ["influencer_category", "gender", "persona", "city", *(f"tier_{scheme}" for scheme in reference.tiers())]
    return f"""
        CREATE VIEW {name} AS SELECT f.* EXCLUDE (platform), p.influencer, p.followers,
            coalesce(f.platform, {_trait("p.platform")}) AS platform,
            date_trunc('week', f.date)::DATE AS week, date_trunc('month', f.date)::DATE AS month,
            {", ".join(f"{_trait(f'p.{key}')} AS {key}" for key in traits)}
        FROM {rows} f LEFT JOIN people p USING (influencer_id)
    """


def _trait(column: str) -> str:
    """A trait of the influencer; of nobody for organic orders, of no row for payouts without a person."""
    return f"""CASE
        WHEN f.influencer_id IS NOT NULL THEN coalesce({column}, '{schema.UNKNOWN}')
        WHEN f.kind = 'payout' THEN '{schema.UNALLOCATED}'
        WHEN f.kind = 'order' THEN '{schema.ORGANIC}'
        ELSE '{schema.UNKNOWN}'
    END"""
