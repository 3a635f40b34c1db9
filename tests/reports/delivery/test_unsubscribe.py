"""Only the link from a reader's own mail takes that reader out, and the secret behind it is made once."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from data.ledger.deliveries import Deliveries
from errors import UserError
from reports.delivery import unsubscribe
from reports.delivery.unsubscribe import Leaving, masked, read, secret, token
from tests.reports.delivery.parcels import house, naughty


def test_the_secret_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    found: list[bytes] = []
    many = [threading.Thread(target=lambda: found.append(secret(tmp_path / "var"))) for _ in range(8)]
    for one in many:
        one.start()
    for one in many:
        one.join()
    assert len(set(found)) == 1
    assert [one.name for one in (tmp_path / "var").iterdir()] == ["secret"]
    assert (tmp_path / "var" / "secret").stat().st_mode & 0o777 == 0o600


def test_a_damaged_secret_is_a_sentence_without_it(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("canary")
    with pytest.raises(UserError, match="damaged") as refusal:
        secret(tmp_path)
    assert "canary" not in str(refusal.value)


def test_a_link_says_whom_it_was_made_for(tmp_path: Path) -> None:
    key = secret(tmp_path)
    for text in (text[:100] for text in naughty() if "\ud800" not in text):
        schedule, address, _ = read(key, token(key, "weekly", text, text)) or ("", "", "")
        assert (schedule, address) == ("weekly", text)


def test_no_altered_link_is_ours(tmp_path: Path) -> None:
    key = secret(tmp_path)
    right = token(key, "weekly", "asha@example.com", "Weekly")
    assert read(key, right)
    for at, letter in enumerate(right):
        assert read(key, right[:at] + ("A" if letter != "A" else "B") + right[at + 1 :]) is None, at
    for wrong in ("", ".", right[:-1], f"{right}A", f"{right}=", right.replace(".", ""), f" {right}", "x" * 5000):
        assert read(key, wrong) is None
    assert read(b"another", right) is None


def test_leaving_is_done_once_and_shown(tmp_path: Path) -> None:
    settings = house(tmp_path)
    leaving, kept = Leaving(settings), Deliveries(settings.ledger)
    link = leaving.link("weekly", "asha@example.com", "Weekly return")
    written = link.removeprefix("https://reports.example.com/unsubscribe/")
    shown = leaving.asked(written)
    assert shown is not None
    assert (shown.title, shown.address, shown.left) == ("Weekly return", "a…@example.com", False)
    assert not kept.is_unsubscribed("asha@example.com", "weekly")
    for _ in range(2):
        done = leaving.leave(written)
        assert done is not None
        assert done.left
    assert kept.is_unsubscribed("asha@example.com", "weekly")
    assert not kept.is_unsubscribed("asha@example.com", "monthly")


def test_nobody_who_knocks_makes_a_secret_or_a_ledger(tmp_path: Path) -> None:
    leaving = Leaving(house(tmp_path / "var"))
    assert leaving.asked("x" * 20 + "." + "y" * 43) is None
    assert leaving.leave("x" * 20 + "." + "y" * 43) is None
    assert not (tmp_path / "var").exists()


def test_without_a_public_address_there_is_no_link(tmp_path: Path) -> None:
    assert Leaving(house(tmp_path, public_url="")).link("weekly", "asha@example.com") == ""
    assert unsubscribe.PATH == "/unsubscribe/"


def test_an_address_is_shown_in_part() -> None:
    assert masked("asha@example.com") == "a…@example.com"
