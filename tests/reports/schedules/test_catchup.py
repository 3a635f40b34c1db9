"""After a time without a worker, what is made is what the schedule says: the latest, all, or none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from reports.order import Order
from reports.schedules.catchup import MOST_CAUGHT_UP, ON_TIME_SECONDS, rows
from reports.schedules.due import due_between
from reports.schedules.recurrence import parsed
from reports.schedules.schedule import Schedule

DOWNS = (timedelta(hours=1), timedelta(days=1), timedelta(days=40))
TEXTS = ("daily 09:00", "daily 02:30", "cron 0 * * * *", "weekly mon 09:00", "monthly last 18:00")
ZONES = ("Asia/Kolkata", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe")


def schedule(text: str, choice: str, zone: str = "Asia/Kolkata") -> Schedule:
    return Schedule("s", "Weekly", "asha@example.com", Order(), parsed(text), zone, catch_up=choice)


@pytest.mark.parametrize("choice", ["latest", "all", "none"])
@pytest.mark.parametrize("down", DOWNS, ids=str)
def test_after_a_down_at_any_moment_the_runs_are_what_the_setting_says(choice: str, down: timedelta) -> None:
    chosen = Random(f"{choice} {down}")
    for _ in range(100):
        own = schedule(chosen.choice(TEXTS), choice, chosen.choice(ZONES))
        looked = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=chosen.randrange(300 * 86_400))
        now = looked + down
        dues = due_between(own, looked, now)
        made = [row.local for row in rows(own, dues, now) if row.state == "due"]
        on_time = [due.key for due in dues if (now - due.moment).total_seconds() <= ON_TIME_SECONDS]
        expected = {"all": [due.key for due in dues], "latest": [due.key for due in dues[-1:]], "none": on_time}
        assert made == expected[choice][-MOST_CAUGHT_UP:]


def test_the_one_that_is_made_says_for_how_many_it_stands() -> None:
    looked = datetime(2026, 6, 1, tzinfo=UTC)
    own = schedule("daily 09:00", "latest")
    (row,) = rows(own, due_between(own, looked, looked + timedelta(days=4)), looked + timedelta(days=4))
    assert row.mark == (
        "It stands also for 3 due times from Mon 1 Jun 2026, 09:00 IST (Asia/Kolkata) "
        "to Wed 3 Jun 2026, 09:00 IST (Asia/Kolkata), when no worker ran."
    )


def test_what_is_not_caught_up_is_one_skipped_row_that_counts_them() -> None:
    looked = datetime(2026, 6, 1, tzinfo=UTC)
    own = schedule("daily 09:00", "none")
    (row,) = rows(own, due_between(own, looked, looked + timedelta(days=4)), looked + timedelta(days=4))
    assert (row.state, row.local) == ("skipped", "2026-06-04T09:00")
    assert row.reason.startswith("No worker ran: 4 due times from Mon 1 Jun")


def test_a_date_that_does_not_exist_is_not_lost_to_the_one_after() -> None:
    own = schedule("daily 00:00", "latest", "Pacific/Apia")
    looked = datetime(2011, 12, 30, 9, 59, 59, tzinfo=UTC)
    now = looked + timedelta(seconds=2)
    assert [row.local[:10] for row in rows(own, due_between(own, looked, now), now)] == ["2011-12-30", "2011-12-31"]
