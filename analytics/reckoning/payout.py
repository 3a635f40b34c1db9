"""Decides what a payout is when it is reckoned again: an amount in whole units, its terms, and what they may count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

Counts = Mapping[str, Fraction]
"""What a rate may be multiplied with, by kind: 'posts', 'orders', 'revenue' (in the currency). A kind that is not
known is absent."""

KINDS = ("posts", "orders", "revenue", "once")

CAUSES: dict[str, str] = {
    "as computed": "rate × quantity, bonus included, to the paisa",
    "rounding": "apart by at most half a unit of the currency",
    "rate rounded": "apart by no more than half of the last digit of the rate as written",
    "quantity differs": "the rate fits another quantity than the one it should count",
    "bonus differs": "fits the rate when the bonus that the row states is left out",
    "rate differs": "no quantity that is known gives this amount at the rate as written",
    "no orders": "the rate counts orders or revenue, and there are none",
    "no posts": "the rate counts posts, and there are none",
    "no rate": "an amount without a rate, or with one that cannot be read",
    "other currency": "the rate is written in another currency",
    "declared only": "the pay basis names nothing that the rate could count",
    "no amount": "a rate and a quantity, but no amount is declared",
}
"""Why a declared amount is, or is not, what its rate gives, in the order in which tables list them."""


@dataclass(frozen=True)
class Payout:
    """One row of the payouts. Amounts are whole units of 10^-places of the currency; None: not stated.

    stated: the quantities that the row itself says it was reckoned on. own, all: those that posts and orders count
    for its campaign (empty when it names none), and for its influencer as a whole.
    """

    row: tuple[int, int]
    payout_id: str
    influencer_id: str
    influencer: str
    campaign: str
    basis: str
    rate: str
    declared: int | None
    bonus: int
    gift: int | None
    status: str
    day: str
    stated: Counts = field(default_factory=dict)
    own: Counts = field(default_factory=dict)
    all: Counts = field(default_factory=dict)

    @property
    def signature(self) -> tuple[object, ...]:
        """What two rows share when one is a copy of the other: everything but their place and their id."""
        counts = tuple(sorted(self.stated.items()))
        amounts = (self.declared, self.bonus, self.gift)
        return (self.influencer_id, self.campaign, self.basis, self.rate, *amounts, self.status, self.day, counts)


@dataclass(frozen=True)
class Part:
    """One step of the reckoning: rate × quantity = amount (whole units). kind: one of KINDS, 'bonus', 'rounding',
    'adjustment' or 'agreed'; the last four have neither rate nor quantity. origin: 'stated' by the payout or
    'tracked' by the posts and orders."""

    kind: str
    amount: int
    rate: Fraction | None = None
    quantity: Fraction | None = None
    origin: str = ""


@dataclass(frozen=True)
class Line:
    """A payout reckoned again. recomputed: whole units, None where its terms give no amount. difference: declared −
    recomputed, either counted as nothing where it is missing. cause: a key of CAUSES; why: the same with its numbers.
    parts: the steps whose amounts add up to what was declared."""

    payout: Payout
    parts: tuple[Part, ...]
    recomputed: int | None
    difference: int
    cause: str
    why: str

    @property
    def declared(self) -> int:
        """The declared amount; nothing where none is."""
        return self.payout.declared or 0
