"""Decides which groups are compared at all, and which differences stand once all comparisons are counted."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics import ratios
from analytics.finding_rules.evidence import Evidence, amounts
from analytics.permutation import permuted_p
from data import schema

LEAST_PEOPLE = 5
LEAST_MONTHS = 6
LAST_MONTHS = 3
FALSE_SHARE = 0.1
TRAITS = ("tier", "platform", "influencer_category", "gender")
PERSONA = ("influencer_category", "tier", "platform", "gender")
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Contrast:
    """One group against all the others of its dimension. p: the larger of the linearised and the permuted one.

    spend, others_spend: money of the two sides. stands: survives Benjamini–Hochberg over everything tried, and its
    interval leaves out 0.
    """

    dimension: str
    group: str
    comparison: ratios.Comparison
    p: float
    spend: float
    others_spend: float
    stands: bool = False

    @property
    def difference(self) -> float:
        """How far the group lies above the others; negative when below."""
        return self.comparison.difference


def personas(people: pd.DataFrame, traits: Sequence[str] = PERSONA) -> pd.Series:
    """A person's traits in words (niche × tier × platform × gender unless told); empty where any of them is unknown."""
    rows = zip(*(people[trait] for trait in traits), strict=True)
    words = [
        "" if any(pd.isna(word) or word in ("", schema.UNKNOWN) for word in row) else " × ".join(row) for row in rows
    ]
    return pd.Series(words, index=people.index, dtype=object)


def tried(evidence: Evidence, level: float) -> tuple[Contrast, ...]:
    """Every comparison, shown later or not, with what stands among them at a false-discovery share of 0.1."""
    found = [*_people(evidence, level), *_products(evidence, level), *_months(evidence, level)]
    marks = ratios.benjamini_hochberg([contrast.p for contrast in found], FALSE_SHARE)
    return tuple(
        replace(contrast, stands=bool(mark) and not contrast.comparison.lower <= 0 <= contrast.comparison.upper)
        for contrast, mark in zip(found, marks, strict=True)
    )


def _people(evidence: Evidence, level: float) -> Iterator[Contrast]:
    people = evidence.people
    revenue, spend = amounts(people, "revenue").to_numpy(), amounts(people, "spend").to_numpy()
    labels = {trait: people[trait].astype(object).where(people[trait].notna(), "") for trait in TRAITS}
    labels["persona"] = personas(people)
    seen: set[bytes] = set()
    for dimension, words in labels.items():
        for group in sorted({str(word) for word in words} - {"", schema.UNKNOWN}):
            inside = words.astype(str).eq(group).to_numpy()
            # Two groups are one comparison, whichever is named first.
            if seen & {inside.tobytes(), (~inside).tobytes()}:
                continue
            seen.add(inside.tobytes())
            if min((spend[inside] > 0).sum(), (spend[~inside] > 0).sum()) >= LEAST_PEOPLE:
                sides = (revenue[inside], spend[inside], revenue[~inside], spend[~inside])
                yield from _judged(dimension, group, ratios.compare(*sides, level), sides)


def _judged(
    dimension: str, group: str, comparison: ratios.Comparison, sides: tuple[Numbers, Numbers, Numbers, Numbers]
) -> Iterator[Contrast]:
    if comparison.is_known:
        p = max(comparison.p, permuted_p(*sides))
        if math.isfinite(p):
            yield Contrast(dimension, group, comparison, p, float(sides[1].sum()), float(sides[3].sum()))


def _products(evidence: Evidence, level: float) -> Iterator[Contrast]:
    """Each product against all others; an influencer who sells both is one cluster, not two."""
    cells = evidence.product_people
    cells = cells.assign(revenue=amounts(cells, "revenue"), spend=amounts(cells, "spend"))
    cells = cells[cells["spend"] > 0]
    names, revenue, spend = (cells[name].to_numpy() for name in ("product", "revenue", "spend"))
    wide = cells.pivot_table(index="influencer_id", columns="product", values=["revenue", "spend"], aggfunc="sum")
    for group in sorted(set(names) - {schema.UNKNOWN}):
        mine = {name: wide[name][group].fillna(0.0).to_numpy() for name in ("revenue", "spend")}
        others = {name: wide[name].drop(columns=group).sum(axis=1).to_numpy() for name in ("revenue", "spend")}
        if min((mine["spend"] > 0).sum(), (others["spend"] > 0).sum()) < LEAST_PEOPLE:
            continue
        compared = ratios.compare_shared(mine["revenue"], mine["spend"], others["revenue"], others["spend"], level)
        inside = names == group
        sides = (revenue[inside], spend[inside], revenue[~inside], spend[~inside])
        yield from _judged("product", str(group), compared, sides)


def _months(evidence: Evidence, level: float) -> Iterator[Contrast]:
    """Mean monthly revenue of the last three months against all earlier ones; money a month."""
    revenue = amounts(evidence.monthly, "revenue").to_numpy()
    if len(revenue) >= LEAST_MONTHS:
        late, early = revenue[-LAST_MONTHS:], revenue[:-LAST_MONTHS]
        sides = (late, np.ones(len(late)), early, np.ones(len(early)))
        yield from _judged("month", "last", ratios.compare(*sides, level), sides)
