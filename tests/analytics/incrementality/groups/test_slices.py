"""Decides that what is shared out adds up, that a list of verdicts is judged as one, and that gaps are refused."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analytics.assumptions import Assumptions
from analytics.effects.refusals import CannotTell
from analytics.incrementality.groups import slices
from analytics.incrementality.groups.shared import Doses, dose_by_group, doses, scatter_power, shared_by_spend, uplift
from analytics.incrementality.slice import Slice
from data.experiments.record import Experiment

HOUSE = Assumptions()
DRAWN = Experiment("drawn", "Drawn", "campaign", True)


def mixed(
    seed: int, treated: int = 60, control: int = 30, groups: int = 6, returns: float | np.ndarray = 2.0,
    scatter: float = 0.2, sizes: float = 0.0,
) -> Doses:  # fmt: skip
    """Campaigns of 60,000 in which two to four groups are paid a tenth of it; sizes: log sd, known from before."""
    draw = np.random.default_rng(seed)
    size = 60_000 * np.exp(sizes * draw.standard_normal(treated + control))
    spend = np.zeros((treated, groups))
    for row in spend:
        who = draw.choice(groups, draw.integers(2, min(4, groups) + 1), replace=False)
        row[who] = draw.dirichlet(np.full(len(who), 3.0))
    spend *= 0.1 * size[:treated, None] * draw.lognormal(0, 0.3, (treated, 1))
    revenue = size * (1 + scatter * draw.standard_normal(treated + control))
    revenue[:treated] += (spend * returns).sum(axis=1)
    before = (size[:treated], size[treated:]) if sizes else (None, None)
    names = tuple(f"g{number}" for number in range(groups))
    return Doses(revenue[:treated], revenue[treated:], names, spend, *before)


def slice_and_spend(seed: int = 1, with_before: bool = False) -> tuple[Slice, pd.DataFrame]:
    given = mixed(seed, sizes=0.5 if with_before else 0.0)
    n, m = len(given.treated), len(given.control)
    units, arm = [f"c{number}" for number in range(n + m)], ["treated"] * n + ["control"] * m
    spend = np.concatenate([given.unit_spend, np.zeros(m)])
    revenue = np.concatenate([given.treated, given.control])
    frame = {"unit": units, "arm": arm, "revenue_all": revenue, "orders_all": 10.0, "spend": spend}
    made = Slice(spend=float(spend.sum()), revenue=1.0, revenue_all=1.0, cells=pd.DataFrame(frame), experiment=DRAWN)
    if given.before is not None and given.before_control is not None:
        known = {"pre": np.concatenate([given.before, given.before_control]), "test": revenue, "pre_spend": 0.0}
        clusters = pd.DataFrame({"unit": units, "arm": arm, **known, "spend": spend})
        made = replace(made, clusters=clusters, pre_days=28.0, test_days=28.0)
    rows = [
        (units[place], group, given.spend[place, column])
        for place in range(n)
        for column, group in enumerate(given.groups)
    ]
    return made, pd.DataFrame(rows, columns=["unit", "group", "spend"])


@pytest.mark.parametrize("with_before", [False, True])
def test_what_is_shared_adds_up_to_what_was_caused(with_before: bool) -> None:
    made, spent = slice_and_spend(with_before=with_before)
    given = doses(made, spent)
    rows = shared_by_spend(given, 0.9)
    assert float((rows["spend"] * rows["estimate"]).sum()) == pytest.approx(
        float(uplift(given).values.sum()), rel=1e-12
    )
    assert rows["spend"].sum() == pytest.approx(made.spend, rel=1e-12)
    assert (rows["lower"] < rows["estimate"]).all()
    assert (rows["estimate"] < rows["upper"]).all()
    if not with_before:
        total = len(given.treated) * (given.treated.mean() - given.control.mean())
        assert rows["incremental"].sum() == pytest.approx(total, rel=1e-10)


def test_one_group_for_all_is_the_difference_of_means() -> None:
    given = mixed(3, groups=2)
    whole = replace(given, groups=("all",), spend=given.unit_spend[:, None])
    row = shared_by_spend(whole, 0.9).iloc[0]
    n, m = len(given.treated), len(given.control)
    rest = given.treated - given.control.mean() - row["estimate"] * given.unit_spend
    own, common = n * float(rest @ rest) / (n - 1), n * n * given.control.var(ddof=1) / m
    assert row["se"] == pytest.approx(math.sqrt(own + common) / given.unit_spend.sum(), rel=1e-9)


def test_money_that_names_no_group_is_kept_as_such() -> None:
    made, spent = slice_and_spend()
    spent.loc[spent["group"] == "g0", "group"] = None
    given = doses(made, spent[spent["unit"] != "c5"])
    assert "(unallocated)" in given.groups
    assert given.spend.sum() == pytest.approx(made.spend, rel=1e-12)


def test_the_scatter_of_units_decides_their_weight() -> None:
    assert scatter_power(mixed(1, sizes=0.8)) >= 1.5
    alike = mixed(1, sizes=0.8)
    noisy = np.random.default_rng(5)
    revenue = [60_000 + 6_000 * noisy.standard_normal(len(arm)) for arm in (alike.treated, alike.control)]
    assert scatter_power(replace(alike, treated=revenue[0], control=revenue[1])) == 0.0


def test_regression_on_spend_tells_groups_apart_that_sharing_blurs() -> None:
    truth = np.array([0.0, 0.0, 4.0, 4.0])
    blurred, told, held = [], [], []
    for seed in range(60):
        given = mixed(seed, groups=4, returns=truth)
        one, other = (way(given, 0.9).set_index("group").sort_index() for way in (shared_by_spend, dose_by_group))
        blurred.append(one["estimate"].to_numpy())
        told.append(other["estimate"].to_numpy())
        held.append(((other["lower"] <= truth) & (truth <= other["upper"])).mean())
    assert np.abs(np.mean(told, axis=0) - truth).max() < 0.5
    assert np.mean(blurred, axis=0)[:2].mean() > 0.7
    # 240 intervals, nominal 90 %: Monte Carlo error 2 points.
    assert 0.84 <= np.mean(held) <= 0.96


def test_intervals_of_shared_estimates_hold_the_truth_when_groups_are_alike() -> None:
    held = [
        ((rows["lower"] <= 2.0) & (rows["upper"] >= 2.0)).mean()
        for rows in (shared_by_spend(mixed(seed, sizes=0.6 * (seed % 2)), 0.9) for seed in range(120))
    ]
    # 720 intervals from 120 worlds whose groups share units: Monte Carlo error about 2 points.
    assert 0.85 <= np.mean(held) <= 0.95


def test_too_many_groups_cannot_be_told_apart_by_regression() -> None:
    with pytest.raises(CannotTell, match="too many to tell apart"):
        dose_by_group(mixed(1, groups=20), 0.9)
    given = mixed(1, groups=2)
    twins = replace(given, groups=("a", "b"), spend=np.column_stack([given.unit_spend / 2] * 2))
    with pytest.raises(CannotTell, match="in step"):
        dose_by_group(twins, 0.9)


def test_on_null_data_hardly_a_list_holds_a_verdict() -> None:
    # Every group returns exactly break-even, so any verdict is false: at most 10 % of lists, plus Monte Carlo error.
    wrong = [
        slices.judged(slices.shared(mixed(seed, returns=1.0), HOUSE, True), 0.9)["verdict"].ne("cannot tell yet").any()
        for seed in range(120)
    ]
    assert np.mean(wrong) <= 0.1 + 2 * math.sqrt(0.09 / 120)


def test_clear_effects_are_told_and_undeclared_arms_never_are() -> None:
    given = mixed(2, returns=8.0, scatter=0.05)
    told = slices.judged(slices.shared(given, HOUSE, True), 0.9)
    assert set(told["verdict"]) == {"works"}
    assert set(told["standing"]) == {"directional"}
    undrawn = slices.judged(slices.shared(given, HOUSE, False), 0.9)
    assert set(undrawn["verdict"]) == {"cannot tell yet"}
    assert undrawn["reason"].str.contains("not declared").all()


def test_the_same_test_inside_a_value_carries_its_method_and_its_refusal() -> None:
    made, _ = slice_and_spend()
    empty = replace(made, cells=made.cells[made.cells["arm"] == "treated"])
    rows = slices.judged(slices.inside({"Oats": made, "Bars": empty}, HOUSE), 0.9).set_index("value")
    assert rows.loc["Oats", "method"] == "iroas.holdout"
    assert rows.loc["Oats", "standing"] == "same test inside"
    assert rows.loc["Bars", "status"] == "refused"
    assert rows.loc["Bars", "verdict"] == "cannot tell yet"
    assert "control" in rows.loc["Bars", "reason"]
    inside, _ = slice_and_spend(with_before=True)
    assert slices.inside({"Oats": inside}, HOUSE)["method"].tolist() == ["iroas.geo_regression"]


def test_p_of_break_even_agrees_with_the_interval() -> None:
    made, _ = slice_and_spend()
    found = slices.METHODS["iroas.holdout"](made, HOUSE)
    at_the_end = replace(found, estimate=2.0, lower=1.0, upper=3.0)
    assert slices.p_of(at_the_end) == pytest.approx(0.1)
    assert slices.p_of(replace(found, estimate=2.0, lower=1.1, upper=2.9)) < 0.1
    assert slices.p_of(replace(found, estimate=0.0, lower=-1.2, upper=1.2)) > 0.1


def _first(frame: pd.DataFrame, column: str, value: float) -> pd.DataFrame:
    changed = frame.copy()
    changed.loc[0, column] = value
    return changed


def _few(frame: pd.DataFrame, kept: int) -> pd.DataFrame:
    return pd.concat([frame[frame["arm"] == "treated"], frame[frame["arm"] == "control"].head(kept)])


BAD_CELLS: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "no control": lambda cells: _few(cells, 0),
    "one control": lambda cells: _few(cells, 1),
    "no spend": lambda cells: cells.assign(spend=0.0),
    "constant": lambda cells: cells.assign(revenue_all=100.0),
    "giant": lambda cells: _first(cells, "revenue_all", 1e12),
    "negative": lambda cells: _first(cells, "revenue_all", -5.0),
    "unknown": lambda cells: _first(cells, "revenue_all", math.nan),
}
BAD_CLUSTERS: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "no spend": lambda clusters: clusters.assign(spend=0.0),
    "constant": lambda clusters: clusters.assign(test=100.0),
    "giant": lambda clusters: _first(clusters, "test", 1e12),
    "negative": lambda clusters: _first(clusters, "test", -5.0),
    "alike before": lambda clusters: clusters.assign(pre=50.0),
}


def refusal(made: Slice, spent: pd.DataFrame) -> str:
    with pytest.raises(CannotTell) as found:
        shared_by_spend(doses(made, spent), 0.9)
    return f"{found.value}"


@pytest.mark.parametrize("name", BAD_CELLS)
def test_units_that_are_no_comparison_are_refused_in_a_sentence(name: str) -> None:
    made, spent = slice_and_spend()
    words = refusal(replace(made, cells=BAD_CELLS[name](made.cells)), spent)
    assert words.endswith(".")
    assert "nan" not in words


@pytest.mark.parametrize("name", BAD_CLUSTERS)
def test_clusters_that_are_no_comparison_are_refused_in_a_sentence(name: str) -> None:
    made, spent = slice_and_spend(with_before=True)
    words = refusal(replace(made, clusters=BAD_CLUSTERS[name](made.clusters)), spent)
    assert words.endswith(".")
    assert "nan" not in words


def test_payouts_below_nothing_are_refused() -> None:
    made, spent = slice_and_spend()
    assert "less than nothing" in refusal(made, _first(spent, "spend", -1e9))


def test_every_way_of_slicing_states_itself() -> None:
    assert len({method.id for method in slices.SLICE_METHODS}) == len(slices.SLICE_METHODS) == 4
    for method in slices.SLICE_METHODS:
        assert method.id.startswith("iroas.")
        assert method.formula
        assert method.needs
        assert method.assumptions
        assert method.flaw.endswith(".")
        assert method.source
