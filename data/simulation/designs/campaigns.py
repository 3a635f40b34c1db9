"""Decides the world of many campaigns (design K): what each caused, what it is credited with, and its own holdout."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from data.simulation.designs.demand import Floats

USUAL_SPEND = 100_000.0


@dataclass(frozen=True)
class Setting:
    """What the campaigns (or influencers) are made with.

    campaigns; true_mean, true_sigma: lognormal iROAS, mean and log sd (mean 0: nobody causes anything); spend_sigma:
    log sd; audience: expected revenue of the audience ÷ spend, with audience_sigma; leak, capture: beta parameters;
    scatter: standard error of a campaign's own holdout ÷ (audience ÷ spend), at USUAL_SPEND.
    """

    campaigns: int = 30
    true_mean: float = 2.0
    true_sigma: float = 0.6
    spend_sigma: float = 1.0
    audience: float = 20.0
    audience_sigma: float = 0.7
    leak: tuple[float, float] = (2.0, 18.0)
    capture: tuple[float, float] = (6.0, 5.0)
    scatter: float = 0.06


BASE = Setting()


@dataclass(frozen=True)
class Campaigns:
    """One entry a campaign: spend, revenue (attributed), estimate and se of its own holdout, and the true iROAS."""

    spend: Floats
    revenue: Floats
    estimate: Floats
    se: Floats
    true_iroas: Floats


def campaigns(rng: np.random.Generator, setting: Setting = BASE) -> Campaigns:
    """One world; the same generator state and setting give the same world."""
    n = setting.campaigns
    spend = USUAL_SPEND * rng.lognormal(0.0, setting.spend_sigma, n)
    true = np.zeros(n)
    if setting.true_mean > 0:
        true = rng.lognormal(math.log(setting.true_mean) - setting.true_sigma**2 / 2, setting.true_sigma, n)
    audience = setting.audience * spend * rng.lognormal(-(setting.audience_sigma**2) / 2, setting.audience_sigma, n)
    revenue = rng.beta(*setting.leak, n) * audience + rng.beta(*setting.capture, n) * true * spend
    se = setting.scatter * audience / spend * np.sqrt(USUAL_SPEND / spend)
    return Campaigns(spend, revenue, true + se * rng.standard_normal(n), se, true)
