"""Decides what a schedule is: what is asked for, how often, in whose zone, over which days, for whom, and when not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from data.filters import Filters
from errors import suggest
from reports.delivery import addresses
from reports.delivery.recipient import Recipient
from reports.delivery.recipient import from_record as recipient_from
from reports.order import Order
from reports.order import from_record as order_from
from reports.schedules import alerts, due, periods, recurrence
from reports.schedules.recurrence import BadSchedule, Recurrence

CATCH_UP = ("latest", "all", "none")
STATES = ("active", "paused")
GATES = ("", "imported", "rows", "new")
MOST_HOURS = 24 * 366
LONGEST_NAME = 120
FAILURES_BEFORE_PAUSE = 3
_LENGTH = re.compile(r"([0-9]{1,4}) ?(h|hours?|d|days?)", re.ASCII)


@dataclass(frozen=True)
class Gate:
    """How fresh the data must be. kind: '' (no matter), 'imported' (at most `hours` before due), 'rows' (they reach at
    least the day that lies `hours` before due), 'new' (another version than the last run's).

    wait: hours after due during which it is waited for; otherwise: then 'send' it marked as stale, or 'skip' it.
    """

    kind: str = ""
    hours: int = 0
    wait: int = 4
    otherwise: str = "send"

    def __post_init__(self) -> None:
        if self.kind not in GATES:
            raise BadSchedule(f"Data cannot be “{self.kind}” before a report. {suggest(self.kind, GATES[1:])}")
        if self.otherwise not in ("send", "skip"):
            raise BadSchedule(f"“{self.otherwise}” is no choice when data stay old. Choose send or skip.")
        if not 0 <= self.hours <= MOST_HOURS or not 0 <= self.wait <= MOST_HOURS:
            raise BadSchedule(f"The hours of the data's freshness are not 0 to {MOST_HOURS}. Write them as 6h or 2d.")

    def words(self) -> str:
        """What it waits for, in words; '' where it waits for nothing."""
        if not self.kind:
            return ""
        what = {
            "imported": f"data imported at most {length_words(self.hours)} before the due time",
            "rows": f"rows up to {length_words(self.hours)} before the due time",
            "new": "data newer than the last report's",
        }
        then = "is sent, marked" if self.otherwise == "send" else "is skipped"
        return f"waits up to {length_words(self.wait)} for {what[self.kind]}, then {then}"


def gate_of(text: str, wait: str = "4h", otherwise: str = "send") -> Gate:
    """A gate from texts: “imported 6h”, “rows 2d”, “new”, “”. Raises BadSchedule."""
    kind, _, rest = " ".join(text.casefold().split()).partition(" ")
    if kind in ("imported", "rows"):
        return Gate(kind, hours_of(rest), hours_of(wait), otherwise)
    if rest:
        raise BadSchedule(f"“{text[:40]}” says nothing about data. Write imported 6h, rows 2d or new.")
    return Gate(kind, 0, hours_of(wait), otherwise)


def hours_of(text: str) -> int:
    """Hours from “6h” or “2d”. Raises BadSchedule."""
    found = _LENGTH.fullmatch(text.strip())
    if not found:
        raise BadSchedule(f"“{text[:40]}” is no length of time. Write hours as 6h or days as 2d.")
    return int(found[1]) * (24 if found[2].startswith("d") else 1)


def length_words(hours: int) -> str:
    """Hours in words: “6 hours”, “2 days”."""
    number, unit = (hours // 24, "day") if hours and hours % 24 == 0 else (hours, "hour")
    return f"{number} {unit}{'' if number == 1 else 's'}"


@dataclass(frozen=True)
class Schedule:
    """One standing order. Raises BadSchedule, BadFilter.

    owner: the mail address that is told when something fails. order: filters, pages, audience, paper; its form is
    made where nobody is to be sent anything. period: one of periods.PERIODS. zone: name of a time zone. catch_up:
    after a time without a worker: the latest due time only, all, or none. state: 'active' or 'paused', with reason.
    failures: in a row, until now. rule: of the alert that triggers it (reports.schedules.alerts), as its record with at
    least its `text`; None without one.
    """

    id: str
    name: str
    owner: str
    order: Order
    recurrence: Recurrence
    zone: str
    period: str = "last full week"
    recipients: tuple[Recipient, ...] = ()
    catch_up: str = "latest"
    gate: Gate = field(default_factory=Gate)
    holidays: tuple[date, ...] = ()
    state: str = "active"
    reason: str = ""
    failures: int = 0
    rule: Mapping[str, Any] | None = None

    def __post_init__(self) -> None:
        _check_texts(self)
        due.zone(self.zone)
        if self.recurrence.kind == "cron":
            due.check_cron(self.recurrence.cron)
        if self.catch_up not in CATCH_UP:
            raise BadSchedule(f"“{self.catch_up}” is no way to catch up. {suggest(self.catch_up, CATCH_UP)}")
        if self.rule is not None:
            alerts.from_record(self.rule)
            if self.order.audience == "statement":
                raise BadSchedule("An alert says the brand's number, which an influencer's statement must not tell. "
                                  "Choose another template.")  # fmt: skip
        if self.state not in STATES:
            raise BadSchedule(f"“{self.state}” is no state of a schedule. {suggest(self.state, STATES)}")
        if periods.checked(self.period) == periods.CAMPAIGN and not self.campaign:
            raise BadSchedule("The period is a campaign's days and no campaign is named. Choose one in the filters.")

    @property
    def campaign(self) -> str:
        """The campaign that it is about, '' for none."""
        return periods.campaign_of(self.order.query, self.recurrence.campaign)

    def words(self) -> str:
        """When and over what, in one line; of an alert when it is looked at, and what must hold."""
        if self.rule is None:
            return f"{self.recurrence.words()} ({self.zone}), {self.period}"
        asked = self.recurrence.kind == "on demand"
        looked = "" if asked else f"{self.recurrence.words()} ({self.zone}) and "
        looked = f"looked at {looked}whenever the data change, {self.period}"
        return f"only when {alerts.from_record(self.rule).words()}; {looked}"

    def as_record(self) -> dict[str, Any]:
        """The schedule as JSON has it; `from_record` reads it back."""
        plain = {key: getattr(self, key) for key in _PLAIN}
        return {
            **plain,
            "order": self.order.as_record(),
            "recurrence": self.recurrence.as_record(),
            "recipients": [one.as_record() for one in self.recipients],
            "gate": asdict(self.gate),
            "holidays": [day.isoformat() for day in self.holidays],
            "rule": dict(self.rule) if self.rule is not None else None,
        }


_PLAIN = ("id", "name", "owner", "zone", "period", "catch_up", "state", "reason", "failures")


def from_record(record: Mapping[str, Any]) -> Schedule:
    """A schedule from its record; what an older record lacks is as usual. Raises BadSchedule, BadFilter."""
    plain = {key: record[key] for key in _PLAIN if key in record}
    return Schedule(
        **plain,
        order=order_from(record.get("order", {})),
        recurrence=recurrence.from_record(record.get("recurrence", {})),
        recipients=tuple(recipient_from(one) for one in record.get("recipients", ())),
        gate=Gate(**record.get("gate", {})),
        holidays=days_of(record.get("holidays", ())),
        rule=record.get("rule"),
    )


def days_of(texts: Any) -> tuple[date, ...]:
    """Holidays from texts. Raises BadSchedule."""
    found = set()
    for text in texts:
        try:
            found.add(date.fromisoformat(str(text).strip()))
        except ValueError:
            raise BadSchedule(f"“{str(text)[:40]}” is no day among the holidays. Write it as 2026-12-25.") from None
    return tuple(sorted(found))


def _check_texts(schedule: Schedule) -> None:
    """Name and owner stand in mails' headers: one line each. Raises BadSchedule, BadFilter."""
    if not schedule.name.strip() or len(schedule.name) > LONGEST_NAME:
        raise BadSchedule(f"The schedule's name is not 1 to {LONGEST_NAME} letters. Give it one.")
    if not schedule.name.isprintable():
        raise BadSchedule("The schedule's name holds a line break or a sign that cannot be seen. Write it in one line.")
    if not schedule.owner:
        raise BadSchedule("Nobody is told when the schedule fails. Name its owner's mail address.")
    addresses.mail_address(schedule.owner)
    ignored = Filters.from_query(schedule.order.query).ignored
    if ignored:
        raise BadSchedule(f"“{ignored[0]}” in the schedule's query is no filter. Copy it from a page's address.")
