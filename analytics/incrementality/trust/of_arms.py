"""Decides which of the ten trust checks look at the arms: were they alike before, and does one unit carry it all."""

from __future__ import annotations

import math

import numpy as np

from analytics import formats
from analytics.effects.tails import HEAVY
from analytics.incrementality.methods.panel import weeks_of
from analytics.incrementality.paths import placebo_in_time
from analytics.incrementality.slice import CONTROL, Slice
from analytics.incrementality.trust.lights import (
    AMBER,
    GREEN,
    RED,
    Numbers,
    Seen,
    by_chance,
    chance_of,
    chance_of_means,
    graded,
    of_arm,
    units,
    unknown,
)
from errors import UserError

LEAST_WEEKS = 4
LITTLE, MUCH = 0.1, 0.25
"""Standardised differences: balanced up to 0.1 (Austin 2009), beyond 0.25 no adjustment mends it (Stuart 2010)."""
LEAKED = 0.05
MANY_FALSE = 0.5
ONE_UNIT = 0.5
"""Share of the revenue beyond which the result is one unit's (tails.HEAVY: beyond which intervals miss more often)."""
NO_TIME_BEFORE = "Nothing is known of the time before the test: import orders from before it."


def pre_trend(slice_: Slice) -> Seen:
    """Whether revenue of the arms grew alike before the test: slope over whole weeks, as a share of the unit's mean.

    Compared between units (Welch), never between days: days of one unit are not independent.
    """
    try:
        found = weeks_of(slice_).units_with_past()
    except UserError as error:
        return unknown(f"{error}")
    before = found.revenue[:, : found.pre]
    steps = np.arange(found.pre) - (found.pre - 1) / 2
    if found.pre < LEAST_WEEKS:
        return unknown(f"{formats.count(found.pre)} whole weeks lie before the test; a trend needs {LEAST_WEEKS}.")
    slopes = before @ steps / (steps @ steps) / before.mean(axis=1)
    treated, control = slopes[found.treated], slopes[~found.treated]
    p = chance_of(treated, control)
    if math.isnan(p):
        return unknown("Fewer than two units of an arm sold before the test, so their trends cannot be compared.")
    apart = float(treated.mean() - control.mean())
    says = (
        f"Before the test, revenue of test units changed by {formats.share(float(treated.mean()))} a week, of control "
        f"units by {formats.share(float(control.mean()))}; {_chance(p)}."
    )
    return by_chance(p), apart, says


def balance(slice_: Slice, drawn: bool) -> Seen:
    """Whether the arms sold alike before the test: difference of means in standard deviations.

    Of drawn arms chance is the judge: small tests differ by more than 0.25 in most draws, and the interval counts it.
    Arms that were not drawn are judged by size.
    """
    found = _before(slice_)
    if found is None:
        return unknown(NO_TIME_BEFORE)
    (mean, variance, _), (other, scatter, _) = found
    spread = math.sqrt((variance + scatter) / 2)
    apart = abs(mean - other) / spread if spread > 0 else 0.0 if mean == other else math.inf
    p = chance_of_means(*found)
    if not math.isfinite(apart):
        return unknown("Every unit of an arm sold the same before the test, so the arms cannot be compared.")
    says = (
        f"Before the test, a test unit brought {formats.money(mean)}, a control unit {formats.money(other)}: "
        f"{apart:.2f} standard deviations apart; {_chance(p)}."
    )
    small = apart <= LITTLE
    return GREEN if small else by_chance(p) if drawn else graded(apart, LITTLE, MUCH), apart, says


Arm = tuple[float, float, float]


def _before(slice_: Slice) -> tuple[Arm, Arm] | None:
    """Mean, variance and number of each arm's revenue before the test; None where it is not known."""
    if slice_.customers is not None:
        both = slice_.customers.treated, slice_.customers.control
        if min(len(arm.means) for arm in both) < 2:
            return None
        one, two = ((float(arm.means[1]), float(arm.covariances[1, 1]), float(arm.n)) for arm in both)
        return one, two
    treated, control = of_arm(units(slice_), "pre")
    if min(len(treated), len(control)) < 2 or not np.isfinite(np.r_[treated, control]).all():
        return None
    one, two = ((float(arm.mean()), float(arm.var(ddof=1)), float(len(arm))) for arm in (treated, control))
    return one, two


def _chance(p: float) -> str:
    return f"{formats.share(round(p, 3))} of random draws differ as much" if p >= 0.001 else "chance hardly does that"


def leverage(slice_: Slice) -> Seen:
    """Share of the test's revenue that its largest 1 % of units hold (at least one): above 30 % intervals miss more
    often than they say (statistics.md, part 4)."""
    if slice_.customers is not None:
        share, who = slice_.customers.top_share, "The largest 1 % of buyers hold"
    else:
        revenue, name = _revenue(slice_), slice_.unit_name
        if len(revenue) < 2 or not np.isfinite(revenue).all() or revenue.sum() <= 0:
            return unknown("No two units with revenue are known, so none can outweigh the others.")
        most = math.ceil(len(revenue) / 100)
        share = float(np.sort(revenue)[::-1][:most].sum() / revenue.sum())
        who = f"The largest {name} holds" if most == 1 else f"The largest {formats.count(most)} {name}s hold"
    if not math.isfinite(share):
        return unknown("Nobody bought in the test, so nobody can outweigh the others.")
    return graded(share, HEAVY, ONE_UNIT), share, f"{who} {formats.share(share)} of the revenue."


def _revenue(slice_: Slice) -> Numbers:
    """Revenue of each unit in the test."""
    if slice_.go_live is not None:
        sold: Numbers = np.asarray(slice_.go_live.revenue, dtype=float).sum(axis=0)
        return sold
    sums: Numbers = units(slice_).groupby("unit")["revenue"].sum().to_numpy(float)
    return sums


def contamination(slice_: Slice) -> Seen:
    """Whether control got spend, or units stand in both arms: share of the spend, or of the units, whichever is more.

    Either makes the arms more alike, so the effect reads too small.
    """
    if slice_.customers is not None:
        people = slice_.customers.treated.n + slice_.customers.control.n + slice_.customers.mixed
        share = slice_.customers.mixed / people if people else 0.0
        return (
            graded(share, 0.0, LEAKED), share,
            f"{formats.count(slice_.customers.mixed)} customers carry both arms and are left out.",
        )  # fmt: skip
    cells = slice_.cells
    if cells.empty:
        return unknown("No unit is marked test or control, so nothing can have crossed over.")
    spend = cells["spend"].astype(float).fillna(0.0)
    leaked, whole = float(spend[cells["arm"].eq(CONTROL)].clip(lower=0.0).sum()), float(spend.sum())
    both, all_ = int(cells.groupby("unit")["arm"].nunique().gt(1).sum()), int(cells["unit"].nunique())
    share = max(leaked / whole if whole > 0 else 0.0, both / all_)
    says = f"Control got {formats.money(leaked)} of spend; {formats.count(both)} of {formats.count(all_)} units"
    return graded(share, 0.0, LEAKED), share, f"{says} carry both arms."


def placebo_date(slice_: Slice, level: float) -> Seen:
    """Whether an effect is “found” before there was any, when the test is pretended to have begun earlier."""
    try:
        found = placebo_in_time(slice_, level)
    except UserError as error:
        return unknown(f"{error}")
    false, tried = int((~found["holds_zero"].astype(bool)).sum()), len(found)
    share = false / tried
    light = GREEN if share <= 2 * (1 - level) + 1e-9 else AMBER if share <= MANY_FALSE else RED
    says = (
        f"{formats.count(false)} of {formats.count(tried)} pretended first days before the test show an effect where "
        f"there was none; about {formats.share(1 - level)} do by chance."
    )
    return light, share, says
