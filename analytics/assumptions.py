"""Decides how numbers are reckoned where honest people may differ: the choices, their bounds, their words."""

from __future__ import annotations

from dataclasses import dataclass, fields
from urllib.parse import parse_qsl, urlencode

from errors import BadAssumption, suggest

COST_LAYERS = {"cash": "cash", "gifts": "cash + gifts"}
TIER_SCHEMES = {"industry6": "industry, six tiers", "seed_s4": "as the v4 report ordered them", "three": "three tiers"}
GRAINS = {"day": "by day", "week": "by week", "month": "by month"}
_CHOICES = {"cost": COST_LAYERS, "tiers": TIER_SCHEMES, "grain": GRAINS}


@dataclass(frozen=True)
class Assumptions:
    """How to reckon; lives in the same query string as the filters and is always printed beside results.

    cost: what counts as spend: `cash` (payouts as given) or `gifts` (payouts plus gifted products at cost).
    tiers: the scheme that turns followers into tiers. grain: the step of time charts.
    confidence: level of every interval, 0.5 to 0.99. assumed_organic: share of attributed revenue that
    `iroas.assumed_baseline` takes off, 0 to 0.95. experiment: key of the declared experiment to measure by; empty:
    the newest one that covers the selection.
    """

    cost: str = "cash"
    tiers: str = "industry6"
    grain: str = "week"
    confidence: float = 0.9
    assumed_organic: float = 0.2
    experiment: str = ""

    def __post_init__(self) -> None:
        for key, known in _CHOICES.items():
            value = getattr(self, key)
            if value not in known:
                raise BadAssumption(f"“{key}={value}” is not a way of reckoning. {suggest(value, known)}")
        for key, low, high in (("confidence", 0.5, 0.99), ("assumed_organic", 0.0, 0.95)):
            value = getattr(self, key)
            if not low <= value <= high:
                raise BadAssumption(f"“{key}={value}” is outside {low} to {high}. Choose a value between them.")

    @staticmethod
    def from_query(text: str) -> Assumptions:
        """The only parser; keys that are no assumptions belong to Filters and are passed over. Raises BadAssumption."""
        given = {key: value.strip() for key, value in parse_qsl(text.removeprefix("?"))}
        taken: dict[str, str | float] = {key: given[key] for key in _CHOICES if key in given}
        if given.get("experiment"):
            taken["experiment"] = given["experiment"]
        for key in ("confidence", "assumed_organic"):
            if key in given:
                try:
                    taken[key] = float(given[key])
                except ValueError:
                    raise BadAssumption(f"“{key}={given[key]}” is not a number. Write it as {key}=0.9.") from None
        return Assumptions(**taken)  # type: ignore[arg-type]

    def to_query(self) -> str:
        """Only what differs from the defaults, so that a plain view has a plain address."""
        default = Assumptions()
        pairs = [(item.name, getattr(self, item.name)) for item in fields(self)]
        return urlencode([(key, f"{value}") for key, value in pairs if value != getattr(default, key)])

    def describe(self) -> str:
        """The choices in words, for footers and the methods page."""
        cost, tiers = COST_LAYERS[self.cost], TIER_SCHEMES[self.tiers]
        return f"spend counts {cost} · tiers: {tiers} · {self.confidence:.0%} intervals"
