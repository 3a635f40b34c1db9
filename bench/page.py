"""Decides how the speed of an import through the page is told: upload, look and import over HTTP, each timed."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.served import Served, children, house, memory_of

_PORT, _PAUSE = 8390, 0.05
_MIB = 1024**2


@dataclass
class _Peak:
    """The largest resident memory of what the web process started, in bytes, seen twenty times a second."""

    worker: int
    bytes: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    def watch(self) -> None:
        while not self.over.wait(_PAUSE):
            self.bytes = max([self.bytes, *(memory_of(child, "VmHWM") for child in children(self.worker))])


@contextmanager
def _watched(worker: int) -> Iterator[_Peak]:
    peak = _Peak(worker)
    thread = threading.Thread(target=peak.watch, daemon=True)
    thread.start()
    try:
        yield peak
    finally:
        peak.over.set()
        thread.join()


def measure(path: Path, rows: int) -> None:
    """Print seconds of upload, look and import of one tracking file, and their sum beside DuckDB's own reading."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with house(folder / "var", _PORT) as served:
            served.get("/import")
            before = served.memory("VmRSS")
            served.forget_peak()
            with _watched(served.worker) as peak:
                steps = _steps(served, path)
            grown = served.memory("VmHWM") - before
        plain = _peer(folder / "peer.duckdb", path)
    seconds = sum(steps.values())
    print(f"through the page: {rows:,} rows in {seconds:.2f} s, {rows / seconds:,.0f} rows/s: "
          + ", ".join(f"{step} {took:.2f} s" for step, took in steps.items()))  # fmt: skip
    print(f"  peak of the child {peak.bytes / _MIB:,.0f} MiB; the web process grew by {grown / _MIB:,.0f} MiB")
    print(f"  DuckDB read_csv alone {plain:.2f} s; all of ours is {seconds / plain:.1f} times that")


def _peer(target: Path, path: Path) -> float:
    """Seconds of DuckDB's own reading, in a process of its own."""
    command = [sys.executable, "-m", "bench.imports", "peer", str(target), str(path)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[-2])


def _steps(served: Served, path: Path) -> dict[str, float]:
    """Seconds of each step. RuntimeError when the file was not imported in the end."""
    marks = [time.perf_counter()]
    upload = served.upload((path, path.name))
    marks.append(time.perf_counter())
    job, _ = served.look(upload)
    marks.append(time.perf_counter())
    shown = served.take(job)
    marks.append(time.perf_counter())
    if not shown.get("versions-renewed", {}).get("data"):
        raise RuntimeError(f"{path.name} was not imported: {shown.get('import-result')}")
    return dict(zip(("upload", "look", "import"), (b - a for a, b in zip(marks, marks[1:], strict=False)), strict=True))
