"""Foreign headers find their fields: 95 of 100 columns right over 200 header sets, and no amount is ever wrong."""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Callable

import pytest

from data import schema
from data.matching.recognise import Recognised, recognise

ROWS = 30
NEEDED = {
    "influencers": ("influencer_id", "name", "followers"),
    "posts": ("influencer_id", "reach", "likes"),
    "tracking": ("influencer_id", "date", "source", "revenue"),
    "payouts": ("influencer_id", "basis", "total_payout"),
}
OFTEN = {
    "influencers": ("influencer_category", "gender", "platform", "city"),
    "posts": ("platform", "date", "url", "caption", "comments", "shares", "saves", "impressions", "video_views",
              "post_id"),
    "tracking": ("campaign", "user_id", "product", "orders", "brand", "tracking_id", "clicks"),
    "payouts": ("rate", "orders", "status", "payout_date", "bonus", "total_cost", "payout_id"),
}  # fmt: skip
# As other people's files may call a field; the words change further below (case, separators, slips, units).
FOREIGN: dict[str, tuple[str, ...]] = {
    "influencer_id": ("creator code", "Influencer Code", "infl id", "KOL ID", "influencer no", "influencer ref",
                      "creator identifier", "इन्फ्लुएंसर आईडी", "influencer number", "blogger id"),
    "name": ("creator name", "Name of influencer", "नाम", "full name", "infl name", "nombre", "account name"),
    "followers": ("no. of followers", "follower cnt", "फॉलोअर्स", "Total Followers", "subs", "seguidores", "# followers",
                  "followers number", "subscribers count", "influencer followers"),
    "influencer_category": ("niche", "influencer niche", "श्रेणी", "content category", "cat"),
    "gender": ("sex", "लिंग", "influencer gender", "geschlecht"),
    "platform": ("social platform", "प्लेटफॉर्म", "platform name", "plattform"),
    "city": ("शहर", "influencer city", "location", "ciudad"),
    "date": ("दिनांक", "dt", "तारीख", "fecha", "datum", "date time", "day"),
    "url": ("link", "permalink", "लिंक", "post link", "post URL"),
    "caption": ("post text", "कैप्शन", "post caption", "captions"),
    "reach": ("post reach", "पहुँच", "total reach", "accounts reached", "reichweite"),
    "likes": ("like cnt", "no of likes", "लाइक", "total likes", "post likes", "likes no."),
    "comments": ("comment cnt", "cmts", "टिप्पणियाँ", "total comments", "number of comments", "kommentare"),
    "shares": ("share cnt", "शेयर", "total shares", "no. of shares"),
    "saves": ("save cnt", "bookmarks", "total saves"),
    "impressions": ("imps", "impr.", "total impressions", "impresiones"),
    "video_views": ("views", "video view count", "व्यूज", "plays"),
    "post_id": ("post ref", "post code", "content id"),
    "source": ("traffic src", "स्रोत", "order source", "utm source", "quelle"),
    "campaign": ("campaign name", "अभियान", "cmpgn", "campaña", "utm campaign"),
    "user_id": ("customer code", "cust id", "ग्राहक आईडी", "client id", "shopper ID", "buyer ref"),
    "product": ("item", "product name", "उत्पाद", "producto", "prod"),
    "orders": ("no. of orders", "order cnt", "ऑर्डर संख्या", "order qty", "pedidos", "total orders", "orders no"),
    "revenue": ("Rev. ₹", "order val", "राजस्व", "sales amt", "gmv", "turnover", "total rev", "ingresos", "umsatz",
                "revenue amt", "order revenue", "Sales (₹)", "revenue in INR", "order amt"),
    "brand": ("brand name", "ब्रांड", "marca"),
    "tracking_id": ("order no", "order ref", "txn id", "order code", "purchase id"),
    "clicks": ("click cnt", "no. of clicks", "क्लिक", "total clicks"),
    "basis": ("payment basis", "pay type", "payout type", "आधार"),
    "rate": ("payout rate", "दर", "pay rate"),
    "status": ("payment status", "payout stat", "स्थिति"),
    "payout_date": ("paid on", "pay date", "भुगतान दिनांक", "payment dt"),
    "total_payout": ("payout amt", "amt paid", "भुगतान राशि", "total payment", "payment amt", "Payout (INR)",
                     "auszahlung",  "influencer payout", "कुल भुगतान"),
    "bonus": ("bonus amt", "बोनस", "payout bonus"),
    "total_cost": ("overall cost", "total cost ₹", "cost total"),
    "payout_id": ("payment ref", "payout code", "payment no"),
}  # fmt: skip
UNUSED = (
    "discount", "discount amount", "tax", "GST", "notes", "refund_amount", "shipping_cost", "gross_amount",
    "Refunds (₹)", "tds deducted", "coupon code", "delivery charges", "target revenue", "cancelled orders",
    "avg order value", "growth %",
    "remarks", "phone", "email", "expected payout", "previous followers", "roas", "cpm", "budget",
    "story views", "fake followers %", "commission pct", "row_hash", "updated_by", "language",
)  # fmt: skip


def _value(field: str, dice: random.Random) -> str:
    """A plausible value of a field."""
    kinds = {item.key: item.kind for table in schema.TABLES.values() for item in table.fields}
    words: dict[str, Callable[[], str]] = {
        "influencer_id": lambda: f"INF_{dice.randint(1, 400):03}", "user_id": lambda: f"U{dice.randint(1000, 99999)}",
        "post_id": lambda: f"P{dice.randint(1, 9999)}", "tracking_id": lambda: f"T{dice.randint(1, 99999)}",
        "payout_id": lambda: f"PAY{dice.randint(1, 9999)}", 
        "name": lambda: dice.choice(("Asha Rao", "Dev Nair", "Ira")),
        "url": lambda: f"https://x.example/p/{dice.randint(1, 999)}", "caption": lambda: "Loving my whey! #ad",
        "basis": lambda: dice.choice(("post", "order")), "rate": lambda: str(dice.randint(10, 9999)),
        "gender": lambda: dice.choice(("Female", "Male")), "platform": lambda: dice.choice(("Instagram", "YouTube")),
    }  # fmt: skip
    if field in words:
        return words[field]()
    if kinds[field] == "date":
        return f"2026-{dice.randint(1, 6):02}-{dice.randint(1, 28):02}"
    if kinds[field] == "money":
        return f"{dice.uniform(50, 9000):.2f}"
    if kinds[field] == "count":
        return str(dice.randint(1, 4) if field == "orders" else dice.randint(100, 90_000))
    return dice.choice(("alpha", "beta", "gamma"))


def _noise(name: str, dice: random.Random) -> str:
    words = ("note", "remark", "code", "email", "hash", "by", "language")
    return (
        dice.choice(("A1x", "call later", "")) if any(word in name for word in words) else f"{dice.uniform(1, 500):.2f}"
    )


def _slip(word: str, dice: random.Random) -> str:
    """A letter left out, doubled or swapped inside the longest word."""
    longest = max(word.split(), key=len)
    if len(longest) < 6 or not longest.isascii() or not longest.isalpha():
        return word
    at = dice.randint(2, len(longest) - 2)
    wrong = dice.choice((longest[:at] + longest[at + 1 :], longest[:at] + longest[at] + longest[at:],
                         longest[:at] + longest[at + 1] + longest[at] + longest[at + 2 :]))  # fmt: skip
    return word.replace(longest, wrong)


def _style(words: str, dice: random.Random) -> str:
    joined = words.replace(" ", "_")
    camel = "".join(part[:1].upper() + part[1:] for part in words.split())
    styles = [words, words.title(), words.upper(), joined, joined.lower(), words.replace(" ", "-"), f" {words} ",
              words.replace(" ", "."), words.replace(" ", "  ")]  # fmt: skip
    if words.isascii() and words.replace(" ", "").isalpha():
        styles += [camel, camel[:1].lower() + camel[1:]]
    return dice.choice(styles)


def _written(field: str, money: bool, dice: random.Random) -> str:
    words = dice.choice((*FOREIGN[field], field.replace("_", " ")))
    if dice.random() < 0.12:
        words = _slip(words, dice)
    header = _style(words, dice)
    if money and "₹" not in header and "INR" not in header.upper() and dice.random() < 0.25:
        header += dice.choice((" (INR)", " (₹)", "_inr", " [Rs.]"))
    return header


def header_set(seed: int) -> tuple[str, list[str], list[list[str]], dict[str, str]]:
    """Table, header, rows, and which field each header truly is ("" for none)."""
    dice = random.Random(seed)
    table = dice.choice(list(NEEDED))
    often = [key for key in OFTEN[table] if dice.random() < 0.6]
    kinds = {item.key: item.kind for item in schema.TABLES[table].fields}
    truth: dict[str, str] = {}
    for key in (*NEEDED[table], *often):
        truth.setdefault(_written(key, kinds[key] == "money", dice), key)
    for name in dice.sample(UNUSED, dice.randint(1, 4)):
        truth.setdefault(_style(name, dice), "")
    header = list(truth)
    dice.shuffle(header)
    rows = [[_value(truth[name], dice) if truth[name] else _noise(name, dice) for name in header] for _ in range(ROWS)]
    return table, header, rows, truth


def test_two_hundred_foreign_header_sets(capsys: pytest.CaptureFixture[str]) -> None:
    seen: Counter[str] = Counter()
    missed: list[str] = []
    for seed in range(200):
        table, header, rows, truth = header_set(seed)
        found = recognise(f"export_{seed}.csv", header, rows)
        _count(table, found, truth, seen, missed)
    share = seen["right"] / seen["columns"]
    with capsys.disabled():
        sys.stdout.write(
            f"\n200 header sets: {seen['right']:,} of {seen['columns']:,} columns right ({share:.1%}), "
            f"{seen['wrong money']} amounts wrong, {seen['tables']} of 200 tables taken\n"
        )
    assert share >= 0.95, missed
    assert seen["wrong money"] == 0, missed
    assert seen["wrong table"] == 0


def _count(table: str, found: Recognised, truth: dict[str, str], seen: Counter[str], missed: list[str]) -> None:
    kinds = {item.key: item.kind for item in schema.TABLES[table].fields}
    seen["tables"] += found.table == table
    seen["wrong table"] += found.table not in (table, "")
    for column in found.columns:
        meant = truth[column.header]
        seen["columns"] += 1
        if column.field == meant and (found.table or not meant):
            seen["right"] += 1
            continue
        missed.append(f"{table}: {column.header} is {meant or 'nothing'}, taken for {column.field or 'nothing'}")
        seen["wrong money"] += kinds.get(column.field) == "money"
