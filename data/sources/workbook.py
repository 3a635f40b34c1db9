"""Decides how a workbook becomes rows of text, one table a sheet; a child process with limits opens the file."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from data.sources import FIND_OUT, How, RawTable, SetAside
from data.sources.limits import DEFAULT, Limits, setting, size
from data.sources.mojibake import CANDIDATE, repaired
from data.sources.text import header_place, header_remarks
from data.values import guards
from errors import BadUpload
from settings import ROOT

_BLOCK = 1 << 20


def read(path: Path, name: str, how: How = FIND_OUT, limits: Limits = DEFAULT) -> list[RawTable]:
    """The tables of all sheets that hold a header and a row; row numbers are the sheet's. Raises BadUpload."""
    cells = _Cells()
    found = _child(path, name, limits, cells)
    theirs = (sheet for sheet in found if sheet["rows"] > 1 and not guards.is_ours(sheet["name"], sheet["head"][0]))
    tables = [_table(name, sheet, cells, how, limits) for sheet in theirs]
    if not tables:
        raise BadUpload(f"{name} has no sheet with a header and rows. Put each table on a sheet of its own.")
    return tables


class _Cells:
    """The file between child and parent; it has no name, so that nothing can be left behind. place: its number."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(buffering=0)
        self.place = self._file.fileno()

    def __del__(self) -> None:
        self._file.close()


def _child(path: Path, name: str, limits: Limits, cells: _Cells) -> list[dict[str, Any]]:
    """Run the child; returns what it found. Its whole group is killed when it takes too long."""
    shown = name.encode("utf-8", "replace").decode()
    command = [sys.executable, "-m", "data.sources.sheets", str(path.resolve()), shown, str(cells.place)]
    process = subprocess.Popen(
        [*command, json.dumps(asdict(limits))], cwd=ROOT, env={"PATH": os.defpath, "LANG": "C.UTF-8"},
        pass_fds=[cells.place], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    try:
        answer, _ = process.communicate(timeout=limits.wall)
    except subprocess.TimeoutExpired:
        raise BadUpload(_too_slow(name, limits.wall, "wall")) from None
    finally:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
    return _answer(name, process.returncode, answer, limits)


def _too_slow(name: str, seconds: int, limit: str) -> str:
    return f"{name} takes more than {seconds} seconds to open ({setting(limit)}). Save its sheets as CSV."


def _answer(name: str, status: int, answer: bytes, limits: Limits) -> list[dict[str, Any]]:
    if -status in (signal.SIGXCPU, signal.SIGKILL):
        raise BadUpload(_too_slow(name, limits.cpu, "cpu"))
    says: dict[str, Any]
    try:
        says = json.loads(answer) if status == 0 else {"memory": True}
    except ValueError:
        says = {"memory": True}
    if "refused" in says:
        raise BadUpload(says["refused"])
    if "memory" in says:
        most = f"{name} needs more than {size(limits.memory)} of memory to open ({setting('memory')})"
        raise BadUpload(f"{most}, or is damaged. Save its sheets as CSV.")
    found: list[dict[str, Any]] = says["sheets"]
    return found


def _table(name: str, sheet: dict[str, Any], cells: _Cells, how: How, limits: Limits) -> RawTable:
    head: list[list[str]] = sheet["head"]
    place = header_place(head)
    if how.header_row:
        if how.header_row > len(head) or not any(cell.strip() for cell in head[how.header_row - 1]):
            says = f"{name}, sheet {sheet['name']} has no header in row {how.header_row}"
            raise BadUpload(f"{says}. Choose one of the first rows, one that names the columns.")
        place = how.header_row - 1
    header = [cell.strip() for cell in head[place]]
    while len(header) > 1 and not header[-1]:
        header.pop()
    table = RawTable(name, sheet["name"], header, iter(()), "workbook", "", place + 1)
    table.peek = head
    table.remarks += header_remarks(table, head[place])
    table.rows = table.checked(_below(table, sheet, cells, limits), limits)
    return table


def _below(table: RawTable, sheet: dict[str, Any], cells: _Cells, limits: Limits) -> Iterator[tuple[int, list[str]]]:
    """Rows below the header; one with a cell beyond a workbook's own limit is set aside."""
    for line in _lines(cells, sheet["start"], sheet["end"]):
        number, row = json.loads(line)
        if number <= table.header_row:
            continue
        if len(line) > limits.book_cell and (longest := max(map(len, row))) > limits.book_cell:
            reason = f"Row {number} has a cell of {longest:,} characters; at most {limits.book_cell:,} are read."
            table.refuse(SetAside(number, "cell.long", reason, tuple(row)), limits.set_aside)
            continue
        text = "\n".join(row)
        if not text.isascii():
            row = [item.encode("utf-8", "replace").decode() for item in row]
            row = [repaired(item) for item in row] if CANDIDATE.search(text) else row
        yield number, row


def _lines(file: _Cells, start: int, end: int) -> Iterator[bytes]:
    """The lines between two places of a file that several readers share."""
    tail = b""
    while start < end:
        block = os.pread(file.place, min(_BLOCK, end - start), start)
        if not block:
            return
        start += len(block)
        *whole, tail = (tail + block).split(b"\n")
        yield from whole
