"""Decides how a plan is said: can it show what is wanted, what would, what it costs; short, with its numbers."""

from __future__ import annotations

import math

from analytics import formats
from analytics.planning.plan import MORE_WEEKS, Plan
from analytics.planning.question import CUPED, HOLDOUT, REGRESSION, Question

METHODS = {
    HOLDOUT: "difference of means (Welch)",
    CUPED: "difference of means, freed from what was known before (CUPED)",
    REGRESSION: "geo-based regression on the time before (HC3)",
}
_NUMBERS = {6: "six"}


def answer(plan: Plan) -> str:
    """“Cannot tell yet: 40 test and 20 control campaigns over 6 weeks can show 5.6× or more; …”"""
    shown, asked = formats.multiple(plan.smallest), plan.question
    can = f"{arms(asked)} over {weeks(asked.weeks)} can show {shown} or more"
    if plan.smallest <= asked.expected * 1.005:
        sure = next(one for one in plan.seen if one.iroas == asked.expected).simulated.power
        return f"Enough: {can}; {formats.multiple(asked.expected)} would be seen with {percent(sure)} probability."
    later = ""
    if math.isfinite(plan.later) and plan.later < plan.smallest * 0.98:
        more = _NUMBERS.get(MORE_WEEKS, f"{MORE_WEEKS}")
        later = f"; {more} more weeks bring that to {formats.multiple(plan.later)}"
    return f"Cannot tell yet: {can}{later}."


def arms(asked: Question) -> str:
    """40 test and 20 control campaigns."""
    return f"{formats.count(asked.treated)} test and {formats.count(asked.control)} control {asked.units}"


def weeks(count: int) -> str:
    """1 week, 6 weeks."""
    return f"{count} week" if count == 1 else f"{count} weeks"


def percent(share: float) -> str:
    """A probability as people say it: 79 %, over 99 %, under 1 %."""
    if share > 0.99:
        return "over 99 %"
    return "under 1 %" if share < 0.01 else f"{round(share * 100)} %"


def reverse(plan: Plan) -> str:
    """What would show the wanted effect: units, weeks or spend, each alone."""
    sizes, asked = plan.sizes, plan.question
    wanted = formats.multiple(sizes.iroas)
    ways = []
    if sizes.question:
        ways.append(f"{arms(sizes.question)} ({formats.money(sizes.question.spend)} at the same spend on each)")
    if sizes.weeks:
        ways.append(f"{weeks(sizes.weeks)} at the same spend a week")
    ways.append(f"{formats.money(sizes.spend)} on the same {asked.units} in {weeks(asked.weeks)}")
    listed = ", or ".join(ways)
    none = "" if sizes.weeks else " More weeks alone do not, as far as the data tell."
    return f"To see {wanted} with 80 % probability takes any one of: {listed}.{none}"


def cost(plan: Plan) -> str:
    """What knowing costs: revenue and margin that the control goes without, less the spend kept."""
    money, asked = plan.cost, plan.question
    expected = formats.multiple(asked.expected)
    kept = f"Control goes without {formats.money(plan.withheld)} of spend"
    share = formats.share(plan.margin)
    margin = f"a margin of {share}" if plan.margin_known else f"a usual margin of {share}"
    brought = f"at {expected} and {margin} that spend would have brought {formats.money(money.margin)}"
    if money.net > 0:
        return f"{kept}; {brought}, so knowing costs {formats.money(money.net)}."
    return f"{kept}; {brought}, so withholding it saves {formats.money(-money.net)}: knowing costs nothing."


def agreement(plan: Plan) -> str:
    """Formula and simulation of the power at the smallest effect, side by side."""
    at = next(one for one in plan.seen if one.iroas == plan.smallest)
    both = f"{round(at.formula * 100)} % by formula, {round(at.simulated.power * 100)} % simulated"
    worlds = f"{formats.count(at.simulated.worlds)} runs, ±{at.simulated.se * 196:.1f} points"
    return f"Power at {formats.multiple(plan.smallest)}: {both} ({worlds})."


def notes(plan: Plan) -> tuple[str, ...]:
    """What the plan rests on, a sentence each."""
    asked, level = plan.question, formats.share(plan.confidence)
    said = [
        f"Scatter: {plan.known.says}.",
        f"Analysed by {METHODS[asked.method]}, {level} intervals, 80 % power, both sides.",
    ]
    if plan.widened != 1.0:
        how = "widened" if plan.widened > 1 else "narrowed"
        by = percent(abs(plan.widened - 1))
        said.append(f"Few units or lopsided revenue: the formula is {how} by {by} to what the simulation shows.")
    if asked.weeks > plan.known.weeks and not plan.known.is_usual:
        said.append("The test is longer than the data: it is taken to be as noisy a week as they are.")
    if plan.refused > 0.01:
        said.append(f"The method would refuse {formats.share(plan.refused)} of such tests; they count as not seen.")
    if asked.before and asked.method == HOLDOUT:
        said.append("The time before is used with at least 8 control units, and when it is as long as the test.")
    said.append("More spend on the same units is taken to bring as much for each rupee: in truth it brings less.")
    return tuple(said)
