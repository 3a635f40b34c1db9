"""Decides how the speed of the court is told: one slice of a whole store, by design, cold and warm, beside peers."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from analytics.ask import Ask
from analytics.assumptions import Assumptions
from analytics.effects import designs
from analytics.incrementality.court import METHODS, court
from analytics.incrementality.estimate import Estimate
from analytics.incrementality.methods.series import Sides, sides, weekly
from analytics.incrementality.slice import Slice
from analytics.preparing.selection import slice_of
from bench.recovery import slices
from data.experiments.record import NONE, Experiment
from data.filters import Filters
from data.simulation.designs import geos
from data.store import Store
from settings import load

MOST = 2.0  # seconds for one slice of a million rows
SLOWEST = 4  # methods that are named
ARM, PERIOD, TREATED = "campaign_type", "period", "treated"


def measure(data_dir: Path, tracking: Path, rows: int) -> None:
    """Print seconds of slice and court for every design in a process of its own, then ours beside the peers'."""
    store = Store(load(data_dir))
    for experiment in _designs(tracking):
        store.declare(experiment)
    print(f"the whole court, one slice of {rows:,} tracking rows, {os.cpu_count()} cores (at most {MOST:g} s)")
    for key in (NONE, "campaigns", "influencers", "customers", "dates"):
        told = _child(data_dir, key)
        for state in ("cold", "warm"):
            one = told[state]
            seconds = one["slice"] + one["court"]
            mark = "ok" if seconds <= MOST else "TOO SLOW"
            print(f"  {key:<12} {state}: {seconds:5.2f} s {mark} (slice {one['slice']:.2f}, court {one['court']:.2f}; "
                  f"{one['cores']:.2f} s of processor time)")  # fmt: skip
        slowest = ", ".join(f"{name} {1000 * took:.0f} ms" for name, took in told["slowest"])
        print(f"  {'':<12} slowest: {slowest}; {told['heard']} of {len(METHODS)} methods speak")
    _peers(data_dir, tracking)


def _designs(tracking: Path) -> list[Experiment]:
    """Tests on the same rows, one a kind of unit. What they say is not the point here: how long it takes is."""
    table = pd.read_csv(tracking, usecols=["influencer_id", "user_id", ARM, "date"], dtype=str)
    people = sorted(table["influencer_id"].dropna().unique())
    dates = pd.to_datetime(table["date"]).sort_values()
    start = dates.iloc[len(dates) * 2 // 3].date()
    sides = tuple(people[::2]), tuple(people[1::2])
    customers = table.dropna(subset=["user_id"]).groupby(ARM)["user_id"].nunique()
    sizes = int(customers.get("test", 1)) * 2, int(customers.get("control", 1)) * 2
    common = {"is_random": True, "stated_by": "the benchmark"}
    return [
        Experiment("campaigns", "Campaigns", "campaign", **common),
        Experiment("influencers", "Influencers", "influencer", start=start, end=dates.iloc[-1].date(),
                   treated=sides[0], control=sides[1], **common),
        Experiment("customers", "Customers", "customer", sizes=sizes, **common),
        Experiment("dates", "Dates", "go_live", start=start, end=dates.iloc[-1].date(),
                   calendar=_calendar(people, start), **common),
    ]  # type: ignore[arg-type]  # fmt: skip


def _calendar(people: list[str], start: date) -> dict[str, Any]:
    """A post of every influencer, on some day of a month."""
    span = start.isoformat(), (start + timedelta(days=30)).isoformat()
    return designs.draw([designs.Post(one, *span) for one in people], designs.Rules(), 1).record()


def _child(data_dir: Path, key: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.court", str(data_dir), key]
    told: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return told


def _asked(store: Store, key: str, **narrowed: tuple[str, ...]) -> Ask:
    return Ask(store, Filters(**narrowed), Assumptions(experiment=key))


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def _heard(ask: Ask) -> tuple[dict[str, float], Slice, tuple[Estimate, ...]]:
    start = time.process_time()
    took, slice_ = _timed(lambda: slice_of(ask))
    sat, estimates = _timed(lambda: court(slice_, ask.assumptions))
    return {"slice": took, "court": sat, "cores": time.process_time() - start}, slice_, estimates


def _main(data_dir: Path, key: str) -> None:
    """Cold: the first selection of a fresh process. Warm: the same rows asked for by another, wider address."""
    store = Store(load(data_dir))
    cold, slice_, estimates = _heard(_asked(store, key))
    brands = tuple(sorted(store.totals(Filters(), ("brand",), ("revenue_all",))["brand"].dropna()))
    warm, _, _ = _heard(_asked(store, key, brand=brands))
    slowest = sorted(((name, _timed(lambda m=m: m(slice_, Assumptions()))[0]) for name, m in METHODS.items()),
                     key=lambda one: -one[1])[:SLOWEST]  # type: ignore[misc]  # fmt: skip
    heard = sum(not one.is_refused for one in estimates)
    print(json.dumps({"cold": cold, "warm": warm, "slowest": slowest, "heard": heard}))


def _peers(data_dir: Path, tracking: Path) -> None:
    """Ours for one method beside the same method by a peer: from the store for raw rows, and for one series of days."""
    store = Store(load(data_dir))
    took, slice_ = _timed(lambda: slice_of(_asked(store, "campaigns")))
    ours, _ = _timed(lambda: METHODS["iroas.holdout"](slice_, Assumptions()))
    theirs, _ = _timed(lambda: _welch(tracking))
    print(f"  iroas.holdout {took + ours:.2f} s with its slice; pandas + scipy's Welch on raw rows {theirs:.2f} s: "
          f"ours takes {(took + ours) / theirs:.2f} times that")  # fmt: skip
    slice_ = slices.of_geos(geos.geos(np.random.default_rng(0)))
    ours, _ = _timed(lambda: METHODS["iroas.causal_series"](slice_, Assumptions()))
    theirs, _ = _timed(lambda: _local_level(weekly(sides(slice_))))
    print(f"  iroas.causal_series {1000 * ours:.0f} ms; statsmodels' UnobservedComponents {1000 * theirs:.0f} ms: "
          f"ours takes {ours / theirs:.2f} times that")  # fmt: skip


def _welch(tracking: Path) -> float:
    """Revenue of each campaign, then Welch's t test, as a notebook would."""
    rows = pd.read_csv(tracking, usecols=["campaign", ARM, PERIOD, "revenue"])
    units = rows[rows[PERIOD] != "pre"].groupby(["campaign", ARM])["revenue"].sum().reset_index()
    arms = [units.loc[units[ARM] == arm, "revenue"] for arm in ("test", "control")]
    return float(stats.ttest_ind(*arms, equal_var=False).pvalue)


def _local_level(weeks: Sides) -> float:
    """The same weeks by statsmodels: a local level with regression fitted before, the gaps of the test summed."""
    from statsmodels.tsa.statespace.structural import UnobservedComponents

    (y, later), (x, after) = weeks.column(TREATED), weeks.column("control")
    scale, wide = y.std(), x.std()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fit = UnobservedComponents(y / scale, "llevel", exog=x / wide).fit(disp=False)
    return float((later / scale - fit.forecast(len(later), exog=after / wide)).sum())


def main() -> None:
    """One design in this process; prints its seconds as JSON."""
    parser = argparse.ArgumentParser(prog="python -m bench.court", description=__doc__)
    parser.add_argument("data_dir", type=Path)
    parser.add_argument("key")
    said = parser.parse_args()
    _main(said.data_dir, said.key)


if __name__ == "__main__":
    main()
