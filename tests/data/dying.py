"""Runs imports that die or find the disk full at a chosen step; run as a script by the tests, never imported by them.

Usage: dying.py JOB.json, which holds {"base", "file", "work", "deaths": [[name, way, how, step], …]}. The folder base
is copied to work/name for each death; a forked child imports file there: way 'run' at once, 'draft' by look and yes.
how: 'kill' (SIGKILL at the step), 'full' (from the step on nothing can be written), 'late' (SIGKILL after step ms),
'count' (only counts). Writes {name: [exit status or -signal, steps taken]}.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from data import ingest
from data.commands import told
from data.engines import duckdb as engine
from data.ingest import Plan
from errors import UserError
from settings import load

FULL = "IO Error: Could not write to file: No space left on device"
_COUNTED = ((os, "replace"), (os, "fsync"), (os, "pwrite"), (engine.Writer, "run"), (engine.Writer, "fill"))


class Steps:
    """Counts the steps at which something is written, and ends them at one of them."""

    def __init__(self, how: str, step: int, told_to: Path) -> None:
        self.how, self.step, self.taken, self.told_to = how, step, 0, told_to
        for owner, name in _COUNTED:
            setattr(owner, name, self._counted(getattr(owner, name), owner is os))

    def _counted(self, real: Callable[..., Any], system: bool) -> Callable[..., Any]:
        def step(*given: Any, **named: Any) -> Any:
            self.taken += 1
            self.told_to.write_text(str(self.taken))
            if self.how == "kill" and self.taken == self.step:
                os.kill(os.getpid(), signal.SIGKILL)
            if self.how == "full" and self.taken >= self.step:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) if system else engine.duckdb.IOException(FULL)
            return real(*given, **named)

        return step


def imports(folder: Path, file: Path, way: str) -> None:
    """One import of a file."""
    settings, plan = load(folder), Plan([(file, file.name)])
    if way == "run":
        ingest.run(plan, settings)
    else:
        ingest.publish(settings, ingest.prepare(plan, settings, told.as_record).draft)


def child(folder: Path, file: Path, way: str, how: str, step: int, count: Path) -> None:
    """Ends the process: 0 when all was imported, 3 when it ended with a sentence, 4 with anything else."""
    status = 4
    try:
        Steps(how, step, count)
        imports(folder, file, way)
        status = 0
    except UserError:
        status = 3
    except BaseException as error:
        sys.stderr.write(f"{way} {how} {step}: {type(error).__name__}: {error}\n")
    finally:
        sys.stderr.flush()
        os._exit(status)


def die(job: dict[str, Any], name: str, way: str, how: str, step: int) -> list[int]:
    """One death, in a copy of the base folder."""
    folder, count = Path(job["work"]) / name, Path(job["work"]) / f"{name}.steps"
    shutil.copytree(job["base"], folder)
    count.write_text("0")
    number = os.fork()
    if not number:
        child(folder, Path(job["file"]), way, how, step, count)
    if how == "late":
        time.sleep(step / 1000)
        os.kill(number, signal.SIGKILL)
    _, status = os.waitpid(number, 0)
    return [os.waitstatus_to_exitcode(status), int(count.read_text() or 0)]


if __name__ == "__main__":
    asked = json.loads(Path(sys.argv[1]).read_text())
    sys.stdout.write(json.dumps({one[0]: die(asked, *one) for one in asked["deaths"]}))
