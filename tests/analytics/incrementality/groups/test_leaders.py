"""Decides that luck is taken out of a ranking: believed values come nearer the truth, and promise no more than it."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pandas as pd
import pytest

from analytics.assumptions import Assumptions
from analytics.effects import shrinkage
from analytics.effects.refusals import CannotTell
from analytics.incrementality.groups.believed import believed
from analytics.incrementality.groups.leaders import (
    COLUMNS,
    Board,
    board,
    board_of_estimates,
    leading_sentence,
    luck,
    next_sentence,
)
from analytics.incrementality.groups.shared import Doses

HOUSE = Assumptions()
WORLDS = 50
PICKED = 5


def world(
    seed: int, mean: float = 2.0, spread: float = 0.5, people: int = 30, most: int = 4
) -> tuple[Doses, np.ndarray]:
    """60 test and 30 control campaigns; in each one to `most` of the influencers, each with an iROAS of their own."""
    draw = np.random.default_rng(seed)
    truth = mean * np.exp(draw.normal(-(spread**2) / 2, spread, people))
    spend = np.zeros((60, people))
    for row in spend:
        who = draw.choice(people, draw.integers(1, most + 1), replace=False)
        row[who] = draw.dirichlet(np.full(len(who), 4.0)) * 7_000 * draw.lognormal(0, 0.3)
    there = spend.sum(axis=0) > 0
    spend, truth = spend[:, there], truth[there]
    treated = 60_000 + 12_000 * draw.standard_normal(60) + spend @ truth
    control = 60_000 + 12_000 * draw.standard_normal(30)
    names = tuple(f"p{number:02d}" for number in range(len(truth)))
    return Doses(treated, control, names, spend), truth


def ranked(seed: int, **how: float) -> tuple[Board, pd.Series]:
    given, truth = world(seed, **how)  # type: ignore[arg-type]
    found = board(given, {"p00": "Asha"}, HOUSE, True)
    true = pd.Series(truth, index=list(given.groups)).loc[found.rows["influencer_id"]]
    return found, true.reset_index(drop=True)


@cache
def worlds() -> tuple[tuple[Board, pd.Series], ...]:
    return tuple(ranked(seed) for seed in range(WORLDS))


def test_a_board_has_every_influencer_once_and_no_gap() -> None:
    rows = worlds()[0][0].rows
    assert tuple(rows.columns) == COLUMNS
    assert rows["influencer_id"].is_unique
    assert rows["shrunk"].is_monotonic_decreasing
    assert not rows.isna().any(axis=None)
    assert np.isfinite(rows.select_dtypes("number")).all(axis=None)
    assert rows["kept"].between(0, 1).all()
    assert rows["chance_best"].sum() == pytest.approx(1)
    assert (rows["rank_first"] <= rows["rank_middle"]).all()
    assert (rows["rank_middle"] <= rows["rank_last"]).all()
    assert "Asha" in set(rows["influencer"])


def test_believed_values_lie_nearer_the_truth_than_raw_ones() -> None:
    errors = {
        key: math.sqrt(np.mean([((found.rows[key] - true) ** 2).mean() for found, true in worlds()]))
        for key in ("raw", "shrunk")
    }
    assert errors["shrunk"] < 0.85 * errors["raw"]


def test_their_intervals_hold_the_truth_as_often_as_they_say() -> None:
    held = [((found.rows["lower"] <= true) & (true <= found.rows["upper"])).mean() for found, true in worlds()]
    # 1,500 intervals of 50 worlds: Monte Carlo error about 1 point; lognormal truths against a normal prior.
    assert 0.85 <= np.mean(held) <= 0.95


def test_winners_are_not_promised_more_than_they_bring() -> None:
    gaps = np.array([found.picks(PICKED).point - true.head(PICKED).mean() for found, true in worlds()])
    assert abs(gaps.mean()) <= 2.5 * gaps.std(ddof=1) / math.sqrt(WORLDS) + 0.1
    raw = [
        found.rows.nlargest(PICKED, "raw")["raw"].mean() - true[found.rows.nlargest(PICKED, "raw").index].mean()
        for found, true in worlds()
    ]
    assert np.mean(raw) > abs(gaps.mean()) + 0.3


def test_picking_by_believed_values_brings_at_least_as_much_as_by_raw_ones() -> None:
    ours = np.mean([true.head(PICKED).mean() for _, true in worlds()])
    raw = np.mean([true[found.rows.nlargest(PICKED, "raw").index].mean() for found, true in worlds()])
    assert ours > raw


def test_on_null_data_hardly_a_board_holds_a_verdict() -> None:
    # Every influencer returns exactly break-even; at most 10 % of boards may say otherwise, plus Monte Carlo error.
    wrong = [
        ranked(1000 + seed, mean=1.0, spread=0.0)[0].rows["verdict"].ne("cannot tell yet").any() for seed in range(60)
    ]
    assert np.mean(wrong) <= 0.1 + 2 * math.sqrt(0.09 / 60)


def test_where_each_unit_has_one_influencer_it_is_plain_shrinkage() -> None:
    draw = np.random.default_rng(4)
    truth = draw.normal(2, 1, 40)
    spend = np.diag(draw.uniform(800, 1200, 40))
    given = Doses(
        5_000 + spend @ truth + draw.normal(0, 800, 40), 5_000 + draw.normal(0, 800, 4000),
        tuple(map(str, range(40))), spend,
    )  # fmt: skip
    found = believed(given)
    each = np.diag(spend)
    plain = shrinkage.shrink((given.treated - given.control.mean()) / each, given.control.std(ddof=1) / each)
    assert np.abs(found.points - plain.points).max() < 0.15
    assert found.sds == pytest.approx(plain.sds, rel=0.15)
    assert found.kept == pytest.approx(plain.kept, abs=0.12)
    assert found.draws.mean(axis=0) == pytest.approx(found.points, abs=5 * found.sds.max() / math.sqrt(4000))
    assert found.draws.std(axis=0) == pytest.approx(found.sds, rel=0.1)


def test_who_beats_whom_is_a_chance_and_turns_round() -> None:
    found = worlds()[0][0]
    first, last = found.rows["influencer_id"].iloc[0], found.rows["influencer_id"].iloc[-1]
    assert found.beats(first, last) > 0.5
    assert found.beats(first, last) + found.beats(last, first) == pytest.approx(1)
    assert found.beats(first, first) == 0.5
    with pytest.raises(CannotTell, match="not among those compared"):
        found.beats(first, "nobody")
    with pytest.raises(CannotTell, match="can't be picked"):
        found.picks(0)


def test_the_same_world_gives_the_same_board() -> None:
    pd.testing.assert_frame_equal(ranked(7)[0].rows, ranked(7)[0].rows)


def test_sentences_carry_interval_method_and_luck() -> None:
    found = worlds()[1][0]
    first = found.rows.iloc[0]
    for words in (leading_sentence(found), next_sentence(first, found.level)):
        assert "iroas.shrunken" in words
        assert "90 % interval" in words
        assert "nan" not in words
    assert "iroas.shared_by_spend" in next_sentence(first, found.level)
    assert luck(0.06) == "94 % is luck"


def test_undeclared_arms_get_no_verdict() -> None:
    given, _ = world(1, mean=9.0)
    assert set(board(given, {}, HOUSE, True).rows["verdict"]) & {"works"}
    found = board(given, {}, HOUSE, False)
    assert set(found.rows["verdict"]) == {"cannot tell yet"}
    assert "Directional only" in leading_sentence(found)


def test_fewer_than_three_are_refused() -> None:
    given, _ = world(1, people=2, most=2)
    with pytest.raises(CannotTell, match="too few to tell luck from difference"):
        board(given, {}, HOUSE, True)
    three = Doses(given.treated, given.control, ("p0", "p1", "(unallocated)"), np.column_stack(
        [given.spend, given.unit_spend / 10]))  # fmt: skip
    with pytest.raises(CannotTell, match="at least 3"):
        board(three, {}, HOUSE, True)


def test_groups_that_were_measured_by_themselves_are_ranked_alike() -> None:
    draw = np.random.default_rng(3)
    truth = draw.normal(2, 1, 20)
    names = [f"t{number}" for number in range(20)]
    groups = pd.DataFrame({"influencer_id": names, "influencer": names, "units": 1.0, "spend": 100.0,
                           "raw": truth + draw.normal(0, 1, 20), "se": 1.0})  # fmt: skip
    found = board_of_estimates(groups, HOUSE, True)
    assert tuple(found.rows.columns) == COLUMNS
    assert not found.rows.isna().any(axis=None)
    with pytest.raises(CannotTell):
        board_of_estimates(groups.head(2), HOUSE, True)
