"""Decides the world of staggered go-live dates (design L): influencers' posts dated by a drawn calendar, or by demand.

Each influencer sells to an audience of their own and posts once; what a post causes falls into its first days.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from data.simulation.designs import demand, geos
from data.simulation.designs.demand import Floats

Days = NDArray[np.int64]
FIRST = date(2025, 1, 6)  # a Monday


@dataclass(frozen=True)
class Setting:
    """What a world of go-live dates is made with.

    influencers, each with one post; before, open, after: days before any post may go live, in which posts go live,
    and after; true_iroas: caused revenue ÷ spend; lasts: days in which an effect falls, fading as elsewhere;
    spend_share: spend on a post ÷ what its audience brings in `lasts` days; audience: how the audiences' demand goes
    (geos.Setting; its places are the audiences); kappa: share of influencers who post when their own audience is
    about to buy most instead of on the drawn day (0: the calendar is kept).
    """

    influencers: int = 30
    before: int = 28
    open: int = 70
    after: int = 28
    true_iroas: float = 2.0
    lasts: int = 7
    spend_share: float = 0.10
    audience: geos.Setting = geos.Setting(size_sigma=0.5)
    kappa: float = 0.0

    @property
    def days(self) -> int:
        """All days of the world."""
        return self.before + self.open + self.after


BASE = Setting()
CHOSEN = Setting(kappa=1.0)


@dataclass(frozen=True)
class GoLives:
    """Posts, what was sold around them, and the truth.

    revenue, spend, caused: day × influencer; live: day each post went live (row of revenue). true_iroas: caused
    revenue ÷ spend (as planted, all of it within the days of the world).
    """

    revenue: Floats
    spend: Floats
    caused: Floats
    live: Days
    true_iroas: float


def window(setting: Setting = BASE) -> tuple[str, str]:
    """First and last day on which a post may go live (ISO)."""
    return day(setting.before), day(setting.before + setting.open - 1)


def day(row: int) -> str:
    """The date of a row of revenue (ISO)."""
    return (FIRST + timedelta(days=row)).isoformat()


def golives(rng: np.random.Generator, drawn: Days, setting: Setting = BASE) -> GoLives:
    """One world; drawn: the day of each post in the drawn calendar (row of revenue)."""
    n, last = setting.influencers, setting.before + setting.open
    organic = geos.organic(rng, replace(setting.audience, geos=n, pre=setting.days, test=0, cooldown=0)).T
    # the days ahead that sell most, as somebody who knows their audience would guess them
    ahead = np.cumsum(np.vstack([np.zeros((1, n)), organic / demand.calendar(setting.days)[:, None]]), axis=0)
    coming = (ahead[setting.lasts :] - ahead[: -setting.lasts])[setting.before : last]
    follows = rng.random(n) < setting.kappa
    live = np.where(follows, setting.before + coming.argmax(axis=0), drawn)
    budget = setting.spend_share * setting.lasts * organic[: setting.before].mean(axis=0)
    fading = demand.FADE ** np.arange(setting.lasts)
    spend, caused = np.zeros_like(organic), np.zeros_like(organic)
    for column, start in enumerate(live):
        spend[start, column] = budget[column]
        caused[start : start + setting.lasts, column] += setting.true_iroas * budget[column] * fading / fading.sum()
    return GoLives(organic + caused, spend, caused, live, setting.true_iroas)
