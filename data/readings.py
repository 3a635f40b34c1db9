"""Decides how a written number or day is read: stated rules, exact digits, and None where two readings are possible."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

_SIGNS = re.compile(r"₹|â‚¹|Rs\.?|INR|US\$|USD|\$|€|EUR|£|GBP|/-", re.IGNORECASE)
_WESTERN = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?")
_INDIAN = re.compile(r"\d{1,2}(,\d{2})*,\d{3}(\.\d+)?")
_PLAIN = re.compile(r"(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)
_SCALES = {
    "": 1,
    **dict.fromkeys(("k", "thousand"), 10**3),
    **dict.fromkeys(("l", "lac", "lakh", "lakhs"), 10**5),
    **dict.fromkeys(("m", "mn", "million"), 10**6),
    **dict.fromkeys(("cr", "crore", "crores"), 10**7),
    **dict.fromkeys(("b", "bn", "billion"), 10**9),
}
_UNIT = re.compile(r"\s*([a-z]+)$", re.IGNORECASE)
NOTHING = frozenset({"", "-", "–", "—", "na", "n/a", "nan", "none", "null", "nil", "#n/a"})


def number(text: str) -> Decimal | None:
    """The exact number that a person meant, or None when it is none or could be two.

    Read: signs of currency, Western (1,234.50) and Indian (1,00,000) grouping, (12.50) and 12- as negative,
    12.5K, 2.3M, 1.5 lakh, 3 Cr, a trailing % (as written: 4.5% → 4.5). Not read: 12,5 (is it 12.5 or 125?).
    """
    bare = _SIGNS.sub("", text).replace("\u00a0", " ").replace("−", "-").strip()
    negative = bare.startswith("-") or bare.endswith("-") or (bare.startswith("(") and bare.endswith(")"))
    bare = bare.strip("-+() ").removesuffix("%").strip()
    unit = _UNIT.search(bare)
    scale = _SCALES.get(unit.group(1).casefold()) if unit else 1
    if scale is None:
        return None
    digits = bare[: unit.start()].strip() if unit else bare
    if _WESTERN.fullmatch(digits) or _INDIAN.fullmatch(digits):
        digits = digits.replace(",", "")
    if not _PLAIN.fullmatch(digits):
        return None
    try:
        value = Decimal(digits) * scale
    except InvalidOperation:
        return None
    return -value if negative and value else value


_NAMED = ("%d %b %Y", "%d %B %Y", "%b %d %Y", "%B %d %Y", "%d %b %y", "%d %B %y", "%a %d %b %Y", "%Y %b %d")


def named_day(text: str) -> date | None:
    """A day whose month is a word: 1 Jul 2025, Jul 1, 2025, 01-July-25; None for anything else."""
    bare = re.sub(r"(?<=\d)(st|nd|rd|th)\b", "", text, flags=re.IGNORECASE)
    bare = re.sub(r"[\s,/.-]+", " ", bare.split("T")[0] if re.match(r"\d{4}-", bare) else bare).strip()
    bare = re.sub(r" \d{1,2}:\d{2}(:\d{2})?( ?[ap]m)?$", "", bare, flags=re.IGNORECASE)
    for pattern in _NAMED:
        try:
            return datetime.strptime(bare, pattern).date()
        except ValueError:
            continue
    return None


_PER_POST = re.compile(r"([\d.,]+\s*(?:k|l|lakh|lakhs|cr)?)\s*(?:/|per)\s*(?:post|reel|video|story)", re.IGNORECASE)
_PERCENT = re.compile(r"([\d.]+)\s*%")
_PER_ORDER = re.compile(r"([\d.,]+)\s*(?:/|per)\s*(?:order|sale)", re.IGNORECASE)


def terms(text: str) -> dict[str, Decimal]:
    """A rate as its contract writes it: any of post (per post), share (of revenue, 0–1), order (per order), plain.

    “₹53,375/post + 6.2%” → {post: 53375, share: 0.062}; “12.3% commission” → {share: 0.123}; “100” → {plain: 100}.
    """
    bare = _SIGNS.sub("", text)
    parts: dict[str, Decimal] = {}
    for key, pattern in (("post", _PER_POST), ("order", _PER_ORDER), ("share", _PERCENT)):
        found = pattern.search(bare)
        value = number(found.group(1)) if found else None
        if value is not None:
            parts[key] = value / 100 if key == "share" else value
    if not parts:
        plain = number(text)
        return {} if plain is None else {"plain": plain}
    return parts
