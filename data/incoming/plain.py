"""Decides whether a text file is so regular that the engine may cut it into rows, and where its odd lines are."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

_BLOCK = 8 << 20
_MOST_ODD = 100_000
_BLANKS = (b"\t", b"\x0b", b"\x0c", b"\x1c", b"\x1d", b"\x1e", b"\x1f", b"\xc2\x85", b"\xe2\x80\xa8", b"\xe2\x80\xa9")
_BLANK_LINE = re.compile(rb"(?m)^\r?\n")
# A Western capital followed by what UTF-8's second bytes look like in Windows-1252: the careful reader mends it.
_MOJIBAKE = re.compile(rb"\xc3[\x82-\xb4](?:\xc2[\x80-\xbf]|\xe2[\x80\x82\x84]|\xc5|\xc6\x92|\xcb)")
Tell = Callable[[float], None]


@dataclass
class Body:
    """What a plain file holds: how many lines, and whether a cell may begin or end with a blank that is no space."""

    lines: int = 0
    controls: bool = False


class _NotPlain(Exception):
    """The careful reader is needed."""


def survey(path: Path, mark: str, tell: Tell = lambda share: None) -> Body | None:
    """Look at every byte of a UTF-8 file once; None where a line is not a row that is cut at every delimiter.

    Plain: quotes, if any, enclose whole cells of one line, doubled inside; line ends are all LF or all CR LF; no NUL,
    no mojibake. tell: is told the share of bytes seen.
    """
    body, look = Body(), _Look(mark.encode())
    whole = max(path.stat().st_size, 1)
    seen = 0
    try:
        for block in _blocks(path):
            body.lines += look.at(block) + (not block.endswith(b"\n"))
            seen += len(block)
            tell(seen / whole)
    except _NotPlain:
        return None
    body.controls = look.controls
    return body


def blank_lines(path: Path) -> list[int]:
    """Numbers of the empty lines, the last of a file's many left out when there are too many to keep."""
    found: list[int] = []
    before = 0
    for block in _blocks(path):
        if block.startswith((b"\n", b"\r")) or b"\n\n" in block or b"\n\r" in block:
            found += (before + line for line in _blank_lines(block))
        if len(found) > _MOST_ODD:
            break
        before += block.count(b"\n")
    return found


def _blocks(path: Path) -> Iterator[bytes]:
    """The file in blocks of whole lines."""
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            yield block if block.endswith(b"\n") else block + file.readline(_BLOCK)


def _blank_lines(block: bytes) -> Iterator[int]:
    line, at = 1, 0
    for found in _BLANK_LINE.finditer(block):
        line, at = line + block.count(b"\n", at, found.start()), found.start()
        yield line


class _Look:
    """What has been seen so far of quotes, line ends and blanks."""

    def __init__(self, mark: bytes) -> None:
        self.controls = False
        self._mark = mark
        self._blanks = [blank for blank in _BLANKS if blank != mark]
        self._pairs: bool | None = None
        end, inside = re.escape(mark), rb'[^"\n]*+(?:""[^"\n]*+)*+"'
        # From a line's first quote to its end: cells in quotes, and cells without any.
        self._tidy = re.compile(
            rb'"' + inside + rb"(?:" + end + rb'(?:"' + inside + rb'|[^"\n' + end + rb"]*+))*+(?=\r?\n|\r?\Z)"
        )

    def at(self, block: bytes) -> int:
        """Look at a block of whole lines; returns how many line ends it holds."""
        if b"\0" in block or (not block.isascii() and _MOJIBAKE.search(block)):
            raise _NotPlain
        feeds = block.count(b"\n")
        self._ends(block, feeds)
        if b'"' in block:
            self._quotes(block)
        self.controls = self.controls or any(
            blank in block for blank in self._blanks if len(blank) == 1 or blank[-1:] in block
        )
        return feeds

    def _quotes(self, block: bytes) -> None:
        """Every line's first quote begins a cell, and from there on the line is tidy."""
        self.controls = self.controls or self._mark == b"\t"
        if b"\\" in block and b'\\"' in block:
            raise _NotPlain
        before = (self._mark, b"\n", b"")
        at = block.find(b'"')
        while at >= 0:
            found = self._tidy.match(block, at)
            begins = block[max(at - 1, 0) : at] in before or block[:at] == BOM_UTF8
            if found is None or not begins:
                raise _NotPlain
            at = block.find(b'"', found.end())

    def _ends(self, block: bytes, feeds: int) -> None:
        returns = block.count(b"\r") if b"\r" in block else 0
        if returns and (returns != feeds or block.count(b"\r\n") != feeds):
            raise _NotPlain
        if feeds and self._pairs not in (None, bool(returns)):
            raise _NotPlain
        self._pairs = bool(returns) if feeds else self._pairs


def lines_at(path: Path, offsets: Sequence[int]) -> list[tuple[int, bytes]] | None:
    """Number and text of the lines that begin at some offsets (ascending), empty lines before them passed over.

    None when a line does not begin there.
    """
    found: list[tuple[int, bytes]] = []
    with path.open("rb") as file:
        number, at = 1, 0
        for offset in offsets:
            while at < offset:
                block = file.read(min(_BLOCK, offset - at))
                if not block or (at + len(block) == offset and not block.endswith(b"\n")):
                    return None
                number, at = number + block.count(b"\n"), at + len(block)
            line = file.readline()
            while line in (b"\n", b"\r\n"):
                number, at, line = number + 1, at + len(line), file.readline()
            found.append((number, line))
            number, at = number + 1, at + len(line)
    return found


def lines_numbered(path: Path, numbers: Collection[int]) -> list[tuple[int, bytes]]:
    """Number and text of some lines."""
    wanted, last, found = set(numbers), max(numbers, default=0), []
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if number in wanted:
                found.append((number, line))
            if number >= last:
                break
    return found
