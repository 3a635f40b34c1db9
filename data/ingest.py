"""Decides how files become a version of the data set: read, recognised, typed, merged, derived, counted, published at once."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from data import checks, days, derive, facts, merge, schema, snapshots, spend, staging, typed
from data.engines.duckdb import Reader, Writer
from data.staging import Staged
from errors import BadUpload
from settings import Settings


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
    notes: list[checks.Note] = field(default_factory=list)
    question: Question | None = None
    unchanged: bool = False


def run(plan: Plan, settings: Settings, now: datetime | None = None) -> Report:
    """Import, and publish the new version. Raises BadUpload when no file is one of the four tables; then nothing changed."""
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
            _remember(writer, plan, report, version, stamp)
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
    return replace(plan, files=[(path, name) for path, name in plan.files if not path.is_file() or _hash(path) not in known])


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
    for table in schema.TABLES:
        items = [item for item in usable if item.table == table]
        taken = merge.merge(writer, table, items, _numbers(staged, items, first_file))
        replaced = merge.join_old(writer, table) if old else 0
        writer.run(f"ALTER TABLE new_{table} RENAME TO {table}")
        report.notes += checks.merged(table, items, taken, replaced)
    _carry_files(writer, staged, plan, first_file, old is not None)
    derive.prepare(writer)
    places = spend.lay(writer)
    facts.stack(writer)
    writer.run(f"CREATE TABLE units AS SELECT {places} AS places")
    report.notes += checks.run(writer, staged)
    _clean(writer)
    return report


def _numbers(staged: list[Staged], items: list[Staged], first_file: int) -> dict[int, int]:
    """Each item's file number, by the item's identity."""
    return {id(item): first_file + staged.index(item) for item in items}


def _type(writer: Writer, usable: list[Staged], plan: Plan, settings: Settings) -> Question | None:
    """Type every staged table; first the day order of each date column is settled, or left open and asked."""
    columns = [(item, key) for item in usable for key in item.fields if schema.TABLES[item.table].field(key).kind == "date"]
    orders: dict[tuple[str, str], str] = {}
    for item, key in columns:
        orders[item.name, key] = plan.dates or days.evidence(writer, item.name, key).order
    for item in usable:
        typed.type_table(writer, item, {key: orders.get((item.name, key), "") for key in item.fields}, settings.timezone)
    open_columns = [(item, key) for item, key in columns if not orders[item.name, key]]
    if not open_columns:
        return None
    settled = [column for column in columns if column not in open_columns]
    span = typed.span_of(writer, settled)
    question: Question | None = None
    for item, key in open_columns:
        order = days.by_others(writer, item.name, key, span)
        if order:
            writer.run(f"DROP TABLE typed_{item.name}")
            item.set_aside = list(item.raw.set_aside)
            typed.type_table(writer, item, {key: order}, settings.timezone)
            item.remarks.append(f"{item.raw.label}: days are read {days.ORDERS[order]}, as the other tables' days say.")
        else:
            question = question or _ask(item, key)
    return question


def _ask(item: Staged, key: str) -> Question:
    column = next(column for column in item.recognised.columns if column.field == key)
    sentence = (
        f"{item.raw.label}, column {column.header}: every day fits both orders ({column.sample}). "
        "Is it day first or month first? Until you say (--dates dmy or --dates mdy) these days stay empty."
    )
    return Question("dates", sentence, item.raw.label, column.header)


def _carry_files(writer: Writer, staged: list[Staged], plan: Plan, first_file: int, adding: bool) -> None:
    """The list of files behind this version, with what became of their rows."""
    writer.run("CREATE TABLE files (file_no INTEGER, name VARCHAR, sheet VARCHAR, tab VARCHAR, hash VARCHAR, encoding VARCHAR, "
               "rows_read BIGINT, accepted BIGINT, set_aside BIGINT, blank BIGINT, remark VARCHAR);"
               "CREATE TABLE set_aside (file_no INTEGER, row_no BIGINT, rule VARCHAR, reason VARCHAR)")  # fmt: skip
    if adding:
        writer.run("INSERT INTO files SELECT * FROM old.files; INSERT INTO set_aside SELECT * FROM old.set_aside")
    hashes = {name: _hash(path) for path, name in plan.files if path.is_file()}
    for place, item in enumerate(staged):
        counts = [item.raw.read, item.accepted, len(item.set_aside), item.raw.blank] if item.name and not item.refused else [0] * 4
        writer.run("INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", [
            first_file + place, item.raw.file, item.raw.sheet, item.table if not item.refused else "", hashes.get(item.raw.file, ""),
            item.raw.encoding, *counts, item.refused or " ".join(item.remarks)])  # fmt: skip
        if item.set_aside and not item.refused:
            aside = item.set_aside
            writer.fill("set_aside", {"file_no": [first_file + place] * len(aside), "row_no": [one.row for one in aside],
                                      "rule": [one.rule for one in aside], "reason": [one.reason for one in aside]})  # fmt: skip


def _remember(writer: Writer, plan: Plan, report: Report, version: int, now: datetime) -> None:
    writer.run("CREATE TABLE about AS SELECT ?::INTEGER AS version, ?::BOOLEAN AS sample, ?::VARCHAR AS imported_at",
               [version, plan.sample, now.isoformat(timespec="seconds")])  # fmt: skip
    writer.run("CREATE TABLE notes (rule VARCHAR, weight VARCHAR, sentence VARCHAR, concerned BIGINT)")
    for note in report.notes:
        writer.run("INSERT INTO notes VALUES (?, ?, ?, ?)", [note.rule, note.weight, note.sentence, note.rows])
    if report.question:
        writer.run("INSERT INTO notes VALUES ('dates.open', 'check', ?, 0)", [report.question.sentence])


def _clean(writer: Writer) -> None:
    """Staging tables do not belong in a snapshot."""
    for (name,) in writer.rows("SELECT table_name FROM information_schema.tables WHERE table_catalog = current_database() "
                               "AND (table_name LIKE 'stage_%' OR table_name LIKE 'typed_%')"):  # fmt: skip
        writer.run(f'DROP TABLE "{name}"')
