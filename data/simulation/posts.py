"""Decides what influencers publish: when, where, with which words, and how many people see it and react."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.simulation import catalogue, demand
from data.simulation.demand import Calendar, Floats, Ints
from data.simulation.plan import Plan

ELSEWHERE_SHARE = 0.08  # of posts stand on another platform than the influencer's own
POSTING_SHARE = 0.7  # of the test period, from its start, is when posts go up
CODE_LETTERS = np.array(list("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"))


def schedule(rng: np.random.Generator, plan: Plan) -> pd.DataFrame:
    """Every post in order of deal. Columns: deal (row number), day (day number)."""
    deal = np.repeat(np.arange(len(plan.deals)), plan.deals["posts"])
    cell = plan.cells.iloc[plan.deals["cell"].to_numpy()[deal]]
    open_days = POSTING_SHARE * (cell["stop"] - cell["test"]).to_numpy()
    return pd.DataFrame(
        {"deal": deal, "day": cell["test"].to_numpy() + (open_days * rng.random(len(deal))).astype(int)}
    )


def posts(
    rng: np.random.Generator, days: Calendar, people: pd.DataFrame, plan: Plan, when: pd.DataFrame, deal_orders: Ints
) -> pd.DataFrame:
    """One row a post, in order of date; `deal_orders` = attributed orders of each deal, for which people clicked.

    Columns: post_id, influencer_id, platform, date, url, caption, brand, product, product_category, price, margin,
    campaign, campaign_type, reach, impressions, likes, comments, shares, saves, video_views, clicks.
    """
    deal = when["deal"].to_numpy()
    who = people.iloc[plan.deals["influencer"].to_numpy()[deal]].reset_index(drop=True)
    cell = plan.cells.iloc[plan.deals["cell"].to_numpy()[deal]].reset_index(drop=True)
    platform = _platforms(rng, who["platform"])
    item = pd.DataFrame(catalogue.PRODUCTS).iloc[demand.products(rng, cell["brand"].to_numpy())].reset_index(drop=True)
    texts = pd.DataFrame(
        {
            "influencer_id": who["influencer_id"],
            "platform": platform,
            "date": days.days[when["day"]].astype("datetime64[s]"),
            "url": [catalogue.POST_ADDRESS[each].format(code=_code(rng)) for each in platform],
            "caption": _captions(rng, item, cell["theme"]),
        }
    )
    goods = item[["brand", "name", "product_category", "price", "margin"]].rename(columns={"name": "product"})
    arm = pd.DataFrame({"campaign": cell["campaign"], "campaign_type": "test"})
    orders = deal_orders[deal] / plan.deals["posts"].to_numpy()[deal]
    table = pd.concat([texts, goods, arm, _echo(rng, who, platform, orders)], axis=1)
    table = table.sort_values("date", kind="stable", ignore_index=True)
    table.insert(0, "post_id", [f"POST_{n:05d}" for n in range(1, len(table) + 1)])
    return table


def _platforms(rng: np.random.Generator, home: pd.Series) -> list[str]:
    """Where each post stands: mostly at home."""
    elsewhere = rng.random(len(home)) < ELSEWHERE_SHARE
    away = rng.choice(list(catalogue.PLATFORMS), len(home))
    return [str(other) if moved else str(own) for own, other, moved in zip(home, away, elsewhere, strict=True)]


def _code(rng: np.random.Generator) -> str:
    """The eleven letters that an address ends in."""
    return "".join(rng.choice(CODE_LETTERS, 11))


def _captions(rng: np.random.Generator, item: pd.DataFrame, theme: pd.Series) -> list[str]:
    """A sentence for each post."""
    words = zip(item["brand"], item["name"], item["product_category"], theme, strict=True)
    chosen = rng.integers(0, len(catalogue.CAPTIONS), len(item))
    return [
        catalogue.CAPTIONS[n].format(brand=brand, product=name, product_category=group, theme=season)
        for n, (brand, name, group, season) in zip(chosen, words, strict=True)
    ]


def _echo(rng: np.random.Generator, who: pd.DataFrame, platform: list[str], orders: Floats) -> pd.DataFrame:
    """Counts of each post: reach, impressions, likes, comments, shares, saves, video_views, clicks."""
    count, followers = len(who), who["follower_count"].to_numpy()
    reach = np.clip(followers * 0.38 * (followers / 50_000) ** -0.08 * rng.lognormal(0, 0.4, count), 200, None).astype(
        int
    )
    impressions = (reach * rng.uniform(1.1, 1.7, count)).astype(int)
    usual = np.array([catalogue.CONTENT[each][1] for each in who["influencer_category"]])
    rate = np.clip(usual * (followers / 50_000) ** -0.07 * rng.lognormal(0, 0.18, count), 0.015, 0.085)
    likes = rng.binomial(reach, rate * 0.93)
    is_video = rng.random(count) < np.array([catalogue.VIDEO_SHARES[each] for each in platform])
    clicks = rng.binomial(impressions, rng.uniform(0.006, 0.02, count)) + np.rint(orders * rng.uniform(5, 12, count))
    return pd.DataFrame(
        {
            "reach": reach,
            "impressions": impressions,
            "likes": likes,
            "comments": rng.binomial(reach, rate * 0.07),
            "shares": rng.binomial(likes, 0.05),
            "saves": rng.binomial(likes, 0.09),
            "video_views": is_video * (reach * rng.uniform(0.7, 1.3, count)).astype(int),
            "clicks": np.minimum(clicks, impressions).astype(int),
        }
    )
