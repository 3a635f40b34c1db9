"""Decides what a measured effect consists of: a point, its interval, how sure, and the figures behind it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from scipy import special, stats

from analytics.effects.refusals import CannotTell, at_level


class Checked(NamedTuple):
    """A condition that was looked at, whether it holds, and what was found in a sentence."""

    name: str
    passed: bool
    says: str


@dataclass(frozen=True)
class Effect:
    """An effect in the unit of its data (money, share, multiple), with its interval.

    level: of the interval. lower, upper: its ends; upper is infinite when only a lower bound was asked (sides 1).
    se, df: standard error and degrees of freedom of the reference distribution (infinite: normal or permutations).
    extras: further figures by name. Every number but such an upper end and df is finite, lower ≤ point ≤ upper; an
    Effect that breaks this can't be made (ValueError).
    """

    point: float
    lower: float
    upper: float
    level: float
    se: float
    df: float
    extras: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        known = (self.point, self.lower, self.se, *self.extras.values())
        if not all(math.isfinite(number) for number in known) or math.isnan(self.upper) or math.isnan(self.df):
            raise ValueError(f"not a number among {self}")
        if not self.lower <= self.point <= self.upper or self.se < 0:
            raise ValueError(f"the ends are out of order in {self}")


@dataclass(frozen=True)
class Student(Effect):
    """An effect whose uncertainty is Student's t (point, se, df), so that any level and side may be asked of it."""

    def quantile(self, share: float) -> float:
        """Value below which this share of the distribution lies."""
        return self.point + self.se * float(stats.t.ppf(share, self.df))

    def ends(self, level: float, sides: int = 2) -> tuple[float, float]:
        """Lower and upper end at another level; upper is infinite for one side."""
        if sides == 1:
            return self.quantile(1 - at_level(level)), math.inf
        return self.quantile((1 - at_level(level)) / 2), self.quantile((1 + level) / 2)

    def above(self, threshold: float) -> float:
        """Probability of more than `threshold`."""
        return float(stats.t.sf(threshold, self.df, loc=self.point, scale=self.se))

    @property
    def p(self) -> float:
        """Two-sided p value of no effect."""
        return float(2 * stats.t.sf(abs(self.point) / self.se, self.df))


def student(
    point: float, se: float, df: float, level: float, sides: int = 2, extras: Mapping[str, float] | None = None
) -> Student:
    """point ± t(level, df) × se; sides 1 gives a lower bound only. CannotTell when nothing shows the scatter."""
    if df < 1 or not math.isfinite(se) or se <= 0 or not math.isfinite(point):
        raise CannotTell("There is no scatter to judge the effect by: the values do not differ from what is expected.")
    if sides not in (1, 2):
        raise CannotTell(f"An interval has 1 or 2 sides, not {sides}.")
    share = (1 - at_level(level)) / sides
    # What scipy.stats.t.isf works out, without its fifty times longer look at the arguments.
    reach = se * float(-special.stdtrit(df, share))
    return Student(point, point - reach, point + reach if sides == 2 else math.inf, level, se, df, dict(extras or {}))
