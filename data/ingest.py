"""Decides how files become a version of the data: read, recognised, typed, merged, derived, counted, published."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from data import checks, days, derive, facts, merge, record, schema, snapshots, spend, staging, typed
from data.engines.duckdb import Reader, Writer
from data.provenance import Note
from data.staging import Staged
from errors import BadUpload
from settings import Settings

_STAGING_TABLES = """
    SELECT table_name FROM information_schema.tables
    WHERE table_catalog = current_database() AND (table_name LIKE 'stage_%' OR table_name LIKE 'typed_%')
"""


@dataclass(frozen=True)
class Plan:
    """What to import and how. files: pairs of path and shown name. dates: 'dmy', 'mdy' or '' to decide from the data.

    replace: start from nothing; else add to what is there. keep: publish (False only looks).
    """

    files: Sequence[tuple[Path, str]]
    replace: bool = False
    dates: str = ""
    sample: bool = False
    keep: bool = True


@dataclass(frozen=True)
class Question:
    """What only the user can say. kind: 'dates'."""

    kind: str
    sentence: str
    file: str
    column: str


@dataclass
class Report:
    """What an import did, or would do: the files as read, the notes, an open question, the version."""

    version: int
    staged: list[Staged]
    notes: list[Note] = field(default_factory=list)
    question: Question | None = None
    unchanged: bool = False


def run(plan: Plan, settings: Settings, now: datetime | None = None) -> Report:
    """Import, and publish the new version. Raises BadUpload when no file is one of the four tables: nothing changed."""
    before = snapshots.current(settings.data_dir)
    plan = _without_known(plan, before)
    if not plan.files:
        return Report(before.version if before else 0, [], unchanged=True)
    path = snapshots.fresh(settings.data_dir)
    version = (before.version if before else 0) + 1
    try:
        with Writer(path) as writer:
            report = _build(writer, plan, settings, before, version)
            stamp = now or datetime.now(ZoneInfo(settings.timezone))
            record.about(writer, version, plan.sample, stamp)
            writer.run("CHECKPOINT")
        if plan.keep:
            snapshots.publish(settings.data_dir, path, version)
            snapshots.sweep(settings.data_dir)
    except BaseException:
        _drop(path)
        raise
    if not plan.keep:
        _drop(path)
    return report


def _drop(path: Path) -> None:
    for leftover in (path, path.with_suffix(".duckdb.wal")):
        leftover.unlink(missing_ok=True)


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _without_known(plan: Plan, before: snapshots.Snapshot | None) -> Plan:
    """Files that the current version holds already, byte for byte, are not read again when adding."""
    if before is None or plan.replace or plan.sample:
        return plan
    reader = Reader(before.path)
    known = {row[0] for row in reader.rows("SELECT hash FROM files")}
    sample = reader.rows("SELECT sample FROM about")[0][0]
    reader.close()
    if sample:
        return replace(plan, replace=True)
    new = [(path, name) for path, name in plan.files if not path.is_file() or _hash(path) not in known]
    return replace(plan, files=new)


def _build(writer: Writer, plan: Plan, settings: Settings, before: snapshots.Snapshot | None, version: int) -> Report:
    staged = staging.stage(writer, plan.files)
    usable = [item for item in staged if item.name]
    if not usable:
        raise BadUpload(" ".join(item.refused for item in staged) or "No file was given.")
    report = Report(version, staged)
    report.question = _type(writer, usable, plan, settings)
    old = before if before and not plan.replace else None
    if old:
        writer.attach(old.path, "old")
    first_file = int(writer.one("SELECT coalesce(max(file_no), 0) FROM old.files")) + 1 if old else 1
    report.notes = _join(writer, staged, first_file, old is not None)
    hashes = {name: _hash(path) for path, name in plan.files if path.is_file()}
    record.files(writer, staged, hashes, first_file, old is not None)
    derive.prepare(writer)
    places = spend.lay(writer)
    facts.stack(writer)
    writer.run(f"CREATE TABLE units AS SELECT {places} AS places")
    report.notes += checks.run(writer, staged)
    asked = [Note("dates.open", "check", report.question.sentence)] if report.question else []
    record.notes(writer, [*report.notes, *asked])
    _clean(writer)
    return report


def _join(writer: Writer, staged: list[Staged], first_file: int, adding: bool) -> list[Note]:
    """Make each of the four tables from this import's files and, when adding, from the attached snapshot `old`."""
    notes: list[Note] = []
    numbers = {id(item): number for number, item in enumerate(staged, start=first_file)}
    for table in schema.TABLES:
        items = [item for item in staged if item.name and item.table == table]
        taken = merge.merge(writer, table, items, numbers)
        replaced = merge.join_old(writer, table) if adding else 0
        writer.run(f"ALTER TABLE new_{table} RENAME TO {table}")
        notes += checks.merged(table, items, taken, replaced)
    return notes


def _type(writer: Writer, usable: list[Staged], plan: Plan, settings: Settings) -> Question | None:
    """Type every staged table; first the day order of each date column is settled, or left open and asked."""
    columns = [(item, key) for item in usable for key in item.fields if _is_day(item, key)]
    orders: dict[tuple[str, str], str] = {}
    for item, key in columns:
        orders[item.name, key] = plan.dates or days.evidence(writer, item.name, key).order
    for item in usable:
        own = {key: orders.get((item.name, key), "") for key in item.fields}
        typed.type_table(writer, item, own, settings.timezone)
    settled = [(item, key) for item, key in columns if orders[item.name, key]]
    span = typed.span_of(writer, settled)
    still_open = [column for column in columns if column not in settled]
    _say_unread(writer, columns, {(item.name, key) for item, key in still_open})
    asked = [_settle(writer, item, key, span, settings.timezone) for item, key in still_open]
    return next((question for question in asked if question), None)


def _is_day(item: Staged, key: str) -> bool:
    return schema.TABLES[item.table].field(key).kind == "date"


def _settle(writer: Writer, item: Staged, key: str, span: tuple[date, date] | None, timezone: str) -> Question | None:
    """Read a column's days in the order that the other tables' span speaks for; ask where it speaks for none."""
    order = days.by_others(writer, item.name, key, span)
    if not order:
        return _ask(item, key)
    writer.run(f"DROP TABLE typed_{item.name}")
    item.set_aside = list(item.raw.set_aside)
    typed.type_table(writer, item, {key: order}, timezone)
    item.remarks.append(f"{item.raw.label}: days are read {days.ORDERS[order]}, as the other tables' days say.")
    return None


def _say_unread(writer: Writer, columns: list[tuple[Staged, str]], still_open: set[tuple[str, str]]) -> None:
    """A day that is written and cannot be read is said, with the first of them; open columns are asked about."""
    for item, key in columns:
        if (item.name, key) in still_open:
            continue
        rows, first = typed.unread_days(writer, item, key)
        if rows:
            says = (
                f"{item.raw.label}: {rows:,} days cannot be read (such as “{first}”): their rows count in totals only."
            )
            item.remarks.append(says)


def _ask(item: Staged, key: str) -> Question:
    column = next(column for column in item.recognised.columns if column.field == key)
    sentence = (
        f"{item.raw.label}, column {column.header}: days such as {column.sample} fit both orders. "
        "Is it day first or month first? Until you say (--dates dmy or --dates mdy) these days stay empty."
    )
    return Question("dates", sentence, item.raw.label, column.header)


def _clean(writer: Writer) -> None:
    """Staging tables do not belong in a snapshot."""
    for (name,) in writer.rows(_STAGING_TABLES):
        writer.run(f'DROP TABLE "{name}"')
