"""Decides how several files and the data already there become one table: by key, and nothing counted twice."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from data import schema
from data.engines.duckdb import Writer
from data.incoming import neat
from data.incoming.staging import Staged
from data.sources import RawTable, SetAside
from data.values.written import count

_SQL = {"money": "DECIMAL(18, 2)", "date": "DATE", "count": "DOUBLE", "number": "DOUBLE", "share": "DOUBLE"}
_SPARE = re.compile(r"(^|[^a-z])(sample|example|template|demo|copy|old|backup)([^a-z]|$)", re.IGNORECASE)
_SAME = 0.9
_NO_ONE_ROW = """
    SELECT row_no, influencer_id FROM new_influencers WHERE file_no = $file
    QUALIFY influencer_id IS NULL OR row_number() OVER (PARTITION BY influencer_id ORDER BY row_no) > 1
    ORDER BY row_no
"""
_WITHOUT_ROW = "DELETE FROM new_influencers WHERE file_no = $file AND row_no = $row"


def merge(writer: Writer, table: str, items: Sequence[Staged], numbers: Mapping[int, int]) -> list[Staged]:
    """Make the table `new_<table>` (file_no, row_no, fields) from this import's files; returns those that were taken.

    numbers: the file number of each item, by its identity. The file with the most fields leads. A further file's rows
    that are there already (by key, else by all their values) only fill empty cells; a spare copy (sample_…, …_old)
    beside a real file is left out, with a sentence.
    """
    fields = ", ".join(
        f'NULL::{_SQL.get(item.kind, "VARCHAR")} AS "{item.key}"' for item in schema.TABLES[table].fields
    )
    if len(items) == 1 and type(items[0].raw) is RawTable and table != "influencers":
        _take_whole(writer, table, items[0], numbers[id(items[0])])
        return list(items)
    prototype = f"NULL::INTEGER AS file_no, NULL::BIGINT AS row_no, {fields}"
    writer.run(f"CREATE TABLE new_{table} AS SELECT {prototype} LIMIT 0")
    ordered = sorted(items, key=lambda item: (bool(_SPARE.search(item.raw.file)), -len(item.fields), -item.accepted))
    taken: list[Staged] = []
    for item in ordered:
        if taken and _SPARE.search(item.raw.file) and not _SPARE.search(taken[0].raw.file):
            item.refused = f"{item.raw.label} looks like a sample of the {table} beside {taken[0].raw.label}:"
            item.refused += " it was left out. Import it by itself to add it."
            continue
        _add(writer, table, item, numbers[id(item)], taken)
        taken.append(item)
    if table == "influencers":
        _one_row_a_person(writer, taken, numbers)
    return taken


def _take_whole(writer: Writer, table: str, item: Staged, file_no: int) -> None:
    """The only file's typed table becomes the table itself: nothing is written twice. Its name goes on as a view."""
    typed = f"typed_{item.name}"
    writer.run(
        f"ALTER TABLE {typed} RENAME TO {table}; ALTER TABLE {table} ADD COLUMN file_no INTEGER DEFAULT {file_no}"
    )
    writer.run(f"ALTER TABLE {table} ALTER COLUMN file_no DROP DEFAULT")
    keys = ", ".join(f'"{key}"' for key in item.fields)
    # A view is bound to a name: it is made while the table bears the name that it will have in the end.
    writer.run(f"CREATE TEMP VIEW {typed} AS SELECT row_no, {keys} FROM {table} WHERE file_no = {file_no}")
    if item.typed:
        kinds = neat.kinds_of(table, item.fields)
        neat.show(writer, kinds, item.name, f"{table} WHERE file_no = {file_no}")
    for field in schema.TABLES[table].fields:
        if field.key not in item.fields:
            writer.run(f'ALTER TABLE {table} ADD COLUMN "{field.key}" {_SQL.get(field.kind, "VARCHAR")}')
    writer.run(f"ALTER TABLE {table} RENAME TO new_{table}")


def _add(writer: Writer, table: str, item: Staged, file_no: int, taken: list[Staged]) -> None:
    source = f"typed_{item.name}"
    key = schema.TABLES[table].key_field
    shared = [other for other in taken if key in other.fields]
    if taken and key in item.fields and shared:
        known = f'"{key}" IN (SELECT "{key}" FROM new_{table})'
        item.again = writer.one(f"SELECT count(*) FROM {source} WHERE {known}")
        _fill_gaps(writer, table, item, key)
        _insert(writer, table, source, file_no, f"WHERE NOT coalesce({known}, FALSE)")
        return
    if taken:
        item.again = _seen(writer, table, item)
        if item.accepted and item.again >= _SAME * item.accepted:
            same = f"{item.raw.label} holds the same {table} as {taken[0].raw.label}"
            item.remarks.append(f"{same}: they are counted once.")
            return
        if item.again:
            also = f"{count(item.again)} of the {count(item.accepted)} rows of {item.raw.label} stand in"
            also += f" {taken[0].raw.label} with the same values: without ids nothing says that they are the same rows,"
            item.remarks.append(f"{also} so they count in both. Leave one out where they are.")
        item.again = 0
    _insert(writer, table, source, file_no, "")


def _insert(writer: Writer, table: str, source: str, file_no: int, where: str) -> None:
    """Append rows; a column widens when the new rows have more decimals, and only then is everything written anew."""
    select = f"SELECT {file_no}::INTEGER AS file_no, * FROM {source} {where}"
    types = "SELECT column_name, column_type FROM (DESCRIBE {}) ORDER BY ALL"
    wide = f"SELECT * FROM new_{table} UNION ALL BY NAME {select}"
    if writer.rows(types.format(wide)) == writer.rows(types.format(f"SELECT * FROM new_{table}")):
        writer.run(f"INSERT INTO new_{table} BY NAME {select}")
        return
    writer.run(f"CREATE OR REPLACE TABLE new_{table} AS SELECT * FROM new_{table} UNION ALL BY NAME {select}")


def _fill_gaps(writer: Writer, table: str, item: Staged, key: str) -> None:
    """Cells that the leading file leaves empty take this file's value for the same key."""
    fields = [field for field in item.fields if field != key]
    if fields:
        sets = ", ".join(f'"{field}" = coalesce(new_{table}."{field}", s."{field}")' for field in fields)
        once = f'(SELECT * FROM typed_{item.name} QUALIFY row_number() OVER (PARTITION BY "{key}" ORDER BY row_no) = 1)'
        writer.run(f'UPDATE new_{table} SET {sets} FROM {once} s WHERE new_{table}."{key}" = s."{key}"')


def _seen(writer: Writer, table: str, item: Staged) -> int:
    """Rows of the item whose values, days aside, stand in the table already."""
    kinds = {field.key: field.kind for field in schema.TABLES[table].fields}
    fields = [field for field in item.fields if kinds[field] != "date"]
    values = ", ".join(_comparable(field, kinds[field]) for field in fields)
    found = f"SELECT {values} FROM typed_{item.name} INTERSECT ALL SELECT {values} FROM new_{table}"
    return int(writer.one(f"SELECT count(*) FROM ({found})"))


def _comparable(field: str, kind: str) -> str:
    number = kind in ("money", "count", "number", "share")
    return f'CAST("{field}" AS DOUBLE)' if number else f'lower("{field}")'


def _one_row_a_person(writer: Writer, taken: list[Staged], numbers: Mapping[int, int]) -> None:
    """An influencer's id stands once, and is there: other rows are set aside, since an id for two joins wrongly."""
    for item in taken:
        file_no = numbers[id(item)]
        rows = writer.rows(_NO_ONE_ROW, {"file": file_no})
        for row_no, influencer in rows:
            rule, why = "id.repeated", f"repeats the influencer id {influencer}"
            if influencer is None:
                rule, why = "id.missing", "has no influencer id"
            reason = f"Row {row_no} {why}. Give each influencer one row with an id."
            item.set_aside.append(SetAside(row_no, rule, reason))
            writer.run(_WITHOUT_ROW, {"file": file_no, "row": row_no})
        item.accepted -= len(rows)
