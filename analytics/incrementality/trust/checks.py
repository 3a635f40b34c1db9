"""Decides how far an estimate may be trusted: ten checks, each with a light, its figure and a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from analytics.assumptions import Assumptions
from analytics.incrementality.court import LADDER, METHODS, headline, is_drawn
from analytics.incrementality.estimate import Estimate
from analytics.incrementality.slice import Slice
from analytics.incrementality.trust import of_arms as trust_arms
from analytics.incrementality.trust import of_number as trust_number
from analytics.incrementality.trust.lights import Light, Seen

CHECKS: dict[str, tuple[str, str, str]] = {
    "pre_trend": ("Same trend before", "share", "Revenue of both arms changed alike in the weeks before the test."),
    "balance": ("Alike before", "count", "A unit of either arm sold as much before the test."),
    "leverage": ("No giant", "share", "The largest unit (or 1 % of them) holds no more than 30 % of the revenue."),
    "left_out": ("Holds without any one", "share", "Leaving out any of the 20 largest units hardly moves the number."),
    "placebo_date": ("Nothing before the start", "share", "Pretending that the test began earlier finds no effect."),
    "mde": ("Large enough", "multiple", "The smallest effect that this size shows is break-even or less."),
    "contamination": ("Arms kept apart", "share", "Control got no spend, and no unit stands in both arms."),
    "counterfactual": ("Sells without it too", "share", "Without the spend test units would have sold something."),
    "plausible": ("Can be", "share", "The number is one that influencers reach."),
    "spread": ("Methods agree", "share", "Most other methods' intervals hold the headline."),
}
"""Key of each trust check → its name, the unit of its figure, what green means; in the order in which they are shown.

Figures: pre_trend: difference of weekly trends. balance: standard deviations. leverage: of the revenue. left_out:
furthest move, of the interval's half-width. placebo_date: of pretended starts that find an effect. mde: the effect.
contamination: of spend or units. counterfactual: of the treated's revenue. plausible: the number, of the most that is
usual. spread: of the other methods.
"""


def trust(slice_: Slice, estimates: Sequence[Estimate], assumptions: Assumptions) -> tuple[Light, ...]:
    """The ten checks of the headline; of the nearest directional estimate where there is no headline.

    Always ten, in the order of CHECKS; grey is not known, and says what would make it known.
    """
    estimate = subject(estimates)
    method = METHODS.get(estimate.method) if estimate else None
    seen: dict[str, Seen] = {
        "pre_trend": trust_arms.pre_trend(slice_),
        "balance": trust_arms.balance(slice_, is_drawn(slice_)),
        "leverage": trust_arms.leverage(slice_),
        "left_out": trust_number.left_out(slice_, estimate, method, assumptions),
        "placebo_date": trust_arms.placebo_date(slice_, assumptions.confidence),
        "mde": trust_number.smallest_seen(estimate),
        "contamination": trust_arms.contamination(slice_),
        "counterfactual": trust_number.counterfactual_sign(slice_, estimate),
        "plausible": trust_number.plausible(slice_, estimate),
        "spread": trust_number.spread(estimates),
    }
    return tuple(_light(key, *seen[key]) for key in CHECKS)


def _light(key: str, light: str, figure: float, says: str) -> Light:
    name, unit, _ = CHECKS[key]
    return Light(key, name, light, figure, unit, says)


def subject(estimates: Sequence[Estimate]) -> Estimate | None:
    """What the lights are about: the headline, else the first on its ladder with a number, else any directional one."""
    spoken = headline(estimates)
    if not spoken.is_refused:
        return spoken
    told = [one for one in estimates if not one.is_refused and one.role != "comparison"]
    ranked = [one for name in LADDER for one in told if one.method == name]
    return next(iter([*ranked, *told]), None)
