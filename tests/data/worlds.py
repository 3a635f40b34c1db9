"""Decides what little files the import is tried on: written as text, imported for real, asked through the store."""

from __future__ import annotations

from pathlib import Path

from data import ingest
from data.ingest import Plan, Report
from data.store import Store
from settings import load

INFLUENCERS = """id,name,category,gender,follower_count,platform
007,Asha Rao,Fitness,F,12000,Insta
12,Asha Rao,Food,Female,640000,YT
13,Dev Shah,Fitness,M,2100000,X
"""
POSTS = """influencer_id,platform,date,url,caption,reach,likes,comments
007,Instagram,2026-06-01,u1,Love my Gritzo mix,1000,80,20
007,Instagram,2026-06-03,u2,"Two, commas",3000,120,30
12,YouTube,2026-06-02,u3,MuscleBlaze whey!,9000,400,50
"""
TRACKING = """source,campaign,influencer_id,user_id,product,date,orders,revenue
Instagram,MB_Launch,007,u1,Whey,2026-06-01,2,1000.10
Instagram,MB_Launch,7.0,u2,Whey,2026-06-02,1,500
YouTube,Gritzo_June,12.0,u1,Oats,2026-06-04,1,300.05
organic,Gritzo_June,,u3,Oats,2026-06-04,3,900
Organic Search,Gritzo_June,13,u4,Oats,2026-06-05,1,250
"""
PAYOUTS = """influencer_id,basis,rate,orders,total_payout
007,Per Post,100,,200.01
12,per_order,50,1,50
13,post,75,,75
"""
FOUR = {"influencers.csv": INFLUENCERS, "posts.csv": POSTS, "tracking_data.csv": TRACKING, "payouts.csv": PAYOUTS}


def write(folder: Path, files: dict[str, str | bytes]) -> list[tuple[Path, str]]:
    """The files on disk, as Plan takes them."""
    found = []
    for name, content in files.items():
        path = folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        found.append((path, name))
    return found


def imported(folder: Path, files: dict[str, str | bytes], **plan: object) -> tuple[Store, Report]:
    """The store over a data folder in `folder`, after importing the files into it."""
    settings = load(folder / "var")
    report = ingest.run(Plan(write(folder, files), **plan), settings)  # type: ignore[arg-type]
    return Store(settings), report
