"""Decides how an HTML document becomes a PDF: paper, tags, variant, what it carries, fetching nothing but that.

The only speaker of WeasyPrint. Three of its private places are spoken to as well, each only where it is as expected: a
text in a drawing is set as a whole (WeasyPrint sets letter by letter, which breaks Devanagari) and as it was typed
(Inter would write the code 10x20 as 10×20), and the list of pages is not made anew for each of thousands of tags.
"""

from __future__ import annotations

import gc
import hashlib
import re
import time
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pydyf
from weasyprint import CSS, HTML, Document, svg
from weasyprint import Attachment as Carried
from weasyprint.css import properties
from weasyprint.urls import URLFetcher

import theme

HERE = Path(__file__).resolve().parent
SHEETS = (theme.TOKENS, HERE / "print.css", HERE / "front.css")
CLOSER = (HERE / "close.css", HERE / "closest.css")
"""Rules that are added, one after the other, while page 1 needs a second sheet."""
FRONT = "front"
"""The id of page 1; a document without it is never laid again."""
CARRIED = ("data",)
PAPER_CSS = {
    "A4": "",
    "Letter": "@page { size: Letter; margin: 24mm 20.45mm 18mm; } @page wide { size: Letter landscape; "
    "margin: 27mm 13mm 20mm; }",
}
"""Letter is as wide between its margins as A4 is: a chart is drawn once for both."""
_EMOJI = re.compile(
    "[\U0001f000-\U0001faff\U000e0020-\U000e007f](?:[\U0001f000-\U0001faff\U000e0020-\U000e007f\ufe0f\u200d])*"
)
_PLACED_LETTERS = frozenset(("rotate", "letter-spacing", "textLength"))


@dataclass(frozen=True)
class Attachment:
    """A file within the PDF. name: with its ending, by which its kind is told; says: what it is, in a sentence."""

    name: str
    content: bytes
    says: str


@dataclass(frozen=True)
class Pdf:
    """A finished file and its number of pages."""

    content: bytes
    pages: int


def printable(text: str) -> str:
    """The text with □ for each run of emoji: no font of ours has them, and their boxes lie over what follows."""
    return _EMOJI.sub("□", text)


def write(
    html: str,
    paper: str = "A4",
    variant: str = "",
    attachments: Sequence[Attachment] = (),
    epoch: float | None = None,
    css: str = "",
) -> Pdf:
    """The document as a tagged PDF, or in a variant of it (reports.order.VARIANTS).

    paper: of reports.order.PAPERS; KeyError for another. attachments: carried by name, as the data of the document.
    epoch: seconds since 1970 at which it says it was made; None for now. css: rules after the house's own; they fetch
    nothing either. Equal input and epoch give equal bytes: the identifier is the input's own digest.
    """
    html = printable(html)
    made = datetime.fromtimestamp(time.time() if epoch is None else epoch, UTC)
    files = sorted(attachments, key=lambda file: file.name)
    fetcher = URLFetcher(allowed_protocols=CARRIED)
    sheets = [*_styles(), *(CSS(string=text, url_fetcher=fetcher) for text in (PAPER_CSS[paper], css) if text)]
    options = {"pdf_tags": True, "pdf_variant": variant or None}
    with _hurried():
        document = _laid(html, sheets, fetcher, options)
        document.metadata.created = document.metadata.modified = made.strftime("%Y-%m-%dT%H:%M:%SZ")
        content = document.write_pdf(
            **options,
            attachments=[_carried(file, made, fetcher) for file in files],
            pdf_identifier=_digest(html, paper, variant, files, made, css),
            finisher=_finished,
        )
    return Pdf(content, len(document.pages))


def _laid(html: str, sheets: Sequence[CSS], fetcher: URLFetcher, options: Mapping[str, Any]) -> Document:
    """The document on its pages, with page 1 on one of them.

    How many lines a text takes is known only once it is set, so page 1 is looked at after that, and set again with
    less white space, at last with one finding fewer, where it did not fit.
    """
    document = HTML(string=html, url_fetcher=fetcher).render(stylesheets=list(sheets), **options)
    for count in range(1, len(CLOSER) + 1):
        if _front_sheets(document) < 2:
            break
        closer = [_style(path) for path in CLOSER[:count]]
        document = HTML(string=html, url_fetcher=fetcher).render(stylesheets=[*sheets, *closer], **options)
    return document


def _front_sheets(document: Document) -> int:
    """Pages that page 1 takes; 0 where there is none."""
    return sum(FRONT in page.anchors for page in document.pages)


def plain(html: str) -> Pdf:
    """The document with no tags and no rules of ours: what WeasyPrint costs at least, for the benchmark."""
    document = HTML(string=html, url_fetcher=URLFetcher(allowed_protocols=CARRIED)).render()
    return Pdf(document.write_pdf(), len(document.pages))


def _styles() -> tuple[CSS, ...]:
    """The shared tokens, then the paper's rules."""
    return tuple(_style(path) for path in SHEETS if path.exists())


@cache
def _style(path: Path) -> CSS:
    """The rules of a file; read once."""
    return CSS(string=path.read_text(encoding="utf-8"), url_fetcher=URLFetcher(allowed_protocols=CARRIED))


def _carried(file: Attachment, made: datetime, fetcher: URLFetcher) -> Carried:
    return Carried(string=file.content, name=file.name, description=file.says, created=made, modified=made,
                   relationship="Data", url_fetcher=fetcher)  # fmt: skip


def _digest(html: str, paper: str, variant: str, files: Sequence[Attachment], made: datetime, css: str) -> bytes:
    parts = [html, paper, variant, made.isoformat(), css, *(file.name for file in files)]
    digest = hashlib.sha256("\0".join(parts).encode("utf-8", "replace"))
    for file in files:
        digest.update(hashlib.sha256(file.content).digest())
    return digest.hexdigest()[:32].encode("ascii")


def _finished(document: Document, pdf: pydyf.PDF) -> None:
    """What WeasyPrint leaves out: every carried file is the document's data, every header cell says what it heads."""
    dictionaries = [one for one in pdf.objects if isinstance(one, dict)]
    files = [one for one in dictionaries if one.get("Type") == "/Filespec"]
    for one in files:
        one["AFRelationship"] = "/Data"
    if files:
        pdf.catalog["AF"] = pydyf.Array([one.reference for one in files])
    for one in dictionaries:
        if one.get("S") == "/TH" and "A" in one:
            group = _parent(pdf, _parent(pdf, one))
            one["A"]["Scope"] = "/Column" if group.get("S") == "/THead" else "/Row"


def _parent(pdf: pydyf.PDF, element: pydyf.Dictionary) -> pydyf.Dictionary:
    return pdf.objects[int(element["P"].split()[0])]


@contextmanager
def _hurried() -> Iterator[None]:
    """No search for garbage while a million small objects are made that all stay to the end.

    And no word about the colour profile that WeasyPrint leaves to be closed by itself.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)
            yield
    finally:
        if was_on:
            gc.enable()


class _Whole(str):
    """A text that counts as one letter, so that it is shaped at once."""

    def __iter__(self) -> Iterator[str]:
        return iter((str(self),))


def set_texts_whole(drawer: Any = svg) -> bool:
    """Lets WeasyPrint shape each text of a drawing at once; False where it has no such place."""
    tags = getattr(drawer, "TAGS", {})
    stock = tags.get("text")
    if stock is None:
        return False

    def whole(drawing: Any, node: Any, font_size: float) -> None:
        if node.text and not _PLACED_LETTERS & set(node.attrib) and " " not in node.attrib.get("x", "").strip():
            node._etree_node.text = _Whole(node.text)
        stock(drawing, node, font_size)

    for tag in [tag for tag, used in tags.items() if used is stock]:
        tags[tag] = whole
    drawer.text = whole
    return True


def set_texts_as_typed(values: dict[str, Any] = properties.INITIAL_VALUES) -> bool:
    """Lets no font put other letters for those that were typed; False where WeasyPrint has no such value.

    The sheets say the same of the document (font-variant-ligatures), but no sheet reaches into a drawing.
    """
    if "font_variant_ligatures" not in values:
        return False
    values["font_variant_ligatures"] = ("no-contextual",)
    return True


def keep_page_references(kind: type[Any] = pydyf.PDF) -> bool:
    """Lets a PDF make the list of its pages once and not for every tag; False where it has no such list."""
    stock = getattr(kind, "page_references", None)
    if not isinstance(stock, property) or stock.fget is None:
        return False
    ask = stock.fget

    def kept(self: Any) -> Any:
        if getattr(self, "_kept", (0,))[0] != len(self.pages["Kids"]):
            self._kept = (len(self.pages["Kids"]), ask(self))
        return self._kept[1]

    kind.page_references = property(kept)  # type: ignore[attr-defined]
    return True


set_texts_whole()
set_texts_as_typed()
keep_page_references()
