"""Decides which rows of an experiment lie before its test and which in it: by its days, or by the rows' own word."""

from __future__ import annotations

import re

import pandas as pd

from data.experiments.record import Experiment

PRE, TEST, OUTSIDE = "pre", "test", ""
_BEFORE = frozenset({"pre", "before", "prior", "preperiod", "pretest"})
_DURING = frozenset({"test", "during", "after", "post", "live", "campaign", "cooldown", "treatment", "experiment"})
_WORDS = re.compile(r"[^a-z0-9]+")
_UNSAID = 0.05
"""Of the arms' revenue, more than which may not lie without a period: otherwise the column tells nothing."""


def phase(period: object) -> str:
    """'pre', 'test' or '' for what a row's period says; what comes after the campaign still belongs to its test."""
    words = set(_WORDS.split(str(period).casefold())) if isinstance(period, str) else set()
    if words & _BEFORE:
        return PRE
    return TEST if words & _DURING else OUTSIDE


def by_days(rows: pd.DataFrame, experiment: Experiment, first: pd.Timestamp, last: pd.Timestamp) -> pd.DataFrame:
    """The rows with `phase`, by the experiment's days; first and last day of both times together.

    Sales without a day lie outside. Spend without a day is taken as the test's: that flatters no result.
    """
    dates, start = rows["date"], pd.Timestamp(experiment.start)
    sales = pd.Series(OUTSIDE, index=rows.index)
    sales[dates.ge(first) & dates.lt(start)] = PRE
    sales[dates.ge(start) & dates.le(last)] = TEST
    return _parted(rows, sales, sales.where(dates.notna(), TEST))


def by_column(rows: pd.DataFrame) -> pd.DataFrame | None:
    """The rows with `phase`, by their own word; None when the rows of the arms do not tell.

    Spend of which no period is told follows its day: before its unit's first day in the test, or in the test.
    """
    said = rows["period"].map(phase)
    armed = rows["arm"].ne("")
    size = rows["revenue"].abs()
    if not (armed & said.eq(TEST)).any() or size[armed & said.eq(OUTSIDE)].sum() > _UNSAID * size[armed].sum():
        return None
    begun = rows["unit"].map(rows[armed & said.eq(TEST)].groupby("unit")["date"].min())
    early = rows["date"].lt(begun).map({True: PRE, False: TEST})
    return _parted(rows, said, said.where(said.ne(OUTSIDE), early))


def _parted(rows: pd.DataFrame, sales: pd.Series, spend: pd.Series) -> pd.DataFrame:
    """Rows of which sales and spend lie in different phases become two, so that no paisa is lost or doubled."""
    apart = sales.ne(spend) & rows["spend"].ne(0)
    if not apart.any():
        return rows.assign(phase=sales)
    kept = rows.assign(phase=sales, spend=rows["spend"].where(~apart, 0.0))
    moved = rows[apart].assign(phase=spend[apart], revenue=0.0, orders=0.0)
    return pd.concat([kept, moved], ignore_index=True)


def lengths(rows: pd.DataFrame) -> tuple[float, float]:
    """Days before the test and in it, as rows tell them: the mean over the units of the arms; 0 unknown."""
    armed = rows[rows["arm"].ne("") & rows["date"].notna()]
    before = armed[armed["phase"].eq(PRE)].groupby("unit")["date"].min()
    within = armed[armed["phase"].eq(TEST)].groupby("unit")["date"].agg(["min", "max"])
    if within.empty:
        return 0.0, 0.0
    test = float(((within["max"] - within["min"]).dt.days + 1).mean())
    pre = (within["min"] - before).dt.days.dropna()
    return (float(pre.mean()) if len(pre) else 0.0), test
