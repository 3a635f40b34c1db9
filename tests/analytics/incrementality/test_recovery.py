"""Decides what the court must do in worlds whose truth is known: find it by drawn designs, and doubt all else.

Bounds are the promised ones (bias under 5 % of the truth, 87–93 % of 90 % intervals hold it), widened by three Monte
Carlo errors of as many worlds: an honest method fails one such comparison in 370. `./truelift bench --recovery --worlds
1500` draws the same rows with narrower errors and writes docs/recovery.json.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from analytics.assumptions import Assumptions
from analytics.incrementality.court import METHODS, court, headline
from bench.recovery import hearings, passes, record, slices
from bench.recovery.hearings import ASSUMED, EFFECT, NOTHING, Heard, hear
from bench.recovery.scenarios import CAUSAL, CUPED, DEALT, EVENTS, GBR, GO_LIVE, HOLDOUT, SCENARIOS, TBR
from bench.recovery.score import LEVEL, table
from data.simulation.designs import customers, geos, golives, series

WORLDS, FEWER = 200, 40
ERRORS = 3  # Monte Carlo errors by which every bound is widened
MOST_BIAS = 0.05  # of the truth
COVERAGE = (87.0, 93.0)
GATED = 90.0  # % of worlds with broken assumptions in which the checks must say weak or refused
DESIGNS = {"U.base": (HOLDOUT, CUPED), "G.base": (GBR, DEALT), "L.drawn": (GO_LIVE,)}
HEADLINES = [(place, method) for place, methods in DESIGNS.items() for method in methods]


@cache
def runs(place: str) -> dict[str, Heard]:
    """The methods that may be a headline there, in every world."""
    return hear(SCENARIOS[place], EFFECT, range(WORLDS), DESIGNS[place])


@pytest.mark.parametrize(("place", "method"), HEADLINES)
def test_a_drawn_design_finds_the_truth_without_bias(place: str, method: str) -> None:
    heard = runs(place)[method]
    bias, truth = heard.runs.figures()["bias"], float(heard.runs.truth.mean())
    assert abs(bias.value) <= MOST_BIAS * truth + ERRORS * bias.error, f"bias {bias.value:+.3f} ± {bias.error:.3f}"


@pytest.mark.parametrize(("place", "method"), HEADLINES)
def test_ninety_percent_intervals_of_a_drawn_design_hold_the_truth_as_often_as_they_say(
    place: str, method: str
) -> None:
    """Between 87 − 3e and 93 + 3e percent, e = √(90 × 10 ÷ worlds), which is 2.1 points for 200 worlds."""
    heard = runs(place)[method]
    assert heard.share("refused") == 0, "no world of its own design is refused"
    error = 100 * np.sqrt(LEVEL * (1 - LEVEL) / WORLDS)
    coverage = heard.runs.figures()["coverage"].value
    assert COVERAGE[0] - ERRORS * error <= coverage <= COVERAGE[1] + ERRORS * error


@pytest.mark.parametrize(("place", "method"), HEADLINES)
def test_its_checks_let_a_drawn_design_speak(place: str, method: str) -> None:
    assert runs(place)[method].share("ok") >= GATED


@pytest.mark.parametrize(("place", "method"), [("U.base", CUPED), ("G.base", GBR), ("L.drawn", GO_LIVE)])
def test_a_larger_effect_is_seen_more_often(place: str, method: str) -> None:
    seen = [
        hear(SCENARIOS[place], true, range(FEWER), [method])[method].runs.figures()["lower0"].value
        for true in (NOTHING, 1.0, 4.0)
    ]
    assert seen[0] <= 20
    assert seen[0] < seen[1] + 5 < seen[2] + 10
    assert seen[2] >= 90


@pytest.mark.parametrize(
    ("place", "method"),
    [("G.base", TBR), ("G.many", TBR), ("G.base", CAUSAL), ("O.follows", CAUSAL), ("L.chosen", EVENTS),
     ("L.chosen", GO_LIVE)],
)  # fmt: skip
def test_checks_turn_a_method_away_where_its_assumptions_do_not_hold(place: str, method: str) -> None:
    assert method in SCENARIOS[place].breaks
    heard = hear(SCENARIOS[place], EFFECT, range(FEWER), [method])[method]
    assert heard.share("weak", "refused") >= GATED


def test_time_based_regression_may_speak_where_demand_is_tame() -> None:
    heard = hear(SCENARIOS["G.tame"], EFFECT, range(FEWER), [TBR])[TBR]
    assert heard.share("ok") > 50


def test_a_trust_check_of_the_arms_is_red_where_they_were_not_drawn_as_declared() -> None:
    """No method can know it; the lights beside the headline, which look at the time before, mostly do."""
    assert hearings.alarms(SCENARIOS["G.claimed"], 12)[GBR] > 50


@pytest.mark.parametrize("said", [None, False])
def test_nothing_is_a_headline_where_nobody_drew_the_arms(said: bool | None) -> None:
    heard = court(slices.of_geos(geos.geos(np.random.default_rng(0)), said), ASSUMED)
    assert headline(heard).is_refused
    assert not [one.method for one in heard if one.status == "ok" and METHODS[one.method].role == "headline"]


def test_the_design_decides_the_headline_in_every_world() -> None:
    """The declared unit leads to one method, whichever result looks best."""
    for place, method in (("U.base", CUPED), ("G.base", GBR), ("L.drawn", GO_LIVE)):
        for seed in range(2):
            for true in (NOTHING, EFFECT):
                assert headline(court(SCENARIOS[place].world(seed, true)[0], ASSUMED)).method == method


def test_a_slice_holds_the_sums_of_its_world() -> None:
    rng = np.random.default_rng(4)
    users, places, one = customers.customers(rng), geos.geos(rng), series.series(rng)
    said = slices.of_customers(users)
    assert said.customers is not None
    assert said.customers.treated.n == users.is_treated.sum()
    assert said.customers.treated.means[0] * said.customers.treated.n == pytest.approx(
        users.revenue[users.is_treated].sum()
    )
    given = slices.of_geos(places)
    late = places.period != geos.PRE
    assert given.clusters["test"].sum() == pytest.approx(places.revenue[:, late].sum())
    assert given.series[["treated", "control"]].to_numpy().sum() == pytest.approx(places.revenue.sum())
    assert given.panel["revenue"].sum() == pytest.approx(places.revenue.sum())
    assert given.panel["spend"].sum() == pytest.approx(places.spend.sum()) == pytest.approx(given.spend)
    daily = slices.of_series(one).daily
    assert daily["revenue"].sum() + daily["revenue_organic"].sum() == pytest.approx(one.revenue.sum())


def test_posts_go_live_as_drawn_and_their_effect_falls_into_their_days() -> None:
    calendar = slices.calendar(1, golives.BASE)
    drawn = slices.drawn(calendar)
    world = golives.golives(np.random.default_rng(1), drawn)
    assert (world.live == drawn).all()
    assert [day for column in world.spend.T for day in np.flatnonzero(column)] == list(drawn)
    assert world.caused.sum() == pytest.approx(world.true_iroas * world.spend.sum())
    for column, day in zip(world.caused.T, drawn, strict=True):
        assert set(np.flatnonzero(column)) == set(range(day, day + golives.BASE.lasts))
    chosen = golives.golives(np.random.default_rng(1), drawn, golives.CHOSEN)
    assert (chosen.live != drawn).sum() > 20


def test_rows_are_kept_piece_by_piece_and_come_out_alike(tmp_path: Path) -> None:
    places = [tmp_path / "one.json", tmp_path / "two.json"]
    for place, order in zip(places, (("U.heavy", "O.launch"), ("O.launch", "U.heavy")), strict=True):
        for key in order:
            record.keep_scenario(place, key, list(hearings.rows(SCENARIOS[key], 3)), [])
        record.keep_tables(place, "K", [table("a", ["b"], [("c", ["d"])])])
    first, second = (place.read_text(encoding="utf-8") for place in places)
    assert first == second
    rows = json.loads(first)["rows"]
    assert {row["scenario"] for row in rows} == {"U.heavy", "O.launch"}
    assert all(row["worlds"] == 3 for row in rows)
    assert "NaN" not in first


def test_a_row_passes_only_with_small_bias_and_honest_coverage() -> None:
    row = {"bias": 0.05, "bias_error": 0.01, "coverage": 90.0, "coverage_error": 0.8, "truth": 2.0}
    assert passes(row)
    assert not passes(row | {"bias": 0.2})
    assert not passes(row | {"coverage": 80.0})
    assert not passes(row | {"coverage": None})


def test_the_level_asked_for_is_the_level_of_every_interval() -> None:
    slice_, _ = SCENARIOS["G.base"].world(0, EFFECT)
    wide = METHODS[GBR](slice_, Assumptions(confidence=0.95))
    narrow = METHODS[GBR](slice_, ASSUMED)
    assert wide.lower < narrow.lower < narrow.upper < wide.upper
