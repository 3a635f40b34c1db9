"""Decides that nothing outlives its owner: a child, its browser and their folder go when the leash is let go.

Run as a small process of its own: `python guard.py LEASH FOLDER COMMAND…`. LEASH is the reading end of a pipe whose
other end the owner holds and never writes to: it closes when the owner lets go and also when the owner is killed,
which is why no word of the owner is needed. What the command starts stays in its session or becomes the guard's
own child.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence

LEADER = "leader"
LOOK_SECONDS = 0.2
END_SECONDS = 8.0
BURY_SECONDS = 2.0
_PR_SET_CHILD_SUBREAPER = 36
_PAGE = os.sysconf("SC_PAGE_SIZE")


def session(leader: int) -> dict[int, int]:
    """The living processes of the session that `leader` began, each with the bytes of memory that are its alone."""
    return {process: _own(process) for process, _, begun_by in _processes() if begun_by == leader}


def _family(head: int, dead: bool = False) -> set[int]:
    """Who descends from a process, itself left out; dead: also those who are but a name in the process table."""
    known, found, size = _processes(dead), {head}, 0
    while len(found) > size:
        size = len(found)
        found |= {process for process, parent, _ in known if parent in found}
    return found - {head}


def _processes(dead: bool = False) -> list[tuple[int, int, int]]:
    """Every process: its id, its parent, who began its session."""
    stats = [(int(name), _read(int(name), "stat").rpartition(") ")[2].split()) for name in _numbers()]
    return [
        (name, int(stat[1]), int(stat[3])) for name, stat in stats if len(stat) > 3 and (dead or stat[0] not in "ZX")
    ]


def _numbers() -> list[str]:
    return [name for name in os.listdir("/proc") if name.isdigit()]


def _own(process: int) -> int:
    fields = _read(process, "statm").split()
    return (int(fields[1]) - int(fields[2])) * _PAGE if len(fields) > 2 else 0


def _read(process: int, file: str) -> str:
    """A file that /proc keeps of a process; '' when the process is gone."""
    try:
        with open(f"/proc/{process}/{file}", encoding="utf-8", errors="replace") as text:
            return text.read()
    except OSError:
        return ""


def end(leader: int, keeper: int = 0) -> bool:
    """Kills the whole session, and who descends from `keeper`, again until nobody is left; False when some still live
    after END_SECONDS."""
    until = time.monotonic() + END_SECONDS
    while living := {*session(leader), *(_family(keeper) if keeper else ())}:
        for process in living:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def main(words: Sequence[str]) -> int:
    """Runs the command until it ends or the leash is let go; then ends what is left of it and removes its folder."""
    leash, folder, command = int(words[0]), words[1], words[2:]
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _adopt()
    child = subprocess.Popen(command, start_new_session=True)
    try:
        with open(os.path.join(folder, LEADER), "w", encoding="ascii") as file:
            file.write(f"{child.pid}")
        _let_go_of(0, 1)
        while child.pid not in _bury() and not select.select([leash], [], [], LOOK_SECONDS)[0]:
            pass
    finally:
        end(child.pid, os.getpid())
        _bury_all()
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def _adopt() -> None:
    """Whoever loses its parent below becomes ours, also a helper of the browser that began a session of its own."""
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _bury() -> set[int]:
    """Takes the dead out of the process table, since a container may have nobody else who does; who they were."""
    dead: set[int] = set()
    with contextlib.suppress(ChildProcessError):
        while number := os.waitpid(-1, os.WNOHANG)[0]:
            dead.add(number)
    return dead


def _bury_all() -> None:
    """The same until nobody of ours is left to die, for a moment at most."""
    until = time.monotonic() + BURY_SECONDS
    while (_bury() or _family(os.getpid(), dead=True)) and time.monotonic() < until:
        time.sleep(0.02)


def _let_go_of(*ends: int) -> None:
    """The pipes are the child's: each side must see it when the other is gone."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in ends:
        os.dup2(nothing, number)
    os.close(nothing)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
