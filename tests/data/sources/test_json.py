"""JSON keeps every digit and every record, or says which record it could not take."""

from __future__ import annotations

from pathlib import Path

import pytest

from data import sources
from data.sources import RawTable
from errors import BadUpload


def tables_of(folder: Path, content: str | bytes, name: str = "t.json") -> list[tuple[RawTable, list[list[str]]]]:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    found = []
    for table in sources.read(path):
        rows = list(table.rows)
        assert table.read == len(rows) + len(table.set_aside) + table.blank
        found.append((table, [cells for _, cells in rows]))
    return found


def test_numbers_keep_their_digits_and_objects_become_text(tmp_path: Path) -> None:
    text = '[{"id": 9876543210987654321, "x": 1.50, "y": null, "z": {"a": [1.10, true]}}, {"id": "007", "w": false}]'
    ((table, rows),) = tables_of(tmp_path, text)
    assert table.header == ["id", "x", "y", "z", "w"]
    assert rows == [
        ["9876543210987654321", "1.50", "", '{"a": [1.10, true]}', ""],
        ["007", "", "", "", "false"],
    ]


def test_arrays_under_keys_are_tables(tmp_path: Path) -> None:
    found = tables_of(tmp_path, '{"posts": [{"a": 1}], "made": "today", "people": [{"b": 2}, {"b": 3}]}')
    assert [(table.sheet, rows) for table, rows in found] == [("posts", [["1"]]), ("people", [["2"], ["3"]])]


def test_a_broken_line_costs_that_line(tmp_path: Path) -> None:
    text = '{"a": 1}\n{"a": 2\n\n[3]\n{"a": 4, "a": 5}\n{"a": 6, "a": 6}\n'
    ((table, rows),) = tables_of(tmp_path, text, "t.jsonl")
    assert rows == [["1"], ["6"]]
    assert [(one.row, one.rule) for one in table.set_aside] == [(2, "json.line"), (4, "json.record"), (5, "json.twice")]
    assert table.set_aside[0].cells == ('{"a": 2',)


def test_elements_that_are_no_objects_are_set_aside(tmp_path: Path) -> None:
    ((table, rows),) = tables_of(tmp_path, '[{"a": 1}, 7, {"a": null}]')
    assert (rows, [one.row for one in table.set_aside], table.blank) == ([["1"]], [2], 1)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_encodings_and_lone_surrogates(tmp_path: Path, encoding: str) -> None:
    ((_, rows),) = tables_of(tmp_path, '[{"a": "ज़ोई"}, {"a": "\\ud800"}]'.encode(encoding))
    assert rows[0] == ["ज़ोई"]
    assert rows[1][0].encode()


@pytest.mark.parametrize("text", ["[1, 2]", '{"a": 1', "[" * 100_000, '{"a": {"b": 1}}x', "nothing"])
def test_what_is_no_list_of_records_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadUpload, match=r"^t\.json .*\.$"):
        tables_of(tmp_path, text)


def test_a_bracket_does_not_make_json(tmp_path: Path) -> None:
    ((table, rows),) = tables_of(tmp_path, "[x],[y]\n1,2\n", "t.csv")
    assert (table.header, rows) == (["[x]", "[y]"], [["1", "2"]])


def test_what_could_not_be_read_or_was_mended_is_said(tmp_path: Path) -> None:
    good = '{"a": "Zoë", "b": "ज़ोई"}\n'.encode() * 200
    ((table, rows),) = tables_of(tmp_path, good + b'{"a": "caf\xe9"}\n' + '{"a": "CafÃ©"}\n'.encode())
    assert [row[0] for row in rows[-2:]] == ["caf\ufffd", "Café"]
    assert any("1 places" in remark and "line 201" in remark for remark in table.remarks)
    assert any("1 cells" in remark and "“Café”" in remark for remark in table.remarks)
