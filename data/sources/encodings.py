"""Decides which encoding a text file is in: its mark, its zero bytes, valid UTF-8, pairs of Shift-JIS, else Western."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from errors import BadUpload

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
CHOICES = (
    "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be",
    "cp1252", "latin-1", "cp932", "shift_jis", "euc_jp", "gb18030", "big5", "euc_kr",
    "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "koi8-r", "mac-roman",
    "iso8859-2", "iso8859-5", "iso8859-7", "iso8859-8", "iso8859-9", "iso8859-15",
)  # fmt: skip
_BY_CODEC = {codecs.lookup(name).name: name for name in reversed(CHOICES)}
UTF8 = ("utf-8", "utf-8-sig")
UNDEFINED = (b"\x81", b"\x8d", b"\x8f", b"\x90", b"\x9d")
_PAIR = re.compile(rb"([\x81-\x9f\xe0-\xfc])([\x40-\x7e\x80-\xfc])")
_KANA = re.compile(rb"\x82[\x9f-\xf1]|\x83[\x40-\x96]")
_WELL = 99
_BUILT = "\n\r,;\t|[{"


@dataclass
class Evidence:
    """What the bytes of a whole file say. valid: bytes that go on a UTF-8 sequence; bad: places that are not UTF-8.

    undefined: a byte stands in it that Windows-1252 has no character for. sample: bytes around the first bad place.
    """

    valid: int = 0
    bad: int = 0
    undefined: bool = False
    sample: bytes = b""


def chosen(name: str) -> str:
    """The codec a user means by that name. Raises BadUpload when we read no such encoding."""
    try:
        return _BY_CODEC[codecs.lookup(name.strip()).name]
    except (LookupError, KeyError, ValueError):
        known = ", ".join(CHOICES)
        raise BadUpload(f"There is no encoding “{name}” to read a file in. Choose one of: {known}.") from None


def by_start(start: bytes) -> str:
    """The encoding that the first bytes give away: a mark, or zero bytes in every other place; else ""."""
    for mark, name in MARKS:
        if start.startswith(mark):
            return name
    low, high = start[0::2].count(0), start[1::2].count(0)
    places = max(len(start) // 2, 1)
    if len(start) < 4 or max(low, high) < 0.1 * places or min(low, high) > 0.05 * max(low, high):
        return ""
    order = "utf-16-le" if high > low else "utf-16-be"
    text = start[: places * 2].decode(order, "replace")
    strange = sum(character == "\ufffd" or (character < " " and character not in "\t\r\n") for character in text)
    built = any(mark in text for mark in _BUILT)
    return order if built and strange <= 0.02 * len(text) else ""


def by_evidence(found: Evidence) -> str:
    """The encoding of a file without a mark, from what all its bytes say."""
    if found.bad == 0 or found.valid >= _WELL * found.bad:
        return "utf-8"
    if _is_shift_jis(found.sample):
        return "cp932"
    if found.valid >= 2 * found.bad:
        return "utf-8"
    return "latin-1" if found.undefined else "cp1252"


def _is_shift_jis(sample: bytes) -> bool:
    """Whole lines that are valid Shift-JIS whose pairs are Japanese: kana, or kanji with a high second byte.

    Western text has quotation marks and accents before ordinary letters, so its "pairs" end in a low byte.
    """
    try:
        sample.decode("cp932")
    except UnicodeDecodeError as error:
        if error.start < len(sample) - 2:
            return False
    pairs = _PAIR.findall(sample)
    if not pairs:
        return False
    early = sum(lead < b"\xa0" for lead, _ in pairs)
    high = sum(trail >= b"\x80" for _, trail in pairs)
    kana = len(_KANA.findall(sample))
    return early >= 0.5 * len(pairs) and (kana >= 0.1 * len(pairs) or high >= 0.3 * len(pairs))
