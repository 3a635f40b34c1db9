"""The same order gives the same bytes on every form of paper, in whatever process it is made."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from reports.order import FORMS
from settings import ROOT

MAKE = """
import sys
from pathlib import Path
from reports.order import FORMS, Order
from reports.render.pictures import NO_BROWSER, Drawing, Pictures
from reports.report import build
from tests.reports.fakes import FakeAnswers

class Blind(Pictures):
    def draw(self, figures):
        return [Drawing(None, NO_BROWSER) for _ in figures]

for form in FORMS:
    order = Order("from=2026-02-01", ("overview", "insights"), form, "everything", epoch=1785555000)
    build(FakeAnswers(), order, Path(sys.argv[1]) / form, pictures=Blind())
"""


def made(folder: Path, seed: str, zone: str) -> dict[str, bytes]:
    """Every form, made in a fresh process with its own order of sets and its own clock."""
    folder.mkdir()
    place = {"PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", MAKE, str(folder)], env=os.environ | place, check=True, cwd=folder)
    return {form: (folder / form).read_bytes() for form in FORMS}


def test_two_processes_write_the_same_bytes(tmp_path: Path) -> None:
    first, second = made(tmp_path / "a", "1", "Asia/Kolkata"), made(tmp_path / "b", "2", "UTC")
    assert [form for form in FORMS if first[form] != second[form]] == []
    assert len({len(content) for content in first.values()}) == len(FORMS)
