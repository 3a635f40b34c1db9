"""Decides what counts as the same word: headers, spellings, brands and tier schemes, read from the tables beside it."""

from __future__ import annotations

import csv
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_BETWEEN_WORDS = re.compile(r"[\s\-–—./:]+")


def fold(text: str) -> str:
    """A header or spelling in the tables' form: “Follower Count (K)” and “followerCount” → follower_count."""
    bare = re.sub(r"[(\[{].*?[)\]}]|[₹$€£%#*\"'\ufeff]", " ", text).strip()
    if not bare.isupper():
        bare = _CAMEL.sub("_", bare)
    return re.sub(r"_+", "_", _BETWEEN_WORDS.sub("_", bare)).strip("_").casefold()


def _rows(name: str) -> list[dict[str, str]]:
    with (_HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def headers(table: str) -> dict[str, tuple[str, int]]:
    """Folded header → (field, place among the field's names; 0 is the usual one) for one table."""
    known: dict[str, tuple[str, int]] = {}
    for row in _rows("headers.csv"):
        if row["table"] == table:
            for place, alias in enumerate(row["alias"].split()):
                known.setdefault(alias, (row["field"], place))
    return known


@cache
def synonyms() -> dict[str, str]:
    """Word of a header, lower case → the word that we use for it. A word that stands twice keeps its first meaning."""
    known: dict[str, str] = {}
    for row in _rows("synonyms.csv"):
        for spelling in (row["word"], *row["spellings"].split()):
            known.setdefault(plain(spelling), row["word"])
    return known


def plain(word: str) -> str:
    """Lower case, without accents, nuktas and the two forms of a nasal sign: the spellings that people do not tell."""
    parts = unicodedata.normalize("NFKD", word.casefold().replace("\u0901", "\u0902"))
    return "".join(part for part in parts if not "\u0300" <= part <= "\u036f" and part != "\u093c")


@cache
def spellings(dimension: str) -> dict[str, str]:
    """Folded spelling → canonical value for one dimension."""
    rows = [row for row in _rows("spellings.csv") if row["dimension"] == dimension]
    return {spelling: row["canonical"] for row in rows for spelling in row["spellings"].split()}


@dataclass(frozen=True)
class Brand:
    """A known brand: how it is spelled and which prefixes stand for it in campaign names."""

    name: str
    spellings: tuple[str, ...]
    prefixes: tuple[str, ...]


@cache
def brands() -> tuple[Brand, ...]:
    """The known brands."""
    rows = _rows("brands.csv")
    return tuple(Brand(row["brand"], tuple(row["spellings"].split()), tuple(row["prefixes"].split())) for row in rows)


@dataclass(frozen=True)
class Tier:
    """A size class: from this many followers up to the next tier. place: 1 is the smallest."""

    name: str
    followers_from: int
    place: int


@cache
def tiers() -> dict[str, tuple[Tier, ...]]:
    """Tier schemes: scheme → tiers, smallest first."""
    schemes: dict[str, list[Tier]] = {}
    for row in _rows("tiers.csv"):
        schemes.setdefault(row["scheme"], []).append(Tier(row["tier"], int(row["followers_from"]), int(row["place"])))
    return {scheme: tuple(sorted(tiers, key=lambda tier: tier.followers_from)) for scheme, tiers in schemes.items()}


@cache
def vocabulary() -> tuple[dict[str, str], ...]:
    """The house's words: word, means, not (words that are never used for it, separated by blanks)."""
    return tuple(_rows("vocabulary.csv"))
