"""The check of a PDF's build can fail: each thing that is broken by hand is named."""

from __future__ import annotations

import io
from collections.abc import Callable

import pypdf
import pytest
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

from reports.papers import pdf
from reports.papers.pdf import Attachment
from reports.papers.standards import is_blank, problems
from tests.reports.papers.test_pdf import EPOCH, PAGE

MADE = pdf.write(PAGE, variant="pdf/a-3a", attachments=[Attachment("a.csv", b"a", "A table")], epoch=EPOCH).content


def broken(change: Callable[[DictionaryObject, pypdf.PdfWriter], object]) -> list[str]:
    """What the check says once something was broken."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(MADE))
    change(writer.root_object, writer)
    out = io.BytesIO()
    writer.write(out)
    return problems(out.getvalue(), "pdf/a-3a")


def action(kind: str, **more: str) -> Callable[[DictionaryObject, pypdf.PdfWriter], object]:
    """Puts that action on the first link."""
    keys = {NameObject("/S"): NameObject(kind)} | {
        NameObject(f"/{key}"): TextStringObject(to) for key, to in more.items()
    }

    def change(root: DictionaryObject, writer: pypdf.PdfWriter) -> None:
        note = writer.pages[0]["/Annots"][0].get_object()  # type: ignore[index]
        note[NameObject("/A")] = DictionaryObject(keys)

    return change


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda root, writer: root.pop("/StructTreeRoot"), "not tagged"),
        (lambda root, writer: root.pop("/MarkInfo"), "not marked"),
        (lambda root, writer: root.pop("/Lang"), "names no language"),
        (lambda root, writer: root.pop("/ViewerPreferences"), "show the title"),
        (lambda root, writer: root.pop("/OutputIntents"), "No colour profile"),
        (lambda root, writer: root.pop("/Metadata"), "do not say PDF/A-3A"),
        (lambda root, writer: root.pop("/AF"), "not related"),
        (lambda root, writer: root.update({NameObject("/OpenAction"): ArrayObject()}), "Opening the document"),
        (action("/URI", URI="javascript:alert(1)"), "other than the web"),
        (action("/URI", URI="file:///etc/passwd"), "other than the web"),
        (action("/Launch", F="calc.exe"), "other than a link"),
        (action("/JavaScript", JS="app.alert(1)"), "other than a link"),
    ],
)
def test_what_is_broken_is_named(change: Callable[[DictionaryObject, pypdf.PdfWriter], object], says: str) -> None:
    assert [sentence for sentence in broken(change) if says in sentence]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('alt="A chart', 'title="A chart', "no alternative text"),
        ("<td>12</td>", "", "not regular"),
        ("</h1>", "</h1><h3>Deep</h3>", "level 3 follows one of level 1"),
        ("<title>Return</title>", "", "no title"),
    ],
)
def test_what_the_document_lacks_is_named(old: str, new: str, says: str) -> None:
    assert [one for one in problems(pdf.write(PAGE.replace(old, new), epoch=EPOCH).content) if says in one]


def test_a_page_without_words_is_blank() -> None:
    made = pdf.write(PAGE.replace("</body>", '<p style="break-before: page">&nbsp;</p></body>'), epoch=EPOCH)
    assert [is_blank(page) for page in pypdf.PdfReader(io.BytesIO(made.content)).pages] == [False, True]
