"""Decides where the tests of schedules keep their ledgers: in memory where the machine has such a folder."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

MEMORY = Path("/dev/shm")


@pytest.fixture
def quick() -> Iterator[Path]:
    """A folder whose files need not reach a disk: thousands of small transactions are written here."""
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        yield Path(folder)


@pytest.fixture
def silent() -> Iterator[None]:
    """What goes wrong on purpose fills no log."""
    log = logging.getLogger("truelift.reports")
    before = log.level
    log.setLevel(logging.CRITICAL)
    yield
    log.setLevel(before)
