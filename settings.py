"""Decides where the data lies and how the house reckons by default; the environment is read here only."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Settings:
    """What one process runs with.

    data_dir: folder of snapshots, uploads, reports and the ledger.
    currency: ISO code of the reporting currency. timezone: the zone whose calendar days are counted.
    host, port: where the web process listens; 127.0.0.1 unless told otherwise.
    """

    data_dir: Path
    currency: str = "INR"
    timezone: str = "Asia/Kolkata"
    host: str = "127.0.0.1"
    port: int = 8050

    @property
    def ledger(self) -> str:
        """Address of the application's own records (SQLAlchemy form)."""
        return f"sqlite:///{self.data_dir / 'ledger.sqlite'}"

    @property
    def reports_dir(self) -> Path:
        """Folder of finished reports."""
        return self.data_dir / "reports"


def load(data_dir: str | Path | None = None, environ: Mapping[str, str] = os.environ) -> Settings:
    """Settings from the environment; `data_dir` (a command's --data) wins over TRUELIFT_DATA_DIR."""
    folder = data_dir or environ.get("TRUELIFT_DATA_DIR") or ROOT / "var"
    return Settings(
        data_dir=Path(folder).expanduser().resolve(),
        currency=environ.get("TRUELIFT_CURRENCY", "INR"),
        timezone=environ.get("TRUELIFT_TIMEZONE", "Asia/Kolkata"),
        host=environ.get("TRUELIFT_HOST", "127.0.0.1"),
        port=int(environ.get("TRUELIFT_PORT", "8050")),
    )
