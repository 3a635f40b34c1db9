"""Decides which sums the estimates of each value and each influencer are made from: one grouped query a dimension."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import pandas as pd

from analytics.ask import Ask
from analytics.effects.refusals import CannotTell
from analytics.incrementality.court import METHODS, designated, is_drawn
from analytics.incrementality.declared import is_running, noun
from analytics.incrementality.estimate import Estimate
from analytics.incrementality.groups import slices
from analytics.incrementality.groups.leaders import Board, board
from analytics.incrementality.groups.shared import Doses, doses
from analytics.incrementality.slice import CELLS, CLUSTERS, Slice
from analytics.prepare import slice_of
from analytics.slicing.parts import COLUMN, KINDS, homes, parts
from data import schema
from errors import UserError

CARRIED = ("brand", "product", "product_category")
"""Dimensions that organic orders carry: the same test is made inside each value."""
NOT_CARRIED = ("platform", "tier", "basis", "influencer_category")
"""Dimensions that only attributed orders carry: the units' uplift is shared by spend."""
DIMENSIONS = (*CARRIED, "campaign", *NOT_CARRIED)
MOST = 30
MOST_READ = 5
"""Values of a dimension where each has to be read by itself: customers, of whom nothing is summed by unit."""


def slices_of(ask: Ask) -> pd.DataFrame:
    """Every value of DIMENSIONS with its iROAS, judged as one list; remembered as long as the data stay the same.

    Columns: dimension, those of slices.TABLE, verdict. A dimension that cannot be told has one row, refused, with the
    sentence that says why. At most 30 values a dimension (customers: 5), those with most spend.
    """
    return _slices(ask, _state(ask))


def _state(ask: Ask) -> tuple[int, str]:
    """What the answer hangs on besides the question: the data's version, and what is declared of experiments."""
    return ask.store.version, ask.store.experiments_mark


@lru_cache(maxsize=64)
def _slices(ask: Ask, state: tuple[int, str]) -> pd.DataFrame:
    tables = [dimension_of(ask, dimension).assign(dimension=dimension) for dimension in DIMENSIONS]
    known = [table.dropna(axis=1, how="all") for table in tables]
    joined = pd.concat(known, ignore_index=True).reindex(columns=["dimension", *slices.TABLE])
    return slices.judged(joined, ask.assumptions.confidence)


def dimension_of(ask: Ask, dimension: str) -> pd.DataFrame:
    """The values of one dimension by falling spend [slices.TABLE]; one refused row where none can be told."""
    whole = slice_of(ask)
    try:
        if dimension in CARRIED:
            found = slices.inside(_narrowed(ask, whole, dimension), ask.assumptions)
        else:
            found = slices.shared(_doses(ask, whole, dimension), ask.assumptions, _may_judge(ask, whole))
            found = found[~found["value"].str.startswith("(")]
    except UserError as error:
        label = schema.DIMENSIONS[dimension].label.lower()
        method = slices.SAME_DESIGN.id if dimension in CARRIED else slices.SHARED.id
        return slices.refused(f"every {label}", f"{error}", method)
    return found.sort_values(["spend", "value"], ascending=[False, True], ignore_index=True).head(MOST)


def leaders_of(ask: Ask) -> Board:
    """The influencers' leaderboard; remembered as long as the data stay the same. Raises CannotTell with a sentence."""
    return _leaders(ask, _state(ask))


@lru_cache(maxsize=64)
def _leaders(ask: Ask, state: tuple[int, str]) -> Board:
    whole = slice_of(ask)
    given = _doses(ask, whole, "influencer")
    people = ask.totals(("spend",), ("influencer",)).dropna(subset=["influencer_id"])
    names = dict(zip(people["influencer_id"].astype(str), people["influencer"].astype(str), strict=True))
    return board(given, names, ask.assumptions, _may_judge(ask, whole))


def _may_judge(ask: Ask, whole: Slice) -> bool:
    """Whether verdicts may be given: the arms were drawn, the test is over, and the whole has earned a headline."""
    found = _measured(ask, whole)
    return is_drawn(whole) and not is_running(whole) and found.role == "headline" and not found.is_refused


def _measured(ask: Ask, whole: Slice) -> Estimate:
    """The whole by the method of its design."""
    return METHODS.get(designated(whole), METHODS["iroas.holdout"])(whole, ask.assumptions)


def _unit(whole: Slice) -> str:
    """The units' dimension; CannotTell where payouts do not say in which of them they worked."""
    unit = whole.experiment.unit if whole.experiment else whole.unit_name
    if unit == "go_live":
        raise CannotTell(
            "A drawn calendar measures all its posts together: draw campaigns or influencers into arms to tell groups "
            "apart."
        )
    if unit not in COLUMN:
        raise CannotTell(
            f"Payouts do not say which {noun(whole.unit_name)} they worked on, so its uplift cannot be shared out: "
            "draw campaigns or influencers into arms to tell groups apart."
        )
    return unit


def _doses(ask: Ask, whole: Slice, dimension: str) -> Doses:
    """The units with what was spent on each value inside them, in the test where its days are declared."""
    unit = _unit(whole)
    by = (dimension,) if dimension == unit else (dimension, unit)
    frame = _during(ask, whole).totals(("spend",), by)
    column = COLUMN.get(dimension, dimension)
    frame = frame[frame[COLUMN[unit]].notna()]
    spent = pd.DataFrame({"unit": frame[COLUMN[unit]].astype(str), "group": frame[column], "spend": frame["spend"]})
    return doses(whole, spent.fillna({"spend": 0.0}))


def _during(ask: Ask, whole: Slice) -> Ask:
    """The question narrowed to the days of the test, where they are declared."""
    declared = whole.experiment
    if declared is None or declared.start is None or declared.end is None:
        return ask
    since, until = ask.filters.since or declared.start, ask.filters.until or declared.end
    return ask.narrowed(since=max(since, declared.start), until=min(until, declared.end))


def _narrowed(ask: Ask, whole: Slice, dimension: str) -> dict[str, Slice]:
    """A slice a value, by falling spend. CannotTell where not even the whole can be measured."""
    measured = _measured(ask, whole)
    if measured.is_refused:
        raise CannotTell(measured.reason)
    values = ask.totals(("spend",), (dimension,)).dropna(subset=["spend"])
    values = values[(values["spend"] > 0) & ~values[dimension].astype(str).str.startswith("(")]
    chosen = values.sort_values("spend", ascending=False)[dimension].astype(str).head(MOST).tolist()
    if not chosen:
        raise CannotTell(f"No spend lies on a {schema.DIMENSIONS[dimension].label.lower()} with a name.")
    unit = whole.experiment.unit if whole.experiment else whole.unit_name
    if unit not in (*COLUMN, "geo"):
        return {value: slice_of(ask.narrowed(**{dimension: (value,)})) for value in chosen[:MOST_READ]}
    held = parts(ask, whole, dimension, unit)
    home = homes(ask, dimension, chosen) if unit == "campaign" else {}
    return {value: _within(whole, held[held["value"] == value], home.get(value)) for value in chosen}


def _within(whole: Slice, parts: pd.DataFrame, home: frozenset[str] | None) -> Slice:
    """The whole cut down to one value: each unit's own sums times the share of them that the value holds."""
    share = parts.set_index("unit")[list(KINDS)]
    cells = _cut(whole.cells, share, {"revenue_all": "test", "orders_all": "orders_all", "spend": "spend"}, home)
    columns = {"pre": "pre", "test": "test", "pre_spend": "spend", "spend": "spend"}
    clusters = _cut(whole.clusters, share, columns, home)
    spend = float((cells if clusters.empty else clusters)["spend"].sum())
    return replace(whole, spend=spend, cells=cells[list(CELLS)], clusters=clusters[list(CLUSTERS)])


def _cut(
    frame: pd.DataFrame, share: pd.DataFrame, columns: dict[str, str], home: frozenset[str] | None
) -> pd.DataFrame:
    kept = frame if home is None else frame[frame["unit"].isin(home)]
    parts = share.reindex(kept["unit"]).fillna(0.0)
    return kept.assign(**{key: kept[key].astype(float) * parts[of].to_numpy() for key, of in columns.items()})
