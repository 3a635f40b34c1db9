"""Decides whether a column writes its decimals with a point or a comma: by its own values, never by guess."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from data.engines.duckdb import Writer
from data.values import readings

SIGNS = {"point": "1,234.50", "comma": "1.234,50"}
# A whole number reads the same either way; with any sign inside, a column of commas is read text by text.
PLAIN = {"point": r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)$", "comma": r"^[+-]?[0-9]+$", "": r"^[+-]?[0-9]+$"}
_SLIPS = 0.01
_SHAPES = 5_000
# One shape stands for all its texts: which digits they are does not matter, but for a leading zero.
_BY_SHAPE = """
    SELECT min(t), count(*) FROM (SELECT trim("{field}") AS t FROM {table}
        WHERE contains("{field}", ',') OR contains("{field}", '.'))
    GROUP BY translate(t, '023456789', '111111111'),
        CASE WHEN contains(t, '0,') OR contains(t, '0.') THEN regexp_matches(t, '(^|[^0-9])0[.,]') ELSE FALSE END
    ORDER BY 2 DESC, 1 LIMIT {limit}
"""


@dataclass(frozen=True)
class Evidence:
    """What one column of numbers says of its decimal sign, in rows.

    commas: values that only fit a decimal comma (12,5); points: only a decimal point (12.5 and 1,234.50); either:
    both, as different numbers (1,234 and 1.234); dotted: those of `either` with a point; grouped: those of `commas`
    that group thousands with a point (1.234,50); long: whole numbers of four digits and more without a sign inside;
    samples: up to three of `either`, else of `commas`.
    """

    commas: int = 0
    points: int = 0
    either: int = 0
    dotted: int = 0
    grouped: int = 0
    long: int = 0
    samples: tuple[str, ...] = ()

    @property
    def order(self) -> str:
        """'point', 'comma', or '' when values fit both and the column does not settle which.

        Comma: some values only fit it, no others only fit a point (one slip in a hundred is set aside), and none fits
        both (but 1.234 beside 1.234,50 is a group like the others). Point: no value only fits a comma, but for one
        slip in a hundred. Open: else; and where every value with a sign inside has a point and three digits behind
        it, and no number of four digits stands without one (1.234 of a German file).
        """
        certain = self.commas + self.points
        if self.commas > _SLIPS * certain:
            settled = not self.either or (self.grouped and self.either == self.dotted)
            return "comma" if settled and self.points <= _SLIPS * certain else ""
        german = self.dotted and self.dotted == self.either and not self.points and not self.long
        return "" if german else "point"

    @property
    def asks(self) -> bool:
        """Whether only the user can say."""
        return not self.order


def evidence(writer: Writer, table: str, field: str, kind: str = "money") -> Evidence:
    """Counts over all rows of a text column; one cheap scan where no value has a comma or a point.

    kind: of shares and numbers (12.345 is usual there) three digits behind every point say nothing.
    """
    filters = f"count_if(contains(\"{field}\", ',')), count_if(contains(\"{field}\", '.'))"
    commas, dots = writer.rows(f"SELECT {filters} FROM {table}")[0]
    whole = kind in ("money", "count")
    if not commas and (not dots or not whole or _is_plain(writer, table, field)):
        return Evidence()
    counts = dict.fromkeys(("commas", "points", "either", "dotted", "grouped"), 0)
    samples: list[str] = []
    for text, rows in writer.rows(_BY_SHAPE.format(field=field, table=table, limit=_SHAPES)):
        fit = _fit(text)
        if fit:
            counts[fit] += rows
        counts["grouped"] += rows if fit == "commas" and "." in text else 0
        if fit == "either":
            counts["dotted"] += rows if "." in text and whole else 0
        if fit in ("either", "commas"):
            samples.append(text)
    long = writer.one(f"SELECT count(*) FROM {table} WHERE regexp_full_match(trim(\"{field}\"), '[+-]?[0-9]{{4,}}')")
    return Evidence(
        **counts, long=int(long), samples=tuple(sorted(samples, key=lambda text: (_fit(text) != "either", text))[:3])
    )


def _is_plain(writer: Writer, table: str, field: str) -> bool:
    """Whether the first thousand rows hold a value that only fits a point: then no comma can be meant."""
    texts = writer.rows(f'SELECT DISTINCT trim("{field}") FROM (SELECT "{field}" FROM {table} LIMIT 1000)')
    return any(text and _fit(text) == "points" for (text,) in texts)


def _fit(text: str) -> str:
    """'commas', 'points' or 'either' when the readings differ; '' when both are the same or the text is no number."""
    point, comma = readings.number(text), readings.number(text, comma=True)
    if point == comma:
        return ""
    if point is None:
        return "commas"
    return "points" if comma is None else "either"


def certain(text: str) -> Decimal | None:
    """The number that no answer could change to another; None for 1,234 and 1.234, and for 12,5 (a slip?)."""
    point, comma = readings.number(text), readings.number(text, comma=True)
    return point if comma is None or point == comma else None


def is_open(text: str) -> bool:
    """Whether it depends on the column's decimal sign which number a text is, or whether it is one (1,234 and 12,5)."""
    return _fit(text) in ("either", "commas")


def reader(order: str) -> Callable[[str], Decimal | None]:
    """How the texts of a column are read that PLAIN[order] does not match.

    point and comma: as readings.number. Open (''): values that are certain are read; the rows of the others are set
    aside (rule number.open, where is_open) until the user says.
    """
    if order == "comma":
        return partial(readings.number, comma=True)
    return readings.number if order == "point" else certain


def question_sentence(header: str, samples: str) -> str:
    """What the user is asked about an open column, after the file's name."""
    return (
        f"column {header}: numbers such as {samples} depend on whether decimals are written with a point or a comma. "
        "Which is it? Until you say, their rows are set aside."
    )


def answers(sample: str) -> list[dict[str, str]]:
    """The answers to choose from, each with what the sample would then be: [{value, says}]."""
    found = []
    for value, name in (("point", "Decimal point"), ("comma", "Decimal comma")):
        meant = readings.number(sample, comma=value == "comma")
        found.append({"value": value, "says": f"{name}: {sample} is {meant or 'no number'}"})
    return found


def currencies(writer: Writer, table: str, field: str) -> frozenset[str] | None:
    """The currency that a column of amounts is in: that of more than half of its rows with a sign; none when no
    currency has so many. None when its signs do not disagree: then every amount counts as it stands."""
    signs = f"regexp_replace(\"{field}\", '[0-9.,() +-]+', ' ', 'g')"
    rows: Counter[str] = Counter()
    for sign, n in writer.rows(f"SELECT {signs}, count(*) FROM {table} GROUP BY 1 ORDER BY 1 LIMIT {_SHAPES}"):
        rows[readings.currency(sign or "")] += n
    del rows[""]
    if len(rows) < 2:
        return None
    return frozenset(code for code, n in rows.items() if 2 * n > rows.total())


def amounts(read: Callable[[str], Decimal | None], kept: frozenset[str] | None) -> Callable[[str], Decimal | None]:
    """A reader of amounts: no share (4.5%) is one, and none in a currency that the column is not in."""

    def amount(text: str) -> Decimal | None:
        if "%" in text or (kept is not None and readings.currency(text) not in {"", *kept}):
            return None
        return read(text)

    return amount


def refusal(written: str, kind: str, order: str) -> tuple[str, str]:
    """The rule by which a text is not taken, and what is said of it after its row and column."""
    if order == "" and is_open(written):
        return "number.open", "depends on whether decimals have a point or a comma. Say which it is."
    number = reader(order)(written)
    if kind == "money" and number is not None and "%" in written:
        return "number.percent", "is a share where an amount belongs. Write the amount and import the row again."
    if kind == "money" and number is not None and (code := readings.currency(written)):
        others = "others of its column are in another currency. Convert it and import the row again."
        return "number.currency", f"is in {code}, {others}"
    return "number.unreadable", "cannot be read as a number. Correct it and import the row again."
