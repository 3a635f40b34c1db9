"""Decides who may say that a reader wants no more: whoever holds the link from that reader's own mail.

The link is signed with a secret of this house that is made once and lies in its data folder, so nobody can make one
for somebody else; it says which reader and which schedule, and nothing can be looked up with it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from data.keeping import flush
from data.ledger.deliveries import Deliveries
from errors import UserError
from reports.delivery.headers import clean
from settings import Settings

PATH = "/unsubscribe/"
_TOKEN = re.compile(r"([0-9A-Za-z_-]{1,900})\.([0-9A-Za-z_-]{43})")
_SECRET = re.compile(rb"[0-9a-f]{64}")
_PURPOSE = b"truelift unsubscribe 1\n"
_LONGEST_TITLE = 60


def secret(folder: Path) -> bytes:
    """The secret of this data folder, made when there is none: whole or not at all, readable for its owner alone.

    Two processes may make it at once; both then use the one that came first. Raises UserError where it is broken.
    """
    place = folder / "secret"
    if not place.exists():
        folder.mkdir(parents=True, exist_ok=True)
        half = folder / f".secret-{secrets.token_hex(8)}"
        handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.write(handle, secrets.token_hex(32).encode("ascii"))
            os.fsync(handle)
            os.link(half, place)
            flush(folder)
        except FileExistsError:
            pass
        finally:
            os.close(handle)
            half.unlink(missing_ok=True)
    found = place.read_bytes().strip()
    if not _SECRET.fullmatch(found):
        raise UserError("The file “secret” in the data folder is damaged: put it back from a copy, or remove it.")
    return found


def token(key: bytes, schedule: str, address: str, title: str = "") -> str:
    """What stands in the link: schedule, reader and the report's title, signed (HMAC-SHA256)."""
    said = json.dumps([schedule, address, clean(title, _LONGEST_TITLE)], ensure_ascii=False, separators=(",", ":"))
    letters = _letters(said.encode("utf-8", "replace"))
    return f"{letters}.{_sign(key, letters)}"


def read(key: bytes, written: str) -> tuple[str, str, str] | None:
    """Schedule, reader and title; None for whatever we did not write."""
    found = _TOKEN.fullmatch(written)
    if not found or not hmac.compare_digest(_sign(key, found[1]), found[2]):
        return None
    schedule, address, title = json.loads(base64.urlsafe_b64decode(found[1] + "=" * (-len(found[1]) % 4)))
    return schedule, address, title


def _sign(key: bytes, letters: str) -> str:
    return _letters(hmac.new(key, _PURPOSE + letters.encode("ascii"), hashlib.sha256).digest())


def _letters(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode("ascii").rstrip("=")


@dataclass(frozen=True)
class Leave:
    """What a link asks for. address: shown with its middle hidden, since mails are passed on. left: done already."""

    title: str
    address: str
    left: bool


class Leaving:
    """Links out of a report's mails, and what happens when they are used."""

    def __init__(self, settings: Settings, deliveries: Deliveries | None = None) -> None:
        self._settings = settings
        self._deliveries = deliveries

    def link(self, schedule: str, address: str, title: str = "") -> str:
        """The address for one reader; '' while TrueLift has none that readers can reach."""
        if not self._settings.public_url:
            return ""
        return f"{self._settings.public_url}{PATH}{token(secret(self._settings.data_dir), schedule, address, title)}"

    def asked(self, written: str) -> Leave | None:
        """What that token asks for; None when it is none of ours."""
        found = self._read(written)
        if found is None:
            return None
        schedule, address, title = found
        return Leave(title or "this report", masked(address), self._records().is_unsubscribed(address, schedule))

    def leave(self, written: str) -> Leave | None:
        """Does what it asks for, once or again; None when it is none of ours."""
        found = self._read(written)
        if found is None:
            return None
        self._records().unsubscribe(found[1], found[0])
        return self.asked(written)

    def _read(self, written: str) -> tuple[str, str, str] | None:
        """Without a secret nothing was ever signed, so none is made for whoever knocks."""
        known = (self._settings.data_dir / "secret").exists()
        return read(secret(self._settings.data_dir), written) if known else None

    def _records(self) -> Deliveries:
        """Opened when they are first needed, so that showing pages costs nothing."""
        self._deliveries = self._deliveries or Deliveries(self._settings.ledger)
        return self._deliveries


def masked(address: str) -> str:
    """“a…@example.com”."""
    local, at, domain = address.rpartition("@")
    return f"{local[:1]}…{at}{domain}"
