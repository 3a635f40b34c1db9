"""Decides how uploaded files are read: by a child process with a time limit, so that no file can stop the pages."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api.uploads import Shelf
from errors import BadUpload
from settings import ROOT

INSPECT_SECONDS = 120
IMPORT_SECONDS = 900
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Importer:
    """Runs `python -m data inspect|import` on the files of one upload.

    Both return the command's answer: ok, version, error, files, notes, question; file names are the given ones.
    BadUpload: the upload is gone, the time ran out, or the command did not answer.
    """

    data_dir: Path
    shelf: Shelf

    def inspect(self, upload: str, dates: str = "") -> dict[str, Any]:
        """What each file would be taken for; nothing is changed."""
        return self._ask("inspect", upload, self._dates(dates), INSPECT_SECONDS)

    def take(self, upload: str, replace: bool, dates: str = "") -> dict[str, Any]:
        """Import the files; `replace` puts them in the place of the data there is."""
        return self._ask("import", upload, [*(["--replace"] if replace else []), *self._dates(dates)], IMPORT_SECONDS)

    def _dates(self, order: str) -> list[str]:
        return ["--dates", order] if order in ("dmy", "mdy") else []

    def _ask(self, verb: str, upload: str, options: Sequence[str], seconds: int) -> dict[str, Any]:
        files = self.shelf.files(upload)
        command = [sys.executable, "-m", "data", verb, "--json", "--data", str(self.data_dir), *options]
        command += [str(path) for path in files]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=seconds, cwd=ROOT, check=False)
        except subprocess.TimeoutExpired:
            raise BadUpload(
                f"Reading these files took longer than {seconds // 60} minutes, so it was stopped. "
                "Import fewer at once, or use ./truelift import."
            ) from None
        answer = _parsed(done.stdout)
        if answer is None:
            log.error("data %s ended with %s: %s", verb, done.returncode, done.stderr[-2000:])
            raise BadUpload("The files could not be read through to the end. Try one file at a time to find which.")
        return _renamed(answer, files)


def _parsed(text: str) -> dict[str, Any] | None:
    try:
        answer = json.loads(text)
    except json.JSONDecodeError:
        return None
    empty: dict[str, Any] = {"ok": False, "version": 0, "error": "", "files": [], "notes": [], "question": None}
    return empty | answer if isinstance(answer, dict) else None


def _renamed(answer: Any, files: dict[Path, str]) -> Any:
    """The answer with the given names instead of the stored ones, in every text."""
    if isinstance(answer, dict):
        return {key: _renamed(value, files) for key, value in answer.items()}
    if isinstance(answer, list):
        return [_renamed(value, files) for value in answer]
    if isinstance(answer, str):
        for path, name in files.items():
            answer = answer.replace(str(path), name).replace(path.name, name).replace(path.stem, Path(name).stem)
    return answer
