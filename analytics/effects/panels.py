"""Decides what changed for treated units more than for the others (difference in differences), on whole panels."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from analytics.effects import inversion
from analytics.effects.effect import Effect, Student, student
from analytics.effects.refusals import CannotTell, Numbers, at_level, no_giant, numbers
from analytics.ratios import satterthwaite

FEW = 8
ROUNDS = 10_000


def difference_in_differences(
    panel: pd.DataFrame, level: float = 0.9, deals: int = inversion.DEALS, seed: int = inversion.SEED
) -> Effect:
    """Effect of treatment by two-way fixed effects: value = unit + time + effect × treated + noise.

    panel: one row per unit and time [unit, time, value, treated], treated a claim about that cell; gaps allowed, no
    cell twice. Units are treated from one time on, the same for all (staggered starts: `event_study`).
    Standard error clustered by unit, factor G/(G−1) × (N−1)/(N−K), Student's t with G − 1 degrees of freedom; with
    fewer than 8 treated or untreated units that error is far too small, so the interval is the permutation one
    (Conley & Taber 2011; MacKinnon & Webb 2020), which needs few but enough untreated units.
    extras: cluster_se, iid_se, p_cluster (t), p_cluster_normal, cluster_lower, cluster_upper, p (permutation of who
    was treated), units, treated, cells, by_permutation (1 or 0). Raises CannotTell.
    """
    cells = _cells(panel)
    point, cluster_se, iid_se, df = _two_way(cells)
    clustered = student(point, cluster_se, df, level)
    arms, changes, dealt = _deals(cells, deals, seed)
    few = min(arms.sum(), (~arms).sum()) < FEW
    told = {
        "cluster_se": cluster_se, "iid_se": iid_se, "p_cluster": clustered.p,
        "p_cluster_normal": float(2 * stats.norm.sf(abs(point) / cluster_se)), "cluster_lower": clustered.lower,
        "cluster_upper": clustered.upper,
        "p": inversion.p_value(inversion.contrast(arms[None], changes)[0], inversion.contrast(dealt, changes)),
        "units": float(len(arms)), "treated": float(arms.sum()), "cells": float(len(cells)),
        "by_permutation": float(few),
    }  # fmt: skip
    if not few:
        return Student(point, clustered.lower, clustered.upper, level, cluster_se, df, told)
    tried = _permuted(arms, changes, dealt, at_level(level))
    return Effect(point, min(tried.lower, point), max(tried.upper, point), level, tried.se, math.inf, told)


def growth_difference(
    pre: Any, test: Any, treated: Any, spend: Any = None, level: float = 0.9, sides: int = 2
) -> Student:
    """Growth of treated minus growth of control units, test ÷ pre revenue, with Welch's t over units.

    Without spend: the difference (share). With spend (incremental, money per unit, 0 for controls): iROAS, the
    difference ÷ mean spend ÷ pre of the treated, as in `geo_randomisation`. Units without pre revenue are left out.
    extras: treated, controls, left_out, growth_treated, growth_control. Raises CannotTell.
    """
    growth, doses, left_out = _growths(pre, test, treated, spend)
    n, m = len(growth[0]), len(growth[1])
    va, vb = growth[0].var(ddof=1) / n, growth[1].var(ddof=1) / m
    dose = float(doses[0].mean())
    if dose == 0 or doses[1].any():
        raise CannotTell("Incremental spend must lie on treated units, and on those alone.")
    told = {
        "treated": float(n), "controls": float(m), "left_out": left_out,
        "growth_treated": float(growth[0].mean()), "growth_control": float(growth[1].mean()),
    }  # fmt: skip
    difference, se = float(growth[0].mean() - growth[1].mean()), math.sqrt(va + vb)
    return student(difference / dose, se / abs(dose), satterthwaite(va, n, vb, m), level, sides, told)


def _growths(pre: Any, test: Any, treated: Any, spend: Any) -> tuple[list[Numbers], list[Numbers], float]:
    """Of treated and control units: growth, spend ÷ pre (1 and 0 without spend); and how many had to be left out."""
    before, after = numbers(pre, "revenue before the test"), numbers(test, "revenue in the test")
    arms = np.asarray(treated, dtype=bool)
    paid = arms * before if spend is None else numbers(spend, "incremental spend")
    if not len(before) == len(after) == len(arms) == len(paid):
        raise CannotTell("Revenue, spend and arms must have one value per unit.")
    if (before < 0).any():
        raise CannotTell("Some units have negative revenue before the test: set returns off against their orders.")
    there = before > 0
    sides = (there & arms, there & ~arms)
    n, m = (int(side.sum()) for side in sides)
    no_giant(after[there] / before[there], "the units' growth")
    if min(n, m) < 2:
        raise CannotTell(f"Only {n} treated and {m} control units have revenue before the test; 2 of each are needed.")
    growth, doses = ([values[side] / before[side] for side in sides] for values in (after, paid))
    return growth, doses, float((~there).sum())


def _cells(panel: pd.DataFrame) -> pd.DataFrame:
    lacking = {"unit", "time", "value", "treated"} - set(panel.columns)
    if lacking:
        raise CannotTell(f"The panel lacks {', '.join(sorted(lacking))}.")
    cells = panel.assign(value=numbers(panel["value"], "the panel"), treated=panel["treated"].astype(bool))
    if cells[["unit", "time"]].isna().any(axis=None) or cells.duplicated(["unit", "time"]).any():
        raise CannotTell("Every row of the panel must name its unit and time, and no pair may come twice.")
    no_giant(cells["value"].to_numpy(float), "the panel")
    arms = cells.groupby("unit")["treated"].any()
    if not arms.any() or arms.all():
        raise CannotTell(f"The panel has no {'untreated' if arms.any() else 'treated'} unit to compare with.")
    start = cells.loc[cells["treated"], "time"].min()
    after = cells["time"] >= start
    if (cells["treated"] != (after & cells["unit"].map(arms))).any():
        raise CannotTell("Units start or stop being treated at different times: use the event study.")
    seen = after.groupby(cells["unit"]).agg(["any", "all"])
    if not seen["any"].all() or seen["all"].any():
        raise CannotTell("Some units have rows only before or only in the test: leave them out.")
    return cells.assign(after=after)


def _two_way(cells: pd.DataFrame) -> tuple[float, float, float, float]:
    """Coefficient, clustered and plain standard error, G − 1 (Frisch–Waugh: both sides less unit and time means)."""
    unit, time = (pd.factorize(cells[name], sort=True)[0] for name in ("unit", "time"))
    dose = _within(cells["treated"].to_numpy(float), unit, time)
    value = _within(cells["value"].to_numpy(float), unit, time)
    square = float(dose @ dose)
    if square < 1e-10:
        raise CannotTell("Treatment cannot be told apart from units and times in this panel.")
    point = float(dose @ value) / square
    residuals = value - point * dose
    groups, columns, n = int(unit.max()) + 1, int(unit.max() + time.max()) + 2, len(cells)
    if n <= columns or np.abs(residuals).max() <= 1e-12 * float(cells["value"].abs().max()):
        raise CannotTell("The panel leaves no scatter to judge the effect by.")
    scores = np.bincount(unit, weights=dose * residuals)
    factor = groups / (groups - 1) * (n - 1) / (n - columns)
    iid = math.sqrt(float(residuals @ residuals) / (n - columns) / square)
    return point, math.sqrt(factor * float(scores @ scores)) / square, iid, float(groups - 1)


def _within(values: Numbers, unit: npt.NDArray[np.intp], time: npt.NDArray[np.intp]) -> Numbers:
    """Values less their unit's and their time's mean, in turns until both are 0 (one round when no cell lacks)."""
    sizes = [np.bincount(codes) for codes in (unit, time)]
    left = values.copy()
    for _ in range(ROUNDS):
        most = 0.0
        for codes, size in zip((unit, time), sizes, strict=True):
            means = np.bincount(codes, weights=left) / size
            left = left - means[codes]
            most = max(most, float(np.abs(means).max()))
        if most <= 1e-14 * float(np.abs(values).max(initial=1e-300)):
            break
    return left


def _unit_means(cells: pd.DataFrame) -> tuple[Numbers, Numbers]:
    """Each unit's mean before and in the test, less the time's mean over the untreated, in order of units."""
    untreated = ~cells["unit"].map(cells.groupby("unit")["treated"].any())
    moved = cells["value"] - cells["time"].map(cells[untreated].groupby("time")["value"].mean())
    if moved.isna().any():
        raise CannotTell("Some times have no untreated unit to compare with: leave them out.")
    means = moved.groupby([cells["unit"], cells["after"]]).mean().unstack()
    return means[False].to_numpy(float), means[True].to_numpy(float)


def _deals(cells: pd.DataFrame, deals: int, seed: int) -> tuple[npt.NDArray[np.bool_], Numbers, npt.NDArray[np.bool_]]:
    """Who was treated, what changed per unit, and who might have been, in an order that the rows do not decide."""
    before, after = _unit_means(cells)
    arms, changes = cells.groupby("unit")["treated"].any().to_numpy(bool), after - before
    order = np.lexsort((changes, arms))
    return arms[order], changes[order], inversion.assignments(arms[order], deals, seed)


def _permuted(arms: npt.NDArray[np.bool_], changes: Numbers, dealt: npt.NDArray[np.bool_], level: float) -> Effect:
    seen = (float(inversion.contrast(arms[None], changes)[0]), 1.0)
    doses = inversion.contrast(dealt, arms.astype(float))
    return inversion.inverted(seen, (inversion.contrast(dealt, changes), doses), level)
