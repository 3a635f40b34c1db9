"""A delimited file loses nothing: each row is kept with every character, counted as blank, or set aside with why."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data import sources
from data.sources import How, RawTable
from data.sources.mojibake import repaired
from errors import BadUpload


def table_of(folder: Path, content: str | bytes, how: How = sources.FIND_OUT) -> tuple[RawTable, list[list[str]]]:
    path = folder / "t.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    (table,) = sources.read(path, how=how)
    rows = list(table.rows)
    assert table.read == len(rows) + len(table.set_aside) + table.blank
    return table, [cells for _, cells in rows]


def aside(table: RawTable) -> list[tuple[int, str]]:
    return [(one.row, one.rule) for one in table.set_aside]


def test_cells_keep_every_character_and_headers_lose_their_blanks(tmp_path: Path) -> None:
    table, rows = table_of(tmp_path, "id , name\n007, NA \n1e5,  null\n9876543210987654321,TRUE\n")
    assert table.header == ["id", "name"]
    assert rows == [["007", " NA "], ["1e5", "  null"], ["9876543210987654321", "TRUE"]]
    assert table.plain


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [",", ";", "\t", "|", "^", "~"])
def test_any_line_end_and_delimiter(tmp_path: Path, end: str, mark: str) -> None:
    lines = ["a,b,c", "1,x y,2.5", "", "3,z,4"]
    table, rows = table_of(tmp_path, end.join(line.replace(",", mark) for line in lines))
    assert rows == [["1", "x y", "2.5"], ["3", "z", "4"]]
    assert (table.mark, table.blank, table.plain) == (mark, 1, end != "\r")


def test_quotes_hold_delimiters_lines_and_quotes(tmp_path: Path) -> None:
    table, rows = table_of(tmp_path, 'a,b\n"1,5","x\r\ny"\n"say ""hi""",\n4,"5"\n')
    assert rows == [["1,5", "x\r\ny"], ['say "hi"', ""], ["4", "5"]]
    assert not table.plain


def test_a_backslash_escapes_a_quote_where_the_file_does_so(tmp_path: Path) -> None:
    _, rows = table_of(tmp_path, 'a,b\n"say \\"hi\\", you",1\n"C:\\dir",2\n')
    assert rows == [['say "hi", you', "1"], ["C:\\dir", "2"]]


def test_a_backslash_is_a_backslash_elsewhere(tmp_path: Path) -> None:
    _, rows = table_of(tmp_path, 'a,b\n"C:\\dir\\",1\n"D:\\x",2\n')
    assert rows == [["C:\\dir\\", "1"], ["D:\\x", "2"]]


@pytest.mark.parametrize("other", ["x", '"x"', '"x, y"', '""', '"say ""x"""', '"two\nlines"'])
@pytest.mark.parametrize("broken", ['"open,1,2', '1,"open,2', '1,2,"open'])
def test_an_unclosed_quote_costs_its_own_row(tmp_path: Path, broken: str, other: str) -> None:
    good = [f"{number},{other},z" for number in range(20)]
    text = "\n".join(["a,b,c", *good[:7], broken, *good[7:]]) + "\n"
    table, rows = table_of(tmp_path, text)
    line = 1 + sum(row.count("\n") + 1 for row in good[:7]) + 1
    assert aside(table) == [(line, "quote.open")]
    assert table.set_aside[0].cells == (broken,)
    assert rows == list(csv.reader(io.StringIO("\n".join(good), newline="")))


def test_text_after_a_closing_quote_is_set_aside(tmp_path: Path) -> None:
    table, rows = table_of(tmp_path, 'a,b\n1,"x"y\n2,"x"\n3,4" tape\n')
    assert aside(table) == [(2, "quote.stray")]
    assert rows == [["2", "x"], ["3", '4" tape']]


def test_ragged_rows_keep_their_cells_and_empty_cells_beyond_the_header_are_none(tmp_path: Path) -> None:
    table, rows = table_of(tmp_path, "a,b,c\n1,2,3\n1,2\n1,2,3,4\n1,2,3,,\n,,\n , ,\n5,6,7\n")
    assert aside(table) == [(3, "row.ragged"), (4, "row.ragged")]
    assert [one.cells for one in table.set_aside] == [("1", "2"), ("1", "2", "3", "4")]
    assert (rows, table.blank) == ([["1", "2", "3"], ["1", "2", "3"], ["5", "6", "7"]], 2)


def test_a_long_cell_costs_its_row(tmp_path: Path) -> None:
    table, rows = table_of(tmp_path, f'a,b\n1,{"x" * 1_000_001}\n2,{"x" * 1_000_000}\n3,"{"y" * 1_000_001}"\n')
    assert aside(table) == [(2, "cell.long"), (4, "cell.long")]
    assert [row[0] for row in rows] == ["2"]


def test_zero_bytes_are_taken_out_and_said(tmp_path: Path) -> None:
    table, rows = table_of(tmp_path, b"a,b\n1,x\x00y\n")
    assert rows == [["1", "xy"]]
    assert any("1 NUL" in remark for remark in table.remarks)


def test_titles_above_the_header_are_passed_over(tmp_path: Path) -> None:
    text = "# made by a shop\nSales of June,,\n\nDate,Revenue,Source\n2026-06-01,12,IG\n"
    table, rows = table_of(tmp_path, text)
    assert (table.header_row, table.header, rows) == (4, ["Date", "Revenue", "Source"], [["2026-06-01", "12", "IG"]])
    assert table.peek[1] == ["Sales of June", "", ""]


def test_a_file_without_a_header_says_so(tmp_path: Path) -> None:
    table, _ = table_of(tmp_path, "1,2.5,x\n2,3.5,y\n")
    assert any("row 1 was taken as the header" in remark for remark in table.remarks)


def test_two_columns_of_one_name_are_said_and_kept(tmp_path: Path) -> None:
    table, rows = table_of(tmp_path, "a,a,\nx,y,z\n")
    assert (table.header, rows) == (["a", "a"], []) or rows == [["x", "y", "z"]]
    assert any("several columns are called a" in remark for remark in table.remarks)


def test_a_first_line_that_names_the_delimiter_is_no_row(tmp_path: Path) -> None:
    table, rows = table_of(tmp_path, "sep=;\nname;price\nA, B;1,5\n")
    assert (table.header_row, table.delimiter, rows) == (2, "semicolon", [["A, B", "1,5"]])


def test_decimal_commas_do_not_make_a_comma_file(tmp_path: Path) -> None:
    table, rows = table_of(tmp_path, "x;y;z\n1,5;2,5;3,5\n4,5;5,5;6,5\n")
    assert (table.delimiter, rows[0]) == ("semicolon", ["1,5", "2,5", "3,5"])


def test_what_the_user_chose_is_taken(tmp_path: Path) -> None:
    how = How("latin-1", "semicolon", 2)
    table, rows = table_of(tmp_path, "x;y\nna\xefve;b\n1;2\n".encode("latin-1"), how)
    assert (table.encoding, table.header_row, table.header, rows) == ("latin-1", 2, ["naïve", "b"], [["1", "2"]])
    with pytest.raises(BadUpload, match="no encoding “rot13”"):
        table_of(tmp_path, "a,b\n1,2\n", How(encoding="rot13"))
    with pytest.raises(BadUpload, match="no header in row 9"):
        table_of(tmp_path, "a,b\n1,2\n", How(header_row=9))
    with pytest.raises(BadUpload, match="no delimiter"):
        table_of(tmp_path, "a,b\n1,2\n", How(delimiter="or"))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\n \n,,\n", "no row with anything"),
        (b"%PDF-1.7\n", "a PDF"),
        (b"<!DOCTYPE html><table>", "web page"),
        (bytes(range(1, 32)) * 50, "not a text file"),
        (b"PK\x03\x04nothing", "damaged"),
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(tmp_path: Path, content: bytes, words: str) -> None:
    with pytest.raises(BadUpload, match=words):
        table_of(tmp_path, content)


def test_too_many_rows_that_do_not_fit_mean_a_wrong_reading(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,b\n1,2\n" + "1\n" * 11)
    (table,) = sources.read(path, limits=sources.Limits(set_aside=10))
    with pytest.raises(BadUpload, match="More than 10 rows"):
        list(table.rows)


CELLS = st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from(' ,;"\n\r\\'), max_size=12)


@settings(max_examples=150, deadline=None)
@given(
    rows=st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=12),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_what_a_writer_of_csv_wrote_is_read_back(
    rows: list[tuple[str, str, str]], end: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerow(["date", "revenue", "source"])
    writer.writerows(rows)
    path = tmp_path_factory.mktemp("csv") / "t.csv"
    path.write_text(out.getvalue(), encoding="utf-8", newline="")
    (table,) = sources.read(path, how=How("utf-8", ","))
    # Chance writes what a wrong reading of UTF-8 looks like, too: that comes back as it was meant.
    meant = [[repaired(cell) for cell in row] for row in rows]
    assert [cells for _, cells in table.rows] == [row for row in meant if "".join(row).strip()]
    assert table.set_aside == []


@settings(max_examples=150, deadline=None)
@given(content=st.binary(max_size=400) | st.text(st.sampled_from('ab1,;"\n\r\\é '), max_size=80).map(str.encode))
def test_any_bytes_are_accounted_for_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("any") / "t.csv"
    path.write_bytes(content)
    refused = ""
    tables: list[RawTable] = []
    try:
        tables = sources.read(path)
    except BadUpload as refusal:
        refused = str(refusal)
    assert "cannot be read" not in refused
    for table in tables:
        rows = list(table.rows)
        assert table.read == len(rows) + len(table.set_aside) + table.blank
        "".join(cell for _, cells in rows for cell in cells).encode()
