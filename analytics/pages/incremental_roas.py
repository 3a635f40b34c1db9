"""Decides what the Incremental ROAS tab answers: what was caused, by which method, and what is no measurement."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from analytics import formats, prepare
from analytics.ask import Ask
from analytics.figures.interval import intervals
from analytics.figures.ranking import ranking
from analytics.figures.trend import trend
from analytics.incrementality.court import METHODS, headline, verdict, verdict_sentence
from analytics.incrementality.estimate import Estimate, t_at
from analytics.incrementality.holdout import lift
from analytics.incrementality.portfolio import against_portfolio
from analytics.metrics import Metric
from analytics.page import Chart, Page, column
from analytics.views import Column, Figure

IROAS = Metric("iroas", "iROAS", "multiple", ("revenue",), ("spend",), says="the method and the control")
VERSUS = Metric("roas_vs_portfolio", "ROAS vs portfolio", "multiple", ("revenue",), ("spend",),
                says="a relative index, not incremental")  # fmt: skip
PER_CELL = Metric("revenue_per_cell", "Revenue per campaign", "money", ("revenue_all",), ("orders_all",),
                  says="organic orders included")  # fmt: skip
OPENING = {
    "works": "A rupee spent brought more than a rupee that would not have come.",
    "does not": "A rupee spent brought less than a rupee that would not have come.",
    "cannot tell yet": "Whether a rupee spent brings more than a rupee cannot be told yet.",
}

_FAR = 5.0
"""Beyond this many times spend a formula's dot is written, not drawn, so that the measurement keeps its scale."""
_SHORT = {
    "iroas.holdout": "Test against control",
    "iroas.organic_rate_matched": "Above quiet days",
    "iroas.organic_subtraction": "Less organic",
    "iroas.assumed_baseline": "Less an assumed share",
    "iroas.legacy_scaled": "Test × (1 + lift)",
    "iroas.vs_portfolio": "vs portfolio",
    "iroas.vs_portfolio_weighted": "vs portfolio, weighted",
}


def _headline(ask: Ask) -> tuple[str, str]:
    estimate = headline(prepare.court_of(ask))
    if estimate.is_refused:
        return "What influencers caused is not measured yet.", estimate.reason.removeprefix("Not measured yet. ")
    found = lift(prepare.slice_of(ask), ask.assumptions)
    words = verdict_sentence(estimate)
    if found.is_bounded:
        which = "more" if found.estimate >= 0 else "less"
        words += f" Test campaigns sold {formats.share(abs(found.estimate))} {which} than control"
        words += f" ({formats.interval(found.lower, found.upper, 'share')})."
    return OPENING[verdict(estimate)], words


def _says(estimate: Estimate) -> str:
    """What a method's row is: the headline, a direction, or a formula with its flaw."""
    if estimate.is_refused:
        return "refused"
    return {"headline": "headline", "directional": "directional", "comparison": "formula, not measured"}[estimate.role]


def _court(ask: Ask) -> pd.DataFrame:
    rows = [
        {"label": one.label, "method": one.method, "estimate": one.estimate, "lower": one.lower, "upper": one.upper,
         "status": one.status, "text": _says(one), "reason": one.reason, "formula": METHODS[one.method].formula,
         "flaw": one.flaw, "needs": "; ".join(METHODS[one.method].needs)}
        for one in prepare.court_of(ask)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def _draw_court(rows: pd.DataFrame, ask: Ask) -> Figure:
    shown = rows.assign(name=rows["method"].map(_SHORT).fillna(rows["label"]))
    far = (shown["estimate"] < -_FAR) | (shown["estimate"] > _FAR * max(1.0, ask.value("roas") / _FAR))
    off = [f"{formats.multiple(value)}, off this scale" for value in shown["estimate"]]
    shown = shown.assign(status=shown["status"].where(~far, "refused"), text=shown["text"].where(~far, off))
    return intervals(shown[["name", "estimate", "lower", "upper", "status", "text"]], IROAS, 1.0)


def _say_court(rows: pd.DataFrame, ask: Ask) -> str:
    known = rows[rows["status"] != "refused"]
    if known.empty:
        return "No method can be used on this selection: the table says what each would need."
    formulas = known[known["text"].str.startswith("formula")]
    words = verdict_sentence(headline(prepare.court_of(ask)))
    if len(formulas) > 1:
        least, most = formats.multiple(formulas["estimate"].min()), formats.multiple(formulas["estimate"].max())
        words += f" The published formulas range from {least} to {most}."
    return words


def _say_methods(rows: pd.DataFrame, ask: Ask) -> str:
    usable = int((rows["status"] != "refused").sum())
    return f"{usable} of {len(rows)} methods can be used on this selection."


def _arms(ask: Ask) -> pd.DataFrame:
    """Mean revenue per unit of each arm with its t interval."""
    cells = prepare.slice_of(ask).cells
    rows = []
    for arm, label in (("treated", "Test"), ("control", "Control")):
        own = cells[cells["arm"] == arm]
        values, n = own["revenue_all"].to_numpy(float), len(own)
        if n > 1:
            mean, half = values.mean(), t_at(ask.assumptions.confidence, n - 1) * values.std(ddof=1) / math.sqrt(n)
            rows.append((label, float(n), mean, mean - half, mean + half, values.sum(), float(own["spend"].sum())))
    return pd.DataFrame(rows, columns=["arm", "units", "mean", "lower", "upper", "revenue", "spend"])


def _say_arms(rows: pd.DataFrame, ask: Ask) -> str:
    if len(rows) < 2:
        return "There are no two arms to compare: mark campaigns as test and control to measure."
    test, control = rows.iloc[0], rows.iloc[1]
    found = lift(prepare.slice_of(ask), ask.assumptions)
    words = (
        f"A test campaign brought {formats.money(test['mean'])}, a control campaign {formats.money(control['mean'])}"
    )
    if not found.is_bounded:
        return f"{words}."
    return f"{words}: lift {formats.share(found.estimate)} ({formats.interval(found.lower, found.upper, 'share')})."


def _campaigns(ask: Ask) -> pd.DataFrame:
    return against_portfolio(prepare.slice_of(ask).campaigns, ask.assumptions.confidence)


def _say_campaigns(rows: pd.DataFrame, ask: Ask) -> str:
    above = int((rows["vs_weighted"] > 0).sum())
    first = f"{rows['campaign'].iloc[0]} stands {formats.multiple(rows['vs_weighted'].iloc[0])} above the portfolio"
    return f"{first}; {above} of {len(rows)} campaigns stand above it, as about half always do."


def _draw_campaigns(rows: pd.DataFrame, ask: Ask) -> Figure:
    return ranking(rows.rename(columns={"campaign": "name", "vs_weighted": "value"})[["name", "value"]], VERSUS)


def _arms_over_time(ask: Ask) -> pd.DataFrame:
    rows = ask.table(("revenue.all",), ("month", "campaign_type"))
    rows = rows[rows["month"].notna() & rows["campaign_type"].isin(["test", "control"])]
    units = ask.totals(("revenue_all",), ("month", "campaign_type", "campaign"))
    counts = units.groupby(["month", "campaign_type"])["campaign"].nunique().rename("units").reset_index()
    rows = rows.merge(counts, on=["month", "campaign_type"])
    value = rows["revenue.all"] / rows["units"].where(rows["units"] > 0)
    arm = np.where(rows["campaign_type"] == "test", "Test", "Control")
    return pd.DataFrame({"date": rows["month"], "arm": arm, "value": value, "units": rows["units"].astype(float)})


def _draw_arms_over_time(rows: pd.DataFrame, ask: Ask) -> Figure:
    ordered = pd.concat([rows[rows["arm"] == arm] for arm in ("Test", "Control")])
    return trend(ordered.rename(columns={"arm": "name"})[["date", "name", "value"]], PER_CELL)


_METHODS = (
    Column("label", "Method"), Column("estimate", "iROAS", "multiple"),
    Column("lower", "From", "multiple"), Column("upper", "To", "multiple"),
    Column("text", "Standing"), Column("reason", "Why"), Column("needs", "Needs"), Column("flaw", "Known flaw"),
)  # fmt: skip
_ARMS = (
    Column("arm", "Arm"), Column("units", "Campaigns", "count"), Column("mean", "Mean revenue", "money"),
    Column("lower", "From", "money"), Column("upper", "To", "money"),
    Column("revenue", "Revenue, organic included", "money"), column("spend"),
)  # fmt: skip
_MONTHS = (
    Column("date", "Month", "date"), Column("arm", "Arm"),
    Column("value", "Revenue per campaign", "money"), Column("units", "Campaigns", "count"),
)  # fmt: skip
_CAMPAIGNS = (
    Column("campaign", "Campaign"), column("roas", judged_from=1.0),
    Column("vs_weighted", "vs portfolio", "multiple"), Column("vs_simple", "vs mean of campaigns", "multiple"),
    Column("lower", "From", "multiple"), Column("upper", "To", "multiple"), column("revenue"), column("spend"),
)  # fmt: skip

PAGE = Page(
    "iroas", "Incremental ROAS", "/iroas",
    ("iroas", "roas", "roas.all", "spend", "revenue", "revenue.all"),
    ("orders", "orders.all", "roi", "roi.all"),
    (
        Chart("method_court", "How sure are we of iROAS?", "iroas", _court, _METHODS,
              _say_court, _draw_court, span=12, least=1,
              note=lambda ask: f"{formats.share(ask.assumptions.confidence)} intervals · dashed: break-even 1×"),
        Chart("test_control", "Did test campaigns sell more than control?", "iroas", _arms, _ARMS, _say_arms,
              lambda rows, ask: ranking(rows.rename(columns={"arm": "name", "mean": "value"}), PER_CELL),
              span=5, least=2, note=lambda ask: "Mean revenue per campaign, organic included"
                                                f" · {formats.share(ask.assumptions.confidence)} intervals"),
        Chart("arms_over_time", "Did the arms move together?", "iroas", _arms_over_time, _MONTHS,
              lambda rows, ask: "Revenue per campaign in each arm, month by month;"
                                " a gap in every month is easier to believe than one peak.",
              _draw_arms_over_time, span=7,
              note=lambda ask: "Revenue per running campaign, organic included · by month"),
        Chart("campaign_iroas", "Which campaigns stand above the portfolio?", "roas", _campaigns, _CAMPAIGNS,
              _say_campaigns, _draw_campaigns, span=12, empty="Fewer than three campaigns here carry spend.",
              note=lambda ask: "ROAS less the portfolio's ROAS:"
                               " a relative index, nothing caused"),
        Chart("methods", "What does each method say, and what does it need?", "iroas", _court, _METHODS, _say_methods,
              kind="table", span=12,
              note=lambda ask: "Only a randomised comparison may be a headline; formulas are shown with their flaw"),
    ),
    _headline,
)  # fmt: skip
