"""Decides what little experiments preparing is tried on: campaigns, people, places and customers over two weeks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from analytics.ask import Ask
from analytics.assumptions import Assumptions
from data.experiments.record import Experiment
from data.filters import Filters
from data.store import Store
from tests.data.worlds import imported

START, FIRST, LAST = date(2026, 6, 8), date(2026, 6, 1), date(2026, 6, 14)
ARMS = {"Alpha": "test", "Beta": "test", "Gamma": "control", "Delta": "control"}
CITIES = ("Pune", "Delhi", "Agra", "Surat")
WHOSE = {"Alpha": "i1", "Beta": "i2"}
TEST = Experiment(
    "june",
    "June test",
    "campaign",
    is_random=True,
    start=START,
    end=LAST,
    stated_on=date(2026, 5, 30),
    stated_by="Asha",
)


def tracking(period: bool = True, place: bool = True) -> str:
    """One order of each campaign and one organic order a day; amounts with paise; customer by campaign and day."""
    lines = ["campaign,campaign_type,period,influencer_id,user_id,date,orders,revenue,brand,source,city"]
    for number in range(14):
        day = FIRST + timedelta(days=number)
        said = ("pre" if day < START else "test") if period else ""
        for place_no, (campaign, arm) in enumerate(ARMS.items()):
            amount = 100 + 7.13 * number + 31.07 * place_no
            who = WHOSE.get(campaign, "") if day >= START else ""
            city = CITIES[place_no] if place else ""
            brand = "Gritzo" if place_no % 2 else "MuscleBlaze"
            user = f"{campaign}{number % 5}"
            lines.append(f"{campaign},{arm},{said},{who},{user},{day},1,{amount:.2f},{brand},site,{city}")
        lines.append(
            f",,,,u{number},{day},1,{50 + 0.11 * number:.2f},Gritzo,organic,{CITIES[number % 4] if place else ''}"
        )
    return "\n".join(lines) + "\n"


POSTS = "influencer_id,platform,date,campaign,campaign_type\n" + "".join(
    f"{who},Instagram,{START + timedelta(days=day)},{campaign},test\n"
    for campaign, who in WHOSE.items()
    for day in (0, 2)
)
PAYOUTS = "influencer_id,campaign,basis,rate,total_payout\ni1,Alpha,post,100,200.50\ni2,Beta,post,50,100.25\n"
PEOPLE = "influencer_id,name,platform,follower_count\ni1,Asha Rao,Instagram,1000\ni2,Dev Shah,Instagram,2000\n"


FILES: dict[str, str | bytes] = {
    "influencers.csv": PEOPLE, "posts.csv": POSTS, "tracking.csv": tracking(), "payouts.csv": PAYOUTS
}  # fmt: skip


def store(folder: Path, tracked: str = "", *declared: Experiment) -> Store:
    """The store over that world, with what is declared of it."""
    made, _ = imported(folder, FILES | ({"tracking.csv": tracked} if tracked else {}))
    for one in declared:
        made.declare(one)
    return made


def ask(made: Store, query: str = "", key: str = "") -> Ask:
    """A selection of it, measured by that experiment (empty: by whichever covers it)."""
    now = made.now()
    return Ask(now, now.resolved(Filters.from_query(query)), replace(Assumptions(), experiment=key))
