"""Decides which weeks of which units are compared: a panel without gaps, its arms, and where the test begins."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.effects import geo
from analytics.effects.refusals import CannotTell, Numbers, no_giant, numbers
from analytics.incrementality.declared import gap, many, noun
from analytics.incrementality.methods.series import LEAST_CHANGE
from analytics.incrementality.slice import CONTROL, TREATED, Slice

LEAST_BEFORE = 3


@dataclass(frozen=True, eq=False)
class Weeks:
    """A panel without gaps: unit × week revenue and spend (money), arms, Mondays, and how many weeks lie before."""

    units: list[str]
    treated: npt.NDArray[np.bool_]
    revenue: Numbers
    spend: Numbers
    weeks: pd.DatetimeIndex
    pre: int = 0

    @property
    def dose(self) -> Numbers:
        """Incremental spend of each unit in the test (money): beyond what its spend before leads to; 0 for controls."""
        steps = len(self.weeks) - self.pre
        before = self.spend[:, : self.pre].mean(axis=1) * steps
        return geo.incremental_spend(before, self.spend[:, self.pre :].sum(axis=1), self.treated)

    @property
    def cost(self) -> float:
        """Incremental spend of all treated. CannotTell when there is none."""
        spent = float(self.dose.sum())
        if abs(spent) <= LEAST_CHANGE * float(self.spend[self.treated].sum()):
            raise CannotTell(
                "No spend lies on the treated units in the test beyond what they had before, so there is nothing to "
                "divide by: name what was paid for them in those weeks."
            )
        return spent

    def units_with_past(self) -> Weeks:
        """Only units that sold something before the test: the others have no scale of their own."""
        there = self.revenue[:, : self.pre].sum(axis=1) > 0
        kept = [unit for unit, is_there in zip(self.units, there, strict=True) if is_there]
        made = Weeks(kept, self.treated[there], self.revenue[there], self.spend[there], self.weeks, self.pre)
        _refuse_empty_arm(made.treated, "unit that sold before the test")
        return made


def rows_of(slice_: Slice, with_arms: bool) -> Weeks:
    """The panel as tables, units in order of name; with_arms: only treated and control units. CannotTell with what is
    missing."""
    unit, table = noun(slice_.unit_name), slice_.panel
    table = table[table["arm"].isin([TREATED, CONTROL])] if with_arms else _armless(table)
    if slice_.unread or table.empty:
        raise CannotTell(slice_.unread or _nothing(slice_, unit))
    revenue, spend = (_wide(table, name, unit) for name in ("revenue", "spend"))
    if gap(slice_):
        raise CannotTell(gap(slice_))
    arms = table.drop_duplicates("unit").set_index("unit")["arm"].reindex(revenue.index)
    made = Weeks(
        [str(unit) for unit in revenue.index], arms.eq(TREATED).to_numpy(bool), revenue.to_numpy(float),
        spend.to_numpy(float), pd.DatetimeIndex(revenue.columns),
    )  # fmt: skip
    if with_arms:
        _refuse_empty_arm(made.treated, unit)
    return made


def _armless(table: pd.DataFrame) -> pd.DataFrame:
    """The panel where arms are not asked for: a unit with rows of both is one unit."""
    if table.empty:
        return table
    return table.groupby(["unit", "week"], as_index=False)[["revenue", "spend"]].sum(min_count=1).assign(arm="")


def _nothing(slice_: Slice, unit: str) -> str:
    """Why no unit can be followed week by week, and what would let it."""
    drawn = slice_.experiment.unit if slice_.experiment else ""
    if drawn == "customer":
        return "Customers are not followed week by week: iroas.cuped and iroas.holdout read their test."
    if drawn == "go_live":
        return "This experiment drew go-live dates, so no arm goes without posts: iroas.golive reads it."
    return (
        f"No weekly rows of single {unit}s run through the whole time: declare an experiment on {unit}s with its arms "
        "and one first and last day for all."
    )


def _wide(table: pd.DataFrame, name: str, unit: str) -> pd.DataFrame:
    """Unit × week. CannotTell for gaps, negative amounts, and one value that outweighs all others."""
    if table.duplicated(["unit", "week"]).any():
        raise CannotTell(f"A {unit} has two rows for one week: add them up, or give each {unit} one arm.")
    wide = table.pivot(index="unit", columns="week", values=name).sort_index(axis=1).astype(float)
    mondays = pd.DatetimeIndex(wide.columns).to_numpy()
    if wide.isna().any(axis=None) or (np.diff(mondays) != np.timedelta64(7, "D")).any():
        raise CannotTell(f"Weeks are missing from the {name} of some {unit}s: give 0 where there was nothing.")
    values = numbers(wide, name)
    negative = int((values < 0).any(axis=1).sum())
    if negative:
        off = "corrections off against the payouts" if name == "spend" else "returns off against the orders"
        raise CannotTell(f"Weeks of negative {name}, of {many(negative, unit)}: set {off} that they belong to.")
    if name == "revenue":
        no_giant(values.sum(axis=1), f"the {unit}s' revenue")
        no_giant(values, f"the {unit}s' weekly revenue")
    return wide


def _refuse_empty_arm(treated: npt.NDArray[np.bool_], unit: str) -> None:
    if treated.all() or not treated.any():
        lacking = "control" if treated.all() else "test"
        raise CannotTell(f"No {unit} is marked {lacking}, so there is nothing to compare: leave some in each arm.")


def weeks_of(slice_: Slice) -> Weeks:
    """The panel of both arms up to the end of the test, with the weeks before it. A week counts as in the test from
    the one on that holds its first day. CannotTell with what is missing."""
    found = rows_of(slice_, with_arms=True)
    start, end = _span(slice_)
    kept = found.weeks <= end
    pre = int((found.weeks[kept] + pd.Timedelta(days=6) < start).sum())
    inside = int(kept.sum()) - pre
    if pre < LEAST_BEFORE or inside < 1:
        raise CannotTell(
            f"{pre} whole weeks lie before the test and {inside} in it; at least {LEAST_BEFORE} and 1 are needed: "
            "choose an earlier first day of the time before, or let the test run on."
        )
    return Weeks(found.units, found.treated, found.revenue[:, kept], found.spend[:, kept], found.weeks[kept], pre)


def _span(slice_: Slice) -> tuple[pd.Timestamp, pd.Timestamp]:
    """First and last day of the test."""
    if len(slice_.series):
        days = pd.DatetimeIndex(slice_.series.loc[slice_.series["in_test"].astype(bool), "date"])
        if len(days):
            return days.min(), days.max()
    if slice_.experiment and slice_.experiment.start and slice_.experiment.end:
        return pd.Timestamp(slice_.experiment.start), pd.Timestamp(slice_.experiment.end)
    raise CannotTell("No first and last day of the test is known: declare them with the experiment.")
