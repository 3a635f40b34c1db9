"""Decides that only a declared, complete, finished random design may speak, and that the others say why not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from analytics.assumptions import Assumptions
from analytics.incrementality.declared import Run, gap, is_random, is_running, many, run_of, size
from analytics.incrementality.methods import clusters, cuped, holdout, looking
from analytics.incrementality.slice import Slice
from tests.analytics.incrementality import worlds

HOUSE = Assumptions()


@pytest.mark.parametrize("word", [None, False])
def test_without_the_word_that_arms_were_drawn_nothing_is_a_headline(word: bool | None) -> None:
    said = "Nobody has declared that" if word is None else "were not assigned at random"
    slices = {
        holdout.METHODS: worlds.campaigns(1, 2.0, declared=worlds.experiment(is_random=word)),
        clusters.METHODS: worlds.clusters(1, 2.0, declared=worlds.experiment("geo", word)),
        cuped.METHODS: worlds.customers(1, 2.0, declared=worlds.experiment("customer", word)),
    }
    for methods, slice_ in slices.items():
        for method in methods:
            found = method(slice_, HOUSE)
            assert (found.role, found.status) == ("directional", "weak")
            assert said in found.reason


def test_the_experiments_word_goes_before_the_old_one() -> None:
    assert is_random(worlds.campaigns(1)) is True
    told = worlds.campaigns(1, declared=worlds.experiment(is_random=False), declared_random=True)
    assert is_random(told) is False
    alone = worlds.of_cells(worlds.campaigns(1).cells, None, declared_random=True)
    assert is_random(alone) is True
    assert holdout.HOLDOUT(alone, HOUSE).experiment == ""


def test_the_estimate_is_stamped_with_its_experiment() -> None:
    found = holdout.HOLDOUT(worlds.campaigns(1), HOUSE)
    assert found.experiment == "Summer test: campaigns drawn at random, as declared on 1 May 2026 by Asha"
    assert (found.status, found.role) == ("ok", "headline")


def test_units_other_than_those_drawn_are_directional() -> None:
    found = holdout.HOLDOUT(worlds.campaigns(1, declared=worlds.experiment("influencer")), HOUSE)
    assert found.role == "directional"
    assert "Influencers were drawn, and campaigns are counted." in found.reason


def test_go_live_dates_and_nameless_customers_are_no_arms() -> None:
    calendar = worlds.experiment("go_live", calendar={"version": 1})
    slice_ = worlds.clusters(1, declared=calendar)
    for method in (*holdout.METHODS, *clusters.METHODS, *cuped.METHODS):
        assert "iroas.golive" in method(slice_, HOUSE).reason
    nameless = worlds.campaigns(1, declared=worlds.experiment("customer", sizes=None))
    assert "stand in no file" in holdout.HOLDOUT(nameless, HOUSE).reason
    too_small = worlds.campaigns(1, declared=worlds.experiment("customer"))
    assert "correct the sizes" in holdout.HOLDOUT(too_small, HOUSE).reason


def test_before_the_declared_end_only_the_always_valid_interval_may_be_read() -> None:
    running = worlds.clusters(2, 2.0, weeks_known=3)
    assert is_running(running)
    for method in (*holdout.METHODS, *clusters.METHODS, *cuped.METHODS):
        found = method(running, HOUSE)
        assert found.role == "directional"
        assert "until then only iroas.always_valid may be read" in found.reason
    valid = looking.ALWAYS_VALID(running, HOUSE)
    assert (valid.role, valid.status) == ("headline", "ok")
    assert "until then this is the interval that may be read" in " ".join(check.says for check in valid.checks)
    over = worlds.clusters(2, 2.0)
    assert not is_running(over)
    assert clusters.GBR(over, HOUSE).role == "headline"


@pytest.mark.parametrize(("looks", "payer"), [(0, "iroas.always_valid"), (6, "iroas.planned_looks")])
def test_looks_that_were_planned_are_paid_for(looks: int, payer: str) -> None:
    found = clusters.GBR(worlds.clusters(2, 2.0, declared=worlds.experiment("geo", looks=looks)), HOUSE)
    assert (found.role, found.status) == ("headline", "weak")
    assert f"that of {payer}" in found.reason


def test_a_run_counts_its_days_with_both_ends() -> None:
    run = Run(date(2026, 5, 4), date(2026, 6, 14), date(2026, 5, 10))
    assert (run.planned, run.known, run.is_over) == (42, 7, False)
    assert replace(run, last=date(2026, 5, 1)).known == 0
    assert replace(run, last=date(2027, 5, 1)).is_over
    undated = worlds.campaigns(1, declared=worlds.experiment(start=None, end=None))
    assert run_of(undated) is None
    assert run_of(worlds.of_cells(undated.cells)) is None
    assert run_of(replace(worlds.campaigns(1), daily=worlds.days().head(0))) is None


def test_days_that_are_only_filled_in_are_not_known() -> None:
    whole = worlds.clusters(1)
    filled = whole.series.copy()
    late = filled.index >= len(filled) - 10
    filled.loc[late, ["treated", "control", "organic"]] = 0.0
    assert run_of(replace(whole, series=filled)) == Run(worlds.START, worlds.END, date(2026, 6, 4))
    weeks = sorted(whole.panel["week"].unique())
    ahead = whole.panel.assign(revenue=whole.panel["revenue"].where(whole.panel["week"] != weeks[-1], 0.0))
    assert gap(replace(whole, series=filled[:-7], panel=ahead)) == ""
    seldom = whole.series.copy()
    seldom.loc[seldom.index % 10 != 0, ["treated", "control", "organic"]] = 0.0
    assert not is_running(replace(whole, series=seldom))
    nothing = filled.assign(treated=0.0, control=0.0)
    assert not is_running(replace(whole, series=nothing))


def test_customers_in_both_arms_make_it_directional_when_they_are_more_than_a_few() -> None:
    for mixed, role in ((50, "headline"), (500, "directional")):
        slice_ = worlds.customers(1, 1.0)
        assert slice_.customers
        found = cuped.CUPED(replace(slice_, customers=replace(slice_.customers, mixed=mixed)), HOUSE)
        assert found.role == role
        assert any("carry both arms" in check.says for check in found.checks)


def test_buyers_alone_are_no_arms() -> None:
    unsized = worlds.customers(1, 1.0, declared=worlds.experiment("customer", sizes=None))
    for method in (holdout.HOLDOUT, *cuped.METHODS):
        found = method(unsized, HOUSE)
        assert found.role == "directional"
        assert "give both sizes" in found.reason


def test_finance_is_told_what_the_result_is_divided_by() -> None:
    for method, slice_ in ((holdout.HOLDOUT, worlds.campaigns(1)), (clusters.GBR, worlds.clusters(1))):
        said = next(check.says for check in method(slice_, HOUSE).checks if check.name == "spend")
        assert said.startswith("The result is divided by ₹")
    assert "₹40,000 on test campaigns" in holdout.HOLDOUT(worlds.campaigns(1), HOUSE).checks[-4].says


def test_a_week_that_nobody_sold_in_is_missing_only_where_weeks_are_alike() -> None:
    whole = worlds.clusters(1)
    assert gap(whole) == ""
    weeks = sorted(whole.panel["week"].unique())
    empty = whole.panel["week"].isin([weeks[4]])
    holed = replace(whole, panel=whole.panel.assign(revenue=whole.panel["revenue"].where(~empty, 0.0)))
    assert (
        gap(holed) == "The week of 9 Mar 2026 has no order at all: import what is missing, or choose dates without it."
    )
    absent = replace(whole, panel=whole.panel[~whole.panel["week"].isin(weeks[4:6])])
    assert gap(absent).startswith("2 weeks from 9 Mar 2026 on have no order at all")
    rng = np.random.default_rng(1)
    sparse = holed.panel.assign(revenue=holed.panel["revenue"].where(rng.random(len(holed.panel)) < 0.004, 0.0))
    assert gap(replace(whole, panel=sparse)) == ""
    assert gap(Slice(1.0, 1.0, 1.0)) == ""


def test_units_are_words() -> None:
    assert many(1, "geo") == "1 place"
    assert many(2, "geo") == "2 places"
    assert not size(float("nan")).passed
    assert pd.notna(size(0.5).says)
