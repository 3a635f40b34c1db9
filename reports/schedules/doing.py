"""Decides what happens in one run, and what is written down before and after each step, so that no death doubles it.

Period, gate, each form rendered once, preflight, each recipient once. Whatever ends a process between two steps, the
next worker finds in the ledger what was done: files are not made again, nobody is sent a second copy, and a sending
whose end nobody noted is in doubt.
"""

from __future__ import annotations

import logging
import mimetypes
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from data.filters import Filters
from data.ledger.deliveries import Deliveries
from data.ledger.runs import RunRow, Runs
from data.ledger.schedules import Schedules
from errors import UserError
from reports.delivery.headers import file_name
from reports.delivery.recipient import Outcome, Parcel, Recipient, message_id
from reports.delivery.recipient import from_record as recipient_from
from reports.schedules import gate, needs, periods
from reports.schedules.alerts import ALERT
from reports.schedules.due import moment_words
from reports.schedules.schedule import Schedule, from_record

LOG = logging.getLogger("truelift.reports")
LATE_SECONDS = 900.0
"""A run that begins later than this after its due time says so."""
LOOK_AGAIN_SECONDS = 60.0
"""How often a run that waits for data looks again."""
NOW = "now "
"""Begins the local due time of a run that somebody asked for."""
_FAULT = "a fault in TrueLift. Its log tells more under {id}."
_NOT_BEGUN = ("failed", "The sending was not begun.")
_MEDIA = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


class Lost(Exception):
    """The run is no longer ours: another worker took it over."""


@dataclass(frozen=True)
class Done:
    """What became of a run, for whoever asked for it. state: as in the ledger, or 'due' while it waits for data."""

    state: str
    reason: str = ""


@dataclass(frozen=True)
class Doing:
    """All that a run needs. folder: the reports folder. data: the data's state now; clock: seconds since 1970.

    preflight: a finished report → sentences that stop it. keep: makes an edition of a finished report, returns its id.
    printed: by an edition's id, its mark as the report shows it, label
    and value of its first tiles. domain: behind the @ of the mails' ids.
    """

    schedules: Schedules
    runs: Runs
    deliveries: Deliveries
    renderer: needs.Renderer
    post: needs.Post
    folder: Path
    clock: Callable[[], float]
    data: Callable[[], needs.DataState]
    preflight: Callable[[needs.Made], Sequence[str]] = needs.problems
    keep: Callable[[RunRow, needs.Made], str] = field(default=lambda run, made: str(getattr(made, "edition", "")))
    printed: Callable[[str], tuple[str, Sequence[tuple[str, str]]]] = lambda edition: (edition, ())
    domain: str = "truelift.invalid"

    def do(self, run: RunRow, worker: str) -> Done:
        """Does a run that this worker holds and writes how it ended. Raises nothing but what ends the process."""
        try:
            done = self._done(run, worker)
        except Lost:
            LOG.warning("run %s was taken over by another worker", run.id)
            return Done("running", "Another worker took the run over.")
        except UserError as error:
            done = Done("failed", str(error))
        except OSError as error:
            why = error.strerror or "the disk refused"
            done = Done("failed", f"The report could not be written: {why}. Make room, then send it again.")
        except Exception:
            LOG.exception("run %s failed", run.id)
            done = Done("failed", f"The report could not be made: {_FAULT.format(id=run.id[:8])}")
        except BaseException:
            self.runs.release(run.id, worker)
            raise
        if done.state == "failed" and self.deliveries.recover(run.id):
            done = Done("in doubt", done.reason)
        if done.state != "due":
            self.runs.end(run.id, worker, done.state, done.reason)
        return done

    def _done(self, run: RunRow, worker: str) -> Done:
        self.deliveries.recover(run.id)
        kept = self.schedules.get(run.schedule)
        if kept is None or kept.id != run.schedule:
            return Done("skipped", "The schedule was removed before the report was made.")
        schedule = from_record(kept.record)
        if schedule.state != "active" and not run.local.startswith(NOW):
            return Done("skipped", "The schedule was paused before the report was made.")
        if not self._has_files(run, schedule):
            verdict = self._judged(run, schedule)
            if verdict.act == "wait":
                self.runs.wait(run.id, worker, self.clock() + LOOK_AGAIN_SECONDS, verdict.sentence)
                return Done("due", verdict.sentence)
            if verdict.act == "skip":
                return Done("skipped", verdict.sentence)
            run = self._rendered(run, schedule, worker, verdict.sentence)
        return self._delivered(run, schedule, worker)

    def _judged(self, run: RunRow, schedule: Schedule) -> gate.Verdict:
        """The gate's word; a report that somebody asked for now does not wait."""
        if run.local.startswith(NOW) or not schedule.gate.kind:
            return gate.Verdict("go")
        last = next(iter(self.runs.of(schedule.id, 1, ("sent",))), None)
        due = datetime.fromtimestamp(run.due, ZoneInfo(run.zone))
        now = datetime.fromtimestamp(self.clock(), UTC)
        return gate.judged(schedule, due, now, self.data(), last.version if last else None)

    def _rendered(self, run: RunRow, schedule: Schedule, worker: str, stale: str) -> RunRow:
        """The run with its files: each form once, all from one version of the data. Raises UserError, OSError, Lost."""
        query = self._query(run, schedule)
        remark = " ".join(part for part in (run.mark, self._late(run), stale) if part)
        files: list[dict[str, str]] = []
        facts: dict[str, object] = {"query": query, "remark": remark}
        version = run.wanted or schedule.order.version
        for form in _forms(run, schedule):
            order = replace(schedule.order, query=query, form=form, version=version, schedule=schedule.id,
                            reason=run.why)  # fmt: skip
            out = self.folder / f"{run.id}.{form}"
            made = self.renderer.make(order, out, lambda *_: self._still(run, worker), lambda: None)
            stopped = list(self.preflight(made))
            if stopped:
                raise UserError(f"The report was stopped before it was sent: {' '.join(stopped)}")
            version = made.data_version
            files.append({"form": form, "file": made.file.name, "shown": _shown(schedule, query, form)})
            edition = self.keep(run, made)
            facts |= {"edition": facts.get("edition") or edition, "version": version}
            facts |= {"headline": facts.get("headline") or getattr(made, "headline", "")}
        if not self.runs.note(run.id, worker, files=files, **facts):
            raise Lost
        return replace(run, files=tuple(files), **facts)  # type: ignore[arg-type]

    def _delivered(self, run: RunRow, schedule: Schedule, worker: str) -> Done:
        """Sends to everybody who has not been tried yet; what the run is called then. Raises Lost."""
        parcel = self._parcel(run, schedule)
        for recipient in _recipients(run, schedule):
            number = message_id(run.id, recipient, self.domain)
            self._still(run, worker)
            if self.deliveries.begin(run.id, recipient, number, schedule.id):
                link = f"/reports/file/{run.id}.{recipient.form}"
                outcome = self._outcome(replace(parcel, link=link), recipient, number)
                self.deliveries.end(run.id, number, outcome.state, outcome.reason)
        states = self.deliveries.states(run.id)
        numbers = {message_id(run.id, one, self.domain): one.shown for one in _recipients(run, schedule)}
        return ended([(shown, *states.get(number, _NOT_BEGUN)) for number, shown in numbers.items()])

    def _outcome(self, parcel: Parcel, recipient: Recipient, number: str) -> Outcome:
        """What became of one sending; what nobody foresaw may have happened after it left."""
        try:
            return self.post.deliver(parcel, recipient, number)
        except UserError as error:
            return Outcome("failed", str(error))
        except Exception:
            LOG.exception("run %s: sending failed", parcel.run)
            return Outcome("in doubt", f"The sending was cut short by {_FAULT.format(id=parcel.run[:8])}")

    def _still(self, run: RunRow, worker: str) -> None:
        """Renews the lease. Raises Lost."""
        if not self.runs.renew(run.id, worker):
            raise Lost

    def _query(self, run: RunRow, schedule: Schedule) -> str:
        """The filters with the days that the report covers."""
        due = datetime.fromtimestamp(run.due, ZoneInfo(run.zone)).date()
        if not run.local.startswith(NOW):
            due = datetime.fromisoformat(run.local.partition(ALERT)[0]).date()
        days = None
        if schedule.period == periods.CAMPAIGN:
            days = periods.days_of(schedule.campaign, self.data().campaigns)
        return periods.query(schedule.order.query, schedule.period, due, days)

    def _late(self, run: RunRow) -> str:
        if run.local.startswith(NOW) or self.clock() - run.due <= LATE_SECONDS:
            return ""
        due, now = (moment_words(datetime.fromtimestamp(at, UTC), run.zone) for at in (run.due, self.clock()))
        return f"It was due on {due}, and made on {now}."

    def _has_files(self, run: RunRow, schedule: Schedule) -> bool:
        """Whether all that must be sent was made by an earlier try and is still there."""
        there = {one["form"] for one in run.files if (self.folder / one["file"]).is_file()}
        return bool(there) and there >= set(_forms(run, schedule))

    def _parcel(self, run: RunRow, schedule: Schedule) -> Parcel:
        due = moment_words(datetime.fromtimestamp(run.due, UTC), run.zone)
        filters = Filters.from_query(run.query)
        mark, tiles = self.printed(run.edition)
        return Parcel(
            run=run.id,
            schedule=schedule.id,
            title=schedule.name,
            sentence=run.headline or schedule.name,
            due=due,
            period=periods.words(run.query),
            filters=replace(filters, since=None, until=None).describe(),
            edition=mark,
            files=tuple((one["shown"], self.folder / one["file"], _media(one["form"])) for one in run.files),
            tiles=tuple(tiles),
            remark=" ".join(part for part in (run.why, run.remark) if part),
        )


def ended(parts: Sequence[tuple[str, str, str]]) -> Done:
    """What a run is called: sent only when nobody is missing. parts: recipient as shown, state, reason."""
    whole = f"{len(parts)} {'recipient' if len(parts) == 1 else 'recipients'}"
    told = {}
    for state, verb in (("failed", "did not get the report"), ("in doubt", "may or may not have got the report")):
        these = [(shown, reason) for shown, found, reason in parts if found == state]
        if these:
            said = " ".join(f"{shown}: {reason}" for shown, reason in these[:5])
            more = f" And {len(these) - 5} more." if len(these) > 5 else ""
            told[state] = f"{len(these)} of {whole} {verb}. {said}{more}"
    if told:
        return Done(next(iter(told)), " ".join(told.values()))
    if parts and all(state == "skipped" for _, state, _ in parts):
        return Done("skipped", "Nobody is left who wants the report: all have unsubscribed.")
    return Done("sent")


def _recipients(run: RunRow, schedule: Schedule) -> tuple[Recipient, ...]:
    """Those of the run, else those of the schedule, each once."""
    asked = tuple(recipient_from(one) for one in run.recipients) or schedule.recipients
    return tuple(dict.fromkeys(asked))


def _forms(run: RunRow, schedule: Schedule) -> tuple[str, ...]:
    """The forms that must be made: those of the recipients, or the order's own when there is nobody to send to."""
    return tuple(dict.fromkeys(one.form for one in _recipients(run, schedule))) or (schedule.order.form,)


def _shown(schedule: Schedule, query: str, form: str) -> str:
    """The name that readers see: the schedule's and the days."""
    filters = Filters.from_query(query)
    days = [day.isoformat() for day in (filters.since, filters.until) if day]
    return file_name(f"{schedule.name} {' to '.join(days)}".strip().replace("/", "-") + f".{form}")


def _media(form: str) -> str:
    return _MEDIA.get(form) or mimetypes.types_map.get(f".{form}", "application/octet-stream")
