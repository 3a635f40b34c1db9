"""Decides what became of the rows between two versions: which are new, changed, the same, or gone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from data import schema
from data.engines.duckdb import Pair, Reader
from data.versions.snapshots import Snapshot

# Two hashes with different beginnings stand for a row's values: 128 bits, where 64 could meet by chance in large files.
# Only what is not paired off is left in `moved`: below 0 as often as it was added, above 0 as often as it was taken.
_FATE = """
    WITH both_sides AS (
        SELECT {a}, 1 AS side FROM a.{table} UNION ALL BY NAME SELECT {b}, -1 AS side FROM b.{table}),
    moved AS MATERIALIZED (
        SELECT hash({values}) AS one, hash('2', {values}) AS two, any_value({key}) AS key, sum(side)::BIGINT AS n
        FROM both_sides GROUP BY one, two HAVING sum(side) <> 0),
    keyed AS (
        SELECT sum(greatest(n, 0)) AS taken, sum(greatest(-n, 0)) AS added
        FROM moved WHERE key IS NOT NULL GROUP BY key)
    SELECT (SELECT count(*) FROM a.{table}), (SELECT count(*) FROM b.{table}),
        (SELECT coalesce(sum(greatest(n, 0)), 0)::BIGINT FROM moved),
        (SELECT coalesce(sum(least(taken, added)), 0)::BIGINT FROM keyed)
"""
_USED = """
    SELECT bool_or({there})
    FROM (SELECT {fields} FROM a.{table} UNION ALL SELECT {fields} FROM b.{table})
"""
_COLUMNS = """
    SELECT database_name, table_name, column_name FROM duckdb_columns() WHERE database_name IN ('a', 'b')
"""


@dataclass(frozen=True)
class Fate:
    """What became of a table's rows. before = changed + same + gone; after = new + changed + same.

    A row is changed when another with its key (schema.Table.keys) took its place; where nothing names it, a changed
    row is one gone and one new.
    """

    before: int
    after: int
    new: int
    changed: int
    same: int
    gone: int

    @property
    def moved(self) -> int:
        """Rows that are not the same."""
        return self.new + self.changed + self.gone


def tables(before: Snapshot, after: Snapshot) -> dict[str, Fate]:
    """Table → the fate of its rows, over the four tables; rows are equal when all their values are.

    Where a row came from (file, line) does not count. Neither snapshot is written to.
    """
    if before.path == after.path:
        return _unmoved(before)
    with Pair(before.path, after.path) as pair:
        known: dict[tuple[str, str], list[str]] = {}
        for side, table, column in pair.rows(_COLUMNS):
            known.setdefault((side, table), []).append(column)
        return {table: _fate(pair, table, known.get(("a", table), ()), known.get(("b", table), ()))
                for table in schema.TABLES}  # fmt: skip


def _fate(pair: Pair, table: str, a: Sequence[str], b: Sequence[str]) -> Fate:
    """A table that one side lacks came, or went, as a whole."""
    fields = [field.key for field in schema.TABLES[table].fields]
    ours, theirs = [key for key in fields if key in a], [key for key in fields if key in b]
    if not ours or not theirs:
        counted = [int(pair.rows(f"SELECT count(*) FROM {side}.{table}")[0][0]) if there else 0
                   for side, there in (("a", ours), ("b", theirs))]  # fmt: skip
        return Fate(counted[0], counted[1], counted[1], 0, 0, counted[0])
    values = _listed([key for key in fields if key in ours or key in theirs])
    key = _key(pair, table, set(ours) & set(theirs))
    sql = _FATE.format(table=table, a=_listed(ours), b=_listed(theirs), values=values, key=key)
    before, after, left, changed = (int(value) for value in pair.rows(sql)[0])
    same = before - left
    return Fate(before, after, after - same - changed, changed, same, left - changed)


def _key(pair: Pair, table: str, shared: set[str]) -> str:
    """SQL of what names a row of the table: its best key that holds values in either version; NULL without one."""
    declared = schema.TABLES[table]
    for fields in declared.keys or ((declared.key_field,),):
        listed = _listed(fields)
        there = " OR ".join(f'"{field}" IS NOT NULL' for field in fields)
        if shared.issuperset(fields) and pair.rows(_USED.format(table=table, fields=listed, there=there))[0][0]:
            return f"CASE WHEN {there} THEN hash({listed}) END"
    return "NULL::UBIGINT"


def _listed(columns: Sequence[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


def _unmoved(snapshot: Snapshot) -> dict[str, Fate]:
    reader = Reader(snapshot.path)
    counts = {table: int(reader.rows(f"SELECT count(*) FROM {table}")[0][0]) for table in schema.TABLES}
    reader.close()
    return {table: Fate(count, count, 0, 0, count, 0) for table, count in counts.items()}
