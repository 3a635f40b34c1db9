"""Decides how a unit is written: one text for screen, chart, paper, mail and command line.

Units: money (reporting currency), count, share (stored 0–1, written %), multiple (×), days, score (0–100).
What cannot be computed is written “–”.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from data.values.written import group

MISSING = "–"
MINUS = "−"
SYMBOLS = {"INR": "₹", "USD": "$", "EUR": "€", "GBP": "£"}
_INDIAN = ((1e7, " Cr"), (1e5, " L"))
_WESTERN = ((1e9, " B"), (1e6, " M"), (1e3, " K"))


@dataclass(frozen=True)
class Locale:
    """Currency sign and digit grouping of the reporting currency."""

    currency: str = "INR"

    @property
    def sign(self) -> str:
        """Sign before an amount; the ISO code and a blank when it has none."""
        return SYMBOLS.get(self.currency, f"{self.currency} ")

    @property
    def steps(self) -> tuple[tuple[float, str], ...]:
        """Short units, largest first: crore and lakh for rupees."""
        return _INDIAN if self.currency == "INR" else _WESTERN


HOUSE = Locale()


def is_missing(value: object) -> bool:
    """Whether there is no number to write: None, NaN and infinities."""
    return value is None or (isinstance(value, float) and not math.isfinite(value))


def _plain(value: float, places: int, locale: Locale) -> str:
    text = f"{abs(value):.{places}f}"
    whole, _, fraction = text.partition(".")
    grouped = group(whole, locale.currency == "INR")
    return grouped + (f".{fraction}" if fraction else "")


def _sign(value: float, text: str) -> str:
    """A minus only before something that still reads as other than zero after rounding."""
    return MINUS + text if value < 0 and any(digit in text for digit in "123456789") else text


def _significant(value: float) -> str:
    """Two decimals at most, no idle zeros: 3.94, 71, 33.9."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def money(value: float, locale: Locale = HOUSE) -> str:
    """Short amount: ₹3.94 Cr, ₹71 L, ₹51,391, ₹49.76. Rounds first, then chooses the unit."""
    if is_missing(value):
        return MISSING
    size = abs(value)
    for step, unit in locale.steps:
        if round(size / step, 2) >= 1:
            return _sign(value, f"{locale.sign}{_significant(size / step)}{unit}")
    places = 0 if size >= 100 or float(size).is_integer() else 2
    return _sign(value, locale.sign + _plain(size, places, locale))


def money_full(value: float, locale: Locale = HOUSE) -> str:
    """Exact amount: ₹3,94,35,890.25; no decimals when there are none."""
    if is_missing(value):
        return MISSING
    places = 0 if float(value).is_integer() else 2
    return _sign(value, locale.sign + _plain(value, places, locale))


def count(value: float, locale: Locale = HOUSE) -> str:
    """Whole things: 1,23,456; one decimal where a count is a mean."""
    if is_missing(value):
        return MISSING
    places = 0 if float(value).is_integer() or abs(value) >= 100 else 1
    return _sign(value, _plain(value, places, locale))


def share(value: float) -> str:
    """A share of 1 as per cent: 4.98 %, 62 %."""
    if is_missing(value):
        return MISSING
    percent = abs(value) * 100
    places = 2 if percent < 10 else 1 if percent < 100 else 0
    text = f"{percent:,.{places}f}"
    return _sign(value, text.removesuffix(".0").removesuffix(".00")) + " %"


def multiple(value: float, locale: Locale = HOUSE) -> str:
    """How many times: 11.6×, 0.86×."""
    if is_missing(value):
        return MISSING
    size = abs(value)
    text = _plain(size, 3 if 0 < size < 0.1 else 2 if size < 1 else 1 if size < 1000 else 0, locale)
    return _sign(value, text) + "×"


def write(value: object, unit: str, locale: Locale = HOUSE) -> str:
    """A number of the given unit as people read it; “–” for what cannot be computed, text as it is."""
    if is_missing(value):
        return MISSING
    if isinstance(value, str | bool):
        return str(value)
    if isinstance(value, date):
        return day(value)
    number = float(value)  # type: ignore[arg-type]
    writers = {
        "money": lambda: money(number, locale),
        "count": lambda: count(number, locale),
        "share": lambda: share(number),
        "multiple": lambda: multiple(number, locale),
        "days": lambda: f"{count(round(number), locale)} days",
        "score": lambda: f"{number:.0f}",
    }
    return writers[unit]()


def exact(value: object, unit: str, locale: Locale = HOUSE) -> str:
    """As `write`, with every digit of an amount: for tables and drawers."""
    if unit == "money" and not is_missing(value):
        return money_full(float(value), locale)  # type: ignore[arg-type]
    return write(value, unit, locale)


def interval(lower: float, upper: float, unit: str, locale: Locale = HOUSE) -> str:
    """Two ends with the unit written once: 1.4–2.9; −0.2 to 1.1 when a minus would touch the dash."""
    low, high = write(lower, unit, locale), write(upper, unit, locale)
    if unit in ("multiple", "share"):
        low = low.removesuffix("×").removesuffix(" %")
    return f"{low} to {high}" if MINUS in low + high else f"{low}–{high}"


def change(now: float, before: float, unit: str) -> str:
    """How far a number moved: relative for amounts and counts, points for shares, the difference for multiples."""
    if is_missing(now) or is_missing(before):
        return ""
    if unit == "share":
        return f"{abs(now - before) * 100:.1f} pt"
    if unit == "multiple":
        return multiple(abs(now - before))
    if before == 0:
        return ""
    return f"{abs(now / before - 1) * 100:.1f} %"


def day(value: date) -> str:
    """31 Jul 2026."""
    return f"{value.day} {value:%b %Y}"


def month(value: date) -> str:
    """“Jan 2026”, in every locale."""
    return f"{value:%b} {value.year}"


def span(since: date, until: date) -> str:
    """1 Feb – 31 Jul 2026, with the year once when both days share it; one day as itself."""
    if since == until:
        return day(since)
    first = f"{since.day} {since:%b}" if since.year == until.year else day(since)
    return f"{first} – {day(until)}"


def listing(words: Sequence[str]) -> str:
    """a, b and c."""
    items = list(words)
    return " and ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)


def ticks(top: float, unit: str, locale: Locale = HOUSE, most: int = 5) -> tuple[list[float], list[str]]:
    """Axis marks from 0 to at least `top`: positions and texts, since plotly.js knows no lakh.

    Steps are 1, 2, 2.5 or 5 times a power of ten of the unit that the axis is written in.
    """
    if not math.isfinite(top) or top <= 0:
        return [0.0], [write(0.0, unit, locale)]
    base = next((step for step, _ in locale.steps if unit == "money" and top >= step), 1.0)
    scale = 0.01 if unit == "share" else base
    rough = top / scale / (most - 1)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(size * power for size in (1, 2, 2.5, 5, 10) if size * power >= rough * 0.999)
    step = max({"count": 1.0, "money": 0.01, "multiple": 0.01, "share": 0.01}.get(unit, 0.0), step)
    marks = [index * step * scale for index in range(math.ceil(top / scale / step - 1e-9) + 1)]
    return marks, [_tick(mark, unit, locale, base) for mark in marks]


def _tick(mark: float, unit: str, locale: Locale, base: float) -> str:
    if mark == 0:
        return "0"
    if unit == "money" and base > 1:
        suffix = dict(locale.steps)[base]
        return f"{locale.sign}{_significant(mark / base)}{suffix}"
    if unit == "share":
        return f"{_significant(mark * 100)} %"
    if unit == "multiple":
        return f"{_significant(mark)}×"
    return write(mark, unit, locale)
