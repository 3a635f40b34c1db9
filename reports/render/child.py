"""Decides how the process behaves that makes reports: orders in, progress and results out, a sign of life a second.

It holds the warm browser and the paper's engine, and nothing that the worker could not lose: when it is killed, its
browser and its folder go with it (guard.py). What makes a report is named on its command line, `module:function`, and
handed the settings; so this room needs to know none of the floors above it.
"""

from __future__ import annotations

import contextlib
import dataclasses
import importlib
import logging
import os
import queue
import secrets
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

import errors
from errors import UserError
from reports.order import Order, from_record
from reports.render import guard
from reports.render.wire import Ear, Ended, Mouth
from settings import Settings

LOG = logging.getLogger("truelift.reports")
BEAT_SECONDS = 1.0
HEAR_SECONDS = 60.0
FAREWELL_SECONDS = 3.0


class Maker(Protocol):
    """What makes reports in this process: reports.maker.Maker, or a test's own."""

    def make(self, order: Order, out: Path, tell: Any) -> Any:
        """The report, written to `out`; a dataclass that says what was made. Raises UserError."""

    def warm(self) -> bool:
        """Makes ready what the first report would have to wait for; False when there is no browser."""


def main(words: Sequence[str]) -> int:
    """Opens the maker of words[0] with the settings that come first, then does as it is told until nobody speaks."""
    mouth, orders = Mouth(_own_stdout(), HEAR_SECONDS), _heard()
    first = orders.get()
    if first is None:
        return 0
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    logging.getLogger("truelift").setLevel(first["log"])
    with contextlib.suppress(Ended):
        with _beating(mouth, 0):
            maker = _opened(words[0], settings_of(first["settings"]))
        while message := orders.get():
            with _beating(mouth, message["number"]) as say:
                _obey(maker, message, say)
    return 0


def _opened(named: str, settings: Settings) -> Maker:
    module, _, name = named.partition(":")
    maker: Maker = getattr(importlib.import_module(module), name)(settings)
    return maker


def _own_stdout() -> int:
    """The pipe to the worker, out of reach of whatever prints: that goes to the log."""
    own = os.dup(1)
    os.dup2(2, 1)
    return own


def _heard() -> queue.Queue[dict[str, Any] | None]:
    """What the worker says, read beside the work; when the worker is gone this process does not stay for long."""
    said: queue.Queue[dict[str, Any] | None] = queue.Queue()

    def listen() -> None:
        ear = Ear(0)
        with contextlib.suppress(Ended):
            while True:
                if message := ear.next(HEAR_SECONDS):
                    said.put(message)
        said.put(None)
        time.sleep(FAREWELL_SECONDS)
        guard.end(os.getpid())

    threading.Thread(target=listen, daemon=True).start()
    return said


@contextlib.contextmanager
def _beating(mouth: Mouth, number: int) -> Iterator[Any]:
    """Signs of life from beside the work; gives what sends a message about this order."""
    ended, one = threading.Event(), threading.Lock()

    def say(says: str, **more: Any) -> None:
        with one:
            mouth.say({"says": says, "number": number, **more})

    def beat() -> None:
        with contextlib.suppress(Ended):
            while not ended.wait(BEAT_SECONDS):
                say("beat")

    beside = threading.Thread(target=beat, daemon=True)
    beside.start()
    try:
        yield say
    finally:
        ended.set()
        beside.join()


def _obey(maker: Maker, message: dict[str, Any], say: Any) -> None:
    """Does one thing and says what became of it; a fault of ours is told by its reference in the log."""
    try:
        if message["act"] == "warm":
            say("warm", browser=maker.warm())
            return
        made = maker.make(from_record(message["order"]), Path(message["out"]), lambda share, step: say(
            "step", share=share, step=step
        ))  # fmt: skip
        say("made", record=record_of(made))
    except UserError as error:
        say("refused", kind=type(error).__name__, sentence=str(error))
    except OSError as error:
        LOG.exception("a report could not be written")
        say("refused", kind="UserError", sentence=unwritten(error))
    except Ended:
        raise
    except Exception:
        reference = secrets.token_hex(4)
        LOG.exception("report of %s failed, reference %s", message.get("order"), reference)
        say("fault", reference=reference)


def unwritten(error: OSError) -> str:
    """Why a file could not be written, and what to do."""
    why = error.strerror or "the system refused it"
    return f"The report could not be written: {why}. Make room or mend the folder's rights, then ask again."


def record_of(made: Any) -> dict[str, Any]:
    """What was made as JSON has it."""
    return {field.name: _plain(getattr(made, field.name)) for field in dataclasses.fields(made)}


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Path) else value


def raised(kind: str, sentence: str) -> UserError:
    """The refusal that the child told, as one of ours."""
    known = getattr(errors, kind, UserError)
    return known(sentence) if isinstance(known, type) and issubclass(known, UserError) else UserError(sentence)


def settings_record(settings: Settings) -> dict[str, Any]:
    """The settings that making a report needs, as JSON has them; no address, no password."""
    kept = ("currency", "timezone", "keep_versions", "limits", "charts_seconds", "chart_seconds")
    return {"data_dir": str(settings.data_dir)} | {key: getattr(settings, key) for key in kept}


def settings_of(record: dict[str, Any]) -> Settings:
    """Those settings read back."""
    limits = tuple((str(key), str(value)) for key, value in record["limits"])
    return Settings(**{**record, "data_dir": Path(record["data_dir"]), "limits": limits})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
