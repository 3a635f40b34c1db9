"""Decides that no job vanishes and none is sent twice, at whatever moment all workers are restarted or killed.

TRUELIFT_MOMENTS says at how many moments; 50 before a release.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from data.ledger.jobs import Ledger
from settings import ROOT, load
from tests.reports import working

MOMENTS = int(os.environ.get("TRUELIFT_MOMENTS", "20"))
WORKERS = 2
LAST_SECONDS = 60.0
PATIENCE_SECONDS = 60.0


@contextmanager
def workers(folder: Path, blow: signal.Signals, killed: list[int]) -> Iterator[None]:
    """Two workers over one ledger; at the end all get the blow. killed: hears of those that had to be ended, as a
    service manager ends what does not obey in time."""
    command = [sys.executable, "-P", "-m", "tests.reports.working", str(folder)]
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(folder)}
    running = [subprocess.Popen(command, cwd=ROOT, env=environ) for _ in range(WORKERS)]
    try:
        yield
    finally:
        for worker in running:
            worker.send_signal(blow)
        for worker in running:
            try:
                worker.wait(PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                killed.append(worker.pid)
                worker.kill()
                worker.wait()


def test_every_job_ends_sent_or_failed_whenever_the_workers_are_restarted(tmp_path: Path) -> None:
    """Half of the blows are SIGKILL; jobs of every kind: quick, slow, dying once, refused, frozen by nobody."""
    by_chance = random.Random(5)
    ledger = Ledger(load(tmp_path, {}).ledger, working.quick)
    words = ("well", "nap", "die once", "refuse", "nap")
    jobs = [ledger.add_report(words[index % len(words)], ()) for index in range(2 * MOMENTS)]
    killed: list[int] = []
    for moment in range(MOMENTS):
        with workers(tmp_path, (signal.SIGKILL, signal.SIGTERM)[moment % 2], killed):
            time.sleep(by_chance.uniform(0.2, 1.0))
    states = _in_the_end(ledger, jobs, tmp_path, killed)
    told = f"{dict(Counter(states.values()))}, {len(killed)} workers did not obey in time"
    sys.stdout.write(f"\n{MOMENTS} moments, {len(jobs)} jobs: {told}\n")
    assert len(killed) <= 1
    assert set(states.values()) <= {"sent", "failed"}
    sent = [job for job in jobs if states[job] == "sent"]
    assert len(sent) > len(jobs) / 2
    assert all((tmp_path / "reports" / f"{job}.pdf").exists() for job in sent)
    finished = Counter((tmp_path / "finished").read_text().split())
    assert set(finished.values()) == {1}
    assert set(finished) <= set(sent)
    assert all(ledger.report(job).reason for job in jobs if states[job] == "failed")
    assert not [folder.name for folder in tmp_path.glob("truelift-render-*")]


def _in_the_end(ledger: Ledger, jobs: list[str], folder: Path, killed: list[int]) -> dict[str, str]:
    """What became of each job once workers may work in peace."""
    until = time.monotonic() + LAST_SECONDS
    with workers(folder, signal.SIGTERM, killed):
        while True:
            states = {job: ledger.report(job).state for job in jobs}
            if not {"due", "running"} & set(states.values()) or time.monotonic() > until:
                return states
            time.sleep(0.2)
