"""A file that is made to hurt is refused by the name of the limit, and hurts nobody else."""

from __future__ import annotations

import os
import resource
from pathlib import Path

import pytest

from data import sources
from errors import BadUpload
from tests.data.sources.bombs import BOMBS, Bomb, line


def drained(path: Path) -> None:
    for table in sources.read(path):
        list(table.rows)


@pytest.mark.parametrize("bomb", BOMBS, ids=lambda bomb: bomb.name)
def test_a_bomb_is_refused_by_the_name_of_its_limit_and_the_process_stays_small(
    bomb: Bomb, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, scratch = tmp_path / bomb.name, tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    bomb.make(path)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(BadUpload) as refusal:
        drained(path)
    sentence = str(refusal.value)
    assert sentence.startswith(bomb.name)
    assert [word for word in bomb.words if word not in sentence] == []
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000
    assert os.listdir(scratch) == []


def test_a_huge_line_within_a_file_costs_that_line_alone(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    line(tmp_path / "line", 12_000_000)
    path.write_bytes(b"a,b\n1,2\n" + (tmp_path / "line").read_bytes() + b"\n3,4\n")
    (table,) = sources.read(path)
    assert [cells for _, cells in table.rows] == [["1", "2"], ["3", "4"]]
    assert [(one.row, one.rule) for one in table.set_aside] == [(3, "line.long")]
    assert len(table.set_aside[0].cells[0]) < 2_000


def test_a_file_of_quotes_ends(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(b"a,b\n" + b'"' * 3_000_001 + b"\n" + b'"\n' * 20_000)
    (table,) = sources.read(path)
    rows = list(table.rows)
    assert table.read == len(rows) + len(table.set_aside) + table.blank > 0
