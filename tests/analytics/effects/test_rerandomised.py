"""Decides that clusters are dealt in balance, dealt again the same, and tested as they were dealt."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from scipy import stats

from analytics.effects import rerandomised
from analytics.effects.refusals import CannotTell


def pre(rng: np.random.Generator, n: int = 40) -> np.ndarray:
    size = rng.lognormal(8, 0.8, n)
    return np.column_stack([size, size * rng.lognormal(0, 0.3, n), rng.normal(0, 1, n)])


@pytest.mark.parametrize("share", [0.5, 0.8])
def test_dealt_arms_are_balanced_and_of_the_size_asked_for(share: float) -> None:
    figures = pre(np.random.default_rng(1))
    names = ["revenue", "orders", "trend"]
    strict = rerandomised.assign(figures, share, 0.02, 5)
    assert sum(strict.treated) == 40 * share
    rows = rerandomised.balance_table(figures, strict.treated, names)
    assert [row.name for row in rows] == names
    assert max(abs(row.standardised) for row in rows) < 0.4
    loose = [rerandomised.assign(figures, share, 1.0, seed) for seed in range(40)]
    far = [abs(rerandomised.balance_table(figures, one.treated, names)[0].standardised) for one in loose]
    assert max(far) > 0.4


def test_a_record_deals_the_same_arms_again() -> None:
    figures = pre(np.random.default_rng(2))
    made = rerandomised.assign(figures, 0.8, 0.1, 9)
    record = json.loads(json.dumps(made.record()))
    assert rerandomised.reassign(figures, record) == made
    with pytest.raises(CannotTell, match="changed"):
        rerandomised.reassign(figures, record | {"treated": [True] * 40})


def test_the_balance_table_is_what_it_says() -> None:
    rows = rerandomised.balance_table([[1.0, 5], [3, 5], [2, 5], [6, 5]], [True, True, False, False], ["a", "b"])
    assert (rows[0].mean_treated, rows[0].mean_control, rows[0].difference) == (2, 4, -2)
    assert rows[0].standardised == pytest.approx(-2 / math.sqrt((2 + 8) / 2))
    assert rows[0].variance_ratio == pytest.approx(0.25)
    assert (rows[1].standardised, rows[1].is_balanced, rows[1].variance_ratio) == (0.0, True, 1.0)


@pytest.mark.parametrize("share", [0.5, 0.8])
def test_intervals_hold_the_truth_and_nulls_are_uniform(share: float) -> None:
    """250 worlds of 30 clusters, re-randomised: 90 ± 5.7 % (three Monte Carlo errors), KS of p above 1 %."""
    rng, held, p = np.random.default_rng(3), 0, []
    for world in range(250):
        figures = pre(rng, 30)[:, :1]
        made = rerandomised.assign(figures, share, 0.2, world)
        outcome = figures[:, 0] * rng.lognormal(0, 0.2, 30)
        p.append(rerandomised.analyse(outcome, figures, made, draws=199, seed=world).extras["p"])
        moved = outcome + 500 * np.array(made.treated)
        found = rerandomised.analyse(moved, figures, made, draws=199, seed=world)
        held += found.lower <= 500 <= found.upper
    assert 0.843 <= held / 250 <= 0.957
    assert stats.kstest(p, "uniform").pvalue > 0.01


def test_spend_turns_the_difference_into_roas() -> None:
    rng = np.random.default_rng(4)
    figures = pre(rng)
    made = rerandomised.assign(figures, 0.5, 0.2, 1)
    outcome = figures[:, 0] * rng.lognormal(0, 0.2, 40)
    plain = rerandomised.analyse(outcome, figures, made, 0.9)
    roas = rerandomised.analyse(outcome, figures, made, 0.9, 1000.0)
    assert roas.point == pytest.approx(plain.point * 20 / 1000)
    assert roas.lower == pytest.approx(plain.lower * 20 / 1000)
    wide = rerandomised.analyse(outcome, figures, made, 0.99)
    assert wide.lower <= plain.lower <= plain.point <= plain.upper <= wide.upper


def test_odd_clusters_are_refused() -> None:
    figures = pre(np.random.default_rng(5))
    made = rerandomised.assign(figures, 0.5, 0.2, 1)
    for call in (
        lambda: rerandomised.assign([1.0, 2, 3]),
        lambda: rerandomised.assign([]),
        lambda: rerandomised.assign([1.0, 2, math.nan, 4, 5]),
        lambda: rerandomised.assign(figures, 0.99),
        lambda: rerandomised.assign(figures, 0.5, 0.0),
        lambda: rerandomised.analyse([1.0] * 40, figures, made),
        lambda: rerandomised.analyse([1.0, 2.0], figures, made),
        lambda: rerandomised.analyse(figures[:, 0], figures, made),
        lambda: rerandomised.analyse(figures[:, 0] ** 2, figures, made, spend=0.0),
        lambda: rerandomised.balance_table(figures, [True] * 40, ["a", "b", "c"]),
        lambda: rerandomised.balance_table(figures, [True, False], ["a", "b", "c"]),
    ):
        with pytest.raises(CannotTell, match=r"\.$"):
            call()
    # Clusters that were all alike before can still be dealt.
    assert sum(rerandomised.assign(np.ones(10), 0.5, 0.5, 1).treated) == 5
