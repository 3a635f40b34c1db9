"""Decides what the pictures of a test are drawn from: its path, the arms before it, and tests that never were."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from analytics.assumptions import Assumptions
from analytics.effects import geo, rerandomised, structural, time_regression
from analytics.effects.adjusted import Moments
from analytics.effects.effect import Effect, Student, student
from analytics.effects.refusals import CannotTell, Numbers
from analytics.incrementality.methods.series import LEVEL_SD, Sides, covariates, sides, stacked, tbr_checks, weekly
from analytics.incrementality.methods.weeks import Weeks, weeks_of
from analytics.incrementality.slice import TREATED, Slice
from errors import UserError

Marks = npt.NDArray[np.bool_]
LEVEL = 0.9
LEAST_PAST = 4  # weeks before a pretended start
LEAST_DONORS = 5  # control units: four others give a line and its scatter
GBR, TBR, CAUSAL = "iroas.geo_regression", "iroas.tbr", "iroas.causal_series"
BANDS = ("observed", "expected", "lower", "upper", "cumulative", "cumulative_lower", "cumulative_upper")
PATH = ("date", "in_test", *BANDS, "step", "method")
TRENDS = ("week", "treated", "control", "difference", "lower", "upper")
BALANCES = ("figure", "unit", "treated", "control", "difference", "standardised", "variance_ratio", "is_balanced")
TIMES = ("start", "end", "estimate", "lower", "upper", "holds_zero", "method")
UNITS = ("unit", "is_treated", "estimate", "lower", "upper", "standing", "rank", "p", "method")


def lift_over_time(slice_: Slice, assumptions: Assumptions) -> pd.DataFrame:
    """The treated's revenue beside what was expected, and the sum of the difference since the test began.

    One row per step, before and in the test [date (first day of the step), in_test, observed, expected, lower, upper
    (ends of expected), cumulative, cumulative_lower, cumulative_upper, step ('day' or 'week'), method]; money.
    cumulative is 0 before the test. method: the id whose band it is, the first that carries one: geo-based regression
    by week (8 control units or more), time-based regression by day when its four checks pass, else the causal series
    by week, whose expected is NaN before the test. Each end is for its own step at the level chosen; no band covers
    all steps at once. Raises CannotTell when none of them can be drawn.
    """
    try:
        return _by_units(weeks_of(slice_), assumptions.confidence)
    except UserError:
        found = sides(slice_, needs_control=False)
    if _passes(slice_, assumptions.confidence):
        return _by_days(found, assumptions.confidence)
    return _by_model(slice_, weekly(found), assumptions.confidence)


def _passes(slice_: Slice, level: float) -> bool:
    try:
        return all(check.passed for check in tbr_checks(sides(slice_), level))
    except UserError:
        return False


def _by_units(found: Weeks, level: float) -> pd.DataFrame:
    """Geo-based regression of each week, and of the sum so far, on revenue before; incremental spend of the whole test
    as the dose throughout, so that the weeks' effects add up to the sum's."""
    steps = [_regressed(found, found.revenue[:, place], level) for place in range(len(found.weeks))]
    running = np.cumsum(found.revenue[:, found.pre :], axis=1)
    sums = [_regressed(found, running[:, place], level) for place in range(running.shape[1])]
    observed = found.revenue[found.treated].sum(axis=0)
    ends = np.array([(step.point, step.upper, step.lower) for step in steps])
    zero = np.zeros((found.pre, 3))
    cumulative = np.vstack([zero, [(one.point, one.lower, one.upper) for one in sums]])
    expected = observed[:, None] - ends
    return _path(found.weeks, np.arange(len(observed)) >= found.pre, (observed, expected, cumulative), "week", GBR)


def _regressed(found: Weeks, outcome: Numbers, level: float) -> Student:
    """Effect on this outcome of all treated units together (money)."""
    pre, dose = found.revenue[:, : found.pre].sum(axis=1), found.dose
    said = geo.geo_regression(pre, outcome, dose, found.treated, level)
    spent = said.extras["spend"]
    ends = sorted((said.lower * spent, said.upper * spent))
    return Student(said.point * spent, ends[0], ends[1], level, said.se * abs(spent), said.df)


def _path(
    dates: pd.DatetimeIndex, in_test: Marks, parts: tuple[Numbers, Numbers, Numbers], step: str, method: str
) -> pd.DataFrame:
    """Columns of PATH from the series and two tables of (point, lower, upper)."""
    observed, expected, cumulative = parts
    table = pd.DataFrame(np.column_stack([observed, expected, cumulative]), columns=list(BANDS))
    table = table.assign(date=pd.DatetimeIndex(dates), in_test=np.asarray(in_test, dtype=bool))
    return table.assign(step=step, method=method)[list(PATH)]


def _by_days(found: Sides, level: float) -> pd.DataFrame:
    control, treated = found.column("control"), found.column("treated")
    drawn = time_regression.pointwise(control[0], treated[0], control[1], treated[1], level)
    parts = (
        drawn["observed"].to_numpy(),
        drawn[["expected", "expected_lower", "expected_upper"]].to_numpy(),
        drawn[["cumulative", "cumulative_lower", "cumulative_upper"]].to_numpy(),
    )
    return _path(_dates(found), drawn["in_test"].to_numpy(bool), parts, "day", TBR)


def _dates(found: Sides) -> pd.DatetimeIndex:
    return pd.DatetimeIndex(pd.concat([found.before["date"], found.inside["date"]]))


def _by_model(slice_: Slice, weeks: Sides, level: float) -> pd.DataFrame:
    """The causal series: each week from one model, each sum from the same model of the test up to that week."""
    pre, test = weeks.column("treated")
    x_pre, x_test = stacked(weeks, covariates(slice_, weeks))
    tail, expected, sums = (1 - level) / 2, [], []
    for count in range(1, len(test) + 1):
        inside = None if x_test is None else x_test[:count]
        model = structural.counterfactual(pre, test[:count], x_pre, inside, LEVEL_SD)
        expected.append((model.mean(count), model.quantile(tail, count), model.quantile(1 - tail, count)))
        seen = float(test[:count].mean())
        sums.append(count * (seen - np.array([model.mean(), model.quantile(1 - tail), model.quantile(tail)])))
    unknown, zero = np.full((len(pre), 3), np.nan), np.zeros((len(pre), 3))
    parts = (np.concatenate([pre, test]), np.vstack([unknown, expected]), np.vstack([zero, sums]))
    return _path(_dates(weeks), np.arange(len(pre) + len(test)) >= len(pre), parts, "week", CAUSAL)


def pre_trend(slice_: Slice, level: float = LEVEL) -> pd.DataFrame:
    """How the arms moved before the test: one row per week [week, treated, control, difference, lower, upper].

    treated, control: mean over the arm's units of revenue ÷ the unit's own mean week before (multiples, 1 on
    average), so that a large unit weighs as much as a small one; difference: treated − control with Welch's interval
    over units. Raises CannotTell for fewer than two units an arm.
    """
    found = weeks_of(slice_).units_with_past()
    before = found.revenue[:, : found.pre]
    moved = before / before.mean(axis=1, keepdims=True)
    arms = [moved[found.treated], moved[~found.treated]]
    if min(len(arm) for arm in arms) < 2:
        raise CannotTell("An arm has only one unit, so nothing shows how much units differ: compare at least two each.")
    parts = [arm.var(axis=0, ddof=1) / len(arm) for arm in arms]
    variance = parts[0] + parts[1]
    known = np.where(variance > 0, variance, 1.0)
    df = known**2 / np.maximum(sum(p**2 / (len(a) - 1) for p, a in zip(parts, arms, strict=True)), 1e-300)
    half = np.sqrt(variance) * stats.t.isf((1 - level) / 2, np.clip(df, 1, 1e6))
    gap = arms[0].mean(axis=0) - arms[1].mean(axis=0)
    columns = (found.weeks[: found.pre], arms[0].mean(axis=0), arms[1].mean(axis=0), gap, gap - half, gap + half)
    return pd.DataFrame(dict(zip(TRENDS, columns, strict=True)))


def balance(slice_: Slice) -> pd.DataFrame:
    """What the arms were like before the test: one row per figure [figure, unit (of the figure), treated, control,
    difference (means), standardised, variance_ratio, is_balanced]; see `rerandomised.Balance`.

    Figures: revenue and spend before (per unit), orders before where `clusters` carries `pre_orders`, and growth
    (later half ÷ earlier half of the weeks before, less 1) where weekly rows are known. Customers: revenue before.
    Raises CannotTell when nothing is known of the time before.
    """
    if len(slice_.clusters):
        return _balances(slice_)
    kept = slice_.customers
    if kept and len(kept.treated.means) > 1 and len(kept.control.means) > 1:
        return _balance_of_moments(kept.treated, kept.control)
    raise CannotTell(
        "Nothing is known of the arms before the test, so they cannot be compared: choose dates that hold the time "
        "before, or declare its first day."
    )


def _balances(slice_: Slice) -> pd.DataFrame:
    clusters = slice_.clusters.set_index("unit")
    given = {"Revenue before": ("money", clusters["pre"]), "Spend before": ("money", clusters["pre_spend"])}
    if "pre_orders" in clusters:
        given["Orders before"] = ("count", clusters["pre_orders"])
    figures = pd.DataFrame({name: values.astype(float) for name, (_, values) in given.items()})
    growth = _growth(slice_)
    if growth is not None and figures.index.isin(growth.index).all():
        figures["Growth before"] = growth.reindex(figures.index)
        given["Growth before"] = ("share", growth)
    made = rerandomised.balance_table(figures.to_numpy(), clusters["arm"].eq(TREATED).to_numpy(), list(figures))
    rows = [
        (one.name, given[one.name][0], one.mean_treated, one.mean_control, one.difference, one.standardised,
         one.variance_ratio, one.is_balanced)
        for one in made
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(BALANCES))


def _growth(slice_: Slice) -> pd.Series | None:
    """Later ÷ earlier half of the weeks before, less 1, by unit; None where it is not known of every unit."""
    try:
        found = weeks_of(slice_)
    except UserError:
        return None
    half = found.pre // 2
    early, late = found.revenue[:, :half].sum(axis=1), found.revenue[:, found.pre - half : found.pre].sum(axis=1)
    if (early <= 0).any():
        return None
    return pd.Series(late / early - 1, index=found.units)


def _balance_of_moments(treated: Moments, control: Moments) -> pd.DataFrame:
    means = [float(arm.means[1]) for arm in (treated, control)]
    spreads = [float(arm.covariances[1, 1]) for arm in (treated, control)]
    apart, spread = means[0] - means[1], float(np.sqrt(sum(spreads) / 2))
    standardised = apart / spread if spread > 0 else 0.0
    ratio = spreads[0] / spreads[1] if spreads[1] > 0 else float(spreads[0] == 0)
    is_balanced = abs(standardised) <= rerandomised.NEGLIGIBLE
    row = ("Revenue before", "money", means[0], means[1], apart, standardised, ratio, is_balanced)
    return pd.DataFrame([row], columns=list(BALANCES))


def placebo_in_time(slice_: Slice, level: float = LEVEL) -> pd.DataFrame:
    """The test pretended to have begun earlier: one row per pretended start [start, end (its first and last week's
    Monday, or day), estimate, lower, upper (iROAS had the test's spend been laid there), holds_zero, method].

    Only weeks before the test are used, at least four before each start; as long as the test, or half of what there is
    when that is shorter. Geo-based regression over units where it can be, else time-based regression by day. Without
    an effect before the test, as many intervals hold 0 as their level says. Raises CannotTell when too little lies
    before.
    """
    try:
        return _earlier_units(weeks_of(slice_), level)
    except UserError:
        return _earlier_days(sides(slice_), level)


def _earlier_units(found: Weeks, level: float) -> pd.DataFrame:
    span = min(len(found.weeks) - found.pre, (found.pre - LEAST_PAST + 1) // 2)
    _refuse_short(span)
    share, rows = span / (len(found.weeks) - found.pre), []
    for start in range(LEAST_PAST, found.pre - span + 1):
        past, inside = found.revenue[:, :start].sum(axis=1), found.revenue[:, start : start + span].sum(axis=1)
        said = geo.geo_regression(past, inside, found.dose * share, found.treated, level)
        rows.append(_pretended(found.weeks[start], found.weeks[start + span - 1], said, GBR))
    return pd.DataFrame(rows, columns=list(TIMES))


def _earlier_days(found: Sides, level: float) -> pd.DataFrame:
    week = 7
    span = min(len(found.inside), (len(found.before) - LEAST_PAST * week + 1) // 2)
    _refuse_short(span)
    control, treated = found.column("control")[0], found.column("treated")[0]
    cost, rows = found.cost * span / len(found.inside), []
    for start in range(LEAST_PAST * week, len(control) - span + 1, week):
        past, inside = slice(0, start), slice(start, start + span)
        gap = time_regression.cumulative(control[past], treated[past], control[inside], treated[inside], level)
        days = found.before["date"].iloc[[start, start + span - 1]]
        rows.append(_pretended(days.iloc[0], days.iloc[1], time_regression.iroas(gap, cost, level), TBR))
    return pd.DataFrame(rows, columns=list(TIMES))


def _refuse_short(span: int) -> None:
    if span < 1:
        raise CannotTell(
            f"Fewer than {LEAST_PAST + 1} weeks lie before the test, too few to pretend an earlier one: choose an "
            "earlier first day of the time before."
        )


def _pretended(start: pd.Timestamp, end: pd.Timestamp, said: Effect, method: str) -> tuple[object, ...]:
    return start, end, said.point, said.lower, said.upper, said.lower <= 0 <= said.upper, method


def placebo_in_units(slice_: Slice, level: float = LEVEL) -> pd.DataFrame:
    """Every control unit pretended to be the treated one, beside the treated: one row each, the treated first [unit,
    is_treated, estimate, lower, upper (iROAS, had it got the treated's spend per revenue before), standing, rank, p,
    method].

    Expected growth (test ÷ before) comes from geo-based regression's line over the other control units alone;
    estimate: growth beyond it ÷ the treated's spend per revenue before; standing: estimate in its own standard errors,
    which makes one unit and the mean of many comparable; rank: 1 for the largest standing of either sign; p: share of
    rows with one at least as large (Fisher 1935; Abadie et al. 2010), the treated's being the placebo p. Raises
    CannotTell for fewer than five control units.
    """
    found = weeks_of(slice_).units_with_past()
    pre, test = found.revenue[:, : found.pre].sum(axis=1), found.revenue[:, found.pre :].sum(axis=1)
    controls = np.flatnonzero(~found.treated)
    if len(controls) < LEAST_DONORS:
        raise CannotTell(
            f"Only {len(controls)} control units sold before the test; {LEAST_DONORS} are needed to rank one."
        )
    rate = found.cost / float(pre[found.treated].sum())
    sets = [np.flatnonzero(found.treated), *controls[:, None]]
    rows = []
    for chosen in sets:
        others = np.setdiff1d(controls, chosen)
        said = _beyond(pre / pre.mean(), test / pre, chosen, others, level)
        rows.append([found.units[chosen[0]], chosen is sets[0], *_per_spend(said, rate), said.point / said.se])
    rows[0][0] = TREATED
    table = pd.DataFrame(rows, columns=list(UNITS[:6]))
    size = table["standing"].abs()
    table["rank"] = size.rank(ascending=False, method="min").astype(int)
    return table.assign(p=size.rank(ascending=False, method="max") / len(table), method=GBR)[list(UNITS)]


def _beyond(size: Numbers, growth: Numbers, chosen: Numbers, others: Numbers, level: float) -> Student:
    """Mean growth of the chosen units beyond what the others' line says: growth = b + a ÷ size, least squares."""
    columns = np.column_stack([np.ones(len(size)), 1 / size])
    line = np.linalg.lstsq(columns[others], growth[others], rcond=None)[0]
    rest = growth[others] - columns[others] @ line
    df = len(others) - 2
    s, at = float(np.sqrt(rest @ rest / df)), columns[chosen].mean(axis=0)
    lever = float(at @ np.linalg.pinv(columns[others].T @ columns[others]) @ at)
    return student(float((growth - columns @ line)[chosen].mean()), s * np.sqrt(1 / len(chosen) + lever), df, level)


def _per_spend(said: Student, rate: float) -> tuple[float, float, float]:
    ends = sorted((said.lower / rate, said.upper / rate))
    return said.point / rate, ends[0], ends[1]
