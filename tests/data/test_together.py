"""Imports at once end as if they had come one after another: every row once, every number once, nobody turned away.

TRUELIFT_ROUNDS=20 tries more rounds; the figures are printed (pytest -s).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from data import ingest
from data.engines.duckdb import Reader
from data.ingest import Plan
from data.versions import history, snapshots
from settings import ROOT, load
from tests.data.worlds import TRACKING

ROUNDS, IMPORTS, WORKERS = int(os.environ.get("TRUELIFT_ROUNDS", "1")), 20, 2
HEADER = TRACKING.splitlines()[0]
_WORKER = """
import json, sys, time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from data import ingest
from data.ingest import Plan
from settings import load

def one(path):
    began = time.monotonic()
    report = ingest.run(Plan([(path, path.name)]), load(sys.argv[1]))
    return report.version, time.monotonic() - began

files = [Path(name) for name in sys.argv[2:]]
with ThreadPoolExecutor(len(files)) as pool:
    print(json.dumps(list(pool.map(one, files))))
"""


def said(figures: str) -> None:
    sys.stdout.write(f"\n{figures}\n")


def order(number: int) -> str:
    return f"{HEADER}\nInstagram,MB_Launch,007,u{number},Whey,2026-06-01,1,{100 + number}\n"


def at_once(folder: Path, paths: list[Path]) -> list[tuple[int, float]]:
    """Import each file on its own, all at once, on two processes; (version, seconds) of each."""
    started = [
        subprocess.Popen(
            [sys.executable, "-c", _WORKER, str(folder), *(str(path) for path in paths[place::WORKERS])],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )
        for place in range(WORKERS)
    ]  # fmt: skip
    answers = []
    for one in started:
        out, said = one.communicate()
        assert one.returncode == 0, said
        answers += json.loads(out)
    return answers


@pytest.mark.parametrize("number", range(ROUNDS))
def test_imports_at_once_end_as_if_one_after_another(tmp_path: Path, number: int) -> None:
    folder = tmp_path / "var"
    paths = []
    for place in range(IMPORTS):
        paths.append(tmp_path / f"orders{place}.csv")
        paths[-1].write_text(order(place))
    ingest.run(Plan([(paths[0], paths[0].name)]), load(folder))
    began = time.monotonic()
    answers = at_once(folder, paths[1:])
    now = history.versions(folder)
    assert sorted(version for version, _ in answers) == list(range(2, IMPORTS + 1))
    assert [(one.version, one.parent) for one in now.versions] == [(one, one - 1) for one in range(1, IMPORTS + 1)]
    reader = Reader(history.at(folder, now.current).path)
    found = sorted(reader.rows("SELECT user_id, revenue::INTEGER FROM tracking"))
    reader.close()
    assert found == sorted((f"u{place}", 100 + place) for place in range(IMPORTS))
    left = {path.name for path in snapshots.folder(folder).iterdir()} - {one.file for one in now.versions}
    assert left == {snapshots.POINTER}
    longest = max(seconds for _, seconds in answers)
    said(f"{len(answers)} at once in {time.monotonic() - began:.1f} s, longest wait {longest:.1f} s")
