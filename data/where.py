"""Decides how a choice of rows is written in SQL: a clause over the cube, with every value as a parameter."""

from __future__ import annotations

from typing import Any

from data import schema
from data.filters import Filters

Parameters = dict[str, Any]


def column(dimension: str, tiers: str) -> str:
    """The cube's column of a dimension; tiers follow the chosen scheme."""
    return {"tier": f"tier_{tiers}", "influencer": "influencer_id"}.get(dimension, dimension)


def where(filters: Filters, tiers: str, spend: str) -> tuple[str, Parameters]:
    """Clause and parameters; values never enter the SQL text.

    spend: SQL of an aggregate of spend, for the least ROAS, which is judged per influencer within the other filters.
    """
    clauses, values = ["TRUE"], Parameters()
    if filters.since:
        clauses.append("date >= $since")
        values["since"] = filters.since
    if filters.until:
        clauses.append("date <= $until")
        values["until"] = filters.until
    for key in filters.chosen():
        clauses.append(f"list_contains($in_{key}, {column(key, tiers)})")
        values[f"in_{key}"] = list(filters.values(key))
    if filters.name:
        clauses.append("contains(lower(influencer), lower($name))")
        values["name"] = filters.name
    if filters.min_roas is not None:
        inner = " AND ".join(clauses)
        clauses.append(
            f"influencer_id IN (SELECT influencer_id FROM cube WHERE {inner} GROUP BY 1 "
            f"HAVING coalesce(sum(revenue), 0)::DOUBLE >= $min_roas * {spend} AND {spend} > 0)"
        )
        values["min_roas"] = filters.min_roas
    return " AND ".join(f"({clause})" for clause in clauses), values


def groups(by: tuple[str, ...], tiers: str) -> str:
    """The grouping columns, each under its dimension's name; an influencer brings id and name."""
    parts = []
    for key in by:
        if key == "influencer":
            parts.append("influencer_id, influencer")
        elif schema.DIMENSIONS[key].key in schema.TIME_GRAINS:
            parts.append(key)
        else:
            parts.append(f"{column(key, tiers)} AS {key}")
    return ", ".join(parts)
