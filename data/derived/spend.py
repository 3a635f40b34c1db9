"""Decides on which rows a payout lies: its fee on the posts, its per-order part on the orders, to the paisa.

The rule follows the basis and is stamped on every laid row: 'orders' and 'revenue' in proportion to the influencer's,
'posts' and 'lines' evenly, 'none' where there is nothing to lie on: that stays in the totals as “(unallocated)”.
Never by revenue where posts exist: that would make every product's ROAS equal by construction.
"""

from __future__ import annotations

from decimal import Decimal

from data import schema, sql
from data.engines.duckdb import Writer
from data.values import readings

_DIMS = ("brand", "product", "product_category", "campaign_type", "period", "source")
_WRITTEN_RATES = "SELECT DISTINCT rate FROM owed_lines WHERE rate IS NOT NULL AND TRY_CAST(rate AS DOUBLE) IS NULL"


def lay(writer: Writer) -> int:
    """Make `spend_lines` from `owed_lines`; returns the decimal places that its whole units stand for.

    spend_lines: influencer_id, date, campaign, the row dimensions, basis, status, rule, payout_units, gift_units
    (whole units of 10^-places). Sums of units equal the payouts' sums exactly.
    """
    _terms(writer)
    places = _places(writer)
    payout, gift = (_units(f"o.{column}", places) for column in ("payout", "seeding_cost"))
    writer.run(sql.statement("spend_parts", payout=payout, gift=gift))
    dims, target_dims = ", ".join(_DIMS), ", ".join(f"x.{key}" for key in _DIMS)
    writer.run(sql.statement("spend_targets", dims=dims, target_dims=target_dims, unallocated=schema.UNALLOCATED))
    cut_targets = sql.statement("spend_cut", rows="targets", key="part_id", amount="units")
    cut_mixed = sql.statement("spend_cut", rows="mixed", key="line_id", amount="units")
    named = {"unknown": schema.UNKNOWN, "unallocated": schema.UNALLOCATED}
    writer.run(sql.statement("spend_lines", dims=dims, cut_targets=cut_targets, cut_mixed=cut_mixed, **named))
    return places


def _places(writer: Writer) -> int:
    """The decimals of the finest amount; at least the paisa's two."""
    kinds = writer.rows("SELECT typeof(payout), typeof(seeding_cost) FROM owed_lines LIMIT 1") or [("", "")]
    return max([int(kind.split(",")[1].strip(" )")) for kind in kinds[0] if "," in kind] + [2])


def _terms(writer: Writer) -> None:
    """What each written rate pays: by post, by order, a share of revenue."""
    read = {text: readings.terms(text) for (text,) in writer.rows(_WRITTEN_RATES)}
    writer.run("CREATE TEMP TABLE terms (written VARCHAR, by_post DOUBLE, by_order DOUBLE, by_share DOUBLE)")
    if read:
        kinds = ("post", "order", "share")
        columns = {kind: [_float(parts.get(kind)) for parts in read.values()] for kind in kinds}
        writer.fill("terms", {"written": list(read), **columns})


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _units(column: str, places: int) -> str:
    """Exact whole units of a DECIMAL: its digits without the point (rounding is never needed, only widening)."""
    digits = f"CAST(CAST({column} AS DECIMAL(38, {places})) AS VARCHAR)"
    return f"CAST(replace({digits}, '.', '') AS HUGEINT)"
