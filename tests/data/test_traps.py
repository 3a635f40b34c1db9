"""A hundred traps through the real import: each value is exact, or its row is set aside, or the user is asked."""

from __future__ import annotations

import csv
import io
import sys
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from data import ingest
from data.engines.duckdb import Reader
from data.ingest import Plan, Report
from data.versions import snapshots
from settings import load
from tests.data.worlds import write

ASKED = "asked"
EMPTY = None


@dataclass(frozen=True)
class Group:
    """Traps of one column of one little file. pairs: written → what must be stored; ASKED: never a value in silence."""

    table: str
    field: str
    header: str
    pairs: tuple[tuple[str, Any], ...]


def same(*texts: str) -> tuple[tuple[str, str], ...]:
    return tuple((text, text) for text in texts)


def money(text: str) -> tuple[tuple[str, Any], ...]:
    """Lines of `written = meant`."""
    pairs = (line.split(" = ") for line in text.strip().splitlines())
    return tuple((written.strip(" |"), ASKED if meant == "?" else Decimal(meant)) for written, meant in pairs)


def days(text: str) -> tuple[tuple[str, Any], ...]:
    pairs = (line.split(" = ") for line in text.strip().splitlines())
    return tuple((written.strip(), ASKED if meant == "?" else date.fromisoformat(meant)) for written, meant in pairs)


GROUPS = (
    Group("tracking", "user_id", "user_id", (*same(
        "007", "1e5", "1E5", "NA", "N/A", "null", "TRUE", "false", "nan", "None", "9876543210987654321",
        "+91 98765 43210", "098-765", "0x1F", "12e34", "1_000", "=cmd", "@asha", "1,234", "inf", "00",
        "-", "1.50", "Ω1", "३४",
    ), ("101.0", "101"), ("102", "102"), (" 103 ", "103"))),
    Group("tracking", "campaign", "campaign", same(
        "n/a", "NA", "null", "None", "NULL", "nan", "TRUE", "2026", "1e3", "-", "#N/A", "0", "Jul-25", "1/2",
    )),
    Group("influencers", "name", "name", same("None", "Null", "NA", "True", "Nan Rao", "O'Neil", "007", "n/a")),
    Group("influencers", "city", "city", same("NA", "null", "n/a", "TRUE")),
    Group("tracking", "revenue", "revenue", money("""
        ₹1,00,000 = 100000
        1,234.50 = 1234.50
        (12.50) = -12.50
        12- = -12
        $6,770 = ?
        12.5K = 12500
        2.3M = 2300000
        1.5 lakh = 150000
        3 Cr = 30000000
        Rs. 1,200/- = 1200
        INR 500 = 500
        1'234.50 = 1234.50
        1e5 = 100000
        −7.25 = -7.25
        १२३ = 123
        １２３ = 123
        0.10 = 0.10
        99999999999.99 = 99999999999.99
        1,2,3 = ?
        --5 = ?
        (-5) = ?
        5-5 = ?
        TRUE = ?
        inf = ?
        0x10 = ?
        1_000 = ?
        12.5KG = ?
        abc = ?
        12 apples = ?
    """)),
    Group("tracking", "revenue", "revenue", money("""
        12,5 = 12.5
        1.234,50 = 1234.50
        1 234,75 = 1234.75
        0,500 = 0.500
        €7 = 7
    """)),
    Group("tracking", "revenue", "revenue", money("12,5 = ?\n1,234 = ?\n1,2345 = ?\n100 = 100")),
    Group("tracking", "revenue", "revenue", money("1.234 = ?\n980 = 980")),
    Group("tracking", "revenue", "revenue", money("$6,770 = 6770\n$1.50 = 1.50\n4.5% = ?\n7 = 7")),
    Group("tracking", "revenue", "revenue", money("$6,770 = ?\n₹1,00,000 = ?\n12 = 12")),
    Group("posts", "reach", "reach", 
          money("1,78,798 = 178798\n12.5K = 12500\n1.2M = 1200000\n2 lakh = 200000\nmany = ?")),
    Group("tracking", "date", "date", days("""
        2026-07-31 = 2026-07-31
        31/07/2026 = 2026-07-31
        01/02/2026 = 2026-02-01
        31.07.26 = 2026-07-31
        20260731 = 2026-07-31
        31 Jul 2026 = 2026-07-31
        July 31st, 2026 = 2026-07-31
        2026-07-30T20:00:00Z = 2026-07-31
        2026/7/1 = 2026-07-01
        2026-31-07 = ?
        30/02/2026 = ?
        soon = ?
    """)),
    Group("tracking", "date", "date", days("07/31/2026 = 2026-07-31\n01/02/2026 = 2026-01-02")),
    Group("tracking", "date", "date", days("01/02/2026 = ?\n03/04/2026 = ?")),
    Group("tracking", "date", "date", days("46234 = 2026-07-31\n46023 = 2026-01-01")),
    Group("tracking", "date", "date", days("1785522600 = 2026-08-01")),
)  # fmt: skip
PLAIN = {
    "tracking": {"source": "Instagram", "date": "2026-07-01", "user_id": "u{n}", "revenue": "{n}.25"},
    "influencers": {"id": "p{n}", "name": "Asha", "followers": "1000"},
    "posts": {"influencer_id": "p{n}", "url": "https://x.example/{n}", "reach": "{n}"},
}
TRAPS = sum(len(group.pairs) for group in GROUPS)


def little_file(group: Group) -> str:
    """The file of a group: one row a trap, the other columns plain."""
    columns = {**PLAIN[group.table], group.header: ""}
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(columns)
    for number, (written, _) in enumerate(group.pairs, start=1):
        lines.writerow(
            {**{key: value.format(n=number) for key, value in columns.items()}, group.header: written}.values()
        )
    return text.getvalue()


def stored(folder: Path, group: Group) -> tuple[dict[int, Any], Report]:
    """Row number in the file → what the snapshot holds in that column."""
    settings = load(folder / "var")
    report = ingest.run(Plan(write(folder, {f"{group.table}.csv": little_file(group)})), settings)
    snapshot = snapshots.current(settings.data_dir)
    assert snapshot is not None
    reader = Reader(snapshot.path)
    rows = reader.rows(f'SELECT row_no, "{group.field}" FROM {group.table}')
    reader.close()
    return dict(rows), report


def wrong(group: Group, found: dict[int, Any], report: Report) -> list[str]:
    """The traps that were fallen into."""
    aside = {row.row for item in report.staged for row in item.set_aside}
    said = report.question is not None or any("cannot be read" in remark for remark in report.staged[0].remarks)
    fallen = []
    for number, (written, meant) in enumerate(group.pairs, start=2):
        value = found.get(number, EMPTY)
        held = number in aside or (value is EMPTY and said) if meant == ASKED else value == meant
        if not held:
            fallen.append(f"{group.field} “{written}”: {value!r}, meant {meant!r}")
    return fallen


def test_a_hundred_traps(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fallen: list[str] = []
    for place, group in enumerate(GROUPS):
        folder = tmp_path / str(place)
        folder.mkdir()
        fallen += wrong(group, *stored(folder, group))
    with capsys.disabled():
        sys.stdout.write(f"\ntraps: {TRAPS - len(fallen)} of {TRAPS} exact or asked\n")
    assert TRAPS >= 100
    assert not fallen, "\n".join(fallen)


def test_an_open_amount_is_asked_with_its_column(tmp_path: Path) -> None:
    group = next(group for group in GROUPS if group.pairs[0][0] == "12,5" and len(group.pairs) == 4)
    _, report = stored(tmp_path, group)
    assert report.question is not None
    assert (report.question.kind, report.question.column) == ("decimals", "revenue")
    assert [row.rule for item in report.staged for row in item.set_aside] == ["number.open"] * 3
