"""Decides what is said of a schedule and of its runs: when it is due, which days that covers, how each run ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from data.filters import Filters
from data.ledger.alerts import AlertRow
from data.ledger.deliveries import Deliveries
from data.ledger.runs import RunRow
from reports.schedules import due, periods
from reports.schedules.alerts import ALERT, ARMED
from reports.schedules.clockwork import ends
from reports.schedules.doing import NOW
from reports.schedules.due import moment_words
from reports.schedules.needs import DataState
from reports.schedules.schedule import Schedule

Data = Callable[[], DataState]
RUNS_AHEAD = 5


def coming(schedule: Schedule, data: Data) -> dict[str, Any]:
    """A schedule with its next five due times in words, and the days that the first of them covers."""
    waits = schedule.recurrence.kind == "campaign end"
    known = ends(schedule, data) if waits else {}
    now = datetime.now(UTC)
    dues = list(islice(due.due_times(schedule, now, known), RUNS_AHEAD)) if schedule.state == "active" else []
    said = schedule.as_record() | {"words": schedule.words(), "next": [due.words(one, schedule.zone) for one in dues]}
    query = _first(schedule, dues, data)
    covers = periods.words(query) if dues and query is not None else ""
    short = _unended(schedule, known, dues) or _short(query, data)
    return said | {"covers": covers, "waits": schedule.gate.words(), "short": short}


def _unended(schedule: Schedule, known: Mapping[str, date], dues: Sequence[due.Due]) -> str:
    """Why nothing comes of a campaign's end; '' where something does, or where no campaign is waited for."""
    if schedule.recurrence.kind != "campaign end" or dues or schedule.state != "active":
        return ""
    name = schedule.recurrence.campaign
    last = known.get(name)
    if last is None:
        return f"No campaign “{name}” is in the data: it is due after the end of one that is called so."
    return f"“{name}” ended on {last.day} {last:%b %Y}: nothing is due unless later days of it are imported."


def _short(query: str | None, data: Data) -> str:
    """That the first report would be empty with the data there are now; '' where it would not."""
    begins, last = Filters.from_query(query or "").since, data().last_day
    if not begins or not last or begins <= last:
        return ""
    return f"The data end on {last.day} {last:%b %Y}: without newer ones there is nothing to report."


def _first(schedule: Schedule, dues: Sequence[due.Due], data: Data) -> str | None:
    """The filters of the first report with its days; None when they are not known yet."""
    if not dues:
        return None
    days = None
    if schedule.period == periods.CAMPAIGN:
        days = periods.days_of(schedule.campaign, data().campaigns)
        if days is None:
            return None
    return periods.query(schedule.order.query, schedule.period, dues[0].local.date(), days)


def run_record(run: RunRow, deliveries: Deliveries, folder: Path | None = None) -> dict[str, Any]:
    """A run for programs. folder: of the reports, to name whole files."""
    there = [{"address": one.address, "form": one.form, "state": one.state, "reason": one.reason, "kind": one.kind}
             for one in deliveries.of(run.id)]  # fmt: skip
    files = [one["file"] if folder is None else str(folder / one["file"]) for one in run.files]
    at = moment_words(datetime.fromtimestamp(run.due, UTC), run.zone)
    keys = ("id", "schedule", "local", "state", "reason", "why", "remark", "edition", "version", "query", "tries")
    own = {key: getattr(run, key) for key in keys}
    asked = "asked for on" if run.local.startswith(NOW) else "fired on" if ALERT in run.local else "due"
    return own | {"due": at, "asked": asked, "ended": _iso(run.ended), "files": files, "recipients": there}


def alert_record(state: AlertRow | None, zone: str) -> dict[str, Any]:
    """What is known of a schedule's rule: its state, the last look, and what has changed, the newest first."""
    if state is None:
        return {"state": ARMED, "looked": "", "value": None, "said": "Nobody has looked yet.", "fires": 0, "past": []}
    past = [{"at": _moment(one["at"], zone), "what": one["what"], "said": one["said"]} for one in state.past]
    own = {key: getattr(state, key) for key in ("state", "value", "said", "fires", "version", "query")}
    return own | {"looked": _moment(state.at, zone), "past": past}


def _moment(at: float, zone: str) -> str:
    return moment_words(datetime.fromtimestamp(at, UTC), zone)


def _iso(at: float | None) -> str | None:
    return None if at is None else datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")


def address(one: Mapping[str, str]) -> str:
    """A recipient's address for people: a webhook's path may be its secret."""
    return "/".join(one["address"].split("/")[:3]) if one["kind"] == "webhook" else one["address"]


def none_due(said: Mapping[str, Any]) -> str:
    """Why nothing is due. said: what `coming` says."""
    if said["state"] != "active":
        return f"It is {said['state']}: {said['reason']}"
    if said.get("rule"):
        return "It is looked at whenever the data change."
    return "It is not due by itself." if said["recurrence"]["kind"] == "on demand" else "It is not due yet."
