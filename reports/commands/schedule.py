"""Decides what `schedule` takes: standing orders are made, looked at, paused, taken away, and sent once at will."""

from __future__ import annotations

import argparse
import contextlib
import os
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from data.filters import Filters
from data.ledger.alerts import Alerts
from data.ledger.deliveries import Deliveries
from data.ledger.runs import RunRow, Runs
from data.ledger.schedules import REMOVED, ScheduleRow, Schedules
from data.store import Store
from errors import NoData
from reports.commands import Commands, scheduled, usual
from reports.commands.work import renderer_of
from reports.delivery.recipient import Recipient, check
from reports.order import FORMS, Order
from reports.report import chosen
from reports.schedules import alerts, periods, recurrence, wired
from reports.schedules.asked import Said, schedule_of, with_form
from reports.schedules.looking import looking
from reports.schedules.recurrence import BadSchedule
from reports.schedules.schedule import CATCH_UP, Schedule, days_of, from_record, gate_of
from reports.schedules.standing import data_now
from reports.schedules.told import alert_record, coming, run_record
from settings import Settings

_ALERT = f"only when a number is so, as “{alerts.EXAMPLE}”: looked at whenever the data change, and as --when says"
_WHEN = f"how often, as {'; '.join(f'“{text}”' for text in recurrence.EXAMPLES.values())}"


def add(commands: Commands) -> None:
    """Declares the command and its verbs."""
    parser = commands.add_parser("schedule", help="reports that are made and sent by themselves")
    verbs = parser.add_subparsers(dest="verb", required=True)
    for name, help, act, declare in (
        ("add", "keep a schedule, after saying when it is due next", _add, _declare),
        ("preview", "say when it would be due next, and keep nothing", _preview, _declare),
        ("list", "all schedules", _list, _nothing),
        ("show", "one schedule: when it is due next, and its history", _show, _shown),
        ("pause", "stop a schedule", _pause, _named),
        ("resume", "start a paused schedule; what passed meanwhile is not made", _resume, _named),
        ("run", "make and send its report now, and say how it ended", _run, _run_words),
        ("resend", "send a run again to those who did not get it", _resend, _resent),
        ("remove", "take a schedule away; its history stays", _remove, _named),
    ):
        verb = verbs.add_parser(name, help=help)
        declare(verb)
        verb.add_argument("--json", action="store_true", help="say it as JSON, for programs")
        usual(verb)
        verb.set_defaults(run=run, act=act)


def run(options: argparse.Namespace) -> int:
    """Carries out one verb; 0, or 2 when a report that was to be sent now was not. Raises UserError."""
    act: Callable[[argparse.Namespace], int] = options.act
    return act(options)


def _nothing(parser: argparse.ArgumentParser) -> None:
    """No words of its own."""


def _named(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", help="the schedule's id, or how it begins")


def _shown(parser: argparse.ArgumentParser) -> None:
    _named(parser)
    parser.add_argument("--runs", type=int, default=20, metavar="N", help="how many runs of its history (default: 20)")


def _run_words(parser: argparse.ArgumentParser) -> None:
    _named(parser)
    parser.add_argument("--to-me", action="store_true", help="to the schedule's owner only")
    _readers(parser)


def _resent(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", help="the run's id, or how it begins: `schedule show` lists them")
    parser.add_argument("--in-doubt", action="store_true", help="also to those who may have got it already")


def _readers(parser: argparse.ArgumentParser) -> None:
    """Words that name recipients; each may be given several times."""
    for kind, example in (("mail", "asha@brand.com"), ("folder", "board/weekly"), ("webhook", "https://hooks.…")):
        said = f"send it to this {kind}, as {example}; “,xlsx” behind it: in that format"
        parser.add_argument(f"--{kind}", action="append", default=[], metavar="TO", help=said)
    parser.add_argument("--format", default="pdf", help=f"for recipients without their own: {', '.join(FORMS)}")


def _declare(parser: argparse.ArgumentParser) -> None:
    """All words of a schedule."""
    for word, default, said in (
        ("--name", "", "what it is called, in mails and lists"),
        ("--owner", "", "mail address of who is told when it fails (default: TRUELIFT_OWNER)"),
        ("--when", "", _WHEN),
        ("--alert", "", _ALERT),
        ("--zone", "", "time zone by its place, as Asia/Kolkata (default: TRUELIFT_TIMEZONE)"),
        ("--period", "last full week", f"the days it covers: {', '.join(periods.PERIODS)}"),
        ("--query", "", "filters as in the address, for example “brand=Gritzo”"),
        ("--pages", "", "tabs by name, with commas (default: those of the template)"),
        ("--template", "brand", "for whom it is written (default: brand)"),
        ("--paper", "A4", "A4 or Letter (default: A4)"),
        ("--variant", "", "of the PDF: pdf/a-3u, pdf/a-3a or pdf/ua-1 (default: a tagged PDF)"),
        ("--brand", "", "theme file to dress it in (default: the house's)"),
        ("--catch-up", "latest", f"after a time without a worker: {', '.join(CATCH_UP)} (default: latest)"),
        ("--fresh", "", "wait for fresh data: “imported 6h”, “rows 2d” (before the due time) or “new”"),
        ("--wait", "4h", "how long it waits for them (default: 4h)"),
        ("--stale", "send", "and then: send it marked, or skip it (default: send)"),
        ("--holidays", "", "days that are no business days, with commas or @FILE with one a line"),
    ):
        parser.add_argument(word, default=default, help=said.replace("%", "%%"))
    _readers(parser)


def asked(options: argparse.Namespace) -> Schedule:
    """The schedule that the words say, checked as far as it can be before it runs. Raises UserError."""
    settings: Settings = options.settings
    pages = tuple(page.strip() for page in options.pages.split(",") if page.strip())
    order = Order(
        query=options.query.removeprefix("?"), pages=pages, form=options.format, audience=options.template,
        paper=options.paper, variant=options.variant, brand=options.brand,
    )  # fmt: skip
    often = recurrence.parsed(options.when or ("on demand" if options.alert else ""))
    said = Said(
        order, often, options.name, options.owner, options.zone, options.period,
        recipients(options), options.catch_up, gate_of(options.fresh, options.wait, options.stale),
        days_of(_listed(options.holidays)), options.alert,
    )  # fmt: skip
    with contextlib.suppress(NoData):
        Store(settings).now().resolved(Filters.from_query(order.query))
    with contextlib.suppress(NoData):
        chosen(options.opener(settings, None), order.pages)
    return schedule_of(said, settings)


def recipients(options: argparse.Namespace) -> tuple[Recipient, ...]:
    """Those that the words name, each once. Raises UserError."""
    kinds = ("mail", "folder", "webhook")
    found = [with_form(kind, text, options.format) for kind in kinds for text in getattr(options, kind)]
    return tuple(dict.fromkeys(found))


def _listed(text: str) -> list[str]:
    """Days with commas, or one a line of @FILE. Raises BadSchedule."""
    if text.startswith("@"):
        try:
            text = Path(text[1:]).read_text(encoding="utf-8").replace("\n", ",")
        except (OSError, UnicodeDecodeError):
            raise BadSchedule(f"{text[1:]} cannot be read as a list of holidays. Write one day a line.") from None
    return [part for part in text.split(",") if part.strip()]


def _preview(options: argparse.Namespace) -> int:
    schedule = asked(options)
    scheduled.tell(_ahead(options, schedule), options.json)
    return 0


def _ahead(options: argparse.Namespace, schedule: Schedule) -> dict[str, Any]:
    """What is coming; of an alert also what its number is now, and whether it would fire."""
    data = data_now(options.settings)
    said = coming(schedule, data)
    if schedule.rule is None:
        return said
    now, fires = looking(options.settings, data).glance(schedule, time.time())
    return said | {"now": now, "fires": fires}


def _add(options: argparse.Namespace) -> int:
    schedule = asked(options)
    ahead = _ahead(options, schedule)
    if not options.json:
        scheduled.tell(ahead, False)
    number = Schedules(options.settings.ledger).add(schedule.as_record())
    saved = {"saved": f"Saved as {number}. A worker makes it: python -m reports work.", "id": number}
    scheduled.tell({**ahead, **saved} if options.json else saved, options.json)
    return 0


def _list(options: argparse.Namespace) -> int:
    ledger = options.settings.ledger
    kept = Schedules(ledger).all()
    scheduled.tell_all(kept, Runs(ledger), Alerts(ledger), data_now(options.settings), options.json)
    return 0


def _one(options: argparse.Namespace, removed: bool = False) -> ScheduleRow:
    """The schedule that is named, one that was removed too where only its history is told. Raises BadSchedule."""
    found = Schedules(options.settings.ledger).get(options.id, removed)
    if found is None:
        raise BadSchedule(f"No schedule “{options.id[:40]}”, or several begin so. See `schedule list`.")
    return found


def _show(options: argparse.Namespace) -> int:
    row, ledger = _one(options, removed=True), options.settings.ledger
    runs = Runs(ledger).of(row.id, max(1, options.runs))
    failures = Runs(ledger).failures(row.id, row.counted)
    gone = {"state": REMOVED, "reason": "nothing is sent any more."} if row.state == REMOVED else {}
    row = replace(row, record=row.record | {"state": "paused"}) if gone else row
    said = scheduled.history(row, runs, failures, Deliveries(ledger), data_now(options.settings)) | gone
    if said["rule"]:
        said["alert"] = alert_record(Alerts(ledger).of(row.id), said["zone"])
    scheduled.tell(said, options.json)
    return 0


def _pause(options: argparse.Namespace) -> int:
    row = _one(options)
    if not Schedules(options.settings.ledger).pause(row.id, "Paused by hand."):
        raise BadSchedule(f"“{row.record['name']}” is paused already: {row.reason}")
    scheduled.tell({"id": row.id, "saved": f"“{row.record['name']}” is paused."}, options.json)
    return 0


def _resume(options: argparse.Namespace) -> int:
    row = _one(options)
    if not Schedules(options.settings.ledger).resume(row.id):
        raise BadSchedule(f"“{row.record['name']}” is not paused.")
    said = {"id": row.id, "saved": f"“{row.record['name']}” is active again."}
    schedule = from_record({**row.record, "state": "active", "reason": ""})
    scheduled.tell(said | coming(schedule, data_now(options.settings)), options.json)
    return 0


def _remove(options: argparse.Namespace) -> int:
    row = _one(options)
    Schedules(options.settings.ledger).remove(row.id)
    scheduled.tell(
        {
            "id": row.id,
            "saved": f"“{row.record['name']}” is removed; `schedule show {row.id}` still tells its history.",
        },
        options.json,
    )
    return 0


def _run(options: argparse.Namespace) -> int:
    """Makes it here, so that what is said is the real error."""
    settings, row = options.settings, _one(options)
    schedule = from_record(row.record)
    to = (Recipient("mail", schedule.owner, options.format),) if options.to_me else recipients(options)
    for recipient in to:
        check(recipient, settings)
    worker = f"{socket.gethostname()}-{os.getpid()}-command"
    with contextlib.closing(renderer_of(options)) as renderer:
        made, done = wired.clockwork(settings, renderer, worker).send_now(schedule, to)
    record = run_record(made, Deliveries(settings.ledger), settings.reports_dir)
    if options.json:
        scheduled.tell(record, True)
    else:
        print("\n".join(scheduled.run_lines(record)), file=sys.stdout if done.state == "sent" else sys.stderr)
    return 0 if done.state == "sent" else 2


def _resend(options: argparse.Namespace) -> int:
    ledger = options.settings.ledger
    runs, deliveries = Runs(ledger), Deliveries(ledger)
    run = _ended(runs.run(options.id), options.id)
    if run.state == "in doubt" and not options.in_doubt:
        raise BadSchedule("Nobody of that run failed; some may have got it. Send it to them again with --in-doubt.")
    deliveries.again(run.id, ("failed", "in doubt") if options.in_doubt else ("failed",))
    runs.again(run.id)
    said = "It is due again: a worker sends it to those who did not get it (python -m reports work)."
    scheduled.tell({"id": run.id, "saved": said}, options.json)
    return 0


def _ended(run: RunRow | None, id: str) -> RunRow:
    """A run that may be sent again. Raises BadSchedule."""
    if run is None:
        raise BadSchedule(f"No run “{id[:40]}”, or several begin so. See `schedule show`.")
    if run.state not in ("failed", "in doubt"):
        raise BadSchedule(f"That run is {run.state}: only one that failed or is in doubt can be sent again.")
    return run
