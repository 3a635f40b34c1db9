"""Decides what a payout's terms give, to the paisa, and which cause explains that another amount was declared.

An amount is rate × quantity, rounded half up to the paisa once, at the end; the quantity is the one that the payout
states, else the one that posts and orders count for its campaign, else for its influencer. A declared amount with
digits beyond the paisa is as computed when it is the same paisa.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from analytics import formats
from analytics.reckoning.payout import Line, Part, Payout
from data.values import readings

_PLAIN = {"post": "posts", "order": "orders", "commission": "revenue", "fixed": "once"}
_TERMS = {"post": "posts", "order": "orders", "share": "revenue"}
ROUNDED = ("rounding", "rate rounded")
_NOTHING = {"posts": "no posts", "orders": "no orders", "revenue": "no orders"}


@lru_cache(maxsize=4096)
def terms(basis: str, rate: str) -> tuple[tuple[str, Fraction], ...]:
    """What the rate pays for: pairs of kind and rate; empty when it cannot be read or nothing says what it counts.

    A plain number counts what the basis names; below 1 an order's rate is a share of revenue, and from 1 up a
    commission is written in per cent.
    """
    read = readings.terms(rate)
    if "plain" not in read:
        return tuple((_TERMS[kind], Fraction(value)) for kind, value in read.items())
    kind, value = _PLAIN.get(basis, ""), Fraction(read["plain"])
    if kind == "orders" and 0 < value < 1:
        kind = "revenue"
    elif kind == "revenue" and value >= 1:
        value /= 100
    return ((kind, value),) if kind else ()


def reckon(payout: Payout, places: int) -> Line:
    """The payout reckoned again. places: decimals of its whole units, at least two."""
    agreed = terms(payout.basis, payout.rate) if payout.rate else ()
    counted = [_counted(payout, kind, rate) for kind, rate in agreed]
    open_kinds = [kind for (kind, _), part in zip(agreed, counted, strict=True) if part is None]
    known = [part for part in counted if part is not None]
    if not agreed or open_kinds or _is_foreign(payout, known, places):
        return _not_reckoned(payout, agreed, open_kinds, places)
    parts = _to_the_same_paisa(_rounded(known, places), payout, places)
    recomputed = sum(part.amount for part in parts) + payout.bonus
    cause, why = _cause(payout, parts, recomputed, places)
    gap = (payout.declared or 0) - recomputed
    return Line(payout, _steps(payout, parts, gap, cause), recomputed, gap, cause, why)


def _counted(payout: Payout, kind: str, rate: Fraction) -> Part | None:
    """What the rate counts, as the payout states it, else as it was tracked; None when nobody says."""
    if kind == "once":
        return Part(kind, 0, rate, Fraction(1), "stated")
    for origin, counts in (("stated", payout.stated), ("tracked", payout.own), ("tracked", payout.all)):
        if kind in counts:
            return Part(kind, 0, rate, counts[kind], origin)
    return None


def _is_foreign(payout: Payout, parts: list[Part], places: int) -> bool:
    """Whether the rate is in another currency; not where it gives the amount as it is written."""
    if readings.currency(payout.rate) in ("", formats.HOUSE.currency) or not parts:
        return False
    due = sum(part.amount for part in _rounded(parts, places)) + payout.bonus
    return payout.declared is None or abs(payout.declared - due) > half(places)


def _is_the_rate(payout: Payout, agreed: tuple[tuple[str, Fraction], ...], places: int) -> str:
    once = [due(rate, places) for kind, rate in agreed if kind != "revenue"]
    return "; the amount is the rate once" if len(agreed) == 1 and once == [payout.declared] else ""


def _not_reckoned(payout: Payout, agreed: tuple[tuple[str, Fraction], ...], open_kinds: list[str], places: int) -> Line:
    """Nothing stands against what was declared; why."""
    unread = not payout.rate or not readings.terms(payout.rate)
    if unread:
        cause = "no rate"
        why = f"the rate “{payout.rate}” cannot be read" if payout.rate else "no rate is stated"
    elif not agreed:
        cause, why = "declared only", f"nothing says what the rate counts (pay basis {payout.basis or 'not stated'})"
    elif open_kinds:
        cause = _NOTHING[open_kinds[0]]
        why = f"neither the payout nor the tables say any {open_kinds[0]}{_is_the_rate(payout, agreed, places)}"
    else:
        cause, why = "other currency", f"the rate is written in {readings.currency(payout.rate)}"
    if payout.declared is None:
        why = f"{why}, and no amount is declared"
    parts = (Part("agreed", payout.declared),) if payout.declared is not None else ()
    return Line(payout, parts, None, payout.declared or 0, cause, why)


def half(places: int) -> int:
    """Half a unit of the currency: what rounding an amount to whole rupees may take off."""
    return 5 * int(10 ** (places - 1))


def due(exact: Fraction, places: int) -> int:
    """An exact amount of the currency in whole units, rounded half up to the paisa (away from zero)."""
    paise = (abs(exact) * 200 + 1) // 2
    return int(paise if exact >= 0 else -paise) * int(10 ** (places - 2))


def _rounded(parts: list[Part], places: int) -> list[Part]:
    """The parts with their amounts: their sum is rounded once, and the last part takes what rounding each leaves."""
    exact = [(part.rate or Fraction(0)) * (part.quantity or Fraction(0)) for part in parts]
    amounts = [due(one, places) for one in exact]
    amounts[-1] = due(sum(exact, Fraction(0)), places) - sum(amounts[:-1])
    return [replace(part, amount=amount) for part, amount in zip(parts, amounts, strict=True)]


def _to_the_same_paisa(parts: list[Part], payout: Payout, places: int) -> list[Part]:
    """Digits beyond the paisa, where the files carry them, belong to the last part when the paisa is the same."""
    recomputed = sum(part.amount for part in parts) + payout.bonus
    if payout.declared is None or due(Fraction(payout.declared, int(10**places)), places) != recomputed:
        return parts
    return [*parts[:-1], replace(parts[-1], amount=parts[-1].amount + payout.declared - recomputed)]


def _steps(payout: Payout, parts: list[Part], gap: int, cause: str) -> tuple[Part, ...]:
    """The steps that add up to the declared amount; none where none was declared."""
    if payout.declared is None:
        return ()
    steps = [*parts, *([Part("bonus", payout.bonus)] if payout.bonus else [])]
    if gap:
        steps.append(Part("rounding" if cause in ROUNDED else "adjustment", gap))
    return tuple(steps)


def _cause(payout: Payout, parts: list[Part], recomputed: int, places: int) -> tuple[str, str]:
    declared = payout.declared
    used = " + ".join(counted(part.kind, part.quantity, part.origin) for part in parts)
    if declared is None:
        return "no amount", f"{used} at the rate, but no amount is declared"
    if declared == recomputed:
        return "as computed", f"{used} at the rate"
    if abs(declared - recomputed) <= half(places):
        return "rounding", f"{used} at the rate, rounded"
    if abs(declared - recomputed) <= _slack(payout, parts, places):
        return "rate rounded", f"{used} at a rate that is written rounded"
    if not any(part.quantity for part in parts):
        return _NOTHING.get(parts[0].kind, "rate differs"), f"{used}, and yet an amount is declared"
    if payout.bonus and abs(declared - (recomputed - payout.bonus)) <= half(places):
        return "bonus differs", "fits the rate without the bonus that the row states"
    for kind, quantity, origin in _others(payout, parts):
        if abs(declared - payout.bonus - due((parts[0].rate or Fraction(0)) * quantity, places)) <= half(places):
            fits = counted(kind, quantity, origin)
            return "quantity differs", f"the rate fits {fits}; it should count {used}"
    return "rate differs", f"{used} at the rate give another amount"


def _slack(payout: Payout, parts: list[Part], places: int) -> Fraction:
    """How far half of the last digit of each rate moves the amount; a rate in whole units or per cent is exact."""
    moves = Fraction(0)
    read = readings.terms(payout.rate)
    for (key, value), part in zip(read.items(), parts, strict=True):
        in_percent = part.kind == "revenue" and (key == "share" or value < 1)
        written = (value * 100 if in_percent else value).normalize()
        decimals = -int(written.as_tuple().exponent)
        if decimals > 0:
            half_digit = Fraction(Decimal(5).scaleb(-decimals - 1)) / (100 if part.kind == "revenue" else 1)
            quantity = part.quantity or Fraction(0)
            moves += half_digit * max(quantity, -quantity)
    return Fraction(int(10**places)) * moves


def _others(payout: Payout, parts: list[Part]) -> Iterator[tuple[str, Fraction, str]]:
    """Every other quantity that a rate of one part could have been multiplied with, the likeliest first."""
    if len(parts) != 1 or not parts[0].rate:
        return
    yield "once", Fraction(1), "stated"
    for kind in dict.fromkeys((parts[0].kind, "posts", "orders", "revenue")):
        for origin, counts in (("stated", payout.stated), ("tracked", payout.own), ("tracked", payout.all)):
            if counts.get(kind) and counts[kind] != parts[0].quantity:
                yield kind, counts[kind], origin


def counted(kind: str, quantity: Fraction | None, origin: str = "") -> str:
    """2 posts stated; ₹1,200 of revenue tracked; one fee."""
    if kind == "once" or quantity is None:
        return "one fee" if kind == "once" else kind
    if kind == "revenue":
        return f"{formats.money_full(float(quantity))} of revenue {origin}".rstrip()
    number = formats.count(float(quantity))
    return f"{number} {kind.removesuffix('s') if quantity == 1 else kind} {origin}".rstrip()
