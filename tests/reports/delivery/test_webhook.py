"""A webhook goes signed to the host that was named, to no private network, and nowhere else whatever it answers."""

from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress
import json
import socket
import time
from pathlib import Path
from typing import Any

import pytest

from errors import UserError
from reports.delivery import webhook
from reports.delivery.addresses import webhook_url
from reports.delivery.post import Post
from reports.delivery.recipient import Outcome, Recipient
from reports.delivery.webhook import Hook, may_reach
from settings import ROOT
from tests.reports.delivery.parcels import PDF, house, parcel
from tests.reports.delivery.sinks import Listener, free_port

SECRET = "canary-secret-of-hooks"
SPELLINGS = (
    "127.0.0.1", "127.1", "127.0.1", "127.255.255.254", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1",
    "017700000001", "0x7f.1", "0", "0.0.0.0", "localhost", "localhost.", "LOCALHOST", "ip6-localhost", "[::1]", "[::]",
    "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]", "169.254.169.254", "2852039166", "[::ffff:169.254.169.254]", "[fe80::1]", "[fd00:ec2::254]",
    "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "192.0.0.192", "224.0.0.1", "255.255.255.255", "[ff02::1]",
    "[fec0::1]", "127.0.0.1.",
)  # fmt: skip


def knows(*addresses: str) -> Any:
    """A look-up that finds these, whatever it is asked."""
    return lambda host, port, **_: [(0, 0, 0, "", (address, port)) for address in addresses]


def sent(folder: Path, listener: Listener, hook: Hook | None = None, **more: Any) -> Outcome:
    settings = house(folder, webhook_hosts=(f"127.0.0.1:{listener.port}",), webhook_secret=SECRET)
    to = Recipient("webhook", f"http://127.0.0.1:{listener.port}/hook?key=canary-path")
    post = Post(settings, clock=lambda: 1785555000.9, hook=hook or Hook(SECRET, 0.4, 0.8))
    return post.deliver(parcel(folder, **more), to, "<m1@truelift.example>")


def test_a_report_is_posted_and_signed(tmp_path: Path) -> None:
    with Listener() as listener:
        assert sent(tmp_path, listener) == Outcome("sent")
    head, _, body = listener.asked[0].partition(b"\r\n\r\n")
    lines = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
    assert head.startswith(b"POST /hook?key=canary-path HTTP/1.1\r\n")
    right = hmac.new(SECRET.encode(), b"1785555000." + body, hashlib.sha256).hexdigest()
    assert lines["X-TrueLift-Signature"] == f"t=1785555000,v1={right}"
    assert lines["X-TrueLift-Delivery"] == "<m1@truelift.example>"
    record = json.loads(body)
    assert (record["edition"], record["sentence"]) == ("2026-08-03 · a41f9c", "Influencers brought ₹3.94 Cr.")
    assert record["link"] == "https://reports.example.com/reports/file/abc.pdf"
    assert base64.b64decode(record["files"][0]["content"]) == PDF
    assert record["files"][0]["sha256"] == hashlib.sha256(PDF).hexdigest()


@pytest.mark.parametrize(
    ("answer", "state", "words"),
    [
        (b"HTTP/1.1 204 No Content\r\n\r\n", "sent", ""),
        (b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\nContent-Length: 0\r\n\r\n", "failed", "not followed"),
        (b"HTTP/1.1 403 No\r\nContent-Length: 7\r\n\r\nnot\r\nyo", "failed", "403 not yo"),
        (b"HTTP/1.1 500 Oh\r\nContent-Length: 90\r\n\r\nhalf", "failed", "500"),
        (b"what?\r\n\r\n", "in doubt", "may have taken"),
        (b"", "in doubt", "may have taken"),
        (None, "in doubt", "in time"),
    ],
)  # fmt: skip
def test_only_its_yes_counts(tmp_path: Path, answer: bytes | None, state: str, words: str) -> None:
    with Listener(answer) as listener:
        outcome = sent(tmp_path, listener)
    assert outcome.state == state
    assert words in outcome.reason
    assert "canary" not in outcome.reason
    assert listener.hits == 1


def test_nobody_listens(tmp_path: Path) -> None:
    listener = Listener()
    with listener:
        pass
    outcome = sent(tmp_path, listener)
    assert (outcome.state, "refused" in outcome.reason) == ("failed", True)


@pytest.mark.parametrize("host", SPELLINGS)
def test_no_spelling_of_a_private_place_is_reached(tmp_path: Path, host: str) -> None:
    """Neither unlisted, nor when a careless entry lists it, nor when an allowed name leads there."""
    with Listener(host="0.0.0.0") as listener, Listener(host="::") as other:
        for port in (listener.port, other.port):
            _refused(tmp_path, host, port)
    assert (listener.hits, other.hits) == (0, 0)


def _refused(folder: Path, host: str, port: int) -> None:
    post = Post(house(folder, webhook_hosts=("hooks.example.com",), webhook_secret=SECRET))
    try:
        to = Recipient("webhook", f"https://{host}:{port}/")
    except UserError:
        to = None
    if to:
        assert post.deliver(parcel(folder), to, "<m@t.example>").state == "failed"
    target = webhook_url(f"https://{host}:{port}/")
    with pytest.raises(UserError):
        Hook(SECRET, 0.5).send(target, False, b"{}", "<m@t.example>", 0.0)
    bare = host.strip("[]")
    try:
        ipaddress.ip_address(bare)
    except ValueError:
        return
    with pytest.raises(UserError, match="private network"):
        Hook(SECRET, 0.5, resolve=knows("93.184.216.34", bare)).send(
            webhook_url(f"https://hooks.example.com:{port}/"), False, b"{}", "<m@t.example>", 0.0
        )


@pytest.mark.parametrize("text", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::5db8:d822"])
def test_public_addresses_are_reached(text: str) -> None:
    assert may_reach(ipaddress.ip_address(text), private=False)


@pytest.mark.parametrize(("text", "reached"), [("127.0.0.1", True), ("::1", True), ("10.1.2.3", True),
                                               ("fd00::1", True), ("169.254.169.254", False), ("fe80::1", False),
                                               ("0.0.0.0", False),
                                               ("::ffff:169.254.169.254", False), ("224.0.0.1", False)])  # fmt: skip
def test_a_private_network_is_reached_when_it_is_named_but_never_the_machines_own(text: str, reached: bool) -> None:
    assert may_reach(ipaddress.ip_address(text), private=True) is reached


def test_the_connection_goes_to_the_address_that_was_judged(tmp_path: Path) -> None:
    """A name that leads elsewhere at a second look-up is asked once only."""
    asked: list[str] = []

    def resolve(host: str, port: int, **_: Any) -> list[tuple[Any, ...]]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    with Listener() as listener:
        assert sent(tmp_path, listener, Hook(SECRET, 0.5, resolve=resolve)).state == "sent"
    assert asked == ["127.0.0.1"]


def test_a_name_without_an_address_is_a_failure(tmp_path: Path) -> None:
    def resolve(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(-2, "Name or service not known")

    with Listener() as listener:
        outcome = sent(tmp_path, listener, Hook(SECRET, resolve=resolve))
    assert (outcome.state, listener.hits) == ("failed", 0)
    assert "no address" in outcome.reason


def test_a_proxy_of_the_environment_is_not_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Listener() as proxy, Listener() as listener:
        for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert sent(tmp_path, listener).state == "sent"
    assert proxy.hits == 0


def test_a_large_file_goes_as_a_link_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook, "INLINE_BYTES", 10)
    with Listener() as listener:
        assert sent(tmp_path, listener).state == "sent"
        refused = sent(tmp_path, listener, link="")
    assert json.loads(listener.asked[0].partition(b"\r\n\r\n")[2])["files"][0]["content"] is None
    assert (refused.state, listener.hits) == ("failed", 1)
    assert "TRUELIFT_URL" in refused.reason


def test_an_untrusted_certificate_stops_it(tmp_path: Path) -> None:
    settings = house(tmp_path, webhook_hosts=(f"localhost:{free_port()}",), webhook_secret=SECRET)
    with Listener(b"no tls here\r\n") as listener:
        settings = house(tmp_path, webhook_hosts=(f"localhost:{listener.port}",), webhook_secret=SECRET)
        to = Recipient("webhook", f"https://localhost:{listener.port}/")
        outcome = Post(settings, hook=Hook(SECRET, 0.4, resolve=knows("127.0.0.1"))).deliver(
            parcel(tmp_path), to, "<m@t.example>"
        )
    assert outcome.state == "failed"


def test_the_check_that_the_manual_shows_knows_our_signature() -> None:
    text = (ROOT / "docs" / "delivery.md").read_text(encoding="utf-8")
    shown: dict[str, Any] = {}
    exec(text.partition("```python\n")[2].partition("```")[0], shown)
    header = webhook.signature(SECRET, b"{}", time.time())
    assert shown["is_ours"](SECRET, header, b"{}")
    assert not shown["is_ours"](SECRET, header, b"{ }")
    assert not shown["is_ours"]("another", header, b"{}")
    assert not shown["is_ours"](SECRET, webhook.signature(SECRET, b"{}", time.time() - 600), b"{}")
