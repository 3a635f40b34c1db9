"""Decides what a look at an alert's rule does: over which days, when, what was seen, and whether that makes a report.

A rule is looked at at the schedule's own times, whenever another version of the data is the current one, and at once
when it is new or has been changed. Of a look nothing is kept but the rule's state; a run is written only if it fires.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from analytics.watch import Watched, watched
from data.ledger.alerts import AlertRow, Alerts
from data.ledger.runs import DueRow
from data.ledger.schedules import ScheduleRow
from data.store import Store
from errors import UserError
from reports.schedules import due, firing, periods
from reports.schedules.alerts import ALERT, ARMED, FIRED, Rule, from_record, moved
from reports.schedules.needs import DataState
from reports.schedules.schedule import Schedule
from settings import Settings

LOG = logging.getLogger("truelift.reports")
_FAULT = "a fault in TrueLift; its log tells more"
_NOTHING_BEFORE = "the period before has nothing to compare with"
Measure = Callable[[Rule, str], Watched]
"""A rule and a query with the days → what is seen now. Raises UserError."""


@dataclass(frozen=True)
class Seen:
    """What one look saw. number: what is held against the threshold, NaN where it cannot be computed; `why` says so."""

    number: float
    watched: Watched | None = None
    why: str = ""


@dataclass(frozen=True)
class Moment:
    """When a look is: local, on the clocks of the schedule's zone, which decides the days; at: seconds since 1970."""

    local: datetime
    at: float


@dataclass(frozen=True)
class Looking:
    """All that looks need. data: the data's state now; measure: reads a number off the data."""

    alerts: Alerts
    measure: Measure
    data: Callable[[], DataState]

    def look(self, row: ScheduleRow, schedule: Schedule, now: float, ends: Mapping[str, date]) -> bool:
        """Looks at a schedule's rule if it is time; whether that made a run. Raises BadSchedule for a broken rule."""
        rule, state = from_record(schedule.rule or {}), self.alerts.of(row.id)
        about = "\n".join((rule.text(), schedule.order.query, schedule.period))
        known = state if state and state.about == about else _anew(row.id, about, state)
        since = max(row.looked, state.at if state else 0.0)
        dues = due.due_between(schedule, _utc(since), _utc(now), ends)
        version = self._version()
        if known is state and not dues and version in (0, known.version):
            return False
        moment = Moment(dues[-1].local, dues[-1].moment.timestamp()) if dues else _here(schedule, now)
        after, run = self._after(rule, schedule, known, moment, max(now, since), version)
        return self.alerts.look(row, state, after, run) and run is not None

    def glance(self, schedule: Schedule, now: float) -> tuple[str, bool]:
        """What a look would see now, in a sentence, and whether the rule would fire; nothing is kept."""
        rule = from_record(schedule.rule or {})
        seen = self.seen(rule, schedule, _here(schedule, now).local.date())
        fires = moved(rule, ARMED, seen.number)[1]
        return firing.glanced(rule, schedule.order.query, seen.watched, seen.why, fires), fires

    def seen(self, rule: Rule, schedule: Schedule, day: date) -> Seen:
        """What the rule's number is over the schedule's days, as they are counted from a day."""
        try:
            days = None
            if schedule.period == periods.CAMPAIGN:
                days = periods.days_of(schedule.campaign, self.data().campaigns)
            found = self.measure(rule, periods.query(schedule.order.query, schedule.period, day, days))
        except UserError as error:
            return Seen(math.nan, None, str(error))
        except Exception:
            LOG.exception("schedule %s: its rule could not be looked at", schedule.id)
            return Seen(math.nan, None, _FAULT)
        number = rule.of(found.value, found.lower, found.upper, found.before)
        if not math.isfinite(number):
            return Seen(math.nan, found, found.why or _NOTHING_BEFORE)
        return Seen(number, found)

    def _after(
        self, rule: Rule, schedule: Schedule, known: AlertRow, moment: Moment, now: float, version: int
    ) -> tuple[AlertRow, DueRow | None]:
        """The state after a look, and the run that it makes."""
        seen = self.seen(rule, schedule, moment.local.date())
        state, fires = moved(rule, known.state, seen.number)
        said = firing.said(rule, schedule.order.query, seen.watched, seen.why, known, (state, fires))
        number = None if math.isnan(seen.number) else seen.number
        after = replace(
            known, state=state, fires=known.fires + fires, at=now, value=number, said=said,
            query=seen.watched.query if seen.watched else "", version=seen.watched.version if seen.watched else version,
        )  # fmt: skip
        what = _changed(known, after)
        after = replace(after, past=({"at": now, "what": what, "said": said}, *known.past) if what else known.past)
        if not fires or seen.watched is None:
            return after, None
        key = f"{moment.local.isoformat(timespec='minutes')}{ALERT}{after.fires}"
        wanted = None if schedule.gate.kind else seen.watched.version
        return after, DueRow(key, moment.at, schedule.zone, why=said, wanted=wanted)

    def _version(self) -> int:
        try:
            return self.data().version
        except UserError:
            return 0


def looking(settings: Settings, data: Callable[[], DataState], clock: Callable[[], float] = time.time) -> Looking:
    """Looks at rules over the data and the ledger that the settings name."""
    store = Store(settings)

    def measure(rule: Rule, query: str) -> Watched:
        return watched(store, rule.metric, query, rule.is_change)

    return Looking(Alerts(settings.ledger, clock), measure, data)


def _anew(id: str, about: str, state: AlertRow | None) -> AlertRow:
    """The state of a rule that nobody has looked at; its firings are counted on, since they name the runs."""
    return AlertRow(id, about, ARMED, state.looks if state else 0, state.fires if state else 0)


def _changed(known: AlertRow, after: AlertRow) -> str:
    """What a look changed, as the state remembers it; '' where all is as it was."""
    if known.state != after.state:
        return "fired" if after.state == FIRED else "armed"
    first = not known.said
    if after.value is None:
        return "not computed" if first or known.value is not None else ""
    return "computed" if not first and known.value is None else ""


def _here(schedule: Schedule, now: float) -> Moment:
    return Moment(_utc(now).astimezone(due.zone(schedule.zone)).replace(tzinfo=None), now)


def _utc(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)
