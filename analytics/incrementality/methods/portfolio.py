"""Decides how one campaign's ROAS stands against the average campaign's: an index, never an effect."""

from __future__ import annotations

import math
from dataclasses import replace

import pandas as pd

from analytics import formats
from analytics.assumptions import Assumptions
from analytics.incrementality.estimate import ONLY_SCATTER, Method, Numbers, around, t_at
from analytics.incrementality.slice import Slice

LEAST_CAMPAIGNS = 3


def _portfolio(slice_: Slice) -> tuple[pd.DataFrame, pd.Series] | str:
    """Campaigns with spend, and which of them are chosen."""
    campaigns = slice_.campaigns.astype({"revenue": float, "spend": float}).fillna({"revenue": 0.0})
    campaigns = campaigns[campaigns["spend"] > 0]
    chosen = campaigns["chosen"].astype(bool) if "chosen" in campaigns else pd.Series(True, index=campaigns.index)
    if len(campaigns) < LEAST_CAMPAIGNS:
        return (
            f"Campaigns with spend: {formats.count(len(campaigns))}. An average needs {LEAST_CAMPAIGNS}: choose "
            "dates and filters that hold more."
        )
    if chosen.all():
        return "This selection is the whole portfolio, so it is its own average: choose a campaign to compare."
    if not chosen.any():
        return "The chosen campaigns carry no spend, so they have no ROAS to compare."
    return campaigns, chosen


def vs_simple(slice_: Slice, assumptions: Assumptions) -> Numbers | str:
    """Mean ROAS of the chosen campaigns − unweighted mean over all; interval from the scatter between campaigns."""
    found = _portfolio(slice_)
    if isinstance(found, str):
        return found
    campaigns, chosen = found
    roas = (campaigns["revenue"] / campaigns["spend"]).to_numpy()
    k, n = int(chosen.sum()), len(roas)
    point = float(roas[chosen.to_numpy()].mean() - roas.mean())
    half = t_at(assumptions.confidence, n - 1) * float(roas.std(ddof=1)) * math.sqrt(1 / k - 1 / n)
    return Numbers(around(point, half), "campaign", k, n - k, (), ONLY_SCATTER.format(what="campaigns"))


def vs_weighted(slice_: Slice, assumptions: Assumptions) -> Numbers | str:
    """ROAS of the chosen − ROAS of all, both as ratios of sums; interval from the scatter of campaigns' residuals."""
    found = _portfolio(slice_)
    if isinstance(found, str):
        return found
    campaigns, chosen = found
    k, n = int(chosen.sum()), len(campaigns)
    residuals = campaigns["revenue"] - campaigns["revenue"].sum() / campaigns["spend"].sum() * campaigns["spend"]
    spend = float(campaigns.loc[chosen, "spend"].sum())
    point = float(residuals[chosen].sum()) / spend
    se = math.sqrt(float((residuals**2).sum()) / (n - 1) * k * (1 - k / n)) / spend
    half = t_at(assumptions.confidence, n - 1) * se
    return Numbers(around(point, half), "campaign", k, n - k, (), ONLY_SCATTER.format(what="campaigns"))


def against_portfolio(campaigns: pd.DataFrame, level: float) -> pd.DataFrame:
    """Each campaign's ROAS against both averages, by falling ROAS.

    campaigns: [campaign, revenue, spend]; those without spend are left out, fewer than 3 give an empty frame.
    Columns: campaign, revenue, spend, roas, vs_simple, lower, upper (against the mean of campaign ROAS, with the
    interval that the scatter between campaigns gives), vs_weighted (against all revenue ÷ all spend), all multiples.
    """
    kept = campaigns.loc[campaigns["spend"].astype(float) > 0, ["campaign", "revenue", "spend"]]
    kept = kept.astype({"revenue": float, "spend": float}).fillna({"revenue": 0.0})
    n = len(kept) if len(kept) >= LEAST_CAMPAIGNS else 0
    roas = kept["revenue"] / kept["spend"]
    half = t_at(level, n - 1) * float(roas.std(ddof=1)) * math.sqrt(1 - 1 / n) if n else math.nan
    table = kept.assign(
        roas=roas, vs_simple=roas - roas.mean(), lower=roas - roas.mean() - half, upper=roas - roas.mean() + half,
        vs_weighted=roas - kept["revenue"].sum() / kept["spend"].sum() if n else math.nan,
    )  # fmt: skip
    return table.head(n).sort_values("roas", ascending=False, ignore_index=True) if n else table.head(0)


_INDEX = (
    "An index, not an effect: it averages 0.0× whether the truth is 0 or 2, "
    "and calls 60 % of profitable campaigns negative."
)
PORTFOLIO = Method(
    id="iroas.vs_portfolio",
    version="1",
    label="ROAS vs portfolio, mean of campaigns",
    formula="ROAS of the campaign − unweighted mean of all campaigns' ROAS",
    needs=("at least three campaigns with spend, one of them chosen",),
    assumptions=("the average campaign has no effect",),
    flaw=_INDEX,
    source="S4-5",
    role="comparison",
    work=vs_simple,
)
PORTFOLIO_WEIGHTED = replace(
    PORTFOLIO,
    id="iroas.vs_portfolio_weighted",
    label="ROAS vs portfolio, weighted by spend",
    formula="ROAS of the campaign − all revenue ÷ all spend",
    work=vs_weighted,
)
METHODS: tuple[Method, ...] = (PORTFOLIO, PORTFOLIO_WEIGHTED)
