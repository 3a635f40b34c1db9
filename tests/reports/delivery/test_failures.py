"""What was not sent is never shown as sent, and its owner hears of it: once each, whatever went wrong.

TRUELIFT_FAILURES=100 injects so many; the figures are printed (pytest -s).
"""

from __future__ import annotations

import errno
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from data.ledger.deliveries import Deliveries
from errors import UserError
from reports.delivery.mail import Mailer
from reports.delivery.post import Post
from reports.delivery.recipient import Recipient
from reports.delivery.webhook import Hook
from settings import Settings, Smtp
from tests.reports.delivery.parcels import house
from tests.reports.delivery.rounds import Made, Maker, standing, works
from tests.reports.delivery.sinks import Listener, Rude, free_port

FAILURES = int(os.environ.get("TRUELIFT_FAILURES", "18"))
SECRET = "canary-secret-of-hooks"
MAIL, FOLDER = Recipient("mail", "asha@example.com"), Recipient("folder", "board")
Case = tuple[Post, Recipient, Maker]


def said(figures: str) -> None:
    sys.stdout.write(f"\n{figures}\n")


@contextmanager
def rude(settings: Settings, step: str, what: str) -> Iterator[Case]:
    """A mail server that does one wrong thing."""
    with Rude(step, what) as server:
        mailer = Mailer(Smtp("127.0.0.1", server.port, "never"), 0.15, 0.3)
        yield Post(settings, mailer=mailer), MAIL, Maker()


@contextmanager
def nobody(settings: Settings) -> Iterator[Case]:
    """No mail server at all."""
    yield Post(settings, mailer=Mailer(Smtp("127.0.0.1", free_port(), "never"), 0.15)), MAIL, Maker()


@contextmanager
def hooked(settings: Settings, answer: bytes | None) -> Iterator[Case]:
    """A webhook that says no, or nothing."""
    with Listener(answer) as listener:
        allowed = Settings(settings.data_dir, webhook_hosts=(f"127.0.0.1:{listener.port}",), webhook_secret=SECRET)
        to = Recipient("webhook", f"http://127.0.0.1:{listener.port}/")
        yield Post(allowed, hook=Hook(SECRET, 0.15, 0.3)), to, Maker()


@contextmanager
def full(settings: Settings, to: Recipient) -> Iterator[Case]:
    """No room on the disk that reports are laid on."""
    real = os.link

    def refuse(*given: Any, **named: Any) -> Any:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    os.link = refuse
    try:
        yield Post(settings), to, Maker()
    finally:
        os.link = real


@contextmanager
def unmade(settings: Settings, instead: Callable[[Path], Made]) -> Iterator[Case]:
    """The report itself cannot be made."""
    yield Post(settings), FOLDER, Maker(instead)


def _raise(error: Exception) -> Callable[[Path], Made]:
    def act(out: Path) -> Made:
        raise error

    return act


def _blank(out: Path) -> Made:
    out.write_bytes(b"%PDF")
    return Made(out, ("The chart “Who sells best?” is empty.",))


KINDS: dict[str, Callable[[Settings], Any]] = {
    "SMTP refuses the greeting": lambda house: rude(house, "greet", "no"),
    "SMTP refuses the reader": lambda house: rude(house, "rcpt", "no"),
    "SMTP says later": lambda house: rude(house, "rcpt", "later"),
    "SMTP refuses the mail": lambda house: rude(house, "end", "no"),
    "SMTP is not there": nobody,
    "SMTP times out at the greeting": lambda house: rude(house, "greet", "silent"),
    "SMTP times out at DATA": lambda house: rude(house, "data", "silent"),
    "SMTP times out after DATA": lambda house: rude(house, "end", "silent"),
    "SMTP drops before DATA": lambda house: rude(house, "rcpt", "drop"),
    "SMTP drops after DATA": lambda house: rude(house, "end", "drop"),
    "SMTP drips": lambda house: rude(house, "end", "drip"),
    "disk full, folder": lambda house: full(house, FOLDER),
    "disk full, outbox": lambda house: full(house, MAIL),
    "webhook refuses": lambda house: hooked(house, b"HTTP/1.1 500 no\r\nContent-Length: 0\r\n\r\n"),
    "webhook drops": lambda house: hooked(house, b""),
    "browser gone": lambda house: unmade(house, _raise(UserError("The report could not be made: no browser."))),
    "query fails": lambda house: unmade(house, _raise(ZeroDivisionError("ours"))),
    "chart empty": lambda house: unmade(house, _blank),
}


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_no_failure_is_shown_as_sent_and_each_is_told(tmp_path: Path) -> None:
    settings = house(tmp_path)
    shown: Counter[str] = Counter()
    for number in range(FAILURES):
        name = list(KINDS)[number % len(KINDS)]
        with KINDS[name](settings) as (post, to, maker):
            clockwork = works(settings, clock_of(number), post, maker)
            run, done = clockwork.send_now(standing(clockwork, to))
        rows = clockwork.doing.deliveries.of(run.id)
        assert run.state == done.state
        assert run.state in ("failed", "in doubt"), name
        assert run.reason, name
        assert all(row.state == run.state and row.reason for row in rows), name
        assert (run.state == "in doubt") == (name in DOUBTFUL), name
        shown[run.state] += 1
    notices = Deliveries(settings.ledger).notices(limit=1000)
    counted = f"{dict(shown)}, {len(notices)} notices, shown as sent {shown['sent']}"
    said(f"{FAILURES} failures of {len(KINDS)} kinds: {counted}")
    assert len(notices) == FAILURES
    assert all(notice.sentence and not notice.seen for notice in notices)
    assert shown["sent"] == 0


DOUBTFUL = {"SMTP times out after DATA", "SMTP drops after DATA", "SMTP drips", "webhook drops"}


def clock_of(number: int) -> Callable[[], float]:
    """Each run at a moment of its own."""
    return lambda: 1785555000.0 + number
