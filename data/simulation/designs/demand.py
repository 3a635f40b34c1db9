"""Decides how demand wanders in the worlds of days: trend, weekday, season, slow waves, and how an effect fades."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

BASE = 1_000_000.0  # revenue of the whole country on a usual day
TREND = 0.001  # a day
WEEKDAY = np.array([0.92, 0.92, 0.95, 0.98, 1.05, 1.12, 1.06])
SEASON = 0.12
YEAR = 365
BRAND_PERSISTENCE, BRAND_STEP = 0.95, 0.03  # of the brand's demand: share kept a day, sd of a day's news
LEAST = 0.05  # of the expected revenue: no day falls lower
FADE = 0.87  # of an effect is left a day later: half of it after five days


def season(days: int, start: float) -> Floats:
    """Season of each day, 1 on average over a year; start: where in the year the first day lies, 0 to 1."""
    return np.asarray(1 + SEASON * np.sin(2 * np.pi * (np.arange(days) / YEAR + start)))


def calendar(days: int) -> Floats:
    """Trend × weekday of each day."""
    at = np.arange(days)
    return np.asarray((1 + TREND * at) * WEEKDAY[at % 7])


@lru_cache(maxsize=16)
def _kept(days: int, share: float) -> Floats:
    """Lower triangle: how much of day j is left on day i when `share` is kept a day."""
    gap = np.subtract.outer(np.arange(days), np.arange(days))
    return np.where(gap >= 0, share ** np.maximum(gap, 0), 0.0)


def wander(rng: np.random.Generator, shape: tuple[int, ...], share: float, step: float) -> Floats:
    """Autoregressive series along the last axis, begun in its long-run scatter (log scale, mean 0)."""
    news = step * rng.standard_normal(shape)
    if share < 1:
        news[..., 0] /= np.sqrt(1 - share**2)
    return np.asarray(news @ _kept(shape[-1], share).T)


def carried(effect: Floats, fade: float = FADE) -> Floats:
    """Each day's effect spread over that day and later ones, (1 − fade) × fade^k; days along the last axis.

    What falls after the last day is lost: the sum over the days given is what a window of these days can see.
    """
    return np.asarray((1 - fade) * effect @ _kept(effect.shape[-1], fade).T)
