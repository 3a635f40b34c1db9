"""Decides which of our words a header says: abbreviations, other tongues, units and slips of the pen looked through."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from data import reference

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SIGN = {"₹": " inr ", "$": " usd ", "€": " eur ", "£": " gbp ", "%": " percent ", "#": " number "}
_SPLIT = re.compile(r"[\s\x00-/:-@\[-`{-\x7f–—’।]+")
_SCALE_IN_BRACKETS = re.compile(r"[(\[{][^)\]}]*(?<![a-z])(m|l|b)(?![a-z])[^)\]}]*[)\]}]", re.IGNORECASE)
_PERCENT = frozenset({"percent", "percentage", "pct", "perc", "प्रतिशत"})
_DROPPED = frozenset({"of", "percent"})
SLIP = 0.93


@dataclass(frozen=True)
class Heading:
    """A header as our words. scaled: it says thousands, lakhs, crores …; percent: it says a share of hundred.

    sure: 1 when every word is known or plain, less for each slip that was mended. brackets: words that stand in
    brackets and are no unit.
    """

    words: frozenset[str]
    scaled: bool = False
    percent: bool = False
    sure: float = 1.0
    brackets: frozenset[str] = frozenset()


@lru_cache(maxsize=20_000)
def heading(header: str) -> Heading:
    """What a header says."""
    raw = [part for word in _words(header) for part in _parted(word)]
    pairs = [_ours(word) for word in _numbered(raw)]
    words = frozenset(word for word, _ in pairs)
    scaled = "scale" in words or bool(_SCALE_IN_BRACKETS.search(header))
    inside = {_ours(word)[0] for part in re.findall(r"[(\[{](.*?)[)\]}]", header) for word in _words(part)}
    kept = words - _DROPPED - {"scale"}
    sure = min((sure for _, sure in pairs), default=1.0)
    plain = inside - {"currency", "scale", "count", "number", "total"} - _DROPPED
    return Heading(kept or words, scaled, "percent" in words, sure, frozenset(plain))


def _words(header: str) -> list[str]:
    bare = header.replace("\ufeff", "")
    for sign, word in _SIGN.items():
        bare = bare.replace(sign, word)
    if not bare.isupper():
        bare = _CAMEL.sub(" ", bare)
    found = [reference.plain(word) for word in _SPLIT.split(bare) if word]
    return ["percent" if word in _PERCENT else word for word in found]


_NUMBER = frozenset({"number", "no", "num", "nr", "nos", "संख्या", "anzahl", "numero"})


def _numbered(words: list[str]) -> list[str]:
    """“No. of orders” and “orders no” count orders, “order no” names one; “order total” is what it came to."""
    if len(words) > 1 and words[-1] in ("total", "ttl") and words[-2] in ("order", "ord", "purchase"):
        return [*words[:-1], "value"]
    if len(words) > 1 and words[0] in _NUMBER:
        return ["count", *words[1:]]
    if len(words) > 1 and words[-1] in _NUMBER:
        one = words[-2].isascii() and not words[-2].endswith("s")
        return [*words[:-1], "id" if one else "count"]
    return words


def _parted(word: str) -> tuple[str, ...]:
    """A word that is two known ones glued together (kolid, ordervalue), as the two."""
    known = _vocabulary()
    if word in known or _ours(word)[0] in known or not word.isalpha():
        return (word,)
    places = [at for at in range(3, len(word) - 1) if word[:at] in known and word[at:] in known]
    glued = [at for at in places if len(word) - at > 2 or word[at:] == "id"]
    return (word[: glued[0]], word[glued[0] :]) if len(glued) == 1 else (word,)


@cache
def _ours(word: str) -> tuple[str, float]:
    """Our word for a word, and how sure that is."""
    known = reference.synonyms()
    if word in known:
        return known[word], 1.0
    if word in _PERCENT or word in _vocabulary():
        return word, 1.0
    singular = word[:-1] if word.endswith("s") and len(word) > 3 else word
    if singular in known or singular in _vocabulary():
        return known.get(singular, singular), 1.0
    meant = {known.get(near, near) for near in _vocabulary() if _slip(word, near)}
    return (meant.pop(), SLIP) if len(meant) == 1 else (word, 1.0)


@cache
def _vocabulary() -> frozenset[str]:
    """Every word that a known header or a synonym holds."""
    tables = ("influencers", "posts", "tracking", "payouts")
    aliases = (alias for table in tables for alias in reference.headers(table))
    return frozenset(reference.synonyms()) | {word for alias in aliases for word in _words(alias)}


def _slip(word: str, meant: str) -> bool:
    """Whether one slip (a letter left out, doubled, wrong, swapped) makes `meant` into `word`; first letters agree."""
    if not word.isalpha() or word[:1] != meant[:1] or abs(len(word) - len(meant)) > 1 or min(len(word), len(meant)) < 4:
        return False
    if len(word) == len(meant):
        wrong = [place for place, pair in enumerate(zip(word, meant, strict=True)) if pair[0] != pair[1]]
        if len(wrong) == 1:
            return len(word) > 4
        swapped = len(wrong) == 2 and wrong[1] == wrong[0] + 1
        return swapped and word[wrong[0]] == meant[wrong[1]] and word[wrong[1]] == meant[wrong[0]]
    longer, shorter = (word, meant) if len(word) > len(meant) else (meant, word)
    return len(shorter) > 3 and any(longer[:at] + longer[at + 1 :] == shorter for at in range(len(longer)))
