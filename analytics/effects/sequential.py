"""Decides how far a result must stand out when it is looked at a planned number of times."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
from scipy import optimize, stats

from analytics.effects.effect import Effect
from analytics.effects.refusals import CannotTell, Numbers, numbers

SHAPES = {"pocock": 0.5, "obrien-fleming": 0.0}
SPENDING = ("obrien-fleming", "pocock", "power", "hwang-shih-decani")
MOST_LOOKS = 100
FAR = 9.0


def looks_at(looks: int | Sequence[float]) -> Numbers:
    """Information at each look as a share of all: equally spaced for a number of looks. CannotTell unless rising."""
    planned = range(1, looks + 1) if isinstance(looks, int) else looks
    times = numbers(list(planned), "the plan of looks")
    if times.ndim != 1 or len(times) > MOST_LOOKS:
        raise CannotTell(f"Plan 1 to {MOST_LOOKS} looks.")
    if times[0] <= 0 or (np.diff(times) <= 0).any():
        raise CannotTell("Each look must come after the one before.")
    shares: Numbers = times / times[-1]
    return shares


def crossing(upper: Sequence[float] | Numbers, times: Numbers, sides: int = 2, drift: float = 0.0) -> Numbers:
    """Probability of first crossing at each look: row 0 above `upper`, row 1 below −`upper` (0 for one side).

    upper: bound on Z at each look; Z has mean drift·√t at information t. Recursive integration over the sum
    Z√t (Armitage, McPherson & Rowe 1969; Jennison & Turnbull 2000, chapter 19) by Gauss–Legendre.
    """
    bounds = np.asarray(upper, dtype=float)
    nodes, density = np.zeros(1), np.ones(1)
    out, before = np.zeros((2, len(times))), 0.0
    for look, (bound, time) in enumerate(zip(bounds, times, strict=True)):
        step = time - before
        sd, edge = math.sqrt(step), bound * math.sqrt(time)
        out[0, look] = density @ stats.norm.sf((edge - nodes - drift * step) / sd)
        low = -edge if sides == 2 else drift * time - FAR * math.sqrt(time)
        if sides == 2:
            out[1, look] = density @ stats.norm.cdf((-edge - nodes - drift * step) / sd)
        high = min(edge, drift * time + FAR * math.sqrt(time))
        low = max(low, drift * time - FAR * math.sqrt(time))
        if high <= low:
            break
        points, weights = _nodes(low, high, sd)
        carried = np.exp(-0.5 * ((points[:, None] - nodes - drift * step) / sd) ** 2) @ density
        nodes, density, before = points, weights * carried / (sd * math.sqrt(2 * math.pi)), time
    return out


@lru_cache(maxsize=64)
def _legendre(count: int) -> tuple[Numbers, Numbers]:
    return np.polynomial.legendre.leggauss(count)


def _nodes(low: float, high: float, sd: float) -> tuple[Numbers, Numbers]:
    """Points and weights over a stretch, as many as steps of this size need."""
    count = 16 * math.ceil((24 + 3.5 * (high - low) / sd) / 16)
    points, weights = _legendre(min(count, 640))
    return low + (points + 1) / 2 * (high - low), weights * (high - low) / 2


def constant(looks: int | Sequence[float], alpha: float = 0.05, shape: str | float = "pocock", sides: int = 2) -> float:
    """c of the bounds c·t^(Δ − ½) on |Z| (Z for one side) that are crossed with probability alpha without an effect.

    shape: Δ (Wang & Tsiatis 1987), or pocock (½, constant bounds; Pocock 1977) or obrien-fleming (0, c·√(K/k); O'Brien
    & Fleming 1979). looks: how many, equally spaced, or the information at each. Jennison & Turnbull 2000, 2.1–2.7.
    """
    times, power = looks_at(looks), _shape(shape) - 0.5
    _probability(alpha)
    rise = times**power
    # Not less than one look needs, not more than when looks were unrelated (Bonferroni).
    least = float(stats.norm.isf(alpha / _sides(sides)))
    most = float(stats.norm.isf(alpha / sides / len(times))) / min(float(rise[0]), 1.0)

    def left(c: float) -> float:
        return float(crossing(c * rise, times, sides).sum()) - alpha

    return float(optimize.brentq(left, least - 1e-6, most + 1e-6, xtol=1e-10))


def bounds(looks: int | Sequence[float], alpha: float = 0.05, shape: str | float = "pocock", sides: int = 2) -> Numbers:
    """Bound on |Z| (Z for one side) at each look: `constant` × t^(Δ − ½)."""
    times = looks_at(looks)
    made: Numbers = constant(looks, alpha, shape, sides) * times ** (_shape(shape) - 0.5)
    return made


def haybittle_peto(looks: int | Sequence[float], alpha: float = 0.05, early: float = 3.0, sides: int = 2) -> Numbers:
    """Bounds that are `early` at all looks but the last, where they use up alpha (Haybittle 1971; Peto et al. 1976)."""
    times = looks_at(looks)
    _probability(alpha)
    fixed = [early] * (len(times) - 1)

    def left(c: float) -> float:
        return float(crossing([*fixed, c], times, _sides(sides)).sum()) - alpha

    if left(20.0) > 0:
        raise CannotTell("The early looks alone use up the error: raise their bound.")
    return np.array([*fixed, float(optimize.brentq(left, 0.0, 20.0, xtol=1e-10))])


def spent(times: Numbers, alpha: float, how: str = "obrien-fleming", parameter: float = 1.0) -> Numbers:
    """Error used up to each look by one side with error alpha (Lan & DeMets 1983).

    obrien-fleming: 2 − 2Φ(z(α/2)/√t). pocock: α·ln(1 + (e − 1)t). power: α·t^parameter (Kim & DeMets 1987).
    hwang-shih-decani: α(1 − e^(−γt)) ÷ (1 − e^(−γ)), γ the parameter.
    """
    if how not in SPENDING:
        raise CannotTell(f"“{how}” is no way to spend the error: choose one of {', '.join(SPENDING)}.")
    if how == "obrien-fleming":
        return np.asarray(2 * stats.norm.sf(stats.norm.isf(alpha / 2) / np.sqrt(times)))
    if how == "pocock":
        return np.asarray(alpha * np.log1p((math.e - 1) * times))
    if how == "power":
        return np.asarray(alpha * times**parameter)
    if parameter == 0:
        return alpha * times
    return np.asarray(alpha * np.expm1(-parameter * times) / np.expm1(-parameter))


def spending_bounds(
    looks: int | Sequence[float], alpha: float = 0.05, how: str = "obrien-fleming", sides: int = 2,
    parameter: float = 1.0,
) -> Numbers:  # fmt: skip
    """Bounds that spend alpha as `spent` says, look by look, each side its half; looks need not be equally spaced."""
    times = looks_at(looks)
    steps = np.diff(spent(times, _probability(alpha) / _sides(sides), how, parameter), prepend=0.0)
    found: list[float] = []
    for look, step in enumerate(steps):
        tail = _upper_tail(found, times[: look + 1], sides, float(step))
        # An error too small to show needs a bound nobody reaches.
        found.append(float(optimize.brentq(tail, -FAR, FAR, xtol=1e-10)) if tail(FAR) < 0 else FAR)
    return np.array(found)


def _upper_tail(found: list[float], times: Numbers, sides: int, step: float) -> Callable[[float], float]:
    def tail(c: float) -> float:
        return float(crossing([*found, c], times, sides)[0, -1]) - step

    return tail


def power(upper: Sequence[float] | Numbers, times: Numbers, drift: float, sides: int = 2) -> float:
    """Probability that some look rejects when the mean of Z at the end is `drift`."""
    return float(crossing(upper, times, sides, drift).sum())


def inflation(
    looks: int | Sequence[float], alpha: float = 0.05, power_wanted: float = 0.8, shape: str | float = "pocock",
    sides: int = 2,
) -> float:  # fmt: skip
    """Largest sample of the sequential test ÷ sample of one look, at the same error and power (J. & T. tables 2.2,
    2.4): what planned looks cost."""
    times, upper = looks_at(looks), bounds(looks, alpha, shape, sides)
    one = float(stats.norm.isf(alpha / sides) + stats.norm.ppf(_probability(power_wanted)))

    def short(drift: float) -> float:
        return power(upper, times, drift, sides) - power_wanted

    drift = float(optimize.brentq(short, 0.0, 10 * one + 10, xtol=1e-9))
    return (drift / one) ** 2


def repeated_interval(point: float, se: float, bound: float, level: float) -> Effect:
    """point ± bound × se at a planned look, valid over all of them (repeated intervals; Jennison & Turnbull 1989).

    bound: from `bounds` at alpha = 1 − level for this look.
    """
    if not (math.isfinite(point) and math.isfinite(se)) or se <= 0:
        raise CannotTell("There is no scatter to judge the effect by.")
    return Effect(point, point - bound * se, point + bound * se, level, se, math.inf)


def _shape(shape: str | float) -> float:
    if isinstance(shape, str):
        if shape not in SHAPES:
            raise CannotTell(f"“{shape}” is no shape of bounds: choose pocock, obrien-fleming or a number.")
        return SHAPES[shape]
    return float(shape)


def _sides(sides: int) -> int:
    if sides not in (1, 2):
        raise CannotTell(f"A test has 1 or 2 sides, not {sides}.")
    return sides


def _probability(alpha: float) -> float:
    if not 0 < alpha < 1:
        raise CannotTell(f"{alpha:g} is no probability between 0 and 1.")
    return float(alpha)
