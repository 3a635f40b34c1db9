"""A hundred failures put in: a hundred shown as failed or in doubt, a hundred notices, none shown as sent."""

from __future__ import annotations

import errno
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from data.ledger.deliveries import Deliveries
from data.ledger.runs import DueRow, Runs
from data.ledger.schedules import Schedules
from errors import BadFilter, UserError
from reports.delivery.recipient import Outcome, Recipient, message_id
from reports.order import Order
from reports.schedules.clockwork import Clockwork
from reports.schedules.doing import Doing, ended
from reports.schedules.needs import DataState
from reports.schedules.recurrence import parsed
from reports.schedules.schedule import Schedule, from_record

FAILURES: dict[str, tuple[str, Any]] = {
    "the server refuses": ("failed", Outcome("failed", "The mail server refused the reader.")),
    "the server times out": ("failed", Outcome("failed", "The mail server did not answer within 30 s.")),
    "the line drops after the data": ("in doubt", Outcome("in doubt", "The server hung up after the data.")),
    "the post falls over": ("in doubt", ConnectionResetError("peer")),
    "the disk is full": ("failed", OSError(errno.ENOSPC, "No space left on device")),
    "the browser is gone": ("failed", UserError("The report could not be made: what makes reports ended twice.")),
    "a query fails": ("failed", BadFilter("No brand “Aurra” in the data. Did you mean “Aurora”?")),
    "a fault of ours": ("failed", ZeroDivisionError("division by zero")),
    "an empty chart": ("failed", "The chart “Who sells best?” is empty."),
    "totals differ": ("failed", "The table “Brands” adds up to ₹1, its total says ₹2."),
}
IN_POST = ("the server refuses", "the server times out", "the line drops after the data", "the post falls over")
READER = Recipient("mail", "reader@example.com")


class Rooms:
    """Renderer, post and notices; `failure` says what goes wrong."""

    failure = ""

    def __init__(self) -> None:
        self.told: dict[str, str] = {}
        self.posted: list[str] = []

    def make(self, order: Order, out: Path, tell: Any, look: Any) -> Any:
        wrong = FAILURES.get(self.failure, ("", None))[1] if self.failure not in IN_POST else None
        if isinstance(wrong, Exception):
            raise wrong
        out.write_text(order.query)
        return SimpleNamespace(file=out, data_version=3, problems=(wrong,) if wrong else ())

    def deliver(self, parcel: Any, recipient: Recipient, number: str) -> Outcome:
        wrong = FAILURES[self.failure][1] if self.failure in IN_POST else Outcome("sent")
        if isinstance(wrong, Exception):
            raise wrong
        self.posted.append(number)
        return wrong

    def tell(self, key: str, owner: str, title: str, sentence: str) -> None:
        self.told[key] = sentence


class House:
    """A clockwork over one ledger, with a clock that stands."""

    def __init__(self, folder: Path) -> None:
        url = f"sqlite:///{folder / 'ledger.sqlite'}"
        self.now, self.rooms = 1_795_000_000.0, Rooms()
        self.schedules, self.runs = Schedules(url, self.clock), Runs(url, self.clock)
        self.deliveries = Deliveries(url, self.clock)
        doing = Doing(self.schedules, self.runs, self.deliveries, self.rooms, self.rooms, folder, self.clock, DataState)
        self.work = Clockwork(doing, self.rooms, "worker", beat=3600.0)
        own = Schedule("", "Weekly", "asha@example.com", Order(), parsed("on demand"), "Asia/Kolkata", "last 7 days",
                       (READER,))  # fmt: skip
        self.number = self.schedules.add(own.as_record())

    def clock(self) -> float:
        return self.now

    def due(self, key: str) -> None:
        self.runs.add(self.number, [DueRow(f"now {key}", self.now, "Asia/Kolkata")])
        assert self.work.work_once()
        self.now += 1


@pytest.fixture
def house(quick: Path, silent: None) -> House:
    return House(quick)


def test_of_a_hundred_failures_none_is_called_sent_and_each_is_told(house: House) -> None:
    for number in range(100):
        house.rooms.failure = list(FAILURES)[number % len(FAILURES)]
        house.due(f"{number:03}")
    runs = house.runs.of(house.number, 200)
    expected = [FAILURES[list(FAILURES)[int(run.local[4:]) % len(FAILURES)]][0] for run in runs]
    assert [run.state for run in runs] == expected
    assert len(house.rooms.told) == len(runs) == 100
    assert {key.split()[0] for key in house.rooms.told} == {run.id for run in runs}
    assert all("division" not in run.reason and "Traceback" not in run.reason for run in runs)


def test_three_failures_in_a_row_pause_the_schedule_and_the_owner_is_told(house: House) -> None:
    for number, failure in enumerate(("a query fails", "", "a query fails", "the disk is full", "an empty chart")):
        assert house.schedules.get(house.number).state == "active"
        house.rooms.failure = failure
        house.due(f"{number}")
    kept = house.schedules.get(house.number)
    assert (kept.state, kept.reason[:38]) == ("paused", "The report failed 3 times in a row. Me")
    assert sum("3 failures in a row" in sentence for sentence in house.rooms.told.values()) == 1


def test_a_second_sending_goes_to_those_only_who_did_not_get_it(house: House) -> None:
    other = Recipient("mail", "other@example.com")
    record = {**house.schedules.get(house.number).record, "recipients": [READER.as_record(), other.as_record()]}
    house.schedules.change(house.number, record)
    deliver, house.rooms.deliver = house.rooms.deliver, lambda parcel, to, number: (  # type: ignore[method-assign]
        Outcome("failed", "Refused.") if to == other else deliver(parcel, to, number)
    )  # fmt: skip
    house.due("first")
    (run,) = house.runs.of(house.number)
    assert (run.state, run.reason) == (
        "failed",
        "1 of 2 recipients did not get the report. other@example.com: Refused.",
    )
    house.rooms.deliver = deliver  # type: ignore[method-assign]
    assert house.deliveries.again(run.id) == 1
    assert house.runs.again(run.id)
    assert house.work.work_once()
    assert house.runs.of(house.number)[0].state == "sent"
    assert house.rooms.posted == [message_id(run.id, READER), message_id(run.id, other)]


def test_send_me_one_now_says_the_real_error(house: House) -> None:
    own = from_record(house.schedules.get(house.number).record)
    house.rooms.failure = "a query fails"
    run, done = house.work.send_now(own)
    assert (done.state, done.reason) == ("failed", "No brand “Aurra” in the data. Did you mean “Aurora”?")
    house.rooms.failure, house.now = "", house.now + 1
    me = Recipient("mail", "asha@example.com")
    run, done = house.work.send_now(own, (me,))
    assert (run.state, house.rooms.posted) == ("sent", [message_id(run.id, me)])
    assert run.local.startswith("now 2026-11-1")


def test_the_owner_hears_of_doubts_beside_failures() -> None:
    done = ended((("a", "failed", "No."), ("b", "in doubt", "Dropped."), ("c", "sent", "")))
    assert done.state == "failed"
    assert "1 of 3 recipients did not get the report. a: No." in done.reason
    assert "1 of 3 recipients may or may not have got the report. b: Dropped." in done.reason
