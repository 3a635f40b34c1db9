"""Decides which of the four tables a file is, and which of its columns is which field, from headers and values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from data import reference, schema

# How strongly a field speaks for its table: what only one table has weighs most.
_SIGNS: dict[str, dict[str, float]] = {
    "influencers": {"followers": 3, "gender": 1.5, "name": 2, "influencer_category": 1, "influencer_id": 1,
                    "platform": 0.5},
    "posts": {"reach": 2, "likes": 2, "comments": 2, "caption": 1.5, "url": 1.5, "impressions": 1, "video_views": 1,
              "influencer_id": 0.5, "platform": 0.5, "date": 0.5, "post_id": 0.5, "shares": 0.5, "saves": 0.5},
    "tracking": {"revenue": 2.5, "source": 1.5, "user_id": 2, "orders": 1, "campaign": 0.5, "product": 1, "date": 0.5,
                 "influencer_id": 0.5, "tracking_id": 1, "campaign_type": 0.5},
    "payouts": {"basis": 3, "rate": 2, "total_payout": 3, "total_cost": 1, "payout_date": 1, "status": 0.5,
                "gifted_product_cost": 1, "orders": 0.5, "influencer_id": 0.5, "payout_id": 1},
}  # fmt: skip
_LEAST = 4.0
_NAMES = {"influencers": "influencer", "posts": "post", "tracking": "track", "payouts": "payout"}
_PROOF: dict[str, tuple[frozenset[str], ...]] = {
    "influencers": (frozenset({"followers"}), frozenset({"name"})),
    "posts": (frozenset({"likes"}), frozenset({"reach"}), frozenset({"caption"}), frozenset({"url"})),
    "tracking": (frozenset({"revenue", "date"}), frozenset({"revenue", "source"}), frozenset({"revenue", "user_id"})),
    "payouts": (frozenset({"total_payout"}), frozenset({"basis", "rate"}), frozenset({"total_cost", "basis"})),
}
_MERGED = ({"followers", "name"}, {"reach", "likes"}, {"basis", "total_payout"})


@dataclass(frozen=True)
class Column:
    """One column of a file. field: ours, or "" when it is not used; confidence 0 to 1; sample: its first values."""

    header: str
    index: int
    field: str
    confidence: float
    sample: str


@dataclass(frozen=True)
class Recognised:
    """What a file was taken for. table is "" when it is none of the four; then `why` says so in a sentence."""

    table: str
    why: str
    columns: tuple[Column, ...] = field(default=())

    @property
    def mapping(self) -> dict[str, int]:
        """Field → place of its column."""
        return {column.field: column.index for column in self.columns if column.field}

    @property
    def unused(self) -> tuple[str, ...]:
        """Headers that no field takes."""
        return tuple(column.header for column in self.columns if not column.field)


def recognise(label: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> Recognised:
    """The table and its columns. label: the file's (and sheet's) name; rows: some of its first rows, text cells."""
    mapped = {table: _map(table, header, rows) for table in schema.TABLES}
    if all(any(parts <= set(fields) for fields in mapped.values()) for parts in _MERGED) and len(header) > 14:
        why = f"{label} holds columns of influencers, posts and payouts at once: joined rows would count money twice."
        return Recognised("", why + " Import the separate tables.", _columns(header, {}, rows))
    scores = {table: _score(table, label, fields) for table, fields in mapped.items()}
    best = max(scores, key=lambda table: scores[table])
    if scores[best] < _LEAST:
        needed = ", ".join(table for table in schema.TABLES)
        why = f"{label} is none of the four tables ({needed}): its columns are {', '.join(header[:8])}."
        return Recognised("", why + " It was left out.", _columns(header, {}, rows))
    signs = [field for field in mapped[best] if field in _SIGNS[best]]
    return Recognised(best, f"it has {', '.join(signs[:5])}", _columns(header, mapped[best], rows))


def _score(table: str, label: str, fields: dict[str, tuple[int, float]]) -> float:
    """How much speaks for this table; 0 when it lacks what the table cannot do without."""
    has = set(fields)
    if not set(schema.TABLES[table].needs) <= has or not any(proof <= has for proof in _PROOF[table]):
        return 0.0
    named = 2.0 if _NAMES[table] in label.casefold() else 0.0
    return sum(_SIGNS[table].get(field, 0.1) for field in has) + named


def _map(table: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[str, tuple[int, float]]:
    """Field → (place of its column, confidence). Of two headers for one field the more usual name wins."""
    known = reference.headers(table)
    claims: dict[str, tuple[int, int]] = {}
    for index, name in enumerate(header):
        field, place = known.get(reference.fold(name), ("", 0))
        if field and (field not in claims or place < claims[field][1]):
            claims[field] = (index, place)
    if table != "influencers":
        _prefer_named_id(table, header, claims)
    return {
        field: (index, 1.0 if place < 3 else 0.9)
        for field, (index, place) in claims.items()
        if _fits(schema.TABLES[table].field(field).kind, [row[index] for row in rows])
    }


def _prefer_named_id(table: str, header: Sequence[str], claims: dict[str, tuple[int, int]]) -> None:
    """A bare `id` names the row, never the influencer, outside the influencers table."""
    index, _ = claims.get("influencer_id", (-1, 0))
    if index >= 0 and reference.fold(header[index]) == "id":
        del claims["influencer_id"]


_DIGIT = re.compile(r"\d")
_WORDS = re.compile(r"[^\W\d_]{4,}")


def _fits(kind: str, values: Sequence[str]) -> bool:
    """Whether the values may be of that kind: a column of words is no amount, a column without digits no date."""
    filled = [value for value in values if value.strip()]
    if not filled:
        return True
    digits = sum(bool(_DIGIT.search(value)) for value in filled) / len(filled)
    if kind in ("money", "count", "number", "share"):
        wordy = sum(bool(_WORDS.search(value)) for value in filled) / len(filled)
        return digits >= 0.5 and wordy <= 0.5
    return digits >= 0.5 if kind == "date" else True


def _columns(
    header: Sequence[str], fields: dict[str, tuple[int, float]], rows: Sequence[Sequence[str]]
) -> tuple[Column, ...]:
    by_place = {index: (field, confidence) for field, (index, confidence) in fields.items()}
    columns = []
    for index, name in enumerate(header):
        values = dict.fromkeys(row[index].strip() for row in rows[:50] if row[index].strip())
        key, confidence = by_place.get(index, ("", 0.0))
        columns.append(Column(name, index, key, confidence, ", ".join(list(values)[:3])[:80]))
    return tuple(columns)
