"""Decides when and for how much people buy: the year's days, the demand of each day, the value of an order row."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from data.simulation import catalogue

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

LAST_DAY = np.datetime64("2026-07-31", "D")

ORDER_COUNTS = np.array([1, 2, 3])
ORDER_COUNT_SHARES = np.array([0.82, 0.14, 0.04])
BASKET_MEAN, BASKET_SIGMA = 1.5, 0.45  # product prices per order, lognormal
BULK_SHARE, BULK_MEDIAN, BULK_SIGMA = 0.01, 6.0, 0.5  # one order in a hundred is multiplied by a lognormal


@dataclass(frozen=True)
class Calendar:
    """The days of the world and the running total of demand.

    days: one datetime64[D] a day; running: one more entry than days, running[i] = demand before day i.
    """

    days: NDArray[np.datetime64]
    running: Floats

    def draw(self, rng: np.random.Generator, first: Ints, stop: Ints) -> Ints:
        """One day number for each window [first, stop), likelier where demand is higher."""
        low, high = self.running[first], self.running[stop]
        spot = low + (high - low) * rng.random(len(first))
        return np.clip(np.searchsorted(self.running, spot, side="right") - 1, first, stop - 1)

    def text(self, day: int) -> str:
        """That day as 2026-07-31."""
        return str(self.days[day])


def calendar(months: int) -> Calendar:
    """The last `months` whole calendar months up to LAST_DAY."""
    first = (LAST_DAY.astype("datetime64[M]") - (months - 1)).astype("datetime64[D]")
    days = np.arange(first, LAST_DAY + 1)
    weekday = (days.astype(np.int64) + 3) % 7  # 1 January 1970 was a Thursday
    growth = 1 + catalogue.YEARLY_GROWTH * np.arange(len(days)) / 365
    demand = growth * np.array(catalogue.WEEKDAY_DEMAND)[weekday] * np.array([_festive(day) for day in days.tolist()])
    return Calendar(days, np.concatenate([[0.0], np.cumsum(demand)]))


def _festive(day: date) -> float:
    """How many times a usual day's demand that day brings."""
    month_day = (day.month, day.day)
    for first, last, times in catalogue.FESTIVE_DEMAND:
        if first <= month_day <= last:
            return times
    return 1.0


@functools.cache
def shelf(brand: int) -> tuple[Ints, Floats]:
    """Numbers of a brand's products in the catalogue, and how likely each is bought (adds up to 1)."""
    numbers = [n for n, item in enumerate(catalogue.PRODUCTS) if item.brand == catalogue.BRANDS[brand]]
    weights = np.array([catalogue.PRODUCTS[n].popularity for n in numbers], dtype=np.float64)
    return np.array(numbers, dtype=np.int64), weights / weights.sum()


def row_value(brand: int) -> float:
    """Expected revenue of one order row of a brand, rupees: price × orders × basket × bulk."""
    numbers, weights = shelf(brand)
    price = float(sum(catalogue.PRODUCTS[n].price * w for n, w in zip(numbers, weights, strict=True)))
    bulk = 1 - BULK_SHARE + BULK_SHARE * BULK_MEDIAN * float(np.exp(BULK_SIGMA**2 / 2))
    return price * orders_per_row() * BASKET_MEAN * bulk


def orders_per_row() -> float:
    """Expected number of orders in one row."""
    return float(ORDER_COUNTS @ ORDER_COUNT_SHARES)


def products(rng: np.random.Generator, brands: Ints) -> Ints:
    """One product number for each row's brand number."""
    chosen = np.empty(len(brands), dtype=np.int64)
    for brand in range(len(catalogue.BRANDS)):
        rows = np.flatnonzero(brands == brand)
        numbers, weights = shelf(brand)
        chosen[rows] = rng.choice(numbers, size=len(rows), p=weights)
    return chosen


def baskets(rng: np.random.Generator, product: Ints) -> tuple[Ints, Ints]:
    """Orders (1–3) and revenue (paise) of each row, given its product number."""
    price = np.array([item.price for item in catalogue.PRODUCTS])[product]
    orders = rng.choice(ORDER_COUNTS, size=len(product), p=ORDER_COUNT_SHARES)
    value = price * orders * rng.lognormal(np.log(BASKET_MEAN) - BASKET_SIGMA**2 / 2, BASKET_SIGMA, len(product))
    bulk = np.flatnonzero(rng.random(len(product)) < BULK_SHARE)
    value[bulk] *= rng.lognormal(np.log(BULK_MEDIAN), BULK_SIGMA, len(bulk))
    return orders, np.rint(100 * value).astype(np.int64)
