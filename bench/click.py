"""Decides how long a reader waits between the click on “Report as PDF” and its link, in a served house with its worker.

The clock runs from the POST of the callback to the job's state “sent” in the ledger; the page looks once a second, so
a reader sees the link up to a second later.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from bench.served import Served, house
from data import __main__ as data_command
from data.ledger.jobs import Ledger
from layouts import ids
from settings import ROOT, load

PORT = 8471
TIMES = 5
WARM_SECONDS = 120.0
LOOK_SECONDS = 0.02
QUERIES = ("", "brand=Gritzo", "platform=YouTube", "brand=MuscleBlaze", "")


def measure(folder: Path) -> None:
    """Prints the seconds of the first click, and of those after it."""
    data_dir = folder / "clicked"
    data_command.main(["sample", "--data", str(data_dir)])
    ledger = Ledger(load(data_dir).ledger)
    with house(data_dir, PORT) as served, _worker(data_dir):
        _until(lambda: ledger.worker_seen() is not None, WARM_SECONDS)
        waits = [_click(served, ledger, QUERIES[place % len(QUERIES)]) for place in range(TIMES + 1)]
    first, rest = waits[0], waits[1:]
    print(f"one click to link: {first:.2f} s the first time, {median(rest):.2f} s warm ({_each(rest)})")


def _each(waits: list[float]) -> str:
    return ", ".join(f"{wait:.2f}" for wait in waits)


def _click(served: Served, ledger: Ledger, query: str) -> float:
    """Seconds from the click to the job's end. Raises RuntimeError when it failed."""
    began = time.perf_counter()
    values = {f"{ids.REPORT_BUTTON}.n_clicks": 1, f"{ids.QUERY}.data": query}
    shown = served.ask(f"{ids.REPORT_JOB}.data", f"{ids.REPORT_BUTTON}.n_clicks", values)
    number = shown[ids.REPORT_JOB]["data"]
    _until(lambda: _state(ledger, number) not in ("due", "running"), WARM_SECONDS)
    took = time.perf_counter() - began
    if _state(ledger, number) != "sent":
        raise RuntimeError(f"the report was not sent: {ledger.report(number)}")
    return took


def _state(ledger: Ledger, number: str) -> str:
    job = ledger.report(number)
    return job.state if job else ""


def _until(come: Callable[[], bool], seconds: float) -> None:
    """Waits until it has come to pass. Raises TimeoutError."""
    ends = time.monotonic() + seconds
    while not come():
        if time.monotonic() > ends:
            raise TimeoutError(f"nothing for {seconds:.0f} s")
        time.sleep(LOOK_SECONDS)


@contextmanager
def _worker(data_dir: Path) -> Iterator[None]:
    """A worker over that folder, as `./truelift run` starts it beside the house."""
    command = [sys.executable, "-m", "reports", "work", "--data", str(data_dir), "--verbose"]
    with subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}) as worker:
        try:
            yield
        finally:
            worker.terminate()
            worker.wait(30)
