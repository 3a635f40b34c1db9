"""Decides how a report is laid into a folder: whole or not at all, and never over another edition."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import tempfile
from pathlib import Path, PurePath

from data.keeping import flush
from errors import UserError
from reports.delivery.headers import clean, file_name

_MOST_NAMES = 1000
_SENTENCES = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk's quota is used up",
    errno.EACCES: "TrueLift may not write there",
    errno.EPERM: "TrueLift may not write there",
    errno.EROFS: "it can only be read",
    errno.ENOENT: "it is not there; make it, or see whether its disk is mounted",
    errno.ENOTDIR: "a file is in its place",
    errno.ENAMETOOLONG: "the name would be too long",
}


def named(shown: str, edition: str) -> str:
    """The file's name with its edition in it."""
    name = file_name(shown)
    mark = file_name(edition, 40) if edition else ""
    path = PurePath(name)
    return name if not mark or mark in name else file_name(f"{path.stem[:80]} · {mark}{path.suffix}", 140)


def lay(folder: Path, name: str, source: Path | bytes, make: bool = True) -> Path:
    """Writes a file beside its place, waits for the disk and gives it its name; returns where it lies.

    A file of that name with the same bytes is left as it is; one with others stays too, and ours gets a number.
    make: the folder is made where it is missing. Raises UserError.
    """
    half = None
    try:
        if make:
            folder.mkdir(parents=True, exist_ok=True)
        half = _half(folder, source)
        place = _settle(half, folder, name)
        flush(folder)
        return place
    except OSError as error:
        why = _SENTENCES.get(error.errno or 0, clean(error.strerror or type(error).__name__, 80))
        raise UserError(f"The report could not be written to the folder “{folder}”: {why}.") from None
    finally:
        if half is not None:
            half.unlink(missing_ok=True)


def _half(folder: Path, source: Path | bytes) -> Path:
    """The whole content under a name that nobody looks at, on the disk itself; nothing when that fails."""
    number, name = tempfile.mkstemp(dir=folder, prefix=".coming-")
    half = Path(name)
    try:
        with os.fdopen(number, "wb") as file:
            if isinstance(source, bytes):
                file.write(source)
            else:
                with source.open("rb") as read:
                    shutil.copyfileobj(read, file)
            file.flush()
            os.fchmod(file.fileno(), 0o644)
            os.fsync(file.fileno())
    except BaseException:
        half.unlink(missing_ok=True)
        raise
    return half


def _settle(half: Path, folder: Path, name: str) -> Path:
    """Gives it the first name that is free: a link, unlike a renaming, never takes the place of another file."""
    path = PurePath(name)
    for number in range(1, _MOST_NAMES):
        place = folder / (name if number == 1 else f"{path.stem} ({number}){path.suffix}")
        try:
            os.link(half, place)
        except FileExistsError:
            if _digest(place) == _digest(half):
                return place
        except OSError as error:
            if error.errno not in (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK):
                raise
            if not place.exists():
                return half.replace(place)
        else:
            return place
    raise OSError(errno.EEXIST, "too many files of that name are there")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
