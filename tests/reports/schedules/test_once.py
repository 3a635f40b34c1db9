"""Any number of workers, killed at any moment: every run is done, and nobody gets a report twice."""

from __future__ import annotations

import multiprocessing
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from data.ledger.deliveries import Deliveries
from data.ledger.runs import ENDED, Runs
from data.ledger.schedules import Schedules
from reports.delivery.recipient import Recipient, message_id
from reports.order import Order
from reports.schedules.recurrence import parsed
from reports.schedules.schedule import Schedule
from tests.reports.schedules.worker_process import ON, work

DUE = int(os.environ.get("TRUELIFT_RUNS", "60"))
WORKERS, KILL_EVERY = 4, 20
PATIENCE_SECONDS = 60 + DUE * 2


class Crew:
    """Four workers, their clocks up to three seconds apart; one that is killed is replaced."""

    def __init__(self, url: str, folder: Path) -> None:
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload([work.__module__])
        self._url, self._folder, self._numbers = url, folder, count()
        self._workers = [self._begun() for _ in range(WORKERS)]
        self.kills = 0

    def _begun(self) -> Any:
        number = next(self._numbers)
        words = (self._url, str(self._folder), f"worker-{number}", float(number % WORKERS))
        process = self._context.Process(target=work, args=words, daemon=True)
        process.start()
        return process

    def kill_one(self, chosen: random.Random) -> None:
        victim = chosen.randrange(WORKERS)
        self._workers[victim].kill()
        self._workers[victim].join()
        self._workers[victim] = self._begun()
        self.kills += 1

    def end(self) -> None:
        (self._folder / ON).unlink(missing_ok=True)
        for worker in self._workers:
            worker.join(20)
            worker.kill()
            worker.join()


@contextmanager
def crew(url: str, folder: Path) -> Iterator[Crew]:
    (folder / ON).touch()
    own = Crew(url, folder)
    try:
        yield own
    finally:
        own.end()


def test_with_four_workers_and_kills_every_run_is_done_and_none_twice(
    quick: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"sqlite:///{quick / 'ledger.sqlite'}"
    reader = Recipient("mail", "reader@example.com")
    schedule = Schedule("", "Daily", "asha@example.com", Order(), parsed("daily 09:00"), "Asia/Kolkata", "last 7 days",
                        (reader,), "all")  # fmt: skip
    number = Schedules(url, lambda: time.time() - DUE * 86_400).add(schedule.as_record())
    runs, chosen, began = Runs(url), random.Random(DUE), time.monotonic()
    with crew(url, quick) as own:
        ended = 0
        while ended < DUE and time.monotonic() - began < PATIENCE_SECONDS:
            time.sleep(0.05)
            ended = len(runs.of(number, DUE + 10, ENDED))
            if ended >= (own.kills + 1) * KILL_EVERY:
                own.kill_one(chosen)
    rows = runs.of(number, DUE + 10)
    states = Counter(run.state for run in rows)
    sink = Counter((quick / "sink").read_text().split())
    with capsys.disabled():
        twice = sum(copies > 1 for copies in sink.values())
        sys.stdout.write(f"\n{len(rows)} runs, {own.kills} kills: {dict(states)}, {twice} twice\n")
    assert len({run.local for run in rows}) == len(rows) == DUE
    assert states["sent"] + states["in doubt"] == DUE
    assert states["in doubt"] <= own.kills
    assert max(sink.values()) == 1
    states_of = {message_id(run.id, reader): Deliveries(url).states(run.id) for run in rows if run.state == "sent"}
    assert all(known[key][0] == "sent" and sink[key] == 1 for key, known in states_of.items())
