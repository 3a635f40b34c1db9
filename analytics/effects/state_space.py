"""Decides which level, scales and covariates explain a series, each by how probable it is (local level, regression)."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from scipy import special

from analytics.effects.refusals import Numbers

MOST_COVARIATES = 11
COARSE = 14
NEGLIGIBLE = 1e-7
RARE = 1e-4
# Priors of R's CausalImpact 1.4.1 (bsts 0.9.10): degrees of freedom and guessed scales, in sd of the series.
LEVEL_DF, LEVEL_MOST = 32.0, 1.0
NOISE_DF, NOISE_GUESS = 50.0, 0.2**0.5
ALONE_DF, ALONE_GUESS, NOISE_MOST = 0.01, 1.0, 1.2
INFORMATION, DIAGONAL, MODEL_SIZE = 0.01, 0.5, 3.0


@dataclass(frozen=True, eq=False)
class Mixture:
    """Normals over what comes: weights (sum 1), means and sds (first column the mean over the test, then its steps),
    inclusion (probability of each covariate; the intercept is left out)."""

    weights: Numbers
    means: Numbers
    sds: Numbers
    inclusion: Numbers


@dataclass(frozen=True, eq=False)
class Filtered:
    """A Kalman filter run over [series, covariates] for a grid of scales; one row a grid point.

    noise, walk: the scales (sd). gram: innovations' cross products over their variances. log_f: their summed log
    variances. level: filtered last level of each column. p: its variance. prior: log prior of the scales.
    """

    noise: Numbers
    walk: Numbers
    gram: Numbers
    log_f: Numbers
    level: Numbers
    p: Numbers
    prior: Numbers


def mixture(y: Numbers, x: Numbers, x_test: Numbers, level_sd: float) -> Mixture:
    """The posterior of a standardised series y given covariates x (intercept first; no column for none).

    y_t = level_t + x_t β + noise, level_t+1 = level_t + walk; β ~ N(0, noise² (0.01/n (½ X'X + ½ diag X'X))⁻¹) on the
    chosen columns, each chosen with probability min(1, 3 / columns). Level starts at y's first value with sd 1. The
    grid over (log noise, log walk) is laid where a coarse one finds weight, a standard deviation apart or closer,
    where the trapezium rule is exact to many digits. Scott & Varian 2014; Brodersen et al. 2015.
    """
    columns = [np.array(chosen, dtype=bool) for chosen in _subsets(x.shape[1])]
    omega = _omega(x)
    coarse = _filter(y, x, *_coarse(level_sd), level_sd)
    scores = np.array([_score(chosen, coarse, omega) for chosen in columns])
    likely = np.exp(special.logsumexp(scores, axis=1) - special.logsumexp(scores))
    columns = [chosen for chosen, share in zip(columns, likely, strict=True) if share > RARE * likely.max()]
    fine = _filter(y, x, *_fine(coarse, special.logsumexp(scores, axis=0), len(y)), level_sd)
    scores = np.array([_score(chosen, fine, omega) for chosen in columns])
    weights = np.exp(scores - special.logsumexp(scores))
    kept = weights > NEGLIGIBLE * weights.max()
    parts = [_ahead(chosen, fine, omega, x_test, row) for chosen, row in zip(columns, kept, strict=True) if row.any()]
    means, sds = (np.vstack([part[i] for part in parts]) for i in (0, 1))
    inclusion = weights.sum(axis=1) @ np.array(columns, dtype=float)
    return Mixture(weights[kept] / weights[kept].sum(), means, sds, inclusion[1:])


def _subsets(columns: int) -> list[tuple[bool, ...]]:
    """Which columns may be in: all where the expected size allows, else every choice."""
    if columns <= MODEL_SIZE:
        return [(True,) * columns]
    return list(itertools.product((False, True), repeat=columns))


def _omega(x: Numbers) -> Numbers:
    """Prior precision of the coefficients, times noise²."""
    cross = x.T @ x / max(len(x), 1)
    omega: Numbers = INFORMATION * ((1 - DIAGONAL) * cross + DIAGONAL * np.diag(np.diag(cross)))
    return omega


def _coarse(level_sd: float) -> tuple[Numbers, Numbers]:
    """All scales that could matter, far apart."""
    noise = np.linspace(np.log(0.01), np.log(NOISE_MOST), COARSE)
    walk = np.linspace(np.log(level_sd / 2.5), np.log(min(LEVEL_MOST, 60 * level_sd)), COARSE)
    return noise, walk


def _fine(coarse: Filtered, score: Numbers, steps: int) -> tuple[Numbers, Numbers]:
    """The stretch of each scale that carries weight and one coarse step beyond, densely."""
    rows = score > score.max() + np.log(NEGLIGIBLE)
    axes, most = [], (NOISE_MOST, LEVEL_MOST)
    for scale, top, df in zip((coarse.noise, coarse.walk), most, (NOISE_DF, LEVEL_DF), strict=True):
        known = np.log(np.unique(scale))
        apart = known[1] - known[0]
        low, high = np.log(scale[rows].min()) - apart, min(np.log(scale[rows].max()) + apart, np.log(top))
        axes.append(np.arange(low, high, 1 / np.sqrt(2 * (df + steps))))
    return axes[0], axes[1]


def _filter(y: Numbers, x: Numbers, log_noise: Numbers, log_walk: Numbers, level_sd: float) -> Filtered:
    """The exact filter, all grid points at once (Durbin & Koopman 2012, 2.2): gains do not depend on the values."""
    noise, walk = (np.exp(axis).ravel() for axis in np.meshgrid(log_noise, log_walk))
    rows = np.column_stack([y, x])
    level = np.zeros((len(noise), rows.shape[1]))
    level[:, 0] = y[0]
    p, log_f = np.ones(len(noise)), np.zeros(len(noise))
    gram = np.zeros((len(noise), rows.shape[1], rows.shape[1]))
    for row in rows:
        f = p + noise**2
        gap = row - level
        scaled = gap / f[:, None]
        gram += gap[:, :, None] * scaled[:, None, :]
        log_f += np.log(f)
        level = level + p[:, None] * scaled
        last = p * noise**2 / f
        p = last + walk**2
    df, guess = (NOISE_DF, NOISE_GUESS) if x.shape[1] else (ALONE_DF, ALONE_GUESS)
    prior = _log_prior(noise, df, guess) + _log_prior(walk, LEVEL_DF, level_sd)
    return Filtered(noise, walk, gram, log_f, level, last, prior)


def _log_prior(sd: Numbers, df: float, guess: float) -> Numbers:
    """Of log sd, where 1/sd² is Gamma(df/2, df guess²/2)."""
    log: Numbers = -df * np.log(sd) - df * guess**2 / (2 * sd**2)
    return log


def _score(chosen: Numbers, at: Filtered, omega: Numbers) -> Numbers:
    """Log of prior × marginal likelihood of these columns, at every grid point."""
    columns, size = len(chosen), int(chosen.sum())
    share = min(1.0, MODEL_SIZE / columns) if columns else 1.0
    log: Numbers = at.prior - (at.log_f + at.gram[:, 0, 0]) / 2
    log = log + (size * np.log(share) + (columns - size) * np.log(1 - share) if share < 1 else 0.0)
    if not size:
        return log
    precision, cross, own = _precision(chosen, at, omega)
    explained = np.einsum("gi,gi->g", cross, np.linalg.solve(precision, cross[:, :, None])[:, :, 0])
    slogs = np.linalg.slogdet(own)[1] - 2 * size * np.log(at.noise) - np.linalg.slogdet(precision)[1]
    log = log + (explained + slogs) / 2
    return log


def _precision(chosen: Numbers, at: Filtered, omega: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Posterior precision of the coefficients, the cross products with the series, and the prior's share."""
    places = np.flatnonzero(chosen)
    own = omega[np.ix_(places, places)]
    precision = at.gram[:, places + 1][:, :, places + 1] + own / at.noise[:, None, None] ** 2
    return precision, at.gram[:, places + 1, 0], own


def _ahead(chosen: Numbers, at: Filtered, omega: Numbers, x_test: Numbers, rows: Numbers) -> tuple[Numbers, Numbers]:
    """Means and sds of the mean over the test and of its steps, at the grid points that carry weight."""
    m, places = len(x_test), np.flatnonzero(chosen)
    steps = np.arange(1.0, m + 1)
    drift = np.concatenate([[np.sum((steps / m) ** 2)], steps])
    shared = np.concatenate([[1 / m], np.ones(m)])
    square = at.p[rows, None] + at.walk[rows, None] ** 2 * drift + at.noise[rows, None] ** 2 * shared
    means = np.repeat(at.level[rows, :1], m + 1, axis=1)
    if len(places):
        precision, cross, _ = _precision(chosen, at, omega)
        precision, cross = precision[rows], cross[rows]
        ahead = np.vstack([x_test.mean(axis=0), x_test])[:, places] - at.level[rows][:, None, places + 1]
        solved = np.linalg.solve(precision, np.swapaxes(ahead, 1, 2))
        means = means + np.einsum("gi,gij->gj", cross, solved)
        square = square + np.einsum("gji,gij->gj", ahead, solved)
    return means, np.sqrt(square)
