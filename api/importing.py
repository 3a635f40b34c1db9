"""Decides how uploaded files are read: by a child process that can be followed and stopped, never by a web process."""

from __future__ import annotations

import json
import logging
import re
import secrets
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api import jobs
from api.uploads import Shelf, in_words
from errors import BadUpload

SECONDS = 1800
CHILD = (sys.executable, "-m", "data")
CHOICES, VERB = "choices.json", "verb"
EMPTY: dict[str, Any] = {"ok": False, "version": 0, "error": "", "files": [], "notes": [], "question": None}
BROKE = (
    "Reading stopped before its end, so nothing was changed. Look again with one file at a time to find which, "
    "or use ./truelift import, which says more."
)
STARVED = (
    "Reading these files needs more than {most} of memory (TRUELIFT_MAX_IMPORT_MEMORY) and was stopped; nothing was "
    "changed. Bring fewer or smaller files, as CSV."
)
ENDS = {
    "late": f"Reading took longer than {SECONDS // 60} minutes and was stopped; nothing was changed. "
    "Bring fewer files at once, or use ./truelift import.",
    "stopped": "Reading was stopped; nothing was changed. Look again when you want to.",
    "lost": "TrueLift was started anew while it read these files; nothing was changed. Look again.",
}
_JOB = re.compile(r"[0-9a-f]{16}")
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Importer:
    """Runs `python -m data inspect|import` on the files of one upload, one at a time for each upload.

    A job is named by its upload and a word of its own; its state lies in files, so that any web process can tell.
    child: the command that reads, before its verb; memory: bytes of address space that it may take.
    BadUpload: the upload or the job is gone.
    """

    data_dir: Path
    shelf: Shelf
    child: tuple[str, ...] = CHILD
    memory: int = 4_000_000_000

    def look(self, upload: str, wish: Mapping[str, Any]) -> str:
        """Begin to read the files without changing anything; returns the job.

        wish: what was said on the screen: mode, dates and choices (label → choice), each of which may be missing.
        """
        files = self.shelf.files(upload)
        folder = self._begin(upload, "inspect")
        options = ["--draft", *_said("--mode", wish.get("mode")), *_said("--dates", wish.get("dates"))]
        if wish.get("choices"):
            text = json.dumps(wish["choices"], ensure_ascii=False)
            (folder / CHOICES).write_text(text, encoding="utf-8")
            options += ["--choices", str(folder / CHOICES)]
        self._run("inspect", folder, [*options, *(str(path) for path in files)])
        return folder.name

    def take(self, upload: str, job: str) -> str:
        """Begin to import what a look has seen, exactly that; returns the job."""
        draft = self.follow(upload, job)["answer"].get("draft")
        if not draft:
            raise BadUpload("What was looked at is no longer here. Look again, then import.")
        folder = self._begin(upload, "import")
        self._run("import", folder, ["--from-draft", str(draft)])
        return folder.name

    def follow(self, upload: str, job: str) -> dict[str, Any]:
        """How far a job is: {"state": running or done, "verb", "share", "says", "answer"}.

        A job that ended without an answer is done, and its answer's `error` is the sentence why.
        """
        folder = self._job(upload, job)
        verb, now = (folder / VERB).read_text(encoding="utf-8"), jobs.state(folder)
        shown = {"verb": verb, "share": now.share, "says": now.says, "answer": dict(EMPTY)}
        if now.state == "running":
            return shown | {"state": "running"}
        answer = self._answer(now, verb)
        if verb == "import" and answer["ok"]:
            self.shelf.empty(upload)
        return shown | {"state": "done", "answer": answer}

    def cancel(self, upload: str, job: str) -> None:
        """Stop a job and all that it started."""
        jobs.stop(self._job(upload, job))

    def files(self, upload: str) -> list[dict[str, Any]]:
        """The files of an upload: key, name, size in bytes."""
        return self.shelf.listing(upload)

    def remove(self, upload: str, file: str) -> list[dict[str, Any]]:
        """Take one file out of an upload; returns those that are left. With the last one goes all that was said."""
        self.shelf.remove(upload, file)
        left = self.shelf.listing(upload)
        if not left:
            self.shelf.discard(upload)
        return left

    def _answer(self, now: jobs.State, verb: str) -> dict[str, Any]:
        if now.state in ENDS:
            return EMPTY | {"error": ENDS[now.state]}
        answer = _parsed(now.answer)
        if answer is None:
            log.error("data %s gave no answer: %s", verb, now.trouble[-2000:])
            return EMPTY | {"error": STARVED.format(most=in_words(self.memory)) if now.starved else BROKE}
        return answer

    def _begin(self, upload: str, verb: str) -> Path:
        """A folder for a new job; whatever the upload still has running is stopped."""
        home = self.shelf.home(upload) / "jobs"
        home.mkdir(exist_ok=True)
        for other in home.iterdir():
            jobs.stop(other)
        folder = home / secrets.token_hex(8)
        folder.mkdir()
        (folder / VERB).write_text(verb, encoding="utf-8")
        return folder

    def _run(self, verb: str, folder: Path, options: Sequence[str]) -> None:
        command = [*self.child, verb, "--json", "--progress", "--data", str(self.data_dir), *options]
        jobs.start(folder, command, SECONDS, self.memory)

    def _job(self, upload: str, job: str) -> Path:
        folder = self.shelf.home(upload) / "jobs" / job
        if not _JOB.fullmatch(job) or not (folder / VERB).is_file():
            raise BadUpload("What was looked at is no longer here. Drop the files again.")
        return folder


def _said(option: str, value: Any) -> list[str]:
    return [option, str(value)] if value else []


def _parsed(text: str) -> dict[str, Any] | None:
    """The answer: the last line of the output that is an object; None when there is none."""
    for line in reversed(text.splitlines()):
        with suppress(ValueError):
            answer = json.loads(line)
            if isinstance(answer, dict):
                return EMPTY | answer
    return None
