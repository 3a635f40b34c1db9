"""Geo experiments: the published result comes out, the truth is found again, and bad clusters are refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analytics.effects.geo import geo_randomisation, geo_regression, incremental_spend
from analytics.effects.refusals import CannotTell
from tests.golden_cases import data, golden

METHODS = (geo_regression, geo_randomisation)


def world(n: int = 40, effect: float = 2.0, seed: int = 0) -> dict[str, np.ndarray]:
    """Clusters of very different size; every second one treated with 5 % of its revenue."""
    rng = np.random.default_rng(seed)
    pre = 1e5 * rng.lognormal(0, 1, n)
    treated = np.arange(n) % 2 == 0
    spend = np.where(treated, 0.05 * pre, 0.0)
    test = pre * (1.1 + 0.02 * rng.normal(size=n)) + effect * spend
    return {"pre": pre, "test": test, "spend": spend, "treated": treated}


def published() -> tuple[pd.DataFrame, dict[str, float]]:
    rows = data("geo_salesandcost.csv", dtype={"geo": str})
    arms = data("geo_assignment.csv", dtype={"geo": str}).set_index("geo")["geo.group"]
    case = golden("geo_tbr_gbr")
    (a, b), (c, d) = case["inputs"]["pretest"], case["inputs"]["test"]
    sums = pd.DataFrame(
        {
            "pre": rows[rows["date"].between(a, b)].groupby("geo")["sales"].sum(),
            "test": rows[rows["date"].between(c, d)].groupby("geo")["sales"].sum(),
            "spend": rows[rows["date"].between(c, d)].groupby("geo")["cost"].sum(),
            "treated": arms.eq(2),
        }
    ).fillna(0)
    return sums, case["expected"]


def test_googles_vignette_comes_out_to_every_digit() -> None:
    sums, expected = published()
    assert sums.loc[sums["treated"], "pre"].sum() == pytest.approx(expected["sums"]["pre_treatment"], abs=0.1)
    effect = geo_regression(**{name: sums[name] for name in sums}, errors="classical")
    gbr, exact = expected["gbr"], {"rel": 1e-8}
    assert effect.point == pytest.approx(gbr["iroas"], **exact)
    assert effect.extras["incremental"] == pytest.approx(gbr["incremental_response"], **exact)
    assert effect.ends(0.9, 1)[0] == pytest.approx(gbr["lower_90_one_sided"], **exact)
    assert effect.point - effect.ends(0.9, 1)[0] == pytest.approx(gbr["precision_90_one_sided"], **exact)
    assert effect.ends(0.95) == pytest.approx((gbr["lower_95_two_sided"], gbr["upper_95_two_sided"]), **exact)
    assert (effect.lower, effect.upper) == pytest.approx(
        (gbr["lower_90_two_sided"], gbr["upper_90_two_sided"]), **exact
    )
    assert effect.above(3) == pytest.approx(gbr["prob_iroas_gt_3"], abs=5e-4)


def test_randomisation_agrees_with_the_regression_on_the_vignette() -> None:
    sums, _ = published()
    given = {name: sums[name] for name in sums}
    dealt, regressed = geo_randomisation(**given), geo_regression(**given)
    assert dealt.lower < regressed.point < dealt.upper
    assert dealt.se == pytest.approx(regressed.se, rel=0.2)


@pytest.mark.parametrize("method", METHODS)
def test_a_constant_effect_moves_the_estimate_by_itself(method) -> None:  # type: ignore[no-untyped-def]
    base, more = world(), world()
    more["test"] = more["test"] + 1.5 * more["spend"]
    before, after = method(**base), method(**more)
    for end in ("point", "lower", "upper"):
        assert getattr(after, end) - getattr(before, end) == pytest.approx(1.5)


@pytest.mark.parametrize("method", METHODS)
def test_the_order_of_clusters_and_the_currency_change_nothing(method) -> None:  # type: ignore[no-untyped-def]
    base = world()
    order = np.random.default_rng(1).permutation(40)
    dealt = {name: values[order] for name, values in base.items()}
    scaled = base | {name: 83.2 * base[name] for name in ("pre", "test", "spend")}
    aim = method(**base)
    for other in (method(**dealt), method(**scaled)):
        assert (other.point, other.lower, other.upper) == pytest.approx((aim.point, aim.lower, aim.upper))


def test_more_money_for_the_same_revenue_is_a_smaller_return() -> None:
    base = world()
    assert geo_regression(**base | {"spend": 2 * base["spend"]}).point == pytest.approx(
        geo_regression(**base).point / 2
    )


@pytest.mark.parametrize("method", METHODS)
def test_the_truth_is_held_about_as_often_as_stated(method) -> None:  # type: ignore[no-untyped-def]
    held = 0
    for seed in range(100):
        effect = method(**world(24, 2.0, seed), **({} if method is geo_regression else {"deals": 399}))
        held += effect.lower <= 2.0 <= effect.upper
    assert 80 <= held <= 98


def test_an_interval_keeps_exactly_what_the_permutation_test_keeps() -> None:
    base = world(20)
    effect = geo_randomisation(**base, deals=999)
    for end, inwards in ((effect.lower, 1), (effect.upper, -1)):
        for step, kept in ((1e-6, True), (-1e-6, False)):
            assumed = base | {"test": base["test"] - (end + inwards * step) * base["spend"]}
            assert (geo_randomisation(**assumed, deals=999).extras["p"] > 0.1) is kept


def test_one_side_is_the_bound_of_a_wider_interval() -> None:
    base = world()
    one, two = geo_regression(**base, level=0.95, sides=1), geo_regression(**base, level=0.9)
    assert one.lower == pytest.approx(two.lower)
    assert np.isinf(one.upper)
    dealt = geo_randomisation(**base, sides=1)
    assert geo_randomisation(**base).lower < dealt.lower < dealt.point


def test_robust_errors_are_those_of_the_textbook() -> None:
    base = world(12)
    weight = 1 / base["pre"]
    x = np.column_stack([np.ones(12), base["pre"], base["spend"]]) * weight[:, None]
    y = base["test"] * weight
    bread = np.linalg.inv(x.T @ x)
    gaps = y - x @ bread @ x.T @ y
    lever = np.einsum("ij,jk,ik->i", x, bread, x)
    expected = np.sqrt((bread @ (x.T * (gaps / (1 - lever)) ** 2) @ x @ bread)[2, 2])
    assert geo_regression(**base, least_controls=2).se == pytest.approx(expected, rel=1e-6)


def test_a_design_with_pairs_deals_within_pairs() -> None:
    base = world(16)
    base["treated"] = np.arange(16) % 2 == 0
    flips = (np.arange(256)[:, None] >> np.arange(8)) & 1
    designs = np.stack([flips, 1 - flips], axis=2).reshape(256, 16).astype(bool)
    effect = geo_randomisation(**base, designs=designs)
    assert effect.extras["assignments"] == 257
    assert effect.lower < 2 < effect.upper


def test_another_explanation_may_stand_beside() -> None:
    base = world()
    plain = geo_regression(**base)
    told = geo_regression(**base, covariates=np.random.default_rng(3).normal(size=(40, 2)) * 1e3)
    assert told.df == plain.df - 2


def test_clusters_without_earlier_revenue_are_left_out_and_counted() -> None:
    base = world()
    more = {name: np.append(values, [0.0, 0.0]) for name, values in base.items()}
    for method in METHODS:
        assert method(**more).point == pytest.approx(method(**base).point)
        assert method(**more).extras["left_out"] == 2


def test_heavy_up_spend_is_what_lies_beyond_the_expected() -> None:
    before, arms = np.linspace(10, 29, 20), np.arange(20) < 8
    after = 3 + 1.2 * before + np.where(arms, 50.0, 0.0)
    assert incremental_spend(before, after, arms) == pytest.approx(np.where(arms, 50.0, 0.0))
    assert incremental_spend(np.zeros(20), np.where(arms, 7.0, 0.0), arms) == pytest.approx(np.where(arms, 7.0, 0.0))


BAD = {
    "an empty arm": {"treated": np.ones(40, dtype=bool)},
    "no treated": {"treated": np.zeros(40, dtype=bool)},
    "few controls": {"treated": np.arange(40) < 33},
    "zero spend": {"spend": np.zeros(40)},
    "spend on controls": {"spend": np.ones(40)},
    "constant revenue": {"test": np.ones(40)},
    "constant growth": {"test": world()["pre"] * 1.1},
    "a missing value": {"test": np.append(world()["test"][:-1], np.nan)},
    "an infinite value": {"pre": np.append(world()["pre"][:-1], np.inf)},
    "beyond counting": {"test": np.append(world()["test"][:-1], 1e200)},
    "negative weights": {"pre": -world()["pre"]},
    "one giant outlier": {"test": np.append(world()["test"][:-1], 1e12)},
    "another length": {"spend": np.ones(3)},
    "nothing": {"pre": []},
    "no number": {"pre": ["a"] * 40},
}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_bad_clusters_are_refused_in_a_sentence(method, bad) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(CannotTell, match=r"[A-Z].*[.]$"):
        method(**world() | bad)


@pytest.mark.parametrize("choice", [{"level": 0.2}, {"level": float("nan")}, {"sides": 3}, {"errors": "none"}])
def test_choices_that_are_none_are_refused(choice) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(CannotTell):
        geo_regression(**world(), **choice)


def test_spend_in_one_cluster_alone_is_refused() -> None:
    base = world()
    with pytest.raises(CannotTell, match="One cluster"):
        geo_regression(**base | {"treated": np.arange(40) < 1, "spend": np.where(np.arange(40) < 1, 5.0, 0.0)})
