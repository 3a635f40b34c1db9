"""Decides how a mail leaves, and what may be said of it: sent only after the server's yes, in doubt after its silence.

The only speaker of SMTP. Each reader gets a mail of his own. Until the single dot that ends the mail nothing can have
been delivered, so whatever goes wrong before it is a failure; from the dot on only the server's answer counts.
"""

from __future__ import annotations

import contextlib
import re
import smtplib
import socket
import ssl
import threading
from dataclasses import dataclass

from reports.delivery.headers import clean
from reports.delivery.patience import is_silence, within, words
from reports.delivery.recipient import Outcome
from settings import Smtp

SECONDS, DEADLINE = 30.0, 300.0
"""Longest silence of the server, and longest time for one mail in all."""
_WORDS, _LINE, _LINES = 200, 8192, 100


class _Refused(Exception):
    """The server said no; the text is the sentence."""


@dataclass(frozen=True)
class Mailer:
    """One way to the mail server. trust: whom to believe to be the server; the system's authorities by default."""

    smtp: Smtp
    seconds: float = SECONDS
    deadline: float = DEADLINE
    trust: ssl.SSLContext | None = None

    def send(self, by: str, to: str, content: bytes) -> Outcome:
        """Sends these bytes from `by` to `to` and to nobody else. Raises nothing but what ends the process."""
        place = f"The mail server {self.smtp.host}:{self.smtp.port}"
        session = smtplib.SMTP(local_hostname=by.rpartition("@")[2] or "localhost", timeout=self.seconds)
        dot = threading.Event()
        with within(self.deadline, session) as late:
            try:
                outcome = self._talk(session, by, to, content, dot)
            except _Refused as refusal:
                outcome = Outcome("failed", f"{place} {refusal}")
            except (OSError, smtplib.SMTPException, ValueError) as error:
                outcome = _broken(place, error, dot.is_set(), late.is_set())
            finally:
                session.close()
        return outcome

    def _talk(self, session: smtplib.SMTP, by: str, to: str, content: bytes, dot: threading.Event) -> Outcome:
        self._open(session)
        plain = by.isascii() and to.isascii()
        self._announce(session, by, to, len(content), plain)
        self._say(session, "DATA", "", "did not take the mail", (354,))
        session.send(re.sub(rb"(?m)^\.", b"..", content if content.endswith(b"\r\n") else content + b"\r\n"))
        dot.set()
        session.send(b".\r\n")
        code, said = _verdict(session)
        with contextlib.suppress(OSError, smtplib.SMTPException):
            session.docmd("QUIT")
        if 200 <= code < 300:
            return Outcome("sent")
        if 400 <= code < 600:
            return Outcome("failed", f"The mail server {self.smtp.host} refused the mail: {self._told(code, said)}")
        raise smtplib.SMTPServerDisconnected(f"no answer but {code}")

    def _open(self, session: smtplib.SMTP) -> None:
        """Connects, encrypts as the settings say, and logs in."""
        if self.smtp.security == "tls":
            session.sock = socket.create_connection((self.smtp.host, self.smtp.port), self.seconds)
            self._encrypt(session)
            code, said = session.getreply()
        else:
            code, said = session.connect(self.smtp.host, self.smtp.port)
        if code != 220:
            raise _Refused(f"is not ready: {self._told(code, said)}")
        session.ehlo_or_helo_if_needed()
        if self.smtp.security == "starttls":
            if not session.has_extn("starttls"):
                raise _Refused("offers no encryption (STARTTLS), so nothing was sent to it.")
            self._say(session, "STARTTLS", "", "refused to encrypt", (220,))
            self._encrypt(session)
            session.ehlo()
        if self.smtp.user:
            self._log_in(session)

    def _encrypt(self, session: smtplib.SMTP) -> None:
        """From here on everything is encrypted, and what was said before counts for nothing."""
        trust = self.trust or ssl.create_default_context()
        plain = session.sock
        if plain is None:
            raise smtplib.SMTPServerDisconnected("no connection to encrypt")
        session.sock = trust.wrap_socket(plain, server_hostname=self.smtp.host)
        session.file = None
        session.esmtp_features = {}

    def _log_in(self, session: smtplib.SMTP) -> None:
        """The server's words are left out: it may repeat what it was told."""
        try:
            session.login(self.smtp.user, self.smtp.password)
        except smtplib.SMTPAuthenticationError as error:
            raise _Refused(f"refused the user name or the password ({error.smtp_code}).") from None
        except (smtplib.SMTPException, UnicodeError):
            raise _Refused("did not let us log in in a way that both know.") from None

    def _announce(self, session: smtplib.SMTP, by: str, to: str, size: int, plain: bool) -> None:
        """The envelope: one sender, one reader, written as they are."""
        if not plain and not session.has_extn("smtputf8"):
            raise _Refused("takes no address with letters outside ASCII.")
        most = session.esmtp_features.get("size", "")
        if most.isdigit() and 0 < int(most) < size:
            raise _Refused(f"takes mails up to {int(most) / 1e6:.1f} MB; this one has {size / 1e6:.1f} MB.")
        options = f" SIZE={size}" * session.has_extn("size") + " BODY=8BITMIME SMTPUTF8" * (not plain)
        session.command_encoding = "ascii" if plain else "utf-8"
        self._say(session, "MAIL", f"FROM:<{by}>{options}", "refused the sender", (250,))
        self._say(session, "RCPT", f"TO:<{to}>", "refused the reader", (250, 251))

    def _say(self, session: smtplib.SMTP, command: str, rest: str, refusal: str, good: tuple[int, ...]) -> None:
        code, answer = session.docmd(command, rest)
        if code not in good:
            raise _Refused(f"{refusal}: {self._told(code, answer)}")

    def _told(self, code: int, said: bytes) -> str:
        """The server's words on one line, without the secrets it might repeat."""
        text = clean(said.decode("utf-8", "replace"), _WORDS)
        for secret in (self.smtp.password, self.smtp.user):
            text = text.replace(secret, "…") if secret else text
        return f"“{code} {text}”."


def _verdict(session: smtplib.SMTP) -> tuple[int, bytes]:
    """The answer to the whole mail. Raises SMTPServerDisconnected unless every line of it ends: smtplib takes a line
    that was cut off, “250” or “222…”, for a yes."""
    said: list[bytes] = []
    while len(said) < _LINES:
        line = session.file.readline(_LINE) if session.file else b""
        if not line.endswith(b"\n") or not line[:3].isdigit():
            break
        said.append(line[4:].strip())
        if line[3:4] != b"-":
            return int(line[:3]), b" ".join(said)
    raise smtplib.SMTPServerDisconnected("no whole answer")


def _broken(place: str, error: Exception, dot: bool, late: bool) -> Outcome:
    """What may be said when the talk broke off."""
    silent = late or is_silence(error)
    if dot:
        how = "did not answer in time" if silent else "ended the connection"
        return Outcome("in doubt", f"{place} {how} after it had the whole mail: it may arrive or not.")
    if silent:
        return Outcome("failed", f"{place} did not answer in time; nothing was sent.")
    return Outcome("failed", f"{place} could not be reached or broke off before it had the mail: {words(error)}.")
