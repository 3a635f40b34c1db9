"""Decides how a worker runs in the tests of restarts: the real ledger on a quick clock, reports that take a moment."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from data.ledger.jobs import Ledger
from reports.render.supervisor import Renderer
from reports.worker import Worker
from settings import load

ACTOR = "tests.reports.render.making:Actor"
SPEED = 30
"""Seconds of the ledger in one of ours: a lease of a minute runs out in two seconds."""


def quick() -> float:
    """The ledger's clock."""
    return time.time() * SPEED


def main(folder: Path) -> None:
    """Works until told to stop, and writes down each job that it ended as sent."""
    settings = load(folder, {})
    ledger = Ledger(settings.ledger, quick)
    finish = ledger.finish

    def counted(number: str, *rest: object) -> bool:
        done = finish(number, *rest)
        if done:
            with (folder / "finished").open("a") as file:
                file.write(f"{number}\n")
        return done

    ledger.finish = counted  # type: ignore[method-assign, assignment]
    Worker(ledger, Renderer(settings, ACTOR), settings.reports_dir, beat_seconds=0.3).run()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
