"""Decides which of many findings may be believed, and whether an experiment dealt its units as it meant to."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy import stats

from analytics.effects.refusals import CannotTell, Numbers, numbers

WAYS = ("bonferroni", "holm", "hochberg", "bh", "by")
LARGE = 1000


def adjusted_p(p: Any, how: str = "bh") -> Numbers:
    """Each p value as it must be read among all of them: significant at a where the adjusted one is ≤ a.

    how: `bonferroni`, `holm` (1979), `hochberg` (1988): chance of any false finding. `bh` (Benjamini & Hochberg 1995),
    `by` (Benjamini & Yekutieli 2001, any dependence): expected share of false ones among the findings. As R p.adjust.
    """
    values = numbers(p, "the list of p values").ravel()
    if ((values < 0) | (values > 1)).any():
        raise CannotTell("A p value lies outside 0 to 1: check the tests it comes from.")
    if how not in WAYS:
        raise CannotTell(f"“{how}” is no way to guard many tests: choose one of {', '.join(WAYS)}.")
    n = len(values)
    order = np.argsort(values, kind="stable")
    rank = np.arange(1, n + 1)
    harmonic = float(np.sum(1 / rank)) if how == "by" else 1.0
    factor = {"bonferroni": np.full(n, n), "holm": n - rank + 1, "hochberg": n - rank + 1}.get(how, n * harmonic / rank)
    raised = values[order] * factor
    if how in ("holm", "bonferroni"):
        raised = np.maximum.accumulate(raised)
    else:
        raised = np.minimum.accumulate(raised[::-1])[::-1]
    made = np.empty(n)
    made[order] = np.minimum(raised, 1.0)
    return made


def sample_ratio_p(n_treated: int, n_control: int, share: float = 0.5) -> float:
    """Two-sided p that units were dealt with this share treated: exact binomial below 1,000 units, else normal with
    continuity correction. A small one (below .001) says that the assignment or the data went wrong."""
    n = n_treated + n_control
    if n < 1 or min(n_treated, n_control) < 0 or not 0 < share < 1:
        raise CannotTell("There are no units, or the planned share is not between 0 and 1: state the design.")
    if n < LARGE:
        return float(stats.binomtest(n_treated, n, share).pvalue)
    far = max(abs(n_treated - n * share) - 0.5, 0.0)
    return float(2 * stats.norm.sf(far / math.sqrt(n * share * (1 - share))))
