"""Decides what must hold of the sample world: a seed repeats it, it adds up, and its truth can be found again."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from data.simulate import World, simulate, write
from errors import BadAssumption

SEEDS = range(60)
TABLES = ("influencers", "posts", "tracking", "payouts")


@pytest.fixture(scope="module")
def world() -> World:
    return simulate()


@pytest.fixture(scope="module")
def attributed(world: World) -> pd.DataFrame:
    """Orders and revenue (in paise) under each influencer's code in each campaign."""
    rows = world.tracking[world.tracking["influencer_id"].notna()]
    rows = rows.assign(paise=(100 * rows["revenue"]).round().astype("int64"))
    return (
        rows.astype({"influencer_id": str, "campaign": str})
        .groupby(["influencer_id", "campaign"])[["orders", "paise"]]
        .sum()
    )


def by_rule(rate: str, basis: str, posts: int, orders: int, revenue: float) -> float:
    """What a deal costs without its bonus."""
    if basis == "hybrid":
        fee, _, percent = rate.removeprefix("₹").partition("/post + ")
        return float(fee.replace(",", "")) * posts + float(percent.removesuffix("%")) / 100 * revenue
    return float(rate) * {"post": posts, "order": orders, "commission": revenue}[basis]


def campaign_estimate(world: World) -> tuple[float, float, float]:
    """iROAS by Welch over campaigns, with its 90 % interval."""
    cells = world.tracking.dropna(subset=["campaign"])
    revenue = cells.groupby(["campaign_type", "campaign"], observed=True)["revenue"].sum()
    test, control = revenue["test"].to_numpy(), revenue["control"].to_numpy()
    scale = len(test) / world.payouts["total_payout"].sum()
    interval = stats.ttest_ind(test, control, equal_var=False).confidence_interval(0.9)
    return scale * (test.mean() - control.mean()), scale * interval.low, scale * interval.high


def test_the_same_seed_is_the_same_world() -> None:
    one, two = simulate(3, rows=2_000), simulate(3, rows=2_000)
    for table in TABLES:
        pd.testing.assert_frame_equal(getattr(one, table), getattr(two, table))
    assert one.truth == two.truth


def test_another_seed_is_another_world() -> None:
    one, two = simulate(3, rows=2_000), simulate(4, rows=2_000)
    assert one.truth["true_iroas"] != two.truth["true_iroas"]
    assert not one.tracking["revenue"].equals(two.tracking["revenue"])
    assert not one.influencers["name"].equals(two.influencers["name"])


def test_it_is_as_big_and_varied_as_promised(world: World) -> None:
    assert len(world.influencers) == 90
    assert len(world.posts) >= 300
    assert len(world.tracking) == 14_000
    assert world.tracking["date"].min() == pd.Timestamp("2025-08-01")
    assert world.tracking["date"].max() == pd.Timestamp("2026-07-31")
    assert world.tracking["date"].dt.to_period("M").nunique() == 12
    assert set(world.tracking["brand"]) == {"MuscleBlaze", "HKVitals", "Gritzo"}
    platforms = {"Instagram", "YouTube", "Twitter", "TikTok", "Facebook"}
    assert set(world.influencers["platform"]) == platforms
    assert set(world.tracking["source"]) == platforms | {"organic"}
    assert world.influencers["platform"].mode().tolist() == ["Instagram"]
    assert set(world.payouts["basis"]) == {"post", "order", "commission", "hybrid"}
    assert set(world.payouts["status"]) == {"Paid", "Pending"}
    assert world.influencers["influencer_category"].nunique() == 7
    assert set(world.influencers["gender"]) == {"Female", "Male", "Other"}


def test_followings_reach_from_small_to_famous(world: World) -> None:
    followers = world.influencers["follower_count"]
    assert followers.min() < 5_000
    assert followers.max() > 500_000
    assert followers.mean() > 2 * followers.median()


def test_two_people_share_a_name_but_no_id(world: World) -> None:
    assert world.influencers["name"].duplicated().any()
    for table, key in (("influencers", "influencer_id"), ("posts", "post_id"), ("payouts", "payout_id")):
        assert getattr(world, table)[key].is_unique
    assert world.tracking["tracking_id"].is_unique


def test_each_brand_has_products_of_high_and_low_margin(world: World) -> None:
    goods = world.tracking[["brand", "product", "margin"]].drop_duplicates()
    assert goods.groupby("brand", observed=True).size().between(5, 8).all()
    assert (goods.groupby("brand", observed=True)["margin"].max() > 0.5).all()
    assert (goods.groupby("brand", observed=True)["margin"].min() < 0.3).all()


def test_organic_rows_have_no_influencer_and_attributed_ones_stand_in_test_campaigns(world: World) -> None:
    organic = world.tracking["source"] == "organic"
    assert world.tracking.loc[organic, ["influencer_id", "attribution_score"]].isna().all(axis=None)
    coded = world.tracking[~organic]
    assert (coded["campaign_type"] == "test").all()
    assert (coded["period"] == "test").all()
    assert coded["attribution_score"].between(0, 1).all()
    home = world.influencers.set_index("influencer_id")["platform"]
    assert (coded["influencer_id"].astype(str).map(home) == coded["source"].astype(str)).all()


def test_control_campaigns_have_orders_but_no_post_and_no_payout(world: World) -> None:
    cells = world.tracking.dropna(subset=["campaign"])
    control = set(cells.loc[cells["campaign_type"] == "control", "campaign"])
    test = set(cells.loc[cells["campaign_type"] == "test", "campaign"])
    assert (len(test), len(control)) == (64, 32)
    assert not test & control
    assert set(world.posts["campaign"]) == set(world.payouts["campaign"]) == test


def test_always_on_rows_are_outside_every_campaign(world: World) -> None:
    outside = world.tracking["campaign"].isna()
    assert 0.25 < outside.mean() < 0.35
    assert world.tracking.loc[outside, ["campaign_type", "period", "influencer_id"]].isna().all(axis=None)


def test_profit_is_revenue_times_margin(world: World) -> None:
    gap = world.tracking["profit"] - world.tracking["revenue"] * world.tracking["margin"]
    assert gap.abs().max() < 0.0051


def test_order_values_have_a_heavy_tail_and_customers_come_back(world: World) -> None:
    revenue = world.tracking["revenue"].sort_values(ascending=False)
    assert 0.05 < revenue.head(140).sum() / revenue.sum() < 0.25
    assert set(world.tracking["orders"]) == {1, 2, 3}
    assert world.tracking["user_id"].nunique() == world.truth["customers"]
    assert 1.5 < len(world.tracking) / world.tracking["user_id"].nunique() < 2.5


def test_demand_has_weekends_and_festivals(world: World) -> None:
    outside = world.tracking[world.tracking["campaign"].isna()].groupby("date").size()
    assert outside[outside.index.day_of_week >= 5].mean() > outside[outside.index.day_of_week < 5].mean()
    assert outside["2025-10"].mean() > 1.2 * outside["2025-09"].mean()


def test_reactions_are_fewer_than_people_reached_and_rarer_for_the_famous() -> None:
    posts = simulate(rows=100_000).posts
    reacted = (posts["likes"] + posts["comments"]) / posts["reach"]
    assert reacted.between(0.01, 0.1).all()
    assert 0.02 < reacted.mean() < 0.07
    assert np.corrcoef(np.log(posts["reach"]), reacted)[0, 1] < 0
    assert (posts["clicks"] <= posts["impressions"]).all()
    assert (posts["reach"] <= posts["impressions"]).all()


def test_payouts_follow_their_rule_except_the_planted_ones(world: World, attributed: pd.DataFrame) -> None:
    broken = set()
    for row in world.payouts.itertuples():
        found = attributed.reindex([(row.influencer_id, row.campaign)]).fillna(0).iloc[0]
        assert row.orders == found["orders"]
        due = by_rule(row.rate, row.basis, row.posts, row.orders, found["paise"] / 100) + row.bonus
        if abs(due - row.total_payout) > 0.0051:
            broken.add(row.payout_id)
        assert row.total_cost == pytest.approx(row.total_payout + row.gifted_products_cost, abs=0.0051)
    assert broken == {row["payout_id"] for row in world.truth["planted_payouts"]}
    assert len(broken) == 3


def test_payouts_count_the_posts_that_are_there(world: World) -> None:
    published = world.posts.groupby(["influencer_id", "campaign"]).size()
    billed = world.payouts.set_index(["influencer_id", "campaign"])["posts"]
    pd.testing.assert_series_equal(published.sort_index(), billed.sort_index(), check_names=False)


def test_the_truth_is_near_what_was_asked_and_below_what_is_attributed(world: World) -> None:
    truth = world.truth
    assert truth["true_iroas"] == pytest.approx(2.0, abs=0.3)
    assert truth["true_iroas"] == pytest.approx(truth["incremental_revenue"] / truth["spend"], abs=1e-6)
    assert truth["spend"] == pytest.approx(world.payouts["total_payout"].sum(), abs=0.01)
    assert 3.0 < truth["attributed_roas"] < 5.0
    assert 0.2 < truth["leakage"] < 0.28
    assert 0.55 < truth["capture"] < 0.85
    for group in ("brand", "platform", "basis", "influencer"):
        assert len(truth[f"true_iroas_by_{group}"]) > 2


def test_no_effect_is_no_effect() -> None:
    truth = simulate(rows=3_000, true_iroas=0).truth
    assert truth["true_iroas"] == truth["incremental_revenue"] == truth["rows_caused"] == 0
    assert truth["attributed_roas"] > 1


def test_campaigns_find_the_truth_again() -> None:
    worlds = [simulate(seed, rows=6_000) for seed in SEEDS]
    truth = np.array([world.truth["true_iroas"] for world in worlds])
    estimate, lower, upper = np.array([campaign_estimate(world) for world in worlds]).T
    error = estimate - truth
    assert abs(error.mean()) < 2.6 * error.std(ddof=1) / np.sqrt(len(SEEDS))
    covered = ((lower <= truth) & (truth <= upper)).mean()
    assert abs(covered - 0.9) < 2.6 * np.sqrt(0.9 * 0.1 / len(SEEDS))


@pytest.mark.parametrize(("rows", "influencers", "months"), [(20_000, 90, 12), (1_000, 1, 1), (5_000, 400, 24)])
def test_any_size_can_be_had(rows: int, influencers: int, months: int) -> None:
    world = simulate(1, rows=rows, influencers=influencers, months=months)
    assert len(world.tracking) == rows
    assert world.posts["influencer_id"].nunique() == influencers
    assert world.posts["date"].dt.to_period("M").nunique() <= months


@pytest.mark.parametrize("wrong", [{"rows": 10}, {"months": 0}, {"true_iroas": 50.0}, {"influencers": 0}, {"seed": -1}])
def test_impossible_worlds_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(BadAssumption, match=f"{next(iter(wrong))} = .*choose from"):
        simulate(**wrong)


def test_files_hold_the_world(tmp_path: Path) -> None:
    world = simulate(5, rows=2_000)
    names = ["influencers.csv", "posts.csv", "tracking.csv", "payouts.csv", "truth.json"]
    assert [path.name for path in write(world, tmp_path / "new")] == names
    read = pd.read_csv(tmp_path / "new" / "tracking.csv", parse_dates=["date"])
    assert list(read.columns) == list(world.tracking.columns)
    for key in ("revenue", "profit", "attribution_score", "orders", "date"):
        assert (read[key].isna() == world.tracking[key].isna()).all()
        assert (read[key].dropna() == world.tracking[key].dropna()).all()
    for key in ("campaign", "influencer_id", "user_id", "product"):
        assert read[key].fillna("").tolist() == ["" if each != each else each for each in world.tracking[key]]
    assert json.loads((tmp_path / "new" / "truth.json").read_text(encoding="utf-8")) == world.truth
    with (tmp_path / "new" / "posts.csv").open(encoding="utf-8", newline="") as file:
        assert [row["caption"] for row in csv.DictReader(file)] == world.posts["caption"].tolist()


def test_words_with_commas_and_quotes_survive_the_quick_writer(tmp_path: Path) -> None:
    world = simulate(5, rows=1_000)
    odd = world.tracking.assign(product=pd.Categorical(['Bar, "box" of 6'] * 1_000))
    write(World(world.influencers, world.posts, odd, world.payouts, world.truth), tmp_path)
    assert set(pd.read_csv(tmp_path / "tracking.csv")["product"]) == {'Bar, "box" of 6'}
