"""Decides what is read back out of a PDF: its texts and the files it carries, within limits that no file can exceed."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, TypeVar

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from errors import UserError

MOST_BYTES = 200_000_000
MOST_FILES = 1_000
MOST_UNPACKED = 120_000_000
MOST_PAGES = 600
MOST_STROKES = 20_000_000
"""Drawing operators whose words are read: a page may show another that shows another, without end."""
_MOST_CONTENT = 40_000_000
_MOST_NODES = 2_000
_HEAD = 1_024
_MALFORMED = "The PDF cannot be read: it is damaged. Ask for the report again, or take an undamaged copy."
_ENCRYPTED = "The PDF is locked with a password, and reports of TrueLift are not. Take the file as it was made."
_TOO_MUCH = "The PDF carries more than a report does ({what}), so it was not unpacked. Take the file as it was made."
Read = TypeVar("Read")


def attachments(pdf: bytes) -> dict[str, bytes]:
    """The files that a PDF carries, by name. Raises UserError for what is no PDF, damaged, locked or too large."""
    return _read(pdf, _unpacked)


def texts(pdf: bytes) -> list[str]:
    """The words of each page, the first MOST_PAGES of them. Raises UserError as `attachments` does."""
    return _read(pdf, _words)


def _read(pdf: bytes, ask: Callable[[PdfReader], Read]) -> Read:
    if b"%PDF-" not in pdf[:_HEAD]:
        raise UserError("The file is not a PDF. Name the report's own file.")
    if len(pdf) > MOST_BYTES:
        raise UserError(_TOO_MUCH.format(what=f"{len(pdf) // 1_000_000} MB"))
    try:
        reader = PdfReader(io.BytesIO(pdf), strict=True)
        if reader.is_encrypted:
            raise UserError(_ENCRYPTED)
        return ask(reader)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, ArithmeticError, AssertionError,
            NotImplementedError, OSError, RecursionError, MemoryError):  # fmt: skip
        # A reader that meets hostile bytes fails in any of these ways; all mean the same to the one who asked.
        raise UserError(_MALFORMED) from None


def _unpacked(reader: PdfReader) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    room = MOST_UNPACKED
    names = _inside(_inside(reader.root_object, "/Names"), "/EmbeddedFiles")
    for name, specification in _leaves(names):
        stream = specification["/EF"]["/F"].get_object()
        filters = stream.get("/Filter", ())
        if len(found) >= MOST_FILES or name in found or (isinstance(filters, list) and len(filters) > 1):
            raise UserError(_TOO_MUCH.format(what="too many files, one twice, or one packed twice"))
        found[name] = stream.get_data()
        room -= len(found[name])
        if room < 0:
            raise UserError(_TOO_MUCH.format(what=f"over {MOST_UNPACKED // 1_000_000} MB unpacked"))
    return found


def _inside(node: Any, key: str) -> Any:
    """What a dictionary of a PDF has under that key, nothing where it has none."""
    return node[key].get_object() if key in node else {}


def _leaves(root: Any) -> Iterator[tuple[str, Any]]:
    """The pairs of a name tree; one with more nodes than any of ours, or that runs in a circle, is refused."""
    waiting, seen = [root], 0
    while waiting:
        node = waiting.pop(0)
        kids, pairs = node.get("/Kids", ()), node.get("/Names", ())
        seen += 1 + len(kids)
        if seen > _MOST_NODES:
            raise UserError(_TOO_MUCH.format(what=f"a list of files in over {_MOST_NODES} pieces"))
        waiting += [kid.get_object() for kid in kids]
        for place in range(0, len(pairs) - 1, 2):
            specification = pairs[place + 1].get_object()
            yield str(specification.get("/UF") or specification.get("/F") or pairs[place]), specification


def _words(reader: PdfReader) -> list[str]:
    left = [MOST_STROKES, _MOST_CONTENT]

    def stroke(*_: object) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise UserError(_TOO_MUCH.format(what="pages that draw without end"))

    found = []
    for page in islice(reader.pages, MOST_PAGES):
        content = page.get_contents()
        left[1] -= len(content.get_data()) if content else 0
        if left[1] < 0:
            raise UserError(_TOO_MUCH.format(what="pages of enormous size"))
        found.append(page.extract_text(visitor_operand_before=stroke))
    return found
