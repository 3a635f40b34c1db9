"""Decides which worlds each published table is drawn from, and sets ours beside it with both Monte Carlo errors."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from bench.recovery import customer_ours, customer_peers, geo_ours, geo_peers, path_peers, published, series_methods
from bench.recovery.campaign_peers import campaign_figures
from bench.recovery.score import Figure, Method, Runs, Table, beside, cell, play, table
from data.simulation.designs import customers, geos, paths, series

PEER = " (peer)"
SHARES = ("coverage", "power", "size")
SLOW_WORLDS = 300
PATH_WORLDS = 20
HEAD = {"bias": "bias", "rmse": "RMSE", "coverage": "coverage %", "half": "half-width (median)", "power": "power %",
        "size": "at truth 0: claims %"}  # fmt: skip


def _made(make: Callable[..., Any], setting: Any) -> Callable[[np.random.Generator], Any]:
    return partial(make, setting=setting)


def _named(name: str, ours: Mapping[str, Method]) -> str:
    return name if name in ours else name + PEER


def _judged(
    title: str, make: Callable[..., Any], setting: Any, ours: Mapping[str, Method], peers: Mapping[str, Method],
    known: Mapping[str, published.Row], worlds: tuple[int, int], claims: str = "lower0",
) -> Table:  # fmt: skip
    """Play the worlds with and without an effect; one row a method; worlds: ours, and the published."""
    methods = {name: ours.get(name) or peers[name] for name in known}
    effect = play(_made(make, setting), methods, range(worlds[0]))
    null = play(_made(make, replace(setting, true_iroas=0.0)), methods, range(worlds[0]))
    rows = []
    for name, texts in known.items():
        found = _columns(effect[name], null[name], claims)
        cells = [
            cell(found[column], beside(text, worlds[1], column in SHARES) if text else None)
            for column, text in zip(published.COLUMNS, texts, strict=True)
        ]
        rows.append((_named(name, ours), cells))
    heads = [HEAD[column] for column in published.COLUMNS]
    return table(f"{title} ({worlds[0]:,} worlds; ours ± error | published)", heads, rows)


def _columns(effect: Runs, null: Runs, claims: str) -> dict[str, Figure]:
    found = effect.figures()
    return found | {"power": found[claims], "size": null.figures()[claims]}


def customer_tables(worlds: int) -> Iterator[Table]:
    """5.1, the seeds' formulas, and 5.2, holdouts of customers."""
    runs = [
        play(_made(customers.customers, replace(customers.BASE, true_iroas=true)), customer_peers.SEEDS, range(worlds))
        for true in (2.0, 0.0)
    ]
    rows = [
        (name + PEER, [
            cell(run[name].figures()["mean"], beside(text, published.SEEDS_WORLDS))
            for run, text in zip(runs, texts, strict=True)
        ])
        for name, texts in published.SEEDS.items()
    ]  # fmt: skip
    yield table(f"5.1 Seeds' formulas ({worlds:,} worlds; mean ± error | published)", ["true 2", "true 0"], rows)
    scenarios = (
        ("5.2 Holdout of customers, true 2", customers.BASE, published.HOLDOUT),
        ("5.2 Repeat buyers", customers.REPEAT, published.REPEAT),
        ("5.2 Heavy tail", customers.HEAVY, published.HEAVY),
    )
    for title, setting, known in scenarios:
        given = (customer_ours.METHODS, customer_peers.HOLDOUT, known, (worlds, published.HOLDOUT_WORLDS), "rejects")
        yield _judged(title, customers.customers, setting, *given)


def campaign_table(worlds: int) -> Iterator[Table]:
    """5.1 and 1.7, many campaigns or influencers."""
    found = campaign_figures(range(worlds))
    rows = [
        (name + PEER, [cell(found[name], beside(text, published.SEEDS_WORLDS))])
        for name, text in published.CAMPAIGNS.items()
    ]
    yield table(f"5.1, 1.7 Campaigns ({worlds:,} worlds)", ["ours ± error | published"], rows)


def geo_tables(worlds: int) -> Iterator[Table]:
    """5.3, holdouts of geos, and how often time-based regression's own checks let it speak."""
    ours, count = geo_ours.METHODS, (worlds, published.GEO_WORLDS)
    known = {name: row for name, row in published.GEO.items() if name not in geo_ours.SLOW}
    yield _judged("5.3 Holdout of geos, true 1.95", geos.geos, geos.BASE, ours, geo_peers.METHODS, known, count)
    slow = {name: published.GEO[name] for name in geo_ours.SLOW}
    few = (min(worlds, SLOW_WORLDS), SLOW_WORLDS)
    yield _judged("5.3 Slow methods", geos.geos, geos.BASE, geo_ours.SLOW, {}, slow, few)
    scenarios = (
        ("5.3 Equal, independent demand", geos.EQUAL_DEMAND, published.EQUAL),
        ("5.0 The world in which TBR should pass", geos.TAME, published.TAME),
        ("5.3 75 geos, sizes lognormal 1.2", geos.MANY, published.MANY),
    )
    for title, setting, rows in scenarios:
        yield _judged(title, geos.geos, setting, ours, geo_peers.METHODS, rows, count)
    gates = []
    for name, setting in (("base", geos.BASE), ("equal", geos.EQUAL_DEMAND)):
        passed = [
            100.0 * geo_ours.tbr_passes(geos.geos(np.random.default_rng(seed), setting)) for seed in range(worlds)
        ]
        figure = Figure(float(np.mean(passed)), float(np.std(passed)), worlds)
        gates.append((name, [cell(figure, beside(published.CHECKS[name], published.GEO_WORLDS, True))]))
    yield table("5.3 Worlds in which TBR passes its four checks, %", ["ours ± error | published"], gates)


def series_tables(worlds: int) -> Iterator[Table]:
    """5.4, methods without a control."""
    count = (min(worlds, SLOW_WORLDS), published.SERIES_WORLDS)
    for kappa, known in ((0.0, published.LAUNCH), (1.0, published.FOLLOWS)):
        for setting, methods in (
            (series.LAUNCH, series_methods.LAUNCH), (series.ALWAYS_ON, series_methods.ALWAYS_ON),
        ):  # fmt: skip
            kind = "always on" if setting.always_on else "a launch"
            title = f"5.4 One series, {kind}, {'spend follows demand' if kappa else 'no confounding'}"
            rows = {name: known[name] for name in methods}
            ours = {name: method for name, method in methods.items() if name.startswith("BSTS")}
            yield _judged(title, series.series, replace(setting, kappa=kappa), ours, methods, rows, count)


def path_table(worlds: int) -> Iterator[Table]:
    """5.6, orders credited to influencers beside those they caused."""
    count = min(worlds, PATH_WORLDS)
    rows = []
    for lift, texts in published.PATHS.items():
        made = [paths.paths(np.random.default_rng(seed), replace(paths.BASE, lift=lift)) for seed in range(count)]
        split = [path_peers.credits(world) for world in made]
        found = [
            [float(world.caused) for world in made],
            *([one[rule] for one in split] for rule in published.PATH_RULES),
        ]
        cells = [
            cell(Figure(float(np.mean(each)), float(np.std(each)), count), beside(text, published.PATH_WORLDS))
            for each, text in zip(found, texts, strict=True)
        ]
        rows.append((f"lift {lift:g}{PEER}", cells))
    yield table(f"5.6 Credit given to influencers ({count} worlds)", ["truly caused", *published.PATH_RULES], rows)


TABLES: dict[str, Callable[[int], Iterator[Table]]] = {
    "U": customer_tables, "K": campaign_table, "G": geo_tables, "O": series_tables, "A": path_table,
}  # fmt: skip
