"""Decides what may be read of a test while it runs: intervals that pay for every look, daily or planned."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from scipy import stats

from analytics import formats
from analytics.assumptions import Assumptions
from analytics.effects import sequential
from analytics.effects.effect import Student
from analytics.effects.means import Contrast
from analytics.effects.refusals import CannotTell
from analytics.effects.time_uniform import confidence_sequence
from analytics.incrementality.declared import Run, design, many, numbers, run_of, spent
from analytics.incrementality.estimate import Check, Method, Numbers
from analytics.incrementality.methods import clusters, cuped, holdout
from analytics.incrementality.slice import Slice
from analytics.ratios import POWER


@dataclass(frozen=True, eq=False)
class Look:
    """What the declared design says with the days that are known: estimate and error (multiples), by which method."""

    point: float
    se: float
    df: float
    sizes: tuple[int, int]
    unit: str
    method: str
    conditions: tuple[Check, ...]
    observations: int
    spend: float


def look(slice_: Slice, level: float) -> Look:
    """The estimate of the design as it stands: CUPED, regression over clusters, or the difference of means."""
    if slice_.customers is not None and len(slice_.customers.treated.means) > 1:
        known = cuped.known(slice_)
        found = cuped.effect(known, level)[1]
        sizes, paid = (known.treated.n, known.control.n), (known.leaked, known.tolerance, known.spend)
        return _look(slice_, found, sizes, known.unit, cuped.CUPED.id, paid, known.observations)
    if slice_.customers is None and clusters.is_known_before(slice_):
        table = clusters.table_of(slice_)
        effect = clusters.regression(table, level)
        paid = table.leaked, table.tolerance, float(effect.extras["spend"])
        sizes = int(effect.extras["treated"]), int(effect.extras["controls"])
        return _look(slice_, effect, sizes, slice_.unit_name, clusters.GBR.id, paid, table.days)
    made, seen = holdout.difference(slice_, level)
    return _look(
        slice_, seen, made.sizes, made.unit, holdout.HOLDOUT.id, (made.leaked, 0.0, made.spend), made.observations
    )


def _look(
    slice_: Slice, found: Contrast | Student, sizes: tuple[int, int], unit: str, method: str,
    paid: tuple[float, float, float], observations: int,
) -> Look:  # fmt: skip
    # The end of the test is what these intervals do not wait for.
    held = tuple(check for check in design(slice_, unit, sizes, *paid[:2]) if check.name != "declared end")
    looked = (*held, spent(paid[2], unit))
    return Look(found.point, found.se, found.df, sizes, unit, method, looked, observations, paid[2])


def reach(z: float, df: float) -> float:
    """Half-width in standard errors for so many degrees of freedom, where z is enough once the scatter is known: the
    same tail of Student's t (Jennison & Turnbull 2000, 4.4)."""
    return float(stats.t.isf(stats.norm.sf(z), df)) if math.isfinite(df) else z


def always_reach(share: float, level: float) -> float:
    """z of an interval that holds at all looks at once, when this share of the planned days is known: the normal
    mixture, tightest at the declared end (Howard et al. 2021)."""
    # In units of the error at hand; the error planned for the end is that times √share.
    found = confidence_sequence([0.0], [1.0], level, math.sqrt(share))[0]
    return found.upper


def _run(slice_: Slice) -> Run:
    """The declared days. CannotTell when nobody declared an end, or the test has not begun, or days are missing."""
    declared = slice_.experiment
    if declared is None:
        raise CannotTell("No experiment is declared, so nobody knows when looking ends: declare it with its last day.")
    run = run_of(slice_)
    if run is None:
        raise CannotTell("The experiment has no first and last day, so nobody knows when looking ends: declare both.")
    if run.known < 1:
        raise CannotTell(
            f"The test begins on {formats.day(run.first)}, and no day of it is known yet: import newer days."
        )
    if not slice_.series.empty:
        days = np.unique(slice_.series["date"].to_numpy(dtype="datetime64[D]"))
        lacking = int((days[-1] - days[0]).astype(int)) + 1 - len(days)
        if lacking:
            raise CannotTell(f"{many(lacking, 'day')} are missing among the days of the test: import them first.")
    return run


def _told(seen: Look, z: float, level: float, others: list[Check]) -> Numbers:
    far = reach(z, seen.df)
    mde = (far + float(stats.t.ppf(POWER, seen.df))) * seen.se
    ends = (seen.point, seen.point - far * seen.se, seen.point + far * seen.se)
    return numbers(ends, seen.unit, seen.sizes, seen.conditions, others, mde, seen.observations, seen.spend)


def _always_valid(slice_: Slice, assumptions: Assumptions) -> Numbers | str:
    """Estimate of the design so far ± the normal mixture bound, which holds at every day's look at once."""
    run, level = _run(slice_), assumptions.confidence
    seen = look(slice_, level)
    z = always_reach(run.known / run.planned, level)
    known = f"{formats.count(run.known)} of {many(run.planned, 'day')}"
    if run.is_over:
        says = f"The test ended on {formats.day(run.end)}, as declared; looked at once, {seen.method} says it shorter."
    else:
        says = (
            f"The test runs until {formats.day(run.end)} and {known} are known: until then this is the interval that "
            "may be read, as often as you like."
        )
    return _told(seen, z, level, [Check("peeking", True, says)])


def _planned(slice_: Slice, assumptions: Assumptions) -> Numbers | str:
    """Estimate of the design so far ± O'Brien–Fleming's bound for the planned look that is due."""
    run, level = _run(slice_), assumptions.confidence
    planned = slice_.experiment.looks if slice_.experiment else 1
    if planned < 2:
        return "No looks but the one at the end were planned: declare how many before the test begins."
    due = [math.ceil(run.planned * number / planned) for number in range(1, planned + 1)]
    number = sum(day <= run.known for day in due)
    if not number:
        first = run.first + timedelta(days=due[0] - 1)
        return f"The first of {formats.count(planned)} planned looks is due on {formats.day(first)}: wait for that day."
    times = [*due[: number - 1], run.known, *due[number:]]
    seen = look(slice_, level)
    ours, pocock = (
        float(sequential.bounds([float(day) for day in times], 1 - level, shape)[number - 1])
        for shape in ("obrien-fleming", "pocock")
    )
    others = [_due(run, due, number), _other_bound(ours, pocock)]
    return _told(seen, ours, level, others)


def _due(run: Run, due: list[int], number: int) -> Check:
    """Whether today is a planned look's day."""
    which = f"Look {formats.count(number)} of {formats.count(len(due))}"
    day = run.first + timedelta(days=due[number - 1] - 1)
    if run.known == due[number - 1]:
        return Check("planned look", True, f"{which} is due on {formats.day(day)}, the last day that is known.")
    following = run.first + timedelta(days=due[number] - 1)
    return Check(
        "planned look", False,
        f"{which} was due on {formats.day(day)}; the next is on {formats.day(following)}, and a look between them is "
        "not paid for: iroas.always_valid may be read any day.",
    )  # fmt: skip


def _other_bound(ours: float, pocock: float) -> Check:
    says = f"It stands {ours:.2f} standard errors to each side, by O'Brien–Fleming; by Pocock it would be {pocock:.2f}."
    return Check("bound", True, says)


_NEEDS = ("a declared experiment with its first and last day, the last declared before the test begins",
          "what iroas.cuped, iroas.geo_regression or iroas.holdout needs")  # fmt: skip
ALWAYS_VALID = Method(
    id="iroas.always_valid",
    version="1",
    label="Always valid, looked at daily",
    formula="estimate of the design so far ± error × √[(1 + ρ/s) (ln((s + ρ)/ρ) + 2 ln(1/α))]; s = share of the "
    "planned days that is known, ρ = 1 ÷ (2 ln(1/α) + ln(1 + 2 ln(1/α)))",
    needs=_NEEDS,
    assumptions=("arms assigned at random", "one unit's spend does not reach another",
                 "each day adds news about as much as the last, and spend runs evenly"),
    flaw="It pays for looks that nobody takes: at the end it is two thirds wider than an interval for one look, and "
    "finds in 50 % of tests what one look finds in 80 %.",
    source="Howard, Ramdas, McAuliffe & Sekhon 2021; Waudby-Smith et al. 2024. Looked at daily for six weeks it gives "
    "a false alarm in 2.9 % of tests without an effect at 90 %, where an interval for one look gives one in 49 %",
    role="headline",
    work=_always_valid,
    family="looking",
    rests_on_design=True,
)  # fmt: skip
PLANNED = Method(
    id="iroas.planned_looks",
    version="1",
    label="Planned looks (O'Brien–Fleming)",
    formula="estimate of the design so far ± error × c √(1 ÷ share of the planned days); c so that all planned looks "
    "together miss in 1 − level of tests",
    needs=(*_NEEDS, "how many looks were planned, at least 2"),
    assumptions=("arms assigned at random", "one unit's spend does not reach another",
                 "nobody looks but at the planned days", "spend runs evenly"),
    flaw="A look between the planned ones breaks its promise; early looks see very large effects only.",
    source="O'Brien & Fleming 1979; Pocock 1977; Jennison & Turnbull 1989 (repeated intervals). Six weekly looks by "
    "Pocock's bound: 9.8 % false alarms at 90 %, power 69 % where one look has 80 %",
    role="headline",
    work=_planned,
    family="looking",
    rests_on_design=True,
)  # fmt: skip
METHODS: tuple[Method, ...] = (ALWAYS_VALID, PLANNED)
