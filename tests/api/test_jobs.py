"""A child is followed by its files: its progress, its end, its stop; and all that it started ends with it."""

from __future__ import annotations

import json
import os
import sys
import time

import pytest

from api import jobs


def follow(folder, seconds=20.0):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        now = jobs.state(folder)
        if now.state != "running":
            return now
        time.sleep(0.02)
    raise AssertionError("the child never ended")


def run(folder, code, seconds=20.0):
    jobs.start(folder, [sys.executable, "-c", code], seconds)


def test_output_and_progress_come_through(tmp_path):
    run(tmp_path, 'import sys; print(\'{"done": 0.5, "says": "half"}\', file=sys.stderr); print(\'answer\')')
    now = follow(tmp_path)
    assert (now.state, now.answer.strip(), now.says) == ("done", "answer", "half")


def test_complaints_are_no_progress_and_are_kept_for_the_log(tmp_path):
    run(tmp_path, "import sys; print('{\"done\": 3}', file=sys.stderr); print('null\\noh', file=sys.stderr)")
    now = follow(tmp_path)
    assert (now.share, now.says) == (1.0, "")
    assert "oh" in now.trouble


def test_a_stop_ends_the_child_and_its_children(tmp_path):
    inner = "import time; time.sleep(60)"
    code = f"import subprocess, sys, time; c = subprocess.Popen([sys.executable, '-c', '{inner}']);"
    run(tmp_path, code + f"open({str(tmp_path / 'inner')!r}, 'w').write(str(c.pid)); time.sleep(60)")
    path, until = tmp_path / "inner", time.monotonic() + 20
    while not (path.exists() and path.read_text()) and time.monotonic() < until:
        time.sleep(0.02)
    jobs.stop(tmp_path)
    assert follow(tmp_path).state == "stopped"
    number = int(path.read_text())
    for _ in range(100):
        if not running(number):
            return
        time.sleep(0.05)
    raise AssertionError("the child's child lives on")


def running(number):
    try:
        with open(f"/proc/{number}/stat", encoding="utf-8") as file:
            return file.read().split(") ")[1][0] not in "ZX"
    except OSError:
        return False


def test_time_that_is_up_ends_it(tmp_path):
    run(tmp_path, "import time; time.sleep(60)", 0.2)
    assert follow(tmp_path).state == "late"


def test_a_child_that_nobody_watches_is_lost(tmp_path):
    assert jobs.state(tmp_path).state == "lost"
    alive = tmp_path / jobs.ALIVE
    alive.touch()
    assert jobs.state(tmp_path).state == "running"
    before = time.time() - 2 * jobs.LOST_SECONDS
    os.utime(alive, (before, before))
    assert jobs.state(tmp_path).state == "lost"


@pytest.mark.parametrize("why", ["", "stopped", "late"])
def test_the_end_is_read_by_any_process(tmp_path, why):
    (tmp_path / jobs.ENDED).write_text(json.dumps({"why": why, "code": 0}), encoding="utf-8")
    assert jobs.state(tmp_path).state == (why or "done")
