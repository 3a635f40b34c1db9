"""Runs sendings that die at a chosen step; run as a script by the tests, never imported by them.

Usage: dying.py JOB.json, which holds {"port", "folder", "readers", "deaths": [[name, step], …]}. For each death a
forked child sends one report to the readers by mail, from the data folder folder/name, and is killed by SIGKILL at the
step (0: never). Writes {name: [exit status or -signal, steps taken]}.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import smtplib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from data.ledger.book import Book
from reports.delivery import mail
from reports.delivery.mail import Mailer
from reports.delivery.post import Post
from reports.delivery.recipient import Recipient
from reports.schedules.clockwork import Clockwork
from reports.schedules.schedule import from_record
from settings import Smtp
from tests.reports.delivery.parcels import house
from tests.reports.delivery.rounds import Maker, standing, works

_COUNTED = ((Book, "write"), (Book, "change"), (smtplib.SMTP, "send"), (smtplib.SMTP, "getreply"), (mail, "_verdict"),
            (Maker, "make"))  # fmt: skip


class Steps:
    """Counts the moments before and after each step that leaves a trace, and dies at one of them."""

    def __init__(self, step: int, told_to: Path) -> None:
        self.step, self.taken, self.told_to = step, 0, told_to

    def begin(self) -> None:
        """From here on steps count."""
        for owner, name in _COUNTED:
            setattr(owner, name, self._counted(getattr(owner, name)))

    def _counted(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def step(*given: Any, **named: Any) -> Any:
            self._pass()
            answer = real(*given, **named)
            self._pass()
            return answer

        return step

    def _pass(self) -> None:
        self.taken += 1
        self.told_to.write_text(str(self.taken))
        if self.taken == self.step:
            os.kill(os.getpid(), signal.SIGKILL)


def send(folder: Path, port: int, steps: Steps) -> None:
    """The one run that is due, to the readers of its schedule."""
    clockwork = worker(folder, port)
    steps.begin()
    clockwork.work_once()


def worker(folder: Path, port: int) -> Clockwork:
    """One over that data folder."""
    settings = house(folder, port)
    post = Post(settings, mailer=Mailer(Smtp("127.0.0.1", port, "never"), 10.0))
    return works(settings, lambda: 1785555000.0, post, Maker(), f"w{os.getpid()}")


def death(base: Path, folder: Path, port: int, step: int) -> tuple[int, int]:
    """How one child ended, and how many steps it took."""
    shutil.copytree(base, folder)
    asking = worker(folder, port)
    (row,) = asking.doing.schedules.all()
    asking.doing.runs.open_now(row.id, asking.asked(from_record(row.record)))
    counter = folder / "steps"
    counter.write_text("0")
    child = os.fork()
    if not child:
        send(folder, port, Steps(step, counter))
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    return os.waitstatus_to_exitcode(status), int(counter.read_text())


def main() -> None:
    """Carries out the deaths of the job."""
    place = Path(sys.argv[1])
    job = json.loads(place.read_text(encoding="utf-8"))
    home, port = Path(job["folder"]), job["port"]
    shutil.rmtree(home / "base", ignore_errors=True)
    standing(worker(home / "base", port), *(Recipient("mail", f"reader{n}@example.com") for n in range(job["readers"])))
    ended = {name: death(home / "base", home / name, port, step) for name, step in job["deaths"]}
    place.with_suffix(".ended").write_text(json.dumps(ended), encoding="utf-8")


if __name__ == "__main__":
    main()
