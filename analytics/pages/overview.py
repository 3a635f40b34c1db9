"""Decides what the Overview answers: what was spent, what came back, from whom, and how sure that is."""

from __future__ import annotations

import math

import pandas as pd

from analytics import charts, formats, prepare, sentences
from analytics.ask import TRAITS, Ask
from analytics.incrementality.court import headline as headline_of
from analytics.incrementality.estimate import Estimate
from analytics.incrementality.verdict import in_words, number_sentence
from analytics.metrics import METRICS
from analytics.page import Chart, Page, column
from analytics.pages import mixes
from analytics.views import Column

_PERSON = (
    "revenue",
    "spend",
    "roas",
    "roi",
    "orders",
    "cost_per_order",
    "engagement_rate",
    "posts",
    "performance_score",
)


def _headline(ask: Ask) -> tuple[str, str]:
    row = ask.table(("revenue", "spend", "roas", "orders"))
    revenue, spend, roas = (float(row[key].iloc[0]) for key in ("revenue", "spend", "roas"))
    if math.isnan(revenue) and not math.isnan(float(row["orders"].iloc[0])):
        orders = sentences.counted(float(row["orders"].iloc[0]), "order", "orders")
        return f"Influencers brought {orders}; no file states their revenue.", "Import the tracking table to see it."
    if math.isnan(revenue):
        return (
            "No orders have been imported yet, so what came back cannot be said.",
            "Import the tracking table to see it.",
        )
    brought = f"Influencers brought {formats.money(revenue)}"
    if math.isnan(roas):
        return f"{brought}.", "No payouts are in this selection, so the return on them cannot be computed."
    estimate = headline_of(prepare.court_of(ask))
    if estimate.is_refused:
        first = f"{brought} for {formats.money(spend)}: {formats.multiple(roas)} attributed."
        return first, f"What they caused is not measured yet. {_as_of(ask)}"
    if estimate.estimate > 0:
        caused = formats.money(estimate.estimate * estimate.spend)
        first = f"{brought}; about {caused} in all would not have come without them."
    else:
        first = f"{brought}; that any of it would not have come without them cannot be shown."
    return first, f"{_measured(estimate)} {_as_of(ask)}"


def _measured(estimate: Estimate) -> str:
    return f"Measured by {in_words(estimate)}: {number_sentence(estimate)}."


def _as_of(ask: Ask) -> str:
    span = ask.span()
    return f"{formats.span(*span)}." if span else "The rows carry no days."


def _influencers(ask: Ask) -> pd.DataFrame:
    rows = ask.table(_PERSON, ("influencer",), "-revenue").dropna(subset=["influencer_id"])
    traits = ask.roster().drop(columns="influencer")
    joined = rows.merge(traits, on="influencer_id", how="left")
    return joined[["influencer", *TRAITS, "followers", *_PERSON, "influencer_id"]]


def _about_people(rows: pd.DataFrame, ask: Ask) -> str:
    above = int((rows["roas"] >= 1).sum())
    judged = int(rows["roas"].notna().sum())
    words = sentences.counted(len(rows), "influencer", "influencers")
    if not judged:
        return f"{words}."
    return f"{words}; {above} of the {judged} that were paid brought at least what they cost, as attributed."


def _followers(ask: Ask) -> pd.DataFrame:
    people = ask.people()
    people = people.assign(roas=METRICS["roas"].of(people)).sort_values("revenue", ascending=False)
    return people[[column.key for column in _BUBBLE]]


def _size_and_revenue(rows: pd.DataFrame, ask: Ask) -> str:
    known = rows.dropna(subset=["followers", "revenue"])
    if len(known) < 5:
        return "Too few influencers with followers and revenue to compare."
    rank = known["followers"].rank().corr(known["revenue"].rank())
    strength = "hardly go" if abs(rank) < 0.2 else "loosely go" if abs(rank) < 0.5 else "go"
    return f"Followers and revenue {strength} together (rank correlation {rank:.2f} over {len(known)} influencers)."


def _payouts(ask: Ask) -> pd.DataFrame:
    rows = ask.table(("spend", "influencers", "cost_per_order"), ("basis",), "-spend")
    return rows.dropna(subset=["spend"]).reset_index(drop=True)


def _say_payouts(rows: pd.DataFrame, ask: Ask) -> str:
    return sentences.shares(rows, "basis", "spend", "takes")


_BUBBLE = (
    Column("influencer", "Influencer"), Column("platform", "Platform"), column("followers"), column("revenue"),
    column("spend"), column("roas", judged_from=1.0), Column("influencer_id", "Id"),
)  # fmt: skip

TABLE = Chart(
    "influencer_table", "Who is ahead?", "revenue", _influencers,
    (Column("influencer", "Influencer"), Column("platform", "Platform"), Column("tier", "Tier"),
     Column("influencer_category", "Category of influencer"), Column("gender", "Gender"), column("followers"),
     column("revenue"), column("spend"), column("roas", judged_from=1.0), column("roi", judged_from=0.0),
     column("orders"), column("cost_per_order"), column("engagement_rate", "Engagement"), column("posts"),
     column("performance_score", "Score"), Column("influencer_id", "Id")),
    _about_people, kind="table", span=12,
    note=lambda ask: "Attributed, not caused · colour marks ROAS against break-even"
                     " · score = half ROAS rank, a quarter each engagement and revenue rank",
)  # fmt: skip

PAGE = Page(
    "overview", "Overview", "/",
    ("revenue", "spend", "roas", "iroas", "new_customers", "engagement_rate"),
    ("orders", "aov", "roi", "cost_per_order", "profit", "posts", "influencers", "followers", "reach", "seeding_cost",
     "roas.gifts", "revenue.all", "orders.all", "aov.all", "roas.all", "roi.all", "cost_per_order.all",
     "revenue_per_post", "cpm", "cpm.reach", "cpe", "cpp"),
    (
        charts.over_time("revenue_trend", "How did revenue move?",
                         (("revenue", "Attributed"), ("revenue.all", "Organic included")), span=8),
        charts.grouped("roas_by_platform", "Which platform returns most per rupee?",
                       "platform", "roas", ("revenue", "spend", "orders"), 4),
        charts.people("top_influencers_by_revenue", "Who brought the most?",
                      "revenue", True, ("orders", "spend", "roas")),
        charts.people("top_influencers_by_roas", "Who returned the most per rupee?",
                      "roas", True, ("revenue", "spend", "orders")),
        TABLE,
        charts.shares("platform_share", "Where does the revenue come from?",
                      "platform", "revenue", ("orders", "spend", "roas"), 4),
        charts.grouped("roas_by_tier", "Which size returns most?",
                       "tier", "roas", ("revenue", "spend", "influencers"), 4),
        charts.grouped("roas_by_influencer_category", "Which niche returns most?",
                       "influencer_category", "roas", ("revenue", "spend", "orders"), 4),
        charts.scattered("followers_revenue", "Do more followers bring more?", _followers,
                         "followers", "revenue", "spend", "influencer", _size_and_revenue, _BUBBLE,
                         log=(True, True), span=8),
        charts.grouped("roas_by_gender", "Does gender matter?",
                       "gender", "roas", ("revenue", "spend", "orders"), 4),
        Chart("payouts_by_basis", "What are influencers paid by?", "spend", _payouts,
              (Column("basis", "Pay basis"), column("spend"), column("influencers"), column("cost_per_order")),
              _say_payouts, charts.drawn_ranked("basis", "spend"), span=4,
              note=lambda ask: charts.footnote("spend", ask)),
        charts.people("bottom_influencers_by_roas", "Who returned the least?",
                      "roas", False, ("revenue", "spend", "orders"), 8),
        mixes.CAMPAIGNS,
        mixes.NICHES,
        mixes.MIX,
        mixes.GENDERS,
    ),
    _headline,
)  # fmt: skip
