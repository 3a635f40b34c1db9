"""Decides what a design among units rests on: every row with its unit, its arm and its time, whole units only."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analytics.ask import Ask
from analytics.preparing import arms, choice, phases, places
from data.experiments.record import Experiment
from data.filters import Filters

UNIT_NAMES = {"campaign": "campaign", "influencer": "influencer", "geo": "place", "customer": "customer"}
_GROUPS = {"campaign": ("campaign", "campaign"), "influencer": ("influencer", "influencer_id")}
_Given = tuple[pd.DataFrame, pd.DataFrame]
ROWS = ("unit", "campaign_type", "period", "date", "revenue", "orders", "spend")


@dataclass(frozen=True, eq=False)
class Design:
    """Units, arms and times of a selection.

    rows: sums by unit, arm, phase ('pre', 'test', '' for neither) and day [unit, arm, phase, date, revenue (all rows),
    orders, spend]; unit is missing and arm '' where rows have none. pairs: the units of the arms [unit, arm].
    is_timed: whether phases are known; otherwise they are all ''. first, last: the days that are looked at; None
    when no row has one. is_dated: the test's days were declared. pre_days, test_days: as in Slice.
    """

    unit_name: str
    rows: pd.DataFrame
    pairs: pd.DataFrame
    is_timed: bool
    first: pd.Timestamp | None
    last: pd.Timestamp | None
    pre_days: float = 0.0
    test_days: float = 0.0
    is_dated: bool = False


def design(ask: Ask, experiment: Experiment | None) -> Design:
    """The design that was declared; else campaigns by arm where campaigns carry one, else influencers by arm."""
    if experiment is not None and experiment.unit in (*_GROUPS, "geo"):
        return _timed(ask, experiment, experiment.unit)
    found = _timed(ask, None, "campaign")
    return found if len(found.pairs) else _timed(ask, None, "influencer")


def _timed(ask: Ask, experiment: Experiment | None, unit: str) -> Design:
    whole = _without_days(ask, experiment)
    names = _names(ask) if unit == "influencer" and experiment is not None else {}
    rows, pairs = _narrowed(ask, experiment, *arms.given(_rows(whole, unit), experiment, names))
    span = ask.store.span()
    if experiment is not None and experiment.start and experiment.end and span:
        return _by_days(rows, pairs, experiment, (pd.Timestamp(span[0]), pd.Timestamp(span[1])))
    told = phases.by_column(rows)
    if told is not None:
        return _by_column(told, pairs, unit, ask.filters)
    rows, pairs = _narrowed(ask, experiment, *arms.given(_rows(ask, unit), experiment, names))
    days = rows["date"].dropna()
    rows = places.laid(rows.assign(phase=""), pairs) if unit == "geo" else rows.assign(phase="")
    return Design(UNIT_NAMES[unit], rows, pairs, False, *_ends(days))


def _narrowed(ask: Ask, experiment: Experiment | None, rows: pd.DataFrame, pairs: pd.DataFrame) -> _Given:
    """Only the listed influencers whom the selection's traits fit, sold or not: the others are no units of it."""
    traits = [key for key in ask.filters.chosen() if key in choice.TRAITS]
    if experiment is None or experiment.unit != "influencer" or not experiment.treated or not traits:
        return rows, pairs
    people = ask.roster()
    for key in traits:
        column = "influencer_id" if key == "influencer" else key
        people = people[people[column].astype(str).isin(ask.filters.values(key))]
    kept = set(people["influencer_id"].astype(str))
    return rows[rows["arm"].eq("") | rows["unit"].isin(kept)], pairs[pairs["unit"].isin(kept)].reset_index(drop=True)


def _without_days(ask: Ask, experiment: Experiment | None) -> Ask:
    """A test is read over its own days, and the days before it, whichever of them the selection shows."""
    scope = Filters.from_query(experiment.query) if experiment else Filters()
    return ask.narrowed(since=scope.since, until=scope.until)


def _by_days(rows: pd.DataFrame, pairs: pd.DataFrame, experiment: Experiment, span: tuple[pd.Timestamp, pd.Timestamp]
             ) -> Design:  # fmt: skip
    start = pd.Timestamp(experiment.start)
    first = max(span[0], pd.Timestamp(experiment.pre_start)) if experiment.pre_start else min(span[0], start)
    last = min(span[1], pd.Timestamp(experiment.end))
    told = phases.by_days(rows, experiment, first, last)
    told = places.laid(told, pairs) if experiment.unit == "geo" else told
    pre, test = float((start - first).days), float((last - start).days + 1)
    return Design(UNIT_NAMES[experiment.unit], told, pairs, True, first, last, pre, test, True)


def _by_column(rows: pd.DataFrame, pairs: pd.DataFrame, unit: str, filters: Filters) -> Design:
    rows, pairs = _whole_units(rows, pairs, filters)
    rows = places.laid(rows, pairs) if unit == "geo" else rows
    days = rows.loc[rows["arm"].ne("") & rows["phase"].ne("") & _sold(rows), "date"].dropna()
    pre, test = phases.lengths(rows[_sold(rows)])
    return Design(UNIT_NAMES[unit], rows, pairs, True, *_ends(days), pre, test)


def _ends(days: pd.Series) -> tuple[pd.Timestamp | None, pd.Timestamp | None]:
    return (days.min(), days.max()) if len(days) else (None, None)


def _sold(rows: pd.DataFrame) -> pd.Series:
    return rows["revenue"].ne(0) | rows["orders"].ne(0)


def _whole_units(rows: pd.DataFrame, pairs: pd.DataFrame, filters: Filters) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Without the units whose test the selection's days cut: half a test would show half of what its spend brought."""
    if filters.since is None and filters.until is None:
        return rows, pairs
    within = rows[rows["arm"].ne("") & rows["phase"].eq(phases.TEST) & _sold(rows)].groupby("unit")["date"]
    low, high = within.min(), within.max()
    whole = low.notna()
    if filters.since is not None:
        whole &= low.ge(pd.Timestamp(filters.since))
    if filters.until is not None:
        whole &= high.le(pd.Timestamp(filters.until))
    kept = set(low.index[whole])
    return rows[rows["arm"].eq("") | rows["unit"].isin(kept)], pairs[pairs["unit"].isin(kept)].reset_index(drop=True)


def _names(ask: Ask) -> dict[str, str]:
    """Influencers' names in small letters → id; a name that two people have names nobody."""
    people = ask.roster().assign(folded=lambda frame: frame["influencer"].astype(str).str.strip().str.casefold())
    people = people.drop_duplicates("folded", keep=False)
    return dict(zip(people["folded"], people["influencer_id"].astype(str), strict=True))


def _rows(ask: Ask, unit: str) -> pd.DataFrame:
    """Sums by unit, arm and period as the rows say, and day."""
    if unit == "geo":
        return places.rows(ask)
    dimension, key = _GROUPS[unit]
    frame = ask.totals(("revenue_all", "orders_all", "spend"), (dimension, "campaign_type", "period", "date"))
    sums = frame[["revenue_all", "orders_all", "spend"]].fillna(0.0).set_axis(["revenue", "orders", "spend"], axis=1)
    named = frame[key].where(~frame[key].astype(str).str.startswith("("))
    return sums.assign(
        unit=named.astype(object).where(named.notna(), None),
        campaign_type=frame["campaign_type"], period=frame["period"], date=pd.to_datetime(frame["date"]),
    )[list(ROWS)]  # fmt: skip


def none(unit_name: str) -> Design:
    """A design without units: of customers nothing is summed by unit."""
    rows = pd.DataFrame({key: pd.Series(dtype=object) for key in (*ROWS, "arm", "phase")})
    return Design(unit_name, rows, pd.DataFrame({"unit": [], "arm": []}, dtype=object), False, None, None)
