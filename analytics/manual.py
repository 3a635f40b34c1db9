"""Decides what docs/metrics.md and docs/vocabulary.md say: written from the registries, so they never lag behind."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence

from analytics.assumptions import COST_LAYERS, GRAINS, TIER_SCHEMES
from analytics.incrementality.court import METHODS
from analytics.metrics import METRICS
from analytics.scores import SCORES
from data import reference, schema
from settings import ROOT

MADE = "<!-- Written by `./truelift docs` from the registries in the code: change those, not this file. -->"
_METRICS = f"""# Metrics

{MADE}

Every number on screen, on paper and in the commands is one of these. A ratio is a ratio of sums,
never a mean of ratios. Bare keys count attributed rows only; `.all` counts organic rows too; `.gifts` adds gifted
products at cost to the spend. What cannot be computed is “–”, with the reason beside it.
"""
_SCORES = """## Scores

Weighted ranks within the table that is shown: an order, never an amount.
"""
_METHODS = """## Incremental ROAS: the methods

Only a comparison with arms assigned at random may be a headline. The others are shown
beside it with their flaw, and refused where the selection lacks what they need.
"""
_CHOICES = """## Ways of reckoning

They live in the address beside the filters.
"""
_TIERS = """\
`confidence` (0.5–0.99, usually 0.9) is the level of every interval; `assumed_organic` (0–0.95, usually 0.2) is the
share that `iroas.assumed_baseline` takes off.

## Tier schemes
"""
_MEGA = """\
`seed_s4` keeps that report's own order, in which Mega lies below Macro: the industry has it the other way round.
"""
_VOCABULARY = f"""# Vocabulary

{MADE}

One concept, one word: in column, variable, address, metric key, label, test and caption.
"""


def _table(head: str, rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table. head: the names of its columns, separated by “ | ”."""
    lines = [f"| {head} |", f"| {' | '.join('---' for _ in head.split(' | '))} |"]
    lines += [f"| {' | '.join(str(cell).replace('|', '/') for cell in row)} |" for row in rows]
    return "\n".join(lines) + "\n"


def _code(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def metrics_page() -> str:
    """docs/metrics.md: every metric, score and method with its formula."""
    metrics = ((f"`{m.key}`", m.label, m.formula, m.unit, m.better or "–", m.says, m.source) for m in METRICS.values())
    scores = ((f"`{score.key}`", score.label, score.formula, score.says, score.source) for score in SCORES.values())
    methods = (
        (f"`{one.id}`", one.label, one.formula, "; ".join(one.needs), one.flaw, one.role, one.source)
        for one in METHODS.values()
    )
    parts = [
        _METRICS,
        _table("key | name | formula | unit | better | must be said | source", metrics),
        _SCORES,
        _table("key | name | weights | must be said | source", scores),
        _METHODS,
        _table("id | method | formula | needs | known flaw | role | source", methods),
        _CHOICES,
        _table("key | choices", _choices()),
        _TIERS,
        _table("scheme | tiers from", _schemes()),
        _MEGA,
    ]
    return "\n".join(parts)


def _choices() -> Iterator[tuple[str, str]]:
    for key, known in {"cost": COST_LAYERS, "tiers": TIER_SCHEMES, "grain": GRAINS}.items():
        yield f"`{key}`", ", ".join(f"`{name}` ({says})" for name, says in known.items())


def _schemes() -> Iterator[tuple[str, str]]:
    for scheme, tiers in reference.tiers().items():
        yield f"`{scheme}`", ", ".join(f"{tier.name} {tier.followers_from:,}" for tier in tiers)


def vocabulary_page() -> str:
    """docs/vocabulary.md: words, tables and their fields, dimensions, measures."""
    words = ((row["word"], row["means"], ", ".join(row["not"].split())) for row in reference.vocabulary())
    dimensions = (
        (f"`{one.key}`", one.label, one.says, "yes" if one.filtered else "–") for one in schema.DIMENSIONS.values()
    )
    measures = (
        (f"`{one.key}`", one.label, one.unit, one.says, "yes" if one.how == "sum" else "no, distinct")
        for one in schema.MEASURES.values()
    )
    parts = [
        _VOCABULARY,
        _table("word | means | never", words),
        "## Tables\n",
        *(_fields(table) for table in schema.TABLES.values()),
        "## Dimensions\n",
        _table("key | label | means | filter", dimensions),
        "## Measures\n",
        _table("key | label | unit | means | adds up", measures),
    ]
    return "\n".join(parts)


def _fields(table: schema.Table) -> str:
    """One table of the import: what it is, then its fields with every header they are understood by."""
    rows = ((f"`{one.key}`", one.kind, one.says, _code(_aliases(table.key, one.key))) for one in table.fields)
    said = f"### {table.key}\n\n{table.says[0].upper()}{table.says[1:]}.\n\n"
    return said + _table("field | kind | means | headers that are understood", rows)


def _aliases(table: str, field: str) -> list[str]:
    return [alias for alias, (meant, _) in reference.headers(table).items() if meant == field]


PAGES = {"docs/metrics.md": metrics_page, "docs/vocabulary.md": vocabulary_page}


def write(check: bool = False) -> int:
    """Write the pages; with `check` only say which are out of date (1 when one is)."""
    late = 0
    for name, page in PAGES.items():
        path, text = ROOT / name, page()
        if check and (not path.exists() or path.read_text(encoding="utf-8") != text):
            sys.stderr.write(f"{name} is out of date: run ./truelift docs.\n")
            late = 1
        elif not check:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return late
