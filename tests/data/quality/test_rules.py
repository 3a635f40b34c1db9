"""Every rule fires on the rows it is about, counts them exactly, and is silent on a clean world."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from data import schema
from data.derived import derive, facts, spend
from data.engines.duckdb import Reader, Writer
from data.quality import checks, manual
from data.quality.rules import CountRule, RowRule, Rule, SameRule
from data.versions import snapshots
from settings import ROOT
from tests.data.worlds import FOUR, TRACKING, imported

Tables = dict[str, list[dict[str, str]]]
TODAY = date(2026, 7, 1)


def clean() -> Tables:
    """Two influencers, a post each before their orders, an organic order, payouts that their rates give."""
    person = {"city": "Pune", "given_tier": "", "given_engagement_rate": "4.5"}
    post = {"brand": "Gritzo", "product": "Oats", "price": "100", "margin": "0.4", "campaign": "June",
            "campaign_type": "test", "caption": "c", "shares": "5", "saves": "5", "video_views": "900"}  # fmt: skip
    order = {"campaign": "June", "campaign_type": "test", "brand": "Gritzo", "product": "Oats", "price": "100",
             "margin": "0.4", "orders": "1", "revenue": "100", "profit": "40", "attribution_score": "0.5"}  # fmt: skip
    return {
        "influencers": [
            {"influencer_id": "a", "name": "Asha", "gender": "F", "followers": "12000", "platform": "Instagram",
             **person},
            {"influencer_id": "b", "name": "Bela", "gender": "F", "followers": "64000", "platform": "YouTube",
             **person},
        ],
        "posts": [
            {"post_id": "p1", "influencer_id": "a", "platform": "Instagram", "date": "2026-06-01", "reach": "1000",
             "url": "https://x.example/1", "impressions": "1500", "likes": "80", "comments": "20", "clicks": "9",
             **post},
            {"post_id": "p2", "influencer_id": "b", "platform": "YouTube", "date": "2026-06-02", "reach": "2000",
             "url": "https://x.example/2", "impressions": "2500", "likes": "90", "comments": "10", "clicks": "9",
             **post},
        ],
        "tracking": [
            {"tracking_id": "t1", "source": "Instagram", "influencer_id": "a", "user_id": "u1", "date": "2026-06-03",
             "post_id": "p1", **order},
            {"tracking_id": "t2", "source": "YouTube", "influencer_id": "b", "user_id": "u2", "date": "2026-06-04",
             "post_id": "p2", **order},
            {"tracking_id": "t3", "source": "Instagram", "influencer_id": "a", "user_id": "u3", "date": "2026-06-05",
             "post_id": "p1", **order},
        ],
        "payouts": [
            {"payout_id": "y1", "influencer_id": "a", "campaign": "June", "basis": "post", "rate": "50", "orders": "",
             "total_payout": "50", "bonus": "", "total_cost": "50", "payout_date": "2026-06-20"},
            {"payout_id": "y2", "influencer_id": "b", "campaign": "June", "basis": "order", "rate": "30", "orders": "1",
             "total_payout": "30", "bonus": "", "total_cost": "30", "payout_date": "2026-06-20"},
        ],
    }  # fmt: skip


_KINDS = {"money": "DECIMAL(18, 2)", "date": "DATE", "count": "DOUBLE", "number": "DOUBLE", "share": "DOUBLE"}


def laid(writer: Writer, tables: Tables) -> None:
    """The four tables as typing leaves them, each of a file of its own; the header is line 1."""
    for number, (name, table) in enumerate(schema.TABLES.items(), start=1):
        kinds = {field.key: _KINDS.get(field.kind, "VARCHAR") for field in table.fields}
        columns = ", ".join(f'"{key}" {kind}' for key, kind in kinds.items())
        writer.run(f"CREATE TABLE {name} (file_no INTEGER, row_no BIGINT, {columns})")
        rows = [[number, line, *(row.get(key) or None for key in kinds)]
                for line, row in enumerate(tables.get(name, []), start=2)]  # fmt: skip
        marks = ", ".join("?" for _ in range(len(kinds) + 2))
        for row in rows:
            writer.run(f"INSERT INTO {name} VALUES ({marks})", row)


@contextmanager
def world(folder: Path, tables: Tables) -> Iterator[tuple[dict[str, int], Writer]]:
    """Rule id → rows as the notes say them of that world on TODAY, and the snapshot that was made."""
    with Writer(folder / "world.duckdb") as writer:
        laid(writer, tables)
        derive.prepare(writer)
        spend.lay(writer)
        facts.stack(writer)
        yield {note.rule: note.rows for note in checks.run(writer, [], TODAY)}, writer


def change(table: str, row: int, **cells: str) -> tuple[str, int, dict[str, str]]:
    return table, row, cells


def more(table: str, **cells: str) -> tuple[str, None, dict[str, str]]:
    """A further row, like the table's first one but for these cells."""
    return table, None, cells


def every(table: str, **cells: str) -> tuple[str, int, dict[str, str]]:
    return table, -1, cells


def without(table: str, *columns: str) -> tuple[str, str, dict[str, str]]:
    return table, "without", dict.fromkeys(columns, "")


WORLDS: dict[str, tuple[int, list[tuple[str, int | str | None, dict[str, str]]]]] = {
    "orders.organic": (2, [change("tracking", 0, influencer_id=""), change("tracking", 1, source="organic")]),
    "orders.brand_unknown": (1, [change("tracking", 1, brand="", product="Thing")]),
    "orders.brand_derived": (1, [change("tracking", 1, brand="", campaign="Gritzo June")]),
    "orders.stranger": (1, [change("tracking", 1, influencer_id="x")]),
    "orders.free": (1, [change("tracking", 0, orders="0")]),
    "orders.other_platform": (2, [every("tracking", source="YouTube")]),
    "orders.no_date": (1, [change("tracking", 1, date="")]),
    "orders.no_revenue": (1, [change("tracking", 1, revenue="")]),
    "orders.negative": (1, [change("tracking", 1, revenue="-20")]),
    "orders.fraction": (2, [change("tracking", 1, orders="0.5"), change("tracking", 0, orders="1.5")]),
    "orders.huge": (1, [change("tracking", 1, revenue="10100")]),
    "orders.future": (1, [change("tracking", 1, date="2026-07-02")]),
    "orders.early": (1, [change("tracking", 1, date="2004-12-31")]),
    "orders.before_post": (1, [change("tracking", 1, date="2026-06-01")]),
    "orders.price_off": (2, [change("tracking", 0, revenue="1001"), change("tracking", 1, revenue="9")]),
    "orders.profit_over": (1, [change("tracking", 0, profit="101")]),
    "orders.margin_out": (2, [change("tracking", 0, margin="-0.1"), change("tracking", 1, margin="-0.2")]),
    "orders.score_out": (1, [change("tracking", 0, attribution_score="1.5")]),
    "orders.type_missing": (1, [change("tracking", 0, campaign_type="")]),
    "orders.control_credited": (1, [change("tracking", 0, campaign_type="Control")]),
    "orders.post_missing": (1, [change("tracking", 0, post_id="p9")]),
    "orders.post_of_other": (1, [change("tracking", 0, post_id="p2")]),
    "orders.repeated": (1, [more("tracking")]),
    "orders.gap_days": (1, [change("tracking", 1, date="2026-06-03")]),
    "orders.from_payouts": (1, [change("payouts", 1, orders="1"), without("tracking")]),
    "posts.over_reach": (1, [change("posts", 0, likes="990")]),
    "posts.over_followers": (1, [change("posts", 0, reach="12001", impressions="20000")]),
    "posts.other_platform": (1, [change("posts", 0, platform="YouTube")]),
    "posts.negative": (1, [change("posts", 0, saves="-1")]),
    "posts.stranger": (1, [change("posts", 0, influencer_id="")]),
    "posts.unlisted": (1, [change("posts", 0, influencer_id="x")]),
    "posts.no_date": (1, [change("posts", 0, date="")]),
    "posts.future": (1, [change("posts", 0, date="2026-07-02")]),
    "posts.early": (1, [change("posts", 0, date="2004-12-31")]),
    "posts.no_reach": (1, [change("posts", 0, reach="")]),
    "posts.engaged_unseen": (1, [change("posts", 0, reach="0")]),
    "posts.below_reach": (1, [change("posts", 0, impressions="999")]),
    "posts.views_over": (1, [change("posts", 0, video_views="15001")]),
    "posts.clicks_over": (2, [change("posts", 0, clicks="1501"), change("posts", 1, impressions="", clicks="2001")]),
    "posts.margin_out": (1, [change("posts", 0, margin="-0.4")]),
    "posts.bad_url": (1, [change("posts", 0, url="javascript:alert(1)"), change("posts", 1, url="HTTPS://a.example")]),
    "posts.long_text": (1, [change("posts", 0, caption="w" * 10_001)]),
    "posts.repeated": (1, [more("posts")]),
    "payouts.rule": (1, [change("payouts", 0, total_payout="70", total_cost="70")]),
    "payouts.missing": (1, [change("payouts", 0, total_payout="", total_cost="")]),
    "payouts.zero": (1, [change("payouts", 0, total_payout="0", total_cost="0")]),
    "payouts.negative": (1, [change("payouts", 0, total_payout="-50")]),
    "payouts.no_post": (1, [change("posts", 0, influencer_id="b")]),
    "payouts.unallocated": (1, [change("payouts", 0, influencer_id="c"), more("influencers", influencer_id="c")]),
    "payouts.nobody": (1, [change("payouts", 0, influencer_id="")]),
    "payouts.unlisted": (1, [change("payouts", 0, influencer_id="x")]),
    "payouts.campaign_unseen": (1, [change("payouts", 0, campaign="July")]),
    "payouts.before_post": (1, [change("payouts", 0, payout_date="2026-05-31")]),
    "payouts.bonus_over": (1, [change("payouts", 0, bonus="51")]),
    "payouts.cost_below": (1, [change("payouts", 0, total_cost="49")]),
    "payouts.repeated": (1, [more("payouts")]),
    "people.no_payout": (1, [more("influencers", influencer_id="c")]),
    "people.idle": (1, [more("influencers", influencer_id="c")]),
    "people.same_name": (1, [change("influencers", 0, name="Bela")]),
    "people.unlisted": (1, [change("posts", 0, influencer_id="x"), change("payouts", 0, influencer_id="x")]),
    "people.no_followers": (1, [change("influencers", 0, followers="")]),
    "people.followers_none": (1, [change("influencers", 0, followers="0")]),
    "people.rate_over": (1, [change("influencers", 0, given_engagement_rate="101")]),
    "people.other_tier": (1, [change("influencers", 0, given_tier="Mega"), change("influencers", 1, given_tier="odd")]),
    "people.no_name": (1, [change("influencers", 0, name="")]),
    "products.two_brands": (1, [change("tracking", 0, brand="HKVitals")]),
    "products.prices": (1, [change("tracking", 0, price="110")]),
    "spans.apart": (1, [change("posts", 0, date="2026-06-10"), change("posts", 1, date="2026-06-10")]),
}  # fmt: skip


def changed(changes: list[tuple[str, int | str | None, dict[str, str]]]) -> Tables:
    tables = clean()
    for table, row, cells in changes:
        if row is None:
            tables[table].append({**tables[table][0], **cells})
        elif row == "without":
            del tables[table]
        else:
            for one in tables[table] if row == -1 else [tables[table][int(row)]]:
                one |= cells
    return tables


LIVE = tuple(rule for rule in checks.RULES if isinstance(rule, RowRule | CountRule | SameRule))


def test_a_clean_world_has_nothing_to_say(tmp_path: Path) -> None:
    with world(tmp_path, clean()) as (counts, writer):
        assert counts == {}
        assert writer.rows("SELECT * FROM warned") == []


def test_every_rule_over_the_data_has_its_world() -> None:
    assert len(LIVE) >= 40
    assert {rule.id for rule in LIVE} == set(WORLDS)


@pytest.mark.parametrize("rule", WORLDS)
def test_a_rule_counts_its_rows_and_keeps_them(tmp_path: Path, rule: str) -> None:
    expected, changes = WORLDS[rule]
    kept = f"SELECT count(*), count(DISTINCT (file_no, row_no)) FROM warned WHERE rule = '{rule}'"
    with world(tmp_path, changed(changes)) as (counts, writer):
        assert counts.get(rule) == expected
        rows = 0 if isinstance(checks.BY_ID[rule], CountRule) else expected
        assert writer.rows(kept) == [(rows, rows)]


def test_warned_rows_are_named_by_file_and_line(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {**FOUR, "tracking_data.csv": TRACKING.replace("300.05", "-300.05")}
    imported(tmp_path, files)
    now = snapshots.current(tmp_path / "var")
    assert now
    reader = Reader(now.path)
    assert checks.warned(reader, "orders.negative") == [("tracking_data.csv", "", 4, "tracking")]
    assert ("tracking_data.csv", "", "orders.negative", 1) in checks.warned_files(reader)
    assert checks.warned(reader, "'; DROP TABLE files") == []
    reader.close()


_GIVEN = re.compile(r"\b(?:SetAside|Note|refuse|_refuse)\(([^()]*(?:\([^()]*\)[^()]*)*)\)")
_NAMED = re.compile(r"""["']((?:row|quote|cell|line|number|id|rows|file|quarantine)\.[a-z_]+)["']""")


def literals() -> Iterator[tuple[str, str]]:
    """Rule ids that the code gives to rows it sets aside and to notes; any text that looks like one of reading's."""
    for path in sorted((ROOT / "data").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        found = {id for given in _GIVEN.finditer(text) for id in re.findall(r"""["']([a-z]+\.[a-z_]+)["']""", given[1])}
        yield from ((path.name, id) for id in found | set(_NAMED.findall(text)))


def test_every_rule_id_in_the_code_is_in_the_catalogue() -> None:
    found = set(literals())
    assert {id for _, id in found} >= {"row.ragged", "file.read", "rows.again"}
    assert [one for one in found if one[1] not in checks.BY_ID] == []


def test_ids_are_unique_and_every_rule_says_what_to_do() -> None:
    assert len(checks.BY_ID) == len(checks.RULES)
    for rule in checks.RULES:
        assert rule.weight in ("refused", "check", "info")
        assert rule.do.endswith(".")
        assert not re.search(r"[\[\]|{}]", rule.sentence(2)), rule.sentence(2)


@pytest.mark.parametrize(("n", "words"), [(1, "1 order row is organic"), (2_000, "2,000 order rows are organic")])
def test_one_and_many_are_said_differently(n: int, words: str) -> None:
    assert checks.BY_ID["orders.organic"].sentence(n).startswith(words)


def test_the_page_of_rules_is_current() -> None:
    assert manual.PATH.read_text(encoding="utf-8") == manual.text(), "run `python -m data docs`"


def test_a_rule_is_one_sentence() -> None:
    rule = Rule("a.b", "info", "", "{n} [row|rows].", "Nothing.")
    assert (rule.sentence(1), rule.sentence(3), rule.plain()) == ("1 row.", "3 rows.", "n rows.")
