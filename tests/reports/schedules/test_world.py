"""Weeks of schedules with deaths, full disks, refusing readers and long downs: what must hold holds in the end."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from reports.schedules.schedule import Gate
from tests.reports.schedules.world import Odds, World

pytestmark = pytest.mark.usefixtures("silent")
SEEDS = int(os.environ.get("TRUELIFT_WORLDS", "2"))
DAYS = float(os.environ.get("TRUELIFT_WORLD_DAYS", "1"))


def peopled(seed: int, folder: Path, odds: Odds | None = None) -> World:
    """A world with schedules of every sort."""
    world = World(seed, folder, odds=odds or Odds())
    world.add("daily 09:00", "all", "Asia/Kolkata")
    world.add("daily 02:30", forms="pdf xlsx")
    world.add("weekly mon,thu 00:30", "none")
    world.add("cron 0 */3 * * *")
    world.add("daily 18:00", "all", gate=Gate("imported", 6, 4, "skip"))
    world.add("daily 07:15", "all", gate=Gate("new", 0, 3, "send"))
    world.add("campaign end +3 10:00 holi", "all")
    world.add("daily 09:00", alert="roas below 1.5 back above 1.7")
    world.add("on demand", forms="pdf xlsx", alert="roas above 1.6 back below 1.4")
    return world


@pytest.mark.parametrize("seed", range(SEEDS))
def test_each_due_time_once_no_run_stuck_nothing_called_sent_that_was_not(seed: int, quick: Path) -> None:
    world = peopled(seed, quick, Odds(death=0.01, refused=0.1, dropped=0.06))
    world.live(DAYS)
    states = world.check()
    assert states["sent"]
    assert world.seen["deaths"]
    assert world.seen["fired"]


def test_the_same_seed_is_the_same_world(quick: Path) -> None:
    ends = []
    for name in ("a", "b"):
        (quick / name).mkdir()
        world = World(7, quick / name, odds=Odds(death=0.02))
        world.add("cron 0 */2 * * *", "all")
        world.live(0.5)
        ends.append((world.check(), world.seen, world.now, sum(world.sink.values())))
    assert ends[0] == ends[1]


def test_a_healthy_world_sends_everything_and_tells_nothing(quick: Path) -> None:
    world = World(1, quick, odds=Odds(0, 0, 0, 0, 0, 0, 0, 0))
    world.add("daily 09:00", "all", "Asia/Kolkata", forms="pdf html")
    world.live(2)
    states = world.check()
    assert set(states) == {"sent"}
    assert sum(world.sink.values()) == 2 * states["sent"] >= 4
    assert world.told == {}


def test_the_check_can_fail(quick: Path) -> None:
    """A doubled copy, a lost row, a sending that nobody got: each is seen."""
    world = World(1, quick, odds=Odds(0, 0, 0, 0, 0, 0, 0, 0))
    number = world.add("daily 09:00", "all", "Asia/Kolkata")
    world.live(1)
    key = next(iter(world.sink))
    for copies, sentence in ((2, "came 2 times"), (0, "nobody got it")):
        world.sink[key] = copies
        with pytest.raises(AssertionError, match=sentence):
            world.check()
    world.sink[key] = 1
    world.born[number] -= 86_400
    with pytest.raises(AssertionError, match="was missed"):
        world.check()
