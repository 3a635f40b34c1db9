"""Two series of days: found where they move together, turned away where they don't, refused where they lack a part."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analytics.assumptions import Assumptions
from analytics.effects import time_regression
from analytics.incrementality.methods.series import CAUSAL_SERIES, METHODS, TBR, sides, weekly
from analytics.incrementality.slice import Slice
from bench.recovery import slices
from data.simulation.designs import geos, series
from tests.analytics.incrementality import series_worlds as worlds

HOUSE = Assumptions()
WORLDS, FEWER = 60, 30
CHECKS = ["correlation", "autocorrelation", "stability", "A/A"]


def test_time_based_regression_finds_the_truth_where_demand_is_equal_and_independent() -> None:
    """87 % and a bias of .01 are published for these worlds (statistics.md 5.0)."""
    found = worlds.tried(TBR, worlds.geo_worlds(geos.TAME, WORLDS))
    assert abs(found.bias) <= 0.05 * 2 + 3 * found.error
    assert found.is_covered(WORLDS, 0.82, 0.93)


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.id)
def test_the_published_checks_turn_away_worlds_whose_demand_wanders(method, capsys) -> None:  # type: ignore[no-untyped-def]
    found = worlds.tried(method, worlds.geo_worlds(geos.BASE, FEWER))
    with capsys.disabled():
        sys.stdout.write(
            f"\n{method.id}: turned away in {found.turned_away:.1%} of {FEWER} base worlds, holds {found.coverage:.0%}"
        )
    assert found.turned_away >= 0.9


def test_the_causal_series_is_wide_but_right_where_demand_is_tame() -> None:
    found = worlds.tried(CAUSAL_SERIES, worlds.geo_worlds(geos.TAME, FEWER))
    assert abs(found.bias) <= 0.05 * 2 + 3 * found.error
    assert found.coverage >= 0.87


@pytest.mark.parametrize("kappa", [0.0, 1.0])
def test_without_a_control_the_causal_series_is_never_more_than_weak(kappa: float) -> None:
    setting = replace(series.LAUNCH, kappa=kappa)
    made = (series.series(np.random.default_rng(seed), setting) for seed in range(20))
    found = worlds.tried(CAUSAL_SERIES, ((slices.of_series(world), world.true_iroas) for world in made))
    assert found.turned_away == 1


def test_it_is_the_published_regression_over_spend_and_all_four_checks_decide() -> None:
    slice_ = worlds.geo_slice(1)
    table = slice_.series
    late = table["in_test"].to_numpy(bool)
    x, y = table["control"].to_numpy(), table["treated"].to_numpy()
    said = time_regression.cumulative(x[~late], y[~late], x[late], y[late], 0.9)
    found = TBR(slice_, HOUSE)
    ends = np.array([said.point, said.lower, said.upper]) / table["spend"].sum()
    assert [found.estimate, found.lower, found.upper] == pytest.approx(list(ends))
    assert [check.name for check in found.checks] == [*CHECKS, "size"]
    assert (found.status, found.role, found.family) == ("ok", "directional", "series")
    assert (found.n_treated, found.n_control, found.observations) == (25, 25, 168)
    assert found.experiment == slice_.experiment.stamp  # type: ignore[union-attr]
    assert found.mde > 0
    assert "₹" in found.checks[3].says


def test_stopping_spend_is_measured_like_starting_it() -> None:
    """Spend before, none in the test, revenue falls by twice of it: iROAS 2."""
    slice_ = worlds.geo_slice(3, true_iroas=0.0)
    table = slice_.series.copy()
    late = table["in_test"].to_numpy(bool)
    usual = 0.05 * table["treated"].mean()
    stopped = table.assign(spend=np.where(late, 0.0, usual), treated=table["treated"] + 2 * usual * ~late)
    found = TBR(replace(slice_, series=stopped), HOUSE)
    assert found.lower < 2 < found.upper
    assert found.upper - found.lower < 1.5


def test_spend_that_went_on_as_before_is_no_test_of_it() -> None:
    steady = worlds.changed(worlds.geo_slice(), "series", lambda rows: rows.assign(spend=100.0))
    for method in METHODS:
        worlds.refuses(method, steady, "beyond what they had before")


def test_weeks_are_counted_from_the_first_day_of_the_test() -> None:
    slice_ = worlds.geo_slice(pre=110, test=40, cooldown=5)
    weeks = weekly(sides(slice_))
    assert (len(weeks.before), len(weeks.inside)) == (15, 6)
    start = slice_.series.loc[slice_.series["in_test"], "date"].iloc[0]
    assert weeks.inside["date"].iloc[0] == start
    assert weeks.inside["spend"].sum() == pytest.approx(slice_.series["spend"].sum())


def test_organic_revenue_stands_beside_control_only_where_it_carries_the_filters() -> None:
    slice_ = worlds.changed(worlds.geo_slice(), "series", lambda rows: rows.assign(organic=rows["control"] / 3))
    said = CAUSAL_SERIES(slice_, HOUSE).checks[0].says
    assert "control and organic" in said
    narrowed = replace(slice_, organic_carries=False, narrowed_by=("tier",))
    assert "control and organic" not in CAUSAL_SERIES(narrowed, HOUSE).checks[0].says


def rows(change: Callable[[pd.DataFrame], pd.DataFrame]) -> Slice:
    return worlds.changed(worlds.geo_slice(), "series", change)


def one_control(slice_: Slice) -> Slice:
    table = slice_.clusters
    kept = table[table["arm"].eq("treated") | table["unit"].eq(table.loc[table["arm"].eq("control"), "unit"].iloc[0])]
    return replace(slice_, clusters=kept)


BOTH: dict[str, tuple[Slice, str]] = {
    "no experiment": (Slice(1.0, 1.0, 1.0), "declare its arms"),
    "no spend anywhere": (replace(worlds.geo_slice(), spend=0.0), "no spend"),
    "no spend in the test": (rows(lambda table: table.assign(spend=0.0)), "nothing to divide by"),
    "treated sold nothing": (rows(lambda table: table.assign(treated=0.0)), "sold nothing"),
    "constant revenue": (rows(lambda table: table.assign(treated=500.0)), "never moves"),
    "a missing day": (rows(lambda table: table.drop(index=30)), "Days are missing"),
    "missing weeks": (rows(lambda table: table.drop(index=range(28, 49))), "Days are missing"),
    "an unknown day": (rows(lambda table: worlds.ends(table, "treated", 9, np.nan)), "missing or infinite"),
    "a giant day": (rows(lambda table: worlds.ends(table, "treated", 9, 1e6)), "One value holds"),
    "a negative day": (rows(lambda table: worlds.ends(table, "treated", 9, -1.0)), "set returns off"),
    "nothing before": (rows(lambda table: table[table["in_test"]]), "before the test"),
    "no test": (rows(lambda table: table[~table["in_test"]]), "in the test"),
    "a test with a pause": (rows(lambda table: table.assign(in_test=np.arange(len(table)) % 50 > 25)), "follow days"),
    "a short past": (rows(lambda table: table.iloc[110:]), "steps"),
}  # fmt: skip


@pytest.mark.parametrize("name", list(BOTH))
@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.id)
def test_what_cannot_be_measured_is_refused_in_a_sentence(method, name: str) -> None:  # type: ignore[no-untyped-def]
    slice_, words = BOTH[name]
    if name == "a short past" and method is CAUSAL_SERIES:
        words = "shorter than one"
    worlds.refuses(method, slice_, words)


def test_an_empty_or_single_control_cannot_be_regressed_on() -> None:
    worlds.refuses(TBR, rows(lambda table: table.assign(control=0.0)), "control arm sold nothing")
    worlds.refuses(TBR, rows(lambda table: table.assign(control=7.0)), "never moves")
    worlds.refuses(TBR, one_control(worlds.geo_slice()), "at least two")
