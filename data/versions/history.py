"""Decides which versions of the data are kept, which is current, and what undo, redo and go lead to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from data import keeping
from data.versions import drafts, snapshots
from data.versions.snapshots import Snapshot
from errors import NoData, UserError
from settings import Settings


@dataclass(frozen=True)
class Version:
    """One version of the data set.

    parent: the version it was built on (0: on nothing). at: when it was imported, ISO with zone. mode: update, append
    or replace. files: the names of what was imported. rows: table → rows of the whole version.
    """

    version: int
    file: str
    parent: int = 0
    at: str = ""
    sample: bool = False
    mode: str = ""
    files: tuple[str, ...] = ()
    rows: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class History:
    """The versions that are kept, oldest first; the number of the current one (0: none), and those to redo, next first.

    next: the number of the next import; no number is ever used twice.
    """

    current: int = 0
    versions: tuple[Version, ...] = ()
    redo: tuple[int, ...] = ()
    next: int = 1

    def find(self, version: int) -> Version | None:
        """The version of that number; None when it is not kept."""
        return next((one for one in self.versions if one.version == version), None)

    @property
    def parent(self) -> int:
        """The version that undo leads to, kept or not; 0 for none."""
        now = self.find(self.current)
        return now.parent if now else 0

    @property
    def can_undo(self) -> bool:
        """Whether the version before the current one is kept."""
        return self.find(self.parent) is not None

    @property
    def can_redo(self) -> bool:
        """Whether an undone version is there to go back to."""
        return bool(self.redo) and self.find(self.redo[0]) is not None


def versions(data_dir: Path) -> History:
    """The history of the data set; empty when nothing has been imported. Raises NoData when its file is damaged."""
    said = snapshots.pointer(data_dir)
    if said is None:
        return History()
    try:
        listed = [version_of(one) for one in said.get("versions", [{"version": said["version"], "file": said["file"]}])]
        redo = tuple(int(number) for number in said.get("redo", ()))
        found = History(said["version"], tuple(sorted(listed, key=lambda one: one.version)), redo)
        highest = max([said["version"], *(one.version for one in listed)])
        return replace(found, next=max(int(said.get("next", 0)), highest + 1))
    except (ValueError, TypeError, KeyError, AttributeError):
        path = snapshots.folder(data_dir) / snapshots.POINTER
        raise NoData(snapshots.DAMAGED.format(path=path, why="a version in it cannot be read")) from None


def version_of(said: Mapping[str, Any]) -> Version:
    """A version as its JSON says it. Raises KeyError, ValueError, TypeError where that is damaged."""
    rows = {str(table): int(count) for table, count in said.get("rows", {}).items()}
    files = tuple(str(name) for name in said.get("files", ()))
    return Version(int(said["version"]), Path(said["file"]).name, int(said.get("parent") or 0), str(said.get("at", "")),
                   bool(said.get("sample")), str(said.get("mode", "")), files, rows)  # fmt: skip


def as_record(history: History) -> dict[str, Any]:
    """The history as `python -m data versions --json` gives it, newest version first."""
    listed = [vars(one) | {"current": one.version == history.current} for one in reversed(history.versions)]
    return {"ok": True, "error": "", "version": history.current, "versions": listed, "redo": list(history.redo),
            "can_undo": history.can_undo, "can_redo": history.can_redo}  # fmt: skip


def at(data_dir: Path, version: int) -> Snapshot:
    """The snapshot of a kept version. Raises NoData, with those that are kept, when it is not one of them."""
    history = versions(data_dir)
    found = history.find(version)
    if found is None:
        raise NoData(f"Version {version} is not kept. {kept(history)}")
    return snapshots.there(data_dir, version, found.file)


def kept(history: History) -> str:
    """Which versions there are, as the end of a sentence: “Kept are 1, 2 and 5.”."""
    numbers = [str(one.version) for one in history.versions]
    if not numbers:
        return "No data has been imported yet."
    if len(numbers) == 1:
        return f"Kept is {numbers[0]}."
    return f"Kept are {', '.join(numbers[:-1])} and {numbers[-1]}."


def publish(settings: Settings, made: Version) -> History:
    """Make a finished snapshot the current version, and let go of the versions that are too many.

    Call while the lock is held (snapshots.alone). The file is flushed to the disk before the pointer is swapped; what
    could be redone until now stays reachable by its number.
    """
    path = snapshots.folder(settings.data_dir) / made.file
    keeping.flush(path)
    keeping.flush(path.parent)
    before = versions(settings.data_dir)
    after = History(made.version, (*before.versions, made), (), max(before.next, made.version + 1))
    return _turn(settings, after)


def undo(settings: Settings) -> History:
    """Go back to the version that the current one was built on. Raises UserError when there is none."""
    with snapshots.alone(settings.data_dir):
        now = versions(settings.data_dir)
        _some(now)
        if not now.parent:
            raise UserError(f"There is nothing to undo: version {now.current} is the first.")
        if not now.can_undo:
            raise UserError(f"The version before {now.current} ({now.parent}) is no longer kept. {kept(now)}")
        return _turn(settings, replace(now, current=now.parent, redo=(now.current, *now.redo)))


def redo(settings: Settings) -> History:
    """Take the last undo back. Raises UserError when there is none, or an import came after it."""
    with snapshots.alone(settings.data_dir):
        now = versions(settings.data_dir)
        _some(now)
        if not now.can_redo:
            raise UserError(f"There is nothing to redo: no undo came after version {now.current}. {kept(now)}")
        return _turn(settings, replace(now, current=now.redo[0], redo=now.redo[1:]))


def go(settings: Settings, version: int) -> History:
    """Make any kept version the current one; redo then leads forwards where it stands on the way. Raises UserError."""
    with snapshots.alone(settings.data_dir):
        now = versions(settings.data_dir)
        _some(now)
        if now.find(version) is None:
            raise UserError(f"There is no version {version} to go to. {kept(now)}")
        if version == now.current:
            return now
        return _turn(settings, replace(now, current=version, redo=_way(now, version)))


def _some(now: History) -> None:
    if not now.current:
        raise NoData("No data has been imported yet. Import your files, or load the sample.")


def _way(now: History, version: int) -> tuple[int, ...]:
    """What can be redone from a version: the rest of the redo list, the steps up to the current one, or nothing."""
    if version in now.redo:
        return now.redo[now.redo.index(version) + 1 :]
    steps: list[int] = [now.current]
    while (one := now.find(steps[0])) is not None and one.parent:
        if one.parent == version:
            return (*steps, *now.redo)
        steps.insert(0, one.parent)
    return ()


def _turn(settings: Settings, after: History) -> History:
    """Write the history with its current version's file in front, then remove what it no longer names."""
    after = _within(after, settings.keep_versions)
    now = after.find(after.current)
    assert now is not None
    snapshots.there(settings.data_dir, now.version, now.file)
    snapshots.point(settings.data_dir, {
        "version": now.version, "file": now.file, "next": after.next,
        "versions": [vars(one) for one in after.versions], "redo": after.redo,
    })  # fmt: skip
    # The turn is made: what cannot be removed now is removed after the next one.
    with suppress(OSError):
        sweep(settings.data_dir)
    return after


def _within(history: History, most: int) -> History:
    """The newest versions, at most so many; the current one, its parent and what can be redone stay whatever comes."""
    must = {history.current, history.parent, *history.redo}
    free = [one.version for one in history.versions if one.version not in must]
    room = max(most - len(history.versions) + len(free), 0)
    stays = must | set(free[max(len(free) - room, 0) :])
    return replace(history, versions=tuple(one for one in history.versions if one.version in stays))


def sweep(data_dir: Path) -> None:
    """Remove snapshot files that no version and no living draft names, with what DuckDB left beside them.

    Call while the lock is held: a running import's file is named by nothing yet.
    """
    folder = snapshots.folder(data_dir)
    if not folder.is_dir():
        return
    named = {one.file for one in versions(data_dir).versions} | drafts.sweep(data_dir)
    for path in _orphans(folder.iterdir(), named):
        snapshots.drop(path)


def _orphans(paths: Iterable[Path], named: Sequence[str] | set[str]) -> list[Path]:
    """Snapshots without a name, and pointers that were written and never swapped in."""
    found = []
    for path in paths:
        whole = path.name.split(".duckdb")[0] + ".duckdb"
        left = path.name.startswith("current.") and path.name != snapshots.POINTER
        if left or (path.name.startswith("snap-") and whole not in named):
            found.append(path)
    return found
