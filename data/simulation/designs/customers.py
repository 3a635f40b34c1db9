"""Decides the world of a customer holdout (design U): who buys, what influencers caused, which orders carry a code."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.simulation.designs.demand import Flags, Floats

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Setting:
    """What a world of customers is made with.

    customers; treated_share: drawn at random to be treated; true_iroas: caused revenue ÷ spend; rate: orders a
    customer in the test period before season; rate_variance: of the gamma that rates follow (mean 1); season: of the
    test period over the pre-period; pre_length: pre-period, in lengths of the test period; bulk_share, bulk_least,
    bulk_tail: share of bulk orders, their least value and Pareto index; spend_share: spend ÷ expected revenue of
    the treated at pre-period rates; leak_treated, leak_control: share of their organic orders under an influencer's
    code; capture: share of the caused orders that carry one.
    """

    customers: int = 50_000
    treated_share: float = 0.8
    true_iroas: float = 2.0
    rate: float = 0.12
    rate_variance: float = 1.0
    season: float = 1.10
    pre_length: float = 1.0
    value_mean: float = 1_600.0
    value_sigma: float = 0.7
    bulk_share: float = 0.01
    bulk_least: float = 9_000.0
    bulk_tail: float = 2.1
    spend_share: float = 0.05
    leak_treated: float = 0.12
    leak_control: float = 0.03
    capture: float = 0.55

    @property
    def order_value(self) -> float:
        """Expected value of an order."""
        bulk = self.bulk_least * self.bulk_tail / (self.bulk_tail - 1)
        return (1 - self.bulk_share) * self.value_mean + self.bulk_share * bulk


BASE = Setting()
REPEAT = Setting(rate_variance=3.0, pre_length=4.0, bulk_share=0.0)
HEAVY = Setting(customers=10_000, bulk_share=0.02, bulk_tail=1.5)


@dataclass(frozen=True)
class Customers:
    """A customer holdout and its truth.

    One entry a customer: is_treated; revenue and orders of the test period; pre_revenue of the pre-period.
    One entry an order of the test period: order_customer (number), order_value, is_caused, has_code.
    spend: on all treated together; true_iroas: as planted (the expected caused revenue ÷ spend).
    """

    is_treated: Flags
    revenue: Floats
    orders: Ints
    pre_revenue: Floats
    order_customer: Ints
    order_value: Floats
    is_caused: Flags
    has_code: Flags
    spend: float
    true_iroas: float


def customers(rng: np.random.Generator, setting: Setting = BASE) -> Customers:
    """One world; the same generator state and setting give the same world."""
    n = setting.customers
    treated = np.zeros(n, dtype=bool)
    treated[rng.permutation(n)[: round(setting.treated_share * n)]] = True
    rate = setting.rate * rng.gamma(1 / setting.rate_variance, setting.rate_variance, n)
    spend = setting.spend_share * int(treated.sum()) * setting.rate * setting.order_value
    pull = np.where(treated, rate, 0.0)
    caused = setting.true_iroas * spend / setting.order_value * pull / pull.sum()
    organic, extra = rng.poisson(rate * setting.season), rng.poisson(caused)
    who = np.concatenate([np.repeat(np.arange(n), organic), np.repeat(np.arange(n), extra)])
    is_caused = np.arange(len(who)) >= int(organic.sum())
    value = _values(rng, len(who), setting)
    before = np.repeat(np.arange(n), rng.poisson(rate * setting.pre_length))
    pre = _summed(before, _values(rng, len(before), setting), n)
    code = _coded(rng, treated[who], is_caused, setting)
    revenue, orders = _summed(who, value, n), np.bincount(who, minlength=n)
    return Customers(treated, revenue, orders, pre, who, value, is_caused, code, spend, setting.true_iroas)


def _summed(who: Ints, value: Floats, n: int) -> Floats:
    """Order values of each customer."""
    return np.asarray(np.bincount(who, value, n), dtype=np.float64)


def _values(rng: np.random.Generator, count: int, setting: Setting) -> Floats:
    """Order values: lognormal, and a few bulk orders with a Pareto tail."""
    middle = math.log(setting.value_mean) - setting.value_sigma**2 / 2
    value = rng.lognormal(middle, setting.value_sigma, count)
    bulk = np.flatnonzero(rng.random(count) < setting.bulk_share)
    value[bulk] = setting.bulk_least * (1 + rng.pareto(setting.bulk_tail, len(bulk)))
    return value


def _coded(rng: np.random.Generator, treated: Flags, caused: Flags, setting: Setting) -> Flags:
    """Which orders carry an influencer's code: leaked organic ones and the captured part of the caused ones."""
    leak = np.where(treated, setting.leak_treated, setting.leak_control)
    return np.asarray(rng.random(len(treated)) < np.where(caused, setting.capture, leak))
