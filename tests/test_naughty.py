"""Files that nobody here wrote: NAUGHTY_DIR names their folder. Every row of each is kept, set aside or blank."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections import Counter
from pathlib import Path

import pytest

from data import ingest, sources
from data.ingest import Plan
from data.matching.recognise import recognise
from data.sources import RawTable
from errors import UserError
from settings import load

ROOT = Path(os.environ.get("NAUGHTY_DIR", ""))
pytestmark = pytest.mark.skipif(not os.environ.get("NAUGHTY_DIR"), reason="NAUGHTY_DIR is not set")
FAMILIES = ("blns", "csv-spectrum", "duckdb-csv", "frictionless", "payloads", "isemail", "asvs")
DIFFERENT = {"location_coordinates", "newlines_crlf"}  # see the README beside the files


def records(path: Path) -> list[tuple[RawTable, list[list[str]]]]:
    """The file's tables, each read to its end, with what every reader promises."""
    found = []
    for table in sources.read(path):
        rows = list(table.rows)
        assert table.read == len(rows) + len(table.set_aside) + table.blank
        assert all(len(cells) == len(table.header) for _, cells in rows)
        assert len({number for number, _ in rows}) == len(rows)
        for text in [*table.header, *(cell for _, cells in rows for cell in cells)]:
            text.encode()
        for one in table.set_aside:
            assert one.rule
            assert one.reason.endswith(".")
            assert one.cells
            "".join(one.cells).encode()
        found.append((table, [cells for _, cells in rows]))
    return found


def attempt(path: Path) -> tuple[list[tuple[RawTable, list[list[str]]]], str]:
    """The tables, or the sentence with which the file is refused."""
    try:
        return records(path), ""
    except UserError as error:
        return [], str(error)


@pytest.mark.parametrize("family", FAMILIES)
def test_every_file_is_read_or_refused_with_a_sentence(family: str, tmp_path: Path) -> None:
    counts: Counter[str] = Counter()
    for path in sorted(item for item in (ROOT / family).rglob("*") if item.is_file()):
        counts["files"] += 1
        tables, refused = attempt(path)
        assert not refused or (path.name in refused and refused.endswith("."))
        counts["refused"] += bool(refused)
        for table, rows in tables:
            counts.update(tables=1, rows=len(rows), set_aside=len(table.set_aside), blank=table.blank)
            if recognise(table.label, table.header, rows[:2_000]).table:
                counts["imported"] += imported(path, tmp_path)
    sys.stdout.write(f"{family}: {', '.join(f'{count} {name}' for name, count in counts.items())}\n")


def imported(path: Path, folder: Path) -> int:
    """1 when the file goes through an import that is only a look; a refusal with a sentence is an answer too."""
    settings = load(str(folder))
    try:
        report = ingest.run(Plan([(path, path.name)], keep=False), settings)
    except UserError:
        return 0
    for item in report.staged:
        assert item.refused or item.raw.read == item.accepted + item.again + len(item.set_aside) + item.raw.blank
    return 1


@pytest.mark.parametrize("name", sorted(path.stem for path in (ROOT / "csv-spectrum/csvs").glob("*.csv")))
def test_the_spectrum_is_exact(name: str) -> None:
    if name in DIFFERENT:
        pytest.skip("this pair cannot match as stored")
    ((table, rows),) = records(ROOT / f"csv-spectrum/csvs/{name}.csv")
    wanted = json.loads((ROOT / f"csv-spectrum/json/{name}.json").read_text(encoding="utf-8"))
    assert [dict(zip(table.header, cells, strict=True)) for cells in rows] == wanted


@pytest.mark.parametrize(
    ("name", "encoding", "cell"),
    [
        ("latin1", "cp1252", "José Álvarez"),
        ("utf16", "utf-16", "José Álvarez"),
        ("shift_jis", "cp932", "山田"),
        ("only_utf16", "utf-16", "ŁŁŁŁŁŁŁ ŁŁŁŁŁŁŁŁ"),
    ],
)
def test_encodings_are_found_and_give_the_right_text(name: str, encoding: str, cell: str, tmp_path: Path) -> None:
    path = Path(shutil.copy(ROOT / f"duckdb-csv/encodings/{name}.csv", tmp_path))
    table, rows = records(path)[0]
    assert table.encoding == encoding
    assert cell in {value for cells in [table.header, *rows] for value in cells}
