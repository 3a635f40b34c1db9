"""Decides of which kinds the values of a column may be: amounts, counts, days, ids, words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from data.values import readings

_MOST = 300
_DIGIT = re.compile(r"\d")
_WORDS = re.compile(r"[^\W\d_]{4,}")
_DAY = re.compile(
    r"\d{4}([-/.])\d{1,2}\1\d{1,2}([T ].*)?|\d{1,2}([-/.])\d{1,2}\3(\d{4}|\d{2})([T ,].*)?|(19|20)\d{6}|\d{13}|1\d{9}"
)
_LINK = re.compile(r"(https?://|www\.)|^\S+\.\S+/\S*$", re.IGNORECASE)
_FLAGS = frozenset({"0", "1", "0.0", "1.0", "yes", "no", "y", "n", "true", "false", "t", "f"})
_NUMBERS = ("money", "count", "number", "share")


@dataclass(frozen=True)
class Looks:
    """What the filled values of a column are, as shares of them (0–1); `filled` of them were looked at."""

    filled: int
    digits: float
    wordy: float
    numeric: float
    whole: float
    days: float
    links: float
    blanks: float
    distinct: float
    length: float
    highest: float
    flags: bool


def look(values: Sequence[str]) -> Looks:
    """Looks at the first 300 filled values; words that mean nothing (-, n/a) are no values."""
    filled = [text for value in values if (text := value.strip()) and text.casefold() not in readings.NOTHING][:_MOST]
    some = [abs(value) for value in map(_either, filled) if value is not None]
    many = max(len(filled), 1)
    return Looks(
        len(filled),
        sum(bool(_DIGIT.search(text)) for text in filled) / many,
        sum(bool(_WORDS.search(text)) for text in filled) / many,
        len(some) / many,
        sum(value == value.to_integral_value() for value in some) / max(len(some), 1),
        sum(bool(_DAY.fullmatch(text)) or readings.named_day(text) is not None for text in filled) / many,
        sum(bool(_LINK.search(text)) for text in filled) / many,
        sum(" " in text for text in filled) / many,
        len(set(filled)) / many,
        sum(map(len, filled)) / many,
        float(max(some, default=0)),
        bool(filled) and all(text.casefold() in _FLAGS for text in filled),
    )


def _either(text: str) -> Decimal | None:
    """The number, with a decimal point or else a decimal comma."""
    value = readings.number(text)
    return readings.number(text, comma=True) if value is None else value


def fits(kind: str, looks: Looks) -> bool:
    """Whether the values may be of that kind: a column of words is no amount, a column without digits no date."""
    if not looks.filled:
        return True
    if kind in _NUMBERS:
        return looks.digits >= 0.5 and looks.wordy <= 0.5
    return looks.digits >= 0.5 if kind == "date" else True


def speaks(kind: str, key: str, looks: Looks) -> bool:
    """Whether the values speak for that kind (and field), as a header that is only like a known one needs it."""
    if not looks.filled:
        return True
    if kind in _NUMBERS:
        return looks.days < 0.9 and _counted(kind, looks)
    if kind == "date":
        return looks.days >= 0.8
    if kind == "flag":
        return looks.flags
    if kind == "terms":
        return looks.digits >= 0.5
    return _worded(kind, key, looks)


def _counted(kind: str, looks: Looks) -> bool:
    if looks.numeric < 0.8:
        return False
    if kind == "count":
        return looks.whole >= 0.9
    tiny = looks.filled >= 10 and looks.whole == 1 and looks.highest <= 20
    return not (kind == "money" and tiny)


def _worded(kind: str, key: str, looks: Looks) -> bool:
    if key == "url":
        return looks.links >= 0.5
    if kind == "id":
        return looks.length <= 40 and looks.blanks <= 0.2 and looks.days < 0.9 and looks.links < 0.5
    if looks.days >= 0.9 or looks.links >= 0.9:
        return False
    if kind == "label" and looks.length > 40:
        return False
    return looks.numeric < 0.9 or key in ("campaign", "product")
