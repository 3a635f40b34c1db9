"""Decides how an edition is kept: its file in the reports folder, its row in the ledger; neither is ever taken away."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from data.ledger.editions import Asked, Edition, Editions
from errors import UserError
from reports.content.report import Report
from reports.editions import manifest, reading


class Result(Protocol):
    """What is known of a finished report: reports.report.ReportResult, or the like of it."""

    @property
    def file(self) -> Path:
        """Where it was written."""

    @property
    def pages(self) -> int:
        """How many it has."""

    @property
    def manifest(self) -> Mapping[str, Any]:
        """Its manifest.Manifest.record()."""


@dataclass(frozen=True)
class Previous:
    """An edition as it is laid beside a new one. tables: file → CSV, empty where its file does not carry them."""

    edition: Edition
    record: dict[str, Any]
    tables: Mapping[str, bytes] = field(default_factory=dict)


def keep(editions: Editions, folder: Path, result: Result, asked: Asked) -> Edition:
    """Writes the edition down and sees to it that its file lies in the reports folder; returns its row.

    A file that lies there stays where it is; one from elsewhere is copied, unless the folder holds its bytes already.
    Raises UserError for a result without a manifest, OSError when the folder takes no file.
    """
    record = dict(result.manifest)
    try:
        content, made = record["content"], record["made"]
        sha256 = _sha256(result.file)
        edition = Edition(
            made["edition"], record["mark"], record["id"], datetime.fromisoformat(made["at"]).timestamp(),
            content["filters"]["query"], tuple(page["key"] for page in content["pages"]), content["audience"],
            made["form"], content["data"]["version"], "", sha256, result.pages, asked, content["headline"],
        )  # fmt: skip
    except (KeyError, TypeError, ValueError):
        raise UserError(f"The report {result.file.name} has no manifest, so it was not kept as an edition.") from None
    return editions.add(_with_file(edition, _placed(editions, folder, result.file, edition)), record)


def _with_file(edition: Edition, name: str) -> Edition:
    return Edition(**{**vars(edition), "file": name})


def _placed(editions: Editions, folder: Path, file: Path, edition: Edition) -> str:
    """The name of the file within the folder, copied there if it must be."""
    if file.resolve().is_relative_to(folder.resolve()):
        return file.resolve().relative_to(folder.resolve()).as_posix()
    same = editions.of_bytes(edition.sha256)
    if same and (folder / same.file).is_file():
        return same.file
    name = f"{edition.id}.{edition.form}"
    folder.mkdir(parents=True, exist_ok=True)
    half = folder / f".{name}.{os.getpid()}"
    try:
        shutil.copyfile(file, half)
        half.replace(folder / name)
    finally:
        half.unlink(missing_ok=True)
    return name


def _sha256(file: Path) -> str:
    return manifest.digest(file.read_bytes())


def file_of(folder: Path, edition: Edition) -> Path | None:
    """Where the edition's file lies; None when somebody took it away."""
    path = folder / edition.file
    return path if path.is_file() else None


def previous(
    editions: Editions, folder: Path, report: Report, content: str = "", schedule: str = ""
) -> Previous | None:
    """The edition that said something else of the same view before, with all that it carries; None for the first.

    content: the id of the report's own manifest. schedule: the report's schedule, '' for none.
    """
    pages = tuple(view.key for view in report.views)
    edition = editions.before(report.views[0].query, pages, report.audience.key, schedule, content)
    record = editions.manifest(edition.id) if edition else None
    if edition is None or record is None:
        return None
    # A workbook carries no tables; the PDF that was made beside it does, and says the same.
    alike = [edition, *(one for one in editions.find(edition.content) if one.content == edition.content)]
    return Previous(edition, record, next((found for one in alike if (found := _tables(folder, one))), {}))


def _tables(folder: Path, edition: Edition) -> Mapping[str, bytes]:
    """What its file carries, if the file is there, unaltered and of a form that carries tables."""
    file = file_of(folder, edition)
    try:
        content = file.read_bytes() if file else b""
        return reading.opened(content, is_kept=True).tables if manifest.digest(content) == edition.sha256 else {}
    except (OSError, UserError):
        return {}
