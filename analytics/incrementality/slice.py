"""Decides what every method of measurement may know about a selection: sums and small frames, never raw rows."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

TREATED, CONTROL = "treated", "control"
CELLS = ("unit", "arm", "revenue_all", "orders_all", "spend")
INFLUENCERS = ("influencer_id", "revenue", "spend")
CAMPAIGNS = ("campaign", "revenue", "spend")
DAILY = ("date", "revenue", "revenue_organic")


@dataclass(frozen=True)
class OrderRows:
    """Revenue of single order rows of one arm, as sufficient numbers. sd: with n − 1; mean and sd NaN when empty."""

    n: int = 0
    mean: float = float("nan")
    sd: float = float("nan")


def _frame(columns: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame({column: pd.Series(dtype=object if i == 0 else float) for i, column in enumerate(columns)})


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

    def __post_init__(self) -> None:
        for name, columns in (
            ("cells", CELLS),
            ("influencers", INFLUENCERS),
            ("campaigns", CAMPAIGNS),
            ("daily", DAILY),
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
