"""Decides what runs are tried with instead of a real post: one that remembers, does as it is told, or dies."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from reports.delivery.recipient import Outcome, Recipient

Answer = Outcome | BaseException | Callable[[], Outcome]


@dataclass
class FakePost:
    """Post.deliver without a network.

    answers: (run, address) or address → what it says, raises or calls; 'sent' for all others. arrived: every message
    that reached its reader, in order, as (message_id, address): twice the same is a doubled report. kill: (message_id,
    'before' | 'after') ends this process by SIGKILL before or after the message arrives; `at` is asked at each point.
    """

    answers: dict[Any, Answer] = field(default_factory=dict)
    arrived: list[tuple[str, str]] = field(default_factory=list)
    asked: list[tuple[Any, Recipient, str]] = field(default_factory=list)
    kill: tuple[str, str] | None = None
    at: Callable[[str, str], None] = lambda point, message_id: None

    def deliver(self, parcel: Any, recipient: Any, message_id: str) -> Outcome:
        """As reports.delivery.post.Post."""
        self.asked.append((parcel, recipient, message_id))
        self._pass("before", message_id)
        answer = self.answers.get((parcel.run, recipient.address), self.answers.get(recipient.address))
        outcome = answer() if callable(answer) else answer or Outcome("sent")
        if isinstance(outcome, BaseException):
            raise outcome
        if outcome.state in ("sent", "in doubt"):
            self.arrived.append((message_id, recipient.address))
        self._pass("after", message_id)
        return outcome

    def _pass(self, point: str, message_id: str) -> None:
        self.at(point, message_id)
        if self.kill == (message_id, point):
            os.kill(os.getpid(), signal.SIGKILL)


@dataclass
class FakeNotices:
    """Notices.tell that remembers: key → (owner, title, sentence); the same key twice is one notice."""

    told: dict[str, tuple[str, str, str]] = field(default_factory=dict)

    def tell(self, key: str, owner: str, title: str, sentence: str) -> None:
        """As reports.delivery.notices.Notices."""
        self.told.setdefault(key, (owner, title, sentence))
