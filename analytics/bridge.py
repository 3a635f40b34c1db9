"""Decides why a number moved between two periods: an exact split into volume, mix, rate, price, unpaid and restated.

Every group's revenue is size × share × rate × price: all that was spent, the group's share of it, orders for each unit
of money there, revenue for each order. A factor's part is its Shapley value: what replacing its value of the period
before by its value now adds, averaged over every order in which the factors can be replaced. It favours no factor for
being asked first, and the parts add up to the change. Shapley, A value for n-person games (1953); Shorrocks,
Decomposition procedures for distributional analysis, J. Economic Inequality 11 (2013), section 2.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import factorial

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics import formats
from analytics.metrics import METRICS
from data.values.written import group

Numbers = npt.NDArray[np.float64]
COLUMNS = ("spend", "orders", "revenue")
LABELS = {
    "volume": "Volume", "mix": "Mix", "rate": "Rate", "price": "Price", "unpaid": "Unpaid", "uncounted": "Uncounted",
    "restated": "Restated",
}  # fmt: skip
FACTORS = ("volume", "mix", "rate", "price", "unpaid")
NOUNS = {"roas": "Return", "revenue": "Revenue"}
LEFT_OUT = {
    "volume": "spending more of the same moves no return (volume)",
    "mix": "there is one group only (mix)",
    "price": "no file counts orders (price)",
    "rate": "no file states spend (rate)",
    "restated": "nothing was restated",
}


@dataclass(frozen=True)
class Part:
    """One cause. value: what it adds, in the metric's unit. words: what happened, a clause without capital or stop."""

    key: str
    value: float
    words: str

    @property
    def label(self) -> str:
        """Its name beside its bar."""
        return LABELS[self.key]


@dataclass(frozen=True)
class Bridge:
    """From `start` (the period before, as it was printed) to `end` (now), in the unit of `metric` (a metric's key).

    parts: every cause that could act, in the order of LABELS; end − start is their sum, to rounding. left_out: a
    clause for each cause that could not act here.
    """

    metric: str
    start: float
    end: float
    parts: tuple[Part, ...]
    left_out: tuple[str, ...] = ()

    @property
    def began(self) -> float:
        """The period before as the data have it now: a correction moves what was printed, not what happened."""
        return self.start + sum(part.value for part in self.parts if part.key == "restated")

    def causes(self) -> tuple[Part, ...]:
        """The two that say most: the largest in the direction of the change, then the largest of the rest."""
        sign = 1.0 if self.end >= self.began else -1.0
        acts = (part for part in self.parts if part.key != "restated" and self.says(part))
        acting = sorted(acts, key=lambda part: -abs(part.value))
        first = next((part for part in acting if part.value * sign > 0), None)
        rest = [part for part in acting if part is not first]
        return tuple(part for part in (first, *rest[:1]) if part is not None)

    def says(self, part: Part) -> bool:
        """Whether it reads as other than nothing."""
        return any(digit in self.write(part.value) for digit in "123456789")

    def write(self, value: float, signed: bool = False) -> str:
        """A value of this bridge: all of them with the same unit and the same decimals, so that a reader can add."""
        sign = formats.MINUS if value < 0 else "+" if signed else ""
        if METRICS[self.metric].unit == "multiple":
            return f"{sign}{_grouped(abs(value), self._places)}×"
        largest = max(abs(self.start), abs(self.end))
        step, unit = next(((step, unit) for step, unit in formats.HOUSE.steps if largest >= step), (1.0, ""))
        return f"{sign}{formats.HOUSE.sign}{_grouped(abs(value) / step, 2 if unit else 0)}{unit}"

    @property
    def _places(self) -> int:
        """One decimal where every part shows with it, as in 11.6×; else two."""
        sizes = [abs(part.value) for part in self.parts if part.value]
        return 1 if min(abs(self.start), abs(self.end)) >= 10 and all(size >= 0.05 for size in sizes) else 2

    @property
    def sentence(self) -> str:
        """“Return rose from 10.8× to 11.6×, because … (mix) and because … (rate).” No words that the parts belie."""
        noun, ends = NOUNS[self.metric], (self.write(self.began), self.write(self.end))
        causes, printed = self.causes(), self.write(self.start)
        was = f" (printed as {printed} before)" if printed != ends[0] else ""
        if ends[0] == ends[1]:
            return f"{noun} stayed at {ends[1]}{was}{_balanced(causes)}."
        moved = f"{noun} {'rose' if self.end > self.began else 'fell'} from {ends[0]}{was} to {ends[1]}"
        if not causes:
            return f"{moved}."
        words = [f"{part.words} ({part.label.lower()})" for part in causes]
        joints = [" and because " if part.value * causes[0].value > 0 else ", although " for part in causes[1:]]
        return f"{moved}, because {words[0]}{''.join(map(''.join, zip(joints, words[1:], strict=True)))}."


def _balanced(causes: Sequence[Part]) -> str:
    """What lies under a number that did not move."""
    words = [f"{part.words} ({part.label.lower()})" for part in causes]
    return f": {', but '.join(words)}" if len(words) == 2 else ""


def _grouped(size: float, places: int) -> str:
    whole, _, fraction = f"{size:.{places}f}".partition(".")
    return group(whole, formats.HOUSE.currency == "INR") + (f".{fraction}" if fraction else "")


@dataclass(frozen=True)
class Side:
    """One period. size: all that was spent (orders, where nothing is spent); shares, rates, prices: by group.

    unpaid: revenue of groups without size.
    """

    size: float
    shares: Numbers
    rates: Numbers
    prices: Numbers
    unpaid: float

    def worth(self, metric: str, factors: Mapping[str, Side]) -> float:
        """The metric with each factor as the side that is given for it has it."""
        within = float((factors["mix"].shares * factors["rate"].rates * factors["price"].prices).sum())
        size, unpaid = factors["volume"].size, factors["unpaid"].unpaid
        return within + unpaid / size if metric == "roas" else within * size + unpaid


def shapley(players: Sequence[str], worth: Callable[[frozenset[str]], float]) -> dict[str, float]:
    """Each player's Shapley value for a worth of every set of players; they sum to worth(all) − worth(none)."""
    count = len(players)
    sets = [frozenset(some) for size in range(count + 1) for some in combinations(players, size)]
    worths = {some: worth(some) for some in sets}
    values = {}
    for player in players:
        parts = [
            factorial(len(some)) * factorial(count - len(some) - 1) * (worths[some | {player}] - worths[some])
            for some in sets
            if player not in some
        ]
        values[player] = math.fsum(parts) / factorial(count)
    return values


def bridge(
    before: pd.DataFrame,
    now: pd.DataFrame,
    metric: str = "roas",
    printed: float = math.nan,
    unprinted: str = LEFT_OUT["restated"],
) -> Bridge | None:
    """How `metric` ('roas' or 'revenue') came from the one period to the other; None where either has none.

    before, now: a row a group with `group`, spend, orders, revenue (money, count, money; NaN where no file has it).
    printed: the period before as an earlier version of the data gave it, NaN where it gave none. unprinted: a clause on
    why nothing is called restated where it gave none.

    A group without spend in one period has no rate and no price there and takes those of the other period, so that to
    enter or to leave is volume and mix. A paid group without orders takes the other period's price (1 where there is
    none), and its rate is what then gives its revenue. Revenue of groups that are not paid in a period is `unpaid`.
    Spend below zero leaves no shares: such a selection is one group. Where nothing is spent, size counts orders:
    revenue = orders × share × price, there is no rate, and what comes without orders is `uncounted`.
    """
    rows = _aligned(before, now)
    in_orders = not bool((rows["spend"] > 0).any(axis=None))
    earlier, later = _sides(rows, in_orders)
    if not _comparable(metric, rows, earlier, later, in_orders):
        return None

    def worth(replaced: frozenset[str]) -> float:
        return later.worth(metric, {factor: later if factor in replaced else earlier for factor in FACTORS})

    values = shapley(FACTORS, worth)
    started, ended = worth(frozenset()), worth(frozenset(FACTORS))
    can = _acting(metric, rows, earlier, later, in_orders)
    parts = [_part(key, values[key], earlier, later, rows, in_orders) for key in FACTORS if can[key]]
    can["restated"] = not math.isnan(printed) and not math.isclose(printed, started, rel_tol=1e-9)
    if can["restated"]:
        up = "up" if started > printed else "down"
        parts.append(Part("restated", started - printed, f"the period before was restated {up}wards"))
    began = printed if can["restated"] else started
    return Bridge(metric, began, ended, tuple(parts), _left_out(can, printed, unprinted))


def _left_out(can: Mapping[str, bool], printed: float, unprinted: str) -> tuple[str, ...]:
    """A clause for each cause that could not act."""
    words = LEFT_OUT | ({"restated": unprinted} if math.isnan(printed) else {})
    return tuple(said for key, said in words.items() if not can[key])


def _aligned(before: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """Both periods side by side, a row a group: (spend, orders, revenue) × (0, 1); one row where spend is negative."""
    sides = [frame.groupby("group")[list(COLUMNS)].sum(min_count=1) for frame in (before, now)]
    rows = pd.concat(sides, axis=1, keys=(0, 1)).swaplevel(axis=1).astype(float)
    if bool((rows["spend"] < 0).any(axis=None)):
        rows = rows.sum(min_count=1).to_frame("all").T
    return rows


def _comparable(metric: str, rows: pd.DataFrame, earlier: Side, later: Side, in_orders: bool) -> bool:
    """Whether both periods have the number: a return needs spend in both, revenue something sold or spent before."""
    if bool(rows["revenue"].isna().all(axis=None)):
        return False
    if metric == "roas":
        return not in_orders and min(earlier.size, later.size) > 0
    return bool(earlier.size or earlier.unpaid)


def _sides(rows: pd.DataFrame, in_orders: bool) -> tuple[Side, Side]:
    """Both periods as factors; what one of them lacks is the other's."""
    sizes, orders, revenue = (
        rows[[(key, 0), (key, 1)]].fillna(0.0).to_numpy(float).T
        for key in ("orders" if in_orders else "spend", "orders", "revenue")
    )
    sizes = np.where(sizes > 0, sizes, 0.0)
    totals = sizes.sum(axis=1, keepdims=True)
    paid = sizes > 0
    shares = _filled(_divided(sizes, np.broadcast_to(totals, sizes.shape)))
    own = np.where(paid & (orders > 0), _divided(revenue, orders), np.nan)
    borrowed = np.where(np.isnan(own), own[::-1], own)
    prices = np.where((np.nan_to_num(borrowed) != 0) | (own == 0), borrowed, 1.0)
    rates = np.where(prices == 0, _divided(orders, sizes), _divided(_divided(revenue, sizes), prices))
    rates = _filled(np.where(paid, rates, np.nan))
    unpaid = np.where(paid, 0.0, revenue).sum(axis=1)
    first, second = (
        Side(float(totals[side, 0]), shares[side], rates[side], prices[side], float(unpaid[side])) for side in (0, 1)
    )
    return first, second


def _divided(over: Numbers, under: Numbers) -> Numbers:
    """over ÷ under, NaN over nothing."""
    ratios: Numbers = np.divide(over, under, out=np.full(over.shape, np.nan), where=under != 0)
    return ratios


def _filled(both: Numbers) -> Numbers:
    """What the one period lacks, from the other; 0 where both do."""
    filled: Numbers = np.nan_to_num(np.where(np.isnan(both), both[::-1], both))
    return filled


def _acting(metric: str, rows: pd.DataFrame, earlier: Side, later: Side, in_orders: bool) -> dict[str, bool]:
    """Which factors could move the number at all."""
    unpaid = bool(earlier.unpaid or later.unpaid)
    return {
        "volume": metric == "revenue" or unpaid,
        "mix": int(((earlier.shares > 0) | (later.shares > 0)).sum()) > 1,
        "rate": not in_orders,
        "price": bool((rows["orders"] > 0).any(axis=None)),
        "unpaid": unpaid,
    }


def _part(key: str, value: float, earlier: Side, later: Side, rows: pd.DataFrame, in_orders: bool) -> Part:
    """The factor with what happened, in words that follow its sign (those of volume follow the amounts)."""
    more = "more" if value >= 0 else "less"
    spent = "more" if later.size >= earlier.size else "fewer" if in_orders else "less"
    counted = bool((rows["orders"] > 0).any(axis=None))
    orders = {
        "volume": f"{spent} orders came",
        "mix": f"more of the orders came where they are worth {more}",
        "unpaid": f"what counts no orders brought {more}",
    }
    words = {
        "volume": f"{spent} was spent",
        "mix": f"more of it was spent where it returns {more}",
        "rate": f"the same money brought {'fewer' if counted and value < 0 else more} "
        + ("orders" if counted else "revenue"),
        "price": f"an order was worth {more}",
        "unpaid": f"what had no spend in these days brought {more}",
    } | (orders if in_orders else {})
    return Part("uncounted" if key == "unpaid" and in_orders else key, value, words[key])
