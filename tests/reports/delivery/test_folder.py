"""A report lies in a folder whole or not at all, and takes nobody's place."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from errors import UserError
from reports.delivery import folder
from reports.delivery.folder import lay, named


def names(place: Path) -> list[str]:
    return sorted(one.name for one in place.iterdir())


def test_the_edition_stands_in_the_name() -> None:
    assert named("Weekly.pdf", "2026-08-03 · a41f9c") == "Weekly · 2026-08-03 · a41f9c.pdf"
    assert named("Weekly a41f9c.pdf", "a41f9c") == "Weekly a41f9c.pdf"
    assert named("Weekly.pdf", "") == "Weekly.pdf"


def test_the_same_report_is_there_once_and_another_beside_it(tmp_path: Path) -> None:
    for content in (b"one", b"one", b"two", b"one", b"two"):
        place = lay(tmp_path / "new", "a.pdf", content)
        assert place.read_bytes() == content
    assert names(tmp_path / "new") == ["a (2).pdf", "a.pdf"]


def test_a_file_that_somebody_else_laid_there_stays(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"theirs")
    (tmp_path / "source").write_bytes(b"ours")
    assert lay(tmp_path, "a.pdf", tmp_path / "source").name == "a (2).pdf"
    assert (tmp_path / "a.pdf").read_bytes() == b"theirs"


@pytest.mark.parametrize("step", ["fsync", "link", "fdopen"])
@pytest.mark.parametrize(
    ("number", "words"), [(errno.ENOSPC, "disk is full"), (errno.EACCES, "may not write"), (errno.EIO, "I/O|Input")]
)
def test_a_disk_that_refuses_leaves_nothing_and_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, number: int, words: str
) -> None:
    def refuse(*given: Any, **named: Any) -> Any:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, step, refuse)
    with pytest.raises(UserError, match=words):
        lay(tmp_path, "a.pdf", b"content")
    monkeypatch.undo()
    assert names(tmp_path) == []


def test_a_file_system_without_links_gets_the_file_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*given: Any) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", refuse)
    assert [lay(tmp_path, "a.pdf", content).name for content in (b"one", b"two", b"two")] == [
        "a.pdf",
        "a (2).pdf",
        "a (3).pdf",
    ]


def test_a_folder_elsewhere_is_never_made(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="mounted"):
        lay(tmp_path / "disk", "a.pdf", b"x", make=False)
    assert not (tmp_path / "disk").exists()


def test_others_may_read_it(tmp_path: Path) -> None:
    assert folder.lay(tmp_path, "a.pdf", b"x").stat().st_mode & 0o777 == 0o644
