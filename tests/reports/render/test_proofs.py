"""Decides that many reports with a browser that dies and hangs all end, leave no browser and cost the worker no memory.

TRUELIFT_REPORTS says how many; 100 and 200 before a release.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from errors import UserError
from reports.order import Order
from reports.render import guard
from reports.render.supervisor import Bounds, Renderer
from settings import load

REPORTS = int(os.environ.get("TRUELIFT_REPORTS", "0"))
SMALL = "tests.reports.render.making:small"
ORDER = Order()
MOST_GROWTH = 50e6

pytestmark = pytest.mark.browser


def of_this_test(folder: Path) -> list[str]:
    """Command lines of the living processes that name the folder, ours left out."""
    found = []
    for process, _, _ in guard._processes():
        line = guard._read(process, "cmdline").replace("\0", " ")
        if str(folder) in line and process != os.getpid():
            found.append(line[:200])
    return found


def browsers(renderer: Renderer) -> list[int]:
    """The processes of the session besides the child itself."""
    leader = renderer.leader
    return [process for process in guard.session(leader or 0) if process != leader]


def own_bytes() -> int:
    """What this process has in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.fixture(name="folder")
def _folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where everything of these tests lies, so that its processes can be told from all others; a short name, since a
    browser cannot begin in a place with a long one."""
    with tempfile.TemporaryDirectory(prefix="tl", dir="/tmp") as name:
        monkeypatch.setattr(tempfile, "tempdir", name)
        yield Path(name)


def test_browsers_that_die_and_hang_cost_no_report_and_none_is_left(folder: Path) -> None:
    """A fifth of the reports lose their browser to SIGKILL while they draw, a fifth to SIGSTOP."""
    many, by_chance = REPORTS or 5, random.Random(5)
    blows = [(signal.SIGKILL, signal.SIGSTOP, None, None, None)[index % 5] for index in range(many)]
    became: Counter[str] = Counter()
    with Renderer(load(folder, {}), SMALL, Bounds(reports=50)) as renderer:
        for blow in blows:

            def tell(share: float, step: str, blow: signal.Signals | None = blow) -> None:
                if step == "draws the charts" and blow:
                    threading.Timer(by_chance.uniform(0, 0.1), strike, (blow,)).start()

            def strike(blow: signal.Signals) -> None:
                for process in browsers(renderer):
                    os.kill(process, blow)

            out = folder / "r.pdf"
            out.unlink(missing_ok=True)
            try:
                made = renderer.make(ORDER, out, tell)
                assert out.read_bytes().startswith(b"%PDF")
                became["delivered, a chart named as missing" if made.missing else "delivered whole"] += 1
            except UserError as error:
                became[f"failed: {error}"] += 1
    ended = time.monotonic()
    while (left := of_this_test(folder)) and time.monotonic() - ended < 10:
        time.sleep(0.1)
    sys.stdout.write(f"\n{many} reports: {dict(became)}; processes left after 10 s: {len(left)}\n")
    assert left == []
    assert sum(became.values()) == many
    assert became["delivered whole"] >= 0.8 * many


def test_many_reports_in_a_row_cost_the_worker_no_memory(folder: Path) -> None:
    many = 2 * REPORTS or 6
    with Renderer(load(folder, {}), SMALL, Bounds(reports=50 if REPORTS else 3)) as renderer:
        renderer.make(ORDER, folder / "r.pdf")
        bytes_after = [own_bytes()]
        for _ in range(many):
            renderer.make(ORDER, folder / "r.pdf")
            bytes_after.append(own_bytes())
    slope = _slope(bytes_after)
    growth = bytes_after[-1] - bytes_after[0]
    sys.stdout.write(f"\n{many} reports: worker grew by {growth / 1e6:.2f} MB, {slope / 1e6:.4f} MB a report\n")
    assert growth < MOST_GROWTH
    assert not of_this_test(folder)


def _slope(values: list[int]) -> float:
    """Least squares over 0, 1, 2, …"""
    middle, mean = (len(values) - 1) / 2, sum(values) / len(values)
    up = sum((place - middle) * (value - mean) for place, value in enumerate(values))
    return up / sum((place - middle) ** 2 for place in range(len(values)))
