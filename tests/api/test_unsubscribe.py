"""Looking at the link changes nothing; a POST with a token of ours does, wherever it comes from; others get 404."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import settings
from data.ledger.deliveries import Deliveries
from reports.delivery.unsubscribe import secret, token
from tests.fakes import made

READER = ("asha@example.com", "weekly")
FOREIGN = {"Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site"}


@pytest.fixture(name="client")
def _client(tmp_path: Path) -> Any:
    return made(tmp_path).server.test_client()


@pytest.fixture(name="link")
def _link(tmp_path: Path) -> str:
    return f"/unsubscribe/{token(secret(tmp_path), READER[1], READER[0], '<b>Weekly</b>')}"


def left(folder: Path) -> bool:
    return Deliveries(settings.load(folder, {}).ledger).is_unsubscribed(*READER)


def test_a_scanner_that_opens_the_link_changes_nothing(client: Any, link: str, tmp_path: Path) -> None:
    for method in ("GET", "HEAD", "OPTIONS"):
        assert client.open(link, method=method).status_code == 200
    page = client.get(link)
    assert "a…@example.com" in page.text
    assert "&lt;b&gt;Weekly" in page.text
    assert page.text.count("<button>") == 1
    assert "<script" not in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert not left(tmp_path)


def test_the_button_does_it(client: Any, link: str, tmp_path: Path) -> None:
    page = client.post(link, headers={"Sec-Fetch-Site": "same-origin"})
    assert (page.status_code, "Done." in page.text, "<button>" in page.text) == (200, True, False)
    assert left(tmp_path)
    assert "Already done." in client.get(link).text


def test_one_click_of_a_mail_program_does_it_from_anywhere(client: Any, link: str, tmp_path: Path) -> None:
    answer = client.post(link, data={"List-Unsubscribe": "One-Click"}, headers=FOREIGN)
    assert answer.status_code == 200
    assert left(tmp_path)


def test_every_wrong_link_gets_the_same_answer(client: Any, link: str) -> None:
    wrong = [
        "/unsubscribe/x",
        f"{link}A",
        link[:-1],
        f"/unsubscribe/{'x' * 3000}",
        link.replace(".", "~"),
        f"/unsubscribe/a.{'b' * 43}",
    ]
    for method in ("get", "post"):
        answers = {(one.status_code, one.data) for one in (getattr(client, method)(path) for path in wrong)}
        assert len(answers) == 1
        assert next(iter(answers))[0] == 404


def test_another_site_may_ask_for_nothing_else(client: Any, link: str) -> None:
    for path in ("/unsubscribe/x", "/_dash-update-component", link.replace("unsubscribe", "unsubscribed")):
        assert client.post(path, headers=FOREIGN).status_code == 403
    assert client.delete(link, headers=FOREIGN).status_code == 403


def test_without_a_secret_nothing_is_ours_and_none_is_made(client: Any, tmp_path: Path) -> None:
    assert client.get(f"/unsubscribe/a.{'b' * 43}").status_code == 404
    assert not (tmp_path / "secret").exists()
