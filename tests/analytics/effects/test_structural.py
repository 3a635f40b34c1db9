"""Causal time series: R's CausalImpact within its own Monte Carlo error, recovery, and refusals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analytics.effects.refusals import CannotTell
from analytics.effects.structural import causal_series, counterfactual, pointwise
from tests.golden_cases import data, golden


def world(effect: float = 0.0, seed: int = 0, n: int = 40, m: int = 8) -> tuple[np.ndarray, ...]:
    rng = np.random.default_rng(seed)
    x = 100 + 10 * rng.normal(size=n + m)
    y = 20 + 1.5 * x + np.cumsum(0.3 * rng.normal(size=n + m)) + 3 * rng.normal(size=n + m)
    return y[:n], y[n:] + effect, x[:n], x[n:]


def published(name: str) -> tuple[tuple[pd.Series, pd.DataFrame], ...]:
    case, rows = golden(name)["inputs"], data(f"{name}.csv")
    when = rows[case["columns"]["date"]] if "date" in case["columns"] else pd.Series(range(1, len(rows) + 1))
    spans = [rows[when.between(*case[period])] for period in ("pre", "post")]
    return tuple((span[case["columns"]["y"]], span[case["columns"]["x"]]) for span in spans)


@pytest.mark.parametrize("name", ["ci_comparison", "ci_google", "ci_arma"])
def test_rs_causalimpact_comes_out(name: str) -> None:
    (y, x), (later_y, later_x) = published(name)
    expected = golden(name)["expected"]
    effect = causal_series(y, later_y, x, later_x, level=0.95, level_sd=0.01)
    sd = expected["pred_sd"]
    assert effect.extras["observed"] == pytest.approx(expected["actual"], abs=1e-4)
    assert effect.point == pytest.approx(expected["effect"], abs=0.15 * sd)
    ends = (expected["effect_lower"], expected["effect_upper"])
    assert (effect.lower, effect.upper) == pytest.approx(ends, abs=0.25 * sd)
    ends = (expected["pred_lower"], expected["pred_upper"])
    assert (effect.extras["expected_lower"], effect.extras["expected_upper"]) == pytest.approx(ends, abs=0.25 * sd)
    assert effect.se == pytest.approx(sd, rel=0.08)
    assert effect.extras["tail_p"] == pytest.approx(expected["tail_p"], abs=0.01, rel=0.3)


def test_a_constant_effect_moves_the_estimate_by_itself() -> None:
    y, later, x, later_x = world()
    base, more = causal_series(y, later, x, later_x), causal_series(y, later + 4, x, later_x)
    for end in ("point", "lower", "upper"):
        assert getattr(more, end) - getattr(base, end) == pytest.approx(4, abs=1e-9)
    assert more.extras["cumulative"] == pytest.approx(8 * more.point)


def test_money_scales_the_estimate() -> None:
    y, later, x, later_x = world(4.0)
    base, more = causal_series(y, later, x, later_x), causal_series(80 * y, 80 * later, 7 * x, 7 * later_x)
    assert (more.point, more.lower, more.upper) == pytest.approx((80 * base.point, 80 * base.lower, 80 * base.upper))


def test_the_order_of_the_covariates_changes_nothing() -> None:
    y, later, x, later_x = world(4.0)
    noise = np.random.default_rng(9).normal(size=(48, 3))
    table = np.column_stack([np.concatenate([x, later_x]), noise])
    found = [causal_series(y, later, t[:40], t[40:]) for t in (table, table[:, ::-1])]
    assert found[0].point == pytest.approx(found[1].point, rel=1e-6)
    assert found[0].lower == pytest.approx(found[1].lower, rel=1e-6)


def test_the_covariate_that_matters_is_found() -> None:
    y, later, x, later_x = world(4.0)
    noise = np.random.default_rng(9).normal(size=(48, 4))
    model = counterfactual(y, later, np.column_stack([noise[:40], x]), np.column_stack([noise[40:], later_x]))
    assert model.inclusion[-1] > 0.95
    assert model.inclusion[:-1].max() < 0.5


def test_the_truth_is_held_about_as_often_as_stated() -> None:
    held = 0
    for seed in range(40):
        y, later, x, later_x = world(4.0, seed)
        effect = causal_series(y, later, x, later_x)
        held += effect.lower <= 4 <= effect.upper
    assert held >= 32


def test_a_series_alone_is_compared_with_its_own_level() -> None:
    rng = np.random.default_rng(2)
    y = 50 + rng.normal(size=60)
    effect = causal_series(y[:50], y[50:] + 5, level=0.95, level_sd=0.01)
    assert effect.lower < 5 < effect.upper
    assert effect.point == pytest.approx(y[50:].mean() + 5 - y[:50].mean(), abs=0.3)


def test_one_side_leaves_the_other_open() -> None:
    y, later, x, later_x = world(4.0)
    one, two = causal_series(y, later, x, later_x, 0.95, sides=1), causal_series(y, later, x, later_x, 0.9)
    assert one.lower == pytest.approx(two.lower)
    assert np.isinf(one.upper)


def test_the_picture_averages_to_the_estimate() -> None:
    y, later, x, later_x = world(4.0)
    model = counterfactual(y, later, x, later_x)
    frame = pointwise(model, later)
    assert frame["effect"].mean() == pytest.approx(causal_series(y, later, x, later_x).point)
    assert (frame["effect_lower"] < frame["effect"]).all()
    assert (frame["effect"] < frame["effect_upper"]).all()


def test_bad_series_are_refused_in_a_sentence() -> None:
    y, later, x, later_x = world()
    bad = [
        {"pre": y[:5], "covariates_pre": x[:5]},
        {"pre": np.ones(40)},
        {"pre": np.append(y[:-1], np.nan)},
        {"test": []},
        {"pre": np.append(y[:-1], 1e9)},
        {"test": np.append(later[:-1], np.inf)},
        {"covariates_pre": np.ones(40)},
        {"covariates_pre": x[:-2]},
        {"covariates_pre": None},
        {"covariates_test": later_x[:-1]},
        {"covariates_pre": np.ones((40, 12)), "covariates_test": np.ones((8, 12))},
        {"level": 1.0},
        {"sides": 0},
        {"level_sd": 0.0},
    ]
    for one in bad:
        with pytest.raises(CannotTell, match=r"[A-Z].*[.]$"):
            causal_series(**{"pre": y, "test": later, "covariates_pre": x, "covariates_test": later_x} | one)
