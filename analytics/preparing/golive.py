"""Decides what a drawn calendar of posts is held against: revenue by day and influencer, and what the posts cost."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analytics.ask import Ask
from analytics.incrementality.slice import GoLive
from data.experiments.record import Experiment

WINDOW = 7
"""Days from a post on in which what it brought is looked for: spend up to then is the calendar's."""


def go_live(ask: Ask, experiment: Experiment) -> GoLive | None:
    """Attributed revenue of the calendar's influencers on every day of the data; None when there is nothing to see.

    An influencer of whom no row speaks sold nothing: a column of 0. Spend of these influencers from the first go-live
    to a week after the last, and what lies on no day.
    """
    record: Any = experiment.calendar or {}
    span = ask.store.span()
    posts, dates = (
        list(record.get("posts") or ()),
        pd.to_datetime(pd.Series(list(record.get("dates") or ())), errors="coerce"),
    )
    if span is None or not posts or len(posts) != len(dates) or dates.isna().any():
        return None
    whole = ask.narrowed(since=None, until=None)
    rows = whole.totals(("revenue", "spend"), ("influencer", "date"))
    rows = rows.dropna(subset=["influencer_id"])
    ids = _ids(ask)
    whose = [str(post.get("influencer", "")).strip() for post in posts]
    known = [ids.get(one.casefold(), one) for one in whose]
    columns = list(dict.fromkeys(known))
    own = rows[rows["influencer_id"].isin(columns)].assign(date=lambda frame: pd.to_datetime(frame["date"]))
    days = pd.date_range(span[0], span[1])
    table = own[own["date"].notna()].pivot_table(index="date", columns="influencer_id", values="revenue", aggfunc="sum")
    table = table.reindex(index=days, columns=columns).fillna(0.0)
    until = dates.max() + pd.Timedelta(days=WINDOW - 1)
    spend = float(own.loc[own["date"].isna() | own["date"].between(dates.min(), until), "spend"].sum())
    units = tuple(columns.index(one) for one in known)
    return GoLive(record, days[0].date(), table.to_numpy(float), units, spend)


def _ids(ask: Ask) -> dict[str, str]:
    """Ids, and names that one person alone has, in small letters → id."""
    people = ask.roster()
    ids = people["influencer_id"].astype(str)
    names = people["influencer"].astype(str).str.strip().str.casefold()
    alone = ~names.duplicated(keep=False)
    return {**dict(zip(names[alone], ids[alone], strict=True)), **dict(zip(ids.str.casefold(), ids, strict=True))}
