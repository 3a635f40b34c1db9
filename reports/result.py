"""Decides what is known of a finished report, in the process that made it and over the pipe from a child."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class ReportResult:
    """A finished report.

    pages: of the PDF; sheets of a workbook, tabs of the others. seconds: from the first question to the written file.
    missing: titles of undrawn charts. edition: its id; manifest: its record among the editions. problems: sentences of
    the preflight, none for a sound report. headline: what it says first.
    """

    file: Path
    pages: int
    seconds: float
    missing: tuple[str, ...]
    data_version: int
    edition: str = ""
    manifest: Mapping[str, Any] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    headline: str = ""
