"""Decides which methods are heard, which one may speak for TrueLift, and which are not believed beside it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace

from analytics import formats
from analytics.assumptions import Assumptions
from analytics.incrementality import declared
from analytics.incrementality.estimate import FAMILIES, Estimate, Method
from analytics.incrementality.methods import (
    clusters,
    cuped,
    golive,
    holdout,
    looking,
    organic,
    panel,
    portfolio,
    seeds,
    series,
)
from analytics.incrementality.slice import Slice
from analytics.incrementality.trust import of_arms as trust_arms
from analytics.incrementality.trust.lights import RED
from analytics.incrementality.verdict import within

_ROOMS = (holdout, cuped, clusters, golive, looking, series, panel, organic, seeds, portfolio)
_JOINED = [method for room in _ROOMS for method in room.METHODS]
METHODS: dict[str, Method] = {method.id: method for family in FAMILIES for method in _JOINED if method.family == family}
"""Every method by its id, in the order of FAMILIES."""

HOLDOUT, CUPED, GBR = holdout.HOLDOUT.id, cuped.CUPED.id, clusters.GBR.id
GO_LIVE, ALWAYS_VALID, TBR = golive.GOLIVE.id, looking.ALWAYS_VALID.id, series.TBR.id
LADDER = (GO_LIVE, GBR, CUPED, HOLDOUT, ALWAYS_VALID)
"""The methods that may be a headline; which of them it is, the design decides, never the results."""


def designated(slice_: Slice) -> str:
    """Id of the method that the declared design leads to; known before any result is.

    Customers: CUPED with a time before, else the difference of means. Go-live dates: the permutation of their
    calendar. Places, influencers, campaigns: regression over clusters where a time before as long as the test weighs
    them, else difference of means.
    Until the declared end of a test of arms, and after it where daily looks were declared: the same in an interval that
    may be read any day.
    """
    unit = slice_.experiment.unit if slice_.experiment else slice_.unit_name
    if unit == "go_live":
        return GO_LIVE
    if declared.is_running(slice_) or declared.is_looked_at_daily(slice_):
        return ALWAYS_VALID
    if unit == "customer":
        known = slice_.customers is not None and min(len(slice_.customers.treated.means), _columns(slice_)) > 1
        return CUPED if known else HOLDOUT
    return GBR if clusters.is_known_before(slice_) else HOLDOUT


def _columns(slice_: Slice) -> int:
    return len(slice_.customers.control.means) if slice_.customers else 0


def is_drawn(slice_: Slice) -> bool:
    """Whether the arms (or dates) were drawn at random, by the user's word; the experiment's, where there is one."""
    return declared.is_random(slice_) is True


def court(slice_: Slice, assumptions: Assumptions) -> tuple[Estimate, ...]:
    """Every method's estimate for this slice, refused ones included, in the order of METHODS.

    At most one has the role headline: that of the design, when the design was drawn at random. The others that could
    have been one stand beside it as directional. Time-based regression is weak unless it lies within the interval of
    geo-based regression, where there is one; every measurement that rests on arms is weak when they were already apart
    before the test by more than one draw in a hundred would have it, whatever was declared.
    """
    heard = [method(slice_, assumptions) for method in METHODS.values()]
    chosen = designated(slice_) if is_drawn(slice_) else HOLDOUT if slice_.unread else ""
    ranked = [_ranked(estimate, chosen, slice_) for estimate in heard]
    doubt = _apart_before(slice_)
    return tuple(_doubted(_gated(estimate, ranked), doubt) for estimate in ranked)


def _ranked(estimate: Estimate, chosen: str, slice_: Slice) -> Estimate:
    """The estimate with the role that the design leaves it."""
    if estimate.role != "headline" or estimate.method == chosen:
        return estimate
    if estimate.is_refused or estimate.reason or is_drawn(slice_):
        return replace(estimate, role="directional")
    # No method may be ok where nobody has said that its arms were drawn.
    return replace(estimate, role="directional", status="weak", reason=_UNDRAWN)


_UNDRAWN = "Nobody has declared that the arms were drawn at random, so this is directional only."


def _gated(estimate: Estimate, heard: Iterable[Estimate]) -> Estimate:
    """Time-based regression outside geo-based regression's interval is weak (statistics.md 1.3: 33 % where 90 % is
    promised; agreement lifts it to 82 %)."""
    gbr = next((one for one in heard if one.method == GBR and not one.is_refused), None)
    if estimate.method != TBR or estimate.is_refused or gbr is None or gbr.lower <= estimate.estimate <= gbr.upper:
        return estimate
    why = f"It lies outside the {within(gbr)} of {gbr.method}, so it is not believed."
    return replace(estimate, status="weak", reason=f"{estimate.reason} {why}".strip())


def _apart_before(slice_: Slice) -> str:
    """What says that the arms were no random draw: a sentence; empty where nothing does."""
    looked = (trust_arms.pre_trend(slice_), trust_arms.balance(slice_, drawn=True))
    return next((f"The arms were apart before it began: {says}" for light, _, says in looked if light == RED), "")


def _doubted(estimate: Estimate, doubt: str) -> Estimate:
    """The same, weak: in worlds whose arms were chosen though declared as drawn its interval held the truth in none."""
    rests = METHODS[estimate.method].rests_on_design and estimate.method != GO_LIVE
    if not doubt or not rests or estimate.is_refused:
        return estimate
    return replace(estimate, status="weak", reason=f"{estimate.reason} {doubt}".strip())


def headline(estimates: Iterable[Estimate], attributed: float = math.nan) -> Estimate:
    """The estimate of the court that speaks; else a refused one, `iroas.none`: not measured yet.

    attributed: attributed ROAS of the selection, named as what it is where nothing is measured. A headline may be weak
    (a heavy tail): then its reason stands beside it.
    """
    heard = list(estimates)
    spoken = [one for one in sorted(heard, key=_rung) if one.role == "headline" and not one.is_refused]
    return spoken[0] if spoken else _not_measured(heard, attributed)


def _rung(estimate: Estimate) -> int:
    return LADDER.index(estimate.method) if estimate.method in LADDER else len(LADDER)


def attributed_sentence(roas: float) -> str:
    """What an attributed ROAS is worth; empty without one."""
    if not math.isfinite(roas):
        return ""
    return f"Attributed ROAS {formats.multiple(roas)} is what codes and links were credited with, not what was caused."


UNLOCKS = "It is measured by arms or go-live dates drawn at random, kept apart, and declared as an experiment."


def _not_measured(heard: list[Estimate], attributed: float) -> Estimate:
    """The refusal that stands where a headline would: what is known instead, and what would make it measured."""
    nearest = _nearest(heard)
    why = nearest.reason if nearest else "No test against control was made."
    nothing = float("nan")
    unlocks = "" if nearest and nearest.role == "headline" else UNLOCKS
    said = " ".join(part for part in ("Not measured yet.", attributed_sentence(attributed), why, unlocks) if part)
    return Estimate(
        "iroas.none", "1", "Not measured yet", nothing, nothing, nothing,
        heard[0].level if heard else Assumptions().confidence, nearest.unit_of_analysis if nearest else "campaign",
        0, 0, heard[0].spend if heard else nothing, (), "refused", said,
        "Only arms assigned at random measure what was caused.", "headline",
        experiment=nearest.experiment if nearest else "",
    )  # fmt: skip


def _nearest(heard: list[Estimate]) -> Estimate | None:
    """The method that comes nearest to measuring: the design's own, else one that says what keeps it from it."""
    rungs = sorted((one for one in heard if one.method in LADDER), key=_rung)
    of_design = [one for one in heard if one.role == "headline"]
    directional = [one for one in rungs if not one.is_refused and one.reason]
    refused = [one for one in rungs if one.method == HOLDOUT]
    return next(iter([*of_design, *directional, *refused, *rungs]), None)
