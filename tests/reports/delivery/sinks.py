"""Decides who answers our mails and webhooks in tests: a mail server that takes all, one that is rude, a listener."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from typing import Any, Self

from aiosmtpd.controller import Controller


@dataclass(frozen=True)
class Arrived:
    """One mail as the server took it."""

    by: str
    to: tuple[str, ...]
    content: bytes

    @property
    def message(self) -> Any:
        """As a mail program reads it."""
        return message_from_bytes(self.content, policy=policy.default)

    @property
    def headers(self) -> list[str]:
        """The names of the headers as they stand in the bytes, whatever a parser makes of them."""
        head = self.content.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
        lines = [line for line in head.split(b"\n") if line[:1] not in (b" ", b"\t")]
        return [line.partition(b":")[0].decode("latin-1") for line in lines]


@dataclass
class Box:
    """What the sink took."""

    port: int
    mails: list[Arrived] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """aiosmtpd asks this for each mail."""
        self.mails.append(Arrived(envelope.mail_from, tuple(envelope.rcpt_tos), envelope.original_content))
        return "250 taken"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def taking(**options: Any) -> Iterator[Box]:
    """A mail server that takes every mail. options: of aiosmtpd's Controller."""
    box = Box(free_port())
    controller = Controller(box, "127.0.0.1", box.port, enable_SMTPUTF8=True, **options)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


class _Answering:
    """Listens on this machine while the block lasts, and has one talk at a time."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self._ended = threading.Event()
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._server = socket.create_server((host, 0), family=family)
        self.port = int(self._server.getsockname()[1])
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        with contextlib.suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._thread.join()

    def _serve(self) -> None:
        while not self._ended.is_set():
            try:
                talk, _ = self._server.accept()
            except OSError:
                return
            with talk, contextlib.suppress(OSError):
                self._talk(talk)

    def _talk(self, talk: socket.socket) -> None:
        raise NotImplementedError


class Rude(_Answering):
    """A mail server, spoken by hand, that does one wrong thing.

    does: a step of “greet ehlo mail rcpt data end” and what happens there: 'drop' (hangs up), 'silent' (says nothing
    more), 'no' (a 5xx answer), 'later' (a 4xx answer), 'drip' (one letter now and then, for ever). whole: mails of
    which it had the final dot, whatever it said then.
    """

    def __init__(
        self, step: str = "", what: str = "", words: bytes = b"not today", offers: bytes = b"250 here"
    ) -> None:
        self.step, self.what, self.words, self.offers = step, what, words, offers
        self.whole: list[bytes] = []
        self.heard: list[bytes] = []
        super().__init__()

    def _talk(self, talk: socket.socket) -> None:
        talk.settimeout(10)
        lines = talk.makefile("rb")
        with lines:
            if not self._answer(talk, "greet", b"220 here"):
                return
            for line in lines:
                self.heard.append(line)
                word = line[:4].strip().lower().decode("latin-1")
                step = {"helo": "ehlo"}.get(word, word)
                if step == "quit":
                    talk.sendall(b"221 bye\r\n")
                    return
                good = {"ehlo": self.offers, "data": b"354 go on"}.get(step, b"250 fine")
                if not self._answer(talk, step, good):
                    return
                if step == "data" and self.step != "data" and not self._take(talk, lines):
                    return

    def _take(self, talk: socket.socket, lines: Any) -> bool:
        content: list[bytes] = []
        for line in lines:
            if line == b".\r\n":
                self.whole.append(b"".join(content))
                return self._answer(talk, "end", b"250 taken")
            content.append(line)
            if self.step == "body" and len(content) == 3:
                return self._answer(talk, "body", b"")
        return False

    def _answer(self, talk: socket.socket, step: str, good: bytes) -> bool:
        """Says it, or does the wrong thing; False when the talk is over."""
        what = self.what if step == self.step else ""
        if what in ("no", "later"):
            talk.sendall((b"550 " if what == "no" else b"451 ") + self.words + b"\r\n")
            return True
        if what == "drip":
            while not self._ended.wait(0.05):
                talk.sendall(b"2")
        if what == "silent":
            self._ended.wait(5)
        if what:
            return False
        talk.sendall(good + b"\r\n" if good else b"")
        return True


class Listener(_Answering):
    """Answers HTTP as it is told, and counts who came. answer: bytes, b'' hangs up at once, None says nothing."""

    def __init__(
        self, answer: bytes | None = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", host: str = "127.0.0.1"
    ) -> None:
        self.answer = answer
        self.asked: list[bytes] = []
        self.hits = 0
        super().__init__(host)

    def _talk(self, talk: socket.socket) -> None:
        self.hits += 1
        talk.settimeout(5)
        self.asked.append(self._whole(talk))
        if self.answer is None:
            self._ended.wait(3)
        else:
            talk.sendall(self.answer)

    def _whole(self, talk: socket.socket) -> bytes:
        read = b""
        while True:
            head, found, body = read.partition(b"\r\n\r\n")
            size = [line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
            if found and size and len(body) >= int(size[0].split(b":")[1]):
                return read
            more = talk.recv(65536)
            if not more:
                return read
            read += more


def wait_until(true: Any, seconds: float = 5.0) -> bool:
    """Whether it comes true in time."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True
