"""Decides what the tab says of single influencers, brands, products, platforms, tiers and campaigns."""

from __future__ import annotations

import pandas as pd

from analytics import formats
from analytics.ask import Ask
from analytics.figures.court import court as drawn
from analytics.figures.shrunk import shrunken
from analytics.incrementality.groups.leaders import leading_sentence, next_sentence
from analytics.incrementality.groups.slices import SLICE_METHODS
from analytics.incrementality.verdict import BREAK_EVEN, DOES_NOT, WORKS
from analytics.metrics import Metric
from analytics.page import Chart, column
from analytics.sentences import counted
from analytics.slicing.door import DIMENSIONS, leaders_of, slices_of
from analytics.views import Column, Figure
from data import schema

IROAS = Metric("iroas", "iROAS", "multiple", ("revenue",), ("spend",), says="the method and the control")
NAMED = 3
DRAWN = 3
"""Values of each dimension that are drawn: those with most spend; the table has all."""
_FLAWS = {method.id: method.flaw for method in SLICE_METHODS}


def _leaders(ask: Ask) -> pd.DataFrame:
    rows = leaders_of(ask).rows
    places = rows[["rank_first", "rank_last"]].astype(int)
    ranks = [f"{low}–{high}" if low < high else f"{low}" for low, high in places.itertuples(index=False)]
    return rows.assign(luck=1 - rows["kept"], ranks=ranks, flaw=_FLAWS["iroas.shrunken"])


def _say_leaders(rows: pd.DataFrame, ask: Ask) -> str:
    found = leaders_of(ask)
    first, second = rows.iloc[0], rows.iloc[1]
    beats = formats.share(found.beats(first["influencer_id"], second["influencer_id"]))
    words = f"{leading_sentence(found)} The chance that {first['influencer']} beats {second['influencer']} is {beats}."
    usual = float(rows["mde"].median())
    return f"{words} For one influencer this size shows {formats.multiple(usual)} or more, by the middle of them."


def _draw_leaders(rows: pd.DataFrame, ask: Ask) -> Figure:
    text = [
        f"{ranks} · {formats.share(round(1 - kept, 2))}"
        for ranks, kept in zip(rows["ranks"], rows["kept"].astype(float), strict=True)
    ]
    return shrunken(
        pd.DataFrame(
            {"name": rows["influencer"], "estimate": rows["shrunk"], "lower": rows["lower"], "upper": rows["upper"],
             "raw": rows["raw"], "raw_lower": rows["raw_lower"], "raw_upper": rows["raw_upper"], "text": text,
             "method": rows["method"], "raw_method": "iroas.shared_by_spend"}
        ), IROAS, BREAK_EVEN, "place · luck",
    )  # fmt: skip


def _say_next(rows: pd.DataFrame, ask: Ask) -> str:
    found = leaders_of(ask)
    first = rows.head(DRAWN * NAMED)
    most = first.loc[first["raw"].astype(float).idxmax()]
    count = min(NAMED, len(rows))
    picks = found.picks(count)
    span = formats.interval(picks.lower, picks.upper, "multiple")
    promised = picks.extras["promised"]
    gone = formats.share(round(1 - picks.point / promised, 2)) if promised > picks.point > 0 else ""
    less = f", {gone} less than their raw values promise" if gone else ""
    return (
        f"{next_sentence(most, found.level)} The first {count} may together be expected to return "
        f"{formats.multiple(picks.point)} ({formats.share(found.level)} interval {span}, {most['method']}){less}."
    )


def _slices(ask: Ask) -> pd.DataFrame:
    rows = slices_of(ask)
    labels = {key: schema.DIMENSIONS[key].label for key in DIMENSIONS}
    return rows.assign(
        group=rows["dimension"].map(labels), flaw=rows["method"].map(_FLAWS).fillna(_FLAWS["iroas.same_design"])
    )


def _say_slices(rows: pd.DataFrame, ask: Ask) -> str:
    known = rows[rows["status"] != "refused"]
    if known.empty:
        return f"No brand, product, platform, tier or campaign can be told from another. {rows['reason'].iloc[0]}"
    told = known[known["verdict"].isin((WORKS, DOES_NOT))]
    count = f"{formats.count(len(told))} of {formats.count(len(known))} values can be told from break-even"
    parts = [f"{count} once all are judged together (at most 10 % of such verdicts false)"]
    level = formats.share(ask.assumptions.confidence)
    for verdict, opening in ((WORKS, "works"), (DOES_NOT, "does not pay")):
        best = told[told["verdict"] == verdict].sort_values("spend", ascending=False).head(NAMED)
        parts += [f"{_named(row)} {opening}: {_number(row, level)}" for _, row in best.iterrows()]
    usual = formats.multiple(float(known["mde"].median()))
    return f"{'; '.join(parts)}. For one value this size shows {usual} or more, by the middle of them."


def _named(row: pd.Series) -> str:
    """“Spring (campaign, directional)”: which list it stands in, and whether who caused it was drawn."""
    return f"{row['value']} ({str(row['group']).lower()}{', directional' if row['standing'] == 'directional' else ''})"


def _number(row: pd.Series, level: str) -> str:
    span = formats.interval(float(row["lower"]), float(row["upper"]), "multiple")
    return f"iROAS {formats.multiple(float(row['estimate']))} ({level} interval {span}, {row['method']})"


def _say_all(rows: pd.DataFrame, ask: Ask) -> str:
    told = rows["verdict"].isin((WORKS, DOES_NOT)).sum()
    return (
        f"{formats.count(told)} of {counted(len(rows), 'value', 'values')} can be told from break-even, by name below."
    )


def _largest(rows: pd.DataFrame) -> pd.DataFrame:
    """The values with most spend of each dimension that can be told."""
    return rows[rows["status"] != "refused"].groupby("dimension", sort=False).head(DRAWN).reset_index(drop=True)


def _draw_slices(rows: pd.DataFrame, ask: Ask) -> Figure:
    named = {"same test inside": "headline", "directional": "directional"}
    look = rows["standing"].map(named).where(rows["status"] == "ok", "weak")
    text = [f"{verdict} · {method}" for verdict, method in zip(rows["verdict"], rows["method"], strict=True)]
    shown = rows.assign(name=rows["value"], standing=look, text=text)
    return drawn(shown[["group", "name", "estimate", "lower", "upper", "standing", "text"]], IROAS, BREAK_EVEN)


def _note(ask: Ask) -> str:
    return f"{_level(ask)} · dashed: break-even 1×"


def _level(ask: Ask) -> str:
    return f"{formats.share(ask.assumptions.confidence)} intervals"


_LEADERS = (
    Column("influencer", "Influencer"), Column("shrunk", "iROAS, luck taken out", "multiple"),
    Column("lower", "From", "multiple"), Column("upper", "To", "multiple"), Column("verdict", "Verdict"),
    Column("ranks", "Place"), Column("luck", "Luck in what it shows", "share"),
    Column("chance_best", "Chance to be best", "share"), Column("beats_mean", "Chance to beat the mean", "share"),
    Column("raw", "Raw (iroas.shared_by_spend)", "multiple"), Column("raw_lower", "Raw from", "multiple"),
    Column("raw_upper", "Raw to", "multiple"), Column("mde", "Smallest seen", "multiple"),
    Column("units", "Test units", "count"), column("spend"), Column("method", "Method"), Column("flaw", "Known flaw"),
)  # fmt: skip
_SLICES = (
    Column("value", "Value"), Column("group", "By"), Column("estimate", "iROAS", "multiple"),
    Column("lower", "From", "multiple"), Column("upper", "To", "multiple"), Column("verdict", "Verdict"),
    Column("standing", "Standing"), Column("mde", "Smallest seen", "multiple"),
    Column("n_treated", "Test units", "count"), Column("n_control", "Control units", "count"), column("spend"),
    Column("beside", "Regression on spend (iroas.dose_by_group)", "multiple"),
    Column("beside_lower", "Regression from", "multiple"), Column("beside_upper", "Regression to", "multiple"),
    Column("method", "Method"), Column("reason", "Why"), Column("flaw", "Known flaw"),
)  # fmt: skip


def _few(columns: tuple[Column, ...], *less: str) -> tuple[Column, ...]:
    """As many as can be read side by side; the table behind the picture above has all."""
    return tuple(item for item in columns if item.key not in less)


LEADERS = Chart(
    "influencer_iroas", "Which influencers caused the most, luck taken out?", "iroas", _leaders, _LEADERS, _say_leaders,
    _draw_leaders, lambda rows: rows.head(12), lambda ask: f"{_note(ask)} · faint: raw, before luck is taken out",
    span=12, picks=("influencer", "influencer_id"),
)  # fmt: skip
LEADERBOARD = Chart(
    "influencer_luck", "How much of each influencer's result is luck, and what comes next?", "iroas", _leaders,
    _few(_LEADERS, "beats_mean", "raw", "raw_lower", "raw_upper", "units", "flaw"), _say_next, note=_level,
    kind="table", span=12,
)  # fmt: skip
SLICES = Chart(
    "slice_iroas", "Which brands, products, platforms, tiers and campaigns return more than they cost?", "iroas",
    _slices, _SLICES, _say_slices, _draw_slices, _largest,
    lambda ask: f"{_note(ask)} · blue: the same test, inside it · black: directional · ○ weak"
    f" · the {DRAWN} values with most spend of each", span=12, least=1,
)  # fmt: skip
SLICE_TABLE = Chart(
    "slice_table", "What does every brand, product, platform, tier and campaign return?", "iroas", _slices,
    _few(_SLICES, "n_treated", "n_control", "beside", "beside_lower", "beside_upper", "flaw"), _say_all, note=_level,
    kind="table", span=12,
)  # fmt: skip
CHARTS = (LEADERS, LEADERBOARD, SLICES, SLICE_TABLE)
