"""Decides in one pass over the bytes which encoding a text file is in, and whether a plain reader may take it."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from data.sources import encodings
from data.sources.encodings import Evidence

_BLOCK = 8 << 20
_START = 64 * 1024
LONGEST_PLAIN = 1_000_000
_SHORT = 16
_NOTHING = b' \t,;|"\r\n'
# A Western capital followed by what UTF-8's second bytes look like in Windows-1252: see mojibake.
_MOJIBAKE = re.compile(rb"\xc3[\x82-\xb4](?:\xc2[\x80-\xbf]|\xe2[\x80\x82\x84]|\xc5|\xc6\x92|\xcb)")


@dataclass(frozen=True)
class Scan:
    """encoding: a codec's name. plain: UTF-8 without quotes, zero bytes, lone CR, mixed line ends, long lines,
    faults or mojibake: every line is a row, cut at every delimiter. blank: lines that surely hold nothing, at least."""

    encoding: str
    plain: bool
    blank: int = field(default=0, compare=False)


def scan(path: Path, chosen: str = "") -> Scan:
    """Look at every byte once. chosen: the encoding that the user named, "" to find it."""
    with path.open("rb") as file:
        start = file.read(_START)
        early = chosen or encodings.by_start(start)
        if early and early not in encodings.UTF8:
            return Scan(early, False)
        file.seek(0)
        look = _Look()
        for block in _blocks(file):
            look.at(block)
    look.done()
    encoding = early or encodings.by_evidence(look.evidence)
    return Scan(encoding, look.plain and encoding in encodings.UTF8, look.blank)


def _blocks(file: IO[bytes]) -> Iterator[bytes]:
    """Blocks that end with a line, or within one that is too long, never between CR and LF."""
    while block := file.read(_BLOCK):
        if not block.endswith(b"\n"):
            block += file.readline(LONGEST_PLAIN)
        while block.endswith(b"\r") and (more := file.read(1)):
            block += more
        yield block


class _Look:
    """What has been seen so far."""

    def __init__(self) -> None:
        self.evidence = Evidence()
        self.plain = True
        self.blank = 0
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._waiting = False
        self._ends: set[bool] = set()
        self._since = 0

    def at(self, block: bytes) -> None:
        lines = block.count(b"\n")
        if lines * _SHORT > len(block):
            # A line that holds something has a character of its own that is left here; the rest hold nothing.
            self.blank += max(lines - len(block.translate(None, _NOTHING)), 0)
        if self.plain:
            self.plain = self._is_plain(block)
        if self._waiting or not block.isascii():
            self._judge(block)

    def done(self) -> None:
        """A sequence cut off by the file's end is a fault too."""
        if self._decoder.decode(b"", final=True):
            self.evidence.bad += 1
        self.plain = self.plain and not self.evidence.bad

    def _is_plain(self, block: bytes) -> bool:
        if b'"' in block or b"\0" in block:
            return False
        returns = block.count(b"\r")
        if returns and not returns == block.count(b"\r\n") == block.count(b"\n"):
            return False
        if returns or b"\n" in block:
            self._ends.add(bool(returns))
        if len(self._ends) > 1:
            return False
        return self._short_lines(block) and (block.isascii() or not _MOJIBAKE.search(block))

    def _short_lines(self, block: bytes) -> bool:
        """Jump from line end to line end, each as far as a line may be long."""
        at = -self._since
        while len(block) - at > LONGEST_PLAIN:
            found = block.rfind(b"\n", max(at, 0), at + LONGEST_PLAIN)
            if found < 0:
                return False
            at = found + 1
        self._since = len(block) - max(block.rfind(b"\n") + 1, at)
        return True

    def _judge(self, block: bytes) -> None:
        text = self._decoder.decode(block)
        self._waiting = bool(self._decoder.getstate()[0])
        self.evidence.valid += max(len(block) - len(text), 0)
        if "\ufffd" not in text:
            return
        bad = text.count("\ufffd") - block.count(b"\xef\xbf\xbd")
        self.evidence.bad += max(bad, 0)
        self.evidence.undefined |= any(byte in block for byte in encodings.UNDEFINED)
        if bad > 0 and not self.evidence.sample:
            first = len(text[: text.index("\ufffd")].encode("utf-8"))
            begin = block.rfind(b"\n", 0, first) + 1
            self.evidence.sample = block[begin : begin + 256 * 1024]
