"""Decides what ledgers the pages of payouts are tried on: small worlds of files, imported as users would."""

from __future__ import annotations

import csv
import random
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from analytics.answers import Answers
from data import ingest
from data.ingest import Plan
from data.store import Store
from settings import load

Rows = Sequence[dict[str, object]]
_RATES = {
    "post": ("1500", "210.50", "₹2,000/post", "", "33.337"),
    "order": ("100", "0.12", "41.99", ""),
    "commission": ("0.08", "12.5% commission", ""),
    "hybrid": ("₹1,250/post + 3%", "₹99/post + 7.5%"),
    "fixed": ("5000", "12000"),
    "barter": ("",),
}


def imported(folder: Path, tables: dict[str, Rows]) -> Answers:
    """Pages over these tables: name → rows; the columns are those of the first row."""
    paths = []
    for name, rows in tables.items():
        path = folder / f"{name}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        paths.append((path, path.name))
    settings = load(folder / "var")
    ingest.run(Plan(paths), settings)
    return Answers(Store(settings))


def ledgers(seed: int, people: int) -> dict[str, Rows]:
    """A world in which each influencer has a ledger of none to four payouts, by any basis, right and wrong."""
    dice = random.Random(seed)
    ids = [f"INF_{number:04d}" for number in range(people)]
    tables: dict[str, list[dict[str, object]]] = {"influencers": [], "posts": [], "tracking_data": [], "payouts": []}
    for one in ids:
        tables["influencers"].append(
            {"influencer_id": one, "name": f"Name {one}", "category": dice.choice(["Fitness", "Food"]),
             "gender": dice.choice(["Female", "Male"]), "followers": dice.randint(500, 900000),
             "platform": dice.choice(["Instagram", "YouTube"])}
        )  # fmt: skip
        tables["posts"] += [_post(dice, one) for _ in range(dice.choice([0, 1, 2, 3]))]
        tables["tracking_data"] += [_order(dice, one) for _ in range(dice.choice([0, 0, 1, 2, 4]))]
        tables["payouts"] += [_payout(dice, one, place) for place in range(dice.choice([0, 1, 1, 2, 4]))]
    return tables


def _day(dice: random.Random) -> str:
    return f"2026-{dice.randint(1, 6):02d}-{dice.randint(1, 28):02d}"


def _post(dice: random.Random, one: str) -> dict[str, object]:
    reach = dice.randint(100, 9000)
    return {
        "influencer_id": one,
        "platform": dice.choice(["Instagram", "YouTube"]),
        "date": _day(dice),
        "url": f"https://example.com/{one}/{dice.randint(1, 10**9)}",
        "caption": dice.choice(["new", "MuscleBlaze"]),
        "brand": dice.choice(["MuscleBlaze", "Gritzo", ""]),
        "campaign": dice.choice(["Spring", "Summer"]),
        "reach": reach,
        "likes": reach // 20,
        "comments": reach // 90,
    }


def _order(dice: random.Random, one: str) -> dict[str, object]:
    return {"source": "Instagram", "campaign": dice.choice(["Spring", "Summer"]), "influencer_id": one,
            "user_id": f"U{dice.randint(1, 10**7)}", "product": dice.choice(["Whey 1kg", "Bar", "Gummies"]),
            "brand": dice.choice(["MuscleBlaze", "Gritzo"]), "date": _day(dice), "orders": dice.randint(0, 5),
            "revenue": f"{dice.randint(0, 900000) / 100:.2f}"}  # fmt: skip


def _payout(dice: random.Random, one: str, place: int) -> dict[str, object]:
    basis = dice.choice(list(_RATES))
    paise = f"{dice.randint(0, 3_000_000) / 100:.2f}"
    amounts = [paise, f"{dice.randint(1, 90)}000", "0", "", f"-{dice.randint(1, 999)}.45"]
    return {
        "payout_id": f"P{one[4:]}{place}",
        "influencer_id": one,
        "campaign": dice.choice(["", "", "Spring", "Autumn"]),
        "basis": basis,
        "rate": dice.choice(_RATES[basis]),
        "orders": dice.choice(["", dice.randint(0, 9)]),
        "posts": dice.choice(["", dice.randint(0, 4)]),
        "total_payout": dice.choices(amounts, (8, 4, 1, 1, 1))[0],
        "bonus": dice.choice(["", "", "500"]),
        "gifted_products_cost": dice.choice(["", "0", f"{dice.randint(1, 90000) / 100:.2f}"]),
        "status": dice.choice(["Paid", "Pending"]),
        "payout_date": dice.choice(["", _day(dice)]),
    }


def declared(rows: Rows) -> Decimal:
    """The sum of what the rows declare, as written."""
    return sum((Decimal(str(row["total_payout"] or 0)) for row in rows), Decimal(0))
