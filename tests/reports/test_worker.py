"""Decides that a report asked for ends as sent or as failed with a sentence, and that a worker ends cleanly."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path

import pytest

from data.ledger.jobs import Ledger
from errors import BadFilter
from reports import __main__ as command
from reports import worker as work
from reports.render.pictures import NO_BROWSER, Drawing, Pictures
from reports.worker import Worker
from settings import load
from tests.reports.fakes import FakeAnswers


class Blind(Pictures):
    """Draws nothing, quickly; says whether it was closed."""

    closed = False

    def draw(self, figures):
        return [Drawing(None, NO_BROWSER) for _ in figures]

    def warm(self) -> bool:
        return False

    def close(self, hung: bool = False) -> None:
        self.closed = True


class Refusing(FakeAnswers):
    """Answers that know no such brand."""

    def page(self, key: str, query: str):
        raise BadFilter("No brand “Aurra” in the data. Did you mean “Aurora”?")


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(load(tmp_path, {}).ledger)


def worker(ledger: Ledger, folder: Path, answers=FakeAnswers) -> Worker:
    return Worker(ledger, lambda version: answers(), folder, Blind())


def test_a_job_ends_with_its_file(ledger: Ledger, tmp_path: Path) -> None:
    number = ledger.add_report("", ("insights",))
    assert worker(ledger, tmp_path).run(once=True) == 1
    job = ledger.report(number)
    assert (job.state, job.file, job.progress, job.data_version) == ("sent", f"{number}.pdf", 1.0, 17)
    assert job.seconds > 0
    assert (tmp_path / job.file).read_bytes().startswith(b"%PDF")


def test_a_report_is_made_from_the_version_it_was_asked_for(ledger: Ledger, tmp_path: Path) -> None:
    asked: list[int | None] = []

    def answers(version: int | None) -> FakeAnswers:
        asked.append(version)
        return FakeAnswers()

    ledger.add_report("", ("insights",), data_version=4)
    ledger.add_report("", ("insights",))
    assert Worker(ledger, answers, tmp_path, Blind()).run(once=True) == 2
    assert sorted(asked, key=str) == [4, None]


def test_a_readers_mistake_becomes_the_reason(ledger: Ledger, tmp_path: Path) -> None:
    number = ledger.add_report("brand=Aurra", ())
    worker(ledger, tmp_path, Refusing).run(once=True)
    job = ledger.report(number)
    assert (job.state, job.reason) == ("failed", "No brand “Aurra” in the data. Did you mean “Aurora”?")


def test_a_fault_of_ours_is_a_calm_sentence_and_the_next_job_is_made(
    ledger: Ledger, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    answers = iter([lambda: 1 / 0, FakeAnswers])
    first, second = ledger.add_report("a", ()), ledger.add_report("b", ("insights",))
    assert worker(ledger, tmp_path, lambda: next(answers)()).run(once=True) == 2
    states = {ledger.report(number).state: ledger.report(number) for number in (first, second)}
    assert "a fault in TrueLift" in states["failed"].reason
    assert "division" not in states["failed"].reason
    assert "ZeroDivisionError" in caplog.text
    assert "sent" in states


def test_a_job_that_takes_too_long_is_failed(ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "JOB_SECONDS", 0.05)
    number = ledger.add_report("", ())
    worker(ledger, tmp_path, lambda: threading.Event().wait(30)).run(once=True)
    assert ledger.report(number).state == "failed"
    assert "not ready" in ledger.report(number).reason


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_told_to_stop_gives_its_job_back(ledger: Ledger, tmp_path: Path, number: signal.Signals) -> None:
    def told():
        os.kill(os.getpid(), number)
        threading.Event().wait(30)

    before = signal.getsignal(number)
    own = worker(ledger, tmp_path, told)
    job = ledger.add_report("", ())
    assert own.run() == 0
    assert ledger.report(job).state == "due"
    assert own._pictures.closed
    assert ledger.worker_seen() is None
    assert signal.getsignal(number) == before


def test_a_worker_is_seen_while_it_works(ledger: Ledger, tmp_path: Path) -> None:
    seen: list[float | None] = []

    def look() -> FakeAnswers:
        seen.append(ledger.worker_seen())
        return FakeAnswers()

    ledger.add_report("", ("insights",))
    worker(ledger, tmp_path, look).run(once=True)
    assert seen[0] is not None
    assert seen[0] < 5


def test_the_lease_is_renewed_beside_the_work(ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "BEAT_SECONDS", 0.01)
    renewed = threading.Event()
    monkeypatch.setattr(ledger, "renew", lambda id, worker: renewed.set())
    ledger.add_report("", ("insights",))
    worker(ledger, tmp_path, lambda: renewed.wait(10) and FakeAnswers()).run(once=True)
    assert renewed.is_set()


def test_build_prints_file_pages_and_seconds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reports.report.Pictures", Blind)
    out = tmp_path / "new" / "r.pdf"
    words = ["build", "--out", str(out), "--pages", "insights", "--data", str(tmp_path)]
    assert command.main(words, lambda settings, version: FakeAnswers()) == 0
    said = capsys.readouterr()
    assert said.out.startswith(f"{out}  ")
    assert " pages  " in said.out
    assert "Chart missing: Who sells best?" in said.err
    assert out.exists()


def test_a_command_that_cannot_says_so_in_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["build", "--out", str(tmp_path / "r.pdf"), "--data", str(tmp_path)]
    assert command.main(words, lambda settings, version: Refusing()) == 2
    assert capsys.readouterr().err == "No brand “Aurra” in the data. Did you mean “Aurora”?\n"
    assert command.main([*words, "--pages", "overvew"], lambda settings, version: FakeAnswers()) == 2
    assert "Did you mean “overview”?" in capsys.readouterr().err
    assert not (tmp_path / "r.pdf").exists()


def test_work_once_makes_what_is_due_and_ends(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["work", "--once", "--data", str(tmp_path)], lambda settings, version: FakeAnswers()) == 0
    assert capsys.readouterr().out == "0 reports ended\n"
