"""Each reader of each run has one row: begun before it is sent, ended once, sent again only when a person says so."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from data.ledger.deliveries import SILENT_SECONDS, Deliveries


@dataclass(frozen=True)
class Reader:
    """One who gets a report."""

    kind: str = "mail"
    address: str = "asha@example.com"
    form: str = "pdf"


class Clock:
    """Moves when it is told to."""

    now = 1785555000.0

    def __call__(self) -> float:
        return self.now


ASHA = Reader()


@pytest.fixture(name="clock")
def _clock() -> Clock:
    return Clock()


@pytest.fixture(name="url")
def _url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'ledger.sqlite'}"


@pytest.fixture(name="kept")
def _kept(url: str, clock: Clock) -> Deliveries:
    return Deliveries(url, clock)


def state(kept: Deliveries, number: str = "m1") -> str:
    return kept.states("r1")[number][0]


def test_a_sending_is_begun_by_one_and_ended_once(kept: Deliveries, url: str) -> None:
    other = Deliveries(url)
    assert kept.begin("r1", ASHA, "m1", "weekly")
    assert not other.begin("r1", ASHA, "m1", "weekly")
    assert state(kept) == "sending"
    assert kept.end("r1", "m1", "sent")
    assert not kept.end("r1", "m1", "failed", "too late")
    assert not kept.begin("r1", ASHA, "m1")
    (row,) = kept.of("r1")
    assert (row.schedule, row.address, row.state, row.tries) == ("weekly", "asha@example.com", "sent", 1)
    assert kept.latest("weekly") == [row]


def test_what_a_dead_process_was_sending_is_in_doubt_and_stays_so(kept: Deliveries, url: str) -> None:
    kept.begin("r1", ASHA, "m1")
    heir = Deliveries(url)
    assert heir.recover("r1") == 1
    assert heir.recover("r1") == 0
    assert not heir.begin("r1", ASHA, "m1")
    assert heir.again("r1") == 0
    assert state(heir) == "in doubt"
    assert "may have arrived" in heir.states("r1")["m1"][1]


def test_only_the_failed_are_sent_again_and_the_doubtful_when_a_person_says_so(kept: Deliveries) -> None:
    for number, ends in (("m1", "failed"), ("m2", "in doubt"), ("m3", "sent"), ("m4", "skipped")):
        kept.begin("r1", ASHA, number)
        kept.end("r1", number, ends, "why")
    assert kept.again("r1", ("sent", "skipped", "sending")) == 0
    assert kept.again("r1") == 1
    assert [found for found, _ in kept.states("r1").values()].count("due") == 1
    assert kept.again("r1", ("failed", "in doubt")) == 1
    assert kept.begin("r1", ASHA, "m2")
    assert next(row.tries for row in kept.of("r1") if row.message_id == "m2") == 2


def test_a_process_thought_dead_may_say_the_truth_of_its_own_try_only(kept: Deliveries, url: str) -> None:
    kept.begin("r1", ASHA, "m1")
    heir = Deliveries(url)
    heir.recover("r1")
    assert kept.end("r1", "m1", "sent")
    assert state(heir) == "sent"
    kept.begin("r1", ASHA, "m2")
    heir.recover("r1")
    heir.again("r1", ("in doubt",))
    assert heir.begin("r1", ASHA, "m2")
    assert not kept.end("r1", "m2", "failed", "of the try before")
    assert state(heir, "m2") == "sending"


def test_a_sending_that_never_ends_is_found_without_its_run(kept: Deliveries, clock: Clock) -> None:
    kept.begin("r1", ASHA, "m1")
    assert kept.sweep() == []
    clock.now += SILENT_SECONDS + 1
    assert [row.message_id for row in kept.sweep()] == ["m1"]
    assert kept.sweep() == []
    assert state(kept) == "in doubt"


def test_a_state_that_there_is_not_is_a_fault_of_ours(kept: Deliveries) -> None:
    kept.begin("r1", ASHA, "m1")
    with pytest.raises(ValueError, match="no state"):
        kept.end("r1", "m1", "perhaps")


def test_the_same_notice_is_told_once_and_mailed_once(kept: Deliveries, clock: Clock) -> None:
    assert kept.notice("k1", "owner@example.com", "Weekly", "It failed.")
    assert not kept.notice("k1", "owner@example.com", "Weekly", "It failed.")
    assert kept.notice_mail("k1", "sending")
    assert not kept.notice_mail("k1", "sending")
    assert kept.notice_mail("k1", "failed", "The server said no.")
    assert not kept.notice_mail("k1", "sent")
    (notice,) = kept.notices(unseen=True)
    assert (notice.mail, notice.reason, notice.seen) == ("failed", "The server said no.", None)
    assert kept.see("k1")
    assert not kept.see("k1")
    assert kept.notices(unseen=True) == []
    assert kept.notices()[0].seen == clock.now


def test_a_reader_leaves_one_schedule_and_may_come_back(kept: Deliveries, clock: Clock) -> None:
    assert kept.unsubscribe("Asha@Example.com", "weekly")
    assert not kept.unsubscribe("asha@example.com", "weekly")
    assert kept.is_unsubscribed("ASHA@example.com", "weekly")
    assert not kept.is_unsubscribed("asha@example.com", "monthly")
    assert kept.unsubscribed("weekly") == {"asha@example.com": clock.now}
    assert kept.subscribe("asha@example.com", "weekly")
    assert not kept.subscribe("asha@example.com", "weekly")
    assert not kept.is_unsubscribed("asha@example.com", "weekly")
