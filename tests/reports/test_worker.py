"""Decides that a report asked for ends as sent or as failed with a sentence, and that a worker ends cleanly."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest

from data.ledger.jobs import Ledger
from errors import BadFilter
from reports import __main__ as command
from reports import worker as work
from reports.maker import Maker
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
    return Worker(ledger, Maker(lambda version: answers(), Blind()), folder)


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
    assert Worker(ledger, Maker(answers, Blind()), tmp_path).run(once=True) == 2
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


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_told_to_stop_gives_its_job_back(ledger: Ledger, tmp_path: Path, number: signal.Signals) -> None:
    def told():
        os.kill(os.getpid(), number)
        threading.Event().wait(30)

    before = signal.getsignal(number)
    blind = Blind()
    own = Worker(ledger, Maker(lambda version: told(), blind), tmp_path)
    job = ledger.add_report("", ())
    assert own.run() == 0
    assert ledger.report(job).state == "due"
    assert blind.closed
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
    renewed = threading.Event()
    monkeypatch.setattr(ledger, "renew", lambda id, worker: renewed.set())
    ledger.add_report("", ("insights",))
    slow = Maker(lambda version: renewed.wait(10) and FakeAnswers(), Blind())
    Worker(ledger, slow, tmp_path, beat_seconds=0.01).run(once=True)
    assert renewed.is_set()


class Acting:
    """A renderer that does what it is told to, in this process."""

    def __init__(self, act) -> None:
        self.act = act

    def warm(self) -> None:
        """Always."""

    def close(self) -> None:
        """Nothing to end."""

    def make(self, order, out, tell, look) -> SimpleNamespace:
        """The report."""
        self.act(order, look)
        tell(0.5, "lays out the pages")
        out.parent.mkdir(exist_ok=True)
        out.write_text("a report")
        return SimpleNamespace(data_version=1, seconds=0.1)


def until(look, what) -> None:
    """Looks on as the renderer does until `what` has come to pass."""
    while True:
        look()
        if what():
            return


def test_a_running_job_that_its_reader_cancels_is_ended_and_leaves_no_file(ledger: Ledger, tmp_path: Path) -> None:
    number, other = ledger.add_report("first", ()), None

    def act(order, look) -> None:
        nonlocal other
        if order.query == "first":
            other = ledger.add_report("second", ())
            assert ledger.cancel(number)
            until(look, lambda: False)

    assert Worker(ledger, Acting(act), tmp_path).run(once=True) == 2
    assert (ledger.report(number).state, ledger.report(other).state) == ("cancelled", "sent")
    assert [file.name for file in tmp_path.glob("*.pdf")] == [f"{other}.pdf"]


def test_a_job_cancelled_at_the_last_moment_is_not_sent(ledger: Ledger, tmp_path: Path) -> None:
    number = ledger.add_report("", ())
    kept: list[str] = []
    own = Worker(ledger, Acting(lambda order, look: ledger.cancel(number)), tmp_path, kept=lambda *it: kept.append(it))
    own.run(once=True)
    assert ledger.report(number).state == "cancelled"
    assert list(tmp_path.glob("*.pdf")) == kept == []


def test_what_was_made_is_kept_before_it_is_sent(ledger: Ledger, tmp_path: Path) -> None:
    seen: list[tuple[str, int]] = []
    number = ledger.add_report("", ())
    own = Worker(
        ledger, Acting(lambda order, look: None), tmp_path,
        kept=lambda job, made: seen.append((ledger.report(job.id).state, made.data_version)),
    )  # fmt: skip
    own.run(once=True)
    assert seen == [("running", 1)]
    assert ledger.report(number).state == "sent"


def test_who_waits_comes_first_then_what_else_is_due(ledger: Ledger, tmp_path: Path) -> None:
    done: list[str] = []
    due = ["run 1", "run 2"]

    def also() -> bool:
        if due:
            done.append(due.pop(0))
            if len(due) == 1:
                ledger.add_report("late", ())
            return True
        return False

    for query in ("a", "b"):
        ledger.add_report(query, ())
    acting = Acting(lambda order, look: done.append(order.query))
    assert Worker(ledger, acting, tmp_path, also=also).run(once=True) == 5
    assert sorted(done[:2]) == ["a", "b"]
    assert done[2:] == ["run 1", "late", "run 2"]


def test_a_worker_outlives_a_fault_in_what_else_is_due_and_a_ledger_that_does_not_answer(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(work, "REST_SECONDS", 0.01)
    number, faults, finish = ledger.add_report("", ()), iter([True, True, False]), ledger.finish

    def failing(*words: object) -> bool:
        if next(faults):
            raise OSError(28, "No space left on device")
        return finish(*words)

    monkeypatch.setattr(ledger, "finish", failing)
    monkeypatch.setattr(ledger, "progress", lambda *words: 1 / 0)
    own = Worker(ledger, Acting(lambda order, look: None), tmp_path, also=lambda: 1 / 0 > 1)
    assert own.run(once=True) == 1
    assert ledger.report(number).state == "sent"
    assert "No space left" in caplog.text


def test_build_names_the_charts_that_are_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reports.report.Pictures", Blind)
    out = tmp_path / "new" / "r.pdf"
    words = ["build", "--out", str(out), "--pages", "insights", "--template", "everything", "--data", str(tmp_path)]
    assert command.main(words, lambda settings, version: FakeAnswers()) == 0
    said = capsys.readouterr()
    assert said.out.startswith(f"{out}  ")
    assert " pages  " in said.out
    assert "Chart missing: " in said.err
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
    assert capsys.readouterr().out == "0 reports, runs and looks ended\n"
