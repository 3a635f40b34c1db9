"""Decides how the methods are laid before a reader: those with a number by family, the refused with their way out."""

from __future__ import annotations

import pandas as pd

from analytics import formats, prepare
from analytics.ask import Ask
from analytics.figures.court import court as drawn
from analytics.incrementality.agreement import agreement
from analytics.incrementality.court import METHODS
from analytics.incrementality.estimate import FAMILIES, Estimate
from analytics.metrics import Metric
from analytics.page import Chart
from analytics.sentences import counted
from analytics.views import Column, Figure

IROAS = Metric("iroas", "iROAS", "multiple", ("revenue",), ("spend",), says="the method and the control")
HEADLINE = "The headline"
SHORT = {
    "iroas.holdout": "Difference of means, Welch",
    "iroas.holdout_bootstrap": "Difference, cluster bootstrap",
    "iroas.holdout_permutation": "Difference, permuted arms",
    "iroas.holdout_fieller": "Ratio, Fieller",
    "iroas.cuped": "Difference, time before taken out",
    "iroas.geo_regression": "Regression over clusters, HC3",
    "iroas.randomisation": "Randomisation inference",
    "iroas.growth_difference": "Difference in growth",
    "iroas.always_valid": "Valid at every look",
    "iroas.golive": "Permuted go-live calendar",
    "iroas.tbr": "Time-based regression",
    "iroas.causal_series": "Causal time series",
    "iroas.synthetic_control": "Synthetic control",
    "iroas.difference_in_differences": "Difference in differences",
    "iroas.event_study": "Stacked event study",
    "iroas.organic_baseline": "Above the organic baseline",
    "iroas.organic_rate_matched": "Above quiet days",
    "iroas.organic_subtraction": "Less organic",
    "iroas.assumed_baseline": "Less an assumed share",
    "iroas.legacy_scaled": "Test × (1 + lift)",
    "iroas.vs_portfolio": "vs portfolio",
    "iroas.vs_portfolio_weighted": "vs portfolio, weighted",
}
"""Method id → a name that fits beside its interval; others are shortened."""
_WORDS = {
    "headline": "headline", "directional": "directional", "weak": "directional, weak", "refused": "refused",
    "formula": "formula, not measured",
}  # fmt: skip
_FIELDS = (
    "method", "label", "group", "name", "standing", "text", "estimate", "lower", "upper", "mde", "version", "unit",
    "n", "clusters", "observations", "checks", "reason", "formula", "needs", "flaw", "experiment", "spend",
    "incremental",
)  # fmt: skip


def standing(one: Estimate) -> str:
    """What a method's row is: headline, directional, weak, formula or refused."""
    if one.is_refused:
        return "refused"
    if one.role == "comparison":
        return "formula"
    return "headline" if one.role == "headline" else "weak" if one.status == "weak" else "directional"


def _checks(one: Estimate) -> str:
    """“4 of 5 hold; not: heavy tail”."""
    if not one.checks:
        return ""
    broken = [check.name for check in one.checks if not check.passed]
    words = f"{formats.count(len(one.checks) - len(broken))} of {formats.count(len(one.checks))} hold"
    return words + (f"; not: {', '.join(broken)}" if broken else "")


def _row(one: Estimate) -> dict[str, object]:
    method, is_what = METHODS[one.method], standing(one)
    counts = f"{counted(one.n_treated, 'test', 'test')}, {counted(one.n_control, 'control', 'control')}"
    nothing = float("nan")
    values = (
        one.method, one.label, HEADLINE if is_what == "headline" else FAMILIES[one.family],
        SHORT.get(one.method, one.label), is_what, _WORDS[is_what], one.estimate, one.lower, one.upper, one.mde,
        one.version, one.unit_of_analysis, counts if one.n_control else "",
        float(one.clusters) if one.clusters else nothing, float(one.observations) if one.observations else nothing,
        _checks(one), one.reason, method.formula, "; ".join(method.needs), one.flaw, one.experiment,
        nothing if is_what in ("refused", "formula") else one.spend,
        nothing if is_what == "formula" else one.incremental,
    )  # fmt: skip
    return dict(zip(_FIELDS, values, strict=True))


def rows(ask: Ask) -> pd.DataFrame:
    """Every method of the court, the headline first, then by family; the columns of _FIELDS."""
    frame = pd.DataFrame([_row(one) for one in prepare.court_of(ask)], columns=list(_FIELDS))
    order = [HEADLINE, *FAMILIES.values()]
    return frame.sort_values("group", key=lambda groups: groups.map(order.index), kind="stable", ignore_index=True)


def heard(frame: pd.DataFrame) -> pd.DataFrame:
    """Those with a number."""
    return frame[frame["standing"] != "refused"]


def _refused(ask: Ask) -> pd.DataFrame:
    frame = rows(ask)
    return frame[frame["standing"] == "refused"].reset_index(drop=True)


def _draw(frame: pd.DataFrame, ask: Ask) -> Figure:
    return drawn(frame.assign(text=frame["text"] + ", " + frame["method"]), IROAS, 1.0)


def _say(frame: pd.DataFrame, ask: Ask) -> str:
    known = heard(frame)
    if known.empty:
        return "No method can be used on this selection: below is what each would need."
    words = agreement(prepare.court_of(ask)).sentence
    formulas = known[known["standing"] == "formula"]
    if len(formulas) > 1:
        least, most = (_said(formulas.loc[formulas["estimate"].agg(pick)], ask) for pick in ("idxmin", "idxmax"))
        words += f" The published formulas range from {least} to {most}."
    return words


def _said(row: pd.Series, ask: Ask) -> str:
    """“iroas.legacy_scaled 14.9× (90 % interval 12.0–17.8×)”."""
    span = formats.interval(float(row["lower"]), float(row["upper"]), "multiple")
    level = formats.share(ask.assumptions.confidence)
    return f"{row['method']} {formats.multiple(float(row['estimate']))} ({level} interval {span})"


def _note(ask: Ask) -> str:
    refused = len(_refused(ask))
    level = formats.share(ask.assumptions.confidence)
    words = f"{level} intervals · ● measured ○ a condition fails □ formula, not measured"
    return words + (
        f" · {counted(refused, 'method', 'methods')} refused, the Incremental ROAS tab says why" if refused else ""
    )


def _say_refused(frame: pd.DataFrame, ask: Ask) -> str:
    return (
        f"{counted(len(frame), 'method has', 'methods have')} no number here."
        " Each sentence says what is wrong, and what would mend it."
    )


def _say_methods(frame: pd.DataFrame, ask: Ask) -> str:
    return f"{formats.count(len(heard(frame)))} of {formats.count(len(frame))} methods can be used on this selection."


_INTERVAL = (
    Column("estimate", "iROAS", "multiple"), Column("lower", "From", "multiple"), Column("upper", "To", "multiple"),
)  # fmt: skip
_MONEY = (
    Column("spend", "Spend divided by", "money"), Column("incremental", "Incremental revenue", "money"),
)  # fmt: skip
_SMALLEST = Column("mde", "Smallest effect seen", "multiple")
COURT = Chart(
    "method_court", "How sure are we of iROAS?", "iroas", rows,
    (Column("label", "Method"), Column("method", "Method id"), *_INTERVAL, Column("text", "Standing"),
     Column("version", "Version"), Column("unit", "Unit"), Column("n", "Units"),
     Column("clusters", "Clusters", "count"), Column("observations", "Observations", "count"), *_MONEY, _SMALLEST,
     Column("checks", "Checks"), Column("reason", "Why"), Column("flaw", "Known flaw")),
    _say, _draw, shown=heard, span=7, least=1, note=_note,
)  # fmt: skip
REFUSED = Chart(
    "refused_methods", "Which methods say nothing here, and what would let them?", "iroas", _refused,
    (Column("label", "Method"), Column("reason", "Why not, and what would mend it"), Column("method", "Method id")),
    _say_refused, kind="table", span=12, empty="Every method has a number here.",
)  # fmt: skip
METHOD_TABLE = Chart(
    "methods", "What does each method rest on?", "iroas", rows,
    (Column("label", "Method"), Column("method", "Method id"), Column("text", "Standing"), *_MONEY, _SMALLEST,
     Column("checks", "Checks"), Column("flaw", "Known flaw")),
    _say_methods, kind="table", span=12,
    note=lambda ask: "Only what was drawn at random may be a headline; smallest effect: seen with 80 % power; "
    "iROAS × spend divided by = incremental revenue",
)  # fmt: skip
