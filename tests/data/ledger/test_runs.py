"""A run is one row for each due time, in one worker's hands at a time; a silent worker's run is taken over."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.ledger.runs import LEASE_SECONDS, MOST_TRIES, DueRow, Runs
from data.ledger.schedules import Schedules


class Clock:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def runs(tmp_path: Path, clock: Clock) -> Runs:
    return Runs(f"sqlite:///{tmp_path / 'ledger.sqlite'}", clock)


@pytest.fixture
def schedules(tmp_path: Path, clock: Clock) -> Schedules:
    return Schedules(f"sqlite:///{tmp_path / 'ledger.sqlite'}", clock)


def row(local: str = "2026-11-23T09:00", due: float = 999_000.0, **more: str) -> DueRow:
    return DueRow(local, due, "Asia/Kolkata", **more)


def test_a_due_time_is_written_once(runs: Runs) -> None:
    assert runs.add("s", [row(), row(), row("2026-11-24T09:00")]) == 2
    assert runs.add("s", [row()]) == 0
    assert runs.add("other", [row()]) == 1


def test_the_oldest_is_taken_by_one_worker(runs: Runs) -> None:
    runs.add("s", [row("b", 2.0), row("a", 1.0)])
    assert [run.local for run in (runs.take("one"), runs.take("two")) if run] == ["a", "b"]
    assert runs.take("three") is None


def test_a_silent_worker_loses_its_run_after_the_lease_and_not_before(runs: Runs, clock: Clock) -> None:
    runs.add("s", [row()])
    taken = runs.take("one")
    clock.now += LEASE_SECONDS - 1
    assert runs.take("two") is None
    runs.renew(taken.id, "one")
    clock.now += LEASE_SECONDS - 1
    assert runs.take("two") is None
    clock.now += 2
    assert runs.take("two").id == taken.id
    assert not runs.renew(taken.id, "one")
    assert not runs.end(taken.id, "one", "sent", "")
    assert runs.end(taken.id, "two", "sent", "")


def test_a_run_that_ends_its_workers_is_failed(runs: Runs, clock: Clock) -> None:
    runs.add("s", [row()])
    for number in range(MOST_TRIES):
        assert runs.take(f"w{number}") is not None
        clock.now += LEASE_SECONDS + 1
    assert runs.take("last") is None
    (run,) = runs.of("s")
    assert run.state == "failed"
    assert "begun 3 times" in run.reason
    assert [one.id for one in runs.untold()] == [run.id]


def test_one_that_waits_is_not_taken_before_its_moment_and_the_try_does_not_count(runs: Runs, clock: Clock) -> None:
    runs.add("s", [row()])
    taken = runs.take("one")
    assert runs.wait(taken.id, "one", clock.now + 60, "Waits.")
    assert runs.take("two") is None
    clock.now += 60
    assert runs.take("two").tries == 1


def test_failures_are_counted_in_a_row_from_a_moment_on(runs: Runs, clock: Clock) -> None:
    for number, state in enumerate(("failed", "sent", "failed", "skipped", "in doubt")):
        runs.add("s", [row(f"{number}", float(number))])
        clock.now += 1
        runs.end(runs.take("one").id, "one", state, "Why.")
    assert runs.failures("s", 0.0) == 2
    assert runs.failures("s", clock.now - 1) == 1


def test_due_rows_and_the_look_are_written_together_or_not_at_all(
    runs: Runs, schedules: Schedules, clock: Clock
) -> None:
    number = schedules.add({"name": "Weekly", "owner": "a@example.com"})
    before = schedules.get(number)
    assert schedules.look(before, clock.now + 10, [row()])
    assert not schedules.look(before, clock.now + 20, [row(), row("later")])
    assert [run.local for run in runs.of(number)] == ["2026-11-23T09:00"]
    assert schedules.get(number).looked == clock.now + 10


def test_a_schedule_is_paused_resumed_and_removed(schedules: Schedules, clock: Clock) -> None:
    number = schedules.add({"name": "Weekly"})
    assert schedules.pause(number, "Paused by hand.")
    assert not schedules.pause(number, "Again.")
    assert schedules.get(number[:6]).record["reason"] == "Paused by hand."
    clock.now += 100
    assert schedules.resume(number)
    assert (schedules.get(number).looked, schedules.get(number).state) == (clock.now, "active")
    assert schedules.remove(number)
    assert schedules.get(number) is None
    assert schedules.all() == []
