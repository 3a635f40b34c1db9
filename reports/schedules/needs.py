"""Decides what a run asks of the rooms around it: who renders, who carries, who tells the owner, what the data are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Protocol

from reports.delivery.recipient import Outcome, Parcel, Recipient
from reports.order import Order

Progress = Callable[[float, str], object]
"""Told how far a report is: a share of 1 and the step in words."""


@dataclass(frozen=True)
class DataState:
    """The data as they are now.

    version: 0 where nothing has been imported. imported: when this version was, seconds since 1970. last_day: the last
    day of its rows. campaigns: campaign → its first and last day.
    """

    version: int = 0
    imported: float = 0.0
    last_day: date | None = None
    campaigns: Mapping[str, tuple[date, date]] = field(default_factory=dict)


class Made(Protocol):
    """A finished report: render.supervisor.Made, reports.report.ReportResult."""

    @property
    def file(self) -> Path:
        """Where it lies."""

    @property
    def data_version(self) -> int:
        """The version of the data that it is made from."""


class Renderer(Protocol):
    """render.supervisor.Renderer, or reports.maker.Maker in this process."""

    def make(self, order: Order, out: Path, tell: Progress, look: Callable[[], object]) -> Made:
        """Writes the report to `out`, whole or not at all. What `tell` or `look` raises comes out. Raises UserError."""


class Post(Protocol):
    """delivery.post.Post."""

    def deliver(self, parcel: Parcel, recipient: Recipient, message_id: str) -> Outcome:
        """Carries one parcel to one recipient, now. It keeps no states: the run does, before and after.

        message_id: the same for the same run and recipient whenever it is called.
        """


class Notices(Protocol):
    """delivery.notices.Notices."""

    def tell(self, key: str, owner: str, title: str, sentence: str) -> object:
        """Tells the owner one sentence under one title. The same key twice is one notice."""


def problems(made: Made) -> Sequence[str]:
    """The usual preflight: what the report itself found that must not go out, as sentences."""
    found: Sequence[str] = getattr(made, "problems", ())
    return found
