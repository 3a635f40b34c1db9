"""Decides by a file's first bytes and its name which reader takes it, and what is no table at all."""

from __future__ import annotations

import zipfile
from pathlib import Path

from data.sources.limits import Limits, setting, size
from errors import BadUpload

WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods", ".xlsb")
JSONS = (".json", ".jsonl", ".ndjson")
_PARTS = ("xl/workbook.xml", "xl/workbook.bin", "content.xml")
_OLE = b"\xd0\xcf\x11\xe0"
_PACKED = {b"\x1f\x8b": "GZIP", b"BZh": "BZIP2", b"\xfd7zXZ": "XZ", b"7z\xbc\xaf": "7z", b"Rar!": "RAR",
           b"\x28\xb5\x2f\xfd": "ZSTD"}  # fmt: skip
_OTHERS = {b"%PDF": "a PDF", b"\x89PNG": "a picture", b"\xff\xd8\xff": "a picture", b"GIF8": "a picture",
           b"PAR1": "a Parquet file", b"SQLite format 3": "a database", b"\x7fELF": "a program"}  # fmt: skip


def of(path: Path, name: str, limits: Limits) -> str:
    """workbook, json, text, or misnamed (text that calls itself a workbook). Raises BadUpload for what is none."""
    if not path.is_file():
        raise BadUpload(f"There is no file {name}. Check the path.")
    bytes_ = path.stat().st_size
    if bytes_ == 0:
        raise BadUpload(f"{name} is empty. Export it again with a header and rows.")
    if bytes_ > limits.file_bytes:
        most = f"at most {size(limits.file_bytes)} are read ({setting('file_bytes')})"
        raise BadUpload(f"{name} has {size(bytes_)}; {most}. Split it.")
    with path.open("rb") as file:
        start = file.read(512)
    _must_be_readable(name, start)
    ending = Path(name).suffix.casefold()
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        _must_be_workbook(path, name)
        return "workbook"
    if start.startswith(_OLE):
        return "workbook"
    first = start.lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t\0")[:1]
    if ending in JSONS or first == b"{" or (first == b"[" and _opens_records(start)):
        return "json"
    return "misnamed" if ending in WORKBOOKS else "text"


def _opens_records(start: bytes) -> bool:
    """Whether a bracket opens an array of objects, and not a cell such as [unset]."""
    return start.lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t\0")[1:].lstrip(b" \r\n\t\0")[:1] in (b"{", b"]")


def _must_be_readable(name: str, start: bytes) -> None:
    for mark, kind in _PACKED.items():
        if start.startswith(mark):
            raise BadUpload(f"{name} is packed ({kind}). Unpack it first and give the table that is in it.")
    for mark, kind in _OTHERS.items():
        if start.startswith(mark):
            raise BadUpload(f"{name} is {kind}, not a table. Export the table as CSV or XLSX.")
    if start.lstrip(b"\xef\xbb\xbf \r\n\t")[:9].lower().startswith((b"<!doctype", b"<html", b"<table")):
        raise BadUpload(f"{name} is a web page, whatever its name says. Open it and save it as CSV or XLSX.")


def _must_be_workbook(path: Path, name: str) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            names = {item.filename for item in archive.infolist()}
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, UnicodeError):
        raise BadUpload(
            f"{name} cannot be opened: it is a damaged workbook or archive. Save it again as XLSX or CSV."
        ) from None
    if not names & set(_PARTS):
        says = f"{name} is a ZIP archive and no workbook"
        raise BadUpload(f"{says}. Unzip it first and give the table that is in it.")
