"""`read` shows what the reader sees: one JSON object a table, status 0 for every file that was read or refused."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from data.commands import reading
from settings import load

KEYS = {
    "file", "table", "encoding", "delimiter", "header_row", "header", "rows_read", "accepted", "set_aside", "blank",
    "refused", "sheet", "remarks",
}  # fmt: skip


def run(folder: Path, capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, object]]:
    parser = argparse.ArgumentParser()
    runs = reading.add(parser.add_subparsers(dest="command"))
    arguments = parser.parse_args(["read", *words])
    runs["read"](arguments, load(str(folder)))
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_one_object_a_line_for_each_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = tmp_path / "tracking.csv", tmp_path / "bad.gz"
    good.write_text("Date;Revenue;Source\n2026-06-01; 1,50 ;IG\n2026-06-02;2\n;;\n")
    bad.write_bytes(b"\x1f\x8b\x08")
    said = run(tmp_path, capsys, str(good), str(bad), str(tmp_path / "none.csv"))
    assert [set(record) for record in said] == [KEYS, KEYS, KEYS]
    assert (said[0]["table"], said[0]["delimiter"], said[0]["refused"]) == ("tracking", "semicolon", "")
    assert (said[0]["rows_read"], said[0]["accepted"], said[0]["blank"]) == (3, 1, 1)
    reason = "Row 3 has 2 cells where the header has 3: check its delimiters and quotes."
    assert said[0]["set_aside"] == [{"row": 3, "rule": "row.ragged", "reason": reason}]
    assert "packed" in str(said[1]["refused"])
    assert "no file none.csv" in str(said[2]["refused"])


def test_records_are_the_cells_as_they_stand(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "x.json"
    path.write_text('{"one": [{"a": 1.50, "b": " x "}], "two": [{"c": null, "d": true}]}')
    said = run(tmp_path, capsys, str(path), "--records")
    assert [record["sheet"] for record in said] == ["one", "two"]
    assert [record["records"] for record in said] == [[["1.50", " x "]], [["", "true"]]]


def test_what_was_chosen_is_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b"t\na|b\ncaf\xe9|1\n")
    words = [str(path), "--encoding", "ISO-8859-15", "--delimiter", "bar", "--header-row", "2", "--records"]
    (said,) = run(tmp_path, capsys, *words)
    assert (said["encoding"], said["header_row"], said["records"]) == ("iso8859-15", 2, [["café", "1"]])
    (said,) = run(tmp_path, capsys, str(path), "--encoding", "klingon")
    assert "no encoding" in str(said["refused"])
