"""Decides how a built snapshot waits for its yes: a file that names it, held by its builder, and how long it lives."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import re
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data import keeping
from data.versions import snapshots
from errors import UserError

LIVES = 86_400
_TOKEN = re.compile(r"[0-9a-f]{12}")
GONE = "This look is no longer there: it was imported already, or a day has passed. Look at the files again."


@dataclass(frozen=True)
class Draft:
    """A snapshot on its way. token: its name; path: its file; handle: the open entry, locked while it is built."""

    token: str
    path: Path
    entry: Path
    handle: int

    def keep(self, facts: Mapping[str, Any]) -> None:
        """Write down what publishing it needs: from now on it may wait."""
        keeping.flush(self.path)
        text = json.dumps(dict(facts), ensure_ascii=False).encode("utf-8")
        try:
            if os.pwrite(self.handle, text, 0) < len(text):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            os.fsync(self.handle)
        except BaseException:
            os.ftruncate(self.handle, 0)
            raise


def folder(data_dir: Path) -> Path:
    """Where drafts are listed."""
    return data_dir / "drafts"


@contextmanager
def building(data_dir: Path) -> Iterator[Draft]:
    """A new draft whose file no sweep touches; removed at the end unless it was kept.

    Its entry is locked while it is built, so that a sweep knows a living builder from a dead one.
    """
    folder(data_dir).mkdir(parents=True, exist_ok=True)
    snapshots.folder(data_dir).mkdir(parents=True, exist_ok=True)
    draft = _open(data_dir)
    try:
        yield draft
    finally:
        if not os.fstat(draft.handle).st_size:
            _remove(draft.entry, draft.path)
        os.close(draft.handle)


def _open(data_dir: Path) -> Draft:
    """A locked entry: tried again where a sweep removed it between its making and its lock."""
    while True:
        token = secrets.token_hex(6)
        entry = folder(data_dir) / f"{token}.json"
        handle = os.open(entry, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        fcntl.flock(handle, fcntl.LOCK_EX)
        if os.fstat(handle).st_nlink:
            return Draft(token, snapshots.named(data_dir, token), entry, handle)
        os.close(handle)


def facts(data_dir: Path, token: str) -> dict[str, Any]:
    """What was written down of a kept draft. Raises UserError when there is none of that token."""
    found: Any = None
    if _TOKEN.fullmatch(token) and snapshots.named(data_dir, token).is_file():
        with suppress(OSError, ValueError):
            found = json.loads((folder(data_dir) / f"{token}.json").read_text(encoding="utf-8"))
    if not isinstance(found, dict):
        raise UserError(GONE)
    return found


def forget(data_dir: Path, token: str) -> None:
    """Remove a draft's entry; its file has become a version."""
    (folder(data_dir) / f"{token}.json").unlink(missing_ok=True)


def sweep(data_dir: Path) -> set[str]:
    """Remove the entries of drafts that are dead or older than a day; returns the file names of those that live."""
    alive = set()
    for entry in folder(data_dir).glob("*.json"):
        with suppress(FileNotFoundError):
            if _lives(entry):
                alive.add(snapshots.named(data_dir, entry.stem).name)
    return alive


def _lives(entry: Path) -> bool:
    """Whether a draft is being built, or was finished within a day; else its entry is removed."""
    handle = os.open(entry, os.O_RDWR)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if time.time() - os.fstat(handle).st_mtime < LIVES and _whole(entry):
            return True
        entry.unlink(missing_ok=True)
        return False
    except BlockingIOError:
        return True
    finally:
        os.close(handle)


def _whole(entry: Path) -> bool:
    try:
        return isinstance(json.loads(entry.read_text(encoding="utf-8")), dict)
    except ValueError:
        return False


def _remove(entry: Path, path: Path) -> None:
    # The file first: an entry without a file is an empty promise, a file without an entry would be an orphan.
    snapshots.drop(path)
    entry.unlink(missing_ok=True)
