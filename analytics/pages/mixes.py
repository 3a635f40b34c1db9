"""Decides how a selection is described: who is in it, which campaigns, and what it is measured against."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from analytics import charts, formats
from analytics.ask import Ask, named_groups
from analytics.figures.breakdown import stacked
from analytics.metrics import METRICS
from analytics.page import Chart, column
from analytics.views import Column, Figure
from data.filters import Filters

_MOST_PARTS = 5
_JUDGED = ("roas", "roi", "engagement_rate", "cost_per_order", "cac.new_customer", "cpm.reach", "cpe")


def _tiers_on_platforms(ask: Ask) -> pd.DataFrame:
    """Influencers of the selection by platform and tier, larger platforms and smaller tiers first."""
    people = named_groups(named_groups(ask.people(), "tier"), "platform")
    sizes = people.groupby("tier")["followers"].median().sort_values().index
    sums = people.groupby(["platform", "tier"], as_index=False)["influencer_id"].nunique()
    sums = sums.rename(columns={"influencer_id": "influencers"})
    sums["influencers"] = sums["influencers"].astype(float)
    order = sums.groupby("platform")["influencers"].sum().sort_values(ascending=False).index
    rank = {name: place for place, name in enumerate(order)} | {name: place for place, name in enumerate(sizes)}
    keys = sums["platform"].map(rank) * 100 + sums["tier"].map(rank)
    return sums.iloc[np.argsort(keys.to_numpy(), kind="stable")].reset_index(drop=True)


def _draw_mix(rows: pd.DataFrame, ask: Ask) -> Figure:
    """The tiers in their order on every bar; the largest ones together where there are more than a bar can show."""
    sizes = ask.people().groupby("tier")["followers"].median().sort_values().index
    tiers = [tier for tier in sizes if tier in set(rows["tier"])]
    small, large = tiers[: _MOST_PARTS - 1], tiers[_MOST_PARTS - 1 :]
    together = " and ".join(large) if len(large) < 3 else f"{large[0]} and up"
    names = {tier: tier for tier in small} | dict.fromkeys(large, together)
    parts = pd.DataFrame({"name": rows["platform"], "part": rows["tier"].map(names), "value": rows["influencers"]})
    order = {part: place for place, part in enumerate(dict.fromkeys(names.values()))}
    whole = parts.groupby(["name", "part"], sort=False, as_index=False)["value"].sum()
    first = whole.assign(place=whole["part"].map(order)).sort_values("place", kind="stable")
    return stacked(first[["name", "part", "value"]], METRICS["influencers"])


def _say_mix(rows: pd.DataFrame, ask: Ask) -> str:
    sums = rows.groupby("tier")["influencers"].sum().sort_values(ascending=False)
    whole = sums.sum()
    return f"{formats.share(sums.iloc[0] / whole)} of {formats.count(whole)} influencers are {sums.index[0]}."


def _benchmarks(ask: Ask) -> pd.DataFrame:
    """Each metric here, over all data, and how it is spread over the selection's influencers."""
    everything = ask.narrowed(**{key: value for key, value in vars(Filters()).items() if key != "ignored"})
    here, all_ = ask.table(_JUDGED), everything.table(_JUDGED)
    people = ask.table(_JUDGED, ("influencer",)).dropna(subset=["influencer_id"])
    rows = []
    for key in _JUDGED:
        values = people[key].dropna().to_numpy(float)
        value = float(here[key].iloc[0])
        if math.isnan(value) or len(values) < 4:
            continue
        best = 0.25 if METRICS[key].better == "lower" else 0.75
        overall = float(all_[key].iloc[0])
        spread = (value, overall, float(np.median(values)), float(np.quantile(values, best)))
        written = [METRICS[key].write(one) for one in spread]
        rows.append((METRICS[key].label, *written, _against(value, overall, key), float(len(values))))
    columns = ["label", "here", "all_data", "median", "best_quarter", "standing", "influencers"]
    return pd.DataFrame(rows, columns=columns)


def _against(here: float, all_: float, key: str) -> str:
    if math.isnan(all_) or abs(here - all_) <= 0.005 * abs(all_):
        return "as the portfolio"
    ahead = (here > all_) == (METRICS[key].better == "higher")
    return "better than the portfolio" if ahead else "worse than the portfolio"


def _say_benchmarks(rows: pd.DataFrame, ask: Ask) -> str:
    if ask.filters == Filters():
        return "This is the whole portfolio: filter to see how a part stands against it and its own best quarter."
    better = int((rows["standing"] == "better than the portfolio").sum())
    return f"{better} of {len(rows)} metrics are better here than over all data."


def _niches(ask: Ask) -> pd.DataFrame:
    rows = ask.table(("spend", "roas", "roi", "revenue", "orders"), ("influencer_category",), "-roas")
    return named_groups(rows, "influencer_category").reset_index(drop=True)


def _say_niches(rows: pd.DataFrame, ask: Ask) -> str:
    known = rows.dropna(subset=["spend", "roas"])
    if len(known) < 2:
        return "Too few niches with spend to compare."
    most, best = known.sort_values("spend").iloc[-1], known.sort_values("roas").iloc[-1]
    if most["influencer_category"] == best["influencer_category"]:
        return (
            f"{most['influencer_category']} takes most of the money and returns most: {formats.multiple(most['roas'])}."
        )
    return (
        f"{most['influencer_category']} takes most of the money and returns {formats.multiple(most['roas'])}; "
        f"{best['influencer_category']} returns most: {formats.multiple(best['roas'])}."
    )


MIX = Chart(
    "platform_tier_mix", "Who is on which platform?", "influencers", _tiers_on_platforms,
    (Column("platform", "Platform"), Column("tier", "Tier"), column("influencers")),
    _say_mix, _draw_mix, span=8, least=2, note=lambda ask: "Influencers in the selection, by home platform and tier",
)  # fmt: skip

GENDERS = charts.shares(
    "gender_share", "Who are they?", "gender", "influencers", ("revenue", "orders", "roas"), 4, "makes up"
)

CAMPAIGNS = charts.grouped(
    "campaign_ranking", "Which campaigns sold most?", "campaign", "revenue", ("orders", "spend", "roas"), 6
)

NICHES = charts.scattered(
    "spend_return", "Is the money where the return is?", _niches, "spend", "roas", "revenue", "influencer_category",
    _say_niches,
    (Column("influencer_category", "Niche"), column("spend"), column("roas", judged_from=1.0),
     column("roi", judged_from=0.0), column("revenue"), column("orders")),
    span=6,
)  # fmt: skip

BENCHMARKS = Chart(
    "benchmarks", "How does this stand against the portfolio?", "roas", _benchmarks,
    (Column("label", "Metric"), Column("here", "Here"), Column("all_data", "All data"),
     Column("median", "Median influencer"),
     Column("best_quarter", "Best quarter from"), Column("standing", "Standing"),
     Column("influencers", "Influencers", "count")),
    _say_benchmarks, kind="table", span=12,
    note=lambda ask: "The portfolio is all data; median and best quarter are over the selection's influencers",
    empty="Fewer than four influencers here have anything to compare.",
)  # fmt: skip
