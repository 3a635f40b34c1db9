"""A mail holds the headers that were meant, each once, one reader, and the very files of the report."""

from __future__ import annotations

from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from errors import UserError
from reports.delivery import letter, message
from reports.delivery.message import Sender, sender, stable_id, written
from tests.reports.delivery.parcels import LINE_ENDS, PDF, naughty, parcel

BY = Sender("TrueLift", "reports@truelift.example")
LEAVE = "https://reports.example.com/unsubscribe/abc"
HEADERS = ["Message-ID", "Auto-Submitted", "List-Unsubscribe", "List-Unsubscribe-Post", "From", "To", "Subject", "Date",
           "MIME-Version", "Content-Type"]  # fmt: skip


def made(folder: Path, to: str = "asha@example.com", name: str = "Asha", leave: str = LEAVE, **more: Any) -> bytes:
    sent = parcel(folder, **more)
    words = letter.of_parcel(sent, "https://reports.example.com/x", leave, "Attached: a file.")
    return written(words, BY, to, name, "<abc@truelift.example>", 1785555000.0, leave, sent.files)


def read(content: bytes) -> Any:
    return message_from_bytes(content, policy=policy.default)


def test_a_mail_says_what_happened_and_brings_the_file(tmp_path: Path) -> None:
    mail = read(made(tmp_path))
    assert mail["Subject"] == "Weekly return: 27 Jul – 2 Aug 2026"
    assert mail["Message-ID"] == "<abc@truelift.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe"] == f"<{LEAVE}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Date"].datetime.timestamp() == 1785555000.0
    for kind in ("plain", "html"):
        text = mail.get_body((kind,)).get_content()
        for words in ("₹3.94 Cr.", "27 Jul – 2 Aug 2026", "Brand: Gritzo", "a41f9c", "Asia/Kolkata", "11.6×", LEAVE):
            assert words in text
    (file,) = mail.iter_attachments()
    assert (file.get_filename(), file.get_content()) == ("Weekly return.pdf", PDF)


def test_the_html_loads_nothing(tmp_path: Path) -> None:
    text = read(made(tmp_path, sentence="<img src=x onerror=alert(1)>")).get_body(("html",)).get_content()
    assert "<img" not in text
    assert "src=" not in text.replace("&lt;img src=x", "")
    assert "url(" not in text


def test_no_text_adds_a_header_or_a_reader(tmp_path: Path) -> None:
    file = parcel(tmp_path).files[0][1]
    for text in [*LINE_ENDS, *naughty()[len(LINE_ENDS) :: 25]]:
        said = dict.fromkeys(("title", "period", "sentence", "filters", "edition", "remark", "due"), text)
        files = ((f"{text}.pdf", file, "application/pdf"),)
        content = made(tmp_path, name=text, tiles=((text, text),), files=files, **said)
        head = content.partition(b"\r\n\r\n")[0]
        found = [line.partition(b":")[0].decode() for line in head.split(b"\r\n") if line[:1] not in (b" ", b"\t")]
        assert found == HEADERS, text
        assert [one.addr_spec for one in read(content)["To"].addresses] == ["asha@example.com"], text
        assert b"\nbcc" not in head.lower(), text
        assert [part.get_content() for part in read(content).iter_attachments()] == [PDF], text


def test_a_header_that_gets_through_all_the_same_stops_the_mail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The guard is broken by hand: what is read back differs from what was meant, so nothing leaves."""
    monkeypatch.setattr(message, "clean", lambda text, longest=120: text)
    monkeypatch.setattr(letter, "clean", lambda text, longest=120: text)
    with pytest.raises(UserError, match="headers"):
        made(tmp_path, title="=?utf-8?q?a=0ABcc=3A_x=40evil.example?=")


def test_an_attachment_that_is_not_the_file_stops_the_mail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = message._message
    monkeypatch.setattr(message, "_message", lambda *given: real(*given[:-1], ()))
    with pytest.raises(UserError, match="attachments"):
        made(tmp_path)


def test_without_an_address_readers_answer_the_mail_to_unsubscribe(tmp_path: Path) -> None:
    mail = read(made(tmp_path, leave=""))
    assert mail["List-Unsubscribe"] == "<mailto:reports@truelift.example?subject=Unsubscribe>"
    assert mail["List-Unsubscribe-Post"] is None
    assert "answer this mail" in mail.get_body(("plain",)).get_content()


def test_a_long_link_stays_on_one_line_of_the_head(tmp_path: Path) -> None:
    leave = f"https://reports.example.com/unsubscribe/{'a' * 600}"
    content = made(tmp_path, leave=leave)
    assert f"\r\nList-Unsubscribe: <{leave}>\r\n".encode() in content


def test_an_address_outside_ascii_is_written_in_utf8(tmp_path: Path) -> None:
    content = made(tmp_path, to="आशा@example.com")
    assert "To: Asha <आशा@example.com>".encode() in content


@pytest.mark.parametrize("text", ["<a@b.example>", "a@b.example", " <a@b.example> "])
def test_an_id_stays_as_it_is(text: str) -> None:
    assert stable_id(text) == "<a@b.example>"


@pytest.mark.parametrize("text", ["", "x", "<a@b>\r\nBcc: c@d.example", "a b@c", "x" * 300 + "@y", "\ud800"])
def test_another_id_becomes_one_that_is_always_the_same(text: str) -> None:
    assert stable_id(text) == stable_id(text)
    assert stable_id(text).endswith("@truelift.invalid>")


@pytest.mark.parametrize(
    ("text", "name", "address"),
    [("a@b.example", "", "a@b.example"), ("True, Lift <a@b.example>", "True, Lift", "a@b.example"),
     ('"T" <a@b.example>', "T", "a@b.example")],
)  # fmt: skip
def test_who_a_mail_is_from(text: str, name: str, address: str) -> None:
    assert sender(text) == Sender(name, address)
