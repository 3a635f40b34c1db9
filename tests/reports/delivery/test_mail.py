"""A mail is sent when the server said yes, failed when it cannot have been delivered, and in doubt in between."""

from __future__ import annotations

import base64
import logging
import ssl
import subprocess
import warnings
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult

from reports.delivery.mail import Mailer
from settings import Smtp
from tests.reports.delivery.sinks import Rude, free_port, taking

BY, TO, CANARY = "reports@truelift.example", "asha@example.com", "canary-Zx81-canary"
CONTENT = b"Subject: x\r\n\r\n.one dot\r\n..two\r\n.\r\nend\r\n"
CASES = [
    ("greet", "no", "failed"), ("greet", "drop", "failed"), ("greet", "silent", "failed"), ("greet", "drip", "failed"),
    ("ehlo", "no", "failed"), ("ehlo", "drop", "failed"), ("ehlo", "drip", "failed"),
    ("mail", "no", "failed"), ("mail", "later", "failed"), ("mail", "drop", "failed"), ("mail", "silent", "failed"),
    ("rcpt", "no", "failed"), ("rcpt", "later", "failed"), ("rcpt", "drop", "failed"), ("rcpt", "silent", "failed"),
    ("data", "no", "failed"), ("data", "later", "failed"), ("data", "drop", "failed"), ("data", "silent", "failed"),
    ("body", "drop", "in doubt"), ("end", "no", "failed"), ("end", "later", "failed"),
    ("end", "drop", "in doubt"), ("end", "silent", "in doubt"), ("end", "drip", "in doubt"),
]  # fmt: skip


def mailer(port: int, seconds: float = 0.3, **more: Any) -> Mailer:
    return Mailer(Smtp("127.0.0.1", port, "never"), seconds, deadline=0.6, **more)


@pytest.mark.parametrize(("step", "what", "state"), CASES)
def test_what_may_be_said_of_a_mail(step: str, what: str, state: str) -> None:
    with Rude(step, what) as server:
        outcome = mailer(server.port).send(BY, TO, CONTENT)
    assert outcome.state == state
    assert outcome.reason.endswith(".")
    assert ("not today" in outcome.reason) == (what in ("no", "later") and step != "ehlo")
    assert bool(server.whole) == (step == "end")


def test_a_server_that_hangs_up_in_the_middle_of_a_large_mail_cannot_have_it() -> None:
    with Rude("body", "drop") as server:
        outcome = mailer(server.port).send(BY, TO, CONTENT + b"x\r\n" * 3_000_000)
    assert (outcome.state, server.whole) == ("failed", [])


def test_nobody_listens() -> None:
    outcome = mailer(free_port()).send(BY, TO, CONTENT)
    assert outcome.state == "failed"
    assert "Connection refused" in outcome.reason


def test_the_content_arrives_byte_by_byte_and_for_one_reader() -> None:
    with taking() as box:
        assert mailer(box.port).send(BY, TO, CONTENT).state == "sent"
    (mail,) = box.mails
    assert (mail.by, mail.to, mail.content) == (BY, (TO,), CONTENT)


def test_a_reader_is_written_as_typed_however_programs_might_read_it() -> None:
    with Rude() as server:
        mailer(server.port).send(BY, "a%b=c@d.example", CONTENT)
    assert b"rcpt TO:<a%b=c@d.example>\r\n" in [line.replace(b"RCPT", b"rcpt") for line in server.heard]


def test_letters_outside_ascii_need_a_server_that_knows_them() -> None:
    with taking() as box, Rude() as server:
        assert mailer(box.port).send(BY, "आशा@example.com", CONTENT).state == "sent"
        refused = mailer(server.port).send(BY, "आशा@example.com", CONTENT)
    assert box.mails[0].to == ("आशा@example.com",)
    assert (refused.state, server.whole) == ("failed", [])


def test_a_mail_that_is_too_large_for_the_server_is_not_begun() -> None:
    with Rude(offers=b"250-here\r\n250 SIZE 20") as server:
        outcome = mailer(server.port).send(BY, TO, CONTENT)
    assert "takes mails up to" in outcome.reason
    assert not any(line.lower().startswith(b"mail") for line in server.heard)


def test_without_encryption_nothing_is_sent_where_it_is_asked_for() -> None:
    with Rude() as server:
        outcome = Mailer(Smtp("127.0.0.1", server.port, "starttls", "u", CANARY), 0.3).send(BY, TO, CONTENT)
    assert (outcome.state, server.whole) == ("failed", [])
    assert "STARTTLS" in outcome.reason
    assert CANARY not in b"".join(server.heard).decode()


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_that_nobody_vouches_for_is_not_trusted(tmp_path: Path, security: str) -> None:
    trusted, server_side = certificate(tmp_path)
    given = (
        {"tls_context": server_side, "require_starttls": True}
        if security == "starttls"
        else {"ssl_context": server_side}
    )
    with _encrypted(security, given) as box:
        smtp = Smtp("localhost", box.port, security)
        assert Mailer(smtp, 3.0).send(BY, TO, CONTENT).state == "failed"
        assert box.mails == []
        assert Mailer(smtp, 3.0, trust=trusted).send(BY, TO, CONTENT).state == "sent"
    assert box.mails[0].content == CONTENT


def _encrypted(security: str, given: dict[str, Any]) -> Any:
    return taking(**given)


def certificate(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A certificate for localhost, as a reader trusts it and as a server shows it."""
    key, paper = folder / "key.pem", folder / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-keyout", str(key), "-out", str(paper), "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"],
        check=True, capture_output=True,
    )  # fmt: skip
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(paper, key)
    return ssl.create_default_context(cafile=str(paper)), server


def test_a_password_is_in_no_sentence_and_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    echo = base64.b64encode(f"\0u\0{CANARY}".encode()) + b" " + CANARY.encode()
    offers = b"250-here\r\n250 AUTH PLAIN LOGIN"
    for step, words in (("auth", echo), ("mail", echo), ("end", CANARY.encode())):
        with Rude(step, "no", words=words, offers=offers) as server:
            if step != "auth":
                server.offers = b"250 here"
            outcome = Mailer(Smtp("127.0.0.1", server.port, "never", "u" if step == "auth" else "", CANARY), 0.5).send(
                BY, TO, CONTENT
            )
        assert outcome.state == "failed"
        assert CANARY not in f"{outcome} {caplog.text}"


def test_whoever_knows_the_password_is_let_in() -> None:
    warnings.filterwarnings("ignore", "Requiring AUTH")

    def known(server: Any, session: Any, envelope: Any, mechanism: str, given: Any) -> AuthResult:
        return AuthResult(success=given.password == CANARY.encode())

    with taking(authenticator=known, auth_require_tls=False, auth_required=True) as box:
        for password, state in ((CANARY, "sent"), ("wrong", "failed")):
            outcome = Mailer(Smtp("127.0.0.1", box.port, "never", "u", password), 3.0).send(BY, TO, CONTENT)
            assert outcome.state == state
    assert len(box.mails) == 1
