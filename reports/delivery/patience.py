"""Decides how long another machine is waited for, and how a broken connection is told in words."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from typing import Any

from reports.delivery.headers import clean


@contextlib.contextmanager
def within(seconds: float, connection: Any) -> Iterator[threading.Event]:
    """Hangs up after so many seconds: a server that says one letter a minute never runs into a time limit.

    connection: whatever holds its socket as `sock`. The event is set when it was hung up.
    """
    late = threading.Event()

    def hang_up() -> None:
        late.set()
        with contextlib.suppress(OSError, TypeError):
            # Not the method of an encrypted socket, which would let the next words out unencrypted.
            socket.socket.shutdown(connection.sock, socket.SHUT_RDWR)

    timer = threading.Timer(seconds, hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield late
    finally:
        timer.cancel()


def is_silence(error: BaseException) -> bool:
    """Whether the other side said nothing for too long, also where a library calls it something else."""
    return isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError)


def words(error: Exception) -> str:
    """Why a connection failed, in the system's words, on one line and without a full stop."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return clean(f"its certificate is not trusted ({error.verify_message})", 120).rstrip(".")
    if isinstance(error, ssl.SSLError):
        return clean(error.reason or "no encrypted connection", 100).replace("_", " ").lower()
    return clean(getattr(error, "strerror", None) or "the connection ended", 100).rstrip(".")
