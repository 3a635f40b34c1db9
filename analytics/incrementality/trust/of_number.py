"""Decides which of the ten trust checks look at the number itself: can it be, is it seen, does it hang on one unit."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pandas as pd

from analytics import formats
from analytics.assumptions import Assumptions
from analytics.incrementality.agreement import agreement
from analytics.incrementality.estimate import Estimate, Method
from analytics.incrementality.slice import TREATED, Slice
from analytics.incrementality.trust.lights import AMBER, GREEN, RED, Numbers, Seen, graded, units, unknown
from analytics.incrementality.verdict import BREAK_EVEN, number_sentence

OUT = 20
"""As many of the largest units are left out, one after the other."""
LARGE = 3.0
CREDIBLE, FAR = 5.0, 2.0
HARMFUL = -1.0
MOST, SOME = 2 / 3, 1 / 3
NO_NUMBER = "No method has a number here."


def smallest_seen(estimate: Estimate | None) -> Seen:
    """Whether a test of this size shows an effect as large as break-even (80 % power)."""
    if estimate is None or not math.isfinite(estimate.mde):
        return unknown("The size of the smallest effect that can be seen is not known for this method.")
    says = (
        f"This size shows effects of {formats.multiple(estimate.mde)} or more with 80 % power; break-even is "
        f"{formats.multiple(BREAK_EVEN)}."
    )
    return graded(estimate.mde, BREAK_EVEN, LARGE), estimate.mde, says


def left_out(slice_: Slice, estimate: Estimate | None, method: Method | None, assumptions: Assumptions) -> Seen:
    """How far the number moves when one unit is left out (the largest are tried), as a share of its half-width."""
    if estimate is None or method is None:
        return unknown(NO_NUMBER)
    if slice_.customers is not None or slice_.go_live is not None:
        return unknown("Units are not kept one by one for this method, so none can be left out.")
    points = _without(slice_, method, assumptions)
    if points is None:
        return unknown("Too few units are known one by one to leave one out.")
    name, half = slice_.unit_name, (estimate.upper - estimate.lower) / 2
    lost = int((~np.isfinite(points)).sum())
    if lost:
        says = f"Without {formats.count(lost)} of the largest {name}s, left out one at a time, there is no result."
        return RED, lost / len(points), says
    moved = float(np.abs(points - estimate.estimate).max() / half)
    says = (
        f"Leaving out any one of the {formats.count(len(points))} largest {name}s moves {estimate.method} by at most "
        f"{formats.share(moved)} of its interval's half-width."
    )
    return graded(moved, 0.5, 1.0), moved, says


def _without(slice_: Slice, method: Method, assumptions: Assumptions) -> Numbers | None:
    """The method's point without each of the largest units; NaN where it then refuses."""
    table = units(slice_)
    largest = table.groupby("unit")["revenue"].sum().sort_values(ascending=False).head(OUT).index
    if len(table) < 4:
        return None
    points = []
    for unit in largest:
        frames = {name: _kept(getattr(slice_, name), unit) for name in ("cells", "clusters", "panel")}
        spent = float(table.loc[table["unit"].eq(unit), "spend"].sum())
        points.append(method(replace(slice_, spend=slice_.spend - spent, **frames), assumptions).estimate)
    return np.asarray(points, dtype=float)


def _kept(frame: pd.DataFrame, unit: str) -> pd.DataFrame:
    return frame[frame["unit"].ne(unit)].reset_index(drop=True) if not frame.empty else frame


def counterfactual_sign(slice_: Slice, estimate: Estimate | None) -> Seen:
    """Whether what the treated would have sold without the spend is above nothing, in the whole interval.

    Revenue of the treated less iROAS × spend, as a share of their revenue.
    """
    revenue = _of_treated(slice_)
    if estimate is None:
        return unknown(NO_NUMBER)
    if not math.isfinite(revenue) or revenue <= 0:
        return unknown("What the test units sold is not known, so neither is what they would have sold without.")
    left = 1 - estimate.estimate * estimate.spend / revenue
    least = 1 - estimate.upper * estimate.spend / revenue
    light = GREEN if least >= 0 else AMBER if left >= 0 else RED
    words = {
        GREEN: "so the whole interval leaves them something to have sold",
        AMBER: "but the upper end of the interval would mean that they had sold less than nothing",
        RED: "and nobody sells less than nothing: the number is too high",
    }[light]
    says = f"Without the spend, test units would have sold {formats.share(left)} of what they did, {words}."
    return light, left, says


def _of_treated(slice_: Slice) -> float:
    """Revenue of the treated in the test, money; NaN where it is not known."""
    if slice_.customers is not None:
        return float(slice_.customers.treated.n * slice_.customers.treated.means[0])
    if slice_.go_live is not None:
        return float(np.nansum(np.asarray(slice_.go_live.revenue, dtype=float)))
    table = units(slice_)
    treated = table.loc[table["arm"].eq(TREATED), "revenue"]
    return float(treated.sum()) if len(treated) else math.nan


def plausible(slice_: Slice, estimate: Estimate | None) -> Seen:
    """Whether the number is one that influencers reach: as far as twice the attributed ROAS (or 5×), and not below −1.

    Many orders carry no code, so more than the attributed ROAS can be; several times as much has a simpler reason.
    """
    if estimate is None:
        return unknown(NO_NUMBER)
    attributed = slice_.revenue / slice_.spend if slice_.spend > 0 else math.nan
    most = max(CREDIBLE, attributed) if math.isfinite(attributed) else CREDIBLE
    point = estimate.estimate
    light = GREEN if HARMFUL <= point <= most else AMBER if FAR * HARMFUL <= point <= FAR * most else RED
    beside = f", attributed ROAS is {formats.multiple(attributed)}" if math.isfinite(attributed) else ""
    says = f"{number_sentence(estimate)}{beside}"
    judged = {
        GREEN: "that can be", AMBER: "that is far for influencers", RED: "look for an error before a reason",
    }[light]  # fmt: skip
    return light, point / most, f"{says}: {judged}."


def spread(estimates: Iterable[Estimate]) -> Seen:
    """Whether the methods tell the same: share of those beside the headline whose interval holds its point."""
    found = agreement(estimates)
    if found.methods < 2:
        return unknown(found.sentence)
    light = GREEN if found.share >= MOST else AMBER if found.share >= SOME else RED
    return light, found.share, found.sentence
