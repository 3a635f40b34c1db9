"""Decides whether a PDF is built as its variant promises: our own check, with veraPDF's PDF/UA-1 and PDF/A-3 as guide.

Each rule is a sentence when it is broken. What is not checked: whether a reading order makes sense, whether an
alternative text is a good one, and the fine print of fonts and colours; for those take veraPDF itself.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from xml.etree import ElementTree

from pypdf import PageObject, PdfReader

SCHEMES = ("http://", "https://", "mailto:")
BANNED_ACTIONS = ("/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE", "/Sound", "/Movie")
_PDFA, _PDFUA = "http://www.aiim.org/pdfa/ns/id/", "http://www.aiim.org/pdfua/ns/id/"
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}Description"
_CELLS = ("/TH", "/TD")
_HEAD, _FOOT = 72.0, 56.0
"""Points that head and foot take of a page."""


def problems(pdf: bytes, variant: str = "") -> list[str]:
    """What is wrong with the PDF, a sentence each; empty when nothing is. variant: of reports.order.VARIANTS."""
    reader = PdfReader(io.BytesIO(pdf))
    root = reader.root_object
    elements = list(_elements(root.get("/StructTreeRoot")))
    rules: tuple[Callable[[], Iterator[str]], ...] = (
        lambda: _catalogue(root, reader),
        lambda: _structure(elements),
        lambda: _fonts(reader),
        lambda: _actions(root, reader),
        lambda: _files(root),
        lambda: _variant(root, reader, variant),
    )
    return [sentence for rule in rules for sentence in dict.fromkeys(rule())]


def is_blank(page: PageObject) -> bool:
    """Whether nothing is written between the running head and foot. Every picture of a report has words beside it."""
    height = float(page.mediabox.height)
    found: list[str] = []

    def read(text: str, cm: Sequence[float], tm: Sequence[float], *_: object) -> None:
        if text.strip() and _FOOT < tm[5] * cm[3] + cm[5] < height - _HEAD:
            found.append(text)

    page.extract_text(visitor_text=read)
    return not found


def _catalogue(root: Any, reader: PdfReader) -> Iterator[str]:
    if "/StructTreeRoot" not in root:
        yield "The document is not tagged: it has no structure tree."
    if not root.get("/MarkInfo", {}).get("/Marked"):
        yield "The document is not marked as tagged."
    if not root.get("/Lang"):
        yield "The document names no language."
    if not (reader.metadata and reader.metadata.title):
        yield "The document has no title."
    if not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle"):
        yield "Readers are not told to show the title."
    for place, page in enumerate(reader.pages, 1):
        if page.get("/Annots") and page.get("/Tabs") != "/S":
            yield f"Page {place}: links are not walked in the order of the structure."


def _elements(node: Any) -> Iterator[tuple[str, Any]]:
    """Every structure element with its kind, in reading order."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        one = one.get_object() if hasattr(one, "get_object") else one
        if not isinstance(one, dict):
            continue
        if "/S" in one and one.get("/Type", "/StructElem") == "/StructElem":
            yield str(one["/S"]), one
        kids = one.get("/K", [])
        kids = kids.get_object() if hasattr(kids, "get_object") else kids
        waiting += reversed(kids if isinstance(kids, list) else [kids])


def _structure(elements: list[tuple[str, Any]]) -> Iterator[str]:
    """Pictures have words, cells heads, levels no holes."""
    last = 0
    for kind, element in elements:
        if kind == "/Figure" and not str(element.get("/Alt", "")).strip():
            yield "A picture has no alternative text."
        if kind == "/TH" and "/Scope" not in _attributes(element):
            yield "A header cell does not say whether it heads a row or a column."
        if kind == "/Table":
            yield from _table(element)
        if kind[1:2] == "H" and kind[2:].isdigit():
            level = int(kind[2:])
            if level > last + 1:
                yield f"A heading of level {level} follows one of level {last}."
            last = level


def _attributes(element: Any) -> dict[str, Any]:
    found = element.get("/A", {})
    found = found.get_object() if hasattr(found, "get_object") else found
    lists = found if isinstance(found, list) else [found]
    return {key: value for one in lists for key, value in one.get_object().items()}


def _table(table: Any) -> Iterator[str]:
    """Every row is as wide as the others, its columns by their spans."""
    rows = [element for kind, element in _elements(table) if kind == "/TR"]
    widths = {sum(_span(cell) for kind, cell in _elements(row) if kind in _CELLS) for row in rows}
    if len(widths) > 1:
        yield f"A table is not regular: its rows have {' or '.join(map(str, sorted(widths)))} cells."


def _span(cell: Any) -> int:
    return int(_attributes(cell).get("/ColSpan", 1))


def _fonts(reader: PdfReader) -> Iterator[str]:
    for name, font in _all_fonts(reader):
        inner = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
        descriptor = inner.get("/FontDescriptor", {}).get_object() if "/FontDescriptor" in inner else {}
        if font.get("/Subtype") != "/Type3" and not {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor):
            yield f"The font {name} is not embedded."
        if "/ToUnicode" not in font:
            yield f"The font {name} does not say which letters its shapes are."


def _all_fonts(reader: PdfReader) -> Iterator[tuple[str, Any]]:
    seen: set[int] = set()
    for page in reader.pages:
        fonts = page.get("/Resources", {}).get_object().get("/Font", {}).get_object()
        if id(fonts) not in seen:
            seen.add(id(fonts))
            yield from (
                (str(font.get_object().get("/BaseFont", key)), font.get_object()) for key, font in fonts.items()
            )


def _actions(root: Any, reader: PdfReader) -> Iterator[str]:
    """Nothing runs, and links go nowhere but to pages of this document, the web or a mail address."""
    if "/OpenAction" in root or "/AA" in root:
        yield "Opening the document does something."
    if "/JavaScript" in root.get("/Names", {}):
        yield "The document carries a script."
    for place, page in enumerate(reader.pages, 1):
        for note in page.get("/Annots", []):
            yield from (f"Page {place}: {sentence}" for sentence in _annotation(note.get_object()))


def _annotation(note: Any) -> Iterator[str]:
    action = note.get("/A", {})
    kind = action.get("/S")
    if note.get("/Subtype") != "/Link" or kind in BANNED_ACTIONS or "/AA" in note:
        yield f"something other than a link is on it ({kind or note.get('/Subtype')})."
    if kind == "/URI" and not str(action.get("/URI", "")).lower().startswith(SCHEMES):
        yield "a link goes somewhere other than the web or a mail address."
    if not note.get("/Contents"):
        yield "a link says nothing of where it goes."


def _files(root: Any) -> Iterator[str]:
    """Carried files are named, described and related to the document."""
    tree = root.get("/Names", {}).get("/EmbeddedFiles")
    names = tree.get_object().get("/Names", []) if tree is not None else []
    related = {getattr(one, "idnum", None) for one in root.get("/AF", [])}
    for place in range(1, len(names), 2):
        file = names[place].get_object()
        name = str(file.get("/UF", "a file"))
        if not {"/F", "/UF", "/EF"} <= set(file) or not file.get("/Desc"):
            yield f"The carried file “{name}” has no name or no description."
        if not file.get("/AFRelationship") or names[place].idnum not in related:
            yield f"The carried file “{name}” is not related to the document."


def _variant(root: Any, reader: PdfReader, variant: str) -> Iterator[str]:
    """What only PDF/A and PDF/UA ask for."""
    if not variant:
        return
    said = _said(root)
    if variant == "pdf/ua-1" and said.get(f"{{{_PDFUA}}}part") != "1":
        yield "The metadata do not say PDF/UA-1."
    if variant.startswith("pdf/a-"):
        part = (said.get(f"{{{_PDFA}}}part"), said.get(f"{{{_PDFA}}}conformance"))
        if part != ("3", variant[-1].upper()):
            yield f"The metadata do not say {variant.upper()}."
        if not any("/DestOutputProfile" in one.get_object() for one in root.get("/OutputIntents", [])):
            yield "No colour profile says what the colours mean."
        if "/ID" not in reader.trailer:
            yield "The file has no identifier."
        if any(
            not int(note.get_object().get("/F", 0)) & 4 for page in reader.pages for note in page.get("/Annots", [])
        ):
            yield "A link would not be printed."


def _said(root: Any) -> dict[str, str]:
    """Attributes and elements of the XMP metadata by their full names."""
    stream = root.get("/Metadata")
    if stream is None:
        return {}
    found: dict[str, str] = {}
    for one in ElementTree.fromstring(stream.get_object().get_data()).iter(_RDF):
        found |= one.attrib | {child.tag: child.text or "" for child in one}
    return found
