"""Decides what every method of measurement may know about a selection: sums and small frames, never raw rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.effects.adjusted import Moments
from data.experiments.record import Experiment

TREATED, CONTROL = "treated", "control"
CELLS = ("unit", "arm", "revenue_all", "orders_all", "spend")
INFLUENCERS = ("influencer_id", "revenue", "spend")
CAMPAIGNS = ("campaign", "revenue", "spend")
DAILY = ("date", "revenue", "revenue_organic")
CLUSTERS = ("unit", "arm", "pre", "test", "pre_spend", "spend")
SERIES = ("date", "in_test", "treated", "control", "organic", "spend")
PANEL = ("unit", "arm", "week", "revenue", "spend")


@dataclass(frozen=True)
class OrderRows:
    """Revenue of single order rows of one arm, as sufficient numbers. sd: with n − 1; mean and sd NaN when empty."""

    n: int = 0
    mean: float = float("nan")
    sd: float = float("nan")


def _frame(columns: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame({column: pd.Series(dtype=object if i == 0 else float) for i, column in enumerate(columns)})


@dataclass(frozen=True, eq=False)
class Customers:
    """A test among customers, as sufficient numbers; those who bought nothing are counted, with 0.

    treated, control: n, means and covariances over (revenue in the test, revenue before); one column where nothing is
    known of the time before. top_share: share of the test's revenue that the largest 1 % of buyers hold. spend: on the
    treated, money. mixed: customers who carry both arms and were left out.
    """

    treated: Moments
    control: Moments
    top_share: float
    spend: float
    mixed: int = 0


@dataclass(frozen=True, eq=False)
class GoLive:
    """A drawn calendar of posts and what was sold around it.

    record: the calendar (analytics.effects.designs). revenue: day × unit, money, row 0 is `first`; units: the
    column of each post in the calendar's order. spend: on these posts, money. unit_name: what a column is.
    """

    record: Mapping[str, Any]
    first: date
    revenue: npt.NDArray[np.float64]
    units: tuple[int, ...]
    spend: float
    unit_name: str = "influencer"


@dataclass(frozen=True, eq=False)
class Slice:
    """A selection, prepared. All money in the reporting currency; frames are read, never changed.

    spend: of the selection, under the chosen cost layer. revenue: attributed rows. revenue_all: all rows.
    revenue_organic: rows without an influencer; NaN when no file has such rows.
    unit_name: what one row of `cells` is: 'campaign', 'influencer', 'user', …
    cells: one row per unit and arm [unit, arm, revenue_all, orders_all, spend]; arm is 'treated' or 'control'. A unit
        that got or withheld the spend and sold nothing has a row with revenue 0. Rows without an arm are left out.
        A unit whose rows carry both arms has two rows here (and is thereby no design).
    influencers: one row per influencer [influencer_id, revenue, spend], attributed revenue, organic left out.
    campaigns: one row per campaign of the *portfolio* (same dates and filters, but not narrowed by campaign)
        [campaign, revenue, spend], attributed; plus `chosen` (bool): whether the selection holds it.
    daily: one row per calendar day from the selection's first to its last day with a row [date, revenue (attributed),
        revenue_organic], days without rows with 0.
    treated_rows, control_rows: revenue of single order rows marked test and control, for the seeds' own t test.
    organic_carries: False when the selection is narrowed by something that organic rows do not have.
    narrowed_by: those things in words, e.g. ('platform', 'tier'); empty when organic_carries.
    declared_random: whether the arms were assigned at random, the user's word; None when nobody has said.
    experiment: what was declared, when an experiment covers this selection; None otherwise.
    unread: why no declared experiment is what this selection is measured by, where one was declared for it: a sentence
        with what would let it be read. Then nothing that rests on a design has a number: filters or days cut its arms.
    clusters: one row per unit of the arms where the time before the test is known [unit, arm, pre, test (revenue of
        all rows), pre_spend, spend (in the test)]; a unit that sold nothing has 0. Empty when it is not known.
    pre_days, test_days: length of both times, days; 0 when not known. They may differ from unit to unit (then: mean).
    series: one row per calendar day from the first day before to the last of the test [date, in_test, treated,
        control, organic, spend]: revenue of all rows of treated units, of control units, of rows without an arm.
    panel: one row per unit and whole week [unit, arm, week (its Monday), revenue, spend], weeks without rows with 0;
        arm is empty for units without one.
    customers, go_live: see there; None when the experiment is of another kind.
    """

    spend: float
    revenue: float
    revenue_all: float
    revenue_organic: float = float("nan")
    unit_name: str = "campaign"
    cells: pd.DataFrame = field(default_factory=lambda: _frame(CELLS))
    influencers: pd.DataFrame = field(default_factory=lambda: _frame(INFLUENCERS))
    campaigns: pd.DataFrame = field(default_factory=lambda: _frame(CAMPAIGNS))
    daily: pd.DataFrame = field(default_factory=lambda: _frame(DAILY))
    treated_rows: OrderRows = OrderRows()
    control_rows: OrderRows = OrderRows()
    organic_carries: bool = True
    narrowed_by: tuple[str, ...] = ()
    declared_random: bool | None = None
    experiment: Experiment | None = None
    clusters: pd.DataFrame = field(default_factory=lambda: _frame(CLUSTERS))
    pre_days: float = 0.0
    test_days: float = 0.0
    series: pd.DataFrame = field(default_factory=lambda: _frame(SERIES))
    panel: pd.DataFrame = field(default_factory=lambda: _frame(PANEL))
    customers: Customers | None = None
    go_live: GoLive | None = None
    unread: str = ""

    def __post_init__(self) -> None:
        for name, columns in (
            ("cells", CELLS),
            ("influencers", INFLUENCERS),
            ("campaigns", CAMPAIGNS),
            ("daily", DAILY),
            ("clusters", CLUSTERS),
            ("series", SERIES),
            ("panel", PANEL),
        ):
            lacking = set(columns) - set(getattr(self, name).columns)
            if lacking:
                raise ValueError(f"Slice.{name} lacks {sorted(lacking)}")
        strange = set(self.cells["arm"].unique()) - {TREATED, CONTROL}
        if strange:
            raise ValueError(f"Slice.cells has arms that are neither treated nor control: {sorted(map(str, strange))}")

    @property
    def live(self) -> pd.Series:
        """One claim per row of `daily`: influencers were live that day (it has attributed revenue)."""
        return self.daily["revenue"].astype(float).ne(0)

    @property
    def days(self) -> int:
        """Days with influencers live."""
        return int(self.live.sum())

    @property
    def organic_days(self) -> int:
        """Days without influencers live: the only ones that show what organic orders are by themselves."""
        return int((~self.live).sum())
