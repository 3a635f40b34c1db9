"""Decides which mix of donors comes closest: least squares with weights that are no less than 0 and sum to 1."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import optimize

from analytics.effects.refusals import Numbers

HEAVY = 1e3
ZERO = 1e-10


def simplex(columns: Numbers, aim: Numbers, ridge: float = 0.0, intercept: bool = True) -> Numbers:
    """Weights w that minimise |aim − start − columns w|² + ridge |w|², w ≥ 0, Σ w = 1; start 0 without intercept.

    Non-negative least squares with a heavy sum-to-one row finds the donors; then the weights on those donors are
    solved exactly and the choice corrected until the Karush–Kuhn–Tucker conditions hold.
    """
    if columns.shape[1] == 1:
        return np.ones(1)
    if intercept:
        columns, aim = columns - columns.mean(axis=0), aim - aim.mean()
    scale = float(np.sqrt((columns**2).sum(axis=0).mean())) or 1.0
    rows = np.vstack([columns / scale, np.sqrt(ridge) / scale * np.eye(columns.shape[1])])
    goal = np.concatenate([aim / scale, np.zeros(columns.shape[1])])
    heavy = np.full((1, columns.shape[1]), HEAVY)
    start = optimize.nnls(np.vstack([rows, heavy]), np.append(goal, HEAVY), maxiter=100 * columns.shape[1])[0]
    return _polished(rows.T @ rows, rows.T @ goal, start)


def _polished(cross: Numbers, aim: Numbers, weights: Numbers) -> Numbers:
    """Exact weights by an active-set walk from a nearly right choice of donors."""
    weights = weights / weights.sum()
    chosen = weights > ZERO
    for _ in range(20 * len(weights)):
        solved = _on(cross, aim, chosen)
        if solved[chosen].min() < -ZERO:
            # Walk towards the exact solution until the first weight reaches 0, and let that donor go.
            falling = chosen & (solved < 0)
            share = float(np.min(weights[falling] / (weights[falling] - solved[falling])))
            weights = weights + share * (solved - weights)
            chosen &= ~(falling & (weights <= ZERO))
            continue
        weights = np.where(chosen, np.maximum(solved, 0.0), 0.0)
        slope = cross @ weights - aim
        gain = slope - slope[chosen].mean()
        worst = int(np.argmin(np.where(chosen, 0.0, gain)))
        if chosen[worst] or gain[worst] >= -1e-12 * max(1.0, float(np.abs(aim).max())):
            break
        chosen[worst] = True
    exact: Numbers = weights / weights.sum()
    return exact


def _on(cross: Numbers, aim: Numbers, chosen: npt.NDArray[np.bool_]) -> Numbers:
    """Least squares with sum 1 on the chosen donors alone, of any sign."""
    places = np.flatnonzero(chosen)
    one = np.ones((len(places), 1))
    system = np.block([[cross[np.ix_(places, places)], one], [one.T, np.zeros((1, 1))]])
    found = np.linalg.lstsq(system, np.append(aim[places], 1.0), rcond=1e-14)[0]
    solved: Numbers = np.zeros(len(aim))
    solved[places] = found[:-1]
    return solved
