"""Decides how an amount in a rule is read and written: exact digits, so that a text and its number never part."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal, localcontext

from analytics import formats
from data.values import readings
from data.values.written import group
from reports.schedules.recurrence import BadSchedule

EXAMPLES = {"money": "₹2 L", "count": "500", "share": "12 %", "multiple": "1.5x"}
"""How an amount of each unit is written."""
RELATIVE, POINTS = "relative", "points"
"""Units of a change besides those of amounts: against the number before, and of a share in points (as a share)."""
_BEHIND = {"multiple": ("×", "x"), "share": ("%", "per cent", "percent"), RELATIVE: ("%", "per cent", "percent"),
           POINTS: ("pt", "points", "point", "pp")}  # fmt: skip
_MOST = Decimal(10) ** 15
_DIGITS = 15
_STEPS = (3, 4, 5, 6, 9, 12, _DIGITS)


def read(text: str, unit: str) -> Decimal | None:
    """The amount that a text says in that unit; None where it says none. Shares and changes: 12 % is 0.12.

    unit: 'money', 'count', 'share', 'multiple', RELATIVE or POINTS. A share needs its sign: 5 may be 500 %.
    """
    bare, sign = _bare(text, _BEHIND.get(unit, ()))
    if not sign and unit in ("share", RELATIVE, POINTS):
        return None
    if re.search("[%×]", bare) or readings.currency(bare) not in (
        "",
        formats.HOUSE.currency if unit == "money" else "",
    ):
        return None
    value = readings.number(bare)
    if value is None or abs(value) > _MOST or len(value.normalize().as_tuple().digits) > _DIGITS:
        return None
    return value / 100 if unit in ("share", RELATIVE, POINTS) else value


def _bare(text: str, signs: Sequence[str]) -> tuple[str, str]:
    """The text without the sign behind it, and that sign."""
    said = text.strip()
    for sign in signs:
        if said.casefold().endswith(sign):
            return said[: -len(sign)].strip(), sign
    return said, ""


def checked(text: str, unit: str, of: str) -> float:
    """The amount, or BadSchedule with how it is written. of: the metric, in words."""
    value = read(text, unit)
    if value is None:
        like = {RELATIVE: "20 %", POINTS: "2 pt"}.get(unit) or EXAMPLES[unit]
        raise BadSchedule(f"“{text.strip()[:40]}” is no amount of {of} in the alert. Write it as {like}.")
    return float(value)


def exact(value: float, unit: str) -> str:
    """Every digit: “₹2,00,000”, “1.75×”, “12.5 %”; `read` gives the same number back."""
    with localcontext() as context:
        context.prec = 40
        number = Decimal(repr(float(value)))
        number = number * 100 if unit in ("share", RELATIVE, POINTS) else number
        whole, _, rest = f"{abs(number):f}".partition(".")
    rest = rest.rstrip("0")
    text = group(whole) + (f".{rest}" if rest else "")
    sign = formats.MINUS if number < 0 else ""
    return f"{sign}{formats.HOUSE.sign if unit == 'money' else ''}{text}{_SUFFIX.get(unit, '')}"


_SUFFIX = {"multiple": "×", "share": " %", RELATIVE: " %", POINTS: " pt"}


def said(value: float, unit: str) -> str:
    """The amount as people read it where that is exact, else with every digit."""
    text = _short(value, unit)
    found = read(text, unit)
    return text if found is not None and float(found) == value else exact(value, unit)


def beside(value: float, bound: float, unit: str) -> str:
    """A number as people read it beside a bound, with so many digits that it stays on its side of it."""
    first = exact(round(value, 2), unit) if unit == "multiple" and abs(value) < 10 else _short(value, unit)
    full = [formats.money_full(value)] if unit == "money" else []
    texts = [first, *full, *(exact(float(f"{value:.{digits}g}"), unit) for digits in _STEPS)]
    return next((text for text in texts if _side(text, bound, unit) == _compared(value, bound)), exact(value, unit))


def _side(text: str, bound: float, unit: str) -> int | None:
    found = read(text, unit)
    return None if found is None else _compared(float(found), bound)


def _compared(value: float, bound: float) -> int:
    return (value > bound) - (value < bound)


def _short(value: float, unit: str) -> str:
    if unit == POINTS:
        return formats.share(value).replace("%", "pt")
    return formats.write(value, "share" if unit == RELATIVE else unit)
