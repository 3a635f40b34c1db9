"""Decides what a declared experiment earns: which of its conditions hold, when it may be read, and who may speak."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
import pandas as pd

from analytics import formats
from analytics.incrementality.estimate import Check, Numbers
from analytics.incrementality.slice import Slice
from data.experiments.record import UNITS

LEAST_UNITS = 8
BREAK_EVEN = 1.0
MOST_MIXED = 0.01
STEADY = 0.5
UNLIKELY = 0.01
KEPT = 4
"""Selections whose prepared arms are remembered, since all methods read the same one."""
ALWAYS_VALID, PLANNED_LOOKS = "iroas.always_valid", "iroas.planned_looks"
_NOUNS = {"geo": "place"}


@dataclass(frozen=True)
class Run:
    """A test with declared days: its first and last, and the last that is known in the data."""

    first: date
    end: date
    last: date

    @property
    def planned(self) -> int:
        """Days of the whole test."""
        return (self.end - self.first).days + 1

    @property
    def known(self) -> int:
        """Days of it that lie behind, 0 before it begins."""
        return min(max((self.last - self.first).days + 1, 0), self.planned)

    @property
    def is_over(self) -> bool:
        """Whether the declared end was reached."""
        return self.known >= self.planned


def run_of(slice_: Slice) -> Run | None:
    """How far the declared test is; None when no days were declared or the data carry none."""
    declared = slice_.experiment
    days = slice_.series["date"] if not slice_.series.empty else slice_.daily["date"]
    if declared is None or declared.start is None or declared.end is None or days.empty:
        return None
    last = days.max() if slice_.series.empty else _last_known(slice_.series)
    return Run(declared.start, declared.end, pd.Timestamp(last).date())


def _last_known(series: pd.DataFrame) -> pd.Timestamp:
    """The last day with orders, unless days without any are so common that the ones after it may be such days."""
    sold = series[["treated", "control", "organic"]].astype(float).abs().sum(axis=1).gt(0).to_numpy()
    dates = pd.to_datetime(series["date"])
    if not sold.any():
        return pd.Timestamp(dates.iloc[-1])
    last = int(np.flatnonzero(sold)[-1])
    idle = 1 - float(sold[: last + 1].mean())
    is_unknown = idle ** (len(sold) - 1 - last) < UNLIKELY
    return pd.Timestamp(dates.iloc[last if is_unknown else -1])


def is_running(slice_: Slice) -> bool:
    """Whether the test's declared end lies beyond the data, so that only an always-valid interval may be read."""
    run = run_of(slice_)
    return run is not None and not run.is_over


def is_looked_at_daily(slice_: Slice) -> bool:
    """Whether daily looks were declared for a test with days, so that an interval for one look is not paid for."""
    return slice_.experiment is not None and slice_.experiment.looks == 0 and run_of(slice_) is not None


def is_random(slice_: Slice) -> bool | None:
    """Whether the arms were drawn at random, by the user's word; None when nobody has said."""
    return slice_.experiment.is_random if slice_.experiment else slice_.declared_random


def design(slice_: Slice, unit: str, sizes: tuple[int, int], leaked: float, tolerance: float = 0.0) -> list[Check]:
    """What must hold for the result to be a randomised experiment's; leaked: spend on the control (money), of which
    `tolerance` may be everyday scatter."""
    name, word = plural(unit), is_random(slice_)
    said = {
        True: f"The {name} were assigned at random, as declared.",
        False: f"The {name} were not assigned at random, so the arms may have differed from the start.",
        None: f"Nobody has declared that the {name} were assigned at random, so this is directional only.",
    }
    checks = [
        Check("random assignment", word is True, said[word]),
        Check(
            "units", min(sizes) >= LEAST_UNITS,
            f"{many(sizes[0], f'test {noun(unit)}')} against {many(sizes[1], f'control {noun(unit)}')}; "
            f"at least {LEAST_UNITS} an arm are needed.",
        ),
        Check("control got no spend", leaked <= tolerance, _kept_apart(name, leaked, leaked <= tolerance)),
    ]  # fmt: skip
    return [*checks, *_fits(slice_, unit), *_ended(slice_), *_customers(slice_)]


def _kept_apart(name: str, leaked: float, is_kept: bool) -> str:
    said = f"Spend on control {name}: {formats.money(leaked)}."
    if is_kept:
        return said
    return f"{said} They do not show what is sold without it: correct the payouts, or test anew with control kept free."


def _fits(slice_: Slice, unit: str) -> list[Check]:
    """The experiment's unit is the one that was counted."""
    if slice_.experiment is None:
        return []
    drawn = UNITS[slice_.experiment.unit]
    fits = drawn in (plural(unit), f"{unit}s")
    return [Check("unit", fits, f"{drawn.capitalize()} were drawn, and {plural(unit)} are counted.")]


def _ended(slice_: Slice) -> list[Check]:
    """The peeking guard: an interval for one look may be read at the declared end, not before."""
    run = run_of(slice_)
    if run is None:
        return []
    if run.is_over:
        return [Check("declared end", True, f"The test ended on {formats.day(run.end)}, as declared.")]
    return [
        Check(
            "declared end", False,
            f"The test runs until {formats.day(run.end)} and {formats.count(run.known)} of its "
            f"{many(run.planned, 'day')} are known: until then only {ALWAYS_VALID} may be read.",
        )
    ]  # fmt: skip


def _customers(slice_: Slice) -> list[Check]:
    """Whether all customers of the arms are counted, once: of those who bought only, the spend decided who counts."""
    found = slice_.customers
    if found is None:
        return []
    whole = found.mixed + found.treated.n + found.control.n
    says = f"{formats.count(found.mixed)} of {many(whole, 'customer')} carry both arms and were left out."
    checks = [Check("one arm each", found.mixed <= MOST_MIXED * whole, says)]
    said = slice_.experiment
    if said is None or said.sizes is not None or said.treated:
        return checks
    says = (
        "Nobody has said how many customers each arm has, so only those who bought are counted, and spend may have "
        "moved who they are: give both sizes."
    )
    return [*checks, Check("all customers", False, says)]


def looks(slice_: Slice) -> list[Check]:
    """Whether an interval for one look is the one that was declared, once the test is over."""
    declared = slice_.experiment
    if declared is None or declared.looks == 1 or run_of(slice_) is None or is_running(slice_):
        return []
    planned = "Daily looks" if declared.looks == 0 else f"{formats.count(declared.looks)} looks"
    payer = ALWAYS_VALID if declared.looks == 0 else PLANNED_LOOKS
    return [Check("looks", False, f"{planned} were planned, and the interval that pays for them is that of {payer}.")]


def spent(spend: float, unit: str) -> Check:
    """What the result is divided by, so that it can be reckoned again."""
    return Check(
        "spend", True, f"The result is divided by {formats.money_full(round(spend, 2))} on test {plural(unit)}."
    )


def size(mde: float) -> Check:
    """What this size can show at all."""
    if not math.isfinite(mde):
        return Check("size", False, "This size is too small to say what it can show.")
    return Check(
        "size", mde <= BREAK_EVEN, f"This size shows an iROAS of {formats.multiple(mde)} or more (80 % power)."
    )


def numbers(
    interval: tuple[float, float, float], unit: str, sizes: tuple[int, int], conditions: Sequence[Check],
    others: Sequence[Check], mde: float, observations: int, spend: float = math.nan,
) -> Numbers:  # fmt: skip
    """What a method worked out. conditions: when one fails it is directional; others: when one fails it is weak. spend:
    what it is divided by, money."""
    checks = (*conditions, *others)
    reason = " ".join(check.says for check in checks if not check.passed)
    role = "headline" if all(check.passed for check in conditions) else "directional"
    return Numbers(interval, unit, *sizes, (*checks, size(mde)), reason, role, mde, observations, spend)


@lru_cache(maxsize=KEPT)
def gap(slice_: Slice) -> str:
    """Why weeks are missing from these data; empty when none are.

    A week in which nobody sold anything, where the others sell about the same, is taken for one that was not imported.
    """
    if slice_.panel.empty:
        return ""
    weeks = slice_.panel.assign(
        week=pd.to_datetime(slice_.panel["week"]), revenue=slice_.panel["revenue"].astype(float)
    )
    run = run_of(slice_)
    known = weeks if run is None else weeks[weeks["week"] <= pd.Timestamp(run.last)]
    sold = known.groupby("week")["revenue"].sum().resample("7D").sum()
    lacking = sold[sold.eq(0)]
    rest = sold[sold.gt(0)].to_numpy()
    if lacking.empty or len(rest) < 2 or float(np.std(rest)) > STEADY * float(np.mean(rest)):
        return ""
    first = formats.day(lacking.index[0].date())
    which = f"The week of {first} has" if len(lacking) == 1 else f"{many(len(lacking), 'week')} from {first} on have"
    return f"{which} no order at all: import what is missing, or choose dates without it."


def noun(name: str) -> str:
    """A unit in words."""
    return _NOUNS.get(name, name)


def plural(name: str) -> str:
    """Several of a unit in words."""
    return f"{noun(name)}s"


def many(number: float, name: str) -> str:
    """“1 campaign”, “40 campaigns”."""
    return f"{formats.count(number)} {noun(name) if number == 1 else plural(name)}"
