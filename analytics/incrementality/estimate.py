"""Decides what an incremental ROAS must carry before anybody may see it, and what a method must state about itself."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

from scipy import stats

from analytics.assumptions import Assumptions
from analytics.incrementality.slice import Slice
from errors import UserError

STATUSES = ("ok", "weak", "refused")
ROLES = ("headline", "directional", "comparison")
FAMILIES: dict[str, str] = {
    "holdout": "Test against control",
    "clusters": "Clusters with a time before",
    "go_live": "Go-live dates",
    "looking": "Looking while it runs",
    "series": "Time series",
    "panel": "Panels of units",
    "organic": "Organic rows as the base",
    "published": "Published formulas",
}
"""Family → its name for people, in the order in which they are heard."""
NO_SPEND = (
    "There is no spend in this selection to divide by: import what was paid, or choose dates and filters that hold it."
)
ONLY_SCATTER = "Its interval shows how much {what} scatter, not how far the formula is from the truth."


def t_at(level: float, df: float) -> float:
    """Half-width of a two-sided interval at `level`, in standard errors."""
    return float(stats.t.ppf((1 + level) / 2, df))


def around(point: float, half: float) -> tuple[float, float, float]:
    """Estimate, lower and upper of a symmetric interval."""
    return point, point - half, point + half


@dataclass(frozen=True)
class Check:
    """One condition that was looked at. says: what was found, in a sentence with its figures."""

    name: str
    passed: bool
    says: str


@dataclass(frozen=True)
class Estimate:
    """An incremental ROAS with everything needed to judge it; an ill-formed one cannot be made (ValueError).

    estimate, lower, upper, mde: multiples of spend; finite and lower ≤ estimate ≤ upper unless refused, then all NaN.
    level: of the interval, 0.5 to 0.99. mde: smallest effect this size sees with 80 % power, NaN where the method
    has none. spend: what the estimate is divided by (money, NaN if unknown), so that estimate × spend is the
    incremental revenue; for some methods less than the selection's. unit_of_analysis: what is one observation
    ('campaign', 'influencer', 'day', …). n_treated, n_control: those units.
    status: ok (all its conditions hold), weak (a number, but `reason` says what does not hold), refused (no number).
    role: headline (may stand alone), directional (beside it), comparison (a published formula, never a measurement).
    reason, flaw: sentences; reason is empty only when status is ok. family: key of the family of methods.
    observations: what the units were summed from or the model was fitted on (order rows, days, weeks); 0 if unknown.
    experiment: the stamp of the declared experiment it rests on; empty when it rests on none.
    """

    method: str
    version: str
    label: str
    estimate: float
    lower: float
    upper: float
    level: float
    unit_of_analysis: str
    n_treated: int
    n_control: int
    spend: float
    checks: tuple[Check, ...]
    status: str
    reason: str
    flaw: str
    role: str
    mde: float = float("nan")
    family: str = ""
    observations: int = 0
    experiment: str = ""

    @property
    def clusters(self) -> int:
        """Independent units in both arms together."""
        return self.n_treated + self.n_control

    @property
    def incremental(self) -> float:
        """Revenue that would not have come without the spend, money: estimate × spend; NaN when refused."""
        return self.estimate * self.spend

    def __post_init__(self) -> None:
        numbers = (self.estimate, self.lower, self.upper)
        if self.status not in STATUSES or self.role not in ROLES:
            raise ValueError(f"{self.method}: no status “{self.status}” or role “{self.role}”")
        if self.status != "ok" and not self.reason:
            raise ValueError(f"{self.method}: {self.status} without a reason")
        if self.status == "refused":
            if not all(math.isnan(number) for number in (*numbers, self.mde)):
                raise ValueError(f"{self.method}: refused, and yet a number")
        elif not all(math.isfinite(number) for number in numbers) or math.isinf(self.mde):
            raise ValueError(f"{self.method}: not a number, and yet not refused")
        elif not self.lower <= self.estimate <= self.upper:
            raise ValueError(f"{self.method}: {self.estimate} lies outside {self.lower} to {self.upper}")

    @property
    def is_refused(self) -> bool:
        """Whether there is no number."""
        return self.status == "refused"


@dataclass(frozen=True)
class Numbers:
    """What a method worked out, before it is stamped with the method's own record.

    interval: estimate, lower, upper. role: overrides the method's when the slice does not earn it. spend: what it is
    divided by (money); NaN: the selection's.
    """

    interval: tuple[float, float, float]
    unit_of_analysis: str
    n_treated: int
    n_control: int
    checks: tuple[Check, ...] = ()
    reason: str = ""
    role: str = ""
    mde: float = float("nan")
    observations: int = 0
    spend: float = float("nan")


@dataclass(frozen=True)
class Method:
    """A named way of estimating incremental ROAS: call it with a Slice and Assumptions, get an Estimate.

    needs, assumptions: one line each. flaw: its known flaw, a sentence. source: who defines it. role: the most that
    it may ever be. work: returns Numbers, or a sentence that says why there is none; a UserError it raises is such a
    sentence too. family: key of FAMILIES. rests_on_design: the estimate stands on a declared experiment and is stamped
    with it.
    """

    id: str
    version: str
    label: str
    formula: str
    needs: tuple[str, ...]
    assumptions: tuple[str, ...]
    flaw: str
    source: str
    role: str
    work: Callable[[Slice, Assumptions], Numbers | str] = field(repr=False, compare=False)
    family: str = "published"
    rests_on_design: bool = False

    def __call__(self, slice_: Slice, assumptions: Assumptions) -> Estimate:
        """The estimate for this slice, refused with a sentence when the slice does not carry what it needs."""
        if not math.isfinite(slice_.spend) or slice_.spend <= 0:
            return self.refuse(slice_, assumptions.confidence, NO_SPEND)
        if self.rests_on_design and slice_.unread:
            return self.refuse(slice_, assumptions.confidence, slice_.unread)
        try:
            found = self.work(slice_, assumptions)
        except UserError as error:
            found = f"{error}"
        if isinstance(found, str):
            return self.refuse(slice_, assumptions.confidence, found)
        if not all(math.isfinite(number) for number in found.interval):
            return self.refuse(slice_, assumptions.confidence, "The figures scatter too much to bound the result.")
        point, lower, upper = found.interval
        if upper - lower <= 1e-9 * abs(point):
            return self.refuse(
                slice_, assumptions.confidence, "All figures are alike, so nothing shows how sure it is."
            )
        return self._stamp(slice_, assumptions.confidence, found)

    def refuse(self, slice_: Slice, level: float, reason: str) -> Estimate:
        """No number, and the sentence that says why."""
        nothing = float("nan")
        return Estimate(
            self.id, self.version, self.label, nothing, nothing, nothing, level, slice_.unit_name, 0, 0,
            slice_.spend, (), "refused", reason, self.flaw, self.role, family=self.family,
            experiment=self._rests(slice_),
        )  # fmt: skip

    def _stamp(self, slice_: Slice, level: float, found: Numbers) -> Estimate:
        point, lower, upper = found.interval
        mde = found.mde if math.isfinite(found.mde) else float("nan")
        spend = found.spend if math.isfinite(found.spend) else slice_.spend
        return Estimate(
            self.id, self.version, self.label, point, min(lower, point), max(upper, point), level,
            found.unit_of_analysis, found.n_treated, found.n_control, spend, found.checks,
            "weak" if found.reason else "ok", found.reason, self.flaw, found.role or self.role, mde, self.family,
            found.observations, self._rests(slice_),
        )  # fmt: skip

    def _rests(self, slice_: Slice) -> str:
        """The stamp of the experiment that it rests on."""
        return slice_.experiment.stamp if self.rests_on_design and slice_.experiment else ""
