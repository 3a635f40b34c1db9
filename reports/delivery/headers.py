"""Decides which text may stand in a header: what a reader sees, never a line that a mail server acts upon.

Python's `email` decodes an encoded word that it finds in a name, and up to 3.11.14 writes the line ends inside it as
they are: a title like “=?utf-8?q?a=0ABcc=3A…?=” becomes a second recipient. So we decode first, then replace.
"""

from __future__ import annotations

import base64
import binascii
import quopri
import re
import unicodedata
from pathlib import PurePath

NAME, SUBJECT, FILE = 120, 150, 100
"""Most characters of a name, of a subject and of a file's name."""

_ENCODED = re.compile(r"=\?([^?\s]*)\?([bq])\?([^?]*)\?=", re.IGNORECASE)
_JOINERS = "\u200c\u200d"
"""Without these two Hindi and emoji fall apart; they change no order and hide nothing."""
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)")
_ROUNDS = 20


def clean(text: str, longest: int = NAME) -> str:
    """One line of text without controls, line ends, direction marks or encoded words; cut where it is too long."""
    shown = "".join(_shown(letter) for letter in decoded(text[: 8 * longest + 1000]))
    line = " ".join(shown.replace("=?", "= ?").split())
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"


def decoded(text: str) -> str:
    """The text with every encoded word (RFC 2047) read, also those that appear only once others were read."""
    for _ in range(_ROUNDS):
        read = _ENCODED.sub(_word, text)
        if read == text:
            break
        text = read
    return text


def _word(found: re.Match[str]) -> str:
    """What one encoded word says; nothing where it cannot be read."""
    charset, how, written = found.groups()
    raw = written.encode("utf-8", "replace")
    try:
        read = base64.b64decode(raw + b"=" * (-len(raw) % 4)) if how in "bB" else quopri.decodestring(raw, header=True)
    except (binascii.Error, ValueError):
        return ""
    try:
        return read.decode(charset.partition("*")[0] or "utf-8", "replace")
    except (LookupError, UnicodeError):
        return read.decode("latin-1")


def _shown(letter: str) -> str:
    """The character, a blank instead of one that breaks lines, nothing instead of one that nobody sees."""
    kind = unicodedata.category(letter)
    if kind in ("Cc", "Zl", "Zp", "Zs"):
        return " "
    return "" if kind in ("Cf", "Cs", "Cn", "Co") and letter not in _JOINERS else letter


def file_name(name: str, longest: int = FILE) -> str:
    """A name as a file may be called in every system: no folder, no device, no control, not hidden, not too long."""
    last = re.split(r"[/\\]", clean(name, 4 * longest))[-1]
    kept = re.sub(r'[<>:"|?*\x00]+', "_", last).strip()
    if kept.startswith("."):
        kept = f"report.{kept.lstrip(' .')}"
    kept = kept.strip(" .")
    kept = f"_{kept}" if _RESERVED.match(kept) else kept or "report"
    ending = PurePath(kept).suffix[:12]
    stem = kept.removesuffix(ending) if ending else kept
    while len(f"{stem}{ending}".encode()) > 2 * longest or len(stem) + len(ending) > longest:
        stem = stem[:-1]
    return f"{stem.rstrip()}{ending}"
