"""Finance can reckon every iROAS again: times the spend it carries it is revenue, and bad amounts give a sentence."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analytics.assumptions import Assumptions
from analytics.incrementality import court
from analytics.incrementality.methods import clusters, cuped, holdout, looking, panel, series
from analytics.incrementality.slice import TREATED, Slice
from tests.analytics.incrementality import worlds

HOUSE = Assumptions()
DESIGNS = (*holdout.METHODS, *clusters.METHODS, *cuped.METHODS, looking.ALWAYS_VALID)


def test_the_difference_of_means_times_its_spend_is_the_difference_in_revenue() -> None:
    # The selection holds more spend than the test: months before it, or campaigns without an arm.
    slice_ = replace(worlds.campaigns(3, 2.0), spend=999_999.0)
    cells = slice_.cells
    test, control = (cells[cells["arm"].eq(TREATED) == side]["revenue_all"] for side in (True, False))
    for method in holdout.METHODS:
        found = method(slice_, HOUSE)
        assert found.incremental == pytest.approx(len(test) * (test.mean() - control.mean()))
        assert found.spend == pytest.approx(cells["spend"].sum())


def test_what_is_divided_by_is_the_spend_of_the_test_and_not_of_the_selection() -> None:
    slice_ = replace(worlds.clusters(3, 2.0), spend=1e9)
    paid = float(slice_.clusters["spend"].sum())
    for method in (*DESIGNS, series.TBR, panel.DIFFERENCES):
        assert method(slice_, HOUSE).spend == pytest.approx(paid), method.id


def test_spend_on_units_without_a_weight_is_not_divided_by() -> None:
    slice_ = worlds.clusters(3, 2.0)
    table = slice_.clusters.assign(pre=slice_.clusters["pre"].where(slice_.clusters["unit"].ne("t00"), 0.0))
    paid = float(table.loc[table["unit"].ne("t00"), "spend"].sum())
    for method in (clusters.GBR, clusters.RANDOMISATION, clusters.GROWTH, looking.ALWAYS_VALID):
        found = method(replace(slice_, clusters=table), HOUSE)
        assert found.spend == pytest.approx(paid), method.id


def test_customers_are_divided_by_what_was_spent_on_them() -> None:
    slice_ = worlds.customers(1, 2.0)
    assert slice_.customers is not None
    found = cuped.CUPED(replace(slice_, spend=1e9), HOUSE)
    assert found.spend == slice_.customers.spend


def test_a_refusal_brings_no_revenue() -> None:
    assert np.isnan(holdout.HOLDOUT(replace(worlds.campaigns(1), spend=0.0), HOUSE).incremental)


def _negative(slice_: Slice) -> Slice:
    def turned(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.assign(spend=frame["spend"].where(frame["unit"].ne("t00"), -50.0))

    return replace(slice_, cells=turned(slice_.cells), clusters=turned(slice_.clusters))


def test_a_unit_paid_less_than_nothing_is_refused() -> None:
    for method in DESIGNS:
        found = method(_negative(worlds.clusters(3, 2.0)), HOUSE)
        assert found.reason == (
            "Payouts add up to less than nothing for 1 place: set corrections off against what they mend."
        ), method.id


@pytest.mark.parametrize("sizes", [(1, 20), (20, 1), (0, 20), (20, 0)])
def test_an_arm_of_one_or_none_is_no_arm_for_any_method_of_arms(sizes: tuple[int, int]) -> None:
    drawn = worlds.weekly(np.random.default_rng(1), *sizes, 2.0)
    slice_ = replace(worlds.of_weeks(*drawn, sizes[0], declared=worlds.experiment("geo")), spend=1000.0)
    words = "only one place" if min(sizes) else "holds no"
    assert all(words in method(slice_, HOUSE).reason for method in DESIGNS), sizes


def test_a_missing_week_is_missing_for_series_and_panels_too() -> None:
    slice_ = worlds.clusters(3, 2.0)
    weeks = sorted(slice_.panel["week"].unique())
    gone = slice_.panel["week"].eq(weeks[-2])
    lacking = replace(slice_, panel=slice_.panel.assign(revenue=slice_.panel["revenue"].where(~gone, 0.0)))
    for method in (*panel.METHODS, *series.METHODS, clusters.GBR):
        assert "no order at all" in method(lacking, HOUSE).reason, method.id


def test_drawn_arms_are_drawn_go_live_weeks_only_where_the_arms_are_who_goes_live() -> None:
    slice_ = worlds.clusters(3, 2.0)
    drawn = panel.EVENT_STUDY(slice_, HOUSE)
    assert "never does was drawn at random" in drawn.checks[0].says
    strange = slice_.panel.assign(arm=slice_.panel["arm"].where(slice_.panel["unit"].ne("c00"), ""))
    mixed = panel.EVENT_STUDY(replace(slice_, panel=strange), HOUSE)
    assert not mixed.checks[0].passed
    assert mixed.status == "weak"


def test_where_a_declared_test_is_not_read_no_design_speaks() -> None:
    slice_ = replace(worlds.clusters(3, 2.0), experiment=None, unread="“Spring” compares whole places: take it off.")
    heard = court.court(slice_, HOUSE)
    assert court.headline(heard).reason == "Not measured yet. “Spring” compares whole places: take it off."
    assert all(one.is_refused for one in heard if one.method in {method.id for method in DESIGNS})


def test_daily_looks_that_were_declared_are_paid_for_at_the_end_too() -> None:
    daily = worlds.clusters(3, 2.0, declared=worlds.experiment("geo", looks=0))
    once = worlds.clusters(3, 2.0, declared=worlds.experiment("geo", looks=1))
    assert court.designated(daily) == looking.ALWAYS_VALID.id
    assert court.designated(once) == clusters.GBR.id
    spoken = court.headline(court.court(daily, HOUSE))
    assert (spoken.method, spoken.status, spoken.reason) == (looking.ALWAYS_VALID.id, "ok", "")


def test_control_that_got_spend_is_told_what_would_mend_it() -> None:
    slice_ = worlds.campaigns(3, 2.0)
    leaked = slice_.cells.assign(spend=slice_.cells["spend"].where(slice_.cells["unit"].ne("c00"), 500.0))
    assert "correct the payouts" in holdout.HOLDOUT(replace(slice_, cells=leaked), HOUSE).reason


def test_a_declared_test_of_another_kind_is_not_asked_to_be_declared() -> None:
    customers = worlds.customers(1, 2.0)
    for method in (panel.SYNTHETIC_CONTROL, panel.DIFFERENCES):
        assert method(customers, HOUSE).reason.startswith("Customers are not followed week by week")
