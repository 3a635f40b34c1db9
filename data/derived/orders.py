"""Decides what each order row carries: whose it is, its brand, margin and pay basis, whether its customer is new."""

from __future__ import annotations

from data import schema, sql
from data.engines.duckdb import Writer

_WORDS = {"unknown": schema.UNKNOWN, "organic": schema.ORGANIC}


def lay(writer: Writer, said: dict[str, str], brand_of_campaign: str) -> None:
    """Make `order_lines` (one row an order row) from tracking, else from payouts; beside it `products`.

    Needs people, post_lines, owed_lines and the lookups of spellings. said: SQL of what a row's words mean, by the
    gaps of order_draft.sql; brand_of_campaign: the same for a payout's campaign. Leaves the temporary tables
    margin_of, category_of (by product), basis_in and basis_of (by influencer) and the view `order_named`.
    """
    writer.run(sql.statement("order_draft", **said))
    draft = "order_draft"
    if not writer.one("SELECT count(*) FROM tracking"):
        writer.run(sql.statement("order_draft_payouts", brand=brand_of_campaign, unknown=schema.UNKNOWN))
        draft = "order_draft_paid"
    writer.run(sql.statement("products", draft=draft))
    _bases(writer)
    writer.run(sql.statement("order_lines", draft=draft, **_WORDS))
    writer.run(sql.statement("order_named", **_WORDS))


def _bases(writer: Writer) -> None:
    """What an influencer is paid by, in each campaign that the payouts name and overall; several are “(several)”."""
    several = f"WHEN count(DISTINCT basis) > 1 THEN '{schema.SEVERAL}'"
    one = f"CASE WHEN count(DISTINCT basis) = 1 THEN max(basis) {several} END AS basis"
    writer.run(f"""
        CREATE TEMP TABLE basis_in AS
        SELECT influencer_id, campaign, {one} FROM owed_lines WHERE campaign IS NOT NULL GROUP BY ALL;
        CREATE TEMP TABLE basis_of AS
        SELECT influencer_id, {one} FROM owed_lines GROUP BY ALL
    """)
