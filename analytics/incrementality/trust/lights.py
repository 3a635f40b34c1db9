"""Decides what a trust check hands back: a light, the figure it rests on, and the sentence that says so."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from analytics import formats
from analytics.incrementality.slice import CONTROL, TREATED, Slice
from analytics.ratios import satterthwaite

GREEN, AMBER, RED, GREY = "green", "amber", "red", "grey"
LIGHTS = (GREEN, AMBER, RED, GREY)
ODD, RARE = 0.1, 0.01
"""A difference this unlikely by chance is amber, red."""
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Light:
    """One trust check of an estimate. key: of the check. light: green, amber, red, or grey: not known.

    figure: what it rests on, in `unit` (share, multiple, count); NaN when grey, and then `says` is what would make it
    known. Ill-formed ones cannot be made (ValueError).
    """

    key: str
    name: str
    light: str
    figure: float
    unit: str
    says: str

    def __post_init__(self) -> None:
        if self.light not in LIGHTS or not self.says.endswith("."):
            raise ValueError(f"{self.key}: no light “{self.light}” or no sentence")
        if math.isnan(self.figure) != (self.light == GREY) or math.isinf(self.figure):
            raise ValueError(f"{self.key}: a figure that is none, or a grey light with one")

    @property
    def written(self) -> str:
        """The figure as people read it."""
        return formats.write(self.figure, self.unit)


Seen = tuple[str, float, str]
"""A light, its figure and its sentence, before they are given the check's name."""


def unknown(says: str) -> Seen:
    """Not known, and what would make it known."""
    return GREY, math.nan, says


def graded(figure: float, amber: float, red: float) -> str:
    """Green up to `amber`, amber up to `red`, red beyond."""
    return GREEN if figure <= amber else AMBER if figure <= red else RED


def by_chance(p: float) -> str:
    """Green where chance alone often gives as much, amber below 10 %, red below 1 %."""
    return GREEN if p >= ODD else AMBER if p >= RARE else RED


def units(slice_: Slice) -> pd.DataFrame:
    """One row a unit and arm [unit, arm, revenue, spend, pre]: revenue in the test; pre NaN where it is not known."""
    if not slice_.clusters.empty:
        table = slice_.clusters.rename(columns={"test": "revenue"})
    else:
        table = slice_.cells.rename(columns={"revenue_all": "revenue"}).assign(pre=math.nan)
    kept = table[["unit", "arm", "revenue", "spend", "pre"]]
    return kept.astype({name: float for name in ("revenue", "spend", "pre")})


def of_arm(table: pd.DataFrame, column: str) -> tuple[Numbers, Numbers]:
    """That column of the treated and of the control units."""
    treated, control = (table.loc[table["arm"].eq(arm), column].to_numpy(float) for arm in (TREATED, CONTROL))
    return treated, control


def chance_of(treated: Numbers, control: Numbers) -> float:
    """Two-sided p of no difference between two arms (Welch 1947); NaN with fewer than two units in one of them."""
    n, m = len(treated), len(control)
    if min(n, m) < 2 or not (np.isfinite(treated).all() and np.isfinite(control).all()):
        return math.nan
    return chance_of_means(
        (float(treated.mean()), float(treated.var(ddof=1)), n), (float(control.mean()), float(control.var(ddof=1)), m)
    )


def chance_of_means(treated: tuple[float, float, float], control: tuple[float, float, float]) -> float:
    """As `chance_of`, from mean, variance and number of each arm; 1 where nothing scatters and nothing differs."""
    (mean, variance, n), (other, scatter, m) = treated, control
    va, vb = variance / n, scatter / m
    apart = abs(mean - other)
    if va + vb <= 0:
        return 1.0 if apart == 0 else 0.0
    return float(2 * stats.t.sf(apart / math.sqrt(va + vb), satterthwaite(va, int(n), vb, int(m))))
