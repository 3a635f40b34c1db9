"""Decides that power and size are those of R and Cohen, by formula and by simulation of the design itself."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from analytics.effects import means, power
from analytics.effects.refusals import CannotTell
from tests.analytics.effects.published import golden

CASES: dict[int, tuple[str, Callable[[], float]]] = {
    0: ("power", lambda: power.t_power(1, 20, strict=False)),
    1: ("n_per_group", lambda: power.t_size(1, 0.9)),
    2: ("n_per_group", lambda: power.t_size(1, 0.9, alternative="greater")),
    3: ("power", lambda: power.shares_power(0.5, 0.75, 50)),
    4: ("n_per_group", lambda: power.shares_size(0.5, 0.75, 0.9)),
    5: ("power", lambda: power.t_power(0.6, 90, 60, alternative="greater")),
    7: ("n_per_group", lambda: power.t_size(0.1)),
    8: ("power", lambda: power.h_power(0.3, 80, 245, alternative="greater")),
}


@pytest.mark.parametrize("case", CASES)
def test_power_and_size_are_those_of_r(case: int) -> None:
    key, call = CASES[case]
    expected = golden("power")["expected"][case][key]
    assert call() == pytest.approx(expected, abs=1e-6 if key == "power" else 0, rel=0 if key == "power" else 1e-6)


def test_the_smallest_effect_is_that_of_r_up_to_rs_own_stopping() -> None:
    """pwr stops its search at a tolerance of ε^¼ = 1.2e-4: its figure has power .800035. Searched in the same way our
    power gives its figure to nine digits; searched to the end, the effect whose power is .8."""
    expected = golden("power")["expected"][6]["d"]
    stopped = r_root(lambda d: power.t_power(d, 800, 200, 0.1) - 0.8, 1e-7, 10.0)
    assert stopped == pytest.approx(expected, rel=1e-9)
    exact = power.t_effect(800, 200, 0.8, 0.1)
    assert power.t_power(exact, 800, 200, 0.1) == pytest.approx(0.8, abs=1e-10)
    assert exact == pytest.approx(expected, rel=1e-4)


def r_root(f: Callable[[float], float], a: float, b: float) -> float:
    """R's uniroot at its default tolerance (Brent 1973, zeroin)."""
    epsilon = sys.float_info.epsilon
    fa, fb = f(a), f(b)
    c, fc = a, fa
    while True:
        before = b - a
        if abs(fc) < abs(fb):
            a, fa, b, fb, c, fc = b, fb, c, fc, b, fb
        near = 2 * epsilon * abs(b) + epsilon**0.25 / 2
        step = (c - b) / 2
        if abs(step) <= near or fb == 0:
            return b
        if abs(before) >= near and abs(fa) > abs(fb):
            p, q = brent_step((a, fa), (b, fb), (c, fc))
            if p < 0.75 * (c - b) * q - abs(near * q) / 2 and p < abs(before * q / 2):
                step = p / q
        a, fa = b, fb
        b += step if abs(step) >= near else math.copysign(near, step)
        fb = f(b)
        if (fb > 0) == (fc > 0):
            c, fc = a, fa


def brent_step(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> tuple[float, float]:
    """Secant or inverse parabola through the points, as p ÷ q with p ≥ 0."""
    width = c[0] - b[0]
    if a[0] == c[0]:
        t1 = b[1] / a[1]
        p, q = width * t1, 1 - t1
    else:
        q, t1, t2 = a[1] / c[1], b[1] / c[1], b[1] / a[1]
        p = t2 * (width * q * (q - t1) - (b[0] - a[0]) * (t1 - 1))
        q = (q - 1) * (t1 - 1) * (t2 - 1)
    return (p, -q) if p > 0 else (-p, q)


@pytest.mark.parametrize("alternative", ["two-sided", "greater", "less"])
@pytest.mark.parametrize("ratio", [0.25, 1.0, 3.0])
def test_size_effect_and_power_turn_into_each_other(alternative: str, ratio: float) -> None:
    sign = -1 if alternative == "less" else 1
    n = power.t_size(0.4 * sign, 0.83, 0.07, alternative, ratio)
    assert power.t_power(0.4 * sign, n, n * ratio, 0.07, alternative) == pytest.approx(0.83, abs=1e-8)
    assert power.t_effect(n, n * ratio, 0.83, 0.07, alternative) == pytest.approx(0.4, abs=1e-8)
    m = power.shares_size(0.2 + 0.1 * sign, 0.2, 0.83, 0.07, alternative, ratio)
    assert power.shares_power(0.2 + 0.1 * sign, 0.2, m, m * ratio, 0.07, alternative) == pytest.approx(0.83, abs=1e-8)
    h = power.effect_h(0.2 + 0.1 * sign, 0.2)
    k = power.h_size(h, 0.83, 0.07, alternative, ratio)
    assert power.h_power(h, k, k * ratio, 0.07, alternative) == pytest.approx(0.83, abs=1e-8)


def test_one_sample_sizes_are_cohens() -> None:
    """pwr's examples: d .2, n 60, level .10 gives power .4555818; d .5 for power .9 takes 43.99552 (power.t.test)."""
    assert power.one_sample_power(0.2, 60, 0.10, "two-sided") == pytest.approx(0.4555818, abs=1e-6)
    n = power.one_sample_size(0.5, 0.9)
    assert n == pytest.approx(43.99552, abs=1e-4)


def test_power_without_an_effect_is_the_error() -> None:
    for alpha in (0.01, 0.1, 0.3):
        assert power.t_power(0.0, 7, 30, alpha) == pytest.approx(alpha)
        assert power.t_power(0.0, 7, 30, alpha, "less") == pytest.approx(alpha)


def test_extreme_plans_end_at_nothing_or_all() -> None:
    assert power.t_power(1e3, 100) == 1.0
    assert power.t_power(-1e3, 100, alternative="greater") == 0.0
    assert 0 < power.t_power(0.3, 1.5, 1.5) < 1
    assert power.t_power(-0.5, 30) == pytest.approx(power.t_power(0.5, 30))
    # Against the other tail the direct formula would lose its digits.
    assert power.t_power(-1, 20, alternative="greater") == pytest.approx(
        stats.nct.cdf(-stats.t.isf(0.05, 38), 38, math.sqrt(10)), abs=1e-12
    )


DESIGN = power.IroasDesign(160, 40, 900.0, 700.0, 16_000.0)


def world(rng: np.random.Generator) -> bool:
    """The design as it would be run: 160 against 40 users, a true iROAS of 2, Welch at 10 %."""
    treated, control = rng.normal(1000 + 2 * 100, 900, 160), rng.normal(1000, 700, 40)
    return means.incremental_roas(treated, control, 16_000.0, 0.9).p < 0.1


def test_formula_and_simulation_of_the_design_agree() -> None:
    """3,000 worlds: within 3 points, and within three Monte Carlo errors."""
    planned = power.iroas_power(DESIGN, 2.0)
    found = power.simulated_power(world, 3000, 7)
    assert found.se == pytest.approx(0.0091, abs=0.001)
    assert abs(found.power - planned) < min(0.03, 3 * found.se)


def test_a_plan_answers_both_ways() -> None:
    effect = power.iroas_effect(DESIGN)
    assert power.iroas_power(DESIGN, effect) == pytest.approx(0.8, abs=1e-9)
    assert power.iroas_size(DESIGN, effect) == pytest.approx(200, rel=1e-6)
    assert power.iroas_size(DESIGN, effect / 2) == pytest.approx(800, rel=0.02)
    explained = power.IroasDesign(160, 40, 900.0, 700.0, 16_000.0, 0.5)
    assert power.iroas_effect(explained) == pytest.approx(effect * math.sqrt(0.5))
    assert power.iroas_power(DESIGN, 3.0, against=1.0) == pytest.approx(power.iroas_power(DESIGN, 2.0))


def test_what_knowing_costs() -> None:
    cost = power.cost_of_knowing(1000.0, 2.0, 0.6)
    assert (cost.revenue, cost.margin, cost.spend_kept, cost.net) == pytest.approx((2000, 1200, 1000, 200))


def test_plans_that_cannot_be_are_refused() -> None:
    nan = math.nan
    for call in (
        lambda: power.t_power(1, 1),
        lambda: power.t_power(1, 20, alpha=0.0),
        lambda: power.t_power(1, 20, alternative="both"),
        lambda: power.t_power(1, nan),
        lambda: power.t_power(nan, 20),
        lambda: power.t_size(0.0),
        lambda: power.t_size(0.5, 1.0),
        lambda: power.t_size(-0.5, alternative="greater"),
        lambda: power.t_size(0.5, ratio=0.0),
        lambda: power.t_size(nan),
        lambda: power.t_effect(20, power=0.01),
        lambda: power.shares_power(1.2, 0.5, 30),
        lambda: power.shares_power(0.0, 0.0, 30),
        lambda: power.IroasDesign(100, 1, 5.0, 5.0, 100.0),
        lambda: power.IroasDesign(100, 10, 5.0, 5.0, 0.0),
        lambda: power.IroasDesign(100, 10, 0.0, 0.0, 10.0),
        lambda: power.IroasDesign(100, 10, 5.0, nan, 10.0),
        lambda: power.cost_of_knowing(-1.0, 2.0, 0.5),
        lambda: power.cost_of_knowing(1.0, nan, 0.5),
        lambda: power.simulated_power(world, 0),
    ):
        with pytest.raises(CannotTell, match=r"\.$"):
            call()


def test_worlds_that_refuse_are_not_found() -> None:
    def refuses(rng: np.random.Generator) -> bool:
        raise CannotTell("Nothing here.")

    assert power.simulated_power(refuses, 10).power == 0.0
