"""Decides which cells are UTF-8 that was once read as Windows-1252 (`â‚¹`, `Ã©`), and what they meant."""

from __future__ import annotations

import re

# How Windows-1252 shows the bytes 80 to 9F; five of them have no character and come through as themselves.
_SHOWN = {ord(bytes([byte]).decode("cp1252", "ignore") or chr(byte)): byte for byte in range(0x80, 0xA0)}
_SECOND = "".join(re.escape(chr(code)) for code in _SHOWN) + "\x80-\xbf"
CANDIDATE = re.compile(f"[\u00c2-\u00f4][{_SECOND}]")
# What such text is about: Western and Eastern European letters, Greek, Cyrillic, Hebrew, Arabic, the scripts of India
# and Thailand, punctuation, currency, symbols, Asian scripts, pictures. Anything else came about by chance.
_MEANT = re.compile(
    "[\x00-\u017f\u0192\u02c6\u02dc\u0370-\u04ff\u0590-\u06ff\u0900-\u0e7f\u2000-\u206f\u20a0-\u20bf\u2100-\u27bf"
    "\u2b00-\u2bff\u3000-\u9fff\uac00-\ud7a3\ufe0f\uff00-\uffef\U0001f000-\U0001faff]*\\Z"
)
_STRONG = re.compile("[ÂÃ]|[\u00e0-\u00f4]")
_ROUNDS = 2


def repaired(cell: str) -> str:
    """The cell as it was meant; itself when nothing tells of a wrong reading."""
    for _ in range(_ROUNDS):
        found = CANDIDATE.findall(cell)
        if not found or not (len(found) > 1 or _STRONG.match(found[0])):
            return cell
        try:
            meant = cell.translate(_SHOWN).encode("latin-1").decode("utf-8")
        except UnicodeError:
            return cell
        if not _MEANT.match(meant):
            return cell
        cell = meant
    return cell
