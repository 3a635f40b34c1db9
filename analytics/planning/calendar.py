"""Decides what a drawn go-live calendar is: posts dated at random under rules, and how it is kept and taken along."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pandas as pd

from analytics import formats
from analytics.effects.designs import Calendar, Post, Rules, draw
from analytics.effects.golive import FEWEST
from analytics.effects.refusals import CannotTell
from data.experiments.record import Experiment
from data.values import guards

MOST_POSTS = 400
AFTER = 7
"""Days from go-live on in which a post is taken to work: the experiment ends with the last of them."""
BALANCED = ("platform", "tier")
COLUMNS = ("date", "weekday", "influencer", "post")
END = "\r\n"


@dataclass(frozen=True)
class Wish:
    """A calendar that is to be drawn.

    influencers: ids, each with `posts` posts. earliest, latest: first and last go-live day. blackout: days without.
    per_day, per_week: most go-lives, 0: no limit. gap: least days between two posts of one influencer. balanced:
    platforms and tiers must not cluster in time. seed: redraws the same calendar.
    """

    influencers: tuple[str, ...]
    earliest: date
    latest: date
    posts: int = 1
    blackout: tuple[date, ...] = ()
    per_day: int = 0
    per_week: int = 0
    gap: int = 0
    balanced: bool = False
    seed: int = 1

    def __post_init__(self) -> None:
        count = len(self.influencers) * self.posts
        if not 1 <= self.posts or not FEWEST <= count:
            raise CannotTell(f"{count} posts can't be told from chance: choose influencers and posts for at least 4.")
        if count > MOST_POSTS:
            raise CannotTell(f"{formats.count(count)} posts are more than one calendar holds: {MOST_POSTS} at most.")
        if self.earliest > self.latest:
            raise CannotTell(f"The first day ({self.earliest}) lies after the last ({self.latest}): swap them.")
        if min(self.per_day, self.per_week, self.gap) < 0 or not 0 <= self.seed <= 2**53:
            raise CannotTell("Limits, gap and seed can't be below zero: give whole numbers from 0 up.")


@dataclass(frozen=True, eq=False)
class CalendarView:
    """A drawn calendar. rows: [date, weekday, influencer, post] by day. days: every day of the span [date, posts,
    blackout]. names: id → name. sentence: what was drawn."""

    wish: Wish
    calendar: Calendar
    rows: pd.DataFrame
    days: pd.DataFrame
    sentence: str
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def record(self) -> dict[str, Any]:
        """The calendar as it is stored and drawn again (analytics.effects.designs)."""
        return self.calendar.record()


def drawn(wish: Wish, people: Mapping[str, Mapping[str, str]]) -> CalendarView:
    """The calendar of this wish and its seed. people: id → {"name", "platform", "tier"}. Raises CannotTell."""
    unknown = [one for one in wish.influencers if one not in people]
    if unknown:
        raise CannotTell(f"No influencer “{unknown[0]}” is in the data: choose from those that are loaded.")
    calendar = draw(_posts(wish, people), _rules(wish), wish.seed)
    names = {one: people[one].get("name") or one for one in wish.influencers}
    return CalendarView(wish, calendar, _rows(calendar, names), _days(wish, calendar), _says(wish, calendar), names)


def _posts(wish: Wish, people: Mapping[str, Mapping[str, str]]) -> list[Post]:
    since, until = wish.earliest.isoformat(), wish.latest.isoformat()
    return [
        Post(one, since, until, {key: str(people[one].get(key) or "") for key in BALANCED})
        for one in wish.influencers
        for _ in range(wish.posts)
    ]


def _rules(wish: Wish) -> Rules:
    closed = tuple(sorted({day.isoformat() for day in wish.blackout}))
    return Rules(wish.per_day, wish.per_week, closed, wish.gap, BALANCED if wish.balanced else ())


def _rows(calendar: Calendar, names: Mapping[str, str]) -> pd.DataFrame:
    """By day; the posts of one influencer are numbered in the order in which they go live."""
    dated = sorted((day, post.influencer) for post, day in zip(calendar.posts, calendar.dates, strict=True))
    count: dict[str, int] = {}
    rows = []
    for text, one in dated:
        count[one] = count.get(one, 0) + 1
        day = date.fromisoformat(text)
        rows.append((day, f"{day:%a}", names[one], count[one]))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _days(wish: Wish, calendar: Calendar) -> pd.DataFrame:
    whole = [wish.earliest + timedelta(days=step) for step in range((wish.latest - wish.earliest).days + 1)]
    posts = {day: calendar.dates.count(day) for day in set(calendar.dates)}
    closed = set(wish.blackout)
    return pd.DataFrame(
        [(day, posts.get(day.isoformat(), 0), day in closed) for day in whole], columns=["date", "posts", "blackout"]
    )


def _says(wish: Wish, calendar: Calendar) -> str:
    people = f"{formats.count(len(wish.influencers))} influencers"
    posts = f"{formats.count(len(calendar.dates))} posts"
    span = formats.span(wish.earliest, wish.latest)
    return f"{posts} of {people} drawn onto {span}; seed {wish.seed} draws the same calendar again."


def experiment(view: CalendarView, name: str, today: date, by: str) -> Experiment:
    """The declaration that keeps this calendar: go-live dates, drawn at random, tested until the last post has worked.
    Raises BadExperiment."""
    end = view.wish.latest + timedelta(days=AFTER - 1)
    return Experiment(
        key_of(name), name.strip(), "go_live", True, start=view.wish.earliest, end=end, calendar=view.record,
        stated_on=today, stated_by=by.strip(),
    )  # fmt: skip


def key_of(name: str) -> str:
    """A key for addresses and commands out of a name: “Diwali wave 2” is diwali-wave-2. Names that have no letter of
    a to z get a short mark of their own."""
    words = "-".join(re.findall(r"[a-z0-9]+", name.casefold()))[:60].strip("-")
    return words or f"experiment-{hashlib.sha256(name.strip().encode()).hexdigest()[:8]}"


def csv(view: CalendarView) -> str:
    """The calendar for a spreadsheet: no text of it can be run there."""
    header = ("Date", "Weekday", "Influencer", "Post")
    return guards.MARK + guards.csv_lines(header, view.rows.itertuples(index=False, name=None))


def ics(view: CalendarView, name: str, stamp: date) -> str:
    """The calendar for calendar programs (iCalendar, RFC 5545): one event of a whole day a post. stamp: its day."""
    events = [line for row in view.rows.itertuples(index=False) for line in _event(view, row, name, stamp)]
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//TrueLift//Go-live calendar//EN", "CALSCALE:GREGORIAN",
            "METHOD:PUBLISH", f"X-WR-CALNAME:{_text(name)}"]  # fmt: skip
    return "".join(_folded(line) + END for line in [*head, *events, "END:VCALENDAR"])


def _event(view: CalendarView, row: Any, name: str, stamp: date) -> Sequence[str]:
    mark = f"{view.wish.seed}|{name}|{row.date}|{row.influencer}|{row.post}"
    title = f"{row.influencer} goes live"
    if view.wish.posts > 1:
        title += f" (post {row.post} of {view.wish.posts})"
    why = f"{name}: the day was drawn at random (seed {view.wish.seed}). Keep to it."
    return (
        "BEGIN:VEVENT",
        f"UID:{hashlib.sha256(mark.encode()).hexdigest()[:32]}@truelift",
        f"DTSTAMP:{stamp:%Y%m%d}T000000Z",
        f"DTSTART;VALUE=DATE:{row.date:%Y%m%d}",
        f"DTEND;VALUE=DATE:{row.date + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_text(title)}",
        f"DESCRIPTION:{_text(why)}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    )


def _text(text: str) -> str:
    """A text as RFC 5545 3.3.11 writes it: its marks escaped, control characters left out."""
    plain = "".join(sign for sign in " ".join(text.split()) if sign >= " " and sign != "\x7f")
    return re.sub(r"([\\;,])", r"\\\1", plain)


def _folded(line: str) -> str:
    """At most 75 bytes a line, goes on after a blank (RFC 5545 3.1); no character is cut."""
    parts, size = [""], 0
    for sign in line:
        width = len(sign.encode())
        if size + width > 75:
            parts.append(" ")
            size = 1
        parts[-1] += sign
        size += width
    return END.join(parts)
