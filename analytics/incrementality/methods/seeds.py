"""Decides how the published formulas for “incremental ROAS” are shown: as they were, flaw beside, never a result.

None of them has a sampling interval as published, and here no iROAS stands without one. Decision: each gets the
interval that its own inputs give when the units they come from are taken as a sample (the scatter between units,
days, influencers or campaigns), and is refused where there are too few of those. Such an interval says how far the
*formula's* result would move on like data. It says nothing about how far the formula lies from the truth, which is
much farther (statistics.md 5.1), so every one is `weak`, `comparison`, and its reason says so.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from scipy import stats

from analytics import formats
from analytics.assumptions import Assumptions
from analytics.incrementality.estimate import ONLY_SCATTER, Check, Method, Numbers, t_at
from analytics.incrementality.methods.organic import rate_matched, subtracted
from analytics.incrementality.slice import CONTROL, TREATED, Slice
from analytics.ratios import ratio


def _legacy(slice_: Slice, assumptions: Assumptions) -> Numbers | str:
    """Test revenue × (1 + lift) ÷ spend, lift between order rows; interval by linearising its logarithm over units."""
    test, control = slice_.treated_rows, slice_.control_rows
    for rows, word in ((test, "test"), (control, "control")):
        if rows.n < 2:
            return f"Fewer than two order rows are marked {word}, so there is no lift to work out."
        if not rows.mean > 0:
            return f"The order rows marked {word} have no positive revenue, so there is no lift to work out."
    point = test.n * test.mean * (test.mean / control.mean) / slice_.spend
    se, units = _legacy_scatter(slice_)
    if not math.isfinite(se):
        return f"Fewer than two {slice_.unit_name}s carry orders, so nothing shows how much the formula scatters."
    spread = math.exp(min(t_at(assumptions.confidence, units - 1) * se, 700.0))
    counts = slice_.cells["arm"].value_counts()
    return Numbers(
        (point, point / spread, point * spread), slice_.unit_name, int(counts.get(TREATED, 0)),
        int(counts.get(CONTROL, 0)), (_published_confidence(slice_),),
        ONLY_SCATTER.format(what=f"{slice_.unit_name}s"),
    )  # fmt: skip


def _legacy_scatter(slice_: Slice) -> tuple[float, int]:
    """Standard error of ln(T² ÷ (orders of T) ÷ C × (orders of C) ÷ spend) over units, and how many there are.

    Linearised: each unit's share of every sum. Where no spend lies on the units, orders stand in for it.
    """
    cells = slice_.cells.astype({"revenue_all": float, "orders_all": float, "spend": float}).fillna(0.0)
    wide = cells.pivot_table(index="unit", columns="arm", values=["revenue_all", "orders_all"], aggfunc="sum")
    columns = pd.MultiIndex.from_product([["revenue_all", "orders_all"], [TREATED, CONTROL]])
    wide = wide.reindex(columns=columns).fillna(0.0).astype(float)
    sums = wide.sum()
    if len(wide) < 2 or (sums <= 0).any():
        return math.nan, len(wide)
    shares = wide / sums
    revenue, orders = shares["revenue_all"], shares["orders_all"]
    spend = cells.groupby("unit")["spend"].sum()
    spent = spend / spend.sum() if spend.sum() > 0 else orders[TREATED]
    parts = (2 * revenue[TREATED] - orders[TREATED] - revenue[CONTROL] + orders[CONTROL] - spent).to_numpy()
    return math.sqrt(len(parts) / (len(parts) - 1) * float(np.sum((parts - parts.mean()) ** 2))), len(parts)


def _published_confidence(slice_: Slice) -> Check:
    """What S0-7 prints: (1 − p) of a t test on order rows; said as what it is."""
    test, control = slice_.treated_rows, slice_.control_rows
    name = "confidence as published"
    if not (test.sd >= 0 and control.sd >= 0 and test.sd + control.sd > 0):
        return Check(name, False, "As published it needs order rows that differ; these do not.")
    p = stats.ttest_ind_from_stats(test.mean, test.sd, test.n, control.mean, control.sd, control.n).pvalue
    says = (
        f"The published figure would read {formats.share(1 - float(p))}: that is 1 − p of a t test between order rows, "
        "not a chance that the effect is real, and it compares order values, not revenue."
    )
    return Check(name, False, says)


def _assumed(slice_: Slice, assumptions: Assumptions) -> Numbers | str:
    """(1 − b) × attributed revenue ÷ spend, b assumed; Fieller's interval over influencers (else campaigns)."""
    by, unit = slice_.influencers, "influencer"
    if (by["spend"].astype(float) > 0).sum() < 2:
        by, unit = slice_.campaigns, "campaign"
        by = by[by["chosen"].astype(bool)] if "chosen" in by else by
    if (by["spend"].astype(float) > 0).sum() < 2:
        return "Fewer than two influencers or campaigns have spend, so nothing shows how much the ratio scatters."
    found = ratio(by["revenue"].to_numpy(float), by["spend"].to_numpy(float), assumptions.confidence)
    if not found.is_bounded:
        return f"Spend differs too much between {unit}s to bound the ratio."
    kept = 1 - assumptions.assumed_organic
    reason = (
        f"{formats.share(assumptions.assumed_organic)} organic is assumed, not measured. "
        + ONLY_SCATTER.format(what=f"{unit}s")
    )  # fmt: skip
    return Numbers((kept * found.estimate, kept * found.lower, kept * found.upper), unit, len(by), 0, (), reason)


LEGACY = Method(
    id="iroas.legacy_scaled",
    version="1",
    label="Test revenue × (1 + lift) ÷ spend",
    formula="test revenue × (1 + (mean test order row − mean control order row) ÷ mean control order row) ÷ spend",
    needs=("order rows marked test and control", "spend"),
    assumptions=("none that would make it incremental",),
    flaw="It starts from all test revenue: in 1,500 simulated worlds it reports 22.0× where the truth is 0 "
    "and 24.1× where it is 2.",
    source="S0-5..7",
    role="comparison",
    work=_legacy,
)
ASSUMED = Method(
    id="iroas.assumed_baseline",
    version="1",
    label="Attributed ROAS less an assumed organic share",
    formula="(1 − assumed organic share) × attributed revenue ÷ spend",
    needs=("attributed revenue", "spend of at least two influencers or campaigns"),
    assumptions=("the organic share is what was assumed",),
    flaw="A haircut, not a measurement: at 20 % off it reports 2.2× where the truth is 0 and 3.1× where it is 2.",
    source="S0-53, S1-6",
    role="comparison",
    work=_assumed,
)
SUBTRACTION = Method(
    id="iroas.organic_subtraction",
    version="1",
    label="Influencer revenue less organic revenue",
    formula="(attributed revenue − organic revenue) ÷ spend",
    needs=("organic rows that carry every filter in use", "14 dated days", "spend"),
    assumptions=("organic orders of the same days are what influencers' customers would have ordered",),
    flaw="It takes off everybody else's orders: it reports −21.9× where the truth is 0 and −21.7× where it is 2.",
    source="S2-13, S2-14",
    role="comparison",
    work=subtracted,
)
RATE_MATCHED = Method(
    id="iroas.organic_rate_matched",
    version="1",
    label="Revenue above the organic rate of quiet days",
    formula="(all revenue on days with influencers − organic revenue per day without them × those days) ÷ spend",
    needs=("organic rows that carry every filter in use", "at least two days without influencer orders", "spend"),
    assumptions=("days with and without influencers differ in nothing else",),
    flaw="Season and promotions count as effect: with a season of +10 % it reports 2.0× where the truth is 0 and 4.0× "
    "where it is 2.",
    source="S2-13, matched by rate (features 2.1)",
    role="comparison",
    work=rate_matched,
)
METHODS: tuple[Method, ...] = (RATE_MATCHED, SUBTRACTION, ASSUMED, LEGACY)
