"""Decides what is sent, to whom, and what is said of it afterwards."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from errors import UserError, suggest
from reports.delivery import addresses
from reports.delivery.headers import clean
from reports.order import FORMS
from settings import Settings

KINDS = ("folder", "mail", "webhook")
_LINK = re.compile(r"https?://[!#-;=?-~]{1,900}")


@dataclass(frozen=True)
class Recipient:
    """One who gets a report. Raises UserError for an address that nothing can be sent to.

    kind: one of KINDS. address: a mail address, a folder (below the data folder's `delivered/`, or a whole path), or
    a webhook's https address. form: one of order.FORMS. name: shown before a mail address.
    """

    kind: str
    address: str
    form: str = "pdf"
    name: str = ""

    def __post_init__(self) -> None:
        for what, value, known in (("way to deliver", self.kind, KINDS), ("format", self.form, FORMS)):
            if value not in known:
                raise UserError(f"No {what} “{clean(value, 60)}” for a recipient. {suggest(value, known)}")
        if self.kind == "mail":
            object.__setattr__(self, "address", addresses.mail_address(self.address))
        elif self.kind == "folder":
            addresses.folder_path(self.address)
        else:
            addresses.webhook_url(self.address)

    @property
    def shown(self) -> str:
        """For people and logs: of a webhook the host alone, since its path may be a secret."""
        return addresses.webhook_url(self.address).host if self.kind == "webhook" else self.address

    def as_record(self) -> dict[str, str]:
        """As JSON has it; `from_record` reads it back."""
        return {"kind": self.kind, "address": self.address, "form": self.form, "name": self.name}


def from_record(record: Mapping[str, Any]) -> Recipient:
    """A recipient from its record. Raises UserError."""
    return Recipient(**{key: str(record[key]) for key in Recipient.__dataclass_fields__ if key in record})


def check(recipient: Recipient, settings: Settings) -> None:
    """Raises UserError where this house may not send there; to be asked before a schedule is saved."""
    if recipient.kind == "folder":
        addresses.folder(recipient.address, settings)
    elif recipient.kind == "webhook":
        addresses.webhook(recipient.address, settings)
        if not settings.webhook_secret:
            raise UserError("No webhook can be signed: set TRUELIFT_WEBHOOK_SECRET to a long random text.")


def message_id(run: str, recipient: Recipient, domain: str = "truelift.invalid") -> str:
    """The Message-ID of that run to that recipient: the same whenever it is asked, so that readers' programs and we
    know a second copy as one."""
    parts = (run, recipient.kind, recipient.address, recipient.form)
    digest = hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
    return f"<{digest[:32]}@{domain}>"


@dataclass(frozen=True)
class Parcel:
    """What one run sends.

    run: its key. schedule: its id. title: of the report. sentence: what the report says first. due: when it was due,
    in words and with its zone. period, filters: what it is about, in words. edition: its id. files: the name to show,
    the file and its media type, one a form. link: address of the report, '' for none, or beginning with “/” for a
    page of ours. tiles: label and value. remark: what readers must know first, like data older than asked.
    """

    run: str
    schedule: str
    title: str
    sentence: str
    due: str
    period: str
    filters: str
    edition: str
    files: tuple[tuple[str, Path, str], ...]
    link: str = ""
    tiles: tuple[tuple[str, str], ...] = ()
    remark: str = ""

    def of_form(self, form: str) -> tuple[tuple[str, Path, str], ...]:
        """The files of that form. Raises UserError when there is none."""
        found = tuple(one for one in self.files if one[0].lower().endswith(f".{form}"))
        if not found:
            raise UserError(f"The report was not made as {form}, so there is nothing to send.")
        return found

    def address(self, settings: Settings) -> str:
        """The link as readers elsewhere can open it; '' where they cannot."""
        link = self.link
        if link.startswith("/") and not link.startswith("//"):
            link = f"{settings.public_url}{link}" if settings.public_url else ""
        return link if _LINK.fullmatch(link) else ""


@dataclass(frozen=True)
class Outcome:
    """What became of one sending. state: 'sent', 'failed', 'in doubt' (it left here, and nobody said yes or no) or
    'skipped' (the reader wants no more). reason: one sentence; with 'sent' what else must be known."""

    state: str
    reason: str = ""
