"""Decides how what a person says of a schedule becomes one: what is left out, and what must be there before it is kept.

The command line and the page say the same things; both come here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from reports.content import brand
from reports.delivery.recipient import Recipient, check
from reports.order import FORMS, Order
from reports.schedules import alerts, periods, recurrence
from reports.schedules.recurrence import LAST, WEEKDAYS, BadSchedule, Recurrence
from reports.schedules.schedule import Gate, Schedule, gate_of
from settings import Settings

FIELDS = (
    "name", "owner", "view", "template", "pages", "period", "form", "paper", "variant", "kind", "at", "days", "day",
    "n", "campaign", "cron", "zone", "recipients", "fresh", "length", "wait", "stale", "catch_up", "rule",
)  # fmt: skip
"""What a form asks. view: 'here' (the filters it is handed) or 'all'; days: 0 is Monday; recipients: one a line."""
DEFAULT_PERIOD = "last full week"
_NAMELESS, _NOBODY = "New schedule", "owner@example.com"


@dataclass(frozen=True)
class Said:
    """What is said of a schedule. owner, zone: '' for the house's. rule: of an alert, as typed; '' without one."""

    order: Order
    recurrence: Recurrence
    name: str = ""
    owner: str = ""
    zone: str = ""
    period: str = DEFAULT_PERIOD
    recipients: tuple[Recipient, ...] = ()
    catch_up: str = "latest"
    gate: Gate = field(default_factory=Gate)
    holidays: tuple[date, ...] = ()
    rule: str = ""


def schedule_of(said: Said, settings: Settings, id: str = "") -> Schedule:
    """The schedule, its recipients and its theme checked against this house. Raises UserError."""
    for recipient in said.recipients:
        check(recipient, settings)
    brand.load(settings.data_dir, said.order.brand)
    return Schedule(
        id=id, name=said.name.strip(), owner=said.owner.strip() or settings.owner, order=said.order,
        recurrence=said.recurrence, zone=said.zone or settings.timezone, period=periods.checked(said.period),
        recipients=said.recipients, catch_up=said.catch_up, gate=said.gate, holidays=said.holidays,
        rule=alerts.parsed(said.rule).as_record() if said.rule.strip() else None,
    )  # fmt: skip


def with_form(kind: str, text: str, form: str) -> Recipient:
    """A recipient from an address; “,xlsx” behind it says in which format. Raises UserError."""
    address, comma, own = text.rpartition(",")
    has_own = comma and own.strip() in FORMS
    return Recipient(kind, address.strip() if has_own else text.strip(), own.strip() if has_own else form)


def listed(text: str, form: str) -> tuple[Recipient, ...]:
    """Recipients, one a line: what has an @ is a mail address, what has :// a webhook, else a folder."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return tuple(dict.fromkeys(with_form(_kind(line), line, form) for line in lines))


def _kind(line: str) -> str:
    return "webhook" if "://" in line else "mail" if "@" in line else "folder"


def of_fields(fields: Mapping[str, Any], query: str, is_draft: bool = False) -> Said:
    """What the fields of a form say, over these filters. is_draft: name and owner may still be missing.

    Raises UserError with one sentence about the first thing that is wrong.
    """
    given = {key: fields[key] for key in FIELDS if fields.get(key) not in (None, "")}
    form = str(given.get("form", "pdf"))
    order = Order(
        query="" if given.get("view") == "all" else query, pages=tuple(given.get("pages", ())), form=form,
        audience=str(given.get("template", "brand")), paper=str(given.get("paper", "A4")),
        variant=str(given.get("variant", "")) if form == "pdf" else "",
    )  # fmt: skip
    return Said(
        order, _recurrence(given), str(given.get("name", _NAMELESS if is_draft else "")),
        str(given.get("owner", _NOBODY if is_draft else "")), str(given.get("zone", "")),
        str(given.get("period", DEFAULT_PERIOD)), listed(str(given.get("recipients", "")), form),
        str(given.get("catch_up", "latest")), _gate(given), rule=str(given.get("rule", "")),
    )  # fmt: skip


def _gate(given: Mapping[str, Any]) -> Gate:
    kind = str(given.get("fresh", ""))
    if not kind:
        return Gate()
    length = "" if kind == "new" else f" {given.get('length', '')}"
    return gate_of(f"{kind}{length}", str(given.get("wait", "4h")), str(given.get("stale", "send")))


def _recurrence(given: Mapping[str, Any]) -> Recurrence:
    kind, at = str(given.get("kind", "weekly")), str(given.get("at", ""))
    if kind == "cron":
        return recurrence.parsed(f"cron {given.get('cron', '')}")
    if kind == "on demand":
        return Recurrence("on demand")
    if not at:
        raise BadSchedule("Say at what time of day the report is due, as 09:00.")
    return Recurrence(kind, at[:5], **_READ.get(kind, lambda _: {})(given))


def _days(given: Mapping[str, Any]) -> dict[str, Any]:
    days = tuple(sorted(int(day) for day in given.get("days", ())))
    if not days:
        raise BadSchedule(f"Choose at least one day of the week, {WEEKDAYS[0]} to {WEEKDAYS[6]}.")
    return {"days": days}


def _day(given: Mapping[str, Any]) -> dict[str, Any]:
    text = str(given.get("day", "")).strip().casefold()
    if text == "last":
        return {"day": LAST}
    return {"day": _whole(text, "day of the month", 1, 31, " or “last”")}


def _after(given: Mapping[str, Any]) -> dict[str, Any]:
    return {"n": _whole(given.get("n", 0), "number of days after", 0, recurrence.MOST_DAYS)}


def _business(given: Mapping[str, Any]) -> dict[str, Any]:
    text = str(given.get("day", "")).strip().casefold()
    return {"n": -1 if text == "last" else _whole(text, "number of the business day", 1, 23, " or “last”")}


def _campaign(given: Mapping[str, Any]) -> dict[str, Any]:
    name = str(given.get("campaign", "")).strip()
    if not name:
        raise BadSchedule("Name the campaign after whose end the report is due, as it is called in the data.")
    return {**_after(given), "campaign": name}


def _whole(value: Any, what: str, least: int, most: int, also: str = "") -> int:
    text = str(value).strip()
    if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
        raise BadSchedule(f"The {what} is “{text[:20]}”: write a number from {least} to {most}{also}.")
    return int(text)


_READ = {
    "weekly": _days, "monthly": _day, "quarterly": _day, "after month end": _after, "business day": _business,
    "campaign end": _campaign,
}  # fmt: skip


def fields_of(schedule: Schedule) -> dict[str, Any]:
    """What a form shows of a schedule; `of_fields` reads it back with the schedule's own filters."""
    order, often, gate = schedule.order, schedule.recurrence, schedule.gate
    day = often.n if often.kind == "business day" else often.day
    return {
        "name": schedule.name, "owner": schedule.owner, "view": "here", "template": order.audience,
        "pages": list(order.pages), "period": schedule.period, "form": order.form, "paper": order.paper,
        "variant": order.variant, "kind": often.kind, "at": often.at, "days": list(often.days or (0,)),
        "day": "last" if day in (LAST, -1) else f"{day}", "n": often.n if often.n > 0 else 0,
        "campaign": often.campaign, "cron": often.cron, "zone": schedule.zone,
        "recipients": "\n".join(_line(one, order.form) for one in schedule.recipients), "fresh": gate.kind,
        "length": _length(gate.hours or 48), "wait": _length(gate.wait), "stale": gate.otherwise,
        "catch_up": schedule.catch_up, "rule": str((schedule.rule or {}).get("text", "")),
    }  # fmt: skip


def _line(recipient: Recipient, form: str) -> str:
    return recipient.address if recipient.form == form else f"{recipient.address},{recipient.form}"


def _length(hours: int) -> str:
    return f"{hours // 24}d" if hours and hours % 24 == 0 else f"{hours}h"
