"""Decides how an edition is checked: by a child process that asks the data again, never by a web process."""

from __future__ import annotations

import json
import logging
import re
import secrets
import shutil
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api import jobs
from errors import BadUpload

SECONDS = 300
KEPT_SECONDS = 3600
CHILD = (sys.executable, "-m", "reports", "verify")
GONE = "This check is not there any more. Ask for it again."
BROKE = "The check ended without an answer. Ask for it again, or use ./truelift verify, which says more."
_JOB = re.compile(r"[0-9a-f]{16}")
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Checker:
    """Runs `python -m reports verify FILE --json`, each in a folder of its own that any web process can look at.

    reports_dir: where the files lie; child: the command that checks, before the file.
    """

    data_dir: Path
    reports_dir: Path
    child: tuple[str, ...] = CHILD

    def begin(self, file: str) -> str:
        """Begins to check a file of the reports folder; returns the job. Raises BadUpload when it is gone."""
        path = (self.reports_dir / file).resolve()
        if not file or not path.is_file() or self.reports_dir.resolve() not in path.parents:
            raise BadUpload("The file of this edition is gone, so there is nothing to check.")
        home = self.data_dir / "checks"
        _tidy(home)
        folder = home / secrets.token_hex(8)
        folder.mkdir(parents=True)
        jobs.start(folder, [*self.child, str(path), "--json", "--data", str(self.data_dir)], SECONDS)
        return folder.name

    def follow(self, job: str) -> dict[str, Any] | None:
        """The verdict, None while it is reckoned. Raises BadUpload when the check is gone or broke off."""
        folder = self.data_dir / "checks" / job
        if not _JOB.fullmatch(job) or not folder.is_dir():
            raise BadUpload(GONE)
        now = jobs.state(folder)
        if now.state == "running":
            return None
        shutil.rmtree(folder, ignore_errors=True)
        try:
            said: dict[str, Any] = json.loads(now.answer)
            return {**said, "state": str(said["state"])}
        except (ValueError, TypeError, KeyError):
            log.error("verify gave no answer (%s): %s", now.state, now.trouble[-2000:])
            raise BadUpload(BROKE) from None


def _tidy(home: Path) -> None:
    """Takes away what was begun long ago and never asked for."""
    for folder in home.iterdir() if home.is_dir() else ():
        with suppress(OSError):
            if folder.stat().st_mtime < time.time() - KEPT_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)
