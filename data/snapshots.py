"""Decides which version of the data is current: immutable snapshot files and one pointer, swapped, never rewritten."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

POINTER = "current.json"


@dataclass(frozen=True)
class Snapshot:
    """A version of the data set: its number and its file."""

    version: int
    path: Path


def folder(data_dir: Path) -> Path:
    """Where snapshots lie."""
    return data_dir / "snapshots"


def current(data_dir: Path) -> Snapshot | None:
    """The version that the pointer names; None when nothing has been imported."""
    pointer = folder(data_dir) / POINTER
    try:
        named = json.loads(pointer.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    path = folder(data_dir) / named["file"]
    return Snapshot(int(named["version"]), path) if path.exists() else None


def fresh(data_dir: Path) -> Path:
    """A new file name that no process has ever opened: DuckDB keeps what it once opened by its path."""
    folder(data_dir).mkdir(parents=True, exist_ok=True)
    return folder(data_dir) / f"snap-{secrets.token_hex(6)}.duckdb"


def publish(data_dir: Path, path: Path, version: int) -> Snapshot:
    """Make a finished file the current version: flushed to disk, then the pointer swapped in one step."""
    for item in (path, path.parent):
        handle = os.open(item, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)
    pointer = folder(data_dir) / POINTER
    draft = pointer.with_suffix(f".{secrets.token_hex(4)}")
    draft.write_text(json.dumps({"version": version, "file": path.name}), encoding="utf-8")
    os.replace(draft, pointer)
    return Snapshot(version, path)


def sweep(data_dir: Path, keep: int = 5) -> None:
    """Remove drafts that never became a version, and all but the newest `keep` versions."""
    now = current(data_dir)
    files = sorted(folder(data_dir).glob("snap-*.duckdb"), key=lambda item: item.stat().st_mtime, reverse=True)
    for path in files[keep:]:
        if now is None or path != now.path:
            path.unlink(missing_ok=True)
