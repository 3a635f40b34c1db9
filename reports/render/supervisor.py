"""Decides how long the maker of reports is waited for, when it is replaced, and what is said when it fails.

Reports are made in one warm child process (child.py) under a guard (guard.py). A child that hangs, dies or eats the
memory is killed with its browser; what it was doing is tried once more where that can help, then refused with a
sentence. A child that has made enough reports, or has grown, is replaced between two reports.
"""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from errors import UserError
from reports.order import Order
from reports.render import child as made_in
from reports.render import guard
from reports.render.wire import Ear, Ended, Mouth
from reports.result import ReportResult
from settings import ROOT, Settings

LOG = logging.getLogger("truelift.reports")
MAKER = "reports.maker:from_settings"
LOOK_SECONDS = 0.25
WEIGH_SECONDS = 1.0
LET_GO_SECONDS = 15.0
LONGEST_PLACE, SHORT_PLACE = 20, "/tmp"
_KEPT = ("PATH", "LANG", "LC_ALL", "TZ", "BROWSER_PATH", "FONTCONFIG_FILE", "FONTCONFIG_PATH", "LD_LIBRARY_PATH",
         "PYTHONHASHSEED", "PYTHONDONTWRITEBYTECODE", "PYTHONUTF8")  # fmt: skip
LAST_WORDS = ("made", "refused", "fault")
ASK = "Ask for fewer pages or rows."
DIED = f"The report could not be made: what makes reports ended twice while it was at this one. {ASK}"
SILENT = f"The report could not be made: what makes reports hung twice while it was at this one. {ASK}"
FAULT = "The report could not be made: a fault in TrueLift. Its log tells more under {reference}."


@dataclass(frozen=True)
class Bounds:
    """seconds: of one report. silent: without a sign of life until the child is taken for hung. reports, memory: after
    so many, or above so many bytes, the child is replaced. most_memory: bytes at which a report is given up."""

    seconds: float = 600.0
    silent: float = 30.0
    reports: int = 50
    memory: int = 1_200_000_000
    most_memory: int = 4_000_000_000


class _Gone(Exception):
    """The child is of no more use. sentence: what the reader is told; again: whether a second try may help."""

    def __init__(self, sentence: str, again: bool = False) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.again = again


class _Child:
    """One child with its guard, its pipes and its folder."""

    def __init__(self, maker: str, settings: Settings, silent: float) -> None:
        self._folder = tempfile.mkdtemp(prefix="truelift-render-", dir=_place())
        theirs, self._leash = os.pipe()
        command = [sys.executable, "-P", "-m", made_in.__name__, maker]
        watched = [sys.executable, "-I", "-S", guard.__file__, str(theirs), self._folder, *command]
        self._guard = subprocess.Popen(
            watched, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=_clean(self._folder), cwd=self._folder,
            pass_fds=(theirs,), start_new_session=True, bufsize=0,
        )  # fmt: skip
        os.close(theirs)
        self.made, self._number = 0, 0
        self._mouth = Mouth(self._guard.stdin.fileno(), silent)  # type: ignore[union-attr]
        self._ear = Ear(self._guard.stdout.fileno())  # type: ignore[union-attr]
        level = LOG.getEffectiveLevel()
        self._mouth.say({"settings": made_in.settings_record(settings), "log": level})

    @property
    def alive(self) -> bool:
        """Whether its guard stands."""
        return self._guard.poll() is None

    @property
    def leader(self) -> int | None:
        """The process that makes the reports and leads the session; None when it has not begun or is gone."""
        with contextlib.suppress(OSError, ValueError):
            return int(Path(self._folder, guard.LEADER).read_text())
        return None

    def memory(self) -> int:
        """Bytes that the child and its browser have for themselves."""
        return sum(guard.session(leader).values()) if (leader := self.leader) else 0

    def say(self, **message: Any) -> int:
        """Tells it to do something; the number under which it will answer. Raises Ended."""
        self._number += 1
        self._mouth.say({**message, "number": self._number})
        return self._number

    def hear(self) -> dict[str, Any] | None:
        """What it says within a moment. Raises Ended."""
        return self._ear.next(LOOK_SECONDS)

    def end(self) -> None:
        """Lets go of the leash and waits until everything is gone; a guard that is none any more is stood in for."""
        leader = self.leader
        with contextlib.suppress(OSError):
            os.close(self._leash)
        try:
            self._guard.wait(LET_GO_SECONDS)
        except subprocess.TimeoutExpired:
            self._guard.kill()
            self._guard.wait()
        if self._guard.returncode and leader:
            guard.end(leader)
        for pipe in (self._guard.stdin, self._guard.stdout):
            pipe.close()  # type: ignore[union-attr]
        shutil.rmtree(self._folder, ignore_errors=True)


def _place() -> str:
    """Where the child's folder lies; a browser cannot begin in a place with a long name (pictures.LONGEST_FOLDER)."""
    usual = tempfile.gettempdir()
    return usual if len(usual) <= LONGEST_PLACE or not os.access(SHORT_PLACE, os.W_OK) else SHORT_PLACE


def _clean(folder: str) -> dict[str, str]:
    """The child's environment: our modules, its own home and folder; no secret, no proxy, no setting of a person."""
    kept = {key: os.environ[key] for key in _KEPT if key in os.environ}
    return {**kept, "PYTHONPATH": str(ROOT), "HOME": folder, "TMPDIR": folder, "XDG_CACHE_HOME": folder}


class Renderer:
    """Makes reports in a child. maker: `module:function` of what makes them; bounds: None for those of the settings.

    One report at a time; a second thread waits. Use as a context, or end it with `close`.
    """

    def __init__(self, settings: Settings, maker: str = MAKER, bounds: Bounds | None = None) -> None:
        self._settings = settings
        self._maker = maker
        self._bounds = bounds or Bounds(seconds=settings.report_seconds)
        self._child: _Child | None = None
        self._one = threading.Lock()

    def __enter__(self) -> Renderer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def leader(self) -> int | None:
        """The child's process, which leads the session of all it starts; None while there is none."""
        return self._child.leader if self._child else None

    def warm(self) -> None:
        """Sees to it that a child stands ready, or makes itself so; does not wait for it."""
        with contextlib.suppress(Ended, OSError):
            self._ready()

    def close(self) -> None:
        """Ends the child, its browser and its folder; they are gone when this returns."""
        child, self._child = self._child, None
        if child:
            child.end()

    def make(
        self,
        order: Order,
        out: Path,
        tell: Callable[[float, str], object] | None = None,
        look: Callable[[], object] | None = None,
    ) -> ReportResult:
        """Makes the report that is ordered and writes it to `out`, whole or not at all. Raises UserError.

        tell: hears the progress, a share of 1 and the step in words. look: called several times a second; what it
        raises ends the report, and comes out of here.
        """
        out = out.absolute()
        with self._one:
            for last in (False, True):
                try:
                    return self._once(order, out, tell or _nothing, look or _nothing)
                except _Gone as gone:
                    LOG.warning("the child that makes reports was ended: %s", gone.sentence)
                    if last or not gone.again:
                        raise UserError(gone.sentence) from None
        raise AssertionError("a second try returns or raises")

    def _once(self, order: Order, out: Path, tell: Callable[..., object], look: Callable[..., object]) -> ReportResult:
        try:
            child = self._ready()
            number = child.say(act="make", order=order.as_record(), out=str(out))
            said = self._followed(child, number, tell, look)
        except BaseException as error:
            self.close()
            _swept(out)
            if isinstance(error, Ended):
                raise _Gone(DIED, again=True) from None
            raise
        self._counted(child)
        return _made(said)

    def _ready(self) -> _Child:
        if self._child and not self._child.alive:
            self.close()
        if self._child is None:
            self._child = _Child(self._maker, self._settings, self._bounds.silent)
            self._child.say(act="warm")
        return self._child

    def _counted(self, child: _Child) -> None:
        """One more report; a child that has made enough, or has grown, makes no other."""
        child.made += 1
        if child.made >= self._bounds.reports or child.memory() > self._bounds.memory:
            self.close()

    def _followed(
        self, child: _Child, number: int, tell: Callable[..., object], look: Callable[..., object]
    ) -> dict[str, Any]:
        """The last word on the order; raises what `look` raises, Ended or _Gone."""
        watch = _Watch(self._bounds, child)
        while True:
            message = child.hear()
            look()
            watch.check(heard=message is not None)
            if message is None or message.get("number") != number:
                continue
            if message["says"] in LAST_WORDS:
                return message
            if message["says"] == "step":
                tell(message["share"], message["step"])


class _Watch:
    """The bounds of one report, from its order on."""

    def __init__(self, bounds: Bounds, child: _Child) -> None:
        self._bounds = bounds
        self._child = child
        self._began = self._heard = self._weighed = time.monotonic()

    def check(self, heard: bool) -> None:
        """Raises _Gone when the child is too late, too quiet or too large."""
        now = time.monotonic()
        if heard:
            self._heard = now
        if now - self._began > self._bounds.seconds:
            raise _Gone(f"The report was not ready after {_span(self._bounds.seconds)}. {ASK}")
        if now - self._heard > self._bounds.silent:
            raise _Gone(SILENT, again=True)
        if now - self._weighed > WEIGH_SECONDS:
            self._weighed = now
            if self._child.memory() > self._bounds.most_memory:
                raise _Gone(f"The report needs more than {self._bounds.most_memory / 1e9:.1f} GB of memory. {ASK}")


def _span(seconds: float) -> str:
    return f"{seconds / 60:.0f} minutes" if seconds >= 120 else f"{seconds:.0f} seconds"


def _nothing(*_: object) -> None:
    """Hears and does nothing."""


def _made(said: Mapping[str, Any]) -> ReportResult:
    """What was made; what an older or newer record has besides is left. Raises the UserError that was told instead."""
    if said["says"] == "refused":
        raise made_in.raised(said["kind"], said["sentence"])
    if said["says"] == "fault":
        raise UserError(FAULT.format(reference=said["reference"]))
    known = {one.name: said["record"][one.name] for one in fields(ReportResult) if one.name in said["record"]}
    lists = {key: tuple(known[key]) for key in ("missing", "problems") if key in known}
    return ReportResult(**{**known, **lists, "file": Path(known["file"])})


def _swept(out: Path) -> None:
    """What a killed child left half written beside its place."""
    for half in out.parent.glob(f".{out.name}.*"):
        half.unlink(missing_ok=True)
