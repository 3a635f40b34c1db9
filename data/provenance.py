"""Decides what is said about where numbers come from: version, counts of rows, files, and notes on their quality."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Note:
    """One thing worth knowing about the data. weight: 'info', 'check' or 'wrong'; rows: how many it concerns."""

    rule: str
    weight: str
    sentence: str
    rows: int = 0


@dataclass(frozen=True)
class Provenance:
    """The data set's version and what its import counted: read = accepted + set aside + blank."""

    version: int
    rows_read: int
    rows_set_aside: int
    rows_blank: int
    is_sample: bool
    first_day: date | None
    last_day: date | None
    imported_at: str
    files: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def rows_accepted(self) -> int:
        """Rows that are counted in every figure."""
        return self.rows_read - self.rows_set_aside - self.rows_blank
