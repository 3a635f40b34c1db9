"""Decides what may be said of each brand, product, platform, tier and campaign, and judges them as one list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
from scipy import stats

from analytics.assumptions import Assumptions
from analytics.effects.refusals import CannotTell
from analytics.incrementality.court import METHODS, designated, is_drawn
from analytics.incrementality.estimate import Estimate, t_at
from analytics.incrementality.groups.shared import Doses, dose_by_group, shared_by_spend
from analytics.incrementality.slice import Slice
from analytics.incrementality.verdict import BREAK_EVEN, CANNOT_TELL, DOES_NOT, WORKS
from analytics.ratios import benjamini_hochberg

MOST_FALSE = 0.1
TABLE = (
    "value", "n_treated", "n_control", "spend", "estimate", "lower", "upper", "mde", "p", "method", "status",
    "standing", "reason", "agrees", "beside", "beside_lower", "beside_upper",
)  # fmt: skip
UNDRAWN = (
    "Directional only: the arms were not declared as drawn at random, the test is not over, or the whole earns no "
    "headline."
)
_NAN = float("nan")


@dataclass(frozen=True)
class SliceMethod:
    """How groups are told apart once the whole is measured; the fields of a Method that docs/methods.md prints.

    formula, flaw, source: sentences; needs, assumptions: one line each. role: the most that it may ever be.
    """

    id: str
    version: str
    label: str
    formula: str
    needs: tuple[str, ...]
    assumptions: tuple[str, ...]
    flaw: str
    source: str
    role: str = "directional"
    family: str = "slices"


SAME_DESIGN = SliceMethod(
    id="iroas.same_design",
    version="1",
    label="The same test inside one brand, product or product category",
    formula="the method that the design leads to, on each unit's revenue (organic included) and spend inside the value",
    needs=("a dimension that organic orders carry", "at least 8 units of each arm that sell the value"),
    assumptions=("those of the method it names in each row", "a unit that sold nothing of the value counts with 0"),
    flaw="Spend reaches a product by rule (posts, else orders), so a product nobody posted for may carry none of it.",
    source="Rows name the method that was used; the list of values is judged by Benjamini & Hochberg 1995 at 10 %",
    role="headline",
)
SHARED = SliceMethod(
    id="iroas.shared_by_spend",
    version="1",
    label="Uplift of each unit, shared by spend",
    formula="Σ over units (group's share of the unit's spend × (revenue − what control units lead to expect)) ÷ spend "
    "on the group; variance Σ share²·s_T² + (Σ share)²·s_C²/n_C",
    needs=("campaigns or influencers that are wholly test or wholly control", "spend by group inside each of them"),
    assumptions=("arms drawn at random", "inside a unit, every rupee caused the same"),
    flaw="Shared by spend inside each campaign: who caused what within a campaign was not randomised, and every group "
    "is pulled toward the mean of the units it shares.",
    source="Adds up exactly to the incremental revenue of the units; expectation as in iroas.holdout or "
    "iroas.geo_regression (Vaver & Koehler 2011), fitted on control units",
)
DOSE = SliceMethod(
    id="iroas.dose_by_group",
    version="1",
    label="Revenue of units on spend by group",
    formula="revenue of a unit = a (+ b × revenue before) + Σ iROAS of the group × spend on it in the unit; HC3 errors",
    needs=("at least 5 test units for each group", "units that mix the groups differently"),
    assumptions=("arms drawn at random", "mixes as good as random", "effect in proportion to spend"),
    flaw="Who was hired where was not randomised: a group hired for the larger campaigns is credited with them.",
    source="Least squares with HC3 errors, MacKinnon & White 1985",
)
BELIEVED = SliceMethod(
    id="iroas.shrunken",
    version="1",
    label="Each influencer's iROAS, luck taken out",
    formula="uplift of a unit = Σ iROAS of the influencer × spend on them + noise; iROAS normal around a common mean; "
    "mean, spread and noise averaged over their likelihood",
    needs=("at least 3 influencers with spend in test units", "control units"),
    assumptions=("arms drawn at random", "influencers alike before anything is known", "effect in proportion to spend"),
    flaw="Who was hired where was not randomised, and a truly outstanding influencer is pulled toward the others.",
    source="Empirical Bayes: Morris 1983; Gelman et al. 2013, 5.4 and 15.4; ranks: Goldstein & Spiegelhalter 1996. In "
    "simulated worlds (tests/analytics/incrementality/test_leaders.py) 85–95 % of its 90 % intervals hold the truth",
)
SLICE_METHODS: tuple[SliceMethod, ...] = (SAME_DESIGN, SHARED, DOSE, BELIEVED)


def inside(slices: Mapping[str, Slice], assumptions: Assumptions) -> pd.DataFrame:
    """One row a value [TABLE]: the method that the design leads to, worked inside the value; refused ones included.

    slices: value → the selection narrowed to it. Estimates and mde are multiples, spend money, n counts of units.
    """
    return pd.DataFrame([_inside(value, one, assumptions) for value, one in slices.items()], columns=list(TABLE))


def _inside(value: str, slice_: Slice, assumptions: Assumptions) -> dict[str, object]:
    found = METHODS.get(designated(slice_), METHODS["iroas.holdout"])(slice_, assumptions)
    drawn = is_drawn(slice_)
    leads = drawn and found.role == "headline"
    reason = found.reason or ("" if drawn else UNDRAWN)
    standing = "refused" if found.is_refused else "same test inside" if leads else "directional"
    return _nothing_beside() | {
        "value": value, "n_treated": found.n_treated, "n_control": found.n_control, "spend": found.spend,
        "estimate": found.estimate, "lower": found.lower, "upper": found.upper, "mde": found.mde,
        "p": p_of(found) if leads else _NAN, "method": found.method,
        "status": found.status if leads or found.is_refused else "weak", "standing": standing, "reason": reason,
        "agrees": True,
    }  # fmt: skip


def _nothing_beside() -> dict[str, object]:
    return {"beside": _NAN, "beside_lower": _NAN, "beside_upper": _NAN}


def p_of(estimate: Estimate, against: float = BREAK_EVEN) -> float:
    """Two-sided p of `against`, from the end of the interval that lies towards it: below 1 − level exactly where the
    interval leaves it out. NaN when refused, and where the design has too few units."""
    df = estimate.clusters - 2
    if estimate.is_refused or df < 1:
        return _NAN
    reach = estimate.estimate - estimate.lower if estimate.estimate > against else estimate.upper - estimate.estimate
    if reach <= 0:
        return _NAN
    return float(2 * stats.t.sf(abs(estimate.estimate - against) / reach * t_at(estimate.level, df), df))


def shared(given: Doses, assumptions: Assumptions, is_random: bool) -> pd.DataFrame:
    """One row a group [TABLE] by `iroas.shared_by_spend`, with `iroas.dose_by_group` beside it where it can be told.

    agrees: whether break-even may be judged: units hold one group each, or dose regression lies on the same side.
    Always directional. Raises CannotTell with the sentence that says why there is nothing to share.
    """
    rows = shared_by_spend(given, assumptions.confidence)
    alone = bool(((given.spend > 0).sum(axis=1) <= 1).all())
    table = rows.rename(columns={"group": "value", "units": "n_treated"}).assign(
        n_control=len(given.control), method=SHARED.id, status="ok" if is_random else "weak",
        standing="directional", reason=_why(given, alone, is_random), agrees=alone, **_nothing_beside(),
    )  # fmt: skip
    try:
        other = dose_by_group(given, assumptions.confidence).set_index("group")
    except CannotTell:
        other = pd.DataFrame()
    if not alone and not other.empty:
        beside = other.loc[table["value"]]
        table["beside"], table["beside_lower"], table["beside_upper"] = (
            beside[key].to_numpy() for key in ("estimate", "lower", "upper")
        )
        table["agrees"] = (table["beside"] - BREAK_EVEN) * (table["estimate"] - BREAK_EVEN) > 0
    if not is_random:
        table["p"] = _NAN
    return table[list(TABLE)]


def _why(given: Doses, alone: bool, is_random: bool) -> str:
    why = "" if is_random else UNDRAWN
    if alone:
        return why or f"One {given.unit_name} each: nothing else shows how the next one would do."
    within = f"Shared by spend inside each {given.unit_name}: who caused what within one was not randomised."
    return f"{why} {within}".strip()


def judged(table: pd.DataFrame, level: float) -> pd.DataFrame:
    """The rows with `verdict`: 'works', 'does not', 'cannot tell yet', by Benjamini–Hochberg over all rows given.

    A row stands against break-even when it is among those of which at most 10 % may be false, its own interval leaves
    break-even out, and its other way of reckoning lies on the same side. Rows without p were not tried.
    """
    stands = benjamini_hochberg(table["p"].to_numpy(float), min(MOST_FALSE, 1 - level)) & table["agrees"].to_numpy(bool)
    words = [
        WORKS if may and low > BREAK_EVEN else DOES_NOT if may and high < BREAK_EVEN else CANNOT_TELL
        for may, low, high in zip(stands, table["lower"], table["upper"], strict=True)
    ]
    return table.assign(verdict=words)


def refused(value: str, reason: str, method: str = SHARED.id) -> pd.DataFrame:
    """A list of one row [TABLE] that says why there is no estimate."""
    row = {key: _NAN for key in TABLE} | {
        "value": value, "method": method, "status": "refused", "standing": "refused", "reason": reason, "agrees": False,
        "n_treated": 0, "n_control": 0,
    }  # fmt: skip
    return pd.DataFrame([row], columns=list(TABLE))
