"""Decides who buys what and when, what an influencer caused, and which orders carry a code."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.simulation import catalogue, demand
from data.simulation.demand import Calendar, Floats, Ints
from data.simulation.plan import LEAKAGE, Plan

NOBODY = -1
DAILY_FADE = 0.87  # of a post's pull is left a day later: half of it after five days
NEW_SHARE, NEW_SHARE_CAUSED = 0.5, 0.7  # of rows that are a customer's first, later on
FIRST_SHARE = 0.02  # of all rows: how soon customers begin to come back


@dataclass(frozen=True)
class Orders:
    """Order rows in order of day; arrays of one length. NOBODY (-1) = none.

    cell, deal (whose code it carries), cause (deal that caused it), brand, product, day, orders: numbers;
    revenue: paise; customer: number; is_new: the customer's first row.
    """

    cell: Ints
    deal: Ints
    cause: Ints
    brand: Ints
    product: Ints
    day: Ints
    orders: Ints
    revenue: Ints
    customer: Ints
    is_new: np.ndarray


def orders(rng: np.random.Generator, days: Calendar, plan: Plan, when: pd.DataFrame, rows: int) -> Orders:
    """All order rows: the cells' organic ones, the caused ones, and always-on organic ones up to `rows`."""
    parts = [_organic(rng, days, plan), _caused(rng, plan, when)]
    parts.append(_always_on(rng, days, rows - sum(len(part[0]) for part in parts)))
    cell, deal, cause, brand, day = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    order = np.argsort(day + rng.random(len(day)))
    cell, deal, cause, brand, day = (column[order] for column in (cell, deal, cause, brand, day))
    product = demand.products(rng, brand)
    count, revenue = demand.baskets(rng, product)
    customer, is_new = _customers(rng, cause != NOBODY)
    return Orders(cell, deal, cause, brand, product, day, count, revenue, customer, is_new)


Part = tuple[Ints, Ints, Ints, Ints, Ints]  # cell, deal, cause, brand, day


def _organic(rng: np.random.Generator, days: Calendar, plan: Plan) -> Part:
    """The cells' own orders: the same process in both arms; in treated ones some carry an influencer's code."""
    cells = plan.cells
    count = rng.poisson(cells["rows"] * cells["size"])
    cell = np.repeat(np.arange(len(cells)), count)
    day = days.draw(rng, cells["first"].to_numpy()[cell], cells["stop"].to_numpy()[cell])
    open_to_leak = cells["is_treated"].to_numpy()[cell] & (day >= cells["test"].to_numpy()[cell])
    leaked = np.flatnonzero(open_to_leak & (rng.random(len(cell)) < LEAKAGE))
    deal = np.full(len(cell), NOBODY)
    deal[leaked] = _code_owner(rng, plan, cell[leaked])
    return cell, deal, np.full(len(cell), NOBODY), cells["brand"].to_numpy()[cell], day


def _code_owner(rng: np.random.Generator, plan: Plan, cell: Ints) -> Ints:
    """A deal of each given treated cell, by its share of the cell's budget."""
    # shares of a cell add up to 1 and deals stand in order of cell: the running total counts treated cells
    running = np.cumsum(plan.deals["share"].to_numpy())
    rank = np.cumsum(plan.cells["is_treated"].to_numpy()) - 1
    last = np.searchsorted(plan.deals["cell"].to_numpy(), cell, side="right") - 1
    return np.asarray(np.minimum(np.searchsorted(running, rank[cell] + rng.random(len(cell)), side="right"), last))


def _caused(rng: np.random.Generator, plan: Plan, when: pd.DataFrame) -> Part:
    """Orders that would not exist without the influencer; only some carry the code, all fall in the test period."""
    cells, deals = plan.cells, plan.deals
    brand = cells["brand"].to_numpy()[deals["cell"]]
    value = np.array([demand.row_value(each) for each in range(len(catalogue.BRANDS))])
    cause = np.repeat(np.arange(len(deals)), rng.poisson(deals["caused"] / value[brand]))
    first_post = np.cumsum(deals["posts"].to_numpy()) - deals["posts"].to_numpy()
    post = first_post[cause] + (deals["posts"].to_numpy()[cause] * rng.random(len(cause))).astype(np.int64)
    cell = deals["cell"].to_numpy()[cause]
    start = when["day"].to_numpy()[post]
    day = start + _delay(rng, cells["stop"].to_numpy()[cell] - start)
    carries = rng.random(len(cause)) < deals["capture"].to_numpy()[cause]
    return cell, np.where(carries, cause, NOBODY), cause, brand[cause], day


def _delay(rng: np.random.Generator, room: Ints) -> Ints:
    """Days from a post to an order: geometric, cut so that it stays below `room` (days left) and loses nothing."""
    left = 1 - rng.random(len(room)) * (1 - DAILY_FADE**room)
    delay = np.log(left) / np.log(DAILY_FADE)
    return np.asarray(np.minimum(delay, room - 1), dtype=np.int64)


def _always_on(rng: np.random.Generator, days: Calendar, count: int) -> Part:
    """`count` organic orders outside every campaign."""
    nobody = np.full(max(0, count), NOBODY)
    brand = rng.choice(len(catalogue.BRANDS), size=len(nobody), p=catalogue.BRAND_SHARES)
    day = days.draw(rng, np.zeros(len(nobody), dtype=np.int64), np.full(len(nobody), len(days.days)))
    return nobody, nobody, nobody, brand, day


def _customers(rng: np.random.Generator, caused: np.ndarray) -> tuple[Ints, np.ndarray]:
    """Who bought, row after row: either somebody new or anybody who has bought before."""
    share = np.where(caused, NEW_SHARE_CAUSED, NEW_SHARE)
    # at first hardly anybody has bought before
    share += (1 - share) * np.exp(-np.arange(len(share)) / (FIRST_SHARE * len(share)))
    is_new = rng.random(len(share)) < share
    known = np.cumsum(is_new)
    again = (known * rng.random(len(known))).astype(np.int64)
    return np.where(is_new, known - 1, again), is_new


def attribution_scores(rng: np.random.Generator, bought: Orders) -> Floats:
    """What a shop's tracking would credit, 0–1: higher for caused orders, but the two overlap; NaN without a code."""
    score = np.full(len(bought.deal), np.nan)
    for is_caused, (up, down) in ((True, (6.0, 2.0)), (False, (4.0, 3.0))):
        rows = np.flatnonzero((bought.deal != NOBODY) & ((bought.cause != NOBODY) == is_caused))
        score[rows] = np.round(rng.beta(up, down, len(rows)), 2)
    return score
