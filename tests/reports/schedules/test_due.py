"""Each date that is asked for comes once, whatever a zone's clocks do; and the next ones are said in words."""

from __future__ import annotations

import os
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice, pairwise, product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.schedules.due import Due, due_between, due_times, moment, next_runs, words, zones
from reports.schedules.recurrence import LAST, BadSchedule, Recurrence, parsed

IS_WHOLE = os.environ.get("TRUELIFT_DUE") == "all"
ZONES = (
    "Asia/Kolkata", "Pacific/Apia", "Australia/Lord_Howe", "America/New_York", "Europe/Berlin", "Asia/Kathmandu",
    "America/St_Johns", "Pacific/Chatham", "America/Sao_Paulo", "Asia/Beirut", "Africa/Casablanca", "America/Havana",
    "Asia/Tehran", "Pacific/Kiritimati", "UTC",
)  # fmt: skip
TIMES = ("00:00", "00:30", "01:30", "02:00", "02:30", "03:00", "09:00", "12:00", "18:15", "23:45")
FIRST, LAST_DAY = date(2011, 1, 1), date(2026, 12, 31)
DAYS = (LAST_DAY - FIRST).days + 1


@dataclass(frozen=True)
class Timed:
    """The least that has due times."""

    recurrence: Recurrence
    zone: str
    holidays: tuple[date, ...] = ()


def in_zone(text: str, zone: str, holidays: tuple[date, ...] = ()) -> Timed:
    return Timed(parsed(text), zone, holidays)


def naive(text: str) -> datetime:
    return datetime.fromisoformat(text)


def stepped(timed: Timed, begin: datetime, end: datetime, step: timedelta) -> list[Due]:
    """Due times as a worker finds them: it looks every so often, from where it looked last."""
    found: list[Due] = []
    while begin < end:
        found += due_between(timed, begin, begin + step)
        begin += step
    return found


@pytest.mark.skipif(not IS_WHOLE, reason="TRUELIFT_DUE=all runs all 876,600 dates; a sample of them runs below")
@pytest.mark.parametrize("text", ["daily {at}", "cron {m} {h} * * *"])
def test_of_all_daily_due_times_none_is_missed_and_none_is_doubled(
    text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A fake clock looks every 25 hours of 16 years; a date counts by its local due time, which is the run's key."""
    asked = missed = doubled = 0
    for zone, at in product(ZONES, TIMES):
        timed = in_zone(text.format(at=at, h=int(at[:2]), m=int(at[3:])), zone)
        begin = moment(naive(f"{FIRST}T{at}"), ZoneInfo(zone)) - timedelta(seconds=1)
        end = moment(naive(f"{LAST_DAY}T{at}"), ZoneInfo(zone))
        found = [due for due in stepped(timed, begin, end, timedelta(hours=25)) if due.moment <= end]
        dates = Counter(due.local.date() for due in found)
        asked, missed = asked + DAYS, missed + DAYS - len(dates)
        doubled += len(found) - len(dates)
        assert all(f"{due.local:%H:%M}" == at for due in found)
        assert all(one.moment <= two.moment for one, two in pairwise(found))
    with capsys.disabled():
        sys.stdout.write(f"\n“{text}”: {asked:,} due times, {missed} missed, {doubled} doubled\n")
    assert (asked, missed, doubled) == (876_600, 0, 0)


def changes(zone: str) -> list[date]:
    """The dates near which a zone's clocks change, 2011 to 2026."""
    place = ZoneInfo(zone)
    noons = [datetime(FIRST.year, 1, 1, 12, tzinfo=UTC) + timedelta(days=n) for n in range(DAYS)]
    offsets = [noon.astimezone(place).utcoffset() for noon in noons]
    return [noons[n].date() for n in range(1, DAYS) if offsets[n] != offsets[n - 1]]


@pytest.mark.parametrize("zone", ZONES)
def test_around_every_clock_change_each_date_comes_once(zone: str) -> None:
    for day, at in product(changes(zone)[-12 if not IS_WHOLE else 0 :] or [date(2026, 3, 1)], TIMES):
        first, last = day - timedelta(days=3), day + timedelta(days=3)
        place = ZoneInfo(zone)
        begin = moment(naive(f"{first}T{at}"), place) - timedelta(seconds=1)
        end = moment(naive(f"{last}T{at}"), place)
        found = stepped(in_zone(f"daily {at}", zone), begin, end, timedelta(minutes=97))
        assert [due.local.date() for due in found] == [first + timedelta(days=n) for n in range(7)]


def test_a_time_that_does_not_exist_runs_at_the_first_moment_after() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert moment(naive("2026-03-29T02:30"), berlin) == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert moment(naive("2026-03-29T01:59"), berlin) == datetime(2026, 3, 29, 0, 59, tzinfo=UTC)
    howe = ZoneInfo("Australia/Lord_Howe")
    assert moment(naive("2026-10-04T02:10"), howe) == datetime(2026, 10, 3, 15, 30, tzinfo=UTC)


def test_a_time_that_comes_twice_runs_the_first_time() -> None:
    york = ZoneInfo("America/New_York")
    assert moment(naive("2026-11-01T01:30"), york) == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    found = due_between(
        in_zone("daily 01:30", "America/New_York"),
        datetime(2026, 10, 31, 12, tzinfo=UTC),
        datetime(2026, 11, 2, 0, tzinfo=UTC),
    )
    assert [due.key for due in found] == ["2026-11-01T01:30"]


def test_a_date_that_does_not_exist_is_caught_up_once() -> None:
    timed = in_zone("daily 09:00", "Pacific/Apia")
    found = list(islice(due_times(timed, datetime(2011, 12, 29, 0, tzinfo=UTC)), 4))
    assert [due.key for due in found] == [
        f"{day}T09:00" for day in ("2011-12-29", "2011-12-30", "2011-12-31", "2012-01-01")
    ]
    assert found[1].moment == datetime(2011, 12, 30, 10, 0, tzinfo=UTC)


def test_times_of_one_date_in_an_hour_that_does_not_exist_are_one_run() -> None:
    found = due_between(
        in_zone("cron */15 2,3 * * *", "Europe/Berlin"),
        datetime(2026, 3, 29, 0, 0, tzinfo=UTC),
        datetime(2026, 3, 29, 3, 0, tzinfo=UTC),
    )
    assert [due.key[-5:] for due in found] == ["02:00", "03:15", "03:30", "03:45"]


def keys(text: str, since: str, until: str, zone: str = "Asia/Kolkata", **more: object) -> list[str]:
    begin, end = (moment(naive(day), ZoneInfo(zone)) for day in (since, until))
    ends = more.pop("ends", {})
    return [due.key for due in due_between(in_zone(text, zone, **more), begin, end, ends)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("weekly mon,thu 09:00", ["2026-01-29", "2026-02-02", "2026-02-05"]),
        ("monthly 31 09:00", ["2026-01-31"]),
        ("monthly last 09:00", ["2026-01-31"]),
        ("quarterly 1 09:00", []),
        ("month end +3 09:00", ["2026-02-03"]),
        ("month end +0 09:00", ["2026-01-31"]),
        ("business day 1 09:00", ["2026-02-02"]),
        ("business day last 09:00", ["2026-01-30"]),
        ("cron 0 9 * * FRI", ["2026-01-30", "2026-02-06"]),
    ],
)
def test_each_kind_falls_on_its_days(text: str, expected: list[str]) -> None:
    assert keys(text, "2026-01-29T00:00", "2026-02-06T23:00") == [f"{day}T09:00" for day in expected]


def test_the_end_of_a_short_month_is_kept() -> None:
    assert keys("monthly 30 09:00", "2027-12-31T00:00", "2028-04-01T00:00") == [
        f"2028-{day}T09:00" for day in ("01-30", "02-29", "03-30")
    ]
    assert keys("quarterly last 09:00", "2026-01-01T00:00", "2026-12-31T23:00") == [
        f"2026-{day}T09:00" for day in ("03-31", "06-30", "09-30", "12-31")
    ]
    assert keys("month end +45 09:00", "2026-01-01T00:00", "2026-03-01T00:00") == [
        "2026-01-14T09:00",
        "2026-02-14T09:00",
    ]


def test_holidays_are_no_business_days() -> None:
    holidays = (date(2026, 8, 3), date(2026, 8, 4))
    august = ("2026-08-01T00:00", "2026-09-01T00:00")
    assert keys("business day 1 09:00", *august) == ["2026-08-03T09:00"]
    assert keys("business day 1 09:00", *august, holidays=holidays) == ["2026-08-05T09:00"]
    assert keys("business day 23 09:00", *august) == ["2026-08-31T09:00"]


def test_a_campaign_is_due_days_after_its_end_and_not_before_it_is_known() -> None:
    text = "campaign end +7 09:00 Summer drop"
    assert keys(text, "2026-01-01T00:00", "2026-12-31T00:00") == []
    ends = {"Summer drop": date(2026, 6, 30)}
    assert keys(text, "2026-01-01T00:00", "2026-12-31T00:00", ends=ends) == ["2026-07-07T09:00"]


def test_the_next_five_are_said_with_day_time_and_zone() -> None:
    now = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
    assert next_runs(in_zone("weekly mon 09:00", "Asia/Kolkata"), now) == [
        f"Mon {day} 2026, 09:00 IST (Asia/Kolkata)" for day in ("23 Nov", "30 Nov", "7 Dec", "14 Dec", "21 Dec")
    ]
    assert next_runs(in_zone("daily 09:00", "Asia/Kathmandu"), now, 1) == [
        "Sun 22 Nov 2026, 09:00 UTC+05:45 (Asia/Kathmandu)"
    ]
    assert next_runs(in_zone("on demand", "UTC"), now) == []


def test_what_the_clocks_do_to_a_run_is_said() -> None:
    place = ZoneInfo("Europe/Berlin")
    gap, fold = naive("2026-03-29T02:30"), naive("2026-10-25T02:30")
    assert words(Due(gap, moment(gap, place)), "Europe/Berlin") == (
        "Sun 29 Mar 2026, 03:00 CEST (Europe/Berlin), as 29 Mar 02:30 does not exist there"
    )
    assert words(Due(fold, moment(fold, place)), "Europe/Berlin").endswith(
        "02:30 CEST (Europe/Berlin), the first of two"
    )


@pytest.mark.parametrize("name", ["+05:30", "UTC+2", "Asia/Calcuta", "", "../etc/passwd", "IST5"])
def test_a_zone_is_a_place_by_name(name: str) -> None:
    with pytest.raises(BadSchedule, match="offset|No time zone"):
        next_runs(in_zone("daily 09:00", name), datetime(2026, 1, 1, tzinfo=UTC))


CLOCKS = st.builds("{:02d}:{:02d}".format, st.integers(0, 23), st.integers(0, 59))
RECURRENCES = st.one_of(
    st.builds(Recurrence, st.just("daily"), CLOCKS),
    st.builds(
        lambda at, days: Recurrence("weekly", at, days=tuple(sorted(days))),
        CLOCKS,
        st.sets(st.integers(0, 6), min_size=1),
    ),
    st.builds(lambda kind, at, day: Recurrence(kind, at, day=day), st.sampled_from(["monthly", "quarterly"]), CLOCKS,
              st.integers(LAST, 31)),
    st.builds(lambda at, n: Recurrence("after month end", at, n=n), CLOCKS, st.integers(0, 366)),
    st.builds(lambda at, n: Recurrence("business day", at, n=n), CLOCKS, st.sampled_from([*range(1, 24), -1])),
    st.builds(
        lambda minute, hour, day, week: Recurrence("cron", cron=f"{minute} {hour} {day} * {week}"),
        st.sampled_from(["0", "30", "*/20", "5,35"]),
        st.sampled_from(["*", "0", "2", "1-3", "23"]),
        st.sampled_from(["*", "1", "L", "15,30"]),
        st.sampled_from(["*", "1", "MON-FRI", "0"]),
    ),
)  # fmt: skip


@settings(max_examples=2_000 if IS_WHOLE else 150, deadline=None, derandomize=True)
@given(
    recurrence=RECURRENCES,
    zone=st.sampled_from(sorted(zones())),
    begin=st.datetimes(datetime(2011, 1, 1), datetime(2036, 1, 1)),
    cut=st.integers(1, 60 * 24 * 40),
)
def test_any_recurrence_in_any_zone_is_the_same_however_often_it_is_looked_at(
    recurrence: Recurrence, zone: str, begin: datetime, cut: int
) -> None:
    """Ordered, on its wall time or at the first moment after, unique by its key, and cut anywhere nothing is lost."""
    timed, place = Timed(recurrence, zone), ZoneInfo(zone)
    start = begin.replace(microsecond=0, tzinfo=UTC)
    end = start + timedelta(days=40)
    whole = due_between(timed, start, end)
    assert parsed(recurrence.text()) == recurrence
    assert len({due.key for due in whole}) == len(whole)
    assert all(one.moment <= two.moment for one, two in pairwise(whole))
    for due in whole:
        shown = due.moment.astimezone(place).replace(tzinfo=None)
        assert shown == due.local or shown > due.local
        assert words(due, zone)
    middle = start + timedelta(minutes=cut)
    assert due_between(timed, start, middle) + due_between(timed, middle, end) == whole
