"""Decides from a workbook's archive, streamed and never unpacked whole, whether it may be opened at all."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from data.sources.limits import Limits, setting, size
from errors import BadUpload

_BLOCK = 1 << 20
_TAIL = 64
_SMALL = 10_000_000
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_NAMES = re.compile(rb'<(?:\w+:)?sheet [^>]*?name="([^"]*)"[^>]*?r:id="([^"]*)"')
_TARGET = re.compile(rb"<Relationship [^>]*>")
_ROW = re.compile(rb'<(?:\w+:)?row [^>]*?\br="(\d+)"')
_FAR_ROW = re.compile(rb'r="[A-Z]{0,3}(\d{7,})"')
_LATER = re.compile(rb'r="([A-Z]+)\d+"')
_SPAN = 200_000


def check(path: Path, name: str, limits: Limits) -> None:
    """Raises BadUpload with the limit's name and the numbers when the archive or one of its sheets is beyond it."""
    try:
        with zipfile.ZipFile(path) as archive:
            items = archive.infolist()
            _check_entries(name, items, limits)
            for item in items:
                sheet = _SHEET.fullmatch(item.filename) is not None
                _check_part(archive, item, f"{name}, {_called(archive, item)}" if sheet else "", name, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        if isinstance(error, RuntimeError) and "password" in str(error):
            raise BadUpload(f"{name} is locked with a password. Save it without one.") from None
        raise BadUpload(f"{name} is damaged ({error}). Save it again as XLSX or CSV.") from None


def _check_entries(name: str, items: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(items) > limits.entries:
        says = f"{name} holds {len(items):,} parts; at most {limits.entries:,} are read ({setting('entries')})"
        raise BadUpload(f"{says}. Save the sheets you need as a new workbook.")
    if len({item.filename for item in items}) < len(items):
        raise BadUpload(f"{name} is damaged: two of its parts have one name. Save it again as XLSX or CSV.")
    ordered = sorted(items, key=lambda item: item.header_offset)
    for before, after in zip(ordered, ordered[1:], strict=False):
        if before.header_offset + before.compress_size > after.header_offset:
            raise BadUpload(f"{name} is damaged: its parts lie over one another. Save it again as XLSX or CSV.")
    whole, packed = sum(item.file_size for item in items), sum(item.compress_size for item in items)
    if whole > limits.expanded_bytes:
        says = f"{name} unpacks to {size(whole)}; at most {size(limits.expanded_bytes)} are read"
        raise BadUpload(f"{says} ({setting('expanded_bytes')}). Save the sheets you need as CSV.")
    if whole > _SMALL and whole > limits.ratio * max(packed, 1):
        says = f"{name} unpacks to {whole // max(packed, 1):,} times its size; at most {limits.ratio} times is read"
        raise BadUpload(f"{says} ({setting('ratio')}). Save the sheets you need as CSV.")


def _called(archive: zipfile.ZipFile, item: zipfile.ZipInfo) -> str:
    """The sheet that a part is, by the name people gave it where the book tells; else the part's name."""
    try:
        with archive.open("xl/workbook.xml") as file:
            book = file.read(_BLOCK)
        with archive.open("xl/_rels/workbook.xml.rels") as file:
            links = file.read(_BLOCK)
    except KeyError:
        return item.filename
    part = item.filename.removeprefix("xl/").encode()
    for link in _TARGET.findall(links):
        ident = re.search(rb'Id="([^"]*)"', link)
        if ident and (b'"' + part + b'"' in link or b"/" + part + b'"' in link):
            for sheet, used in _NAMES.findall(book):
                if used == ident[1]:
                    return f"sheet {sheet.decode('utf-8', 'replace')}"
    return item.filename


def _blocks(archive: zipfile.ZipFile, item: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part's bytes as they unpack, each block with the end of the one before."""
    tail = b""
    with archive.open(item) as part:
        while block := part.read(_BLOCK):
            yield tail + block
            tail = block[-_TAIL:]


def _check_part(archive: zipfile.ZipFile, item: zipfile.ZipInfo, sheet: str, name: str, limits: Limits) -> None:
    """Unpack one part to nowhere, which proves its length; of a sheet look how far its cells reach."""
    if item.flag_bits & 1:
        raise BadUpload(f"{name} is locked with a password. Save it without one.")
    if not sheet:
        for _ in _blocks(archive, item):
            pass
        return
    rows = columns = first = 0
    letters = ""
    beyond = _beyond(limits.columns)
    for block in _blocks(archive, item):
        found = _ROW.findall(block[:_SPAN]) + _ROW.findall(block[-_SPAN:]) + _FAR_ROW.findall(block)
        rows = max([rows, *map(int, found)])
        first = first or min([int(row) for row in found if int(row)], default=0)
        for reference in beyond.findall(block) or _LATER.findall(block[:_SPAN]):
            if (place := _place(reference)) > columns:
                columns, letters = place, reference.decode()
    _judge(sheet, rows, columns, letters, first, limits)


def _judge(sheet: str, rows: int, columns: int, letters: str, first: int, limits: Limits) -> None:
    if columns > limits.columns:
        says = f"{sheet}: its cells reach column {letters} ({columns:,}); at most {limits.columns:,} columns are read"
        raise BadUpload(f"{says} ({setting('columns')}). Delete the columns beyond the table, contents and formats.")
    if rows > limits.rows:
        says = f"{sheet}: its cells reach row {rows:,}; at most {limits.rows:,} rows are read"
        more = "Delete the rows below the table, contents and formats, or split it."
        raise BadUpload(f"{says} ({setting('rows')}). {more}")
    if (rows - first + 1) * columns > limits.area:
        says = (
            f"{sheet}: its cells reach row {rows:,} and column {columns:,}; rows times columns may be {limits.area:,}"
        )
        more = "Delete what lies beyond the table, or save it as CSV."
        raise BadUpload(f"{says} at most ({setting('area')}). {more}")


def _place(letters: bytes) -> int:
    """A column's number from 1: A is 1, XFD is 16,384."""
    place = 0
    for letter in letters:
        place = place * 26 + letter - 64
    return place


def _beyond(columns: int) -> re.Pattern[bytes]:
    """What finds references to columns past a limit, roughly: more letters than it has, or the same number of them."""
    letters = 1 if columns < 27 else 2 if columns < 703 else 3
    least = chr(65) if letters == 1 else chr(64 + min((columns + 1) // 26, 26))
    rest = "[A-Z]" * (letters - 1)
    return re.compile(f'r="([A-Z]{{{letters + 1},}}|[{least}-Z]{rest})\\d+"'.encode())
