"""Decides what is written down as true: what influencers caused, what they cost, which rows are planted."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.simulation import catalogue
from data.simulation.demand import Floats, Ints
from data.simulation.orders import NOBODY, Orders
from data.simulation.plan import Plan

NOTE = (
    "Sample data, simulated: no person, order or payout in it is real. incremental_revenue is the revenue of the order "
    "rows that would not exist without influencers, spend is the sum of total_payout as written, and true_iroas is the "
    "one divided by the other, as it turned out in this world; intended_iroas is what the world was built for. "
    "Leaked rows are organic orders that carry an influencer's code: attributed, not caused. Caused orders without a "
    "code stand in tracking as organic rows of their campaign. Control cells are campaigns without posts or payouts. "
    "Cells were designed to have equal organic revenue and drawn into test and control at random."
)


def truth(
    people: pd.DataFrame,
    plan: Plan,
    bought: Orders,
    paid: Floats,
    planted: list[dict[str, object]],
    seed: int,
    intended: float,
) -> dict[str, object]:
    """What is true of this world, ready for JSON; money in rupees, shares 0–1; None = no spend to divide by."""
    return {
        "is_sample": True,
        "seed": seed,
        "rows": len(bought.day),
        "intended_iroas": intended,
        **_returns(people, plan, bought, paid),
        "cells": {"test": int(plan.cells["is_treated"].sum()), "control": int((~plan.cells["is_treated"]).sum())},
        **_counts(plan, bought),
        "planted_payouts": planted,
        "note": NOTE,
    }


def _returns(people: pd.DataFrame, plan: Plan, bought: Orders, paid: Floats) -> dict[str, object]:
    """What influencers caused, what they cost, and the one over the other, for all and for groups of deals."""
    caused = _rupees(plan, bought, bought.cause)
    incremental, spend = float(caused.sum()), float(paid.sum())
    brand = np.array(catalogue.BRANDS)[plan.cells["brand"].to_numpy()[plan.deals["cell"]]]
    who = people.iloc[plan.deals["influencer"]]
    return {
        "true_iroas": _ratio(incremental, spend),
        "incremental_revenue": round(incremental, 2),
        "spend": round(spend, 2),
        "attributed_roas": _ratio(float(_rupees(plan, bought, bought.deal).sum()), spend),
        "true_iroas_by_brand": _by(brand, caused, paid),
        "true_iroas_by_platform": _by(who["platform"].to_numpy(), caused, paid),
        "true_iroas_by_basis": _by(plan.deals["basis"].to_numpy(), caused, paid),
        "true_iroas_by_influencer": _by(who["influencer_id"].to_numpy(), caused, paid),
    }


def _rupees(plan: Plan, bought: Orders, deal: Ints) -> Floats:
    """Revenue of each deal, by the given owner of each row."""
    owned = deal != NOBODY
    return np.bincount(deal[owned], bought.revenue[owned], len(plan.deals)) / 100


def _by(group: np.ndarray, caused: Floats, paid: Floats) -> dict[str, float | None]:
    """True iROAS of each group of deals: sum over sum."""
    sums = pd.DataFrame({"caused": caused, "paid": paid}).groupby(group.astype(object)).sum()
    return {str(key): _ratio(float(row["caused"]), float(row["paid"])) for key, row in sums.iterrows()}


def _ratio(over: float, under: float) -> float | None:
    """A ratio to six places, None when there is nothing to divide by."""
    return round(over / under, 6) if under else None


def _counts(plan: Plan, bought: Orders) -> dict[str, object]:
    """Rows by what they truly are, the leakage and capture that came out, and customers."""
    coded, caused = bought.deal != NOBODY, bought.cause != NOBODY
    treated = plan.cells["is_treated"].to_numpy()[bought.cell] & (bought.cell != NOBODY)
    open_to_leak = treated & ~caused & (bought.day >= plan.cells["test"].to_numpy()[bought.cell])
    return {
        "leakage": _ratio(float((coded & ~caused).sum()), float(open_to_leak.sum())),
        "capture": _ratio(float((coded & caused).sum()), float(caused.sum())),
        "rows_caused": int(caused.sum()),
        "rows_leaked": int((coded & ~caused).sum()),
        "rows_attributed": int(coded.sum()),
        "rows_always_on": int((bought.cell == NOBODY).sum()),
        "customers": int(bought.is_new.sum()),
        "new_customers_caused": int((bought.is_new & caused).sum()),
        "rows_of_returning_customers": int((~bought.is_new).sum()),
    }
