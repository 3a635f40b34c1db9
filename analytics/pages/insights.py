"""Decides what the Insights tab answers: what the numbers bear out, what to do about it, what cannot be told yet."""

from __future__ import annotations

import pandas as pd

from analytics import charts, formats, prepare
from analytics.ask import Ask, named_groups, told_apart
from analytics.figures.grid import grid
from analytics.figures.ranking import ranking
from analytics.findings import persona_table
from analytics.metrics import METRICS
from analytics.page import Chart, Page, column
from analytics.pages import mixes
from analytics.views import Column, Figure


def _headline(ask: Ask) -> tuple[str, str]:
    found = prepare.findings_of(ask)
    if not found:
        return "There is too little here to say anything about.", "Import orders and payouts to see findings."
    first = next((one for one in found if one.verdict in ("works", "does not")), found[0])
    told = sum(one.verdict in ("works", "does not") for one in found)
    open_ = sum(one.verdict == "cannot tell yet" for one in found)
    told_so = f"{told} borne out by their interval, {open_} that cannot be told yet"
    return first.sentence, f"{len(found)} findings: {told_so}, the rest plain facts."


def _table(ask: Ask) -> pd.DataFrame:
    parts = ["sentence", "verdict", "estimate", "lower", "upper", "action", "kind"]
    return pd.DataFrame([[getattr(one, part) for part in parts] for one in prepare.findings_of(ask)], columns=parts)


_TRAITS = (
    ("influencer_category", "tier", "platform", "gender"),
    ("influencer_category", "tier", "platform"),
    ("influencer_category", "tier"),
)
_ENOUGH = 3


def _personas(ask: Ask) -> pd.DataFrame:
    """The finest personas of which at least three have five paid influencers; the coarsest where none have."""
    table = pd.DataFrame()
    for traits in _TRAITS:
        table = persona_table(prepare.evidence_of(ask), ask.assumptions.confidence, traits)
        if len(table) >= _ENOUGH:
            break
    return table


def _say_personas(rows: pd.DataFrame, ask: Ask) -> str:
    first = rows.iloc[0]
    return (
        f"{first['persona']} leads with {formats.multiple(first['roas'])} over {int(first['influencers'])} influencers."
    )


def _draw_personas(rows: pd.DataFrame, ask: Ask) -> Figure:
    shown = rows.rename(columns={"persona": "name", "roas": "value"})[["name", "value", "lower", "upper"]]
    bounded = shown.replace([float("inf"), float("-inf")], float("nan"))
    return ranking(bounded, METRICS["roas"], 1.0, "break-even")


def _grid(ask: Ask) -> pd.DataFrame:
    """ROAS where tier meets platform, with the number of paid influencers behind each cell."""
    people = ask.people()
    people = named_groups(named_groups(people[people["spend"] > 0], "tier"), "platform")
    cells = people.groupby(["tier", "platform"], as_index=False)
    sums = cells.agg(revenue=("revenue", "sum"), spend=("spend", "sum"), influencers=("influencer_id", "nunique"))
    order = {name: place for place, name in enumerate(_tiers(ask))}
    sums = sums.assign(roas=METRICS["roas"].of(sums), place=sums["tier"].map(order)).sort_values(["place", "platform"])
    return sums[["tier", "platform", "roas", "revenue", "spend", "influencers"]].reset_index(drop=True)


def _tiers(ask: Ask) -> list[str]:
    sizes = ask.roster().groupby("tier")["followers"].median().sort_values()
    return [str(name) for name in sizes.index]


def _draw_grid(rows: pd.DataFrame, ask: Ask) -> Figure:
    renamed = rows.rename(columns={"tier": "row", "platform": "column", "roas": "value", "influencers": "n"})
    return grid(renamed[["row", "column", "value", "n"]], METRICS["roas"])


def _say_grid(rows: pd.DataFrame, ask: Ask) -> str:
    enough = rows[rows["influencers"] >= 5].sort_values("roas", ascending=False)
    if enough.empty:
        return "No cell has five paid influencers, so none is named best."
    best = enough.iloc[0]
    returned = f"{formats.multiple(best['roas'])}, {int(best['influencers'])} influencers"
    return f"{best['tier']} on {best['platform']} returns most among cells with five or more: {returned}."


def _poor(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["roi"] < 0]


def _concentration(ask: Ask) -> pd.DataFrame:
    rows = ask.table(("revenue", "spend", "roas"), ("influencer",), "-revenue").dropna(subset=["influencer_id"])
    revenue, whole = rows["revenue"], float(rows["revenue"].sum()) or float("nan")
    rows = rows.assign(share=revenue / whole, together=revenue.cumsum() / whole)
    return rows[[one.key for one in _CONCENTRATION]].reset_index(drop=True)


def _say_concentration(rows: pd.DataFrame, ask: Ask) -> str:
    half = int((rows["together"] < 0.5).sum()) + 1
    if len(rows) == 1:
        return f"All of it comes from {rows['influencer'].iloc[0]}."
    return f"Half of the revenue comes from {half} of {len(rows)} influencers."


_FINDINGS = (
    Column("sentence", "Finding"), Column("verdict", "Verdict"), Column("estimate", "Estimate", "multiple"),
    Column("lower", "From", "multiple"), Column("upper", "To", "multiple"), Column("action", "What to do"),
)  # fmt: skip
_GRID = (
    Column("tier", "Tier"), Column("platform", "Platform"), column("roas", judged_from=1.0),
    column("revenue"), column("spend"), column("influencers"),
)  # fmt: skip
_PERSONAS = (
    Column("persona", "Persona"), Column("influencers", "Influencers", "count"), column("roas", judged_from=1.0),
    Column("lower", "From", "multiple"), Column("upper", "To", "multiple"), column("revenue"), column("spend"),
)  # fmt: skip
_CONCENTRATION = (
    Column("influencer", "Influencer"), column("revenue"), Column("share", "Share", "share"),
    Column("together", "Together", "share"), column("spend"), column("roas", judged_from=1.0),
    Column("influencer_id", "Id"),
)  # fmt: skip

PAGE = Page(
    "insights", "Insights", "/insights",
    ("roas", "iroas", "roi", "profit", "cost_per_order", "engagement_rate"),
    ("revenue", "spend", "orders", "influencers", "revenue_per_follower", "revenue_per_post", "cpe", "cpm.reach"),
    (
        Chart("findings", "What do the numbers bear out?", "", _table, _FINDINGS,
              lambda rows, ask: "By money at stake and certainty;"
                                " comparisons stand only if they survive the check for many comparisons.",
              kind="findings", span=12, findings=prepare.findings_of,
              note=lambda ask: "Benjamini–Hochberg at 10 % over all comparisons tried"
                               f" · {formats.share(ask.assumptions.confidence)} intervals"),
        Chart("tier_platform", "Where do size and platform work together?", "roas", _grid, _GRID,
              _say_grid, _draw_grid, span=8, least=4,
              note=lambda ask: charts.footnote("roas", ask) + " · cells under 5 influencers are not named"),
        charts.people("poor_roi", "Who cost more than they brought?",
                      "roi", False, ("spend", "revenue", "roas", "orders"), 4, keep=_poor,
                      empty="No paid influencer here cost more than the revenue they brought, as attributed."),
        Chart("best_persona", "Which persona returns most?", "roas", _personas, _PERSONAS,
              _say_personas, _draw_personas, span=6,
              note=lambda ask: "Personas with at least 5 paid influencers,"
                               " over as many of niche, tier, platform and gender as that allows",
              empty="No persona, not even niche × tier, has five paid influencers: fewer say nothing about a persona."),
        Chart("concentration", "How much hangs on a few?", "revenue", _concentration, _CONCENTRATION,
              _say_concentration, charts.drawn_ranked("influencer", "revenue"), told_apart, span=6,
              note=lambda ask: charts.footnote("revenue", ask)),
        mixes.BENCHMARKS,
    ),
    _headline,
)  # fmt: skip
