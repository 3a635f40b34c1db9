"""Decides that an old report can be made again: the same words and numbers, whatever was imported since."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from analytics import __main__ as numbers
from data import ingest
from data.ingest import Plan
from data.ledger.jobs import Ledger
from data.versions import history
from reports import __main__ as command
from reports.maker import Maker
from reports.order import Order
from reports.papers import document
from reports.render.pictures import NO_BROWSER, Drawing, Pictures
from reports.report import collected
from reports.worker import Worker
from settings import Settings
from tests.data.worlds import FOUR, TRACKING, imported, write
from tests.reports.conftest import read_text

DEARER = TRACKING.replace("2026-06-02,1,500", "2026-06-02,1,800")


class Blind(Pictures):
    """Draws nothing, quickly."""

    def draw(self, figures):
        return [Drawing(None, NO_BROWSER) for _ in figures]

    def warm(self) -> bool:
        return False


@pytest.fixture(name="world")
def _world(tmp_path: Path) -> tuple[Settings, Callable[[], None]]:
    """A data folder with one version, and what imports a correction of it."""
    store, _ = imported(tmp_path, FOUR)
    settings = store._settings

    def correct() -> None:
        ingest.run(Plan(write(tmp_path, {**FOUR, "tracking_data.csv": DEARER}), replace=True), settings)

    return settings, correct


def paper(settings: Settings, version: int | None) -> str:
    """The whole report as HTML, without its pictures."""
    answers = command.answers_for(settings, version)
    planned = document.plan(collected(answers, Order(audience="everything")))
    drawings = {(page, placed.panel.key): Drawing(None, NO_BROWSER) for page, placed in planned.charts}
    return document.render(planned, drawings)


def test_a_report_of_an_old_version_is_the_same_to_the_letter(world: tuple[Settings, Callable[[], None]]) -> None:
    settings, correct = world
    first = paper(settings, None)
    correct()
    assert paper(settings, 1) == first
    assert "₹1,800" in first
    second = paper(settings, None)
    assert second != first
    assert "₹2,100" in second
    history.undo(settings)
    assert paper(settings, None) == first
    assert paper(settings, 2) == second


def test_the_command_builds_the_same_file_and_json_the_same_text(
    world: tuple[Settings, Callable[[], None]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setattr("reports.report.Pictures", Blind)
    settings, correct = world
    words = ["--data", str(settings.data_dir)]
    built = ["build", "--pages", "overview", "--epoch", "1785555000", *words]
    assert command.main([*built, "--out", str(tmp_path / "a.pdf")]) == 0
    assert numbers.main(["answer", "overview", *words]) == 0
    told = json.loads(capsys.readouterr().out.partition("\n")[2])
    correct()
    assert command.main([*built, "--version", "1", "--out", str(tmp_path / "b.pdf")]) == 0
    assert numbers.main(["answer", "overview", "--version", "1", *words]) == 0
    assert json.loads(capsys.readouterr().out.partition("\n")[2]) == told
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()
    assert "Data version 1," in read_text(tmp_path / "b.pdf")
    assert command.main([*built, "--version", "5", "--out", str(tmp_path / "c.pdf")]) == 2
    assert capsys.readouterr().err == "Version 5 is not kept. Kept are 1 and 2.\n"


def test_a_job_is_made_from_the_version_that_was_current_when_it_was_asked_for(
    world: tuple[Settings, Callable[[], None]], tmp_path: Path
) -> None:
    settings, correct = world
    ledger = Ledger(settings.ledger)
    old = ledger.add_report("", ("overview",), data_version=1)
    correct()
    new = ledger.add_report("", ("overview",))
    Worker(ledger, Maker(lambda version: command.answers_for(settings, version), Blind()), tmp_path).run(once=True)
    assert [ledger.report(job).data_version for job in (old, new)] == [1, 2]
    assert [ledger.report(job).state for job in (old, new)] == ["sent", "sent"]
