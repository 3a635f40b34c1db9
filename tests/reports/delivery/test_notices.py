"""An owner hears of each failure once; what becomes of the telling is kept and never told in turn."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.ledger.deliveries import Deliveries
from reports.delivery.mail import Mailer
from reports.delivery.notices import PAUSE_SECONDS, Notices
from settings import Smtp
from tests.reports.delivery.parcels import house, naughty
from tests.reports.delivery.sinks import Rude, taking

OWNER = "owner@example.com"


@pytest.fixture(name="kept")
def _kept(tmp_path: Path) -> Deliveries:
    return Deliveries(house(tmp_path).ledger)


def test_a_notice_is_a_row_and_a_mail_once(kept: Deliveries, tmp_path: Path) -> None:
    with taking() as box:
        notices = Notices(kept, house(tmp_path, box.port))
        for _ in range(3):
            notices.tell("r1", OWNER, "“Weekly” was not sent", "The mail server refused the reader.")
    (mail,) = box.mails
    assert mail.to == (OWNER,)
    assert mail.message["Subject"] == "Not sent: “Weekly” was not sent"
    assert "refused the reader" in mail.message.get_body(("plain",)).get_content()
    assert [(one.key, one.mail) for one in kept.notices()] == [("r1", "sent")]


def test_without_an_owner_the_house_is_told_and_without_a_server_the_row_says_so(
    kept: Deliveries, tmp_path: Path
) -> None:
    with taking() as box:
        Notices(kept, house(tmp_path, box.port, owner="house@example.com")).tell("a", "Asha Rao", "t", "s.")
        Notices(kept, house(tmp_path, box.port)).tell("b", "Asha Rao", "t", "s.")
    Notices(kept, house(tmp_path)).tell("c", OWNER, "t", "s.")
    assert [mail.to for mail in box.mails] == [("house@example.com",)]
    assert {one.key: one.mail for one in kept.notices()} == {"a": "sent", "b": "none", "c": "none"}


def test_a_notice_that_cannot_be_mailed_is_kept_and_not_tried_for_ever(kept: Deliveries, tmp_path: Path) -> None:
    now = [0.0]
    with Rude("rcpt", "no") as server:
        mailer = Mailer(Smtp("127.0.0.1", server.port, "never"), 0.5)
        notices = Notices(kept, house(tmp_path, server.port), mailer, lambda: now[0])
        for number in range(5):
            notices.tell(f"r{number}", OWNER, "t", "s.")
        assert sum(line.startswith(b"RCPT") for line in server.heard) == 1
        now[0] += PAUSE_SECONDS
        notices.tell("later", OWNER, "t", "s.")
        assert sum(line.startswith(b"RCPT") for line in server.heard) == 2
    assert len(kept.notices()) == 6
    assert {one.mail for one in kept.notices()} == {"failed"}
    assert all(one.reason for one in kept.notices())


def test_a_ledger_that_does_not_answer_stops_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Deliveries(house(tmp_path).ledger)

    def refuse(*given: object) -> bool:
        raise OSError("disk I/O error")

    monkeypatch.setattr(kept, "notice", refuse)
    Notices(kept, house(tmp_path)).tell("r1", OWNER, "t", "s.")


def test_naughty_names_in_notices(kept: Deliveries, tmp_path: Path) -> None:
    with taking() as box:
        notices = Notices(kept, house(tmp_path, box.port))
        texts = naughty()[::40]
        for number, text in enumerate(texts):
            notices.tell(f"{number}", OWNER, text, text)
    assert [mail.to for mail in box.mails] == [(OWNER,)] * len(texts)
    assert len({tuple(mail.headers) for mail in box.mails}) == 1
