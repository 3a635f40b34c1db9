"""Decides what the Incremental ROAS tab answers: what was caused, by which method, and which numbers are no measurement."""

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
VERSUS = Metric("roas_vs_portfolio", "ROAS vs portfolio", "multiple", ("revenue",), ("spend",), says="a relative index, not incremental")
PER_CELL = Metric("revenue_per_cell", "Revenue per campaign", "money", ("revenue_all",), ("orders_all",), says="organic orders included")


def _headline(ask: Ask) -> tuple[str, str]:
    estimate = headline(prepare.court_of(ask))
    if estimate.is_refused:
        return "What influencers caused is not measured yet.", estimate.reason.removeprefix("Not measured yet. ")
    found = lift(prepare.slice_of(ask), ask.assumptions)
    words = verdict_sentence(estimate)
    if found.is_bounded:
        words += f" Test campaigns sold {formats.share(abs(found.estimate))} {'more' if found.estimate >= 0 else 'less'} than control"
        words += f" ({formats.interval(found.lower, found.upper, 'share')})."
    first = {"works": "A rupee spent brought more than a rupee that would not have come.",
             "does not": "A rupee spent brought less than a rupee that would not have come.",
             "cannot tell yet": "Whether a rupee spent brings more than a rupee cannot be told yet."}  # fmt: skip
    return first[verdict(estimate)], words


def _says(estimate: Estimate) -> str:
    """What a method's row is: the headline, a direction, or a formula with its flaw."""
    if estimate.is_refused:
        return "refused"
    return {"headline": "headline", "directional": "directional", "comparison": "formula, not measured"}[estimate.role]


def _court(ask: Ask) -> pd.DataFrame:
    estimates = prepare.court_of(ask)
    return pd.DataFrame([
        {"label": one.label, "method": one.method, "estimate": one.estimate, "lower": one.lower, "upper": one.upper,
         "status": one.status, "text": _says(one), "reason": one.reason, "formula": METHODS[one.method].formula, "flaw": one.flaw,
         "needs": "; ".join(METHODS[one.method].needs)} for one in estimates])  # fmt: skip


def _draw_court(rows: pd.DataFrame, ask: Ask) -> Figure:
    shown = rows.rename(columns={"label": "name"})[["name", "estimate", "lower", "upper", "status", "text"]]
    return intervals(shown, IROAS, 1.0)


def _say_court(rows: pd.DataFrame, ask: Ask) -> str:
    known = rows[rows["status"] != "refused"]
    if known.empty:
        return "No method can be used on this selection: the table says what each would need."
    formulas = known[known["text"].str.startswith("formula")]
    words = verdict_sentence(headline(prepare.court_of(ask)))
    if len(formulas) > 1:
        words += f" The published formulas range from {formats.multiple(formulas['estimate'].min())} to {formats.multiple(formulas['estimate'].max())}."
    return words


def _arms(ask: Ask) -> pd.DataFrame:
    """Mean revenue per unit of each arm with its t interval."""
    cells = prepare.slice_of(ask).cells
    rows = []
    for arm, label in (("treated", "Test"), ("control", "Control")):
        values = cells.loc[cells["arm"] == arm, "revenue_all"].to_numpy(float)
        if len(values) > 1:
            half = t_at(ask.assumptions.confidence, len(values) - 1) * float(values.std(ddof=1)) / math.sqrt(len(values))
            spend = float(cells.loc[cells["arm"] == arm, "spend"].sum())
            rows.append({"arm": label, "units": float(len(values)), "mean": values.mean(), "lower": values.mean() - half,
                         "upper": values.mean() + half, "revenue": values.sum(), "spend": spend})  # fmt: skip
    columns = ["arm", "units", "mean", "lower", "upper", "revenue", "spend"]
    return pd.DataFrame(rows, columns=columns)


def _say_arms(rows: pd.DataFrame, ask: Ask) -> str:
    if len(rows) < 2:
        return "There are no two arms to compare: mark campaigns as test and control to measure."
    test, control = rows.iloc[0], rows.iloc[1]
    found = lift(prepare.slice_of(ask), ask.assumptions)
    words = f"A test campaign brought {formats.money(test['mean'])}, a control campaign {formats.money(control['mean'])}"
    return f"{words}: lift {formats.share(found.estimate)} ({formats.interval(found.lower, found.upper, 'share')})." if found.is_bounded else f"{words}."


def _campaigns(ask: Ask) -> pd.DataFrame:
    return against_portfolio(prepare.slice_of(ask).campaigns, ask.assumptions.confidence)


def _say_campaigns(rows: pd.DataFrame, ask: Ask) -> str:
    above = int((rows["vs_weighted"] > 0).sum())
    return (f"{rows['campaign'].iloc[0]} stands {formats.multiple(rows['vs_weighted'].iloc[0])} above the portfolio; "
            f"{above} of {len(rows)} campaigns stand above it, as about half always do.")  # fmt: skip


def _arms_over_time(ask: Ask) -> pd.DataFrame:
    rows = ask.table(("revenue.all",), ("month", "campaign_type"))
    rows = rows[rows["month"].notna() & rows["campaign_type"].isin(["test", "control"])]
    units = ask.totals(("revenue_all",), ("month", "campaign_type", "campaign"))
    counts = units.groupby(["month", "campaign_type"])["campaign"].nunique().rename("units").reset_index()
    rows = rows.merge(counts, on=["month", "campaign_type"])
    value = rows["revenue.all"] / rows["units"].where(rows["units"] > 0)
    return pd.DataFrame({"date": rows["month"], "arm": np.where(rows["campaign_type"] == "test", "Test", "Control"),
                         "value": value, "units": rows["units"].astype(float)})  # fmt: skip


def _draw_arms_over_time(rows: pd.DataFrame, ask: Ask) -> Figure:
    ordered = pd.concat([rows[rows["arm"] == arm] for arm in ("Test", "Control")])
    return trend(ordered.rename(columns={"arm": "name"})[["date", "name", "value"]], PER_CELL)


_METHODS = (Column("label", "Method"), Column("estimate", "iROAS", "multiple"), Column("lower", "From", "multiple"),
            Column("upper", "To", "multiple"), Column("text", "Standing"), Column("reason", "Why"), Column("needs", "Needs"),
            Column("formula", "Formula"), Column("flaw", "Known flaw"), Column("method", "Method id"))  # fmt: skip

PAGE = Page(
    "iroas", "Incremental ROAS", "/iroas",
    ("iroas", "roas", "roas.all", "spend", "revenue", "revenue.all"),
    ("orders", "orders.all", "roi", "roi.all"),
    (
        Chart("method_court", "How sure are we of iROAS?", "iroas", _court, _METHODS, _say_court, _draw_court, span=7, least=1,
              note=lambda ask: f"{formats.share(ask.assumptions.confidence)} intervals · dashed: break-even 1×"),
        Chart("test_control", "Did test campaigns sell more than control?", "iroas", _arms,
              (Column("arm", "Arm"), Column("units", "Campaigns", "count"), Column("mean", "Mean revenue", "money"), Column("lower", "From", "money"),
               Column("upper", "To", "money"), Column("revenue", "Revenue, organic included", "money"), column("spend")),
              _say_arms, lambda rows, ask: ranking(rows.rename(columns={"arm": "name", "mean": "value"}), PER_CELL), span=5, least=2,
              note=lambda ask: f"Mean revenue per campaign, organic included · {formats.share(ask.assumptions.confidence)} intervals"),
        Chart("arms_over_time", "Did the arms move together?", "iroas", _arms_over_time,
              (Column("date", "Month", "date"), Column("arm", "Arm"), Column("value", "Revenue per campaign", "money"),
               Column("units", "Campaigns", "count")),
              lambda rows, ask: "Revenue per campaign in each arm, month by month; a gap in every month is easier to believe than one peak.",
              _draw_arms_over_time, span=7, note=lambda ask: "Revenue per running campaign, organic included · by month"),
        Chart("campaign_iroas", "Which campaigns stand above the portfolio?", "roas", _campaigns,
              (Column("campaign", "Campaign"), column("roas", judged_from=1.0), Column("vs_weighted", "vs portfolio", "multiple"),
               Column("vs_simple", "vs mean of campaigns", "multiple"), Column("lower", "From", "multiple"), Column("upper", "To", "multiple"),
               column("revenue"), column("spend")),
              _say_campaigns,
              lambda rows, ask: ranking(rows.rename(columns={"campaign": "name", "vs_weighted": "value"})[["name", "value"]], VERSUS), span=5,
              note=lambda ask: "ROAS less the portfolio's ROAS (S4's “incremental ROAS”): a relative index, nothing caused"),
        Chart("methods", "What does each method say, and what does it need?", "iroas", _court, _METHODS,
              lambda rows, ask: f"{int((rows['status'] != 'refused').sum())} of {len(rows)} methods can be used on this selection.",
              kind="table", span=12, note=lambda ask: "Only a randomised comparison may be a headline; formulas are shown with their flaw"),
    ),
    _headline,
)  # fmt: skip
