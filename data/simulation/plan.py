"""Decides the experiment: equal-sized cells, which of them are treated, who is hired where, and what each causes.

A cell is one campaign with its own audience, designed to bring the same organic revenue as every other cell. Two
cells in three, drawn at random, are treated: influencers post and are paid. The others are control: nobody posts,
nobody is paid, and their organic orders are tracked all the same. Whatever treated cells bring beyond control
cells was therefore caused by influencers, up to chance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.simulation import catalogue, demand
from data.simulation.demand import Calendar, Floats, Ints

USUAL_ROWS_A_YEAR = 14_000
WAVES_A_YEAR, CELLS_A_WAVE = 8, 4  # for each brand: 3 × 8 × 4 = 96 cells a year
TREATED_SHARE = 2 / 3
PRE_SHARE = 0.2  # of a cell's days
CELL_ROWS_SHARE = 0.70  # of all rows; the rest is organic and always on
SIZE_CV = 0.12  # audiences are designed equal and turn out a little unequal
SPEND_SHARE = 0.11  # of the organic revenue of treated cells in the test period
LEAKAGE = 0.24  # of the organic orders there: they would have come anyway and carry an influencer's code
CAPTURE_LEAST, CAPTURE_MOST = 0.55, 0.85  # of the caused orders carry a code, by influencer
EFFECT_SIGMA = 0.5  # lognormal spread of influencers' power to cause orders
BASES: tuple[str, ...] = (
    ("post", "hybrid", "commission", "order", "post") * 3 + ("post", "hybrid") * 2 + ("commission",)
)


@dataclass(frozen=True)
class Plan:
    """What is settled before anybody buys.

    cells: campaign, brand (number), first, test, stop (day numbers; stop excluded), is_treated, size (1 on average),
    rows (expected organic rows at size 1).
    deals: one row an influencer in a treated cell, in order of cell: cell, influencer (row numbers), share (of the
    cell's budget), basis, posts, capture (share), caused (expected incremental revenue, rupees), leaked (expected
    organic revenue under the influencer's code, rupees).
    spend: what all deals together are meant to cost, rupees.
    """

    cells: pd.DataFrame
    deals: pd.DataFrame
    spend: float


def plan(rng: np.random.Generator, days: Calendar, followers: Ints, rows: int, true_iroas: float) -> Plan:
    """The experiment for a world of about `rows` order rows."""
    cells = _cells(rng, days)
    value = np.array([demand.row_value(brand) for brand in cells["brand"]])
    treated = cells["is_treated"].to_numpy()
    test_share = _test_share(days, cells)
    lift = true_iroas * SPEND_SHARE
    revenue = CELL_ROWS_SHARE * rows / float(((1 + treated * lift * test_share) / value).sum())
    cells["rows"] = revenue / value
    spend = SPEND_SHARE * revenue * float(test_share[treated].sum())
    deals = _deals(rng, cells, followers)
    deals["posts"] = _posts(rng, len(deals), rows / (USUAL_ROWS_A_YEAR * len(days.days) / 365))
    effect = rng.lognormal(0.0, EFFECT_SIGMA, len(followers))[deals["influencer"]] * deals["share"]
    deals["caused"] = true_iroas * spend * effect / effect.sum()
    deals["leaked"] = LEAKAGE * revenue * test_share[deals["cell"]] * deals["share"]
    return Plan(cells, deals, spend)


def _cells(rng: np.random.Generator, days: Calendar) -> pd.DataFrame:
    """Every cell with its window, arm and size; see Plan.cells."""
    waves = max(1, round(WAVES_A_YEAR * len(days.days) / 365))
    span = len(days.days) / waves
    wave, brand, _ = (axis.ravel() for axis in np.indices((waves, len(catalogue.BRANDS), CELLS_A_WAVE)))
    first = (wave * span).astype(np.int64)
    treated = rng.permutation(len(wave)) < round(TREATED_SHARE * len(wave))
    sigma = float(np.sqrt(np.log(1 + SIZE_CV**2)))
    cells = pd.DataFrame(
        {
            "brand": brand,
            "first": first,
            "test": first + round(PRE_SHARE * int(span)),
            "stop": first + int(span),
            "is_treated": treated,
            "size": rng.lognormal(-(sigma**2) / 2, sigma, len(wave)),
        }
    )
    cells["theme"] = [catalogue.THEMES[days.days[day].item().month] for day in (cells["first"] + cells["stop"]) // 2]
    number = cells.groupby(["brand", "theme"]).cumcount() + 1
    named = zip(cells["brand"], cells["theme"], number, strict=True)
    cells["campaign"] = [f"{catalogue.BRANDS[b]} {theme} – cell {n:02d}" for b, theme, n in named]
    return cells


def _test_share(days: Calendar, cells: pd.DataFrame) -> Floats:
    """Share of each cell's organic demand that falls in its test period."""
    first, test, stop = (days.running[cells[key].to_numpy()] for key in ("first", "test", "stop"))
    return np.asarray((stop - test) / (stop - first))


def _deals(rng: np.random.Generator, cells: pd.DataFrame, followers: Ints) -> pd.DataFrame:
    """Who is hired where: three to five people a treated cell, everybody in turn; see Plan.deals."""
    treated = np.flatnonzero(cells["is_treated"])
    least = max(3, -(-len(followers) // len(treated)))
    hired = np.minimum(rng.integers(least, least + 3, len(treated)), len(followers))
    cell = np.repeat(treated, hired)
    turn = rng.permutation(len(followers))[np.arange(len(cell)) % len(followers)]
    # a bigger following is paid more, though less than in proportion
    weight = pd.Series(followers[turn] ** 0.45 * rng.lognormal(0.0, 0.25, len(cell)))
    capture = rng.uniform(CAPTURE_LEAST, CAPTURE_MOST, len(followers))
    return pd.DataFrame(
        {
            "cell": cell,
            "influencer": turn,
            "share": (weight / weight.groupby(cell).transform("sum")).to_numpy(),
            "basis": np.resize(np.array(BASES), len(cell))[rng.permutation(len(cell))],
            "capture": capture[turn],
        }
    )


def _posts(rng: np.random.Generator, count: int, scale: float) -> Ints:
    """Posts of each deal: one to three, more in a world bigger than the usual one (`scale` times its rows)."""
    usual = rng.choice([1, 2, 3], size=count, p=[0.35, 0.40, 0.25])
    return np.asarray(np.rint(usual * max(1.0, np.sqrt(scale))), dtype=np.int64)
