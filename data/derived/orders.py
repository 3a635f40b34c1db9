"""Decides what each order row carries: whose it is, its brand, margin and pay basis, whether its customer is new."""

from __future__ import annotations

from data import schema, sql
from data.engines.duckdb import Writer

_KEYS = ("influencer_id", "source", "campaign", "campaign_type", "period", "brand", "product", "product_category")
_LISTED = ", ".join(_KEYS)
_WRITTEN = ", ".join(f"t.{key}" for key in _KEYS)
_MOST_LINES = 1 << 39


def lay(writer: Writer, said: dict[str, str], brand_of_campaign: str) -> None:
    """Make the view `order_lines` (one row an order row) from tracking, else from payouts; beside it `products`.

    Texts are worked out once for each combination of words that stands in the rows (`order_words`, by `words`), and
    rows carry its number (`order_measures`). Where rows say a city, `place_days` are their sums by place and day.

    Needs people, post_lines, owed_lines and the lookups of spellings. said: SQL of what a row's words mean, by the
    gaps of order_draft.sql; brand_of_campaign: the same for a payout's campaign. Leaves the temporary tables
    margin_of, category_of (by product), basis_in, basis_of (by influencer), order_sums, the views `order_named`
    and, of days, `order_days` and `order_named_days`.
    """
    place = ", city" if writer.one("SELECT count(city) FROM tracking") else ""
    writer.run(sql.statement("order_draft", words=_LISTED, place=place, **said))
    paid = ""
    if not writer.one("SELECT count(*) FROM tracking"):
        paid = "_paid"
        said = {"brand": brand_of_campaign, "unknown": schema.UNKNOWN, "words": _LISTED}
        writer.run(sql.statement("order_draft_payouts", **said))
    writer.run(sql.statement("products", paid=paid))
    _bases(writer)
    parts = {
        "salt": str(_salt(writer, paid)),
        "written": _WRITTEN,
        "organic": schema.ORGANIC,
        "place": place,
        **_lines(writer, paid),
    }
    writer.run(sql.statement("order_lines", paid=paid, **parts))
    for kind, rows, name, user in (
        ("VIEW", "order_lines", "order_named", "user_id,"), ("TEMP VIEW", "order_days", "order_named_days", ""),
    ):  # fmt: skip
        named = {"kind": kind, "rows": rows, "view": name, "user": user, "unknown": schema.UNKNOWN}
        writer.run(sql.statement("order_named", **named))
    if place:
        writer.run(sql.statement("place_days", unknown=schema.UNKNOWN))


def _lines(writer: Writer, paid: str) -> dict[str, str]:
    """A row's file and number in one, what order rows of the same day stand by; the type that holds day and line."""
    files, rows = writer.rows(f"SELECT max(file_no), max(row_no) FROM sold{paid}")[0]
    each = (rows or 0) + 1
    lines = ((files or 0) + 1) * each
    # A day takes 24 bits: with fewer than 2^39 lines both fit into 63.
    whole = "BIGINT" if lines < _MOST_LINES else "HUGEINT"
    return {"line": f"(file_no::BIGINT * {each} + row_no)", "lines": str(lines), "whole": whole}


def _salt(writer: Writer, paid: str) -> int:
    """A number with which no two combinations of words have the same hash: rows find theirs by it."""
    salt = 0
    while writer.one(f"SELECT count(*) - count(DISTINCT hash({salt}, {_WRITTEN})) FROM written{paid} t"):
        salt += 1
    return salt


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
