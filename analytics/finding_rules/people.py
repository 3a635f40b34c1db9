"""Decides what is said about single influencers: who brings most, who costs more than that, how few carry all."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from analytics import formats
from analytics.ask import told_apart
from analytics.finding_rules.evidence import FACT, Draft, Evidence, amounts
from analytics.views import Finding

NAMED = 3
TOP = 5
BREAK_EVEN = 1.0
CONCENTRATED = 0.5
LUCK = "Ranked by attributed results of one period, so luck is in it: the first on a list usually do less well later."


def people(evidence: Evidence) -> Iterator[Draft]:
    """Facts about influencers; each rule yields one finding or none."""
    numbers = ("revenue", "spend", "orders", "likes", "comments", "reach")
    frame = evidence.people.assign(**{name: amounts(evidence.people, name) for name in numbers})
    frame = frame.assign(roas=(frame["revenue"] / frame["spend"].where(frame["spend"] > 0)).astype(float))
    frame = told_apart(frame.sort_values(["revenue", "influencer_id"], ascending=[False, True], ignore_index=True))
    for rule in (_top, _candidates, _poor, _concentration, _no_orders, _engaged):
        yield from rule(frame)


def _named(frame: pd.DataFrame, column: str, unit: str) -> str:
    """“A 3.1×, B 2.0×, C 1.4× and 4 more”."""
    parts = [
        f"{name} {formats.write(float(value), unit)}"
        for name, value in zip(frame["influencer"].head(NAMED), frame[column].head(NAMED), strict=True)
    ]
    more = len(frame) - NAMED
    return ", ".join(parts) + f" and {formats.count(more)} more" if more > 0 else formats.listing(parts)


def _were(number: int, total: int) -> str:
    return f"{formats.count(number)} of {formats.count(total)} influencers"


def _fact(
    kind: str, text: tuple[str, str, str], where: tuple[str, str], stake: float, number: float, unit: str
) -> Draft:
    """A fact of the selection: sentence, detail and action; its page and panel; money at stake; its number."""
    sentence, detail, action = text
    finding = Finding(kind, kind, sentence, detail, "note", unit, number, page=where[0], panel=where[1], action=action)
    return Draft(finding, stake, FACT)


def _top(frame: pd.DataFrame) -> Iterator[Draft]:
    total = float(frame["revenue"].sum())
    best = frame[frame["revenue"] > 0].head(TOP)
    if len(best) < TOP or len(frame) <= TOP:
        return
    part = float(best["revenue"].sum()) / total
    sentence = (
        f"The first {TOP} of {formats.count(len(frame))} influencers bring {formats.share(part)} of attributed "
        f"revenue: {_named(best, 'revenue', 'money')}."
    )
    action = "Look at what they have in common before renewing, and measure one of them with a pause."
    where = ("overview", "top_influencers_by_revenue")
    yield _fact("top_performers", (sentence, LUCK, action), where, float(best["spend"].sum()), part, "share")


def _candidates(frame: pd.DataFrame) -> Iterator[Draft]:
    """Improvement candidates: the costlier half, and of those the five that return least, below the whole's ROAS."""
    paid = frame[frame["spend"] > 0]
    if len(paid) < 2 * TOP:
        return
    whole = float(paid["revenue"].sum() / paid["spend"].sum())
    costly = paid[paid["spend"] >= paid["spend"].median()]
    low = costly[costly["roas"] < whole].sort_values(["roas", "influencer_id"]).head(TOP)
    if low.empty:
        return
    spend = float(low["spend"].sum())
    sentence = (
        f"{formats.money(spend)} went to {formats.count(len(low))} of the costlier influencers, those that return "
        f"least: {_named(low, 'roas', 'multiple')}, against {formats.multiple(whole)} of all with spend."
    )
    action = f"Renegotiate pay or brief before the next campaign; {formats.money(spend)} is the amount at stake."
    where = ("overview", "top_influencers_by_roas")
    yield _fact("improvement_candidates", (sentence, LUCK, action), where, spend, whole, "multiple")


def _poor(frame: pd.DataFrame) -> Iterator[Draft]:
    paid = frame[frame["spend"] > 0]
    poor = paid[paid["roas"] < BREAK_EVEN].sort_values(["spend", "influencer_id"], ascending=[False, True])
    if poor.empty:
        return
    spend, revenue = float(poor["spend"].sum()), float(poor["revenue"].sum())
    sentence = (
        f"{_were(len(poor), len(paid))} brought less revenue than they cost: {formats.money(revenue)} for "
        f"{formats.money(spend)}. Costliest: {_named(poor, 'roas', 'multiple')}."
    )
    detail = "Attributed revenue; orders without a code or link are not in it. One influencer alone has no interval."
    action = f"Check codes and links first, then pause or pay by order; {formats.money(spend)} is the amount at stake."
    yield _fact("poor_roi", (sentence, detail, action), ("insights", "poor_roi"), spend, revenue / spend, "multiple")


def _concentration(frame: pd.DataFrame) -> Iterator[Draft]:
    total = float(frame["revenue"].sum())
    if len(frame) < 2 * TOP or total <= 0 or (frame["revenue"] < 0).any():
        return
    held = frame["revenue"].cumsum() / total
    few = int((held < CONCENTRATED).sum()) + 1
    part = few / len(frame)
    sentence = (
        f"{_were(few, len(frame))} ({formats.share(part)}) bring half of attributed revenue; the largest alone brings "
        f"{formats.share(float(held.iloc[0]))}."
    )
    detail = "The fewer carry the revenue, the wider every interval and the larger the loss if one leaves."
    where = ("overview", "top_influencers_by_revenue")
    stake = float(frame["spend"].head(few).sum())
    action = "Keep the contracts of these few in view."
    yield _fact("concentration", (sentence, detail, action), where, stake, float(held.iloc[0]), "share")


def _no_orders(frame: pd.DataFrame) -> Iterator[Draft]:
    none = frame[(frame["spend"] > 0) & (frame["orders"] <= 0)].sort_values("spend", ascending=False)
    if none.empty:
        return
    spend = float(none["spend"].sum())
    paid = int((frame["spend"] > 0).sum())
    sentence = (
        f"{_were(len(none), paid)} with spend have no attributed order: {formats.money(spend)}. "
        f"Costliest: {_named(none, 'spend', 'money')}."
    )
    detail = "A missing code or link looks the same as no sale."
    action = "Check their codes and links, then their payouts."
    where = ("overview", "influencer_table")
    yield _fact("no_orders", (sentence, detail, action), where, spend, spend, "money")


def _engaged(frame: pd.DataFrame) -> Iterator[Draft]:
    """Engagement in the upper quarter, revenue for spend in the lower quarter."""
    seen = frame[(frame["reach"] > 0) & (frame["spend"] > 0)]
    if len(seen) < 2 * TOP:
        return
    rate = (seen["likes"] + seen["comments"]) / seen["reach"]
    loud = seen[(rate >= rate.quantile(0.75)) & (rate > 0) & (seen["roas"] <= seen["roas"].quantile(0.25))]
    if loud.empty:
        return
    spend = float(loud["spend"].sum())
    sentence = (
        f"{_were(len(loud), len(seen))} are in the top quarter by engagement rate and in the bottom quarter by ROAS: "
        f"{_named(loud.sort_values('spend', ascending=False), 'roas', 'multiple')}."
    )
    detail = "Engagement rate is likes + comments, by reach. It is not a stand-in for sales."
    action = f"Give them a code, a link or an offer that fits their audience; {formats.money(spend)} is at stake."
    where = ("overview", "influencer_table")
    yield _fact("engagement_without_sales", (sentence, detail, action), where, spend, len(loud) / len(seen), "share")
