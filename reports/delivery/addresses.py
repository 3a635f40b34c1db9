"""Decides which addresses a report may be sent to: mail addresses, folders and webhooks as they are written.

Only what is written plainly is taken: we never send to anybody but the address that was typed, so whatever two
programs could read in two ways (quoted names, comments, literals, blanks) is refused.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path, PurePath
from urllib.parse import urlsplit

from errors import UserError
from settings import LOOPBACK, Settings

LONGEST, LONGEST_LOCAL, LONGEST_DOMAIN, LONGEST_URL, LONGEST_FOLDER = 254, 64, 253, 2000, 500
_ATOM = re.compile(r"[0-9A-Za-z!#$%&'*+/=?^_`{|}~-]")
_LABEL = re.compile(r"[0-9a-z](?:[0-9a-z-]{0,61}[0-9a-z])?")
_URL = re.compile(r"[!-~]+")
_PORTS = {"https": 443, "http": 80}


def mail_address(text: str) -> str:
    """The address as the envelope has it: the domain in small ASCII letters. Raises UserError.

    RFC 5321 without quoted names and literals; letters outside ASCII before the @ by RFC 6531 (SMTPUTF8), after it
    where IDNA reads them in one way only.
    """
    local, at, domain = text.rpartition("@")
    if not at or "@" in local:
        raise _bad(text, "an address has one @")
    if len(text.encode("utf-8", "replace")) > LONGEST or len(local.encode("utf-8", "replace")) > LONGEST_LOCAL:
        raise _bad(text, f"at most {LONGEST_LOCAL} characters stand before the @ and {LONGEST} in all")
    if "=?" in text or not all(_is_atom(atom) for atom in local.split(".")):
        raise _bad(text, "before the @ stand letters, digits and . _ + - without blanks or quotes")
    return f"{local}@{_domain(text, domain)}"


def _bad(text: str, why: str) -> UserError:
    shown = "".join(letter if letter.isprintable() else "�" for letter in text[:60])
    return UserError(f"“{shown}” is no mail address that can be written to: {why}.")


def _is_atom(atom: str) -> bool:
    """Whether each character is plain ASCII, or a letter, mark or digit that no other character looks like."""
    plain = all(_ATOM.fullmatch(one) or (ord(one) > 127 and unicodedata.category(one)[0] in "LMN") for one in atom)
    return bool(atom) and plain and unicodedata.normalize("NFKC", atom) == atom


def _domain(text: str, domain: str) -> str:
    try:
        written = domain.encode("idna").decode("ascii").lower()
        same = domain.isascii() or written.encode("ascii").decode("idna") == domain.lower()
    except UnicodeError:
        raise _bad(text, "what stands behind the @ is no domain") from None
    labels = written.split(".")
    if not same:
        raise _bad(text, "write the domain in its xn-- form, since its letters can be read in two ways")
    if len(labels) < 2 or len(written) > LONGEST_DOMAIN or not all(_LABEL.fullmatch(one) for one in labels):
        raise _bad(text, "what stands behind the @ is no domain like example.com")
    if not labels[-1][0].isalpha():
        raise _bad(text, "a domain ends in letters, like .com")
    return written


def folder_path(text: str) -> PurePath:
    """The folder as it is written: a whole path, or one below the data folder's `delivered/`. Raises UserError."""
    path = PurePath(text)
    seen = all(letter.isprintable() for letter in text)
    if not text.strip() or not seen or ".." in path.parts or text.startswith("~") or len(text) > LONGEST_FOLDER:
        shown = "".join(letter if letter.isprintable() else "�" for letter in text[:60])
        raise UserError(f"“{shown}” is no folder for reports: give a name like “board/monthly”, without “..”.")
    return path


def folder(text: str, settings: Settings) -> Path:
    """Where that folder is on this machine, links followed. Raises UserError where reports may not be written.

    A schedule can be added by whoever reaches the page, so it must not choose any place of the disk: below
    `delivered/` it is free, elsewhere only where TRUELIFT_FOLDERS allows it.
    """
    path = settings.delivered / folder_path(text)
    homes = (settings.delivered, *settings.folders)
    real = path.resolve()
    for home in homes:
        if real == home.resolve() or home.resolve() in real.parents:
            return real
    raise UserError(f"Reports may not be written to “{text}”: TRUELIFT_FOLDERS names the folders that are allowed.")


@dataclass(frozen=True)
class Target:
    """A webhook's address in its parts. host: small letters, without brackets. path: with the query."""

    scheme: str
    host: str
    port: int
    path: str


def webhook_url(text: str) -> Target:
    """The parts of a webhook's address. Raises UserError, which shows the host only: the rest may be a secret."""
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port = "", None
    if not host or len(text) > LONGEST_URL or not _URL.fullmatch(text) or "\\" in text or "#" in text:
        raise UserError("This is no webhook address: give one like https://hooks.example.com/path, in ASCII.")
    if parts.username is not None or parts.password is not None:
        raise UserError(f"The webhook at {host[:80]} holds a user name: its address must not; the signature says who.")
    if parts.scheme != "https" and not (parts.scheme == "http" and host in LOOPBACK):
        raise UserError(f"The webhook at {host[:80]} must begin with https://, so that nobody reads it on the way.")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, _PORTS[parts.scheme] if port is None else port, path)


def webhook(text: str, settings: Settings) -> tuple[Target, bool]:
    """The parts, and whether the host may lie in a private network. Raises UserError where the host is not listed.

    TRUELIFT_WEBHOOK_HOSTS: “hooks.example.com” or “*.example.com” (public addresses only), “host:8443” for another
    port, “private:hooks.intra” for a private network; a loopback host that is listed is meant as it stands there.
    """
    target = webhook_url(text)
    for entry in settings.webhook_hosts:
        listed = entry.removeprefix("private:")
        if _matches(target, listed):
            return target, entry != listed or target.host in LOOPBACK
    place = f"{target.host[:80]}:{target.port}"
    raise UserError(f"No webhook may be sent to {place}: TRUELIFT_WEBHOOK_HOSTS does not name it.")


def _matches(target: Target, listed: str) -> bool:
    if listed.startswith("[") and "]" in listed:
        host, _, rest = listed[1:].partition("]")
        port = rest.lstrip(":")
    else:
        host, _, port = listed.partition(":")
    if target.port != (int(port) if port else _PORTS[target.scheme]):
        return False
    return target.host.endswith(host[1:]) if host.startswith("*.") else target.host == host
