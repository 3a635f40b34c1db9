"""Decides that what is due is written down, taken by one worker, done, and told to the owner where it went wrong.

Any number of processes may run one each. Nothing is kept in memory that a death could lose: up to when a schedule was
looked at, what is due, who does it and who has been told stands in the ledger.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from data.ledger.runs import DueRow, RunRow
from data.ledger.schedules import ScheduleRow
from errors import UserError
from reports.delivery.recipient import Recipient
from reports.schedules import catchup, due, needs, periods
from reports.schedules.doing import NOW, Doing, Done
from reports.schedules.looking import Looking
from reports.schedules.schedule import FAILURES_BEFORE_PAUSE, Schedule, from_record

LOG = logging.getLogger("truelift.reports")
TICK_SECONDS = 1.0
BEAT_SECONDS = 10.0
PAUSED = f"The report failed {FAILURES_BEFORE_PAUSE} times in a row. Mend the cause, then resume the schedule."
_TOLD = {"failed": "was not sent", "in doubt": "may not have arrived", "skipped": "was skipped"}


@dataclass
class Clockwork:
    """One worker's clockwork. worker: its name in the ledger; beat: seconds between heartbeats while a run is done.

    looking: looks at the rules of alerts; None for a worker that leaves them to others.
    """

    doing: Doing
    notices: needs.Notices
    worker: str
    beat: float = BEAT_SECONDS
    looking: Looking | None = None
    _looked: float = field(default=float("-inf"), init=False)

    def work_once(self) -> bool:
        """Looks what is due, at most once a second, does one run and tells what must be told; whether it did a run."""
        now = self.doing.clock()
        if not 0 <= now - self._looked < TICK_SECONDS:
            self._looked = now
            self.tick(now)
        run = self.doing.runs.take(self.worker)
        if run:
            self._do(run)
        self.tell()
        return run is not None

    def tick(self, now: float) -> int:
        """Writes the due rows of every active schedule since it was last looked at; how many schedules had some.

        A sending that its process left behind for good is in doubt from now on, whatever became of its run.
        """
        self.doing.deliveries.sweep()
        return sum(self._look(row, now) for row in self.doing.schedules.all("active"))

    def send_now(self, schedule: Schedule, to: tuple[Recipient, ...] = ()) -> tuple[RunRow, Done]:
        """Makes and sends one report now, here, and says how it ended. to: instead of the schedule's recipients."""
        run = self.doing.runs.open_now(schedule.id, self.asked(schedule, to), self.worker)
        done = self._do(run)
        self.tell()
        return self.doing.runs.run(run.id) or run, done

    def asked(self, schedule: Schedule, to: tuple[Recipient, ...] = ()) -> DueRow:
        """The row of a run that somebody asks for now; its key is the moment."""
        now = self.doing.clock()
        key = f"{NOW}{datetime.fromtimestamp(now, UTC).isoformat()}"
        return DueRow(key, now, schedule.zone, recipients=tuple(one.as_record() for one in to))

    def tell(self) -> int:
        """Tells the owners of the runs that were not sent, and pauses what failed three times in a row; how many."""
        told = 0
        for run in self.doing.runs.untold():
            kept = self.doing.schedules.get(run.schedule)
            if kept and kept.id == run.schedule:
                said = self._sentence(run, kept)
                name, owner = str(kept.record.get("name", "")), str(kept.record.get("owner", ""))
                title = f"“{name}” {_TOLD[run.state]}"
                self.notices.tell(f"{run.id} {run.ended}", owner, title, said)
            self.doing.runs.told(run.id)
            told += 1
        return told

    def _sentence(self, run: RunRow, kept: ScheduleRow) -> str:
        """What the owner is told: which report, why; and that the schedule is paused, which is done here."""
        at = due.moment_words(datetime.fromtimestamp(run.due, UTC), run.zone)
        said = f"Due {at}: {run.reason}"
        if run.state == "skipped":
            return said
        failures = self.doing.runs.failures(run.schedule, kept.counted)
        if failures >= FAILURES_BEFORE_PAUSE:
            self.doing.schedules.pause(run.schedule, PAUSED)
            return f"{said} These are {failures} failures in a row, so the schedule is paused until you resume it."
        return said

    def _look(self, row: ScheduleRow, now: float) -> bool:
        """Writes what has come due of one schedule; one that cannot be read is paused and its owner told."""
        try:
            schedule = from_record(row.record)
            if schedule.rule is not None:
                return self._look_at_rule(row, schedule, now)
            found = due.due_between(schedule, _utc(self._since(row, schedule)), _utc(now), self._ends(schedule))
        except UserError as error:
            self._stop(row, f"{error}")
            return False
        if not found:
            return False
        if schedule.recurrence.kind == "campaign end":
            found = [one for one in found if not self.doing.runs.has(row.id, one.key)]
            if not found:
                return False
        return self.doing.schedules.look(row, now, catchup.rows(schedule, found, _utc(now)))

    def _look_at_rule(self, row: ScheduleRow, schedule: Schedule, now: float) -> bool:
        """Looks at a schedule's rule; without eyes for rules it is left to a worker that has them."""
        known: dict[str, date] = {}
        with contextlib.suppress(UserError):
            known = self._ends(schedule)
        return self.looking.look(row, schedule, now, known) if self.looking else False

    def _since(self, row: ScheduleRow, schedule: Schedule) -> float:
        """A campaign's end may be learnt of after its report was due: it counts from when the schedule began."""
        return row.counted if schedule.recurrence.kind == "campaign end" else row.looked

    def _ends(self, schedule: Schedule) -> dict[str, date]:
        return ends(schedule, self.doing.data) if schedule.recurrence.kind == "campaign end" else {}

    def _stop(self, row: ScheduleRow, reason: str) -> None:
        name, owner = str(row.record.get("name", "")), str(row.record.get("owner", ""))
        said = f"The schedule cannot be read any more and is paused. {reason}"
        self.notices.tell(f"{row.id} {row.looked}", owner, f"“{name}” is paused", said)
        self.doing.schedules.pause(row.id, reason)

    def _do(self, run: RunRow) -> Done:
        LOG.info("run %s of schedule %s, due %s", run.id, run.schedule, run.local)
        with self._beating(run):
            return self.doing.do(run, self.worker)

    @contextlib.contextmanager
    def _beating(self, run: RunRow) -> Iterator[None]:
        """Renews the lease from a thread beside, until the block ends; a busy ledger is tried again."""
        ended = threading.Event()

        def again() -> None:
            while not ended.wait(self.beat):
                try:
                    self.doing.runs.renew(run.id, self.worker)
                except Exception as error:
                    LOG.warning("the ledger did not answer: %s", error)

        beside = threading.Thread(target=again, daemon=True)
        beside.start()
        try:
            yield
        finally:
            ended.set()
            beside.join()


def ends(schedule: Schedule, data: Callable[[], needs.DataState]) -> dict[str, date]:
    """The last day of the campaign that a schedule waits for; empty while the data does not have it."""
    days = periods.days_of(schedule.recurrence.campaign, data().campaigns)
    return {schedule.recurrence.campaign: days[1]} if days else {}


def counted(row: ScheduleRow, failures: int) -> Schedule:
    """The schedule of a row, with its failures in a row. Raises UserError."""
    return replace(from_record(row.record), failures=failures)


def _utc(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)
