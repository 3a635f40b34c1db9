"""Decides where the data lies and how the house reckons by default; the environment is read here only."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from errors import UserError

ROOT = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Settings:
    """What one process runs with.

    data_dir: folder of snapshots, uploads, reports and the ledger.
    currency: ISO code of the reporting currency. timezone: the zone whose calendar days are counted.
    host, port: where the web process listens; 127.0.0.1 unless told otherwise.
    keep_versions: how many versions of the data set are kept, so that imports can be taken back.
    limits: what TRUELIFT_MAX_… says of the files that are read; data/sources/limits.py knows the names.
    """

    data_dir: Path
    currency: str = "INR"
    timezone: str = "Asia/Kolkata"
    host: str = "127.0.0.1"
    port: int = 8050
    keep_versions: int = 30
    limits: tuple[tuple[str, str], ...] = ()

    @property
    def ledger(self) -> str:
        """Address of the application's own records (SQLAlchemy form)."""
        return f"sqlite:///{self.data_dir / 'ledger.sqlite'}"

    @property
    def reports_dir(self) -> Path:
        """Folder of finished reports."""
        return self.data_dir / "reports"


def _whole(environ: Mapping[str, str], name: str, otherwise: int) -> int:
    """A whole number above 0 from the environment."""
    text = environ.get(name, "").strip()
    if text and not (text.isascii() and text.isdigit() and int(text)):
        raise UserError(f"{name} is “{text}”: give a whole number above 0.")
    return int(text) if text else otherwise


def load(data_dir: str | Path | None = None, environ: Mapping[str, str] = os.environ) -> Settings:
    """Settings from the environment; `data_dir` (a command's --data) wins over TRUELIFT_DATA_DIR. Raises UserError."""
    folder = data_dir or environ.get("TRUELIFT_DATA_DIR") or ROOT / "var"
    return Settings(
        data_dir=Path(folder).expanduser().resolve(),
        currency=environ.get("TRUELIFT_CURRENCY", "INR"),
        timezone=environ.get("TRUELIFT_TIMEZONE", "Asia/Kolkata"),
        host=environ.get("TRUELIFT_HOST", "127.0.0.1"),
        port=_whole(environ, "TRUELIFT_PORT", 8050),
        keep_versions=_whole(environ, "TRUELIFT_KEEP_VERSIONS", 30),
        limits=tuple(sorted((key, value) for key, value in environ.items() if key.startswith("TRUELIFT_MAX_"))),
    )
