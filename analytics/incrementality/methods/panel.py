"""Decides what weekly rows of units say: mixes of untreated units, differences in differences, go-live weeks."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics import formats
from analytics.assumptions import Assumptions
from analytics.effects import event_study, panels, synthetic
from analytics.effects.effect import Effect
from analytics.effects.refusals import CannotTell, Numbers
from analytics.incrementality import estimate
from analytics.incrementality.declared import is_random, noun, plural
from analytics.incrementality.estimate import Check, Method
from analytics.incrementality.methods.series import scaled, series_numbers
from analytics.incrementality.methods.weeks import Weeks, rows_of, weeks_of
from analytics.incrementality.slice import CONTROL, TREATED, Slice

__all__ = ["DIFFERENCES", "EVENT_STUDY", "METHODS", "SYNTHETIC_CONTROL", "aside", "weeks_of"]

LEAST_UNITS = 8
WATSON = (1.0, 3.0)  # of weekly gaps: fewer steps than the daily 1.5 to 2.5 was made for
WELL_FITTED = 0.05  # of the treated's usual week
SURE = 0.1
AROUND = 4  # weeks on each side of go-live
DEALS = 999


def aside(found: Weeks) -> tuple[Numbers, npt.NDArray[np.bool_], float]:
    """The treated's total above the control units, each as a multiple of its own usual week before; which row is
    treated; and that usual week of the treated (money)."""
    rows = np.vstack([found.revenue[found.treated].sum(axis=0), found.revenue[~found.treated]])
    usual = rows[:, : found.pre].mean(axis=1)
    return rows / usual[:, None], np.arange(len(rows)) == 0, float(usual[0])


def _synthetic(slice_: Slice, assumptions: Assumptions) -> estimate.Numbers:
    """Treated total − the simplex mix of control units that moved like it before, summed over the test, ÷ spend."""
    found = weeks_of(slice_).units_with_past()
    rows, treated, usual = aside(found)
    mixed = synthetic.synthetic_control(rows, treated, found.pre, assumptions.confidence)
    steps = len(found.weeks) - found.pre
    gaps = (mixed.observed - mixed.expected)[: found.pre]
    looked = (
        *_arms_checks(slice_, found), *_fit_checks(gaps),
        Check(
            "chance", True, f"Without an effect, {formats.share(mixed.extras['p'])} of all blocks of as many weeks "
            "differ as much (conformal p).",
        ),
    )  # fmt: skip
    return _said(slice_, found, scaled(mixed, steps * usual / found.cost), looked)


def _fit_checks(gaps: Numbers) -> tuple[Check, Check]:
    """How closely the mix follows the treated before the test, and whether its gaps forget one another."""
    off, square = float(np.sqrt(np.mean(gaps**2))), float(gaps @ gaps)
    watson = float(np.sum(np.diff(gaps) ** 2)) / square if square > 0 else 0.0
    return (
        Check(
            "fit", off <= WELL_FITTED,
            f"Before the test the mix misses the treated by {formats.share(off)} of a usual week; at most "
            f"{formats.share(WELL_FITTED)} is wanted.",
        ),
        Check(
            "autocorrelation", WATSON[0] < watson < WATSON[1],
            f"Durbin–Watson of the weekly gaps before the test: {watson:.2f}; needed: 1 to 3.",
        ),
    )  # fmt: skip


def _drawn(slice_: Slice, what: str) -> Check:
    """Whether the arms (or dates) were drawn, by the user's word: otherwise demand may have chosen them."""
    said = {
        True: f"The {what} were drawn at random, as declared.",
        False: f"The {what} were not drawn at random, so those treated might have grown anyway.",
        None: f"Nobody has declared that the {what} were drawn at random, so those treated might have grown anyway.",
    }
    word = is_random(slice_)
    return Check("random assignment", word is True, said[word])


def _arms_checks(slice_: Slice, found: Weeks) -> tuple[Check, Check, Check]:
    unit = noun(slice_.unit_name)
    n, m = int(found.treated.sum()), int((~found.treated).sum())
    leaked = float(found.spend[~found.treated, found.pre :].sum())
    return (
        _drawn(slice_, plural(unit)),
        Check(
            "units", m >= LEAST_UNITS,
            f"{formats.count(n)} treated and {formats.count(m)} control {unit}s; at least {LEAST_UNITS} controls are "
            "needed.",
        ),
        Check("control got no spend", leaked == 0, f"Spend on control {unit}s in the test: {formats.money(leaked)}."),
    )  # fmt: skip


def _said(slice_: Slice, found: Weeks, said: Effect, looked: tuple[Check, ...]) -> estimate.Numbers:
    sizes = int(found.treated.sum()), int((~found.treated).sum())
    return series_numbers(slice_, said, looked, len(found.weeks), sizes, found.cost)


def _differences(slice_: Slice, assumptions: Assumptions) -> estimate.Numbers:
    """Change of treated less change of control units × treated units × weeks ÷ spend, by two-way fixed effects."""
    found = weeks_of(slice_)
    effect = panels.difference_in_differences(_long(found, found.pre, len(found.weeks)), assumptions.confidence)
    steps = len(found.weeks) - found.pre
    looked = (*_arms_checks(slice_, found), _pretended(found))
    return _said(slice_, found, scaled(effect, int(found.treated.sum()) * steps / found.cost), looked)


def _long(found: Weeks, start: int, end: int) -> pd.DataFrame:
    """One row per unit and week up to `end`, treated from `start` on."""
    count, weeks = len(found.units), np.arange(end)
    return pd.DataFrame(
        {
            "unit": np.repeat(np.arange(count), end), "time": np.tile(weeks, count),
            "value": found.revenue[:, :end].ravel(), "treated": np.outer(found.treated, weeks >= start).ravel(),
        }
    )  # fmt: skip


def _pretended(found: Weeks) -> Check:
    """The same method on a test that never was: the later half of the weeks before."""
    try:
        p = panels.difference_in_differences(_long(found, found.pre // 2, found.pre), deals=DEALS).extras["p"]
    except CannotTell as reason:
        return Check("pre-trend", False, f"Whether the arms moved alike before is not known. {reason}")
    says = (
        f"Before the test the arms' paths differ as much in {formats.share(p)} of random deals; at least "
        f"{formats.share(SURE)} is needed."
    )
    return Check("pre-trend", p >= SURE, says)


def starts_of(found: Weeks) -> npt.NDArray[np.int64]:
    """Place of each unit's first week with spend; −1 for never."""
    paid = found.spend > 0
    return np.where(paid.any(axis=1), paid.argmax(axis=1), -1).astype(np.int64)


def _window(live: npt.NDArray[np.int64], weeks: int) -> int:
    """Weeks from go-live on: four, or as many as the last to go live has where some never do, so that what lingers is
    seen; fewer where nobody has four."""
    usable = live[live >= AROUND]
    if not len(usable):
        return 1
    least = min(AROUND, weeks - int(usable.min()))
    return max(least, weeks - int(usable.max())) if (live < 0).any() else least


def _dated(slice_: Slice, units: list[str], live: npt.NDArray[np.int64]) -> Check:
    """Whether who goes live was drawn: the dates themselves, or arms of which one goes live and one never does."""
    drawn = _drawn(slice_, "weeks in which they go live")
    if not drawn.passed or (slice_.experiment and slice_.experiment.unit == "go_live"):
        return drawn
    arms = slice_.panel.drop_duplicates("unit").set_index("unit")["arm"].reindex(units)
    if arms.eq(np.where(live >= 0, TREATED, CONTROL)).all():
        return Check(drawn.name, True, "Who goes live and who never does was drawn at random, as declared.")
    return Check(
        drawn.name, False,
        "Those who go live are not just the test arm, or those who never do not just the control, so they might have "
        "grown anyway.",
    )  # fmt: skip


def _go_live_weeks(slice_: Slice, assumptions: Assumptions) -> estimate.Numbers:
    """Weeks from go-live on less those before, against units not live yet, per unit of spend; cohorts stacked."""
    found = rows_of(slice_, with_arms=False)
    live = starts_of(found)
    if not (live >= 0).any():
        raise CannotTell("No unit has a week with spend, so none goes live: name what was paid and when.")
    after = _window(live, len(found.weeks))
    study = event_study.event_study(found.revenue, live, AROUND, after, assumptions.confidence, found.spend)
    treated, controls = int(study.extras["treated"]), int(study.cohorts["controls"].max())
    left_out = int(study.extras["left_out"])
    looked = (
        _dated(slice_, found.units, live),
        Check(
            "units", min(treated, controls) >= LEAST_UNITS,
            f"{formats.count(treated)} go live against at most {formats.count(controls)} not live yet; at least "
            f"{LEAST_UNITS} of each are needed.",
        ),
        Check(
            "left out", left_out == 0,
            f"{formats.count(left_out)} that go live have no whole window of {AROUND} weeks before and {after} from "
            "it on, or nobody to be held against.",
        ),
        Check(*study.pre_trend),
    )  # fmt: skip
    paid = float(found.spend.sum())
    return series_numbers(slice_, study, looked, len(found.weeks), (treated, controls), paid)


_PANEL = ("weekly rows of single units, treated and control, before and in the test", "spend on the treated")
SYNTHETIC_CONTROL = Method(
    id="iroas.synthetic_control",
    version="1",
    label="Synthetic control, by week",
    formula="Σ over the test weeks of (treated revenue − Σ weight × control units, each about its own mean before) ÷ "
    "incremental spend; weights ≥ 0, sum 1; interval from the same mix tried on earlier blocks of weeks",
    needs=(*_PANEL, "three weeks more before the test than in it"),
    assumptions=(
        "a mix of control units that moved like the treated before would have gone on doing so",
        "earlier weeks differ as much as those of the test would have",
    ),
    flaw="The mix inherits the scatter of few control units: by conformal blocks 90 % intervals hold the truth in 81 % "
    "of 300 simulated worlds; the interval from earlier weeks that is used here holds it in 91 % of 150, at 1.4 times "
    "the width of geo-based regression's.",
    source="Abadie, Diamond & Hainmueller 2010; Ferman & Pinto 2021; p: Chernozhukov, Wüthrich & Zhu 2021, by blocks",
    role="directional",
    work=_synthetic,
    family="panel",
    rests_on_design=True,
)
DIFFERENCES = Method(
    id="iroas.difference_in_differences",
    version="1",
    label="Difference in differences, by week",
    formula="treated units × weeks × (change of a treated unit's week − change of a control unit's) ÷ incremental "
    "spend, by two-way fixed effects, errors clustered by unit; fewer than 8 of an arm: by permutation",
    needs=(*_PANEL, "three weeks before the test"),
    assumptions=("without the spend, treated and control units would have changed by the same amount",),
    flaw="Amounts, not shares: large units decide. In worlds drawn at random its 90 % intervals hold the truth in 92 % "
    "of 400 by Welch, in 89 % of 150 with the clustered errors used here, but are 1.6 times as wide as geo-based "
    "regression's (2.1 against 1.3); they say nothing where arms were chosen.",
    source="Bertrand, Duflo & Mullainathan 2004; few units: Conley & Taber 2011, MacKinnon & Webb 2020",
    role="directional",
    work=_differences,
    family="panel",
    rests_on_design=True,
)
EVENT_STUDY = Method(
    id="iroas.event_study",
    version="1",
    label="Event study on go-live weeks",
    formula="(mean week from go-live on − mean week before it, of those going live less of those not live yet) ÷ "
    "the same of spend; go-live: first week with spend; cohorts stacked by units; four weeks before, at least four "
    "from go-live on",
    needs=("weekly rows of single units", "first weeks of spend that differ, or units without any", "spend"),
    assumptions=("units going live would have moved like those not live yet", "nothing is felt before go-live"),
    flaw="Who goes live when is mostly chosen with demand in view, and then demand counts as effect: like every method "
    "without drawn dates, 3 to 57 % of its kind's 90 % intervals hold the truth in worlds where spend follows demand.",
    source="Cengiz et al. 2019; Callaway & Sant'Anna 2021; interval: go-live weeks dealt anew, Athey & Imbens 2022",
    role="directional",
    work=_go_live_weeks,
    family="panel",
    rests_on_design=True,
)
METHODS: tuple[Method, ...] = (SYNTHETIC_CONTROL, DIFFERENCES, EVENT_STUDY)
