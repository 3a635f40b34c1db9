"""Decides the world of a geo holdout (design G): places of unequal size, drawn at random, some treated for six weeks.

A place may as well be an influencer's audience: all a method sees is one row a cluster and day.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.simulation.designs import demand
from data.simulation.designs.demand import Flags, Floats

PRE, TEST, COOLDOWN = "pre", "test", "cooldown"


@dataclass(frozen=True)
class Setting:
    """What a world of geos is made with.

    geos; pre, test, cooldown: days; treated_share; true_iroas: all caused revenue ÷ spend, also after the last day;
    size_sigma: of the lognormal sizes; loading_sd: scatter of the geos' share in the brand's demand (0 makes it
    equal); brand_step, geo_step: sd of a day's news in the brand's and the geo's demand; geo_persistence; noise: sd
    of a day's orders at mean size; spend_share: spend ÷ pre-period mean of a treated geo's day; spend_scatter: of a
    day's spend, common to all; influencers; effect_sigma: lognormal scatter of influencers' own iROAS; drift: growth a
    day of treated places beyond the others', before the test already (0: arms drawn at random).
    """

    geos: int = 50
    pre: int = 112
    test: int = 42
    cooldown: int = 14
    treated_share: float = 0.8
    true_iroas: float = 2.0
    size_sigma: float = 0.8
    loading_sd: float = 0.2
    brand_step: float = demand.BRAND_STEP
    geo_step: float = 0.05
    geo_persistence: float = 0.90
    noise: float = 0.06
    spend_share: float = 0.05
    spend_scatter: float = 0.15
    influencers: int = 40
    effect_sigma: float = 0.6
    fade: float = demand.FADE
    drift: float = 0.0

    @property
    def days(self) -> int:
        """All days of the world."""
        return self.pre + self.test + self.cooldown


BASE = Setting()
WITHOUT_COOLDOWN = Setting(cooldown=0)
HALVES = Setting(treated_share=0.5)
# independent from day to day, demand shared equally; the step gives the published attenuation of noisy geos
EQUAL_DEMAND = Setting(loading_sd=0.0, geo_persistence=0.0, geo_step=0.085)
TAME = Setting(loading_sd=0.0, geo_persistence=0.0, geo_step=0.03, noise=0.02, treated_share=0.5)
MANY = Setting(geos=75, size_sigma=1.2)
CHOSEN = Setting(drift=0.002)  # places that were growing anyway: a tenth more in a month and a half


@dataclass(frozen=True)
class Geos:
    """A geo holdout and its truth.

    is_treated: one a geo; revenue, spend, caused: geo × day; period: pre, test or cooldown, one a day.
    true_iroas: caused revenue in the days of the world ÷ spend (NaN without spend): what a method can be right about.
    """

    is_treated: Flags
    revenue: Floats
    spend: Floats
    caused: Floats
    period: np.ndarray
    true_iroas: float

    def total(self, *periods: str) -> Floats:
        """Revenue of each geo, summed over these periods."""
        return np.asarray(self.revenue[:, np.isin(self.period, periods)].sum(axis=1))

    @property
    def cost(self) -> Floats:
        """Spend on each geo in all."""
        return np.asarray(self.spend.sum(axis=1))


def geos(rng: np.random.Generator, setting: Setting = BASE) -> Geos:
    """One world; the same generator state and setting give the same world."""
    n = setting.geos
    period = np.repeat([PRE, TEST, COOLDOWN], [setting.pre, setting.test, setting.cooldown])
    usual = organic(rng, setting)
    treated = np.zeros(n, dtype=bool)
    treated[rng.permutation(n)[: round(setting.treated_share * n)]] = True
    usual = usual * np.where(treated[:, None], (1 + setting.drift) ** np.arange(setting.days), 1.0)
    scatter = np.where(period == TEST, np.exp(setting.spend_scatter * rng.standard_normal(len(period))), 0.0)
    level = np.where(treated, usual[:, : setting.pre].mean(axis=1), 0.0)
    spend = setting.spend_share * np.outer(level, scatter)
    caused = demand.carried(spend * _returns(rng, setting)[:, None], setting.fade)
    cost = float(spend.sum())
    truth = float(caused.sum()) / cost if cost > 0 else float("nan")
    return Geos(treated, usual + caused, spend, caused, period, truth)


def organic(rng: np.random.Generator, setting: Setting) -> Floats:
    """Revenue of each geo and day without anybody's post."""
    n, days = setting.geos, setting.days
    size = rng.lognormal(0.0, setting.size_sigma, n)
    country = demand.BASE * demand.calendar(days) * demand.season(days, rng.random())
    brand = demand.wander(rng, (days,), demand.BRAND_PERSISTENCE, setting.brand_step)
    own = demand.wander(rng, (n, days), setting.geo_persistence, setting.geo_step)
    loading = rng.normal(1.0, setting.loading_sd, n)
    noise = setting.noise * np.sqrt(size.mean() / size)[:, None] * rng.standard_normal((n, days))
    demanded = np.exp(loading[:, None] * brand + own) * np.maximum(1 + noise, demand.LEAST)
    return np.asarray((size / size.sum())[:, None] * country * demanded)


def _returns(rng: np.random.Generator, setting: Setting) -> Floats:
    """iROAS of each geo's mix of influencers; the influencers' own ones average to the truth, weighted by spend."""
    weight = rng.pareto(1.5, setting.influencers) + 0.3
    share = weight / weight.sum()
    own = rng.lognormal(0.0, setting.effect_sigma, setting.influencers)
    own *= setting.true_iroas / float(own @ share)
    return np.asarray(rng.dirichlet(30 * share, setting.geos) @ own)
