"""Decides that our methods say what scipy, statsmodels and the published outputs say on the same data.

`pytest tests/analytics/incrementality/test_peers.py -s` prints every figure beside its peer and its reference.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import optimize, stats
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from analytics.effects import adjusted, geo, means, panels, resampling, structural, synthetic, time_regression
from tests.golden_cases import data, golden

EXACT = 1e-8  # relative; rounding only
DRAWS = 19_999


def near(what: str, ours: float, peer: float, reference: float | None = None, least: float = EXACT,
         reached: float | None = None) -> None:  # fmt: skip
    """Print the figure beside its peer and reference, and hold it against both.

    least: largest distance from the peer, and reached: from the reference (the same when left out), relative to the
    larger of the figure and 1e-12.
    """
    told = f"{what:<58} ours {ours:>14.8g}  peer {peer:>14.8g}  apart {ours - peer:>+10.2g}"
    if reference is not None:
        told += f"  reference {reference:>14.8g}  apart {ours - reference:>+10.2g}"
    sys.stdout.write(f"{told}\n")
    assert ours == pytest.approx(peer, rel=least, abs=1e-12), what
    if reference is not None:
        assert ours == pytest.approx(reference, rel=least if reached is None else reached, abs=1e-12), what


def test_welch_is_scipys_statsmodels_and_rs() -> None:
    case = golden("welch_sleep")
    one, two = case["inputs"]["group1"], case["inputs"]["group2"]
    expected, found = case["expected"], means.difference(one, two, level=0.95)
    scipys = stats.ttest_ind(one, two, equal_var=False)
    bounds = scipys.confidence_interval(0.95)
    theirs = CompareMeans(DescrStatsW(one), DescrStatsW(two)).tconfint_diff(0.05, usevar="unequal")
    sys.stdout.write("\n")
    near("Welch t (scipy, R)", found.statistic, scipys.statistic, expected["t"])
    near("Welch df (scipy, R)", found.df, scipys.df, expected["df"])
    near("Welch p (scipy, R)", found.p, scipys.pvalue, expected["p"])
    near("Welch lower (scipy, R)", found.lower, bounds.low, expected["ci95"][0])
    near("Welch upper (statsmodels, R)", found.upper, theirs[1], expected["ci95"][1])


def test_fieller_is_the_inversion_of_the_t_test_and_mratios() -> None:
    """The peer: the ratios at which scipy's root finder brings Student's t to its critical value."""
    case = golden("fieller_asat")
    over, under = (np.array(case["inputs"][key]) for key in ("numerator", "denominator"))
    found = means.ratio_of_means(over, under, level=0.95, pooled=True)
    n, m = len(over), len(under)
    sd = np.sqrt(((n - 1) * over.var(ddof=1) + (m - 1) * under.var(ddof=1)) / (n + m - 2))
    critical = stats.t.ppf(0.975, n + m - 2)

    def t(ratio: float) -> float:
        return float((over.mean() - ratio * under.mean()) / (sd * np.sqrt(1 / n + ratio**2 / m)))

    ends = [optimize.brentq(lambda r: t(r) - critical, 0, found.point, xtol=1e-14),
            optimize.brentq(lambda r: t(r) + critical, found.point, 10, xtol=1e-14)]  # fmt: skip
    expected = case["expected"]
    sys.stdout.write("\n")
    near("Fieller ratio", found.point, over.mean() / under.mean(), expected["ratio"])
    near("Fieller lower (scipy's root, mratios)", found.lower, ends[0], expected["ci95"][0])
    near("Fieller upper (scipy's root, mratios)", found.upper, ends[1], expected["ci95"][1])
    near("Fieller t against 1 (mratios)", found.statistic, t(1.0), expected["t_vs_1"])


@pytest.mark.parametrize("kind", ["percentile", "basic", "bca"])
def test_bootstraps_are_scipys_and_boots_within_their_own_chance(kind: str) -> None:
    cities, expected = data("bigcity.csv"), golden("ratio_of_sums_bigcity")["expected"]
    found = resampling.bootstrap_ratio(cities["x"], cities["u"], 0.9, kind, DRAWS)
    peer = stats.bootstrap(
        (cities["x"].to_numpy(), cities["u"].to_numpy()),
        lambda x, u, axis: x.sum(axis=axis) / u.sum(axis=axis),
        paired=True, vectorized=True, n_resamples=DRAWS, confidence_level=0.9, method="BCa" if kind == "bca" else kind,
        rng=np.random.default_rng(1),
    )  # fmt: skip
    low, high = expected["ci90"][kind]
    chance = 0.002 / 1.2  # what 20,000 draws leave of chance, as the reference states it
    sys.stdout.write("\n")
    near(f"bootstrap {kind} lower (scipy, R boot)", found.lower, peer.confidence_interval.low, low, chance)
    near(f"bootstrap {kind} upper (scipy, R boot)", found.upper, peer.confidence_interval.high, high, chance)
    near("bootstrap standard error (scipy, R boot)", found.extras["se_bootstrap"], peer.standard_error,
         expected["se_bootstrap"], 0.03)  # fmt: skip


def test_a_studentised_bootstrap_of_a_difference_comes_near_welch() -> None:
    case = golden("welch_sleep")["inputs"]
    found = resampling.bootstrap_difference(case["group2"], case["group1"], 0.9, 9_999)
    bounds = stats.ttest_ind(case["group2"], case["group1"], equal_var=False).confidence_interval(0.9)
    sys.stdout.write("\n")
    near("bootstrap-t lower (scipy's Welch)", found.lower, bounds.low, least=0.5)
    near("bootstrap-t upper (scipy's Welch)", found.upper, bounds.high, least=0.15)


def test_cuped_is_the_t_test_of_what_least_squares_leaves() -> None:
    """θ by statsmodels' regression of revenue on its covariate over all users; then scipy's Welch, and tea-tasting."""
    users, expected = data("tt_users.csv"), golden("cuped_users")["expected"]["revenue_cuped"]
    y, x, arm = users["revenue"].to_numpy(), users["revenue_covariate"].to_numpy(), users["variant"].eq(1).to_numpy()
    found = adjusted.cuped(y, arm, [x], 0.95)
    theta = float(sm.OLS(y, sm.add_constant(x)).fit().params[1])
    left = y - theta * x
    peer = stats.ttest_ind(left[arm], left[~arm], equal_var=False)
    sys.stdout.write("\n")
    near("CUPED θ (statsmodels, tea-tasting)", found.theta[0], theta, expected["theta"])
    near("CUPED p (scipy, tea-tasting)", found.effect.p, peer.pvalue, expected["p"], 1e-6)
    bounds = peer.confidence_interval(0.95)
    near("CUPED lower (scipy, tea-tasting)", found.effect.lower, bounds.low, expected["ci95"][0], 1e-6)
    near("CUPED upper (scipy, tea-tasting)", found.effect.upper, bounds.high, expected["ci95"][1], 1e-6)


def _geos() -> tuple[pd.DataFrame, pd.DataFrame, dict[str, Any]]:
    """Google's panel: totals of each geo, and of both groups by day (before and in the test)."""
    case = golden("geo_tbr_gbr")
    rows = data("geo_salesandcost.csv", dtype={"geo": str})
    rows = rows.merge(data("geo_assignment.csv", dtype={"geo": str}), on="geo")
    before, test = (rows["date"].between(*case["inputs"][span]) for span in ("pretest", "test"))
    sums = pd.DataFrame({
        "pre": rows[before].groupby("geo")["sales"].sum(), "test": rows[test].groupby("geo")["sales"].sum(),
        "spend": rows[test].groupby("geo")["cost"].sum(), "treated": rows.groupby("geo")["geo.group"].first().eq(2),
    }).fillna(0)  # fmt: skip
    rows = rows.assign(in_test=test)[before | test]
    daily = rows.pivot_table(index=["in_test", "date"], columns="geo.group", values="sales", aggfunc="sum")
    return sums, daily, case["expected"]


@pytest.mark.parametrize("errors", ["classical", "hc3"])
def test_geo_based_regression_is_statsmodels_weighted_least_squares(errors: str) -> None:
    sums, _, expected = _geos()
    found = geo.geo_regression(**{name: sums[name] for name in sums}, errors=errors)
    columns = sm.add_constant(sums[["pre", "spend"]])
    peer = sm.WLS(sums["test"], columns, weights=1 / sums["pre"] ** 2).fit()
    if errors == "hc3":
        peer = peer.get_robustcov_results("HC3", use_t=True)
    low, high = np.asarray(peer.conf_int(0.1))[2]
    known = expected["gbr"] if errors == "classical" else {}
    sys.stdout.write("\n")
    near(f"GBR {errors} (statsmodels, Google)", found.point, np.asarray(peer.params)[2], known.get("iroas"))
    near(f"GBR {errors} lower (statsmodels, Google)", found.lower, low, known.get("lower_90_two_sided"), 1e-7)
    near(f"GBR {errors} upper (statsmodels, Google)", found.upper, high, known.get("upper_90_two_sided"), 1e-7)


def test_time_based_regression_is_statsmodels_prediction_and_googles() -> None:
    """The peer: predictions of ordinary least squares, their covariance from the coefficients' and the residuals'."""
    _, daily, expected = _geos()
    before, test = daily.loc[False], daily.loc[True]
    found = time_regression.cumulative(before[1], before[2], test[1], test[2], 0.9)
    fit = sm.OLS(before[2].to_numpy(), sm.add_constant(before[1].to_numpy())).fit()
    x = sm.add_constant(test[1].to_numpy()).sum(axis=0)
    point = float(test[2].sum() - x @ fit.params)
    se = float(np.sqrt(x @ fit.cov_params() @ x + len(test) * fit.scale))
    half = stats.t.ppf(0.95, fit.df_resid) * se
    known, spend = expected["tbr"], 50_000
    sys.stdout.write("\n")
    near("TBR incremental (statsmodels, Google)", found.point, point, known["incremental_response"])
    near("TBR standard error (statsmodels, Google)", found.se, se, known["se_incremental_response"])
    near("TBR lower (statsmodels, Google)", found.lower / spend, (point - half) / spend, known["lower_90_two_sided"])
    near("TBR upper (statsmodels, Google)", found.upper / spend, (point + half) / spend, known["upper_90_two_sided"])


def _series(name: str) -> tuple[np.ndarray, np.ndarray, int]:
    """The series, its covariates and how many steps lie before."""
    given, rows = golden(name)["inputs"], data(f"{name}.csv")
    when = rows[given["columns"]["date"]] if "date" in given["columns"] else pd.Series(range(1, len(rows) + 1))
    kept = when.between(given["pre"][0], given["post"][1])
    rows, pre = rows[kept], int(when[kept].le(given["pre"][1]).sum())
    return rows[given["columns"]["y"]].to_numpy(float), rows[given["columns"]["x"]].to_numpy(float), pre


@pytest.mark.parametrize("name", ["ci_comparison", "ci_google", "ci_arma"])
@pytest.mark.filterwarnings("ignore::statsmodels.tools.sm_exceptions.ConvergenceWarning")
def test_the_causal_series_lies_where_statsmodels_and_rs_local_levels_lie(name: str) -> None:
    """statsmodels maximises where R and we average over priors: near, not equal; R's own tolerances hold for R."""
    y, x, pre = _series(name)
    expected = golden(name)["expected"]
    found = structural.causal_series(y[:pre], y[pre:], x[:pre], x[pre:], level=0.95, level_sd=0.01)
    fit = sm.tsa.UnobservedComponents(y[:pre], "llevel", exog=x[:pre]).fit(disp=False)
    peer = float((y[pre:] - fit.forecast(len(y) - pre, exog=x[pre:])).mean())
    sd = expected["pred_sd"]
    scale = sd / abs(found.point)
    sys.stdout.write("\n")
    near(f"{name} effect (statsmodels' local level, R)", found.point, peer, expected["effect"], scale, 0.15 * scale)
    for end in ("lower", "upper"):
        given = expected[f"effect_{end}"]
        near(f"{name} {end} (R)", getattr(found, end), given, least=0.25 * sd / abs(given))
    near(f"{name} sd (R)", found.se, sd, least=0.08)


def _simplex(target: np.ndarray, donors: np.ndarray) -> np.ndarray:
    """Weights of at least 0 that sum to 1 and bring donors nearest to the target, by scipy's SLSQP."""
    size = float(np.square(target).sum())
    n = donors.shape[1]
    found = optimize.minimize(
        lambda w: float(np.square(target - donors @ w).sum()) / size,
        np.full(n, 1 / n),
        jac=lambda w: -2 * donors.T @ (target - donors @ w) / size,
        bounds=[(0, 1)] * n, constraints={"type": "eq", "fun": lambda w: w.sum() - 1, "jac": lambda w: np.ones(n)},
        method="SLSQP", options={"maxiter": 2_000, "ftol": 1e-15},
    )  # fmt: skip
    return np.asarray(found.x)


def _panel(name: str) -> tuple[np.ndarray, np.ndarray, int, float]:
    """Outcomes (a unit a row), who is treated, steps before, and the published effect."""
    case = golden(name)
    if name == "california_prop99":
        rows = data("california_prop99.csv", sep=";")
        table = rows.pivot_table(index="State", columns="Year", values=case["inputs"]["outcome"])
        pre = int((table.columns <= case["inputs"]["pre"][1]).sum())
        return table.to_numpy(), table.index == case["inputs"]["treated"], pre, case["expected"]["difp"]
    table = data("geolift_test.csv").pivot_table(index="location", columns="date", values="Y")
    return table.to_numpy(), table.index.isin(case["inputs"]["treated"]), 90, case["expected"]["att"]


@pytest.mark.parametrize("name", ["california_prop99", "geolift_single_cell"])
def test_synthetic_control_is_what_a_general_optimiser_finds(name: str) -> None:
    outcomes, treated, pre, published = _panel(name)
    found = synthetic.synthetic_control(outcomes, treated, pre)
    free = outcomes - outcomes[:, :pre].mean(axis=1, keepdims=True)
    target, donors = free[treated].mean(axis=0), free[~treated].T
    weights = _simplex(target[:pre], donors[:pre])
    peer = float((target - donors @ weights)[pre:].mean())
    sys.stdout.write("\n")
    near(f"{name} effect (SLSQP, published)", found.point, peer, published, 2e-3, 1e-4)
    mixed = np.asarray(found.donors)[~treated]
    ours, theirs = (float(np.square(target[:pre] - donors[:pre] @ w).sum()) for w in (mixed, weights))
    near(f"{name} squared gap before (SLSQP)", ours, theirs, least=1e-3)
    assert ours <= theirs * (1 + 1e-9), "no mix lies nearer than ours"


def test_difference_in_differences_is_statsmodels_with_clustered_errors() -> None:
    case, rows = golden("did_organ_donation"), data("organ_donation.csv")
    quarters = case["inputs"]["pre"] + case["inputs"]["post"]
    inside = rows["Quarter"].isin(case["inputs"]["post"]) & rows["State"].eq(case["inputs"]["treated"])
    frame = pd.DataFrame({
        "unit": rows["State"], "time": rows["Quarter"].map(quarters.index), "value": rows["Rate"], "treated": inside,
    })  # fmt: skip
    found = panels.difference_in_differences(frame)
    columns = pd.concat([
        inside.astype(float), pd.get_dummies(frame["unit"]).astype(float),
        pd.get_dummies(frame["time"], drop_first=True).astype(float),
    ], axis=1).to_numpy()  # fmt: skip
    peer = sm.OLS(frame["value"].to_numpy(), columns).fit()
    grouped = peer.get_robustcov_results("cluster", groups=frame["unit"].astype("category").cat.codes)
    expected = case["expected"]
    sys.stdout.write("\n")
    near("DiD effect (statsmodels)", found.point, peer.params[0], expected["att"])
    near("DiD clustered error (statsmodels)", found.extras["cluster_se"], grouped.bse[0], expected["cluster_se"], 1e-4)
    near("DiD plain error (statsmodels)", found.extras["iid_se"], peer.bse[0], expected["iid_se"], 1e-6)
