"""A drawn calendar keeps its rules, comes again from its seed, leaves the house well-formed, and can be analysed."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from analytics.effects import golive
from analytics.effects.designs import redraw
from analytics.effects.refusals import CannotTell
from analytics.planning import calendar
from analytics.planning.calendar import Wish, drawn
from data.experiments import kept

MONDAY = date(2026, 10, 5)
PEOPLE = {f"I{one:02}": {"name": f"Person {one}", "platform": "Instagram" if one % 2 else "YouTube", "tier": "micro"}
          for one in range(20)}  # fmt: skip


def wish(**changed):
    given = {"influencers": tuple(PEOPLE), "earliest": MONDAY, "latest": MONDAY + timedelta(days=55), "posts": 2,
             "blackout": (MONDAY, MONDAY + timedelta(days=9)), "per_day": 2, "per_week": 6, "gap": 10,
             "seed": 7}  # fmt: skip
    return Wish(**(given | changed))


def test_a_calendar_keeps_its_rules():
    for seed in range(5):
        view = drawn(wish(seed=seed), PEOPLE)
        days = [date.fromisoformat(day) for day in view.calendar.dates]
        assert len(days) == 40
        assert all(MONDAY <= day <= MONDAY + timedelta(days=55) for day in days)
        assert not set(days) & set(wish().blackout)
        assert max(days.count(day) for day in days) <= 2
        weeks = [(day - MONDAY).days // 7 for day in days]
        assert max(weeks.count(week) for week in weeks) <= 6
        for one in PEOPLE:
            own = sorted(day for day, post in zip(days, view.calendar.posts, strict=True) if post.influencer == one)
            assert (own[1] - own[0]).days >= 10


def test_the_same_seed_draws_the_same_and_another_another():
    first, again, other = (drawn(wish(seed=seed), PEOPLE).calendar.dates for seed in (7, 7, 8))
    assert first == again != other


def test_the_stored_record_draws_it_again():
    view = drawn(wish(balanced=True), PEOPLE)
    assert redraw(view.record).dates == view.calendar.dates


def test_rows_and_days_say_the_same():
    view = drawn(wish(), PEOPLE)
    assert view.days["posts"].sum() == len(view.rows) == 40
    assert view.rows["date"].is_monotonic_increasing
    assert set(view.rows["post"]) == {1, 2}
    assert view.days["blackout"].sum() == 2
    assert "seed 7" in view.sentence


def test_saved_listed_and_analysed_it_recovers_a_planted_effect(tmp_path):
    view = drawn(wish(posts=1, gap=0), PEOPLE)
    kept.save(tmp_path, calendar.experiment(view, "Diwali go-lives", date(2026, 9, 30), "Asha"))
    held = kept.listed(tmp_path)[0]
    assert (held.unit, held.is_random, held.key) == ("go_live", True, "diwali-go-lives")
    assert held.stamp == "Diwali go-lives: go-live dates drawn at random, as declared on 30 Sep 2026 by Asha"
    first, names = MONDAY - timedelta(days=28), sorted(PEOPLE)
    revenue = 1000 + np.random.default_rng(2).normal(0, 50, (120, 20))
    again = redraw(held.calendar)
    units = [names.index(post.influencer) for post in again.posts]
    for unit, day in zip(units, again.dates, strict=True):
        start = (date.fromisoformat(day) - first).days
        revenue[start : start + calendar.AFTER, unit] += 120.0
    found = golive.analyse(revenue, first.isoformat(), again, units=units, draws=499)
    assert found.lower <= 120.0 <= found.upper
    assert found.lower > 0


def test_the_calendar_file_is_well_formed():
    hostile = {"I1": {"name": "=HYPERLINK(1), a;b\\c\r\nEND:VEVENT"}, "I2": {"name": "आरव" * 40}}
    view = drawn(wish(influencers=("I1", "I2"), per_week=0), hostile)
    text = calendar.ics(view, "Test, one", date(2026, 9, 30))
    lines = text.split("\r\n")
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert max(len(line.encode()) for line in lines) <= 75
    whole = text.replace("\r\n ", "").split("\r\n")
    assert whole[0] == "BEGIN:VCALENDAR"
    assert whole[-2] == "END:VCALENDAR"
    assert whole.count("BEGIN:VEVENT") == whole.count("END:VEVENT") == 4
    assert len({line for line in whole if line.startswith("UID:")}) == 4
    titles = [line for line in whole if line.startswith("SUMMARY:")]
    assert "SUMMARY:=HYPERLINK(1)\\, a\\;b\\\\c END:VEVENT goes live (post 1 of 2)" in titles
    starts = [line.removeprefix("DTSTART;VALUE=DATE:") for line in whole if line.startswith("DTSTART")]
    assert starts == [f"{day:%Y%m%d}" for day in view.rows["date"]]


def test_the_spreadsheet_runs_no_name():
    text = calendar.csv(drawn(wish(influencers=("I1", "I2")), {"I1": {"name": "=1+1"}, "I2": {"name": "Asha"}}))
    assert text.startswith("\ufeffDate,Weekday,Influencer,Post\r\n")
    assert ',"\'=1+1",' in text


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"influencers": ("I01",), "posts": 2}, "at least 4"),
        ({"influencers": ()}, "at least 4"),
        ({"posts": 0}, "at least 4"),
        ({"posts": 100}, "one calendar holds"),
        ({"latest": MONDAY - timedelta(days=1)}, "swap"),
        ({"per_day": -1}, "below zero"),
        ({"seed": -1}, "below zero"),
        ({"influencers": ("I01", "who")}, "who"),
        ({"per_week": 1}, "leave room"),
        ({"latest": MONDAY + timedelta(days=1), "per_day": 0, "per_week": 0, "gap": 0, "influencers": ("I01", "I02"),
          "blackout": (MONDAY, MONDAY + timedelta(days=1))}, "no day left"),
    ],
)  # fmt: skip
def test_a_bad_wish_is_one_sentence(changed, says):
    with pytest.raises(CannotTell, match=says):
        drawn(wish(**changed), PEOPLE)


def test_names_without_latin_letters_get_a_key_of_their_own():
    assert calendar.key_of("Diwali: wave 2!") == "diwali-wave-2"
    assert calendar.key_of("दिवाली").startswith("experiment-")
    assert calendar.key_of("दिवाली") != calendar.key_of("होली")
