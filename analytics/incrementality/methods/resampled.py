"""Decides what drawing units anew, or dealing their arms anew, says of a test against control."""

from __future__ import annotations

from analytics import formats
from analytics.assumptions import Assumptions
from analytics.effects import resampling
from analytics.effects.means import as_samples
from analytics.effects.refusals import CannotTell
from analytics.incrementality.declared import design, looks, numbers, plural, spent
from analytics.incrementality.estimate import Check, Method, Numbers
from analytics.incrementality.methods.arms import Arms, Compared, compared
from analytics.incrementality.slice import Slice
from analytics.ratios import satterthwaite, smallest_seen

DRAWS = 1999
MOST_DEALS, LEAST_DEALS, ENTRIES = 4999, 799, 500_000


def _units(slice_: Slice) -> tuple[Compared, Arms, tuple[float, float]]:
    """Both arms unit by unit, and Welch's error and degrees of freedom of the iROAS."""
    made = compared(slice_)
    if made.values is None:
        raise CannotTell(
            "Customers come as sums here, which cannot be drawn anew: iroas.holdout and iroas.cuped read them."
        )
    one, two = as_samples(made.treated, made.control)
    parts = one.variance_of_mean, two.variance_of_mean
    se = one.n / made.spend * (parts[0] + parts[1]) ** 0.5
    return made, made.values, (se, satterthwaite(parts[0], one.n, parts[1], two.n))


def deals_for(units: int) -> int:
    """How many deals of the arms are tried: fewer where each takes longer, so that all stay under .1 seconds."""
    return min(max(ENTRIES // units, LEAST_DEALS), MOST_DEALS)


def _told(slice_: Slice, made: Compared, ends: tuple[float, float, float], mde: float, says: Check) -> Numbers:
    conditions = design(slice_, made.unit, made.sizes, made.leaked)
    return numbers(
        ends,
        made.unit,
        made.sizes,
        conditions,
        [spent(made.spend, made.unit), says, *looks(slice_)],
        mde,
        made.observations,
        made.spend,
    )


def _bootstrap(slice_: Slice, assumptions: Assumptions) -> Numbers | str:
    """As iroas.holdout, the interval by the studentised bootstrap over units, from one fixed seed."""
    made, values, (se, df) = _units(slice_)
    level = assumptions.confidence
    found = resampling.bootstrap_roas(values.treated, values.control, made.spend, level, DRAWS)
    says = Check("draws", True, f"{formats.count(DRAWS)} draws of whole {plural(made.unit)}, always the same ones.")
    return _told(slice_, made, (found.point, found.lower, found.upper), smallest_seen(se, df, level), says)


def _permutation(slice_: Slice, assumptions: Assumptions) -> Numbers | str:
    """As iroas.holdout, the interval holds every iROAS, the same for all units, that dealing the arms anew leaves."""
    made, values, (se, df) = _units(slice_)
    level, factor = assumptions.confidence, made.treated.n / made.spend
    arms = values.treated * factor, values.control * factor
    found = resampling.permutation_test(*arms, level, deals=deals_for(sum(made.sizes)))
    dealt = formats.count(found.extras["assignments"])
    says = Check(
        "deals", True,
        f"Of {dealt} deals of the arms, {formats.share(found.extras['p'])} differ at least as much as the real one; "
        f"{formats.share(found.extras['p_studentised'])} when each is set against its own scatter.",
    )  # fmt: skip
    return _told(slice_, made, (found.point, found.lower, found.upper), smallest_seen(se, df, level), says)


BOOTSTRAP = Method(
    id="iroas.holdout_bootstrap",
    version="1",
    label="Test against control, units drawn anew",
    formula="as iroas.holdout; interval from t = (drawn − seen) ÷ error over 1,999 draws of whole units in each arm",
    needs=("units that are wholly test or wholly control, at least 8 of each", "spend on the test units"),
    assumptions=("arms assigned at random", "one unit's spend does not reach another", "control got no spend"),
    flaw="Drawing anew cannot show an outlier that the sample does not hold: under heavy tails it is as short as "
    "Welch's. The percentile interval is not offered, for it covers 86–88 % where 90 % is promised.",
    source="Efron & Tibshirani 1993, 12.5; Hall 1988; percentile interval: 87.7 % of 1,500 simulated worlds",
    role="headline",
    work=_bootstrap,
    family="holdout",
    rests_on_design=True,
)
PERMUTATION = Method(
    id="iroas.holdout_permutation",
    version="1",
    label="Test against control, arms dealt anew",
    formula="every r for which (mean test − r × spend per test unit) − mean control does not stand out among other "
    "deals of the same arms",
    needs=("units that are wholly test or wholly control, enough to deal anew", "spend on the test units"),
    assumptions=("arms dealt so that every unit had the same chance", "the same effect on every unit",
                 "control got no spend"),
    flaw="It is exact for no effect at all; its interval takes the effect to be the same for every unit.",
    source="Fisher 1935; Ernst 2004, section 4",
    role="headline",
    work=_permutation,
    family="holdout",
    rests_on_design=True,
)  # fmt: skip
METHODS: tuple[Method, ...] = (BOOTSTRAP, PERMUTATION)
