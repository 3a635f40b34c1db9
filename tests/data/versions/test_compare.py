"""Decides that between two versions every row is counted once: as the same, changed, new or gone."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data import schema
from data.engines.duckdb import Writer
from data.versions import compare
from data.versions.compare import Fate
from data.versions.snapshots import Snapshot

Rows = list[tuple[str | None, int]]


def snapshot(folder: Path, version: int, payouts: Rows, money: str = "DECIMAL(18, 2)") -> Snapshot:
    """A file with the four tables, of which payouts has these ids and amounts; each row from another line."""
    path = folder / f"v{version}-{len(list(folder.iterdir()))}.duckdb"
    with Writer(path) as writer:
        for table in schema.TABLES.values():
            fields = ", ".join(f"{field.key} {money if field.kind == 'money' else 'VARCHAR'}" for field in table.fields)
            writer.run(f"CREATE TABLE {table.key} (file_no INTEGER, row_no BIGINT, {fields})")
        for line, (key, amount) in enumerate(payouts):
            sql = "INSERT INTO payouts (file_no, row_no, payout_id, influencer_id, total_payout) VALUES (?, ?, ?, ?, ?)"
            writer.run(sql, [version, line, key, "7" if key else None, amount])
    return Snapshot(version, path)


def fate(folder: Path, before: Rows, after: Rows) -> Fate:
    return compare.tables(snapshot(folder, 1, before), snapshot(folder, 2, after))["payouts"]


def test_rows_are_told_apart_by_their_key(tmp_path: Path) -> None:
    found = fate(tmp_path, [("a", 1), ("b", 2), ("c", 3)], [("c", 3), ("b", 5), ("d", 1)])
    assert found == Fate(before=3, after=3, new=1, changed=1, same=1, gone=1)
    assert found.moved == 3


def test_rows_that_nothing_names_are_new_or_gone(tmp_path: Path) -> None:
    found = fate(tmp_path, [(None, 1), (None, 1), (None, 2)], [(None, 1), (None, 2), (None, 2), (None, 3)])
    assert found == Fate(before=3, after=4, new=2, changed=0, same=2, gone=1)


def test_a_key_that_several_rows_share_pairs_them_off_one_by_one(tmp_path: Path) -> None:
    assert fate(tmp_path, [("a", 1), ("a", 2)], [("a", 2), ("a", 4), ("a", 5)]) == Fate(2, 3, 1, 1, 1, 0)


def test_an_amount_is_the_same_with_more_places(tmp_path: Path) -> None:
    rows: Rows = [("a", 1), ("b", 2)]
    found = compare.tables(snapshot(tmp_path, 1, rows), snapshot(tmp_path, 2, rows, "DECIMAL(20, 4)"))
    assert found["payouts"] == Fate(2, 2, 0, 0, 2, 0)


def test_a_version_is_the_same_as_itself(tmp_path: Path) -> None:
    one = snapshot(tmp_path, 1, [("a", 1), ("a", 1)])
    assert compare.tables(one, one)["payouts"] == Fate(2, 2, 0, 0, 2, 0)
    assert compare.tables(one, one)["posts"] == Fate(0, 0, 0, 0, 0, 0)


def test_a_table_that_one_version_lacks_came_as_a_whole(tmp_path: Path) -> None:
    one, two = snapshot(tmp_path, 1, []), snapshot(tmp_path, 2, [("a", 1)])
    with Writer(one.path) as writer:
        writer.run("DROP TABLE payouts")
    assert compare.tables(one, two)["payouts"] == Fate(0, 1, 1, 0, 0, 0)
    assert compare.tables(two, one)["payouts"] == Fate(1, 0, 0, 0, 0, 1)


_ROWS = st.lists(st.tuples(st.sampled_from(["a", "b", "c", None]), st.integers(1, 3)), max_size=6)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=_ROWS, after=_ROWS)
def test_parts_add_up_and_the_way_back_mirrors_the_way_there(tmp_path: Path, before: Rows, after: Rows) -> None:
    there, back = fate(tmp_path, before, after), fate(tmp_path, after, before)
    assert there.before == len(before) == there.changed + there.same + there.gone
    assert there.after == len(after) == there.changed + there.same + there.new
    assert back == Fate(there.after, there.before, there.gone, there.changed, there.same, there.new)
    assert there.same == sum(min(before.count(row), after.count(row)) for row in set(before))
    assert min(vars(there).values()) >= 0


@pytest.mark.parametrize("name", ["it's", 'say "x"'])
def test_a_folder_with_quotes_in_its_name_is_read(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    assert fate(folder, [("a", 1)], [("a", 1)]).same == 1
