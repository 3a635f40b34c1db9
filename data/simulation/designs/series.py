"""Decides the world without a control (design O): one series of days, a launch or spend that is always on.

kappa says how far spend follows demand: 0 is no confounding; at 1 a launch falls on a time when demand is 10 %
higher anyway, and an always-on brand spends as demand and season go.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.simulation.designs import demand
from data.simulation.designs.demand import Floats


@dataclass(frozen=True)
class Setting:
    """What one series is made with.

    days; pre: days before the launch; always_on: spend on every day instead of a launch; true_iroas: all caused
    revenue ÷ spend, also after the last day; kappa: see above; surge: by how much demand is higher around a launch
    at kappa 1 (share); spend_share: of a usual day's revenue; spend_scatter: sd of log spend from day to day;
    noise: sd of a day's orders; index_noise: sd of the demand index.
    """

    days: int = 182
    pre: int = 126
    always_on: bool = False
    true_iroas: float = 2.0
    kappa: float = 0.0
    surge: float = 0.10
    spend_share: float = 0.05
    spend_scatter: float = 0.15
    noise: float = 0.04
    index_noise: float = 0.04


LAUNCH = Setting()
ALWAYS_ON = Setting(always_on=True, spend_scatter=0.5)


@dataclass(frozen=True)
class Series:
    """One series and its truth.

    revenue, spend, caused, demand_index (log, noisy): one a day; pre: days before the launch (0 when always on).
    true_iroas: caused revenue in the days of the world ÷ spend.
    """

    revenue: Floats
    spend: Floats
    caused: Floats
    demand_index: Floats
    pre: int
    true_iroas: float


def series(rng: np.random.Generator, setting: Setting = LAUNCH) -> Series:
    """One world; the same generator state and setting give the same world."""
    days = setting.days
    wave = demand.wander(rng, (days,), demand.BRAND_PERSISTENCE, demand.BRAND_STEP)
    season = np.log(demand.season(days, rng.random()))
    launched = np.arange(days) >= setting.pre
    if not setting.always_on:
        wave = wave + np.where(launched, np.log1p(setting.kappa * setting.surge), 0.0)
    noise = np.maximum(1 + setting.noise * rng.standard_normal(days), demand.LEAST)
    organic = demand.BASE * demand.calendar(days) * np.exp(season + wave) * noise
    index = wave + 0.8 * season + setting.index_noise * rng.standard_normal(days)
    spend = _spend(rng, setting, organic, wave + season)
    caused = demand.carried(setting.true_iroas * spend)
    truth = float(caused.sum() / spend.sum())
    return Series(organic + caused, spend, caused, index, 0 if setting.always_on else setting.pre, truth)


def _spend(rng: np.random.Generator, setting: Setting, organic: Floats, wanted: Floats) -> Floats:
    """Spend of each day: a share of the pre-period's mean from the launch on, or always on."""
    scatter = np.exp(setting.spend_scatter * rng.standard_normal(setting.days))
    if setting.always_on:
        return np.asarray(setting.spend_share * demand.BASE * np.exp(setting.kappa * wanted) * scatter)
    level = setting.spend_share * float(organic[: setting.pre].mean())
    return np.where(np.arange(setting.days) >= setting.pre, level * scatter, 0.0)
