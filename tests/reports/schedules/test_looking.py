"""A rule that fires makes exactly one run, whoever looks and dies; what was seen and why nothing was sent is kept."""

from __future__ import annotations

import math
import multiprocessing
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sql

from analytics.watch import Watched
from data.ledger.alerts import Alerts
from data.ledger.deliveries import Deliveries
from data.ledger.runs import RunRow, Runs
from data.ledger.schedules import Schedules
from errors import BadFilter, NoData
from reports.delivery.recipient import Outcome, Recipient
from reports.order import Order
from reports.schedules import alerts
from reports.schedules.alerts import Rule
from reports.schedules.clockwork import Clockwork
from reports.schedules.doing import Doing
from reports.schedules.looking import Looking
from reports.schedules.needs import DataState
from reports.schedules.recurrence import parsed
from reports.schedules.schedule import Gate, Schedule, from_record

BEGINS = datetime(2026, 11, 2, 6, 0, tzinfo=UTC).timestamp()
HOUR, DAY = 3600.0, 86_400.0
BELOW = "roas below 1.5 back above 1.7"


@dataclass
class World:
    """A ledger, and data whose one number is what the test says. seen: rule and query of every look."""

    url: str
    value: float = 2.0
    version: int = 1
    now: float = BEGINS
    broken: Exception | None = None
    before: Callable[[], object] = lambda: None
    seen: list[str] = field(default_factory=list)

    def data(self) -> DataState:
        return DataState(self.version, BEGINS, date(2026, 11, 1))

    def measure(self, rule: Rule, query: str) -> Watched:
        self.seen.append(query)
        self.before()
        if self.broken:
            raise self.broken
        days = date(2026, 10, 1), date(2026, 10, 30)
        why = "no spend in this selection" if math.isnan(self.value) else ""
        return Watched(rule.metric, self.value, self.version, f"{query}&seen", *days, before=1.0, why=why)

    @property
    def looking(self) -> Looking:
        return Looking(Alerts(self.url, lambda: self.now), self.measure, self.data)

    @property
    def schedules(self) -> Schedules:
        return Schedules(self.url, lambda: self.now)

    def add(self, text: str = BELOW, often: str = "daily 09:00", **more: Any) -> str:
        rule = alerts.parsed(text).as_record()
        said = {"name": "Alert", "owner": "asha@example.com", "order": Order("brand=Gritzo&platform=YouTube"),
                "zone": "Asia/Kolkata", "period": "last full month"}  # fmt: skip
        made = Schedule(id="", recurrence=parsed(often), rule=rule, **{**said, **more})  # type: ignore[arg-type]
        return self.schedules.add(made.as_record())

    def look(self, number: str) -> bool:
        row = self.schedules.get(number)
        assert row is not None
        return self.looking.look(row, from_record(row.record), self.now, {})

    def sees(self, number: str, value: float) -> bool:
        """Another version of the data with this number, and a look at it."""
        self.value, self.version, self.now = value, self.version + 1, self.now + 60
        return self.look(number)

    def runs(self, number: str) -> list[RunRow]:
        return Runs(self.url).of(number)

    def state(self, number: str) -> Any:
        return self.looking.alerts.of(number)


@pytest.fixture
def world(quick: Path) -> World:
    return World(f"sqlite:///{quick / 'ledger.sqlite'}")


def test_a_run_is_made_when_it_fires_and_nothing_is_written_when_it_does_not(world: World) -> None:
    number = world.add()
    assert [world.sees(number, value) for value in (1.8, 1.32, 1.6, 1.4, 1.71, 1.2)] == [False, True] + [False] * 3 + [
        True
    ]
    first, second = reversed(world.runs(number))
    assert (first.state, first.local) == ("due", "2026-11-02T11:32 alert 1")
    assert first.why == (
        "ROAS of Gritzo on YouTube fell below 1.5×: 1.32× in 1 Oct – 30 Oct 2026"
        " (it was 1.8× before the data of these days were restated)."
    )
    assert second.wanted == world.version
    changed = [one["what"] for one in world.state(number).past]
    assert changed == ["fired", "armed", "fired"]
    assert world.state(number).looks == 6


def test_it_is_looked_at_at_its_own_times_and_whenever_the_data_change(world: World) -> None:
    number = world.add()
    for _ in range(48):
        world.look(number)
        world.now += HOUR
    assert len(world.seen) == 3, "at once, and at 09:00 of two days"
    assert world.seen[0].startswith("from=2026-10-01&to=2026-10-31&brand=Gritzo")
    world.version += 1
    world.look(number)
    world.look(number)
    assert len(world.seen) == 4


def test_without_times_of_its_own_only_the_data_make_a_look(world: World) -> None:
    number = world.add(often="on demand")
    for _ in range(5):
        world.look(number)
        world.now += DAY
    assert len(world.seen) == 1
    assert world.sees(number, 1.0)


def test_its_own_time_decides_the_days_and_names_the_run(world: World) -> None:
    number = world.add(often="monthly 1 09:00")
    world.look(number)
    world.value, world.now = 1.0, datetime(2026, 12, 3, tzinfo=UTC).timestamp()
    assert world.look(number)
    run = world.runs(number)[0]
    assert run.local == "2026-12-01T09:00 alert 1"
    assert run.due == datetime(2026, 12, 1, 3, 30, tzinfo=UTC).timestamp()
    assert world.seen[-1].startswith("from=2026-11-01&to=2026-11-30")
    assert run.why.endswith("(it was 2× in 1 Oct – 31 Oct 2026).")


def test_what_cannot_be_computed_fires_nothing_and_says_so(world: World) -> None:
    number = world.add()
    world.sees(number, 1.8)
    assert not world.sees(number, math.nan)
    assert world.state(number).said == ("ROAS of Gritzo on YouTube cannot be computed: no spend in this selection.")
    for broken in (NoData("Nothing was imported."), BadFilter("No brand “Gritzo” in the data."), ZeroDivisionError()):
        world.broken = broken
        assert not world.sees(number, 1.0)
    assert "a fault in TrueLift" in world.state(number).said
    world.broken = None
    assert world.sees(number, 1.0)
    assert [one["what"] for one in world.state(number).past] == ["fired", "not computed"]
    assert "is below 1.5×" in world.runs(number)[0].why


def test_of_two_workers_that_look_at_once_one_makes_the_run(world: World) -> None:
    number = world.add()
    world.sees(number, 1.8)
    other = replace(world, before=lambda: None)
    world.before = lambda: results.append(other.look(number))
    results: list[bool] = []
    world.value, other.value = 1.2, 1.2
    world.version = other.version = 9
    assert (world.look(number), results) == (False, [True])
    assert len(world.runs(number)) == 1


def test_many_workers_at_once_make_one_run_a_crossing(world: World) -> None:
    number, made = world.add(), []
    for crossing in range(6):
        world.sees(number, 1.8)
        world.value, world.version = 1.2, world.version + 1
        start = threading.Barrier(4)

        def work(start: threading.Barrier = start) -> None:
            start.wait()
            made.append(world.look(number))

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(world.runs(number)) == sum(made) == crossing + 1


def die_before(nth: int, world: World, number: str) -> None:
    """Looks, in a process that ends without a word before its nth writing statement or, with the last, its commit."""
    written = []

    def statement(connection: Any, cursor: Any, text: str, *_: Any) -> None:
        if text.lstrip()[:6] in ("INSERT", "UPDATE"):
            written.append(text)
        if len(written) > nth:
            os._exit(9)

    def commit(_: Any) -> None:
        if len(written) == nth == 2:
            os._exit(9)

    sql.event.listen(sql.Engine, "before_cursor_execute", statement)
    sql.event.listen(sql.Engine, "commit", commit)
    world.look(number)
    os._exit(0)


@pytest.mark.parametrize("nth", [0, 1, 2])
def test_a_death_between_fired_and_written_loses_nothing_and_doubles_nothing(world: World, nth: int) -> None:
    number = world.add()
    world.sees(number, 1.8)
    world.value, world.version = 1.2, 9
    child = multiprocessing.get_context("fork").Process(target=die_before, args=(nth, world, number))
    child.start()
    child.join()
    assert child.exitcode == 9
    assert (world.runs(number), world.state(number).state) == ([], "armed")
    assert world.look(number)
    assert not world.look(number)
    assert len(world.runs(number)) == 1


def test_a_rule_that_was_changed_meanwhile_does_not_fire_and_begins_anew(world: World) -> None:
    number = world.add()
    for value in (1.2, 1.8):
        world.sees(number, value)
    row = world.schedules.get(number)
    assert row is not None
    other = {**row.record, "rule": alerts.parsed("roas below 1.3").as_record()}
    world.before = lambda: world.schedules.change(number, other) and None
    assert not world.sees(number, 1.2), "the rule that was looked at is gone"
    world.before = lambda: None
    assert world.look(number)
    assert [run.local[-7:] for run in world.runs(number)] == ["alert 2", "alert 1"]
    assert "is below 1.3×: 1.2×" in world.runs(number)[0].why


def test_a_paused_rule_is_not_written(world: World) -> None:
    number = world.add()
    world.before = lambda: world.schedules.pause(number, "Paused by hand.") and None
    assert not world.sees(number, 1.0)
    assert world.runs(number) == []


def test_a_glance_says_what_it_is_now_and_keeps_nothing(world: World) -> None:
    row = world.schedules.get(world.add("spend up by 20 %", order=Order("campaign=Diwali")))
    assert row is not None
    world.value = 1.25
    assert world.looking.glance(from_record(row.record), world.now) == (
        "Spend (Campaign: Diwali) is ₹1.25 in 1 Oct – 30 Oct 2026, 25 % more than in the period before (₹1)."
        " It would fire at once.", True,
    )  # fmt: skip
    assert world.state(row.id) is None


def clockwork(world: World, folder: Path, sent: list[Any], orders: list[Order]) -> Clockwork:
    """A worker with these eyes, whose renderer and post keep what they are handed."""

    def make(order: Order, out: Path, *_: Any) -> Any:
        orders.append(order)
        out.write_text("report")
        return SimpleNamespace(file=out, data_version=order.version or 0, missing=(), problems=(), headline="Up.")

    def deliver(parcel: Any, recipient: Recipient, message_id: str) -> Outcome:
        sent.append(parcel)
        return Outcome("sent")

    doing = Doing(
        Schedules(world.url, lambda: world.now), Runs(world.url, lambda: world.now),
        Deliveries(world.url, lambda: world.now), SimpleNamespace(make=make), SimpleNamespace(deliver=deliver),
        folder, lambda: world.now, world.data,
    )  # fmt: skip
    notices = SimpleNamespace(tell=lambda *_: None)
    return Clockwork(doing, notices, "w", looking=world.looking)


def test_the_report_of_an_alert_says_why_on_page_one_and_in_the_mail(world: World, tmp_path: Path) -> None:
    sent: list[Any] = []
    orders: list[Order] = []
    number = world.add(recipients=(Recipient("mail", "reader@example.com"),))
    worker = clockwork(world, tmp_path, sent, orders)
    for value in (1.8, 1.32, 1.31):
        world.value, world.version, world.now = value, world.version + 1, world.now + 60
        while worker.work_once():
            pass
    assert [run.state for run in world.runs(number)] == ["sent"]
    assert [order.version for order in orders] == [3], "of the data that were looked at"
    assert orders[0].query.startswith("from=2026-10-01&to=2026-10-31")
    assert orders[0].reason == sent[0].remark == world.runs(number)[0].why
    assert len(sent) == 1


def test_an_alert_that_waits_for_fresh_data_is_made_from_them(world: World) -> None:
    number = world.add(gate=Gate("imported", 6))
    assert world.sees(number, 1.0)
    assert world.runs(number)[0].wanted is None


def test_a_worker_without_eyes_for_rules_sends_nothing(world: World, tmp_path: Path) -> None:
    number = world.add()
    worker = replace(clockwork(world, tmp_path, [], []), looking=None)
    world.now += 3 * DAY
    assert not worker.work_once()
    assert world.runs(number) == []
