"""Decides when a few buyers carry a result, and what it would be if the largest were held to the next-largest."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from analytics.effects.means import Contrast, difference
from analytics.effects.refusals import CannotTell, Numbers, numbers

HEAVY = 0.3


@dataclass(frozen=True)
class Tail:
    """share: of all positive amounts, held by the largest 1 % of buyers (`buyers`, at least one); heavy: above 30 %,
    where intervals miss more often than they say, mostly by lying above the truth (statistics.md 4)."""

    share: float
    buyers: int
    is_heavy: bool
    says: str


@dataclass(frozen=True)
class Winsorised:
    """A robustness figure, never the result: amounts above `cap` were held to it in both arms, `held` units of them.
    It is biased towards no effect; `label` says so wherever it is shown."""

    effect: Contrast
    cap: float
    held: int
    label: str


def heavy_tail(values: Any) -> Tail:
    """How much of the positive amounts the largest 1 % of buyers hold (units with an amount above 0)."""
    buyers = _buyers(numbers(values, "the amounts").ravel())
    count = math.ceil(len(buyers) / 100)
    top = np.sort(buyers)[-count:] / buyers.max()
    share = float(top.sum() / (buyers / buyers.max()).sum())
    is_heavy = share > HEAVY
    outcome = "so the interval may miss more often than it says" if is_heavy else "no few of them carry the result"
    says = f"The largest {count} of {len(buyers)} buyers hold {share:.0%} of the amounts, {outcome}."
    return Tail(share, count, is_heavy, says.replace("amounts, no", "amounts: no"))


def winsorised(treated: Any, control: Any, level: float = 0.9, share: float = 0.99) -> Winsorised:
    """`difference` with amounts held to the `share` quantile of both arms' buyers; one value a unit."""
    if not 0.5 <= share < 1:
        raise CannotTell(f"Amounts can't be held to their {share:g} quantile: choose one from 0.5 to below 1.")
    arms = [numbers(values, name).ravel() for values, name in ((treated, "treated arm"), (control, "control arm"))]
    both = np.concatenate(arms)
    cap = float(np.quantile(_buyers(both), share))
    effect = difference(np.minimum(arms[0], cap), np.minimum(arms[1], cap), level)
    held = int((both > cap).sum())
    label = f"Robustness figure, not the result: {held} of {len(both)} amounts held to {cap:,.0f}."
    return Winsorised(effect, cap, held, label)


def _buyers(values: Numbers) -> Numbers:
    found: Numbers = values[values > 0]
    if not len(found):
        raise CannotTell("No unit has an amount above zero, so there is nothing to compare.")
    return found
