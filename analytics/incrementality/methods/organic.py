"""Decides what organic orders can say about incremental ROAS: taken off as published, by rate, or as expected."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics import formats
from analytics.assumptions import Assumptions
from analytics.effects.refusals import CannotTell, no_giant, numbers
from analytics.incrementality.estimate import ONLY_SCATTER, Check, Method, Numbers, around, t_at
from analytics.incrementality.methods.series import size
from analytics.incrementality.slice import Slice
from analytics.ratios import satterthwaite, smallest_seen

LEAST_DAYS = 14
LEAST_QUIET = 14
WATSON = (1.5, 2.5)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
Days = npt.NDArray[np.float64]


def _organic_refusal(slice_: Slice) -> str:
    """Why organic rows cannot be set against this selection; empty when they can."""
    if not slice_.organic_carries:
        words = formats.listing(slice_.narrowed_by) or "this filter"
        return f"Organic rows carry no {words}, so they cannot be narrowed by it: take that filter off."
    organic = slice_.daily["revenue_organic"].astype(float)
    if not math.isfinite(slice_.revenue_organic) or not organic.abs().sum() > 0:
        return "There are no organic rows in this selection: add orders that no influencer brought."
    if len(slice_.daily) < LEAST_DAYS:
        return f"Fewer than {LEAST_DAYS} days have dated rows, so nothing shows how much a day scatters."
    return ""


def subtracted(slice_: Slice, assumptions: Assumptions) -> Numbers | str:
    """(attributed revenue − organic revenue) ÷ spend; interval from the scatter of the daily difference."""
    refusal = _organic_refusal(slice_)
    if refusal:
        return refusal
    gap = (slice_.daily["revenue"].astype(float) - slice_.daily["revenue_organic"].astype(float)).to_numpy()
    n = len(gap)
    half = t_at(assumptions.confidence, n - 1) * float(gap.std(ddof=1)) * math.sqrt(n) / slice_.spend
    point = (slice_.revenue - slice_.revenue_organic) / slice_.spend
    return Numbers(around(point, half), "day", n, 0, (), ONLY_SCATTER.format(what="days"))


def rate_matched(slice_: Slice, assumptions: Assumptions) -> Numbers | str:
    """(all revenue of live days − organic revenue per quiet day × live days) ÷ spend; Welch's interval over days."""
    refusal = _organic_refusal(slice_)
    if refusal:
        return refusal
    if min(slice_.days, slice_.organic_days) < 2:
        return (
            "Influencers sold on every day but "
            f"{formats.count(slice_.organic_days)}, so no days show what organic orders are without them."
        )
    total = (slice_.daily["revenue"].astype(float) + slice_.daily["revenue_organic"].astype(float)).to_numpy()
    live = slice_.live.to_numpy()
    with_, without = total[live], total[~live]
    scale = slice_.days / slice_.spend
    point = scale * float(with_.mean() - without.mean())
    variances = float(with_.var(ddof=1) / len(with_)), float(without.var(ddof=1) / len(without))
    df = satterthwaite(variances[0], len(with_), variances[1], len(without))
    half = scale * t_at(assumptions.confidence, df) * math.sqrt(sum(variances))
    return Numbers(around(point, half), "day", len(with_), len(without), (), ONLY_SCATTER.format(what="days"))


@dataclass(frozen=True, eq=False)
class Expected:
    """Organic revenue as trend, weekday and promotion explain it on quiet days, and how sure it is of live days.

    caused: all revenue of live days less expected (money), se: its Newey–West standard error, df: of the t it is held
    against. residuals: of the quiet days, in order. inside: share of live days between the first and the last quiet
    one. promotions: days flagged as such, NaN where the data carry no flags.
    """

    caused: float
    se: float
    df: float
    residuals: Days
    inside: float
    promotions: float


def expected_organic(slice_: Slice) -> Expected:
    """The organic revenue of live days expected from quiet ones. CannotTell with what is missing.

    organic = start + trend × day + weekday (+ promotion), least squares over days without attributed revenue. The
    error of Σ live (revenue − expected) is linear in the days' noise: 1 on a live day, minus its pull on the fit on a
    quiet one; its variance takes the autocovariances of the quiet residuals by calendar gap with Bartlett's weights
    (Newey & West 1987) up to 1.3 √n gaps, held against t with 1.5 n ÷ gaps degrees of freedom (Lazarus, Lewis, Stock &
    Watson 2018), since fewer gaps cover too little.
    """
    total, live, columns = _daily(slice_)
    quiet = ~live
    found, _, rank, _ = np.linalg.lstsq(columns[quiet], total[quiet], rcond=None)
    n = int(quiet.sum())
    if rank < columns.shape[1] or n <= columns.shape[1]:
        raise CannotTell(
            "The quiet days are too alike to tell trend, weekday and promotion apart: choose a longer span of dates."
        )
    residuals = np.where(quiet, total - columns @ found, 0.0)
    if np.abs(residuals).max() <= 1e-9 * np.abs(total).max():
        raise CannotTell("Organic revenue never departs from its weekday and trend, so nothing shows how sure it is.")
    pull = -columns @ np.linalg.pinv(columns[quiet].T @ columns[quiet]) @ columns[live].sum(axis=0)
    lags = math.ceil(1.3 * math.sqrt(n))
    variance = _long_run(np.where(live, 1.0, pull), residuals, quiet, lags) * n / (n - columns.shape[1])
    ends = np.flatnonzero(quiet)[[0, -1]]
    between = float(np.mean((np.flatnonzero(live) > ends[0]) & (np.flatnonzero(live) < ends[1])))
    return Expected(
        float((total - columns @ found)[live].sum()), math.sqrt(variance), min(n - columns.shape[1], 1.5 * n / lags),
        residuals[quiet], between, _flags(slice_.daily).sum() if "promotion" in slice_.daily else math.nan,
    )  # fmt: skip


def _daily(slice_: Slice) -> tuple[Days, npt.NDArray[np.bool_], Days]:
    """All revenue of each day, whether influencers were live, and the terms that explain it."""
    refusal = _organic_refusal(slice_)
    if refusal:
        raise CannotTell(refusal)
    live, quiet = slice_.live.to_numpy(bool), slice_.organic_days
    organic = numbers(slice_.daily["revenue_organic"], "organic revenue")
    total = organic + numbers(slice_.daily["revenue"], "attributed revenue")
    if quiet < LEAST_QUIET or not live.any():
        raise CannotTell(
            f"{formats.count(quiet)} days without influencers and {formats.count(slice_.days)} with them; at least "
            f"{LEAST_QUIET} and 1 are needed to know organic orders by themselves: choose a longer span of dates."
        )
    negative = int((total < 0).sum() + (organic < 0).sum())
    if negative:
        raise CannotTell("Some days have negative revenue: set returns off against the orders they belong to.")
    no_giant(total, "the days' revenue")
    days = pd.DatetimeIndex(slice_.daily["date"])
    if (np.diff(days.to_numpy()) != np.timedelta64(1, "D")).any():
        raise CannotTell("Days are missing from the selection: give every day one row, with 0 where nothing was sold.")
    return total, live, _terms(slice_, days, live)


def _terms(slice_: Slice, days: pd.DatetimeIndex, live: npt.NDArray[np.bool_]) -> Days:
    """Level, trend, weekdays and, where the data carry flags that vary on quiet days, promotion."""
    weekday = days.day_of_week.to_numpy()
    known = set(weekday[~live].tolist())
    unseen = [WEEKDAYS[day] for day in sorted(set(weekday[live].tolist()) - known)]
    if unseen:
        raise CannotTell(
            f"No {formats.listing(unseen)} is without influencers, so nothing shows what organic orders are on one: "
            "leave some of them free of posts, or choose a longer span of dates."
        )
    columns = [np.ones(len(days)), np.linspace(-1, 1, len(days))]
    columns += [(weekday == day).astype(float) for day in sorted(known)[1:]]
    flags = _flags(slice_.daily)
    if np.ptp(flags[~live]) > 0:
        columns.append(flags)
    return np.column_stack(columns)


def _flags(daily: pd.DataFrame) -> Days:
    """Promotion or festival of each day, 0 where the data carry no such column: it is never guessed from the sales."""
    return numbers(daily["promotion"].fillna(0), "promotion") if "promotion" in daily else np.zeros(len(daily))


def _long_run(weights: Days, residuals: Days, quiet: npt.NDArray[np.bool_], lags: int) -> float:
    """Variance of Σ weights × noise of the days; at least what independent days would give."""
    seen = quiet.astype(float)
    alone = float(residuals @ residuals) / float(seen.sum()) * float(weights @ weights)
    variance = alone
    for lag in range(1, min(lags, len(weights) - 1) + 1):
        pairs = float(seen[lag:] @ seen[:-lag])
        if pairs:
            together = float(residuals[lag:] @ residuals[:-lag]) / pairs
            variance += 2 * (1 - lag / (lags + 1)) * together * float(weights[lag:] @ weights[:-lag])
    return max(variance, alone)


def _organic_baseline(slice_: Slice, assumptions: Assumptions) -> Numbers:
    """(all revenue of live days − organic revenue expected of them) ÷ spend, with its Newey–West interval."""
    found = expected_organic(slice_)
    se = found.se / slice_.spend
    half = t_at(assumptions.confidence, found.df) * se
    mde = smallest_seen(se, found.df, assumptions.confidence)
    looked = _conditions(slice_, found)
    broken = " ".join(check.says for check in looked if not check.passed)
    return Numbers(
        around(found.caused / slice_.spend, half), "day", slice_.days, slice_.organic_days, (*looked, size(mde)),
        broken, "", mde, slice_.organic_days,
    )  # fmt: skip


def _conditions(slice_: Slice, found: Expected) -> tuple[Check, ...]:
    watson = float(np.sum(np.diff(found.residuals) ** 2) / np.sum(found.residuals**2))
    flags = np.isfinite(found.promotions)
    said = (
        f"{formats.count(found.promotions)} days are flagged as promotion or festival and taken into account."
        if flags
        else "The data carry no promotion or festival flags, so a sale on days with influencers counts as effect."
    )
    return (
        Check(
            "quiet days between", found.inside >= 0.5,
            f"{formats.share(found.inside)} of the days with influencers lie between days without; the others rest on "
            "the trend going on.",
        ),
        Check(
            "autocorrelation", WATSON[0] < watson < WATSON[1],
            f"Durbin–Watson of organic revenue about its trend and weekday: {watson:.2f}; needed: 1.5 to 2.5.",
        ),
        Check("promotions", bool(flags), said),
    )  # fmt: skip


ORGANIC_BASELINE = Method(
    id="iroas.organic_baseline",
    version="1",
    label="Revenue above the organic baseline",
    formula="(all revenue of days with influencers − organic revenue expected of them) ÷ spend; expected: level, "
    "trend, weekday and flagged promotions, by least squares over days without influencers; Newey–West interval",
    needs=(
        "organic rows that carry every filter in use",
        "at least 14 days without influencer orders, on every weekday that has influencers",
        "spend",
    ),
    assumptions=(
        "days with and without influencers differ only in trend, weekday and flagged promotions",
        "nothing is left of an influencer's effect on a day without",
    ),
    flaw="When influencers are booked for good times, good times count as effect: regressions of this kind hold the "
    "truth in 51 to 70 % of their 90 % intervals where spend is independent of demand, in 30 to 43 % where it follows, "
    "and then claim an effect in 47 to 68 % of worlds without one.",
    source="S2-13, with trend, weekday and promotion terms (features I4); interval: Newey & West 1987",
    role="directional",
    work=_organic_baseline,
    family="organic",
)
METHODS: tuple[Method, ...] = (ORGANIC_BASELINE,)
