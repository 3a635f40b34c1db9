"""Decides what the sample is: one seed, one world, whose true incremental ROAS is known and stored beside it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from data.simulation import demand, files
from data.simulation.orders import orders
from data.simulation.payouts import payouts, terms
from data.simulation.people import influencers as make_influencers
from data.simulation.plan import USUAL_ROWS_A_YEAR, plan
from data.simulation.posts import posts, schedule
from data.simulation.tracking import tracking
from data.simulation.truth import truth
from errors import BadAssumption

LEAST_ROWS = 1_000


@dataclass(frozen=True)
class World:
    """The four tables as users bring them (columns: data/simulation/), and what is true of them.

    influencers: people.influencers; posts: posts.posts; tracking: tracking.tracking; payouts: payouts.payouts;
    truth: truth.truth.
    """

    influencers: pd.DataFrame
    posts: pd.DataFrame
    tracking: pd.DataFrame
    payouts: pd.DataFrame
    truth: dict[str, object]


def simulate(
    seed: int = 7, rows: int | None = None, influencers: int = 90, months: int = 12, true_iroas: float = 2.0
) -> World:
    """A world of `months` calendar months up to 31 July 2026; the same arguments give the same world.

    rows: tracking rows (None: 14,000 a year); revenue and spend grow with them. true_iroas: what incremental
    revenue ÷ spend is expected to be; what it came to be is truth["true_iroas"]. Raises BadAssumption outside
    the bounds: rows from 1,000, influencers from 1, months 1–60, true_iroas 0–8.
    """
    count = round(USUAL_ROWS_A_YEAR * months / 12) if rows is None else rows
    _check(seed, count, influencers, months, true_iroas)
    # a stream of chance for each part, so that a change in one leaves the others as they were
    chance = [np.random.default_rng([seed, part]) for part in range(7)]
    days = demand.calendar(months)
    people = make_influencers(chance[0], influencers)
    agreed = plan(chance[1], days, people["follower_count"].to_numpy(), count, true_iroas)
    when = schedule(chance[2], agreed)
    bought = orders(chance[3], days, agreed, when, count)
    paid, planted = payouts(chance[4], days, people, agreed, terms(chance[4], agreed), bought)
    published = posts(chance[5], days, people, agreed, when, paid["orders"].to_numpy())
    tracked = tracking(chance[6], days, people, agreed, bought)
    known = truth(people, agreed, bought, paid["total_payout"].to_numpy(), planted, seed, true_iroas)
    return World(people, published, tracked, paid, known)


def write(world: World, folder: Path | str) -> list[Path]:
    """influencers.csv, posts.csv, tracking.csv, payouts.csv and truth.json in that folder, made if it is not there."""
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    return [
        files.write_small(world.influencers, place / "influencers.csv"),
        files.write_small(world.posts, place / "posts.csv"),
        files.write_big(world.tracking, place / "tracking.csv"),
        files.write_small(world.payouts, place / "payouts.csv"),
        files.write_truth(world.truth, place / "truth.json"),
    ]


def _check(seed: int, rows: int, influencers: int, months: int, true_iroas: float) -> None:
    """Refuse what no world can be made of."""
    bounds = (
        ("seed", seed, 0, 2**63 - 1),
        ("influencers", influencers, 1, 100_000),
        ("months", months, 1, 60),
        ("true_iroas", true_iroas, 0, 8),
        ("rows", rows, LEAST_ROWS, 50_000_000),
    )
    for name, value, least, most in bounds:
        if not least <= value <= most:
            raise BadAssumption(f"The sample cannot be made with {name} = {value}: choose from {least:,} to {most:,}.")
