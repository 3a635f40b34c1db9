"""Decides how files become one snapshot: read, recognised, typed, joined with what is loaded, derived, counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from data import schema
from data.derived import derive, facts, spend
from data.engines.duckdb import Writer
from data.incoming import mended, merge, rejoin, settling, staging
from data.incoming.hashes import Hashes
from data.incoming.plan import Plan, Report, Tell
from data.incoming.settling import Saying
from data.incoming.staging import Staged
from data.matching import choices
from data.matching.choices import Choice
from data.provenance import Note
from data.quality import capabilities, checks, record
from data.sources.limits import Limits
from data.versions import history, known
from data.versions.history import Version
from errors import BadUpload
from settings import Settings

_STAGING = """
    SELECT 'VIEW', view_name FROM duckdb_views() WHERE database_name = current_database() AND view_name LIKE 'stage\\_%'
        ESCAPE '\\'
    UNION ALL SELECT 'TABLE', table_name FROM duckdb_tables() WHERE database_name = current_database()
        AND (table_name LIKE 'stage\\_%' ESCAPE '\\' OR table_name LIKE 'typed\\_%' ESCAPE '\\')
"""
_READ, _LOADED = 0.5, "file.loaded"


@dataclass(frozen=True)
class _Base:
    """What an import stands on. next: the number it will have; the loaded version, its file, and what it holds."""

    next: int
    version: int = 0
    path: Path | None = None
    held: known.Held | None = None

    @property
    def sample(self) -> bool:
        """Whether the marked sample is loaded."""
        return bool(self.held and self.held.sample)


@dataclass(frozen=True)
class _Joining:
    """How this import meets what is loaded. hashes: of its files, by name; again: loaded files that it reads anew."""

    base: _Base
    hashes: Mapping[str, str]
    again: tuple[int, ...]
    mode: str

    @property
    def adding(self) -> bool:
        """Whether what is loaded stays where no new row takes its place."""
        return self.base.path is not None and self.mode != "replace"


def make(plan: Plan, settings: Settings, path: Path, now: datetime | None, tell: Tell | None) -> tuple[Report, Version]:
    """Build the snapshot file that importing would make; the report, and the version as the history would list it.

    The report says unchanged when every file is loaded already, or when no row would move for all that was said anew.
    """
    base = _base(settings)
    if base.sample and not plan.sample:
        plan = replace(plan, mode="replace")
    hashes = Hashes(plan.files)
    files, again = _unknown(plan, base, hashes)
    loaded = _loaded(plan, files)
    if not files:
        return _nothing(base, plan, [], loaded), Version(base.version, path.name)
    when = stamp_of(settings, now)
    joining = _Joining(base, hashes, again, plan.mode)
    with Writer(path) as writer:
        report = _build(writer, replace(plan, files=files), settings, joining, when, tell or _silent)
        record.about(writer, base.next, plan.sample, when)
        rows = {table: int(writer.one(f"SELECT count(*) FROM {table}")) for table in schema.TABLES}
        writer.run("CHECKPOINT")
    (tell or _silent)(1.0, "Built")
    if _all_known(base, plan, hashes) and not any(fate.moved for fate in report.fates.values()):
        return _nothing(base, plan, report.staged, loaded), Version(base.version, path.name)
    report.notes += loaded
    names = tuple(dict.fromkeys(item.raw.file for item in report.staged if not item.refused))
    at = when.isoformat(timespec="seconds")
    return report, Version(base.next, path.name, base.version, at, plan.sample, plan.mode, names, rows)


def _silent(done: float, says: str) -> None:
    """Nobody is told."""


def renumber(path: Path, made: Version) -> None:
    """Write a version's number and moment into its finished snapshot."""
    with Writer(path) as writer:
        writer.run("UPDATE about SET version = ?, imported_at = ?", [made.version, made.at])
        writer.run("CHECKPOINT")


def stamp_of(settings: Settings, now: datetime | None) -> datetime:
    """The moment of an import, in the reporting timezone."""
    return now or datetime.now(ZoneInfo(settings.timezone))


def chosen(plan: Plan, staged: Sequence[Staged], settings: Settings) -> list[tuple[list[str], Choice]]:
    """Header and choice of each table of which the user said something: what later files are recognised by."""
    said = [(item, plan.choices.of(item.raw.label, item.raw.file)) for item in staged if not item.refused]
    known = _sayings(plan, settings)
    return [(item.raw.header, known(item) or choice) for item, choice in said if choice]


def _base(settings: Settings) -> _Base:
    there = history.versions(settings.data_dir)
    if not there.current:
        return _Base(there.next)
    snapshot = history.at(settings.data_dir, there.current)
    return _Base(there.next, there.current, snapshot.path, known.held(snapshot.path))


def _nothing(base: _Base, plan: Plan, staged: list[Staged], notes: list[Note]) -> Report:
    return Report(base.version, staged, notes, unchanged=True, mode=plan.mode, base=(base.version, base.sample))


def _loaded(plan: Plan, read: Sequence[tuple[Path, str]]) -> list[Note]:
    """A note for each file that is not read, since the data set holds it; said now, not kept with the version."""
    names = [name for _, name in plan.files if name not in {name for _, name in read}]
    return [Note(_LOADED, "info", f"{name} is loaded already, byte for byte: it changes nothing.") for name in names]


def _unknown(plan: Plan, base: _Base, hashes: Mapping[str, str]) -> tuple[list[tuple[Path, str]], tuple[int, ...]]:
    """The files to read, and the numbers of loaded ones that are read anew because something is said of them now."""
    if base.held is None or plan.mode == "replace":
        return list(plan.files), ()
    said = {name for _, name in plan.files if plan.dates or _named(plan, name)}
    loaded = {name for name, one in hashes.items() if one in base.held.by_hash}
    again = base.held.numbers({hashes[name] for name in loaded & said})
    return [(path, name) for path, name in plan.files if name not in loaded - said], again


def _named(plan: Plan, name: str) -> bool:
    """Whether a choice names the file, or one of its sheets."""
    return any(label == name or label.startswith(f"{name} / ") for label in plan.choices.by_label)


def _all_known(base: _Base, plan: Plan, hashes: Mapping[str, str]) -> bool:
    """Whether no file is new; in the place of what is loaded, whether it is also all that is loaded."""
    if base.held is None or base.sample != plan.sample or len(hashes) < len(plan.files):
        return False
    given, loaded = set(hashes.values()), set(base.held.by_hash)
    return given == loaded if plan.mode == "replace" else given <= loaded


def _build(writer: Writer, plan: Plan, settings: Settings, joining: _Joining, when: datetime, tell: Tell) -> Report:
    base = joining.base
    opened = mended.waiting(base.path if joining.adding else None).opened
    telling, limits = _part(tell, 0, _READ), Limits.from_environ(dict(settings.limits))
    staged = staging.stage(writer, plan.files, plan.choices, settings.data_dir, telling, opened, limits)
    usable = [item for item in staged if item.name]
    if not usable:
        raise BadUpload(" ".join(item.refused for item in staged) or "No file was given.")
    report = Report(base.next, staged, mode=plan.mode, base=(base.version, base.sample))
    tell(_READ, "Reading numbers and days")
    report.questions = settling.settle(writer, usable, Saying(settings.timezone, plan.dates, _sayings(plan, settings)))
    if base.path:
        writer.attach(base.path, "old")
    first_file = int(writer.one("SELECT coalesce(max(file_no), 0) FROM old.files")) + 1 if joining.adding else 1
    tell(0.65, "Holding the rows against what is loaded")
    touched = _join(writer, report, joining, first_file)
    values = {(item.name, key): sql for item in usable for key, sql in item.values.items()}
    report.accounts = record.files(writer, staged, joining.hashes, first_file, joining.adding, values)
    known.record(writer, touched, joining.again, joining.adding)
    _derive(writer, report, when, tell)
    return report


def _derive(writer: Writer, report: Report, when: datetime, tell: Tell) -> None:
    """What every question is answered from, and what is worth saying of it; staging tables do not stay."""
    tell(0.75, "Naming rows, laying out spend")
    derive.prepare(writer)
    places = spend.lay(writer)
    facts.stack(writer)
    writer.run(f"CREATE TABLE units AS SELECT {places} AS places")
    tell(0.9, "Checking")
    report.notes += checks.run(writer, report.staged, when.date())
    asked = [Note(f"{question.kind}.open", "check", question.sentence) for question in report.questions]
    record.notes(writer, [*report.notes, *asked])
    report.capabilities = list(capabilities.found(writer))
    for kind, name in writer.rows(_STAGING):
        writer.run(f'DROP {kind} "{name}"')


def _part(tell: Tell, low: float, high: float) -> Tell:
    """Tells a share of one stretch of the work as a share of the whole."""
    return lambda done, says: tell(low + done * (high - low), says)


def _sayings(plan: Plan, settings: Settings) -> Callable[[Staged], Choice | None]:
    """What holds for a staged table: what the user said of it now, with what was remembered of its header set."""

    def of(item: Staged) -> Choice | None:
        own = plan.choices.of(item.raw.label, item.raw.file)
        return choices.settle(own, choices.remembered(settings.data_dir, item.raw.header))

    return of


def _join(writer: Writer, report: Report, joining: _Joining, first_file: int) -> set[int]:
    """Make each of the four tables from this import's files and the attached snapshot `old`; fills fates and notes.

    Returns the numbers of the loaded files of which rows changed or went.
    """
    numbers = record.numbers(report.staged, first_file)
    touched: set[int] = set()
    for table in schema.TABLES:
        items = [item for item in report.staged if item.name and item.table == table]
        taken = merge.merge(writer, table, items, numbers)
        if joining.base.path:
            joined = rejoin.join(writer, table, taken, numbers, joining.mode, joining.again)
        else:
            joined = rejoin.fresh(writer, table)
        writer.run(f"ALTER TABLE new_{table} RENAME TO {table}")
        report.notes += [*checks.merged(table, items, taken, joined.replaced), *joined.notes]
        touched |= joined.touched
        if items or joined.fate.moved:
            report.fates[table] = joined.fate
    return touched if joining.adding else set()
