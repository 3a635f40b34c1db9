"""Decides where a version of the data lies: immutable snapshot files, and one pointer that is swapped in one step."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data import keeping
from errors import NoData

POINTER = "current.json"
LOCK = "import.lock"
DAMAGED = (
    "The list of versions ({path}) is damaged: {why}. Put the file back from a backup; the data itself lies beside it."
)
_MISSING = (
    "Version {version} of the data has lost its file ({path}). Put it back from a backup, or go to another version: "
    "python -m data versions, then go N."
)


@dataclass(frozen=True)
class Snapshot:
    """A version of the data set: its number and its file."""

    version: int
    path: Path


def folder(data_dir: Path) -> Path:
    """Where snapshots lie."""
    return data_dir / "snapshots"


def pointer(data_dir: Path) -> dict[str, Any] | None:
    """What the pointer says, as JSON: at least "version" and "file"; None when nothing has been imported.

    Raises NoData with a sentence when the file is there and cannot be understood.
    """
    path = folder(data_dir) / POINTER
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        if (
            isinstance(said["version"], int)
            and isinstance(said["file"], str)
            and said["file"] == Path(said["file"]).name
        ):
            return dict(said)
        why = "its version or its file is not what it should be"
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, KeyError, RecursionError):
        why = "it is not the JSON of a list of versions"
    except OSError as error:
        why = str(error.strerror)
    raise NoData(DAMAGED.format(path=path, why=why))


def current(data_dir: Path) -> Snapshot | None:
    """The version that the pointer names; None when nothing has been imported.

    Raises NoData when the pointer is damaged, or names a file that is gone.
    """
    said = pointer(data_dir)
    return None if said is None else there(data_dir, said["version"], said["file"])


def there(data_dir: Path, version: int, file: str) -> Snapshot:
    """The snapshot of that name. Raises NoData when its file is gone."""
    path = folder(data_dir) / file
    if not path.is_file():
        raise NoData(_MISSING.format(version=version, path=path))
    return Snapshot(version, path)


def named(data_dir: Path, token: str) -> Path:
    """The file of a snapshot by its token (12 hex digits)."""
    return folder(data_dir) / f"snap-{token}.duckdb"


def fresh(data_dir: Path) -> Path:
    """A new file name that no process has ever opened: DuckDB keeps what it once opened by its path."""
    folder(data_dir).mkdir(parents=True, exist_ok=True)
    return named(data_dir, secrets.token_hex(6))


def drop(path: Path) -> None:
    """Remove a snapshot file and what DuckDB laid beside it (its log, its folder for what memory does not hold)."""
    for item in [path, *path.parent.glob(f"{path.name}.*")]:
        if item.is_dir():
            shutil.rmtree(item, ignore_errors=True)
        else:
            item.unlink(missing_ok=True)


def point(data_dir: Path, said: Mapping[str, Any]) -> None:
    """Swap the pointer in one step: whoever reads it finds the old text or the new one, after a crash too."""
    path = folder(data_dir) / POINTER
    draft = path.with_suffix(f".{secrets.token_hex(4)}")
    try:
        with draft.open("x", encoding="utf-8") as file:
            json.dump(said, file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    keeping.flush(path.parent)


@contextmanager
def alone(data_dir: Path) -> Iterator[None]:
    """No other process or thread changes the versions meanwhile; waits for its turn. A dead process holds no lock."""
    data_dir.mkdir(parents=True, exist_ok=True)
    handle = os.open(data_dir / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
