"""Decides what organic orders can say about incremental ROAS: taken off as published, or matched by rate."""

from __future__ import annotations

import math

from analytics import formats
from analytics.assumptions import Assumptions
from analytics.incrementality.estimate import ONLY_SCATTER, Numbers, around, t_at
from analytics.incrementality.slice import Slice
from analytics.ratios import satterthwaite

LEAST_DAYS = 14


def _organic_refusal(slice_: Slice) -> str:
    """Why organic rows cannot be set against this selection; empty when they can."""
    if not slice_.organic_carries:
        words = formats.listing(slice_.narrowed_by) or "this filter"
        return f"Organic rows carry no {words}, so they cannot be narrowed by it: take that filter off."
    organic = slice_.daily["revenue_organic"].astype(float)
    if not math.isfinite(slice_.revenue_organic) or not organic.abs().sum() > 0:
        return "There are no organic rows in this selection: add orders that no influencer brought."
    if len(slice_.daily) < LEAST_DAYS:
        return f"Fewer than {LEAST_DAYS} days have dated rows, so nothing shows how much a day scatters."
    return ""


def subtracted(slice_: Slice, assumptions: Assumptions) -> Numbers | str:
    """(attributed revenue − organic revenue) ÷ spend; interval from the scatter of the daily difference."""
    refusal = _organic_refusal(slice_)
    if refusal:
        return refusal
    gap = (slice_.daily["revenue"].astype(float) - slice_.daily["revenue_organic"].astype(float)).to_numpy()
    n = len(gap)
    half = t_at(assumptions.confidence, n - 1) * float(gap.std(ddof=1)) * math.sqrt(n) / slice_.spend
    point = (slice_.revenue - slice_.revenue_organic) / slice_.spend
    return Numbers(around(point, half), "day", n, 0, (), ONLY_SCATTER.format(what="days"))


def rate_matched(slice_: Slice, assumptions: Assumptions) -> Numbers | str:
    """(all revenue of live days − organic revenue per quiet day × live days) ÷ spend; Welch's interval over days."""
    refusal = _organic_refusal(slice_)
    if refusal:
        return refusal
    if min(slice_.days, slice_.organic_days) < 2:
        return (
            "Influencers sold on every day but "
            f"{formats.count(slice_.organic_days)}, so no days show what organic orders are without them."
        )
    total = (slice_.daily["revenue"].astype(float) + slice_.daily["revenue_organic"].astype(float)).to_numpy()
    live = slice_.live.to_numpy()
    with_, without = total[live], total[~live]
    scale = slice_.days / slice_.spend
    point = scale * float(with_.mean() - without.mean())
    variances = float(with_.var(ddof=1) / len(with_)), float(without.var(ddof=1) / len(without))
    df = satterthwaite(variances[0], len(with_), variances[1], len(without))
    half = scale * t_at(assumptions.confidence, df) * math.sqrt(sum(variances))
    return Numbers(around(point, half), "day", len(with_), len(without), (), ONLY_SCATTER.format(what="days"))
