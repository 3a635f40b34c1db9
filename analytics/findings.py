"""Decides which sentences the numbers bear out, and in which order they are worth reading."""

from __future__ import annotations

from analytics.assumptions import Assumptions
from analytics.finding_rules.contrasts import tried
from analytics.finding_rules.evidence import Draft, Evidence
from analytics.finding_rules.moves import moves, persona_table
from analytics.finding_rules.people import people
from analytics.finding_rules.whole import whole
from analytics.incrementality.verdict import DOES_NOT, WORKS
from analytics.views import Finding

__all__ = ["Evidence", "findings", "persona_table"]


def findings(evidence: Evidence, assumptions: Assumptions) -> tuple[Finding, ...]:
    """Every finding of the selection: those their interval bears out first, then by money at stake × certainty.

    Comparisons stand only when they survive Benjamini–Hochberg at 0.1 over all that were tried, shown or not; the
    others say “Cannot tell yet” with the size that would tell. Verdicts follow the interval, never 1 − p.
    """
    level = assumptions.confidence
    contrasts = tried(evidence, level)
    drafts: list[Draft] = [*whole(evidence, contrasts, level), *moves(evidence, contrasts, level), *people(evidence)]
    # What its interval bears out comes first: the rest is ordered by the money it is about.
    drafts.sort(key=lambda draft: (draft.finding.verdict not in (WORKS, DOES_NOT), -draft.weight))
    return tuple(draft.finding for draft in drafts)
