"""The engine's own reading of a plain file is the careful reader's: the same rows, numbers, blanks, rows set aside."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data import sources
from data.engines.duckdb import Writer
from data.incoming import bulk, plain

CELLS = [
    "", "", "1", "12.5", "NA", "null", " x ", "é", "₹ 5", "a b", "q\x0b", "x\u2028", "\u00a0nb", "'=1", "#c", "a'b",
    '"q"', '"x ""y"" z"', '""', '" s "', "\x01",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _small_files_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "WORTH", 0)


def both(body: bytes) -> bool:
    """Whether the engine took it; then both readings are equal."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "some.csv"
        path.write_bytes(body)
        raw = sources.read(path)[0]
        fields = {f"f{place}": place for place in range(len(raw.header))}
        rows = [(number, *(cell.strip() for cell in cells)) for number, cells in raw.rows]
        own = sources.read(path)[0]
        if not bulk.can(own):
            return False
        with Writer(Path(name) / "some.duckdb") as writer:
            if not bulk.load(writer, own, fields, "stage_0"):
                return False
            found = writer.rows("SELECT * FROM stage_0 ORDER BY row_no")
    assert found == rows
    assert (own.kept, own.blank, own.set_aside) == (raw.kept, raw.blank, raw.set_aside)
    return True


@pytest.mark.parametrize(
    "text",
    [
        "a,b\n1,2\n\n3,4\n",
        "a,b\n1,2\n3\n4,5,6\n7,8,\n,\n",
        "Title\na,b\n1,2\n3,4",
        'a,b\r\n1,"x,y"\r\n\r\n3,4\r\n',
        'a,b\n1,"x""y"\n3,4',
        "a,b\n1,2,\n3,4,\n5,6,7\n",
        "a,b\n" + "1,2\n\n" * 60 + "3\n" * 60 + "4,5\n",
        '\ufeff"a","b"\n1,\n',
        "a,b\n\x0bx\x0b,\u2028y\n",
    ],
)
def test_what_is_plain_is_taken(text: str) -> None:
    assert both(text.encode())


@pytest.mark.parametrize(
    "text", ['a,b\n"1\n2",3\n', 'a,b\n1"2,3\n', "a,b\n1,2\r\n3,4\n", 'a,b\n"1"x,2\n', 'a,b\n1,"2\n', "a,b\nx\0y,2\n"]
)
def test_what_is_not_plain_is_left_to_the_careful_reader(tmp_path: Path, text: str) -> None:
    path = tmp_path / "some.csv"
    path.write_text(text, newline="")
    assert plain.survey(path, ",") is None


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.lists(st.sampled_from(CELLS), min_size=1, max_size=5), max_size=20),
    mark=st.sampled_from([",", ";", "\t", "|"]),
    end=st.sampled_from(["\n", "\r\n"]),
    last=st.booleans(),
)
def test_both_readings_of_any_file_are_equal(rows: list[list[str]], mark: str, end: str, last: bool) -> None:
    lines = [mark.join(["source", "revenue", "date"]), *(mark.join(row) for row in rows)]
    both((end.join(lines) + (end if last else "")).encode())
