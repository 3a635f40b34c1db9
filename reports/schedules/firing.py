"""Decides what is said of a look at a rule: the reason on page one of its report, or why there is none."""

from __future__ import annotations

import math
from dataclasses import replace

from analytics import formats
from analytics.watch import Watched
from data.filters import Filters
from data.ledger.alerts import AlertRow
from reports.schedules import amounts
from reports.schedules.alerts import FIRED, IROAS, Rule, happened


def said(rule: Rule, query: str, seen: Watched | None, why: str, known: AlertRow, then: tuple[str, bool]) -> str:
    """What a look found, in sentences. seen, why: None and a clause where nothing could be computed. known: the state
    before; then: the state after, and whether the rule fired."""
    subject = _subject(rule, query)
    if seen is None or why:
        return _missing(subject, why)
    if then[1]:
        was = math.nan if known.value is None else known.value
        return _sentence(rule, f"{subject} {happened(rule, was)}: {_value(rule, seen)}", seen, known)
    now = f"{subject} {rule.verb} {_value(rule, seen)}"
    if known.state == FIRED:
        back = amounts.said(rule.back, rule.unit)
        still = f"A report was sent; the next can be once it is back at {back}."
        return f"{now}. {still if then[0] == FIRED else 'That is back far enough: the alert is armed again.'}"
    return f"{now}. That is no reason for a report."


def glanced(rule: Rule, query: str, seen: Watched | None, why: str, fires: bool) -> str:
    """What it is now, and whether the rule would fire."""
    if seen is None or why:
        return f"{_missing(_subject(rule, query), why)} It would not fire."
    now = f"{_subject(rule, query)} {rule.verb} {_value(rule, seen)}"
    return f"{now}. It would {'fire at once' if fires else 'not fire'}."


def _missing(subject: str, why: str) -> str:
    clause = why.rstrip(".") or "there is no number"
    return f"{subject} cannot be computed: {clause}."


def _sentence(rule: Rule, now: str, seen: Watched, known: AlertRow) -> str:
    """The reason, with what it was before, and whether the same days read otherwise then."""
    if known.value is None:
        return f"{now}."
    restated = known.query == seen.query and known.version != seen.version
    if rule.is_change or rule.metric == IROAS:
        return f"{now}.{' The data of these days were restated since the last look.' if restated else ''}"
    was = f"it was {amounts.beside(known.value, rule.threshold, rule.unit)}"
    if restated:
        return f"{now} ({was} before the data of these days were restated)."
    days = Filters.from_query(known.query)
    when = f" in {formats.span(days.since, days.until)}" if days.since and days.until else ""
    return f"{now} ({was}{when if known.query != seen.query else ''})."


def _value(rule: Rule, seen: Watched) -> str:
    """The number with its days; of a change both numbers and how far it moved."""
    days = f" in {formats.span(seen.since, seen.until)}" if seen.since and seen.until else ""
    if rule.metric == IROAS:
        ends = formats.interval(seen.lower, seen.upper, rule.unit)
        return f"{ends} (interval around {formats.multiple(seen.value)}){days}"
    if not rule.is_change:
        return f"{amounts.beside(seen.value, rule.threshold, rule.unit)}{days}"
    moved = rule.of(seen.value, seen.lower, seen.upper, seen.before)
    by, word = amounts.beside(abs(moved), rule.threshold, rule.unit), _direction(rule, moved)
    both = [formats.write(value, rule.written_in) for value in (seen.value, seen.before)]
    than = f"than in {formats.span(*seen.before_days)}" if seen.before_days else "than in the period before"
    return f"{both[0]}{days}, {by} {word} {than} ({both[1]})"


def _direction(rule: Rule, moved: float) -> str:
    """Which way the number itself moved; `moved` is turned so that more is further beyond the threshold."""
    return "more" if (moved >= 0) == (rule.kind == "up by") else "less"


def _subject(rule: Rule, query: str) -> str:
    """“ROAS of Gritzo on YouTube (Tier: Micro)”."""
    filters = Filters.from_query(query)
    parts = [f" of {formats.listing(filters.brand)}"] if filters.brand else []
    parts += [f" on {formats.listing(filters.platform)}"] if filters.platform else []
    rest = replace(filters, since=None, until=None, brand=(), platform=())
    parts += [f" ({rest.describe()})"] if rest != Filters() else []
    return f"{rule.label}{''.join(parts)}"
