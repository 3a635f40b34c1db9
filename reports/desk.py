"""Decides what the screen may ask of reports: choices, a preview of what is due, schedules and their history, editions.

Everything is said in plain words and dictionaries, so that layouts need to know nothing of this wing.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from data.filters import Filters
from data.ledger.alerts import Alerts
from data.ledger.deliveries import Deliveries
from data.ledger.editions import Edition, Editions
from data.ledger.runs import DueRow, RunRow, Runs
from data.ledger.schedules import ScheduleRow, Schedules
from errors import BadFilter, UserError
from reports.content.audiences import AUDIENCES
from reports.delivery.headers import file_name
from reports.delivery.recipient import Recipient, check
from reports.order import FORMS, PAPERS, Order
from reports.schedules import alerts, asked, due, periods, recurrence, told
from reports.schedules.doing import NOW
from reports.schedules.looking import looking
from reports.schedules.recurrence import BadSchedule
from reports.schedules.schedule import CATCH_UP, Schedule, from_record
from reports.schedules.standing import data_now
from settings import Settings

RUNS_SHOWN, EDITIONS_A_PAGE = 12, 20
IN_WORDS = {"pdf": "PDF", "html": "web page", "xlsx": "Excel", "json": "JSON"}
ARCHIVE = "pdf/a-3a"
BY = {"job": "a click", "command": "a command"}
GONE = "This schedule is not there any more. Load the page again."
STATEMENT = "A statement is about one influencer: choose exactly one in the filters, then ask again."


class Desk:
    """The door. answers: whose pages and values there are; clock: seconds since 1970."""

    def __init__(self, settings: Settings, answers: Any, clock: Callable[[], float] = time.time) -> None:
        self._settings, self._answers, self._clock = settings, answers, clock
        self._schedules, self._runs = Schedules(settings.ledger, clock), Runs(settings.ledger, clock)
        self._deliveries, self._editions = Deliveries(settings.ledger, clock), Editions(settings.ledger, clock)
        self._data = data_now(settings)

    def choices(self) -> dict[str, Any]:
        """What the forms offer: key → words, or plain lists."""
        pages = [*self._answers.pages, *getattr(self._answers, "paper_pages", ())]
        return {
            "templates": {one.key: f"{one.title}: {one.says}" for one in AUDIENCES.values()},
            "pages": {one.key: one.title for one in pages}, "tabs": {one.path: one.key for one in self._answers.pages},
            "forms": {key: IN_WORDS[key] for key in FORMS}, "papers": list(PAPERS), "archive": ARCHIVE,
            "periods": list(periods.PERIODS), "zones": sorted(due.zones()), "kinds": list(recurrence.KINDS),
            "weekdays": list(recurrence.WEEKDAYS), "catch_up": list(CATCH_UP), "zone": self._settings.timezone,
            "owner": self._settings.owner, "has_mail": self._settings.smtp is not None, "alert": alerts.EXAMPLE,
        }  # fmt: skip

    def wanted(self, query: str, path: str, wish: Mapping[str, Any]) -> tuple[tuple[str, ...], str, dict[str, str]]:
        """Pages, form and options of a report that is asked for at once. Raises UserError.

        wish: template, form, paper, archive, only (this tab). path: of the tab that is open.
        """
        template, form = str(wish.get("template") or "brand"), str(wish.get("form") or "pdf")
        tab = {page.path: page.key for page in self._answers.pages}.get(path)
        if wish.get("only") and tab is None:
            raise BadFilter("No tab is open here: open the one that you want, or ask for all tabs.")
        if template == "statement" and len(Filters.from_query(query).influencer) != 1:
            raise BadFilter(STATEMENT)
        variant = ARCHIVE if wish.get("archive") and form == "pdf" else ""
        pages = (tab,) if wish.get("only") and tab and template != "statement" else ()
        order = Order(query, pages, form, template, str(wish.get("paper") or "A4"), variant)
        return order.pages, order.form, order.options()

    def preview(self, fields: Mapping[str, Any], query: str, id: str = "") -> dict[str, Any]:
        """When the schedule of a form would be due, which days the first report covers, and what it waits for.

        Raises UserError with one sentence about what is wrong.
        """
        schedule = self._asked(fields, query, id, is_draft=True)
        said = told.coming(schedule, self._data)
        shown = {key: said[key] for key in ("next", "covers", "waits", "zone", "period", "short")}
        return shown | {"when": _when(schedule), "is_alert": schedule.rule is not None, "none": told.none_due(said),
                        "view": _view(schedule.order), "now": self._glance(schedule)}  # fmt: skip

    def _glance(self, schedule: Schedule) -> str:
        """What an alert's number is now, and whether it would fire; '' for what is no alert."""
        if schedule.rule is None:
            return ""
        return looking(self._settings, self._data, self._clock).glance(schedule, self._clock())[0]

    def keep(self, fields: Mapping[str, Any], query: str, id: str = "") -> str:
        """Keeps the schedule of a form, or changes the one of that id; returns its name. Raises UserError."""
        schedule = self._asked(fields, query, id)
        if id and not self._schedules.change(self._row(id).id, schedule.as_record()):
            raise BadSchedule(GONE)
        if not id:
            self._schedules.add(schedule.as_record())
        return schedule.name

    def fields(self, id: str) -> dict[str, Any]:
        """What the form shows of a schedule that is kept, with its filters as `query`. Raises UserError."""
        schedule = from_record(self._row(id).record)
        return asked.fields_of(schedule) | {"id": id, "query": schedule.order.query}

    def _asked(self, fields: Mapping[str, Any], query: str, id: str, is_draft: bool = False) -> Schedule:
        """What the form does not ask stays as it was: theme, holidays, state."""
        said = asked.of_fields(fields, query, is_draft)
        old = from_record(self._row(id).record) if id else None
        if old:
            order = replace(said.order, brand=old.order.brand, version=old.order.version)
            said = replace(said, order=order, holidays=old.holidays)
        schedule = asked.schedule_of(said, self._settings, id)
        self._answers.canonical(schedule.order.query)
        if schedule.order.audience == "statement" and len(Filters.from_query(schedule.order.query).influencer) != 1:
            raise BadSchedule(STATEMENT)
        return replace(schedule, state=old.state, reason=old.reason) if old else schedule

    def schedules(self) -> list[dict[str, Any]]:
        """All schedules in words, each with its last run; one that cannot be read with why."""
        return [self._schedule(row) for row in self._schedules.all()]

    def _schedule(self, row: ScheduleRow) -> dict[str, Any]:
        said = {"id": row.id, "name": str(row.record.get("name", "")), "state": row.state, "reason": row.reason,
                "last": self.last(row.id)}  # fmt: skip
        try:
            schedule = from_record(row.record)
            ahead = told.coming(schedule, self._data)
        except UserError as error:
            return said | {"state": "broken", "reason": f"{error}", "what": "", "when": "", "next": "", "to": []}
        to = [f"{told.address(one)} ({IN_WORDS[one['form']]})" for one in ahead["recipients"]]
        what = f"{_view(schedule.order)} · {schedule.period} · {AUDIENCES[schedule.order.audience].title}"
        return said | {"what": what, "when": f"{_when(schedule)} ({schedule.zone})", "to": to,
                       "next": next(iter(ahead["next"]), ""), "waits": ahead["waits"], "owner": schedule.owner,
                       "catch_up": schedule.catch_up, "looked": self._looked(schedule)}  # fmt: skip

    def _looked(self, schedule: Schedule) -> str:
        """What the last look at an alert's number found, and when; '' for what is no alert."""
        if schedule.rule is None:
            return ""
        state = told.alert_record(Alerts(self._settings.ledger).of(schedule.id), schedule.zone)
        return f"{state['said']} ({state['looked']})" if state["looked"] else state["said"]

    def last(self, id: str) -> dict[str, Any] | None:
        """The latest run of a schedule in words; None before the first."""
        return next((self._run(run) for run in self._runs.of(id, 1)), None)

    def history(self, id: str) -> list[dict[str, Any]]:
        """The latest runs of a schedule with their files and recipients, the newest first."""
        return [self._run(run) for run in self._runs.of(id, RUNS_SHOWN)]

    def _run(self, run: RunRow) -> dict[str, Any]:
        record = told.run_record(run, self._deliveries)
        files = [{"href": f"/reports/file/{run.id}.{one['form']}", "form": IN_WORDS.get(one["form"], one["form"])}
                 for one in run.files if (self._settings.reports_dir / one["file"]).is_file()]  # fmt: skip
        sent_to = [one | {"shown": told.address(one), "form": IN_WORDS.get(one["form"], "")}
                   for one in record["recipients"]]  # fmt: skip
        missed = {one["state"] for one in sent_to} & {"failed", "in doubt"} if run.state in AGAIN else set()
        again = "failed" if run.state == "failed" or "failed" in missed else ""
        return record | {"files": files, "recipients": sent_to, "ended": self._moment(run.ended), "again": again,
                         "in_doubt": "in doubt" in missed, "asked": record["asked"],
                         "covers": periods.words(run.query) if run.query else ""}  # fmt: skip

    def act(self, what: str, id: str) -> str:
        """Does one thing with a schedule (now, everybody, pause, resume, remove) or a run (resend, resend in doubt).

        Returns what was done, a sentence. Raises UserError.
        """
        acts: dict[str, Callable[[str], str]] = {
            "now": self._now, "everybody": self._everybody, "pause": self._pause, "resume": self._resume,
            "remove": self._remove, "resend": self._resend,
            "resend in doubt": lambda run: self._resend(run, is_doubt=True),
        }  # fmt: skip
        return acts[what](id)

    def _row(self, id: str) -> ScheduleRow:
        found = self._schedules.get(id)
        if found is None or found.id != id:
            raise BadSchedule(GONE)
        return found

    def _now(self, id: str) -> str:
        """To the owner alone."""
        schedule = from_record(self._row(id).record)
        me = Recipient("mail", schedule.owner, schedule.order.form)
        return self._open(schedule, (me,), schedule.owner)

    def _everybody(self, id: str) -> str:
        schedule = from_record(self._row(id).record)
        return self._open(schedule, (), "everybody it goes to")

    def _open(self, schedule: Schedule, to: tuple[Recipient, ...], whom: str) -> str:
        for recipient in to or schedule.recipients:
            check(recipient, self._settings)
        now = self._clock()
        key = f"{NOW}{datetime.fromtimestamp(now, UTC).isoformat()}"
        row = DueRow(key, now, schedule.zone, recipients=tuple(one.as_record() for one in to))
        self._runs.open_now(schedule.id, row)
        return f"Asked for, to {whom}: “Last run” says how it ends."

    def _pause(self, id: str) -> str:
        self._schedules.pause(self._row(id).id, "Paused by hand.")
        return "Paused: nothing is made until you resume it."

    def _resume(self, id: str) -> str:
        self._schedules.resume(self._row(id).id)
        return "Active again. What passed meanwhile is not made."

    def _remove(self, id: str) -> str:
        row = self._row(id)
        self._schedules.remove(row.id)
        return f"“{row.record.get('name', '')}” is removed. Its reports stay among the editions."

    def _resend(self, id: str, is_doubt: bool = False) -> str:
        run = self._runs.run(id)
        if run is None or run.id != id or run.state not in AGAIN:
            raise BadSchedule("This run cannot be sent again any more. Load the page again.")
        self._deliveries.again(run.id, AGAIN if is_doubt else ("failed",))
        self._runs.again(run.id)
        return "Due again: a worker sends it to those who did not get it."

    def notices(self) -> list[dict[str, Any]]:
        """What went wrong and nobody has put away: key, title, sentence, when, and what became of its mail."""
        return [{"key": one.key, "title": one.title, "sentence": one.sentence, "when": self._moment(one.created),
                 "mail": one.reason} for one in self._deliveries.notices(unseen=True, limit=NOTICES_SHOWN)]  # fmt: skip

    def seen(self, key: str) -> None:
        """Puts a notice away."""
        self._deliveries.see(key)

    def editions(self, page: int = 0) -> dict[str, Any]:
        """A page of all that was made, newest first: total, page, pages, rows."""
        total = self._editions.count()
        pages = max(1, -(-total // EDITIONS_A_PAGE))
        page = min(max(page, 0), pages - 1)
        names = {row.id: str(row.record.get("name", "")) for row in self._schedules.all()}
        rows = self._editions.newest(EDITIONS_A_PAGE, page * EDITIONS_A_PAGE)
        return {"total": total, "page": page, "pages": pages, "rows": [self._edition(one, names) for one in rows]}

    def _edition(self, one: Edition, names: Mapping[str, str]) -> dict[str, Any]:
        name = names.get(one.asked.schedule)
        by = BY.get(one.asked.by) or (f"the schedule “{name}”" if name else "a schedule that was removed")
        audience = AUDIENCES.get(one.audience)
        return {
            "id": one.id, "mark": one.mark, "view": _words(one.query), "headline": one.headline, "by": by,
            "template": audience.title if audience else one.audience, "form": IN_WORDS.get(one.form, one.form),
            "version": one.data_version, "made": self._moment(one.made),
            "pages": one.page_count if one.form == "pdf" else 0,
            "href": f"/reports/file/{one.id}.{one.form}" if self.file(one.id, one.form) else "",
        }  # fmt: skip

    def file(self, id: str, form: str) -> str:
        """The file of an edition or a run within the reports folder; '' when there is none."""
        edition = self._editions.edition(id)
        run = self._runs.run(id) if edition is None else None
        names = [edition.file] if edition and edition.form == form else []
        names += [one["file"] for one in run.files if one["form"] == form] if run and run.id == id else []
        return next((name for name in names if (self._settings.reports_dir / name).is_file()), "")

    def edition_file(self, id: str) -> str:
        """The file of an edition; '' when it is gone."""
        edition = self._editions.edition(id)
        return self.file(id, edition.form) if edition else ""

    def shown(self, file: str, form: str) -> str:
        """The name under which a file is offered: brand, days and edition where they are known."""
        edition = self._editions.of_file(file)
        if edition is None:
            return f"TrueLift report.{form}"
        filters = Filters.from_query(edition.query)
        days = " to ".join(day.isoformat() for day in (filters.since, filters.until) if day)
        brands = ", ".join(filters.brand[:3]) or "all brands"
        return file_name(" ".join(part for part in ("TrueLift", brands, days, edition.mark) if part) + f".{form}", 140)

    def signs(self) -> dict[str, str]:
        """What changes when something new is to be shown: schedules, runs, notices and editions."""
        kept = self._schedules.all()
        runs = [(run.id, run.state, run.reason, run.ended) for row in kept for run in self._runs.of(row.id, 1)]
        rows = [(row.id, row.state, row.reason, row.looked) for row in kept]
        notices = [one.key for one in self._deliveries.notices(unseen=True, limit=NOTICES_SHOWN)]
        found = {"schedules": rows, "runs": runs, "notices": notices, "editions": self._editions.count()}
        return {key: json.dumps(value) for key, value in found.items()}

    def _moment(self, at: float | None) -> str:
        if at is None:
            return ""
        there = datetime.fromtimestamp(at, ZoneInfo(self._settings.timezone))
        return f"{there.day} {there:%b %Y, %H:%M}"


AGAIN = ("failed", "in doubt")
NOTICES_SHOWN = 20


def _words(query: str) -> str:
    try:
        return Filters.from_query(query).describe()
    except UserError:
        return query


def _when(schedule: Schedule) -> str:
    """How often it is made; of an alert when it fires, and how often that is looked at."""
    often = schedule.recurrence.words()
    return often if schedule.rule is None else f"when {alerts.from_record(schedule.rule).words()}, looked at {often}"


def _view(order: Order) -> str:
    return _words(order.query)
