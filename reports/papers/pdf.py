"""Decides how an HTML document becomes a PDF: tagged, with fixed identifiers, fetching nothing but what it carries.

The only speaker of WeasyPrint.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from weasyprint import CSS, HTML
from weasyprint.urls import URLFetcher

import theme

PRINT_CSS = Path(__file__).resolve().parent / "print.css"
CARRIED = ("data",)


@dataclass(frozen=True)
class Pdf:
    """A finished file and its number of pages."""

    content: bytes
    pages: int


@cache
def _styles() -> tuple[CSS, ...]:
    """The shared tokens, then the paper's rules; read once."""
    fetcher = URLFetcher(allowed_protocols=CARRIED)
    return tuple(
        CSS(string=path.read_text(encoding="utf-8"), url_fetcher=fetcher) for path in (theme.TOKENS, PRINT_CSS)
    )


def write(html: str) -> Pdf:
    """The document as a tagged PDF. Equal input gives equal bytes: the identifier is the input's own digest."""
    source = HTML(string=html, url_fetcher=URLFetcher(allowed_protocols=CARRIED))
    document = source.render(stylesheets=list(_styles()), pdf_tags=True)
    digest = hashlib.sha256(html.encode("utf-8", "replace")).hexdigest()[:32]
    content = document.write_pdf(pdf_tags=True, pdf_identifier=digest.encode("ascii"))
    return Pdf(content, len(document.pages))
