"""Decides how the worker and its child speak: lines of JSON over two pipes, and nothing that could be run."""

from __future__ import annotations

import json
import os
import select
import time
from typing import Any

_BLOCK = 1 << 16


class Ended(Exception):
    """The other side is gone, or takes nothing any more."""


def line(message: dict[str, Any]) -> bytes:
    """A message as it is sent."""
    return json.dumps(message, ensure_ascii=True, allow_nan=True).encode("ascii") + b"\n"


class Mouth:
    """Sends messages into a pipe; a reader that takes nothing for `seconds` is taken for gone."""

    def __init__(self, pipe: int, seconds: float) -> None:
        self._pipe = pipe
        self._seconds = seconds
        os.set_blocking(pipe, False)

    def say(self, message: dict[str, Any]) -> None:
        """Sends it whole. Raises Ended."""
        rest, until = memoryview(line(message)), time.monotonic() + self._seconds
        while rest:
            if not select.select([], [self._pipe], [], max(0.0, until - time.monotonic()))[1]:
                raise Ended
            try:
                rest = rest[os.write(self._pipe, rest[:_BLOCK]) :]
            except BlockingIOError:
                continue
            except BrokenPipeError as error:
                raise Ended from error


class Ear:
    """Hears messages from a pipe, one at a time."""

    def __init__(self, pipe: int) -> None:
        self._pipe = pipe
        self._heard = b""

    def next(self, seconds: float) -> dict[str, Any] | None:
        """The next message; None when none has come within `seconds`. Raises Ended when there will be no more."""
        until = time.monotonic() + seconds
        while b"\n" not in self._heard:
            if not select.select([self._pipe], [], [], max(0.0, until - time.monotonic()))[0]:
                return None
            block = os.read(self._pipe, _BLOCK)
            if not block:
                raise Ended
            self._heard += block
        first, _, self._heard = self._heard.partition(b"\n")
        return _read(first)


def _read(text: bytes) -> dict[str, Any] | None:
    """A message; None for a line that is none."""
    try:
        message = json.loads(text)
    except ValueError:
        return None
    return message if isinstance(message, dict) else None
