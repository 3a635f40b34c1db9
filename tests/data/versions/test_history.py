"""Every import can be taken back: undo, redo and go lead to exactly what was, and nothing is left lying about.

TRUELIFT_SEQUENCES=100 tries more random sequences.
"""

from __future__ import annotations

import json
import os
import random
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from data import ingest
from data.commands import told
from data.engines.duckdb import Reader
from data.filters import Filters
from data.ingest import Plan
from data.store import Store
from data.versions import drafts, history, snapshots
from errors import NoData, UserError
from settings import Settings, load
from tests.data.worlds import FOUR, TRACKING, write

HEADER = TRACKING.splitlines()[0]


def orders(folder: Path, name: str, lines: Sequence[str]) -> list[tuple[Path, str]]:
    folder.mkdir(exist_ok=True)
    return write(folder, {name: "\n".join([HEADER, *lines]) + "\n"})


def line(user: str, revenue: float) -> str:
    return f"Instagram,MB_Launch,007,{user},Whey,2026-06-01,1,{revenue}"


def state(settings: Settings) -> tuple[float, int]:
    """Revenue and order rows of what is current, asked for anew."""
    path = snapshots.current(settings.data_dir)
    assert path is not None
    revenue = Store(settings).totals(Filters(), (), ("revenue_all",))["revenue_all"].iloc[0]
    reader = Reader(path.path)
    rows = reader.rows("SELECT count(*) FROM tracking")[0][0]
    reader.close()
    return float(revenue), int(rows)


def added(settings: Settings, folder: Path, number: int, **plan: object) -> ingest.Report:
    """One more import: a file of one order of its own."""
    files = orders(folder / "more", f"more{number}.csv", [line(f"n{number}", 10 + number)])
    return ingest.run(Plan(files, **plan), settings)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the four files in it: version 1."""
    folder = tmp_path_factory.mktemp("loaded")
    ingest.run(Plan(write(folder, FOUR)), load(folder / "var"))
    return folder / "var"


@pytest.fixture
def settings(loaded: Path, tmp_path: Path) -> Settings:
    """A copy of it, for this test alone."""
    shutil.copytree(loaded, tmp_path / "var")
    return load(tmp_path / "var")


def test_undo_and_redo_lead_to_exactly_what_was(settings: Settings, tmp_path: Path) -> None:
    first = state(settings)
    added(settings, tmp_path, 1)
    second = state(settings)
    assert second == (pytest.approx(first[0] + 11), first[1] + 1)
    assert history.undo(settings).current == 1
    assert state(settings) == first
    assert history.redo(settings).current == 2
    assert state(settings) == second
    with pytest.raises(UserError, match="nothing to redo"):
        history.redo(settings)
    history.undo(settings)
    with pytest.raises(UserError, match="nothing to undo: version 1 is the first"):
        history.undo(settings)


def test_an_import_after_an_undo_ends_redo_and_takes_a_new_number(settings: Settings, tmp_path: Path) -> None:
    added(settings, tmp_path, 1)
    history.undo(settings)
    report = added(settings, tmp_path, 2)
    now = history.versions(settings.data_dir)
    assert (report.version, now.current, now.redo, now.parent) == (3, 3, (), 1)
    assert history.go(settings, 2).current == 2
    assert state(settings)[0] == pytest.approx(2950.15 + 11)
    assert Store(settings).provenance().version == 2


def test_going_back_can_be_gone_forwards_again(settings: Settings, tmp_path: Path) -> None:
    for number in (1, 2, 3):
        added(settings, tmp_path, number)
    assert history.go(settings, 1).redo == (2, 3, 4)
    assert history.redo(settings).current == 2
    assert history.go(settings, 4).redo == ()
    assert history.go(settings, 4).current == 4
    assert history.undo(settings).current == 3


@pytest.mark.parametrize("number", [0, 5, -1])
def test_a_version_that_is_not_there_is_said_with_those_that_are(
    settings: Settings, tmp_path: Path, number: int
) -> None:
    added(settings, tmp_path, 1)
    with pytest.raises(UserError, match=rf"no version {number} to go to. Kept are 1 and 2"):
        history.go(settings, number)


def test_without_data_there_is_nothing_to_turn(tmp_path: Path) -> None:
    empty = load(tmp_path)
    assert history.versions(tmp_path) == history.History()
    for turn in (history.undo, history.redo):
        with pytest.raises(NoData, match="No data has been imported"):
            turn(empty)


def test_an_old_pointer_is_a_history_of_one(settings: Settings, tmp_path: Path) -> None:
    pointer = snapshots.folder(settings.data_dir) / snapshots.POINTER
    said = json.loads(pointer.read_text(encoding="utf-8"))
    pointer.write_text(json.dumps({"version": 7, "file": said["file"]}), encoding="utf-8")
    assert [one.version for one in history.versions(settings.data_dir).versions] == [7]
    assert added(settings, tmp_path, 1).version == 8
    assert history.undo(settings).current == 7


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"version": "x", "file": "a"}', '{"version": 1}',
             '{"version": 1, "file": "../../a"}', '{"version": 1, "file": "a", "versions": [{"version": 1}]}',
             '{"version": 1, "file": "a", "versions": 3}'],
)  # fmt: skip
def test_a_damaged_list_of_versions_is_said_and_never_overwritten(
    settings: Settings, tmp_path: Path, text: str
) -> None:
    pointer = snapshots.folder(settings.data_dir) / snapshots.POINTER
    pointer.write_text(text, encoding="utf-8")
    files = set(snapshots.folder(settings.data_dir).iterdir())
    with pytest.raises(NoData, match="damaged"):
        added(settings, tmp_path, 1)
    with pytest.raises(NoData, match="damaged"):
        history.undo(settings)
    assert pointer.read_text(encoding="utf-8") == text
    assert files <= set(snapshots.folder(settings.data_dir).iterdir())


def test_a_version_whose_file_is_gone_is_said_and_another_can_be_gone_to(settings: Settings, tmp_path: Path) -> None:
    added(settings, tmp_path, 1)
    now = snapshots.current(settings.data_dir)
    assert now is not None
    now.path.unlink()
    with pytest.raises(NoData, match="Version 2 of the data has lost its file"):
        snapshots.current(settings.data_dir)
    assert history.go(settings, 1).current == 1
    assert state(settings)[1] == 5


def test_only_so_many_versions_are_kept_with_their_files(settings: Settings, tmp_path: Path) -> None:
    few = replace(settings, keep_versions=3)
    for number in range(1, 6):
        added(few, tmp_path, number)
    assert [one.version for one in history.versions(few.data_dir).versions] == [4, 5, 6]
    folder = snapshots.folder(few.data_dir)
    assert sorted(path.name for path in folder.glob("snap-*")) == sorted(
        one.file for one in history.versions(few.data_dir).versions
    )
    history.undo(few)
    history.undo(few)
    with pytest.raises(UserError, match=r"version before 4 \(3\) is no longer kept"):
        history.undo(few)
    assert history.versions(few.data_dir).redo == (5, 6)
    assert added(few, tmp_path, 9).version == 7


def look(settings: Settings, tmp_path: Path, number: int) -> ingest.Report:
    files = orders(tmp_path / "more", f"more{number}.csv", [line(f"n{number}", 10 + number)])
    return ingest.prepare(Plan(files), settings, told.as_record)


def test_a_draft_changes_nothing_until_it_is_published(settings: Settings, tmp_path: Path) -> None:
    before = state(settings)
    report = look(settings, tmp_path, 1)
    assert state(settings) == before
    record = ingest.publish(settings, report.draft)
    assert (record["version"], record["draft"], record["ok"]) == (2, "", True)
    assert record["tables"]["tracking"] == {"before": 5, "after": 6, "new": 1, "changed": 0, "same": 5, "gone": 0}
    assert state(settings) == (pytest.approx(before[0] + 11), 6)
    with pytest.raises(UserError, match="no longer there"):
        ingest.publish(settings, report.draft)


def test_a_draft_of_other_data_is_refused(settings: Settings, tmp_path: Path) -> None:
    report = look(settings, tmp_path, 1)
    added(settings, tmp_path, 2)
    with pytest.raises(UserError, match=r"changed while you looked \(version 2 by more2.csv\)"):
        ingest.publish(settings, report.draft)
    history.undo(settings)
    record = ingest.publish(settings, report.draft)
    assert record["version"] == 3
    assert Store(settings).provenance().version == 3


@pytest.mark.parametrize("token", ["", "x", "../../etc", "0" * 12])
def test_a_draft_that_is_none_is_refused(settings: Settings, token: str) -> None:
    with pytest.raises(UserError, match="Look at the files again"):
        ingest.publish(settings, token)


def test_the_sweep_takes_what_nothing_names_and_leaves_what_lives(settings: Settings, tmp_path: Path) -> None:
    folder = snapshots.folder(settings.data_dir)
    young, old = look(settings, tmp_path, 1).draft, look(settings, tmp_path, 2).draft
    entry = drafts.folder(settings.data_dir) / f"{old}.json"
    os.utime(entry, (0, 0))
    for name in ("snap-dead.duckdb", "snap-dead.duckdb.wal", "current.1234"):
        (folder / name).write_text("left over")
    (folder / "snap-dead.duckdb.tmp").mkdir()
    (drafts.folder(settings.data_dir) / f"{'a' * 12}.json").write_text("")
    with drafts.building(settings.data_dir) as building:
        building.path.write_text("half")
        with snapshots.alone(settings.data_dir):
            history.sweep(settings.data_dir)
        left = {path.name for path in folder.iterdir()}
        current = history.versions(settings.data_dir).versions[0].file
        assert left == {current, snapshots.POINTER, f"snap-{young}.duckdb", building.path.name}
    assert not building.path.exists()
    assert [path.stem for path in drafts.folder(settings.data_dir).iterdir()] == [young]


def test_a_look_leaves_nothing(settings: Settings, tmp_path: Path) -> None:
    before = sorted(settings.data_dir.rglob("*"))
    report = added(settings, tmp_path, 1, keep=False)
    assert report.fates["tracking"].new == 1
    assert [path for path in sorted(settings.data_dir.rglob("*")) if path.name != "drafts"] == before


ROUNDS = int(os.environ.get("TRUELIFT_SEQUENCES", "2"))


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_any_sequence_of_imports_and_turns_returns_to_the_exact_figures(tmp_path: Path, seed: int) -> None:
    """A model beside the data: number → (revenue, rows), its parent, and the redo list by the rules in words."""
    dice = random.Random(seed)
    settings = load(tmp_path / "var")
    ingest.run(Plan(orders(tmp_path, "first.csv", [line("u0", 100.25)])), settings)
    figures, parents = {1: state(settings)}, {1: 0}
    now, redo = 1, []
    for step in range(6):
        turn = dice.choice(["import", "import", "undo", "redo", "go"])
        if turn == "import":
            assert added(settings, tmp_path, step).version == len(figures) + 1
            new = len(figures) + 1
            figures[new], parents[new], now, redo = state(settings), now, new, []
            assert figures[new] == (pytest.approx(figures[parents[new]][0] + 10 + step), figures[parents[new]][1] + 1)
        elif turn == "undo" and parents[now]:
            redo, now = [now, *redo], parents[now]
            history.undo(settings)
        elif turn == "redo" and redo:
            now, redo = redo[0], redo[1:]
            history.redo(settings)
        elif turn == "go" and (other := dice.choice(list(figures))) != now:
            now = other
            redo = list(history.go(settings, other).redo)
        assert history.versions(settings.data_dir).current == now
        assert list(history.versions(settings.data_dir).redo) == redo
        assert state(settings) == figures[now]
