"""A workbook's cells arrive as a person reads them, from a child that the web process outlives."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter

from data import sources
from data.sources import How, Limits, workbook
from errors import BadUpload


def book(path: Path, **sheets: list[list[object]]) -> Path:
    with xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"}) as made:
        share = made.add_format({"num_format": "0.0%"})
        for name, rows in sheets.items():
            sheet = made.add_worksheet(name)
            for at, row in enumerate(rows):
                for column, value in enumerate(row):
                    if isinstance(value, float) and value < 1:
                        sheet.write_number(at, column, value, share)
                    else:
                        sheet.write(at, column, value)
    return path


def test_cells_are_text_as_a_person_reads_them(tmp_path: Path) -> None:
    row = ["007", 42, 12.5, 0.045, date(2026, 6, 1), datetime(2026, 6, 1, 18, 30), True, " x ", 98765432109876]
    path = book(tmp_path / "b.xlsx", Orders=[["a", "b", "c", "d", "e", "f", "g", "h", "i"], row])
    (table,) = sources.read(path)
    wanted = ["007", "42", "12.5", "0.045", "2026-06-01", "2026-06-01 18:30:00", "TRUE", " x ", "98765432109876"]
    assert list(table.rows) == [(2, wanted)]


def test_sheets_are_tables_with_the_rows_of_the_sheet(tmp_path: Path) -> None:
    sheets: dict[str, list[list[object]]] = {
        "One": [["Sales of June"], [], ["Date", "Revenue"], ["2026-06-01", 5], [], ["2026-06-02", 6, "x"]],
        "Two": [["a", "b"], [1, 2]],
        "Empty": [],
    }
    one, two = sources.read(book(tmp_path / "b.xlsx", **sheets))
    assert (one.sheet, one.header_row, one.header) == ("One", 3, ["Date", "Revenue"])
    assert list(two.rows) == [(2, ["1", "2"])]
    assert list(one.rows) == [(4, ["2026-06-01", "5"])]
    assert (one.blank, [(aside.row, aside.rule) for aside in one.set_aside]) == (1, [(6, "row.ragged")])


def test_the_header_row_may_be_chosen(tmp_path: Path) -> None:
    path = book(tmp_path / "b.xlsx", One=[["a", "b"], ["c", "d"], ["1", "2"]])
    (table,) = sources.read(path, how=How(header_row=2))
    assert (table.header, list(table.rows)) == (["c", "d"], [(3, ["1", "2"])])


def test_a_long_cell_costs_its_row(tmp_path: Path) -> None:
    path = book(tmp_path / "b.xlsx", One=[["a", "b"], ["x" * 2_000, "2"], ["3", "4"]])
    (table,) = sources.read(path, limits=Limits(book_cell=1_000))
    assert list(table.rows) == [(3, ["3", "4"])]
    assert [(one.row, one.rule) for one in table.set_aside] == [(2, "cell.long")]


def test_a_workbook_that_is_text_is_read_and_said(tmp_path: Path) -> None:
    path = tmp_path / "b.xlsx"
    path.write_text("a,b\n1,2\n")
    (table,) = sources.read(path)
    assert list(table.rows) == [(2, ["1", "2"])]
    assert any("no workbook" in remark for remark in table.remarks)


def test_a_cut_workbook_is_refused(tmp_path: Path) -> None:
    whole = book(tmp_path / "b.xlsx", One=[["a", "b"], ["1", "2"]]).read_bytes()
    for part in (whole[: len(whole) // 2], whole[:200] + b"\0" * 50 + whole[250:], b"\xd0\xcf\x11\xe0" + b"x" * 600):
        (tmp_path / "c.xlsx").write_bytes(part)
        with pytest.raises(BadUpload, match=r"^c\.xlsx .*\.$"):
            sources.read(tmp_path / "c.xlsx")


def test_time_is_named_when_it_runs_out(tmp_path: Path) -> None:
    path = book(tmp_path / "b.xlsx", One=[["a", "b"], ["1", "2"]])
    with pytest.raises(BadUpload, match="more than 0 seconds"):
        workbook.read(path, "b.xlsx", limits=Limits(wall=0))
