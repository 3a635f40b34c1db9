"""Decides what each way of splitting credit gives influencers, in its plainest form: peers to compare with."""

from __future__ import annotations

import numpy as np

from data.simulation.designs.paths import COUPON, INFLUENCER, TOUCHES, Paths

HALF_LIFE = 7.0
ENDS = 0.4
WINDOW_VIEW, WINDOW_CLICK = 14.0, 7.0
NONE = len(TOUCHES) + 1
STATES = (*TOUCHES, NONE)


def _weights(path: tuple[int, ...], rule: str) -> np.ndarray:
    """Share of one order for each touch of a path."""
    n = len(path)
    if rule == "linear" or (rule == "position" and n < 2):
        return np.full(n, 1 / n)
    if rule == "position":
        middle = (1 - 2 * ENDS) / (n - 2) if n > 2 else 0.0
        shares = np.full(n, middle)
        shares[[0, -1]] = ENDS if n > 2 else 0.5
        return shares
    if rule == "Shapley":  # of subset sums: equal shares for distinct touches
        distinct = sorted(set(path))
        return np.array([1 / (len(distinct) * path.count(touch)) for touch in path])
    shares = np.zeros(n)
    shares[0 if rule == "first" else -1] = 1
    return shares


def by_rule(world: Paths, rule: str, touch: int = INFLUENCER) -> float:
    """Orders credited to a touch by a rule of positions."""
    credit = 0.0
    for path, bought in zip(world.paths, world.bought, strict=True):
        if touch in path and bought:
            credit += bought * float(_weights(path, rule)[np.array(path) == touch].sum())
    return credit


def time_decay(world: Paths) -> float:
    """Orders credited with weight halving every seven days before the order."""
    weight = 0.5 ** (world.days_before / HALF_LIFE)
    total = np.bincount(world.touch_buyer, weight, world.buyers)
    return float((weight / total[world.touch_buyer])[world.touch == INFLUENCER].sum())


def markov(world: Paths) -> float:
    """Orders credited by removal in an absorbing chain of first order, solved exactly; no touch at all is a state."""
    n = len(STATES)  # states: start, touches, none, bought, left
    counts = np.zeros((n + 1, n + 3))
    for path, bought, left in zip(world.paths, world.bought, world.not_bought, strict=True):
        steps = path or (NONE,)
        for here, there in zip((0, *steps), steps, strict=False):
            counts[here, there] += bought + left
        counts[steps[-1], n + 1] += bought
        counts[steps[-1], n + 2] += left
    chances = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    whole = _reaches(chances, 0)
    removed = {state: 1 - _reaches(chances, state) / whole for state in STATES}
    return world.buyers * removed[INFLUENCER] / sum(removed.values())


def _reaches(chances: np.ndarray, without: int) -> float:
    """Probability of buying from the start when one state (0: none of them) leads nowhere."""
    inner, bought = chances[:, : len(chances)].copy(), chances[:, len(chances)].copy()
    if without:
        inner[without], bought[without] = 0.0, 0.0
    return float(np.linalg.solve(np.eye(len(inner)) - inner, bought)[0])


def windowed(world: Paths) -> float:
    """Orders within 14 days of a view or 7 of a click."""
    seen = (world.touch == INFLUENCER) & (
        (world.days_before <= WINDOW_VIEW) | (world.is_click & (world.days_before <= WINDOW_CLICK))
    )
    return float(len(np.unique(world.touch_buyer[seen])))


def credits(world: Paths) -> dict[str, float]:
    """Orders credited to influencers by each method."""
    found = {rule: by_rule(world, rule) for rule in ("first", "last", "linear", "position")}
    found |= {"time-decay": time_decay(world), "Markov": markov(world)}
    return found | {"Shapley": by_rule(world, "Shapley"), "14/7-day window": windowed(world)}


def coupon_share(world: Paths, rule: str) -> float:
    """Share of all credit that goes to the coupon site."""
    given = {touch: by_rule(world, rule, touch) for touch in TOUCHES}
    return given[COUPON] / sum(given.values())
