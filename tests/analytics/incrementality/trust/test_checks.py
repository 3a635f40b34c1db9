"""Decides that each trust check turns from green to red where its condition breaks, and is grey where it is unknown."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analytics.effects.adjusted import Moments
from analytics.incrementality.court import METHODS, court
from analytics.incrementality.slice import Customers, Slice
from analytics.incrementality.trust import of_arms as trust_arms
from analytics.incrementality.trust import of_number as trust_number
from analytics.incrementality.trust.checks import CHECKS, subject, trust
from analytics.incrementality.trust.lights import LIGHTS, Light
from data.experiments.record import Experiment
from tests.analytics.incrementality.test_agreement import other
from tests.analytics.incrementality.test_court import HOSTILE, HOUSE, clusters, customers, with_cells, world
from tests.analytics.incrementality.test_verdict import told

START = pd.Timestamp("2026-03-02")
EXPERIMENT = Experiment("one", "One", "campaign", True, start=START.date(), end=pd.Timestamp("2026-04-12").date())


def weeks(bend: float = 0.0, count: int = 10) -> Slice:
    """Ten weeks before the test and six in it, of 30 units an arm; the treated rise by `bend` of their mean a week."""
    draw = np.random.default_rng(3)
    rows = [
        {"unit": f"{arm}{unit}", "arm": arm, "week": START + pd.Timedelta(weeks=week - count),
         "spend": 100.0 if arm == "treated" and week >= count else 0.0,
         "revenue": 1000.0 * (1 + (bend if arm == "treated" else 0.0) * week + draw.normal(0, 0.05))}
        for arm in ("treated", "control") for unit in range(30) for week in range(count + 6)
    ]  # fmt: skip
    return replace(world(), panel=pd.DataFrame(rows), experiment=EXPERIMENT)


def light(key: str, slice_: Slice) -> Light:
    return {one.key: one for one in trust(slice_, court(slice_, HOUSE), HOUSE)}[key]


def test_there_are_always_ten_and_each_says_something() -> None:
    assert len(CHECKS) == 10
    for slice_ in (world(), weeks(), Slice(1.0, 1.0, 1.0), *HOSTILE.values()):
        found = trust(slice_, court(slice_, HOUSE), HOUSE)
        assert [one.key for one in found] == list(CHECKS)
        for one in found:
            assert one.light in LIGHTS
            assert one.written == "–" or one.light != "grey"
            assert not re.search(r"\b(nan|inf|None)\b", one.says), one.says


def test_a_trend_that_differs_before_the_test_is_red() -> None:
    assert light("pre_trend", weeks()).light == "green"
    bent = light("pre_trend", weeks(0.05))
    assert bent.light == "red"
    assert bent.figure == pytest.approx(0.05 / 1.225, rel=0.05)
    assert "a week" in bent.says
    for few in (world(), weeks(count=3), replace(weeks(), experiment=None)):
        assert light("pre_trend", few).light == "grey"


def test_drawn_arms_are_judged_by_chance_and_others_by_size() -> None:
    alike = replace(world(), clusters=clusters().assign(pre=np.arange(60) % 2 + 100.0), pre_days=90.0)
    assert light("balance", alike).light == "green"
    apart = clusters().assign(pre=100 + 10.0 * (-1.0) ** np.arange(60) + 3 * (np.arange(60) < 40))
    drawn = replace(world(), clusters=apart, pre_days=90.0)
    assert light("balance", drawn).light == "green"
    assert "of random draws" in light("balance", drawn).says
    assert light("balance", replace(drawn, declared_random=None)).light in ("amber", "red")
    far = replace(drawn, clusters=apart.assign(pre=apart["pre"] + 50 * (np.arange(60) < 40)))
    assert light("balance", far).light == "red"
    assert "chance hardly" in light("balance", far).says
    assert light("balance", world()).light == "grey"
    split = replace(drawn, clusters=clusters().assign(pre=1.0 + (np.arange(60) < 40)))
    assert light("balance", split).light == "grey"


def test_customers_are_balanced_by_their_moments() -> None:
    arm = Moments(500, np.array([10.0, 9.0]), np.eye(2))
    both = replace(world(), customers=Customers(arm, arm, 0.4, 1e4, 10))
    assert light("balance", both).light == "green"
    assert light("balance", replace(world(), customers=customers(1))).light == "grey"
    assert light("leverage", both).light == "amber"
    assert (light("contamination", both).light, light("contamination", both).figure) == ("amber", 10 / 1010)
    assert light("left_out", both).light == "grey"
    assert "would have sold" in light("counterfactual", both).says


def test_one_unit_that_holds_the_revenue_is_red() -> None:
    assert light("leverage", world()).light == "green"
    for size, expected in ((0.4, "amber"), (0.6, "red")):
        revenue = np.r_[np.full(59, 1.0), 59 * size / (1 - size)]
        assert light("leverage", with_cells(revenue_all=revenue)).light == expected
    assert light("leverage", with_cells(revenue_all=0.0)).light == "grey"


def test_a_result_that_hangs_on_one_unit_is_red() -> None:
    fine = light("left_out", world(effect=3))
    assert (fine.light, fine.unit) == ("green", "share")
    assert "iroas.holdout" in fine.says
    revenue = world().cells["revenue_all"].to_numpy().copy()
    revenue[0] = 120_000.0
    assert light("left_out", with_cells(revenue_all=revenue)).light in ("amber", "red")


def test_a_result_that_is_lost_without_one_unit_is_red() -> None:
    few = replace(world(), cells=world().cells.iloc[[0, 1, 40, 41]], spend=2000.0)
    found = light("left_out", few)
    assert found.light == "red"
    assert "there is no result" in found.says
    three = replace(world(), cells=world().cells.iloc[[0, 1, 40]])
    assert trust_number.left_out(three, told(1, 0, 2), METHODS["iroas.holdout"], HOUSE)[0] == "grey"


@pytest.mark.parametrize(("found", "expected"), [(0, "green"), (2, "green"), (3, "amber"), (6, "red")])
def test_effects_before_the_start_are_counted(found: int, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = pd.DataFrame({"holds_zero": [False] * found + [True] * (10 - found)})
    monkeypatch.setattr(trust_arms, "placebo_in_time", lambda slice_, level: rows)
    light_, share, says = trust_arms.placebo_date(world(), 0.9)
    assert (light_, share) == (expected, found / 10)
    assert says.endswith("about 10 % do by chance.")


def test_nothing_before_the_start_is_tried_on_real_weeks() -> None:
    found = light("placebo_date", weeks())
    assert found.light != "grey"
    assert "pretended first days" in found.says
    assert light("placebo_date", world()).light == "grey"


@pytest.mark.parametrize(("mde", "expected"), [(0.8, "green"), (2.0, "amber"), (5.6, "red"), (math.nan, "grey")])
def test_a_test_too_small_for_break_even_is_not_green(mde: float, expected: str) -> None:
    assert trust_number.smallest_seen(told(1, 0, 2, mde=mde))[0] == expected
    assert trust_number.smallest_seen(None)[0] == "grey"


def test_arms_that_leak_into_each_other_are_red() -> None:
    assert light("contamination", world()).light == "green"
    spend = world().cells["spend"].to_numpy().copy()
    spend[-1] = 1000.0
    assert light("contamination", with_cells(spend=spend)).light == "amber"
    assert light("contamination", with_cells(spend=1000.0)).light == "red"
    assert light("contamination", HOSTILE["units in both arms"]).light == "red"
    assert light("contamination", Slice(1.0, 1.0, 1.0)).light == "grey"


def test_nobody_sells_less_than_nothing() -> None:
    sold = float(world().cells.query("arm == 'treated'")["revenue_all"].sum()) / 1e6
    for point, upper, expected in ((0.1, 0.9, "green"), (0.1, 1.1, "amber"), (1.05, 1.2, "red")):
        estimate = told(point * sold, 0.0, upper * sold)
        assert trust_number.counterfactual_sign(world(), estimate)[0] == expected
    assert trust_number.counterfactual_sign(Slice(1.0, 1.0, 1.0), told(1, 0, 2))[0] == "grey"


@pytest.mark.parametrize(
    ("point", "expected"), [(2.0, "green"), (5.0, "green"), (8.0, "amber"), (-1.5, "amber"), (11, "red"), (-3, "red")]
)
def test_what_influencers_never_reach_is_red(point: float, expected: str) -> None:
    light_, _, says = trust_number.plausible(Slice(1.0, 3.0, 3.0), told(point, point - 1, point + 1))
    assert light_ == expected
    assert "iroas.holdout" in says
    assert "attributed ROAS is 3.0×" in says


def test_methods_that_contradict_the_headline_are_red() -> None:
    head, near, far = told(2, 1.5, 2.5), other("iroas.a", 2.1, 0.5), other("iroas.b", 9.0, 0.5)
    assert trust_number.spread([head, near, near, far])[0] == "green"
    assert trust_number.spread([head, near, far])[0] == "amber"
    assert trust_number.spread([head, far, far])[0] == "red"
    assert trust_number.spread([head, near])[0] == "grey"


def test_the_lights_are_about_the_headline_else_the_nearest_direction() -> None:
    head, near = told(2, 1.5, 2.5), other("iroas.tbr", 9.0, 0.5)
    assert subject([near, head]) is head
    holdout = replace(head, role="directional")
    assert subject([near, holdout]) is holdout
    assert subject([near]) is near
    assert subject([replace(near, role="comparison")]) is None


def test_a_light_that_is_ill_formed_cannot_be_made() -> None:
    for wrong in (("blue", 1.0, "Said."), ("green", math.nan, "Said."), ("grey", 1.0, "Said."), ("red", 1.0, "said")):
        with pytest.raises(ValueError, match="mde"):
            Light("mde", "Large enough", wrong[0], wrong[1], "multiple", wrong[2])
