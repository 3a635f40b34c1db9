"""Decides which spellings mean the same label, which brand a text names, and what kind of thing a source is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from data import reference

_BARE = re.compile(r"[^a-z0-9]+")
_LINKS = frozenset("swipeup biolink promocode swipe bio promo coupon code link reel story email".split())


def labels(dimension: str, counts: Mapping[str, int]) -> dict[str, str]:
    """Written value → label. Known spellings first; else the commonest of those that differ only in case or blanks."""
    known = reference.spellings(dimension)
    alike: dict[str, Counter[str]] = {}
    for written, rows in counts.items():
        alike.setdefault(reference.fold(written), Counter())[written] += rows
    return {
        written: known.get(key) or max(writings, key=lambda text: (writings[text], text))
        for key, writings in alike.items()
        for written in writings
    }


def brand_in(text: str) -> str:
    """The one known brand that a text names, by spelling anywhere or by prefix at its start; "" for none or several."""
    folded = reference.fold(text)
    bare = _BARE.sub("", folded)
    named = {brand.name for brand in reference.brands() if any(_BARE.sub("", word) in bare for word in brand.spellings)}
    if len(named) == 1:
        return named.pop()
    if named:
        return ""
    tokens = [token for token in folded.split("_") if token]
    starts = {prefix: brand.name for brand in reference.brands() for prefix in brand.prefixes}
    return starts.get(tokens[0], "") if tokens else ""


def brand_label(counts: Mapping[str, int]) -> dict[str, str]:
    """Values of a brand column → brand: the known brand that the value names, else the value's commonest spelling."""
    plain = labels("brand", counts)
    return {written: brand_in(written) or plain[written] for written in counts}


def is_only_brand(text: str) -> bool:
    """Whether a product's text is nothing but the name of a brand."""
    bare = _BARE.sub("", text.casefold())
    return any(bare == _BARE.sub("", word) for brand in reference.brands() for word in brand.spellings)


def platform_in(source: str) -> str:
    """The platform that a source names, whole or by one of its words; "" for none."""
    known = reference.spellings("platform")
    folded = reference.fold(source)
    words = [folded, *folded.split("_")]
    return next((known[word] for word in words if word in known and (len(word) > 1 or word == folded)), "")


def source_kind(source: str, posts: Iterable[str] = ()) -> str:
    """What a source is: organic, paid, platform, brand, post, influencer, link or other.

    posts: the ids of posts, for sources that hold them.
    """
    folded = reference.fold(source)
    words = set(folded.split("_"))
    if source in posts:
        return "post"
    if "organic" in words:
        return "organic"
    if platform_in(source):
        return "platform"
    if words & {"paid", "ad", "ads", "cpc", "ppc"}:
        return "paid"
    if brand_in(source):
        return "brand"
    if words & {"influencer", "influencers"}:
        return "influencer"
    return "link" if words & _LINKS else "other"
