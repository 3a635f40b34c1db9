"""Decides how a figure becomes a drawing for paper: one warm, sealed browser, a deadline a chart, and a reason if not.

The only speaker of kaleido. Kaleido reloads its tab, and with it 4.8 MB of plotly.js, after every figure; putting the
tab back as it is draws six to eight times faster and the same pixels (a test). That hook is private: where a version
lacks it, the stock class does the work, only slower.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from xml.etree.ElementTree import ParseError

import kaleido
from choreographer.browsers.chromium import Chromium
from choreographer.errors import ChromeNotFoundError
from kaleido.errors import BrowserFailedError, JavascriptError, KaleidoError

from reports.render.svg import tame

LOG = logging.getLogger("truelift.reports")
CHART_SECONDS = 20.0
ALL_SECONDS = 90.0
START_SECONDS = 40.0
END_SECONDS = 5.0
LONGEST_FOLDER = 56
"""Letters of a folder in which the browser can still put its socket: a socket's path ends at 107."""
HOOK = "_return_kaleido_tab"
NO_BROWSER = "no browser was found on this machine (BROWSER_PATH, or chromium on the PATH)"
HUNG = "the browser gave no answer in time"
ENDED = "the browser ended while it was drawn"
FAULT = "the browser could not draw it"
NO_TIME = f"the charts before it used up the {ALL_SECONDS:g} seconds that a report waits"

Result = TypeVar("Result")
Request = tuple[dict[str, Any], int, int]
"""A dressed figure, its width and its height in CSS pixels."""


@dataclass(frozen=True)
class Drawing:
    """One chart as SVG text; None with the reason, in words, when it could not be drawn."""

    svg: str | None
    reason: str = ""


class _Sealed(Chromium):
    """Chromium with no network, no way to other files of this machine, and an empty home.

    Kaleido's own command line allows both; a figure whose picture was an address was fetched (reliability M3).
    """

    def get_cli(self) -> list[str]:
        open_doors = {"--allow-file-access-from-files", "--disable-web-security"}
        kept = [word for word in super().get_cli() if word not in open_doors]
        return [*kept, "--host-resolver-rules=MAP * ~NOTFOUND", "--no-proxy-server", "--disable-background-networking"]

    def get_env(self) -> dict[str, str]:
        kept = {key: value for key, value in super().get_env().items() if key in ("PATH", "LANG", "LC_ALL", "TZ")}
        own = str(self.tmp_dir.path)
        return {**kept, "HOME": own} | ({"TMPDIR": own} if len(own) <= LONGEST_FOLDER else {})

    def get_popen_args(self) -> Mapping[str, Any]:
        """A group of its own, so that it is ended whole, in our session, so that it ends with us (guard.py)."""
        kept = {key: value for key, value in super().get_popen_args().items() if key != "start_new_session"}
        return {**kept, "process_group": 0}


def quick(stock: type[Any] = kaleido.Kaleido) -> type[Any]:
    """Kaleido that keeps its tab between figures; the stock class where there is no such hook."""
    if not hasattr(stock, HOOK):
        LOG.warning("This Kaleido has no %s: charts are drawn the slow way.", HOOK)
        return stock

    async def put_back(self: Any, tab: Any) -> None:
        await self.tabs_ready.put(tab)

    return type("QuickKaleido", (stock,), {HOOK: put_back})


def _let_be(task: asyncio.Task[Any]) -> None:
    """Nobody waits for this any more: how it ends is no news."""
    if not task.cancelled():
        task.exception()


class _Browser:
    """One running browser with the event loop that speaks to it; made, used and ended on one thread."""

    def __init__(self, maker: type[Any]) -> None:
        self._loop = asyncio.new_event_loop()
        self._kaleido: Any = None
        try:
            self._kaleido = maker(n=1, timeout=None, mathjax=False, browser_cls=_Sealed)
            self.wait(self._kaleido.open(), START_SECONDS)
        except BaseException:
            self.end()
            raise

    @property
    def pid(self) -> int:
        """The browser's process, which leads its own group."""
        return int(self._kaleido.subprocess.pid)

    def wait(self, work: Coroutine[Any, Any, Result], seconds: float) -> Result:
        """The work's result; TimeoutError after `seconds`, without waiting for a hung browser to notice."""
        task = self._loop.create_task(work)
        self._loop.run_until_complete(asyncio.wait({task}, timeout=seconds))
        if not task.done():
            task.add_done_callback(_let_be)
            raise TimeoutError(HUNG)
        return task.result()

    def draw(self, figure: dict[str, Any], width: int, height: int, seconds: float, kind: str = "svg") -> bytes:
        """One figure as bytes. Size is an argument because Kaleido passes over the layout's."""
        wanted = {"format": kind, "width": width, "height": height}
        return bytes(self.wait(self._kaleido.calc_fig(figure, opts=wanted), seconds))

    def end(self, hung: bool = False) -> None:
        """Ends the browser: politely unless it hangs, then with its process group, which holds nothing else."""
        process = getattr(self._kaleido, "subprocess", None)
        if process is not None:
            if not hung:
                self._close()
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            self._close()
        self._sweep()

    def _close(self) -> None:
        with contextlib.suppress(Exception, asyncio.CancelledError):
            self.wait(self._kaleido.close(), END_SECONDS)

    def _sweep(self) -> None:
        tasks = asyncio.all_tasks(self._loop)
        for task in tasks:
            task.cancel()
        if tasks:
            self._loop.run_until_complete(asyncio.wait(tasks, timeout=END_SECONDS))
        self._loop.close()


class Pictures:
    """Draws figures for as long as the context is open; the browser starts with the first and stays warm.

    maker: the Kaleido class; chart_seconds: deadline of one chart; all_seconds: of one `draw`. One thread only.
    """

    def __init__(
        self,
        maker: type[Any] | None = None,
        chart_seconds: float = CHART_SECONDS,
        all_seconds: float = ALL_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._maker = maker or quick()
        self._chart_seconds = chart_seconds
        self._all_seconds = all_seconds
        self._clock = clock
        self._browser: _Browser | None = None

    def __enter__(self) -> Pictures:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """Process (and process group) of the browser; None while there is none."""
        return self._browser.pid if self._browser else None

    def warm(self) -> bool:
        """Starts the browser now; False when there is none to start."""
        try:
            self._ready()
        except (ChromeNotFoundError, BrowserFailedError, TimeoutError):
            return False
        return True

    def close(self, hung: bool = False) -> None:
        """Ends the browser and every process it started."""
        browser, self._browser = self._browser, None
        if browser:
            browser.end(hung)

    def draw(self, figures: Sequence[Request]) -> list[Drawing]:
        """All figures, in order; what cannot be drawn says why, and the others stand."""
        ends = self._clock() + self._all_seconds
        drawings: list[Drawing] = []
        for figure, width, height in figures:
            drawings.append(self._patiently(figure, width, height, ends))
            if drawings[-1].reason == NO_BROWSER:
                return drawings + [Drawing(None, NO_BROWSER)] * (len(figures) - len(drawings))
        return drawings

    def pixels(self, figure: dict[str, Any], width: int, height: int) -> bytes:
        """One figure as PNG: what the test compares with the stock class."""
        return self._ready().draw(figure, width, height, self._chart_seconds, "png")

    def _ready(self) -> _Browser:
        if self._browser is None:
            self._browser = _Browser(self._maker)
        return self._browser

    def _patiently(self, figure: dict[str, Any], width: int, height: int, ends: float) -> Drawing:
        """Draws; a browser that hangs or dies is replaced, and the chart tried once more."""
        drawing = Drawing(None, NO_TIME)
        for _ in range(2):
            left = min(self._chart_seconds, ends - self._clock())
            if left <= 0:
                return drawing
            drawing = self._once(figure, width, height, left)
            if drawing.svg or drawing.reason in (NO_BROWSER, FAULT):
                return drawing
            self.close(hung=True)
        return drawing

    def _once(self, figure: dict[str, Any], width: int, height: int, seconds: float) -> Drawing:
        try:
            return Drawing(tame(self._ready().draw(figure, width, height, seconds)))
        except ChromeNotFoundError:
            return Drawing(None, NO_BROWSER)
        except TimeoutError:
            return Drawing(None, HUNG)
        except (KaleidoError, JavascriptError, ParseError) as error:
            LOG.error("A chart could not be drawn: %s", error)
            return Drawing(None, FAULT)
        except (Exception, asyncio.CancelledError) as error:
            LOG.warning("The browser ended while it drew: %r", error)
            return Drawing(None, ENDED)
