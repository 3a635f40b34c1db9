"""Decides what influencers are paid: the terms of each deal, the amounts that follow from them, three planted slips."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.simulation import catalogue, demand
from data.simulation.demand import Calendar, Floats
from data.simulation.orders import NOBODY, Orders
from data.simulation.plan import Plan

COMMISSIONS = (0.08, 0.10, 0.12, 0.15, 0.20)
HYBRID_PERCENTS = (3, 5, 6, 8)
ORDER_RATE_SHARE = 0.16  # of an order's expected value
HYBRID_FEE_SHARE = 0.5  # of what a deal paid by post would get
BONUS_CHANCE, BONUS_LEAST, BONUS_MOST = 0.12, 0.05, 0.15
GIFT_CHANCE, COST_OF_GOODS = 0.6, 0.5
SLIPS = (1.10, 0.90, 1.25)  # the planted amounts, as multiples of what the rule gives


def terms(rng: np.random.Generator, plan: Plan) -> pd.DataFrame:
    """What each deal pays, fixed before anybody buys, so that all deals together are expected to cost plan.spend.

    Columns (0 where the basis has none): fee (rupees a post), per_order (rupees), fraction (share of revenue).
    """
    deals, count = plan.deals, len(plan.deals)
    basis = deals["basis"].to_numpy()
    value = np.array([demand.row_value(each) for each in plan.cells["brand"]])[deals["cell"]] / demand.orders_per_row()
    revenue = (deals["capture"] * deals["caused"] + deals["leaked"]).to_numpy()
    rate = np.rint(ORDER_RATE_SHARE * value * rng.lognormal(0, 0.15, count) / 5) * 5
    per_order = np.where(basis == "order", rate, 0.0)
    fraction = np.where(basis == "commission", rng.choice(COMMISSIONS, count), 0.0)
    fraction = np.where(basis == "hybrid", rng.choice(HYBRID_PERCENTS, count) / 100, fraction)
    weight = deals["share"].to_numpy() * np.select([basis == "post", basis == "hybrid"], [1.0, HYBRID_FEE_SHARE], 0.0)
    varying = float((per_order * revenue / value + fraction * revenue).sum())
    fixed = plan.spend / (1 + BONUS_CHANCE * (BONUS_LEAST + BONUS_MOST) / 2) - varying
    fee = max(fixed, 0.1 * plan.spend) * weight / max(float(weight.sum()), 1e-9) / deals["posts"].to_numpy()
    return pd.DataFrame(
        {"fee": np.where(weight > 0, _round_fee(fee), 0.0), "per_order": per_order, "fraction": fraction}
    )


def _round_fee(fee: Floats) -> Floats:
    """A fee as people agree on it: to ten rupees, to fifty above a thousand; at least fifty."""
    step = np.where(fee > 1000, 50.0, 10.0)
    return np.asarray(np.maximum(np.rint(fee / step) * step, 50.0))


def payouts(
    rng: np.random.Generator, days: Calendar, people: pd.DataFrame, plan: Plan, agreed: pd.DataFrame, bought: Orders
) -> tuple[pd.DataFrame, list[dict[str, object]]]:
    """One row a deal, and the planted rows (payout_id, rule_total, total_payout) whose amount breaks its rule.

    Columns: payout_id, influencer_id, campaign, basis, rate (text), orders, posts, total_payout (rule + bonus),
    bonus, gifted_products_cost, total_cost (= total_payout + gifts), status, payout_date (empty while Pending).
    The rules: post: rate × posts; order: rate × orders; commission: rate × attributed revenue; hybrid: both parts.
    """
    deals = plan.deals
    earned = attributed(plan, bought)
    bonus, right = _amounts(rng, plan, agreed, earned)
    total, planted = _slips(rng, right)
    gifts = _gifts(rng, plan)
    table = pd.DataFrame(
        {
            "payout_id": [f"PAY_{n:04d}" for n in range(1, len(deals) + 1)],
            "influencer_id": people["influencer_id"].to_numpy()[deals["influencer"]],
            "campaign": plan.cells["campaign"].to_numpy()[deals["cell"]],
            "basis": deals["basis"],
            "rate": _rates(deals["basis"], agreed),
            "orders": earned["orders"],
            "posts": deals["posts"],
            "total_payout": total,
            "bonus": bonus,
            "gifted_products_cost": gifts,
            "total_cost": np.round(total + gifts, 2),
        }
    )
    return pd.concat([table, _settled(rng, days, plan)], axis=1), planted


def _amounts(rng: np.random.Generator, plan: Plan, agreed: pd.DataFrame, earned: pd.DataFrame) -> tuple[Floats, Floats]:
    """The bonus of each deal, and the total its rule gives with the bonus inside; rupees."""
    fixed = agreed["fee"] * plan.deals["posts"] + agreed["per_order"] * earned["orders"]
    due = (fixed + agreed["fraction"] * earned["revenue"]).to_numpy()
    granted = (rng.random(len(due)) < BONUS_CHANCE) * rng.uniform(BONUS_LEAST, BONUS_MOST, len(due))
    bonus = np.rint(due * granted / 10) * 10
    return bonus, np.round(due + bonus, 2)


def attributed(plan: Plan, bought: Orders) -> pd.DataFrame:
    """Orders and revenue (rupees) under the code of each deal."""
    coded = bought.deal != NOBODY
    orders = np.bincount(bought.deal[coded], bought.orders[coded], len(plan.deals))
    paise = np.bincount(bought.deal[coded], bought.revenue[coded], len(plan.deals))
    return pd.DataFrame({"orders": orders.astype(np.int64), "revenue": paise / 100})


def _slips(rng: np.random.Generator, right: Floats) -> tuple[Floats, list[dict[str, object]]]:
    """The amounts with up to three of them wrong, and a record of which."""
    # among the larger amounts, so that a slip is worth finding
    candidates = np.flatnonzero(right > np.median(right))
    rows = np.sort(rng.choice(candidates, min(len(SLIPS), len(candidates)), replace=False))
    written = right.copy()
    written[rows] = np.round(right[rows] * np.array(SLIPS[: len(rows)]), 2)
    return written, [
        {"payout_id": f"PAY_{n + 1:04d}", "rule_total": float(right[n]), "total_payout": float(written[n])}
        for n in rows
    ]


def _gifts(rng: np.random.Generator, plan: Plan) -> Floats:
    """Cost of the products given: none, or one to three of the cell's brand, for each deal; rupees."""
    brand = plan.cells["brand"].to_numpy()[plan.deals["cell"]]
    price = np.array([item.price for item in catalogue.PRODUCTS])[demand.products(rng, brand)]
    pieces = rng.integers(1, 4, len(brand)) * (rng.random(len(brand)) < GIFT_CHANCE)
    return np.round(COST_OF_GOODS * price * pieces, 2)


def _rates(basis: pd.Series, agreed: pd.DataFrame) -> list[str]:
    """The rate as the contract writes it: 4500 · 180 · 0.08 · ₹12,000/post + 5%."""
    written = []
    for kind, fee, per_order, fraction in zip(
        basis, agreed["fee"], agreed["per_order"], agreed["fraction"], strict=True
    ):
        hybrid = f"₹{_grouped(int(fee))}/post + {100 * fraction:.0f}%"
        written.append(
            {"post": f"{fee:.0f}", "order": f"{per_order:.0f}", "commission": f"{fraction}", "hybrid": hybrid}[kind]
        )
    return written


def _grouped(rupees: int) -> str:
    """Whole rupees with Indian grouping: 1234567 → 12,34,567."""
    head, tail = divmod(rupees, 1000)
    if not head:
        return str(tail)
    digits = str(head)
    first = len(digits) % 2 or 2
    pairs = [digits[:first]] + [digits[at : at + 2] for at in range(first, len(digits), 2)]
    return ",".join([*pairs, f"{tail:03d}"])


def _settled(rng: np.random.Generator, days: Calendar, plan: Plan) -> pd.DataFrame:
    """status and payout_date: paid five to thirty days after the campaign; not due yet, and a few more: Pending."""
    stop = plan.cells["stop"].to_numpy()[plan.deals["cell"]]
    day = stop + rng.integers(5, 31, len(stop))
    paid = (day < len(days.days)) & (rng.random(len(stop)) > 0.03)
    when = pd.Series(days.days[np.minimum(day, len(days.days) - 1)].astype("datetime64[s]")).where(paid)
    return pd.DataFrame({"status": np.where(paid, "Paid", "Pending"), "payout_date": when})
