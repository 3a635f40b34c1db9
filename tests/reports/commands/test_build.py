"""Decides that `build` makes what its words say, and that a word that there is not is answered by the nearest one."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from reports import __main__ as command
from reports.render.pictures import NO_BROWSER, Drawing, Pictures
from tests.reports.fakes import FakeAnswers

MOMENT = "“yesterday” is no moment: --epoch (or SOURCE_DATE_EPOCH) takes whole seconds since 1970."
START = {"pdf": b"%PDF", "html": b"<!DOCTYPE html>", "xlsx": b"PK", "json": b"{"}


class Blind(Pictures):
    """Draws nothing, quickly."""

    def draw(self, figures: Any) -> list[Drawing]:
        return [Drawing(None, NO_BROWSER) for _ in figures]


def run(folder: Path, *words: str) -> int:
    """The command over the fake pages."""
    pages = ["--pages", "insights"]
    return command.main(["build", *pages, *words, "--data", str(folder)], lambda settings, version: FakeAnswers())


@pytest.mark.parametrize("form", START)
def test_each_form_has_its_name_and_its_file(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("reports.report.Pictures", Blind)
    monkeypatch.chdir(tmp_path)
    assert run(tmp_path, "--format", form) == 0
    assert (tmp_path / f"report.{form}").read_bytes().startswith(START[form])
    said = capsys.readouterr().out
    assert re.match(rf"report\.{form}  \d+ (pages|sheets)  ", said)


def test_the_ending_of_the_file_says_the_form(tmp_path: Path) -> None:
    assert run(tmp_path, "--out", str(tmp_path / "a.json")) == 0
    assert json.loads((tmp_path / "a.json").read_text("utf-8"))["order"]["form"] == "json"


def test_json_can_be_poured_and_a_workbook_cannot(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run(tmp_path, "--format", "json", "--out", "-", "--template", "everything", "--epoch", "1785555000") == 0
    told = json.loads(capfdbinary.readouterr().out)
    assert told["audience"]["key"] == "everything"
    assert told["made"].startswith("2026-08-01")
    assert run(tmp_path, "--format", "xlsx", "--out", "-") == 2
    assert b"Name a file: --out report.xlsx." in capfdbinary.readouterr().err


def test_the_moment_comes_from_the_environment_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1785555000")
    out = tmp_path / "a.json"
    assert run(tmp_path, "--out", str(out)) == 0
    first = out.read_bytes()
    assert run(tmp_path, "--out", str(out)) == 0
    assert out.read_bytes() == first


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (("--format", "pdff"), "No format “pdff” for a report. Did you mean “pdf”?"),
        (("--template", "brnd"), "No template “brnd” for a report. Did you mean “brand”?"),
        (("--paper", "leter"), "No paper “leter” for a report. Did you mean “Letter”?"),
        (("--variant", "pdf/ua"), "No variant “pdf/ua” for a report. Did you mean “pdf/ua-1”?"),
        (("--epoch", "yesterday"), MOMENT),
    ],
)  # fmt: skip
def test_a_word_that_there_is_not_is_answered(
    words: tuple[str, ...], answer: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, *words) == 2
    assert capsys.readouterr().err == f"{answer}\n"
