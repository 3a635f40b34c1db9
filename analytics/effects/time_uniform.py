"""Decides how far a running sum must stray when it may be looked at after every day: time-uniform bounds."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from scipy import optimize, special, stats

from analytics.effects.effect import Effect
from analytics.effects.refusals import CannotTell, at_level, numbers

# All formulas: Howard, Ramdas, McAuliffe & Sekhon 2021 (Annals of Statistics 49), as in their package confseq.
LogMixture = Callable[[float, float], float]


def best_rho(v_opt: float, alpha: float = 0.05, sides: int = 2) -> float:
    """ρ that makes the bound tightest near v_opt: v ÷ (2·ln(1/α) + ln(1 + 2·ln(1/α))), with 2α for one side."""
    alpha = _alpha(alpha) * (1 if sides == 2 else 2)
    if not v_opt > 0 or alpha >= 1:
        raise CannotTell("A time-uniform bound needs a planned variance above zero and an error below one half.")
    return v_opt / (2 * math.log(1 / alpha) + math.log(1 + 2 * math.log(1 / alpha)))


def log_mixture(s: float, v: float, rho: float, sides: int = 2) -> float:
    """Log of the normal mixture at sum s and variance v: ½ln(ρ/(v+ρ)) + s²/(2(v+ρ)), one side: + ln 2Φ(s/√(v+ρ))."""
    two = 0.5 * math.log(rho / (v + rho)) + s * s / (2 * (v + rho))
    return two if sides == 2 else two + math.log(2) + float(stats.norm.logcdf(s / math.sqrt(v + rho)))


def normal_bound(v: float, alpha: float, rho: float, sides: int = 2) -> float:
    """Bound on |s| (s, one side) that holds at all v at once: √((v+ρ)(ln((v+ρ)/ρ) + 2·ln(1/α))); one side by root."""
    if not (v >= 0 and rho > 0):
        raise CannotTell("A time-uniform bound needs a variance that is not negative and a ρ above zero.")
    wide = math.sqrt((v + rho) * (math.log1p(v / rho) + 2 * math.log(1 / _alpha(alpha))))
    return wide if sides == 2 else _bound(lambda s, at: log_mixture(s, at, rho, 1), v, alpha, wide)


def gamma_exponential(rho: float, c: float) -> LogMixture:
    """Log mixture for sums with exponential upper tails of scale c (one side)."""
    r = rho / c**2
    start = r * math.log(r) - special.gammaln(r) - math.log(special.gammainc(r, r))

    def log_value(s: float, v: float) -> float:
        at, a = (c * s + v) / c**2, (v + rho) / c**2
        lower = math.log(special.gammainc(a, at + r))
        return float(start + special.gammaln(a) + lower - a * math.log(at + r) + at)

    return log_value


def gamma_poisson(rho: float, c: float) -> LogMixture:
    """Log mixture for sums with Poisson upper tails of scale c (one side)."""
    r = rho / c**2
    start = r * math.log(r) - special.gammaln(r) - math.log(special.gammaincc(r, r))

    def log_value(s: float, v: float) -> float:
        a, at = (v + rho) / c**2, s / c + (v + rho) / c**2
        upper = math.log(special.gammaincc(at, a))
        return float(start + special.gammaln(at) + upper - at * math.log(a) + v / c**2)

    return log_value


def beta_binomial(rho: float, g: float, h: float, sides: int = 2) -> LogMixture:
    """Log mixture for sums whose steps lie between −g and h; rho from `best_rho` with the same sides."""
    r = max(rho - g * h, 1e-3 * g * h)
    edge = 1.0 if sides == 2 else h / (g + h)

    def incomplete(a: float, b: float) -> float:
        part = float(special.betainc(a, b, edge)) if edge < 1 else 1.0
        return math.log(max(part, 1e-300)) + float(special.betaln(a, b))

    start = incomplete(r / (g * (g + h)), r / (h * (g + h)))

    def log_value(s: float, v: float) -> float:
        down, up = (v - g * s) / (g * (g + h)), (v + h * s) / (h * (g + h))
        whole = v / (g * h) * math.log(g + h) - up * math.log(g) - down * math.log(h)
        a, b = (r + v - g * s) / (g * (g + h)), (r + v + h * s) / (h * (g + h))
        return whole + incomplete(a, b) - start

    return log_value


def bound(mixture: LogMixture, v: float, alpha: float, most: float | None = None) -> float:
    """The sum at which the mixture reaches 1/alpha at variance v; most: largest sum there can be (v/g, bounded)."""
    if not v > 0:
        raise CannotTell("A time-uniform bound needs a variance above zero.")
    if most is not None:
        below_end = most * (1 - 1e-12)
        return most if mixture(below_end, v) < -math.log(_alpha(alpha)) else _bound(mixture, v, alpha, below_end)
    far = max(math.sqrt(v), 1e-300)
    for _ in range(200):
        if mixture(far, v) > -math.log(_alpha(alpha)):
            return _bound(mixture, v, alpha, far)
        far *= 1.5
    raise CannotTell("This bound has no end at this variance: choose another error.")


def stitching(v: float, alpha: float, v_min: float, c: float = 0.0, s: float = 1.4, eta: float = 2.0) -> float:
    """Bound whose width grows as √(v·ln ln v) (stitching, theorem 1); c: scale of the tails, v_min: least v."""
    if not (v_min > 0 and eta > 1 and s > 1):
        raise CannotTell("A stitched bound needs v_min above 0 and s and eta above 1.")
    used = max(v, v_min)
    tail = math.log(float(special.zeta(s)) / (_alpha(alpha) * math.log(eta) ** s))
    reach = s * math.log(math.log(eta * used / v_min)) + tail
    k1, k2 = (eta**0.25 + eta**-0.25) / math.sqrt(2), (math.sqrt(eta) + 1) / 2
    linear = k2 * c * reach
    return math.sqrt(max(k1**2 * used * reach + linear**2, 0.0)) + linear


def confidence_sequence(
    points: Any, ses: Any, level: float = 0.9, planned_se: float | None = None, running: bool = False
) -> list[Effect]:
    """Intervals for a difference of means that hold at all looks at once, one a look.

    points, ses: estimate and standard error at each look, in the unit of the outcome. The look's information 1/se²
    is the variance of the sum point/se², so the half-width is se² × normal_bound(1/se²) (asymptotic confidence
    sequence; Waudby-Smith et al. 2024). planned_se: where it is tightest, the last look's by default: choose it in
    advance. running: each interval is cut to those before it (refuses when nothing is left).
    """
    estimates, errors = numbers(points, "the estimates").ravel(), numbers(ses, "the standard errors").ravel()
    if len(estimates) != len(errors) or (errors <= 0).any():
        raise CannotTell("Each look needs an estimate and a standard error above zero.")
    alpha = 1 - at_level(level)
    planned = float(errors[-1]) if planned_se is None else planned_se
    if not planned > 0:
        raise CannotTell("The planned standard error must lie above zero.")
    # In units of the planned error, so that neither money nor shares over- or underflow.
    rho = best_rho(1.0, alpha)
    widths = [planned * (e / planned) ** 2 * normal_bound((planned / e) ** 2, alpha, rho) for e in errors]
    ends = list(zip((estimates - widths).tolist(), (estimates + widths).tolist(), strict=True))
    return _sequence(estimates.tolist(), _cut(ends) if running else ends, errors.tolist(), level)


def _cut(ends: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    made, low, high = [], -math.inf, math.inf
    for lower, upper in ends:
        low, high = max(low, lower), min(high, upper)
        if low > high:
            raise CannotTell("The looks contradict each other, so the effect has changed over time or the data have.")
        made.append((low, high))
    return made


def _sequence(points: list[float], ends: list[tuple[float, float]], errors: list[float], level: float) -> list[Effect]:
    """The looks; a point outside what the looks before left over is moved to its nearest end."""
    return [
        Effect(min(max(point, low), high), low, high, level, se, math.inf)
        for point, (low, high), se in zip(points, ends, errors, strict=True)
    ]


def _bound(mixture: LogMixture, v: float, alpha: float, most: float) -> float:
    threshold = -math.log(_alpha(alpha))
    if mixture(0.0, v) >= threshold:
        return 0.0
    return float(optimize.brentq(lambda s: mixture(s, v) - threshold, 0.0, most, xtol=1e-12 * max(most, 1e-300)))


def _alpha(alpha: float) -> float:
    if not 0 < alpha < 1:
        raise CannotTell(f"{alpha:g} is no probability between 0 and 1.")
    return float(alpha)
