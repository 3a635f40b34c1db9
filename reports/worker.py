"""Decides who makes the reports that people ask for: a small process that never touches a browser or a page itself.

It takes jobs from the ledger under a lease, renews the lease while they are made, and ends each as sent or as failed
with a sentence; when nobody waits it does what else is due. Making is the renderer's, in a child that may be killed.
Told to stop, the worker gives its job back and takes the child with it.
"""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any, Protocol

from data.ledger.jobs import Job, Ledger
from errors import UserError
from reports.order import Order

LOG = logging.getLogger("truelift.reports")
BEAT_SECONDS = 10.0
LOOK_SECONDS = 0.25
ASK_SECONDS = 1.0
REST_SECONDS = 2.0
TRIES = 3
FAULT = "The report could not be made: a fault in TrueLift. Its log tells more under {reference}."


class Stopped(SystemExit):
    """The worker was told to end. A SystemExit, since an event loop hands on no other exception of a signal."""


class NotWanted(Exception):
    """The report that is being made was cancelled, or another worker has taken it over."""


class Renderer(Protocol):
    """What makes reports: reports.render.supervisor.Renderer, or reports.maker.Maker in this process."""

    def warm(self) -> object:
        """Stands ready."""

    def make(self, order: Order, out: Path, tell: Any, look: Any) -> Any:
        """The report, written to `out`. Raises UserError, and whatever `look` raises."""

    def close(self) -> None:
        """Ends all that it started."""


def order_of(job: Job) -> Order:
    """What a job asks for. Raises BadFilter."""
    return Order(query=job.query, pages=job.pages, form=job.format, version=job.data_version, **job.options)


class Worker:
    """One worker. renderer: makes the reports; `run` closes it. folder: where the files go, by job id.

    also: does one thing that is due besides and says whether there was one; asked when nobody waits for a report.
    kept: told of each job and what was made of it, before the job is sent.
    """

    def __init__(
        self,
        ledger: Ledger,
        renderer: Renderer,
        folder: Path,
        also: Callable[[], bool] | None = None,
        kept: Callable[[Job, Any], object] | None = None,
        beat_seconds: float = BEAT_SECONDS,
    ) -> None:
        self.name = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(3)}"
        self._ledger = ledger
        self._renderer = renderer
        self._folder = folder
        self._also = also or (lambda: False)
        self._kept = kept or (lambda job, made: None)
        self._beat_seconds = beat_seconds

    def run(self, once: bool = False) -> int:
        """Works until told to stop, or with `once` until nothing is due; returns how many things it ended."""
        ended = 0
        with _obedient() as told, contextlib.closing(self._renderer), contextlib.suppress(Stopped):
            with self._every(lambda: self._ledger.beat(self.name)):
                while not told.is_set():
                    if not once:
                        self._renderer.warm()
                    job = self._calmly(lambda: self._ledger.take(self.name))
                    if job:
                        self.make(job)
                        ended += 1
                    elif self._calmly(self._also):
                        ended += 1
                    elif once:
                        break
                    else:
                        time.sleep(LOOK_SECONDS)
        self._calmly(lambda: self._ledger.forget(self.name))
        return ended

    def make(self, job: Job) -> None:
        """Makes one report and writes what became of it into the ledger."""
        LOG.info("report %s: “%s”, pages %s", job.id, job.query, ",".join(job.pages) or "all")
        try:
            with self._every(lambda: self._ledger.renew(job.id, self.name)):
                self._send(job)
        except Stopped:
            self._calmly(lambda: self._ledger.release(job.id, self.name))
            raise
        except NotWanted:
            LOG.info("report %s is not wanted any more", job.id)
            self._take_away(job)
        except UserError as error:
            self._fail(job, str(error))
        except Exception:
            LOG.exception("report %s of “%s” failed", job.id, job.query)
            self._fail(
                job, f"The report could not be made: a fault in TrueLift. Its log tells more under {job.id[:8]}."
            )

    def _send(self, job: Job) -> None:
        file, look = self._file(job), _Look(self._ledger, job.id, self.name)
        made = self._renderer.make(order_of(job), file, lambda *step: self._tell(job, *step), look)
        look.now()
        self._kept(job, made)
        if not self._surely(lambda: self._ledger.finish(job.id, file.name, made.data_version, made.seconds, self.name)):
            raise NotWanted

    def _file(self, job: Job) -> Path:
        return self._folder / f"{job.id}.{job.format}"

    def _take_away(self, job: Job) -> None:
        """A cancelled report leaves no file; one that another worker makes is theirs."""
        now = self._calmly(lambda: self._ledger.report(job.id))
        if now and now.state == "cancelled":
            self._file(job).unlink(missing_ok=True)

    def _tell(self, job: Job, share: float, step: str) -> None:
        """A ledger that does not answer now is no reason to lose the report."""
        with _said("progress"):
            self._ledger.progress(job.id, share, step, self.name)

    def _fail(self, job: Job, reason: str) -> None:
        self._surely(lambda: self._ledger.fail(job.id, reason, self.name))

    def _surely(self, act: Callable[[], bool]) -> bool:
        """What became of a job must be written: tried again; in the end the lease runs out and it is made anew."""
        for _ in range(TRIES - 1):
            with _said("what became of a report"):
                return act()
            time.sleep(REST_SECONDS)
        return act()

    def _calmly(self, act: Callable[[], Any]) -> Any:
        """A worker outlives a full disk, a locked ledger and a fault in what else is due: it rests and goes on."""
        try:
            return act()
        except Exception:
            LOG.exception("the worker could not go on and rests for a moment")
            time.sleep(REST_SECONDS)
            return None

    @contextlib.contextmanager
    def _every(self, act: Callable[[], object]) -> Iterator[None]:
        """Does it now and every so often from a thread beside, until the block ends; a busy ledger is tried again."""
        ended = threading.Event()

        def again() -> None:
            while not ended.wait(self._beat_seconds):
                with _said("a sign of life"):
                    act()

        with _said("a sign of life"):
            act()
        beside = threading.Thread(target=again, daemon=True)
        beside.start()
        try:
            yield
        finally:
            ended.set()
            beside.join()


class _Look:
    """Asks the ledger now and then whether a report is still wanted from us."""

    def __init__(self, ledger: Ledger, job: str, worker: str) -> None:
        self._ledger, self._job, self._worker = ledger, job, worker
        self._asked = time.monotonic()

    def __call__(self) -> None:
        """Raises NotWanted, a second after the ledger says so at the latest."""
        if time.monotonic() - self._asked >= ASK_SECONDS:
            self.now()

    def now(self) -> None:
        """Asks. Raises NotWanted; a ledger that does not answer is asked again later."""
        self._asked, wanted = time.monotonic(), True
        with _said("whether a report is wanted"):
            wanted = self._ledger.holds(self._job, self._worker)
        if not wanted:
            raise NotWanted


@contextlib.contextmanager
def _said(what: str) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        LOG.warning("the ledger did not take %s: %s", what, error)


@contextlib.contextmanager
def _obedient() -> Iterator[threading.Event]:
    """SIGTERM and SIGINT end the block by `Stopped`, once: a second one must not cut short the tidying up.

    The event is set besides, in case the exception ends in a place that cannot hand it on. Signals reach the main
    thread only; elsewhere nothing is changed.
    """
    told = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        if not told.is_set():
            told.set()
            raise Stopped

    main = threading.current_thread() is threading.main_thread()
    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)} if main else {}
    try:
        yield told
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
