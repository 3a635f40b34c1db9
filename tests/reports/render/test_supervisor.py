"""Decides that whatever a child does, its order ends with a report or a sentence, and that nothing is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from errors import BadFilter, UserError
from reports.order import Order
from reports.render import guard
from reports.render.supervisor import Bounds, Renderer
from reports.result import ReportResult
from settings import ROOT, load

ACTOR = "tests.reports.render.making:Actor"
BOUNDS = Bounds(seconds=5.0, silent=3.0, reports=50, memory=1_200_000_000, most_memory=600_000_000)


@pytest.fixture
def renderer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Renderer]:
    monkeypatch.setenv("TRUELIFT_SMTP", "smtp://user:secret@host")
    with Renderer(load(tmp_path, {"TRUELIFT_CURRENCY": "EUR"}), ACTOR, BOUNDS) as own:
        yield own


def made(renderer: Renderer, word: str, folder: Path) -> ReportResult:
    return renderer.make(Order(word), folder / "r.pdf")


def gone(process: int) -> bool:
    """Whether a process is gone, after at most ten seconds."""
    for _ in range(200):
        stat = guard._read(process, "stat").rpartition(") ")[2]
        if not stat or stat[0] in "ZX":
            return True
        time.sleep(0.05)
    return False


def test_an_order_becomes_a_report_and_is_told_of_on_the_way(renderer: Renderer, tmp_path: Path) -> None:
    told: list[tuple[float, str]] = []
    result = renderer.make(Order("well"), tmp_path / "r.pdf", lambda *step: told.append(step))
    assert (result.file, result.pages, result.missing, result.data_version) == (tmp_path / "r.pdf", 1, ("Which?",), 7)
    assert told == [(0.5, "lays out the pages")]
    assert result.file.read_text().startswith("well EUR ")


def test_the_child_stays_from_report_to_report_and_has_no_secret_and_a_folder_of_its_own(
    renderer: Renderer, tmp_path: Path
) -> None:
    first, second = made(renderer, "a", tmp_path), made(renderer, "b", tmp_path)
    assert first.manifest["pid"] == second.manifest["pid"] == renderer.leader != os.getpid()
    assert not [name for name in first.manifest["environ"] if "SMTP" in name or "proxy" in name.casefold()]
    home = Path(first.manifest["home"])
    assert home.is_dir()
    renderer.close()
    assert not home.exists()
    assert gone(first.manifest["pid"])


@pytest.mark.parametrize("word", ["die", "freeze"])
def test_a_child_that_dies_or_hangs_is_replaced_and_the_report_made(
    renderer: Renderer, tmp_path: Path, word: str
) -> None:
    before = made(renderer, "well", tmp_path).manifest["pid"]
    after = made(renderer, f"{word} once", tmp_path).manifest["pid"]
    assert after != before
    assert gone(before)


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("die", "ended twice while it was at this one"),
        ("freeze", "hung twice"),
        ("endless", "was not ready after 5 seconds"),
        ("full", "could not be written: No space left on device"),
        ("fault", "a fault in TrueLift"),
        ("deep", "a fault in TrueLift"),
    ],
)
def test_what_cannot_be_made_is_refused_with_a_sentence_and_the_next_report_is_made(
    renderer: Renderer, tmp_path: Path, word: str, sentence: str
) -> None:
    with pytest.raises(UserError, match=sentence) as refused:
        made(renderer, word, tmp_path)
    assert "Traceback" not in str(refused.value)
    assert not (tmp_path / "r.pdf").exists()
    assert made(renderer, "well", tmp_path).pages == 1


def test_a_report_that_grows_without_end_is_given_up(tmp_path: Path) -> None:
    with Renderer(load(tmp_path, {}), ACTOR, replace(BOUNDS, seconds=90)) as own:
        with pytest.raises(UserError, match=r"needs more than 0\.6 GB of memory"):
            made(own, "grow", tmp_path)
        assert made(own, "well", tmp_path).pages == 1


def test_a_refusal_keeps_its_kind_and_the_child(renderer: Renderer, tmp_path: Path) -> None:
    before = made(renderer, "well", tmp_path).manifest["pid"]
    with pytest.raises(BadFilter, match="Did you mean “Aurora”"):
        made(renderer, "refuse", tmp_path)
    assert made(renderer, "well", tmp_path).manifest["pid"] == before


def test_a_maker_that_cannot_be_opened_is_a_sentence_too(tmp_path: Path) -> None:
    with Renderer(load(tmp_path, {}), ACTOR.replace("Actor", "broken"), BOUNDS) as own:
        with pytest.raises(UserError, match="ended twice"):
            made(own, "well", tmp_path)


def test_half_a_file_is_swept_away(renderer: Renderer, tmp_path: Path) -> None:
    made(renderer, "half once", tmp_path)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["r.pdf", "r.pdf-began"]


def test_a_child_is_replaced_after_its_number_of_reports(tmp_path: Path) -> None:
    with Renderer(load(tmp_path, {}), ACTOR, Bounds(reports=3)) as own:
        children = [made(own, "well", tmp_path).manifest["pid"] for _ in range(7)]
    assert [len(set(children[start : start + 3])) for start in (0, 3, 6)] == [1, 1, 1]
    assert len(set(children)) == 3


def test_a_child_that_has_grown_is_replaced_between_two_reports(tmp_path: Path) -> None:
    with Renderer(load(tmp_path, {}), ACTOR, Bounds(memory=120_000_000)) as own:
        children = [made(own, word, tmp_path).manifest["pid"] for word in ("a", "fatten", "b", "c")]
    assert children[0] == children[1] != children[2] == children[3]


@pytest.mark.parametrize("frozen", [False, True])
def test_whatever_a_child_started_ends_with_it(renderer: Renderer, tmp_path: Path, frozen: bool) -> None:
    """Also a process that began a session of its own, and one that is stopped."""
    child = made(renderer, "spawn", tmp_path).manifest["pid"]
    started = [int(line) for line in (tmp_path / "started").read_text().split()]
    if frozen:
        for process in started:
            os.kill(process, signal.SIGSTOP)
        os.kill(child, signal.SIGKILL)
    else:
        renderer.close()
    assert all(gone(process) for process in [child, *started])


def test_an_idle_child_that_died_or_froze_costs_no_report(renderer: Renderer, tmp_path: Path) -> None:
    for blow in (signal.SIGKILL, signal.SIGSTOP):
        before = made(renderer, "well", tmp_path).manifest["pid"]
        os.kill(before, blow)
        assert made(renderer, "well", tmp_path).manifest["pid"] != before
        assert gone(before)


def test_a_guard_that_is_killed_is_stood_in_for(renderer: Renderer, tmp_path: Path) -> None:
    first = made(renderer, "spawn", tmp_path)
    started = int((tmp_path / "started").read_text().split()[0])
    os.kill(renderer._child._guard.pid, signal.SIGKILL)
    renderer._child._guard.wait()
    assert made(renderer, "well", tmp_path).manifest["pid"] != first.manifest["pid"]
    assert gone(first.manifest["pid"])
    assert gone(started)


def test_who_looks_on_may_end_a_report(renderer: Renderer, tmp_path: Path) -> None:
    class Enough(Exception):
        pass

    began = time.monotonic()

    def look() -> None:
        if time.monotonic() - began > 1:
            raise Enough

    with pytest.raises(Enough):
        renderer.make(Order("endless"), tmp_path / "r.pdf", look=look)
    assert renderer.leader is None
    assert made(renderer, "well", tmp_path).pages == 1


def test_an_order_larger_than_a_pipe_arrives(renderer: Renderer, tmp_path: Path) -> None:
    long = "x" * 300_000
    assert made(renderer, long, tmp_path).file.read_text().startswith(long)


OWNER = """
import sys, time
from pathlib import Path
from reports.order import Order
from reports.render.supervisor import Renderer
from settings import load
renderer = Renderer(load(sys.argv[1], {}), "tests.reports.render.making:Actor")
made = renderer.make(Order("spawn"), Path(sys.argv[1]) / "r.pdf")
print(made.manifest["pid"], renderer._child._guard.pid, made.manifest["home"], flush=True)
if sys.argv[2] == "busy":
    renderer.make(Order(sys.argv[3]), Path(sys.argv[1]) / "r.pdf")
time.sleep(600)
"""


@pytest.mark.parametrize(("state", "word"), [("idle", ""), ("busy", "endless"), ("busy", "freeze")])
def test_a_killed_owner_leaves_nothing_behind(tmp_path: Path, state: str, word: str) -> None:
    """Also when the child is at work, or frozen, and what it started is frozen besides."""
    command = [sys.executable, "-c", OWNER, str(tmp_path), state, word]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as owner:
        said = owner.stdout.readline().split()
        time.sleep(0.5)
        started = [int(line) for line in (tmp_path / "started").read_text().split()]
        for process in started:
            os.kill(process, signal.SIGSTOP)
        owner.kill()
    assert all(gone(process) for process in [int(said[0]), *started, int(said[1])])
    assert not Path(said[2]).exists()


def test_two_threads_share_one_child_in_turn(renderer: Renderer, tmp_path: Path) -> None:
    results: list[ReportResult] = []

    def ask(name: str) -> Callable[[], None]:
        return lambda: results.append(renderer.make(Order("nap"), tmp_path / name))

    threads = [threading.Thread(target=ask(f"{index}.pdf")) for index in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({result.manifest["pid"] for result in results}) == 1
    assert len({result.file for result in results}) == 3
