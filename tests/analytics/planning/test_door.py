"""The planning door: plans from the loaded data, usual values without any, calendars and declarations that stay."""

from __future__ import annotations

import argparse
import json
from datetime import date
from functools import partial

import pytest

from analytics.effects.refusals import CannotTell
from analytics.planning import command
from analytics.planning.door import Kept, Planning, calendar_wish
from data.experiments import kept
from data.store import Store
from errors import BadExperiment
from settings import load

TODAY = date(2026, 9, 30)
PLAN = {"units": "campaigns", "treated": "40", "control": "20", "weeks": "6", "spend": "500000"}


def door(settings, folder):
    listed, save, remove = (partial(do, folder) for do in (kept.listed, kept.save, kept.remove))
    return Planning(Store(settings), Kept(listed, save, remove), lambda: TODAY)


@pytest.fixture
def planning(sample_settings, tmp_path):
    return door(sample_settings, tmp_path)


@pytest.mark.parametrize("unit", ["campaign", "influencer", "customer"])
def test_the_loaded_data_tell_the_scatter(planning, unit):
    view = planning.plan("", {**PLAN, "units": unit})
    assert not view.plan.known.is_usual
    assert "of your data" in view.notes[0]
    assert view.plan.margin_known


def test_what_the_data_do_not_tell_is_usual(planning):
    assert planning.plan("", {**PLAN, "units": "places"}).plan.known.is_usual


def test_without_data_usual_values_answer(tmp_path):
    view = door(load(tmp_path), tmp_path).plan("", {"units": "campaigns"})
    assert view.plan.known.is_usual
    assert view.plan.question.spend == 500_000.0


def test_no_spend_named_is_the_spend_of_the_data_and_posts_have_their_price(planning):
    usual = planning.plan("", {**PLAN, "spend": None}).plan
    assert usual.question.spend == pytest.approx(40 * 6 * usual.known.spend)
    posts = planning.plan("", {**PLAN, "spend": "", "posts": 10}).plan
    assert posts.question.spend == pytest.approx(10 * posts.known.per_post)


def test_the_level_of_the_address_is_the_level_of_the_plan(planning):
    at_90, at_80 = (planning.plan(query, PLAN).plan.smallest for query in ("", "confidence=0.8"))
    assert at_80 < at_90


def test_a_calendar_is_drawn_kept_and_listed(planning):
    chosen = [one["value"] for one in planning.influencers()][:6]
    wish = {"influencers": chosen, "weeks": 4, "seed": 3}
    view = planning.draw("", wish)
    assert view.wish.earliest == date(2026, 10, 5)
    settled = planning.settled(wish, view)
    assert planning.draw("", settled).calendar.dates == view.calendar.dates
    made = planning.keep(view, "October go-lives", "Asha")
    assert made in planning._kept.listed()
    with pytest.raises(BadExperiment, match="another name"):
        planning.declare({"name": "October go-lives", "random": "no"})
    planning.remove(made.key)
    assert planning._kept.listed() == ()


def test_files_carry_the_name(planning):
    chosen = ",".join(one["value"] for one in planning.influencers()[:4])
    view = planning.draw("", {"influencers": chosen})
    assert planning.file(view, "ics", "Diwali!")["filename"] == "diwali.ics"
    assert planning.file(view, "csv")["filename"] == "go-live-calendar.csv"


@pytest.mark.parametrize(("said", "meant"), [("yes", True), ("no", False), ("unknown", None), (None, None)])
def test_an_answer_is_stored_with_its_day_and_its_author(planning, said, meant):
    made = planning.declare(
        {"name": "Wave 1", "random": said, "start": "2026-08-01", "end": "2026-09-01", "by": "Ravi"}
    )
    assert (made.is_random, made.stated_on, made.stated_by, made.unit) == (meant, TODAY, "Ravi", "campaign")
    assert planning._kept.listed()[0] == made


@pytest.mark.parametrize(
    "record",
    [
        {"name": ""},
        {"name": "x", "start": "2026-08-01"},
        {"name": "x", "start": "soon", "end": "2026-08-01"},
        {"name": "x", "unit": "star"},
        {"name": "x", "random": "perhaps"},
        {"name": "x", "start": "2026-09-01", "end": "2026-08-01"},
        {"name": "none"},
        {"name": "x", "arms": "listed", "treated": "a, b"},
        {"name": "x", "arms": "listed", "treated": "a, b", "control": "b\nc"},
        {"name": "x", "unit": "customer", "size_treated": 5},
        {"name": "x", "unit": "customer", "size_treated": 5, "size_control": 2.5},
        {"name": "x", "looks": "sometimes"},
        {"name": "x", "looks": "planned"},
        {"name": "x", "looks": "planned", "times": -1},
    ],
)
def test_a_declaration_that_can_not_be_is_one_sentence(planning, record):
    with pytest.raises(BadExperiment):
        planning.declare(record)
    assert planning._kept.listed() == ()


def test_listed_units_sizes_looks_and_the_selection_are_kept(planning):
    days = {"start": "2026-08-01", "end": "2026-09-11"}
    lists = {"arms": "listed", "treated": 'A, "Diwali, wave 2"\nC\n\nA', "control": "D\nE "}
    made = planning.declare(
        {"name": "W", "looks": "planned", "covers": "here", **days, **lists}, "brand=Gritzo&confidence=0.8"
    )
    assert made.treated == ("A", "Diwali, wave 2", "C")
    assert made.control == ("D", "E")
    assert (made.looks, made.query) == (6, "brand=Gritzo")
    assert set(planning.unseen(made)) == {*made.treated, *made.control}
    people = {"name": "C", "unit": "customer", "size_treated": 5000, "size_control": "4000", "looks": "daily"}
    assert (planning.declare(people).sizes, planning.declare(people).looks) == ((5000, 4000), 0)


def test_lists_and_sizes_that_are_not_asked_for_are_left_alone(planning):
    made = planning.declare(
        {"name": "W", "arms": "rows", "treated": "A", "size_treated": 5, "looks": "once"}, "brand=x"
    )
    assert (made.treated, made.sizes, made.looks, made.query) == ((), None, 1, "")


def test_a_second_press_declares_the_same_once(planning):
    for _ in range(2):
        planning.declare({"name": "Wave 1", "random": "no"})
    assert len(planning._kept.listed()) == 1


def test_the_sample_is_not_asked_about(planning):
    assert not planning.undeclared()
    assert [one.key for one in planning.experiments()] == ["sample"]


def test_a_selection_without_rows_plans_with_usual_values(planning):
    assert planning.plan("from=2031-01-01", PLAN).plan.known.is_usual


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        ({"earliest": "soon"}, "no day"),
        ({"blackout": "2026-13-01"}, "no day"),
        ({"posts": "two"}, "whole number"),
        ({"weeks": 0}, "weeks"),
        ({"weeks": 1e9}, "weeks"),
        ({"seed": float("inf")}, "whole number"),
    ],
)
def test_a_calendar_wish_that_can_not_be_read_is_one_sentence(wish, says):
    with pytest.raises(CannotTell, match=says):
        calendar_wish({"influencers": "a, b, c, d", **wish}, TODAY)


def test_days_without_posts_are_read_from_a_line():
    read = calendar_wish({"influencers": "a; b\nc, d, a", "blackout": "2026-10-20, 2026-10-21"}, TODAY)
    assert read.influencers == ("a", "b", "c", "d")
    assert read.blackout == (date(2026, 10, 20), date(2026, 10, 21))


def given(add, *words):
    parser = argparse.ArgumentParser()
    add(parser)
    parser.add_argument("--query", default="")
    return parser.parse_args(words)


def test_the_command_says_the_plan_in_lines_and_as_json(planning):
    asked = ("--treated", "40", "--control", "20", "--weeks", "6", "--spend", "500000", "--iroas", "2")
    assert "can show" in command.planned(planning, given(command.add_plan, *asked)).splitlines()[0]
    record = json.loads(command.planned(planning, given(command.add_plan, *asked, "--json")))
    assert record["treated"] == 40
    assert {one["iroas"] for one in record["power"]} >= {1.0, 2.0}
    assert all(abs(one["formula"] - one["simulated"]) < 0.06 for one in record["power"])


def test_the_command_draws_a_calendar_and_keeps_it(planning):
    chosen = ",".join(one["value"] for one in planning.influencers()[:5])
    asked = ("--influencers", chosen, "--weeks", "4", "--seed", "9", "--save", "Nine")
    text = command.drawn(planning, given(command.add_calendar, *asked))
    assert "Kept as experiment: Nine: go-live dates drawn at random" in text
    assert len(text.split("\n\n")[1].splitlines()) == 5
    record = json.loads(command.drawn(planning, given(command.add_calendar, *asked[:6], "--format", "json")))
    assert record["calendar"]["dates"] == list(planning._kept.listed()[0].calendar["dates"])
    assert command.drawn(planning, given(command.add_calendar, *asked[:6], "--format", "ics")).startswith("BEGIN")
