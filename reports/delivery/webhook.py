"""Decides how a report goes to a webhook: signed, to the host that was named and to the network it may lie in.

The name is looked up once, every address it has is judged, and the connection goes to the judged address itself, so
that a second look-up cannot lead elsewhere. Nothing is followed, neither redirects nor proxies.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import http.client
import ipaddress
import json
import socket
import ssl
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from errors import UserError
from reports.delivery.addresses import Target
from reports.delivery.headers import clean, file_name
from reports.delivery.patience import is_silence, within, words
from reports.delivery.recipient import Outcome, Parcel

SECONDS, DEADLINE = 20.0, 120.0
INLINE_BYTES = 1_000_000
"""A larger file is not put into the body: the link leads to it."""
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[..., Sequence[tuple[Any, ...]]]
_NEVER = tuple(ipaddress.ip_network(net) for net in ("192.0.0.0/24", "64:ff9b:1::/48", "2001::/23", "100:0:0:1::/64"))
"""Kept for the networks' own use, clouds' keys among it; older Pythons call them public."""
_INSIDE_SIX = tuple(ipaddress.ip_network(net) for net in ("::/96", "::ffff:0:0/96", "64:ff9b::/96"))


def signature(secret: str, body: bytes, now: float) -> str:
    """“t=1785555000,v1=…”: HMAC-SHA256 over the second, a dot and the body."""
    moment = str(int(now))
    digest = hmac.new(secret.encode(), moment.encode() + b"." + body, hashlib.sha256)
    return f"t={moment},v1={digest.hexdigest()}"


def body(parcel: Parcel, files: Sequence[tuple[str, Path, str]], link: str, message_id: str) -> bytes:
    """The JSON of one report. Raises UserError where a file is too large and no link leads to it."""
    large = [shown for shown, path, _ in files if path.stat().st_size > INLINE_BYTES]
    if large and not link:
        raise UserError(
            f"The report is larger than the {INLINE_BYTES / 1e6:.0f} MB that a webhook takes, and no link can stand "
            "instead: set TRUELIFT_URL, or send it by mail or to a folder."
        )
    said = ("run", "schedule", "title", "sentence", "due", "period", "filters", "edition", "remark")
    record = {"event": "report", "delivery": message_id, **{key: getattr(parcel, key) for key in said}, "link": link}
    record["tiles"] = [{"label": label, "value": value} for label, value in parcel.tiles]
    record["files"] = [_file(*one) for one in files]
    return json.dumps(record, ensure_ascii=True).encode("ascii")


def _file(shown: str, path: Path, kind: str) -> dict[str, Any]:
    content = path.read_bytes()
    small = base64.b64encode(content).decode("ascii") if len(content) <= INLINE_BYTES else None
    digest = hashlib.sha256(content).hexdigest()
    return {"name": file_name(shown), "type": kind, "bytes": len(content), "sha256": digest, "content": small}


def may_reach(address: Address, private: bool) -> bool:
    """Whether a connection may go there. private: loopback and private networks too; never to the addresses that
    machines give each other (link-local, where clouds keep their keys), to many at once, or to none."""
    inner = _inner(address)
    if any(inner in net for net in _NEVER):
        return False
    if inner.is_link_local or inner.is_multicast or inner.is_unspecified or inner.is_reserved:
        return private and inner == ipaddress.IPv6Address("::1")
    if isinstance(inner, ipaddress.IPv6Address) and inner.is_site_local:
        return private
    return inner.is_global or private


def _inner(address: Address) -> Address:
    """The old address inside a new one: mapped, compatible, translated, 6to4, Teredo."""
    if isinstance(address, ipaddress.IPv4Address) or address == ipaddress.IPv6Address("::1"):
        return address
    if any(address in net for net in _INSIDE_SIX):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    if address.sixtofour is not None:
        return address.sixtofour
    return address.teredo[1] if address.teredo is not None else address


def _place(target: Target, private: bool, resolve: Resolve) -> str:
    """The one address that is connected to. Raises UserError when the name has one where nothing may go."""
    try:
        rows = resolve(target.host, target.port, type=socket.SOCK_STREAM)
        found = [ipaddress.ip_address(str(row[4][0]).partition("%")[0]) for row in rows]
    except (OSError, UnicodeError, ValueError):
        raise UserError(f"The webhook's host {target.host} has no address.") from None
    if not found or not all(may_reach(address, private) for address in found):
        raise UserError(
            f"The webhook's host {target.host} lies in a private network, so nothing was sent: name it as "
            f"“private:{target.host}” in TRUELIFT_WEBHOOK_HOSTS if that is meant."
        )
    return str(found[0])


class _Connection(http.client.HTTPConnection):
    """To the address that was judged; TLS asks for the host's own name."""

    def __init__(self, target: Target, place: str, seconds: float, trust: ssl.SSLContext | None) -> None:
        super().__init__(target.host, target.port, timeout=seconds)
        self._to, self._trust = place, trust

    def connect(self) -> None:
        self.sock = socket.create_connection((self._to, self.port), self.timeout)
        if self._trust is not None:
            self.sock = self._trust.wrap_socket(self.sock, server_hostname=self.host)


@dataclass(frozen=True)
class Hook:
    """One way to webhooks. secret: signs. resolve, trust: the system's look-up and authorities, or a test's own."""

    secret: str = field(repr=False)
    seconds: float = SECONDS
    deadline: float = DEADLINE
    resolve: Resolve = socket.getaddrinfo
    trust: ssl.SSLContext | None = None

    def send(self, target: Target, private: bool, content: bytes, message_id: str, now: float) -> Outcome:
        """Posts the body. Raises UserError before anything left."""
        place = _place(target, private, self.resolve)
        trust = (self.trust or ssl.create_default_context()) if target.scheme == "https" else None
        connection = _Connection(target, place, self.seconds, trust)
        headers = {
            "Content-Type": "application/json",
            "Content-Length": str(len(content)),
            "User-Agent": "TrueLift",
            "X-TrueLift-Delivery": message_id,
            "X-TrueLift-Signature": signature(self.secret, content, now),
        }
        whole = threading.Event()
        with within(self.deadline, connection) as late:
            try:
                return _post(connection, target, headers, content, whole)
            except (OSError, http.client.HTTPException, ValueError) as error:
                return _broken(target.host, error, whole.is_set(), late.is_set())
            finally:
                connection.close()


def _post(
    connection: _Connection, target: Target, headers: dict[str, str], content: bytes, whole: threading.Event
) -> Outcome:
    """The last byte goes alone: before it nothing can have been understood, after it only the answer counts."""
    connection.putrequest("POST", target.path, skip_accept_encoding=True)
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders()
    connection.send(content[:-1])
    whole.set()
    connection.send(content[-1:])
    answer = connection.getresponse()
    if 200 <= answer.status < 300:
        return Outcome("sent")
    if 300 <= answer.status < 400:
        return Outcome(
            "failed", f"The webhook at {target.host} leads elsewhere ({answer.status}); that is not followed."
        )
    said = b""
    with contextlib.suppress(OSError, http.client.HTTPException):
        said = answer.read(400)
    words_of_it = clean(f"{answer.status} {said.decode('utf-8', 'replace')}", 120)
    return Outcome("failed", f"The webhook at {target.host} refused the report: “{words_of_it}”.")


def _broken(host: str, error: Exception, whole: bool, late: bool) -> Outcome:
    silent = late or is_silence(error)
    if whole:
        how = "did not answer in time" if silent else "ended the connection"
        return Outcome("in doubt", f"The webhook at {host} {how} after it had the report: it may have taken it or not.")
    why = "did not answer in time" if silent else f"could not be reached: {words(error)}"
    return Outcome("failed", f"The webhook at {host} {why}; nothing was taken.")
