"""Decides what the tests of the paper share: one warm browser, and one report that is read again and again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pypdf
import pytest

from reports.order import Order
from reports.render.pictures import Pictures
from reports.report import ReportResult, build
from tests.reports.fakes import FakeAnswers

QUERY = "from=2026-02-01&to=2026-07-31"
EPOCH = 1_785_500_000.0


@dataclass(frozen=True)
class Read:
    """A report and what a reader gets out of it."""

    result: ReportResult
    reader: pypdf.PdfReader
    texts: tuple[str, ...]

    @property
    def text(self) -> str:
        """All pages as one line of words."""
        return " ".join(" ".join(self.texts).split())


def read(result: ReportResult) -> Read:
    """Reads a report back."""
    reader = pypdf.PdfReader(result.file)
    return Read(result, reader, tuple(" ".join(page.extract_text().split()) for page in reader.pages))


def read_text(file: Path) -> str:
    """All words of a PDF."""
    return " ".join(" ".join(page.extract_text().split()) for page in pypdf.PdfReader(file).pages)


@pytest.fixture(scope="session")
def pictures() -> Iterator[Pictures]:
    """The one warm browser."""
    with Pictures() as warm:
        yield warm


@pytest.fixture(scope="session")
def whole(pictures: Pictures, tmp_path_factory: pytest.TempPathFactory) -> Read:
    """The report of all five pages."""
    file = tmp_path_factory.mktemp("whole") / "report.pdf"
    return read(build(FakeAnswers(), Order(QUERY, audience="everything", epoch=EPOCH), file, pictures=pictures))
