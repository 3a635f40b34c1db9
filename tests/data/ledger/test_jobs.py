"""Decides that a report job is done once, by one worker, and that what became of it is never lost."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from data.ledger import book as ledger_module
from data.ledger.book import journal_mode
from data.ledger.jobs import LEASE_SECONDS, MOST_TRIES, Ledger


class Clock:
    """Time that moves when it is told to."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'not there yet' / 'ledger.sqlite'}"


@pytest.fixture
def ledger(url: str, clock: Clock) -> Ledger:
    return Ledger(url, clock)


def test_a_job_keeps_what_was_asked(ledger: Ledger) -> None:
    number = ledger.add_report("brand=A%2CB", ("overview", "cac"))
    job = ledger.report(number)
    assert job is not None
    assert (job.state, job.query, job.pages, job.format) == ("due", "brand=A%2CB", ("overview", "cac"), "pdf")
    assert (job.progress, job.file, job.reason, job.seconds) == (0.0, "", "", None)
    assert job.created == 1_000_000.0


def test_an_unknown_id_has_no_job(ledger: Ledger) -> None:
    assert ledger.report("0" * 32) is None


def test_ids_cannot_be_guessed_from_each_other(ledger: Ledger) -> None:
    ids = {ledger.add_report("", ()) for _ in range(20)}
    assert len(ids) == 20
    assert all(len(number) == 32 for number in ids)


def test_the_newest_job_is_listed_first(ledger: Ledger, clock: Clock) -> None:
    first = ledger.add_report("", ("overview",))
    clock.now += 1
    second = ledger.add_report("", ("cac",))
    assert [job.id for job in ledger.reports()] == [second, first]
    assert [job.id for job in ledger.reports(limit=1)] == [second]


def test_the_oldest_job_is_taken_first(ledger: Ledger, clock: Clock) -> None:
    first = ledger.add_report("", ())
    clock.now += 1
    second = ledger.add_report("", ())
    taken = [ledger.take("a"), ledger.take("b"), ledger.take("c")]
    assert [job and job.id for job in taken] == [first, second, None]


def test_two_takers_never_get_the_same_job(url: str, clock: Clock) -> None:
    ledgers = [Ledger(url, clock) for _ in range(4)]
    wanted = {ledgers[0].add_report("", ()) for _ in range(12)}
    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(lambda index: ledgers[index % 4].take(f"worker {index % 4}"), range(20)))
    got = [job.id for job in taken if job]
    assert len(got) == len(set(got)) == 12
    assert set(got) == wanted


def test_a_silent_workers_job_is_taken_over(ledger: Ledger, clock: Clock) -> None:
    number = ledger.add_report("", ())
    ledger.take("first")
    clock.now += LEASE_SECONDS - 1
    assert ledger.take("second") is None
    clock.now += 2
    taken = ledger.take("second")
    assert taken is not None
    assert taken.id == number


def test_progress_renews_the_lease(ledger: Ledger, clock: Clock) -> None:
    number = ledger.add_report("", ())
    ledger.take("first")
    clock.now += LEASE_SECONDS - 1
    assert ledger.progress(number, 0.5, "draws the charts")
    clock.now += LEASE_SECONDS - 1
    assert ledger.take("second") is None
    assert ledger.renew(number, "first")
    job = ledger.report(number)
    assert job is not None
    assert (job.progress, job.step) == (0.5, "draws the charts")


def test_a_worker_that_lost_its_lease_cannot_speak_for_the_job(ledger: Ledger, clock: Clock) -> None:
    number = ledger.add_report("", ())
    ledger.take("first")
    clock.now += LEASE_SECONDS + 1
    ledger.take("second")
    assert not ledger.progress(number, 0.9, "late", "first")
    assert not ledger.finish(number, "late.pdf", 1, 1.0, "first")
    assert not ledger.fail(number, "late", "first")
    assert ledger.finish(number, "r.pdf", 7, 2.5, "second")
    job = ledger.report(number)
    assert job is not None
    assert (job.state, job.file, job.data_version, job.seconds, job.progress) == ("sent", "r.pdf", 7, 2.5, 1.0)


def test_a_failure_keeps_its_reason(ledger: Ledger) -> None:
    number = ledger.add_report("", ())
    ledger.take("a")
    assert ledger.fail(number, "No brand “Aurra” in the data.")
    job = ledger.report(number)
    assert job is not None
    assert (job.state, job.reason) == ("failed", "No brand “Aurra” in the data.")
    assert ledger.take("a") is None


def test_what_has_ended_does_not_change(ledger: Ledger) -> None:
    number = ledger.add_report("", ())
    assert not ledger.finish(number, "early.pdf", 1, 1.0)
    ledger.take("a")
    ledger.finish(number, "r.pdf", 1, 1.0)
    assert not ledger.fail(number, "too late")
    assert not ledger.progress(number, 0.1, "too late")


def test_a_job_that_kills_its_workers_is_given_up_with_a_reason(ledger: Ledger, clock: Clock) -> None:
    number = ledger.add_report("", ())
    for _ in range(MOST_TRIES):
        assert ledger.take("a") is not None
        clock.now += LEASE_SECONDS + 1
    assert ledger.take("a") is None
    job = ledger.report(number)
    assert job is not None
    assert job.state == "failed"
    assert "begun 3 times" in job.reason


def test_a_job_given_back_is_due_and_its_try_does_not_count(ledger: Ledger) -> None:
    number = ledger.add_report("", ())
    for _ in range(MOST_TRIES + 1):
        assert ledger.take("a") is not None
        assert ledger.release(number, "a")
    job = ledger.report(number)
    assert job is not None
    assert job.state == "due"


def test_a_job_that_is_due_or_running_can_be_cancelled_and_stays_so(ledger: Ledger) -> None:
    due, running = ledger.add_report("", ()), ledger.add_report("", ())
    taken = ledger.take("a")
    assert taken is not None
    assert ledger.holds(taken.id, "a")
    assert not ledger.holds(taken.id, "b")
    assert ledger.cancel(due)
    assert ledger.cancel(running)
    assert not ledger.holds(taken.id, "a")
    for number in (due, running):
        assert not ledger.cancel(number)
        assert not ledger.finish(number, "r.pdf", 1, 1.0)
        assert not ledger.release(number, "a")
        job = ledger.report(number)
        assert job is not None
        assert job.state == "cancelled"
    assert ledger.take("a") is None
    assert not ledger.cancel("0" * 32)


def test_what_has_been_sent_cannot_be_cancelled(ledger: Ledger) -> None:
    number = ledger.add_report("", ())
    ledger.take("a")
    ledger.finish(number, "r.pdf", 1, 1.0)
    assert not ledger.cancel(number)


def test_a_worker_that_ends_gives_back_what_it_still_holds(ledger: Ledger) -> None:
    number = ledger.add_report("", ())
    ledger.take("a")
    ledger.forget("b")
    assert ledger.holds(number, "a")
    ledger.forget("a")
    taken = ledger.take("b")
    assert taken is not None
    assert taken.id == number


def test_a_heartbeat_ages(ledger: Ledger, clock: Clock) -> None:
    assert ledger.worker_seen() is None
    ledger.beat("a")
    clock.now += 12
    assert ledger.worker_seen() == 12
    ledger.beat("a")
    assert ledger.worker_seen() == 0
    ledger.forget("a")
    assert ledger.worker_seen() is None


def test_records_outlive_the_process(url: str) -> None:
    number = Ledger(url).add_report("from=2026-01-01", ("iroas",))
    job = Ledger(url).report(number)
    assert job is not None
    assert job.pages == ("iroas",)


@pytest.mark.parametrize(
    ("version", "mode"), [((3, 40, 1), "DELETE"), ((3, 51, 2), "DELETE"), ((3, 51, 3), "WAL"), ((3, 52, 0), "WAL")]
)
def test_wal_only_where_its_bug_is_mended(version: tuple[int, ...], mode: str) -> None:
    assert journal_mode(version) == mode


@pytest.mark.parametrize(("version", "mode"), [((3, 40, 1), "delete"), ((3, 51, 3), "wal")])
def test_the_file_is_kept_under_that_rule(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: tuple[int, ...], mode: str
) -> None:
    monkeypatch.setattr(ledger_module.sqlite3, "sqlite_version_info", version)
    file = tmp_path / "ledger.sqlite"
    Ledger(f"sqlite:///{file}").add_report("", ())
    connection = sqlite3.connect(file)
    assert connection.execute("PRAGMA journal_mode").fetchone() == (mode,)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
