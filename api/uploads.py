"""Decides where uploaded files lie and under which names: random folders, random names, given names only as text."""

from __future__ import annotations

import json
import re
import secrets
import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

from errors import BadUpload

LIMIT = 2 * 1024**3
MOST_FILES = 40
KEPT_SECONDS = 24 * 3600
ENDINGS = frozenset({".csv", ".tsv", ".txt", ".json", ".xlsx"})
NAMES = "names.json"
_ID = re.compile(r"[0-9a-f]{32}")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Shelf:
    """The folder of uploads. One upload is one folder with a random name; it is kept for a day."""

    folder: Path

    def open(self) -> Upload:
        """A new, empty upload; those older than a day are thrown away."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._clear(time.time() - KEPT_SECONDS)
        upload = Upload(secrets.token_hex(16), self.folder)
        upload.path.mkdir()
        return upload

    def files(self, upload: str) -> dict[Path, str]:
        """Stored path → given name, in the order of upload. BadUpload when there is no such upload."""
        path = self.folder / upload
        if not _ID.fullmatch(upload) or not (path / NAMES).is_file():
            raise BadUpload("These files are no longer here. Drop them again.")
        names: dict[str, str] = json.loads((path / NAMES).read_text(encoding="utf-8"))
        return {path / stored: given for stored, given in names.items()}

    def _clear(self, before: float) -> None:
        for path in self.folder.iterdir():
            if _ID.fullmatch(path.name) and path.stat().st_mtime < before:
                shutil.rmtree(path, ignore_errors=True)


@dataclass
class Upload:
    """One upload while it comes in. names: stored name → given name. open: files being written."""

    id: str
    folder: Path
    names: dict[str, str] = field(default_factory=dict)
    open: list[IO[bytes]] = field(default_factory=list)

    @property
    def path(self) -> Path:
        """Where its files lie."""
        return self.folder / self.id

    def stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        """Where the form parser writes one file, straight to disk. BadUpload: too many, or of a kind we cannot read."""
        given = shown(filename)
        ending = Path(given).suffix.lower()
        if ending not in ENDINGS:
            raise BadUpload(f"“{given}” is not a file we can read. Bring CSV, Excel (.xlsx) or JSON.")
        if len(self.names) >= MOST_FILES:
            raise BadUpload(f"More than {MOST_FILES} files at once. Bring them in two turns.")
        stored = f"{secrets.token_hex(12)}{ending}"
        self.names[stored] = given
        self.open.append((self.path / stored).open("xb+"))
        return self.open[-1]

    def close(self) -> None:
        """Close the files and write down the given names, which are read as text and never as a path."""
        self._shut()
        text = json.dumps(self.names, ensure_ascii=False)
        (self.path / NAMES).write_text(text, encoding="utf-8", errors="replace")

    def discard(self) -> None:
        """Throw away what has come in."""
        self._shut()
        shutil.rmtree(self.path, ignore_errors=True)

    def _shut(self) -> None:
        for file in self.open:
            file.close()


def shown(filename: str | None) -> str:
    """The given name as text: its last part, without control and direction characters, at most 200 characters."""
    last = re.split(r"[/\\]", filename or "")[-1]
    return _UNSEEN.sub("", last).strip()[-200:] or "file"


def register(server: Flask, shelf: Shelf, limit: int = LIMIT) -> None:
    """POST /upload, multipart: {"ok": true, "id", "files": [given names]}."""

    @server.post("/upload")
    def upload() -> tuple[Response, int]:
        coming = shelf.open()
        try:
            return jsonify(_received(coming, limit)), 200
        except (BadUpload, RequestEntityTooLarge) as error:
            coming.discard()
            large = isinstance(error, RequestEntityTooLarge)
            text = "These files are larger than 2 GB together. Use ./truelift import." if large else f"{error}"
            return jsonify({"ok": False, "error": text}), 413 if large else 400
        except Exception:
            coming.discard()
            raise


def _received(coming: Upload, limit: int) -> dict[str, Any]:
    if request.mimetype != "multipart/form-data":
        raise BadUpload("Send the files as a form (multipart/form-data).")
    if request.content_length is None or request.content_length > limit:
        raise RequestEntityTooLarge
    request.max_content_length = limit
    parser = FormDataParser(
        stream_factory=coming.stream, max_form_memory_size=64 * 1024, max_form_parts=100, silent=False
    )
    parser.parse(request.stream, request.mimetype, request.content_length, request.mimetype_params)
    if not coming.names:
        raise BadUpload("There was no file in it. Choose CSV, Excel or JSON files.")
    coming.close()
    return {"ok": True, "id": coming.id, "files": list(coming.names.values())}
