"""Decides which units are compared with which: both arms of a selection, or why they are no comparison."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics import formats
from analytics.effects.adjusted import Moments, combined
from analytics.effects.means import Sample, positive_spend, sample
from analytics.effects.refusals import CannotTell
from analytics.incrementality.declared import KEPT, gap, many, noun, plural
from analytics.incrementality.slice import CONTROL, TREATED, Customers, Slice

Values = npt.NDArray[np.float64]
ONE_UNIT = 0.5
ONE_CUSTOMER = 0.25


@dataclass(frozen=True, eq=False)
class Arms:
    """Revenue of each unit of both arms, and what each arm got spent on it (money); spends: on each treated unit."""

    treated: Values
    control: Values
    spend_treated: float
    spend_control: float
    spends: Values

    @property
    def both(self) -> Values:
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


@dataclass(frozen=True, eq=False)
class Compared:
    """Both arms in figures, whether they come as units or as the sums of customers.

    unit: what one observation is. spend, leaked: on the treated and on the control, money. heavy: share of the
    revenue that the largest hold. observations: orders behind the units, 0 if unknown. values: unit by unit, None for
    customers.
    """

    unit: str
    treated: Sample
    control: Sample
    spend: float
    leaked: float
    heavy: float
    observations: int
    values: Arms | None = None

    @property
    def sizes(self) -> tuple[int, int]:
        """Units in the treated and in the control arm."""
        return self.treated.n, self.control.n


def compared(slice_: Slice) -> Compared:
    """The arms that the selection's design compares. CannotTell with what is lacking and what would mend it."""
    if slice_.customers is not None and (slice_.experiment is None or slice_.experiment.unit == "customer"):
        return _of_customers(checked(slice_.customers))
    made = units(slice_)
    cells = slice_.cells["orders_all"].astype(float)
    orders = int(cells.sum()) if np.isfinite(cells).all() else 0
    one, two = sample(made.treated, "the test arm"), sample(made.control, "the control arm")
    heavy = max(made.largest, made.top_percent)
    leaked = made.spend_control if math.isfinite(made.spend_control) else 0.0
    return Compared(slice_.unit_name, one, two, made.spend_treated, max(leaked, 0.0), heavy, orders, made)


def arms(slice_: Slice) -> Arms | str:
    """The two arms unit by unit, or the sentence that says why these cells are no test/control comparison."""
    try:
        return units(slice_)
    except CannotTell as refusal:
        return f"{refusal}"


@lru_cache(maxsize=KEPT)
def units(slice_: Slice) -> Arms:
    """As `arms`, raising CannotTell with that sentence."""
    refusal = _other_design(slice_) or gap(slice_)
    if refusal:
        raise CannotTell(refusal)
    cells = slice_.cells.groupby(["unit", "arm"], as_index=False)[["revenue_all", "spend"]].sum(min_count=1)
    name = slice_.unit_name
    refusal = _no_design(cells, name, slice_.experiment.name if slice_.experiment else "")
    if refusal:
        raise CannotTell(refusal)
    treated, control = (cells[cells["arm"].eq(arm)] for arm in (TREATED, CONTROL))
    spends = treated["spend"].astype(float).fillna(0.0).to_numpy()
    spent = [float(part["spend"].astype(float).sum()) for part in (treated, control)]
    made = Arms(
        treated["revenue_all"].to_numpy(float), control["revenue_all"].to_numpy(float), spent[0], spent[1], spends
    )
    refusal = _why_not(made, name)
    if refusal:
        raise CannotTell(refusal)
    return made


def _other_design(slice_: Slice) -> str:
    """Why a comparison of units is not what this experiment is about; empty when it is."""
    unit = slice_.experiment.unit if slice_.experiment else ""
    if slice_.unread:
        return slice_.unread
    if unit == "go_live":
        return "This experiment drew go-live dates, not arms: iroas.golive reads it."
    if unit == "customer" and slice_.customers is None:
        if slice_.experiment and (slice_.experiment.sizes or slice_.experiment.treated):
            return (
                "The data hold more buyers of an arm than the declaration says it has customers, or an arm of only one "
                "customer: correct the sizes of the declared arms."
            )
        return (
            "Customers who bought nothing stand in no file, so their arms cannot be averaged: mark each customer as "
            "test or control and give how many customers each arm has."
        )
    if unit in ("", "customer") and slice_.customers is not None:
        return "Customers come as sums here, which cannot be drawn anew: iroas.holdout and iroas.cuped read them."
    return ""


def few_units(arms: pd.Series, name: str, experiment: str = "") -> str:
    """Why an arm is none: without units, or with a single one; empty when both have several. arms: one a unit.
    experiment: the name of the declared one."""
    name = noun(name)
    sizes = {word: int(arms.eq(arm).sum()) for arm, word in ((TREATED, "test"), (CONTROL, "control"))}
    lacking = next((word for word, count in sizes.items() if not count), "")
    if lacking and experiment:
        return (
            f"This selection holds no {lacking} {name} of “{experiment}”: choose all of its {plural(name)}, or mark "
            f"which of them are {lacking}."
        )
    if lacking:
        others = " (or place, or customer)" if name in ("campaign", "influencer") else ""
        return (
            f"No {name} is marked {lacking}: give each {name}{others} one arm, test or control, and declare how it was "
            "drawn."
        )
    if min(sizes.values()) > 1:
        return ""
    return (
        f"An arm has only one {name}, so nothing shows how much one {name} differs from the next: draw at least 8 for "
        "each arm."
    )


def _no_design(cells: pd.DataFrame, name: str, experiment: str) -> str:
    both = int(cells["unit"].duplicated().sum())
    if both:
        return (
            f"{formats.count(both)} of {many(cells['unit'].nunique(), name)} carry both test and control rows: a flag "
            f"that changes from row to row within one {name} is not a design. Give each {name} (or place, or customer) "
            "one arm, and declare how it was drawn."
        )
    few = few_units(cells["arm"], name, experiment)
    if few:
        return few
    missing = int((~np.isfinite(cells["revenue_all"].astype(float))).sum())
    return f"Revenue is unknown for {formats.count(missing)} of {many(len(cells), name)}." if missing else ""


def negative_spend(below: int, name: str) -> str:
    """Why units that were paid less than nothing cannot be used."""
    return f"Payouts add up to less than nothing for {many(below, name)}: set corrections off against what they mend."


def _why_not(made: Arms, name: str) -> str:
    below = int((made.spends < 0).sum())
    if below:
        return negative_spend(below, name)
    if not math.isfinite(made.spend_treated) or made.spend_treated <= 0:
        return f"No spend lies on the test {plural(name)}, so there is nothing to divide by."
    if (made.both < 0).any():
        return (
            f"{formats.count(float((made.both < 0).sum()))} of {many(len(made.both), name)} have negative revenue: "
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


def checked(found: Customers) -> Customers:
    """The sums of a test among customers, once they can be compared. CannotTell otherwise."""
    for arm, word in ((found.treated, "test"), (found.control, "control")):
        if arm.n < 2:
            raise CannotTell(
                f"The {word} arm has {many(arm.n, 'customer')}: at least 2 show how much customers differ. "
                "Mark each customer as test or control, and give how many each arm has."
            )
        if not np.isfinite(arm.means).all() or not np.isfinite(arm.covariances).all():
            raise CannotTell(f"Revenue of customers in the {word} arm is not known: check their orders.")
        if arm.means[0] < 0:
            raise CannotTell(f"Revenue in the {word} arm is negative in sum: set returns off against their orders.")
    positive_spend(found.spend)
    _no_giant_customer(found)
    return found


def _no_giant_customer(found: Customers) -> None:
    """One customer with a quarter of the revenue or more: Σx² ÷ (Σx)² is at most the largest one's share of it."""
    whole = combined(_first(found.treated), _first(found.control))
    total = whole.n * float(whole.means[0])
    squares = (whole.n - 1) * float(whole.covariances[0, 0]) + whole.n * float(whole.means[0]) ** 2
    if total > 0 and squares > ONE_CUSTOMER * total**2:
        raise CannotTell(
            f"One customer holds more than {formats.share(ONE_CUSTOMER)} of the revenue, so the result would be that "
            "customer's: check these orders, or leave them out."
        )


def _first(arm: Moments) -> Moments:
    return Moments(arm.n, np.asarray(arm.means)[:1], np.asarray(arm.covariances)[:1, :1])


def _of_customers(found: Customers) -> Compared:
    one, two = (
        Sample(arm.n, float(arm.means[0]), math.sqrt(max(float(np.asarray(arm.covariances)[0, 0]), 0.0)), name)
        for arm, name in ((found.treated, "the test arm"), (found.control, "the control arm"))
    )
    return Compared("customer", one, two, found.spend, 0.0, found.top_share, 0)
