"""A PDF on its own: papers, variants, what it carries, letters of India, and equal bytes for equal input."""

from __future__ import annotations

import hashlib
import io
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pypdf
import pytest

from reports.order import PAPERS, VARIANTS
from reports.papers import pdf, structure
from reports.papers.pdf import Attachment
from reports.papers.standards import problems

NAME = "प्रिया शर्मा"
FILES = (Attachment("table.csv", b"name,revenue\nPriya,12\n", "The table"), Attachment("a.json", b"{}", "The manifest"))
CHART = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='300' height='60'%3E"
    f"%3Ctext x='20' y='30' font-family='Inter, Noto Sans' font-size='20'%3E{NAME}%3C/text%3E%3C/svg%3E"
)
PAGE = f"""<!DOCTYPE html><html lang="en"><head><title>Return</title></head><body><h1 data-mark="One">₹3.94 Cr</h1>
<p>{NAME} <a href="https://example.com/">see</a></p><img src="{CHART}" alt="A chart of {NAME}">
<table class="rows"><thead><tr><th scope="col">Name</th><th scope="col">Revenue</th></tr></thead>
<tbody><tr><th scope="row">Priya</th><td>12</td></tr></tbody></table></body></html>"""
EPOCH = 1_785_555_000.0


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("paper", PAPERS)
def test_each_variant_keeps_what_it_promises_on_each_paper(paper: str, variant: str) -> None:
    made = pdf.write(PAGE, paper, variant, FILES, EPOCH)
    assert problems(made.content, variant) == []
    assert structure.attachments(made.content) == {file.name: file.content for file in FILES}
    width = float(pypdf.PdfReader(io.BytesIO(made.content)).pages[0].mediabox.width)
    assert width == pytest.approx({"A4": 595.3, "Letter": 612}[paper], abs=0.1)


def test_names_of_india_are_shaped_and_read_back() -> None:
    said = " ".join(structure.texts(pdf.write(PAGE, epoch=EPOCH).content))
    assert "₹3.94 Cr" in said
    assert said.count(NAME.split()[1][0]) >= 2


@pytest.mark.skipif(shutil.which("pdffonts") is None, reason="poppler-utils is not installed")
def test_every_font_is_embedded_with_its_letters(tmp_path: Path) -> None:
    file = tmp_path / "one.pdf"
    file.write_bytes(pdf.write(PAGE, epoch=EPOCH).content)
    lines = subprocess.run(["pdffonts", file], capture_output=True, text=True, check=True).stdout.splitlines()[2:]
    assert any("Devanagari" in line for line in lines)
    assert any("Inter" in line for line in lines)
    assert [line for line in lines if line.split()[-5:-2] != ["yes", "yes", "yes"]] == []


def test_equal_input_gives_equal_bytes_in_fresh_processes() -> None:
    code = (
        "import hashlib; from reports.papers import pdf; from tests.reports.papers.test_pdf import *;"
        "print(hashlib.sha256(pdf.write(PAGE, 'A4', 'pdf/a-3a', FILES, EPOCH).content).hexdigest())"
    )
    root = Path(__file__).resolve().parents[3]
    said = {
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root
        ).stdout.strip()
        for _ in range(2)
    }
    assert said == {hashlib.sha256(pdf.write(PAGE, "A4", "pdf/a-3a", FILES, EPOCH).content).hexdigest()}


def test_the_epoch_is_when_it_was_made() -> None:
    reader = pypdf.PdfReader(io.BytesIO(pdf.write(PAGE, epoch=0).content))
    assert reader.metadata is not None
    assert reader.metadata["/CreationDate"].startswith("D:19700101000000")


def test_rules_of_a_brand_fetch_nothing() -> None:
    with_brand = pdf.write(PAGE, epoch=EPOCH, css="h1 { background: url(file:///etc/hostname); color: #0b6b3a }")
    assert b"hostname" not in with_brand.content


def test_without_its_private_places_weasyprint_is_left_as_it_is() -> None:
    assert not pdf.set_texts_whole(SimpleNamespace())
    assert not pdf.set_texts_as_typed({})
    assert not pdf.keep_page_references(SimpleNamespace)


def test_a_word_in_a_drawing_is_set_at_once() -> None:
    """Letter by letter, the accents of Devanagari would stand apart, each on its own dotted circle."""
    said = pypdf.PdfReader(io.BytesIO(pdf.write(PAGE, epoch=EPOCH).content))
    assert "◌" not in "".join(page.extract_text() for page in said.pages)


def test_a_code_is_written_as_it_was_typed_in_text_and_in_a_drawing() -> None:
    drawing = ("data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='300' height='60'%3E"
               "%3Ctext x='20' y='30' font-family='Inter' font-size='20'%3EPACK2x500%3C/text%3E%3C/svg%3E")  # fmt: skip
    made = pdf.write(f'<html lang="en"><title>x</title><p>SAVE10x20 -> 0x1F</p><img src="{drawing}" alt="x"></html>')
    text = pypdf.PdfReader(io.BytesIO(made.content)).pages[0].extract_text()
    assert "SAVE10x20 -> 0x1F" in text
    assert "PACK2x500" in text


def test_emoji_leave_a_square_and_nothing_lies_over_what_follows() -> None:
    made = pdf.write('<html lang="en"><title>x</title><p>Rohan \U0001f4aa\U0001f3fd\u200d\U0001f525 is last</p></html>')
    assert "Rohan □ is last" in pypdf.PdfReader(io.BytesIO(made.content)).pages[0].extract_text()


def _front(height: float) -> str:
    findings = "".join(
        f'<div class="finding"><div class="said">finding {number}</div></div>' for number in ("one", "two", "three")
    )
    return (
        '<section class="cover"><div id="front"><table class="tiles" role="presentation"><tr><td>tile</td></tr></table>'
        f'<div style="height:{height}mm"></div><div class="matters"><h2>What to do</h2>{findings}</div>'
        '<p class="counts">counted</p></div></section>'
    )


def _said(content: bytes) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages]


def test_page_one_gives_up_white_space_and_then_a_finding_before_it_takes_a_second_sheet() -> None:
    heights = [float(height) for height in range(176, 212)]
    sheets = {height: _said(pdf.write(_front(height), epoch=EPOCH).content) for height in heights}
    whole = [height for height in heights if len(sheets[height]) == 1 and "three" in sheets[height][0]]
    fewer = [height for height in heights if len(sheets[height]) == 1 and "three" not in sheets[height][0]]
    spilled = [height for height in heights if len(sheets[height]) > 1]
    assert max(whole) < min(fewer)
    assert max(fewer) < min(spilled)
    assert all("two" in sheets[height][0] and "counted" in sheets[height][0] for height in (*whole, *fewer))
