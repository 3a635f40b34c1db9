"""Killed at any point, or with a full disk, an import leaves the old data or the new, never a part, and no litter.

TRUELIFT_KILLS=200 and TRUELIFT_FULLS=50 try more points; the figures are printed (pytest -s).
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from data import ingest
from data.engines.duckdb import Reader
from data.filters import Filters
from data.ingest import Plan
from data.store import Store
from data.versions import drafts, history, snapshots
from settings import ROOT, load
from tests.data.worlds import FOUR, TRACKING, write

KILLS, FULLS = (int(os.environ.get(f"TRUELIFT_{name}", most)) for name, most in (("KILLS", "20"), ("FULLS", "10")))
CORRECTED = TRACKING.replace("1000.10", "1200.10") + "YouTube,Gritzo_June,12,u9,Oats,2026-06-06,1,40\n"
OLD, NEW = (1, 2950.15, 325.01, 5), (2, 3190.15, 325.01, 6)
WAYS = ("run", "draft")


def said(figures: str) -> None:
    sys.stdout.write(f"\n{figures}\n")


def whole(folder: Path) -> tuple[int, float, float, int]:
    """Version, revenue, spend and order rows of a data folder."""
    settings = load(folder)
    now = snapshots.current(folder)
    assert now is not None
    sums = Store(settings).totals(Filters(), (), ("revenue_all", "spend")).iloc[0]
    reader = Reader(now.path)
    number, rows = reader.rows("SELECT (SELECT version FROM about), (SELECT count(*) FROM tracking)")[0]
    reader.close()
    assert number == now.version
    return now.version, round(float(sums["revenue_all"]), 2), round(float(sums["spend"]), 2), rows


def litter(folder: Path) -> list[str]:
    """What lies in the data folder and belongs to nothing, once it is swept."""
    with snapshots.alone(folder):
        history.sweep(folder)
        alive = drafts.sweep(folder)
    named = {one.file for one in history.versions(folder).versions} | alive | {snapshots.POINTER}
    # A draft that was killed while it got its number keeps its log beside it until it is published or swept.
    named |= {f"{draft}.wal" for draft in alive}
    left = [path.name for path in snapshots.folder(folder).iterdir() if path.name not in named]
    entries = [path for path in drafts.folder(folder).glob("*") if f"snap-{path.stem}.duckdb" not in alive]
    return left + [path.name for path in entries]


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A data folder with version 1, a file that makes version 2, and how many steps each way to it takes."""
    folder = tmp_path_factory.mktemp("killed")
    (folder / "work").mkdir()
    ingest.run(Plan(write(folder, FOUR)), load(folder / "var"))
    file = str(write(folder, {"tracking_2.csv": CORRECTED})[0][0])
    made: dict[str, Any] = {"base": str(folder / "var"), "file": file, "work": str(folder / "work")}
    counted = died(made, [(way, way, "count", 0) for way in WAYS])
    for way in WAYS:
        assert counted[way][0] == 0
        assert whole(folder / "work" / way) == NEW
        history.undo(load(folder / "work" / way))
        assert whole(folder / "work" / way) == OLD
    return made | {"steps": {way: counted[way][1] for way in WAYS}}


Death = tuple[str, str, str, int]


def died(job: dict[str, Any], deaths: list[Death]) -> dict[str, list[int]]:
    """Name → how the process ended, and how many steps it took."""
    path = Path(job["work"]) / "job.json"
    path.write_text(json.dumps({key: job[key] for key in ("base", "file", "work")} | {"deaths": deaths}))
    command = [sys.executable, str(Path(__file__).with_name("dying.py")), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False,
                          env=os.environ | {"PYTHONPATH": str(ROOT)})  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert not done.stderr, done.stderr
    found: dict[str, list[int]] = json.loads(done.stdout)
    return found


def spread(steps: int, points: int) -> list[int]:
    """Points from the first step to the last, as evenly as can be, and drawn at random where there are more."""
    if points <= steps:
        return [1 + place * (steps - 1) // max(points - 1, 1) for place in range(points)]
    return list(range(1, steps + 1)) + random.Random(points).choices(range(1, steps + 1), k=points - steps)


def held(job: dict[str, Any], deaths: list[Death], ends: tuple[int, ...]) -> dict[int, int]:
    """Die all deaths and look at what is left; returns how many ended at each version."""
    counts = {1: 0, 2: 0}
    for place, (name, (ended, _)) in enumerate(died(job, deaths).items()):
        folder = Path(job["work"]) / name
        assert ended in ends, (name, ended)
        found = whole(folder)
        assert found in (OLD, NEW), name
        assert litter(folder) == [], name
        counts[found[0]] += 1
        if place % 8 == 0:
            ingest.run(Plan([(Path(job["file"]), Path(job["file"]).name)]), load(folder))
            assert whole(folder) == NEW, name
            assert litter(folder) == [], name
        shutil.rmtree(folder)
    return counts


def over(job: dict[str, Any], how: str, points: int) -> list[Death]:
    """Deaths at points spread over the steps of both ways to import."""
    return [
        (f"{way}-{how}{place}", way, how, step)
        for way in WAYS
        for place, step in enumerate(spread(job["steps"][way], points // len(WAYS)))
    ]


def test_killed_at_any_step_the_data_is_the_old_version_or_the_new(job: dict[str, Any]) -> None:
    dice = random.Random(KILLS)
    deaths = over(job, "kill", KILLS)
    deaths += [(f"late{place}", WAYS[place % 2], "late", dice.randint(1, 900)) for place in range(KILLS // 5)]
    counts = held(job, deaths, (-9, 0))
    said(f"{len(deaths)} kills over {job['steps']} steps: {counts} by version, 0 partial, 0 orphans")
    assert sum(counts.values()) == len(deaths)


def test_a_disk_that_is_full_from_any_step_on_keeps_what_was_there(job: dict[str, Any]) -> None:
    deaths = over(job, "full", FULLS)
    counts = held(job, deaths, (3, 0))
    said(f"{len(deaths)} full disks over {job['steps']} steps: {counts} by version, 0 partial, 0 orphans")
    assert sum(counts.values()) == len(deaths)
