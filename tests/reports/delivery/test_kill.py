"""Killed at any moment of a sending, nobody is lost without a word and nobody gets a second copy without one.

TRUELIFT_KILLS=200 tries more points; the figures are printed (pytest -s).
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

from reports.delivery.mail import Mailer
from reports.delivery.post import Post
from settings import ROOT, Smtp
from tests.reports.delivery.parcels import house
from tests.reports.delivery.rounds import Maker, works
from tests.reports.delivery.sinks import Box, taking

KILLS = int(os.environ.get("TRUELIFT_KILLS", "8"))
READERS = 3


def died(folder: Path, port: int, deaths: list[tuple[str, int]]) -> dict[str, tuple[int, int]]:
    """How each child ended."""
    job = folder / "job.json"
    asked = {"port": port, "folder": str(folder / "work"), "readers": READERS, "deaths": deaths}
    job.write_text(json.dumps(asked), encoding="utf-8")
    subprocess.run(
        [sys.executable, "-m", "tests.reports.delivery.dying", str(job)], cwd=ROOT, check=True, capture_output=True
    )
    found: dict[str, tuple[int, int]] = json.loads(job.with_suffix(".ended").read_text(encoding="utf-8"))
    return found


def recovered(folder: Path, port: int) -> tuple[Counter[str], list[str]]:
    """What the next worker makes of it: the readers' states, and the Message-IDs that are shown as sent."""
    settings = house(folder, port)
    post = Post(settings, mailer=Mailer(Smtp("127.0.0.1", port, "never"), 10.0))
    clockwork = works(settings, lambda: 1785555000.0 + 3600, post, Maker(), "heir")
    while clockwork.work_once():
        pass
    schedules = clockwork.doing.schedules.all()
    runs = [run for row in schedules for run in clockwork.doing.runs.of(row.id)]
    rows = [row for run in runs for row in clockwork.doing.deliveries.of(run.id)]
    assert all(run.state in ("sent", "in doubt") for run in runs)
    assert all(run.told or run.state == "sent" for run in runs)
    states = Counter(row.state for row in rows)
    assert len(runs) == 1
    assert sum(states.values()) == READERS
    return states, [row.message_id for row in rows if row.state == "sent"]


def arrived(box: Box) -> Counter[str]:
    return Counter(str(mail.message["Message-ID"]) for mail in box.mails if "owner" not in mail.to[0])


def test_killed_at_any_point_every_reader_is_sent_failed_or_in_doubt_and_none_twice(tmp_path: Path) -> None:
    total: Counter[str] = Counter()
    with taking() as box:
        whole = died(tmp_path, box.port, [("whole", 0)])["whole"]
        assert whole[0] == 0
        assert len(box.mails) == READERS
        chosen = random.Random(5)
        every = list(range(1, whole[1] + 1))
        points = (every * (KILLS // len(every) + 1))[:KILLS] if len(every) <= KILLS else chosen.sample(every, KILLS)
        ends = died(tmp_path, box.port, [(f"d{at}", step) for at, step in enumerate(points)])
        assert {status for status, _ in ends.values()} == {-9}
        shown: list[str] = []
        for name in ends:
            states, sent = recovered(tmp_path / "work" / name, box.port)
            total += states
            shown += sent
    copies = arrived(box)
    said = f"{len(points)} kills at {len(set(points))} of {whole[1]} points: {dict(total)} of {len(points) * READERS}"
    sys.stdout.write(f"\n{said}, most copies of one Message-ID {max(copies.values())}\n")
    assert total.keys() <= {"sent", "failed", "in doubt"}
    assert sum(total.values()) == len(points) * READERS
    assert max(copies.values()) == 1
    assert all(copies[number] == 1 for number in shown)
    assert 0 < total["in doubt"] <= len(points)
