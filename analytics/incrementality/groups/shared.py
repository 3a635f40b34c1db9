"""Decides how what treated units brought beyond their expectation is shared among the groups that were paid in them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from analytics.effects.geo import LEAST_CONTROLS, clusters
from analytics.effects.refusals import CannotTell, no_giant
from analytics.incrementality.court import GBR, designated
from analytics.incrementality.declared import plural
from analytics.incrementality.methods.arms import units
from analytics.incrementality.methods.clusters import table_of
from analytics.incrementality.slice import CONTROL, TREATED, Slice
from analytics.ratios import POWER, satterthwaite

Floats = npt.NDArray[np.float64]
BREAK_EVEN = 1.0
UNITS_A_GROUP = 5
POWERS = (0.0, 0.5, 1.0, 1.5, 2.0)
UNNAMED = "(unallocated)"
ROWS = ("group", "units", "spend", "incremental", "estimate", "lower", "upper", "se", "df", "mde", "p")


@dataclass(frozen=True, eq=False)
class Doses:
    """Units of both arms and who was paid in them.

    treated, control: revenue of each unit, money. before, before_control: revenue before the test, or None for both.
    groups: names; spend: treated unit × group, money, its rows add up to the units' spend. unit_name: what a unit is.
    """

    treated: Floats
    control: Floats
    groups: tuple[str, ...]
    spend: Floats
    before: Floats | None = None
    before_control: Floats | None = None
    unit_name: str = "campaign"

    @property
    def unit_spend(self) -> Floats:
        """Spend of each treated unit, money."""
        total: Floats = self.spend.sum(axis=1)
        return total

    @property
    def group_spend(self) -> Floats:
        """Spend on each group, money."""
        total: Floats = self.spend.sum(axis=0)
        return total

    @property
    def share(self) -> Floats:
        """Group's share of its unit's spend; 0 throughout where nothing was spent."""
        whole = self.unit_spend[:, None]
        parts: Floats = np.divide(self.spend, whole, out=np.zeros_like(self.spend), where=whole > 0)
        return parts

    @property
    def units(self) -> Floats:
        """Treated units in which each group was paid."""
        count: Floats = (self.spend > 0).sum(axis=0).astype(float)
        return count


@dataclass(frozen=True, eq=False)
class Uplift:
    """Revenue of each treated unit beyond what the control units lead to expect.

    values: money. width: variance of each treated unit's own noise ÷ `treated_variance`. line, spread: the noise of the
    expectation is line · spread · lineᵀ × `control_variance`. variances with their degrees of freedom. squares: sum of
    the control units' squared, weighted residuals, whose degrees of freedom are df_control.
    """

    values: Floats
    width: Floats
    line: Floats
    spread: Floats
    treated_variance: float
    df_treated: float
    control_variance: float
    df_control: float

    @property
    def squares(self) -> float:
        """Sum of the control units' squared residuals."""
        return self.control_variance * self.df_control


def doses(slice_: Slice, spent: pd.DataFrame) -> Doses:
    """The slice's units with the spend on each group inside them.

    spent: [unit, group, spend]; money that names no group goes to “(unallocated)”. Each unit's parts are scaled to the
    spend that the slice states of it. CannotTell, with the sentence, when these units are no test against control.
    """
    table = _units(slice_)
    treated, control = table[table["arm"] == TREATED], table[table["arm"] != TREATED]
    own = spent[spent["unit"].isin(treated["unit"])].fillna({"group": UNNAMED})
    if (own["spend"].astype(float) < 0).any():
        raise CannotTell("Some payouts add up to less than nothing: set them off against what they correct.")
    wide = own.pivot_table(index="unit", columns="group", values="spend", aggfunc="sum", fill_value=0.0)
    wide = wide.reindex(treated["unit"], fill_value=0.0).astype(float)
    wide[UNNAMED] = wide.get(UNNAMED, 0.0) + (wide.sum(axis=1) <= 0) * 1.0
    parts = wide.div(wide.sum(axis=1), axis=0).mul(treated["spend"].to_numpy(float), axis=0)
    parts = parts.loc[:, parts.sum() > 0]
    if parts.empty or not parts.to_numpy().sum() > 0:
        raise CannotTell(f"No spend lies on the test {plural(slice_.unit_name)}, so there is nothing to divide by.")
    before = [arm["pre"].to_numpy(float) if "pre" in table else None for arm in (treated, control)]
    return Doses(
        treated["revenue"].to_numpy(float), control["revenue"].to_numpy(float), tuple(map(str, parts.columns)),
        parts.to_numpy(float), before[0], before[1], slice_.unit_name,
    )  # fmt: skip


def _units(slice_: Slice) -> pd.DataFrame:
    """unit, arm, revenue, spend of each unit, with `pre` where a time before is known. Raises CannotTell."""
    if designated(slice_) != GBR:
        units(slice_)
        sums = slice_.cells.groupby(["unit", "arm"], as_index=False)[["revenue_all", "spend"]].sum()
        return sums.rename(columns={"revenue_all": "revenue"})
    found = table_of(slice_)
    kept = clusters(found.pre, found.test, found.spend, found.treated, LEAST_CONTROLS)
    if (kept["spend"] < 0).any():
        raise CannotTell(f"Spend on some {plural(slice_.unit_name)} fell in the test: payouts say nothing of who fell.")
    named = slice_.clusters.loc[slice_.clusters["arm"].isin([TREATED, CONTROL]), ["unit", "arm"]]
    table = named.assign(pre=found.pre, revenue=found.test, spend=found.spend)
    return table[kept["there"] > 0]


def uplift(given: Doses) -> Uplift:
    """Treated units' revenue above the control mean; above the control's weighted line on pre revenue if it is known.

    The line is geo-based regression's (test = a + b × pre) fitted on control units alone, so that no effect leaks into
    what is expected; its weights follow `scatter_power`. Treated units scatter around one common return on their spend.
    """
    power, name = scatter_power(given), plural(given.unit_name)
    line, width = _design(given.before, len(given.treated), given.before, power)
    known, weight = _design(given.before_control, len(given.control), given.before, power)
    df = len(given.control) - known.shape[1]
    if df < 1:
        raise CannotTell(f"Too few control {name} to show how much they differ: at least 8 are needed.")
    scaled = known / np.sqrt(weight)[:, None]
    if np.linalg.matrix_rank(scaled) < scaled.shape[1]:
        raise CannotTell(f"All control {name} sold the same before, so nothing shows what to expect.")
    spread: Floats = np.asarray(np.linalg.inv(scaled.T @ scaled), dtype=float)
    fitted = spread @ scaled.T @ (given.control / np.sqrt(weight))
    rest = given.control / np.sqrt(weight) - scaled @ fitted
    control_variance = float(rest @ rest) / df
    values = given.treated - line @ fitted
    no_giant(values / np.sqrt(width), f"the test {name}' uplift")
    around = (values - values.sum() / given.unit_spend.sum() * given.unit_spend) / np.sqrt(width)
    few = len(values) < 3
    treated_variance = control_variance if few else float(around @ around) / (len(values) - 1)
    if control_variance + treated_variance <= 1e-20 * float(given.treated @ given.treated):
        raise CannotTell(f"All {name} of an arm have the same revenue, so nothing shows how sure this is.")
    df_treated = float(df if few else len(values) - 1)
    return Uplift(values, width, line, spread, treated_variance, df_treated, control_variance, float(df))


def _design(before: Floats | None, n: int, scale: Floats | None, power: float) -> tuple[Floats, Floats]:
    """Columns of the expectation, and each unit's noise variance up to a factor."""
    if before is None or scale is None:
        return np.ones((n, 1)), np.ones(n)
    middle = float(scale.mean())
    return np.column_stack([np.ones(n), before / middle]), (before / middle) ** power


def scatter_power(given: Doses) -> float:
    """Power of pre revenue with which the units' variance grows, 0 to 2: that of the highest likelihood.

    Geo-based regression takes 2 for granted, which suits units of very unequal size; where all are alike and the time
    before is short, 2 would let the units decide of which least is known. Fitted on both arms with one return on spend.
    """
    if given.before is None or given.before_control is None:
        return 0.0
    before = np.concatenate([given.before, given.before_control]) / float(given.before.mean())
    spend = np.concatenate([given.unit_spend, np.zeros(len(given.control))]) / float(given.unit_spend.mean())
    x, y = np.column_stack([np.ones(len(before)), before, spend]), np.concatenate([given.treated, given.control])

    def likelihood(power: float) -> float:
        root = before ** (power / 2)
        rest = y / root - (x / root[:, None]) @ np.linalg.lstsq(x / root[:, None], y / root, rcond=None)[0]
        return -len(y) / 2 * math.log(max(float(rest @ rest), 1e-300)) - float(np.log(root).sum())

    return max(POWERS, key=likelihood)


def shared_by_spend(given: Doses, level: float) -> pd.DataFrame:
    """iROAS_g = Σ w_ig·uplift_i ÷ spend_g, w_ig = spend_ig ÷ spend_i, one row a group [ROWS], by falling spend.

    Var = (Σ w_ig²·k_i·s_T² + (Σ w_ig·x_i)ᵀ·C·(Σ w_ig·x_i)·s_C²) ÷ spend_g². Without a time before: k = x = 1 and
    C = 1/n_C, so that the second term is (Σ w_ig)²·s_C²/n_C; with one: k = pre^power, x = (1, pre), C = (XᵀWX)⁻¹ over
    control units. s_T: scatter of treated units around one common return, s_C: of control units. Student's interval,
    degrees of freedom by Satterthwaite. spend × estimate over all groups adds up to Σ uplift of the units with
    spend, exactly. p: two-sided, of break-even (1). Spend and incremental in money, units a count.
    """
    found = uplift(given)
    share, spend = given.share, given.group_spend
    own = (share**2).T @ found.width * found.treated_variance / spend**2
    met = share.T @ found.line
    common = np.einsum("gi,ij,gj->g", met, found.spread, met) * found.control_variance / spend**2
    incremental = share.T @ found.values
    df = np.array(
        [
            satterthwaite(float(a), int(found.df_treated) + 1, float(b), int(found.df_control) + 1)
            for a, b in zip(own, common, strict=True)
        ]
    )
    return _rows(given, incremental / spend, np.sqrt(own + common), df, level)


def dose_by_group(given: Doses, level: float) -> pd.DataFrame:
    """Revenue of a unit = a (+ b × pre) + Σ_g iROAS_g × spend_ig over both arms, one row a group [ROWS].

    Least squares, weights 1/pre^power where a time before is known, HC3 errors (MacKinnon & White 1985), Student's t
    with units − columns degrees of freedom. CannotTell with fewer than 5 treated units a group, or where two groups'
    spend moves in step.
    """
    n, k = len(given.treated), len(given.groups)
    if k * UNITS_A_GROUP > n:
        raise CannotTell(
            f"{k} groups in {n} test {plural(given.unit_name)} are too many to tell apart: at least {UNITS_A_GROUP} "
            f"{plural(given.unit_name)} a group are needed."
        )
    power = scatter_power(given)
    designs = [_design(own, size, given.before, power) for own, size in _sides(given)]
    dose = np.vstack([given.spend, np.zeros((len(given.control), k))])
    x = np.column_stack([dose, np.vstack([columns for columns, _ in designs])])
    y, root = np.concatenate([given.treated, given.control]), np.sqrt(np.concatenate([width for _, width in designs]))
    point, se, df = _least_squares(x / root[:, None], y / root)
    return _rows(given, point[:k], se[:k], np.full(k, df), level)


def _sides(given: Doses) -> tuple[tuple[Floats | None, int], tuple[Floats | None, int]]:
    return (given.before, len(given.treated)), (given.before_control, len(given.control))


def _least_squares(x: Floats, y: Floats) -> tuple[Floats, Floats, float]:
    """Coefficients, HC3 errors, degrees of freedom."""
    scale = np.sqrt((x**2).sum(axis=0))
    if (scale == 0).any() or np.linalg.matrix_rank(x / scale, tol=1e-8) < x.shape[1]:
        raise CannotTell("Two groups' spend moves in step, so their effects cannot be told apart: join them.")
    q, r = np.linalg.qr(x / scale)
    inverse = np.linalg.inv(r)
    found = inverse @ (q.T @ y)
    rest, slack, df = y - (x / scale) @ found, 1 - (q**2).sum(axis=1), float(len(y) - x.shape[1])
    if df < 1 or slack.min() < 1e-8 or np.abs(rest).max() <= 1e-10 * np.abs(y).max():
        raise CannotTell("One unit alone decides a group's result: spread the spend of each group over more units.")
    errors = np.sqrt((((q @ inverse.T) * (rest / slack)[:, None]) ** 2).sum(axis=0))
    return found / scale, errors / scale, df


def _rows(given: Doses, point: Floats, se: Floats, df: Floats, level: float) -> pd.DataFrame:
    """The estimates with interval, smallest effect seen with 80 % power, and p of break-even."""
    if not (np.isfinite(point).all() and np.isfinite(se).all() and (se > 0).all()):
        raise CannotTell("The figures scatter too much, or not at all, to bound the result: check the rows.")
    half = stats.t.ppf((1 + level) / 2, df) * se
    mde = (stats.t.ppf((1 + level) / 2, df) + stats.t.ppf(POWER, df)) * se
    table = pd.DataFrame(
        {
            "group": given.groups, "units": given.units, "spend": given.group_spend,
            "incremental": point * given.group_spend, "estimate": point, "lower": point - half, "upper": point + half,
            "se": se, "df": df, "mde": np.where(np.isfinite(mde), mde, math.nan),
            "p": 2 * stats.t.sf(np.abs(point - BREAK_EVEN) / se, df),
        }
    )  # fmt: skip
    return table.sort_values(["spend", "group"], ascending=[False, True], ignore_index=True)
