"""Decides how a chart's answer is put into words: from its own table, with its numbers, claiming no more than those."""

from __future__ import annotations

import math

import pandas as pd

from analytics import formats
from analytics.ask import Ask, metric_or_score, named_groups


def leader(frame: pd.DataFrame, name: str, key: str, ask: Ask) -> str:
    """Who is first and who is last; that the first two cannot be told apart where their intervals say so."""
    metric = metric_or_score(key)
    rows = named_groups(frame, name).dropna(subset=[key])
    if rows.empty:
        return "Nothing with a name here can be computed."
    rows = rows.sort_values(key, ascending=metric.better == "lower", kind="stable")
    first, last = rows.iloc[0], rows.iloc[-1]
    if len(rows) == 1:
        return f"Only {first[name]}: {metric.write(first[key])}."
    verb = "costs least" if metric.better == "lower" else "leads"
    words = f"{first[name]} {verb} with {metric.write(first[key])}"
    words += f"; {last[name]} is last of {len(rows)} with {metric.write(last[key])}."
    return words + _apart(rows, metric.better)


def _apart(rows: pd.DataFrame, better: str) -> str:
    """Only said where the rows carry intervals."""
    if not {"lower", "upper"} <= set(rows.columns):
        return ""
    first, second = rows.iloc[0], rows.iloc[1]
    ends = [float(first["lower"]), float(first["upper"]), float(second["lower"]), float(second["upper"])]
    if any(math.isnan(end) for end in ends):
        return " Too few influencers to say how sure that is."
    overlap = ends[1] >= ends[2] if better == "lower" else ends[0] <= ends[3]
    return " The first two can't be told apart yet." if overlap else ""


def moved(ask: Ask, key: str, label: str) -> str:
    """How a number moved against the span before; its size alone where there is none."""
    metric = metric_or_score(key)
    compared = ask.compared()
    total = metric.write(ask.value(key))
    if compared is None:
        return f"{label}: {total} in all."
    now, before = compared.now.value(key), compared.before.value(key)
    words = formats.change(now, before, metric.unit)
    if not words:
        return f"{label}: {total} in all."
    return f"{label} {'rose' if now > before else 'fell'} {words} to {metric.write(now)} ({compared.versus})."


def shares(frame: pd.DataFrame, name: str, key: str, verb: str = "brings") -> str:
    """How much of the whole the largest part has, and the two largest together."""
    rows = frame.dropna(subset=[key]).sort_values(key, ascending=False)
    whole = float(rows[key].sum())
    if rows.empty or whole <= 0:
        return "There is nothing to share out."
    if named_groups(rows, name).empty:
        return f"No row here says which: all of it stands under {rows.iloc[0][name]}."
    first = rows.iloc[0]
    words = f"{first[name]} {verb} {formats.share(first[key] / whole)} of {metric_or_score(key).write(whole)}"
    if len(rows) > 2:
        second = rows.iloc[1]
        words += f"; with {second[name]} it is {formats.share((first[key] + second[key]) / whole)}"
    return words + "."


def counted(number: float, one: str, many: str) -> str:
    """1 order; 4,124 orders."""
    return f"{formats.count(number)} {one if number == 1 else many}"
