"""Weekly rows of units: the truth is found, chance is told by placebos, and gaps, giants and empty arms are refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analytics.assumptions import Assumptions
from analytics.effects import panels, synthetic
from analytics.incrementality.methods.panel import DIFFERENCES, EVENT_STUDY, METHODS, SYNTHETIC_CONTROL, aside
from analytics.incrementality.methods.weeks import weeks_of
from analytics.incrementality.slice import Slice
from data.simulation.designs import geos
from tests.analytics.incrementality import series_worlds as worlds

HOUSE = Assumptions()
WORLDS = 36


@pytest.mark.parametrize(
    ("method", "setting"),
    [(SYNTHETIC_CONTROL, geos.TAME), (SYNTHETIC_CONTROL, geos.EQUAL_DEMAND), (DIFFERENCES, geos.HALVES)],
    ids=["mix, tame", "mix, equal demand", "differences"],
)
def test_the_truth_is_found_among_places_drawn_at_random(method, setting: geos.Setting) -> None:  # type: ignore[no-untyped-def]
    found = worlds.tried(method, worlds.geo_worlds(setting, WORLDS))
    assert abs(found.bias) <= 0.05 * 2 + 3 * found.error
    assert found.is_covered(WORLDS, 0.85)


def test_the_event_study_finds_what_go_live_weeks_brought() -> None:
    found = worlds.tried(EVENT_STUDY, ((worlds.staggered(seed), 2.0) for seed in range(WORLDS)))
    assert abs(found.bias) <= 0.05 * 2 + 3 * found.error
    assert found.is_covered(WORLDS, 0.87)
    nothing = worlds.tried(EVENT_STUDY, ((worlds.staggered(seed, 0.0), 0.0) for seed in range(WORLDS)))
    assert nothing.rejects <= 0.1 + 3 * np.sqrt(0.09 / WORLDS)


def test_without_an_effect_p_is_even() -> None:
    mixed, differences = [], []
    for slice_ in worlds.null_worlds():
        found = weeks_of(slice_)
        mixed.append(synthetic.conformal_p(*aside(found)[:2], found.pre))
        late = np.outer(found.treated, np.arange(len(found.weeks)) >= found.pre)
        cells = pd.DataFrame({
            "unit": np.repeat(np.arange(len(late)), late.shape[1]),
            "time": np.tile(np.arange(late.shape[1]), len(late)),
            "value": found.revenue.ravel(), "treated": late.ravel(),
        })  # fmt: skip
        differences.append(panels.difference_in_differences(cells, deals=199).extras["p"])
    assert worlds.uniform(mixed, 24)
    assert worlds.uniform(differences, 200)


@pytest.mark.parametrize("drift", [0.002])
def test_places_that_grew_anyway_are_told_apart_from_drawn_ones(drift: float) -> None:
    """Chosen places: every method says so, whatever its number."""
    for seed in range(5):
        slice_ = worlds.geo_slice(seed, geos.BASE, drift=drift)
        chosen = replace(slice_, experiment=replace(slice_.experiment, is_random=False))
        for method in METHODS:
            said = method(chosen, HOUSE)
            assert said.status == "weak"
            assert "might have grown anyway" in said.reason


def test_estimates_carry_what_they_rest_on() -> None:
    slice_ = worlds.geo_slice(2)
    for method in (SYNTHETIC_CONTROL, DIFFERENCES):
        said = method(slice_, HOUSE)
        assert (said.role, said.family, said.n_treated, said.n_control) == ("directional", "panel", 25, 25)
        assert said.observations == 24
        assert said.mde > 0
        assert said.experiment
        names = {check.name for check in said.checks}
        assert {"random assignment", "units", "control got no spend", "size"} <= names
    assert any("conformal" in check.says for check in SYNTHETIC_CONTROL(slice_, HOUSE).checks)


def test_a_few_units_are_judged_by_permutation_and_called_weak() -> None:
    slice_ = worlds.geo_slice(1, geos=24, treated_share=0.75)
    said = DIFFERENCES(slice_, HOUSE)
    assert (said.status, said.n_control) == ("weak", 6)
    assert "at least 8" in said.reason


def test_spend_on_control_is_said() -> None:
    def leaked(table: pd.DataFrame) -> pd.DataFrame:
        return table.assign(spend=table["spend"] + 5.0 * table["arm"].eq("control"))

    said = SYNTHETIC_CONTROL(rows(leaked), HOUSE)
    assert said.status == "weak"
    assert "Spend on control" in said.reason


def test_the_week_that_holds_the_first_day_of_the_test_belongs_to_it() -> None:
    slice_ = worlds.geo_slice(pre=115)
    found = weeks_of(slice_)
    assert found.pre == 16
    start = pd.Timestamp(slice_.experiment.start)  # type: ignore[union-attr]
    assert found.weeks[found.pre] <= start <= found.weeks[found.pre] + pd.Timedelta(days=6)


def rows(change: Callable[[pd.DataFrame], pd.DataFrame]) -> Slice:
    return worlds.changed(worlds.geo_slice(), "panel", change)


def of_arms(treated: int, control: int) -> Slice:
    """Only so many units of each arm."""

    def kept(table: pd.DataFrame) -> pd.DataFrame:
        units = [table.loc[table["arm"].eq(arm), "unit"].unique()[:count]
                 for arm, count in (("treated", treated), ("control", control))]  # fmt: skip
        return table[table["unit"].isin(np.concatenate(units))]

    return rows(kept)


ALL: dict[str, tuple[Slice, str]] = {
    "no panel": (Slice(1.0, 1.0, 1.0), "declare an experiment"),
    "no spend anywhere": (replace(worlds.geo_slice(), spend=0.0), "no spend"),
    "no spend on units": (rows(lambda table: table.assign(spend=0.0)), "spend"),
    "constant revenue": (rows(lambda table: table.assign(revenue=10.0)), "."),
    "a missing week": (rows(lambda table: table.drop(index=[5])), "Weeks are missing"),
    "a week that nobody has": (rows(lambda table: table[table["week"].ne(table["week"].iloc[4])]), "Weeks are missing"),
    "an unknown week": (rows(lambda table: worlds.ends(table, "revenue", 9, np.nan)), "Weeks are missing"),
    "a giant week": (rows(lambda table: worlds.ends(table, "revenue", 9, 1e6)), "One value holds"),
    "a negative week": (rows(lambda table: worlds.ends(table, "revenue", 9, -1.0)), "set returns off"),
    "one cluster": (of_arms(1, 0), "."),
}  # fmt: skip


@pytest.mark.parametrize("name", list(ALL))
@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.id)
def test_what_cannot_be_measured_is_refused_in_a_sentence(method, name: str) -> None:  # type: ignore[no-untyped-def]
    worlds.refuses(method, *ALL[name])


@pytest.mark.parametrize("method", [SYNTHETIC_CONTROL, DIFFERENCES], ids=lambda method: method.id)
def test_arms_and_days_are_needed(method) -> None:  # type: ignore[no-untyped-def]
    worlds.refuses(method, of_arms(5, 0), "is marked control")
    worlds.refuses(method, of_arms(0, 5), "is marked test")
    undated = replace(worlds.geo_slice(), experiment=None)
    worlds.refuses(method, worlds.changed(undated, "series", lambda table: table.iloc[:0]), "first and last day")
    worlds.refuses(method, worlds.geo_slice(pre=14), "whole weeks lie before")
    twice = rows(lambda table: pd.concat([table, table.assign(arm="control")]))
    worlds.refuses(method, twice, "one arm")


def test_one_control_unit_makes_no_mix() -> None:
    worlds.refuses(SYNTHETIC_CONTROL, of_arms(5, 1), "second untreated unit")


def test_nobody_going_live_is_refused() -> None:
    paid = worlds.changed(worlds.staggered(1), "panel", lambda table: table.assign(spend=50.0))
    worlds.refuses(EVENT_STUDY, paid, "window")
