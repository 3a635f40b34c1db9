"""Decides what is said about the whole selection: what is measured, what is organic, what the books do not show."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from analytics import formats, ratios
from analytics.finding_rules.contrasts import LAST_MONTHS, Contrast
from analytics.finding_rules.evidence import FACT, OPEN, STANDS, Draft, Evidence, amounts
from analytics.incrementality.verdict import CANNOT_TELL, DOES_NOT, WORKS, verdict, verdict_sentence
from analytics.views import Finding


def whole(evidence: Evidence, contrasts: Sequence[Contrast], level: float) -> Iterator[Draft]:
    """Findings about the whole selection; each rule yields one or none."""
    yield _confidence(evidence, level)
    yield from _momentum(evidence, contrasts)
    yield from _organic(evidence)
    yield from _gifts(evidence)
    yield from _mismatches(evidence)
    yield from _unallocated(evidence)


def _confidence(evidence: Evidence, level: float) -> Draft:
    """How sure the current result is (S0-26): the interval and its verdict, never 1 − p."""
    headline = evidence.headline
    revenue, spend = (amounts(evidence.people, name).to_numpy() for name in ("revenue", "spend"))
    found = ratios.ratio(revenue, spend, level)
    sentence, detail = verdict_sentence(headline), headline.flaw
    if headline.is_refused:
        sentence = f"Incremental ROAS is not measured yet: {_attributed(found)}."
        detail = headline.reason
    action = (
        "Draw customers, places, influencers, campaigns or go-live dates at random, and declare the experiment."
        if headline.is_refused
        else "Keep the control running: four times as many units halve the interval."
    )
    finding = Finding(
        "confidence", "confidence", sentence, detail, verdict(headline), "multiple", headline.estimate, headline.lower,
        headline.upper, "iroas", "method_court", action,
    )  # fmt: skip
    return Draft(finding, evidence.spend, STANDS)


def _attributed(found: ratios.Interval) -> str:
    if not math.isfinite(found.estimate):
        return "without spend there is no ROAS either"
    number, worth = f"attributed ROAS {formats.multiple(found.estimate)}", "is what codes and links were credited with"
    if not found.is_bounded:
        return f"{number} {worth}, not what was caused, and spend is too uneven to bound it"
    span = formats.interval(found.lower, found.upper, "multiple")
    return f"{number} ({formats.share(found.level)} interval {span} over influencers) {worth}, not what was caused"


def _momentum(evidence: Evidence, contrasts: Sequence[Contrast]) -> Iterator[Draft]:
    contrast = next((item for item in contrasts if item.dimension == "month"), None)
    if contrast is None:
        return
    found = contrast.comparison
    span = formats.interval(found.lower, found.upper, "money")
    text = (
        f"the last {LAST_MONTHS} months bring {formats.money(found.ratio_a)} of attributed revenue a month, the "
        f"{formats.count(found.n_b)} before {formats.money(found.ratio_b)}"
    )
    state = f"{formats.share(found.level)} interval of the difference {span}"
    sentence = f"{text[0].upper()}{text[1:]} ({state})."
    if not contrast.stands:
        sentence = (
            f"Cannot tell yet: {text}; so few months can show a difference of {formats.money(found.mde)} or more."
        )
    verdict_ = CANNOT_TELL if not contrast.stands else WORKS if found.difference > 0 else DOES_NOT
    shows = f"so few months show {formats.money(found.mde)} or more with 80 % power"
    detail = f"{state[0].upper()}{state[1:]}; {shows}. Season is not taken out; only complete months count."
    finding = Finding(
        "momentum", "momentum", sentence, detail, verdict_, "money", found.difference, found.lower, found.upper,
        "overview", "revenue_trend", "Compare with the same months of the year before, once there are some.",
    )  # fmt: skip
    spend = float(amounts(evidence.monthly, "spend").tail(LAST_MONTHS).sum())
    yield Draft(finding, spend, STANDS if contrast.stands else OPEN)


def _note(kind: str, sentence: str, detail: str, action: str, number: float, unit: str, panel: str) -> Finding:
    return Finding(kind, kind, sentence, detail, "note", unit, number, page="overview", panel=panel, action=action)


def _organic(evidence: Evidence) -> Iterator[Draft]:
    organic, total = evidence.organic_revenue, evidence.organic_revenue + evidence.revenue
    if not (math.isfinite(total) and organic > 0 and total > 0 and evidence.revenue >= 0):
        return
    part = organic / total
    sentence = f"{formats.share(part)} of revenue ({formats.money(organic)}) came without an influencer's code or link."
    detail = "Organic orders may have been caused by influencers, and attributed ones may have come anyway."
    action = "ROAS, organic included, counts these orders too: never compare it with ROAS."
    yield Draft(
        _note("organic_share", sentence, detail, action, part, "share", "revenue_trend"), evidence.spend, FACT / 5
    )


def _gifts(evidence: Evidence) -> Iterator[Draft]:
    gifts = evidence.seeding_cost
    if not (math.isfinite(gifts) and gifts > 0):
        return
    beside = f", beside {formats.money(evidence.spend)} of spend" if evidence.spend > 0 else ""
    sentence = f"Products worth {formats.money(gifts)} at cost were given away{beside}."
    detail = "Spend counts gifts only when the cost layer says so."
    action = "Choose “cash + gifts” as cost layer to see every ratio with them."
    yield Draft(_note("gifts", sentence, detail, action, gifts, "money", "payouts_by_basis"), gifts, FACT)


def _mismatches(evidence: Evidence) -> Iterator[Draft]:
    number, amount = evidence.payout_mismatches, evidence.payout_mismatch_amount
    if number <= 0 or not math.isfinite(amount):
        return
    are = "payout differs" if number == 1 else "payouts differ"
    size = formats.money(amount) if number == 1 else f"{formats.money(amount)}, over and under added"
    sentence = f"{formats.count(number)} {are} from what the rate and basis give, by {size}."
    detail = "The amount in the file is counted; the rule is only compared with it."
    action = "Check these payouts against their contracts."
    yield Draft(_note("payout_mismatch", sentence, detail, action, amount, "money", "payouts_by_basis"), amount, STANDS)


def _unallocated(evidence: Evidence) -> Iterator[Draft]:
    amount = evidence.unallocated
    if not (math.isfinite(amount) and amount > 0):
        return
    part = f" ({formats.share(amount / evidence.spend)} of it)" if evidence.spend > 0 else ""
    sentence = f"{formats.money(amount)} of spend{part} lies on no influencer or product of this selection."
    detail = "It counts in the whole and in no group, so groups look cheaper than they are."
    action = "Add the missing influencer ids to the payouts file."
    yield Draft(_note("unallocated", sentence, detail, action, amount, "money", "payouts_by_basis"), amount, STANDS)
