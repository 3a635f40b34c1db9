"""Decides the world of customers' paths (design A): posts seen, brand searches, a coupon site that causes nothing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.simulation.designs.demand import Flags, Floats

Ints = NDArray[np.int64]

INFLUENCER, SEARCH, COUPON = 1, 2, 3
TOUCHES = {INFLUENCER: "influencer", SEARCH: "brand search", COUPON: "coupon site"}
_LONGEST = 30  # touches that fit into one number in base 4


@dataclass(frozen=True)
class Setting:
    """What the paths are made with.

    customers; days: of the window, in which each buyer buys at a time of their own (the others go on to its end);
    intent_shape, intent_scale: gamma; views: posts seen in the window; click_share: of them clicked; searches: brand
    searches a unit of intent, all before the purchase; coupon: share of buyers who fetch a code at checkout; buying:
    chance of buying is 1 − exp(−buying × intent) + lift × min(posts seen so far, most_views).
    """

    customers: int = 200_000
    days: float = 28.0
    intent_shape: float = 0.5
    intent_scale: float = 2.0
    views: float = 0.35
    click_share: float = 0.12
    searches: float = 0.25
    coupon: float = 0.3
    buying: float = 0.02
    lift: float = 0.0
    most_views: int = 3


BASE = Setting()


@dataclass(frozen=True)
class Paths:
    """Sufficient counts of the paths and the truth.

    paths: distinct sequences of touches (INFLUENCER, SEARCH, COUPON; empty: none), oldest first; bought, not_bought:
    customers with that path. Of buyers' touches, in order of buyer and time: touch_buyer (number), touch, days_before
    the purchase, is_click. buyers: all; caused: those who would not have bought without a post.
    """

    paths: tuple[tuple[int, ...], ...]
    bought: Ints
    not_bought: Ints
    touch_buyer: Ints
    touch: Ints
    days_before: Floats
    is_click: Flags
    buyers: int
    caused: int


@dataclass(frozen=True)
class _Touches:
    """All touches in order of customer and time; at: days from the window's start."""

    customer: Ints
    touch: Ints
    at: Floats


def paths(rng: np.random.Generator, setting: Setting = BASE) -> Paths:
    """One world; the same generator state and setting give the same world."""
    n = setting.customers
    intent = rng.gamma(setting.intent_shape, setting.intent_scale, n)
    decision = setting.days * rng.random(n)
    views = rng.poisson(setting.views, n)
    # what comes after the decision cannot have caused it, nor lie on a buyer's path
    before = rng.binomial(views, decision / setting.days)
    searches = rng.poisson(setting.searches * intent)
    organic, chance = 1 - np.exp(-setting.buying * intent), rng.random(n)
    is_buyer = chance < organic + setting.lift * np.minimum(before, setting.most_views)
    fetched = is_buyer & (rng.random(n) < setting.coupon)
    end = np.where(is_buyer, decision, setting.days)
    seen = _touches(rng, np.where(is_buyer, before, views), searches, fetched, end)
    found, bought, not_bought = _counted(seen, is_buyer)
    buying = is_buyer[seen.customer]
    number = np.cumsum(is_buyer) - 1
    click = (seen.touch == INFLUENCER) & (rng.random(len(seen.touch)) < setting.click_share)
    return Paths(
        found, bought, not_bought, number[seen.customer[buying]], seen.touch[buying],
        (end[seen.customer] - seen.at)[buying], click[buying],
        int(is_buyer.sum()), int((is_buyer & (chance >= organic)).sum()),
    )  # fmt: skip


def _touches(rng: np.random.Generator, views: Ints, searches: Ints, fetched: Flags, end: Floats) -> _Touches:
    """Every touch, in order of customer and time; the coupon site comes last, with the purchase."""
    everybody = np.arange(len(views))
    counts = {INFLUENCER: views, SEARCH: searches, COUPON: fetched.astype(np.int64)}
    who = np.concatenate([np.repeat(everybody, count) for count in counts.values()])
    touch = np.repeat(list(counts), [int(count.sum()) for count in counts.values()])
    at = np.where(touch == COUPON, 1.0, rng.random(len(who))) * end[who]
    order = np.lexsort((at, who))
    return _Touches(who[order], touch[order], at[order])


def _counted(seen: _Touches, is_buyer: Flags) -> tuple[tuple[tuple[int, ...], ...], Ints, Ints]:
    """Distinct paths and how many bought and did not; a path longer than a number holds keeps its last touches."""
    n = len(is_buyer)
    length = np.bincount(seen.customer, minlength=n)
    # places from the end: the last touch is the last digit in base 4
    place = np.cumsum(length)[seen.customer] - 1 - np.arange(len(seen.customer))
    kept = place < _LONGEST
    code = np.zeros(n, dtype=np.int64)
    np.add.at(code, seen.customer[kept], seen.touch[kept] * 4 ** place[kept])
    codes, which = np.unique(code, return_inverse=True)
    bought = np.bincount(which[is_buyer], minlength=len(codes))
    return tuple(_decoded(int(each)) for each in codes), bought, np.bincount(which, minlength=len(codes)) - bought


def _decoded(code: int) -> tuple[int, ...]:
    """The touches behind a number, oldest first."""
    touches: list[int] = []
    while code:
        code, touch = divmod(code, 4)
        touches.append(touch)
    return tuple(reversed(touches))
