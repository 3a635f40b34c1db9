"""Decides that findings claim only what stands, find what is planted, and read as sentences whatever the data."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analytics.assumptions import Assumptions
from analytics.finding_rules.contrasts import tried
from analytics.finding_rules.evidence import Evidence as Direct
from analytics.findings import Evidence, findings, persona_table
from analytics.incrementality.court import court, headline
from analytics.incrementality.estimate import Estimate
from analytics.incrementality.slice import Slice
from analytics.incrementality.verdict import verdict
from analytics.views import Finding
from tests.analytics.incrementality.test_court import world as arms

HOUSE = Assumptions()
UNMEASURED = headline(court(Slice(1.0, 1.0, 1.0), HOUSE))
SEED_KINDS = {"tier_move", "product_budget", "platform_split", "platform_yield", "confidence", "top_performers"}
OTHER_KINDS = {"improvement_candidates", "best_persona", "poor_roi", "concentration", "organic_share", "momentum"}
BOOKS = {"no_orders", "payout_mismatch", "gifts", "unallocated", "engagement_without_sales"}
PANELS = {
    "overview": {
        "revenue_trend", "platform_share", "top_influencers_by_revenue", "top_influencers_by_roas", "roas_by_tier",
        "roas_by_platform", "roas_by_influencer_category", "roas_by_gender", "followers_revenue", "influencer_table",
        "payouts_by_basis",
    },
    "products": {"product_ranking", "price_margin", "product_table"},
    "iroas": {"method_court", "test_control", "campaign_iroas"},
    "cac": {"cac_by_platform", "cac_by_influencer"},
    "insights": {"findings", "best_persona", "poor_roi"},
}  # fmt: skip


def people(draw: np.random.Generator, n: int) -> pd.DataFrame:
    spend = np.exp(draw.normal(9, 1, n))
    return pd.DataFrame(
        {
            "influencer_id": [f"i{number}" for number in range(n)],
            "influencer": [f"Name {number}" for number in range(n)],
            "platform": draw.choice(["Instagram", "YouTube", "X"], n, p=[0.5, 0.3, 0.2]),
            "tier": draw.choice(["nano", "micro", "macro"], n),
            "influencer_category": draw.choice(["Fitness", "Food"], n),
            "gender": draw.choice(["Female", "Male"], n),
            "revenue": 3 * spend * np.exp(draw.normal(0, 0.8, n)),
            "spend": spend,
            "orders": draw.integers(0, 40, n).astype(float),
            "posts": 4.0,
            "likes": draw.integers(1, 900, n).astype(float),
            "comments": math.nan,
            "reach": 10_000.0,
            "followers": 50_000.0,
            "new_customers": math.nan,
            "gross_profit": math.nan,
        }
    )


def world(seed: int = 0, n: int = 75, micro: float = 1.0) -> Evidence:
    """Influencers whose ROAS has nothing to do with what they are, unless `micro` is not 1."""
    draw = np.random.default_rng(seed)
    frame = people(draw, n)
    frame["revenue"] *= np.where(frame["tier"].eq("micro"), micro, 1.0)
    cells = pd.concat([frame[["influencer_id", "revenue", "spend"]]] * 2, ignore_index=True)
    cells["spend"] *= 0.5
    cells["revenue"] *= 0.5 * np.exp(draw.normal(0, 0.5, 2 * n))
    cells["product"] = draw.choice(["P1", "P2", "P3"], 2 * n)
    products = cells.groupby("product", as_index=False)[["revenue", "spend"]].sum()
    months = pd.date_range("2025-01-01", periods=12, freq="MS")
    monthly = pd.DataFrame({"month": months, "revenue": draw.gamma(20, 1e4, 12), "spend": 1e4, "orders": 9.0})
    return Evidence(
        UNMEASURED, float(frame["revenue"].sum()), float(frame["spend"].sum()), frame,
        products.assign(brand="B", product_category="C", orders=9.0, gross_profit=math.nan), cells,
        monthly.assign(revenue_all=1e6), 2e6, 5e4, 1e4, 3, 1234.5,
    )  # fmt: skip


def claims(found: tuple[Finding, ...]) -> list[Finding]:
    return [finding for finding in found if finding.verdict in ("works", "does not")]


def readable(found: tuple[Finding, ...]) -> None:
    for finding in found:
        text = f"{finding.sentence} {finding.detail} {finding.action}"
        assert not re.search(r"\b(nan|inf|infinity|None)\b", text, re.IGNORECASE), text
        assert "!" not in text
        assert "significant" not in text
        assert "confidence" not in text
        assert finding.sentence.endswith(".")
        assert finding.panel in PANELS[finding.page]
        assert not math.isinf(finding.estimate)
        assert not math.isinf(finding.lower)


def test_all_kinds_that_the_seeds_name_are_there() -> None:
    found = findings(world(), HOUSE)
    assert {finding.kind for finding in found} >= SEED_KINDS | OTHER_KINDS | BOOKS
    assert len({finding.key for finding in found}) == len(found)
    readable(found)


def test_where_nothing_differs_hardly_any_page_claims_something() -> None:
    """At most 5 % may: of these 30 (Monte Carlo error 4 points) at most four. The test of arms has no effect either."""
    claimed = []
    for seed in range(30):
        measured = headline(court(arms(seed, 0.0), HOUSE))
        found = findings(replace(world(seed), headline=measured), HOUSE)
        said = next(one for one in found if one.kind == "confidence")
        assert said.verdict != "works"
        assert verdict(measured) == said.verdict
        claimed.append(len(claims(found)) > (said.verdict == "does not"))
    assert sum(claimed) <= 4


def test_every_comparison_says_the_smallest_difference_that_it_can_show() -> None:
    for evidence in (world(1), world(2, n=300, micro=4.0)):
        compared = [one for one in findings(evidence, HOUSE) if math.isfinite(one.lower) and one.kind != "confidence"]
        assert compared
        for one in compared:
            assert re.search(r"show [₹\d.,]+( L| Cr|×)? or more with 80 % power", one.detail), one.detail


def test_a_planted_difference_is_found_and_says_its_size() -> None:
    found = {finding.kind: finding for finding in findings(world(2, n=300, micro=4.0), HOUSE)}
    tier = found["tier_move"]
    assert tier.verdict == "works"
    assert "micro influencers" in tier.sentence
    assert "90 % interval" in tier.sentence
    assert tier.lower > 0
    assert tier.action.startswith("Move ₹")
    assert "control" in tier.action


def test_what_does_not_stand_is_a_test_to_make() -> None:
    for finding in findings(world(1), HOUSE):
        if finding.kind.endswith(("_move", "_budget", "_yield")) and finding.verdict == "cannot tell yet":
            assert finding.sentence.startswith("Cannot tell yet: ")
            assert "Test before moving" in finding.action
            assert "at stake" in finding.action


def test_too_few_to_compare_is_said() -> None:
    found = {finding.kind: finding for finding in findings(world(3, n=8), HOUSE)}
    assert "fewest that are compared" in found["tier_move"].sentence
    readable(tuple(found.values()))


def test_a_difference_cannot_be_chosen_from_a_list_without_paying_for_it() -> None:
    contrasts = tried(world(5), 0.9)
    assert len(contrasts) > 10
    assert all(contrast.p >= contrast.comparison.p for contrast in contrasts)
    assert all(
        not contrast.comparison.lower <= 0 <= contrast.comparison.upper for contrast in contrasts if contrast.stands
    )


def test_personas_under_five_are_suppressed() -> None:
    table = persona_table(world(n=150), 0.9)
    assert (table["influencers"] >= 5).all()
    assert list(table["roas"]) == sorted(table["roas"], reverse=True)
    unknown = replace(world(), people=world().people.assign(gender="(unknown)"))
    assert persona_table(unknown, 0.9).empty
    assert "best_persona" not in {finding.kind for finding in findings(unknown, HOUSE)}


def test_a_measured_result_is_said_with_interval_and_method() -> None:
    measured = Estimate(
        "iroas.holdout", "1", "Test against control", 2.1, 1.4, 2.9, 0.9, "campaign", 20, 20, 1e6, (), "ok", "",
        "Flaw.", "headline", 1.0,
    )  # fmt: skip
    said = next(item for item in findings(replace(world(), headline=measured), HOUSE) if item.kind == "confidence")
    assert said.verdict == "works"
    assert "2.1× (90 % interval 1.4–2.9×, iroas.holdout)" in said.sentence
    assert (said.lower, said.upper) == (1.4, 2.9)


def test_the_largest_stakes_come_first() -> None:
    assert findings(world(), HOUSE)[0].kind == "confidence"


def test_growth_that_stands_is_said_in_money() -> None:
    revenue = np.r_[np.linspace(90, 110, 15), np.linspace(290, 310, 3)] * 1e4
    months = pd.date_range("2025-01-01", periods=18, freq="MS")
    monthly = pd.DataFrame({"month": months, "revenue": revenue, "spend": 1.0, "orders": 1.0, "revenue_all": 1.0})
    found = {finding.kind: finding for finding in findings(replace(world(), monthly=monthly), HOUSE)}
    assert found["momentum"].unit == "money"
    assert found["momentum"].verdict == "works"


EMPTY = Evidence(UNMEASURED, 0.0, 0.0)
HOSTILE = {
    "nothing": EMPTY,
    "unknown totals": Evidence(UNMEASURED, math.nan, math.nan, organic_revenue=1.0, unallocated=math.nan),
    "no spend": replace(world(), spend=0.0, people=world().people.assign(spend=0.0)),
    "no revenue": replace(world(), revenue=0.0, people=world().people.assign(revenue=0.0, orders=0.0)),
    "all unknown": replace(world(), people=world().people.assign(revenue=math.nan, spend=math.nan, reach=math.nan)),
    "constant": replace(world(), people=world().people.assign(revenue=300.0, spend=100.0)),
    "negative": replace(world(), people=world().people.assign(revenue=-300.0)),
    "one giant": replace(world(), people=world().people.assign(revenue=np.r_[1e15, np.ones(74)])),
    "one spender": replace(world(), people=world().people.assign(spend=np.r_[1e9, np.zeros(74)])),
    "one person": world(n=1),
    "endless": replace(world(), people=world().people.assign(revenue=math.inf)),
    "no traits": replace(world(), people=world().people.assign(tier=None, platform=None, gender=None)),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_evidence_still_reads_as_sentences(name: str) -> None:
    readable(findings(HOSTILE[name], HOUSE))


def test_evidence_says_which_column_it_lacks() -> None:
    assert Direct is Evidence
    with pytest.raises(ValueError, match="people lacks"):
        Evidence(UNMEASURED, 1.0, 1.0, pd.DataFrame({"influencer_id": []}))
