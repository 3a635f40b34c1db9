"""Decides the composite scores: which metrics, in which weights, and how ranks become 0 to 100."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics import formats
from analytics.metrics import METRICS, Metric
from data import schema

LEAST_ROWS = 3


@dataclass(frozen=True)
class Score:
    """A weighted mean of percentile ranks; it stands wherever a Metric stands.

    parts: metric key and weight. Ranks run from 0 (last) to 100 (first) in the sense of each metric's `better`; ties
    share the mean of their ranks. A part that the whole frame lacks is left out and the weights are scaled up; a row
    that lacks a part which others have has no score, and is not ranked against. Fewer than 3 rows have no ranks.
    """

    key: str
    label: str
    parts: tuple[tuple[str, float], ...]
    says: str
    source: str = ""
    unit: str = "score"
    better: str = "higher"

    @property
    def measures(self) -> tuple[str, ...]:
        """The measures that its metrics are made of, each once, in the schema's order."""
        needed = {part for key, _ in self.parts for part in METRICS[key].measures}
        return tuple(key for key in schema.MEASURES if key in needed)

    @property
    def uses_spend(self) -> bool:
        """Whether the cost layer changes it."""
        return "spend" in self.measures

    @property
    def formula(self) -> str:
        """Written from its parts: “50 % rank of ROAS + 25 % rank of Revenue + …”."""
        return " + ".join(f"{formats.share(weight)} rank of {METRICS[key].label}" for key, weight in self.parts)

    def of(self, totals: pd.DataFrame) -> pd.Series:
        """One score a row of `totals` (columns: its measures, those that are there); NaN where it has none."""
        values = {key: _values(METRICS[key], totals) for key, _ in self.parts}
        kept = [(key, weight) for key, weight in self.parts if values[key].notna().any()]
        score = pd.Series(np.nan, index=totals.index, dtype=float)
        if not kept:
            return score
        whole = pd.concat([values[key].notna() for key, _ in kept], axis=1).all(axis=1)
        if whole.sum() < LEAST_ROWS:
            return score
        ranks = [weight * _ranks(values[key][whole], METRICS[key].better) for key, weight in kept]
        score[whole] = sum(ranks) / sum(weight for _, weight in kept)
        return score

    def why_missing(self, carried: Iterable[str]) -> str:
        """Why it reads “–”."""
        known = set(carried)
        if not any(set(METRICS[key].over) & known for key, _ in self.parts):
            return f"needs {formats.listing([METRICS[key].label.lower() for key, _ in self.parts])}: no file has them"
        return f"needs at least {LEAST_ROWS} to rank, each with {self._names()}"

    def write(self, value: object) -> str:
        """The value as people read it."""
        return formats.write(value, self.unit)

    def _names(self) -> str:
        return formats.listing([METRICS[key].label for key, _ in self.parts])


def _values(metric: Metric, totals: pd.DataFrame) -> pd.Series:
    """The metric a row, NaN all along when `totals` lacks its measures; never infinite."""
    values = metric.of(totals.reindex(columns=list(metric.measures)))
    return values.where(np.isfinite(values))


def _ranks(values: pd.Series, better: str) -> pd.Series:
    """0 to 100, ties at the mean of their ranks: (rank − 1) ÷ (n − 1)."""
    ranks = values.rank(method="average", ascending=better != "lower")
    return (ranks - 1) / (len(values) - 1) * 100


SCORES: dict[str, Score] = {
    score.key: score
    for score in (
        Score(
            "performance_score",
            "Performance score",
            (("roas", 0.5), ("engagement_rate", 0.25), ("revenue", 0.25)),
            "rank within this table, 0 to 100; an order, not an amount",
            "S1-14, S4-17: no weights given there, these are ours",
        ),
        Score(
            "product_score",
            "Product score",
            (("revenue", 0.4), ("roas", 0.3), ("margin", 0.3)),
            "rank within this table, 0 to 100; an order, not an amount",
            "S0-15",
        ),
    )
}
