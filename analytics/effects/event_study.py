"""Decides what happened around go-live dates: cohort by cohort against units not live yet, stacked."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.effects import inversion
from analytics.effects.effect import Checked, Effect
from analytics.effects.refusals import CannotTell, Numbers, at_level, no_giant, numbers

LEAST_UNITS = 4
DEALS = 1999
SURE = 0.1


@dataclass(frozen=True, eq=False)
class EventStudy(Effect):
    """Mean effect per treated unit and step, with the path to it.

    steps: one row per step around go-live [step (0: go-live), estimate, lower, upper, se], −1 is 0 by construction.
    cohorts: one row per go-live time that could be used [start, treated, controls, estimate].
    """

    steps: pd.DataFrame = field(default_factory=pd.DataFrame)
    cohorts: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def pre_trend(self) -> Checked:
        """Whether the paths ran alike before go-live (joint permutation test of all steps before −1)."""
        p = self.extras["p_pre"]
        said = f"Before go-live the paths differ as much in {p:.0%} of random deals; {SURE:.0%} or more is needed."
        return Checked("pre-trend", p >= SURE, said)


@dataclass(frozen=True, eq=False)
class _Stack:
    """Weights of units and times (rows, columns) that make each estimate: `steps` one matrix each, `whole` overall,
    `cohorts` one each."""

    labels: list[int]
    steps: list[Numbers]
    whole: Numbers
    cohorts: list[tuple[int, int, int, Numbers]]


def event_study(
    values: Any,
    starts: Any,
    before: int = 4,
    after: int = 4,
    level: float = 0.9,
    dose: Any = None,
    deals: int = DEALS,
    seed: int = inversion.SEED,
) -> EventStudy:
    """Stacked event study of a panel without gaps: one row a unit, one column a time (week by default).

    starts: column each unit goes live in; negative for never. For each go-live time whose window of `before` steps
    before and `after` steps from go-live on lies in the data, its units are compared with those not live inside that
    window: (value − value at step −1), treated less controls; cohorts weighted by their treated units. The effect is
    the mean from go-live on less the mean before it. dose: what was spent per unit and time instead of 0 and 1: the
    effect is then per unit of money (iROAS). Interval and p: go-live dates dealt out anew among the units, inverted
    over the assumed effect; the steps' intervals from the same deals with the effect taken off.
    extras: p, p_pre, assignments, treated, controls (never live), left_out (live, but no window or control).
    Source: Cengiz et al. 2019, appendix D; Callaway & Sant'Anna 2021; randomisation as in Athey & Imbens 2022.
    Raises CannotTell.
    """
    table, live, spent = _checked(values, starts, before, after, dose)
    stack = _stack(live, table.shape[1], before, after)
    orders = _orders(len(live), deals, seed)
    a, b = _dealt(stack.whole, table, orders), _dealt(stack.whole, spent, orders)
    used = sum(treated for _, treated, _, _ in stack.cohorts)
    told = {
        "treated": float(used), "controls": float((live < 0).sum()), "left_out": float((live >= 0).sum() - used),
    }  # fmt: skip
    found = inversion.inverted((float(a[0]), float(b[0])), (a, b), at_level(level), 2, told)
    steps, p_pre = _path(stack, table, table - found.point * spent, orders, level)
    return EventStudy(
        found.point, found.lower, found.upper, level, found.se, math.inf, {**found.extras, "p_pre": p_pre}, steps,
        _cohorts(stack, table, spent),
    )  # fmt: skip


def _checked(
    values: Any, starts: Any, before: int, after: int, dose: Any
) -> tuple[Numbers, npt.NDArray[np.int64], Numbers]:
    """Values, go-live columns and doses, units in an order of their own, so that the rows' order decides nothing."""
    table = numbers(values, "the panel")
    live = numbers(starts, "the go-live times").astype(int)
    if table.ndim != 2 or live.shape != table.shape[:1]:
        raise CannotTell("The panel must have one row per unit, and one go-live time each (negative: never).")
    if len(live) < LEAST_UNITS or not (live >= 0).any():
        raise CannotTell(f"At least {LEAST_UNITS} units, and one that goes live, are needed.")
    if before < 2 or after < 1:
        raise CannotTell("At least 2 steps before go-live and 1 from it on are needed.")
    if np.ptp(table) == 0:
        raise CannotTell("Every unit has the same value at all times, so nothing shows how they differ.")
    no_giant(table, "the panel")
    spent = (np.arange(table.shape[1]) >= live[:, None]) & (live >= 0)[:, None]
    paid = spent.astype(float) if dose is None else numbers(dose, "spend")
    if paid.shape != table.shape or not paid.any():
        raise CannotTell("Spend must have the shape of the panel and may not be 0 everywhere.")
    order = np.lexsort((*table.T[::-1], live))
    return table[order], live[order].astype(np.int64), paid[order]


def _stack(live: npt.NDArray[np.int64], times: int, before: int, after: int) -> _Stack:
    """The weights, from go-live dates alone."""
    cohorts = []
    for start in np.unique(live[live >= 0]).tolist():
        treated, controls = live == start, (live < 0) | (live >= start + after)
        if start >= before and start + after <= times and controls.any():
            cohorts.append((start, treated, controls))
    if not cohorts:
        raise CannotTell("No go-live time has its whole window in the data and a unit that is not live in it.")
    total = sum(int(treated.sum()) for _, treated, _ in cohorts)
    labels = [*range(-before, -1), *range(after)]
    steps, whole, alone = [np.zeros((len(live), times)) for _ in labels], np.zeros((len(live), times)), []
    for start, treated, controls in cohorts:
        side = treated / treated.sum() - controls / controls.sum()
        share = treated.sum() / total
        for weights, label in zip(steps, labels, strict=True):
            weights[:, start + label] += share * side
            weights[:, start - 1] -= share * side
        own = np.zeros((len(live), times))
        own[:, start : start + after] += side[:, None] / after
        own[:, start - before : start] -= side[:, None] / before
        whole += share * own
        alone.append((start, int(treated.sum()), int(controls.sum()), own))
    return _Stack(labels, steps, whole, alone)


def _orders(n: int, deals: int, seed: int) -> npt.NDArray[np.intp]:
    """Who gets whose go-live date, one deal a row; the first is the one that happened."""
    drawn = np.random.default_rng(seed).random((deals, n)).argsort(axis=1)
    return np.vstack([np.arange(n), drawn])


def _dealt(weights: Numbers, table: Numbers, orders: npt.NDArray[np.intp]) -> Numbers:
    """The estimate of every deal: the weights stay with the dates, the series move."""
    crossed = weights @ table.T
    dealt: Numbers = crossed[np.arange(len(table)), orders].sum(axis=1)
    return dealt


def _path(
    stack: _Stack, table: Numbers, freed: Numbers, orders: npt.NDArray[np.intp], level: float
) -> tuple[pd.DataFrame, float]:
    """Steps with their intervals, and the joint p of those before −1."""
    rows: list[tuple[float, ...]] = [(-1, 0.0, 0.0, 0.0, 0.0)]
    earlier = np.zeros(len(orders))
    for label, weights in zip(stack.labels, stack.steps, strict=True):
        point = float((weights * table).sum())
        dealt = _dealt(weights, freed, orders)
        half, se = float(np.quantile(np.abs(dealt), level, method="higher")), float(np.std(dealt))
        rows.append((label, point, point - half, point + half, se))
        if label < -1 and se > 0:
            earlier += (dealt / se) ** 2
    steps = pd.DataFrame(rows, columns=["step", "estimate", "lower", "upper", "se"]).sort_values("step")
    return steps.reset_index(drop=True), float(np.mean(earlier >= earlier[0] * (1 - 1e-9)))


def _cohorts(stack: _Stack, table: Numbers, spent: Numbers) -> pd.DataFrame:
    rows = []
    for start, treated, controls, weights in stack.cohorts:
        dose = float((weights * spent).sum())
        rows.append((start, treated, controls, float((weights * table).sum()) / dose if dose else math.nan))
    return pd.DataFrame(rows, columns=["start", "treated", "controls", "estimate"])
