"""Each template on the sample keeps its promise on both papers: sound to every rule, page 1 one page, nothing blank.

TRUELIFT_PAPERS=all tries every template on every paper in every variant.
"""

from __future__ import annotations

import io
import itertools
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pypdf
import pytest

from analytics.answers import Answers
from reports.content.audiences import AUDIENCES
from reports.order import PAPERS, Order
from reports.papers import document, pdf
from reports.papers.standards import is_blank, problems
from reports.render.pictures import Drawing
from reports.report import collected

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="{}" height="{}"><rect width="200" height="50"/></svg>'
FEW = (
    ("executive", "A4", "pdf/ua-1"),
    ("executive", "Letter", ""),
    ("finance", "A4", "pdf/a-3u"),
    ("statement", "Letter", "pdf/ua-1"),
    ("statement", "A4", "pdf/a-3u"),
)
MARGINS = {"A4": 49.6, "Letter": 58.0}
"""Points left and right of an upright page; a landscape one has 36.8."""
ALL = tuple(itertools.product(AUDIENCES, PAPERS, ("", "pdf/a-3u", "pdf/ua-1")))


@pytest.fixture(scope="module", name="answers")
def _answers(sample_store: Any) -> Answers:
    return Answers(sample_store)


def made(answers: Answers, audience: str, paper: str, variant: str) -> bytes:
    """The report with a plain picture in every place, each as large as it will be."""
    one = answers.table(("spend",), ("influencer",), "", "-spend").dropna(subset=["influencer_id"])["influencer_id"]
    query = f"influencer={one.iloc[0]}" if audience == "statement" else ""
    planned = document.plan(collected(answers, Order(query, audience=audience, paper=paper, variant=variant)))
    drawings = {
        (key, placed.panel.key): Drawing(SVG.format(placed.width, placed.height)) for key, placed in planned.charts
    }
    return pdf.write(document.render(planned, drawings), paper, variant, epoch=1.0).content


@pytest.mark.parametrize(("audience", "paper", "variant"), ALL if os.environ.get("TRUELIFT_PAPERS") == "all" else FEW)
def test_a_template_is_sound_on_paper(answers: Answers, audience: str, paper: str, variant: str) -> None:
    content = made(answers, audience, paper, variant)
    sheets = pypdf.PdfReader(io.BytesIO(content)).pages
    assert problems(content, variant) == []
    assert not [place for place, sheet in enumerate(sheets, 1) if is_blank(sheet)]
    assert len(sheets) == 1 or audience != "executive"


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils tells where a word stands")
@pytest.mark.parametrize(("audience", "paper"), [("brand", "Letter"), ("finance", "A4"), ("statement", "Letter")])
def test_no_word_stands_in_a_margin_and_every_line_of_the_contents_names_the_page_of_its_heading(
    answers: Answers, audience: str, paper: str, tmp_path: Path
) -> None:
    (tmp_path / "r.pdf").write_bytes(made(answers, audience, paper, ""))
    command = ["pdftotext", "-bbox", str(tmp_path / "r.pdf"), "-"]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    pages = re.findall(r'<page width="([\d.]+)" height="([\d.]+)">(.*?)</page>', told, re.DOTALL)
    words = re.compile(r'<word xMin="([-\d.]+)" .*?xMax="([-\d.]+)".*?>(.*?)</word>')
    outside = [
        (number, word)
        for number, (width, height, text) in enumerate(pages, 1)
        for left, right, word in words.findall(text)
        for side in [36.8 if float(width) > float(height) else MARGINS[paper]]
        if float(left) < side - 1 or float(right) > float(width) - side + 1
    ]
    assert len(pages) > 1
    assert outside == []
    sheets = [" ".join(sheet.extract_text().split()) for sheet in pypdf.PdfReader(tmp_path / "r.pdf").pages]
    if "Contents" in sheets[1]:
        for line in ("What the rules found", "What these data cannot answer yet", "Where all money went"):
            said = re.search(rf"{line} (\d+)", sheets[1])
            assert said
            assert line in sheets[int(said[1]) - 1]
