"""Decides how a child process is followed and stopped: by files in its folder, so that every web process can do it."""

from __future__ import annotations

import json
import os
import re
import resource
import signal
import subprocess
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from settings import ROOT

ANSWER, SAID, STOP, ENDED, ALIVE = "answer.json", "said.jsonl", "stop", "ended.json", "alive"
LOOK_SECONDS, GRACE_SECONDS, LOST_SECONDS = 0.1, 2.0, 30.0
_TAIL = 8192
_STARVED = re.compile(
    r"MemoryError|bad_alloc|Out of Memory|OutOfMem|Cannot allocate memory|failed to (?:allocate|map)|Memory allocation",
    re.I,
)


@dataclass(frozen=True)
class State:
    """How far a child is. state: running, done, stopped (by the reader), late (time is up), lost (nobody watches it).

    share: 0–1 of the work, says: what it is doing; answer: its standard output; trouble: the end of what it
    complained of, for the log and never for the screen; starved: it ended for want of memory.
    """

    state: str
    share: float = 0.0
    says: str = ""
    answer: str = ""
    trouble: str = ""
    starved: bool = False


def start(folder: Path, command: Sequence[str], seconds: float, memory: int = 0) -> None:
    """Run a command in a process group of its own; its output and progress go to files in `folder`.

    memory: bytes of address space that it and what it starts may each take, where the system can say so; 0: no limit.
    """
    with (folder / ANSWER).open("wb") as answer, (folder / SAID).open("wb") as said:
        child = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=answer, stderr=said, cwd=ROOT, start_new_session=True
        )
    _confine(child.pid, memory)
    (folder / ALIVE).touch()
    deadline = time.monotonic() + seconds
    threading.Thread(target=_watch, args=(child, folder, deadline), name="import", daemon=True).start()


def _confine(process: int, memory: int) -> None:
    """From outside: a function between fork and exec may hang where there are threads."""
    if memory and hasattr(resource, "prlimit"):
        with suppress(OSError, ValueError):
            resource.prlimit(process, resource.RLIMIT_AS, (memory, memory))


def _watch(child: subprocess.Popen[bytes], folder: Path, deadline: float) -> None:
    """Wait for the child; stop its group when that is asked for, when time is up or when its folder is gone."""
    why = ""
    while not why:
        with suppress(subprocess.TimeoutExpired):
            child.wait(LOOK_SECONDS)
            break
        late = time.monotonic() > deadline
        why = "late" if late else "stopped" if not folder.is_dir() or (folder / STOP).exists() else ""
        with suppress(OSError):
            os.utime(folder / ALIVE)
    if why:
        _kill(child)
    with suppress(OSError):
        coming = folder / f"{ENDED}.coming"
        coming.write_text(json.dumps({"why": why, "code": child.returncode}), encoding="utf-8")
        coming.replace(folder / ENDED)


def _kill(child: subprocess.Popen[bytes]) -> None:
    """End the whole group; whoever does not go within the grace is put an end to."""
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        child.wait(GRACE_SECONDS)
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def stop(folder: Path) -> None:
    """Ask for the end of a child; whichever process watches it sees that within a moment."""
    with suppress(OSError):
        (folder / STOP).touch()


def state(folder: Path) -> State:
    """How far the child of this folder is."""
    share, says = _progress(folder)
    ended = _read(folder / ENDED)
    if not ended:
        return State("running" if _watched(folder) else "lost", share, says)
    end, trouble = json.loads(ended), _tail(folder / SAID)
    starved = end["code"] == -signal.SIGKILL or (end["code"] != 0 and bool(_STARVED.search(trouble)))
    return State(end["why"] or "done", 1.0, says, _read(folder / ANSWER), trouble, starved)


def _watched(folder: Path) -> bool:
    try:
        return time.time() - (folder / ALIVE).stat().st_mtime < LOST_SECONDS
    except OSError:
        return False


def _progress(folder: Path) -> tuple[float, str]:
    """The newest line of progress: {"done": 0–1, "says": text}; other lines are complaints."""
    for line in reversed(_tail(folder / SAID).splitlines()):
        with suppress(ValueError, TypeError):
            read: Any = json.loads(line)
            return min(1.0, max(0.0, float(read["done"]))), str(read.get("says") or "")
    return 0.0, ""


def _tail(path: Path) -> str:
    """The last lines of a file."""
    with suppress(OSError), path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL))
        return file.read().decode("utf-8", errors="replace")
    return ""


def _read(path: Path) -> str:
    with suppress(OSError):
        return path.read_text(encoding="utf-8", errors="replace")
    return ""
