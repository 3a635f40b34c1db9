"""Decides where uploaded files lie: each in a random folder of its own, under its name made harmless."""

from __future__ import annotations

import re
import secrets
import shutil
import time
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

from errors import BadUpload

LIMIT = 2_000_000_000
BATCH_LIMIT = 2 * LIMIT
OVERHEAD = 65_536
# Has to hold what the parser reads at a time, 64 KiB, and the end of a line that it kept back.
FORM_MEMORY = 1024 * 1024
MOST_FILES = 40
KEPT_SECONDS = 24 * 3600
ENDINGS = (".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson", ".xlsx")
COMING = ".coming-"
NAME_BYTES = 180
TOO_LARGE = "This is more than {size}. Bring it in parts, or use ./truelift import."
TOO_MUCH = "These files are more than {size} together. Import these first, then bring the rest."
GONE = "These files are no longer here. Drop them again."
_ID = re.compile(r"[0-9a-f]{32}")
_KEY = re.compile(r"[0-9]{20}[0-9a-f]{12}")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")
_PATH_SIGNS = re.compile(r'[:*?"<>|]')


@dataclass(frozen=True)
class Limits:
    """What may come in. bytes: of a file; batch: of all files of one import, in bytes; files: how many of them.

    columns, cell: of one table, cell in characters (data.sources.limits). endings: of the files that can be read.
    """

    bytes: int = LIMIT
    batch: int = BATCH_LIMIT
    files: int = MOST_FILES
    columns: int = 500
    cell: int = 1_000_000
    endings: tuple[str, ...] = ENDINGS

    @property
    def size(self) -> str:
        """The size of a file in words."""
        return in_words(self.bytes)


@dataclass(frozen=True)
class Shelf:
    """The folder of uploads. One upload is one folder with a random name; it is kept for a day."""

    folder: Path

    def open(self, batch: str = "") -> Upload:
        """A new, empty upload, or more files for one that is there; those older than a day are thrown away."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._clear(time.time() - KEPT_SECONDS)
        if batch:
            return Upload(self.home(batch).name, self.folder, len(self.files(batch)))
        upload = Upload(secrets.token_hex(16), self.folder)
        upload.path.mkdir()
        return upload

    def home(self, upload: str) -> Path:
        """Where an upload lies. BadUpload when there is no such upload."""
        path = self.folder / upload
        if not _ID.fullmatch(upload) or not path.is_dir():
            raise BadUpload(GONE)
        return path

    def files(self, upload: str) -> list[Path]:
        """The files of an upload, in the order in which they came. BadUpload when there is no such upload."""
        folders = sorted(path for path in self.home(upload).iterdir() if _KEY.fullmatch(path.name))
        return [file for folder in folders for file in folder.iterdir()]

    def listing(self, upload: str) -> list[dict[str, Any]]:
        """The files as the page lists them: key, name, size in bytes."""
        return [
            {"key": path.parent.name, "name": path.name, "size": path.stat().st_size} for path in self.files(upload)
        ]

    def remove(self, upload: str, file: str) -> None:
        """Throw one file of an upload away; nothing happens when it is not there."""
        home = self.home(upload)
        if _KEY.fullmatch(file):
            shutil.rmtree(home / file, ignore_errors=True)

    def empty(self, upload: str) -> None:
        """Throw all files of an upload away; what was said about them stays for the day."""
        for path in self.files(upload):
            shutil.rmtree(path.parent, ignore_errors=True)

    def discard(self, upload: str) -> None:
        """Throw an upload away with all that was said about it; a child that still reads it is stopped by that."""
        shutil.rmtree(self.home(upload), ignore_errors=True)

    def _clear(self, before: float) -> None:
        for path in self.folder.iterdir():
            if _ID.fullmatch(path.name) and path.stat().st_mtime < before:
                shutil.rmtree(path, ignore_errors=True)


@dataclass
class Upload:
    """One upload while files come in. there: files that it has already. coming: files on their way, with their names.

    A file gets its place when all of it has come; until then nobody sees it.
    """

    id: str
    folder: Path
    there: int = 0
    coming: list[tuple[Path, str, IO[bytes]]] = field(default_factory=list)

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
        if Path(given).suffix.casefold() not in ENDINGS:
            raise BadUpload(f"“{given}” is not a file we can read. Bring CSV, Excel (.xlsx) or JSON.")
        if len(self.coming) + self.there >= MOST_FILES:
            raise BadUpload(f"More than {MOST_FILES} files at once. Import these first, then bring the rest.")
        path = self.path / f"{COMING}{secrets.token_hex(12)}"
        self.coming.append((path, given, path.open("xb+")))
        return self.coming[-1][2]

    def close(self) -> None:
        """Close the files and put each in its place; a name that is taken gets a number."""
        self._shut()
        taken = {alike(path.name) for path in self.path.glob("*/*") if _KEY.fullmatch(path.parent.name)}
        for path, given, _ in self.coming:
            name = free(given, taken)
            taken.add(alike(name))
            home = self.path / f"{time.time_ns():020d}{secrets.token_hex(6)}"
            home.mkdir()
            path.rename(home / name)

    def discard(self) -> None:
        """Throw away what has come in; an upload that had nothing before goes too."""
        self._shut()
        for path, _, _ in self.coming:
            path.unlink(missing_ok=True)
        if not self.there:
            shutil.rmtree(self.path, ignore_errors=True)

    def _shut(self) -> None:
        for _, _, file in self.coming:
            file.close()


def shown(filename: str | None) -> str:
    """The given name as text that is safe as a name of a file.

    Its last part without control and direction characters, without what a path or a pattern could mean, without
    dots and hyphens in front, at most 180 bytes, its ending kept.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", filename or ""))[-1]
    name = _PATH_SIGNS.sub("_", _UNSEEN.sub("", last)).strip().lstrip(".-~ ") or "file"
    stem, ending = name[: -len(Path(name).suffix) or None], Path(name).suffix[:16]
    return stem.encode()[: NAME_BYTES - len(ending.encode())].decode(errors="ignore") + ending


def alike(name: str) -> str:
    """What two names share that a folder or a reader could not tell apart."""
    return unicodedata.normalize("NFKC", name).casefold()


def free(name: str, taken: set[str]) -> str:
    """The name, or the first of “name (2)”, “name (3)”, … that is not taken."""
    path, number, found = Path(name), 1, name
    while alike(found) in taken:
        number += 1
        found = f"{path.stem} ({number}){path.suffix}"
    return found


def register(server: Flask, shelf: Shelf, limits: Limits = Limits()) -> None:
    """POST /upload?batch=ID, multipart: {"ok": true, "id", "files": [{"key", "name", "size"}]}, all of the batch."""

    @server.post("/upload")
    def upload() -> tuple[Response, int]:
        try:
            coming = shelf.open(request.args.get("batch", ""))
        except BadUpload as error:
            return jsonify({"ok": False, "error": f"{error}"}), 400
        try:
            _receive(coming, limits)
            return jsonify({"ok": True, "id": coming.id, "files": shelf.listing(coming.id)}), 200
        except (BadUpload, RequestEntityTooLarge) as error:
            coming.discard()
            large = isinstance(error, RequestEntityTooLarge)
            text = TOO_LARGE.format(size=limits.size) if large else f"{error}"
            return jsonify({"ok": False, "error": text}), 413 if large else 400
        except Exception:
            coming.discard()
            raise


def in_words(size: int) -> str:
    """A size in bytes as people write it: 2 GB, 512 MB."""
    giga = size / 1e9
    return f"{giga:.1f} GB".replace(".0 ", " ") if giga >= 1 else f"{size / 1e6:.0f} MB"


def _receive(coming: Upload, limits: Limits) -> None:
    if request.mimetype != "multipart/form-data":
        raise BadUpload("Send the files as a form (multipart/form-data).")
    if request.content_length is None or request.content_length > limits.bytes + OVERHEAD:
        raise RequestEntityTooLarge
    had = sum(path.stat().st_size for path in coming.path.glob("*/*") if path.is_file())
    if request.content_length + had > limits.batch:
        raise BadUpload(TOO_MUCH.format(size=in_words(limits.batch)))
    request.max_content_length = limits.bytes + OVERHEAD
    parser = FormDataParser(
        stream_factory=coming.stream, max_form_memory_size=FORM_MEMORY, max_form_parts=100, silent=False
    )
    parser.parse(request.stream, request.mimetype, request.content_length, request.mimetype_params)
    if not coming.coming:
        raise BadUpload("There was no file in it. Choose CSV, Excel or JSON files.")
    coming.close()
