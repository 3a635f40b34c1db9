"""A plan promises what the test delivers: formula, simulation and the way back agree; a bad wish is one sentence."""

from __future__ import annotations

import math

import numpy as np
import pytest

from analytics.effects.power import simulated_power
from analytics.effects.refusals import CannotTell
from analytics.planning import design, words
from analytics.planning.plan import by_weeks_and_spend, plan
from analytics.planning.question import Question, question, unit_of
from analytics.planning.scatter import Known, usual

POINTS = 0.03


def panel(units=120, weeks=30, between=0.5, within=0.4, mean=10_000.0, seed=3, unit="campaign"):
    """Units that differ, and weeks that differ within them; `mean` money a unit and week."""
    rng = np.random.default_rng(seed)
    level = rng.lognormal(-(between**2) / 2, between, (units, 1))
    table = mean * level * rng.lognormal(-(within**2) / 2, within, (units, weeks))
    return Known(unit, table, f"{units} made-up units")


DESIGNS = {
    "even arms": (panel(), Question("campaign", 40, 40, 6, 1_200_000.0)),
    "a third as control": (panel(), Question("campaign", 60, 30, 4, 1_500_000.0)),
    "a long test": (panel(), Question("campaign", 30, 30, 20, 3_000_000.0)),
    "customers with a time before": (panel(400, unit="customer"), Question("customer", 200, 200, 6, 1e6, before=6)),
    "places with a time before": (panel(unit="geo"), Question("geo", 30, 30, 6, 900_000.0, before=8)),
}


@pytest.mark.parametrize("name", DESIGNS)
def test_formula_and_simulation_are_within_three_points(name):
    known, asked = DESIGNS[name]
    made = plan(known, asked, 0.9)
    fresh = design.Simulation(known, asked, 0.9, seed=99, most=1500)
    assert fresh.power(made.smallest).power == pytest.approx(0.8, abs=POINTS)
    for one in made.seen:
        assert one.formula == pytest.approx(one.simulated.power, abs=POINTS + 2 * one.simulated.se), one
        assert one.formula == pytest.approx(fresh.power(one.iroas).power, abs=POINTS + 0.01), one


def test_with_few_lopsided_units_the_formula_is_widened_to_the_simulation():
    known = panel(40, 12, between=1.6)
    made = plan(known, Question("campaign", 24, 6, 4, 400_000.0), 0.9)
    at = next(one for one in made.seen if one.iroas == made.smallest)
    assert made.widened != 1.0
    assert at.formula == pytest.approx(at.simulated.power, abs=POINTS)
    assert any("lopsided" in note for note in words.notes(made))


def test_one_run_answers_for_every_effect_as_planting_it_would():
    known, asked = DESIGNS["a third as control"]
    shifted = design.Simulation(known, asked, 0.9, most=400)

    def finds(rng):
        found = design.world(known, asked, 0.9, rng)
        return abs(found.point + 2.0) > found.reach

    assert shifted.power(2.0).power == simulated_power(finds, 400, design.SEED).power


def test_without_an_effect_the_simulated_test_errs_as_often_as_it_says():
    known, asked = DESIGNS["even arms"]
    assert design.Simulation(known, asked, 0.9, most=3000).power(0.0).power == pytest.approx(0.1, abs=0.025)


def test_the_size_that_is_named_shows_what_was_wanted():
    known, asked = panel(), Question("campaign", 20, 20, 4, 200_000.0, wanted=2.0)
    made = plan(known, asked, 0.9)
    assert made.smallest > 2.0
    bigger = made.sizes.question
    assert bigger.spend / bigger.treated == pytest.approx(asked.spend / asked.treated)
    assert plan(known, bigger, 0.9).smallest == pytest.approx(2.0, rel=0.05)


def test_the_weeks_that_are_named_are_the_fewest():
    known, asked = panel(between=0.1), Question("campaign", 30, 30, 2, 60_000.0, wanted=1.0)
    weeks = plan(known, asked, 0.9).sizes.weeks
    assert weeks is not None
    assert weeks > 3
    assert plan(known, design.at(asked, weeks), 0.9).smallest <= 1.0 * 1.05
    assert plan(known, design.at(asked, weeks - 2), 0.9).smallest > 1.0 * 0.98


def test_the_spend_that_is_named_shows_what_was_wanted():
    known, asked = panel(), Question("campaign", 20, 20, 4, 200_000.0, wanted=2.0)
    spend = plan(known, asked, 0.9).sizes.spend
    assert plan(known, Question("campaign", 20, 20, 4, spend), 0.9).smallest == pytest.approx(2.0, rel=0.001)


def test_twice_the_spend_halves_the_smallest_effect_and_more_weeks_never_raise_it():
    rows = by_weeks_and_spend(panel(), Question("campaign", 40, 20, 6, 1e6), 0.9, (2, 6, 12), (1.0, 2.0))
    by = rows.pivot(index="weeks", columns="level", values="smallest")
    assert (by[1.0] / by[2.0]).to_numpy() == pytest.approx(2.0)
    assert by[1.0].is_monotonic_decreasing


def test_knowing_costs_the_margin_that_control_goes_without_less_the_spend_kept():
    known = Known("campaign", panel().revenue, "made up", margin=0.6)
    made = plan(known, Question("campaign", 40, 20, 6, 400_000.0, wanted=3.0), 0.9)
    assert made.withheld == 200_000.0
    assert made.cost.net == pytest.approx(200_000 * 3 * 0.6 - 200_000)
    assert "knowing costs ₹1.6 L" in words.cost(made)


def test_the_answer_reads_as_a_sentence():
    made = plan(panel(), Question("campaign", 40, 20, 2, 100_000.0), 0.9)
    text = words.answer(made)
    assert text.startswith("Cannot tell yet: 40 test and 20 control campaigns over 2 weeks can show ")
    assert "six more weeks bring that to" in text
    enough = plan(panel(), Question("campaign", 40, 20, 6, 9_000_000.0), 0.9)
    assert words.answer(enough).startswith("Enough: ")


def test_usual_values_stand_in_and_say_so():
    known = usual("geo", 2000.0)
    made = plan(known, Question("geo", 40, 20, 6, 480_000.0, before=6), 0.9)
    assert known.is_usual
    assert known.revenue.mean() == pytest.approx(40_000, rel=0.2)
    assert "usual values" in words.notes(made)[0]
    assert math.isfinite(made.smallest)


def test_of_the_time_before_no_more_is_used_than_the_data_hold():
    assert plan(panel(weeks=8, unit="geo"), Question("geo", 30, 30, 6, 1e6, before=20), 0.9).question.before == 2


def test_more_customers_than_are_simulated_follow_the_root_of_their_number():
    known = panel(300, unit="customer")
    made = plan(known, Question("customer", 400_000, 400_000, 6, 4e7), 0.9)
    at = next(one for one in made.seen if one.iroas == made.smallest)
    assert at.formula == pytest.approx(at.simulated.power, abs=0.05)


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        ({"treated": 1, "control": 20}, "each arm"),
        ({"treated": 40}, "each arm"),
        ({"spend": 0}, "no spend"),
        ({"spend": -5}, "no spend"),
        ({"spend": "lots"}, "not a number"),
        ({"spend": "nan"}, "planned with"),
        ({"weeks": 0}, "weeks"),
        ({"weeks": 2.5}, "whole number"),
        ({"weeks": 900}, "weeks"),
        ({"units": "planets"}, "arms"),
        ({"kept": 120}, "between 0 and 100"),
        ({"size": 3}, "at least 4"),
        ({"iroas": -2}, "above 0"),
        ({"treated": 1e30, "control": 5}, "whole number"),
    ],
)
def test_a_bad_wish_is_one_sentence(wish, says):
    with pytest.raises(CannotTell, match=says) as error:
        question({"spend": 1000.0, **wish})
    assert "nan" not in f"{error.value}".replace("“spend: nan”", "")


def test_constant_revenue_can_not_be_planned_from():
    flat = Known("campaign", np.full((20, 10), 5.0), "flat")
    with pytest.raises(CannotTell, match="differ"):
        plan(flat, Question("campaign", 10, 10, 4, 1e5), 0.9)


def test_units_that_sold_nothing_before_make_the_regression_refuse_in_a_sentence():
    table = panel(60, 20, unit="geo").revenue.copy()
    table[:, :] = np.where(np.random.default_rng(1).random(table.shape) < 0.97, 0.0, table)
    with pytest.raises(CannotTell, match="more units"):
        plan(Known("geo", table, "sparse"), Question("geo", 15, 15, 4, 1e5, before=4), 0.9)


def test_units_are_known_by_key_and_plural():
    assert [unit_of(word) for word in ("campaigns", "places", "geo", "Customers", "influencer")] == [
        "campaign", "geo", "geo", "customer", "influencer",
    ]  # fmt: skip
