"""The organic revenue of quiet days tells what live days would have brought, where quiet days are like live ones."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analytics.assumptions import Assumptions
from analytics.incrementality.methods.organic import ORGANIC_BASELINE, expected_organic
from analytics.incrementality.slice import Slice
from bench.recovery import slices
from data.simulation.designs import series
from tests.analytics.incrementality import series_worlds as worlds

HOUSE = Assumptions()
WORLDS = 120


@pytest.mark.parametrize(("share", "flags"), [(0.0, False), (0.5, False), (0.0, True)])
def test_the_truth_is_found_where_quiet_days_lie_between_live_ones(share: float, flags: bool) -> None:
    made = ((worlds.on_and_off(seed, share=share, flags=flags), 2.0) for seed in range(WORLDS))
    found = worlds.tried(ORGANIC_BASELINE, made)
    assert abs(found.bias) <= 3 * found.error
    assert found.is_covered(WORLDS, 0.87, 0.93)


def test_flagged_promotions_are_taken_into_account_and_missing_flags_are_said() -> None:
    flagged = worlds.on_and_off(1, flags=True)
    said = ORGANIC_BASELINE(flagged, HOUSE)
    assert said.status == "ok"
    assert any("flagged" in check.says for check in said.checks)
    blind = worlds.changed(flagged, "daily", lambda rows: rows.drop(columns="promotion"))
    unsaid = ORGANIC_BASELINE(blind, HOUSE)
    assert unsaid.status == "weak"
    assert "no promotion or festival flags" in unsaid.reason
    assert unsaid.upper - unsaid.lower > said.upper - said.lower


def test_the_interval_grows_when_days_are_alike() -> None:
    """Days that resemble the day before tell less: the error of independent days would be far too small."""
    ratio = []
    for seed in range(20):
        found = expected_organic(worlds.on_and_off(seed, share=0.8))
        ratio.append(found.se / float(np.std(found.residuals)))
    alone = [
        found.se / float(np.std(found.residuals))
        for found in (expected_organic(worlds.on_and_off(seed)) for seed in range(20))
    ]
    assert np.mean(ratio) > 1.4 * np.mean(alone)


def test_a_launch_that_only_a_trend_leads_to_is_weak(capsys) -> None:  # type: ignore[no-untyped-def]
    for kappa in (0.0, 1.0):
        setting = replace(series.LAUNCH, kappa=kappa)
        made = (series.series(np.random.default_rng(seed), setting) for seed in range(25))
        found = worlds.tried(ORGANIC_BASELINE, ((slices.of_series(world), world.true_iroas) for world in made))
        with capsys.disabled():
            sys.stdout.write(
                f"\norganic, launch, kappa {kappa:g}: turned away {found.turned_away:.0%}, holds {found.coverage:.0%}"
            )
        assert found.turned_away >= 0.9


def test_it_carries_what_it_rests_on() -> None:
    said = ORGANIC_BASELINE(worlds.on_and_off(3), HOUSE)
    assert (said.role, said.family, said.unit_of_analysis) == ("directional", "organic", "day")
    assert (said.n_treated, said.n_control, said.observations) == (84, 98, 98)
    assert said.mde > 0
    assert [check.name for check in said.checks] == ["quiet days between", "autocorrelation", "promotions", "size"]


def days(change: Callable[[pd.DataFrame], pd.DataFrame]) -> Slice:
    return worlds.changed(worlds.on_and_off(1), "daily", change)


BAD: dict[str, tuple[Slice, str]] = {
    "narrowed": (replace(worlds.on_and_off(1), organic_carries=False, narrowed_by=("platform", "tier")),
                 "platform and tier"),
    "no organic rows": (replace(worlds.on_and_off(1), revenue_organic=float("nan")), "no organic rows"),
    "no spend": (replace(worlds.on_and_off(1), spend=0.0), "no spend"),
    "thirteen quiet days": (worlds.changed(worlds.on_and_off(1), "daily", lambda rows: rows.iloc[1:28]), "at least 14"),
    "never live": (days(lambda rows: rows.assign(revenue=0.0)), "at least 14"),
    "always live": (days(lambda rows: rows.assign(revenue=5.0)), "at least 14"),
    "constant": (days(lambda rows: rows.assign(revenue_organic=100.0)), "never departs"),
    "a missing day": (days(lambda rows: rows.drop(index=9)), "Days are missing"),
    "missing weeks": (days(lambda rows: rows.drop(index=range(20, 41))), "Days are missing"),
    "an unknown day": (days(lambda rows: worlds.ends(rows, "revenue_organic", 9, np.nan)), "missing or infinite"),
    "a giant day": (days(lambda rows: worlds.ends(rows, "revenue_organic", 9, 1e6)), "One value holds"),
    "a negative day": (days(lambda rows: worlds.ends(rows, "revenue_organic", 9, -1.0)), "set returns off"),
    "no quiet Saturday": (days(lambda rows: rows.assign(revenue=rows["date"].dt.day_of_week.isin([5]) * 10.0)),
                          "No Saturday"),
}  # fmt: skip


@pytest.mark.parametrize("name", list(BAD))
def test_what_cannot_be_measured_is_refused_in_a_sentence(name: str) -> None:
    worlds.refuses(ORGANIC_BASELINE, *BAD[name])
