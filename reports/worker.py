"""Decides who makes the reports that people ask for: a process of its own that owns the warm browser.

It takes jobs from the ledger under a lease, renews the lease while it works, and ends each job as sent or as failed
with a sentence. Told to stop, it gives its job back and takes its browser with it.
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

from data.ledger.jobs import Job, Ledger
from errors import UserError
from reports.order import Order
from reports.render.pictures import Pictures
from reports.report import Answers, build

LOG = logging.getLogger("truelift.reports")
JOB_SECONDS = 600
BEAT_SECONDS = 10.0
LOOK_SECONDS = 0.3


class Stopped(SystemExit):
    """The worker was told to end. A SystemExit, since an event loop hands on no other exception of a signal."""


class _Overdue(SystemExit):
    """The job used up its time."""


def order_of(job: Job) -> Order:
    """What a job asks for. Raises BadFilter."""
    return Order(query=job.query, pages=job.pages, form=job.format, version=job.data_version, **job.options)


class Worker:
    """One maker of reports. open_answers: called for each job with the version of the data that it asks for, or None.

    folder: where the files go, by job id. pictures: kept warm from job to job; `run` closes it.
    """

    def __init__(
        self,
        ledger: Ledger,
        open_answers: Callable[[int | None], Answers],
        folder: Path,
        pictures: Pictures | None = None,
    ) -> None:
        self.name = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(3)}"
        self._ledger = ledger
        self._open_answers = open_answers
        self._folder = folder
        self._pictures = pictures or Pictures()

    def run(self, once: bool = False) -> int:
        """Works until told to stop, or with `once` until nothing is due; returns how many jobs it ended."""
        ended = 0
        with _obedient() as told, self._pictures, contextlib.suppress(Stopped):
            with self._beating():
                if not once:
                    self._pictures.warm()
                while not told.is_set():
                    job = self._ledger.take(self.name)
                    if job:
                        self.make(job)
                        ended += 1
                    elif once:
                        break
                    else:
                        time.sleep(LOOK_SECONDS)
        self._ledger.forget(self.name)
        return ended

    def make(self, job: Job) -> None:
        """Makes one report and writes what became of it into the ledger."""
        LOG.info("report %s: “%s”, pages %s", job.id, job.query, ",".join(job.pages) or "all")
        try:
            with self._renewing(job), _deadline(JOB_SECONDS):
                self._send(job)
        except Stopped:
            self._ledger.release(job.id, self.name)
            raise
        except UserError as error:
            self._ledger.fail(job.id, str(error), self.name)
        except _Overdue:
            reason = f"The report was not ready after {JOB_SECONDS // 60} minutes. Ask for fewer pages or rows."
            self._ledger.fail(job.id, reason, self.name)
        except Exception:
            LOG.exception("report %s of “%s” failed", job.id, job.query)
            reason = f"The report could not be made: a fault in TrueLift. Its log tells more under {job.id[:8]}."
            self._ledger.fail(job.id, reason, self.name)

    def _send(self, job: Job) -> None:
        file = self._folder / f"{job.id}.{job.format}"
        result = build(
            self._open_answers(job.data_version),
            order_of(job),
            file,
            lambda share, step: self._ledger.progress(job.id, share, step, self.name),
            self._pictures,
        )
        if not self._ledger.finish(job.id, file.name, result.data_version, result.seconds, self.name):
            LOG.warning("report %s was taken over by another worker", job.id)

    @contextlib.contextmanager
    def _beating(self) -> Iterator[None]:
        with _every(BEAT_SECONDS, lambda: self._ledger.beat(self.name)):
            yield

    @contextlib.contextmanager
    def _renewing(self, job: Job) -> Iterator[None]:
        with _every(BEAT_SECONDS, lambda: self._ledger.renew(job.id, self.name)):
            yield


@contextlib.contextmanager
def _every(seconds: float, act: Callable[[], object]) -> Iterator[None]:
    """Does it now and every so often from a thread beside, until the block ends; a busy ledger is tried again."""
    ended = threading.Event()

    def again() -> None:
        while not ended.wait(seconds):
            try:
                act()
            except Exception as error:
                LOG.warning("the ledger did not answer: %s", error)

    act()
    beside = threading.Thread(target=again, daemon=True)
    beside.start()
    try:
        yield
    finally:
        ended.set()
        beside.join()


def _is_main() -> bool:
    return threading.current_thread() is threading.main_thread()


@contextlib.contextmanager
def _obedient() -> Iterator[threading.Event]:
    """SIGTERM and SIGINT end the block by `Stopped`, once: a second one must not cut short the tidying up.

    The event is set besides, in case the exception ends in a place that cannot hand it on.
    """
    told = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        if not told.is_set():
            told.set()
            raise Stopped

    with _handling({signal.SIGTERM: stop, signal.SIGINT: stop}):
        yield told


@contextlib.contextmanager
def _deadline(seconds: float) -> Iterator[None]:
    """Raises _Overdue in the block after so many seconds, and again where nobody heard it."""

    def ring(number: int, frame: FrameType | None) -> None:
        raise _Overdue

    with _handling({signal.SIGALRM: ring}):
        if _is_main():
            signal.setitimer(signal.ITIMER_REAL, seconds, BEAT_SECONDS)
        try:
            yield
        finally:
            if _is_main():
                signal.setitimer(signal.ITIMER_REAL, 0)


@contextlib.contextmanager
def _handling(handlers: dict[signal.Signals, Callable[[int, FrameType | None], None]]) -> Iterator[None]:
    """Those handlers for the block; signals reach the main thread only, elsewhere nothing is changed."""
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()} if _is_main() else {}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
