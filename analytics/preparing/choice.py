"""Decides which declared experiment a selection is measured by: the one named, else the newest that covers it."""

from __future__ import annotations

from datetime import date

from analytics.ask import Ask
from data import schema
from data.experiments.record import NONE, Experiment
from data.filters import Filters
from errors import BadExperiment, BadFilter, suggest

CARRIED_BY_ORGANIC = frozenset({"brand", "product", "product_category", "campaign", "campaign_type"})
"""What organic rows can be narrowed by, too: by it a test may be read in part, and no arm loses rows."""
_OF_CAMPAIGNS = frozenset({"campaign", "campaign_type"})
"""Carried by all rows of a campaign's cell; of places, customers and influencers only by the orders of the treated."""
TRAITS = frozenset({"platform", "tier", "influencer_category", "gender", "influencer"})


def chosen(ask: Ask) -> Experiment | None:
    """The experiment to measure by; None when none covers the selection, or when the address says “none”.

    Raises BadExperiment, with the nearest key, when the address names one that nobody declared.
    """
    key, known = ask.assumptions.experiment, ask.store.experiments()
    if key == NONE:
        return None
    if not key:
        return next((one for one in known if covers(one, ask)), None)
    one = next((one for one in known if one.key == key), None)
    if one is None:
        keys = [each.key for each in known]
        there = suggest(key, keys) if keys else "None has been declared yet."
        raise BadExperiment(f"No experiment “{key}” has been declared. {there}")
    return one if covers(one, ask) else None


def covers(experiment: Experiment, ask: Ask) -> bool:
    """Whether the selection lies in the experiment's: the same filters, or narrower by what all its rows carry.

    Days may be narrower only as long as they hold the whole test, as far as it has come; a test that the rows' own
    column tells of is held unit by unit, later.
    """
    try:
        scope = ask.store.resolved(Filters.from_query(experiment.query), ask.assumptions.tiers)
    except BadFilter:
        return False
    # What is summed by place has no influencers, so nothing of theirs can narrow it.
    strange = set(ask.filters.chosen()) - CARRIED_BY_ORGANIC or scope.name or scope.min_roas is not None
    placed = experiment.unit != "geo" or not strange
    return not cut_by(experiment, ask, scope) and placed and _holds(experiment, ask, scope)


def cut_by(experiment: Experiment, ask: Ask, scope: Filters) -> list[str]:
    """In words, by what the selection differs from the experiment's scope that its arms cannot be narrowed by."""
    open_to = CARRIED_BY_ORGANIC - (frozenset() if experiment.unit == "campaign" else _OF_CAMPAIGNS)
    if experiment.unit in ("influencer", "go_live"):
        open_to |= TRAITS
    others = {
        "influencer name": scope.name == ask.filters.name,
        "minimum ROAS": scope.min_roas == ask.filters.min_roas,
    }
    cut = [
        schema.DIMENSIONS[key].label.lower()
        for key in schema.FILTERED
        if not within(scope.values(key), ask.filters.values(key), key in open_to)
    ]
    return [*cut, *(words for words, is_same in others.items() if not is_same)]


def within(wide: tuple[str, ...], narrow: tuple[str, ...], may_narrow: bool) -> bool:
    """Whether the same is chosen, or less of it where that may be; nothing chosen is everything."""
    if set(wide) == set(narrow):
        return True
    return may_narrow and bool(narrow) and (not wide or set(narrow) <= set(wide))


def _holds(experiment: Experiment, ask: Ask, scope: Filters) -> bool:
    """Whether the selection's days hold the test; one of which the data know no day is held by none."""
    span, filters = ask.store.span(), ask.filters
    if experiment.start is None or experiment.end is None:
        early = scope.since is None or (filters.since is not None and filters.since >= scope.since)
        return early and (scope.until is None or (filters.until is not None and filters.until <= scope.until))
    if span is None or experiment.start > span[1] or experiment.end < span[0]:
        return False
    until = min(experiment.end, span[1])
    return (filters.since or date.min) <= experiment.start and until <= (filters.until or date.max)
