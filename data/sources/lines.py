"""Decides where a line of a text file ends (LF, CR LF, lone CR), and takes out what is no text, a block at a time."""

from __future__ import annotations

import codecs
import io
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from data.sources.encodings import UTF8
from data.sources.mojibake import CANDIDATE

_BLOCK = 1 << 20
_WIDEST = 4
_MARK = "\ufffd".encode()


@dataclass
class Seen:
    """What the decoder met. zeros: NUL characters taken out; unread: bytes shown as U+FFFD, `first` its first line.

    suspect: some text so far may be mojibake.
    """

    zeros: int = 0
    unread: int = 0
    first: int = 0
    suspect: bool = False


def decoded(path: Path, encoding: str, limit: int, seen: Seen, start: int = 0) -> Iterator[str]:
    """The lines with their ends, as text that always encodes to UTF-8; never more than `limit` + 1 characters each.

    start: characters that are wanted at least, 0 for all. A line that the end of these bytes cuts is beyond the limit.
    """
    parts, held, number = list[str](), 0, 0
    for text in _blocks(path, encoding, seen, _WIDEST * (start + limit) if start else 0):
        if "\ufffd" in text:
            seen.unread += text.count("\ufffd")
            seen.first = seen.first or number + 1 + text[: text.index("\ufffd")].count("\n")
        seen.suspect = seen.suspect or (not text.isascii() and bool(CANDIDATE.search(text)))
        if "\n" not in text and "\r" not in text:
            # Put together when its end has come: once, not with every block.
            parts += [text] if held <= limit else []
            held += len(text) if held <= limit else 0
            continue
        found = list(io.StringIO("".join(parts)[: limit + 1] + text, newline=""))
        parts = [found.pop()] if not found[-1].endswith(("\n", "\r")) else []
        held = sum(map(len, parts))
        number += len(found)
        yield from found
    if parts:
        yield "".join(parts)[: limit + 1]


def _blocks(path: Path, encoding: str, seen: Seen, most: int) -> Iterator[str]:
    """The file's text in blocks, up to about `most` bytes (0: all); none ends between CR and LF."""
    decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder(encoding)("replace"), translate=False)
    with path.open("rb") as file:
        more = True
        while more:
            block = file.read(_BLOCK)
            more = bool(block) and not 0 < most < file.tell()
            text = decoder.decode(block, final=not more)
            seen.unread -= block.count(_MARK) if "\ufffd" in text and encoding in UTF8 else 0
            if "\0" in text:
                seen.zeros += text.count("\0")
                text = text.replace("\0", "")
            if text:
                yield text


class Lines:
    """Lines one by one with their number; lines that were taken too far may be given back."""

    def __init__(self, source: Iterator[str], number: int = 0) -> None:
        self._source = source
        self._back: deque[str] = deque()
        self.number = number

    def __iter__(self) -> Iterator[str]:
        """Every line once; `number` is that of the line given last."""
        back, source = self._back, self._source
        while True:
            if back:
                line = back.popleft()
            else:
                try:
                    line = next(source)
                except StopIteration:
                    return
            self.number += 1
            yield line

    def give_back(self, lines: list[str]) -> None:
        """Undo the reading of the last lines."""
        self._back.extendleft(reversed(lines))
        self.number -= len(lines)
