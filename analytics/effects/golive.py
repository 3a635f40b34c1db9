"""Decides what a staggered go-live experiment shows: the calendar that was against all that might have been drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from analytics.effects.designs import Calendar, day_number, drawn_places
from analytics.effects.effect import Effect
from analytics.effects.inversion import inverted
from analytics.effects.means import positive_spend
from analytics.effects.refusals import CannotTell, Numbers, numbers

SEED = 20261121
DRAWS = 1999
STATISTICS = ("did", "score")
FEWEST = 4


@dataclass(frozen=True)
class Window:
    """Days after go-live that an effect is looked for in (`after`, the go-live day first) and days before it that it
    is held against (`before`; `did` only)."""

    after: int = 7
    before: int = 7


def analyse(
    revenue: Any, first: str, calendar: Calendar, window: Window | None = None, units: Sequence[int] | None = None,
    level: float = 0.9, statistic: str = "did", draws: int = DRAWS, seed: int = SEED,
) -> Effect:  # fmt: skip
    """Effect of a post on a day on which it is new, by randomisation inference on exactly the design that was drawn.

    revenue: day × unit (or one series, by day), money; day 0 is `first` (ISO). units: column of each post (one unit
    an influencer, store, geo …); left out with one series. statistic: `did`, money a post and day: mean of the
    days after go-live less the mean of those before, over posts, on revenue freed from unit and day means (one
    series: from weekday means and a straight line); `score`, a share of what is expected of that unit and day:
    Σ over days after go-live of (revenue − expected) ÷ expected, for revenue that grows with its unit.
    The statistic is linear, so the interval is exact inversion over the assumed effect (Rosenbaum 2002; Athey & Imbens
    2022 for staggered dates); it is centred by its mean over the calendars, which takes out season and trend.
    extras: p (two-sided), calendars, post_days (posts × days in their windows).
    """
    spans, table = window or Window(), _table(revenue)
    places = _places(calendar, table, units)
    seen = np.array([day_number(day, first) for day in calendar.dates], dtype=np.int64)
    others = drawn_places(calendar.posts, calendar.rules, first, draws, seed)
    dealt = np.vstack([seen, others])
    _refuse(dealt, table, spans, statistic)
    expected = _expected(table) if statistic == "score" else np.ones_like(table)
    exposure = _exposure(seen, places, table.shape, spans.after)
    outcome = _freed(table / expected, statistic)
    a, b = (_statistic(part, dealt, places, spans, statistic) for part in (outcome, _freed(exposure, statistic)))
    if np.ptp(a) <= 1e-12 * max(float(np.abs(a).max()), 1e-300):
        raise CannotTell("Revenue is the same whichever calendar had been drawn, so nothing shows how sure this is.")
    a, b = a - a.mean(), b - b.mean()
    told = {"calendars": float(len(dealt)), "post_days": float(exposure.sum())}
    return inverted((float(a[0]), float(b[0])), (a, b), level, 2, told)


def incremental_roas(effect: Effect, spend: float) -> Effect:
    """Effect a post and day × post_days ÷ spend, a multiple; for the `did` statistic only."""
    factor = effect.extras["post_days"] / positive_spend(spend)
    return Effect(
        effect.point * factor, effect.lower * factor, effect.upper * factor, effect.level, effect.se * factor,
        effect.df, effect.extras,
    )  # fmt: skip


def _table(revenue: Any) -> Numbers:
    table = numbers(revenue, "revenue")
    if table.ndim == 1:
        table = table[:, None]
    if table.ndim != 2 or np.ptp(table) == 0:
        raise CannotTell("Revenue is the same on every day, so nothing can be seen in it.")
    if np.abs(table).max() > 1e150:
        raise CannotTell("Revenue is too large to reckon with: check its unit.")
    return table


def _places(calendar: Calendar, table: Numbers, units: Sequence[int] | None) -> npt.NDArray[np.int64]:
    count = len(calendar.posts)
    if count < FEWEST:
        raise CannotTell(f"{count} posts are too few to tell a calendar from chance: at least {FEWEST} are needed.")
    if units is None and table.shape[1] > 1:
        raise CannotTell("Several series were given and no post says which is its own: name the column of each post.")
    places = np.zeros(count, dtype=np.int64) if units is None else np.asarray(units, dtype=np.int64)
    if len(places) != count or places.min() < 0 or places.max() >= table.shape[1]:
        raise CannotTell("A post points to a series that is not there: name the column of each post.")
    return places


def _refuse(dealt: npt.NDArray[np.int64], table: Numbers, spans: Window, statistic: str) -> None:
    if statistic not in STATISTICS:
        raise CannotTell(f"“{statistic}” is no statistic of this design: choose did or score.")
    if spans.after < 1 or spans.before < 1:
        raise CannotTell("The windows before and after go-live need at least one day each.")
    back = spans.before if statistic == "did" else 0
    early, late = int(dealt.min()) - back, int(dealt.max()) + spans.after
    if early < 0 or late > len(table):
        raise CannotTell(
            f"Revenue is needed from {max(-early, 0)} days earlier to {max(late - len(table), 0)} days later than it "
            "is known: some calendars that might have been drawn reach beyond it."
        )


def _expected(table: Numbers) -> Numbers:
    """Of each unit and day: unit's share × the day's (one series: its weekday's) total. CannotTell at zero or less."""
    if table.shape[1] > 1:
        by_unit, by_day = table.sum(axis=0), table.sum(axis=1)
        if table.sum() <= 0 or (by_unit <= 0).any() or (by_day <= 0).any():
            raise CannotTell(
                "A unit or a day has no revenue, so no share of it can be reckoned: use the did statistic."
            )
        return np.asarray(np.outer(by_day, by_unit) / table.sum())
    weekdays = np.arange(len(table)) % 7
    means = np.array([table[weekdays == day].mean() if (weekdays == day).any() else 1.0 for day in range(7)])
    if (means <= 0).any():
        raise CannotTell("A weekday has no revenue, so no share of it can be reckoned: use the did statistic.")
    expected: Numbers = means[weekdays][:, None]
    return expected


def _exposure(
    seen: npt.NDArray[np.int64], places: npt.NDArray[np.int64], shape: tuple[int, ...], after: int
) -> Numbers:
    """How many posts are new, by day and unit, under the calendar that was."""
    made = np.zeros(shape)
    for day, unit in zip(seen, places, strict=True):
        made[day : day + after, unit] += 1
    return made


def _freed(table: Numbers, statistic: str) -> Numbers:
    """Less what unit and day (one series: weekday and a straight line) explain; linear in the table."""
    if table.shape[1] > 1:
        return np.asarray(table - table.mean(axis=0) - table.mean(axis=1, keepdims=True) + table.mean())
    days = np.arange(len(table))
    columns = [(days % 7 == day).astype(float) for day in range(7)]
    if statistic == "did" or len(table) > 14:
        columns.append(days / len(table))
    design = np.column_stack(columns)
    left: Numbers = table - design @ np.linalg.lstsq(design, table, rcond=None)[0]
    return left


def _statistic(
    table: Numbers, dealt: npt.NDArray[np.int64], places: npt.NDArray[np.int64], spans: Window, statistic: str
) -> Numbers:
    """The statistic of every calendar."""
    run = np.vstack([np.zeros((1, table.shape[1])), np.cumsum(table, axis=0)])
    after = run[dealt + spans.after, places] - run[dealt, places]
    if statistic == "score":
        return np.asarray(after.sum(axis=1), dtype=float)
    before = run[dealt, places] - run[dealt - spans.before, places]
    return np.asarray((after / spans.after - before / spans.before).mean(axis=1), dtype=float)
