"""A file is plain only where cutting every line at every delimiter gives what the careful reader gives."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data import sources
from data.sources import scan
from data.sources.scan import LONGEST_PLAIN
from errors import BadUpload

PIECES = st.sampled_from(
    ["a", "1", ",", ",", "\n", "\n", "\r\n", "\r", '"', "\0", "é", "ज", "Ã©", "â‚¹", " ", "\ufffd"]
)


@settings(max_examples=300, deadline=None)
@given(pieces=st.lists(PIECES, max_size=60), block=st.integers(1, 9))
def test_plain_files_may_be_cut_without_care(
    pieces: list[str], block: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("plain") / "t.csv"
    path.write_bytes(("a,b,c\n" + "".join(pieces)).encode())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scan, "_BLOCK", block)
        found = scan.scan(path)
    assert found == scan.scan(path)
    if not found.plain:
        return
    try:
        (table,) = sources.read(path)
    except BadUpload:
        return
    rows = {number: cells for number, cells in table.rows}
    lines = path.read_text(encoding="utf-8").split("\n")
    for number in rows:
        cells = lines[number - 1].split(table.mark)
        assert rows[number] == cells[: len(table.header)]


@pytest.mark.parametrize(
    ("content", "plain"),
    [
        (b"a,b\n1,2\n", True),
        (b"\xef\xbb\xbfa,b\r\n1,2\r\n", True),
        ("a,b\nज,2\n".encode(), True),
        (b"a,b\r\n1,2\n", False),
        (b"a,b\r1,2\r", False),
        (b'a,b\n"1",2\n', False),
        (b"a,b\n1,\xe9\n", False),
        (b"a,b\n1,\x00\n", False),
        (b"a,b\n1," + b"x" * LONGEST_PLAIN + b"\n", False),
        ("a,b\n1,CafÃ©\n".encode(), False),
        (b"a,b\n1,\xc3", False),
    ],
)
def test_what_is_plain(tmp_path: Path, content: bytes, plain: bool) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    assert scan.scan(path).plain is plain


def test_a_mark_of_mojibake_is_seen_across_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes("a,b\n1,Ã©\n".encode())
    for block in range(1, 12):
        monkeypatch.setattr(scan, "_BLOCK", block)
        assert not scan.scan(path).plain
