"""What the pictures of a test are drawn from: honest bands, arms before the test, and tests that never were."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analytics.assumptions import Assumptions
from analytics.effects import adjusted, geo, rerandomised
from analytics.effects.refusals import CannotTell
from analytics.incrementality import paths
from analytics.incrementality.methods.series import CAUSAL_SERIES, TBR
from analytics.incrementality.slice import Customers, Slice
from bench.recovery import slices
from data.simulation.designs import geos, series
from tests.analytics.incrementality import series_worlds as worlds

HOUSE = Assumptions()
WORLDS = 25


def launch() -> Slice:
    return slices.of_series(series.series(np.random.default_rng(0)))


def without(slice_: Slice, *names: str) -> Slice:
    return replace(slice_, **{name: getattr(slice_, name).iloc[:0] for name in names})


def test_the_path_ends_where_geo_based_regression_ends() -> None:
    slice_ = worlds.geo_slice(4)
    drawn = paths.lift_over_time(slice_, HOUSE)
    table = slice_.clusters
    said = geo.geo_regression(table["pre"], table["test"], table["spend"], table["arm"].eq("treated"), 0.9)
    last, spent = drawn.iloc[-1], table["spend"].sum()
    assert tuple(drawn.columns) == paths.PATH
    assert (set(drawn["method"]), set(drawn["step"])) == ({paths.GBR}, {"week"})
    assert last[["cumulative", "cumulative_lower", "cumulative_upper"]].to_numpy(float) == pytest.approx(
        np.array([said.point, said.lower, said.upper]) * spent
    )


def test_weekly_effects_add_up_to_the_cumulative_and_nothing_is_missing() -> None:
    drawn = paths.lift_over_time(worlds.geo_slice(5), HOUSE)
    inside = drawn[drawn["in_test"]]
    assert (inside["observed"] - inside["expected"]).cumsum().to_numpy() == pytest.approx(inside["cumulative"])
    assert (drawn.loc[~drawn["in_test"], "cumulative"] == 0).all()
    assert not drawn.isna().any(axis=None)
    assert (drawn["lower"] <= drawn["expected"]).all()
    assert (drawn["expected"] <= drawn["upper"]).all()
    assert (drawn["cumulative_lower"] <= drawn["cumulative"]).all()


def test_the_band_holds_the_truth_as_often_as_it_says() -> None:
    held = []
    for slice_, truth in worlds.geo_worlds(geos.HALVES, WORLDS):
        last = paths.lift_over_time(slice_, HOUSE).iloc[-1]
        held.append(last["cumulative_lower"] <= truth * slice_.spend <= last["cumulative_upper"])
    assert 0.9 - 3 * np.sqrt(0.09 / WORLDS) <= np.mean(held)


def test_which_band_is_drawn_follows_from_what_is_known() -> None:
    """Units → geo-based regression; two series → time-based, if its checks pass; else the causal series."""
    tame, wandering = worlds.geo_slice(1), worlds.geo_slice(1, geos.BASE)
    by_day = paths.lift_over_time(without(tame, "panel"), HOUSE)
    assert (set(by_day["method"]), set(by_day["step"]), len(by_day)) == ({TBR.id}, {"day"}, 168)
    said = TBR(tame, HOUSE)
    spent = tame.series["spend"].sum()
    ends = by_day.iloc[-1][["cumulative", "cumulative_lower", "cumulative_upper"]].to_numpy(float) / spent
    assert ends == pytest.approx([said.estimate, said.lower, said.upper])
    for slice_ in (without(wandering, "panel"), launch()):
        modelled = paths.lift_over_time(slice_, HOUSE)
        said = CAUSAL_SERIES(slice_, HOUSE)
        assert set(modelled["method"]) == {CAUSAL_SERIES.id}
        ends = modelled.iloc[-1][["cumulative", "cumulative_lower", "cumulative_upper"]].to_numpy(float)
        assert ends / slice_.series["spend"].sum() == pytest.approx([said.estimate, said.lower, said.upper])
        assert modelled.loc[~modelled["in_test"], "expected"].isna().all()
        assert modelled.loc[modelled["in_test"], list(paths.BANDS)].notna().all(axis=None)


def test_arms_drawn_at_random_move_alike_before_and_chosen_ones_do_not() -> None:
    apart = {drift: [] for drift in (0.0, 0.004)}
    for drift, found in apart.items():
        for seed in range(8):
            rows = paths.pre_trend(worlds.geo_slice(seed, geos.HALVES, drift=drift))
            assert tuple(rows.columns) == paths.TRENDS
            assert len(rows) == 16
            assert (rows["treated"] - rows["control"]).to_numpy() == pytest.approx(rows["difference"])
            found.append(float(((rows["lower"] > 0) | (rows["upper"] < 0)).mean()))
    assert np.mean(apart[0.0]) < 0.25 < np.mean(apart[0.004])


def test_balance_is_that_of_the_drawing() -> None:
    slice_ = worlds.geo_slice(2)
    slice_ = worlds.changed(slice_, "clusters", lambda rows: rows.assign(pre_orders=rows["pre"] // 900))
    table = paths.balance(slice_)
    assert tuple(table.columns) == paths.BALANCES
    assert list(table["figure"]) == ["Revenue before", "Spend before", "Orders before", "Growth before"]
    assert list(table["unit"]) == ["money", "money", "count", "share"]
    figures = slice_.clusters[["pre", "pre_spend", "pre_orders"]].to_numpy(float)
    expected = rerandomised.balance_table(figures, slice_.clusters["arm"].eq("treated"), ["a", "b", "c"])
    assert list(table["standardised"][:3]) == pytest.approx([one.standardised for one in expected])


def test_customers_are_balanced_by_their_sums() -> None:
    rng = np.random.default_rng(0)
    arms = [rng.gamma(2.0, 100.0, (n, 2)) for n in (300, 100)]
    known = [adjusted.moments(list(arm.T)) for arm in arms]
    slice_ = Slice(1.0, 1.0, 1.0, unit_name="customer", customers=Customers(known[0], known[1], 0.1, 1.0))
    row = paths.balance(slice_).iloc[0]
    marks = np.arange(400) < 300
    [expected] = rerandomised.balance_table(np.concatenate([arm[:, 1] for arm in arms]), marks, ["before"])
    assert row["standardised"] == pytest.approx(expected.standardised)
    assert (row["variance_ratio"], row["is_balanced"]) == (pytest.approx(expected.variance_ratio), expected.is_balanced)


def test_pretended_earlier_starts_find_nothing_as_often_as_they_say() -> None:
    held = []
    for slice_ in worlds.null_worlds()[:WORLDS]:
        rows = paths.placebo_in_time(slice_)
        assert tuple(rows.columns) == paths.TIMES
        assert (rows["end"] < pd.Timestamp(slice_.experiment.start)).all()  # type: ignore[union-attr]
        held.append(float(rows["holds_zero"].mean()))
    assert abs(np.mean(held) - 0.9) <= 3 * np.std(held) / np.sqrt(WORLDS) + 0.03


def test_pretended_starts_of_two_series_are_regressed_by_day() -> None:
    rows = paths.placebo_in_time(without(worlds.geo_slice(1), "panel"))
    assert set(rows["method"]) == {TBR.id}
    assert len(rows) == 7
    assert rows["holds_zero"].mean() >= 0.5


def test_without_an_effect_the_treated_rank_anywhere_among_control_units() -> None:
    assert worlds.uniform([float(paths.placebo_in_units(one)["p"].iloc[0]) for one in worlds.null_worlds()], 26)


def test_a_strong_effect_stands_out_from_every_control_unit() -> None:
    slice_ = worlds.geo_slice(1)
    rows = paths.placebo_in_units(slice_)
    assert tuple(rows.columns) == paths.UNITS
    assert rows["is_treated"].tolist() == [True] + [False] * 25
    treated = rows.iloc[0]
    assert (treated["rank"], treated["p"]) == (1, pytest.approx(1 / 26))
    assert treated["lower"] < 2 < treated["upper"]
    assert rows["p"].between(1 / 26 - 1e-9, 1).all()
    assert not rows.isna().any(axis=None)


@pytest.mark.parametrize(
    ("picture", "words"),
    [(paths.pre_trend, "declare"), (paths.balance, "Nothing is known"), (paths.placebo_in_time, "declare"),
     (paths.placebo_in_units, "declare"), (lambda slice_: paths.lift_over_time(slice_, HOUSE), "declare")],
    ids=["pre-trend", "balance", "in time", "in units", "lift"],
)  # fmt: skip
def test_what_cannot_be_drawn_says_what_is_missing(picture, words: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(CannotTell, match=words):
        picture(Slice(1.0, 1.0, 1.0))


def test_too_little_before_or_too_few_units_is_refused() -> None:
    short = worlds.geo_slice(pre=28)
    with pytest.raises(CannotTell, match="earlier"):
        paths.placebo_in_time(short)
    with pytest.raises(CannotTell, match="to rank one"):
        paths.placebo_in_units(worlds.geo_slice(geos=10, treated_share=0.7))
    with pytest.raises(CannotTell, match="at least two each"):
        paths.pre_trend(worlds.geo_slice(geos=10, treated_share=0.9))
