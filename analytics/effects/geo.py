"""Decides what a geo (or influencer, or campaign) experiment says: regression over its clusters, and its own deals."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from analytics.effects import inversion
from analytics.effects.effect import Effect, Student, student
from analytics.effects.refusals import CannotTell, Numbers, no_giant, numbers

LEAST_CONTROLS = 8
TINY = 1e-12
ERRORS = ("hc3", "classical")


def geo_regression(
    pre: Any,
    test: Any,
    spend: Any,
    treated: Any,
    level: float = 0.9,
    errors: str = "hc3",
    sides: int = 2,
    least_controls: int = LEAST_CONTROLS,
    covariates: Any = None,
) -> Student:
    """iROAS by geo-based regression (GBR): weighted least squares over clusters, weights 1/pre².

        test revenue = a + b × pre revenue + iROAS × incremental spend (+ covariates)

    One number per cluster: pre and test revenue (money), incremental spend (0 for controls), treated (claim);
    covariates: further columns, one row per cluster. errors: hc3 (MacKinnon & White 1985) or classical; Student's t
    with clusters − columns degrees of freedom. Clusters without pre revenue have no weight: left out and counted.
    extras: incremental (money), spend, treated, controls, left_out. Source: Vaver & Koehler 2011, as in Google's
    GeoexperimentsResearch (gbr1). Raises CannotTell.
    """
    kept = clusters(pre, test, spend, treated, least_controls)
    if errors not in ERRORS:
        raise CannotTell(f"Errors of the kind “{errors}” are not known: choose one of {', '.join(ERRORS)}.")
    columns = [np.ones(len(kept["pre"])), kept["spend"], kept["pre"]]
    if covariates is not None:
        columns += list(numbers(covariates, "the covariates").reshape(len(kept["there"]), -1)[kept["there"] > 0].T)
    weight = kept["pre"].mean() / kept["pre"]
    point, se, df = _coefficient(np.column_stack(columns) * weight[:, None], kept["test"] * weight, errors)
    spent = float(kept["spend"].sum())
    told = {"incremental": point * spent, "spend": spent, **_sizes(kept)}
    return student(point, se, df, level, sides, told)


def geo_randomisation(
    pre: Any,
    test: Any,
    spend: Any,
    treated: Any,
    level: float = 0.9,
    sides: int = 2,
    least_controls: int = LEAST_CONTROLS,
    designs: Any = None,
    deals: int = inversion.DEALS,
    seed: int = inversion.SEED,
) -> Effect:
    """iROAS by randomisation inference on growth, inverted over the assumed iROAS.

    Growth without the effect of spend, (test − iROAS × spend) / pre, must not differ between treated and control more
    than it would between other deals of the same arms. The point is where it does not differ at all:
    (mean growth treated − control) ÷ (mean spend / pre treated − control). designs: the assignments that could have
    been drawn (rows of claims, one column a cluster), for designs with blocks or pairs; otherwise all deals of the
    same number of treated, at most `deals`, drawn with `seed`. Source: Fisher 1935; Rosenbaum 2002, 2.6.
    extras: p (two-sided, of no effect), assignments, incremental, spend, treated, controls, left_out.
    """
    kept = clusters(pre, test, spend, treated, least_controls)
    arms, growth, dose = kept["treated"] > 0, kept["test"] / kept["pre"], kept["spend"] / kept["pre"]
    if designs is None:
        # In an order of their own, so that the rows' order decides nothing.
        order = np.lexsort((dose, growth, arms))
        arms, growth, dose = arms[order], growth[order], dose[order]
    dealt = inversion.assignments(arms, deals, seed) if designs is None else _given(designs, kept)
    if np.ptp(growth) <= 1e-12 * abs(growth).max():
        raise CannotTell("Every cluster grew by the same share, so nothing shows how sure a difference would be.")
    own, others = ((inversion.contrast(a, growth), inversion.contrast(a, dose)) for a in (arms[None], dealt))
    found = inversion.inverted((float(own[0][0]), float(own[1][0])), others, level, sides, _sizes(kept))
    spent = float(kept["spend"].sum())
    return replace(found, extras={**found.extras, "incremental": found.point * spent, "spend": spent})


def incremental_spend(pre_spend: Any, test_spend: Any, treated: Any) -> Numbers:
    """Spend of each treated cluster beyond what its pre spend leads to expect (money); 0 for controls.

    Expected: weighted least squares of test on pre spend over controls with pre spend, weights 1/pre²; the pre spend
    itself when fewer than three controls have any, or all the same (Google's GeoexperimentsResearch,
    EstimateIncremental). Needed for heavy-up and go-dark tests.
    """
    before, after = numbers(pre_spend, "spend before the test"), numbers(test_spend, "spend in the test")
    arms = np.asarray(treated, dtype=bool)
    if not len(before) == len(after) == len(arms):
        raise CannotTell("Spend before, spend in the test and arms must have one value per cluster.")
    x, y = before[~arms & (before > 0)], after[~arms & (before > 0)]
    expected = before
    if len(x) >= 3 and np.ptp(x) > 0:
        slope, start = np.polyfit(x, y, 1, w=1 / x)
        expected = start + slope * before
    return np.where(arms, after - expected, 0.0)


def clusters(pre: Any, test: Any, spend: Any, treated: Any, least_controls: int) -> dict[str, Numbers]:
    """The clusters that can be weighed: pre, test, spend, treated (0 or 1) of those with pre revenue, and `there`
    (0 or 1 for each one given). Raises CannotTell with the reason."""
    table = {
        "pre": numbers(pre, "revenue before the test"),
        "test": numbers(test, "revenue in the test"),
        "spend": numbers(spend, "incremental spend"),
        "treated": numbers(np.asarray(treated, dtype=bool), "the arms"),
    }
    if len({len(column) for column in table.values()}) > 1:
        raise CannotTell("Revenue, spend and arms must have one value per cluster.")
    if (table["pre"] < 0).any():
        raise CannotTell(
            f"Revenue before the test is negative in {int((table['pre'] < 0).sum())} clusters, which gives no weight: "
            "set returns off against the orders they belong to."
        )
    there = table["pre"] > TINY * table["pre"].max()
    kept = {name: column[there] for name, column in table.items()}
    _refuse(kept, least_controls)
    return {**kept, "there": there.astype(float)}


def _refuse(kept: dict[str, Numbers], least_controls: int) -> None:
    arms = kept["treated"] > 0
    treated, controls = int(arms.sum()), int((~arms).sum())
    if not treated or not controls:
        lacking = "control" if treated else "treated"
        raise CannotTell(f"No {lacking} cluster has revenue before the test, so there is nothing to compare with.")
    if controls < least_controls:
        raise CannotTell(f"Only {controls} control clusters have revenue before the test; {least_controls} are needed.")
    if (kept["spend"][~arms] != 0).any():
        raise CannotTell("Control clusters carry incremental spend: give the spend beyond what they would have had.")
    if kept["spend"].sum() == 0 or not kept["spend"].any():
        raise CannotTell("No spend lies on the treated clusters, so there is nothing to divide by.")
    no_giant(kept["test"] / kept["pre"], "the clusters' growth")
    if np.ptp(kept["test"]) == 0:
        raise CannotTell("Every cluster has the same revenue in the test, so nothing shows how much they differ.")


def _coefficient(x: Numbers, y: Numbers, errors: str) -> tuple[float, float, float]:
    """Least squares: coefficient of the second column, its error and degrees of freedom."""
    scale = np.sqrt((x**2).sum(axis=0))
    if (scale == 0).any() or np.linalg.matrix_rank(x / scale, tol=1e-10) < x.shape[1]:
        raise CannotTell("Spend moves in step with what else explains revenue, so its effect cannot be told apart.")
    q, r = np.linalg.qr(x / scale)
    found = np.linalg.solve(r, q.T @ y)
    residuals, inverse = y - (x / scale) @ found, np.linalg.inv(r)
    df = len(y) - x.shape[1]
    if df < 1 or np.abs(residuals).max() <= 1e-10 * np.abs(y).max():
        raise CannotTell("The clusters fit the regression without any scatter, so nothing shows how sure it is.")
    if errors == "classical":
        variance = float(residuals @ residuals) / df * float(inverse[1] @ inverse[1])
    else:
        slack = 1 - (q**2).sum(axis=1)
        if slack.min() < 1e-8:
            raise CannotTell("One cluster alone decides the result: spread the spend over more clusters.")
        variance = float(np.sum((q @ inverse[1] * residuals / slack) ** 2))
    return float(found[1] / scale[1]), float(np.sqrt(variance) / scale[1]), float(df)


def _given(designs: Any, kept: dict[str, Numbers]) -> npt.NDArray[np.bool_]:
    there = kept["there"] > 0
    given = np.asarray(designs, dtype=bool)
    if given.ndim != 2 or given.shape[1] != len(there):
        raise CannotTell("The possible assignments must have one column per cluster.")
    given = np.vstack([kept["treated"][None] > 0, given[:, there]])
    few = given.sum(axis=1)
    possible: npt.NDArray[np.bool_] = given[(few > 0) & (few < given.shape[1])]
    return possible


def _sizes(kept: dict[str, Numbers]) -> dict[str, float]:
    return {
        "treated": float(kept["treated"].sum()),
        "controls": float((kept["treated"] == 0).sum()),
        "left_out": float((kept["there"] == 0).sum()),
    }
