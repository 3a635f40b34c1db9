"""Decides how like a header is to a field's names: like enough to be taken for it, or only to be suggested."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from functools import cache, lru_cache

from data import reference, schema
from data.matching.headings import Heading, heading
from data.matching.looks import Looks, fits, speaks

STRONG = 0.85
_MOST = 5
_LEAST = 0.3
_NUMBERS = ("money", "count", "number", "share")
_OWN = {
    "influencers": frozenset({"influencer", "account"}),
    "posts": frozenset({"post"}),
    "tracking": frozenset({"order", "tracking"}),
    "payouts": frozenset({"payout"}),
}
_MONEY_NOUNS = frozenset({"revenue", "payout", "price", "profit", "bonus", "cost"})
_EARNED = frozenset({"revenue", "payout", "profit", "bonus"})
_NAMED = ("brand", "product", "campaign", "platform", "city", "product_category", "influencer_category")
# Words that are near enough to offer a field by, and too loose to take a column for it.
_KIN = {"fee": "payout", "town": "city", "sale": "order", "bought": "order", "who": "influencer", "where": "source",
        "when": "date", "spent": "cost"}  # fmt: skip
_HELD, _BY_VALUES = 0.45, 0.2
OPPOSED = frozenset({"gross", "net"})


@dataclass(frozen=True)
class Phrase:
    """One name of a field, in our words. place 0 is the usual name."""

    field: str
    kind: str
    place: int
    words: frozenset[str]


@cache
def phrases(table: str) -> tuple[Phrase, ...]:
    """Every known name of every field of a table, the field's own key included."""
    kinds = {item.key: item.kind for item in schema.TABLES[table].fields}
    known = [(key, place, alias) for alias, (key, place) in reference.headers(table).items()]
    own = [(key, 0, key) for key in kinds if not any(name == key for name, _, _ in known)]
    return tuple(
        Phrase(key, kinds[key], place, core(heading(name.replace("_", " ")).words, table, kinds[key], key))
        for key, place, name in known + own
    )


@lru_cache(maxsize=50_000)
def core(words: frozenset[str], table: str, kind: str, key: str) -> frozenset[str]:
    """The words without those that change nothing for a field of that kind; never empty."""
    light: set[str] = set()
    if kind == "money":
        light |= {"currency"}
        light |= {"total"} if words - {"total", "currency"} else set()
        light |= {"amount", "value"} if words & _MONEY_NOUNS else set()
        light |= (
            _OWN[table] - {"payout"} | {"influencer"} if words & _EARNED and table in ("tracking", "payouts") else set()
        )
        light |= {"payout"} if words & {"bonus", "revenue"} else set()
    elif kind == "count":
        light |= {"count", "number", "total"} | _OWN[table] - ({"post"} if words == {"post"} else set())
        light |= {"influencer"} if table == "payouts" else set()
    elif kind in ("date", "label", "text", "number", "share", "terms", "flag"):
        light |= _OWN[table] - (frozenset({"payout"}) if key == "basis" else frozenset())
        light |= {"name"} if key in _NAMED else set()
    return (words - light) or words


def claims(table: str, header: str, looks: Looks) -> list[tuple[str, float]]:
    """Fields that a header may be taken for, with how like it is (0–1, the best first): all its words agree.

    A header that says thousands or lakhs is taken for no number, one that says percent for no amount or count.
    """
    said = heading(header)
    best: dict[str, float] = {}
    for phrase in phrases(table):
        if core(said.words, table, phrase.kind, phrase.field) == phrase.words and not barred(phrase.kind, said):
            score = (0.94 if phrase.place == 0 else 0.92) * said.sure
            if speaks(phrase.kind, phrase.field, looks):
                best[phrase.field] = max(best.get(phrase.field, 0.0), score)
    return sorted(((key, round(score, 2)) for key, score in best.items()), key=lambda pair: -pair[1])


def barred(kind: str, said: Heading) -> bool:
    """Whether the unit in a header keeps its column from being read as a number of that kind."""
    return kind in _NUMBERS and (said.scaled or (said.percent and kind in ("money", "count")))


def suggestions(table: str, header: str, looks: Looks, free: frozenset[str]) -> tuple[tuple[str, float], ...]:
    """Up to five free fields for a column that was not taken for any, best first, none above what would be taken.

    Where no name is like the header, the fields that its values speak for, as a weak offer.
    """
    said = heading(header).words
    kin = frozenset(_KIN.get(word, word) for word in said)
    scores: dict[str, float] = {}
    for phrase in phrases(table):
        if phrase.field in free and fits(phrase.kind, looks):
            likeness = max(_offered(words, phrase, table) for words in {said, kin})
            spoken = speaks(phrase.kind, phrase.field, looks)
            score = max(likeness * (1.0 if spoken else 0.6), _BY_VALUES * (spoken and looks.filled > 0))
            scores[phrase.field] = max(scores.get(phrase.field, 0.0), round(min(STRONG - 0.01, score), 2))
    ranked = sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))
    named = [pair for pair in ranked if pair[1] >= _LEAST]
    return tuple(named or [pair for pair in ranked if pair[1] >= _BY_VALUES])[:_MOST]


def _offered(words: frozenset[str], phrase: Phrase, table: str) -> float:
    """How like a header is to a name; a header that holds the whole name among other words is a little like it."""
    bare = core(words, table, phrase.kind, phrase.field)
    return max(_likeness(bare, phrase.words), _likeness(words, phrase.words), _HELD * (phrase.words <= words))


def _likeness(words: frozenset[str], name: frozenset[str]) -> float:
    """Shared words over all words, words that are nearly the same counted in part."""
    shared = len(words & name)
    left, missing = sorted(words - name), sorted(name - words)
    near = sum(max((_near(one, other) for other in left), default=0.0) for one in missing)
    return (shared + near) / max(len(words | name) - min(len(left), len(missing)) * (near > 0), 1)


@cache
def _near(one: str, other: str) -> float:
    ratio = difflib.SequenceMatcher(None, one, other).ratio()
    return ratio if ratio >= 0.8 else 0.0
