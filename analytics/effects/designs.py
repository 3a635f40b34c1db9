"""Decides when each post goes live in a staggered experiment: a calendar drawn at random under rules, and stored."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from analytics.effects.refusals import CannotTell, Numbers

Days = npt.NDArray[np.int64]
VERSION = 1
BATCH = 256
TRIES = 200
LONGEST = 1500
REMEMBERED = 8


@dataclass(frozen=True)
class Post:
    """One post to be dated: whose, the first and last day it may go live (ISO dates), and what it is balanced by.

    traits: for example {"platform": "Instagram", "tier": "micro", "brand": "A"}. An influencer may have several posts.
    """

    influencer: str
    earliest: str
    latest: str
    traits: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Rules:
    """What every calendar keeps to.

    per_day, per_week: most posts on one day, in one week (Monday to Sunday); 0: no limit. blackout: days on
    which nothing goes live (ISO dates). spacing: least days between two posts of one influencer. balanced: traits
    by which dates must not cluster; balance: how many standard errors the mean place of a group's dates within
    their windows may lie from the middle (1.5: about 13 % of groups would be refused by chance).
    """

    per_day: int = 0
    per_week: int = 0
    blackout: tuple[str, ...] = ()
    spacing: int = 0
    balanced: tuple[str, ...] = ()
    balance: float = 1.5


@dataclass(frozen=True)
class Calendar:
    """A drawn calendar: one go-live date a post (ISO), with the seed and the rules that redraw it."""

    posts: tuple[Post, ...]
    rules: Rules
    seed: int
    dates: tuple[str, ...]

    def record(self) -> dict[str, Any]:
        """Everything needed to draw it again, as JSON can hold it."""
        made: dict[str, Any] = {"version": VERSION, "seed": self.seed, "rules": asdict(self.rules)}
        made["rules"] |= {key: list(made["rules"][key]) for key in ("blackout", "balanced")}
        made["posts"] = [{**asdict(post), "traits": dict(post.traits)} for post in self.posts]
        return made | {"dates": list(self.dates)}


def draw(posts: Sequence[Post], rules: Rules, seed: int) -> Calendar:
    """One random calendar that keeps the rules; the same seed gives the same one. CannotTell when none is found."""
    plan = _Plan(tuple(posts), rules)
    drawn = next(_kept(plan, seed))
    return Calendar(tuple(posts), rules, seed, tuple(plan.days[place] for place in drawn))


def redraw(record: Mapping[str, Any]) -> Calendar:
    """The calendar of a stored record, drawn again. CannotTell when it does not come out as stored."""
    posts, rules = read(record)
    made = draw(posts, rules, int(record["seed"]))
    if list(made.dates) != list(record.get("dates", made.dates)):
        raise CannotTell("The stored dates are not those that the stored seed draws: the record was changed.")
    return made


def read(record: Mapping[str, Any]) -> tuple[tuple[Post, ...], Rules]:
    """Posts and rules of a record. CannotTell when it lacks a part or comes from another version."""
    if record.get("version") != VERSION:
        raise CannotTell(f"A calendar of version {record.get('version')} can't be read; this one draws {VERSION}.")
    try:
        posts = tuple(Post(**{**post, "traits": dict(post["traits"])}) for post in record["posts"])
        given = dict(record["rules"])
        return posts, Rules(**(given | {key: tuple(given[key]) for key in ("blackout", "balanced")}))
    except (KeyError, TypeError):
        raise CannotTell("The stored calendar lacks its posts or rules: draw a new one.") from None


def calendars(posts: Sequence[Post], rules: Rules, draws: int, seed: int) -> list[list[str]]:
    """`draws` calendars of the same design (ISO dates, one list a calendar): the randomisation distribution."""
    plan = _Plan(tuple(posts), rules)
    return [
        [plan.days[place] for place in places] for place, places in zip(range(draws), _kept(plan, seed), strict=False)
    ]


def drawn_places(posts: Sequence[Post], rules: Rules, first: str, draws: int, seed: int) -> Days:
    """As `calendars`, as day numbers counted from `first` (0), one calendar a row."""
    begins, places = _remembered(json.dumps(Calendar(tuple(posts), rules, seed, ()).record()), draws)
    return places + day_number(begins, first)


@lru_cache(maxsize=REMEMBERED)
def _remembered(design: str, draws: int) -> tuple[str, Days]:
    """First day, and places of the calendars of a design (a record as JSON): the same for every slice of its test."""
    record = json.loads(design)
    plan = _Plan(*read(record))
    found = [places for _, places in zip(range(draws), _kept(plan, record["seed"]), strict=False)]
    return plan.days[0], np.array(found, dtype=np.int64)


def day_number(day: str, first: str) -> int:
    """Days from `first` to `day`, both ISO dates."""
    return (_day(day) - _day(first)).days


class _Plan:
    """The posts and rules as arrays. open: post × day, whether it may go live then."""

    def __init__(self, posts: tuple[Post, ...], rules: Rules) -> None:
        starts, ends = _span(posts)
        first = min(starts)
        length = (max(ends) - first).days + 1
        days = [first + timedelta(days=step) for step in range(length)]
        self.days = [day.isoformat() for day in days]
        mondays = first.weekday()
        self.week = (np.arange(length) + mondays) // 7
        closed = np.isin(self.days, rules.blackout) if rules.blackout else np.zeros(length, dtype=bool)
        self.open = np.array([[s <= day <= e for day in days] for s, e in zip(starts, ends, strict=True)]) & ~closed
        self.rules = rules
        names = [post.influencer for post in posts]
        self.who = np.array([sorted(set(names)).index(name) for name in names])
        self._refuse(posts)
        self.groups = _groups(posts, rules)
        # Where a day lies among the days open to its post: 0 to 1, middle 0.5.
        count = self.open.sum(axis=1, keepdims=True)
        self.position = (np.cumsum(self.open, axis=1) - 0.5) / count
        self.scatter = np.sqrt((1 - 1 / count[:, 0].astype(float) ** 2) / 12)

    def _refuse(self, posts: tuple[Post, ...]) -> None:
        shut = next((post for post, row in zip(posts, self.open, strict=True) if not row.any()), None)
        if shut:
            raise CannotTell(f"{shut.influencer} has no day left between {shut.earliest} and {shut.latest}.")
        days = int(self.open.any(axis=0).sum())
        most = days * self.rules.per_day if self.rules.per_day else len(posts)
        if self.rules.per_week:
            most = min(most, len(set(self.week[self.open.any(axis=0)])) * self.rules.per_week)
        if most < len(posts):
            raise CannotTell(f"The rules leave room for {most} of {len(posts)} posts: allow more a day or more days.")


def _span(posts: tuple[Post, ...]) -> tuple[list[date], list[date]]:
    """First and last day of each post. CannotTell when there is none, they are in the wrong order or far apart."""
    if not posts:
        raise CannotTell("There is no post to put on a calendar: choose at least two influencers.")
    starts, ends = [_day(post.earliest) for post in posts], [_day(post.latest) for post in posts]
    late = next((post for post, start, end in zip(posts, starts, ends, strict=True) if start > end), None)
    if late:
        raise CannotTell(f"{late.influencer}: the earliest day {late.earliest} lies after the latest {late.latest}.")
    length = (max(ends) - min(starts)).days + 1
    if length > LONGEST:
        raise CannotTell(f"The calendar spans {length} days: keep it within {LONGEST}.")
    return starts, ends


def _groups(posts: tuple[Post, ...], rules: Rules) -> list[Days]:
    """Posts that share a value of a balanced trait, two or more."""
    found = []
    for trait in rules.balanced:
        values = [post.traits.get(trait, "") for post in posts]
        members = [np.flatnonzero([value == own for value in values]) for own in sorted(set(values))]
        found += [group for group in members if len(group) > 1]
    return found


def _kept(plan: _Plan, seed: int) -> Iterator[Days]:
    """Calendars that keep the rules and the balance, one after another, from one stream of random numbers."""
    rng = np.random.default_rng(seed)
    idle = 0
    while idle < TRIES:
        drawn, whole = _batch(plan, rng)
        whole &= _is_balanced(plan, drawn)
        idle = 0 if whole.any() else idle + 1
        yield from drawn[whole]
    raise CannotTell("No calendar was found that keeps all rules: allow more a day, more days, or a wider balance.")


def _batch(plan: _Plan, rng: np.random.Generator) -> tuple[Days, npt.NDArray[np.bool_]]:
    """256 calendars at once, post by post (the least free first, ties at random), and which of them found a place.

    Each post takes a day at random among those still open to it. Calendars are therefore not all equally likely,
    which does no harm: the analysis draws its reference by this very procedure.
    """
    count, length = plan.open.shape
    freedom = plan.open.sum(axis=1) + rng.random((BATCH, count))
    order, rows = freedom.argsort(axis=1), np.arange(BATCH)
    drawn = np.zeros((BATCH, count), dtype=np.int64)
    days = np.arange(length)
    near = np.zeros((BATCH, plan.who.max() + 1, length), dtype=bool)
    taken = np.zeros((BATCH, length), dtype=np.int64)
    whole = np.ones(BATCH, dtype=bool)
    for step in range(count):
        post = order[:, step]
        free = plan.open[post] & _has_room(plan, taken)
        free &= ~near[rows, plan.who[post]]
        chosen = np.where(free, rng.random((BATCH, length)), -1.0).argmax(axis=1)
        whole &= free.any(axis=1)
        drawn[rows, post] = chosen
        near[rows, plan.who[post]] |= np.abs(days - chosen[:, None]) < plan.rules.spacing
        taken[rows, chosen] += 1
    return drawn, whole


def _has_room(plan: _Plan, taken: Days) -> npt.NDArray[np.bool_]:
    room = taken < plan.rules.per_day if plan.rules.per_day else np.ones(taken.shape, dtype=bool)
    if plan.rules.per_week:
        weeks = np.zeros((len(taken), int(plan.week[-1]) + 1), dtype=np.int64)
        for day, week in enumerate(plan.week):
            weeks[:, week] += taken[:, day]
        room = room & (weeks < plan.rules.per_week)[:, plan.week]
    return room


def _is_balanced(plan: _Plan, drawn: Days) -> npt.NDArray[np.bool_]:
    fine = np.ones(len(drawn), dtype=bool)
    position: Numbers = np.take_along_axis(plan.position[None], drawn[:, :, None], axis=2)[:, :, 0]
    for group in plan.groups:
        allowed = plan.rules.balance * float(np.sqrt((plan.scatter[group] ** 2).sum()))
        fine &= np.abs((position[:, group] - 0.5).sum(axis=1)) <= allowed + 1e-12
    return fine


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError):
        raise CannotTell(f"“{text}” is no date: write it as 2026-03-31.") from None
