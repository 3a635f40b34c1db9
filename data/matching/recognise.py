"""Decides which of the four tables a file is, and which of its columns is which field, from headers and values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from data import schema
from data.matching import choices, likeness, mapping
from data.matching.choices import Choice
from data.matching.looks import look
from data.matching.mapping import File, Mapped

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
# Beyond so many columns nobody picks from suggestions.
_SUGGESTED = 200
_NAMES = {"influencers": "influencer", "posts": "post", "tracking": "track", "payouts": "payout"}
_PROOF: dict[str, tuple[frozenset[str], ...]] = {
    "influencers": (frozenset({"followers"}), frozenset({"name"})),
    "posts": (frozenset({"likes"}), frozenset({"reach"}), frozenset({"caption"}), frozenset({"url"})),
    "tracking": (frozenset({"revenue", "date"}), frozenset({"revenue", "source"}), frozenset({"revenue", "user_id"})),
    "payouts": (frozenset({"total_payout"}), frozenset({"basis", "rate"}), frozenset({"total_cost", "basis"})),
}
_MERGED = ({"followers", "name"}, {"reach", "likes"}, {"basis", "total_payout"})
# Amounts without which a table says nothing: where one is open, the file waits for the user's word.
_VITAL = {"tracking": "revenue", "payouts": "total_payout"}


@dataclass(frozen=True)
class Column:
    """One column of a file. field: ours, or "" when it is not used; sample: its first values.

    confidence: 1 chosen by the user (now or before), 0.95 and more a known name, less a name like it, 0 not used.
    suggestions: fields that an unused column could be, with how like it is (0–1), the best first.
    """

    header: str
    index: int
    field: str
    confidence: float
    sample: str
    suggestions: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Recognised:
    """What a file was taken for. table is "" when it is none of the four; then `why` says so in a sentence.

    key: the fingerprint of its header set. remembered: its mapping was chosen at an earlier import.
    likely: the table it looks like, also when something keeps it from being taken.
    """

    table: str
    why: str
    columns: tuple[Column, ...] = field(default=())
    key: str = ""
    remembered: bool = False
    likely: str = ""

    @property
    def mapping(self) -> dict[str, int]:
        """Field → place of its column."""
        return {column.field: column.index for column in self.columns if column.field}

    @property
    def unused(self) -> tuple[str, ...]:
        """Headers that no field takes."""
        return tuple(column.header for column in self.columns if not column.field)


def recognise(
    label: str, header: Sequence[str], rows: Sequence[Sequence[str]], choice: Choice | None = None
) -> Recognised:
    """The table and its columns. label: the file's (and sheet's) name; rows: some of its first rows, text cells.

    choice: what the user said, now or before; it overrides everything that would be found out.
    """
    samples = [[row[index].strip() for row in rows] for index in range(len(header))]
    file = File(header, samples, [look(values) for values in samples], choice)
    mapped = {table: mapping.columns_of(table, file) for table in schema.TABLES}
    table, likely, why = _decide(label, file, mapped)
    shown = mapped[table or likely] if table or likely else Mapped()
    if not table:
        shown = Mapped({key: place for key, place in shown.fields.items() if place[1] == mapping.CHOSEN})
    columns = _columns(file, shown, table or likely)
    remembered = bool(choice and choice.remembered)
    return Recognised(table, why, columns, choices.key_of(header), remembered, table or likely)


def _decide(label: str, file: File, mapped: Mapping[str, Mapped]) -> tuple[str, str, str]:
    """Table, likely table, and the sentence that says why."""
    if file.choice and file.choice.table:
        return _as_chosen(label, file.choice.table, mapped)
    if _is_joined(mapped) and len(file.header) > 14:
        why = f"{label} holds columns of influencers, posts and payouts at once: joined rows would count money twice."
        return "", "", why + " Import the separate tables."
    sure = {table: _score(table, label, {*found.known, *found.open}) for table, found in mapped.items()}
    if max(sure.values()) < _LEAST:
        sure = {table: _score(table, label, {*found.fields, *found.open}) for table, found in mapped.items()}
    best = max(sure, key=lambda table: sure[table])
    if sure[best] >= _LEAST and _VITAL.get(best, "") not in mapped[best].open:
        return best, best, _why(best, mapped[best])
    return _waiting(label, file, {best: mapped[best], **mapped})


def _as_chosen(label: str, table: str, mapped: Mapping[str, Mapped]) -> tuple[str, str, str]:
    if table == choices.NONE:
        return "", "", f"{label} was left out, as chosen."
    missing = [key for key in schema.TABLES[table].needs if key not in mapped[table].fields]
    if missing:
        why = f"{label} is to be taken for {table}, but none of its columns is chosen as {' and '.join(missing)}."
        return "", table, why + " Choose it."
    return table, table, "you chose it"


def _is_joined(mapped: Mapping[str, Mapped]) -> bool:
    return all(any(parts <= set(found.fields) for found in mapped.values()) for parts in _MERGED)


def _why(table: str, found: Mapped) -> str:
    signs = [key for key in found.fields if key in _SIGNS[table]]
    return f"it has {', '.join(signs[:5])}"


def _waiting(label: str, file: File, mapped: Mapping[str, Mapped]) -> tuple[str, str, str]:
    """Why a file is not taken: which amount is open, which could be it, or that it is none of the four tables."""
    for table, key in ((table, _VITAL[table]) for table in mapped if table in _VITAL):
        found = mapped[table]
        could_be = found.open.get(key, []) or _candidates(table, key, file, found)
        if key not in found.fields and could_be and _score(table, label, {*found.fields, key}) >= _LEAST:
            names = " or ".join(file.header[index] for index in could_be[:4])
            why = f"{label} looks like {table}, but which column is its {key} is not sure: {names}?"
            return "", table, why + " Choose the column and import it again."
    needed = ", ".join(schema.TABLES)
    why = f"{label} is none of the four tables ({needed}): its columns are {', '.join(file.header[:8])}."
    likely = max(mapped, key=lambda table: _weight(table, label, set(mapped[table].fields)))
    weight = _weight(likely, label, set(mapped[likely].fields))
    return "", likely if weight >= _LEAST / 2 else "", why + " It was left out."


def _candidates(table: str, key: str, file: File, found: Mapped) -> list[int]:
    taken = {index for index, _ in found.fields.values()}
    scored = [
        (dict(likeness.suggestions(table, name, file.looks[index], frozenset({key}))).get(key, 0.0), index)
        for index, name in enumerate(file.header)
        if index not in taken and index < _SUGGESTED
    ]
    return [index for score, index in sorted(scored, key=lambda pair: -pair[0]) if score >= 0.5]


def _score(table: str, label: str, has: set[str]) -> float:
    """How much speaks for this table; 0 when it lacks what the table cannot do without."""
    if not set(schema.TABLES[table].needs) <= has or not any(proof <= has for proof in _PROOF[table]):
        return 0.0
    return _weight(table, label, has)


def _weight(table: str, label: str, has: set[str]) -> float:
    named = 2.0 if _NAMES[table] in label.casefold() else 0.0
    return sum(_SIGNS[table].get(key, 0.1) for key in has) + named


def _columns(file: File, found: Mapped, table: str) -> tuple[Column, ...]:
    by_place = {index: (key, confidence) for key, (index, confidence) in found.fields.items()}
    free = frozenset(item.key for item in schema.TABLES[table].fields) - set(found.fields) if table else frozenset()
    columns = []
    for index, name in enumerate(file.header):
        values = dict.fromkeys(text for text in file.samples[index][:50] if text)
        key, confidence = by_place.get(index, ("", 0.0))
        near = (
            () if key or not free or index >= _SUGGESTED else likeness.suggestions(table, name, file.looks[index], free)
        )
        columns.append(Column(name, index, key, confidence, ", ".join(list(values)[:3])[:80], near))
    return tuple(columns)
