"""Every page answers every question that can be put in an address, with numbers that agree with each other."""

from __future__ import annotations

import json
import math
import re
from typing import Any

import pytest

from analytics import export
from analytics.answers import PAGES, Answers
from analytics.metrics import METRICS
from analytics.scores import SCORES
from data import schema
from errors import BadAssumption, BadFilter, NoData
from theme import dress

QUERIES = (
    "", "brand=Gritzo", "platform=Instagram&platform=YouTube", "tier=Nano", "gender=Female&influencer_category=Fitness",
    "basis=post", "from=2026-02-01&to=2026-04-30", "campaign_type=control", "min_roas=2",
    "name=a&cost=gifts&tiers=seed_s4&confidence=0.8&grain=month", "influencer=INF_001", "from=2026-07-31&to=2026-07-31",
    "product_category=Vitamins&grain=day",
)  # fmt: skip


@pytest.mark.parametrize("key", list(PAGES))
@pytest.mark.parametrize("query", QUERIES)
def test_no_page_ever_shows_nan_or_fails(answers: Answers, key: str, query: str) -> None:
    view = answers.page(key, query)
    json.dumps(export.page(view), allow_nan=False)
    said = [
        view.headline,
        view.subline,
        *(panel.summary for panel in view.panels),
        *(tile.written for tile in view.tiles),
    ]
    words = {word for line in said for word in re.findall(r"[A-Za-z]+", line)}
    assert not words & {"nan", "NaN", "None", "inf", "Infinity", "NaT", "Traceback", "undefined"}
    assert {tile.key for tile in view.tiles} == {tile for tile, _ in answers.declared_tiles(key)}
    assert [panel.key for panel in view.panels] == [panel.key for panel in answers.declared(key)]
    for panel in view.panels:
        assert panel.summary
        assert {column.key for column in panel.columns} <= set(panel.frame.columns) | {"lower", "upper"}
        if panel.figure is not None:
            json.dumps(dress(panel.figure), allow_nan=False)


def test_tiles_and_tables_say_the_same_number(answers: Answers) -> None:
    for query in QUERIES:
        tiles = {
            tile.key: tile.value
            for tile in (*answers.page("overview", query).tiles, *answers.page("overview", query).more)
        }
        keys = tuple(key for key in tiles if key in METRICS)
        row = answers.table(keys, (), query).iloc[0]
        for key in keys:
            assert tiles[key] == pytest.approx(row[key], nan_ok=True)


def test_a_page_without_a_filter_counts_everything(answers: Answers) -> None:
    by_brand = answers.table(("revenue", "revenue.all", "spend", "orders"), ("brand",), "")
    whole = answers.table(("revenue", "revenue.all", "spend", "orders"), (), "").iloc[0]
    for key in ("revenue", "revenue.all", "spend", "orders"):
        assert by_brand[key].sum() == pytest.approx(whole[key])


def test_every_metric_can_be_asked_by_every_dimension(answers: Answers) -> None:
    keys = (*METRICS, *SCORES)
    for by in schema.DIMENSIONS:
        frame = answers.table(keys, (by,), "")
        assert len(frame) > 0 or by in ("persona", "city", "period", "status")
        assert not frame.isin([math.inf, -math.inf]).any(axis=None)


def test_a_filter_is_the_row_of_its_group(answers: Answers) -> None:
    grouped = answers.table(("revenue", "spend", "roas"), ("platform",), "").set_index("platform")
    for platform in ("Instagram", "YouTube"):
        alone = answers.table(("revenue", "spend", "roas"), (), f"platform={platform}").iloc[0]
        assert alone.to_dict() == pytest.approx(grouped.loc[platform].to_dict())


def test_the_least_roas_keeps_only_who_reaches_it(answers: Answers) -> None:
    kept = answers.table(("roas",), ("influencer",), "min_roas=3")
    everyone = answers.table(("roas",), ("influencer",), "").dropna()
    assert kept["roas"].min() >= 3
    assert set(kept["influencer_id"]) == set(everyone[everyone["roas"] >= 3]["influencer_id"])


def test_gifts_cost_more_and_return_less(answers: Answers) -> None:
    cash, gifts = (answers.table(("spend", "roas", "roas.gifts"), (), query).iloc[0] for query in ("", "cost=gifts"))
    assert gifts["spend"] > cash["spend"]
    assert gifts["roas"] == pytest.approx(cash["roas.gifts"])


def test_tier_schemes_change_no_total(answers: Answers) -> None:
    sums = [
        answers.table(("revenue", "spend"), ("tier",), f"tiers={scheme}")[["revenue", "spend"]].sum()
        for scheme in ("industry6", "seed_s4", "three")
    ]
    assert sums[0].to_dict() == pytest.approx(sums[1].to_dict())
    assert sums[0].to_dict() == pytest.approx(sums[2].to_dict())


def test_no_iroas_stands_without_its_interval_and_method(answers: Answers) -> None:
    for key in PAGES:
        made: dict[str, Any] = export.page(answers.page(key, ""))
        for tile in made["tiles"]:
            if tile["key"] == "iroas" and tile["value"] is not None:
                assert tile["lower"] <= tile["value"] <= tile["upper"]
                assert "iroas." in tile["note"]
        for panel in made["panels"]:
            for record in panel["records"]:
                if panel["metric"] == "iroas" and record.get("estimate") is not None:
                    assert record["lower"] <= record["estimate"] <= record["upper"]
                    assert record["method"].startswith("iroas.")


def test_the_sample_measures_its_own_truth(answers: Answers) -> None:
    tile = next(tile for tile in answers.page("iroas", "").tiles if tile.key == "iroas")
    assert tile.lower <= 2.0 <= tile.upper


@pytest.mark.parametrize(
    ("query", "kind", "words"),
    [
        ("brand=Gritso", BadFilter, "Did you mean “Gritzo”"), ("cost=free", BadAssumption, "cash"),
        ("confidence=2", BadAssumption, "0.5 to 0.99"),
        ("from=2020-01-01&to=2020-01-02", NoData, "choose days of these, or import newer files"),
        ("brand=Gritzo&product=Biozyme+Whey+1+kg&platform=TikTok&tier=Mega", NoData, "Take one of them off"),
    ],
)  # fmt: skip
def test_questions_that_cannot_be_answered_get_a_sentence(
    answers: Answers, query: str, kind: type[Exception], words: str
) -> None:
    with pytest.raises(kind, match=words):
        answers.page("overview", query)


def test_an_unknown_key_is_passed_over_and_said(answers: Answers) -> None:
    assert any("“brnad”" in remark for remark in answers.page("overview", "brnad=x").remarks)


def test_the_address_is_canonical(answers: Answers) -> None:
    assert (
        answers.canonical("to=2026-07-31&brand=hkvitals&brand=Gritzo&cost=cash&zz=1")
        == "to=2026-07-31&brand=Gritzo&brand=HKVitals"
    )
    assert answers.canonical("grain=month&cost=gifts") == "cost=gifts&grain=month"


def test_controls_offer_what_the_data_hold(answers: Answers) -> None:
    options = answers.options()
    assert options["platform"][:2] == ["Facebook", "Instagram"]
    assert "influencer" not in options
    assert answers.span() is not None
