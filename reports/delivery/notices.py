"""Decides how an owner hears that a report was not sent: always by a row in the ledger, by mail where that works."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from data.ledger.deliveries import Deliveries
from errors import UserError
from reports.delivery import letter, message
from reports.delivery.addresses import mail_address
from reports.delivery.headers import clean
from reports.delivery.mail import Mailer
from reports.delivery.recipient import Outcome
from settings import Settings

LOG = logging.getLogger("truelift.delivery")
PAUSE_SECONDS = 300.0
"""So long no further notice is mailed after one that the server did not take: the rows are there, and a mail server
that is down must not hold up the next report."""


class Notices:
    """Tells owners of failures, doubts, skipped runs and paused schedules. clock: seconds since 1970."""

    def __init__(
        self,
        deliveries: Deliveries,
        settings: Settings,
        mailer: Mailer | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._deliveries = deliveries
        self._settings = settings
        self._mailer = mailer or (Mailer(settings.smtp) if settings.smtp else None)
        self._clock = clock
        self._quiet_until = float("-inf")

    def tell(self, key: str, owner: str, title: str, sentence: str) -> None:
        """One sentence under one title, once for each key. Raises nothing; whatever becomes of its mail is kept in its
        row, and is never told by another notice."""
        try:
            shown = clean(title), clean(sentence, 1000)
            if not self._deliveries.notice(key, clean(owner, 300), *shown):
                return
            to = self._address(owner)
            if self._mailer is None or not to:
                why = "No mail server is set." if self._mailer is None else "There is no owner's mail address."
                self._deliveries.notice_mail(key, "none", f"Not mailed: {why}")
            elif self._deliveries.notice_mail(key, "sending"):
                outcome = self._mail(self._mailer, key, to, *shown)
                self._deliveries.notice_mail(key, outcome.state, outcome.reason)
        except Exception:
            LOG.exception("the notice “%s” was not told whole", clean(key))

    def _address(self, owner: str) -> str:
        """The schedule's owner where that is a mail address, else the house's; '' for none."""
        for text in (owner, self._settings.owner):
            try:
                return mail_address(text)
            except UserError:
                continue
        return ""

    def _mail(self, mailer: Mailer, key: str, to: str, title: str, sentence: str) -> Outcome:
        if self._clock() < self._quiet_until:
            return Outcome("failed", "Not mailed: the mail server had just not taken the notice before.")
        try:
            by = message.sender(self._settings.mail_from)
            words = letter.of_notice(title, sentence)
            content = message.written(words, by, to, "", f"notice {key}", self._clock())
        except UserError as error:
            return Outcome("failed", f"{error}")
        outcome = mailer.send(by.address, to, content)
        if outcome.state != "sent":
            self._quiet_until = self._clock() + PAUSE_SECONDS
        return outcome
