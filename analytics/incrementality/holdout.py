"""Decides what a test/control comparison says once it is done per unit: incremental ROAS and lift with intervals."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from analytics import formats
from analytics.assumptions import Assumptions
from analytics.incrementality.estimate import Check, Method, Numbers
from analytics.incrementality.slice import CONTROL, TREATED, Slice
from analytics.ratios import NAN, Interval, ratio_of_means, satterthwaite, smallest_seen

LEAST_UNITS = 8
HEAVY = 0.3
ONE_UNIT = 0.5
BREAK_EVEN = 1.0


@dataclass(frozen=True)
class Arms:
    """Revenue of each unit of both arms, and what each arm got spent on it (money)."""

    treated: npt.NDArray[np.float64]
    control: npt.NDArray[np.float64]
    spend_treated: float
    spend_control: float

    @property
    def both(self) -> npt.NDArray[np.float64]:
        """All units."""
        return np.concatenate([self.treated, self.control])

    @property
    def largest(self) -> float:
        """Share of all revenue that the largest unit holds."""
        return float(self.both.max() / self.both.sum())

    @property
    def top_percent(self) -> float:
        """Share of all revenue that the largest 1 % of units hold (at least one unit)."""
        ranked = np.sort(self.both)[::-1]
        return float(ranked[: math.ceil(len(ranked) / 100)].sum() / ranked.sum())


def arms(slice_: Slice) -> Arms | str:
    """The two arms, or the sentence that says why these cells are no test/control comparison."""
    cells = slice_.cells.groupby(["unit", "arm"], as_index=False)[["revenue_all", "spend"]].sum(min_count=1)
    name = slice_.unit_name
    sizes = {arm: int(cells["arm"].eq(arm).sum()) for arm in (TREATED, CONTROL)}
    if not sizes[TREATED] or not sizes[CONTROL]:
        lacking = "test" if not sizes[TREATED] else "control"
        return f"No {name} is marked {lacking}: mark each {name} as test or control to compare them."
    both = int(cells["unit"].duplicated().sum())
    if both:
        return (
            f"{formats.count(both)} of {_many(cells['unit'].nunique(), name)} carry both test and control rows: a flag "
            f"that changes from row to row within a {name} is not a design. Give each {name} one arm."
        )
    missing = int((~np.isfinite(cells["revenue_all"].astype(float))).sum())
    if missing:
        return f"Revenue is unknown for {formats.count(missing)} of {_many(len(cells), name)}."
    treated, control = (cells[cells["arm"].eq(arm)] for arm in (TREATED, CONTROL))
    spent = [float(part["spend"].astype(float).sum()) for part in (treated, control)]
    made = Arms(treated["revenue_all"].to_numpy(float), control["revenue_all"].to_numpy(float), spent[0], spent[1])
    return _why_not(made, name) or made


def _why_not(made: Arms, name: str) -> str:
    few = min(len(made.treated), len(made.control))
    if few < 2:
        return f"An arm has only one {name}, so nothing shows how much one {name} differs from the next."
    if not math.isfinite(made.spend_treated) or made.spend_treated <= 0:
        return f"No spend lies on the test {_plural(name)}, so there is nothing to divide by."
    if (made.both < 0).any():
        return (
            f"{formats.count(float((made.both < 0).sum()))} of {_many(len(made.both), name)} have negative revenue: "
            "set returns off against the orders they belong to."
        )
    if np.ptp(made.treated) == 0 and np.ptp(made.control) == 0:
        return f"Every {name} of an arm has the same revenue, so nothing shows how sure the difference is."
    if made.largest > ONE_UNIT:
        return (
            f"One {name} holds {formats.share(made.largest)} of the revenue, so the result would be that {name}'s: "
            "check its rows, or leave it out."
        )
    return ""


def _holdout(slice_: Slice, assumptions: Assumptions) -> Numbers | str:
    """n treated × (mean treated − mean control) ÷ treated spend; Welch (1947) interval over units."""
    made = arms(slice_)
    if isinstance(made, str):
        return made
    n, m = len(made.treated), len(made.control)
    vt, vc = made.treated.var(ddof=1) / n, made.control.var(ddof=1) / m
    df = satterthwaite(float(vt), n, float(vc), m)
    scale = n / made.spend_treated
    point = scale * float(made.treated.mean() - made.control.mean())
    se = scale * math.sqrt(vt + vc)
    half = float(stats.t.ppf((1 + assumptions.confidence) / 2, df)) * se
    mde = smallest_seen(se, df, assumptions.confidence)
    conditions = _conditions(made, slice_)
    broken = [check.says for check in conditions if not check.passed]
    # A heavy tail widens the interval and is printed; the other three decide whether it is an experiment at all.
    is_design = all(check.passed for check in conditions if check.name != "heavy tail")
    return Numbers(
        (point, point - half, point + half), slice_.unit_name, n, m, (*conditions, _power(mde)),
        " ".join(broken), "headline" if is_design else "directional", mde,
    )  # fmt: skip


def _conditions(made: Arms, slice_: Slice) -> tuple[Check, ...]:
    """What must hold for the result to be an experiment's."""
    name, few = slice_.unit_name, min(len(made.treated), len(made.control))
    leaked = max(made.spend_control, 0.0)
    heavy = max(made.largest, made.top_percent)
    said = {
        True: f"The {_plural(name)} were assigned at random, as declared.",
        False: f"The {_plural(name)} were not assigned at random, so the arms may have differed from the start.",
        None: f"Nobody has declared that the {_plural(name)} were assigned at random, so this is directional only.",
    }
    return (
        Check("random assignment", slice_.declared_random is True, said[slice_.declared_random]),
        Check(
            "units", few >= LEAST_UNITS,
            f"{_many(len(made.treated), f'test {name}')} against {_many(len(made.control), f'control {name}')}; "
            f"at least {LEAST_UNITS} an arm are needed.",
        ),
        Check("control got no spend", leaked == 0, f"Spend on control {_plural(name)}: {formats.money(leaked)}."),
        Check(
            "heavy tail", heavy <= HEAVY,
            f"The largest {_plural(name)} (1 %, at least one) hold {formats.share(heavy)} of the revenue; above "
            f"{formats.share(HEAVY)} the interval misses more often than it says.",
        ),
    )  # fmt: skip


def _power(mde: float) -> Check:
    if not math.isfinite(mde):
        return Check("size", False, "This size is too small to say what it can show.")
    return Check(
        "size", mde <= BREAK_EVEN, f"This size shows an iROAS of {formats.multiple(mde)} or more (80 % power)."
    )


def lift(slice_: Slice, assumptions: Assumptions) -> Interval:
    """Mean revenue per unit, test over control, minus 1 (share), with Fieller's interval for two samples.

    NaN with a reason where the arms are no comparison; infinite ends when the control's mean is too uncertain.
    """
    made = arms(slice_)
    if isinstance(made, str):
        return Interval(NAN, NAN, NAN, assumptions.confidence, made)
    found = ratio_of_means(made.treated, made.control, assumptions.confidence)
    return Interval(found.estimate - 1, found.lower - 1, found.upper - 1, found.level, found.reason)


def _plural(name: str) -> str:
    return f"{name}s"


def _many(number: float, name: str) -> str:
    return f"{formats.count(number)} {name if number == 1 else _plural(name)}"


HOLDOUT = Method(
    id="iroas.holdout",
    version="1",
    label="Test against control, per unit",
    formula="test units × (mean revenue per test unit − mean revenue per control unit) ÷ spend on test units",
    needs=("units that are wholly test or wholly control, at least 8 of each", "spend on the test units"),
    assumptions=("arms assigned at random", "one unit's spend does not reach another", "control got no spend"),
    flaw="It is only as good as its assignment: arms that somebody chose may have differed from the start.",
    source="S0-1..3, repaired; Welch 1947. 89.3 % of its 90 % intervals hold the truth in 1,500 simulated worlds",
    role="headline",
    work=_holdout,
)
