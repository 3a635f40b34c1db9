"""Decides what a test of this size can see, what size an effect needs, and what knowing it costs."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy import optimize, stats

from analytics.effects.means import ALTERNATIVES, TWO_SIDED
from analytics.effects.refusals import CannotTell
from analytics.ratios import satterthwaite

MOST = 1e12
SURE = 37.0


@dataclass(frozen=True)
class IroasDesign:
    """A test of incremental ROAS. sd_treated, sd_control: of revenue a unit, money. spend: on all treated units, money.
    explained: share of the variance that the pre-period takes away (squared correlation; 0 without one)."""

    n_treated: float
    n_control: float
    sd_treated: float
    sd_control: float
    spend: float
    explained: float = 0.0

    def __post_init__(self) -> None:
        if not all(math.isfinite(size) and size >= 2 for size in (self.n_treated, self.n_control)):
            raise CannotTell("An arm has fewer than two units, so nothing can be planned: choose more.")
        _positive("Spend and the scatter of revenue", self.spend, self.sd_treated + self.sd_control)
        if min(self.sd_treated, self.sd_control) < 0 or not 0 <= self.explained < 1:
            raise CannotTell("Scatter can't be negative and at most a part of it can be explained: check the plan.")

    @property
    def se(self) -> float:
        """Standard error of the iROAS: n_T × √((sd_T²/n_T + sd_C²/n_C)(1 − explained)) ÷ spend, a multiple."""
        variance = self.sd_treated**2 / self.n_treated + self.sd_control**2 / self.n_control
        return self.n_treated * math.sqrt(variance * (1 - self.explained)) / self.spend

    @property
    def df(self) -> float:
        """Welch's degrees of freedom."""
        n, m = self.n_treated, self.n_control
        parts = self.sd_treated**2 / n, self.sd_control**2 / m
        return satterthwaite(parts[0], n, parts[1], m)  # type: ignore[arg-type]  # planned sizes may be fractions


@dataclass(frozen=True)
class Simulated:
    """Share of simulated worlds that found the effect, its Monte Carlo standard error, and how many worlds."""

    power: float
    se: float
    worlds: int


@dataclass(frozen=True)
class Cost:
    """What withholding spend costs, money: revenue and margin that it would have brought, the spend kept, and what is
    lost on balance (margin less spend kept; negative when withholding saves money)."""

    revenue: float
    margin: float
    spend_kept: float
    net: float


def power_of(
    effect: float, se: float, df: float, alpha: float = 0.05, alternative: str = TWO_SIDED, strict: bool = True
) -> float:
    """Probability that a t test at alpha finds an effect with this standard error: noncentral t, ncp = effect/se.

    strict: counts rejections on the wrong side too, as they are rejections (R's power.t.test leaves them out by
    default). df may be infinite (normal). alternative: two-sided, greater or less.
    """
    _positive("A standard error", se, df)
    if not math.isfinite(effect):
        raise CannotTell("The effect is not a number: name the one to be seen.")
    away = effect / se if alternative != "less" else -effect / se
    if alternative == TWO_SIDED:
        away = abs(away)
    tails = _tails(alpha, alternative)
    critical = float(stats.t.isf(alpha / tails, df))
    found = _beyond(critical, df, away)
    return min(found + (_beyond(critical, df, -away) if tails == 2 and strict else 0.0), 1.0)


def _beyond(critical: float, df: float, away: float) -> float:
    """P(t > critical) when the noncentrality is `away`."""
    if away - critical > SURE:
        return 1.0
    if critical - away > SURE and away <= 0:
        return 0.0
    if df > 1e6:
        return float(stats.norm.sf(critical - away))
    # The distribution is mirrored for a negative one, where the direct tail loses its digits.
    chance = float(stats.nct.cdf(-critical, df, -away)) if away < 0 else float(stats.nct.sf(critical, df, away))
    return chance if math.isfinite(chance) else float(stats.norm.sf(critical - away))


def t_power(
    d: float, n1: float, n2: float | None = None, alpha: float = 0.05, alternative: str = TWO_SIDED,
    strict: bool = True,
) -> float:  # fmt: skip
    """Power of the two-sample t test at d = difference ÷ sd; n2 is n1 when left out. Sizes may be fractions."""
    m = n1 if n2 is None else n2
    if min(n1, m) <= 1:
        raise CannotTell("An arm has at most one unit, so nothing can be seen: choose more.")
    return power_of(d, math.sqrt(1 / n1 + 1 / m), n1 + m - 2, alpha, alternative, strict)


def t_size(
    d: float, power: float = 0.8, alpha: float = 0.05, alternative: str = TWO_SIDED, ratio: float = 1.0,
    strict: bool = True,
) -> float:  # fmt: skip
    """Units in the first arm (a fraction: round up) for this power; ratio: second arm ÷ first (80/20: 0.25)."""
    _positive("A ratio of arms", ratio)
    least = 1.0 + 1e-6 if ratio >= 1 else 1.0 / ratio + 1e-6
    return _smallest(lambda n: t_power(d, n, n * ratio, alpha, alternative, strict), power, max(least, 1.0 + 1e-6), d)


def t_effect(
    n1: float, n2: float | None = None, power: float = 0.8, alpha: float = 0.05, alternative: str = TWO_SIDED,
    strict: bool = True,
) -> float:  # fmt: skip
    """Smallest d = difference ÷ sd seen with this power (minimum detectable effect), above zero."""
    sign = -1.0 if alternative == "less" else 1.0
    return _effect(lambda d: t_power(sign * d, n1, n2, alpha, alternative, strict), power, alpha)


def one_sample_power(
    d: float, n: float, alpha: float = 0.05, alternative: str = TWO_SIDED, strict: bool = True
) -> float:
    """Power of the one-sample or paired t test at d = mean (of differences) ÷ its sd, over n units or pairs."""
    if n <= 1:
        raise CannotTell("There is at most one unit, so nothing can be seen: choose more.")
    return power_of(d, 1 / math.sqrt(n), n - 1, alpha, alternative, strict)


def one_sample_size(
    d: float, power: float = 0.8, alpha: float = 0.05, alternative: str = TWO_SIDED, strict: bool = True
) -> float:
    """Units or pairs (a fraction: round up) for this power."""
    return _smallest(lambda n: one_sample_power(d, n, alpha, alternative, strict), power, 1.0 + 1e-6, d)


def shares_power(
    p1: float, p2: float, n1: float, n2: float | None = None, alpha: float = 0.05, alternative: str = TWO_SIDED,
    strict: bool = False,
) -> float:  # fmt: skip
    """Power of comparing two shares: normal, pooled variance under no difference, no continuity correction (R's
    power.prop.test; Fleiss, Levin & Paik 2003, 4.1, for unequal arms)."""
    m = n1 if n2 is None else n2
    if not (0 <= p1 <= 1 and 0 <= p2 <= 1) or min(n1, m) <= 0:
        raise CannotTell("Shares lie between 0 and 1 and both arms need units: check the plan.")
    both = (n1 * p1 + m * p2) / (n1 + m)
    null, real = (math.sqrt(a * (1 - a) / n1 + b * (1 - b) / m) for a, b in ((both, both), (p1, p2)))
    _positive("The scatter of the shares", null, real)
    tails = _tails(alpha, alternative)
    reach = float(stats.norm.isf(alpha / tails)) * null
    away = abs(p1 - p2) if tails == 2 else (p1 - p2 if alternative == "greater" else p2 - p1)
    other = float(stats.norm.cdf((-reach - away) / real)) if tails == 2 and strict else 0.0
    return float(stats.norm.sf((reach - away) / real)) + other


def shares_size(
    p1: float, p2: float, power: float = 0.8, alpha: float = 0.05, alternative: str = TWO_SIDED, ratio: float = 1.0,
    strict: bool = False,
) -> float:  # fmt: skip
    """Units in the first arm (a fraction: round up) to tell two shares apart; ratio: second arm ÷ first."""
    return _smallest(
        lambda n: shares_power(p1, p2, n, n * ratio, alpha, alternative, strict), power, 1e-3, p1 - p2
    )  # fmt: skip


def effect_h(p1: float, p2: float) -> float:
    """Cohen's h of two shares: 2·asin√p1 − 2·asin√p2 (Cohen 1988, 6.2)."""
    if not (0 <= p1 <= 1 and 0 <= p2 <= 1):
        raise CannotTell("Shares lie between 0 and 1: check the plan.")
    return 2 * math.asin(math.sqrt(p1)) - 2 * math.asin(math.sqrt(p2))


def h_power(h: float, n1: float, n2: float | None = None, alpha: float = 0.05, alternative: str = TWO_SIDED) -> float:
    """Power of comparing two shares at arcsine effect h (Cohen 1988; pwr.2p2n.test): normal, se √(1/n1 + 1/n2)."""
    m = n1 if n2 is None else n2
    if min(n1, m) <= 0:
        raise CannotTell("An arm has no units, so nothing can be seen: choose more.")
    return power_of(h, math.sqrt(1 / n1 + 1 / m), math.inf, alpha, alternative)


def h_size(
    h: float, power: float = 0.8, alpha: float = 0.05, alternative: str = TWO_SIDED, ratio: float = 1.0
) -> float:
    """Units in the first arm (a fraction: round up) at arcsine effect h; ratio: second arm ÷ first."""
    return _smallest(lambda n: h_power(h, n, n * ratio, alpha, alternative), power, 1e-3, h)


def iroas_power(
    design: IroasDesign, iroas: float, alpha: float = 0.1, alternative: str = TWO_SIDED, against: float = 0.0
) -> float:
    """Probability that the test tells a true iROAS from `against` (0: any effect, 1: revenue back)."""
    return power_of(iroas - against, design.se, design.df, alpha, alternative)


def iroas_effect(design: IroasDesign, power: float = 0.8, alpha: float = 0.1, alternative: str = TWO_SIDED) -> float:
    """Smallest iROAS told from 0 with this power (minimum detectable effect), a multiple."""
    sign = -1.0 if alternative == "less" else 1.0
    return design.se * _effect(
        lambda d: power_of(sign * d, 1.0, design.df, alpha, alternative), power, alpha
    )  # fmt: skip


def iroas_size(
    design: IroasDesign, iroas: float, power: float = 0.8, alpha: float = 0.1, alternative: str = TWO_SIDED
) -> float:
    """Units in both arms (a fraction: round up) to tell this iROAS from 0; arms' shares and spend a unit stay."""
    whole = design.n_treated + design.n_control

    def seen(n: float) -> float:
        grown, by = n / whole, design
        by = replace(by, n_treated=by.n_treated * grown, n_control=by.n_control * grown, spend=by.spend * grown)
        return iroas_power(by, iroas, alpha, alternative)

    least = 2.0 * whole / min(design.n_treated, design.n_control) + 1e-6
    return _smallest(seen, power, least, iroas)


def simulated_power(
    world: Callable[[np.random.Generator], bool], worlds: int = 1000, seed: int = 20261121
) -> Simulated:
    """Share of worlds in which `world`, the actual design with its actual analysis, finds the effect.

    world: draws one world from the generator and says whether it rejects; a refusal (CannotTell) counts as not found.
    Each world has its own stream, so world i is the same whatever `worlds` is.
    """
    if worlds < 2:
        raise CannotTell("Power can't be simulated from fewer than two worlds: ask for more.")
    streams = np.random.SeedSequence(seed).spawn(worlds)
    found = sum(_finds(world, np.random.default_rng(stream)) for stream in streams)
    share = found / worlds
    return Simulated(share, math.sqrt(max(share * (1 - share), 1 / worlds) / worlds), worlds)


def _finds(world: Callable[[np.random.Generator], bool], rng: np.random.Generator) -> bool:
    try:
        return bool(world(rng))
    except CannotTell:
        return False


def cost_of_knowing(spend_withheld: float, expected_iroas: float, margin: float) -> Cost:
    """What the control costs: spend withheld × expected iROAS × margin (share of revenue), less the spend kept."""
    given = (spend_withheld, expected_iroas, margin)
    if not all(math.isfinite(number) for number in given) or spend_withheld < 0 or not 0 <= margin <= 1:
        raise CannotTell("The cost needs a spend of zero or more, an expected iROAS and a margin between 0 and 1.")
    revenue = spend_withheld * expected_iroas
    return Cost(revenue, revenue * margin, spend_withheld, revenue * margin - spend_withheld)


def _smallest(seen: Callable[[float], float], power: float, least: float, effect: float) -> float:
    """Smallest size with this power."""
    if effect == 0 or not math.isfinite(effect):
        raise CannotTell("An effect of nothing can't be seen at any size: name one that is not zero.")
    if not 0 < power < 1:
        raise CannotTell(f"A power of {power:g} can't be planned: choose one between 0 and 1.")
    if seen(least) >= power:
        return least
    most = max(2 * least, 4.0)
    while seen(most) < power:
        most *= 2
        if most > MOST:
            raise CannotTell("No size within reach shows this effect: it is too small, or on the other side.")
    return float(optimize.brentq(lambda n: seen(n) - power, most / 2 if most / 2 > least else least, most, xtol=1e-11))


def _effect(seen: Callable[[float], float], power: float, alpha: float) -> float:
    if not alpha < power < 1:
        raise CannotTell(f"A power of {power:g} can't be planned: choose one between {alpha:g} and 1.")
    most = 1.0
    while seen(most) < power:
        most *= 2
        if most > MOST:
            raise CannotTell("No effect within reach shows at this size: choose more units.")
    return float(optimize.brentq(lambda d: seen(d) - power, 0.0, most, xtol=1e-13))


def _tails(alpha: float, alternative: str) -> int:
    if not 0 < alpha < 1:
        raise CannotTell(f"An error of {alpha:g} can't be allowed: choose one between 0 and 1.")
    if alternative not in ALTERNATIVES:
        raise CannotTell(f"“{alternative}” is no alternative: choose two-sided, greater or less.")
    return 2 if alternative == TWO_SIDED else 1


def _positive(what: str, *values: float) -> None:
    if not all(value > 0 for value in values):
        raise CannotTell(f"{what} must lie above zero: check the plan.")
