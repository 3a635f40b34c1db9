"""Decides how much of each group's uplift to believe when many groups are paid in the same units, and what is luck."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import stats

from analytics.effects.refusals import CannotTell
from analytics.incrementality.groups.shared import Doses, Floats, Uplift, uplift

SEED = 20261121
DRAWS = 4000
FEWEST = 3
TAUS, SIGMAS = 60, 15
_FAR = math.atan(20.0)


@dataclass(frozen=True, eq=False)
class Believed:
    """What each group's true iROAS may be, given all units. points, sds: of each group; kept: share of the scatter
    between groups that the data resolve for it (0: only luck is seen, 1: none). draws: draw × group. mean: of the
    groups, tau: sd of their true values."""

    points: Floats
    sds: Floats
    kept: Floats
    draws: Floats
    mean: float
    tau: float


@dataclass(frozen=True, eq=False)
class _Turned:
    """The units' model in coordinates in which everything is independent: seen_j = start_j·mean + effect + noise."""

    seen: Floats
    start: Floats
    sizes: Floats
    back: Floats
    rest: float
    df: float


def believed(given: Doses, draws: int = DRAWS, seed: int = SEED) -> Believed:
    """Empirical Bayes for groups that share units: uplift_i = Σ_g spend_ig·iROAS_g + noise, iROAS_g ~ N(mean, τ²).

    The noise is that of the units and of the expectation they share (the control's), exactly. Mean, τ and noise are
    averaged over their likelihood, flat in the mean, in τ and in log noise (Gelman et al. 2013, 5.4 and 15.4). Where
    every unit belongs to one group this is the shrinkage of effects.shrinkage. CannotTell below 3 groups.
    """
    if len(given.groups) < FEWEST:
        raise CannotTell(
            f"Influencers with spend: {len(given.groups)}, too few to tell luck from difference: at least {FEWEST} are "
            "needed."
        )
    turned = _turn(given, uplift(given))
    if turned.rest <= 1e-20 * float(turned.seen @ turned.seen):
        raise CannotTell("The control units do not differ at all, so nothing shows how much of a result is luck.")
    taus, sigmas, weights = _grid(turned)
    return _averaged(turned, taus, sigmas, weights, np.random.default_rng(seed), draws)


def _turn(given: Doses, found: Uplift) -> _Turned:
    """Noise whitened, then the spend matrix taken apart: uplift = U·sizes·backᵀ·iROAS + noise."""
    noise = np.diag(found.width) + found.line @ found.spread @ found.line.T
    root = np.linalg.cholesky(noise)
    seen, dose = np.linalg.solve(root, found.values), np.linalg.solve(root, given.spend)
    u, sizes, back = np.linalg.svd(dose, full_matrices=False)
    there = sizes > 1e-9 * sizes[0]
    u, sizes, back = u[:, there], sizes[there], back[there].T
    own = u.T @ seen
    left = seen - u @ own
    spare = len(seen) - len(sizes)
    return _Turned(own, sizes * back.sum(axis=0), sizes, back, found.squares + float(left @ left),
                   found.df_control + spare)  # fmt: skip


def _grid(turned: _Turned) -> tuple[Floats, Floats, Floats]:
    """Pairs of τ and noise on a grid, each with its share of the likelihood."""
    middle = math.sqrt(turned.rest / turned.df)
    scale = max(middle, float(np.abs(turned.seen).std())) / math.sqrt(float((turned.sizes**2).mean()))
    angle = (np.arange(TAUS) + 0.5) / TAUS * _FAR
    reach = np.linspace(-3, 3, SIGMAS) / math.sqrt(2 * turned.df)
    taus, noises = np.meshgrid(scale * np.tan(angle), middle * np.exp(reach), indexing="ij")
    tau, sigma = taus.ravel(), noises.ravel()
    variances = sigma[:, None] ** 2 + (tau[:, None] * turned.sizes) ** 2
    mean, precision = _mean(turned, variances)
    apart = (turned.seen - turned.start * mean[:, None]) ** 2 / variances
    log_share = -0.5 * (np.log(variances) + apart).sum(axis=1) - 0.5 * np.log(precision)
    log_share -= turned.df * np.log(sigma) + turned.rest / (2 * sigma**2)
    share = np.exp(log_share - log_share.max()) * np.repeat(1 + np.tan(angle) ** 2, SIGMAS)
    return tau, sigma, share / share.sum()


def _mean(turned: _Turned, variances: Floats) -> tuple[Floats, Floats]:
    """The groups' mean at each pair of τ and noise, and its precision."""
    precision = (turned.start**2 / variances).sum(axis=1)
    return (turned.start * turned.seen / variances).sum(axis=1) / precision, precision


def _averaged(
    turned: _Turned, tau: Floats, sigma: Floats, weights: Floats, rng: np.random.Generator, draws: int
) -> Believed:
    """Moments by averaging over the grid, and draws from it."""
    variances = sigma[:, None] ** 2 + (tau[:, None] * turned.sizes) ** 2
    mean, precision = _mean(turned, variances)
    gain = tau[:, None] ** 2 * turned.sizes / variances
    moved = gain * (turned.seen - turned.start * mean[:, None])
    points = mean[:, None] + moved @ turned.back.T
    point = weights @ points
    hangs = 1 - (gain * turned.start) @ turned.back.T
    resolved = (gain * turned.sizes) @ (turned.back**2).T
    own = tau[:, None] ** 2 * np.maximum(1 - resolved, 0.0)
    spread = weights @ (own + hangs**2 / precision[:, None] + (points - point) ** 2)
    drawn = _drawn(turned, tau, sigma, weights, rng, draws)
    return Believed(point, np.sqrt(spread), weights @ resolved, drawn, float(weights @ mean),
                    math.sqrt(float(weights @ tau**2)))  # fmt: skip


def _drawn(
    turned: _Turned, tau: Floats, sigma: Floats, weights: Floats, rng: np.random.Generator, draws: int
) -> Floats:
    """Draw × group: τ and noise, the mean, then the groups, by Matheron's rule."""
    picked = rng.choice(len(tau), size=draws, p=weights)
    t, s = tau[picked, None], sigma[picked, None]
    variances = s**2 + (t * turned.sizes) ** 2
    mean, precision = _mean(turned, variances)
    centre = rng.normal(mean, precision**-0.5)[:, None]
    prior = t * rng.standard_normal((draws, len(turned.back)))
    would = (prior @ turned.back) * turned.sizes + s * rng.standard_normal((draws, len(turned.sizes)))
    gain = t**2 * turned.sizes / variances
    made: Floats = centre + prior + (gain * (turned.seen - turned.start * centre - would)) @ turned.back.T
    return made


def tail(point: Floats, sd: Floats, against: float) -> Floats:
    """Two-sided p of `against`, by the normal shape of what is believed."""
    p: Floats = 2 * stats.norm.sf(np.abs(point - against) / sd)
    return p
