"""Decides which rows count: one immutable choice that can write itself as an address, as SQL and as a sentence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from datetime import date
from urllib.parse import parse_qsl, unquote_plus, urlencode

from data import schema
from errors import BadFilter, suggest

ASSUMPTION_KEYS = frozenset({"cost", "tiers", "confidence", "assumed_organic", "grain", "experiment"})


def _day(key: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadFilter(f"“{key}={text}” is not a day. Write it as 2026-07-31.") from None


def _number(key: str, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not 0 <= number < float("inf"):
        raise BadFilter(f"“{key}={text}” is not a number from 0 up. Write it as {key}=1.5.")
    return number


@dataclass(frozen=True)
class Filters:
    """Which rows count. Empty tuple or None = all; values are sorted, so equal choices are equal strings.

    since, until: first and last day, both inclusive (address keys `from` and `to`). name: part of an influencer's
    name. min_roas: only influencers whose attributed ROAS, within the other filters, is at least this.
    """

    since: date | None = None
    until: date | None = None
    brand: tuple[str, ...] = ()
    product: tuple[str, ...] = ()
    product_category: tuple[str, ...] = ()
    platform: tuple[str, ...] = ()
    tier: tuple[str, ...] = ()
    influencer_category: tuple[str, ...] = ()
    gender: tuple[str, ...] = ()
    campaign: tuple[str, ...] = ()
    basis: tuple[str, ...] = ()
    campaign_type: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    influencer: tuple[str, ...] = ()
    name: str = ""
    min_roas: float | None = None
    ignored: tuple[str, ...] = field(default=(), compare=False)

    @staticmethod
    def from_query(text: str) -> Filters:
        """The only parser. Keys that are neither filters nor assumptions, and words without “=”, are kept in `ignored`.

        Raises BadFilter.
        """
        chosen: dict[str, set[str]] = {}
        single: dict[str, str] = {}
        ignored = [unquote_plus(part) for part in text.removeprefix("?").split("&") if part.strip() and "=" not in part]
        for key, value in parse_qsl(text.removeprefix("?"), keep_blank_values=False):
            if key in schema.FILTERED:
                chosen.setdefault(key, set()).add(value.strip())
            elif key in ("from", "to", "name", "min_roas"):
                single[key] = value.strip()
            elif key not in ASSUMPTION_KEYS:
                ignored.append(key)
        filters = Filters(
            since=_day("from", single["from"]) if single.get("from") else None,
            until=_day("to", single["to"]) if single.get("to") else None,
            name=single.get("name", ""),
            min_roas=_number("min_roas", single["min_roas"]) if single.get("min_roas") else None,
            ignored=tuple(ignored),
            **{key: tuple(sorted(values - {""})) for key, values in chosen.items()},
        )
        if filters.since and filters.until and filters.since > filters.until:
            raise BadFilter(f"The span ends ({filters.until}) before it begins ({filters.since}). Swap the two days.")
        return filters

    def to_query(self) -> str:
        """The only writer: the shortest query string that means this choice."""
        pairs: list[tuple[str, str]] = []
        if self.since:
            pairs.append(("from", self.since.isoformat()))
        if self.until:
            pairs.append(("to", self.until.isoformat()))
        for key in schema.FILTERED:
            pairs += [(key, value) for value in self.values(key)]
        if self.name:
            pairs.append(("name", self.name))
        if self.min_roas is not None:
            pairs.append(("min_roas", f"{self.min_roas:.12g}"))
        return urlencode(pairs)

    def values(self, dimension: str) -> tuple[str, ...]:
        """The values chosen of one dimension; empty = all."""
        chosen: tuple[str, ...] = getattr(self, dimension)
        return chosen

    def chosen(self) -> tuple[str, ...]:
        """The dimensions that are narrowed."""
        return tuple(key for key in schema.FILTERED if self.values(key))

    def resolved(self, known: dict[str, Iterable[str]]) -> Filters:
        """The same choice in the data's own spelling; BadFilter for a value that is not there.

        known: dimension → values. A single value that holds commas is read as several when its parts are known.
        """
        spelled = {key: tuple(sorted(self._spell(key, set(known[key])))) for key in self.chosen()}
        return replace(self, **spelled)  # type: ignore[arg-type]

    def _spell(self, key: str, known: set[str]) -> set[str]:
        folded = {value.casefold(): value for value in known}
        spelled: set[str] = set()
        for value in self.values(key):
            parts = [value] if value.casefold() in folded else [part.strip() for part in value.split(",")]
            for part in parts:
                if part.casefold() not in folded:
                    label = schema.DIMENSIONS[key].label.lower()
                    raise BadFilter(f"No {label} “{part}” in the data. {suggest(part, sorted(known))}")
                spelled.add(folded[part.casefold()])
        return spelled

    def describe(self) -> str:
        """The choice in words, for headers, footers and commands."""
        parts = [self._span()] if self.since or self.until else []
        parts += [f"{schema.DIMENSIONS[key].label}: {', '.join(self.values(key))}" for key in self.chosen()]
        if self.name:
            parts.append(f"Influencer name has “{self.name}”")
        if self.min_roas is not None:
            parts.append(f"ROAS at least {self.min_roas:g}×")
        return " · ".join(parts) or "All data"

    def _span(self) -> str:
        def words(day: date) -> str:
            return f"{day.day} {day:%b %Y}"

        if self.since and self.until:
            return f"{words(self.since)} – {words(self.until)}"
        return f"from {words(self.since)}" if self.since else f"until {words(self.until)}" if self.until else ""


assert {item.name for item in fields(Filters)} >= set(schema.FILTERED), "every filtered dimension is a field"
