"""Synthetic control and its kin: the published panels come out, placebos behave, bad panels are refused."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import optimize

from analytics.effects.refusals import CannotTell
from analytics.effects.simplex import simplex
from analytics.effects.synthetic import METHODS, conformal_p, panel_effect, synthetic_control
from tests.golden_cases import data, golden


def world(effect: float = 0.0, seed: int = 0, units: int = 12, pre: int = 30, test: int = 6, treated: int = 1):  # type: ignore[no-untyped-def]
    """Units that share three movements; the first few are treated."""
    rng = np.random.default_rng(seed)
    shared = np.cumsum(rng.normal(size=(3, pre + test)), axis=1)
    outcomes = 100 + 5 * rng.normal(size=(units, 1)) + rng.dirichlet(np.ones(3), units) @ shared
    outcomes = outcomes + 0.3 * rng.normal(size=outcomes.shape)
    outcomes[:treated, pre:] += effect
    return outcomes, np.arange(units) < treated, pre


def geolift():  # type: ignore[no-untyped-def]
    case = golden("geolift_single_cell")
    table = data("geolift_test.csv").pivot_table(index="location", columns="date", values="Y")
    return case, table.to_numpy(), table.index.isin(case["inputs"]["treated"]), table.index


def california():  # type: ignore[no-untyped-def]
    case = golden("california_prop99")
    rows = data("california_prop99.csv", sep=";")
    table = rows.pivot_table(index="State", columns="Year", values=case["inputs"]["outcome"])
    pre = int((table.columns <= case["inputs"]["pre"][1]).sum())
    return case["expected"], (table.to_numpy(), table.index == case["inputs"]["treated"], pre), table


def test_geolifts_walkthrough_comes_out_to_every_digit() -> None:
    case, outcomes, treated, names = geolift()
    expected = case["expected"]
    effect = synthetic_control(outcomes, treated, 90)
    assert effect.point == pytest.approx(expected["att"], abs=0.01)
    assert effect.extras["incremental"] == pytest.approx(expected["incremental"], abs=0.5)
    assert 100 * effect.extras["lift"] == pytest.approx(expected["percent_lift"], abs=0.05)
    assert effect.extras["imbalance"] == pytest.approx(expected["l2_imbalance"], abs=0.01)
    assert effect.extras["imbalance_scaled"] == pytest.approx(expected["scaled_l2_imbalance"], abs=1e-4)
    weights = dict(zip(names, effect.donors, strict=True))
    for name, weight in weights.items():
        assert weight == pytest.approx(expected["weights"].get(name, 0), abs=5e-4)
    assert effect.extras["p"] == pytest.approx(expected["conformal_p_block_q1"], abs=5e-5)
    assert effect.extras["p"] == pytest.approx(5 / 105)
    p = conformal_p(outcomes, treated, 90, blocks=False)
    assert p == pytest.approx(expected["conformal_p_iid_q1"], abs=0.005)


@pytest.mark.parametrize(("method", "allowed"), [("did", 1e-6), ("difp", 0.01), ("sdid", 0.01)])
def test_californias_cigarettes_come_out(method: str, allowed: float) -> None:
    expected, panel, table = california()
    effect = panel_effect(*panel, method)
    assert effect.point == pytest.approx(expected[method], abs=allowed)
    if f"{method}_placebo_se" in expected:
        assert effect.se == pytest.approx(expected[f"{method}_placebo_se"], abs=1.0)
    if method == "sdid":
        times = dict(zip(table.columns[: panel[2]].astype(str), effect.times, strict=True))
        units = dict(zip(table.index, effect.donors, strict=True))
        for year, weight in times.items():
            assert weight == pytest.approx(expected["time_weights"].get(year, 0), abs=0.001)
        for state, weight in expected["top_unit_weights"].items():
            assert units[state] == pytest.approx(weight, abs=0.001)


@pytest.mark.parametrize("seed", range(8))
def test_the_weights_are_the_best_there_are(seed: int) -> None:
    rng = np.random.default_rng(seed)
    columns, aim = rng.normal(size=(15, 9)), rng.normal(size=15)
    for ridge, intercept in ((0.0, False), (0.5, True)):
        weights = simplex(columns, aim, ridge, intercept)
        x, y = (v - v.mean(axis=0) if intercept else v for v in (columns, aim))

        def loss(w, x=x, y=y, ridge=ridge):  # type: ignore[no-untyped-def]
            return float(np.sum((y - x @ w) ** 2) + ridge * np.sum(w**2))

        peer = optimize.minimize(
            loss, np.full(9, 1 / 9), bounds=[(0, 1)] * 9, constraints={"type": "eq", "fun": lambda w: w.sum() - 1}
        )
        assert weights.min() >= 0
        assert weights.sum() == pytest.approx(1)
        assert loss(weights) <= peer.fun + 1e-6


@pytest.mark.parametrize("method", METHODS)
def test_a_constant_effect_moves_the_estimate_by_itself(method: str) -> None:
    base, more = panel_effect(*world(), method), panel_effect(*world(3.0), method)
    assert more.point - base.point == pytest.approx(3, abs=1e-6)
    assert synthetic_control(*world(3.0)).point - synthetic_control(*world()).point == pytest.approx(3, abs=1e-6)


def test_the_order_of_units_and_the_currency_change_nothing() -> None:
    outcomes, treated, pre = world(3.0)
    order = np.random.default_rng(4).permutation(len(treated))
    for method in METHODS:
        base = panel_effect(outcomes, treated, pre, method)
        dealt = panel_effect(outcomes[order], treated[order], pre, method)
        dearer = panel_effect(80 * outcomes, treated, pre, method)
        assert (dealt.point, dealt.se) == pytest.approx((base.point, base.se), rel=1e-5)
        assert (dearer.point, dearer.upper) == pytest.approx((80 * base.point, 80 * base.upper), rel=1e-5)
    base, dearer = synthetic_control(outcomes, treated, pre), synthetic_control(80 * outcomes, treated, pre)
    assert (dearer.lower, dearer.upper) == pytest.approx((80 * base.lower, 80 * base.upper), rel=1e-5)


def test_the_truth_is_held_and_a_placebo_is_none() -> None:
    found = [synthetic_control(*world(3.0, seed)) for seed in range(25)]
    assert np.mean([one.lower <= 3 <= one.upper for one in found]) >= 0.75
    p = [synthetic_control(*world(0.0, seed)).extras["p"] for seed in range(25)]
    assert np.mean(np.array(p) <= 0.1) <= 0.3


def test_several_treated_units_are_taken_together() -> None:
    effect = panel_effect(*world(3.0, units=16, treated=3))
    assert effect.lower < 3 < effect.upper
    assert effect.extras["placebos"] == 200
    assert synthetic_control(*world(3.0, treated=3)).extras["incremental"] == pytest.approx(3 * 3 * 6, rel=0.2)


def test_more_treated_than_untreated_units_are_judged_by_the_jackknife() -> None:
    held = 0
    for seed in range(20):
        effect = panel_effect(*world(3.0, seed, units=16, treated=11))
        held += effect.lower <= 3 <= effect.upper
        assert effect.extras["placebos"] == 0
    assert held >= 14


def test_bad_panels_are_refused_in_a_sentence() -> None:
    outcomes, treated, pre = world()
    gap = outcomes.copy()
    gap[3, 4] = np.nan
    bad = [
        (gap, treated, pre),
        (outcomes, np.zeros(12, dtype=bool), pre),
        (outcomes, np.ones(12, dtype=bool), pre),
        (outcomes, treated[:-1], pre),
        (outcomes, treated, 2),
        (outcomes, treated, 36),
        (np.ones((12, 36)), treated, pre),
        ([], [], pre),
        (outcomes[0], treated, pre),
        (np.where(outcomes == outcomes[3, 4], 1e9, outcomes), treated, pre),
    ]
    for one in bad:
        for method in (panel_effect, synthetic_control):
            with pytest.raises(CannotTell, match=r"[A-Z].*[.]$"):
                method(*one)
    with pytest.raises(CannotTell, match="method"):
        panel_effect(outcomes, treated, pre, "best")
    with pytest.raises(CannotTell, match="before it"):
        synthetic_control(outcomes, treated, 18)
    with pytest.raises(CannotTell, match="too few"):
        synthetic_control(outcomes, treated, pre, level=0.99)
    with pytest.raises(CannotTell, match="untreated"):
        panel_effect(outcomes[:3], treated[:3], pre)
