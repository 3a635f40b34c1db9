"""A statement adds up to the paisa, and says nothing of anybody else."""

from __future__ import annotations

import dataclasses
import json
import os
import re
from pathlib import Path

import pytest

from analytics import export
from analytics.answers import Answers
from analytics.pages.statement import SUM
from analytics.views import PageView
from errors import BadFilter
from tests.analytics.pages.money import imported, ledgers
from tests.analytics.pages.test_payouts import paise, said, tile

PEOPLE = int(os.environ.get("TRUELIFT_LEDGERS", "16"))
TABLES = ledgers(5, PEOPLE)
IDS = [str(row["influencer_id"]) for row in TABLES["influencers"]]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Answers:
    return imported(tmp_path_factory.mktemp("statements"), TABLES)


@pytest.mark.parametrize("query", ["", "from=2026-02-01&to=2026-04-15", "brand=Gritzo"])
def test_all_statements_together_are_the_payouts_page(world: Answers, query: str) -> None:
    people = world.page("payouts", query).panel("payouts_by_influencer").frame.set_index("influencer_id")
    for one in IDS[:8] if query else IDS:
        if query and one not in people.index:
            continue
        view = world.page("statement", f"influencer={one}&{query}")
        lines = view.panel("statement_payouts").frame
        steps = sum(paise(amount) for amount in lines.loc[lines["what"] != SUM, "amount"])
        owed = paise(float(people["declared"].get(one, 0)))
        assert steps == owed
        assert [paise(amount) for amount in lines.loc[lines["what"] == SUM, "amount"]] in ([owed], [])
        assert (paise(tile(view, "paid")) if one in people.index else 0) == owed


def test_posts_and_orders_are_those_of_the_files(world: Answers) -> None:
    for one in IDS[:8]:
        view = world.page("statement", f"influencer={one}")
        posts = [row for row in TABLES["posts"] if row["influencer_id"] == one]
        frame = view.panel("statement_posts").frame
        assert sorted(frame["url"]) == sorted(str(row["url"]) for row in posts)
        orders = [row for row in TABLES["tracking_data"] if row["influencer_id"] == one]
        worth = sum(paise(float(str(row["revenue"]))) for row in orders)
        for panel in ("statement_by_product", "statement_by_campaign", "statement_by_week"):
            assert sum(paise(value) for value in view.panel(panel).frame["revenue"]) == worth


def test_a_filter_leaves_the_posts_that_fit_it(world: Answers) -> None:
    rows = [row for row in TABLES["posts"] if row["brand"] == "Gritzo"]
    one = str(rows[0]["influencer_id"])
    frame = world.page("statement", f"influencer={one}&brand=Gritzo").panel("statement_posts").frame
    assert sorted(frame["url"]) == sorted(str(row["url"]) for row in rows if row["influencer_id"] == one)


@pytest.mark.parametrize(
    ("query", "says"), [("", "none is chosen"), ("influencer=INF_0001&influencer=INF_0002", "2 are")]
)
def test_a_statement_is_about_one_influencer(world: Answers, query: str, says: str) -> None:
    with pytest.raises(BadFilter, match=says) as refused:
        world.page("statement", query)
    assert "influencer=<id>" in str(refused.value)


def test_no_statement_says_what_is_no_number(world: Answers) -> None:
    for one in IDS[:12]:
        view = world.page("statement", f"influencer={one}")
        json.dumps(export.page(view), allow_nan=False)
        assert not set(re.findall(r"[A-Za-z]+", said(view))) & {"nan", "NaN", "None", "inf", "NaT", "Traceback"}
        assert all(panel.summary for panel in view.panels)


def _everything(view: PageView) -> str:
    """All that is in a page, tables in full."""
    bare = dataclasses.replace(view, panels=())
    panels = [repr(dataclasses.replace(panel, frame=panel.frame.head(0))) for panel in view.panels]
    tables = [panel.frame.to_csv() + export.panel_csv(panel) for panel in view.panels]
    return "\n".join([repr(bare), *panels, *tables, json.dumps(export.page(view), ensure_ascii=False)])


def _canaries(folder: Path) -> Answers:
    """Asha among nine others whose every name, word and number is a canary; no sum over them is a number of hers."""
    ids = ["ASHA", *(f"CANARY{number}" for number in range(9))]

    def amount(one: str, low: str, high: int) -> str:
        return low if one == "ASHA" else f"{high + ids.index(one) * 1111}.37"

    def word(one: str, text: str) -> str:
        return text if one == "ASHA" else f"canary {one}"

    people = [
        {"influencer_id": one, "name": word(one, "Asha"), "followers": amount(one, "4000", 7_700_000).split(".")[0],
         "platform": "YouTube", "category": "Fitness", "gender": "Female"}
        for one in ids
    ]  # fmt: skip
    posts = [
        {"influencer_id": one, "platform": "YouTube", "date": "2026-03-04" if one == "ASHA" else "2025-09-17",
         "url": f"https://example.com/{one}", "caption": word(one, "new"), "campaign": word(one, "Spring"),
         "reach": amount(one, "900", 7_770_000).split(".")[0], "likes": 31, "comments": 5}
        for one in ids
    ]  # fmt: skip
    orders = [
        {"influencer_id": one, "user_id": f"U{one}", "date": "2026-03-06" if one == "ASHA" else "2025-09-19",
         "campaign": word(one, "Spring"), "product": word(one, "Whey"), "brand": "MuscleBlaze",
         "orders": 3 if one == "ASHA" else 7771 + ids.index(one), "revenue": amount(one, "600.50", 77_700_000)}
        for one in ids
    ]  # fmt: skip
    payouts = [
        {"payout_id": f"PAY-{one}", "influencer_id": one, "campaign": word(one, "Spring"), "basis": "order",
         "rate": amount(one, "50.25", 777), "orders": 3, "status": "Paid" if one == "ASHA" else "Canaried",
         "total_payout": amount(one, "150.75", 777_000), "gifted_products_cost": amount(one, "12.5", 77_000)}
        for one in ids
    ]  # fmt: skip
    return imported(folder, {"influencers": people, "posts": posts, "tracking_data": orders, "payouts": payouts})


@pytest.mark.parametrize("query", ["", "&from=2026-03-01", "&brand=MuscleBlaze", "&cost=gifts&confidence=0.8"])
def test_no_other_influencer_is_in_a_statement(tmp_path: Path, query: str) -> None:
    pages = _canaries(tmp_path)
    text = _everything(pages.page("statement", f"influencer=ASHA{query}"))
    bare = text.casefold().replace(",", "")
    assert "asha" in bare
    assert "canar" not in bare
    assert "777" not in bare
    assert "2025" not in bare
    whole = pages.table(("revenue", "payout", "orders", "followers", "reach", "seeding_cost"), (), "").iloc[0]
    for value in whole:
        assert f"{value:.2f}".removesuffix(".00") not in bare
    assert "77" in _everything(pages.page("payouts", "")), "the canaries sing where they may"


def test_a_statement_says_nothing_of_returns(world: Answers) -> None:
    text = _everything(world.page("statement", f"influencer={IDS[0]}")).casefold()
    for word in ("roas", "roi", "rank", "cost per order", "gross profit"):
        assert word not in text
