"""Decides what a child does in the tests of its supervisor: it behaves as the order's query says."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from errors import BadFilter
from reports.order import Order
from settings import Settings

BLOCK = 50_000_000


@dataclass(frozen=True)
class Result:
    """A report, with more said of it than the supervisor knows."""

    file: Path
    pages: int = 1
    seconds: float = 0.1
    missing: tuple[str, ...] = ("Which?",)
    data_version: int = 7
    manifest: dict[str, Any] = field(default_factory=dict)
    unheard_of: int = 3


class Actor:
    """Behaves well or badly, by the word in the query; `WORD once` badly only the first time."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.hoard: list[bytearray] = []

    def warm(self) -> bool:
        """Nothing to make ready."""
        return False

    def make(self, order: Order, out: Path, tell: Any) -> Result:
        """Does what the query says, then writes a line."""
        sys.stdout.write("a stray word on the standard output\n")
        tell(0.5, "lays out the pages")
        out.parent.mkdir(parents=True, exist_ok=True)
        word, _, once = order.query.partition(" ")
        mark = out.with_name(f"{out.name}-began")
        if not (once and mark.exists()):
            if once:
                mark.touch()
            getattr(self, f"_{word}", lambda out: None)(out)
        out.write_text(f"{order.query} {self.settings.currency} {os.getpid()}")
        return Result(out, manifest={"pid": os.getpid(), "environ": sorted(os.environ), "home": os.environ["HOME"]})

    def _die(self, out: Path) -> None:
        os._exit(3)

    def _half(self, out: Path) -> None:
        out.with_name(f".{out.name}.{os.getpid()}").write_text("half")
        os._exit(3)

    def _freeze(self, out: Path) -> None:
        os.kill(os.getpid(), signal.SIGSTOP)

    def _endless(self, out: Path) -> None:
        while True:
            sum(range(1000))

    def _grow(self, out: Path) -> None:
        while True:
            self.hoard.append(bytearray(os.urandom(1)) * BLOCK)
            time.sleep(0.05)

    def _fatten(self, out: Path) -> None:
        self.hoard.append(bytearray(os.urandom(1)) * 3 * BLOCK)

    def _refuse(self, out: Path) -> None:
        raise BadFilter("No brand “Aurra” in the data. Did you mean “Aurora”?")

    def _fault(self, out: Path) -> None:
        raise ZeroDivisionError

    def _full(self, out: Path) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(out))

    def _deep(self, out: Path) -> None:
        self._deep(out)

    def _spawn(self, out: Path) -> None:
        """Starts what a browser starts: a process of another group, and one that begins a session of its own."""
        code = "import time; time.sleep(600)"
        for begun in ({"process_group": 0}, {"start_new_session": True}):
            started = subprocess.Popen([sys.executable, "-S", "-c", code], **begun)
            with out.with_name("started").open("a") as file:
                file.write(f"{started.pid}\n")

    def _nap(self, out: Path) -> None:
        time.sleep(0.3)


def broken(settings: Settings) -> Actor:
    """A maker that cannot be opened."""
    raise RuntimeError("no such thing")


def small(settings: Settings) -> Any:
    """Makes small reports. What it needs is imported here, since the other children start without it."""
    import theme
    from reports.papers import pdf
    from reports.render.pictures import Pictures
    from reports.report import put
    from tests.reports.fakes import chart, moving

    pictures = Pictures(chart_seconds=3)
    figures = [
        (theme.dress(one.figure, mode="light", medium="paper"), 300, 150) for one in (chart("a", "A?"), moving())
    ]

    class Small:
        """One page with two charts, drawn by a real browser and set by the real engine."""

        def warm(self) -> bool:
            """Starts the browser."""
            return pictures.warm()

        def make(self, order: Order, out: Path, tell: Any) -> Result:
            """The page."""
            tell(0.25, "draws the charts")
            drawings = pictures.draw(figures)
            tell(0.55, "writes the file")
            drawn = [drawing.svg or f"<p>Chart missing, because {drawing.reason}.</p>" for drawing in drawings]
            put(out, pdf.write(f"<html lang=en><title>x</title><body>{''.join(drawn)}</body></html>").content)
            return Result(out, missing=tuple(drawing.reason for drawing in drawings if not drawing.svg))

    return Small()
