"""A worker in a process of its own, which the tests kill: it does what is due and writes each parcel into one file."""

from __future__ import annotations

import os
import random
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from data.ledger.deliveries import Deliveries
from data.ledger.runs import Runs
from data.ledger.schedules import Schedules
from reports.delivery.recipient import Outcome
from reports.schedules.clockwork import Clockwork
from reports.schedules.doing import Doing
from reports.schedules.needs import DataState

LEASE, BEAT = 6.0, 0.5
ON = "on"
"""The file whose disappearance tells the workers to end."""


class Rooms:
    """Renderer, post and notices that write small files; each step takes a moment, so that a kill falls into it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def make(self, order: Any, out: Path, tell: Any, look: Any) -> Any:
        tell(0.1, "reads the numbers")
        time.sleep(random.uniform(0, 0.01))
        out.write_text(order.query)
        return SimpleNamespace(file=out, data_version=1, missing=(), problems=(), headline="", edition="")

    def deliver(self, parcel: Any, recipient: Any, message_id: str) -> Outcome:
        time.sleep(random.uniform(0, 0.005))
        self._append("sink", message_id)
        time.sleep(random.uniform(0, 0.005))
        return Outcome("sent")

    def tell(self, key: str, owner: str, title: str, sentence: str) -> None:
        self._append("notices", key)

    def _append(self, name: str, line: str) -> None:
        """One line, whole or not at all, whoever writes beside it."""
        file = os.open(self._folder / name, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(file, f"{line}\n".encode())
        os.close(file)


def clockwork(url: str, folder: Path, name: str, skew: float) -> Clockwork:
    """The clockwork of one worker whose clock goes wrong by so many seconds."""

    def clock() -> float:
        return time.time() + skew

    rooms = Rooms(folder)
    doing = Doing(
        schedules=Schedules(url, clock),
        runs=Runs(url, clock, LEASE),
        deliveries=Deliveries(url, clock),
        renderer=rooms,
        post=rooms,
        folder=folder,
        clock=clock,
        data=DataState,
    )
    return Clockwork(doing, rooms, name, BEAT)


def work(url: str, folder: str, name: str, skew: float) -> None:
    """Works until the tests say that it is enough."""
    own = clockwork(url, Path(folder), name, skew)
    while Path(folder, ON).exists():
        if not own.work_once():
            time.sleep(0.1)
