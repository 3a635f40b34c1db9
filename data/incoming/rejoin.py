"""Decides what becomes of the rows that are loaded when files come again: replaced, added to, or started anew."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from data import schema
from data.engines.duckdb import Writer
from data.incoming.mended import Mended
from data.incoming.staging import Staged
from data.provenance import Note
from data.values.written import count
from data.versions.compare import Fate

MODES = ("update", "append", "replace")
_HALF, _SURE = 0.5, 0.8
# Pairs off rows with equal values first, then rows with equal keys: what is left is new, or gone.
_FATES = """
    WITH sides AS (
        SELECT *, 1 AS side FROM new_{table}
        UNION ALL BY NAME SELECT *, -1 AS side FROM old.{table}
            WHERE rowid IN (SELECT place FROM going_{table})),
    moved AS MATERIALIZED (
        SELECT hash({key}) AS key, hash({values}) AS first, hash('2', {values}) AS second, sum(side)::BIGINT AS n
        FROM sides GROUP BY ALL HAVING sum(side) <> 0),
    keyed AS (SELECT sum(greatest(-n, 0)) AS taken, sum(greatest(n, 0)) AS added FROM moved GROUP BY key)
    SELECT coalesce(sum(least(taken, added)), 0)::BIGINT, coalesce(sum(taken), 0)::BIGINT,
        coalesce(sum(added), 0)::BIGINT FROM keyed
"""


@dataclass
class Joined:
    """What joining one table did: the fate of its rows, what to say, how many rows gave way to rows of their key.

    touched: numbers of the old files of which rows changed or went: such a file may be brought again.
    """

    fate: Fate
    notes: list[Note] = field(default_factory=list)
    replaced: int = 0
    touched: frozenset[int] = frozenset()


def fresh(writer: Writer, table: str) -> Joined:
    """What became of a table that stands on nothing: every row is new."""
    rows = int(writer.one(f"SELECT count(*) FROM new_{table}"))
    return Joined(Fate(0, rows, rows, 0, 0, 0))


def join(writer: Writer, table: str, taken: Sequence[Staged], numbers: Mapping[int, int], mode: str,
         again: Collection[int] = ()) -> Joined:  # fmt: skip
    """Bring the rows of the attached snapshot `old` that stay into `new_<table>`, which holds this import's rows.

    taken: the files of this import, with their number in numbers (by identity). mode: 'update' (rows with the same key
    are replaced), 'append' (rows are added as they are; people still by id), 'replace' (nothing old stays).
    again: numbers of old files that this import reads anew: their rows go.
    """
    before = int(writer.one(f"SELECT count(*) FROM old.{table}"))
    if not before:
        return fresh(writer, table)
    writer.run(f"CREATE OR REPLACE TEMP TABLE going_{table} (place BIGINT)")
    joined = Joined(Fate(before, 0, 0, 0, 0, 0))
    if mode == "replace":
        _let_go(writer, table, f"FROM old.{table} o")
    else:
        _let_go(writer, table, f"FROM old.{table} o WHERE {_among('file_no', again)}")
        if mode == "update" or table == "influencers":
            _by_key(writer, table, taken, joined)
        if mode == "update":
            for item in taken:
                if isinstance(item.raw, Mended):
                    joined.notes += _returned(writer, table, item)
                else:
                    _by_values(writer, table, item, numbers[id(item)], joined)
    _reckon(writer, table, taken, joined)
    stays = f"SELECT * FROM old.{table} WHERE rowid NOT IN (SELECT place FROM going_{table})"
    writer.run(f"CREATE OR REPLACE TABLE new_{table} AS SELECT * FROM new_{table} UNION ALL BY NAME {stays}")
    return joined


def _among(column: str, numbers: Collection[int]) -> str:
    return f"{column} IN ({', '.join(str(number) for number in numbers)})" if numbers else "FALSE"


def _let_go(writer: Writer, table: str, rows: str) -> int:
    """Mark rows of the old table, once; returns how many were marked now. rows: FROM … of it as `o`."""
    before = int(writer.one(f"SELECT count(*) FROM going_{table}"))
    writer.run(f"INSERT INTO going_{table} SELECT o.rowid {rows} EXCEPT SELECT place FROM going_{table}")
    return int(writer.one(f"SELECT count(*) FROM going_{table}")) - before


def _by_key(writer: Writer, table: str, taken: Sequence[Staged], joined: Joined) -> None:
    """Loaded rows whose key field the files bring give way to them."""
    key = schema.TABLES[table].key_field
    if not any(key in item.fields for item in taken):
        return
    known = f'o."{key}" IN (SELECT "{key}" FROM new_{table} WHERE "{key}" IS NOT NULL)'
    joined.replaced = _let_go(writer, table, f"FROM old.{table} o WHERE {known}")
    if joined.replaced:
        _keep_unbrought(writer, table, {name for item in taken for name in item.fields}, (key,))


def _by_values(writer: Writer, table: str, item: Staged, file_no: int, joined: Joined) -> None:
    """A file without keys, of which half the rows stand there already, is a corrected or grown copy of them.

    Then every loaded row whose natural key it brings gives way to its rows; else they are added. The key field counts
    where both sides have it: a copy that has gained or lost its ids is still the same rows.
    """
    key, fields = schema.TABLES[table].key_field, [name for name in item.fields]
    incoming = f"new_{table} WHERE file_no = {file_no}"
    loaded = f"old.{table} o WHERE rowid NOT IN (SELECT place FROM going_{table})"
    if key in fields:
        fields.remove(key)
        incoming += (
            f' AND ("{key}" IS NULL OR "{key}" NOT IN (SELECT "{key}" FROM old.{table} WHERE "{key}" IS NOT NULL))'
        )
        loaded += f' AND o."{key}" IS NULL'
    rows, there = (int(writer.one(f"SELECT count(*) FROM {part}")) for part in (incoming, loaded))
    if not (rows and there and fields):
        return
    same = _alike(writer, incoming, loaded, fields)
    if same < _HALF * rows:
        if key not in item.fields:
            joined.notes.append(_added(item, table, rows, same))
        return
    by = tuple(name for name in schema.TABLES[table].keys[-1] if name in fields) or tuple(fields)
    on = " AND ".join(f'k."{name}" IS NOT DISTINCT FROM o."{name}"' for name in by)
    found = f"(SELECT DISTINCT {_list(by)} FROM {incoming}) k"
    gave_way = _let_go(writer, table, f"FROM old.{table} o SEMI JOIN {found} ON {on} {loaded.split(' o ')[1]}")
    _keep_unbrought(writer, table, set(item.fields), by)
    joined.notes.append(_corrected(item, table, rows, same, gave_way))


def _list(fields: Collection[str]) -> str:
    return ", ".join(f'"{name}"' for name in fields)


def _alike(writer: Writer, incoming: str, loaded: str, fields: Sequence[str]) -> int:
    """Rows that stand on both sides with the same values, each as often as it stands on both."""
    both = f"SELECT {_list(fields)}, 1 AS side FROM {incoming} UNION ALL SELECT {_list(fields)}, -1 FROM {loaded}"
    counted = f"""
        SELECT hash({_list(fields)}), hash('2', {_list(fields)}),
            least(count(*) FILTER (side = 1), count(*) FILTER (side = -1)) AS n FROM ({both}) GROUP BY ALL
    """
    return int(writer.one(f"SELECT coalesce(sum(n), 0) FROM ({counted})"))


def _returned(writer: Writer, table: str, item: Staged) -> list[Note]:
    """Says it when mended rows without ids stand there already: a corrected file may have brought them meanwhile."""
    if schema.TABLES[table].key_field in item.fields or not item.accepted:
        return []
    stays = f"old.{table} WHERE rowid NOT IN (SELECT place FROM going_{table})"
    same = _alike(writer, f"typed_{item.name}", stays, item.fields)
    said = f"{count(same)} rows of {item.raw.label} stand in {table} already with the same values and count twice: "
    said += "if a corrected file brought them meanwhile, take this import back."
    return [Note("rows.added", "check", said, same)] if same else []


def _added(item: Staged, table: str, rows: int, same: int) -> Note:
    said = f"{item.raw.label} has no ids: its {count(rows)} rows of {table} were added to those that are loaded."
    if same:
        said += f" {count(same)} of them stand there already with the same values and count twice:"
        said += " if they are the same ones, take this import back and bring the file with its ids, or replace."
    return Note("rows.added", "check" if same else "info", said, rows)


def _corrected(item: Staged, table: str, rows: int, same: int, gave_way: int) -> Note:
    said = f"{item.raw.label} is a corrected or grown copy of loaded rows of {table}: "
    said += f"{count(same)} of its {count(rows)} rows stood there already; "
    said += f"{count(gave_way)} loaded rows gave way to it, so nothing counts twice."
    if same < _SURE * rows:
        said += " If it holds further rows and no correction, take this import back and append the file."
    return Note("rows.corrected", "info" if same >= _SURE * rows else "check", said, gave_way)


def _keep_unbrought(writer: Writer, table: str, brought: Collection[str], by: Sequence[str]) -> None:
    """Columns that the files do not have keep their loaded values, where one row takes the place of one row."""
    others = [one.key for one in schema.TABLES[table].fields if one.key not in brought]
    going = f"old.{table} WHERE rowid IN (SELECT place FROM going_{table})"
    counts = ", ".join(f'count("{name}")' for name in others) or "0"
    found = writer.rows(f"SELECT {counts} FROM {going}")[0]
    held = [name for name, filled in zip(others, found, strict=bool(others)) if filled]
    if not held:
        return
    values = ", ".join(f'any_value("{name}") AS "{name}"' for name in held)
    once = f"SELECT {_list(by)} FROM new_{table} GROUP BY ALL HAVING count(*) = 1"
    was = f"SELECT {_list(by)}, {values} FROM {going} GROUP BY {_list(by)} HAVING count(*) = 1"
    on = " AND ".join(f'{{0}}."{name}" IS NOT DISTINCT FROM n."{name}"' for name in by)
    kept = ", ".join(f'coalesce(n."{name}", o."{name}") AS "{name}"' for name in held)
    writer.run(f"""
        CREATE OR REPLACE TABLE new_{table} AS SELECT n.* REPLACE ({kept}) FROM new_{table} n
        LEFT JOIN (SELECT was.* FROM ({was}) was SEMI JOIN ({once}) n ON {on.format("was")}) o ON {on.format("o")}
    """)


def _reckon(writer: Writer, table: str, taken: Sequence[Staged], joined: Joined) -> None:
    """The fate of the rows: those with equal values are the same, then those with equal keys are changed."""
    key, *natural = (name for names in schema.TABLES[table].keys for name in names)
    brought = {name for item in taken for name in item.fields} or set(natural)
    parts = [f'"{key}"', *(f'CASE WHEN "{key}" IS NULL THEN "{name}" END' for name in natural if name in brought)]
    values = _list([one.key for one in schema.TABLES[table].fields])
    changed, left, came = writer.rows(_FATES.format(table=table, key=", ".join(parts), values=values))[0]
    before, gone, new = joined.fate.before, left - changed, came - changed
    joined.fate = Fate(before, before + new - gone, new, changed, before - left, gone)
    if left:
        owners = f"SELECT DISTINCT file_no FROM old.{table} WHERE rowid IN (SELECT place FROM going_{table})"
        joined.touched = frozenset(int(number) for (number,) in writer.rows(owners))
