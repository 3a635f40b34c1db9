"""Decides which column of a file is which field of a table: known names first, then like ones, money never by guess."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from data import reference, schema
from data.matching import likeness
from data.matching.choices import Choice
from data.matching.headings import heading
from data.matching.looks import Looks, fits

CHOSEN, KNOWN, USUAL = 1.0, 0.95, 0.99
# What a table is for: under its usual name it is taken even when it holds words, so that each such row is set aside
# with its reason instead of counting as a row without an amount.
OWED = ("revenue", "total_payout")


@dataclass(frozen=True)
class File:
    """A file as far as its columns are concerned: header, what the values look like, what the user said."""

    header: Sequence[str]
    samples: Sequence[Sequence[str]]
    looks: Sequence[Looks]
    choice: Choice | None = None

    def chosen(self, index: int) -> str | None:
        """The field that the user chose for a column; "" for none, None when nothing was said."""
        return self.choice.field_of(self.header[index]) if self.choice else None


@dataclass
class Mapped:
    """Field → (column, confidence). open: field → columns of which any could be it; known: fields by known names."""

    fields: dict[str, tuple[int, float]] = field(default_factory=dict)
    open: dict[str, list[int]] = field(default_factory=dict)
    known: frozenset[str] = frozenset()


def columns_of(table: str, file: File) -> Mapped:
    """The mapping of a file if it were that table."""
    mapped = Mapped()
    for index in range(len(file.header)):
        key = file.chosen(index)
        if key in _kinds(table) and key not in mapped.fields:
            mapped.fields[key] = (index, CHOSEN)
    _take_known(table, file, mapped)
    mapped.known = frozenset(mapped.fields)
    _take_like(table, file, mapped)
    return mapped


def _kinds(table: str) -> dict[str, str]:
    return {item.key: item.kind for item in schema.TABLES[table].fields}


def _free(file: File, mapped: Mapped) -> list[int]:
    taken = {index for index, _ in mapped.fields.values()}
    return [index for index in range(len(file.header)) if index not in taken and file.chosen(index) is None]


def _take_known(table: str, file: File, mapped: Mapped) -> None:
    """Headers that are known names. Of two for one field the more usual wins, except of amounts: then both are open."""
    kinds = _kinds(table)
    claims: dict[str, list[tuple[int, int]]] = {}
    for index in _free(file, mapped):
        key, place = reference.headers(table).get(reference.fold(file.header[index]), ("", 0))
        if key and key not in mapped.fields and not _qualified(kinds[key], file.header[index]):
            claims.setdefault(key, []).append((place, index))
    if table != "influencers":
        _prefer_named_id(file, claims)
    for key, ranked in claims.items():
        place, index = min(ranked)
        if not fits(kinds[key], file.looks[index]) and not (key in OWED and place < 3):
            continue
        rivals = _rivals(table, key, file, ranked) if kinds[key] == "money" else []
        if rivals:
            mapped.open[key] = sorted({index, *rivals})
        else:
            mapped.fields[key] = (index, USUAL if place < 3 else KNOWN)


def _qualified(kind: str, header: str) -> bool:
    """Whether a header says more than its known name: of an amount, a count or a share, in which unit or of what."""
    said = heading(header)
    return likeness.barred(kind, said) or (kind == "money" and bool(said.brackets))


def _prefer_named_id(file: File, claims: dict[str, list[tuple[int, int]]]) -> None:
    """A bare `id` names the row, never the influencer, outside the influencers table."""
    named = [pair for pair in claims.get("influencer_id", []) if reference.fold(file.header[pair[1]]) != "id"]
    if named:
        claims["influencer_id"] = named
    else:
        claims.pop("influencer_id", None)


def _rivals(table: str, key: str, file: File, ranked: list[tuple[int, int]]) -> list[int]:
    """Other columns that could be the amount as well; none beside its usual name, nor when they hold the same."""
    place, index = min(ranked)
    others = [other for rank, other in ranked if other != index and (place > 0 or rank == 0)]
    if place > 0:
        others += [other for other in range(len(file.header)) if _opposed(table, key, file, index, other)]
    return [other for other in others if file.samples[other] != file.samples[index]]


def _opposed(table: str, key: str, file: File, index: int, other: int) -> bool:
    """Whether two headers are the gross and the net (or the plain) of one thing."""
    if index == other or file.chosen(other) is not None:
        return False
    one, two = heading(file.header[index]).words, heading(file.header[other]).words
    if one & likeness.OPPOSED == two & likeness.OPPOSED:
        return False
    cores = [likeness.core(words - likeness.OPPOSED, table, "money", key) for words in (one, two)]
    return cores[0] == cores[1] or (cores[0] == {"amount"} and key in cores[1] | {f"total_{word}" for word in cores[1]})


def _take_like(table: str, file: File, mapped: Mapped) -> None:
    """Headers whose words say a field that no known name holds; one field a column, one column a field."""
    held = set(mapped.fields) | set(mapped.open)
    wanted: dict[str, list[tuple[float, int]]] = {}
    for index in _free(file, mapped):
        claims = [
            claim for claim in likeness.claims(table, file.header[index], file.looks[index]) if claim[0] not in held
        ]
        if claims and (len(claims) == 1 or claims[0][1] > claims[1][1]):
            wanted.setdefault(claims[0][0], []).append((claims[0][1], index))
    for key, ranked in wanted.items():
        _settle(table, key, file, sorted(ranked, key=lambda pair: (-pair[0], pair[1])), mapped)


def _settle(table: str, key: str, file: File, ranked: list[tuple[float, int]], mapped: Mapped) -> None:
    """The likest of several columns, when it is likest alone or no amount; amounts with rivals stay open."""
    score, index = ranked[0]
    if _kinds(table)[key] == "money":
        others = [other for _, other in ranked[1:]]
        others += [other for other in _free(file, mapped) if _opposed(table, key, file, index, other)]
        rivals = [other for other in others if file.samples[other] != file.samples[index]]
        if rivals and not _plain(file.header[index], key):
            mapped.open[key] = sorted({index, *rivals})
            return
        if score < likeness.STRONG:
            return
    mapped.fields[key] = (index, score)


def _plain(header: str, key: str) -> bool:
    """Whether a header is the field's own name in another form, whatever stands beside it."""
    return heading(header).words - {"currency"} == heading(key.replace("_", " ")).words
