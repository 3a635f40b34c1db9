"""Decides how campaigns stand beside the portfolio: a relative index, which measures nothing that was caused."""

from __future__ import annotations

import pandas as pd

from analytics import formats, prepare
from analytics.ask import Ask
from analytics.figures.ranking import ranking
from analytics.incrementality.methods.portfolio import against_portfolio
from analytics.metrics import Metric
from analytics.page import Chart, column
from analytics.views import Column, Figure

VERSUS = Metric("roas_vs_portfolio", "ROAS vs portfolio", "multiple", ("revenue",), ("spend",),
                says="a relative index, not incremental")  # fmt: skip


def _campaigns(ask: Ask) -> pd.DataFrame:
    return against_portfolio(prepare.slice_of(ask).campaigns, ask.assumptions.confidence)


def _say(rows: pd.DataFrame, ask: Ask) -> str:
    above = int((rows["vs_weighted"] > 0).sum())
    if not above:
        return "Every campaign here has the portfolio's own ROAS, so none stands above it."
    first = f"{rows['campaign'].iloc[0]} stands {formats.multiple(rows['vs_weighted'].iloc[0])} above the portfolio"
    return f"{first}; {above} of {len(rows)} campaigns stand above it, as about half always do."


def _draw(rows: pd.DataFrame, ask: Ask) -> Figure:
    return ranking(rows.rename(columns={"campaign": "name", "vs_weighted": "value"})[["name", "value"]], VERSUS)


CAMPAIGNS = Chart(
    "campaign_iroas", "Which campaigns stand above the portfolio?", "roas", _campaigns,
    (Column("campaign", "Campaign"), column("roas", judged_from=1.0),
     Column("vs_weighted", "vs portfolio", "multiple"), Column("vs_simple", "vs mean of campaigns", "multiple"),
     Column("lower", "From", "multiple"), Column("upper", "To", "multiple"), column("revenue"), column("spend")),
    _say, _draw, span=12, empty="Fewer than three campaigns here carry spend.",
    note=lambda ask: "ROAS less the portfolio's ROAS: a relative index, nothing caused",
)  # fmt: skip
