"""Decides what a generated file looks like: its table, spelling, dialect, encoding, amounts and days, its faults."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from decimal import Decimal

from hypothesis import strategies as st

# Header spellings that foreign exports use, by field; the first is our own.
SPELLINGS = {
    "tracking": {
        "tracking_id": ["tracking_id", "Tracking ID"],
        "source": ["source", "Source"],
        "campaign": ["campaign", "Campaign"],
        "influencer_id": ["influencer_id", "Influencer ID", "INFLUENCER_ID"],
        "date": ["date", "Date", "order_date", "Order Date"],
        "orders": ["orders", "Orders"],
        "revenue": ["revenue", "Revenue", "REVENUE"],
    },
    "payouts": {
        "influencer_id": ["influencer_id", "Influencer ID"],
        "basis": ["basis", "Basis"],
        "rate": ["rate", "Rate"],
        "total_payout": ["total_payout", "Total Payout", "TOTAL_PAYOUT"],
    },
}
MONEY = {"tracking": "revenue", "payouts": "total_payout"}
DELIMITERS = [",", ";", "\t", "|"]
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "cp932"]
NAMES = {
    "utf-8": [
        "Launch",
        "Diwali ₹ sale",
        "लॉन्च",
        "Café",
        "NA",
        "null",
        "n/a",
        "=SUM(A1)",
        "@handle",
        "夏のセール",
        "O'Neil",
    ],
    "cp1252": ["Launch", "Café", "Été à Paris", "NA", "null", "Größe", "@handle"],
    "cp932": ["夏のセール", "新商品の発売", "秋の感謝祭", "インフルエンサー"],
}
FAULTS = ["blank", "short", "long", "open quote", "junk amount", "no amount"]


@dataclass
class Generated:
    """A file and the truth about it.

    rows: records under the header, blank ones included. amounts: line number → the exact amount that a person would
    read there, None where nobody could say. faults: line number → what is wrong with the row.
    """

    name: str
    table: str
    content: bytes
    rows: int
    amounts: dict[int, Decimal | None]
    faults: dict[int, str] = field(default_factory=dict)


def _amount(world: random.Random, style: str) -> tuple[str, Decimal | None]:
    """A written amount and its value."""
    paise = world.randrange(0, 5_000_000)
    value = Decimal(paise) / 100
    whole = f"{value:,.2f}"
    match style:
        case "western":
            return whole, value
        case "rupees":
            return f"₹{_indian(value)}", value
        case "indian":
            return _indian(value), value
        case "accounting":
            return f"({whole})", -value if value else value
        case "thousands":
            return f"{paise % 1000 / 10:.1f}K", Decimal(paise % 1000) * 100
        case "lakh":
            return f"{paise % 100 / 10:.1f} lakh", Decimal(paise % 100) * 10_000
    return f"{value:.2f}", value


def _indian(value: Decimal) -> str:
    whole, _, rest = f"{value:.2f}".partition(".")
    head, tail = whole[:-3], whole[-3:]
    groups = []
    while head:
        groups.insert(0, head[-2:])
        head = head[:-2]
    return ",".join([*groups, tail]) + "." + rest


def _day(world: random.Random, style: str) -> str:
    year, month, day = 2026, world.randrange(1, 13), world.randrange(1, 29)
    return {
        "iso": f"{year}-{month:02}-{day:02}",
        "dmy": f"{day:02}/{month:02}/{year}",
        "mdy": f"{month}/{day}/{year}",
        "named": f"{day} {'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split()[month - 1]} {year}",
    }[style]


def _quoted(cell: str, mark: str, style: str) -> str:
    needs = mark in cell or '"' in cell or "\n" in cell
    return '"' + cell.replace('"', '""') + '"' if style == "all" or needs else cell


@st.composite
def files(draw: st.DrawFn, place: int = 0) -> Generated:
    """A file of one of the two tables that hold money; `place` keeps the ids of several files apart."""
    table = draw(st.sampled_from(sorted(SPELLINGS)))
    encoding = draw(st.sampled_from(ENCODINGS))
    mark = draw(st.sampled_from(DELIMITERS))
    style = draw(st.sampled_from(["minimal", "all"]))
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    amounts = draw(st.sampled_from(["plain", "western", "indian", "rupees", "accounting", "thousands", "lakh"]))
    if amounts == "rupees" and encoding in ("cp1252", "cp932"):
        amounts = "indian"
    days = draw(st.sampled_from(["iso", "dmy", "mdy", "named"]))
    titles = draw(st.integers(0, 2))
    faults = draw(st.lists(st.sampled_from(["", "", "", *FAULTS]), min_size=3, max_size=20))
    world = random.Random(draw(st.integers(0, 2**32 - 1)))
    spelled = {key: draw(st.sampled_from(names)) for key, names in SPELLINGS[table].items()}
    order = draw(st.permutations(sorted(spelled)))
    lines = [f"Report of {world.randrange(99)}"][:titles] + ["Made for finance"][: max(0, titles - 1)]
    lines.append(mark.join(_quoted(spelled[key], mark, style) for key in order))
    made = Generated(f"{table}_{place}.csv", table, b"", len(faults), {})
    for index, fault in enumerate(faults):
        cells, meant = _row(world, table, f"{place}-{index}", amounts, days, NAMES.get(encoding, NAMES["utf-8"]))
        number = len(lines) + 1
        made.amounts[number] = meant
        lines.append(_line([cells[key] for key in order], order.index(MONEY[table]), fault, mark, style))
        if fault:
            made.faults[number] = fault
        if fault in ("blank", "short", "long", "open quote", "junk amount", "no amount"):
            made.amounts[number] = None
    # A blank line that nothing ends is no line.
    closed = draw(st.booleans()) or not lines[-1]
    text = end.join(lines) + (end if closed else "")
    made.content = text.encode(encoding)
    return made


def _row(
    world: random.Random, table: str, key: str, amounts: str, days: str, names: list[str]
) -> tuple[dict[str, str], Decimal | None]:
    written, meant = _amount(world, amounts)
    name = world.choice(names)
    if table == "tracking":
        row = {
            "tracking_id": f"T{key}", "source": world.choice(["instagram", "youtube", "organic"]), "campaign": name,
            "influencer_id": f"INF{world.randrange(20):03}", "date": _day(world, days), "orders": "1",
            "revenue": written,
        }  # fmt: skip
        return row, meant
    row = {"influencer_id": f"INF{world.randrange(20):03}", "basis": "post", "rate": "100", "total_payout": written}
    return row, meant


def _line(cells: list[str], money: int, fault: str, mark: str, style: str) -> str:
    """The row as it is written, with its fault."""
    match fault:
        case "blank":
            return ""
        case "junk amount":
            cells[money] = "see mail"
        case "no amount":
            cells[money] = ""
        case "short":
            cells = cells[:-1]
        case "long":
            cells = [*cells, "stray"]
        case "open quote":
            return mark.join(['"' + cells[0], *(_quoted(cell, mark, "minimal") for cell in cells[1:])])
    return mark.join(_quoted(cell, mark, style) for cell in cells)
