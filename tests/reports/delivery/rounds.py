"""Decides how a whole run is tried: the real schedules, runs, ledger, post and notices over a renderer that is not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.ledger.deliveries import Deliveries
from data.ledger.runs import Runs
from data.ledger.schedules import Schedules
from reports.delivery.notices import Notices
from reports.delivery.post import Post
from reports.delivery.recipient import Recipient
from reports.order import Order
from reports.schedules.clockwork import Clockwork
from reports.schedules.doing import Doing
from reports.schedules.needs import DataState
from reports.schedules.recurrence import parsed
from reports.schedules.schedule import Schedule, from_record
from settings import Settings
from tests.reports.delivery.parcels import PDF

OWNER = "owner@example.com"


@dataclass(frozen=True)
class Made:
    """A finished report."""

    file: Path
    problems: tuple[str, ...] = ()
    data_version: int = 1
    missing: tuple[str, ...] = ()
    headline: str = "Influencers brought ₹3.94 Cr."
    edition: str = "2026-08-03 · a41f9c"


@dataclass
class Maker:
    """Makes a small report, or does what it is told."""

    instead: Callable[[Path], Made] | None = None

    def make(self, order: Order, out: Path, tell: Any = None, look: Any = None) -> Made:
        """As the renderer does."""
        if self.instead:
            return self.instead(out)
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_bytes(PDF)
        return Made(out)


def works(settings: Settings, clock: Callable[[], float], post: Post, maker: Maker, worker: str = "w1") -> Clockwork:
    """One worker over this data folder."""
    url = settings.ledger
    kept = Deliveries(url, clock)
    days = DataState(1, 0.0)
    doing = Doing(
        Schedules(url, clock), Runs(url, clock), kept, maker, post, settings.reports_dir, clock, lambda: days
    )  # fmt: skip
    return Clockwork(doing, Notices(kept, settings, clock=clock), worker)


def standing(clockwork: Clockwork, *recipients: Recipient) -> Schedule:
    """A schedule of each Monday, kept."""
    one = Schedule(
        id="", name="Weekly return", owner=OWNER, order=Order(""), recurrence=parsed("weekly mon 09:00"),
        zone="Asia/Kolkata", recipients=recipients,
    )  # fmt: skip
    number = clockwork.doing.schedules.add(one.as_record())
    kept = clockwork.doing.schedules.get(number)
    assert kept is not None
    return from_record({**kept.record, "id": number})
