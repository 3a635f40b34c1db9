"""Decides how refused rows are kept, and how they are handed out: one CSV a file, with rule, reason and their cells."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from data.engines.duckdb import Writer
from data.incoming import staging
from data.incoming.staging import Staged
from data.quality.rules.marks import Asks
from data.sources import SetAside
from data.values import guards

FILE, ROW, RULE, REASON = "truelift_file", "truelift_row", "truelift_rule", "truelift_reason"
OWN = (FILE, ROW, RULE, REASON)
EXTRA = re.compile(r"extra_\d+")
_TABLE = """
    CREATE TABLE quarantine (
        file_no INTEGER, row_no BIGINT, rule VARCHAR, reason VARCHAR, header VARCHAR, cells VARCHAR,
        worth VARCHAR)
"""
_BATCH = 5_000


@dataclass(frozen=True)
class Held:
    """One file with rows in quarantine. id: what `truelift_file` says of it; rules: rule id → rows."""

    file_no: int
    id: str
    name: str
    sheet: str
    table: str
    rows: int
    rules: Mapping[str, int]

    @property
    def label(self) -> str:
        """How people call it: the file's name, and the sheet's where there are several."""
        return f"{self.name} / {self.sheet.strip()}" if self.sheet else self.name

    @property
    def file(self) -> str:
        """The name of its CSV."""
        stem = re.sub(r"[^\w.-]+", "_", f"{self.name.rsplit('.', 1)[0]} {self.sheet}".strip()).strip("._")
        return f"quarantine-{self.file_no}-{stem[:60] or 'file'}.csv"


def id_of(digest: str, sheet: str) -> str:
    """A short name of an original file that stays the same however often it is imported: its hash, and its sheet."""
    return f"{digest[:12]}/{sheet.strip()}" if sheet.strip() else digest[:12]


def there(asks: Asks, table: str = "quarantine", catalog: str = "") -> bool:
    """Whether the snapshot has the table: those made before it was kept do not. catalog: of an attached snapshot."""
    own = f"'{catalog}'" if catalog else "current_database()"
    found = f"SELECT count(*) FROM duckdb_tables() WHERE table_name = '{table}' AND database_name = {own}"
    return bool(asks.rows(found)[0][0])


def make(writer: Writer, adding: bool) -> None:
    """Make `quarantine`: a row for each refused row, with the header and the cells that it had, as JSON lists.

    worth: what the row counts for in the accounts, as JSON: money field → amount as text, null where it is not read.

    adding: with those of the attached snapshot `old`.
    """
    writer.run(_TABLE)
    if adding and there(writer, catalog="old"):
        writer.run("INSERT INTO quarantine BY NAME SELECT * FROM old.quarantine")


def rows_listed(writer: Writer, rows: Iterable[int]) -> str:
    """SQL of a list of row numbers, however long. The next list takes its place."""
    writer.run("CREATE OR REPLACE TEMP TABLE rows_listed (row_no BIGINT)")
    numbers = list(rows)
    if numbers:
        writer.fill("rows_listed", {"row_no": numbers})
    return "SELECT row_no FROM rows_listed"


def hold(writer: Writer, file_no: int, item: Staged, rows: Sequence[SetAside], worth: Mapping[int, str]) -> None:
    """Put refused rows of one file into quarantine. worth: row number → what accounts.worth says of it."""
    if not rows:
        return
    header = json.dumps(item.raw.header, ensure_ascii=False)
    bare = [one.row for one in rows if not one.cells]
    known = staging.cells_of(item, bare)
    known |= _staged_cells(writer, item, [row for row in bare if row not in known])
    cells = [json.dumps(one.cells or known.get(one.row, ()), ensure_ascii=False) for one in rows]
    columns: dict[str, Sequence[object]] = {
        "file_no": [file_no] * len(rows), "row_no": [one.row for one in rows], "rule": [one.rule for one in rows],
        "reason": [one.reason for one in rows], "header": [header] * len(rows), "cells": cells,
        "worth": [worth.get(one.row, "{}") for one in rows],
    }  # fmt: skip
    writer.fill("quarantine", columns)


def _staged_cells(writer: Writer, item: Staged, rows: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """The cells of rows that were staged before they were refused: those of the columns that are used."""
    if not rows or not item.fields:
        return {}
    picked = ", ".join(f'"{key}"' for key in item.fields)
    wanted = rows_listed(writer, rows)
    found = writer.rows(f"SELECT row_no, {picked} FROM {item.name} WHERE row_no IN ({wanted})")
    places = [item.recognised.mapping[key] for key in item.fields]
    width = len(item.raw.header)
    return {row[0]: tuple(dict(zip(places, row[1:], strict=True)).get(at) or "" for at in range(width))
            for row in found}  # fmt: skip


def held(asks: Asks) -> list[Held]:
    """The files that have rows in quarantine, in order of import."""
    if not there(asks):
        return []
    rules: dict[int, Counter[str]] = {}
    for file_no, rule, rows in asks.rows("SELECT file_no, rule, count(*) FROM quarantine GROUP BY ALL ORDER BY 1, 2"):
        rules.setdefault(file_no, Counter())[rule] = rows
    files = asks.rows("SELECT file_no, hash, name, sheet, tab FROM files ORDER BY file_no")
    return [
        Held(number, id_of(digest, sheet), name, sheet, table, rules[number].total(), dict(rules[number]))
        for number, digest, name, sheet, table in files
        if number in rules
    ]


def as_csv(asks: Asks, file_no: int) -> Iterator[str]:
    """The refused rows of one file as CSV text, in pieces, with the mark that spreadsheets know UTF-8 by.

    Columns: truelift_file, truelift_row, truelift_rule, truelift_reason, the file's own header, extra_1, … for cells
    beyond it. Cells are made inert for spreadsheets; `data.incoming.mended` takes the guard off when the file returns.
    """
    file = next((one for one in held(asks) if one.file_no == file_no), None)
    if file is None:
        return
    where = f"FROM quarantine WHERE file_no = {file.file_no}"
    header = json.loads(asks.rows(f"SELECT header {where} LIMIT 1")[0][0])
    widest = int(asks.rows(f"SELECT max(json_array_length(cells)) {where}")[0][0] or 0)
    extra = [f"extra_{place + 1}" for place in range(max(0, widest - len(header)))]
    columns = [*OWN, *header, *extra]
    yield guards.MARK + guards.csv_lines(columns, ())
    last = -1
    while rows := asks.rows(
        f"SELECT row_no, rule, reason, cells {where} AND row_no > {last} ORDER BY row_no LIMIT {_BATCH}"
    ):
        yield _lines(file.id, len(columns), rows)
        last = rows[-1][0]


def _lines(id: str, width: int, rows: Iterable[tuple[int, str, str, str]]) -> str:
    lines = [[id, str(row), rule, reason, *json.loads(cells)] for row, rule, reason, cells in rows]
    padded = [line + [""] * (width - len(line)) for line in lines]
    # csv_lines writes a header before its rows: here the first row takes that place.
    return guards.csv_lines(padded[0], padded[1:])


def as_zip(asks: Asks) -> bytes:
    """Every file's refused rows, a CSV each, in one ZIP."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in held(asks):
            archive.writestr(file.file, "".join(as_csv(asks, file.file_no)).encode("utf-8"))
    return packed.getvalue()
