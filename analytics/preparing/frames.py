"""Decides the frames that methods take of a design: cells, clusters, a series by day, a panel by week."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analytics.incrementality.slice import CELLS, CLUSTERS, CONTROL, PANEL, SERIES, TREATED
from analytics.preparing.phases import PRE, TEST
from analytics.preparing.units import Design


def blank(columns: tuple[str, ...]) -> pd.DataFrame:
    """A frame without rows."""
    return pd.DataFrame({column: pd.Series(dtype=object if i == 0 else float) for i, column in enumerate(columns)})


def cells(design: Design) -> pd.DataFrame:
    """One row a unit and arm: what it sold and got in the test; all of the selection where no time is known."""
    armed = design.rows[design.rows["arm"].ne("")]
    within = armed[armed["phase"].eq(TEST)] if design.is_timed else armed
    sums = within.groupby(["unit", "arm"])[["revenue", "orders", "spend"]].sum()
    found = _every(sums, design.pairs).rename(columns={"revenue": "revenue_all", "orders": "orders_all"})
    return found[list(CELLS)]


def clusters(design: Design) -> pd.DataFrame:
    """One row a unit and arm: what it sold and got before the test and in it; empty when nothing is known before."""
    armed = design.rows[design.rows["arm"].ne("")]
    before = armed[armed["phase"].eq(PRE)]
    if not design.is_timed or not before["revenue"].abs().sum() > 0:
        return blank(CLUSTERS)
    named = {PRE: {"revenue": "pre", "spend": "pre_spend"}, TEST: {"revenue": "test", "spend": "spend"}}
    sums = [
        armed[armed["phase"].eq(phase)].groupby(["unit", "arm"])[["revenue", "spend"]].sum().rename(columns=names)
        for phase, names in named.items()
    ]
    return _every(pd.concat(sums, axis=1), design.pairs)[list(CLUSTERS)]


def _every(sums: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """A row for every unit of the arms; one without rows sold nothing."""
    index = pd.MultiIndex.from_frame(pairs) if len(pairs) else sums.index[:0]
    return sums.reindex(index.set_names(["unit", "arm"])).fillna(0.0).reset_index().astype({"unit": str})


def series(design: Design) -> pd.DataFrame:
    """One row a day of the experiment; empty when a day lies before the test of one unit and in that of another."""
    if not design.is_timed or design.first is None or design.last is None:
        return blank(SERIES)
    days = pd.date_range(design.first, design.last).as_unit("us")
    dated = design.rows[design.rows["date"].between(design.first, design.last)]
    armed = dated[dated["arm"].ne("") & dated["phase"].ne("")]
    in_test = _in_test(armed[armed["revenue"].ne(0)], days)
    if in_test is None:
        return blank(SERIES)
    parts = {"treated": armed[armed["arm"].eq(TREATED)], "control": armed[armed["arm"].eq(CONTROL)],
             "organic": dated[dated["arm"].eq("")]}  # fmt: skip
    sums = {name: part.groupby("date")["revenue"].sum().reindex(days).fillna(0.0) for name, part in parts.items()}
    spend = parts["treated"].groupby("date")["spend"].sum().reindex(days).fillna(0.0)
    found = pd.DataFrame({**sums, "spend": spend}).rename_axis("date").reset_index()
    return found.assign(in_test=in_test)[list(SERIES)]


def _in_test(armed: pd.DataFrame, days: pd.DatetimeIndex) -> np.ndarray | None:
    """Whether each day lies in the test; days on which nothing was sold follow the day before them."""
    said = armed.assign(is_test=armed["phase"].eq(TEST)).groupby("date")["is_test"].agg(["min", "max"])
    if said.empty or (said["min"] != said["max"]).any():
        return None
    found: np.ndarray = said["min"].astype(float).reindex(days).ffill().bfill().to_numpy() > 0
    return found


def panel(design: Design) -> pd.DataFrame:
    """One row a unit and whole week (Monday to Sunday), weeks without rows with 0; units without an arm, too.

    A campaign that begins or ends on the way is left out, unless the test's days were declared: a week without the
    campaign is no week in which it sold nothing.
    """
    if design.first is None or design.last is None:
        return blank(PANEL)
    monday = design.first + pd.Timedelta(days=(-design.first.day_of_week) % 7)
    weeks = pd.date_range(monday, design.last - pd.Timedelta(days=6), freq="7D").as_unit("us")
    rows = design.rows[design.rows["unit"].notna() & design.rows["date"].notna()]
    listed = design.pairs
    if design.unit_name == "campaign" and not design.is_dated:
        rows = _throughout(rows, design.first, design.last)
        listed = listed[listed["unit"].isin(rows["unit"])]
    if rows.empty or not len(weeks):
        return blank(PANEL)
    pairs = pd.concat([rows[["unit", "arm"]], listed]).drop_duplicates().sort_values(["unit", "arm"])
    week = rows["date"] - pd.to_timedelta(rows["date"].dt.day_of_week, unit="D")
    sums = rows.assign(week=week).groupby(["unit", "arm", "week"])[["revenue", "spend"]].sum()
    every = pairs.merge(pd.DataFrame({"week": weeks}), how="cross")
    found = every.merge(sums.reset_index(), on=["unit", "arm", "week"], how="left")
    return found.fillna({"revenue": 0.0, "spend": 0.0})[list(PANEL)].reset_index(drop=True)


def _throughout(rows: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp) -> pd.DataFrame:
    """The rows of units that have some in the first week and in the last."""
    ends = rows.groupby("unit")["date"].agg(["min", "max"])
    week = pd.Timedelta(days=6)
    lasting = ends.index[ends["min"].le(first + week) & ends["max"].ge(last - week)]
    return rows[rows["unit"].isin(lasting)]
