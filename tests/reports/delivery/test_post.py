"""A report goes to exactly the reader that was named, and every way it can go wrong has its honest word.

TRUELIFT_NAUGHTY=1 tries every string of NAUGHTY_DIR instead of a tenth; the figures are printed (pytest -s).
"""

from __future__ import annotations

import logging
import os
import sys
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from errors import UserError
from reports.delivery import folder, letter, message
from reports.delivery.mail import Mailer
from reports.delivery.post import Post
from reports.delivery.recipient import Outcome, Recipient
from reports.delivery.webhook import Hook
from settings import Smtp
from tests.reports.delivery.parcels import FROM, LINE_ENDS, house, naughty, parcel
from tests.reports.delivery.sinks import Rude, taking

ASHA = Recipient("mail", "asha@example.com", name="Asha")
NUMBER = "<m1@truelift.example>"


def said(figures: str) -> None:
    sys.stdout.write(f"\n{figures}\n")


def test_naughty_names_reach_one_reader_under_the_same_headers(tmp_path: Path) -> None:
    """Every name and subject of one mail is the string; the envelope stays the list, the number of headers too."""
    strings = naughty() if os.environ.get("TRUELIFT_NAUGHTY") else [*LINE_ENDS, *naughty()[len(LINE_ENDS) :: 10]]
    counts, readers = set(), set()
    with taking() as box:
        for number, text in enumerate(strings):
            by = f"{text} <reports@truelift.example>" if not set(text) & set("<>") else FROM
            post = Post(house(tmp_path, box.port, mail_from=by), clock=lambda: 1785555000.0)
            to = Recipient("mail", f"reader{number}@example.com", name=text)
            fields = dict.fromkeys(("title", "sentence", "due", "period", "filters", "edition", "remark"), text)
            files = ((f"{text}.pdf", parcel(tmp_path).files[0][1], "application/pdf"),)
            sent = parcel(tmp_path, files=files, tiles=((text, text),), **fields)
            assert post.deliver(sent, to, f"<{number}@t.example>") == Outcome("sent"), text
        assert len(box.mails) == len(strings)
        for number, mail in enumerate(box.mails):
            assert mail.to == (f"reader{number}@example.com",)
            assert mail.by == "reports@truelift.example"
            assert {name.lower() for name in mail.headers}.isdisjoint({"bcc", "cc", "set-cookie", "reply-to"})
            assert len(list(mail.message.iter_attachments())) == 1
            counts.add(len(mail.headers))
            readers |= {one.addr_spec for one in mail.message["To"].addresses}
    said(f"{len(strings)} strings in every name and subject: {len(box.mails)} mails, headers {counts}, "
         f"readers beside the list {len(readers) - len(strings)}")  # fmt: skip
    assert len(counts) == 1
    assert len(readers) == len(strings)


def test_a_reader_who_left_is_skipped(tmp_path: Path) -> None:
    with taking() as box:
        post = Post(
            house(tmp_path, box.port),
            has_left=lambda address, schedule: (address, schedule) == (ASHA.address, "weekly"),
        )
        assert post.deliver(parcel(tmp_path), ASHA, NUMBER).state == "skipped"
        assert post.deliver(parcel(tmp_path, schedule="monthly"), ASHA, NUMBER).state == "sent"
    assert len(box.mails) == 1


def test_without_a_mail_server_a_mail_is_a_file_and_says_so(tmp_path: Path) -> None:
    post = Post(house(tmp_path, mail_from=""), clock=lambda: 0.0)
    outcome = post.deliver(parcel(tmp_path), ASHA, NUMBER)
    (file,) = (tmp_path / "outbox").iterdir()
    assert outcome.state == "sent"
    assert "Not mailed" in outcome.reason
    assert file.name in outcome.reason
    mail = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert (mail["To"], mail["Message-ID"]) == ("Asha <asha@example.com>", NUMBER)


def test_a_folder_gets_the_file_with_its_edition(tmp_path: Path) -> None:
    post = Post(house(tmp_path / "var"))
    to = Recipient("folder", "board/monthly")
    assert post.deliver(parcel(tmp_path), to, NUMBER) == Outcome("sent")
    assert post.deliver(parcel(tmp_path), to, NUMBER) == Outcome("sent")
    names = [one.name for one in (tmp_path / "var" / "delivered" / "board" / "monthly").iterdir()]
    assert names == ["Weekly return · 2026-08-03 · a41f9c.pdf"]


@pytest.mark.parametrize(
    ("to", "words"),
    [
        (Recipient("folder", "/etc"), "TRUELIFT_FOLDERS"),
        (Recipient("webhook", "https://hooks.example.com/canary-path"), "TRUELIFT_WEBHOOK_HOSTS"),
        (Recipient("mail", "a@b.example", "xlsx"), "not made as xlsx"),
    ],
)
def test_what_may_not_be_sent_has_failed(tmp_path: Path, to: Recipient, words: str) -> None:
    outcome = Post(house(tmp_path)).deliver(parcel(tmp_path), to, NUMBER)
    assert outcome.state == "failed"
    assert words in outcome.reason
    assert "canary" not in outcome.reason


def test_a_folder_elsewhere_must_be_there(tmp_path: Path) -> None:
    post = Post(house(tmp_path / "var", folders=(tmp_path / "disk",)))
    assert post.deliver(parcel(tmp_path), Recipient("folder", str(tmp_path / "disk")), NUMBER).state == "failed"
    (tmp_path / "disk").mkdir()
    assert post.deliver(parcel(tmp_path), Recipient("folder", str(tmp_path / "disk")), NUMBER).state == "sent"


def test_a_large_report_goes_as_a_link_or_has_failed(tmp_path: Path) -> None:
    large = tmp_path / "large.pdf"
    large.write_bytes(b"x" * 900_000)
    files = (("Large.pdf", large, "application/pdf"),)
    with taking() as box:
        post = Post(house(tmp_path, box.port, mail_megabytes=1))
        assert post.deliver(parcel(tmp_path, files=files), ASHA, NUMBER) == Outcome("sent")
        refused = post.deliver(parcel(tmp_path, files=files, link=""), ASHA, NUMBER)
    (mail,) = box.mails
    assert list(mail.message.iter_attachments()) == []
    text = mail.message.get_body(("plain",)).get_content()
    assert "so it is not attached" in text
    assert "https://reports.example.com/reports/file/abc.pdf" in text
    assert (refused.state, "TRUELIFT_URL" in refused.reason) == ("failed", True)


@pytest.mark.parametrize("link", ["", "//evil.example/", "javascript:alert(1)", "https://a.example/\r\nBcc: x", "/x"])
def test_a_link_that_readers_cannot_open_is_left_out(tmp_path: Path, link: str) -> None:
    assert parcel(tmp_path, link=link).address(house(tmp_path, public_url="")) == ""


def test_a_report_whose_file_is_gone_has_failed(tmp_path: Path) -> None:
    sent = parcel(tmp_path)
    sent.files[0][1].unlink()
    for to in (ASHA, Recipient("folder", "x")):
        outcome = Post(house(tmp_path)).deliver(sent, to, NUMBER)
        assert outcome.state == "failed"
        assert str(tmp_path) not in outcome.reason or to.kind == "folder"


def test_our_own_faults_are_failures_before_and_doubts_while_it_is_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault(*given: Any, **named: Any) -> Any:
        raise ZeroDivisionError("ours")

    monkeypatch.setattr(letter, "of_parcel", fault)
    assert Post(house(tmp_path)).deliver(parcel(tmp_path), ASHA, NUMBER).state == "failed"
    monkeypatch.undo()
    monkeypatch.setattr(Mailer, "send", fault)
    outcome = Post(house(tmp_path, 1)).deliver(parcel(tmp_path), ASHA, NUMBER)
    assert (outcome.state, "ZeroDivision" in outcome.reason) == ("in doubt", False)
    monkeypatch.setattr(folder, "lay", fault)
    assert Post(house(tmp_path)).deliver(parcel(tmp_path), Recipient("folder", "x"), NUMBER).state == "in doubt"


def test_what_ends_the_process_is_not_held_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def end(*given: Any, **named: Any) -> Any:
        raise SystemExit

    monkeypatch.setattr(Mailer, "send", end)
    with pytest.raises(SystemExit):
        Post(house(tmp_path, 1)).deliver(parcel(tmp_path), ASHA, NUMBER)


def test_a_wrong_sender_is_a_sentence(tmp_path: Path) -> None:
    assert Post(house(tmp_path, mail_from="nobody")).deliver(parcel(tmp_path), ASHA, NUMBER).state == "failed"
    with pytest.raises(UserError):
        message.sender("nobody")


def test_the_way_out_is_the_readers_own(tmp_path: Path) -> None:
    with taking() as box:
        settings = house(tmp_path, box.port)
        post = Post(settings, mailer=Mailer(Smtp("127.0.0.1", box.port, "never"), 3.0))
        for name in ("a", "b"):
            post.deliver(parcel(tmp_path), Recipient("mail", f"{name}@example.com"), NUMBER)
    links = [mail.message["List-Unsubscribe"] for mail in box.mails]
    assert len(set(links)) == 2
    assert all(link.startswith("<https://reports.example.com/unsubscribe/") for link in links)


def test_secrets_stand_in_no_sentence_and_no_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    secret = "canary-Zx81-canary"
    hook = Recipient("webhook", f"https://localhost:1/{secret}")
    settings = house(tmp_path, webhook_hosts=("localhost:1",), webhook_secret=secret)
    offers = b"250-here\r\n250 AUTH PLAIN"
    with Rude("auth", "no", words=secret.encode(), offers=offers) as server:
        mailer = Mailer(Smtp("127.0.0.1", server.port, "never", "asha", secret), 0.5)
        post = Post(settings, mailer=mailer)
        outcomes = [post.deliver(parcel(tmp_path), to, NUMBER) for to in (hook, ASHA)]
    gone = parcel(tmp_path)
    gone.files[0][1].unlink()
    outcomes += [post.deliver(gone, to, NUMBER) for to in (hook, ASHA)]
    assert {outcome.state for outcome in outcomes} == {"failed"}
    assert secret not in f"{outcomes} {caplog.text} {mailer} {Hook(secret)} {settings} {hook.shown}"
