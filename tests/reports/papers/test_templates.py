"""Each template on the sample keeps its promise on both papers: sound to every rule, page 1 one page, nothing blank.

TRUELIFT_PAPERS=all tries every template on every paper in every variant.
"""

from __future__ import annotations

import io
import itertools
import os
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
