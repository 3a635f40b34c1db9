"""A refused row can be had, mended and dropped back in: the end is as if it had been right at once."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest

from data import ingest, schema
from data.engines.duckdb import Reader
from data.filters import Filters
from data.ingest import Plan
from data.quality import checks, quarantine
from data.store import Store
from data.values import guards
from data.versions import snapshots
from errors import BadUpload
from settings import ROOT, load
from tests.data.worlds import FOUR, PAYOUTS, TRACKING, imported, write

WRONG = TRACKING.replace("2,1000.10", "2,1000.1O").replace("1,500", "one,500")
RAGGED = WRONG + "organic,Gritzo_June,,u9,Oats,2026-06-05,1,50,,extra\n"
RIGHT = TRACKING + "organic,Gritzo_June,,u9,Oats,2026-06-05,1,50\n"
KEYS = [field.key for field in schema.TRACKING.fields]
STATE = {
    "files": "SELECT file_no, name, tab, rows_read, accepted, set_aside, blank FROM files ORDER BY file_no",
    "accounts": "SELECT * FROM accounts ORDER BY file_no, field",
    "quarantine": "SELECT * FROM quarantine ORDER BY file_no, row_no",
    "set_aside": "SELECT * FROM set_aside ORDER BY file_no, row_no",
    "tracking": f"SELECT file_no, row_no, {', '.join(KEYS)} FROM tracking ORDER BY file_no, row_no",
    "facts": "SELECT * FROM facts ORDER BY ALL",
}


def reader_of(folder: Path) -> Reader:
    now = snapshots.current(folder / "var")
    assert now
    return Reader(now.path)


def state(folder: Path) -> dict[str, list[Any]]:
    reader = reader_of(folder)
    found: dict[str, list[Any]] = {name: reader.rows(sql) for name, sql in STATE.items()}
    reader.close()
    return found


def handed_out(folder: Path) -> list[list[str]]:
    """The one quarantine CSV, header first."""
    reader = reader_of(folder)
    (held,) = quarantine.held(reader)
    text = "".join(quarantine.as_csv(reader, held.file_no))
    reader.close()
    assert text.startswith(guards.MARK)
    return list(csv.reader(io.StringIO(text.removeprefix(guards.MARK))))


def brought_back(folder: Path, rows: list[list[str]], name: str = "quarantine-3-tracking_data.csv") -> ingest.Report:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    back = folder / "back"
    back.mkdir(exist_ok=True)
    return ingest.run(Plan(write(back, {name: "\ufeff" + text.getvalue()})), load(folder / "var"))


def mended(rows: list[list[str]]) -> list[list[str]]:
    """Every cell as it should have been."""
    header, *body = rows
    for row in body:
        cells = dict(zip(header, row, strict=True))
        cells["revenue"] = cells["revenue"].replace("1O", "10")
        cells["orders"] = cells["orders"].replace("one", "1")
        row[:] = [("" if name.startswith("extra_") else cells[name]) for name in header]
    return [header, *body]


def test_a_refused_row_is_handed_out_with_its_rule_reason_and_cells(tmp_path: Path) -> None:
    imported(tmp_path, {**FOUR, "tracking_data.csv": RAGGED})
    header, *rows = handed_out(tmp_path)
    assert header == [*quarantine.OWN, *TRACKING.splitlines()[0].split(","), "extra_1", "extra_2"]
    assert [(row[1], row[2]) for row in rows] == [("2", "number.unreadable"), ("3", "number.unreadable"),
                                                  ("7", "row.ragged")]  # fmt: skip
    assert rows[0][4:12] == ["Instagram", "MB_Launch", "007", "u1", "Whey", "2026-06-01", "2", "1000.1O"]
    assert rows[2][-2:] == ["", "extra"]


def test_mended_rows_end_as_if_right_at_once(tmp_path: Path) -> None:
    """Same rows under the same numbers, same counts, same money, same facts, nothing in quarantine."""
    imported(tmp_path, {**FOUR, "tracking_data.csv": RAGGED})
    report = brought_back(tmp_path, mended(handed_out(tmp_path)))
    assert not report.unchanged
    (tmp_path / "once").mkdir()
    imported(tmp_path / "once", {**FOUR, "tracking_data.csv": RIGHT})
    assert state(tmp_path) == state(tmp_path / "once")
    once, twice = Store(load(tmp_path / "once" / "var")), Store(load(tmp_path / "var"))
    measures = ("revenue", "revenue_all", "orders_all", "spend", "customers", "new_customers")
    for by in ((), ("date",), ("brand", "influencer")):
        assert once.totals(Filters(), by, measures).equals(twice.totals(Filters(), by, measures))


def test_what_is_still_wrong_waits_on_with_its_new_reason(tmp_path: Path) -> None:
    imported(tmp_path, {**FOUR, "tracking_data.csv": WRONG})
    header, first, second = handed_out(tmp_path)
    place = header.index("revenue")
    first[place], second[header.index("orders")] = "999,,9", "1"
    brought_back(tmp_path, [header, first, second])
    after = state(tmp_path)
    assert [(row[1], row[2]) for row in after["quarantine"]] == [(2, "number.unreadable")]
    assert "“999,,9”" in after["set_aside"][0][3]
    assert after["files"][2] == (3, "tracking_data.csv", "tracking", 5, 4, 1, 0)
    brought_back(tmp_path, [header, [*first[:place], "1000.10", *first[place + 1 :]]])
    assert state(tmp_path)["quarantine"] == []


def test_a_row_is_never_counted_twice(tmp_path: Path) -> None:
    imported(tmp_path, {**FOUR, "tracking_data.csv": WRONG})
    header, first, second = mended(handed_out(tmp_path))
    report = brought_back(tmp_path, [header, first, first])
    assert [one.rule for one in report.staged[0].set_aside] == ["quarantine.not_waiting"]
    before = state(tmp_path)
    assert [row[1] for row in before["quarantine"]] == [3]
    with pytest.raises(BadUpload, match="row 2 does not wait"):
        brought_back(tmp_path, [header, [*first[:-1], "77"]])
    assert state(tmp_path) == before
    brought_back(tmp_path, [header, second])
    with pytest.raises(BadUpload, match="no row waits any more"):
        brought_back(tmp_path, [header, [*second[:-1], "78"]])


def test_rows_of_another_data_set_or_file_are_refused(tmp_path: Path) -> None:
    imported(tmp_path, {**FOUR, "tracking_data.csv": WRONG})
    header, first, second = mended(handed_out(tmp_path))
    with pytest.raises(BadUpload, match="not in this data set"):
        brought_back(tmp_path, [header, ["0123456789ab", *first[1:]]])
    report = brought_back(tmp_path, [header, first, ["0123456789ab", *second[1:]]])
    assert [one.rule for one in report.staged[0].set_aside] == ["quarantine.other_file"]
    with pytest.raises(BadUpload, match=r"other columns .* \(revenue\)"):
        brought_back(tmp_path, [header[:-1], second[:-1]])


def test_a_row_emptied_on_purpose_is_blank(tmp_path: Path) -> None:
    imported(tmp_path, {**FOUR, "tracking_data.csv": WRONG})
    header, first, second = mended(handed_out(tmp_path))
    brought_back(tmp_path, [header, [*first[:4], *[""] * (len(first) - 4)], second])
    after = state(tmp_path)
    assert after["files"][2] == (3, "tracking_data.csv", "tracking", 5, 4, 0, 1)
    assert after["quarantine"] == []


def test_cells_that_a_spreadsheet_would_run_are_guarded_and_come_back(tmp_path: Path) -> None:
    imported(tmp_path, {**FOUR, "tracking_data.csv": WRONG.replace("Whey,2026-06-01", "=1+1,2026-06-01")})
    rows = handed_out(tmp_path)
    assert rows[1][rows[0].index("product")] == "'=1+1"
    brought_back(tmp_path, mended(rows))
    reader = reader_of(tmp_path)
    assert reader.rows("SELECT product FROM tracking WHERE row_no = 2") == [("=1+1",)]
    reader.close()


def test_several_files_come_as_one_zip_a_csv_each(tmp_path: Path) -> None:
    imported(tmp_path, {**FOUR, "tracking_data.csv": WRONG, "payouts.csv": PAYOUTS.replace("75\n", "x\n")})
    reader = reader_of(tmp_path)
    held = quarantine.held(reader)
    assert [(one.name, one.rows, one.rules) for one in held] == [
        ("tracking_data.csv", 2, {"number.unreadable": 2}), ("payouts.csv", 1, {"number.unreadable": 1}),
    ]  # fmt: skip
    with zipfile.ZipFile(io.BytesIO(quarantine.as_zip(reader))) as packed:
        assert packed.namelist() == [one.file for one in held]
    assert list(quarantine.as_csv(reader, 1)) == []
    reader.close()


def test_a_short_row_that_comes_back_as_it_was_waits_on(tmp_path: Path) -> None:
    """The empty cells that filled it up in the quarantine file are no mending: nothing is guessed from them."""
    imported(tmp_path, {**FOUR, "tracking_data.csv": TRACKING + "Instagram,MB_Launch,007\n"})
    before = state(tmp_path)["quarantine"]
    brought_back(tmp_path, handed_out(tmp_path))
    after = state(tmp_path)
    assert (
        [(row[1], row[2]) for row in after["quarantine"]] == [(row[1], row[2]) for row in before] == [(7, "row.ragged")]
    )


def test_every_rule_that_a_reader_names_has_its_sentence() -> None:
    """A row set aside under a rule without one could not be listed."""
    name = re.compile(r'"((?:json|row|quote|cell|line|number|id|quarantine)\.[a-z_]+)"')
    named = {rule for path in (ROOT / "data").rglob("*.py") for rule in name.findall(path.read_text(encoding="utf-8"))}
    assert named <= set(checks.BY_ID)
