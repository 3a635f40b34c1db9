"""Decides which effects an experiment's own random assignment cannot rule out: permutations turned into intervals."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from analytics.effects.effect import Effect
from analytics.effects.refusals import CannotTell, Numbers, at_level

Arms = npt.NDArray[np.bool_]
DEALS = 4999
SEED = 20261121
CLOSE = 1e-9


def assignments(treated: Arms, deals: int = DEALS, seed: int = SEED) -> Arms:
    """Ways to deal the same number of treated to these units, one a row: all when there are at most `deals` of them,
    else that many drawn with a seed, the one that happened first."""
    n, few = len(treated), int(treated.sum())
    if math.comb(n, few) <= deals:
        chosen = np.array(list(itertools.combinations(range(n), few)))
        made = np.zeros((len(chosen), n), dtype=bool)
        np.put_along_axis(made, chosen, True, axis=1)
        return made
    order = np.random.default_rng(seed).random((deals, n)).argsort(axis=1)
    drawn: Arms = np.vstack([treated[None], order < few])
    return drawn


def contrast(arms: Arms, values: Numbers) -> Numbers:
    """Mean of the treated minus mean of the others, one a row of arms."""
    few = arms.sum(axis=1)
    inside = arms @ values
    difference: Numbers = inside / few - (values.sum() - inside) / (len(values) - few)
    return difference


def p_value(seen: float, dealt: Numbers) -> float:
    """Share of assignments (the one that happened among them) at least as far from 0 as what was seen."""
    return float(np.mean(np.abs(dealt) >= abs(seen) * (1 - CLOSE)))


def inverted(
    seen: tuple[float, float],
    dealt: tuple[Numbers, Numbers],
    level: float,
    sides: int = 2,
    extras: Mapping[str, float] | None = None,
) -> Effect:
    """Effects that a permutation test at 1 − level does not reject, without a grid.

    Each assignment gives a statistic a − θ b, where θ is the assumed effect, a that of the outcomes and b that of the
    doses: `seen` for the one that happened, `dealt` for all of them (that one included). θ is kept while more than
    1 − level of the assignments are at least as extreme. Each assignment's crossing points are solved, so the ends
    are exact (Ernst 2004, section 4; Rosenbaum 2002, 2.6). Refuses when too few assignments exist for this level.
    """
    (a, b), (others_a, others_b) = seen, dealt
    if sides not in (1, 2):
        raise CannotTell(f"An interval has 1 or 2 sides, not {sides}.")
    if abs(b) < 1e-300:
        raise CannotTell("Nothing was spent on the treated, so there is nothing to divide by.")
    point = float(a / b)
    lower, upper = _crossings((a, b), (others_a, others_b), sides)
    # One is always as extreme as itself, so without a second one to spare nothing can be ruled out.
    place = math.floor((1 - at_level(level)) * len(lower) + CLOSE)
    if place < 1:
        raise CannotTell(f"Only {len(lower)} assignments are possible, too few for an interval at {level:.0%}.")
    low = min(float(np.sort(lower)[place]), point)
    high = max(float(np.sort(upper)[-place - 1]), point) if sides == 2 else math.inf
    if math.isinf(low) or (sides == 2 and math.isinf(high)):
        raise CannotTell(f"The assignments are too alike to bound the effect at {level:.0%}: use more units.")
    se = float(np.std(others_a - point * others_b) / abs(b))
    told = {"p": p_value(a, others_a), "assignments": float(len(lower)), **(extras or {})}
    return Effect(point, low, high, level, se, math.inf, told)


def _crossings(seen: tuple[float, float], dealt: tuple[Numbers, Numbers], sides: int) -> tuple[Numbers, Numbers]:
    """Per assignment: from where to where in θ it is at least as extreme as the one that happened."""
    (a, b), (others_a, others_b) = seen, dealt
    # With as strong a dose as the one that happened no assumed effect tells the two apart: always as extreme.
    alike = np.abs(others_b) >= (1 - CLOSE) * abs(b)
    signs = (1.0, -1.0) if sides == 2 else (1.0,)
    roots = np.vstack([(a - sign * others_a) / np.where(alike, 1.0, b - sign * others_b) for sign in signs])
    return np.where(alike, -np.inf, roots.min(axis=0)), np.where(alike, np.inf, roots.max(axis=0))
