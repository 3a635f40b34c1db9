"""Decides what docs/metrics.md says: every metric, score, way of reckoning and tier scheme, from the registries."""

from __future__ import annotations

from collections.abc import Iterator

from analytics.assumptions import COST_LAYERS, GRAINS, TIER_SCHEMES
from analytics.manual.markdown import MADE, table
from analytics.metrics import METRICS
from analytics.scores import SCORES
from data import reference

_METRICS = f"""# Metrics

{MADE}

Every number on screen, on paper and in the commands is one of these. A ratio is a ratio of sums,
never a mean of ratios. Bare keys count attributed rows only; `.all` counts organic rows too; `.gifts` adds gifted
products at cost to the spend. What cannot be computed is “–”, with the reason beside it.
"""
_SCORES = """## Scores

Weighted ranks within the table that is shown: an order, never an amount.
"""
_METHODS = """## Incremental ROAS

An iROAS is no ratio of columns but an estimate, with an interval and the id of its method:
see [methods.md](methods.md).
"""
_CHOICES = """## Ways of reckoning

They live in the address beside the filters.
"""
_TIERS = """\
`confidence` (0.5–0.99, usually 0.9) is the level of every interval; `assumed_organic` (0–0.95, usually 0.2) is the
share that `iroas.assumed_baseline` takes off; `experiment` is the key of the declared experiment to measure by.

## Tier schemes
"""
_MEGA = """\
`seed_s4` keeps that report's own order, in which Mega lies below Macro: the industry has it the other way round.
"""


def page() -> str:
    """docs/metrics.md: every metric and score with its formula."""
    metrics = ((f"`{m.key}`", m.label, m.formula, m.unit, m.better or "–", m.says, m.source) for m in METRICS.values())
    scores = ((f"`{score.key}`", score.label, score.formula, score.says, score.source) for score in SCORES.values())
    parts = [
        _METRICS,
        table("key | name | formula | unit | better | must be said | source", metrics),
        _SCORES,
        table("key | name | weights | must be said | source", scores),
        _METHODS,
        _CHOICES,
        table("key | choices", _choices()),
        _TIERS,
        table("scheme | tiers from", _schemes()),
        _MEGA,
    ]
    return "\n".join(parts)


def _choices() -> Iterator[tuple[str, str]]:
    for key, known in {"cost": COST_LAYERS, "tiers": TIER_SCHEMES, "grain": GRAINS}.items():
        yield f"`{key}`", ", ".join(f"`{name}` ({says})" for name, says in known.items())


def _schemes() -> Iterator[tuple[str, str]]:
    for scheme, tiers in reference.tiers().items():
        yield f"`{scheme}`", ", ".join(f"{tier.name} {tier.followers_from:,}" for tier in tiers)
