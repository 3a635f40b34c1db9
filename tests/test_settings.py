"""A wrong setting is one sentence that repeats no secret; a right one is what reports are sent with."""

from __future__ import annotations

from pathlib import Path

import pytest

from errors import UserError
from settings import Smtp, load

CANARY = "canary-Zx81-canary"
FROM = {"TRUELIFT_MAIL_FROM": "TrueLift <reports@example.com>"}


@pytest.mark.parametrize(
    ("text", "server"),
    [
        ("smtp://mail.example.com", Smtp("mail.example.com", 587)),
        ("smtp://mail.example.com:25?tls=never", Smtp("mail.example.com", 25, "never")),
        ("smtps://a%40b:p%2Fw@mail.example.com", Smtp("mail.example.com", 465, "tls", "a@b", "p/w")),
        ("smtp://a:b@mail.example.com:2525/", Smtp("mail.example.com", 2525, "starttls", "a", "b")),
        ("smtp://127.0.0.1:1025", Smtp("127.0.0.1", 1025, "never")),
        ("smtp://[::1]:1025", Smtp("::1", 1025, "never")),
    ],
)
def test_a_mail_server_is_encrypted_unless_it_is_this_machine(tmp_path: Path, text: str, server: Smtp) -> None:
    assert load(tmp_path, {"TRUELIFT_SMTP": text, **FROM}).smtp == server


WRONG = (
    {"TRUELIFT_SMTP": f"http://u:{CANARY}@mail.example.com"},
    {"TRUELIFT_SMTP": f"smtp://u:{CANARY}@mail.example.com:port"},
    {"TRUELIFT_SMTP": f"smtp://u:{CANARY}@:25"},
    {"TRUELIFT_SMTP": f"smtp://u:{CANARY}@mail.example.com/path"},
    {"TRUELIFT_SMTP": f"smtp://u:{CANARY}@mail.example.com?tls=maybe"},
    {"TRUELIFT_SMTP": f"smtp://u:{CANARY}@mail.example.com:25?tls=never"},
    {"TRUELIFT_SMTP": f"smtp://u:{CANARY}@[::1"},
    {"TRUELIFT_SMTP": f"smtp://u:{CANARY}@mail.example.com", "TRUELIFT_MAIL_FROM": ""},
    {"TRUELIFT_MAIL_FROM": "reports at example"},
    {"TRUELIFT_MAIL_FROM": "a@b.example\r\nBcc: c@d.example"},
    {"TRUELIFT_OWNER": "Asha <asha@example.com>"},
    {"TRUELIFT_URL": "reports.example.com"},
    {"TRUELIFT_URL": "javascript:alert(1)"},
    {"TRUELIFT_URL": f"https://u:{CANARY}@reports.example.com"},
    {"TRUELIFT_WEBHOOK_HOSTS": "https://hooks.example.com/x"},
    {"TRUELIFT_WEBHOOK_HOSTS": "a_b.example"},
    {"TRUELIFT_WEBHOOK_SECRET": CANARY[:8]},
    {"TRUELIFT_MAIL_MEGABYTES": "many"},
    {"TRUELIFT_FOLDERS": "reports"},
)


@pytest.mark.parametrize("environ", WRONG, ids=str)
def test_a_wrong_setting_is_one_sentence_without_its_secret(tmp_path: Path, environ: dict[str, str]) -> None:
    with pytest.raises(UserError) as refusal:
        load(tmp_path, {**FROM, **environ})
    said = str(refusal.value)
    assert next(iter(environ)) in said
    assert CANARY[:8] not in said
    assert "\n" not in said
    assert refusal.value.__cause__ is None


def test_secrets_stand_in_no_repr(tmp_path: Path) -> None:
    house = load(
        tmp_path, {"TRUELIFT_SMTP": f"smtps://u:{CANARY}@mail.example.com", "TRUELIFT_WEBHOOK_SECRET": CANARY, **FROM}
    )
    assert house.smtp is not None
    assert house.smtp.password == house.webhook_secret == CANARY
    assert CANARY not in f"{house} {house!r} {house.smtp!r}"


def test_what_is_not_set_sends_nothing_anywhere(tmp_path: Path) -> None:
    house = load(tmp_path, {})
    assert (house.smtp, house.public_url, house.webhook_hosts, house.folders) == (None, "", (), ())
    assert house.outbox == tmp_path / "outbox"
    assert house.delivered == tmp_path / "delivered"


def test_what_is_set_is_taken(tmp_path: Path) -> None:
    house = load(tmp_path, {
        "TRUELIFT_URL": "https://reports.example.com/",
        "TRUELIFT_WEBHOOK_HOSTS": " Hooks.Example.com, *.b.example:8443,private:in.tra",
        "TRUELIFT_OUTBOX": str(tmp_path / "mails"), "TRUELIFT_FOLDERS": f"{tmp_path / 'a'}:{tmp_path / 'b'}",
        "TRUELIFT_OWNER": "asha@example.com", "TRUELIFT_MAIL_MEGABYTES": "20",
    })  # fmt: skip
    assert house.public_url == "https://reports.example.com"
    assert house.webhook_hosts == ("hooks.example.com", "*.b.example:8443", "private:in.tra")
    assert house.outbox == tmp_path / "mails"
    assert house.folders == (tmp_path / "a", tmp_path / "b")
    assert (house.owner, house.mail_megabytes) == ("asha@example.com", 20)
