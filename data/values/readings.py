"""Decides how a written number or day is read: stated rules, exact digits, and None where two readings are possible."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

_CURRENCIES = {
    "INR": ("₹", "â‚¹", "Rs.", "Rs", "INR", "rupees", "रु.", "रु"),
    "USD": ("US$", "$", "USD"),
    "EUR": ("€", "â‚¬", "EUR"),
    "GBP": ("£", "Â£", "GBP"),
    "JPY": ("¥", "JPY"),
    "AED": ("AED",),
    "SGD": ("S$", "SGD"),
    "AUD": ("A$", "AUD"),
    "CAD": ("C$", "CAD"),
}
_CODES = {sign.casefold(): code for code, signs in _CURRENCIES.items() for sign in signs}
_SIGN = "|".join(re.escape(sign) for sign in sorted(_CODES, key=len, reverse=True))
_SCALES = {
    "": 1,
    **dict.fromkeys(("k", "thousand", "हजार", "हज़ार"), 10**3),
    **dict.fromkeys(("l", "lac", "lacs", "lakh", "lakhs", "लाख"), 10**5),
    **dict.fromkeys(("m", "mn", "million"), 10**6),
    **dict.fromkeys(("cr", "crore", "crores", "करोड़", "करोड़"), 10**7),
    **dict.fromkeys(("b", "bn", "billion"), 10**9),
}
_WRITTEN = re.compile(
    rf"(?P<open>\()?\s*(?P<before>[+-])?\s*(?P<currency>{_SIGN})?\s*(?P<between>[+-])?\s*(?P<inner>\()?\s*"
    r"(?P<digits>[0-9.,][0-9., ']*?(?:e[+-]?[0-9]{1,3})?)"
    rf"\s*(?P<scale>(?!(?:{_SIGN})(?![a-z]))[^\W\d_][^\d\s%()/,.₹$€£+-]*)?\s*(?P<after>{_SIGN})?"
    r"\s*(?:/[-=])?\s*(?P<percent>%)?"
    r"\s*(?P<close>\))?\s*(?P<trailing>-)?",
    re.IGNORECASE,
)
_SIMPLE = re.compile(r"[0-9]{1,18}(\.[0-9]{1,18})?")
_POINT = re.compile(
    r"[1-9][0-9]{0,2}(?P<group>[, '])[0-9]{3}((?P=group)[0-9]{3})*(\.[0-9]+)?"
    r"|[1-9][0-9]?(,[0-9]{2})+,[0-9]{3}(\.[0-9]+)?"
    r"|([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?",
    re.IGNORECASE,
)
_COMMA = re.compile(
    r"[1-9][0-9]{0,2}(?P<group>[. '])[0-9]{3}((?P=group)[0-9]{3})*(,[0-9]+)?|[0-9]+(,[0-9]*)?|,[0-9]+"
    r"|[0-9]+e[+-]?[0-9]+",
    re.IGNORECASE,
)
_LONGEST = 38
_LONGEST_TEXT = 100
_MINUS, _BLANK, _NO_WIDTH = "−–‒\ufe63\uff0d", "\u00a0\u202f\u205f\u3000\t", "\u200b\u200c\u200e\u200f\u2060\ufeff"
_SAME = str.maketrans(
    dict.fromkeys(_MINUS, "-")
    | dict.fromkeys(_BLANK, " ")
    | dict.fromkeys(map(chr, range(0x2000, 0x200B)), " ")
    | dict.fromkeys(_NO_WIDTH, "")
    | {chr(0xFEE0 + ord(sign)): sign for sign in ".,()%+"}
    | {"’": "'", "ʼ": "'", "\u066b": ".", "\u066c": "'"}
)
TOTAL = r"((grand|sub|overall|column)[ -]*)?totals?( amount| revenue| payouts?)?[ :=]*"
NOTHING = frozenset({"", "-", "–", "—", "na", "n/a", "nan", "none", "null", "nil", "#n/a"})


def number(text: str, comma: bool = False) -> Decimal | None:
    """The exact number that a person meant, or None when it is none or could be two.

    Read: a sign of currency before or behind, Western (1,234.50) and Indian (1,00,000) grouping, groups of three with
    blanks or apostrophes (1 234.50, 1'234.50), (12.50) and 12- as negative, 12.5K, 2.3M or 5 m (million), 1.5 lakh or
    5 L, 3 Cr, 1e5, a trailing % (as written: 4.5% → 4.5), digits of any script (१२३). comma: the column writes
    decimals with a comma (1.234,50 and 12,5), and then a point only groups thousands.
    Not read: 12,5 without `comma` (is it 12.5 or 125?), 0,500, two signs at once as in (-5) and --5, words, 12.5kg,
    0x10, 1_000, inf, more than 38 digits, more than 100 characters.
    """
    if not comma and _SIMPLE.fullmatch(text):
        return Decimal(text)
    found = _WRITTEN.fullmatch(_plain(text)) if len(text) <= _LONGEST_TEXT else None
    if found is None or (found["currency"] and found["after"] and currency(text) == "?"):
        return None
    brackets = [mark for mark in ("open", "inner", "close") if found[mark]]
    signs = [found[mark] for mark in ("before", "between", "trailing") if found[mark]]
    if len(signs) + bool(brackets) > 1 or (brackets and (len(brackets) != 2 or not found["close"])):
        return None
    scale = _SCALES.get((found["scale"] or "").casefold())
    if scale is None or (found["percent"] and (scale > 1 or found["currency"])):
        return None
    value = _digits(found["digits"].strip(), comma, scale)
    return -value if value and ("-" in signs or brackets) else value


def _plain(text: str) -> str:
    """Digits of any script as 0–9, blanks of any width as blanks, every minus as a hyphen."""
    if not text.isascii():
        bare = text.translate(_SAME)
        text = "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in bare)
    return text.strip()


def _digits(digits: str, comma: bool, scale: int) -> Decimal | None:
    """The value of grouped digits; None when the groups are not those of a number."""
    if not (_COMMA if comma else _POINT).fullmatch(digits):
        return None
    bare = re.sub(r"[. ']" if comma else r"[, ']", "", digits)
    try:
        value = Decimal(bare.replace(",", "."))
    except InvalidOperation:
        return None
    parts = value.as_tuple()
    if abs(value.adjusted()) > _LONGEST or len(parts.digits) > _LONGEST or ("e" in bare.casefold() and scale > 1):
        return None
    return value if scale == 1 else value * scale


def currency(text: str) -> str:
    """The ISO code of the currency that an amount is written in, "" for none, "?" for two that disagree."""
    bare = _plain(text)
    found = {_CODES[sign.casefold()] for sign in re.findall(rf"(?<![a-z])({_SIGN})(?![a-z])", bare, re.IGNORECASE)}
    return "" if not found else found.pop() if len(found) == 1 else "?"


def total(text: str) -> str:
    """SQL that is true for a text that says “total” and nothing else; quick where it holds no such word."""
    return f"((contains({text}, 'otal') OR contains({text}, 'OTAL')) AND regexp_full_match(lower({text}), '{TOTAL}'))"


_NAMED = (
    "%d %b %Y", "%d %B %Y", "%b %d %Y", "%B %d %Y", "%d %b %y", "%d %B %y", "%Y %b %d", "%Y %B %d", "%Y %d %b",
)  # fmt: skip
_MONTH = re.compile(r"(?<![a-z])(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)", re.IGNORECASE)
_WEEKDAY = re.compile(r"^(mon|tue|wed|thu|fri|sat|sun)[a-z]* ", re.IGNORECASE)
_CLOCK = re.compile(r"[ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?( ?[ap]\.?m\.?)?$", re.IGNORECASE)
_ORDINAL = re.compile(r"(?<=\d)(st|nd|rd|th)\b", re.IGNORECASE)


def named_day(text: str) -> date | None:
    """A day whose month is a word: 1 Jul 2025, Thu, July 1st, 2025, 01-July-25, 1Jul2025; None for anything else.

    An instant with a zone is none: its day depends on the zone.
    """
    if len(text) > _LONGEST_TEXT or not _MONTH.search(text):
        return None
    bare = _CLOCK.sub("", _plain(text))
    bare = re.sub(r"(?<=\d)(?=[a-z]{3,})|(?<=[a-z]{3})(?=\d)", " ", _ORDINAL.sub("", bare), flags=re.IGNORECASE)
    bare = re.sub(r"[\s,/.-]+", " ", re.sub(r"\bof\b|'", " ", bare, flags=re.IGNORECASE)).strip()
    bare = _WEEKDAY.sub("", re.sub(r"\bsept\b", "sep", bare, flags=re.IGNORECASE))
    for pattern in _NAMED:
        try:
            return datetime.strptime(bare, pattern).date()
        except ValueError:
            continue
    return None


_SIGNS = re.compile(rf"(?<![a-z])({_SIGN})(?![a-z])|/-", re.IGNORECASE)
_PER_POST = re.compile(r"([\d.,]+\s*(?:k|l|lakh|lakhs|cr)?)\s*(?:/|per)\s*(?:post|reel|video|story)", re.IGNORECASE)
_PERCENT = re.compile(r"([\d.]+)\s*%")
_PER_ORDER = re.compile(r"([\d.,]+)\s*(?:/|per)\s*(?:order|sale)", re.IGNORECASE)


def terms(text: str) -> dict[str, Decimal]:
    """A rate as its contract writes it: any of post (per post), share (of revenue, 0–1), order (per order), plain.

    “₹53,375/post + 6.2%” → {post: 53375, share: 0.062}; “12.3% commission” → {share: 0.123}; “100” → {plain: 100}.
    """
    bare = _SIGNS.sub("", _plain(text))
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
