"""Decides what many campaigns show in their plainest form: indices, ranks and winners beside what is true."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from scipy import stats

from bench.recovery.score import Figure
from data.simulation.designs.campaigns import Campaigns, campaigns


def _roas(world: Campaigns) -> np.ndarray:
    return world.revenue / world.spend


def _index(world: Campaigns) -> np.ndarray:
    """A campaign's ROAS less the average of all."""
    return np.asarray(_roas(world) - _roas(world).mean())


def _share(of: np.ndarray, among: np.ndarray) -> float:
    """% of those among which it holds; NaN among none."""
    return 100.0 * float(of[among].mean()) if among.any() else float("nan")


def _winner(world: Campaigns) -> float:
    best = int(world.estimate.argmax())
    return float(world.estimate[best] - world.true_iroas[best])


FIGURES: dict[str, Callable[[Campaigns], float]] = {
    "004: mean of campaign − average": lambda w: float(_index(w).mean()),
    "004 calls profitable campaigns negative, %": lambda w: _share(_index(w) < 0, w.true_iroas > 1),
    "attributed ROAS above 1 among unprofitable, %": lambda w: _share(_roas(w) > 1, w.true_iroas < 1),
    "rank correlation, attributed with true": lambda w: float(stats.spearmanr(_roas(w), w.true_iroas).statistic),
    "rank correlation, holdout with true": lambda w: float(stats.spearmanr(w.estimate, w.true_iroas).statistic),
    "root mean square error of the holdout": lambda w: float(np.sqrt(np.mean((w.estimate - w.true_iroas) ** 2))),
    "best of 30 by holdout is overstated by": _winner,
}


def campaign_figures(worlds: Iterable[int]) -> dict[str, Figure]:
    """Every figure over the worlds, one seed each."""
    made = [campaigns(np.random.default_rng(seed)) for seed in worlds]
    found = {}
    for name, figure in FIGURES.items():
        values = np.array([figure(world) for world in made])
        known = values[np.isfinite(values)]
        found[name] = Figure(float(known.mean()), float(known.std()), len(known))
    return found
