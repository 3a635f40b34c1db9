"""Decides by which way a report goes to one reader, and gives an honest word for what became of it."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from errors import UserError
from reports.delivery import addresses, folder, letter, message, webhook
from reports.delivery.headers import clean, file_name
from reports.delivery.mail import Mailer
from reports.delivery.message import Sender
from reports.delivery.recipient import Outcome, Parcel, Recipient, check
from reports.delivery.unsubscribe import Leaving
from reports.delivery.webhook import Hook
from settings import Settings

LOG = logging.getLogger("truelift.delivery")
NOBODY = Sender("TrueLift", "truelift@truelift.invalid")
"""Who a mail is from that goes into the outbox, where no sender is set."""
_ENCODED = 1.4
"""How much larger a file is inside a mail."""
File = tuple[str, Path, str]
Send = Callable[[], Outcome]


class Post:
    """Carries one parcel to one recipient, now. It keeps no record: data.ledger.deliveries does, before and after.

    mailer, hook: instead of those that the settings name. has_left(address, schedule): whether that reader wants no
    more. clock: seconds since 1970.
    """

    def __init__(
        self,
        settings: Settings,
        clock: Callable[[], float] = time.time,
        mailer: Mailer | None = None,
        hook: Hook | None = None,
        has_left: Callable[[str, str], bool] = lambda address, schedule: False,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._mailer = mailer or (Mailer(settings.smtp) if settings.smtp else None)
        self._hook = hook or Hook(settings.webhook_secret)
        self._has_left = has_left
        self._leaving = Leaving(settings)

    def deliver(self, parcel: Parcel, recipient: Recipient, message_id: str) -> Outcome:
        """Sends it and says what became of it. message_id: the same for the same run and recipient, always.

        Raises nothing but what ends the process. What goes wrong while it is prepared has failed; a fault of ours
        while it is sent leaves it in doubt.
        """
        try:
            send = self._prepared(parcel, recipient, message.stable_id(message_id))
        except UserError as error:
            return Outcome("failed", f"{error}")
        except OSError as error:
            LOG.warning("run %s: a file of the report cannot be read: %s", parcel.run, error.strerror)
            return Outcome("failed", "A file of the report could not be read, so nothing was sent.")
        except Exception:
            LOG.exception("run %s to a %s was not prepared", parcel.run, recipient.kind)
            return Outcome("failed", "The report could not be packed: a fault in TrueLift. Its log tells more.")
        try:
            return send()
        except UserError as error:
            return Outcome("failed", f"{error}")
        except Exception:
            LOG.exception("run %s to a %s broke off", parcel.run, recipient.kind)
            return Outcome("in doubt", "A fault in TrueLift while it was sending: the report may have arrived.")

    def _prepared(self, parcel: Parcel, recipient: Recipient, message_id: str) -> Send:
        """The last step, ready to be taken. Raises UserError when nothing can be sent."""
        check(recipient, self._settings)
        files = parcel.of_form(recipient.form)
        if recipient.kind == "folder":
            return partial(self._lay, parcel, recipient, files)
        if recipient.kind == "webhook":
            target, private = addresses.webhook(recipient.address, self._settings)
            content = webhook.body(parcel, files, parcel.address(self._settings), message_id)
            return partial(self._hook.send, target, private, content, message_id, self._clock())
        if self._has_left(recipient.address, parcel.schedule):
            return lambda: Outcome("skipped", "The reader unsubscribed from this report.")
        return self._mailed(parcel, recipient, files, message_id)

    def _lay(self, parcel: Parcel, recipient: Recipient, files: Sequence[File]) -> Outcome:
        """A folder below the data folder is made; one elsewhere must be there: it may be a disk that is not mounted."""
        place = addresses.folder(recipient.address, self._settings)
        ours = self._settings.delivered.resolve() in (place, *place.parents)
        for shown, path, _ in files:
            folder.lay(place, folder.named(shown, parcel.edition), path, make=ours)
        return Outcome("sent")

    def _mailed(self, parcel: Parcel, recipient: Recipient, files: Sequence[File], message_id: str) -> Send:
        by = message.sender(self._settings.mail_from) if self._settings.mail_from else NOBODY
        link = parcel.address(self._settings)
        leave = self._leaving.link(parcel.schedule, recipient.address, parcel.title)
        attached, sentence = self._attached(files, link)
        words = letter.of_parcel(parcel, link, leave, sentence)
        content = message.written(
            words, by, recipient.address, recipient.name, message_id, self._clock(), leave, attached
        )
        if self._mailer is None:
            return partial(self._outbox, content, parcel, recipient, message_id)
        return partial(self._mailer.send, by.address, recipient.address, content)

    def _attached(self, files: Sequence[File], link: str) -> tuple[Sequence[File], str]:
        """What goes into the mail, and the sentence about it. Raises UserError when it is too much and has no link."""
        size, most = sum(path.stat().st_size for _, path, _ in files), self._settings.mail_megabytes
        if size * _ENCODED <= most * 1e6:
            names = ", ".join(file_name(shown) for shown, _, _ in files)
            return files, f"Attached: {names} ({max(size, 1e4) / 1e6:.2f} MB)."
        large = f"The report has {size / 1e6:.1f} MB, more than fits into a mail of {most} MB"
        if not link:
            raise UserError(f"{large}; set TRUELIFT_URL for a link instead, or ask for fewer pages.")
        return (), f"{large}, so it is not attached: open it by the link."

    def _outbox(self, content: bytes, parcel: Parcel, recipient: Recipient, message_id: str) -> Outcome:
        """A mail as a file, for people and programs that send it on."""
        digest = hashlib.sha256(message_id.encode()).hexdigest()[:12]
        name = file_name(f"{clean(parcel.title, 40)} {recipient.address[:60]} {digest}.eml", 140)
        place = folder.lay(self._settings.outbox, name, content)
        return Outcome("sent", f"Not mailed but written as a file, since TRUELIFT_SMTP is not set: outbox/{place.name}")
