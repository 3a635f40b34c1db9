"""Decides what docs/metrics.md and docs/vocabulary.md say: written from the registries, so that they cannot lag behind."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

from analytics.assumptions import COST_LAYERS, GRAINS, TIER_SCHEMES
from analytics.incrementality.court import METHODS
from analytics.metrics import METRICS
from analytics.scores import SCORES
from data import reference, schema
from settings import ROOT

MADE = "<!-- Written by `./truelift docs` from the registries in the code: change those, not this file. -->"


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    lines = [f"| {' | '.join(head)} |", f"| {' | '.join('---' for _ in head)} |"]
    return lines + [f"| {' | '.join(str(cell).replace('|', '/') for cell in row)} |" for row in rows] + [""]


def metrics_page() -> str:
    """docs/metrics.md: every metric, score and method with its formula."""
    lines = ["# Metrics", "", MADE, "", "Every number on screen, on paper and in the commands is one of these. A ratio is a ratio of sums,",
             "never a mean of ratios. Bare keys count attributed rows only; `.all` counts organic rows too; `.gifts` adds gifted",
             "products at cost to the spend. What cannot be computed is “–”, with the reason beside it.", ""]  # fmt: skip
    lines += _table(("key", "name", "formula", "unit", "better", "must be said", "source"), (
        (f"`{one.key}`", one.label, one.formula, one.unit, one.better or "–", one.says, one.source) for one in METRICS.values()))  # fmt: skip
    lines += ["## Scores", "", "Weighted ranks within the table that is shown: an order, never an amount.", ""]
    lines += _table(("key", "name", "weights", "must be said", "source"), (
        (f"`{one.key}`", one.label, one.formula, one.says, one.source) for one in SCORES.values()))  # fmt: skip
    lines += ["## Incremental ROAS: the methods", "", "Only a comparison with arms assigned at random may be a headline. The others are shown",
              "beside it with their flaw, and refused where the selection lacks what they need.", ""]  # fmt: skip
    lines += _table(("id", "method", "formula", "needs", "known flaw", "role", "source"), (
        (f"`{one.id}`", one.label, one.formula, "; ".join(one.needs), one.flaw, one.role, one.source) for one in METHODS.values()))  # fmt: skip
    lines += ["## Ways of reckoning", "", "They live in the address beside the filters.", ""]
    choices = {"cost": COST_LAYERS, "tiers": TIER_SCHEMES, "grain": GRAINS}
    lines += _table(("key", "choices"), ((f"`{key}`", ", ".join(f"`{name}` ({says})" for name, says in known.items()))
                                         for key, known in choices.items()))  # fmt: skip
    lines += ["`confidence` (0.5–0.99, usually 0.9) is the level of every interval; `assumed_organic` (0–0.95, usually 0.2) is the",
              "share that `iroas.assumed_baseline` takes off.", "", "## Tier schemes", ""]  # fmt: skip
    lines += _table(("scheme", "tiers from"), ((f"`{scheme}`", ", ".join(f"{tier.name} {tier.followers_from:,}" for tier in tiers))
                                               for scheme, tiers in reference.tiers().items()))  # fmt: skip
    lines += ["`seed_s4` keeps that report's own order, in which Mega lies below Macro: the industry has it the other way round.", ""]
    return "\n".join(lines)


def vocabulary_page() -> str:
    """docs/vocabulary.md: words, tables and their fields, dimensions, measures."""
    lines = ["# Vocabulary", "", MADE, "", "One concept, one word: in column, variable, address, metric key, label, test and caption.", ""]
    lines += _table(("word", "means", "never"), ((row["word"], row["means"], ", ".join(row["not"].split())) for row in reference.vocabulary()))
    lines += ["## Tables", ""]
    for table in schema.TABLES.values():
        lines += [f"### {table.key}", "", f"{table.says[0].upper()}{table.says[1:]}.", ""]
        lines += _table(("field", "kind", "means", "headers that are understood"), (
            (f"`{one.key}`", one.kind, one.says, ", ".join(f"`{alias}`" for alias in _aliases(table.key, one.key))) for one in table.fields))  # fmt: skip
    lines += ["## Dimensions", ""]
    lines += _table(("key", "label", "means", "filter"), (
        (f"`{one.key}`", one.label, one.says, "yes" if one.filtered else "–") for one in schema.DIMENSIONS.values()))  # fmt: skip
    lines += ["## Measures", ""]
    lines += _table(("key", "label", "unit", "means", "adds up"), (
        (f"`{one.key}`", one.label, one.unit, one.says, "yes" if one.how == "sum" else "no, distinct") for one in schema.MEASURES.values()))  # fmt: skip
    return "\n".join(lines)


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
