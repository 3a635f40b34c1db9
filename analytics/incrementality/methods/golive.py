"""Decides what a drawn calendar of posts shows, held against all calendars that might have been drawn."""

from __future__ import annotations

import math
from datetime import date, timedelta

from analytics import formats
from analytics.assumptions import Assumptions
from analytics.effects import designs, golive
from analytics.effects.golive import Window
from analytics.effects.refusals import CannotTell, no_giant, numbers
from analytics.incrementality import estimate
from analytics.incrementality.estimate import Check, Method
from analytics.incrementality.methods.series import size
from analytics.incrementality.slice import GoLive, Slice
from analytics.ratios import smallest_seen

LEAST_POSTS = 8


def _golive(slice_: Slice, assumptions: Assumptions) -> estimate.Numbers:
    """Revenue of the days after go-live less that of the days before × post days ÷ spend, by permutation."""
    given = slice_.go_live
    if given is None:
        raise CannotTell(
            "No calendar of posts was drawn for this selection: draw go-live dates at random in the planner, keep to "
            "them, and declare the experiment."
        )
    _refuse(given)
    calendar, spans = _calendar(given), Window()
    level = assumptions.confidence
    try:
        effect = golive.analyse(given.revenue, given.first.isoformat(), calendar, spans, given.units, level)
    except CannotTell:
        _refuse_short(given, calendar, spans)
        raise
    said = golive.incremental_roas(effect, given.spend)
    mde = smallest_seen(said.se, math.inf, level)
    looked = (*_conditions(slice_, len(calendar.posts), effect.extras["p"], spans), size(mde))
    broken = " ".join(check.says for check in looked if not check.passed and check.name != "size")
    is_design = looked[0].passed
    return estimate.Numbers(
        (said.point, said.lower, said.upper), "post", len(calendar.posts), 0, looked, broken,
        "headline" if is_design else "directional", mde, len(given.revenue), given.spend,
    )  # fmt: skip


def _calendar(given: GoLive) -> designs.Calendar:
    """The calendar as its seed draws it: dates that were moved are no random dates."""
    try:
        return designs.redraw(given.record)
    except CannotTell as reason:
        raise CannotTell(
            f"{reason} Restore the calendar as it was drawn and kept, or draw and keep a new one."
        ) from None


def _refuse_short(given: GoLive, calendar: designs.Calendar, spans: Window) -> None:
    """Every calendar that might have been drawn must lie in the data: until then the test is not over."""
    last = given.first + timedelta(days=len(given.revenue) - 1)
    first = date.fromisoformat(min(post.earliest for post in calendar.posts)) - timedelta(days=spans.before)
    end = date.fromisoformat(max(post.latest for post in calendar.posts)) + timedelta(days=spans.after - 1)
    if last < end:
        raise CannotTell(
            f"The calendar's last week ends on {formats.day(end)}, and the data end on {formats.day(last)}: wait until "
            "then, and import newer days."
        )
    if first < given.first:
        raise CannotTell(
            f"The {spans.before} days before the first possible post begin on {formats.day(first)}, and the data on "
            f"{formats.day(given.first)}: import earlier days."
        )


def _refuse(given: GoLive) -> None:
    if not math.isfinite(given.spend) or given.spend <= 0:
        raise CannotTell("No spend lies on the posts of the calendar, so there is nothing to divide by.")
    revenue = numbers(given.revenue, f"revenue of the {given.unit_name}s")
    negative = int((revenue < 0).sum())
    if negative:
        raise CannotTell(
            f"Revenue is negative on {formats.count(negative)} days of single {given.unit_name}s: set returns off "
            "against the orders they belong to."
        )
    no_giant(revenue, f"revenue by day and {given.unit_name}")


def _conditions(slice_: Slice, posts: int, p: float, spans: Window) -> tuple[Check, ...]:
    """What makes it an experiment, first the one that decides; the others say how far it reaches."""
    declared = slice_.experiment
    drawn = bool(declared and declared.unit == "go_live" and declared.is_random is True)
    word = "were drawn at random, as declared" if drawn else "were not declared as drawn at random and kept to"
    return (
        Check("random assignment", drawn, f"The go-live dates {word}."),
        Check("calendar", True, "The stored seed draws exactly the dates that were kept."),
        Check(
            "units", posts >= LEAST_POSTS,
            f"{formats.count(posts)} posts were dated; at least {LEAST_POSTS} are needed.",
        ),
        Check(
            "window", True,
            f"The {spans.after} days from go-live on are held against the {spans.before} before.",
        ),
        Check("chance", True, f"Without an effect, {formats.share(p)} of all calendars that might have been drawn show "
              "as much."),
    )  # fmt: skip


GOLIVE = Method(
    id="iroas.golive",
    version="1",
    label="Drawn go-live dates",
    formula="posts × days × (mean revenue of the days from go-live on − mean of those before, freed from unit and day) "
    "÷ spend on the posts; interval: effects that the calendars which might have been drawn do not rule out",
    needs=(
        "a calendar drawn at random before the first post, kept to, with its seed",
        "daily revenue of each post's unit over the whole span of dates",
        "spend on the posts",
    ),
    assumptions=(
        "posts went live on the drawn dates",
        "every post adds the same on each day of its window, and nothing outside it",
        "a post does not sell for another unit",
    ),
    flaw="It sees the window only: with an effect that halves every five days a window of seven days holds 62 % of it, "
    "so the rest is missed, and what lingers into a later post's days before is taken off.",
    source="Fisher 1935; Rosenbaum 2002; staggered dates: Athey & Imbens 2022; calendar: analytics.effects.designs",
    role="headline",
    work=_golive,
    family="go_live",
    rests_on_design=True,
)
METHODS: tuple[Method, ...] = (GOLIVE,)
