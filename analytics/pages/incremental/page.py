"""Decides the order of the Incremental ROAS Center: verdict, court, trust, arms, time, people, plan, tables."""

from __future__ import annotations

from analytics import formats, prepare
from analytics.ask import Ask
from analytics.incrementality.court import HOLDOUT, headline
from analytics.incrementality.methods.holdout import lift
from analytics.incrementality.verdict import verdict, verdict_sentence
from analytics.page import Page
from analytics.pages.incremental import arms, campaigns, court, path, people, planner, trusted

OPENING = {
    "works": "Influencers caused more revenue than they cost.",
    "does not": "Influencers caused less revenue than they cost.",
    "cannot tell yet": "Whether influencers caused more revenue than they cost cannot be told yet.",
}
UNMEASURED = "What influencers caused is not measured yet."


def _headline(ask: Ask) -> tuple[str, str]:
    """The verdict in words; below it the number with interval, method and the experiment's stamp."""
    estimate = headline(prepare.court_of(ask), ask.value("roas"))
    if estimate.is_refused:
        return UNMEASURED, estimate.reason.removeprefix("Not measured yet. ")
    parts = [verdict_sentence(estimate), _lift(ask) if estimate.method == HOLDOUT else ""]
    parts += [f"{estimate.reason}" if estimate.status == "weak" else "", _stamp(estimate.experiment)]
    return OPENING[verdict(estimate)], " ".join(part for part in parts if part)


def _lift(ask: Ask) -> str:
    """How much more test sold than control; not beside a method that takes the time before out, since it does not."""
    slice_ = prepare.slice_of(ask)
    found = lift(slice_, ask.assumptions)
    if slice_.customers is not None or slice_.go_live is not None or not found.is_bounded:
        return ""
    which, span = "more" if found.estimate >= 0 else "less", formats.interval(found.lower, found.upper, "share")
    return f"Test {slice_.unit_name}s sold {formats.share(abs(found.estimate))} {which} than control ({span})."


def _stamp(experiment: str) -> str:
    return f"Experiment: {experiment}." if experiment else ""


CHARTS = (
    court.COURT,
    trusted.TRUST,
    arms.ARMS,
    arms.MONTHS,
    trusted.BALANCE,
    path.BEFORE,
    path.OVER_TIME,
    path.RUNNING,
    path.IN_TIME,
    path.IN_UNITS,
    people.LEADERS,
    people.SLICES,
    *planner.CHARTS,
    court.REFUSED,
    campaigns.CAMPAIGNS,
    people.LEADERBOARD,
    people.SLICE_TABLE,
    court.METHOD_TABLE,
)
PAGE = Page(
    "iroas", "Incremental ROAS", "/iroas",
    ("iroas", "roas", "roas.all", "spend", "revenue", "revenue.all"), ("orders", "orders.all", "roi", "roi.all"),
    CHARTS, _headline,
)  # fmt: skip
