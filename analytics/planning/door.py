"""Decides who answers for planning: the one door for plans, drawn calendars and declared experiments."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from analytics.ask import Ask
from analytics.assumptions import Assumptions
from analytics.effects.refusals import CannotTell
from analytics.planning import calendar, words
from analytics.planning.calendar import CalendarView, Wish, key_of
from analytics.planning.plan import Plan, plan
from analytics.planning.question import question
from analytics.planning.saying import declaration
from analytics.planning.scatter import Known, known_before, known_of, usual
from data.experiments.record import Experiment, from_record
from data.filters import Filters
from errors import BadExperiment

FALLBACK_SPEND = 500_000.0


@dataclass(frozen=True)
class Kept:
    """Where declarations stand: the functions of data.experiments.kept over one data folder, or a test's own.

    listed: all declared ones, the newest first. save: in the place of one of the same key. remove: by its key.
    """

    listed: Callable[[], Sequence[Experiment]]
    save: Callable[[Experiment], None]
    remove: Callable[[str], None]


@dataclass(frozen=True, eq=False)
class PlanView:
    """A plan in words and numbers. ways: the reverse question. The plan itself has the curve."""

    plan: Plan
    sentence: str
    reverse: str
    cost: str
    agreement: str
    notes: tuple[str, ...]


class Planning:
    """Plans, calendars and declarations over a store, the place of declarations and a clock."""

    def __init__(self, store: Any, kept: Kept, today: Callable[[], date]) -> None:
        self._store, self._kept, self._today = store, kept, today

    def plan(self, query: str, wish: Mapping[str, Any]) -> PlanView:
        """The plan of a wish (analytics.planning.question.question) on the selection's scatter. Raises UserError."""
        ask = self._ask(query)

        def spend_of(unit: str, treated: int, weeks: int, posts: int) -> float:
            return usual_spend(known_of(ask, unit) if ask else None, treated, weeks, posts)

        def before_of(unit: str, weeks: int) -> int:
            return known_before(known_of(ask, unit) if ask else None, weeks)

        asked = question(wish, spend_of, before_of)
        known = known_of(ask, asked.unit) if ask else None
        known = known or usual(asked.unit, asked.spend / asked.treated / asked.weeks)
        confidence = Assumptions.from_query(query).confidence
        found = plan(known, asked, confidence)
        return PlanView(
            found, words.answer(found), words.reverse(found), words.cost(found), words.agreement(found),
            words.notes(found),
        )  # fmt: skip

    def draw(self, query: str, wish: Mapping[str, Any]) -> CalendarView:
        """A calendar drawn as wished (see `calendar_wish`). Raises UserError."""
        return calendar.drawn(calendar_wish(wish, self._today()), self._people(query))

    def settled(self, wish: Mapping[str, Any], view: CalendarView) -> dict[str, Any]:
        """The wish with what was taken for granted written out, so that it draws the same on any later day."""
        return {**wish, "earliest": view.wish.earliest.isoformat(), "latest": view.wish.latest.isoformat()}

    def file(self, view: CalendarView, kind: str, name: str = "") -> dict[str, str]:
        """A drawn calendar as a file: {"content", "filename", "type"}; kind: csv or ics."""
        title = name.strip() or "Go-live calendar"
        text = calendar.csv(view) if kind == "csv" else calendar.ics(view, title, self._today())
        types = {"csv": "text/csv;charset=utf-8", "ics": "text/calendar;charset=utf-8"}
        return {"content": text, "filename": f"{key_of(title)}.{kind}", "type": types[kind]}

    def keep(self, view: CalendarView, name: str, by: str = "") -> Experiment:
        """Store a drawn calendar as a declared experiment. Raises BadExperiment."""
        return self._save(calendar.experiment(view, name, self._today(), by))

    def declare(self, said: Mapping[str, Any], query: str = "") -> Experiment:
        """Store what somebody said of an experiment (analytics.planning.saying.declaration); query: the address, for
        one that covers its selection only. Raises BadExperiment."""
        return self._save(from_record(declaration(said, query, self._today())))

    def unseen(self, experiment: Experiment) -> tuple[str, ...]:
        """The units it lists that stand in no row: misspelt, or still to come."""
        return tuple(self._store.now().unseen(experiment)) if self._store.version else ()

    def _save(self, experiment: Experiment) -> Experiment:
        taken = {one.key: one for one in self._kept.listed()}.get(experiment.key)
        if taken and (taken.unit == "go_live") and taken != experiment:
            raise BadExperiment(f"“{taken.name}” is a drawn calendar already: give this one another name.")
        self._kept.save(experiment)
        return experiment

    def remove(self, key: str) -> None:
        """Forget a declaration. Raises BadExperiment."""
        self._kept.remove(key)

    def experiments(self) -> list[Experiment]:
        """What was declared, the newest first, and what is known of the sample. Raises BadExperiment."""
        return list(self._store.now().experiments() if self._store.version else self._kept.listed())

    def undeclared(self) -> bool:
        """Whether rows carry test and control and nobody has said yet whether they were drawn at random."""
        if not self._store.version or self._store.now().provenance().is_sample:
            return False
        arms = {"test", "control"} <= set(self._store.now().values("campaign_type"))
        return arms and not self._kept.listed()

    def influencers(self, query: str = "") -> list[dict[str, str]]:
        """Labels (names) and values (ids) of all influencers for a control, by name."""
        return sorted(
            ({"label": one["name"], "value": key} for key, one in self._people(query).items()),
            key=lambda one: one["label"],
        )

    def _people(self, query: str) -> dict[str, dict[str, str]]:
        ask = self._ask(query)
        if ask is None:
            return {}
        rows = ask.roster().to_dict("records")
        keys = {"name": "influencer", **{key: key for key in calendar.BALANCED}}
        return {str(row["influencer_id"]): {key: str(row[at] or "") for key, at in keys.items()} for row in rows}

    def _ask(self, query: str) -> Ask | None:
        """None without data: then usual values stand in."""
        if not self._store.version:
            return None
        assumptions, store = Assumptions.from_query(query), self._store.now()
        return Ask(store, store.resolved(Filters.from_query(query), assumptions.tiers), assumptions)


def usual_spend(known: Known | None, treated: int, weeks: int, posts: int) -> float:
    """The spend of a plan that names none: what its posts cost in the data, else its units and weeks; else ₹5 L."""
    if known is not None and posts and known.per_post > 0:
        return posts * known.per_post
    if known is not None and known.spend > 0:
        return treated * weeks * known.spend
    return FALLBACK_SPEND


def calendar_wish(wish: Mapping[str, Any], today: date) -> Wish:
    """The Wish of a form or command: influencers (list, or text with commas), posts, earliest and latest or weeks,
    blackout (days, text with commas or a list), per_day, per_week, gap, balanced, seed. Raises CannotTell."""
    earliest = _day(wish.get("earliest")) or today + timedelta(days=7 - today.weekday())
    weeks = _count(wish, "weeks", 6)
    if not 1 <= weeks <= 104:
        raise CannotTell("A calendar spans from 1 to 104 weeks: choose between them.")
    latest = _day(wish.get("latest")) or earliest + timedelta(days=7 * weeks - 1)
    return Wish(
        tuple(dict.fromkeys(_listed(wish.get("influencers")))), earliest, latest, _count(wish, "posts", 1),
        tuple(day for text in _listed(wish.get("blackout")) if (day := _day(text))),
        _count(wish, "per_day", 0), _count(wish, "per_week", 0), _count(wish, "gap", 0), bool(wish.get("balanced")),
        _count(wish, "seed", 1),
    )  # fmt: skip


def _listed(given: Any) -> list[str]:
    parts = given.replace(";", ",").replace("\n", ",").split(",") if isinstance(given, str) else given or []
    return [f"{part}".strip() for part in parts if f"{part}".strip()]


def _count(wish: Mapping[str, Any], key: str, otherwise: int) -> int:
    given = wish.get(key)
    if given is None or given == "":
        return otherwise
    try:
        number = float(given)
        if number.is_integer():
            return int(number)
    except (TypeError, ValueError, OverflowError):
        pass
    raise CannotTell(f"“{key}: {given}” is not a whole number: write it as {key} 6.")


def _day(text: Any) -> date | None:
    if text in (None, ""):
        return None
    try:
        return date.fromisoformat(f"{text}"[:10])
    except ValueError:
        raise CannotTell(f"“{text}” is no day: write it as 2026-07-31.") from None
