"""We send to the address that was typed, or say why not; never to one that can be read in two ways."""

from __future__ import annotations

import os
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from errors import UserError
from reports.delivery import addresses
from reports.delivery.addresses import mail_address, webhook_url
from reports.delivery.recipient import Recipient, check, from_record, message_id
from settings import Settings
from tests.reports.delivery.parcels import naughty

GOOD = ("asha@example.com", "a.b+c@sub.example.co.in", "o'neil@example.com", "test@xn--hxajbheg2az3al.xn--jxalpdlp",
        "आशा@example.com", "_x-@123.com")  # fmt: skip
BAD = (
    "", "@", "a@", "@b.example", "a@b@c.example", "a b@c.example", " a@b.example", "a@b.example ", "a@b.example\n",
    "a@b.example\r\nBcc: x@y.example", "a@b.example,x@y.example", "A <a@b.example>", '"a b"@c.example', 
    "a..b@c.example",
    ".a@c.example", "a.@c.example", "a@localhost", "a@[127.0.0.1]", "a@-b.example", "a@b..example", "a@b.example.",
    "a@1.2.3.4", "=?utf-8?q?a?=@b.example", "a@straße.example", "ａ@b.example", "a\u202eb@c.example", 
    "a\u200b@c.example",
    "a(c)@b.example", "x" * 65 + "@b.example", "a@" + "b" * 64 + ".example", "a@" + "b." * 130 + "example", 
    "a\x00@b.example",
    "\ud800@b.example",
)  # fmt: skip


def verdicts() -> list[tuple[str, str]]:
    """The 164 addresses with their verdicts, where NAUGHTY_DIR is set."""
    home = os.environ.get("NAUGHTY_DIR")
    if not home:
        return []
    found = ElementTree.parse(Path(home) / "isemail" / "tests.xml").iter("test")
    return [(_as_meant(one.findtext("address") or ""), one.findtext("category") or "") for one in found]


def _as_meant(text: str) -> str:
    """Controls stand in the list as their pictures."""
    return "".join(chr(ord(letter) - 0x2400) if 0x2400 <= ord(letter) < 0x2420 else letter for letter in text)


@pytest.mark.parametrize("text", GOOD)
def test_plain_addresses_are_taken_as_they_are(text: str) -> None:
    assert mail_address(text) == text


@pytest.mark.parametrize("text", BAD)
def test_others_are_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(UserError, match=r"no mail address") as refusal:
        mail_address(text)
    assert str(refusal.value).isprintable()


def test_a_domain_outside_ascii_is_written_as_servers_know_it() -> None:
    assert mail_address("a@bücher.example") == "a@xn--bcher-kva.example"


def test_no_naughty_string_is_an_address_by_accident() -> None:
    for one in (tried for text in naughty() for tried in (text, f"{text}@example.com", f"a@{text}.com")):
        try:
            taken = mail_address(one)
        except UserError:
            continue
        assert taken.count("@") == 1
        assert not set(taken) & set(' \t\r\n<>,;:"()[]\\')


def test_the_addresses_of_isemail() -> None:
    """None whose verdict is an error; all plain valid ones but a domain without a dot, which is mostly a slip."""
    taken = set()
    for text, _ in verdicts():
        try:
            assert mail_address(text).lower() == text.lower()
            taken.add(text)
        except UserError:
            continue
    assert not [text for text, verdict in verdicts() if verdict == "ISEMAIL_ERR" and text in taken]
    refused = [text for text, verdict in verdicts() if verdict == "ISEMAIL_VALID_CATEGORY" and text not in taken]
    assert set(refused) <= {"test@io", "!#$%&`*+/=?^`{|}~@iana.org"}


@pytest.mark.parametrize("text", ["board", "board/monthly", "जुलाई", "/mnt/reports"])
def test_folders(text: str) -> None:
    assert Recipient("folder", text).address == text


@pytest.mark.parametrize("text", ["", " ", "..", "../up", "a/../../b", "~/x", "a\nb", "a\x00b", "x" * 600, "a\u202eb"])
def test_folders_that_lead_elsewhere_are_refused(text: str) -> None:
    with pytest.raises(UserError, match="no folder"):
        Recipient("folder", text)


def test_a_folder_lies_below_ours_unless_the_settings_allow_it(tmp_path: Path) -> None:
    ours, theirs = tmp_path / "var", tmp_path / "share"
    house = Settings(ours, folders=(theirs,))
    assert addresses.folder("board", house) == ours / "delivered" / "board"
    assert addresses.folder(str(theirs / "x"), house) == theirs / "x"
    for text in ("/etc", str(tmp_path / "share2"), str(ours), str(ours / "ledger.sqlite")):
        with pytest.raises(UserError, match="TRUELIFT_FOLDERS"):
            addresses.folder(text, house)


def test_a_link_out_of_our_folder_is_followed_before_it_is_judged(tmp_path: Path) -> None:
    house = Settings(tmp_path / "var")
    house.delivered.mkdir(parents=True)
    (house.delivered / "board").symlink_to("/etc")
    with pytest.raises(UserError, match="TRUELIFT_FOLDERS"):
        addresses.folder("board", house)


def test_webhook_addresses() -> None:
    target = webhook_url("https://Hooks.Example.com/a/b?c=d")
    assert (target.scheme, target.host, target.port, target.path) == ("https", "hooks.example.com", 443, "/a/b?c=d")
    assert webhook_url("http://127.0.0.1:9000").path == "/"


@pytest.mark.parametrize(
    "text",
    ["", "hooks.example.com", "ftp://a.example/", "http://hooks.example.com/", "https://u:p@a.example/", "https://a.example/#x",
     "https:///x", "https://a.example:99999/", "https://a.example/\r\nX: y", "https://a b.example/", "https://bücher.example/",
     "https://a.example\\@b.example/", "file:///etc/passwd", "https://[::1/", "http://127.1/", "http://0x7f.1/"],
)  # fmt: skip
def test_other_webhook_addresses_are_refused(text: str) -> None:
    with pytest.raises(UserError, match="webhook"):
        Recipient("webhook", text)


def test_a_webhook_goes_only_to_a_listed_host_and_port(tmp_path: Path) -> None:
    house = Settings(
        tmp_path, webhook_hosts=("hooks.example.com", "*.corp.example", "b.example:8443", "[::1]:99", "private:in.tra")
    )
    for text, private in (
        ("https://hooks.example.com/x", False), ("https://a.corp.example", False), ("https://b.example:8443", False),
        ("http://[::1]:99/", True), ("https://in.tra/", True),
    ):  # fmt: skip
        assert addresses.webhook(text, house)[1] is private
    for text in ("https://example.com", "https://corp.example", "https://b.example", "https://hooks.example.com:444",
                 "https://hooks.example.com.evil.example", "http://127.0.0.1/", "http://[::1]/"):  # fmt: skip
        with pytest.raises(UserError, match="TRUELIFT_WEBHOOK_HOSTS"):
            addresses.webhook(text, house)


def test_a_webhook_without_a_secret_is_refused_before_it_is_saved(tmp_path: Path) -> None:
    house = Settings(tmp_path, webhook_hosts=("a.example",))
    with pytest.raises(UserError, match="TRUELIFT_WEBHOOK_SECRET"):
        check(Recipient("webhook", "https://a.example/"), house)


def test_the_secret_path_of_a_webhook_is_never_shown() -> None:
    assert Recipient("webhook", "https://a.example/services/T0/canary").shown == "a.example"


@pytest.mark.parametrize(("kind", "form"), [("pigeon", "pdf"), ("mail", "docx")])
def test_a_recipient_is_of_a_known_kind_and_format(kind: str, form: str) -> None:
    with pytest.raises(UserError, match="for a recipient"):
        Recipient(kind, "a@b.example", form)


def test_a_recipient_survives_its_record() -> None:
    one = Recipient("mail", "a@b.example", "xlsx", "Asha")
    assert from_record(one.as_record()) == one


def test_a_message_id_is_the_same_for_the_same_run_and_reader() -> None:
    one, other = Recipient("mail", "a@b.example"), Recipient("mail", "c@b.example")
    assert message_id("r1", one) == message_id("r1", Recipient("mail", "a@b.example", name="Asha"))
    assert len({message_id("r1", one), message_id("r2", one), message_id("r1", other)}) == 3
