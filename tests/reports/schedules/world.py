"""One seeded world in which schedules live for weeks within seconds: its clock, disk, browser, readers and deaths.

Every call that a worker makes to anything outside itself (ledger, renderer, post, notices) may be its last: it can die
before the call or after it, and a dead worker does nothing more, not even tidy up. Other workers with other clocks come
in between, also while one is rendering or sending for longer than its lease. `check` says what must hold in the end.

A world takes another post (`post=`): the real one over a fake mail server is tried with the same deaths.
"""

from __future__ import annotations

import errno
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy.exc import OperationalError

from analytics.watch import Watched
from data.ledger.alerts import Alerts
from data.ledger.deliveries import Deliveries
from data.ledger.runs import ENDED, RunRow, Runs
from data.ledger.schedules import ScheduleRow, Schedules
from errors import BadFilter, UserError
from reports.delivery.recipient import Outcome, Recipient, message_id
from reports.order import Order
from reports.schedules import alerts
from reports.schedules.alerts import ALERT, ARMED, Rule
from reports.schedules.alerts import from_record as rule_of
from reports.schedules.clockwork import Clockwork
from reports.schedules.doing import Doing
from reports.schedules.due import due_between
from reports.schedules.looking import Looking
from reports.schedules.needs import DataState
from reports.schedules.recurrence import parsed
from reports.schedules.schedule import Gate, Schedule, from_record

BEGINS = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
ZONES = ("Asia/Kolkata", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC")


class Killed(BaseException):
    """The worker's process is gone."""


@dataclass
class Process:
    """One worker's process: dead is dead."""

    name: str
    skew: float
    dead: bool = False


@dataclass(frozen=True)
class Made:
    """What the fake renderer made."""

    file: Path
    data_version: int
    problems: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    headline: str = "Influencers brought ₹3.94 Cr."
    edition: str = "e1"


class Mortal:
    """Stands before anything that a worker calls; the worker may die before or after each call, the ledger may fail."""

    def __init__(self, inner: Any, world: World, process: Process, is_ledger: bool = False) -> None:
        self._inner, self._world, self._process, self._is_ledger = inner, world, process, is_ledger

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        return (lambda *given, **named: self._call(found, *given, **named)) if callable(found) else found

    def _call(self, found: Callable[..., Any], *given: Any, **named: Any) -> Any:
        self._maybe_die()
        if self._is_ledger and self._world.chance(self._world.odds.ledger):
            raise OperationalError("UPDATE runs", {}, Exception("database or disk is full"))
        answer = found(*given, **named)
        self._maybe_die()
        return answer

    def _maybe_die(self) -> None:
        if self._process.dead or self._world.chance(self._world.odds.death):
            if not self._process.dead:
                self._world.seen["deaths"] += 1
            self._process.dead = True
            raise Killed


@dataclass
class Odds:
    """How likely it is, a call, that something goes wrong; all 0 at the end, so that the world can come to rest."""

    death: float = 0.004
    ledger: float = 0.001
    refused: float = 0.05
    dropped: float = 0.03
    burst: float = 0.01
    render: float = 0.06
    slow: float = 0.02
    notice: float = 0.02


@dataclass
class World:
    """seed: the same seed, the same weeks. folder: of ledger and files. post: None for the world's own readers."""

    seed: int
    folder: Path
    post: Any = None
    odds: Odds = field(default_factory=Odds)
    seen: Counter[str] = field(default_factory=Counter)
    sink: Counter[str] = field(default_factory=Counter)
    again: set[str] = field(default_factory=set)
    told: dict[str, str] = field(default_factory=dict)
    looks: list[float] = field(default_factory=list)
    born: dict[str, float] = field(default_factory=dict)
    paused: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.random = Random(self.seed)
        self.now = BEGINS.timestamp()
        self.version, self.imported = 1, self.now
        self.disk_full_until = 0.0
        self.depth = 0
        self.url = f"sqlite:///{self.folder / 'ledger.sqlite'}"
        self.files = self.folder / "reports"
        self.files.mkdir(parents=True, exist_ok=True)
        self.schedules = Schedules(self.url, lambda: self.now)
        self.runs = Runs(self.url, lambda: self.now)
        self.deliveries = Deliveries(self.url, lambda: self.now)
        self.number = 0
        self.workers: dict[str, Clockwork] = {}
        self.processes: list[Process] = [self._process() for _ in range(3)]

    def chance(self, share: float) -> bool:
        return share > 0 and self.random.random() < share

    # The rooms around a run, as the world plays them.

    def data(self) -> DataState:
        day = datetime.fromtimestamp(self.imported, UTC).date()
        return DataState(self.version, self.imported, day, {"Holi": (date(2026, 3, 1), date(2026, 3, 8))})

    def measure(self, rule: Rule, query: str) -> Watched:
        """The number that a version of the data has: the same whenever it is asked for; at times there is none."""
        drawn = Random(f"{self.seed} {self.version}")
        if drawn.random() < 0.1:
            raise BadFilter("No brand “Gritzo” in the data.")
        day = date(2026, 3, 1)
        return Watched(rule.metric, drawn.uniform(1.2, 2.0), self.version, query, day, day)

    def make(self, order: Order, out: Path, tell: Callable[[float, str], object], look: object) -> Made:
        """The fake renderer over the fake disk: slow, refused, faulty, blank or full at times."""
        tell(0.1, "reads the numbers")
        self._meanwhile()
        tell(0.5, "draws the charts")
        if self.now < self.disk_full_until:
            raise OSError(errno.ENOSPC, "No space left on device", str(out))
        if self.chance(self.odds.render):
            match self.random.randrange(4):
                case 0:
                    raise BadFilter("No brand “Aurra” in the data. Did you mean “Aurora”?")
                case 1:
                    raise UserError("The report was not ready after 10 minutes. Ask for fewer pages or rows.")
                case 2:
                    raise ZeroDivisionError("division by zero")
                case _:
                    out.write_bytes(b"blank")
                    return Made(out, self.version, problems=("The chart “Who sells best?” is empty.",))
        out.write_bytes(f"{order.query} {order.form}".encode())
        return Made(out, self.version)

    def deliver(self, parcel: Any, recipient: Recipient, number: str) -> Outcome:
        """The fake post: takes, refuses, drops before or after the data, or falls over. The sink is the truth."""
        assert all(path.is_file() for _, path, _ in parcel.files), "a parcel without its file"
        self._meanwhile()
        if self.chance(self.odds.refused):
            return Outcome("failed", "The mail server refused: 550 no such reader.")
        if self.chance(self.odds.dropped):
            self.sink[number] += self.random.randrange(2)
            return Outcome("in doubt", "The mail server hung up after the data.")
        if self.chance(self.odds.burst):
            raise ConnectionResetError("peer")
        self.sink[number] += 1
        return Outcome("sent")

    def tell(self, key: str, owner: str, title: str, sentence: str) -> None:
        if self.chance(self.odds.notice):
            raise OSError(errno.EIO, "the outbox cannot be written")
        self.told[key] = sentence
        assert owner == "asha@example.com"

    def _meanwhile(self) -> None:
        """At times a step takes longer than a lease whose heartbeat stopped, and the other workers come in between."""
        if self.depth or not self.chance(self.odds.slow):
            return
        self.depth += 1
        self.now += 200.0
        for process in list(self.processes):
            if not process.dead:
                self._work(process)
        self.depth -= 1

    # Processes.

    def _process(self) -> Process:
        self.number += 1
        process = Process(f"worker-{self.number}", self.random.uniform(-1.5, 1.5))

        def clock() -> float:
            return self.now + process.skew

        def mortal(inner: Any, is_ledger: bool = False) -> Any:
            return Mortal(inner, self, process, is_ledger)

        doing = Doing(
            schedules=mortal(Schedules(self.url, clock), True),
            runs=mortal(Runs(self.url, clock), True),
            deliveries=mortal(Deliveries(self.url, clock), True),
            renderer=mortal(self),
            post=mortal(self.post or self),
            folder=self.files,
            clock=clock,
            data=self.data,
        )
        eyes = Looking(mortal(Alerts(self.url, clock), True), self.measure, self.data)
        self.workers[process.name] = Clockwork(doing, mortal(self), process.name, beat=3600.0, looking=eyes)
        return process

    def _work(self, process: Process) -> bool:
        """What the worker's loop does: a failure is logged and the next look comes; a death ends the process."""
        try:
            worked = self.workers[process.name].work_once()
        except Killed:
            return False
        except Exception:
            self.seen["troubles"] += 1
            return False
        self.looks.append(self.now)
        return worked

    def step(self) -> None:
        """Some minutes pass, at times hours or days without a worker; the dead are replaced; all work until at rest."""
        span = self.random.uniform(300, 3600)
        if self.chance(0.02):
            span = self.random.choice([3_600.0, 86_400.0, 5 * 86_400.0]) * self.random.uniform(0.8, 1.5)
            self.seen["downs"] += 1
        self.now += span
        if self.chance(0.05):
            self.version, self.imported = self.version + 1, self.now
        if self.chance(0.005):
            self.disk_full_until = self.now + 4 * 3600
            self.seen["full disks"] += 1
        self.processes = [self._process() if process.dead else process for process in self.processes]
        for process in self.random.sample(self.processes, len(self.processes)):
            for _ in range(30):
                if process.dead or not self._work(process):
                    break
        self._people()

    def _people(self) -> None:
        """What people do: resume what was paused, send again what failed, now and then what is in doubt."""
        for row in self.schedules.all("paused"):
            self.paused[row.id] += 1
            if self.chance(0.1):
                self.schedules.resume(row.id)
                self.born[f"{row.id} resumed"] = self.now
        if self.chance(0.05):
            for row in self.schedules.all():
                for run in self.runs.of(row.id, 3, ("failed", "in doubt")):
                    self._resend(run)

    def _resend(self, run: RunRow) -> None:
        states = ("failed", "in doubt") if self.chance(0.2) else ("failed",)
        if run.state == "in doubt" and "in doubt" not in states:
            return
        if "in doubt" in states:
            self.again |= {
                number for number, (state, _) in self.deliveries.states(run.id).items() if state == "in doubt"
            }
        self.deliveries.again(run.id, states)
        self.runs.again(run.id)
        self.seen["sent again"] += 1

    # Living, and what must hold.

    def add(
        self,
        text: str,
        catch_up: str = "latest",
        zone: str = "",
        gate: Gate | None = None,
        forms: str = "pdf",
        alert: str = "",
    ) -> str:
        """A schedule with a recipient for each form."""
        people = tuple(Recipient("mail", f"reader{n}@example.com", form) for n, form in enumerate(forms.split()))
        schedule = Schedule(
            id="", name=text, owner="asha@example.com", order=Order("brand=Gritzo"), recurrence=parsed(text),
            zone=zone or self.random.choice(ZONES), recipients=people, catch_up=catch_up, gate=gate or Gate(),
            rule=alerts.parsed(alert).as_record() if alert else None,
        )  # fmt: skip
        number = self.schedules.add(schedule.as_record())
        self.born[number] = self.now
        return number

    def live(self, days: float) -> None:
        """Lets so many days pass, then everything heal and come to rest."""
        until = self.now + days * 86_400
        while self.now < until:
            self.step()
        self.odds = Odds(0, 0, 0, 0, 0, 0, 0, 0)
        self.disk_full_until = 0.0
        for _ in range(16):
            self.now += 3600
            self.version, self.imported = self.version + 1, self.now
            self.processes = [self._process() if process.dead else process for process in self.processes]
            for process in self.processes:
                while self._work(process):
                    pass

    def check(self) -> Counter[str]:
        """Raises AssertionError where something does not hold; the runs counted by state."""
        states: Counter[str] = Counter()
        for kept in self.schedules.all():
            schedule = from_record(kept.record)
            rows = self.runs.of(kept.id, 100_000)
            if schedule.rule:
                self._check_alert(kept, rows)
            else:
                self._check_dues(schedule, kept.id, rows)
            for run in rows:
                states[run.state] += 1
                self._check_run(run, schedule)
        for number, copies in self.sink.items():
            assert copies <= 1 + (number in self.again), f"{number} came {copies} times"
        return states

    def _check_alert(self, kept: ScheduleRow, rows: list[RunRow]) -> None:
        """Each firing is one run and the other way round; between two the number came back; at rest none is owed."""
        state, rule = Alerts(self.url).of(kept.id), rule_of(kept.record["rule"])
        assert state is not None, "nobody looked"
        numbers = sorted(int(run.local.partition(ALERT)[2]) for run in rows)
        assert numbers == list(range(1, state.fires + 1)), f"{state.fires} firings made the runs {numbers}"
        assert all(run.why for run in rows), "a run without a why"
        turns = [one["what"] for one in state.past if one["what"] in ("fired", "armed")]
        assert all(one != other for one, other in pairwise(turns)), f"two in a row: {turns}"
        self.seen["fired"] += state.fires
        if kept.state == "active":
            assert state.version == self.version, "the last version was not looked at"
            owed = state.state == ARMED and state.value is not None and rule.holds(state.value)
            assert not owed, "the rule holds and nothing was sent"

    def _check_dues(self, schedule: Schedule, number: str, rows: list[RunRow]) -> None:
        """Each due time once: every row is one; what has no row passed while nobody worked, or while it was paused."""
        begun, end = (datetime.fromtimestamp(at, UTC) for at in (self.born[number], self.now))
        ends = {"holi": date(2026, 3, 8)}
        dues = due_between(schedule, begun, end + timedelta(seconds=5), ends)
        wanted = {due.key: due.moment.timestamp() for due in dues}
        keys = Counter(run.local for run in rows)
        assert all(count == 1 for count in keys.values()), "a due time stands twice"
        assert set(keys) <= set(wanted), "a run without a due time"
        for key, moment in wanted.items():
            if key in keys or self.paused[number] or moment > self.now - 10:
                continue
            assert schedule.catch_up != "all", f"{key} was missed"
            nearest = min((look for look in self.looks if look >= moment), default=self.now)
            before = max((look for look in self.looks if look < moment), default=self.born[number])
            assert nearest - before > 60, f"{key} was missed although workers looked at {before} and {nearest}"

    def _check_run(self, run: RunRow, schedule: Schedule) -> None:
        """At rest, never called sent when somebody is missing, never without a reason and a notice."""
        assert run.state in ENDED, f"a run is stuck: {run}"
        rows = self.deliveries.states(run.id)
        for recipient in schedule.recipients:
            number = message_id(run.id, recipient)
            state = rows.get(number, ("", ""))[0]
            assert state != "sending", "a sending is stuck"
            if run.state == "sent":
                assert state == "sent", f"called sent, and {recipient.address} is {state or 'not begun'}"
            if state == "sent":
                assert self.sink[number] >= 1, "shown as sent, and nobody got it"
            if self.sink[number]:
                assert state in ("sent", "in doubt"), f"arrived, and is shown as {state or 'not begun'}"
        if run.state != "sent":
            assert run.reason.endswith((".", "?")), f"no reason: {run}"
            assert any(key.startswith(run.id) for key in self.told), f"nobody was told of {run}"
            assert run.told, "told, and not noted"
